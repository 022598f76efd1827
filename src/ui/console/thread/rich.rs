//! What people wrote, at the desk: as everywhere nodes and never HTML, and beside a link
//! whose host may deceive its true form.

use crate::domain::text::{Span, deceptive, spans};
use leptos::{either::EitherOf3, prelude::*};

/// A message's text. Links open in a new tab and tell that page nothing about this one.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub(super) fn Rich(#[prop(into)] text: String) -> impl IntoView {
    spans(&text)
        .into_iter()
        .map(|span| match span {
            Span::Text(text) => EitherOf3::A(text.to_owned()),
            Span::Link { text, href } => {
                let host = deceptive(&href).map(|host| view! { <span class="true-host">" (" {host} ")"</span> });
                EitherOf3::B(view! { <a href=href target="_blank" rel="noopener noreferrer nofollow ugc">{text.to_owned()}</a> {host} })
            }
            Span::Break => EitherOf3::C(view! { <br/> }),
        })
        .collect_view()
}
