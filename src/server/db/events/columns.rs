//! An event in the columns of its row, and back.

use super::Stored;
use crate::{
    domain::{
        chat::{Author, Event, Logged, OfferEnd, Rating, Requeued},
        ids::{AccountId, ChatId, ClientId, QueueId, ServiceId},
        time::Timestamp,
    },
    server::{
        db::{chats, count, damaged},
        error::{Error, Result},
    },
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    chat_id: Uuid,
    seq: i64,
    public_seq: Option<i64>,
    service_id: Uuid,
    service_seq: i64,
    at: i64,
    kind: String,
    agent_id: Option<Uuid>,
    client_id: Option<Uuid>,
    body: Option<String>,
    cause: Option<String>,
    queue_id: Option<Uuid>,
    other_id: Option<Uuid>,
    detail: Option<String>,
    nickname: Option<String>,
}

/// What an event's own columns do not hold.
pub(super) fn detail<T: DeserializeOwned>(text: Option<&str>) -> Result<T> {
    text.and_then(|text| serde_json::from_str(text).ok()).ok_or_else(|| damaged("detail"))
}

impl TryFrom<Row> for Stored {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let agent = row.agent_id.map(AccountId);
        let by = || agent.ok_or_else(|| damaged("event without its agent"));
        let other = || row.other_id.map(AccountId).ok_or_else(|| damaged("event without its other agent"));
        let cause = row.cause.as_deref().unwrap_or_default();
        let event = match row.kind.as_str() {
            "intake" => Event::Intake,
            "greeting" => Event::Greeting { text: row.body.ok_or_else(|| damaged("greeting"))? },
            "message" => {
                let author = agent.map_or(Author::Customer, Author::Agent);
                let files = if row.detail.is_some() { detail(row.detail.as_deref())? } else { Vec::new() };
                Event::Message { author, text: row.body.ok_or_else(|| damaged("message"))?, files, nickname: row.nickname }
            }
            "started" => Event::Started { agent: by()? },
            "offered" => Event::Offered { agent: by()?, why: detail(row.detail.as_deref())? },
            "offer_ended" => {
                let how = OfferEnd::ALL.into_iter().find(|how| how.code() == cause).ok_or_else(|| damaged("end of an offer"))?;
                Event::OfferEnded { agent: by()?, how }
            }
            "delegated" => Event::Delegated { from: by()?, to: other()? },
            "returned" => Event::Returned { agent: by()?, to: other()?, late: cause == LATE },
            "resumed" => Event::Resumed { agent: by()? },
            "parked" => Event::Parked { agent: by()? },
            "queued" => Event::Queued {
                queue: row.queue_id.map(QueueId).ok_or_else(|| damaged("queue"))?,
                front: detail(row.detail.as_deref())?,
                why: Requeued::parse(cause, agent).ok_or_else(|| damaged("queue"))?,
            },
            "handed_over" => Event::HandedOver { from: by()?, to: other()? },
            "invited" => Event::Invited { from: by()?, to: other()? },
            "joined" => Event::Joined { agent: by()? },
            "declined" => Event::Declined { agent: by()? },
            "left" => Event::Left { agent: by()? },
            "blocked" => Event::Blocked { agent: by()? },
            "note" => Event::Note { agent: by()?, text: row.body.ok_or_else(|| damaged("note"))? },
            "asked" => Event::Asked { text: row.body.ok_or_else(|| damaged("question"))? },
            "rating_asked" => Event::RatingAsked { agent: by()?, text: row.body.ok_or_else(|| damaged("request for a rating"))? },
            "rated" => {
                let rating = Rating::parse(cause).ok_or_else(|| damaged("rating"))?;
                Event::Rated { rating, words: row.body.unwrap_or_default() }
            }
            "customer_silent" => Event::CustomerSilent,
            "continued" => Event::Continued { agent: by()? },
            "customer_ended" => Event::CustomerEnded,
            "customer_returned" => Event::CustomerReturned,
            "ended" => Event::Ended { by: row.cause.as_deref().and_then(chats::parse_ended_by).ok_or_else(|| damaged("end"))? },
            _ => return Err(damaged("event")),
        };
        Ok(Self {
            service: ServiceId(row.service_id),
            service_seq: count(row.service_seq),
            logged: Logged {
                chat: ChatId(row.chat_id),
                seq: count(row.seq),
                public: row.public_seq.map(count),
                at: Timestamp(row.at),
                client_id: row.client_id.map(ClientId),
                event,
            },
        })
    }
}

/// Why it was returned: nobody resumed it.
const LATE: &str = "late";

/// An event in columns.
#[derive(Default)]
pub(super) struct Columns<'e> {
    pub(super) agent: Option<AccountId>,
    pub(super) body: Option<&'e str>,
    pub(super) cause: Option<&'static str>,
    pub(super) queue: Option<QueueId>,
    pub(super) other: Option<AccountId>,
    pub(super) detail: Option<String>,
    pub(super) nickname: Option<&'e str>,
}

impl<'e> Columns<'e> {
    pub(super) fn of(event: &'e Event) -> Self {
        let none = Self::default();
        match event {
            Event::Intake | Event::CustomerEnded | Event::CustomerReturned | Event::CustomerSilent => none,
            Event::Message { author, text, files, nickname } => {
                let agent = if let Author::Agent(agent) = author { Some(*agent) } else { None };
                let detail = if files.is_empty() { None } else { serde_json::to_string(files).ok() };
                Self { agent, body: Some(text), detail, nickname: nickname.as_deref(), ..none }
            }
            Event::RatingAsked { agent, text } => Self { agent: Some(*agent), body: Some(text), ..none },
            Event::Note { agent, text } => Self { agent: Some(*agent), body: Some(text), ..none },
            Event::Greeting { text } | Event::Asked { text } => Self { body: Some(text), ..none },
            Event::Started { agent }
            | Event::Resumed { agent }
            | Event::Parked { agent }
            | Event::Continued { agent }
            | Event::Joined { agent }
            | Event::Declined { agent }
            | Event::Left { agent }
            | Event::Blocked { agent } => Self { agent: Some(*agent), ..none },
            Event::Offered { agent, why } => Self { agent: Some(*agent), detail: serde_json::to_string(why).ok(), ..none },
            Event::OfferEnded { agent, how } => Self { agent: Some(*agent), cause: Some(how.code()), ..none },
            Event::Delegated { from, to } | Event::HandedOver { from, to } | Event::Invited { from, to } => {
                Self { agent: Some(*from), other: Some(*to), ..none }
            }
            Event::Returned { agent, to, late } => Self { agent: Some(*agent), other: Some(*to), cause: late.then_some(LATE), ..none },
            Event::Queued { queue, front, why } => {
                Self { agent: why.agent(), cause: Some(why.code()), queue: Some(*queue), detail: Some(front.to_string()), ..none }
            }
            Event::Rated { rating, words } => Self { cause: Some(rating.code()), body: Some(words), ..none },
            Event::Ended { by } => Self { cause: Some(chats::ended_by_code(*by)), ..none },
        }
    }
}
