//! One chat: its head, its log, and the place to answer.

mod answer;
mod customer;
mod head;
mod log;
mod message;

use super::{line::Line, model::Row};
use crate::{
    domain::{
        chat::State,
        ids::{AccountId, ChatId},
    },
    i18n::Texts,
};
use answer::Foot;
use head::Head;
use leptos::{html, prelude::*};
use log::Log;

/// What this agent may do with the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    /// Not known yet.
    Unknown,
    /// Waiting: the first reply starts it (G3).
    Free,
    Mine,
    /// Mine, but the customer has ended it.
    CustomerEnded,
    /// Somebody else's; who, if that is known.
    Others(Option<AccountId>),
    Ended,
}

impl Hand {
    fn of(row: Option<&Row>, me: AccountId) -> Self {
        let Some(row) = row else { return Self::Unknown };
        if row.card.chat.is_ended() {
            return Self::Ended;
        }
        if row.left.is_some() {
            return Self::Others(row.other_agent(me));
        }
        match row.card.chat.state {
            State::Intake { .. } => Self::Unknown,
            State::Waiting { .. } => Self::Free,
            State::CustomerEnded { agent, .. } if agent == me => Self::CustomerEnded,
            State::Active { agent, .. } | State::Held { agent, .. } if agent == me => Self::Mine,
            _ => Self::Others(row.other_agent(me)),
        }
    }

    fn may_write(self) -> bool {
        matches!(self, Self::Free | Self::Mine)
    }

    fn may_end(self) -> bool {
        matches!(self, Self::Mine | Self::CustomerEnded)
    }
}

/// The middle pane with a chat open.
#[component]
pub fn ThreadPane(line: Line, chat: ChatId, details: RwSignal<bool>) -> impl IntoView {
    let store = line.store;
    let hand = Memo::new(move |_| Hand::of(store.row(chat).as_ref(), store.me()));
    let field = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        if store.with_log_untracked(chat, |_| ()).is_none() {
            line.load(chat, None);
        }
    });
    view! {
        <section class="pane thread" aria-labelledby="thread-title">
            <Head line chat hand details field/>
            <Log line chat/>
            <Foot line chat hand field/>
        </section>
    }
    .into_any()
}

/// A colleague's name, or the word for one.
fn name_or(texts: &Texts, line: Line, agent: AccountId) -> String {
    line.store.name_of(agent).unwrap_or_else(|| texts.console_agent())
}
