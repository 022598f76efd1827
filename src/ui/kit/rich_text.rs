//! What people wrote, as nodes: text, line breaks and links, never HTML.

use crate::domain::text::{Span, spans};
use leptos::prelude::*;

/// Draws a message's text. Links open in a new tab, show where they lead and tell that
/// page nothing about this one.
#[component]
pub fn RichText(#[prop(into)] text: String) -> impl IntoView {
    spans(&text)
        .into_iter()
        .map(|span| match span {
            Span::Text(text) => text.to_owned().into_any(),
            Span::Link { text, href } => {
                view! { <a href=href target="_blank" rel="noopener noreferrer nofollow ugc">{text.to_owned()}</a> }.into_any()
            }
            Span::Break => view! { <br/> }.into_any(),
        })
        .collect_view()
}
