//! The reply to the customer: its draft, canned replies, files and emoji.

use super::{
    super::{
        super::{line::Line, shelf::Shelf},
        caret::{byte_at, units},
        finder::Finder,
        matches::{Matches, Unresolved, describe},
    },
    ask::{Ask, Held},
    draft::{Inherited, drafted},
    emoji::EmojiButton,
    tray::{AttachButton, Tray},
};
use crate::{
    domain::ids::ChatId,
    ui::{
        kit::{Toasts, composer::Composer, texts},
        live::host,
        upload,
    },
};
use leptos::{ev, html, prelude::*};

/// Typing is told again after so many milliseconds.
const TYPING_EVERY: i64 = 3_000;
/// Below this width lists and thread take turns, and a keyboard would cover the screen.
const NARROW: f64 = 800.0;

/// The composer of one chat, with its draft.
#[component]
pub(super) fn Reply(line: Line, chat: ChatId, field: NodeRef<html::Textarea>, #[prop(into)] disabled: Signal<bool>) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let value = RwSignal::new(String::new());
    drafted(line, (chat, false), value);
    Effect::new(move |_| {
        let wide = window().inner_width().ok().and_then(|w| w.as_f64()).is_some_and(|w| w >= NARROW);
        if wide
            && !disabled.get_untracked()
            && let Some(field) = field.get_untracked()
        {
            drop(field.focus());
        }
    });

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

    let finder = Finder::new(line, chat, expect_context::<Shelf>(), field, value);
    describe(finder, value, field);
    // With the files that are chosen, if there are any.
    let deliver = {
        let t = t.clone();
        move |text: &str, sure: bool| {
            let taken = if line.parcels.is_open(chat) {
                let seen = if sure { 0 } else { line.seen_upto(chat) };
                line.parcels.send(chat, text, seen, t.clone())
            } else {
                line.send(chat, text, sure)
            };
            if taken {
                stop_typing();
            }
            taken
        }
    };
    let held = RwSignal::new(None::<Held>);
    let send = {
        let deliver = deliver.clone();
        move |text: &str| {
            if finder.takes(text) {
                return false;
            }
            if let Some(by) = line.overlooked(chat) {
                held.set(Some(Held { by }));
                return false;
            }
            deliver(text, false)
        }
    };
    let on_send = {
        let send = send.clone();
        Callback::new(move |text: String| send(&text))
    };
    // Sends what stands in the field, or only files.
    let send_now = {
        let send = send.clone();
        Callback::new(move |()| {
            let text = value.get_untracked();
            if send(&text) {
                value.set(String::new());
            }
        })
    };
    let on_sure = Callback::new(move |()| {
        let text = value.get_untracked();
        if deliver(&text, true) {
            value.set(String::new());
        }
    });
    let too_many = {
        let t = t.clone();
        move |left: usize| {
            if left > 0 {
                toasts.trouble(t.talk_parcel_too_many(crate::domain::attachment::FILES_MAX));
            }
        }
    };
    let on_paste = {
        let too_many = too_many.clone();
        move |event: ev::ClipboardEvent| {
            let files = upload::take(&event);
            if !files.is_empty() {
                event.prevent_default();
                too_many(line.parcels.add(chat, files));
            }
        }
    };
    let on_chosen = Callback::new(move |files| too_many(line.parcels.add(chat, files)));
    let insert = Callback::new(move |emoji: String| insert(field, value, &emoji));
    let on_key = move |event: ev::KeyboardEvent| {
        finder.key_down(&event);
        // The composer sends no blank text; files need none.
        let enter = event.key() == "Enter" && !event.shift_key() && !event.alt_key() && !event.is_composing() && !event.repeat();
        if enter && value.with_untracked(|text| text.trim().is_empty()) && line.parcels.is_open(chat) {
            event.prevent_default();
            send_now.run(());
        }
    };
    let shown_as = {
        let t = t.clone();
        move || line.store.shown_as(t.language).map(|name| format!("{} · ", t.acts_shown_as(name)))
    };
    view! {
        <Ask line chat value field held on_sure/>
        <Inherited line place=(chat, false) value/>
        <Tray line chat value send_now/>
        <div
            class="answer"
            on:focusin=move |_| finder.want()
            on:focusout=move |event| finder.left(&event)
            on:input=move |_| finder.look()
            on:keydown=on_key
            on:keyup=move |_| finder.key_up()
            on:mousedown=move |event| finder.pressed(&event)
            on:paste=on_paste
            on:compositionstart=move |_| finder.composing(Some(String::new()))
            on:compositionupdate=move |event| finder.composing(Some(event.data().unwrap_or_default()))
            on:compositionend=move |_| finder.composing(None)
        >
            <Matches finder/>
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
        </div>
        <Unresolved finder value/>
        <div class="tools">
            <AttachButton disabled on_chosen/>
            <EmojiButton disabled insert/>
            <p class="hint composer-hint">{shown_as} {t.console_enter_to_send()} " · " {t.canned_hint()} " · " {t.talk_mode_hint()}</p>
        </div>
    }
    .into_any()
}

/// Puts a text where the caret is, in place of what is selected.
fn insert(field: NodeRef<html::Textarea>, value: RwSignal<String>, what: &str) {
    let Some(field) = field.get_untracked() else { return };
    let text = field.value();
    let place = |at: Result<Option<u32>, _>| at.ok().flatten().and_then(|at| byte_at(&text, at)).unwrap_or(text.len());
    let (from, to) = (place(field.selection_start()), place(field.selection_end()));
    let (before, after) = (text.get(..from).unwrap_or(&text), text.get(to..).unwrap_or_default());
    let next = format!("{before}{what}{after}");
    let caret = units(before) + units(what);
    field.set_value(&next);
    value.set(next);
    drop(field.focus());
    let _ = field.set_selection_range(caret, caret);
}
