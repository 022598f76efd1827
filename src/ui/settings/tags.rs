//! 태그: the words that tickets and chats carry.

use super::{
    SettingsPage,
    editing::{LineForm, Work},
    focus::focus_first,
};
use crate::{
    api::tags::{TagRow, create_tag, delete_tag, list_tags, rename_tag},
    domain::ids::TagId,
    ui::{
        kit::{Button, ButtonKind, Confirm, Field, IconButton, texts},
        load::load,
    },
};
use leptos::{ev, prelude::*};

const NEW: &str = "new-tag";

/// `/settings/tags`
#[component]
pub fn TagsPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.chat_group() title=t.tickets_tags() lead=t.tickets_tags_lead()>
            {load(list_tags, |rows, _| view! { <Tags rows/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// What the page's parts share.
#[derive(Clone, Copy)]
struct Page {
    rows: RwSignal<Vec<TagRow>>,
    work: Work,
    renaming: RwSignal<Option<TagId>>,
    deleting: RwSignal<Option<TagRow>>,
    asks_delete: RwSignal<bool>,
}

impl Page {
    /// Closes the form and gives the focus back to the button that opened it.
    fn close(self) {
        if let Some(id) = self.renaming.get_untracked() {
            self.renaming.set(None);
            focus_first([format!("rename-{id}")]);
        }
    }
}

#[component]
fn Tags(rows: Vec<TagRow>) -> impl IntoView {
    let t = texts();
    let page = Page {
        rows: RwSignal::new(rows),
        work: Work::new(),
        renaming: RwSignal::new(None),
        deleting: RwSignal::new(None),
        asks_delete: RwSignal::new(false),
    };
    let total = {
        let t = t.clone();
        move || t.tickets_tag_count(page.rows.read().len())
    };
    view! {
        <section class="card" aria-labelledby="new-tag-title">
            <h2 id="new-tag-title">{t.tickets_tag_new()}</h2>
            <Add page/>
        </section>
        <section class="card" aria-labelledby="tags-title">
            <div class="card-head">
                <h2 id="tags-title">{t.tickets_tag_list()}</h2>
                <span class="muted small">{total}</span>
            </div>
            <ul class="lines">
                <For each=move || page.rows.get() key=|row| row.id let:row>
                    <Row page id=row.id/>
                </For>
            </ul>
        </section>
        <Delete page/>
    }
    .into_any()
}

#[component]
fn Add(page: Page) -> impl IntoView {
    let t = texts();
    let name = RwSignal::new(String::new());
    let work = Work::new();
    let label = t.tickets_tag_new();
    let (field, add) = (t.tickets_tag_name(), label.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (t, typed) = (t.clone(), name.get_untracked());
        work.run(create_tag(typed.clone()), move |rows| {
            page.rows.set(rows);
            name.set(String::new());
            work.say(t.tickets_tag_made(typed.trim()));
            focus_first([NEW.to_owned()]);
        });
    };
    view! {
        <form class="form" novalidate aria-label=label on:submit=submit>
            <Field id=NEW name="name" label=field value=name autocomplete="off" problem=work.problem("name")/>
            <div>
                <Button kind=ButtonKind::Main submit=true busy=work.busy>
                    {add}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Row(page: Page, id: TagId) -> impl IntoView {
    let row = Memo::new(move |_| page.rows.read().iter().find(|row| row.id == id).cloned());
    let renaming = Memo::new(move |_| page.renaming.get() == Some(id));
    view! {
        <li class="line">
            {move || {
                if renaming.get() {
                    // The form goes on as it is while the list changes around it.
                    let row = row.get_untracked()?;
                    Some(view! { <Rename page row/> }.into_any())
                } else {
                    let row = row.get()?;
                    Some(view! { <Shown page row/> }.into_any())
                }
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Shown(page: Page, row: TagRow) -> impl IntoView {
    let t = texts();
    let TagRow { id, name, fixed, tickets, chats } = row.clone();
    let under = if fixed { t.tickets_tag_fixed(tickets) } else { t.tickets_tag_tickets(chats, tickets) };
    let acts = (!fixed).then(|| {
        let (rename, delete) = (t.settings_rename_named(&name), t.settings_delete_named(&name));
        view! {
            <div class="line-acts">
                <IconButton icon="pencil" label=rename id=format!("rename-{id}") on_press=Callback::new(move |()| page.renaming.set(Some(id)))/>
                <IconButton icon="trash" label=delete on_press=Callback::new(move |()| {
                        page.deleting.set(Some(row.clone()));
                        page.asks_delete.set(true);
                    })/>
            </div>
        }
    });
    view! {
        <div class="line-main">
            <p>
                <b>{name}</b>
            </p>
            <p class="muted small">{under}</p>
        </div>
        {acts}
    }
    .into_any()
}

#[component]
fn Rename(page: Page, row: TagRow) -> impl IntoView {
    let t = texts();
    let TagRow { id, name: was, .. } = row;
    let label = t.settings_rename_named(&was);
    let name = RwSignal::new(was.clone());
    let work = Work::new();
    let field = t.tickets_tag_name();
    let save = Callback::new(move |()| {
        work.run_on_list(rename_tag(id, was.clone(), name.get_untracked()), list_tags(), move |rows| {
            page.close();
            page.rows.set(rows);
        });
    });
    view! {
        <LineForm label busy=work.busy on_save=save on_close=Callback::new(move |()| page.close())>
            <Field id="rename-tag" name="name" label=field value=name autocomplete="off" problem=work.problem("name")/>
        </LineForm>
    }
    .into_any()
}

/// What is asked before a tag goes, with how many tickets carry it.
#[component]
fn Delete(page: Page) -> impl IntoView {
    let t = texts();
    let text = {
        let t = t.clone();
        Signal::derive(move || match page.deleting.get() {
            Some(TagRow { name, tickets: 0, chats: 0, .. }) => t.tickets_tag_delete_text(name),
            Some(TagRow { name, tickets, chats, .. }) => t.tickets_tag_delete_used_text(chats, name, tickets),
            None => String::new(),
        })
    };
    let delete = {
        let t = t.clone();
        Callback::new(move |()| {
            let Some(row) = page.deleting.get_untracked() else { return };
            page.asks_delete.set(false);
            let done = t.tickets_tag_deleted(&row.name);
            page.work.run_on_list(delete_tag(row.id, row.tickets, row.chats), list_tags(), move |rows| {
                // Where somebody else was first, that has been told.
                let gone = rows.iter().all(|left| left.id != row.id);
                page.rows.set(rows);
                if gone {
                    page.work.say(done);
                    focus_first([NEW.to_owned()]);
                }
            });
        })
    };
    view! {
        <Confirm
            id="delete-tag"
            open=page.asks_delete
            title=t.tickets_tag_delete()
            text
            confirm=t.settings_delete()
            danger=true
            busy=page.work.busy
            on_confirm=delete
        />
    }
    .into_any()
}
