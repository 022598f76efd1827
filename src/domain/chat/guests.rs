//! 상담원 초대 (A80): another agent beside the one who has the chat. He reads it from his
//! invitation on and writes from his yes on; the chat stays its agent's. The customer sees his
//! messages and nothing else of him. A guest is no work in hand: he does not count in
//! capacity (G17), and neither routing nor rules of time look at him.

use super::{Chat, Event, Refused, State, Step};
use crate::domain::{ids::AccountId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// An agent who was invited into a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    pub account: AccountId,
    /// Who has invited him.
    pub by: AccountId,
    /// Since when he is invited, or takes part.
    pub at: Timestamp,
    /// He has said yes.
    pub joined: bool,
}

impl Chat {
    /// What this agent is in the chat as a guest, if he is one.
    #[must_use]
    pub fn guest(&self, agent: AccountId) -> Option<Guest> {
        self.guests.iter().copied().find(|guest| guest.account == agent)
    }

    /// Whether he is invited and has said yes.
    #[must_use]
    pub fn takes_part(&self, agent: AccountId) -> bool {
        self.guest(agent).is_some_and(|guest| guest.joined)
    }

    /// 상담원 초대, by the agent who has the chat. Whether `to` may chat is the caller's to know.
    ///
    /// # Errors
    /// [`Refused`] when it is not in conversation with him, [`Refused::NotEligible`] for who is
    /// in it already.
    pub fn invite(self, from: AccountId, to: AccountId, note: Option<String>, at: Timestamp) -> Result<Step, Refused> {
        self.active_of(from)?;
        if from == to || self.guest(to).is_some() {
            return Err(Refused::NotEligible);
        }
        Ok(self.with_note(from, note, Event::Invited { from, to }, at))
    }

    /// An invited agent's yes.
    ///
    /// # Errors
    /// [`Refused::NotEligible`] for who is not invited (any more), [`Refused::AlreadyStarted`]
    /// for who takes part already.
    pub fn join(self, agent: AccountId, at: Timestamp) -> Result<Step, Refused> {
        match self.invited(agent)? {
            true => Err(Refused::AlreadyStarted),
            false => Ok(self.with(vec![Event::Joined { agent }], at)),
        }
    }

    /// A guest goes, or an invited agent says no.
    ///
    /// # Errors
    /// [`Refused::NotEligible`] for who is no guest.
    pub fn leave(self, agent: AccountId, at: Timestamp) -> Result<Step, Refused> {
        let joined = self.invited(agent)?;
        Ok(self.with(vec![if joined { Event::Left { agent } } else { Event::Declined { agent } }], at))
    }

    /// Whether this guest of a chat that goes on has said yes.
    fn invited(&self, agent: AccountId) -> Result<bool, Refused> {
        if self.is_ended() {
            return Err(Refused::Ended);
        }
        self.guest(agent).map(|guest| guest.joined).ok_or(Refused::NotEligible)
    }

    /// Whether a guest may write now: wherever its agent could.
    pub(super) fn guest_writes(&self, agent: AccountId) -> bool {
        self.takes_part(agent) && matches!(self.state, State::Active { .. } | State::Held { .. })
    }

    pub(super) fn invited_by(&mut self, from: AccountId, to: AccountId, at: Timestamp) {
        self.guests.push(Guest { account: to, by: from, at, joined: false });
    }

    pub(super) fn joined(&mut self, agent: AccountId, at: Timestamp) {
        for guest in self.guests.iter_mut().filter(|guest| guest.account == agent) {
            (guest.joined, guest.at) = (true, at);
        }
    }

    /// He is no guest any more: gone, or the chat is his own now.
    pub(super) fn no_guest(&mut self, agent: AccountId) {
        self.guests.retain(|guest| guest.account != agent);
    }
}
