//! Who is there: statuses, and the leases of open consoles (G12).

use super::{Tx, damaged, on};
use crate::{
    domain::{
        ids::{AccountId, QueueId, ServiceId},
        presence::Status,
        time::Timestamp,
    },
    server::{clock::new_id, error::Result},
};
use uuid::Uuid;

/// An agent's status in a service.
pub async fn status(tx: &mut Tx, service: ServiceId, account: AccountId) -> Result<Status> {
    let code: Option<String> = on!(tx, |c| sqlx::query_scalar("SELECT status FROM member WHERE service_id = $1 AND account_id = $2")
        .bind(service.0)
        .bind(account.0)
        .fetch_optional(c)
        .await)?;
    code.map_or(Ok(Status::Offline), |code| Status::parse(&code).ok_or_else(|| damaged("status")))
}

/// Sets an agent's status and writes it down for the figures; false when it was that already.
pub async fn set_status(tx: &mut Tx, service: ServiceId, account: AccountId, status: Status, at: Timestamp) -> Result<bool> {
    let rows = on!(tx, |c| sqlx::query("UPDATE member SET status = $3 WHERE service_id = $1 AND account_id = $2 AND status <> $3")
        .bind(service.0)
        .bind(account.0)
        .bind(status.code())
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows == 1 {
        on!(tx, |c| sqlx::query("INSERT INTO status_log (id, service_id, account_id, at, status) VALUES ($1, $2, $3, $4, $5)")
            .bind(new_id())
            .bind(service.0)
            .bind(account.0)
            .bind(at.0)
            .bind(status.code())
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(rows == 1)
}

/// Until when the agent's last console counts, open or closed; none: it was long ago.
pub async fn lease_until(tx: &mut Tx, service: ServiceId, account: AccountId) -> Result<Option<Timestamp>> {
    let until: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT MAX(until) FROM lease WHERE service_id = $1 AND account_id = $2")
        .bind(service.0)
        .bind(account.0)
        .fetch_one(c)
        .await)?;
    Ok(until.map(Timestamp))
}

/// Forgets the agent's leases that ended before `before`.
pub async fn forget_leases(tx: &mut Tx, service: ServiceId, account: AccountId, before: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM lease WHERE service_id = $1 AND account_id = $2 AND until < $3")
        .bind(service.0)
        .bind(account.0)
        .bind(before.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Begins the lease of a console that was opened, or renews it.
pub async fn lease(tx: &mut Tx, id: Uuid, service: ServiceId, account: AccountId, until: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO lease (id, service_id, account_id, until) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET until = $4"
    )
    .bind(id)
    .bind(service.0)
    .bind(account.0)
    .bind(until.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Ends every lease of an account at once: it may not work any more.
pub async fn end_leases(tx: &mut Tx, account: AccountId) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM lease WHERE account_id = $1").bind(account.0).execute(c).await.map(drop))?;
    Ok(())
}

/// Somebody who takes chats, as far as status, console, rights and 할당 제어 say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Row {
    queue_id: Uuid,
    account_id: Uuid,
    until: i64,
}

/// Who is present in which queue (G12), and until when his console counts unless it is
/// heard from again.
pub async fn present(tx: &mut Tx, service: ServiceId, now: Timestamp) -> Result<Vec<(QueueId, AccountId, Timestamp)>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT s.queue_id, m.account_id, MAX(l.until) AS until
         FROM member m
         JOIN account a ON a.id = m.account_id AND a.deactivated_at IS NULL
         JOIN member_right r ON r.service_id = m.service_id AND r.account_id = m.account_id AND r.code = 'chat'
         JOIN lease l ON l.service_id = m.service_id AND l.account_id = m.account_id AND l.until > $2
         JOIN queue_member s ON s.account_id = m.account_id
         JOIN queue q ON q.id = s.queue_id AND q.service_id = m.service_id AND q.deleted_at IS NULL AND q.active
         WHERE m.service_id = $1 AND m.status = 'online' AND m.allocation
         GROUP BY s.queue_id, m.account_id"
    )
    .bind(service.0)
    .bind(now.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|row| (QueueId(row.queue_id), AccountId(row.account_id), Timestamp(row.until))).collect())
}
