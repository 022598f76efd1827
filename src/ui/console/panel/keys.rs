//! The keyboard and the pane: Ctrl+/ (⌘/) goes to it and back to the message, Escape leaves
//! what is in front, then the pane (UX §2.2).

use super::{
    ID,
    beside::{Beside, Front},
};
use crate::ui::live::host;
use leptos::{ev, prelude::*, wasm_bindgen::JsCast as _, web_sys};

/// Into the pane, or back to the message; `open` counts where it is a sheet.
pub fn turn(open: RwSignal<bool>) {
    let Some(pane) = element(&format!("#{ID}")) else { return };
    if document().active_element().is_some_and(|at| pane.contains(Some(&at))) {
        close(open);
    } else {
        let _ = open.try_set(true);
        enter();
    }
}

/// Focuses the pane once it is drawn.
pub fn enter() {
    host::next_frame(|| {
        if let Some(pane) = element(&format!("#{ID}")) {
            drop(pane.focus());
        }
    });
}

/// Closes the sheet; the focus goes on in the conversation.
pub fn close(open: RwSignal<bool>) {
    let _ = open.try_set(false);
    host::next_frame(|| {
        let toggle = element(".details-toggle").filter(|toggle| toggle.offset_parent().is_some());
        if let Some(to) = toggle.or_else(|| element(".foot textarea")).or_else(|| element(".thread .log")) {
            drop(to.focus());
        }
    });
}

/// Escape within the pane.
pub fn escape(event: &ev::KeyboardEvent, beside: Beside, open: RwSignal<bool>) {
    if event.key() != "Escape" || event.is_composing() || event.default_prevented() {
        return;
    }
    event.prevent_default();
    if beside.front.get_untracked() == Front::Main {
        close(open);
    } else {
        back(beside);
    }
}

/// From a ticket or a transcript to what stands before it.
pub fn back(beside: Beside) {
    beside.front.set(Front::Main);
    enter();
}

fn element(selector: &str) -> Option<web_sys::HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
