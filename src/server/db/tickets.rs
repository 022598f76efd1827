//! Tickets and the log of what was done to each.

use super::{Tx, count, damaged, on, stored};
use crate::{
    domain::{
        ids::{AccountId, ChatId, ClientId, ServiceId, TagId, TicketId, VisitorId},
        ticket::{Assign, Change, Fields, Logged, Priority, Status},
        time::Timestamp,
    },
    server::error::Result,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A ticket as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub id: TicketId,
    pub service: ServiceId,
    pub number: u64,
    /// None: made by the service itself at 상담 시작.
    pub client_id: Option<ClientId>,
    pub fields: Fields,
    /// Whether the assignee goes where the chat goes.
    pub follows: bool,
    pub chat: ChatId,
    /// The requester.
    pub visitor: VisitorId,
    pub created_at: Timestamp,
    pub version: u64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    service_id: Uuid,
    number: i64,
    client_id: Option<Uuid>,
    subject: String,
    description: String,
    status: String,
    priority: String,
    assignee_id: Option<Uuid>,
    follows: bool,
    chat_id: Uuid,
    visitor_id: Uuid,
    created_at: i64,
    version: i64,
}

impl Row {
    fn ticket(self, tags: BTreeSet<TagId>) -> Result<Ticket> {
        Ok(Ticket {
            id: TicketId(self.id),
            service: ServiceId(self.service_id),
            number: count(self.number),
            client_id: self.client_id.map(ClientId),
            fields: Fields {
                subject: self.subject,
                description: self.description,
                status: Status::parse(&self.status).ok_or_else(|| damaged("status of a ticket"))?,
                priority: Priority::parse(&self.priority).ok_or_else(|| damaged("priority of a ticket"))?,
                assignee: self.assignee_id.map(AccountId),
                tags,
            },
            follows: self.follows,
            chat: ChatId(self.chat_id),
            visitor: VisitorId(self.visitor_id),
            created_at: Timestamp(self.created_at),
            version: count(self.version),
        })
    }
}

/// The next number of the service; one that is taken in a transaction which is not
/// committed is given again.
///
/// # Errors
/// The database's.
pub async fn next_number(tx: &mut Tx, service: ServiceId) -> Result<u64> {
    let number: i64 = on!(tx, |c| {
        sqlx::query_scalar("UPDATE service SET ticket_seq = ticket_seq + 1 WHERE id = $1 RETURNING ticket_seq")
            .bind(service.0)
            .fetch_one(c)
            .await
    })?;
    Ok(count(number))
}

/// Stores a new ticket with its tags.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    let Ticket { fields, .. } = ticket;
    on!(tx, |c| sqlx::query(
        "INSERT INTO ticket (id, service_id, number, client_id, subject, description, status, priority, assignee_id, follows, channel,
                             chat_id, visitor_id, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'chat', $11, $12, $13, $14)"
    )
    .bind(ticket.id.0)
    .bind(ticket.service.0)
    .bind(stored(ticket.number))
    .bind(ticket.client_id.map(|id| id.0))
    .bind(&fields.subject)
    .bind(&fields.description)
    .bind(fields.status.code())
    .bind(fields.priority.code())
    .bind(fields.assignee.map(|id| id.0))
    .bind(ticket.follows)
    .bind(ticket.chat.0)
    .bind(ticket.visitor.0)
    .bind(ticket.created_at.0)
    .bind(stored(ticket.version))
    .execute(c)
    .await
    .map(drop))?;
    insert_tags(tx, ticket.id, &fields.tags).await
}

async fn insert_tags(tx: &mut Tx, ticket: TicketId, tags: &BTreeSet<TagId>) -> Result<()> {
    for tag in tags {
        on!(tx, |c| sqlx::query("INSERT INTO ticket_tag (ticket_id, tag_id) VALUES ($1, $2)")
            .bind(ticket.0)
            .bind(tag.0)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

/// Stores a ticket as it is now; its service must be locked.
///
/// # Errors
/// The database's.
pub async fn update(tx: &mut Tx, ticket: &Ticket) -> Result<()> {
    let Ticket { fields, .. } = ticket;
    on!(tx, |c| sqlx::query(
        "UPDATE ticket SET subject = $2, description = $3, status = $4, priority = $5, assignee_id = $6, follows = $7, version = $8
         WHERE id = $1"
    )
    .bind(ticket.id.0)
    .bind(&fields.subject)
    .bind(&fields.description)
    .bind(fields.status.code())
    .bind(fields.priority.code())
    .bind(fields.assignee.map(|id| id.0))
    .bind(ticket.follows)
    .bind(stored(ticket.version))
    .execute(c)
    .await
    .map(drop))?;
    on!(tx, |c| sqlx::query("DELETE FROM ticket_tag WHERE ticket_id = $1").bind(ticket.id.0).execute(c).await.map(drop))?;
    insert_tags(tx, ticket.id, &fields.tags).await
}

/// The ticket with this id.
///
/// # Errors
/// The database's.
pub async fn find(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>> {
    let row: Option<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT id, service_id, number, client_id, subject, description, status, priority, assignee_id, follows, chat_id, visitor_id, created_at, version
         FROM ticket WHERE id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await
    })?;
    let Some(row) = row else { return Ok(None) };
    let tags: Vec<Uuid> =
        on!(tx, |c| sqlx::query_scalar("SELECT tag_id FROM ticket_tag WHERE ticket_id = $1").bind(id.0).fetch_all(c).await)?;
    row.ticket(tags.into_iter().map(TagId).collect()).map(Some)
}

/// The tickets that were made of a chat, the oldest first.
///
/// # Errors
/// The database's.
pub async fn of_chat(tx: &mut Tx, chat: ChatId) -> Result<Vec<Ticket>> {
    let rows: Vec<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT id, service_id, number, client_id, subject, description, status, priority, assignee_id, follows, chat_id, visitor_id, created_at, version
         FROM ticket WHERE chat_id = $1 ORDER BY number"
    )
    .bind(chat.0)
    .fetch_all(c)
    .await
    })?;
    let tags: Vec<(Uuid, Uuid)> = on!(tx, |c| sqlx::query_as(
        "SELECT x.ticket_id, x.tag_id FROM ticket_tag x JOIN ticket t ON t.id = x.ticket_id WHERE t.chat_id = $1"
    )
    .bind(chat.0)
    .fetch_all(c)
    .await)?;
    rows.into_iter()
        .map(|row| {
            let own = tags.iter().filter(|(ticket, _)| *ticket == row.id).map(|(_, tag)| TagId(*tag)).collect();
            row.ticket(own)
        })
        .collect()
}

