//! What 서비스 관리, 전체 관리 and 1:1 문의 look alike in: a menu beside the pages, the head of
//! a page, and what stands there for who may not see it.

use crate::ui::kit::{EmptyState, texts};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Instead of a page: this one may not see it.
#[component]
pub fn Locked(
    /// Of the page.
    title: String,
    heading: String,
    text: String,
) -> impl IntoView {
    view! {
        <Title text=title/>
        <main class="lone" id="main">
            <EmptyState icon="lock" title=heading heading=true>
                <p>{text}</p>
            </EmptyState>
        </main>
    }
    .into_any()
}

/// A link of the menu; it says where one is.
#[component]
pub fn MenuLink(
    href: &'static str,
    name: String,
    /// Only this very address, not what lies below it.
    #[prop(optional)]
    exact: bool,
) -> impl IntoView {
    let path = use_location().pathname;
    let here = move || {
        let path = path.read();
        let at = if exact { path.trim_end_matches('/') == href } else { path.starts_with(href) };
        at.then_some("page")
    };
    view! {
        <li>
            <a href=href aria-current=here>
                {name}
            </a>
        </li>
    }
    .into_any()
}

/// A page: where it stands, its title, and what it is for.
#[component]
pub fn SettingsPage(
    /// The area; 서비스 관리 if not given.
    #[prop(optional, into)]
    area: String,
    /// The menu's group.
    group: String,
    title: String,
    #[prop(optional, into)] lead: String,
    /// Wider than a column of text, for tables.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let area = if area.is_empty() { texts().settings_title() } else { area };
    view! {
        <main class="page" id="main">
            <div class="page-body" class:wide=wide>
                <PageHead area group title lead/>
                {children()}
            </div>
        </main>
    }
    .into_any()
}

/// Where a page stands, its title, and what it is for.
#[component]
pub fn PageHead(area: String, group: String, title: String, lead: String) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <header class="page-head">
            <div>
                <p class="small muted">{area} " › " {group}</p>
                <h1>{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="muted">{lead}</p> })}
            </div>
        </header>
    }
    .into_any()
}
