//! Visitors: browsers on somebody's page.

use super::{Tx, on};
use crate::{
    domain::{
        ids::{ServiceId, VisitorId},
        time::Timestamp,
    },
    server::error::Result,
};
use uuid::Uuid;

/// Stores a new visitor.
pub async fn insert(
    tx: &mut Tx,
    id: VisitorId,
    service: ServiceId,
    token_hash: &[u8],
    device: &str,
    address: &str,
    at: Timestamp,
) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO visitor (id, service_id, token_hash, device, address, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $6)"
    )
    .bind(id.0)
    .bind(service.0)
    .bind(token_hash)
    .bind(device)
    .bind(address)
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The visitor of this service behind a token.
pub async fn find(tx: &mut Tx, service: ServiceId, token_hash: &[u8]) -> Result<Option<VisitorId>> {
    let id: Option<Uuid> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM visitor WHERE token_hash = $1 AND service_id = $2")
        .bind(token_hash)
        .bind(service.0)
        .fetch_optional(c)
        .await)?;
    Ok(id.map(VisitorId))
}
