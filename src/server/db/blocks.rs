//! Blocked customers (G34).

use super::{Tx, on};
use crate::{
    api::blocks::BlockRow,
    domain::{
        chat::Chat,
        ids::{AccountId, BlockId, ChatId, ServiceId, VisitorId},
        time::Timestamp,
    },
    server::error::Result,
};
use uuid::Uuid;

/// A block as it begins.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub id: BlockId,
    pub chat: &'a Chat,
    /// From where the chat was begun, if who else comes from there is blocked, too.
    pub address: Option<(String, Timestamp)>,
    pub reason: &'a str,
    pub by: AccountId,
    pub at: Timestamp,
    pub until: Option<Timestamp>,
}

/// Begins a block.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, new: New<'_>) -> Result<()> {
    let (address, address_until) = new.address.unwrap_or_else(|| (String::new(), new.at));
    on!(tx, |c| sqlx::query(
        "INSERT INTO block (id, service_id, visitor_id, chat_id, address, address_until, reason, by_id, at, until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(new.id.0)
    .bind(new.chat.service.0)
    .bind(new.chat.visitor.0)
    .bind(new.chat.id.0)
    .bind(address)
    .bind(address_until.0)
    .bind(new.reason)
    .bind(new.by.0)
    .bind(new.at.0)
    .bind(new.until.map(|until| until.0))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whether this visitor is kept out now: he himself, or who comes from his address. A shop
/// vouches for a member, so that his address says nothing of him.
///
/// # Errors
/// The database's.
pub async fn keeps_out(tx: &mut Tx, service: ServiceId, visitor: VisitorId, member: bool, address: &str, now: Timestamp) -> Result<bool> {
    let address = if member { "" } else { address };
    let found: i64 = on!(tx, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM block
         WHERE service_id = $1 AND lifted_at IS NULL
           AND ((visitor_id = $2 AND (until IS NULL OR until > $4)) OR (address <> '' AND address = $3 AND address_until > $4))"
    )
    .bind(service.0)
    .bind(visitor.0)
    .bind(address)
    .bind(now.0)
    .fetch_one(c)
    .await)?;
    Ok(found > 0)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    visitor_id: Uuid,
    chat_id: Uuid,
    member: Option<String>,
    verified_name: String,
    name: String,
    address: String,
    address_until: i64,
    reason: String,
    by_name: String,
    at: i64,
    until: Option<i64>,
}

impl From<Row> for BlockRow {
    fn from(row: Row) -> Self {
        Self {
            id: BlockId(row.id),
            chat: ChatId(row.chat_id),
            code: VisitorId(row.visitor_id).code(),
            member: row.member,
            name: if row.verified_name.is_empty() { row.name } else { row.verified_name },
            address: Some(row.address).filter(|address| !address.is_empty()).map(|address| (address, Timestamp(row.address_until))),
            reason: row.reason,
            by: row.by_name,
            at: Timestamp(row.at),
            until: row.until.map(Timestamp),
        }
    }
}

/// The service's blocks that are in force, the newest first.
///
/// # Errors
/// The database's.
pub async fn in_force(tx: &mut Tx, service: ServiceId, now: Timestamp) -> Result<Vec<BlockRow>> {
    let rows: Vec<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT b.id, b.visitor_id, b.chat_id, v.member, v.verified_name, v.name, b.address, b.address_until, b.reason, a.name AS by_name, b.at, b.until
         FROM block b JOIN visitor v ON v.id = b.visitor_id JOIN account a ON a.id = b.by_id
         WHERE b.service_id = $1 AND b.lifted_at IS NULL AND (b.until IS NULL OR b.until > $2)
         ORDER BY b.at DESC, b.id DESC"
    )
    .bind(service.0)
    .bind(now.0)
    .fetch_all(c)
    .await
    })?;
    Ok(rows.into_iter().map(BlockRow::from).collect())
}

/// Lifts a block that is in force; false when it was not.
///
/// # Errors
/// The database's.
pub async fn lift(tx: &mut Tx, service: ServiceId, id: BlockId, by: AccountId, now: Timestamp) -> Result<bool> {
    let done = on!(tx, |c| {
        sqlx::query(
        "UPDATE block SET lifted_at = $4, lifted_by = $3 WHERE id = $1 AND service_id = $2 AND lifted_at IS NULL AND (until IS NULL OR until > $4)"
    )
    .bind(id.0)
    .bind(service.0)
    .bind(by.0)
    .bind(now.0)
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(done == 1)
}

/// From where a chat was begun; empty when nobody knows.
///
/// # Errors
/// The database's.
pub async fn origin(tx: &mut Tx, chat: ChatId) -> Result<String> {
    let address: Option<String> =
        on!(tx, |c| sqlx::query_scalar("SELECT address FROM consent WHERE chat_id = $1").bind(chat.0).fetch_optional(c).await)?;
    Ok(address.unwrap_or_default())
}
