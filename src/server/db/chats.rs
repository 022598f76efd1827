//! Chats: the projection that follows each log.

use super::{Tx, count, damaged, on, stored};
use crate::{
    domain::{
        chat::{Chat, EndedBy, Hold, Logged, Started, State},
        ids::{AccountId, ChatId, QueueId, ServiceId, VisitorId},
        service::Language,
        time::Timestamp,
    },
    protocol::{Card, Marks, Page},
    server::error::{Error, Result},
};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    service_id: Uuid,
    queue_id: Uuid,
    visitor_id: Uuid,
    state: String,
    state_at: i64,
    agent_id: Option<Uuid>,
    cause: Option<String>,
    delegated_by: Option<Uuid>,
    intake_at: i64,
    accepted_at: Option<i64>,
    started_by: Option<Uuid>,
    started_at: Option<i64>,
    agent_messages: i64,
    seq: i64,
    public_seq: i64,
}

impl TryFrom<Row> for Chat {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let since = Timestamp(row.state_at);
        let agent = || row.agent_id.map(AccountId).ok_or_else(|| damaged("chat without its agent"));
        let state = match row.state.as_str() {
            "intake" => State::Intake { since },
            "waiting" => State::Waiting { since },
            "active" => State::Active { agent: agent()?, since },
            "customer_ended" => State::CustomerEnded { agent: agent()?, since },
            "held" => {
                let why = match row.delegated_by {
                    Some(from) => Hold::Delegated { from: AccountId(from) },
                    None => Hold::Parked,
                };
                State::Held { agent: agent()?, since, why }
            }
            "ended" => State::Ended { at: since, by: row.cause.as_deref().and_then(parse_ended_by).ok_or_else(|| damaged("end"))? },
            _ => return Err(damaged("chat state")),
        };
        Ok(Self {
            id: ChatId(row.id),
            service: ServiceId(row.service_id),
            queue: QueueId(row.queue_id),
            visitor: VisitorId(row.visitor_id),
            state,
            seq: count(row.seq),
            public_seq: count(row.public_seq),
            intake_at: Timestamp(row.intake_at),
            accepted_at: row.accepted_at.map(Timestamp),
            started: row.started_by.zip(row.started_at).map(|(by, at)| Started { by: AccountId(by), at: Timestamp(at) }),
            agent_messages: u32::try_from(row.agent_messages).unwrap_or(u32::MAX),
        })
    }
}

/// Who ended, as stored.
pub(super) fn ended_by_code(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Customer => "customer",
        EndedBy::Agent => "agent",
        EndedBy::System => "system",
    }
}

pub(super) fn parse_ended_by(code: &str) -> Option<EndedBy> {
    [EndedBy::Customer, EndedBy::Agent, EndedBy::System].into_iter().find(|by| ended_by_code(*by) == code)
}

/// A state's columns: name, since when, agent, cause, delegated by.
fn columns(state: State) -> (&'static str, Timestamp, Option<AccountId>, Option<&'static str>, Option<AccountId>) {
    match state {
        State::Intake { since } => ("intake", since, None, None, None),
        State::Waiting { since } => ("waiting", since, None, None, None),
        State::Active { agent, since } => ("active", since, Some(agent), None, None),
        State::CustomerEnded { agent, since } => ("customer_ended", since, Some(agent), None, None),
        State::Held { agent, since, why: Hold::Parked } => ("held", since, Some(agent), Some("parked"), None),
        State::Held { agent, since, why: Hold::Delegated { from } } => ("held", since, Some(agent), Some("delegated"), Some(from)),
        State::Ended { at, by } => ("ended", at, None, Some(ended_by_code(by)), None),
    }
}

/// Stores a new chat, before its first event is appended.
///
/// # Errors
/// A duplicate when the visitor has an open chat already.
pub async fn insert(tx: &mut Tx, chat: &Chat, language: Language, page: &Page) -> Result<(), sqlx::Error> {
    let (state, at, ..) = columns(chat.state);
    on!(tx, |c| {
        sqlx::query(
        "INSERT INTO chat (id, service_id, queue_id, visitor_id, state, state_at, intake_at, agent_messages, seq, public_seq, last_message_seq,
                           language, page_url, page_title)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, $8, $9, $10)"
    )
    .bind(chat.id.0)
    .bind(chat.service.0)
    .bind(chat.queue.0)
    .bind(chat.visitor.0)
    .bind(state)
    .bind(at.0)
    .bind(chat.intake_at.0)
    .bind(language.code())
    .bind(&page.url)
    .bind(&page.title)
    .execute(c)
    .await
    .map(drop)
    })
}

