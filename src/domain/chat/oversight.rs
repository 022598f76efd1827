//! What 현황·통계 does with anybody's chat (E6, G32): gives it to an agent, takes it, or puts
//! it into a queue. And what of an agent's chats is work in hand (G17).

use super::{Chat, Event, LastWord, Offer, Refused, Requeued, State, Step};
use crate::domain::{
    ids::{AccountId, QueueId},
    time::{MINUTE, Timestamp},
};

/// A chat without a word for longer does not count as work in hand (G17).
const BUSY_FOR: i64 = 10 * MINUTE;

impl Chat {
    /// Whether it counts as work in this agent's hand (G17): talked in lately, or on hold.
    #[must_use]
    pub fn keeps_busy(&self, agent: AccountId, now: Timestamp) -> bool {
        match self.state {
            State::Active { agent: owner, since } => {
                let last = self.last_word.map_or(since, |LastWord { at, .. }| at.max(since));
                owner == agent && now.since(last) <= BUSY_FOR
            }
            State::Held { agent: owner, .. } => owner == agent,
            _ => false,
        }
    }

    /// Whether it is offered to this agent.
    #[must_use]
    pub fn is_offered_to(&self, agent: AccountId) -> bool {
        self.offer.is_some_and(|Offer { agent: to, .. }| to == agent)
    }

    /// Gives it to an agent like a delegation: he resumes it, or it comes back (G28). Also to
    /// who has given it to his own queue (G7). Whether `to` can take it is the caller's to know.
    ///
    /// # Errors
    /// [`Refused`] when nobody can be given it, or `to` has it already.
    pub fn assign(self, by: AccountId, to: AccountId, note: Option<String>, at: Timestamp) -> Result<Step, Refused> {
        self.goes_on()?;
        if self.agent() == Some(to) || by == to {
            return Err(Refused::NotEligible);
        }
        Ok(self.with_note(by, note, Event::Delegated { from: by, to }, at))
    }

    /// Takes it, whoever has it, in mid-conversation if there is one.
    ///
    /// # Errors
    /// [`Refused`] when nobody can have it, or it is his already.
    pub fn taken_over(self, by: AccountId, at: Timestamp) -> Result<Step, Refused> {
        self.goes_on()?;
        let event = match self.agent() {
            Some(agent) if agent == by => return Err(Refused::AlreadyStarted),
            Some(agent) if self.started.is_some() => Event::HandedOver { from: agent, to: by },
            _ => self.begun_by(by),
        };
        Ok(self.with(vec![event], at))
    }

    /// Puts it to the front of a queue. Whether the queue takes chats is the caller's to know.
    ///
    /// # Errors
    /// [`Refused`] when the customer has ended it, or has not said anything, or it waits there.
    pub fn put_into(self, by: AccountId, queue: QueueId, at: Timestamp) -> Result<Step, Refused> {
        self.goes_on()?;
        if matches!(self.state, State::Waiting { .. }) && self.queue == queue {
            return Err(Refused::NotActive);
        }
        Ok(self.with(vec![Event::Queued { queue, front: true, why: Requeued::Put(by) }], at))
    }

    /// Whether somebody wants an answer.
    fn goes_on(&self) -> Result<(), Refused> {
        match self.state {
            State::Waiting { .. } | State::Active { .. } | State::Held { .. } => Ok(()),
            State::Intake { .. } => Err(Refused::NothingToAnswer),
            State::CustomerEnded { .. } => Err(Refused::CustomerEnded),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }
}
