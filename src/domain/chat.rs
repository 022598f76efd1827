//! A chat and its states (PRODUCT §3): consuming transitions, each yielding the events
//! of the log. The row in the database is the projection of that log: [`Chat::apply`]
//! rebuilds one from the other.
//!
//! OPENED, the window before the customer's start, has no chat yet and counts nothing.

use super::{
    ids::{AccountId, ChatId, ClientId, QueueId, ServiceId, VisitorId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

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
    /// 종료: only in 채팅기록 (A62d).
    Ended { at: Timestamp, by: EndedBy },
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
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "author", content = "agent", rename_all = "snake_case")]
pub enum Author {
    Customer,
    Agent(AccountId),
}

/// An entry of the log, as agents see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    Intake,
    /// 인사말, sent by the service itself once the customer has started (A29).
    Greeting {
        text: String,
    },
    Message {
        #[serde(flatten)]
        author: Author,
        text: String,
    },
    Started {
        agent: AccountId,
    },
    /// The desk's own: the chat stands in another queue now.
    Moved {
        queue: QueueId,
    },
    /// The customer pressed 대화 종료 after the start.
    CustomerEnded,
    /// The customer wrote again before the agent ended (G27).
    CustomerReturned,
    Ended {
        by: EndedBy,
    },
}

/// An entry as the customer sees it: without names, without what is the desk's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PublicEvent {
    /// The customer's own start.
    Intake,
    Message {
        mine: bool,
        text: String,
    },
    /// An agent is there now.
    Started,
    CustomerEnded,
    CustomerReturned,
    Ended {
        by: EndedBy,
    },
}

impl Event {
    /// What the customer may see of this event, or `None` for the desk's own events.
    /// The one place where the two are told apart.
    #[must_use]
    pub fn public(&self) -> Option<PublicEvent> {
        Some(match self {
            Self::Intake => PublicEvent::Intake,
            Self::Greeting { text } => PublicEvent::Message { mine: false, text: text.clone() },
            Self::Message { author, text } => PublicEvent::Message { mine: *author == Author::Customer, text: text.clone() },
            Self::Started { .. } => PublicEvent::Started,
            Self::Moved { .. } => return None,
            Self::CustomerEnded => PublicEvent::CustomerEnded,
            Self::CustomerReturned => PublicEvent::CustomerReturned,
            Self::Ended { by } => PublicEvent::Ended { by: *by },
        })
    }

    /// The name under which the event is stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Greeting { .. } => "greeting",
            Self::Message { .. } => "message",
            Self::Started { .. } => "started",
            Self::Moved { .. } => "moved",
            Self::CustomerEnded => "customer_ended",
            Self::CustomerReturned => "customer_returned",
            Self::Ended { .. } => "ended",
        }
    }
}

