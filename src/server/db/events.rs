//! The event log: appended to, read in order, never changed.

mod columns;

use super::{Tx, count, on, stored};
use crate::{
    domain::{
        chat::{Chat, Event, Logged},
        ids::{AccountId, ChatId, ClientId, ServiceId, VisitorId},
        routing::Why,
        time::Timestamp,
    },
    server::error::Result,
};
use columns::{Columns, Row, detail};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A log entry with its place in the service's numbering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub service: ServiceId,
    pub service_seq: u64,
    pub logged: Logged,
}

/// What a chat gained in this transaction: the chat as it stands afterwards, and the new
/// events with the sender's ids, in order.
#[derive(Clone, Debug)]
pub struct Growth {
    pub chat: Chat,
    pub at: Timestamp,
    pub events: Vec<(Event, Option<ClientId>)>,
}

/// Appends what the chats gained: saves each chat, bumps each service's counter, inserts
/// the events. The last statements of a transaction, always, and in this order, so that
/// two transactions never wait for each other in a circle. The chats must be locked, or
/// new in this transaction.
pub async fn append(tx: &mut Tx, mut grown: Vec<Growth>) -> Result<Vec<Stored>> {
    if grown.is_empty() {
        return Ok(Vec::new());
    }
    grown.sort_by_key(|g| g.chat.id);
    let mut per_service: BTreeMap<ServiceId, u64> = BTreeMap::new();
    let mut saved = Vec::with_capacity(grown.len());
    for growth in &grown {
        let first = growth.chat.seq - growth.events.len() as u64;
        let last_message = growth.events.iter().rposition(|(e, _)| matches!(e, Event::Message { .. })).map(|n| first + n as u64 + 1);
        saved.push((&growth.chat, last_message));
        *per_service.entry(growth.chat.service).or_default() += growth.events.len() as u64;
    }
    super::chats::save(tx, &saved).await?;
    let mut next: BTreeMap<ServiceId, u64> = BTreeMap::new();
    for (service, n) in per_service {
        let after: i64 = on!(tx, |c| sqlx::query_scalar("UPDATE service SET seq = seq + $2 WHERE id = $1 RETURNING seq")
            .bind(service.0)
            .bind(stored(n))
            .fetch_one(c)
            .await)?;
        next.insert(service, count(after) - n + 1);
    }
    let mut all = Vec::new();
    for Growth { chat, at, events } in grown {
        let first = chat.seq - events.len() as u64 + 1;
        let mut public = chat.public_seq - events.iter().filter(|(e, _)| e.public().is_some()).count() as u64;
        for (seq, (event, client_id)) in (first..).zip(events) {
            let shown = event.public().is_some();
            if shown {
                public += 1;
            }
            let place = next.entry(chat.service).or_default();
            let service_seq = *place;
            *place += 1;
            let logged = Logged { chat: chat.id, seq, public: shown.then_some(public), at, client_id, event };
            all.push(Stored { service: chat.service, service_seq, logged });
        }
    }
    insert(tx, &all).await?;
    let ended: Vec<ChatId> = all.iter().filter(|s| matches!(s.logged.event, Event::Ended { .. })).map(|s| s.logged.chat).collect();
    super::drafts::end(tx, &ended).await?;
    Ok(all)
}

/// One statement for all rows.
async fn insert(tx: &mut Tx, all: &[Stored]) -> Result<()> {
    on!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO chat_event (chat_id, seq, public_seq, service_id, service_seq, at, kind, agent_id, client_id, body, cause, queue_id, other_id, detail, nickname) ",
        );
        query.push_values(all, |mut row, stored_event| {
            let Stored { service, service_seq, logged } = stored_event;
            let Columns { agent, body, cause, queue, other, detail, nickname } = Columns::of(&logged.event);
            row.push_bind(logged.chat.0)
                .push_bind(stored(logged.seq))
                .push_bind(logged.public.map(stored))
                .push_bind(service.0)
                .push_bind(stored(*service_seq))
                .push_bind(logged.at.0)
                .push_bind(logged.event.kind())
                .push_bind(agent.map(|a| a.0))
                .push_bind(logged.client_id.map(|id| id.0))
                .push_bind(body)
                .push_bind(cause)
                .push_bind(queue.map(|q| q.0))
                .push_bind(other.map(|a| a.0))
                .push_bind(detail)
                .push_bind(nickname);
        });
        query.build().execute(c).await.map(drop)
    })?;
    Ok(())
}

