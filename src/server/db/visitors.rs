//! Visitors: browsers on somebody's page.

use super::{Tx, on, services::ServiceRow};
use crate::{
    domain::{
        contact::Contact,
        ids::{ServiceId, VisitorId},
        service::Service,
        time::Timestamp,
    },
    server::error::Result,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    visitor_id: Uuid,
    #[sqlx(flatten)]
    service: ServiceRow,
}

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

/// The visitor behind a token, if he is one of this active widget's service, and the service.
pub async fn of_widget(tx: &mut Tx, widget: &str, token_hash: &[u8]) -> Result<Option<(VisitorId, Service)>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT v.id AS visitor_id, s.id, s.key, s.name_ko, s.name_en, s.zone, s.languages, s.chat, s.security
         FROM widget w JOIN service s ON s.id = w.service_id JOIN visitor v ON v.service_id = s.id
         WHERE w.key = $1 AND w.active AND v.token_hash = $2"
    )
    .bind(widget)
    .bind(token_hash)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|row| (VisitorId(row.visitor_id), row.service.into())))
}

/// What the visitor said of himself.
pub async fn contact(tx: &mut Tx, id: VisitorId) -> Result<Contact> {
    let row: Option<(String, String, String)> =
        on!(tx, |c| sqlx::query_as("SELECT name, email, phone FROM visitor WHERE id = $1").bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(|(name, email, phone)| Contact { name, email, phone }).unwrap_or_default())
}

/// Keeps what the visitor said of himself.
pub async fn set_contact(tx: &mut Tx, id: VisitorId, contact: &Contact) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE visitor SET name = $2, email = $3, phone = $4 WHERE id = $1")
        .bind(id.0)
        .bind(&contact.name)
        .bind(&contact.email)
        .bind(&contact.phone)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
