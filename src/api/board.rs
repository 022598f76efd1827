//! 현황 (E6, G32): who is there, and acts on anybody's chats.

use super::ApiError;
use crate::domain::{
    ids::{AccountId, ChatId, QueueId},
    presence::Status,
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the board has beside the desk's chats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// Everybody with the chat right, by name.
    pub agents: Vec<BoardAgent>,
    /// After how many seconds without an answer it shows (G12).
    pub warn_seconds: u16,
    /// After how many seconds somebody has to do something (G12).
    pub limit_seconds: u16,
    /// Until when this reading is good, whatever nobody says until then.
    pub until: Option<Timestamp>,
}

/// An agent on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardAgent {
    pub account: AccountId,
    pub name: String,
    pub status: Status,
    /// 채팅 할당 (A7)
    pub allocation: bool,
    /// Since when no console of his is open; none: one is.
    pub gone_since: Option<Timestamp>,
    /// None of the last time is known, either.
    pub gone: bool,
    /// How many chats he takes at once (G17).
    pub capacity: u32,
    /// When he wrote, or changed his status, for the last time.
    pub last: Option<Timestamp>,
}

/// Who is there.
#[server(prefix = "/api", endpoint = "board/load", input = server_fn::codec::Json)]
pub async fn load_board() -> Result<Board, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::board::load(&ctx).await?)
}

/// Gives a chat to an agent.
#[server(prefix = "/api", endpoint = "board/assign", input = server_fn::codec::Json)]
pub async fn assign_chat(chat: ChatId, to: AccountId, note: String) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::board::assign(&ctx, chat, to, &note).await?)
}

/// Takes a chat, whoever has it.
#[server(prefix = "/api", endpoint = "board/take", input = server_fn::codec::Json)]
pub async fn take_chat(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::board::take(&ctx, chat).await?)
}

/// Puts a chat to the front of a queue.
#[server(prefix = "/api", endpoint = "board/put", input = server_fn::codec::Json)]
pub async fn put_chat(chat: ChatId, queue: QueueId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::board::put(&ctx, chat, queue).await?)
}

/// Sets another's status, who is told of it; answers the board as it is then.
#[server(prefix = "/api", endpoint = "board/status", input = server_fn::codec::Json)]
pub async fn set_status_of(account: AccountId, status: Status) -> Result<Board, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::board::set_status(&ctx, account, status).await?)
}
