//! A field and its draft.

use super::super::{
    super::{drafts::Place, line::Line},
    name_or,
};
use crate::ui::{
    kit::{Button, ButtonKind, Icon, texts},
    live::{
        handle::{Local, Timer, after, keep},
        host,
    },
};
use leptos::prelude::*;
use std::cell::RefCell;

/// Milliseconds without a key before it is kept.
const AFTER: u32 = 300;

/// Fills the field with what was typed before, here or elsewhere, and keeps what is typed.
pub(super) fn drafted(line: Line, place: Place, value: RwSignal<String>) {
    let restored = StoredValue::new(false);
    // What this field and the draft last had in common.
    let agreed = StoredValue::new(String::new());
    let save = move || {
        let open = line.store.row_untracked(place.0).is_some_and(|row| !row.card.chat.is_ended());
        if restored.try_get_value() == Some(true)
            && open
            && let Some(text) = value.try_get_untracked()
        {
            agreed.try_set_value(text.clone());
            line.drafts.keep(place, text, line.server_now());
        }
    };
    Effect::new(move |_| {
        // After the composer took over what was typed before the page came alive.
        host::microtask(move || {
            if value.try_with_untracked(String::is_empty) == Some(true)
                && let Some(kept) = line.drafts.text_untracked(place)
            {
                agreed.try_set_value(kept.clone());
                value.set(kept);
            }
            restored.try_set_value(true);
        });
    });
    // What was typed on another page of the agent's, unless more was typed here since.
    Effect::new(move |_| {
        let there = line.drafts.text(place).unwrap_or_default();
        let here = value.get_untracked();
        if restored.get_value() && here != there && agreed.with_value(|agreed| *agreed == here) {
            agreed.set_value(there.clone());
            value.set(there);
        }
    });
    let saving = Local::new(|| RefCell::new(None::<Timer>));
    Effect::new(move |_| {
        value.track();
        if let Some(saving) = saving.get() {
            saving.replace(Some(after(AFTER, save)));
        }
    });
    on_cleanup(save);
    keep(|| host::on_window("pagehide", move |_| save()));
}

/// Whose words stand in the field, when they have come with the chat (E7): to go on from, or
/// to throw away.
#[component]
pub(super) fn Inherited(line: Line, place: Place, value: RwSignal<String>) -> impl IntoView {
    let t = texts();
    let from = Memo::new(move |_| line.drafts.from(place));
    move || {
        let t = t.clone();
        from.get().map(|from| {
            let (words, discard) = (t.talk_draft_from(name_or(&t, line, from)), t.acts_end_discard());
            view! {
                <p class="foot-note small" role="status">
                    <Icon name="info"/>
                    {words}
                    <Button kind=ButtonKind::Ghost on_press=Callback::new(move |()| value.set(String::new()))>{discard}</Button>
                </p>
            }
        })
    }
}
