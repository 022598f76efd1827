//! A chat and its states (PRODUCT §3): consuming transitions, each yielding the events
//! of the log. The row in the database is the projection of that log: [`Chat::apply`]
//! rebuilds one from the other.
//!
//! OPENED, the window before the customer's start, has no chat yet and counts nothing.

mod event;
mod guests;
mod handover;
mod oversight;
mod projection;
mod rating;
#[cfg(test)]
mod tests;

pub use event::{Author, Event, Logged, OfferEnd, PublicEvent, Requeued, Words};
pub use guests::Guest;
pub use rating::{RATING_WORDS_MAX, Rated, Rating};

use super::{
    ids::{AccountId, ChatId, QueueId, ServiceId, VisitorId},
    settings::RoutingMode,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where a chat stands (PRODUCT §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum State {
    /// 인입: the customer started, no word of his yet.
    Intake { since: Timestamp },
    /// 대기: the waiting clock runs from `since`.
    Waiting { since: Timestamp },
    /// 보류: delegated to `agent` or parked by him; if never started the customer still waits (G28).
    Held { agent: AccountId, since: Timestamp, why: Hold },
    /// 대화중
    Active { agent: AccountId, since: Timestamp },
    /// The customer ended; the agent may still edit, continue or end (A62c).
    CustomerEnded { agent: AccountId, since: Timestamp },
    /// 종료: only in 채팅기록 (A62d), as that of the `agent` who had it then.
    Ended { at: Timestamp, by: EndedBy, agent: Option<AccountId> },
}

/// Why a chat is on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Hold {
    /// Delegated (담당자 위임) by `from`.
    Delegated { from: AccountId },
    /// Put aside by its own agent (G29).
    Parked,
}

/// Who brought a chat to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    Customer,
    Agent,
    /// A rule of time (G13, G25).
    System,
}

/// The start of the consultation: by button or by the first reply (G3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    pub by: AccountId,
    pub at: Timestamp,
}

/// One consultation, as it stands after its `seq`-th event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    pub id: ChatId,
    pub service: ServiceId,
    pub queue: QueueId,
    pub visitor: VisitorId,
    pub state: State,
    /// Number of events so far; the last one's sequence.
    pub seq: u64,
    /// Number of events so far that the customer may see.
    pub public_seq: u64,
    /// When the chat came in (인입).
    pub intake_at: Timestamp,
    /// When the customer sent his first message (접수).
    pub accepted_at: Option<Timestamp>,
    pub started: Option<Started>,
    /// Messages by human agents; with a start, one makes the chat 처리 (G3).
    pub agent_messages: u32,
    /// Where it stands in its queue while it waits.
    pub place: Place,
    /// The last word of a human.
    pub last_word: Option<LastWord>,
    /// When the silent customer was asked whether he is still there (G25).
    pub asked_at: Option<Timestamp>,
    /// Whose it was until his line was gone: back before another starts it, he has it again (G12).
    pub lost_by: Option<AccountId>,
    /// To whom it is offered while it waits (G16).
    pub offer: Option<Offer>,
    /// Who let the offer pass, the latest last.
    pub missed: Vec<AccountId>,
    /// Who gave it to his own queue: he is never offered it again and cannot start it (G7).
    pub excluded: BTreeSet<AccountId>,
    /// Who was invited beside its agent (A80), in that order. Of an ended chat: who took part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guests: Vec<Guest>,
    /// What the customer thinks of it (G19).
    pub rated: Option<Rated>,
    /// He was asked for a rating, and has given none since.
    pub rating_asked: bool,
}

/// A place in a queue; the smaller one is answered first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Before all who came by themselves.
    pub front: bool,
    pub at: Timestamp,
}

impl Place {
    /// The order in which the waiting are answered.
    #[must_use]
    pub fn order(self) -> (bool, Timestamp) {
        (!self.front, self.at)
    }
}

/// Who had the last word, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastWord {
    pub customer: bool,
    pub at: Timestamp,
}

/// A chat that waits for one agent's answer (G16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub agent: AccountId,
    pub at: Timestamp,
}

