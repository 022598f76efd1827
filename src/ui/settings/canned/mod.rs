//! 상용구 (A49): the canned replies that all agents share, and in one's account one's own.

mod form;
mod list;

use super::SettingsPage;
use crate::{
    api::canned::{CannedPage, list_canned},
    domain::{
        canned::{Book, Canned, Scope, Words},
        ids::CannedId,
    },
    ui::{
        console::Shelf,
        kit::texts,
        load::load,
        settings::{editing::Work, focus::focus_first},
    },
};
use form::NewReply;
use leptos::prelude::*;
use list::List;

/// `/settings/canned`
#[component]
pub fn CannedRepliesPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.chat_group() title=t.canned_title() lead=t.canned_lead()>
            {load(list_canned, |page, _| view! { <Replies page scope=Scope::Shared/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// `/account/canned`
#[component]
pub fn OwnRepliesPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage area=t.console_nav_account() group=t.account_my_account() title=t.canned_mine() lead=t.canned_mine_lead()>
            {load(list_canned, |page, _| view! { <Replies page scope=Scope::Own/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// What the page's parts share.
#[derive(Clone, Copy)]
struct Page {
    scope: Scope,
    rows: RwSignal<Vec<Canned>>,
    book: Memo<Book>,
    /// The form for another one.
    new: RwSignal<Words>,
    work: Work,
    /// The row that is being changed.
    editing: RwSignal<Option<CannedId>>,
    deleting: RwSignal<Option<Canned>>,
    asks_delete: RwSignal<bool>,
    /// What the console of this page has at hand.
    shelf: Option<Shelf>,
}

impl Page {
    fn new(scope: Scope, page: &CannedPage) -> Self {
        let rows = RwSignal::new(of_scope(scope, page));
        Self {
            scope,
            rows,
            book: Memo::new(move |_| Book::new(rows.get())),
            new: RwSignal::default(),
            work: Work::new(),
            editing: RwSignal::new(None),
            deleting: RwSignal::new(None),
            asks_delete: RwSignal::new(false),
            shelf: use_context::<Shelf>(),
        }
    }

    /// Shows what is stored now, here and in the console.
    fn take(self, page: CannedPage) {
        self.rows.set(of_scope(self.scope, &page));
        if let Some(shelf) = self.shelf {
            shelf.take(page);
        }
    }

    /// Closes the form and gives the focus back to the button that opened it.
    fn close(self) {
        if let Some(id) = self.editing.get_untracked() {
            self.editing.set(None);
            focus_first([button_id("edit", id)]);
        }
    }
}

fn of_scope(scope: Scope, page: &CannedPage) -> Vec<Canned> {
    page.replies.iter().filter(|canned| canned.scope == scope).cloned().collect()
}

/// The id of a row's button.
fn button_id(what: &str, id: CannedId) -> String {
    format!("{what}-{id}")
}

#[component]
fn Replies(page: CannedPage, scope: Scope) -> impl IntoView {
    let page = Page::new(scope, &page);
    view! {
        <NewReply page/>
        <List page/>
    }
    .into_any()
}
