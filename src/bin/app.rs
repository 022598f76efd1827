//! The browser module of the app's pages.

use damso::{
    i18n::{self, Texts},
    ui::{
        app::App,
        page::{FACTS_ID, Facts},
    },
};
use leptos::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    let json = |id: &str| document().get_element_by_id(id).and_then(|e| e.text_content()).unwrap_or_default();
    let Ok(facts) = serde_json::from_str::<Facts>(&json(FACTS_ID)) else {
        // A page of another build: it stays as the server drew it.
        return;
    };
    let texts = Texts::from_page(facts.language, &json(i18n::PAGE_ID));
    hydrate_body(move || {
        provide_context(facts);
        provide_context(texts);
        view! { <App/> }
    });
}
