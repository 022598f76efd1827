//! 카테고리 관리 (A19): the tree of 처리유형.

use super::{
    SettingsPage,
    editing::{LineForm, NameFields, SaveBar, Work},
    focus::{focus_first, focus_in},
    stale::{Draft, StaleBanner},
};
use crate::{
    api::{
        categories::{create_category, delete_category, list_categories, load_categories, move_category, rename_category},
        settings::{Versioned, save_closing},
    },
    domain::{
        category::{Category, DEPTH_MAX, Tree},
        ids::CategoryId,
        service::Localized,
        settings::Closing,
    },
    i18n::Texts,
    ui::{
        kit::{Bound, Button, ButtonKind, Confirm, EmptyState, IconButton, Switch, texts},
        load::load,
    },
};
use leptos::{ev, html, prelude::*};
use std::collections::HashMap;

/// `/settings/categories`
#[component]
pub fn CategoriesPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.chat_group() title=t.people_categories() lead=t.people_categories_lead()>
            {load(load_categories, |page, _| view! { <Required closing=page.closing/><Categories tree=page.tree/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// 처리유형 필수 (G30)
#[component]
fn Required(closing: Versioned<Closing>) -> impl IntoView {
    let t = texts();
    let draft = Draft::new(closing);
    let work = Work::new();
    let done = t.panel_required_saved();
    let save = Callback::new(move |()| draft.save(work, save_closing, done.clone()));
    let value = Bound::part(draft.value, |closing| closing.category_required, |closing, on| closing.category_required = on);
    let differs = |t: &Texts, _: &Closing, _: &Closing| vec![t.panel_required()];
    view! {
        <StaleBanner draft work differs on_save=save/>
        <section class="card" aria-labelledby="closing-title">
            <h2 id="closing-title">{t.panel_required_title()}</h2>
            <div>
                <Switch label=t.panel_required() value/>
                <p class="hint">{t.panel_required_text()}</p>
            </div>
        </section>
        <SaveBar dirty=draft.dirty() work on_save=save on_revert=Callback::new(move |()| draft.revert())/>
    }
    .into_any()
}

/// What is being typed: there is one form at a time beside that for the first depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Rename(CategoryId),
    Below(CategoryId),
}

/// What the page's parts share.
#[derive(Clone, Copy)]
struct Page {
    tree: RwSignal<Tree>,
    /// The tree by parent, so that a row need not look through all of it.
    children: Memo<HashMap<Option<CategoryId>, Vec<Category>>>,
    work: Work,
    open: RwSignal<Option<Open>>,
    deleting: RwSignal<Option<CategoryId>>,
    asks_delete: RwSignal<bool>,
}

impl Page {
    fn new(tree: Tree) -> Self {
        let tree = RwSignal::new(tree);
        Self {
            tree,
            children: Memo::new(move |_| {
                let mut children: HashMap<Option<CategoryId>, Vec<Category>> = HashMap::new();
                for category in &tree.read().0 {
                    children.entry(category.parent).or_default().push(category.clone());
                }
                children
            }),
            work: Work::new(),
            open: RwSignal::new(None),
            deleting: RwSignal::new(None),
            asks_delete: RwSignal::new(false),
        }
    }

    fn below(self, parent: Option<CategoryId>) -> Vec<Category> {
        self.children.read().get(&parent).cloned().unwrap_or_default()
    }

    /// Closes the form and gives the focus back to the button that opened it.
    fn close(self) {
        let button = match self.open.get_untracked() {
            Some(Open::Rename(id)) => button_id("rename", id),
            Some(Open::Below(id)) => button_id("below", id),
            None => return,
        };
        self.open.set(None);
        focus_first([button]);
    }

    fn place(self, id: CategoryId, to: usize, pressed: &'static str) {
        let other = if pressed == "up" { "down" } else { "up" };
        self.work.run_on_list(move_category(id, u32::try_from(to).unwrap_or(u32::MAX)), list_categories(), move |tree| {
            self.tree.set(tree);
            // The row has moved, and with it the button; at the end only the other one is left.
            focus_first([button_id(pressed, id), button_id(other, id)]);
        });
    }
}

/// The id of a row's button.
fn button_id(what: &str, id: CategoryId) -> String {
    format!("{what}-{id}")
}

#[component]
fn Categories(tree: Tree) -> impl IntoView {
    let t = texts();
    let page = Page::new(tree);
    let count = Memo::new(move |_| page.tree.read().0.len());
    let total = {
        let t = t.clone();
        move || (count.get() > 0).then(|| t.people_category_count(count.get()))
    };
    let (empty_title, empty_text) = (t.people_category_empty(), t.people_category_empty_text());
    view! {
        <section class="card" aria-labelledby="new-category-title">
            <h2 id="new-category-title">{t.people_category_new()}</h2>
            <Add page parent=None/>
        </section>
        <section class="card" aria-labelledby="categories-title">
            <div class="card-head">
                <h2 id="categories-title">{t.people_categories_tree()}</h2>
                <span class="muted small">{total}</span>
            </div>
            {move || {
                let (title, text) = (empty_title.clone(), empty_text.clone());
                (count.get() == 0)
                    .then(|| {
                        view! {
                            <EmptyState icon="inbox" title>
                                <p>{text}</p>
                            </EmptyState>
                        }
                    })
            }}
            {branch(page, None, 1)}
        </section>
        <Delete page/>
    }
    .into_any()
}

/// The categories below `parent`, which are of this depth.
fn branch(page: Page, parent: Option<CategoryId>, depth: usize) -> AnyView {
    let some = Memo::new(move |_| page.children.read().contains_key(&parent));
    (move || {
        some.get().then(|| {
            view! {
                <ul class="branch">
                    <For each=move || page.below(parent) key=|category| category.id let:category>
                        <Row page id=category.id parent depth/>
                    </For>
                </ul>
            }
        })
    })
    .into_any()
}

#[component]
fn Row(page: Page, id: CategoryId, parent: Option<CategoryId>, depth: usize) -> impl IntoView {
    let name =
        Memo::new(move |_| page.children.read().get(&parent).and_then(|row| row.iter().find(|c| c.id == id)).map(|c| c.name.clone()));
    let open = Memo::new(move |_| page.open.get());
    view! {
        <li>
            <div class="node">
                {move || {
                    let name = name.get()?;
                    Some(
                        if open.get() == Some(Open::Rename(id)) {
                            view! { <Rename page id name/> }.into_any()
                        } else {
                            view! { <Shown page id parent depth name/> }.into_any()
                        },
                    )
                }}
            </div>
            {(depth < DEPTH_MAX).then(|| branch(page, Some(id), depth + 1))}
            {move || {
                (open.get() == Some(Open::Below(id)))
                    .then(|| {
                        view! {
                            <div class="below">
                                <Add page parent=Some(id)/>
                            </div>
                        }
                    })
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Shown(page: Page, id: CategoryId, parent: Option<CategoryId>, depth: usize, name: Localized) -> impl IntoView {
    let t = texts();
    let shown = name.get(t.language).to_owned();
    let other = [name.ko, name.en].into_iter().find(|n| !n.is_empty() && *n != shown);
    let place = Memo::new(move |_| {
        let read = page.children.read();
        let row = read.get(&parent)?;
        Some((row.iter().position(|c| c.id == id)?, row.len()))
    });
    let first = move || place.get().is_none_or(|(at, _)| at == 0);
    let last = move || place.get().is_none_or(|(at, of)| at + 1 == of);
    let go = move |by: isize, pressed: &'static str| {
        if let Some(to) = place.get_untracked().and_then(|(at, _)| at.checked_add_signed(by)) {
            page.place(id, to, pressed);
        }
    };
    let heading = match depth {
        1 => view! { <h3>{shown.clone()}</h3> }.into_any(),
        2 => view! { <h4>{shown.clone()}</h4> }.into_any(),
        _ => view! { <h5>{shown.clone()}</h5> }.into_any(),
    };
    let (up, down, delete) = (t.settings_move_up(&shown), t.settings_move_down(&shown), t.settings_delete_named(&shown));
    let below = (depth < DEPTH_MAX).then(|| {
        let label = t.people_category_below_named(&shown);
        view! {
            <IconButton icon="plus" label=label id=button_id("below", id) on_press=Callback::new(move |()| page.open.set(Some(Open::Below(id))))/>
        }
    });
    let rename = t.settings_rename_named(&shown);
    view! {
        <div class="line-main">{heading} {other.map(|other| view! { <p class="muted small">{other}</p> })}</div>
        <div class="line-acts">
            {below}
            <IconButton icon="arrow-up" label=up id=button_id("up", id) disabled=Signal::derive(first) on_press=Callback::new(move |()| go(-1, "up"))/>
            <IconButton icon="arrow-down" label=down id=button_id("down", id) disabled=Signal::derive(last) on_press=Callback::new(move |()| go(1, "down"))/>
            <IconButton icon="pencil" label=rename id=button_id("rename", id) on_press=Callback::new(move |()| page.open.set(Some(Open::Rename(id))))/>
            <IconButton icon="trash" label=delete on_press=Callback::new(move |()| {
                    page.deleting.set(Some(id));
                    page.asks_delete.set(true);
                })/>
        </div>
    }
    .into_any()
}

/// Makes categories below `parent`, one after the other.
#[component]
fn Add(page: Page, parent: Option<CategoryId>) -> impl IntoView {
    let t = texts();
    let name = RwSignal::new(Localized::default());
    // Several are made in a row: a toast for each would pile up.
    let said = RwSignal::new(String::new());
    let work = Work::new();
    let node = NodeRef::<html::Form>::new();
    if parent.is_some() {
        focus_in(node);
    }
    let title = parent.and_then(|id| page.tree.read_untracked().path(id, t.language)).map(|path| t.people_category_below_title(path));
    let label = title.clone().unwrap_or_else(|| t.people_category_new());
    let (add, cancel) = (if parent.is_some() { t.people_category_add() } else { t.people_category_new() }, t.common_close());
    let id = if parent.is_some() { "below-category" } else { "new-category" };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let t = t.clone();
        let typed = name.get_untracked();
        said.set(String::new());
        let request = create_category(parent, typed.clone());
        work.run_on_list(
            async move { request.await.map(|tree| (tree, true)) },
            // Its parent is gone: so is this form with the next tree.
            async move { list_categories().await.map(|tree| (tree, false)) },
            move |(tree, made)| {
                page.tree.set(tree);
                if made {
                    said.set(t.people_category_made(typed.get(t.language).trim()));
                    name.set(Localized::default());
                    focus_first([format!("{id}-ko")]);
                }
            },
        );
    };
    view! {
        <form
            class="form"
            novalidate
            aria-label=label
            node_ref=node
            on:submit=submit
            on:keydown=move |event| {
                if event.key() == "Escape" && parent.is_some() {
                    page.close();
                }
            }
        >
            {title.map(|title| view! { <p class="small muted">{title}</p> })}
            <NameFields id name work/>
            <p class="problem" hidden=move || work.problem("parent").read().is_none()>
                {work.problem("parent")}
            </p>
            <div class="answers">
                {parent.is_some().then(|| view! { <Button on_press=Callback::new(move |()| page.close())>{cancel}</Button> })}
                <Button kind=ButtonKind::Main submit=true busy=work.busy>
                    {add}
                </Button>
                <span class="small muted" role="status">
                    {said}
                </span>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Rename(page: Page, id: CategoryId, name: Localized) -> impl IntoView {
    let t = texts();
    let was = name.clone();
    let label = t.settings_rename_named(name.get(t.language));
    let name = RwSignal::new(name);
    let work = Work::new();
    let save = Callback::new(move |()| {
        work.run_on_list(rename_category(id, was.clone(), name.get_untracked()), list_categories(), move |tree| {
            page.close();
            page.tree.set(tree);
        });
    });
    view! {
        <LineForm label busy=work.busy on_save=save on_close=Callback::new(move |()| page.close())>
            <NameFields id="rename-category" name work/>
        </LineForm>
    }
    .into_any()
}

/// What is asked before a category goes with all below it.
#[component]
fn Delete(page: Page) -> impl IntoView {
    let t = texts();
    let text = {
        let t = t.clone();
        Signal::derive(move || {
            let tree = page.tree.read();
            let asked = page.deleting.get().and_then(|id| Some((tree.path(id, t.language)?, tree.with_children(id).len() - 1)));
            match asked {
                Some((path, 0)) => t.people_category_delete_text(path),
                Some((path, count)) => t.people_category_delete_all_text(count, path),
                None => String::new(),
            }
        })
    };
    let delete = Callback::new(move |()| {
        let Some(id) = page.deleting.get_untracked() else { return };
        page.asks_delete.set(false);
        page.work.run_on_list(delete_category(id), list_categories(), move |tree| page.tree.set(tree));
    });
    view! {
        <Confirm
            id="delete-category"
            open=page.asks_delete
            title=t.people_category_delete()
            text
            confirm=t.settings_delete()
            danger=true
            busy=page.work.busy
            on_confirm=delete
        />
    }
    .into_any()
}
