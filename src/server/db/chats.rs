//! Chats: the projection that follows each log.

mod earlier;

pub use earlier::{Before, before, count_before, page};

use super::{Tx, count, damaged, on, stored};
use crate::{
    domain::{
        chat::{Chat, EndedBy, Guest, Hold, LastWord, Logged, Offer, Place, Rated, Rating, Started, State},
        ids::{AccountId, ChatId, QueueId, ServiceId, VisitorId},
        service::Language,
        ticket::tag_key,
        time::Timestamp,
    },
    protocol::{Card, Labels, Marks, Page},
    server::error::{Error, Result},
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Chats with all columns of a [`Row`], by what follows `FROM chat`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, service_id, queue_id, visitor_id, state, state_at, agent_id, cause, delegated_by, intake_at, accepted_at, started_by,
             started_at, agent_messages, seq, public_seq, front, queued_at, route, rating, rating_words, rated_at FROM chat ",
            $rest
        )
    };
}
use select;

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
    front: bool,
    queued_at: i64,
    route: String,
    rating: Option<String>,
    rating_words: String,
    rated_at: Option<i64>,
}

/// What of a chat no statement looks into.
#[derive(Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
struct Route {
    last_word: Option<LastWord>,
    asked_at: Option<Timestamp>,
    lost_by: Option<AccountId>,
    offer: Option<Offer>,
    missed: Vec<AccountId>,
    excluded: BTreeSet<AccountId>,
    guests: Vec<Guest>,
    rating_asked: bool,
}

impl Route {
    fn of(chat: &Chat) -> String {
        let route = Self {
            last_word: chat.last_word,
            asked_at: chat.asked_at,
            lost_by: chat.lost_by,
            offer: chat.offer,
            missed: chat.missed.clone(),
            excluded: chat.excluded.clone(),
            guests: chat.guests.clone(),
            rating_asked: chat.rating_asked,
        };
        serde_json::to_string(&route).unwrap_or_default()
    }
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
            "ended" => {
                let by = row.cause.as_deref().and_then(parse_ended_by).ok_or_else(|| damaged("end"))?;
                State::Ended { at: since, by, agent: row.agent_id.map(AccountId) }
            }
            _ => return Err(damaged("chat state")),
        };
        let rated = match (row.rating, row.rated_at) {
            (Some(code), Some(at)) => {
                let rating = Rating::parse(&code).ok_or_else(|| damaged("rating"))?;
                Some(Rated { rating, words: row.rating_words, at: Timestamp(at) })
            }
            _ => None,
        };
        let Route { last_word, asked_at, lost_by, offer, missed, excluded, guests, rating_asked } =
            serde_json::from_str(&row.route).map_err(|_| damaged("route"))?;
        Ok(Self {
            place: Place { front: row.front, at: Timestamp(row.queued_at) },
            last_word,
            asked_at,
            lost_by,
            offer,
            missed,
            excluded,
            guests,
            rated,
            rating_asked,
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
        State::Ended { at, by, agent } => ("ended", at, agent, Some(ended_by_code(by)), None),
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
        "INSERT INTO chat (id, service_id, queue_id, visitor_id, state, state_at, intake_at, queued_at, agent_messages, seq, public_seq, last_message_seq,
                           language, page_url, page_title)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, 0, 0, 0, $8, $9, $10)"
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
    let query = select!("WHERE id IN ");
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
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(select!("WHERE id = $1")).bind(id.0).fetch_optional(c).await)?;
    row.map(Chat::try_from).transpose()
}

/// The visitor's newest chat, open or not.
pub async fn newest_of(tx: &mut Tx, visitor: VisitorId) -> Result<Option<Chat>> {
    let row: Option<Row> = on!(tx, |c| {
        sqlx::query_as(select!("WHERE visitor_id = $1 ORDER BY intake_at DESC, id DESC LIMIT 1")).bind(visitor.0).fetch_optional(c).await
    })?;
    row.map(Chat::try_from).transpose()
}

