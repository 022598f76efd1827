//! The one quiet question before a reply goes out beside a colleague's words that were not
//! seen (E1). Nothing typed is lost by either answer.

use super::super::{super::line::Line, name_or};
use crate::{
    domain::ids::{AccountId, ChatId},
    ui::{
        kit::{Icon, texts},
        live::host,
    },
};
use leptos::{ev, html, prelude::*};

/// A reply that waits in the field: a colleague's words stood out of view when Enter was
/// pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub by: AccountId,
}

/// The question above the composer, with its two answers.
#[component]
pub(super) fn Ask(
    line: Line,
    chat: ChatId,
    value: RwSignal<String>,
    field: NodeRef<html::Textarea>,
    held: RwSignal<Option<Held>>,
    /// Sends what stands in the field, whatever was not seen.
    on_sure: Callback<()>,
) -> impl IntoView {
    let t = texts();
    let late = Memo::new(move |_| line.question(chat));
    let open = Memo::new(move |_| held.get().is_some() || late.read().is_some());
    let yes = NodeRef::<html::Button>::new();
    let to_field = move || host::next_frame(move || drop(field.try_get_untracked().flatten().map(|field| field.focus())));
    // Who has just pressed Enter answers by the keyboard; who types on is not disturbed.
    Effect::new(move |_| {
        if open.get()
            && (held.read_untracked().is_some() || value.with_untracked(String::is_empty))
            && let Some(yes) = yes.get()
        {
            drop(yes.focus());
        }
    });
    let send = move || {
        if held.get_untracked().is_some() {
            held.set(None);
            on_sure.run(());
        }
        if let Some(question) = late.get_untracked() {
            line.send_held(&question);
        }
        to_field();
    };
    let look = move || {
        held.set(None);
        if let Some(question) = late.get_untracked() {
            let back = line.take_back(&question);
            value.update(|text| *text = if text.is_empty() { back } else { format!("{back}\n{text}") });
        }
        line.newest.update(|n| *n += 1);
        to_field();
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            look();
        } else if event.repeat() {
            // The Enter that asked may still be down.
            event.prevent_default();
        }
    };
    let words = {
        let t = t.clone();
        move || {
            let by = held.get().map(|held| held.by).or_else(|| late.get().and_then(|question| question.by));
            t.talk_unseen_by(by.map_or_else(|| t.console_agent(), |by| name_or(&t, line, by)))
        }
    };
    let waiting = move || {
        late.get().filter(|_| held.get().is_none()).map(|question| {
            let text = question.waiting.iter().map(|entry| entry.text.as_str()).collect::<Vec<_>>().join("\n");
            view! { <blockquote class="ask-text">{text}</blockquote> }
        })
    };
    let (send_word, look_word) = (t.talk_unseen_send(), t.talk_unseen_look());
    view! {
        <div role="alert">
            <Show when=move || open.get()>
                <div class="ask" on:keydown=on_key>
                    <p class="small" id="ask-words"><Icon name="eye-off"/> {words.clone()}</p>
                    {waiting}
                    <div class="ask-answers">
                        <button type="button" class="btn main small-btn" node_ref=yes aria-describedby="ask-words" on:click=move |_| send()>
                            {send_word.clone()}
                        </button>
                        <button type="button" class="btn small-btn" on:click=move |_| look()>
                            {look_word.clone()}
                        </button>
                    </div>
                </div>
            </Show>
        </div>
    }
    .into_any()
}
