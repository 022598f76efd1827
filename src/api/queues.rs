//! 대기열 관리 and 대기열 배정. Every change answers with the page as it is then.

use super::ApiError;
use crate::domain::{
    ids::{AccountId, QueueId},
    service::{Localized, Queue, Seat},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A queue with what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRow {
    pub queue: Queue,
    /// Agents assigned to it.
    pub agents: u64,
    /// Chats that are not over.
    pub open: u64,
    /// Those of them that wait.
    pub waiting: u64,
}

/// Who can be assigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatAgent {
    pub account: AccountId,
    pub name: String,
    /// Has the chat right; without it a seat gives nothing.
    pub chat: bool,
}

/// Agents × queues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatPlan {
    pub queues: Vec<Queue>,
    pub agents: Vec<SeatAgent>,
    /// Who sits where.
    pub seats: Vec<(QueueId, AccountId)>,
}

/// The queues in their order.
#[server(prefix = "/api", endpoint = "queues/list", input = server_fn::codec::Json)]
pub async fn list_queues() -> Result<Vec<QueueRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::queues::list(&ctx).await?)
}

/// Makes a queue, inactive, at the end.
#[server(prefix = "/api", endpoint = "queues/create", input = server_fn::codec::Json)]
pub async fn create_queue(name: Localized) -> Result<Vec<QueueRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::queues::create(&ctx, name).await?)
}

/// Renames a queue that is still called `was`.
#[server(prefix = "/api", endpoint = "queues/rename", input = server_fn::codec::Json)]
pub async fn rename_queue(queue: QueueId, was: Localized, name: Localized) -> Result<Vec<QueueRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::queues::rename(&ctx, queue, &was, name).await?)
}

/// Puts a queue at this place of the order, counted from 0.
#[server(prefix = "/api", endpoint = "queues/move", input = server_fn::codec::Json)]
pub async fn move_queue(queue: QueueId, to: u32) -> Result<Vec<QueueRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::queues::place(&ctx, queue, to).await?)
}

/// Activates or deactivates a queue; the latter asks first where somebody would notice.
#[server(prefix = "/api", endpoint = "queues/activate", input = server_fn::codec::Json)]
pub async fn activate_queue(queue: QueueId, active: bool, confirmed: bool) -> Result<Vec<QueueRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::queues::activate(&ctx, queue, active, confirmed).await?)
}

/// Deletes a queue without open chats.
#[server(prefix = "/api", endpoint = "queues/delete", input = server_fn::codec::Json)]
pub async fn delete_queue(queue: QueueId) -> Result<Vec<QueueRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::queues::delete(&ctx, queue).await?)
}

/// Who sits in which queue.
#[server(prefix = "/api", endpoint = "queues/seats", input = server_fn::codec::Json)]
pub async fn load_seats() -> Result<SeatPlan, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::queues::seats(&ctx).await?)
}

/// Changes seats.
#[server(prefix = "/api", endpoint = "queues/assign", input = server_fn::codec::Json)]
pub async fn assign_seats(changes: Vec<Seat>) -> Result<SeatPlan, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::queues::assign(&ctx, changes).await?)
}
