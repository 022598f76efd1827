//! 전체 관리: what a 조직관리자 looks after.

mod changes;
mod people;
mod services;

pub use changes::ChangesPage;
pub use people::PeoplePage;
pub use services::ServicesPage;

use crate::ui::kit::{EmptyState, facts, texts};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Outlet, hooks::use_location};

/// The menu beside every page, and who may see it at all.
#[component]
pub fn Organization() -> impl IntoView {
    let t = texts();
    if !facts().is_some_and(|f| f.owner) {
        return view! {
            <Title text=t.organization_title()/>
            <main class="lone" id="main">
                <EmptyState icon="lock" title=t.organization_forbidden() heading=true>
                    <p>{t.organization_forbidden_text()}</p>
                </EmptyState>
            </main>
        }
        .into_any();
    }
    let path = use_location().pathname;
    let links = [
        ("/organization/services", t.organization_services()),
        ("/organization/people", t.organization_people()),
        ("/organization/changes", t.organization_changes()),
    ]
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
        <div class="settings">
            <nav class="settings-menu" aria-label=t.organization_title()>
                <b class="settings-name">{t.organization_title()}</b>
                <ul>{links}</ul>
            </nav>
            <Outlet/>
        </div>
    }
    .into_any()
}
