//! 서비스 관리: the frame of its pages. Each page has its own address and is saved
//! explicitly.

mod agents;
mod allocation;
mod categories;
mod chat;
pub(crate) mod editing;
mod focus;
mod guard;
mod help;
pub mod hours;
mod queues;
mod readiness;
mod seats;
mod stale;

pub use agents::AgentsPage;
pub use allocation::AllocationPage;
pub use categories::CategoriesPage;
pub use chat::{ChatTextsPage, RoutingPage, WidgetCodePage};
pub use help::HelpCentrePage;
pub use hours::HoursPage;
pub use queues::QueuesPage;
pub use readiness::ReadinessPage;
pub use seats::SeatsPage;

use crate::ui::kit::{EmptyState, facts, texts};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Outlet, hooks::use_location};

/// The menu beside every page, and who may see it at all.
#[component]
pub fn Settings() -> impl IntoView {
    let t = texts();
    if !facts().is_some_and(|f| f.admin) {
        return view! {
            <Title text=t.settings_title()/>
            <main class="lone" id="main">
                <EmptyState icon="lock" title=t.settings_forbidden() heading=true>
                    <p>{t.settings_forbidden_text()}</p>
                </EmptyState>
            </main>
        }
        .into_any();
    }
    view! {
        <div class="settings">
            <Menu/>
            <Outlet/>
        </div>
    }
    .into_any()
}

#[component]
fn Menu() -> impl IntoView {
    let t = texts();
    let path = use_location().pathname;
    let groups: [(String, Vec<(&'static str, String)>); 4] = [
        (t.people_group(), vec![("/settings/agents", t.people_agents()), ("/settings/allocation", t.people_allocation())]),
        (
            t.settings_operation(),
            vec![("/settings/queues", t.settings_queues()), ("/settings/seats", t.settings_seats()), ("/settings/hours", t.hours_title())],
        ),
        (
            t.chat_group(),
            vec![
                ("/settings/chat", t.chat_texts()),
                ("/settings/routing", t.chat_routing()),
                ("/settings/widget", t.chat_widget()),
                ("/settings/categories", t.people_categories()),
            ],
        ),
        (t.settings_help_group(), vec![("/settings/help", t.settings_help())]),
    ];
    let groups = groups
        .into_iter()
        .map(|(name, links)| {
            let links = links
                .into_iter()
                .map(|(href, name)| {
                    let here = move || path.read().starts_with(href).then_some("page");
                    view! {
                        <li>
                            <a href=href aria-current=here>
                                {name}
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <h3>{name}</h3>
                <ul>{links}</ul>
            }
        })
        .collect_view();
    let home = move || (path.read().trim_end_matches('/') == "/settings").then_some("page");
    view! {
        <nav class="settings-menu" aria-label=t.settings_title()>
            <b class="settings-name">{t.settings_title()}</b>
            <ul>
                <li>
                    <a href="/settings" aria-current=home>
                        {t.settings_readiness()}
                    </a>
                </li>
            </ul>
            {groups}
        </nav>
    }
    .into_any()
}

/// A page of 서비스 관리 or 전체 관리: where it stands, its title, and what it is for.
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
fn PageHead(area: String, group: String, title: String, lead: String) -> impl IntoView {
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
