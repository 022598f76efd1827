//! Where one answers, or why one cannot.

use super::{super::line::Line, Hand, name_or};
use crate::{
    domain::ids::ChatId,
    ui::{
        kit::{Icon, composer::Composer, texts},
        live::{
            draft,
            handle::{Local, Timer, after, keep},
            host,
        },
    },
};
use leptos::{html, prelude::*};
use std::cell::RefCell;

/// Typing is told again after so many milliseconds.
const TYPING_EVERY: i64 = 3_000;
const DRAFT_AFTER: u32 = 300;
/// Below this width lists and thread take turns, and a keyboard would cover the screen.
const NARROW: f64 = 800.0;

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
    let may_write = Memo::new(move |_| hand.get().may_write());
    let customer_ended = Memo::new(move |_| hand.get() == Hand::CustomerEnded);
    let note = {
        let t = t.clone();
        move || match hand.get() {
            Hand::Free => Some(t.console_reply_starts()),
            Hand::CustomerEnded => Some(t.console_customer_ended_note()),
            Hand::Others(Some(agent)) => Some(t.console_handled_by(name_or(&t, line, agent))),
            Hand::Others(None) => Some(t.console_gone_text()),
            Hand::Ended => Some(t.console_ended_note()),
            Hand::Mine | Hand::Unknown => None,
        }
    };
    view! {
        <footer class="foot">
            <p class="typing-line small muted">{typing_words}</p>
            {move || note().map(|note| view! { <p class="foot-note small"><Icon name="info"/> {note}</p> })}
            <Show when=move || may_write.get() || customer_ended.get()>
                <Answer line chat field disabled=customer_ended/>
            </Show>
        </footer>
    }
    .into_any()
}

/// The composer of one chat, with its draft.
#[component]
fn Answer(line: Line, chat: ChatId, field: NodeRef<html::Textarea>, #[prop(into)] disabled: Signal<bool>) -> impl IntoView {
    let t = texts();
    let value = RwSignal::new(String::new());
    let place = StoredValue::new(line.draft_place(chat));
    let restored = StoredValue::new(false);
    let save = move || {
        if restored.try_get_value() == Some(true)
            && let (Some(place), Some(text)) = (place.try_get_value(), value.try_get_untracked())
        {
            draft::save(&place, &text);
            line.note_draft(chat, text);
        }
    };
    Effect::new(move |_| {
        // After the composer took over what was typed before the page came alive.
        host::microtask(move || {
            if value.try_with_untracked(String::is_empty) == Some(true)
                && let Some(kept) = place.try_get_value().map(|place| draft::load(&place))
                && !kept.is_empty()
            {
                value.set(kept);
            }
            restored.try_set_value(true);
        });
        let wide = window().inner_width().ok().and_then(|w| w.as_f64()).is_some_and(|w| w >= NARROW);
        if wide
            && !disabled.get_untracked()
            && let Some(field) = field.get_untracked()
        {
            drop(field.focus());
        }
    });
    let saving = Local::new(|| RefCell::new(None::<Timer>));
    Effect::new(move |_| {
        value.track();
        if let Some(saving) = saving.get() {
            saving.replace(Some(after(DRAFT_AFTER, save)));
        }
    });
    on_cleanup(save);
    keep(|| host::on_window("pagehide", move |_| save()));

    let told = StoredValue::new(None::<crate::domain::time::Timestamp>);
    let stop_typing = move || {
        if told.try_update_value(Option::take).flatten().is_some() {
            line.typing(chat, false);
        }
    };
    let on_input = Callback::new(move |()| {
        if value.with_untracked(String::is_empty) {
            return stop_typing();
        }
        let now = host::now();
        if told.get_value().is_none_or(|at| now.since(at) >= TYPING_EVERY) {
            told.set_value(Some(now));
            line.typing(chat, true);
        }
    });
    on_cleanup(stop_typing);
    let on_send = Callback::new(move |text: String| {
        let taken = line.send(chat, &text);
        if taken {
            stop_typing();
        }
        taken
    });
    view! {
        <Composer
            value=value
            on_send=on_send
            label=t.common_message()
            send_label=t.common_send()
            placeholder=t.console_placeholder()
            disabled=disabled
            node=field
            on_input=on_input
        />
        <p class="hint composer-hint">{t.console_enter_to_send()}</p>
    }
    .into_any()
}
