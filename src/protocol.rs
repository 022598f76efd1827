//! What crosses the socket and the visitor's requests. One version; a client of another
//! version is told to reload ([`Goodbye::Version`]), never half understood.
//!
//! Contract: a client that has seen N receives every event after N exactly once, in
//! order, however often it reconnects and on whichever node. Each frame of events
//! carries `prev` and `seq` of its stream, so that a gap shows: a client whose cursor is
//! not `prev` says hello again. Two streams exist: a service's (an agent's console) and
//! the public one of a chat (the customer's widget).

use crate::domain::{
    chat::{Chat, Logged, PublicEvent, PublicState},
    customer::Customer,
    ids::{AccountId, ChatId, ClientId, ServiceId},
    permission::Member,
    presence::Status,
    service::{Language, Queue, Service},
    settings::{Naming, RoutingMode},
    time::Timestamp,
    watching::Watching,
};
use serde::{Deserialize, Serialize};

/// Version of everything in this file.
pub const VERSION: u16 = 1;

/// The largest frame a client may send, in bytes.
pub const CLIENT_FRAME_MAX: usize = 4 * 1024;

/// Marks of so many chats fit into one frame.
pub const MARKS_AT_ONCE: usize = 40;

/// The first frame on every socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hello", rename_all = "snake_case", deny_unknown_fields)]
pub enum Hello {
    /// An agent, known by the cookie of the upgrade request.
    Agent {
        version: u16,
        service: ServiceId,
        /// The last service sequence this client has applied.
        seq: u64,
    },
    /// A visitor of the widget with this key.
    Visitor {
        version: u16,
        widget: String,
        /// The visitor's token; without one the page's own cookie speaks, if there is one.
        token: Option<String>,
        /// The chat in view and the last public sequence applied.
        resume: Option<Resume>,
    },
    /// A page that shows the door of the widget with this key, and nobody's chat
    /// (`public/front.js`).
    Door { version: u16, widget: String },
}

/// How far a visitor's page has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    pub chat: ChatId,
    pub seq: u64,
}

/// What clients say afterwards; the same on both sides. Everything else is a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// May be dropped. Repeated every 3 s while typing goes on.
    Typing { chat: ChatId, on: bool },
    /// High-water marks by public sequence: what has arrived here, what was in view.
    Marks { chat: ChatId, delivered: u64, seen: u64 },
    /// The same of many chats, at most [`MARKS_AT_ONCE`]: an agent's lists are long when his
    /// page comes to life, and so many frames at once would end the socket.
    #[cfg(any(feature = "ssr", feature = "hydrate"))]
    ManyMarks { marks: Vec<(ChatId, Marks)> },
    /// The customer's page changed (visitors only).
    Page { url: String, title: String },
    /// Whether the customer's window is looked at (G33): said by `public/front.js`, as the
    /// widget's module need not know.
    #[cfg(feature = "ssr")]
    Sight { on: bool },
    /// The chat in front of an agent: how its customer looks at it is told, now and whenever
    /// that changes ([`AgentFrame::Watching`]).
    #[cfg(any(feature = "ssr", feature = "hydrate"))]
    Watch { chat: ChatId },
    /// Written as [`BEAT`], answered by [`BEAT`].
    Beat,
}

/// "Is the line alive?", sent by clients after a silence: scripts cannot see the server's
/// pings. The server answers with the very same text.
pub const BEAT: &str = r#"{"t":"beat"}"#;

/// How far one side has come with a chat, by public sequence; never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    pub delivered: u64,
    pub seen: u64,
}

impl Marks {
    /// The higher of both, mark by mark; what is seen was delivered.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        let seen = self.seen.max(other.seen);
        Self { delivered: self.delivered.max(other.delivered).max(seen), seen }
    }
}

/// Why the server closes a socket. Also given as the close frame's reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goodbye {
    /// The session was revoked, or was never good: sign in again. Do not retry.
    SignedOut,
    /// This client could not follow; it may come back and resume.
    Slow,
    /// The server is going down; come back soon.
    Restart,
    /// Client and server are of different versions: reload the page.
    Version,
    /// A frame that this protocol does not know, or too many of them. Do not retry at once.
    BadFrame,
}

impl Goodbye {
    /// The close code (RFC 6455 §7.4; 4000–4999 are ours).
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Restart => 1012,
            Self::BadFrame => 4000,
            Self::SignedOut => 4001,
            Self::Version => 4002,
            Self::Slow => 4008,
        }
    }

    /// The reason behind a close code, if it is one of ours.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        [Self::SignedOut, Self::Slow, Self::Restart, Self::Version, Self::BadFrame].into_iter().find(|g| g.code() == code)
    }
}

// ---- agents ----

