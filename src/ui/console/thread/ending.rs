//! The one dialog that ends a chat (A64, G30), wherever its end was asked for.

use super::super::{line::Line, words::since};
use crate::{
    domain::{chat::State, ids::ChatId},
    i18n::Texts,
    ui::kit::{Button, ButtonKind, Icon, modal, texts},
};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// "대화를 종료할까요?": what is ended, what is asked for, and what would be lost. `Line::ending`
/// opens it; Enter ends, Escape goes back.
#[component]
pub fn Ending(line: Line) -> impl IntoView {
    let t = texts();
    let node = NodeRef::<html::Dialog>::new();
    let chat = line.ending;
    let busy = RwSignal::new(false);
    modal(node, Signal::derive(move || chat.get().is_some()));
    on_cleanup(move || {
        let _ = chat.try_set(None);
    });
    let navigate = use_navigate();
    let end = Callback::new(move |()| {
        let Some(ended) = chat.get_untracked() else { return };
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let done = line.end(ended).await;
            let _ = busy.try_set(false);
            let _ = chat.try_set(None);
            if done && line.open.try_get_untracked().flatten() == Some(ended) {
                navigate("/console", Default::default());
            }
        });
    });
    let what = {
        let t = t.clone();
        Memo::new(move |_| chat.get().and_then(|chat| what(&t, line, chat)))
    };
    let lost = {
        let t = t.clone();
        Memo::new(move |_| chat.get().map(|chat| lost(&t, line, chat)).unwrap_or_default())
    };
    let loses = t.acts_end_loses();
    let (title, text, end_label) = (t.console_end_title(), t.console_end_text(), t.common_end_chat());
    view! {
        <dialog node_ref=node class="dialog wide" aria-labelledby="end-chat-title" aria-describedby="end-chat-text" on:close=move |_| chat.set(None)>
            <h2 id="end-chat-title">{title}</h2>
            <p class="end-what">{what}</p>
            <p id="end-chat-text" class="muted">{text}</p>
            // What is asked for at the end stands here, before what would be lost (G30).
            {move || {
                let loses = loses.clone();
                (!lost.read().is_empty())
                    .then(|| {
                        let lines = lost.get().into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
                        view! {
                            <div class="end-lost" role="alert">
                                <Icon name="alert"/>
                                <div>
                                    <b>{loses}</b>
                                    <ul>{lines}</ul>
                                </div>
                            </div>
                        }
                    })
            }}
            <div class="answers">
                <Button on_press=Callback::new(move |()| chat.set(None))>{t.common_cancel()}</Button>
                <Button kind=ButtonKind::Danger busy on_press=end autofocus=true>
                    {end_label}
                </Button>
            </div>
        </dialog>
    }
    .into_any()
}

/// Whose chat it is, in which queue, and how long it has been talked.
fn what(t: &Texts, line: Line, chat: ChatId) -> Option<String> {
    let card = line.store.row(chat)?.card;
    let queue = line.store.queue_name(card.chat.queue).map(|name| name.get(t.language).to_owned());
    let talked = card.chat.started.map(|started| t.acts_end_talked(since(line.store.now().get(), started.at)));
    let gone = matches!(card.chat.state, State::CustomerEnded { .. }).then(|| t.console_event_customer_ended());
    let parts = [Some(t.console_customer(&card.code)), queue, talked, gone];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

/// What has not reached the other side yet.
fn lost(t: &Texts, line: Line, chat: ChatId) -> Vec<String> {
    let draft = line.drafts.text((chat, false)).filter(|text| !text.trim().is_empty());
    let unsent = line.outbox.entries().with(|all| all.iter().filter(|entry| entry.chat == Some(chat) && entry.sent.is_none()).count());
    let unread = line.store.row(chat).map_or(0, |row| row.card.unread);
    let parts = [
        draft.map(|text| t.acts_end_draft(text.split_whitespace().collect::<Vec<_>>().join(" "))),
        (unsent > 0).then(|| t.acts_end_unsent(unsent)),
        (unread > 0).then(|| t.acts_end_unread(unread)),
    ];
    parts.into_iter().flatten().collect()
}
