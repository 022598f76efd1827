//! The lists: who waits, who is talked to, who is on hold.

use super::{
    line::Line,
    model::{Filter, Show, Tab},
    resizer::{Pane, Resizer},
    row::RowLink,
    words::since,
};
use crate::{
    domain::ids::ChatId,
    ui::{
        kit::{EmptyState, Icon, TabList, TabName, panel_id, tab_id, texts},
        live::socket::Link,
    },
};
use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

const ID: &str = "lists";

fn key(tab: Tab) -> &'static str {
    match tab {
        Tab::Waiting => "waiting",
        Tab::Active => "active",
        Tab::Held => "held",
    }
}

/// The left pane.
#[component]
pub fn Lists(line: Line, #[prop(into)] chat: Signal<Option<ChatId>>) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let tabs = Tab::ALL
        .into_iter()
        .map(|tab| {
            let word = match tab {
                Tab::Waiting => t.console_tab_waiting(),
                Tab::Active => t.console_tab_active(),
                Tab::Held => t.console_tab_held(),
            };
            TabName { value: tab, key: key(tab), label: Signal::derive(move || format!("{word} {}", store.count(tab))) }
        })
        .collect::<Vec<_>>();
    let choose = Callback::new(move |tab| {
        line.tab.set(tab);
        if tab == Tab::Waiting {
            store.look(None);
        }
    });
    view! {
        <section class="pane lists" aria-label=t.console_lists_label()>
            <header class="head">
                <b class="cut">{store.about(|a| a.my_name.clone())}</b>
                <LinkState line/>
            </header>
            <Find line chat/>
            <TabList id=ID label=t.console_lists_label() tabs selected=line.tab on_select=choose/>
            <Shows line chat/>
            <Panel line chat/>
            <Summary line/>
            <Resizer pane=Pane::Lists/>
        </section>
    }
    .into_any()
}

/// Connected or not, in words.
#[component]
fn LinkState(line: Line) -> impl IntoView {
    let t = texts();
    let link = line.link();
    let words = move || match link.get() {
        Link::Up => t.console_connected(),
        Link::Idle | Link::Connecting { .. } => t.console_connecting(),
        Link::Down { .. } => t.console_reconnecting(),
        Link::Closed(_) => t.console_hung_up(),
    };
    view! {
        <span class="link-state push small" class:up=move || link.get() == Link::Up class:down=move || link.get().is_down()>
            <span class="dot" aria-hidden="true"></span>
            {words}
        </span>
    }
    .into_any()
}

