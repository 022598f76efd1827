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
use std::collections::{BTreeSet, HashMap};
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
    let rows = on!(tx, |c| {
        sqlx::query(
        "UPDATE member SET status = $3, status_by = NULL, rested = FALSE, misses = 0 WHERE service_id = $1 AND account_id = $2 AND status <> $3"
    )
    .bind(service.0)
    .bind(account.0)
    .bind(status.code())
    .execute(c)
    .await
    .map(|done| done.rows_affected())
    })?;
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

/// Notes that his status was set by somebody else, who is named to him.
pub async fn set_by(tx: &mut Tx, service: ServiceId, account: AccountId, by: AccountId) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE member SET status_by = $3 WHERE service_id = $1 AND account_id = $2")
        .bind(service.0)
        .bind(account.0)
        .bind(by.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Who else has set the agent's status, if somebody has.
pub async fn status_by(tx: &mut Tx, service: ServiceId, account: AccountId) -> Result<Option<AccountId>> {
    let by: Option<Option<Uuid>> =
        on!(tx, |c| sqlx::query_scalar("SELECT status_by FROM member WHERE service_id = $1 AND account_id = $2")
            .bind(service.0)
            .bind(account.0)
            .fetch_optional(c)
            .await)?;
    Ok(by.flatten().map(AccountId))
}

/// When each agent wrote in a chat that goes on, or changed his status, for the last time.
pub async fn last_acts(tx: &mut Tx, service: ServiceId) -> Result<HashMap<AccountId, Timestamp>> {
    let rows: Vec<(Uuid, i64)> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT e.agent_id, MAX(e.at) FROM chat c JOIN chat_event e ON e.chat_id = c.id AND e.kind = 'message' AND e.agent_id IS NOT NULL
         WHERE c.service_id = $1 AND c.state IN ('waiting', 'held', 'active', 'customer_ended') GROUP BY e.agent_id
         UNION ALL SELECT account_id, MAX(at) FROM status_log WHERE service_id = $1 GROUP BY account_id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await
    })?;
    let mut last: HashMap<AccountId, Timestamp> = HashMap::new();
    for (account, at) in rows {
        let known = last.entry(AccountId(account)).or_insert(Timestamp(at));
        *known = (*known).max(Timestamp(at));
    }
    Ok(last)
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

/// A member with the chat right, as the router sees him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seated {
    pub account: AccountId,
    pub status: Status,
    /// 채팅 할당 (A7)
    pub allocation: bool,
    /// Until when his last console counts; none: it was long ago.
    pub lease_until: Option<Timestamp>,
    /// Chats at once (G17).
    pub capacity: u32,
    /// Offers let pass, one after the other.
    pub misses: u32,
    /// When a chat was given to him last.
    pub given_at: Timestamp,
    pub queues: BTreeSet<QueueId>,
}

#[derive(sqlx::FromRow)]
struct SeatedRow {
    account_id: Uuid,
    status: String,
    allocation: bool,
    chats_at_once: i64,
    misses: i64,
    given_at: i64,
    until: Option<i64>,
}

/// Everybody of the service who may chat, with seats and leases.
pub async fn seated(tx: &mut Tx, service: ServiceId) -> Result<Vec<Seated>> {
    let rows: Vec<SeatedRow> = on!(tx, |c| sqlx::query_as(
        "SELECT m.account_id, m.status, m.allocation, m.chats_at_once, m.misses, m.given_at,
                (SELECT MAX(l.until) FROM lease l WHERE l.service_id = m.service_id AND l.account_id = m.account_id) AS until
         FROM member m
         JOIN account a ON a.id = m.account_id AND a.deactivated_at IS NULL
         JOIN member_right r ON r.service_id = m.service_id AND r.account_id = m.account_id AND r.code = 'chat'
         WHERE m.service_id = $1 ORDER BY m.account_id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    let seats: Vec<(Uuid, Uuid)> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT s.account_id, s.queue_id FROM queue_member s JOIN queue q ON q.id = s.queue_id WHERE q.service_id = $1 AND q.deleted_at IS NULL"
    )
    .bind(service.0)
    .fetch_all(c)
    .await
    })?;
    let mut queues: HashMap<Uuid, BTreeSet<QueueId>> = HashMap::new();
    for (account, queue) in seats {
        queues.entry(account).or_default().insert(QueueId(queue));
    }
    rows.into_iter()
        .map(|row| {
            Ok(Seated {
                account: AccountId(row.account_id),
                status: Status::parse(&row.status).ok_or_else(|| damaged("status"))?,
                allocation: row.allocation,
                lease_until: row.until.map(Timestamp),
                capacity: u32::try_from(row.chats_at_once).unwrap_or_default(),
                misses: u32::try_from(row.misses).unwrap_or_default(),
                given_at: Timestamp(row.given_at),
                queues: queues.remove(&row.account_id).unwrap_or_default(),
            })
        })
        .collect()
}

/// A chat was given to the agent: the next one goes to who has been idle for longer.
pub async fn given(tx: &mut Tx, service: ServiceId, account: AccountId, at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE member SET given_at = $3 WHERE service_id = $1 AND account_id = $2")
        .bind(service.0)
        .bind(account.0)
        .bind(at.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// He let one more offer pass.
pub async fn missed(tx: &mut Tx, service: ServiceId, account: AccountId) -> Result<()> {
    change(tx, "UPDATE member SET misses = misses + 1 WHERE service_id = $1 AND account_id = $2", service, account).await
}

/// He took something up: what he let pass before is forgotten.
pub async fn took(tx: &mut Tx, service: ServiceId, account: AccountId) -> Result<()> {
    change(tx, "UPDATE member SET misses = 0 WHERE service_id = $1 AND account_id = $2 AND misses <> 0", service, account).await
}

/// The router has put him on 휴식, and he shall be told why (G17).
pub async fn rest(tx: &mut Tx, service: ServiceId, account: AccountId, at: Timestamp) -> Result<()> {
    set_status(tx, service, account, Status::Break, at).await?;
    change(tx, "UPDATE member SET rested = TRUE, misses = 0 WHERE service_id = $1 AND account_id = $2", service, account).await
}

/// Changes one member's row, of this service and account.
async fn change(tx: &mut Tx, sql: &'static str, service: ServiceId, account: AccountId) -> Result<()> {
    on!(tx, |c| sqlx::query(sql).bind(service.0).bind(account.0).execute(c).await.map(drop))?;
    Ok(())
}

/// Whether the router has put him on 휴식.
pub async fn is_rested(tx: &mut Tx, service: ServiceId, account: AccountId) -> Result<bool> {
    let rested: Option<bool> = on!(tx, |c| sqlx::query_scalar("SELECT rested FROM member WHERE service_id = $1 AND account_id = $2")
        .bind(service.0)
        .bind(account.0)
        .fetch_optional(c)
        .await)?;
    Ok(rested.unwrap_or_default())
}
