//! The document around the app's pages.

use super::{
    app::App,
    page::{self, Assets, FACTS_ID, Facts},
};
use crate::i18n::{self, Texts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

/// The whole document. What the browser needs before it can ask for anything (facts and
/// catalogue) stands in the head, so that the body holds the app and nothing else:
/// hydration begins at its first child.
#[component]
pub fn Shell(facts: Facts, texts: Texts, assets: Assets) -> impl IntoView {
    let Assets { css, js, wasm } = assets;
    let start = format!("import init from {};\ninit({{ module_or_path: {} }});", page::script_json(&js), page::script_json(&wasm));
    let nonce = use_nonce();
    let language = facts.language.code();
    let mine = facts.preferences;
    let (facts_json, texts_json) = (page::script_json(&facts), page::escape_script(&texts.to_page(false)));
    provide_context(facts);
    provide_context(texts);
    view! {
        <!DOCTYPE html>
        <html lang=language data-theme=mine.theme.name() data-density=mine.density.name() data-lists=mine.lists data-details=mine.details>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css/>
                <link rel="modulepreload" href=js.clone()/>
                <link rel="preload" href=wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <script type="application/json" id=FACTS_ID nonce=nonce.clone() inner_html=facts_json></script>
                <script type="application/json" id=i18n::PAGE_ID nonce=nonce.clone() inner_html=texts_json></script>
                <script type="module" nonce=nonce inner_html=start></script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
