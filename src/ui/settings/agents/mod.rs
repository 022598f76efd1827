//! 상담원 (A6, G17, G32): the people of the service, and each one's form.

mod bulk;
mod draft;
mod person;
mod table;
mod words;

use super::{focus::focus_first, frame::PageHead, guard::guard};
use crate::{
    api::members::{MemberRow, list_members},
    domain::{ids::AccountId, permission::Profile},
    ui::{kit::texts, load::load},
};
use draft::Draft;
use leptos::{ev, prelude::*};
use leptos_router::hooks::{use_navigate, use_params_map};
use person::Person;
use std::collections::{BTreeSet, HashMap};
use table::Table;

/// What list and form share; it outlives the way from one to the other.
#[derive(Clone, Copy)]
struct Team {
    members: RwSignal<Vec<MemberRow>>,
    search: RwSignal<String>,
    /// Those who are ticked for a change of all of them.
    chosen: RwSignal<BTreeSet<AccountId>>,
    /// Forms that were left with changes, by the Back button say.
    drafts: RwSignal<HashMap<AccountId, Draft>>,
}

impl Team {
    fn profile(self, account: AccountId) -> Option<Profile> {
        self.members.read_untracked().iter().find(|m| m.account == account).map(|m| m.profile.clone())
    }
}

/// The id of the link that leads to a person's form.
fn link_id(account: AccountId) -> String {
    format!("agent-{account}")
}

/// The id of a form's heading.
const PERSON_TITLE: &str = "person-title";

/// `/settings/agents` and `/settings/agents/ACCOUNT`.
#[component]
pub fn AgentsPage() -> impl IntoView {
    let params = use_params_map();
    let listed = Memo::new(move |_| params.read().get_str("account").is_none());
    view! {
        <main class="page" id="main">
            <div class="page-body" class:wide=listed>
                {load(list_members, |members, _| view! { <Agents members/> }.into_any())}
            </div>
        </main>
    }
    .into_any()
}

#[component]
fn Agents(members: Vec<MemberRow>) -> impl IntoView {
    let t = texts();
    let team = Team {
        members: RwSignal::new(members),
        search: RwSignal::new(String::new()),
        chosen: RwSignal::new(BTreeSet::new()),
        drafts: RwSignal::new(HashMap::new()),
    };
    guard(Signal::derive(move || !team.drafts.read().is_empty()), "/settings/agents");
    let params = use_params_map();
    let place = Memo::new(move |_| params.read().get_str("account").map(str::to_owned));
    // What had the focus has left the page.
    Effect::new(move |before: Option<Option<String>>| {
        let now = place.get();
        if let Some(before) = before.filter(|before| *before != now) {
            match (&now, before.and_then(|id| id.parse().ok())) {
                (None, Some(left)) => focus_first([link_id(left)]),
                _ => focus_first([PERSON_TITLE.to_owned()]),
            }
        }
        now
    });
    move || match place.get() {
        None => view! {
            <PageHead area=t.settings_title() group=t.people_group() title=t.people_agents() lead=t.people_agents_lead()/>
            <Table team/>
        }
        .into_any(),
        Some(id) => view! { <Person team account=id.parse().ok()/> }.into_any(),
    }
}

/// A link between list and form. What is unsaved goes along, so nobody is asked.
#[component]
fn Within(href: String, #[prop(optional, into)] id: String, children: Children) -> impl IntoView {
    let navigate = use_navigate();
    let to = href.clone();
    let go = move |event: ev::MouseEvent| {
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            navigate(&to, Default::default());
        }
    };
    view! {
        <a href=href id=(!id.is_empty()).then_some(id) on:click=go>
            {children()}
        </a>
    }
    .into_any()
}