/// An event in its place: what is stored, once, for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    pub chat: ChatId,
    /// 1, 2, 3 … without a gap within the chat.
    pub seq: u64,
    /// The number that the customer counts by; `None` for the desk's own events.
    pub public: Option<u64>,
    pub at: Timestamp,
    /// The sender's own id of a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    #[serde(flatten)]
    pub event: Event,
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
        };
        chat.with(vec![Event::Intake, Event::Greeting { text: greeting }], at)
    }

    /// A message of the customer: the first one starts the waiting clock (접수), one
    /// after his own end takes the chat up again (G27).
    ///
    /// # Errors
    /// [`Refused::Ended`]: the caller opens a new chat.
    pub fn customer_writes(self, text: String, at: Timestamp) -> Result<Step, Refused> {
        let message = Event::Message { author: Author::Customer, text };
        match self.state {
            State::Ended { .. } => Err(Refused::Ended),
            State::CustomerEnded { .. } => Ok(self.with(vec![Event::CustomerReturned, message], at)),
            _ => Ok(self.with(vec![message], at)),
        }
    }

    /// A message of an agent; on a waiting chat it is the start (G3).
    ///
    /// # Errors
    /// [`Refused`] when the chat is another agent's, ended, or has no word of the customer yet.
    pub fn agent_writes(self, agent: AccountId, text: String, at: Timestamp) -> Result<Step, Refused> {
        let message = Event::Message { author: Author::Agent(agent), text };
        match self.state {
            State::Waiting { .. } => Ok(self.with(vec![Event::Started { agent }, message], at)),
            State::Active { agent: owner, .. } if owner == agent => Ok(self.with(vec![message], at)),
            State::CustomerEnded { agent: owner, .. } if owner == agent => Err(Refused::CustomerEnded),
            State::Held { agent: owner, .. } if owner == agent => {
                let start = Event::Started { agent };
                Ok(if self.started.is_none() { self.with(vec![start, message], at) } else { self.with(vec![message], at) })
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
    pub fn start(self, agent: AccountId, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Waiting { .. } => Ok(self.with(vec![Event::Started { agent }], at)),
            State::Active { agent: owner, .. } | State::CustomerEnded { agent: owner, .. } | State::Held { agent: owner, .. } => {
                Err(if owner == agent { Refused::AlreadyStarted } else { Refused::TakenBy { agent: owner } })
            }
            State::Intake { .. } => Err(Refused::NothingToAnswer),
            State::Ended { .. } => Err(Refused::Ended),
        }
    }

    /// Puts a chat that nobody has started into another queue (G26); its waiting clock
    /// runs on.
    ///
    /// # Errors
    /// [`Refused`] once an agent has it, or it has ended.
    pub fn moves(self, queue: QueueId, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Intake { .. } | State::Waiting { .. } => Ok(self.with(vec![Event::Moved { queue }], at)),
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

    /// The chat after `event`: how the row follows the log. Numbers it, too.
    #[must_use]
    pub fn apply(mut self, event: &Event, at: Timestamp) -> Self {
        self.seq += 1;
        if event.public().is_some() {
            self.public_seq += 1;
        }
        match event {
            Event::Intake => self.state = State::Intake { since: at },
            Event::Greeting { .. } => {}
            Event::Message { author: Author::Customer, .. } => {
                self.accepted_at = self.accepted_at.or(Some(at));
                if matches!(self.state, State::Intake { .. }) {
                    self.state = State::Waiting { since: at };
                }
            }
            Event::Message { author: Author::Agent(_), .. } => {
                self.agent_messages += 1;
                // The first reply resumes a held chat (G28).
                if let State::Held { agent, .. } = self.state {
                    self.state = State::Active { agent, since: at };
                }
            }
            Event::Started { agent } => {
                self.started = self.started.or(Some(Started { by: *agent, at }));
                self.state = State::Active { agent: *agent, since: at };
            }
            Event::Moved { queue } => self.queue = *queue,
            Event::CustomerEnded => {
                if let State::Active { agent, .. } | State::Held { agent, .. } = self.state {
                    self.state = State::CustomerEnded { agent, since: at };
                }
            }
            Event::CustomerReturned => {
                if let State::CustomerEnded { agent, .. } = self.state {
                    self.state = State::Active { agent, since: at };
                }
            }
            Event::Ended { by } => self.state = State::Ended { at, by: *by },
        }
        self
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
            State::Waiting { .. } => PublicState::Waiting,
            State::Held { .. } if self.started.is_none() => PublicState::Waiting,
            State::Active { .. } | State::Held { .. } => PublicState::Active,
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const KIM: AccountId = AccountId(Uuid::from_u128(1));
    const LEE: AccountId = AccountId(Uuid::from_u128(2));

    fn fresh() -> Chat {
        let id = Uuid::from_u128(9);
        Chat::intake(ChatId(id), ServiceId(id), QueueId(id), VisitorId(id), "안녕하세요".into(), Timestamp(0)).0
    }

    fn waiting() -> Chat {
        fresh().customer_writes("배송이 안 왔어요".into(), Timestamp(10)).unwrap().0
    }

    #[test]
    fn the_first_word_starts_the_waiting_clock_and_later_ones_leave_it() {
        let chat = waiting();
        assert_eq!(chat.state, State::Waiting { since: Timestamp(10) });
        let chat = chat.customer_writes("여보세요".into(), Timestamp(20)).unwrap().0;
        assert_eq!(chat.state, State::Waiting { since: Timestamp(10) });
        assert_eq!(chat.accepted_at, Some(Timestamp(10)));
    }

    #[test]
    fn the_first_reply_starts_and_the_second_does_not_start_again() {
        let (chat, events) = waiting().agent_writes(KIM, "네".into(), Timestamp(30)).unwrap();
        assert_eq!(events.len(), 2);
        assert_eq!(events[0], Event::Started { agent: KIM });
        assert!(chat.is_handled());
        let (_, events) = chat.agent_writes(KIM, "확인했습니다".into(), Timestamp(40)).unwrap();
        assert_eq!(events.len(), 1);
    }

    #[test]
    fn a_start_without_an_answer_is_not_handled() {
        assert!(!waiting().start(KIM, Timestamp(30)).unwrap().0.is_handled());
    }

    #[test]
    fn the_loser_of_two_starts_is_told_who_won() {
        let chat = waiting().start(KIM, Timestamp(30)).unwrap().0;
        assert_eq!(chat.clone().start(LEE, Timestamp(31)), Err(Refused::TakenBy { agent: KIM }));
        assert_eq!(chat.agent_writes(LEE, "저도요".into(), Timestamp(31)), Err(Refused::TakenBy { agent: KIM }));
    }

    #[test]
    fn a_customer_who_ends_while_waiting_ends_the_chat_and_later_only_his_side() {
        assert!(waiting().customer_ends(Timestamp(50)).unwrap().0.is_ended());
        let chat = waiting().start(KIM, Timestamp(30)).unwrap().0.customer_ends(Timestamp(50)).unwrap().0;
        assert_eq!(chat.state, State::CustomerEnded { agent: KIM, since: Timestamp(50) });
        let (chat, events) = chat.customer_writes("하나 더요".into(), Timestamp(60)).unwrap();
        assert_eq!(events[0], Event::CustomerReturned);
        assert_eq!(chat.agent(), Some(KIM));
    }

    #[test]
    fn nobody_writes_into_an_ended_chat() {
        let chat = waiting().start(KIM, Timestamp(30)).unwrap().0.agent_ends(KIM, Timestamp(50)).unwrap().0;
        assert_eq!(chat.clone().customer_writes("?".into(), Timestamp(60)), Err(Refused::Ended));
        assert_eq!(chat.agent_writes(KIM, "?".into(), Timestamp(60)), Err(Refused::Ended));
    }

    /// Plays random acts; refused ones change nothing.
    fn play(acts: &[(u8, bool)]) -> (Chat, Vec<(Event, Timestamp)>) {
        let (mut chat, first) = {
            let id = Uuid::from_u128(9);
            Chat::intake(ChatId(id), ServiceId(id), QueueId(id), VisitorId(id), "안녕하세요".into(), Timestamp(0))
        };
        let mut log: Vec<_> = first.into_iter().map(|e| (e, Timestamp(0))).collect();
        for (n, (act, who)) in acts.iter().enumerate() {
            let at = Timestamp(i64::try_from(n).unwrap() + 1);
            let agent = if *who { KIM } else { LEE };
            let step = match act % 5 {
                0 => chat.clone().customer_writes("a".into(), at),
                1 => chat.clone().agent_writes(agent, "b".into(), at),
                2 => chat.clone().start(agent, at),
                3 => chat.clone().customer_ends(at),
                _ => chat.clone().agent_ends(agent, at),
            };
            if let Ok((next, events)) = step {
                chat = next;
                log.extend(events.into_iter().map(|e| (e, at)));
            }
        }
        (chat, log)
    }

    proptest! {
        #[test]
        fn the_row_is_the_projection_of_the_log(acts in prop::collection::vec((any::<u8>(), any::<bool>()), 0..40)) {
            let (chat, log) = play(&acts);
            let mut rebuilt = Chat { state: State::Intake { since: Timestamp(0) }, seq: 0, public_seq: 0, ..fresh() };
            for (event, at) in &log {
                rebuilt = rebuilt.apply(event, *at);
            }
            prop_assert_eq!(&rebuilt, &chat);
            prop_assert_eq!(chat.seq, log.len() as u64);
        }

        #[test]
        fn the_customers_own_reckoning_agrees(acts in prop::collection::vec((any::<u8>(), any::<bool>()), 0..40)) {
            let (chat, log) = play(&acts);
            let public = log.iter().filter_map(|(e, _)| e.public());
            let state = public.fold(PublicState::Intake, |state, event| state.after(&event));
            prop_assert_eq!(state, chat.public_state());
        }
    }
}
