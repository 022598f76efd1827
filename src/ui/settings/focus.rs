//! Where the keyboard goes on when what had the focus leaves its place.

use super::editing::Work;
use crate::ui::live::host;
use leptos::{html, prelude::*, wasm_bindgen::JsCast as _, web_sys};

/// Focuses the first element of these ids that can take it, once the page is drawn.
pub fn focus_first<const N: usize>(ids: [String; N]) {
    host::next_frame(move || {
        let there = ids.iter().filter_map(|id| document().get_element_by_id(id));
        if let Some(element) = there.filter(|e| !e.has_attribute("disabled")).find_map(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Fails only where the element left the page meanwhile.
            drop(element.focus());
        }
    });
}

/// Focuses the first field of a form as soon as the form is there.
pub fn focus_in(form: NodeRef<html::Form>) {
    Effect::new(move |_| {
        let field = form.get().and_then(|form| form.query_selector("input").ok().flatten());
        if let Some(field) = field.and_then(|f| f.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(field.focus());
        }
    });
}

/// After a refused save the focus goes to the first field that it complained about, which
/// may be far from the button.
pub fn focus_problem(work: Work) {
    Effect::new(move |_| {
        if work.error.read().is_none() {
            return;
        }
        host::next_frame(|| {
            let field = document().query_selector("main [aria-invalid='true']").ok().flatten();
            if let Some(field) = field.and_then(|f| f.dyn_into::<web_sys::HtmlElement>().ok()) {
                drop(field.focus());
            }
        });
    });
}
