//! Services, queues, widgets and members.

use super::{Tx, count, damaged, on};
use crate::{
    domain::{
        ids::{AccountId, QueueId, ServiceId},
        permission::{Member, Right, Role},
        service::{Localized, Queue, Service},
        time::Timestamp,
    },
    protocol::Colleague,
    server::error::Result,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
pub(super) struct ServiceRow {
    id: Uuid,
    key: String,
    name_ko: String,
    name_en: String,
    zone: String,
}

impl From<ServiceRow> for Service {
    fn from(row: ServiceRow) -> Self {
        Self { id: ServiceId(row.id), key: row.key, name: Localized { ko: row.name_ko, en: row.name_en }, zone: row.zone }
    }
}

/// Makes a service.
///
/// # Errors
/// A duplicate key, or the database's.
pub async fn insert(tx: &mut Tx, service: &Service, at: Timestamp) -> Result<(), sqlx::Error> {
    on!(tx, |c| sqlx::query("INSERT INTO service (id, key, name_ko, name_en, zone, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(service.id.0)
        .bind(&service.key)
        .bind(&service.name.ko)
        .bind(&service.name.en)
        .bind(&service.zone)
        .bind(at.0)
        .execute(c)
        .await
        .map(drop))
}

/// The service with this id.
pub async fn find(tx: &mut Tx, id: ServiceId) -> Result<Option<Service>> {
    let row: Option<ServiceRow> = on!(tx, |c| sqlx::query_as("SELECT id, key, name_ko, name_en, zone FROM service WHERE id = $1")
        .bind(id.0)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(Into::into))
}

/// The service with this key.
pub async fn find_by_key(tx: &mut Tx, key: &str) -> Result<Option<Service>> {
    let row: Option<ServiceRow> = on!(tx, |c| sqlx::query_as("SELECT id, key, name_ko, name_en, zone FROM service WHERE key = $1")
        .bind(key)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(Into::into))
}

/// How many events all chats of the service have so far.
pub async fn seq(tx: &mut Tx, id: ServiceId) -> Result<u64> {
    let seq: i64 = on!(tx, |c| sqlx::query_scalar("SELECT seq FROM service WHERE id = $1").bind(id.0).fetch_one(c).await)?;
    Ok(count(seq))
}

#[derive(sqlx::FromRow)]
struct QueueRow {
    id: Uuid,
    name_ko: String,
    name_en: String,
    active: bool,
}

/// The service's queues in their order.
pub async fn queues(tx: &mut Tx, service: ServiceId) -> Result<Vec<Queue>> {
    let rows: Vec<QueueRow> =
        on!(tx, |c| sqlx::query_as("SELECT id, name_ko, name_en, active FROM queue WHERE service_id = $1 ORDER BY position, id")
            .bind(service.0)
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|r| Queue { id: QueueId(r.id), name: Localized { ko: r.name_ko, en: r.name_en }, active: r.active }).collect())
}

/// Makes a queue at the end of the order.
pub async fn insert_queue(tx: &mut Tx, service: ServiceId, queue: &Queue, position: u64, at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO queue (id, service_id, name_ko, name_en, active, position, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(queue.id.0)
    .bind(service.0)
    .bind(&queue.name.ko)
    .bind(&queue.name.en)
    .bind(queue.active)
    .bind(super::stored(position))
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Puts an agent into a queue.
pub async fn insert_queue_member(tx: &mut Tx, queue: QueueId, account: AccountId) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO queue_member (queue_id, account_id) VALUES ($1, $2) ON CONFLICT (queue_id, account_id) DO NOTHING"
    )
    .bind(queue.0)
    .bind(account.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// A widget as the public door knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widget {
    pub key: String,
    pub service: Service,
    /// Exact origins whose pages may frame it.
    pub origins: Vec<String>,
}

/// Makes a widget.
pub async fn insert_widget(tx: &mut Tx, key: &str, service: ServiceId, at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO widget (key, service_id, active, created_at) VALUES ($1, $2, $3, $4)")
        .bind(key)
        .bind(service.0)
        .bind(true)
        .bind(at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Lets the pages of one more origin carry the widget.
pub async fn insert_origin(tx: &mut Tx, widget: &str, origin: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO widget_origin (widget_key, origin) VALUES ($1, $2) ON CONFLICT (widget_key, origin) DO NOTHING")
        .bind(widget)
        .bind(origin)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The active widget with this key.
pub async fn widget(tx: &mut Tx, key: &str) -> Result<Option<Widget>> {
    let row: Option<ServiceRow> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT s.id, s.key, s.name_ko, s.name_en, s.zone FROM widget w JOIN service s ON s.id = w.service_id WHERE w.key = $1 AND w.active"
    )
    .bind(key)
    .fetch_optional(c)
    .await
    })?;
    let Some(row) = row else { return Ok(None) };
    let origins = on!(tx, |c| sqlx::query_scalar("SELECT origin FROM widget_origin WHERE widget_key = $1 ORDER BY origin")
        .bind(key)
        .fetch_all(c)
        .await)?;
    Ok(Some(Widget { key: key.to_owned(), service: row.into(), origins }))
}

/// The key of the service's widget.
pub async fn widget_key(tx: &mut Tx, service: ServiceId) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT key FROM widget WHERE service_id = $1 ORDER BY created_at, key LIMIT 1")
        .bind(service.0)
        .fetch_optional(c)
        .await)?)
}

