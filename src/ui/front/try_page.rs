//! The test page of a widget: the real snippet in a page of ours, its commands as buttons,
//! and its events as they come. For those who work in the widget's service.

use super::site::document;
use crate::{i18n::Texts, ui::page::Assets};
use leptos::prelude::*;

const SCRIPT: &str = include_str!("try.js");

/// The page, without its doctype.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub fn TryDocument(
    texts: Texts,
    assets: Assets,
    nonce: String,
    /// Of the service.
    name: String,
    /// Of the widget.
    key: String,
    active: bool,
) -> impl IntoView {
    let t = &texts;
    let language = |language: String| t.developers_try_language(language);
    let buttons = [
        (t.developers_try_open(), r#"["open"]"#),
        (t.developers_try_close(), r#"["close"]"#),
        (t.developers_try_auto(), r#"["theme","auto"]"#),
        (t.developers_try_light(), r#"["theme","light"]"#),
        (t.developers_try_dark(), r#"["theme","dark"]"#),
        (language(t.common_language_ko()), r#"["locale","ko"]"#),
        (language(t.common_language_en()), r#"["locale","en"]"#),
        (t.developers_try_launcher(), r##"["launcher","#try-own"]"##),
        (t.developers_try_back(), r#"["launcher",null]"#),
        (t.developers_try_logout(), r#"["logout"]"#),
        (t.developers_try_stop(), r#"["shutdown"]"#),
        (t.developers_try_start(), r#"["boot"]"#),
    ]
    .map(|(name, call)| view! { <button type="button" class="btn" data-call=call>{name}</button> })
    .collect_view();
    let body = view! {
        <p>{t.developers_try_text()} " " <a href=format!("/developers?lang={}", t.language.code())>{t.developers_link()}</a></p>
        {(!active).then(|| view! { <p role="status">{t.developers_try_off()}</p> })}
        <section class="site-card" aria-labelledby="try-commands">
            <h2 id="try-commands">{t.developers_try_buttons()}</h2>
            <div class="site-buttons">{buttons}</div>
            <div class="site-buttons">
                <button type="button" class="btn main" id="try-own" hidden>{t.developers_try_own()}</button>
            </div>
        </section>
        <section class="site-card" aria-labelledby="try-identity">
            <h2 id="try-identity">{t.developers_try_identity()}</h2>
            <form id="try-form">
                <div class="field">
                    <label for="try-token">{t.developers_try_token()}</label>
                    <textarea id="try-token" rows="4" spellcheck="false" autocomplete="off"></textarea>
                </div>
                <div class="site-buttons">
                    <button type="submit" class="btn">{t.developers_try_identify()}</button>
                </div>
            </form>
        </section>
        <section class="site-card" aria-labelledby="try-events">
            <h2 id="try-events">{t.developers_try_log()}</h2>
            <div class="site-log" id="try-log" role="log" tabindex="0" aria-labelledby="try-events"></div>
        </section>
        <script nonce=nonce inner_html=SCRIPT></script>
        <script async src=format!("/widget/{key}.js")></script>
    }
    .into_any();
    let title = t.developers_try_title(name);
    document(t, assets, title, body)
}
