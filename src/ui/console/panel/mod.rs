//! The right pane: what is known and noted beside a chat (A36, A53–A60). On a narrow page it
//! is a sheet over the conversation.

mod beside;
mod category;
mod choice;
mod customer;
mod earlier;
mod information;
mod kept;
mod keys;
mod tags;
mod ticket;
mod tickets;
mod transcript;
mod words;

pub use beside::Beside;
pub use category::CategoryPicker;
pub use information::{differs, place, typed};
pub use kept::forget;
pub use keys::turn;
pub use tags::TagChoice;

use super::{
    line::Line,
    resizer::{Pane, Resizer},
};
use crate::{
    domain::ids::ChatId,
    ui::{
        kit::{Button, EmptyState, IconButton, texts},
        problems::plain_error_text,
    },
};
use beside::Front;
use earlier::Earlier;
use information::Notes;
use leptos::prelude::*;
use ticket::TicketView;
use tickets::Tickets;
use transcript::TranscriptView;

/// The id of the pane.
const ID: &str = "details";

/// The pane beside the conversation.
#[component]
pub fn Details(
    line: Line,
    chat: ChatId,
    /// Whether it is open where it is a sheet.
    open: RwSignal<bool>,
) -> impl IntoView {
    let t = texts();
    let beside = Beside::new(line, chat);
    let loaded = Memo::new(move |_| beside.panel.read().is_some());
    // Opened, it has the focus.
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if now && before == Some(false) {
            keys::enter();
        }
        now
    });
    let main = move || beside.front.get() == Front::Main;
    let (title, close) = (t.console_customer_info(), t.panel_close());
    let front = move || match beside.front.get() {
        Front::Main => ().into_any(),
        Front::Ticket(which) => view! { <TicketView beside which/> }.into_any(),
        Front::Earlier(earlier) => view! { <TranscriptView beside earlier/> }.into_any(),
    };
    view! {
        <section class="pane details" id=ID tabindex="-1" aria-labelledby="details-title" on:keydown=move |event| keys::escape(&event, beside, open)>
            <Resizer pane=Pane::Details/>
            <div class="beside" hidden=move || !main()>
                <header class="head">
                    <h2 id="details-title">{title}</h2>
                    <div class="push sheet-close">
                        <IconButton icon="x" label=close on_press=Callback::new(move |()| keys::close(open))/>
                    </div>
                </header>
                {move || {
                    if loaded.get() {
                        view! {
                            <Notes beside>
                                <Tickets beside/>
                                <Earlier beside/>
                            </Notes>
                        }
                            .into_any()
                    } else {
                        view! { <NotLoaded beside/> }.into_any()
                    }
                }}
            </div>
            {front}
        </section>
    }
    .into_any()
}

/// Nothing there yet, or why nothing came.
#[component]
fn NotLoaded(beside: Beside) -> impl IntoView {
    let t = texts();
    move || match beside.failed.get() {
        Some(error) => {
            let (text, retry) = (plain_error_text(&t, &error), t.common_retry());
            view! {
                <EmptyState icon="alert" title=t.panel_failed()>
                    <p>{text}</p>
                    <Button on_press=Callback::new(move |()| beside.load())>{retry}</Button>
                </EmptyState>
            }
            .into_any()
        }
        None => view! { <p class="muted none" role="status">{t.common_loading()}</p> }.into_any(),
    }
}
