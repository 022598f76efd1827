use super::icon::Icon;
use leptos::prelude::*;

/// An empty place that says what belongs here, and the one thing to do about it.
#[component]
pub fn EmptyState(
    icon: &'static str,
    title: String,
    /// The title is the page's first heading.
    #[prop(optional)]
    heading: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon"><Icon name=icon size=20/></span>
            {if heading { view! { <h1>{title}</h1> }.into_any() } else { view! { <h2>{title}</h2> }.into_any() }}
            {children()}
        </div>
    }
    .into_any()
}
