//! The module's beginning in the browser.

use super::{FormActions, ROOT_ID, Widget, read};
use crate::{
    i18n::{self, Texts},
    ui::{live::host, page::FACTS_ID},
};
use leptos::{mount::hydrate_from, prelude::*};
use wasm_bindgen::JsCast;

/// Takes over what the server drew.
pub fn start() {
    console_error_panic_hook::set_once();
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(ROOT_ID));
    let (Some(root), Some(page)) = (root, host::page_json(FACTS_ID).and_then(|json| read::page(&json))) else { return };
    let strings = host::page_json(i18n::PAGE_ID).and_then(|json| json.items()).unwrap_or_default();
    let texts = Texts::from_strings(page.language, strings.iter().filter_map(host::Json::text).collect());
    let actions = FormActions::of(&page);
    hydrate_from(root.unchecked_into(), move || view! { <Widget page texts actions/> }).forget();
}