/// A row of the console's lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub chat: Chat,
    /// "8F2C": how agents tell anonymous customers apart.
    pub code: String,
    /// The shop's number of a member it has vouched for (G20).
    pub member: Option<String>,
    pub labels: Labels,
    /// The page the customer came from.
    pub page: Page,
    /// Browser and system in words ("Android · Chrome"); empty when unknown.
    pub device: String,
    /// The last message, for the row's second line.
    pub last: Option<Logged>,
    /// Customer messages after my seen mark.
    pub unread: u32,
    /// I have put it back among the unread (K10).
    pub flagged: bool,
    /// How far the customer has come with what agents wrote.
    pub customer: Marks,
}

/// What is noted beside a chat and found in the lists (K17).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// What the customer is called: in the shop's word, else as agents have noted, else in his
    /// own (A60); empty: unknown.
    pub name: String,
    /// 채팅 태그 by name, in their order (A64).
    pub tags: Vec<String>,
}

/// A page of the site the widget is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub url: String,
    pub title: String,
}

/// Somebody of the service, for names beside messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    pub account: AccountId,
    pub name: String,
    /// His name for customers where nicknames are shown; empty: the service's.
    pub nickname: String,
}

/// Everything the console starts from; `seq` is the cursor it was read at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    pub me: Member,
    pub my_name: String,
    pub service: Service,
    pub queues: Vec<Queue>,
    pub colleagues: Vec<Colleague>,
    pub cards: Vec<Card>,
    pub seq: u64,
    /// Names the service, its queues and its people as they stand: what no event tells.
    pub about: String,
    /// The widget's public key, for the snippet on the empty screen.
    pub widget: String,
    pub status: Status,
    /// The router has put me on 휴식, because I let offers pass (G17).
    pub rested: bool,
    /// Who else has set my status (E6).
    pub status_by: Option<AccountId>,
    /// 배정 방식 (G16)
    pub mode: RoutingMode,
    /// 만족도 평가 사용: agents may ask for ratings (A52).
    pub rating: bool,
    /// 고객에게 보이는 이름 (A45)
    pub naming: Naming,
    /// Mine, in any chat.
    pub drafts: Vec<Draft>,
}

/// What an agent has typed in a chat and not sent (E8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub chat: ChatId,
    /// A word among colleagues rather than a reply.
    pub note: bool,
    pub text: String,
    /// When it was kept.
    pub at: Timestamp,
    /// The colleague who had typed it, and from whom the chat has come (E7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<AccountId>,
}

/// A stretch of a chat's log, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    pub card: Card,
    pub customer: Customer,
    /// In which he reads.
    pub language: Language,
    pub events: Vec<Logged>,
    /// Whether older events exist before the first one here.
    pub earlier: bool,
}

/// What the server tells an agent's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum AgentFrame {
    /// First answer; `build` differs from the page's after a deploy.
    Welcome {
        build: String,
        now: Timestamp,
        status: Status,
        /// As [`Desk::about`]: another name here means that the desk has to be loaded anew.
        about: String,
    },
    /// My own status is another one now; `rested`: the router has put me on 휴식 (G17).
    Status {
        status: Status,
        rested: bool,
        /// Who else has set it (E6).
        by: Option<AccountId>,
    },
    /// Somebody came, went or changed his status: the board looks again (E6).
    Staff,
    /// The cursor is too old or unknown: load the desk again.
    Reset,
    /// Events of the service after `prev`, up to `seq`.
    Events {
        prev: u64,
        seq: u64,
        events: Vec<Logged>,
    },
    /// Only events that this agent may not see passed.
    Progress {
        prev: u64,
        seq: u64,
    },
    /// A chat as it stands now: new to this agent, or after a long absence.
    Card {
        card: Box<Card>,
    },
    /// The chat is no longer this agent's to see; `taken_by` says who has it (G16).
    Gone {
        chat: ChatId,
        taken_by: Option<AccountId>,
    },
    Typing {
        chat: ChatId,
        who: Typist,
        on: bool,
    },
    /// The customer's marks moved.
    CustomerMarks {
        chat: ChatId,
        marks: Marks,
    },
    /// I put it back among the unread, or opened it again, in another tab.
    MyFlag {
        chat: ChatId,
        on: bool,
    },
    /// My own seen mark moved in another tab.
    MyMarks {
        chat: ChatId,
        marks: Marks,
    },
    /// What stands beside a chat is another now: notes, tickets. Load the panel again.
    Panel {
        chat: ChatId,
        labels: Labels,
    },
    /// Whether the customer of the chat in front is there (G33).
    Watching {
        chat: ChatId,
        is: Option<Watching>,
    },
    /// My drafts have changed, on this page of mine: to be asked for elsewhere (E8).
    Drafts {
        page: ClientId,
    },
    Bye {
        why: Goodbye,
    },
}