/// The chats with these ids, locked until the transaction ends; always taken in the
/// order of their ids (the lock order of the whole program: chats, then services).
pub async fn lock(tx: &mut Tx, ids: &[ChatId]) -> Result<Vec<Chat>> {
    // PostgreSQL knows no empty list.
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = "SELECT id, service_id, queue_id, visitor_id, state, state_at, agent_id, cause, delegated_by, intake_at, accepted_at,
                            started_by, started_at, agent_messages, seq, public_seq FROM chat WHERE id IN ";
    // SQLite's one writer has locked the whole database already and knows no FOR UPDATE.
    let rows: Vec<Row> = match tx {
        Tx::Sqlite(t) => in_list(sqlx::QueryBuilder::new(query), ids).push(" ORDER BY id").build_query_as().fetch_all(&mut **t).await?,
        Tx::Postgres(t) => {
            in_list(sqlx::QueryBuilder::new(query), ids).push(" ORDER BY id FOR UPDATE").build_query_as().fetch_all(&mut **t).await?
        }
    };
    rows.into_iter().map(Chat::try_from).collect()
}

/// Adds `(id, id, …)` to a query.
pub(super) fn in_list<DB: sqlx::Database>(mut query: sqlx::QueryBuilder<DB>, ids: &[ChatId]) -> sqlx::QueryBuilder<DB>
where
    Uuid: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    query.push("(");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(id.0);
    }
    query.push(")");
    query
}

/// The chat with this id.
pub async fn find(tx: &mut Tx, id: ChatId) -> Result<Option<Chat>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, service_id, queue_id, visitor_id, state, state_at, agent_id, cause, delegated_by, intake_at, accepted_at,
                started_by, started_at, agent_messages, seq, public_seq FROM chat WHERE id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await)?;
    row.map(Chat::try_from).transpose()
}

/// The visitor's newest chat, open or not.
pub async fn newest_of(tx: &mut Tx, visitor: VisitorId) -> Result<Option<Chat>> {
    let row: Option<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT id, service_id, queue_id, visitor_id, state, state_at, agent_id, cause, delegated_by, intake_at, accepted_at,
                started_by, started_at, agent_messages, seq, public_seq FROM chat WHERE visitor_id = $1 ORDER BY intake_at DESC, id DESC LIMIT 1"
    )
    .bind(visitor.0)
    .fetch_optional(c)
    .await
    })?;
    row.map(Chat::try_from).transpose()
}

/// Stores chats as they stand after their newest events, each with the sequence of its
/// last message if that is new. One statement for all of them.
pub async fn save(tx: &mut Tx, chats: &[(&Chat, Option<u64>)]) -> Result<()> {
    on!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "WITH new (id, queue_id, state, state_at, agent_id, cause, delegated_by, accepted_at, started_by, started_at, agent_messages, seq, public_seq, \
             last_message_seq) AS (",
        );
        query.push_values(chats, |mut row, (chat, last_message_seq)| {
            let (state, at, agent, cause, delegated_by) = columns(chat.state);
            row.push_bind(chat.id.0)
                .push_bind(chat.queue.0)
                .push_bind(state)
                .push_bind(at.0)
                .push_bind(agent.map(|a| a.0))
                .push_bind(cause)
                .push_bind(delegated_by.map(|a| a.0))
                .push_bind(chat.accepted_at.map(|t| t.0))
                .push_bind(chat.started.map(|s| s.by.0))
                .push_bind(chat.started.map(|s| s.at.0))
                .push_bind(i64::from(chat.agent_messages))
                .push_bind(stored(chat.seq))
                .push_bind(stored(chat.public_seq))
                .push_bind(last_message_seq.map(stored));
        });
        query.push(
            ") UPDATE chat SET queue_id = new.queue_id, state = new.state, state_at = new.state_at, agent_id = new.agent_id, cause = new.cause, delegated_by = new.delegated_by,
                               accepted_at = new.accepted_at, started_by = new.started_by, started_at = new.started_at,
                               agent_messages = new.agent_messages, seq = new.seq, public_seq = new.public_seq,
                               last_message_seq = COALESCE(new.last_message_seq, chat.last_message_seq)
             FROM new WHERE chat.id = new.id",
        );
        query.build().execute(c).await.map(drop)
    })?;
    Ok(())
}

/// The customer looks at another page now.
pub async fn set_page(tx: &mut Tx, chat: ChatId, page: &Page) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE chat SET page_url = $2, page_title = $3 WHERE id = $1")
        .bind(chat.0)
        .bind(&page.url)
        .bind(&page.title)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// All chats of the service that have not ended.
