//! The frame of pages that are neither a customer's nor the desk's: a heading, the other
//! language, and what stands below.

use crate::{domain::service::Language, i18n::Texts, ui::page::Assets};
use leptos::prelude::*;

/// A whole document around `body`, without its doctype.
pub fn document(t: &Texts, assets: Assets, title: String, body: AnyView) -> impl IntoView + use<> {
    view! {
        <html lang=t.language.code()>
            {head(assets, title.clone())}
            <body class="site">
                <header class="site-head">
                    <div>
                        <h1>{title}</h1>
                        {other_language(t)}
                    </div>
                </header>
                <main>{body}</main>
            </body>
        </html>
    }
}

/// What a document's head has on any of these pages.
pub fn head(assets: Assets, title: String) -> impl IntoView {
    view! {
        <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{title}</title>
            <link rel="stylesheet" href=assets.css/>
            <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
        </head>
    }
}

/// The way to the same page in the other language.
pub fn other_language(t: &Texts) -> impl IntoView + use<> {
    let (code, name) = match t.language {
        Language::Ko => ("en", "English"),
        Language::En => ("ko", "한국어"),
    };
    view! { <a href=format!("?lang={code}") lang=code hreflang=code>{name}</a> }
}
