//! What happens to a chat: the entries of its log, as agents and as the customer see them.

use super::{EndedBy, Rating};
use crate::domain::{
    attachment::Attachment,
    ids::{AccountId, ChatId, ClientId, QueueId},
    routing::Why,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What a message says: a text, files, or both (A51).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub text: String,
    pub files: Vec<Attachment>,
    /// As which the customer reads its writer; none: as the service (A45).
    pub nickname: Option<String>,
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
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
        /// Empty only beside files.
        text: String,
        /// At most [`FILES_MAX`](crate::domain::attachment::FILES_MAX) (A51).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<Attachment>,
        /// As which the customer reads its writer, whatever is set or delegated later; none: as
        /// the service (A45, G6).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nickname: Option<String>,
    },
    Started {
        agent: AccountId,
    },
    /// Offered by the router (G16), with its reason (E2).
    Offered {
        agent: AccountId,
        why: Why,
    },
    OfferEnded {
        agent: AccountId,
        how: OfferEnd,
    },
    /// 담당자 위임 (A43): on hold with `to` until he resumes.
    Delegated {
        from: AccountId,
        to: AccountId,
    },
    /// 돌려보내기, or not resumed in time (G28): back to who had delegated it.
    Returned {
        agent: AccountId,
        to: AccountId,
        late: bool,
    },
    /// 상담 재개 of what was started before.
    Resumed {
        agent: AccountId,
    },
    /// Put aside by its own agent (G29).
    Parked {
        agent: AccountId,
    },
    /// In a queue, waiting, again.
    Queued {
        queue: QueueId,
        /// Before all others.
        front: bool,
        why: Requeued,
    },
    /// 상담원에게 연결 (A80): in conversation with `to` from here on.
    HandedOver {
        from: AccountId,
        to: AccountId,
    },
    /// 상담원 초대 (A80): `to` reads along, and may write once he has said yes.
    Invited {
        from: AccountId,
        to: AccountId,
    },
    /// The invited agent's yes.
    Joined {
        agent: AccountId,
    },
    /// The invited agent's no.
    Declined {
        agent: AccountId,
    },
    /// A guest has gone.
    Left {
        agent: AccountId,
    },
    /// 고객 차단 (G34), by this agent; its reason is on the admins' list.
    Blocked {
        agent: AccountId,
    },
    /// A word among colleagues; the customer never sees it.
    Note {
        agent: AccountId,
        text: String,
    },
    /// "아직 계신가요?", by the service itself (G25).
    Asked {
        text: String,
    },
    /// 평가 요청 by the agent: the service's words that ask for a rating (A52, A62).
    RatingAsked {
        agent: AccountId,
        text: String,
    },
    /// The customer's 평가, or another one in its place (G19).
    Rated {
        rating: Rating,
        words: String,
    },
    /// No word of the customer for too long: his side is over (G25).
    CustomerSilent,
    /// 채팅 계속 (A65): the agent took it up again after the customer's end.
    Continued {
        agent: AccountId,
    },
    /// The customer pressed 대화 종료 after the start.
    CustomerEnded,
    /// The customer wrote again before the agent ended (G27).
    CustomerReturned,
    Ended {
        by: EndedBy,
    },
}

/// An entry as the customer sees it: without accounts, without what is the desk's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PublicEvent {
    /// The customer's own start.
    Intake,
    Message {
        mine: bool,
        text: String,
        /// The name of who writes; none: the service's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nickname: Option<String>,
    },
    /// An agent is there now.
    Started,
    CustomerEnded,
    CustomerReturned,
    Ended {
        by: EndedBy,
    },
}

/// How an offer ended that nobody took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// Not taken in time.
    Missed,
    /// The agent's line was gone.
    Gone,
    /// He went on 휴식 or 오프라인, left the queue, or the queue closed.
    Left,
}

impl OfferEnd {
    pub const ALL: [Self; 3] = [Self::Missed, Self::Gone, Self::Left];

    /// The name under which it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Gone => "gone",
            Self::Left => "left",
        }
    }
}

/// Why a chat stands in a queue again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", content = "agent", rename_all = "snake_case")]
pub enum Requeued {
    /// Its queue was switched off (G26).
    QueueOff,
    /// 대기열로 연결 (A76–A79) by this agent.
    Transferred(AccountId),
    /// The agent went on 휴식 or 오프라인 and gave it back (G11).
    Released(AccountId),
    /// The agent's line was gone for too long (G12).
    Gone(AccountId),
    /// Put there from the board by whoever has 현황·통계 (E6).
    Put(AccountId),
    /// Delegated to this agent, who did not resume it, and nobody is there to give it back to (G28).
    NotResumed(AccountId),
}

