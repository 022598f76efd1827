//! Who has a chat, and how it goes from one to another (PRODUCT §3, A43–A46, A76–A80):
//! offers, delegation, hold, queues. The customer sees none of it.

use super::{Chat, EndedBy, Event, Hold, Offer, OfferEnd, Refused, Requeued, State, Step};
use crate::domain::{
    ids::{AccountId, QueueId},
    routing::Why,
    settings::RoutingMode,
    time::Timestamp,
};

impl Chat {
    /// Whether this agent may begin what waits: what is offered to him, or with 선착순
    /// whatever he has not given away.
    ///
    /// # Errors
    /// [`Refused::GivenAway`], [`Refused::NotOffered`].
    pub fn may_start(&self, agent: AccountId, mode: RoutingMode) -> Result<(), Refused> {
        if self.excluded.contains(&agent) {
            return Err(Refused::GivenAway);
        }
        let to = self.offer.map(|offer| offer.agent);
        if mode == RoutingMode::Open || to == Some(agent) { Ok(()) } else { Err(Refused::NotOffered { to }) }
    }

    /// The first start is 상담 시작; later ones the customer does not hear of (A45).
    pub(super) fn begun_by(&self, agent: AccountId) -> Event {
        if self.started.is_none() { Event::Started { agent } } else { Event::Resumed { agent } }
    }

    /// Whether it is in conversation with this agent.
    pub(super) fn active_of(&self, agent: AccountId) -> Result<(), Refused> {
        match self.state {
            State::Active { agent: owner, .. } if owner == agent => Ok(()),
            State::CustomerEnded { agent: owner, .. } if owner == agent => Err(Refused::CustomerEnded),
            State::Held { agent: owner, .. } if owner == agent => Err(Refused::NotActive),
            State::Active { agent, .. } | State::Held { agent, .. } | State::CustomerEnded { agent, .. } => Err(Refused::TakenBy { agent }),
            State::Intake { .. } | State::Waiting { .. } => Err(Refused::NotStarted),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }

    /// Offers what waits (G16).
    ///
    /// # Errors
    /// [`Refused`] when it waits no longer.
    pub fn offer_to(self, agent: AccountId, why: Why, at: Timestamp) -> Result<Step, Refused> {
        self.waits()?;
        Ok(self.with(vec![Event::Offered { agent, why }], at))
    }

    /// Takes an offer back.
    ///
    /// # Errors
    /// [`Refused`] when it is not offered to him any more.
    pub fn withdraw(self, agent: AccountId, how: OfferEnd, at: Timestamp) -> Result<Step, Refused> {
        self.waits()?;
        match self.offer {
            Some(Offer { agent: to, .. }) if to == agent => Ok(self.with(vec![Event::OfferEnded { agent, how }], at)),
            other => Err(Refused::NotOffered { to: other.map(|offer| offer.agent) }),
        }
    }

    fn waits(&self) -> Result<(), Refused> {
        match self.state {
            State::Waiting { .. } => Ok(()),
            State::Active { agent, .. } | State::Held { agent, .. } | State::CustomerEnded { agent, .. } => Err(Refused::TakenBy { agent }),
            State::Intake { .. } => Err(Refused::NothingToAnswer),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }

    /// 담당자 위임 (A43), before the start or after it. Whether `to` can take it is the
    /// caller's to know (A44).
    ///
    /// # Errors
    /// [`Refused`] when it is not this agent's to give, or `to` has it already.
    pub fn delegate(self, from: AccountId, to: AccountId, note: Option<String>, mode: RoutingMode, at: Timestamp) -> Result<Step, Refused> {
        if from == to {
            return Err(Refused::NotEligible);
        }
        match self.state {
            State::Waiting { .. } => self.may_start(from, mode)?,
            State::Held { agent, .. } if agent == from => {}
            _ => self.active_of(from)?,
        }
        Ok(self.with_note(from, note, Event::Delegated { from, to }, at))
    }

    /// 상담 재개 (A46); on what never started it is the start (G28).
    ///
    /// # Errors
    /// [`Refused`] when it is not on hold with him.
    pub fn resume(self, agent: AccountId, at: Timestamp) -> Result<Step, Refused> {
        self.held_by(agent)?;
        let begun = self.begun_by(agent);
        Ok(self.with(vec![begun], at))
    }

    fn held_by(&self, agent: AccountId) -> Result<Hold, Refused> {
        match self.state {
            State::Held { agent: owner, why, .. } if owner == agent => Ok(why),
            State::Active { agent: owner, .. } | State::Held { agent: owner, .. } | State::CustomerEnded { agent: owner, .. }
                if owner != agent =>
            {
                Err(Refused::TakenBy { agent: owner })
            }
            State::Ended { .. } => Err(Refused::Ended),
            _ => Err(Refused::NotHeld),
        }
    }

    /// 돌려보내기 (G28), by the receiver or, `late`, because he did not resume it: back to
    /// who delegated it if he is `there`, else to the front of the queue.
    ///
    /// # Errors
    /// [`Refused`] when it was not delegated to him.
    pub fn give_back(self, agent: AccountId, there: bool, late: bool, at: Timestamp) -> Result<Step, Refused> {
        let Hold::Delegated { from } = self.held_by(agent)? else { return Err(Refused::NotHeld) };
        let event = if there {
            Event::Returned { agent, to: from, late }
        } else {
            let why = if late { Requeued::NotResumed(agent) } else { Requeued::Released(agent) };
            Event::Queued { queue: self.queue, front: true, why }
        };
        Ok(self.with(vec![event], at))
    }

    /// Puts one's own chat aside (G29).
    ///
    /// # Errors
    /// [`Refused`] when it is not in conversation with him.
    pub fn park(self, agent: AccountId, at: Timestamp) -> Result<Step, Refused> {
        self.active_of(agent)?;
        Ok(self.with(vec![Event::Parked { agent }], at))
    }

    /// 대기열로 연결: to the tail of a queue (A76–A79). Whether the queue takes chats is the
    /// caller's to know (A77).
    ///
    /// # Errors
    /// [`Refused`] when it is not in conversation with him.
    pub fn transfer(self, agent: AccountId, queue: QueueId, note: Option<String>, at: Timestamp) -> Result<Step, Refused> {
        self.active_of(agent)?;
        Ok(self.with_note(agent, note, Event::Queued { queue, front: false, why: Requeued::Transferred(agent) }, at))
    }

    /// 연결하고 퇴장: hands it over in mid-conversation (A80).
    ///
    /// # Errors
    /// [`Refused`] when it is not in conversation with him, or `to` is himself.
    pub fn hand_over(self, from: AccountId, to: AccountId, note: Option<String>, at: Timestamp) -> Result<Step, Refused> {
        self.active_of(from)?;
        if from == to {
            return Err(Refused::NotEligible);
        }
        Ok(self.with_note(from, note, Event::HandedOver { from, to }, at))
    }

    /// Back to the front of its queue: its agent is gone, or has given it back (G11, G12).
    ///
    /// # Errors
    /// [`Refused`] when no agent has it, or the customer has ended it.
    pub fn release(self, why: Requeued, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Active { .. } | State::Held { .. } => {
                let queue = self.queue;
                Ok(self.with(vec![Event::Queued { queue, front: true, why }], at))
            }
            State::CustomerEnded { .. } => Err(Refused::CustomerEnded),
            State::Ended { .. } => Err(Refused::Ended),
            State::Intake { .. } | State::Waiting { .. } => Err(Refused::NotStarted),
        }
    }

    /// Its agent is back before another has started it (G12).
    ///
    /// # Errors
    /// [`Refused`] when it waits no longer, or was not his.
    pub fn restore(self, agent: AccountId, at: Timestamp) -> Result<Step, Refused> {
        self.waits()?;
        if self.lost_by != Some(agent) {
            return Err(Refused::NotOffered { to: self.offer.map(|offer| offer.agent) });
        }
        let begun = self.begun_by(agent);
        Ok(self.with(vec![begun], at))
    }

    /// 채팅 계속 (A65).
    ///
    /// # Errors
    /// [`Refused`] unless the customer has ended this agent's chat.
    pub fn continues(self, agent: AccountId, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::CustomerEnded { agent: owner, .. } if owner == agent => Ok(self.with(vec![Event::Continued { agent }], at)),
            State::Active { agent: owner, .. } | State::Held { agent: owner, .. } | State::CustomerEnded { agent: owner, .. } => {
                Err(if owner == agent { Refused::AlreadyStarted } else { Refused::TakenBy { agent: owner } })
            }
            State::Ended { .. } => Err(Refused::Ended),
            State::Intake { .. } | State::Waiting { .. } => Err(Refused::NotStarted),
        }
    }

