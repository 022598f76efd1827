//! The keys with which shops sign who their members are, and the sessions of members.

use super::{Tx, on};
use crate::{
    domain::{
        ids::{AccountId, IdentityKeyId, ServiceId, VisitorId},
        time::Timestamp,
    },
    server::error::Result,
};
use uuid::Uuid;

/// A key as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub id: IdentityKeyId,
    /// Sealed by the server's key.
    pub secret: Vec<u8>,
    pub made_at: Timestamp,
    /// By name.
    pub made_by: String,
    pub used_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: Uuid,
    secret: Vec<u8>,
    made_at: i64,
    name: String,
    used_at: Option<i64>,
}

/// The service's keys, the oldest first.
pub async fn keys(tx: &mut Tx, service: ServiceId) -> Result<Vec<Key>> {
    let rows: Vec<KeyRow> = on!(tx, |c| sqlx::query_as(
        "SELECT k.id, k.secret, k.made_at, a.name, k.used_at FROM identity_key k JOIN account a ON a.id = k.made_by
         WHERE k.service_id = $1 ORDER BY k.made_at, k.id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    let key = |row: KeyRow| Key {
        id: IdentityKeyId(row.id),
        secret: row.secret,
        made_at: Timestamp(row.made_at),
        made_by: row.name,
        used_at: row.used_at.map(Timestamp),
    };
    Ok(rows.into_iter().map(key).collect())
}

/// Stores a new key.
pub async fn insert_key(tx: &mut Tx, id: IdentityKeyId, service: ServiceId, secret: &[u8], by: AccountId, at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO identity_key (id, service_id, secret, made_at, made_by) VALUES ($1, $2, $3, $4, $5)")
        .bind(id.0)
        .bind(service.0)
        .bind(secret)
        .bind(at.0)
        .bind(by.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Deletes the service's key with every session that it vouches for, and answers whose they
/// were; `None` when there is no such key.
pub async fn delete_key(tx: &mut Tx, service: ServiceId, id: IdentityKeyId) -> Result<Option<Vec<VisitorId>>> {
    // Whoever is just being vouched for by it is waited for, and his session found below.
    if let Tx::Postgres(t) = tx {
        sqlx::query("SELECT id FROM identity_key WHERE id = $1 AND service_id = $2 FOR UPDATE")
            .bind(id.0)
            .bind(service.0)
            .execute(&mut **t)
            .await?;
    }
    let visitors: Vec<Uuid> = on!(tx, |c| {
        sqlx::query_scalar(
        "DELETE FROM visitor_session WHERE key_id IN (SELECT id FROM identity_key WHERE id = $1 AND service_id = $2) RETURNING visitor_id"
    )
    .bind(id.0)
    .bind(service.0)
    .fetch_all(c)
    .await
    })?;
    let done = on!(tx, |c| sqlx::query("DELETE FROM identity_key WHERE id = $1 AND service_id = $2")
        .bind(id.0)
        .bind(service.0)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok((done > 0).then(|| visitors.into_iter().map(VisitorId).collect()))
}

/// Holds the key until the transaction ends, so that it is not deleted meanwhile; false when
/// it is gone.
pub async fn hold_key(tx: &mut Tx, id: IdentityKeyId) -> Result<bool> {
    let there: Option<Uuid> = match tx {
        // SQLite's one writer has locked the whole database already.
        Tx::Sqlite(t) => sqlx::query_scalar("SELECT id FROM identity_key WHERE id = $1").bind(id.0).fetch_optional(&mut **t).await?,
        Tx::Postgres(t) => {
            sqlx::query_scalar("SELECT id FROM identity_key WHERE id = $1 FOR KEY SHARE").bind(id.0).fetch_optional(&mut **t).await?
        }
    };
    Ok(there.is_some())
}

/// Notes that a token was signed with the key; at most once in `rest` milliseconds.
pub async fn note_used(tx: &mut Tx, id: IdentityKeyId, at: Timestamp, rest: i64) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE identity_key SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $3)")
        .bind(id.0)
        .bind(at.0)
        .bind(at.plus(-rest).0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Stores a member's session.
pub async fn insert_session(tx: &mut Tx, token_hash: &[u8], visitor: VisitorId, key: IdentityKeyId, until: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO visitor_session (token_hash, visitor_id, key_id, ends_at) VALUES ($1, $2, $3, $4)")
        .bind(token_hash)
        .bind(visitor.0)
        .bind(key.0)
        .bind(until.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Whether a session still speaks for its member.
pub async fn lives(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<bool> {
    let there: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT ends_at FROM visitor_session WHERE token_hash = $1 AND ends_at > $2")
        .bind(token_hash)
        .bind(now.0)
        .fetch_optional(c)
        .await)?;
    Ok(there.is_some())
}

/// Forgets the sessions that have ended.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM visitor_session WHERE ends_at <= $1").bind(now.0).execute(c).await.map(drop))?;
    Ok(())
}