/// The last message of each of these chats that has one.
pub async fn last_messages(tx: &mut Tx, chats: &[ChatId]) -> Result<Vec<Logged>> {
    let rows: Vec<Row> = on!(tx, |c| {
        let query = sqlx::QueryBuilder::new(
            "SELECT e.chat_id, e.seq, e.public_seq, e.service_id, e.service_seq, e.at, e.kind, e.agent_id, e.client_id, e.body, e.cause, e.queue_id, e.other_id, e.detail, e.nickname
             FROM chat c JOIN chat_event e ON e.chat_id = c.id AND e.seq = c.last_message_seq WHERE c.id IN ",
        );
        super::chats::in_list(query, chats).build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(|row| Ok(Stored::try_from(row)?.logged)).collect()
}

/// The event that carries this client id in the chat, if one does.
pub async fn by_client_id(tx: &mut Tx, chat: ChatId, client_id: ClientId) -> Result<Option<Stored>> {
    let row: Option<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT chat_id, seq, public_seq, service_id, service_seq, at, kind, agent_id, client_id, body, cause, queue_id, other_id, detail, nickname FROM chat_event
         WHERE chat_id = $1 AND client_id = $2"
    )
    .bind(chat.0)
    .bind(client_id.0)
    .fetch_optional(c)
    .await
    })?;
    row.map(Stored::try_from).transpose()
}

#[derive(sqlx::FromRow)]
struct Earlier {
    wanted: Uuid,
    #[sqlx(flatten)]
    row: Row,
}

/// The events that carry these client ids in the chats named with them, or in another
/// chat of the same visitor: a message sent again after its chat ended must not appear in
/// the next one. Answers each with the chat that was named.
///
/// # Errors
/// The database's.
pub async fn by_client_ids(tx: &mut Tx, pairs: &[(ChatId, ClientId)]) -> Result<Vec<(ChatId, Stored)>> {
    // A join with the pairs: two separate lists would look up each with each.
    let rows: Vec<Earlier> = on!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new("WITH wanted (chat, client) AS (");
        query.push_values(pairs, |mut row, (chat, client)| {
            row.push_bind(chat.0).push_bind(client.0);
        });
        query.push(
            ") SELECT w.chat AS wanted,
                      e.chat_id, e.seq, e.public_seq, e.service_id, e.service_seq, e.at, e.kind, e.agent_id, e.client_id, e.body, e.cause, e.queue_id, e.other_id, e.detail, e.nickname
             FROM wanted w JOIN chat named ON named.id = w.chat JOIN chat theirs ON theirs.visitor_id = named.visitor_id
             JOIN chat_event e ON e.chat_id = theirs.id AND e.client_id = w.client",
        );
        query.build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(|earlier| Ok((ChatId(earlier.wanted), Stored::try_from(earlier.row)?))).collect()
}

/// The event that carries this client id in any chat of a visitor: a first message sent
/// again after its chat ended must not open another one.
pub async fn by_visitor(tx: &mut Tx, visitor: VisitorId, client_id: ClientId) -> Result<Option<Stored>> {
    let row: Option<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT e.chat_id, e.seq, e.public_seq, e.service_id, e.service_seq, e.at, e.kind, e.agent_id, e.client_id, e.body, e.cause, e.queue_id, e.other_id, e.detail, e.nickname
         FROM chat c JOIN chat_event e ON e.chat_id = c.id WHERE c.visitor_id = $1 AND e.client_id = $2"
    )
    .bind(visitor.0)
    .bind(client_id.0)
    .fetch_optional(c)
    .await
    })?;
    row.map(Stored::try_from).transpose()
}

/// Up to `limit` events of the service after its sequence `after`, in order.
pub async fn of_service(tx: &mut Tx, service: ServiceId, after: u64, limit: u32) -> Result<Vec<Stored>> {
    let rows: Vec<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT chat_id, seq, public_seq, service_id, service_seq, at, kind, agent_id, client_id, body, cause, queue_id, other_id, detail, nickname FROM chat_event
         WHERE service_id = $1 AND service_seq > $2 ORDER BY service_seq LIMIT $3"
    )
    .bind(service.0)
    .bind(stored(after))
    .bind(i64::from(limit))
    .fetch_all(c)
    .await
    })?;
    rows.into_iter().map(Stored::try_from).collect()
}

