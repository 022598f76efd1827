//! Links that work once: invitations and password resets. Here is only their hash.

use super::{Tx, damaged, on};
use crate::{
    domain::{
        ids::{AccountId, ServiceId},
        permission::Role,
        time::Timestamp,
    },
    server::{clock::new_id, error::Result},
};
use uuid::Uuid;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Become a member of this service.
    Join { service: ServiceId, role: Role },
    /// Set this account's password.
    Reset { account: AccountId },
}

/// A link as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Lower case.
    pub email: String,
    pub purpose: Purpose,
    pub expires_at: Timestamp,
}

/// Keeps a link; an earlier one of the same purpose for the same address ends.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, invitation: &Invitation, token_hash: &[u8], by: AccountId, at: Timestamp) -> Result<()> {
    let (service, role, account) = match invitation.purpose {
        Purpose::Join { service, role } => (Some(service.0), Some(role.code()), None),
        Purpose::Reset { account } => (None, None, Some(account.0)),
    };
    match invitation.purpose {
        Purpose::Join { service, .. } => on!(tx, |c| sqlx::query("DELETE FROM invitation WHERE email = $1 AND service_id = $2")
            .bind(&invitation.email)
            .bind(service.0)
            .execute(c)
            .await
            .map(drop))?,
        Purpose::Reset { account } => {
            on!(tx, |c| sqlx::query("DELETE FROM invitation WHERE account_id = $1").bind(account.0).execute(c).await.map(drop))?;
        }
    }
    on!(tx, |c| sqlx::query(
        "INSERT INTO invitation (id, token_hash, email, service_id, role, account_id, made_by, made_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(new_id())
    .bind(token_hash)
    .bind(&invitation.email)
    .bind(service)
    .bind(role)
    .bind(account)
    .bind(by.0)
    .bind(at.0)
    .bind(invitation.expires_at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    email: String,
    service_id: Option<Uuid>,
    role: Option<String>,
    account_id: Option<Uuid>,
    expires_at: i64,
}

/// The link with this token, if it still works.
///
/// # Errors
/// The database's.
pub async fn find(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<Invitation>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT email, service_id, role, account_id, expires_at FROM invitation WHERE token_hash = $1 AND expires_at > $2"
    )
    .bind(token_hash)
    .bind(now.0)
    .fetch_optional(c)
    .await)?;
    let Some(row) = row else { return Ok(None) };
    let purpose = match (row.service_id, row.role.as_deref().and_then(Role::parse), row.account_id) {
        (Some(service), Some(role), None) => Purpose::Join { service: ServiceId(service), role },
        (None, None, Some(account)) => Purpose::Reset { account: AccountId(account) },
        _ => return Err(damaged("invitation")),
    };
    Ok(Some(Invitation { email: row.email, purpose, expires_at: Timestamp(row.expires_at) }))
}

/// Uses a link up. False when somebody else just did.
///
/// # Errors
/// The database's.
pub async fn take(tx: &mut Tx, token_hash: &[u8]) -> Result<bool> {
    let rows = on!(tx, |c| sqlx::query("DELETE FROM invitation WHERE token_hash = $1")
        .bind(token_hash)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Addresses that were invited and have not come yet, per service.
///
/// # Errors
/// The database's.
pub async fn open(tx: &mut Tx, now: Timestamp) -> Result<Vec<(String, ServiceId, Timestamp)>> {
    let rows: Vec<(String, Uuid, i64)> = on!(tx, |c| sqlx::query_as(
        "SELECT email, service_id, expires_at FROM invitation WHERE service_id IS NOT NULL AND expires_at > $1 ORDER BY made_at, email"
    )
    .bind(now.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(email, service, expires)| (email, ServiceId(service), Timestamp(expires))).collect())
}
