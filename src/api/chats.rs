//! What an agent does with a chat.

use super::ApiError;
use crate::{
    domain::{
        ids::{ChatId, ClientId},
        information::WrapUp,
    },
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
pub async fn send_message(
    chat: ChatId,
    client_id: ClientId,
    text: String,
    /// The last event in view; none: send it whatever a colleague has written (E1).
    #[server(default)]
    seen: Option<u64>,
) -> Result<Sent, ApiError> {
    use crate::server::actions::chats;
    let ctx = crate::server::http::auth::agent().await?;
    let attached = crate::server::files::Attached::default();
    Ok(chats::send(&ctx, chats::Reply { chat, client_id, text, attached, seen }).await?)
}

/// Stores a word among colleagues once per `client_id`.
#[server(prefix = "/api", endpoint = "chats/note", input = server_fn::codec::Json)]
pub async fn write_note(chat: ChatId, client_id: ClientId, text: String) -> Result<Sent, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::chats::note(&ctx, chat, client_id, &text).await?)
}

/// Puts a chat among my unread ones, or takes it from there (K10).
#[server(prefix = "/api", endpoint = "chats/flag", input = server_fn::codec::Json)]
pub async fn flag_chat(chat: ChatId, on: bool) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::chats::flag(&ctx, chat, on).await?)
}

/// 상담 시작 (A41).
#[server(prefix = "/api", endpoint = "chats/start", input = server_fn::codec::Json)]
pub async fn start_chat(chat: ChatId) -> Result<Card, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::chats::start(&ctx, chat).await?)
}

/// 평가 요청 (A52): sends the service's words that ask the customer for his rating.
#[server(prefix = "/api", endpoint = "chats/request_rating", input = server_fn::codec::Json)]
pub async fn request_rating(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tray::ask_rating(&ctx, chat).await?)
}

/// 대화 종료 by the agent (A62d), and what was chosen with it (G30).
#[server(prefix = "/api", endpoint = "chats/end", input = server_fn::codec::Json)]
pub async fn end_chat(chat: ChatId, #[server(default)] wrap: WrapUp) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::chats::end(&ctx, chat, wrap).await?)
}