/// Writes into a ticket's log; its service must be locked.
///
/// # Errors
/// The database's.
pub async fn log(tx: &mut Tx, ticket: TicketId, by: Option<AccountId>, at: Timestamp, changes: &[Change]) -> Result<()> {
    for change in changes {
        let body = serde_json::to_string(change).map_err(anyhow::Error::from)?;
        on!(tx, |c| sqlx::query(
            "INSERT INTO ticket_change (ticket_id, seq, at, account_id, body)
             SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4 FROM ticket_change WHERE ticket_id = $1"
        )
        .bind(ticket.0)
        .bind(at.0)
        .bind(by.map(|by| by.0))
        .bind(body)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// What was done to a ticket: its newest `limit` entries, the newest first.
///
/// # Errors
/// The database's.
pub async fn logged(tx: &mut Tx, ticket: TicketId, limit: u32) -> Result<Vec<Logged>> {
    let rows: Vec<(i64, Option<Uuid>, String)> =
        on!(tx, |c| sqlx::query_as("SELECT at, account_id, body FROM ticket_change WHERE ticket_id = $1 ORDER BY seq DESC LIMIT $2")
            .bind(ticket.0)
            .bind(i64::from(limit))
            .fetch_all(c)
            .await)?;
    rows.into_iter()
        .map(|(at, by, body)| {
            let change = serde_json::from_str(&body).map_err(|_| damaged("change of a ticket"))?;
            Ok(Logged { at: Timestamp(at), by: by.map(AccountId), change })
        })
        .collect()
}

/// To whom the tickets of an agent's chats go (A83, A84).
///
/// # Errors
/// The database's.
pub async fn assign(tx: &mut Tx, service: ServiceId, account: AccountId) -> Result<Assign> {
    let row: Option<(String, Option<Uuid>)> =
        on!(tx, |c| sqlx::query_as("SELECT tickets_to, tickets_agent_id FROM member WHERE service_id = $1 AND account_id = $2")
            .bind(service.0)
            .bind(account.0)
            .fetch_optional(c)
            .await)?;
    match row {
        None => Ok(Assign::Me),
        Some((to, agent)) => match (to.as_str(), agent) {
            ("me", _) => Ok(Assign::Me),
            ("agent", Some(agent)) => Ok(Assign::Agent(AccountId(agent))),
            ("nobody", _) => Ok(Assign::Nobody),
            _ => Err(damaged("tickets_to")),
        },
    }
}

/// Keeps it.
///
/// # Errors
/// The database's.
pub async fn set_assign(tx: &mut Tx, service: ServiceId, account: AccountId, value: Assign) -> Result<()> {
    let (to, agent) = match value {
        Assign::Me => ("me", None),
        Assign::Agent(agent) => ("agent", Some(agent.0)),
        Assign::Nobody => ("nobody", None),
    };
    on!(tx, |c| sqlx::query("UPDATE member SET tickets_to = $3, tickets_agent_id = $4 WHERE service_id = $1 AND account_id = $2")
        .bind(service.0)
        .bind(account.0)
        .bind(to)
        .bind(agent)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Who may have tickets of the service, by name: members with the right to them who can
/// sign in.
///
/// # Errors
/// The database's.
pub async fn assignable(tx: &mut Tx, service: ServiceId) -> Result<Vec<(AccountId, String)>> {
    let rows: Vec<(Uuid, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT a.id, a.name FROM member_right r JOIN account a ON a.id = r.account_id
         WHERE r.service_id = $1 AND r.code = 'ticket' AND a.deactivated_at IS NULL ORDER BY a.name, a.id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, name)| (AccountId(id), name)).collect())
}
