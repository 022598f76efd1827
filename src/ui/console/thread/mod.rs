//! One chat: its head, its log, and the place to answer.

mod answer;
mod blocking;
mod caret;
mod ending;
mod files;
mod finder;
mod handover;
mod head;
mod log;
mod matches;
mod message;
mod rating;
mod rich;
mod watching;
mod why;

use super::{line::Line, model::Row};
use crate::{
    domain::{
        chat::{Hold, Refused, State},
        ids::{AccountId, ChatId},
        settings::RoutingMode,
    },
    i18n::Texts,
    ui::live::socket::Link,
};
pub use ending::Ending;
pub use handover::{Handover, Way};

use answer::{DropHere, Foot};
pub use files::{Files, Lightbox, Picture};
use head::Head;
use leptos::{html, prelude::*};
use log::Log;

/// What this agent may do with the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    /// Not known yet.
    Unknown,
    /// Waiting, and mine to begin: the first reply starts it (G3).
    Free,
    /// Waiting, and not mine to begin: offered to this one, or to nobody yet (G16).
    Waits(Option<AccountId>),
    /// Waiting in a queue that I have given it to myself (G7).
    GivenAway,
    Mine,
    /// On hold with me: put aside, or delegated by somebody.
    Held {
        by: Option<AccountId>,
    },
    /// A colleague's, into which I am invited; by whom (A80).
    Invited(AccountId),
    /// A colleague's in which I take part; his name is the head's.
    Guest,
    /// Mine, but the customer has ended it.
    CustomerEnded,
    /// Somebody else's; who, if that is known.
    Others(Option<AccountId>),
    Ended,
}

impl Hand {
    fn of(row: Option<&Row>, me: AccountId, mode: RoutingMode) -> Self {
        let Some(row) = row else { return Self::Unknown };
        if row.card.chat.is_ended() {
            return Self::Ended;
        }
        if row.left.is_some() {
            return Self::Others(row.other_agent(me));
        }
        match (row.card.chat.guest(me), row.card.chat.state) {
            (Some(guest), _) if !guest.joined => return Self::Invited(guest.by),
            (Some(_), State::Active { .. } | State::Held { .. }) => return Self::Guest,
            _ => {}
        }
        match row.card.chat.state {
            State::Intake { .. } => Self::Unknown,
            State::Waiting { .. } => match row.card.chat.may_start(me, mode) {
                Ok(()) => Self::Free,
                Err(Refused::NotOffered { to }) => Self::Waits(to),
                Err(_) => Self::GivenAway,
            },
            State::CustomerEnded { agent, .. } if agent == me => Self::CustomerEnded,
            State::Active { agent, .. } if agent == me => Self::Mine,
            State::Held { agent, why, .. } if agent == me => {
                Self::Held { by: if let Hold::Delegated { from } = why { Some(from) } else { None } }
            }
            _ => Self::Others(row.other_agent(me)),
        }
    }

    fn may_write(self) -> bool {
        matches!(self, Self::Free | Self::Mine | Self::Guest | Self::Held { .. })
    }

    fn may_end(self) -> bool {
        matches!(self, Self::Mine | Self::CustomerEnded | Self::Held { .. })
    }
}

/// Whether this agent may end a chat of his lists.
pub fn may_end(line: Line, chat: ChatId) -> bool {
    Hand::of(line.store.row_untracked(chat).as_ref(), line.store.me(), line.store.mode()).may_end()
}

/// The middle pane with a chat open.
#[component]
pub fn ThreadPane(line: Line, chat: ChatId, details: RwSignal<bool>) -> impl IntoView {
    let store = line.store;
    let hand = Memo::new(move |_| Hand::of(store.row(chat).as_ref(), store.me(), store.mode()));
    let field = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        if store.with_log_untracked(chat, |_| ()).is_none() {
            line.load(chat, None);
        }
    });
    Effect::new(move |_| {
        if line.link().get() == Link::Up {
            line.watch(chat);
        }
    });
    provide_context(Picture::default());
    let may_attach = Memo::new(move |_| hand.get().may_write());
    view! {
        <section class="pane thread" aria-labelledby="thread-title">
            <Head line chat hand details field/>
            <DropHere line chat may=may_attach>
                <Log line chat/>
                <Foot line chat hand field/>
            </DropHere>
            <Lightbox/>
        </section>
    }
    .into_any()
}

/// A colleague's name, or the word for one.
fn name_or(texts: &Texts, line: Line, agent: AccountId) -> String {
    line.store.name_of(agent).unwrap_or_else(|| texts.console_agent())
}