/// Stores chats as they stand after their newest events, each with the sequence of its
/// last message if that is new. One statement for all of them.
pub async fn save(tx: &mut Tx, chats: &[(&Chat, Option<u64>)]) -> Result<()> {
    on!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "WITH new (id, queue_id, state, state_at, agent_id, cause, delegated_by, accepted_at, started_by, started_at, agent_messages, seq, public_seq, \
             last_message_seq, front, queued_at, route, rating, rating_words, rated_at) AS (",
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
                .push_bind(last_message_seq.map(stored))
                .push_bind(chat.place.front)
                .push_bind(chat.place.at.0)
                .push_bind(Route::of(chat))
                .push_bind(chat.rated.as_ref().map(|rated| rated.rating.code()))
                .push_bind(chat.rated.as_ref().map_or("", |rated| rated.words.as_str()))
                .push_bind(chat.rated.as_ref().map(|rated| rated.at.0));
        });
        query.push(
            ") UPDATE chat SET queue_id = new.queue_id, state = new.state, state_at = new.state_at, agent_id = new.agent_id, cause = new.cause, delegated_by = new.delegated_by,
                               accepted_at = new.accepted_at, started_by = new.started_by, started_at = new.started_at,
                               agent_messages = new.agent_messages, seq = new.seq, public_seq = new.public_seq,
                               last_message_seq = COALESCE(new.last_message_seq, chat.last_message_seq),
                               front = new.front, queued_at = new.queued_at, route = new.route,
                               rating = new.rating, rating_words = new.rating_words, rated_at = new.rated_at
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
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(select!(
        "WHERE service_id = $1 AND state IN ('waiting', 'held', 'active', 'customer_ended') ORDER BY intake_at, id"
    ))
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(Chat::try_from).collect()
}

/// All chats of the service that have not ended, those without a word included.
pub async fn living(tx: &mut Tx, service: ServiceId) -> Result<Vec<Chat>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(select!(
        "WHERE service_id = $1 AND state IN ('intake', 'waiting', 'held', 'active', 'customer_ended') ORDER BY id"
    ))
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
    flagged: bool,
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
                     AND e.public_seq > COALESCE(mine.seen, 0)) AS unread,
                    COALESCE(mine.flagged, FALSE) AS flagged
             FROM chat c JOIN visitor v ON v.id = c.visitor_id
             LEFT JOIN chat_mark theirs ON theirs.chat_id = c.id AND theirs.party = c.visitor_id
             LEFT JOIN chat_mark mine ON mine.chat_id = c.id AND mine.party = ",
        );
        query.push_bind(viewer.0).push(" WHERE c.id IN ");
        in_list(query, &ids).build_query_as().fetch_all(c).await
    })?;
    let mut rows: HashMap<Uuid, CardRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut last: HashMap<ChatId, Logged> = super::events::last_messages(tx, &ids).await?.into_iter().map(|l| (l.chat, l)).collect();
    let mut labels = labels(tx, &ids).await?;
    chats
        .into_iter()
        .map(|chat| {
            let row = rows.remove(&chat.id.0).ok_or_else(|| damaged("chat without its visitor"))?;
            Ok(Card {
                code: chat.visitor.code(),
                member: row.member,
                labels: labels.remove(&chat.id).unwrap_or_default(),
                page: Page { url: row.page_url, title: row.page_title },
                device: row.device,
                last: last.remove(&chat.id),
                flagged: row.flagged,
                unread: u32::try_from(row.unread).unwrap_or(u32::MAX),
                customer: Marks { delivered: count(row.customer_delivered), seen: count(row.customer_seen) },
                chat,
            })
        })
        .collect()
}

