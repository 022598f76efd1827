//! Tickets beside their chat (A42, A56, A57), and to whom they go (A83, A84).

use super::{
    ApiError,
    settings::{Saved, Versioned},
};
use crate::domain::{
    contact::Contact,
    ids::{AccountId, ChatId, ClientId, TagId, TicketId},
    ticket::{Assign, Fields, Logged, Priority, Status},
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A ticket in one glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCard {
    pub id: TicketId,
    /// 1, 2, 3 … within the service.
    pub number: u64,
    pub subject: String,
    pub status: Status,
    pub priority: Priority,
    pub assignee: Option<AccountId>,
}

/// A tag that a ticket can carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagName {
    pub id: TagId,
    pub name: String,
    /// The Chat tag: it stays on every ticket of a chat (A57).
    pub fixed: bool,
}

/// Somebody who may have tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignable {
    pub account: AccountId,
    pub name: String,
}

/// A ticket, or a new one's beginning, with all that its form offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketPage {
    /// Its id and number; none: it is still to be made.
    pub ticket: Option<(TicketId, u64)>,
    pub fields: Versioned<Fields>,
    /// 요청자: what is known of the customer now (A60).
    pub requester: Contact,
    /// "8F2C": how agents tell anonymous customers apart.
    pub code: String,
    pub made_at: Option<Timestamp>,
    /// Made by the service itself at 상담 시작.
    pub automatic: bool,
    /// What was done to it, the newest first.
    pub log: Vec<Logged>,
    pub tags: Vec<TagName>,
    pub assignable: Vec<Assignable>,
    /// Whether this agent may change it.
    pub may_edit: bool,
    /// Whether he may bring it to 완료.
    pub may_close: bool,
}

/// 채팅 티켓 담당자, and who can be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignPage {
    pub value: Assign,
    pub agents: Vec<Assignable>,
    /// Without the right to tickets one gets none, whatever is set.
    pub may_have: bool,
}

/// With what a new ticket of a chat begins.
#[server(prefix = "/api", endpoint = "tickets/new", input = server_fn::codec::Json)]
pub async fn new_ticket(chat: ChatId) -> Result<TicketPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tickets::blank(&ctx, chat).await?)
}

/// 티켓 만들기 (A56). A request that is repeated with the same id makes one ticket.
#[server(prefix = "/api", endpoint = "tickets/create", input = server_fn::codec::Json)]
pub async fn create_ticket(chat: ChatId, client_id: ClientId, fields: Fields) -> Result<TicketPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tickets::create(&ctx, chat, client_id, fields).await?)
}

/// A ticket.
#[server(prefix = "/api", endpoint = "tickets/load", input = server_fn::codec::Json)]
pub async fn load_ticket(ticket: TicketId) -> Result<TicketPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tickets::load(&ctx, ticket).await?)
}

/// Saves a ticket over a version.
#[server(prefix = "/api", endpoint = "tickets/save", input = server_fn::codec::Json)]
pub async fn save_ticket(ticket: TicketId, over: u64, fields: Fields) -> Result<Saved<TicketPage>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tickets::save(&ctx, ticket, over, fields).await?)
}

/// To whom the tickets of one's own chats go.
#[server(prefix = "/api", endpoint = "tickets/assign", input = server_fn::codec::Json)]
pub async fn load_assign() -> Result<AssignPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tickets::assign(&ctx).await?)
}

/// Sets it.
#[server(prefix = "/api", endpoint = "tickets/assign/save", input = server_fn::codec::Json)]
pub async fn save_assign(value: Assign) -> Result<AssignPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tickets::set_assign(&ctx, value).await?)
}