/// Why something cannot be done with a chat as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refused", rename_all = "snake_case")]
pub enum Refused {
    #[error("another agent has this chat")]
    TakenBy { agent: AccountId },
    #[error("the chat has ended")]
    Ended,
    /// The agent must first continue the chat (A65).
    #[error("the customer has ended the chat")]
    CustomerEnded,
    #[error("the chat has not started")]
    NotStarted,
    #[error("the chat is already started")]
    AlreadyStarted,
    #[error("the customer has written nothing yet")]
    NothingToAnswer,
    /// No chat of this customer goes on: he starts one first, by agreeing (A25).
    #[error("no chat goes on")]
    NoChat,
    /// The door takes no chat now, or not for this queue (A23, A27, G23).
    #[error("the door is shut")]
    Shut,
    /// The service speaks with members only, and nobody vouches for this visitor (G20).
    #[error("members only")]
    Members,
    /// It is offered to somebody else, or to nobody yet (G16).
    #[error("not offered to this agent")]
    NotOffered { to: Option<AccountId> },
    /// The agent has given it to his own queue (G7).
    #[error("given away by this agent")]
    GivenAway,
    /// Only what is in conversation can be put aside, handed over or moved.
    #[error("not in conversation")]
    NotActive,
    #[error("not on hold")]
    NotHeld,
    /// Who should get it cannot: not of this service, without the chat right, not online
    /// (A44), or he has it already.
    #[error("this agent cannot take it")]
    NotEligible,
    /// The queue is off or closed (A77).
    #[error("this queue takes no chats")]
    QueueShut,
    /// One's own queue, and nobody else of it is online (A77).
    #[error("nobody else of this queue is online")]
    NobodyElse,
    /// The customer has another chat by now (G27).
    #[error("the customer has another chat")]
    HasAnother,
    /// A colleague has written what this agent had not seen when he sent (E1).
    #[error("a colleague wrote something unseen")]
    Unseen { by: AccountId },
    /// Ratings are off, no agent has answered yet, or it has been over for too long (G19).
    #[error("it cannot be rated")]
    NotToRate,
}

/// A transition's result: the chat as it is then, and the events to log, in order.
pub type Step = (Chat, Vec<Event>);

impl Chat {
    /// INTAKE: the customer's own start (인입), greeted once (A29).
    #[must_use]
    pub fn intake(id: ChatId, service: ServiceId, queue: QueueId, visitor: VisitorId, greeting: String, at: Timestamp) -> Step {
        let chat = Self {
            id,
            service,
            queue,
            visitor,
            state: State::Intake { since: at },
            seq: 0,
            public_seq: 0,
            intake_at: at,
            accepted_at: None,
            started: None,
            agent_messages: 0,
            place: Place { front: false, at },
            last_word: None,
            asked_at: None,
            lost_by: None,
            offer: None,
            missed: Vec::new(),
            excluded: BTreeSet::new(),
            guests: Vec::new(),
            rated: None,
            rating_asked: false,
        };
        chat.with(vec![Event::Intake, Event::Greeting { text: greeting }], at)
    }

    /// A message of the customer: the first one starts the waiting clock (접수), one
    /// after his own end takes the chat up again (G27).
    ///
    /// # Errors
    /// [`Refused::Ended`]: the caller opens a new chat.
    pub fn customer_writes(self, words: impl Into<Words>, at: Timestamp) -> Result<Step, Refused> {
        let message = Event::message(Author::Customer, words);
        match self.state {
            State::Ended { .. } => Err(Refused::Ended),
            State::CustomerEnded { .. } => Ok(self.with(vec![Event::CustomerReturned, message], at)),
            _ => Ok(self.with(vec![message], at)),
        }
    }

    /// A message of an agent; on a waiting chat it is the start (G3).
    ///
    /// # Errors
    /// [`Refused`] when the chat is another agent's, ended, not his to start, or has no word
    /// of the customer yet.
    pub fn agent_writes(self, agent: AccountId, words: impl Into<Words>, mode: RoutingMode, at: Timestamp) -> Result<Step, Refused> {
        let message = Event::message(Author::Agent(agent), words);
        match self.state {
            State::Waiting { .. } => {
                self.may_start(agent, mode)?;
                let begun = self.begun_by(agent);
                Ok(self.with(vec![begun, message], at))
            }
            State::Active { agent: owner, .. } if owner == agent => Ok(self.with(vec![message], at)),
            _ if self.guest_writes(agent) => Ok(self.with(vec![message], at)),
            State::CustomerEnded { agent: owner, .. } if owner == agent => Err(Refused::CustomerEnded),
            State::Held { agent: owner, .. } if owner == agent => {
                let begun = self.begun_by(agent);
                Ok(self.with(vec![begun, message], at))
            }
            State::Active { agent, .. } | State::CustomerEnded { agent, .. } | State::Held { agent, .. } => Err(Refused::TakenBy { agent }),
            State::Intake { .. } => Err(Refused::NothingToAnswer),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }

    /// 상담 시작 (A41).
    ///
    /// # Errors
    /// [`Refused::TakenBy`] names the winner when two press at once (G24).
    pub fn start(self, agent: AccountId, mode: RoutingMode, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Waiting { .. } => {
                self.may_start(agent, mode)?;
                let begun = self.begun_by(agent);
                Ok(self.with(vec![begun], at))
            }
            State::Active { agent: owner, .. } | State::CustomerEnded { agent: owner, .. } | State::Held { agent: owner, .. } => {
                Err(if owner == agent { Refused::AlreadyStarted } else { Refused::TakenBy { agent: owner } })
            }
            State::Intake { .. } => Err(Refused::NothingToAnswer),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }

    /// A word among colleagues, as long as the chat is not over.
    ///
    /// # Errors
    /// [`Refused::Ended`].
    pub fn noted(self, agent: AccountId, text: String, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Ended { .. } => Err(Refused::Ended),
            _ => Ok(self.with(vec![Event::Note { agent, text }], at)),
        }
    }

