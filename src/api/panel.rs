//! The panel beside a chat: 고객정보, 상담정보, and the customer's earlier chats (A53–A55, A59).

use super::{
    ApiError,
    settings::{Saved, Versioned},
    tickets::{TagName, TicketCard},
};
use crate::domain::{
    category::Tree,
    chat::{Logged, State},
    customer::Customer,
    ids::{AccountId, ChatId, QueueId},
    information::{Information, Unsaved},
    service::Localized,
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Everything that stands beside a chat, as of one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    pub customer: Customer,
    /// What the service knows of where he is; empty: unknown.
    pub address: String,
    pub noted: Versioned<Information>,
    /// The path of the noted 처리유형 as it was then: all that is left of a deleted one.
    pub path: Localized,
    /// What this agent has typed and not saved, here or in another browser (E8).
    pub unsaved: Option<Unsaved>,
    /// The colleague who had typed it, and from whom the chat has come (E7).
    pub unsaved_from: Option<AccountId>,
    /// From which 처리유형 is picked.
    pub tree: Tree,
    /// From which 채팅 태그 are picked (A64).
    pub tags: Vec<TagName>,
    /// 처리유형 필수 (G30)
    pub category_required: bool,
    /// Whether this agent may note anything.
    pub may_note: bool,
    /// Whether he may make and change tickets.
    pub may_ticket: bool,
    pub tickets: Vec<TicketCard>,
    /// The newest of the customer's earlier chats.
    pub earlier: EarlierChats,
    /// How many there are of them.
    pub earlier_count: u64,
}

/// A page of a customer's earlier chats, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierChats {
    pub chats: Vec<EarlierChat>,
    /// Whether there are older ones.
    pub more: bool,
}

/// A chat that came before the one in front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierChat {
    pub chat: ChatId,
    pub intake_at: Timestamp,
    pub queue: QueueId,
    /// Who has it, or had it last.
    pub agent: Option<AccountId>,
    pub state: State,
    /// 처리, else 미처리 (A70)
    pub handled: bool,
    /// 처리유형, with those above it; empty: none was noted.
    pub path: Localized,
}

/// A stretch of an earlier chat's log, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    pub about: EarlierChat,
    pub events: Vec<Logged>,
    /// Whether there is more before the first one here.
    pub earlier: bool,
}

/// What stands beside a chat.
#[server(prefix = "/api", endpoint = "panel/load", input = server_fn::codec::Json)]
pub async fn load_panel(chat: ChatId) -> Result<Panel, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::information::panel(&ctx, chat).await?)
}

/// 저장 of 고객정보 and 상담정보 over a version (A55).
#[server(prefix = "/api", endpoint = "panel/save", input = server_fn::codec::Json)]
pub async fn save_information(chat: ChatId, over: u64, value: Information) -> Result<Saved<Versioned<Information>>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::information::save(&ctx, chat, over, value).await?)
}

/// Keeps what is typed and not saved (E8), or forgets it.
#[server(prefix = "/api", endpoint = "panel/keep", input = server_fn::codec::Json)]
pub async fn keep_unsaved(chat: ChatId, unsaved: Option<Unsaved>) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::information::keep(&ctx, chat, unsaved).await?)
}

/// The customer's chats before `before`, which is one of them, or the one in front.
#[server(prefix = "/api", endpoint = "panel/earlier", input = server_fn::codec::Json)]
pub async fn load_earlier(chat: ChatId, before: ChatId) -> Result<EarlierChats, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::information::earlier(&ctx, chat, before).await?)
}

/// What was said in an earlier chat of `chat`'s customer.
#[server(prefix = "/api", endpoint = "panel/transcript", input = server_fn::codec::Json)]
pub async fn load_transcript(chat: ChatId, earlier: ChatId, before: Option<u64>) -> Result<Transcript, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::information::transcript(&ctx, chat, earlier, before).await?)
}
