//! 서비스 관리: the frame of its pages. Each page has its own address and is saved
//! explicitly.

mod agents;
mod allocation;
mod blocks;
mod canned;
mod categories;
mod chat;
pub(crate) mod editing;
pub(crate) mod focus;
mod frame;
mod guard;
mod help;
pub mod hours;
mod queues;
mod readiness;
mod seats;
pub(crate) mod stale;
mod tags;

pub use agents::AgentsPage;
pub use allocation::AllocationPage;
pub use blocks::BlocksPage;
pub use canned::{CannedRepliesPage, OwnRepliesPage};
pub use categories::CategoriesPage;
pub use chat::{ChatTextsPage, RoutingPage, WidgetCodePage};
pub use frame::{Locked, MenuLink, PageHead, SettingsPage};
pub use help::HelpCentrePage;
pub use hours::HoursPage;
pub use queues::QueuesPage;
pub use readiness::ReadinessPage;
pub use seats::SeatsPage;
pub use tags::TagsPage;

use crate::ui::kit::{facts, texts};
use leptos::prelude::*;
use leptos_router::components::Outlet;

/// The menu beside every page, and who may see it at all.
#[component]
pub fn Settings() -> impl IntoView {
    let t = texts();
    if !facts().is_some_and(|f| f.admin) {
        let (title, heading, text) = (t.settings_title(), t.settings_forbidden(), t.settings_forbidden_text());
        return view! { <Locked title heading text/> }.into_any();
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
                ("/settings/tags", t.tickets_tags()),
                ("/settings/canned", t.canned_title()),
                ("/settings/blocks", t.acts_blocks()),
            ],
        ),
        (t.settings_help_group(), vec![("/settings/help", t.settings_help())]),
    ];
    let groups = groups
        .into_iter()
        .map(|(name, links)| {
            let links = links.into_iter().map(|(href, name)| view! { <MenuLink href name/> }).collect_view();
            view! {
                <h3>{name}</h3>
                <ul>{links}</ul>
            }
        })
        .collect_view();
    view! {
        <nav class="settings-menu" aria-label=t.settings_title()>
            <b class="settings-name">{t.settings_title()}</b>
            <ul>
                <MenuLink href="/settings" name=t.settings_readiness() exact=true/>
            </ul>
            {groups}
        </nav>
    }
    .into_any()
}
