//! 고객 차단 (G34).

use super::ApiError;
use crate::domain::{
    block::Length,
    ids::{BlockId, ChatId},
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A block that is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockRow {
    pub id: BlockId,
    /// The chat that was ended.
    pub chat: ChatId,
    /// By which agents know the customer.
    pub code: String,
    /// The shop's number of a member.
    pub member: Option<String>,
    /// As far as it is known.
    pub name: String,
    /// Whoever comes from there is blocked, too, until then.
    pub address: Option<(String, Timestamp)>,
    pub reason: String,
    /// Who has blocked him, by name.
    pub by: String,
    pub at: Timestamp,
    /// None: until somebody lifts it.
    pub until: Option<Timestamp>,
}

/// Ends the chat for abuse and blocks its customer; `address`: also who else comes from there.
#[server(prefix = "/api", endpoint = "chats/block", input = server_fn::codec::Json)]
pub async fn block_customer(chat: ChatId, reason: String, length: Length, address: bool) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::blocks::block(&ctx, chat, &reason, length, address).await?)
}

/// Who is blocked.
#[server(prefix = "/api", endpoint = "blocks/list", input = server_fn::codec::Json)]
pub async fn list_blocks() -> Result<Vec<BlockRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::blocks::list(&ctx).await?)
}

/// Lifts a block; answers who is blocked then.
#[server(prefix = "/api", endpoint = "blocks/lift", input = server_fn::codec::Json)]
pub async fn lift_block(block: BlockId) -> Result<Vec<BlockRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::blocks::lift(&ctx, block).await?)
}
