//! Where one answers and leaves notes, or why one cannot.

mod ask;
mod draft;
mod emoji;
mod note;
mod reply;
mod tray;

pub(super) use tray::DropHere;

use super::{
    super::{keys::Key, line::Line},
    Hand, name_or,
    rating::RequestRating,
};
use crate::{
    domain::ids::ChatId,
    ui::{
        kit::{Icon, texts},
        live::host,
    },
};
use leptos::{ev, html, prelude::*};
use note::Note;
use reply::Reply;

/// What is being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Reply,
    /// A word among colleagues.
    Note,
}

/// The composer with what stands above it.
#[component]
pub(super) fn Foot(line: Line, chat: ChatId, hand: Memo<Hand>, field: NodeRef<html::Textarea>) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let typing = Memo::new(move |_| store.row(chat).is_some_and(|r| r.typing_until.is_some()));
    let typing_words = {
        let t = t.clone();
        let name = store.row_untracked(chat).map(|r| t.console_customer(r.card.code)).unwrap_or_default();
        move || typing.get().then(|| format!("{name} · {}", t.console_typing()))
    };
    let customer_ended = Memo::new(move |_| hand.get() == Hand::CustomerEnded);
    let may_reply = Memo::new(move |_| hand.get().may_write() || hand.get() == Hand::CustomerEnded);
    let may_note = Memo::new(move |_| {
        store.may_chat() && !matches!(hand.get(), Hand::Unknown | Hand::Ended) && store.row(chat).is_some_and(|row| row.left.is_none())
    });
    let chosen = RwSignal::new(Mode::Reply);
    let mode = Memo::new(move |_| match (may_reply.get(), may_note.get()) {
        (true, true) => Some(chosen.get()),
        (true, false) => Some(Mode::Reply),
        (false, true) => Some(Mode::Note),
        (false, false) => None,
    });
    let said = RwSignal::new(String::new());
    let choose = {
        let t = t.clone();
        move |to: Mode| {
            if chosen.get_untracked() == to || !(may_reply.get_untracked() && may_note.get_untracked()) {
                return;
            }
            chosen.set(to);
            said.set(if to == Mode::Note { t.talk_mode_note_said() } else { t.talk_mode_reply_said() });
            host::next_frame(move || drop(field.try_get_untracked().flatten().map(|field| field.focus())));
        }
    };
    // The same by keys (K14). A key that was pressed before is nobody's.
    Effect::new({
        let choose = choose.clone();
        move |before: Option<()>| {
            let to = match line.pressed.get() {
                Some(Key::Reply) => Mode::Reply,
                Some(Key::Note) => Mode::Note,
                _ => return,
            };
            line.pressed.set(None);
            if before.is_none() {
                return;
            }
            choose(to);
            if mode.get_untracked() == Some(to) {
                host::next_frame(move || drop(field.try_get_untracked().flatten().map(|field| field.focus())));
            }
        }
    });
    let on_key = {
        let choose = choose.clone();
        move |event: ev::KeyboardEvent| {
            let plain = (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key();
            if plain && event.code() == "KeyI" && !event.is_composing() {
                event.prevent_default();
                choose(if chosen.get_untracked() == Mode::Note { Mode::Reply } else { Mode::Note });
            }
        }
    };
    let owner_name = {
        let t = t.clone();
        Memo::new(move |_| {
            let owner = store.row(chat).and_then(|row| row.card.chat.agent());
            owner.map_or_else(|| t.console_agent(), |owner| name_or(&t, line, owner))
        })
    };
    let why = {
        let t = t.clone();
        move || match hand.get() {
            Hand::Free => Some(t.console_reply_starts()),
            Hand::Waits(Some(agent)) => Some(t.console_refused_offered_to(name_or(&t, line, agent))),
            Hand::Waits(None) => Some(t.console_waits_for_nobody()),
            Hand::GivenAway => Some(t.console_refused_given_away()),
            Hand::Held { by: Some(agent) } => Some(t.console_held_by(name_or(&t, line, agent))),
            Hand::Held { by: None } => Some(t.console_held_parked()),
            Hand::CustomerEnded => Some(t.console_customer_ended_note()),
            Hand::Others(Some(agent)) => Some(t.console_handled_by(name_or(&t, line, agent))),
            Hand::Others(None) => Some(t.console_gone_text()),
            Hand::Invited(by) => Some(t.acts_invited_note(name_or(&t, line, by))),
            Hand::Guest => Some(t.acts_guest_note(owner_name.get())),
            Hand::Ended => Some(t.console_ended_note()),
            Hand::Mine | Hand::Unknown => None,
        }
    };
    let done = Callback::new(move |()| {
        if may_reply.get_untracked() {
            chosen.set(Mode::Reply);
            host::next_frame(move || drop(field.try_get_untracked().flatten().map(|field| field.focus())));
        }
    });
    let switch = move |to: Mode, icon: &'static str, word: String| {
        let choose = choose.clone();
        view! {
            <button
                type="button"
                class="mode"
                class:note-mode=to == Mode::Note
                aria-pressed=move || if mode.get() == Some(to) { "true" } else { "false" }
                on:click=move |_| choose(to)
            >
                <Icon name=icon/>
                {word}
            </button>
        }
    };
    let (reply_word, note_word, mode_label) = (t.talk_mode_reply(), t.talk_mode_note(), t.talk_mode());
    view! {
        <footer class="foot" on:keydown=on_key>
            <p class="typing-line small muted">{typing_words}</p>
            {move || why().map(|why| view! { <p class="foot-note small"><Icon name="info"/> {why}</p> })}
            <Show when=move || may_reply.get() && may_note.get()>
                <div class="modes" role="group" aria-label=mode_label.clone()>
                    {switch.clone()(Mode::Reply, "message", reply_word.clone())}
                    {switch.clone()(Mode::Note, "lock", note_word.clone())}
                </div>
            </Show>
            <p class="visually-hidden" role="status">{said}</p>
            {move || match mode.get() {
                Some(Mode::Reply) => view! { <Reply line chat field disabled=customer_ended/> }.into_any(),
                Some(Mode::Note) => view! { <Note line chat field done/> }.into_any(),
                None => ().into_any(),
            }}
            <div class="control-row"><RequestRating line chat hand quiet=true/></div>
        </footer>
    }
    .into_any()
}
