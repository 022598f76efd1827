//! The agent's surface: the frame of all signed-in pages and the console itself.

mod acts;
mod board;
mod chat_icon;
mod drafts;
mod frame;
mod history;
mod items;
mod keys;
mod line;
mod list;
mod model;
pub mod notice;
mod panel;
mod parcels;
mod resizer;
mod row;
mod shelf;
mod status;
mod store;
mod thread;
mod words;
mod writing;

pub use board::BoardPage;
pub use frame::SignedIn;
pub use history::HistoryPage;
pub use line::Line;
pub use shelf::Shelf;

use crate::{
    domain::ids::ChatId,
    ui::kit::{EmptyState, Snippet, facts, texts},
};
use keys::Keys;
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use list::Lists;
use model::Filter;
use panel::Details;
use thread::{Ending, ThreadPane};

/// `/console` and `/console/CHAT`: lists, thread, details.
#[component]
pub fn Console() -> impl IntoView {
    let t = texts();
    match use_context::<Line>() {
        Some(line) => view! { <Panes line/> }.into_any(),
        None => view! {
            <Title text=t.console_title()/>
            <main class="lone" id="main">
                <EmptyState icon="lock" title=t.console_no_chat_right() heading=true>
                    <p>{t.console_no_chat_right_text()}</p>
                </EmptyState>
            </main>
        }
        .into_any(),
    }
}

#[component]
fn Panes(line: Line) -> impl IntoView {
    let t = texts();
    let params = use_params_map();
    let chat = Memo::new(move |_| params.read().get_str("chat").and_then(|id| id.parse::<ChatId>().ok()));
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(|query| Filter::parse(query.get_str("show"), query.get_str("q"))));
    line.filter.set(filter.get_untracked());
    Effect::new(move |_| line.follow_address(filter.get()));
    // A page opened at a chat shows the list that has it.
    if let Some(tab) = chat.get_untracked().and_then(|id| line.store.row_untracked(id)).and_then(|row| row.tab(line.store.me())) {
        line.tab.set(tab);
    }
    Effect::new(move |_| {
        let chat = chat.get();
        line.open.set(chat);
        if let Some(chat) = chat {
            line.store.look(Some(chat));
            if line.store.row_untracked(chat).is_some_and(|row| row.card.flagged) {
                spawn_local(line.flag(chat, false));
            }
        }
    });
    on_cleanup(move || {
        let _ = line.open.try_set(None);
    });
    let details = RwSignal::new(false);
    view! {
        <Title text=t.console_title()/>
        <main class="console" id="main" class:open=move || chat.read().is_some() class:with-details=details>
            <h1 class="visually-hidden">{t.console_title()}</h1>
            <Lists line chat/>
            <Keys line chat details/>
            {move || match chat.get() {
                Some(id) => {
                    view! {
                        <ThreadPane line chat=id details/>
                        <Details line chat=id open=details/>
                    }
                        .into_any()
                }
                None => view! { <NoChat line/> }.into_any(),
            }}
            <Ending line/>
        </main>
    }
    .into_any()
}

/// The middle while no chat is open: how it works, or how to get the first one.
#[component]
fn NoChat(line: Line) -> impl IntoView {
    let t = texts();
    let snippet = facts().map(|f| {
        let address = f.public_url.trim_end_matches('/').to_owned();
        format!("<script async src=\"{address}/widget/{}.js\"></script>", line.store.about(|a| a.widget.clone()))
    });
    let empty = Memo::new(move |_| line.store.is_empty());
    view! {
        <div class="pane thread">
            {move || {
                let (t, snippet) = (t.clone(), snippet.clone());
                match snippet.filter(|_| empty.get()) {
                    Some(code) => {
                        view! {
                            <EmptyState icon="message" title=t.console_snippet_title()>
                                <p>{t.console_snippet_text()}</p>
                                <Snippet code/>
                            </EmptyState>
                        }
                            .into_any()
                    }
                    None => {
                        view! {
                            <EmptyState icon="message" title=t.console_choose_chat()>
                                <p>{t.console_choose_chat_text()}</p>
                            </EmptyState>
                        }
                            .into_any()
                    }
                }
            }}
        </div>
    }
    .into_any()
}