/// Makes an account a member with these rights.
pub async fn insert_member(tx: &mut Tx, member: &Member) -> Result<()> {
    let role = match member.role {
        Role::Agent => "agent",
        Role::Admin => "admin",
    };
    on!(tx, |c| sqlx::query("INSERT INTO member (service_id, account_id, role) VALUES ($1, $2, $3)")
        .bind(member.service.0)
        .bind(member.account.0)
        .bind(role)
        .execute(c)
        .await
        .map(drop))?;
    for right in &member.rights {
        on!(tx, |c| sqlx::query("INSERT INTO member_right (service_id, account_id, code) VALUES ($1, $2, $3)")
            .bind(member.service.0)
            .bind(member.account.0)
            .bind(right.code())
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    service_id: Uuid,
    role: String,
    code: Option<String>,
}

/// What an account is in each of its services, the oldest service first.
pub async fn memberships(tx: &mut Tx, account: AccountId) -> Result<Vec<Member>> {
    let rows: Vec<MemberRow> = on!(tx, |c| sqlx::query_as(
        "SELECT m.service_id, m.role, r.code
         FROM member m
         JOIN service s ON s.id = m.service_id
         LEFT JOIN member_right r ON r.service_id = m.service_id AND r.account_id = m.account_id
         WHERE m.account_id = $1 ORDER BY s.created_at, s.id"
    )
    .bind(account.0)
    .fetch_all(c)
    .await)?;
    let mut members: Vec<Member> = Vec::new();
    for row in rows {
        let service = ServiceId(row.service_id);
        if members.last().is_none_or(|m| m.service != service) {
            let role = match row.role.as_str() {
                "agent" => Role::Agent,
                "admin" => Role::Admin,
                _ => return Err(damaged("role")),
            };
            members.push(Member { account, service, role, rights: std::collections::BTreeSet::new() });
        }
        // A right that this version does not know gives nothing.
        if let (Some(member), Some(right)) = (members.last_mut(), row.code.as_deref().and_then(Right::parse)) {
            member.rights.insert(right);
        }
    }
    Ok(members)
}

/// Everybody who ever worked in the service, for the names beside messages.
pub async fn colleagues(tx: &mut Tx, service: ServiceId) -> Result<Vec<Colleague>> {
    let rows: Vec<(Uuid, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT a.id, a.name FROM member m JOIN account a ON a.id = m.account_id WHERE m.service_id = $1 ORDER BY a.id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, name)| Colleague { account: AccountId(id), name }).collect())
}

/// How far every service has come.
pub async fn seqs(tx: &mut Tx) -> Result<Vec<(ServiceId, u64)>> {
    let rows: Vec<(Uuid, i64)> = on!(tx, |c| sqlx::query_as("SELECT id, seq FROM service").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, seq)| (ServiceId(id), count(seq))).collect())
}