    /// 고객 차단 (G34): its agent ends it for abuse.
    ///
    /// # Errors
    /// [`Refused`] when it is another agent's, not started, or ended already.
    pub fn ends_for_abuse(self, agent: AccountId, at: Timestamp) -> Result<Step, Refused> {
        let (_, ended) = self.clone().agent_ends(agent, at)?;
        Ok(self.with([Event::Blocked { agent }].into_iter().chain(ended).collect(), at))
    }

    /// A word to colleagues beside what is done.
    pub(super) fn with_note(self, agent: AccountId, note: Option<String>, event: Event, at: Timestamp) -> Step {
        let note = note.map(|text| Event::Note { agent, text });
        self.with(note.into_iter().chain([event]).collect(), at)
    }

    /// "아직 계신가요?" (G25)
    ///
    /// # Errors
    /// [`Refused`] when it is not in conversation.
    pub fn asks(self, text: String, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Active { .. } => Ok(self.with(vec![Event::Asked { text }], at)),
            _ => Err(Refused::NotActive),
        }
    }

    /// No answer: the customer's side is over, as if he had ended it (G25).
    ///
    /// # Errors
    /// [`Refused`] when it is not in conversation.
    pub fn falls_silent(self, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Active { .. } => Ok(self.with(vec![Event::CustomerSilent], at)),
            _ => Err(Refused::NotActive),
        }
    }

    /// Over by a rule of time (G25).
    ///
    /// # Errors
    /// [`Refused`] while an agent talks to the customer, or when it has ended.
    pub fn closes(self, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Intake { .. } | State::Waiting { .. } | State::CustomerEnded { .. } => {
                Ok(self.with(vec![Event::Ended { by: EndedBy::System }], at))
            }
            State::Active { agent, .. } | State::Held { agent, .. } => Err(Refused::TakenBy { agent }),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }
}
