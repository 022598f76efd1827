//! Queues and who sits in them.

use super::{Tx, count, on, stored};
use crate::{
    domain::{
        ids::{AccountId, QueueId, ServiceId},
        service::{Localized, Queue},
        time::Timestamp,
    },
    server::error::Result,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name_ko: String,
    name_en: String,
    active: bool,
}

impl From<Row> for Queue {
    fn from(row: Row) -> Self {
        Self { id: QueueId(row.id), name: Localized { ko: row.name_ko, en: row.name_en }, active: row.active }
    }
}

/// A queue where customers wait, or waited when its agents left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub service: ServiceId,
    pub queue: QueueId,
    /// Since when nobody has been there for them (G13).
    pub absent_since: Option<Timestamp>,
    pub waiting: bool,
}

/// Every such queue, whatever service's.
pub async fn standing(tx: &mut Tx) -> Result<Vec<Standing>> {
    let rows: Vec<(Uuid, Uuid, Option<i64>, i64)> = on!(tx, |c| sqlx::query_as(
        "SELECT q.service_id, q.id, q.absent_since, COUNT(c.id)
         FROM queue q LEFT JOIN chat c ON c.queue_id = q.id AND c.state = 'waiting' AND c.state <> 'ended'
         WHERE q.absent_since IS NOT NULL OR c.id IS NOT NULL
         GROUP BY q.service_id, q.id, q.absent_since ORDER BY q.service_id, q.id"
    )
    .fetch_all(c)
    .await)?;
    let standing = |(service, queue, since, waiting): (Uuid, Uuid, Option<i64>, i64)| Standing {
        service: ServiceId(service),
        queue: QueueId(queue),
        absent_since: since.map(Timestamp),
        waiting: waiting > 0,
    };
    Ok(rows.into_iter().map(standing).collect())
}

/// Notes since when nobody has been there.
pub async fn set_absent_since(tx: &mut Tx, queue: QueueId, since: Option<Timestamp>) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE queue SET absent_since = $2 WHERE id = $1")
        .bind(queue.0)
        .bind(since.map(|at| at.0))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The service's queues in their order.
pub async fn of_service(tx: &mut Tx, service: ServiceId) -> Result<Vec<Queue>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, name_ko, name_en, active FROM queue WHERE service_id = $1 AND deleted_at IS NULL ORDER BY position, id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The same, and nobody else changes them, nor puts a new chat into one of them, until the
/// transaction ends. Locked before chats and services.
pub async fn lock(tx: &mut Tx, service: ServiceId) -> Result<Vec<Queue>> {
    locked(tx, service, " FOR UPDATE").await?;
    of_service(tx, service).await
}

/// The same, and none of them is switched off until the transaction ends.
pub async fn pin(tx: &mut Tx, service: ServiceId) -> Result<Vec<Queue>> {
    locked(tx, service, " FOR SHARE").await?;
    of_service(tx, service).await
}

/// SQLite's one writer has locked the whole database already and knows no row locks.
async fn locked(tx: &mut Tx, service: ServiceId, how: &str) -> Result<()> {
    if let Tx::Postgres(t) = tx {
        let query = format!("SELECT id FROM queue WHERE service_id = $1 ORDER BY id{how}");
        sqlx::query(sqlx::AssertSqlSafe(query)).bind(service.0).execute(&mut **t).await?;
    }
    Ok(())
}

/// Makes a queue at this place of the order.
pub async fn insert(tx: &mut Tx, service: ServiceId, queue: &Queue, position: u64, at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO queue (id, service_id, name_ko, name_en, active, position, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(queue.id.0)
    .bind(service.0)
    .bind(&queue.name.ko)
    .bind(&queue.name.en)
    .bind(queue.active)
    .bind(stored(position))
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Renames, switches and places a queue.
pub async fn update(tx: &mut Tx, queue: &Queue, position: u64) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE queue SET name_ko = $2, name_en = $3, active = $4, position = $5 WHERE id = $1")
        .bind(queue.id.0)
        .bind(&queue.name.ko)
        .bind(&queue.name.en)
        .bind(queue.active)
        .bind(stored(position))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Takes a queue out of use for good; its chats keep it.
pub async fn delete(tx: &mut Tx, queue: QueueId, at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM queue_member WHERE queue_id = $1").bind(queue.0).execute(c).await.map(drop))?;
    on!(tx, |c| sqlx::query("UPDATE queue SET deleted_at = $2, active = $3 WHERE id = $1")
        .bind(queue.0)
        .bind(at.0)
        .bind(false)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Puts an agent into a queue.
pub async fn insert_member(tx: &mut Tx, queue: QueueId, account: AccountId) -> Result<()> {
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

/// Takes an agent out of a queue.
pub async fn delete_member(tx: &mut Tx, queue: QueueId, account: AccountId) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM queue_member WHERE queue_id = $1 AND account_id = $2")
        .bind(queue.0)
        .bind(account.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Who sits in which of the service's queues.
pub async fn members(tx: &mut Tx, service: ServiceId) -> Result<Vec<(QueueId, AccountId)>> {
    let rows: Vec<(Uuid, Uuid)> = on!(tx, |c| sqlx::query_as(
        "SELECT m.queue_id, m.account_id FROM queue_member m JOIN queue q ON q.id = m.queue_id
         WHERE q.service_id = $1 AND q.deleted_at IS NULL ORDER BY m.queue_id, m.account_id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(queue, account)| (QueueId(queue), AccountId(account))).collect())
}

/// Chats that are not over, per queue: how many there are, and how many of them wait.
pub async fn open_chats(tx: &mut Tx, service: ServiceId) -> Result<Vec<(QueueId, u64, u64)>> {
    let rows: Vec<(Uuid, i64, i64)> = on!(tx, |c| sqlx::query_as(
        "SELECT queue_id, COUNT(*), CAST(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS BIGINT)
         FROM chat WHERE service_id = $1 AND state <> 'ended' GROUP BY queue_id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(queue, open, waiting)| (QueueId(queue), count(open), count(waiting))).collect())
}
