//! The module's beginning in the browser.

use super::{FormActions, ROOT_ID, Widget};
use crate::{
    i18n::{self, Texts},
    protocol::WidgetPage,
    ui::{live::host, page::FACTS_ID},
};
use leptos::{mount::hydrate_from, prelude::*};
use wasm_bindgen::JsCast;

/// Takes over what the server drew.
pub fn start() {
    console_error_panic_hook::set_once();
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(ROOT_ID));
    let (Some(root), Ok(page)) = (root, serde_json::from_str::<WidgetPage>(&host::page_text(FACTS_ID))) else { return };
    let texts = Texts::from_page(page.language, &host::page_text(i18n::PAGE_ID));
    let actions = FormActions::of(&page);
    hydrate_from(root.unchecked_into(), move || view! { <Widget page texts actions/> }).forget();
}
