//! Sign-in sessions. The token is known to the browser only; here is its hash.

use super::{Tx, on};
use crate::{
    domain::{
        ids::{AccountId, ServiceId, SessionId},
        time::Timestamp,
    },
    server::error::Result,
};
use uuid::Uuid;

/// A session as stored.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    pub device: String,
    pub address: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// The service that the session is connected to; none: the account's first.
    pub service: Option<ServiceId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    account_id: Uuid,
    device: String,
    address: String,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
    service_id: Option<Uuid>,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id: SessionId(row.id),
            account: AccountId(row.account_id),
            device: row.device,
            address: row.address,
            created_at: Timestamp(row.created_at),
            seen_at: Timestamp(row.seen_at),
            expires_at: Timestamp(row.expires_at),
            service: row.service_id.map(ServiceId),
        }
    }
}

/// Stores a new session, and drops those of everybody that have expired.
pub async fn insert(tx: &mut Tx, session: &Session, token_hash: &[u8]) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM session WHERE expires_at < $1").bind(session.created_at.0).execute(c).await.map(drop))?;
    on!(tx, |c| {
        sqlx::query(
        "INSERT INTO session (id, token_hash, account_id, device, address, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(session.id.0)
    .bind(token_hash)
    .bind(session.account.0)
    .bind(&session.device)
    .bind(&session.address)
    .bind(session.created_at.0)
    .bind(session.seen_at.0)
    .bind(session.expires_at.0)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// The live session behind a token.
pub async fn find(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<Session>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT s.id, s.account_id, s.device, s.address, s.created_at, s.seen_at, s.expires_at, s.service_id
         FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.deactivated_at IS NULL"
    )
    .bind(token_hash)
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(Into::into))
}

/// Whether the session still stands.
pub async fn is_live(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<bool> {
    let found: Option<Uuid> = on!(tx, |c| {
        sqlx::query_scalar(
        "SELECT s.id FROM session s JOIN account a ON a.id = s.account_id WHERE s.id = $1 AND s.expires_at > $2 AND a.deactivated_at IS NULL"
    )
    .bind(id.0)
    .bind(now.0)
    .fetch_optional(c)
    .await
    })?;
    Ok(found.is_some())
}

/// All live sessions of an account, the last used first.
pub async fn of_account(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<Vec<Session>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, account_id, device, address, created_at, seen_at, expires_at, service_id FROM session
         WHERE account_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, id"
    )
    .bind(account.0)
    .bind(now.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Notes that the session was used; it lives on from here.
pub async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp, expires_at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE session SET seen_at = $2, expires_at = $3 WHERE id = $1")
        .bind(id.0)
        .bind(now.0)
        .bind(expires_at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Connects the session to a service.
pub async fn set_service(tx: &mut Tx, id: SessionId, service: ServiceId) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE session SET service_id = $2 WHERE id = $1").bind(id.0).bind(service.0).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends a session of this account; false when there was none.
pub async fn delete(tx: &mut Tx, account: AccountId, id: SessionId) -> Result<bool> {
    let done = on!(tx, |c| sqlx::query("DELETE FROM session WHERE id = $1 AND account_id = $2")
        .bind(id.0)
        .bind(account.0)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(done > 0)
}

/// Ends all sessions of this account but one.
pub async fn delete_others(tx: &mut Tx, account: AccountId, keep: SessionId) -> Result<u64> {
    Ok(on!(tx, |c| sqlx::query("DELETE FROM session WHERE account_id = $1 AND id <> $2")
        .bind(account.0)
        .bind(keep.0)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?)
}

/// Whether the account has signed in from this address before.
pub async fn known_address(tx: &mut Tx, account: AccountId, address: &str) -> Result<bool> {
    let found: Option<Uuid> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM session WHERE account_id = $1 AND address = $2 LIMIT 1")
        .bind(account.0)
        .bind(address)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}
