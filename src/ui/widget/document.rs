//! The whole page at `/w/KEY`, as the server sends it.

use super::{FormActions, ROOT_ID, Widget, model::Stage};
use crate::{
    i18n::{self, Texts},
    protocol::WidgetPage,
    ui::page::{Assets, FACTS_ID, escape_script, script_json},
};
use leptos::prelude::*;

/// The document without its doctype. `scripts` are `public/frame.js` and `public/front.js`,
/// minified; `beside` is where the script of what stands beside the chat is; `front` is the door as it
/// is drawn for this page; `theme` is the host page's wish, empty without one.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub fn WidgetDocument(
    page: WidgetPage,
    texts: Texts,
    assets: Assets,
    beside: String,
    nonce: String,
    scripts: String,
    front: String,
    theme: &'static str,
    action: FormActions,
    /// Of the files in a chat, drawn for this page.
    attach: String,
) -> impl IntoView {
    let title = texts.widget_window_title(&page.service_name);
    let facts = script_json(&page);
    let catalogue = escape_script(&texts.to_page(true));
    // JSON strings are JavaScript strings, and `<` is escaped in them.
    let (js, wasm) = (script_json(&assets.js), script_json(&assets.wasm));
    let module = format!("import i from {js};i({{module_or_path:{wasm}}})");
    let (lang, alone) = (page.language.code(), page.alone);
    // What the page begins with; the module says what comes then (`room`). In a frame the
    // visitor is not known yet.
    let stage = Stage::of(page.chat.as_ref().map(|chat| (chat.state, chat.events.as_slice())));
    // The picture stands beside the desk's words by style alone, which costs the module nothing.
    let face = page.banner.as_ref().map(|src| view! { <style nonce=nonce.clone()>{face_style(src)}</style> });
    // Inside the hydrated part a <noscript> would be text to one side and elements to the other.
    let refresh = alone.then(|| {
        let href = format!("/w/{}?lang={}", page.widget, page.language.code());
        view! { <noscript><p class="refresh"><a href=href>{texts.widget_refresh()}</a></p></noscript> }
    });
    let tray = format!("/w/{}/tray?lang={}", page.widget, page.language.code());
    let early = (!alone).then(|| view! { <p id="damso-early" hidden></p> });
    // The script in the head keeps what is sent before the module runs, under this name.
    let scope = (!alone).then(|| format!("widget:{}", page.widget));
    view! {
        <html lang=lang data-outbox=scope data-theme=(!theme.is_empty()).then_some(theme)>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <title>{title.clone()}</title>
                // Before the style sheet, which a script after it would wait for.
                <script nonce=nonce.clone() inner_html=scripts></script>
                <link rel="stylesheet" href=assets.css.clone()/>
                {face}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="modulepreload" href=assets.js.clone()/>
                <link rel="preload" href=assets.wasm.clone() r#as="fetch" type="application/wasm" crossorigin="anonymous"/>
            </head>
            <body class:alone=alone data-stage=stage.code()>
                <main id=ROOT_ID aria-label=title.clone()>
                    <Widget page=page texts=texts actions=action/>
                </main>
                <div id="damso-attach" inner_html=attach></div>
                <div id="damso-door" inner_html=front></div>
                <div id="damso-tray-said" class="visually-hidden" aria-live="polite"></div>
                <script defer src=beside data-url=tray></script>
                {early}
                {refresh}
                <script type="application/json" id=FACTS_ID inner_html=facts></script>
                <script type="application/json" id=i18n::PAGE_ID inner_html=catalogue></script>
                <script type="module" nonce=nonce inner_html=module></script>
            </body>
        </html>
    }
}

/// The service's picture beside the first of the desk's words. With the page rather than in
/// the style sheet: most services have none, and the sheet is counted.
fn face_style(src: &str) -> String {
    format!(
        ".msg:not(.mine){{position:relative;padding-inline-start:36px}}\
         .msg.first:not(.mine)::before{{content:\"\";position:absolute;inset:4px auto auto 0;width:28px;height:28px;\
         border-radius:50%;background:url({src}) center/cover}}"
    )
}
