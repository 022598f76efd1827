//! Visitors: browsers on somebody's page.

use super::{Tx, damaged, on, services::ServiceRow};
use crate::{
    domain::{
        contact::Contact,
        customer::{Customer, Data, Vouched},
        ids::{ChatId, ServiceId, VisitorId},
        service::Service,
        time::Timestamp,
        watching::LastPage,
    },
    server::{
        clock::new_id,
        error::{Error, Result},
        secrets,
    },
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

/// The visitor behind the token that a host page keeps, if he is one of this active widget's
/// service, and the service. Never one for whom a shop vouches.
pub async fn of_widget(tx: &mut Tx, widget: &str, token_hash: &[u8]) -> Result<Option<(VisitorId, Service)>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT v.id AS visitor_id, s.id, s.key, s.name_ko, s.name_en, s.zone, s.languages, s.chat, s.security
         FROM widget w JOIN service s ON s.id = w.service_id JOIN visitor v ON v.service_id = s.id
         WHERE w.key = $1 AND w.active AND v.token_hash = $2 AND v.member IS NULL"
    )
    .bind(widget)
    .bind(token_hash)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|row| (VisitorId(row.visitor_id), row.service.into())))
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    ends_at: i64,
    #[sqlx(flatten)]
    visitor: Row,
}

/// The member behind a session's token, if he is one of this active widget's service, and
/// when the session ends.
pub async fn of_session(tx: &mut Tx, widget: &str, token_hash: &[u8], now: Timestamp) -> Result<Option<(VisitorId, Service, Timestamp)>> {
    let row: Option<SessionRow> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT x.ends_at, v.id AS visitor_id, s.id, s.key, s.name_ko, s.name_en, s.zone, s.languages, s.chat, s.security
         FROM visitor_session x JOIN visitor v ON v.id = x.visitor_id JOIN service s ON s.id = v.service_id JOIN widget w ON w.service_id = s.id
         WHERE x.token_hash = $2 AND x.ends_at > $3 AND w.key = $1 AND w.active AND v.member IS NOT NULL"
    )
    .bind(widget)
    .bind(token_hash)
    .bind(now.0)
    .fetch_optional(c)
    .await
    })?;
    Ok(row.map(|row| (VisitorId(row.visitor.visitor_id), row.visitor.service.into(), Timestamp(row.ends_at))))
}

#[derive(sqlx::FromRow)]
struct CustomerRow {
    member: Option<String>,
    name: String,
    email: String,
    phone: String,
    verified_name: String,
    verified_email: String,
    verified_phone: String,
    data: String,
    verified_data: String,
}

/// All that is known of a visitor.
///
/// # Errors
/// The database's, `NotFound`.
pub async fn customer(tx: &mut Tx, id: VisitorId) -> Result<Customer> {
    let row: Option<CustomerRow> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT member, name, email, phone, verified_name, verified_email, verified_phone, data, verified_data FROM visitor WHERE id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await
    })?;
    let row = row.ok_or(Error::NotFound)?;
    let read = |data: &str| serde_json::from_str::<Data>(data).map_err(|_| damaged("a visitor's data"));
    Ok(Customer {
        member: row.member,
        data: read(&row.data)?,
        verified_data: read(&row.verified_data)?,
        said: Contact { name: row.name, email: row.email, phone: row.phone },
        verified: Contact { name: row.verified_name, email: row.verified_email, phone: row.verified_phone },
    })
}

/// The network address from which he came last.
///
/// # Errors
/// The database's.
pub async fn address(tx: &mut Tx, id: VisitorId) -> Result<String> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT address FROM visitor WHERE id = $1").bind(id.0).fetch_one(c).await)?)
}

/// Lets nobody else change the visitor until the transaction ends; SQLite's one writer has
/// locked everything already.
pub async fn lock(tx: &mut Tx, id: VisitorId) -> Result<()> {
    if let Tx::Postgres(t) = tx {
        sqlx::query("SELECT id FROM visitor WHERE id = $1 FOR UPDATE").bind(id.0).execute(&mut **t).await?;
    }
    Ok(())
}

/// Keeps what the host page told of the visitor.
pub async fn set_data(tx: &mut Tx, id: VisitorId, data: &Data) -> Result<()> {
    let data = serde_json::to_string(data).map_err(anyhow::Error::from)?;
    on!(tx, |c| sqlx::query("UPDATE visitor SET data = $2 WHERE id = $1").bind(id.0).bind(data).execute(c).await.map(drop))?;
    Ok(())
}

/// The visitor of this member: found or made, and told what the shop says of him now. Two
/// devices that come at once get the same one.
///
/// # Errors
/// The database's.
pub async fn of_member(
    tx: &mut Tx,
    service: ServiceId,
    vouched: &Vouched,
    device: &str,
    address: &str,
    at: Timestamp,
) -> Result<VisitorId> {
    let data = serde_json::to_string(&vouched.data).map_err(anyhow::Error::from)?;
    // He has no token of his own: only sessions open what is his.
    let nobody = secrets::token_hash(&secrets::new_token());
    let id: Uuid = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO visitor (id, service_id, token_hash, device, address, created_at, seen_at, member,
                              verified_name, verified_email, verified_phone, verified_data)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (service_id, member) DO UPDATE SET device = excluded.device, address = excluded.address, seen_at = excluded.seen_at,
             verified_name = excluded.verified_name, verified_email = excluded.verified_email,
             verified_phone = excluded.verified_phone, verified_data = excluded.verified_data
         RETURNING id"
    )
    .bind(new_id())
    .bind(service.0)
    .bind(nobody)
    .bind(device)
    .bind(address)
    .bind(at.0)
    .bind(&vouched.member)
    .bind(&vouched.contact.name)
    .bind(&vouched.contact.email)
    .bind(&vouched.contact.phone)
    .bind(data)
    .fetch_one(c)
    .await)?;
    Ok(VisitorId(id))
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

/// A page of the customer's is open, and counts until then (G25). Nobody has said goodbye yet.
pub async fn set_here(tx: &mut Tx, visitor: VisitorId, until: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE visitor SET here_until = $2, said_goodbye = FALSE WHERE id = $1")
        .bind(visitor.0)
        .bind(until.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// A page of the customer's is gone. A line that broke may be noticed late: it takes nothing
/// from a goodbye that was said meanwhile.
pub async fn set_gone(tx: &mut Tx, visitor: VisitorId, at: Timestamp, said_goodbye: bool) -> Result<()> {
    on!(tx, |c| {
        sqlx::query("UPDATE visitor SET here_until = $2, said_goodbye = $3 WHERE id = $1 AND ($3 OR here_until > $2)")
            .bind(visitor.0)
            .bind(at.0)
            .bind(said_goodbye)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// What is written down of the pages of a chat's customer (G33).
pub async fn last_page(tx: &mut Tx, chat: ChatId) -> Result<LastPage> {
    let found: Option<(i64, bool)> = on!(tx, |c| {
        sqlx::query_as("SELECT v.here_until, v.said_goodbye FROM chat c JOIN visitor v ON v.id = c.visitor_id WHERE c.id = $1")
            .bind(chat.0)
            .fetch_optional(c)
            .await
    })?;
    let (until, said_goodbye) = found.unwrap_or_default();
    Ok(LastPage { until: Timestamp(until), said_goodbye })
}
