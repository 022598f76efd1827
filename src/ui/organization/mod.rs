//! 전체 관리: what a 조직관리자 looks after.

mod banner;
mod changes;
mod people;
mod services;

pub use changes::ChangesPage;
pub use people::PeoplePage;
pub use services::ServicesPage;

use crate::ui::{
    kit::{facts, texts},
    settings::{Locked, MenuLink},
};
use leptos::prelude::*;
use leptos_router::components::Outlet;

/// The menu beside every page, and who may see it at all.
#[component]
pub fn Organization() -> impl IntoView {
    let t = texts();
    if !facts().is_some_and(|f| f.owner) {
        let (title, heading, text) = (t.organization_title(), t.organization_forbidden(), t.organization_forbidden_text());
        return view! { <Locked title heading text/> }.into_any();
    }
    view! {
        <div class="settings">
            <nav class="settings-menu" aria-label=t.organization_title()>
                <b class="settings-name">{t.organization_title()}</b>
                <ul>
                    <MenuLink href="/organization/services" name=t.organization_services()/>
                    <MenuLink href="/organization/people" name=t.organization_people()/>
                    <MenuLink href="/organization/changes" name=t.organization_changes()/>
                </ul>
            </nav>
            <Outlet/>
        </div>
    }
    .into_any()
}