/// Finds chats by who the customer is, by tag, queue or page (K17).
#[component]
fn Find(line: Line, #[prop(into)] chat: Signal<Option<ChatId>>) -> impl IntoView {
    let t = texts();
    let navigate = use_navigate();
    let node = NodeRef::<html::Input>::new();
    let look = Callback::new(move |words: String| {
        let words = if words.trim().is_empty() { String::new() } else { words };
        if line.filter.with_untracked(|filter| filter.words == words) {
            return;
        }
        line.look_for(words);
        let address = line.filter.with_untracked(|filter| filter.address(chat.get_untracked()));
        navigate(&address, NavigateOptions { replace: true, scroll: false, ..Default::default() });
    });
    // What Back or a link brings; what is being typed is there already.
    Effect::new(move |began: Option<bool>| {
        let Some(input) = node.get() else { return false };
        let words = line.filter.with(|filter| filter.words.clone());
        match (input.value().trim() == words.trim(), began) {
            (true, _) => {}
            (false, Some(true)) => input.set_value(&words),
            // Typed before the page came to life.
            (false, _) => look.run(input.value()),
        }
        true
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() && !line.filter.with_untracked(|filter| filter.words.is_empty()) {
            event.prevent_default();
            look.run(String::new());
        }
    };
    view! {
        <div class="find">
            <Icon name="search"/>
            <input
                node_ref=node
                type="search"
                class="input"
                aria-label=t.console_find()
                placeholder=t.console_find_by()
                value=line.filter.with_untracked(|filter| filter.words.clone())
                autocomplete="off"
                spellcheck="false"
                maxlength="100"
                on:input=move |event| look.run(event_target_value(&event))
                on:keydown=on_key
            />
        </div>
    }
    .into_any()
}

/// Which of the chats in hand are shown: links, so that the address says it (K17).
#[component]
fn Shows(line: Line, #[prop(into)] chat: Signal<Option<ChatId>>) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let links = Show::ALL
        .into_iter()
        .map(|show| {
            let word = match show {
                Show::All => t.console_show_all(),
                Show::Unread => t.console_show_unread(),
                Show::Unanswered => t.console_show_unanswered(),
            };
            let count = Memo::new(move |_| store.in_hand(show).len());
            let address = move || line.filter.with(|filter| Filter { show, ..filter.clone() }.address(chat.get()));
            view! {
                <a href=address aria-current=move || line.filter.with(|filter| filter.show == show).then_some("true")>
                    {word}
                    " "
                    {count}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="shows" aria-label=t.console_show_label() hidden=move || line.tab.get() != Tab::Active>
            {links}
        </nav>
    }
    .into_any()
}

/// The chosen list. While the pointer or the focus is inside nothing in it moves (K9);
/// what came meanwhile is a button.
#[component]
fn Panel(line: Line, #[prop(into)] chat: Signal<Option<ChatId>>) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let listed = move || line.filter.with(|filter| store.shown(line.tab.get(), filter));
    let shown = RwSignal::new(untrack(listed));
    let (hovered, focused) = (RwSignal::new(false), RwSignal::new(false));
    let frozen = Memo::new(move |_| hovered.get() || focused.get());
    Effect::new(move |before: Option<(Tab, Filter)>| {
        let tab = (line.tab.get(), line.filter.get());
        let fresh = listed();
        // A tab's first look is never held back, nor is the end of an empty screen.
        let held = frozen.get() && before.as_ref() == Some(&tab) && !shown.read_untracked().is_empty();
        if !held && *shown.read_untracked() != fresh {
            shown.set(fresh);
        }
        tab
    });
    // Who opens a chat goes on in the thread.
    Effect::new(move |_| {
        chat.track();
        hovered.set(false);
        focused.set(false);
    });
    let held_back = Memo::new(move |_| {
        let shown = shown.read();
        listed().iter().filter(|id| !shown.contains(id)).count()
    });
    let show_all = move |_| shown.set(untrack(listed));
    let pill = {
        let t = t.clone();
        move || t.console_new_items(held_back.get())
    };
    let is_empty = Memo::new(move |_| shown.read().is_empty());
    let looking = Memo::new(move |_| line.filter.with(|filter| !filter.words.is_empty()));
    let found = {
        let t = t.clone();
        move || looking.get().then(|| t.console_found(shown.read().len()))
    };
    view! {
        <div
            class="panel"
            role="tabpanel"
            id=panel_id(ID)
            aria-labelledby=move || tab_id(ID, key(line.tab.get()))
            on:pointermove=move |event: ev::PointerEvent| {
                if !hovered.get_untracked() && event.pointer_type() != "touch" {
                    hovered.set(true);
                }
            }
            on:pointerleave=move |_| hovered.set(false)
            on:focusin=move |_| focused.set(true)
            on:focusout=move |_| focused.set(false)
        >
            <ul class="rows" hidden=is_empty>
                <For each=move || shown.get() key=|id| *id let:id>
                    <RowLink line id chat/>
                </For>
            </ul>
            {move || {
                let t = t.clone();
                is_empty
                    .get()
                    .then(|| {
                        let (icon, title, text) = match line.tab.get() {
                            _ if looking.get() => ("search", t.console_empty_found(), t.console_empty_found_text()),
                            Tab::Waiting => ("inbox", t.console_empty_waiting(), t.console_empty_waiting_text()),
                            Tab::Active if line.filter.with(|filter| filter.show != Show::All) => ("check", t.console_empty_shown(), t.console_empty_shown_text()),
                            Tab::Active => ("message", t.console_empty_active(), t.console_empty_active_text()),
                            Tab::Held => ("pause", t.console_empty_held(), t.console_empty_held_text()),
                        };
                        view! {
                            <EmptyState icon title>
                                <p>{text}</p>
                            </EmptyState>
                        }
                    })
            }}
            <p class="visually-hidden" role="status">{found}</p>
            <div class="pill-place" role="status">
                <Show when=move || held_back.get() != 0>
                    <button type="button" class="pill" on:click=show_all>
                        <Icon name="arrow-down"/>
                        {pill.clone()}
                    </button>
                </Show>
            </div>
        </div>
    }
    .into_any()
}

/// Who waits, and how long at most, whatever list is in front.
#[component]
fn Summary(line: Line) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let count = Memo::new(move |_| store.count(Tab::Waiting));
    let longest = Memo::new(move |_| store.longest_wait());
    view! {
        <footer class="summary small muted">
            {move || match longest.get() {
                Some(at) => t.console_summary(count.get(), since(store.now().get(), at)),
                None => t.console_summary_none(),
            }}
        </footer>
    }
    .into_any()
}