/// What the customer wrote in a chat, the oldest first.
pub async fn words(tx: &mut Tx, chat: ChatId) -> Result<Vec<(Timestamp, ClientId, String)>> {
    let rows: Vec<(i64, Uuid, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT at, client_id, body FROM chat_event
         WHERE chat_id = $1 AND kind = 'message' AND agent_id IS NULL AND client_id IS NOT NULL AND body IS NOT NULL ORDER BY seq"
    )
    .bind(chat.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(at, client, text)| (Timestamp(at), ClientId(client), text)).collect())
}

/// Up to `limit` public events of a chat after the public sequence `after`, in order.
pub async fn public_after(tx: &mut Tx, chat: ChatId, after: u64, limit: u32) -> Result<Vec<Logged>> {
    let rows: Vec<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT chat_id, seq, public_seq, service_id, service_seq, at, kind, agent_id, client_id, body, cause, queue_id, other_id, detail, nickname FROM chat_event
         WHERE chat_id = $1 AND public_seq > $2 ORDER BY seq LIMIT $3"
    )
    .bind(chat.0)
    .bind(stored(after))
    .bind(i64::from(limit))
    .fetch_all(c)
    .await
    })?;
    rows.into_iter().map(|row| Ok(Stored::try_from(row)?.logged)).collect()
}

/// The newest `limit` events of a chat before its sequence `before` (all, if `None`),
/// oldest first; `public` leaves out what is the desk's own and counts by public numbers.
pub async fn page(tx: &mut Tx, chat: ChatId, before: Option<u64>, public: bool, limit: u32) -> Result<Vec<Logged>> {
    let before = before.map_or(i64::MAX, stored);
    let rows: Vec<Row> = if public {
        on!(tx, |c| {
            sqlx::query_as(
            "SELECT chat_id, seq, public_seq, service_id, service_seq, at, kind, agent_id, client_id, body, cause, queue_id, other_id, detail, nickname FROM chat_event
             WHERE chat_id = $1 AND public_seq IS NOT NULL AND public_seq < $2 ORDER BY seq DESC LIMIT $3"
        )
        .bind(chat.0)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(c)
        .await
        })?
    } else {
        on!(tx, |c| {
            sqlx::query_as(
            "SELECT chat_id, seq, public_seq, service_id, service_seq, at, kind, agent_id, client_id, body, cause, queue_id, other_id, detail, nickname FROM chat_event
             WHERE chat_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3"
        )
        .bind(chat.0)
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(c)
        .await
        })?
    };
    rows.into_iter().rev().map(|row| Ok(Stored::try_from(row)?.logged)).collect()
}

/// The agent who wrote last in a chat.
///
/// # Errors
/// The database's.
pub async fn last_author(tx: &mut Tx, chat: ChatId) -> Result<Option<AccountId>> {
    let agent: Option<Uuid> = on!(tx, |c| sqlx::query_scalar(
        "SELECT agent_id FROM chat_event WHERE chat_id = $1 AND kind = 'message' AND agent_id IS NOT NULL ORDER BY seq DESC LIMIT 1"
    )
    .bind(chat.0)
    .fetch_optional(c)
    .await)?;
    Ok(agent.map(AccountId))
}

/// Another agent than this one, if one has written in the chat after its sequence `after`:
/// the latest of them.
pub async fn colleague_since(tx: &mut Tx, chat: ChatId, me: AccountId, after: u64) -> Result<Option<AccountId>> {
    let by: Option<Uuid> = on!(tx, |c| {
        sqlx::query_scalar(
        "SELECT agent_id FROM chat_event
         WHERE chat_id = $1 AND seq > $2 AND kind IN ('message', 'note') AND agent_id IS NOT NULL AND agent_id <> $3 ORDER BY seq DESC LIMIT 1"
    )
    .bind(chat.0)
    .bind(stored(after))
    .bind(me.0)
    .fetch_optional(c)
    .await
    })?;
    Ok(by.map(AccountId))
}

/// Why the chat was last offered to somebody.
pub async fn last_offer(tx: &mut Tx, chat: ChatId) -> Result<Option<Why>> {
    let text: Option<Option<String>> =
        on!(tx, |c| sqlx::query_scalar("SELECT detail FROM chat_event WHERE chat_id = $1 AND kind = 'offered' ORDER BY seq DESC LIMIT 1")
            .bind(chat.0)
            .fetch_optional(c)
            .await)?;
    text.map(|text| detail(text.as_deref())).transpose()
}
