//! Who gets which chat, and why (E2); how it goes from one to another.

use super::ApiError;
use crate::domain::{
    ids::{AccountId, ChatId, QueueId},
    routing::{Why, WhyNobody},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// "Why me?" or "why nobody?"
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Explained {
    /// The router gave it to `to`.
    Offered { to: AccountId, why: Why },
    /// It waits at this place of its queue's line, from 1.
    Waits { place: u32, why: WhyNobody },
    /// Nothing was routed: it was given or taken by hand.
    Nothing,
}

/// To whom a chat can go (A44, A76, A77).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    pub agents: Vec<TargetAgent>,
    pub queues: Vec<TargetQueue>,
}

/// A colleague with the chat right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetAgent {
    pub account: AccountId,
    pub name: String,
    /// 온라인, and his console is open.
    pub online: bool,
    /// He is in this chat already, as a guest (A80).
    pub guest: bool,
    /// Chats in hand, and how many he takes at once (G17).
    pub load: u32,
    pub capacity: u32,
}

/// A queue of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetQueue {
    pub id: QueueId,
    /// Agents present in it, without the one who asks.
    pub online: u32,
    /// Active, and within its hours.
    pub open: bool,
    /// The chat stands in it now.
    pub own: bool,
}

/// Why a chat is where it is.
#[server(prefix = "/api", endpoint = "chats/why", input = server_fn::codec::Json)]
pub async fn explain_chat(chat: ChatId) -> Result<Explained, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::routing::explain(&ctx, chat).await?)
}

/// To whom the chat can be given.
#[server(prefix = "/api", endpoint = "chats/targets", input = server_fn::codec::Json)]
pub async fn load_targets(chat: ChatId) -> Result<Targets, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::targets(&ctx, chat).await?)
}

/// 담당자 위임 (A43)
#[server(prefix = "/api", endpoint = "chats/delegate", input = server_fn::codec::Json)]
pub async fn delegate_chat(chat: ChatId, to: AccountId, note: String) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::delegate(&ctx, chat, to, &note).await?)
}

/// 상담 재개 (A46)
#[server(prefix = "/api", endpoint = "chats/resume", input = server_fn::codec::Json)]
pub async fn resume_chat(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::resume(&ctx, chat).await?)
}

/// 돌려보내기 (G28)
#[server(prefix = "/api", endpoint = "chats/return", input = server_fn::codec::Json)]
pub async fn return_chat(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::give_back(&ctx, chat).await?)
}

/// 보류 (G29)
#[server(prefix = "/api", endpoint = "chats/park", input = server_fn::codec::Json)]
pub async fn park_chat(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::park(&ctx, chat).await?)
}

/// 대기열로 연결 (A76–A79)
#[server(prefix = "/api", endpoint = "chats/transfer", input = server_fn::codec::Json)]
pub async fn transfer_chat(chat: ChatId, queue: QueueId, note: String) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::transfer(&ctx, chat, queue, &note).await?)
}

/// 연결하고 퇴장 (A80)
#[server(prefix = "/api", endpoint = "chats/hand_over", input = server_fn::codec::Json)]
pub async fn hand_over_chat(chat: ChatId, to: AccountId, note: String) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::hand_over(&ctx, chat, to, &note).await?)
}

/// 상담원 초대 (A80)
#[server(prefix = "/api", endpoint = "chats/invite", input = server_fn::codec::Json)]
pub async fn invite_agent(chat: ChatId, to: AccountId, note: String) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::invite(&ctx, chat, to, &note).await?)
}

/// Says yes to an invitation.
#[server(prefix = "/api", endpoint = "chats/join", input = server_fn::codec::Json)]
pub async fn join_chat(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::join(&ctx, chat).await?)
}

/// Says no to an invitation, or leaves as a guest.
#[server(prefix = "/api", endpoint = "chats/leave", input = server_fn::codec::Json)]
pub async fn leave_chat(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::leave(&ctx, chat).await?)
}

/// 채팅 계속 (A65)
#[server(prefix = "/api", endpoint = "chats/continue", input = server_fn::codec::Json)]
pub async fn continue_chat(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::continue_own(&ctx, chat).await?)
}

/// 대기열로: the agent leaves, and his chat goes to the front of its queue (G11).
#[server(prefix = "/api", endpoint = "chats/release", input = server_fn::codec::Json)]
pub async fn release_chat(chat: ChatId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::handover::release(&ctx, chat).await?)
}