impl Requeued {
    /// The name under which it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::QueueOff => "queue_off",
            Self::Transferred(_) => "transferred",
            Self::Released(_) => "released",
            Self::Gone(_) => "gone",
            Self::Put(_) => "put",
            Self::NotResumed(_) => "not_resumed",
        }
    }

    /// What was stored under `code`, about this agent.
    #[must_use]
    pub fn parse(code: &str, agent: Option<AccountId>) -> Option<Self> {
        Some(match code {
            "queue_off" => Self::QueueOff,
            "transferred" => Self::Transferred(agent?),
            "released" => Self::Released(agent?),
            "gone" => Self::Gone(agent?),
            "put" => Self::Put(agent?),
            "not_resumed" => Self::NotResumed(agent?),
            _ => return None,
        })
    }

    /// Whose doing it was, or who was missing.
    #[must_use]
    pub fn agent(self) -> Option<AccountId> {
        match self {
            Self::QueueOff => None,
            Self::Transferred(agent) | Self::Released(agent) | Self::Gone(agent) | Self::Put(agent) | Self::NotResumed(agent) => {
                Some(agent)
            }
        }
    }
}

impl Event {
    /// Somebody's message.
    #[must_use]
    pub fn message(author: Author, words: impl Into<Words>) -> Self {
        let Words { text, files, nickname } = words.into();
        Self::Message { author, text, files, nickname }
    }

    /// What the customer may see of this event, or `None` for the desk's own events.
    /// The one place where the two are told apart.
    #[must_use]
    pub fn public(&self) -> Option<PublicEvent> {
        let service = |text: &String| PublicEvent::Message { mine: false, text: text.clone(), nickname: None };
        Some(match self {
            Self::Intake => PublicEvent::Intake,
            Self::Message { author, text, nickname, .. } => {
                PublicEvent::Message { mine: *author == Author::Customer, text: text.clone(), nickname: nickname.clone() }
            }
            Self::Started { .. } => PublicEvent::Started,
            Self::Greeting { text } | Self::Asked { text } | Self::RatingAsked { text, .. } => service(text),
            Self::CustomerSilent => PublicEvent::Ended { by: EndedBy::System },
            Self::CustomerEnded => PublicEvent::CustomerEnded,
            Self::CustomerReturned | Self::Continued { .. } => PublicEvent::CustomerReturned,
            // Who has the chat, and who is offered it, is the desk's own (A45).
            Self::Offered { .. }
            | Self::OfferEnded { .. }
            | Self::Delegated { .. }
            | Self::Returned { .. }
            | Self::Resumed { .. }
            | Self::Parked { .. }
            | Self::Queued { .. }
            | Self::HandedOver { .. }
            | Self::Invited { .. }
            | Self::Joined { .. }
            | Self::Declined { .. }
            | Self::Left { .. }
            | Self::Blocked { .. }
            // The customer's rating stands beside his chat, not in it.
            | Self::Rated { .. }
            | Self::Note { .. } => return None,
            Self::Ended { by } => PublicEvent::Ended { by: *by },
        })
    }

    /// Whether the chat may be another agent's after it, or nobody's.
    #[must_use]
    pub fn changes_hands(&self) -> bool {
        matches!(
            self,
            Self::Started { .. }
                | Self::Resumed { .. }
                | Self::Delegated { .. }
                | Self::Returned { .. }
                | Self::HandedOver { .. }
                | Self::Queued { .. }
        )
    }

    /// Whether something else stands beside the conversation after it (`ui/front/tray.rs`):
    /// the customer's place, or what he may rate. First words, which do so too, are told by
    /// the chat alone.
    #[must_use]
    pub fn shows_beside(&self) -> bool {
        match self {
            Self::Started { .. }
            | Self::Resumed { .. }
            | Self::Queued { .. }
            | Self::Delegated { .. }
            | Self::Returned { .. }
            | Self::RatingAsked { .. }
            | Self::Rated { .. }
            | Self::CustomerEnded
            | Self::CustomerSilent
            | Self::CustomerReturned
            | Self::Continued { .. }
            | Self::Ended { .. } => true,
            Self::Intake
            | Self::Greeting { .. }
            | Self::Message { .. }
            | Self::Offered { .. }
            | Self::OfferEnded { .. }
            | Self::Parked { .. }
            | Self::HandedOver { .. }
            | Self::Invited { .. }
            | Self::Joined { .. }
            | Self::Declined { .. }
            | Self::Left { .. }
            | Self::Blocked { .. }
            | Self::Note { .. }
            | Self::Asked { .. } => false,
        }
    }

    /// The name under which the event is stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Greeting { .. } => "greeting",
            Self::Message { .. } => "message",
            Self::Started { .. } => "started",
            Self::Offered { .. } => "offered",
            Self::OfferEnded { .. } => "offer_ended",
            Self::Delegated { .. } => "delegated",
            Self::Returned { .. } => "returned",
            Self::Resumed { .. } => "resumed",
            Self::Parked { .. } => "parked",
            Self::Queued { .. } => "queued",
            Self::HandedOver { .. } => "handed_over",
            Self::Invited { .. } => "invited",
            Self::Joined { .. } => "joined",
            Self::Declined { .. } => "declined",
            Self::Left { .. } => "left",
            Self::Blocked { .. } => "blocked",
            Self::Note { .. } => "note",
            Self::Asked { .. } => "asked",
            Self::RatingAsked { .. } => "rating_asked",
            Self::Rated { .. } => "rated",
            Self::CustomerSilent => "customer_silent",
            Self::Continued { .. } => "continued",
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