/// Who is typing, in an agent's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Typist {
    Customer,
    Agent(AccountId),
}

// ---- the door ----

/// What the server tells a page that shows the door: first how it is, then each change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum DoorFrame {
    /// Names how the door is; the page loads its drawing again when it has another one.
    Door {
        is: String,
        /// Whether a chat can be started now.
        open: bool,
    },
}

// ---- visitors ----

/// An event in its public place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicLogged {
    pub seq: u64,
    pub at: Timestamp,
    /// Of the customer's own messages only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    #[serde(flatten)]
    pub event: PublicEvent,
    /// The files of a message, drawn by the server (`server::files::cards`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
}

impl PublicLogged {
    /// The customer's view of a log entry; `None` for the desk's own. Its files are drawn by
    /// who can sign links to them.
    #[must_use]
    pub fn of(logged: &Logged) -> Option<Self> {
        let event = logged.event.public()?;
        let mine = matches!(event, PublicEvent::Message { mine: true, .. });
        Some(Self { seq: logged.public?, at: logged.at, client_id: logged.client_id.filter(|_| mine), event, html: None })
    }
}

/// The customer's chat as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorChat {
    pub id: ChatId,
    pub state: PublicState,
    /// The newest events, oldest first.
    pub events: Vec<PublicLogged>,
    pub earlier: bool,
    /// The public cursor.
    pub seq: u64,
    /// How far the desk has come with what the customer wrote.
    pub desk: Marks,
    /// How far the customer himself has come, in any tab.
    pub mine: Marks,
}

/// What the server tells a customer's widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum VisitorFrame {
    Welcome {
        build: String,
        now: Timestamp,
    },
    /// The chat as it stands, or that there is none: replaces everything shown.
    Reset {
        chat: Option<Box<VisitorChat>>,
    },
    Events {
        prev: u64,
        seq: u64,
        events: Vec<PublicLogged>,
    },
    /// Somebody at the desk is typing.
    Typing {
        on: bool,
    },
    DeskMarks {
        marks: Marks,
    },
    /// My own marks moved in another tab.
    MyMarks {
        marks: Marks,
    },
    /// Names what stands beside the chat (`ui/front/tray.rs`); a page that shows another
    /// one loads its drawing again. Empty: no chat.
    Tray {
        is: String,
    },
    Bye {
        why: Goodbye,
    },
}

/// Body of `POST /api/visitor/register`: a first sign of life, answered by a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub widget: String,
}

/// Body of `POST /api/visitor/identify`: a token that the shop has signed for its member,
/// answered by one for this frame alone, which ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identify {
    pub widget: String,
    /// A JWT; HS256.
    pub token: String,
}

/// Body of `POST /api/visitor/data`: what the host page tells of its visitor, unsigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitorData {
    pub widget: String,
    /// Texts, numbers, yes and no by name; null takes one away.
    pub data: serde_json::Map<String, serde_json::Value>,
}

/// The visitor's secret (256 bits, base64url). Kept by the host page, sent in
/// `Authorization: Bearer` and in [`Hello::Visitor`], never in an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    pub token: String,
}

/// Body of `POST /api/visitor/send`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitorSend {
    pub widget: String,
    pub client_id: ClientId,
    pub text: String,
}

/// The answer to a send of either side: the message is stored, for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub chat: ChatId,
    /// Public sequence of the message.
    pub seq: u64,
    pub at: Timestamp,
}

impl Sent {
    /// What the sender of a stored message is told, however often he asks.
    #[must_use]
    pub fn of(message: &Logged) -> Self {
        Self { chat: message.chat, seq: message.public.unwrap_or_default(), at: message.at }
    }
}

/// Body of `POST /api/visitor/end`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitorEnd {
    pub widget: String,
    pub chat: ChatId,
}

/// Body of `POST /api/visitor/earlier`: the public events before `before`, at most 50.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitorEarlier {
    pub widget: String,
    pub chat: ChatId,
    pub before: u64,
}

/// The answer to [`VisitorEarlier`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierEvents {
    pub events: Vec<PublicLogged>,
    pub earlier: bool,
}

/// What the widget page carries, as JSON, in place of everything it would have to ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WidgetPage {
    pub widget: String,
    pub language: Language,
    pub service_name: String,
    /// The address of the service's picture.
    pub banner: Option<String>,
    /// The build the page came from, compared with the socket's.
    pub build: String,
    /// Opened by itself (a link, a pop-out) rather than in a host page's frame.
    pub alone: bool,
    /// Only on a page opened by itself: the visitor is known by its cookie.
    pub chat: Option<VisitorChat>,
}
