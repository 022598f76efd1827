//! What people wrote, as nodes: text, line breaks and links, never HTML.

use crate::domain::text::{Span, spans};
use leptos::{either::EitherOf3, prelude::*};

/// Draws a message's text. Links open in a new tab, show where they lead and tell that
/// page nothing about this one.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub fn RichText(#[prop(into)] text: String) -> impl IntoView {
    spans(&text)
        .into_iter()
        .map(|span| match span {
            Span::Text(text) => EitherOf3::A(text.to_owned()),
            Span::Link { text, href } => {
                EitherOf3::B(view! { <a href=href target="_blank" rel="noopener noreferrer nofollow ugc">{text.to_owned()}</a> })
            }
            Span::Break => EitherOf3::C(view! { <br/> }),
        })
        .collect_view()
}