    /// Puts a waiting chat into another queue, to the front (G26); its waiting clock runs on.
    ///
    /// # Errors
    /// [`Refused`] once an agent has it, or it has ended.
    pub fn moves(self, queue: QueueId, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Intake { .. } | State::Waiting { .. } => {
                Ok(self.with(vec![Event::Queued { queue, front: true, why: Requeued::QueueOff }], at))
            }
            State::Active { agent, .. } | State::CustomerEnded { agent, .. } | State::Held { agent, .. } => Err(Refused::TakenBy { agent }),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }

    /// The customer's 대화 종료: before the start it ends the chat, after it the agent
    /// still has the last step (A62c).
    ///
    /// # Errors
    /// [`Refused::Ended`] when it has ended already.
    pub fn customer_ends(self, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Active { .. } => Ok(self.with(vec![Event::CustomerEnded], at)),
            State::Held { .. } if self.started.is_some() => Ok(self.with(vec![Event::CustomerEnded], at)),
            State::Intake { .. } | State::Waiting { .. } | State::Held { .. } => {
                Ok(self.with(vec![Event::Ended { by: EndedBy::Customer }], at))
            }
            State::CustomerEnded { .. } | State::Ended { .. } => Err(Refused::Ended),
        }
    }

    /// Nobody is left who could answer a customer who waits: his words become a 1:1 문의 (G13).
    ///
    /// # Errors
    /// [`Refused`] when he does not wait in a queue.
    pub fn left_alone(self, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Waiting { .. } => Ok(self.with(vec![Event::Ended { by: EndedBy::System }], at)),
            State::Active { agent, .. } | State::CustomerEnded { agent, .. } | State::Held { agent, .. } => Err(Refused::TakenBy { agent }),
            State::Intake { .. } => Err(Refused::NothingToAnswer),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }

    /// The agent's 대화 종료.
    ///
    /// # Errors
    /// [`Refused`] when it is another agent's, not started, or ended already.
    pub fn agent_ends(self, agent: AccountId, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Active { agent: owner, .. } | State::CustomerEnded { agent: owner, .. } | State::Held { agent: owner, .. } => {
                if owner == agent {
                    Ok(self.with(vec![Event::Ended { by: EndedBy::Agent }], at))
                } else {
                    Err(Refused::TakenBy { agent: owner })
                }
            }
            State::Intake { .. } | State::Waiting { .. } => Err(Refused::NotStarted),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }

    /// 처리 iff started and answered by a human agent; else 미처리, which is 포기 (A70–A72).
    #[must_use]
    pub fn is_handled(&self) -> bool {
        self.started.is_some() && self.agent_messages > 0
    }

    #[must_use]
    pub fn is_ended(&self) -> bool {
        matches!(self.state, State::Ended { .. })
    }

    /// The agent who has the chat in hand.
    #[must_use]
    pub fn agent(&self) -> Option<AccountId> {
        match self.state {
            State::Active { agent, .. } | State::CustomerEnded { agent, .. } | State::Held { agent, .. } => Some(agent),
            State::Intake { .. } | State::Waiting { .. } | State::Ended { .. } => None,
        }
    }

    /// What the customer is told of the state: neither hold nor delegation shows (A45).
    #[must_use]
    pub fn public_state(&self) -> PublicState {
        match self.state {
            State::Intake { .. } => PublicState::Intake,
            State::Waiting { .. } | State::Held { .. } if self.started.is_none() => PublicState::Waiting,
            State::Waiting { .. } | State::Active { .. } | State::Held { .. } => PublicState::Active,
            State::CustomerEnded { .. } | State::Ended { .. } => PublicState::Ended,
        }
    }

    fn with(self, events: Vec<Event>, at: Timestamp) -> Step {
        let chat = events.iter().fold(self, |chat, event| chat.apply(event, at));
        (chat, events)
    }
}

/// A chat's state in the customer's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicState {
    Intake,
    Waiting,
    Active,
    Ended,
}

impl PublicState {
    /// The customer's state after `event`; agrees with [`Chat::public_state`].
    #[must_use]
    pub fn after(self, event: &PublicEvent) -> Self {
        match event {
            PublicEvent::Intake => Self::Intake,
            PublicEvent::Message { mine: true, .. } if self == Self::Intake => Self::Waiting,
            PublicEvent::Message { .. } => self,
            PublicEvent::Started | PublicEvent::CustomerReturned => Self::Active,
            PublicEvent::CustomerEnded | PublicEvent::Ended { .. } => Self::Ended,
        }
    }
}
