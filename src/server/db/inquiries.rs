//! 1:1 문의 and what was written in them (A28).

use super::{Tx, count, on, stored};
use crate::{
    domain::{
        contact::Contact,
        ids::{AccountId, ChatId, ClientId, InquiryId, ServiceId, VisitorId},
        service::Language,
        time::Timestamp,
    },
    server::error::Result,
};
use uuid::Uuid;

/// An inquiry without its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    pub id: InquiryId,
    pub service: ServiceId,
    /// 1, 2, 3 … within the service.
    pub number: u64,
    pub visitor: VisitorId,
    /// The waiting chat that it was made of (G13).
    pub chat: Option<ChatId>,
    pub language: Language,
    pub contact: Contact,
    pub answered: bool,
    pub created_at: Timestamp,
    pub moved_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    service_id: Uuid,
    number: i64,
    visitor_id: Uuid,
    chat_id: Option<Uuid>,
    language: String,
    name: String,
    email: String,
    phone: String,
    answered: bool,
    created_at: i64,
    moved_at: i64,
}

impl From<Row> for Inquiry {
    fn from(row: Row) -> Self {
        Self {
            id: InquiryId(row.id),
            service: ServiceId(row.service_id),
            number: count(row.number),
            visitor: VisitorId(row.visitor_id),
            chat: row.chat_id.map(ChatId),
            language: Language::parse(&row.language).unwrap_or_default(),
            contact: Contact { name: row.name, email: row.email, phone: row.phone },
            answered: row.answered,
            created_at: Timestamp(row.created_at),
            moved_at: Timestamp(row.moved_at),
        }
    }
}

/// A message of an inquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub client_id: ClientId,
    pub at: Timestamp,
    /// None: the customer.
    pub agent: Option<AccountId>,
    pub text: String,
}

/// Stores an inquiry under the service's next number; the service must be locked.
pub async fn insert(tx: &mut Tx, inquiry: &Inquiry, token_hash: &[u8]) -> Result<u64> {
    let last: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT MAX(number) FROM inquiry WHERE service_id = $1")
        .bind(inquiry.service.0)
        .fetch_one(c)
        .await)?;
    let number = count(last.unwrap_or(0)) + 1;
    on!(tx, |c| {
        sqlx::query(
        "INSERT INTO inquiry (id, service_id, number, visitor_id, token_hash, language, name, email, phone, answered, created_at, moved_at, chat_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)"
    )
    .bind(inquiry.id.0)
    .bind(inquiry.service.0)
    .bind(stored(number))
    .bind(inquiry.visitor.0)
    .bind(token_hash)
    .bind(inquiry.language.code())
    .bind(&inquiry.contact.name)
    .bind(&inquiry.contact.email)
    .bind(&inquiry.contact.phone)
    .bind(inquiry.answered)
    .bind(inquiry.created_at.0)
    .bind(inquiry.chat.map(|chat| chat.0))
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(number)
}

/// The inquiry whose link has this token.
pub async fn by_token(tx: &mut Tx, service: ServiceId, token_hash: &[u8]) -> Result<Option<Inquiry>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, service_id, number, visitor_id, chat_id, language, name, email, phone, answered, created_at, moved_at
         FROM inquiry WHERE service_id = $1 AND token_hash = $2"
    )
    .bind(service.0)
    .bind(token_hash)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(Into::into))
}

/// The inquiry with this id.
pub async fn find(tx: &mut Tx, id: InquiryId) -> Result<Option<Inquiry>> {
    let row: Option<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT id, service_id, number, visitor_id, chat_id, language, name, email, phone, answered, created_at, moved_at FROM inquiry WHERE id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await
    })?;
    Ok(row.map(Into::into))
}

/// The visitor's own inquiries, the one that moved last first.
pub async fn of_visitor(tx: &mut Tx, visitor: VisitorId, limit: u32) -> Result<Vec<Inquiry>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, service_id, number, visitor_id, chat_id, language, name, email, phone, answered, created_at, moved_at
         FROM inquiry WHERE visitor_id = $1 ORDER BY moved_at DESC, number DESC LIMIT $2"
    )
    .bind(visitor.0)
    .bind(i64::from(limit))
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The inquiries whose answers go to this address, the one that moved last first.
pub async fn of_email(tx: &mut Tx, service: ServiceId, email: &str, limit: u32) -> Result<Vec<Inquiry>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, service_id, number, visitor_id, chat_id, language, name, email, phone, answered, created_at, moved_at
         FROM inquiry WHERE service_id = $1 AND email = $2 ORDER BY moved_at DESC, number DESC LIMIT $3"
    )
    .bind(service.0)
    .bind(email)
    .bind(i64::from(limit))
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Where the answers of an inquiry go from now on.
pub async fn set_email(tx: &mut Tx, id: InquiryId, email: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE inquiry SET email = $2 WHERE id = $1").bind(id.0).bind(email).execute(c).await.map(drop))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Listed {
    #[sqlx(flatten)]
    inquiry: Row,
    first: Option<String>,
}

/// The service's inquiries with their first words: those that wait for an answer first,
/// the longest waiting of them first.
pub async fn of_service(tx: &mut Tx, service: ServiceId, limit: u32) -> Result<Vec<(Inquiry, String)>> {
    let rows: Vec<Listed> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT i.id, i.service_id, i.number, i.visitor_id, i.chat_id, i.language, i.name, i.email, i.phone, i.answered, i.created_at, i.moved_at,
                (SELECT m.body FROM inquiry_message m WHERE m.inquiry_id = i.id ORDER BY m.at, m.client_id LIMIT 1) AS first
         FROM inquiry i WHERE i.service_id = $1
         ORDER BY i.answered, CASE WHEN i.answered THEN -i.moved_at ELSE i.moved_at END, i.number LIMIT $2"
    )
    .bind(service.0)
    .bind(i64::from(limit))
    .fetch_all(c)
    .await
    })?;
    Ok(rows.into_iter().map(|row| (row.inquiry.into(), row.first.unwrap_or_default())).collect())
}

/// Adds a message; false when it was there already.
pub async fn write(
    tx: &mut Tx,
    inquiry: InquiryId,
    client_id: ClientId,
    at: Timestamp,
    agent: Option<AccountId>,
    text: &str,
) -> Result<bool> {
    let rows = on!(tx, |c| sqlx::query(
        "INSERT INTO inquiry_message (inquiry_id, client_id, at, agent_id, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (inquiry_id, client_id) DO NOTHING"
    )
    .bind(inquiry.0)
    .bind(client_id.0)
    .bind(at.0)
    .bind(agent.map(|a| a.0))
    .bind(text)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    if rows == 1 {
        on!(tx, |c| sqlx::query("UPDATE inquiry SET answered = $2, moved_at = $3 WHERE id = $1")
            .bind(inquiry.0)
            .bind(agent.is_some())
            .bind(at.0)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(rows == 1)
}

/// What was written in an inquiry, the oldest first.
pub async fn messages(tx: &mut Tx, inquiry: InquiryId) -> Result<Vec<Written>> {
    let rows: Vec<(Uuid, i64, Option<Uuid>, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT client_id, at, agent_id, body FROM inquiry_message WHERE inquiry_id = $1 ORDER BY at, client_id"
    )
    .bind(inquiry.0)
    .fetch_all(c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|(id, at, agent, text)| Written { client_id: ClientId(id), at: Timestamp(at), agent: agent.map(AccountId), text })
        .collect())
}
