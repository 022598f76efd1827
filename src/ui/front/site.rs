//! The frame of pages that are neither a customer's nor the desk's: a heading, the other
//! language, and what stands below.

use crate::{i18n::Texts, ui::page::Assets};
use leptos::prelude::*;

/// A whole document around `body`, without its doctype.
pub fn document(t: &Texts, assets: Assets, title: String, body: AnyView) -> impl IntoView + use<> {
    let lang = t.language.code();
    let other = if lang == "ko" { ("en", "English") } else { ("ko", "한국어") };
    view! {
        <html lang=lang>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{title.clone()}</title>
                <link rel="stylesheet" href=assets.css/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
            </head>
            <body class="site">
                <header class="site-head">
                    <div>
                        <h1>{title}</h1>
                        <a href=format!("?lang={}", other.0) lang=other.0 hreflang=other.0>{other.1}</a>
                    </div>
                </header>
                <main>{body}</main>
            </body>
        </html>
    }
}