/// What is noted beside chats, for the lists (K17).
pub async fn labels(tx: &mut Tx, chats: &[ChatId]) -> Result<HashMap<ChatId, Labels>> {
    let names: Vec<(Uuid, String)> = on!(tx, |c| {
        let query = sqlx::QueryBuilder::new(
            "SELECT c.id, COALESCE(NULLIF(v.verified_name, ''), NULLIF(i.name, ''), v.name) FROM chat c
             JOIN visitor v ON v.id = c.visitor_id LEFT JOIN customer_info i ON i.visitor_id = c.visitor_id WHERE c.id IN ",
        );
        in_list(query, chats).build_query_as().fetch_all(c).await
    })?;
    let mut tags: Vec<(Uuid, String)> = on!(tx, |c| {
        let query = sqlx::QueryBuilder::new("SELECT x.chat_id, t.name FROM chat_tag x JOIN tag t ON t.id = x.tag_id WHERE x.chat_id IN ");
        in_list(query, chats).build_query_as().fetch_all(c).await
    })?;
    // Not by the databases, which order letters differently.
    tags.sort_by_cached_key(|(_, tag)| tag_key(tag));
    let mut labels: HashMap<ChatId, Labels> =
        names.into_iter().map(|(chat, name)| (ChatId(chat), Labels { name, tags: Vec::new() })).collect();
    for (chat, tag) in tags {
        labels.entry(ChatId(chat)).or_default().tags.push(tag);
    }
    Ok(labels)
}

/// One chat as a row of `viewer`'s console.
pub async fn card(tx: &mut Tx, chat: Chat, viewer: AccountId) -> Result<Card> {
    cards(tx, vec![chat], viewer).await?.pop().ok_or(Error::NotFound)
}

/// Whose the customer's last 처리 chat was that ended after `since`, visitor by visitor
/// (G18); never who has ended one of this customer's for abuse (G34).
pub async fn recent_agents(tx: &mut Tx, visitors: &[VisitorId], since: Timestamp) -> Result<HashMap<VisitorId, AccountId>> {
    if visitors.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Uuid)> = on!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT c.visitor_id, COALESCE(e.other_id, e.agent_id) FROM chat c
             JOIN chat_event e ON e.chat_id = c.id
               AND e.seq = (SELECT MAX(l.seq) FROM chat_event l WHERE l.chat_id = c.id AND l.kind IN ('started', 'resumed', 'returned', 'handed_over', 'continued'))
             WHERE c.state = 'ended' AND c.started_at IS NOT NULL AND c.agent_messages > 0
               AND NOT EXISTS (SELECT 1 FROM block b WHERE b.visitor_id = c.visitor_id AND b.by_id = COALESCE(e.other_id, e.agent_id))
               AND c.state_at >= ",
        );
        query.push_bind(since.0).push(" AND c.visitor_id IN (");
        let mut list = query.separated(", ");
        for visitor in visitors {
            list.push_bind(visitor.0);
        }
        query.push(") ORDER BY c.state_at");
        query.build_query_as().fetch_all(c).await
    })?;
    // The latest comes last.
    Ok(rows.into_iter().map(|(visitor, agent)| (VisitorId(visitor), AccountId(agent))).collect())
}

/// Until when a page of each of these customers counts as open.
pub async fn pages_open_until(tx: &mut Tx, service: ServiceId) -> Result<HashMap<ChatId, Timestamp>> {
    let rows: Vec<(Uuid, i64)> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT c.id, v.here_until FROM chat c JOIN visitor v ON v.id = c.visitor_id WHERE c.service_id = $1 AND c.state IN ('intake', 'waiting')"
    )
    .bind(service.0)
    .fetch_all(c)
    .await
    })?;
    Ok(rows.into_iter().map(|(chat, until)| (ChatId(chat), Timestamp(until))).collect())
}

/// All services in which a chat is open.
pub async fn busy_services(tx: &mut Tx) -> Result<Vec<ServiceId>> {
    let ids: Vec<Uuid> = on!(tx, |c| sqlx::query_scalar(
        "SELECT DISTINCT service_id FROM chat WHERE state IN ('intake', 'waiting', 'held', 'active', 'customer_ended')"
    )
    .fetch_all(c)
    .await)?;
    Ok(ids.into_iter().map(ServiceId).collect())
}
