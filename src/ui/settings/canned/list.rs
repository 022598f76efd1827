//! The canned replies that are there: found, changed, deleted.

use super::{Page, button_id, form::EditReply};
use crate::{
    api::canned::{delete_canned, list_canned},
    domain::{canned::Canned, ids::CannedId},
    ui::{
        kit::{Confirm, EmptyState, Field, IconButton, texts},
        settings::focus::focus_first,
    },
};
use leptos::prelude::*;

const SEARCH: &str = "canned-search";

#[component]
pub(super) fn List(page: Page) -> impl IntoView {
    let t = texts();
    let search = RwSignal::new(String::new());
    let count = Memo::new(move |_| page.rows.read().len());
    let found = Memo::new(move |_| page.book.read().search(&search.read()).iter().map(|canned| canned.id).collect::<Vec<_>>());
    let total = {
        let t = t.clone();
        move || (count.get() > 0).then(|| t.canned_count(count.get()))
    };
    let (empty_title, empty_text, nothing) = (t.canned_empty(), t.canned_empty_text(), t.canned_nothing());
    view! {
        <section class="card canned" aria-labelledby="canned-title">
            <div class="card-head">
                <h2 id="canned-title">{t.canned_list()}</h2>
                <span class="muted small">{total}</span>
            </div>
            {move || {
                let (title, text) = (empty_title.clone(), empty_text.clone());
                (count.get() == 0)
                    .then(|| {
                        view! {
                            <EmptyState icon="message" title>
                                <p>{text}</p>
                            </EmptyState>
                        }
                    })
            }}
            <div class="canned-search" role="search" hidden=move || count.get() == 0>
                <Field id=SEARCH name="search" label=t.canned_search() value=search kind="search" autocomplete="off"/>
            </div>
            <p class="muted" role="status">{move || (count.get() > 0 && found.read().is_empty()).then(|| nothing.clone())}</p>
            <ul class="lines">
                <For each=move || found.get() key=|id| *id let:id>
                    <Row page id/>
                </For>
            </ul>
        </section>
        <Delete page/>
    }
    .into_any()
}

#[component]
fn Row(page: Page, id: CannedId) -> impl IntoView {
    let of = move |rows: &[Canned]| rows.iter().find(|canned| canned.id == id).cloned();
    let row = Memo::new(move |_| of(&page.rows.read()));
    let editing = Memo::new(move |_| page.editing.get() == Some(id));
    view! {
        <li class="line">
            {move || {
                if editing.get() {
                    // The form goes on as it is while the list changes around it.
                    let canned = row.get_untracked()?;
                    Some(view! { <EditReply page canned/> }.into_any())
                } else {
                    let canned = row.get()?;
                    Some(view! { <Shown page canned/> }.into_any())
                }
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Shown(page: Page, canned: Canned) -> impl IntoView {
    let t = texts();
    let id = canned.id;
    let shortcut = canned.words.shortcut.clone();
    let text = canned.words.text.get(t.language).to_owned();
    let (edit, delete) = (t.canned_edit_named(&shortcut), t.canned_delete_named(&shortcut));
    view! {
        <div class="line-main">
            <p>
                <b>{shortcut}</b>
            </p>
            <p class="muted small canned-text">{text}</p>
        </div>
        <div class="line-acts">
            <IconButton icon="pencil" label=edit id=button_id("edit", id) on_press=Callback::new(move |()| page.editing.set(Some(id)))/>
            <IconButton icon="trash" label=delete on_press=Callback::new(move |()| {
                    page.deleting.set(Some(canned.clone()));
                    page.asks_delete.set(true);
                })/>
        </div>
    }
    .into_any()
}

#[component]
fn Delete(page: Page) -> impl IntoView {
    let t = texts();
    let text = {
        let t = t.clone();
        Signal::derive(move || page.deleting.get().map_or_else(String::new, |canned| t.canned_delete_text(canned.words.shortcut)))
    };
    let delete = {
        let t = t.clone();
        Callback::new(move |()| {
            let Some(canned) = page.deleting.get_untracked() else { return };
            page.asks_delete.set(false);
            let done = t.canned_deleted(&canned.words.shortcut);
            page.work.run_on_list(delete_canned(page.scope, canned.id, canned.version), list_canned(), move |now| {
                // Where somebody else was first, that has been told.
                let gone = now.replies.iter().all(|left| left.id != canned.id);
                page.take(now);
                if gone {
                    page.work.say(done);
                    focus_first([SEARCH.to_owned(), "new-canned-shortcut".to_owned()]);
                }
            });
        })
    };
    view! {
        <Confirm
            id="delete-canned"
            open=page.asks_delete
            title=t.canned_delete()
            text
            confirm=t.settings_delete()
            danger=true
            busy=page.work.busy
            on_confirm=delete
        />
    }
    .into_any()
}
