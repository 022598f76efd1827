//! Who waits in which order, and how long others have waited.

use super::{Tx, on};
use crate::{
    domain::{
        ids::{ChatId, QueueId, ServiceId},
        time::Timestamp,
    },
    server::error::Result,
};
use uuid::Uuid;

/// The newest waits tell the most; more of them would tell no more.
const NEWEST: i64 = 500;

/// Everybody who waits for an agent in a service, in the order in which they are answered,
/// each with his queue. Who is on hold before anybody has started waits, too (G28).
pub async fn lines(tx: &mut Tx, service: ServiceId) -> Result<Vec<(QueueId, ChatId)>> {
    let rows: Vec<(Uuid, Uuid)> = on!(tx, |c| sqlx::query_as(
        "SELECT queue_id, id FROM chat WHERE service_id = $1 AND (state = 'waiting' OR state = 'held' AND started_at IS NULL)
         ORDER BY front DESC, queued_at, id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(queue, chat)| (QueueId(queue), ChatId(chat))).collect())
}

/// How long customers have waited in this queue from their first word to the start, in
/// milliseconds, of those that started after `since`. A chat that went to another queue
/// later says nothing about that one.
pub async fn lately(tx: &mut Tx, queue: QueueId, since: Timestamp) -> Result<Vec<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT started_at - accepted_at FROM chat
         WHERE queue_id = $1 AND started_at IS NOT NULL AND started_at >= $2 AND accepted_at IS NOT NULL AND queued_at <= started_at
         ORDER BY started_at DESC LIMIT $3"
    )
    .bind(queue.0)
    .bind(since.0)
    .bind(NEWEST)
    .fetch_all(c)
    .await)?)
}