pub async fn open_of(tx: &mut Tx, service: ServiceId) -> Result<Vec<Chat>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, service_id, queue_id, visitor_id, state, state_at, agent_id, cause, delegated_by, intake_at, accepted_at,
                started_by, started_at, agent_messages, seq, public_seq FROM chat
         WHERE service_id = $1 AND state IN ('waiting', 'held', 'active', 'customer_ended') ORDER BY intake_at, id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(Chat::try_from).collect()
}

/// The chats that stand in this queue and were not started, unlocked.
pub async fn unstarted_in(tx: &mut Tx, queue: QueueId) -> Result<Vec<ChatId>> {
    let ids: Vec<Uuid> =
        on!(tx, |c| sqlx::query_scalar("SELECT id FROM chat WHERE queue_id = $1 AND state IN ('intake', 'waiting') ORDER BY id")
            .bind(queue.0)
            .fetch_all(c)
            .await)?;
    Ok(ids.into_iter().map(ChatId).collect())
}

/// The chats that have waited in this queue since `since` or longer, unlocked.
pub async fn waiting_since(tx: &mut Tx, queue: QueueId, since: Timestamp) -> Result<Vec<ChatId>> {
    let ids: Vec<Uuid> = on!(tx, |c| sqlx::query_scalar(
        "SELECT id FROM chat WHERE queue_id = $1 AND state = 'waiting' AND state <> 'ended' AND state_at <= $2 ORDER BY intake_at, id"
    )
    .bind(queue.0)
    .bind(since.0)
    .fetch_all(c)
    .await)?;
    Ok(ids.into_iter().map(ChatId).collect())
}

/// In which language the customer reads.
pub async fn language(tx: &mut Tx, chat: ChatId) -> Result<Language> {
    let code: String = on!(tx, |c| sqlx::query_scalar("SELECT language FROM chat WHERE id = $1").bind(chat.0).fetch_one(c).await)?;
    Language::parse(&code).ok_or_else(|| damaged("language"))
}

#[derive(sqlx::FromRow)]
struct CardRow {
    id: Uuid,
    page_url: String,
    page_title: String,
    device: String,
    member: Option<String>,
    customer_delivered: i64,
    customer_seen: i64,
    unread: i64,
}

/// Chats as rows of `viewer`'s console, in the order given.
pub async fn cards(tx: &mut Tx, chats: Vec<Chat>, viewer: AccountId) -> Result<Vec<Card>> {
    if chats.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ChatId> = chats.iter().map(|chat| chat.id).collect();
    let rows: Vec<CardRow> = on!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT c.id, c.page_url, c.page_title, v.device, v.member,
                    COALESCE(theirs.delivered, 0) AS customer_delivered, COALESCE(theirs.seen, 0) AS customer_seen,
                    (SELECT COUNT(*) FROM chat_event e WHERE e.chat_id = c.id AND e.kind = 'message' AND e.agent_id IS NULL
                     AND e.public_seq > COALESCE(mine.seen, 0)) AS unread
             FROM chat c JOIN visitor v ON v.id = c.visitor_id
             LEFT JOIN chat_mark theirs ON theirs.chat_id = c.id AND theirs.party = c.visitor_id
             LEFT JOIN chat_mark mine ON mine.chat_id = c.id AND mine.party = ",
        );
        query.push_bind(viewer.0).push(" WHERE c.id IN ");
        in_list(query, &ids).build_query_as().fetch_all(c).await
    })?;
    let mut rows: HashMap<Uuid, CardRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut last: HashMap<ChatId, Logged> = super::events::last_messages(tx, &ids).await?.into_iter().map(|l| (l.chat, l)).collect();
    chats
        .into_iter()
        .map(|chat| {
            let row = rows.remove(&chat.id.0).ok_or_else(|| damaged("chat without its visitor"))?;
            Ok(Card {
                code: chat.visitor.code(),
                member: row.member,
                page: Page { url: row.page_url, title: row.page_title },
                device: row.device,
                last: last.remove(&chat.id),
                unread: u32::try_from(row.unread).unwrap_or(u32::MAX),
                customer: Marks { delivered: count(row.customer_delivered), seen: count(row.customer_seen) },
                chat,
            })
        })
        .collect()
}

/// One chat as a row of `viewer`'s console.
pub async fn card(tx: &mut Tx, chat: Chat, viewer: AccountId) -> Result<Card> {
    cards(tx, vec![chat], viewer).await?.pop().ok_or(Error::NotFound)
}
