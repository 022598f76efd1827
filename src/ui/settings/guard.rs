//! Unsaved changes are not lost by a click: the browser asks before the page goes.

use crate::ui::{
    kit::texts,
    live::{handle::keep, host},
};
use leptos::{prelude::*, wasm_bindgen::JsCast as _, web_sys};

/// Asks before the page is left while `dirty`; going back and forth among addresses below
/// `area` keeps what is typed, and leaves nothing.
pub fn guard(dirty: Signal<bool>, area: &'static str) {
    let question = texts().settings_leave();
    let dirty = move || dirty.try_get_untracked() == Some(true);
    keep(move || {
        host::on_window("beforeunload", move |event| {
            if dirty() {
                event.prevent_default();
            }
        })
    });
    // Back and forward within the app load nothing, so the browser does not ask by itself.
    keep(move || {
        host::on_traverse(move |to| {
            let within = !area.is_empty() && to.is_some_and(|to| to.contains(area));
            let leaves = || web_sys::window().and_then(|w| w.confirm_with_message(&question).ok()) == Some(true);
            dirty() && !within && !leaves()
        })
    });
    // Within the app the router would change the page without a question: what does not
    // reach it is left to the browser, which loads the next page as a document and asks.
    keep(move || {
        host::on_document("click", move |event| {
            let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let link = target.and_then(|t| t.closest("a[href]").ok().flatten());
            if link.is_some() && dirty() {
                event.stop_propagation();
            }
        })
    });
}
