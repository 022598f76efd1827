//! A chat as one agent's lists see it.

use super::{Left, Tab, all};
use crate::{
    domain::{
        chat::{Author, Event, State},
        ids::{AccountId, ChatId},
        time::Timestamp,
        watching::Watching,
    },
    protocol::{Card, Marks},
};
use std::cmp::Reverse;

/// A chat as the lists and its head show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub card: Card,
    /// The customer is typing, believed until then.
    pub typing_until: Option<Timestamp>,
    /// Whether the customer is there (G33), as it was told while the chat was in front.
    pub watching: Option<Watching>,
    pub left: Option<Left>,
    /// My own marks, as far as this page knows them.
    pub mine: Marks,
}

impl Row {
    pub(super) fn new(card: Card) -> Self {
        let mine = if card.unread == 0 { all(&card) } else { Marks::default() };
        Self { card, typing_until: None, watching: None, left: None, mine }
    }

    /// The list this chat belongs to in the eyes of `me`.
    #[must_use]
    pub fn tab(&self, me: AccountId) -> Option<Tab> {
        if self.left.is_some() {
            return None;
        }
        // What I am invited into waits for my answer; what I take part in is talked in (A80).
        match self.card.chat.guest(me) {
            Some(_) if self.card.chat.is_ended() => return None,
            Some(guest) => return Some(if guest.joined { Tab::Active } else { Tab::Waiting }),
            None => {}
        }
        match self.card.chat.state {
            State::Waiting { .. } => Some(Tab::Waiting),
            State::Active { agent, .. } | State::CustomerEnded { agent, .. } if agent == me => Some(Tab::Active),
            State::Held { agent, .. } if agent == me => Some(Tab::Held),
            _ => None,
        }
    }

    /// Since when the customer waits for a first answer: also on hold before the start (G28).
    #[must_use]
    pub fn waiting_since(&self) -> Option<Timestamp> {
        match self.card.chat.state {
            _ if self.left.is_some() => None,
            State::Waiting { since } => Some(since),
            State::Held { .. } if self.card.chat.started.is_none() => self.card.chat.accepted_at,
            _ => None,
        }
    }

    /// Whether it has words that I have not read, or was put back among those (K10).
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.card.unread > 0 || self.card.flagged
    }

    /// Since when the customer's last word has no answer, in a chat of mine.
    #[must_use]
    pub fn unanswered_since(&self) -> Option<Timestamp> {
        let last = self.card.last.as_ref()?;
        matches!(last.event, Event::Message { author: Author::Customer, .. }).then_some(last.at)
    }

    /// Whether I am invited and have not answered yet.
    #[must_use]
    pub fn is_invitation(&self, me: AccountId) -> bool {
        self.left.is_none() && !self.card.chat.is_ended() && self.card.chat.guest(me).is_some_and(|guest| !guest.joined)
    }

    /// Whether somebody else has the chat in hand; then it can only be read.
    #[must_use]
    pub fn other_agent(&self, me: AccountId) -> Option<AccountId> {
        match self.left {
            Some(Left::TakenBy(agent)) => Some(agent),
            _ => self.card.chat.agent().filter(|a| *a != me),
        }
    }

    pub(super) fn order(&self, me: AccountId) -> (u8, i64, Reverse<i64>, ChatId) {
        let id = self.card.chat.id;
        if let Some(guest) = self.card.chat.guest(me).filter(|guest| !guest.joined) {
            return (0, guest.at.0, Reverse(0), id);
        }
        match self.card.chat.state {
            // What is offered to me comes before what is only to be read.
            State::Waiting { .. } => {
                let (behind, at) = self.card.chat.place.order();
                let others = u8::from(self.card.chat.offer.is_none_or(|offer| offer.agent != me));
                (others * 2 + u8::from(behind), at.0, Reverse(0), id)
            }
            State::Held { since, .. } => (0, since.0, Reverse(0), id),
            _ => match self.unanswered_since() {
                Some(at) => (0, at.0, Reverse(0), id),
                None => (1, 0, Reverse(self.card.last.as_ref().map_or(self.card.chat.intake_at, |l| l.at).0), id),
            },
        }
    }
}
