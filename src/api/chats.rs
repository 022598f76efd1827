//! What an agent does with a chat.

use super::ApiError;
use crate::{
    domain::ids::{ChatId, ClientId},
    protocol::{Card, Sent, Thread},
};
use leptos::prelude::*;

/// A chat's newest events, or those before the sequence `before`; at most 100.
#[server(prefix = "/api", endpoint = "chats/thread", input = server_fn::codec::Json)]
pub async fn load_thread(chat: ChatId, before: Option<u64>) -> Result<Thread, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::desk::thread(&ctx, chat, before).await?)
}

/// Stores a message once per `client_id`; on a waiting chat it is the start (G3).
#[server(prefix = "/api", endpoint = "chats/send", input = server_fn::codec::Json)]
pub async fn send_message(chat: ChatId, client_id: ClientId, text: String) -> Result<Sent, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::chats::send(&ctx, chat, client_id, &text).await?)
}

/// 상담 시작 (A41).
#[server(prefix = "/api", endpoint = "chats/start", input = server_fn::codec::Json)]
pub async fn start_chat(chat: ChatId) -> Result<Card, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::chats::start(&ctx, chat).await?)
}

/// 대화 종료 by the agent (A62d).
#[server(prefix = "/api", endpoint = "chats/end", input = server_fn::codec::Json)]
pub async fn end_chat(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::chats::end(&ctx, chat).await?)
}
