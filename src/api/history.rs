//! 채팅기록 (A62d): chats that have ended.

use super::ApiError;
use crate::domain::{
    chat::EndedBy,
    ids::{AccountId, ChatId, QueueId},
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is looked for; an empty filter finds everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Part of the customer's code, name, address of mail or member number.
    pub customer: String,
    /// Who has taken part.
    pub agent: Option<AccountId>,
    pub queue: Option<QueueId>,
    /// The first day of its end ("2026-11-22", in the service's zone); empty: any.
    pub from: String,
    /// The last day of its end.
    pub to: String,
    /// The last entry of the page before.
    pub after: Option<(Timestamp, ChatId)>,
}

/// A page of ended chats, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub rows: Vec<HistoryRow>,
    /// There are older ones.
    pub more: bool,
}

/// A chat that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    pub chat: ChatId,
    /// By which agents know the customer.
    pub code: String,
    /// The shop's number of a member.
    pub member: Option<String>,
    /// As far as it is known.
    pub name: String,
    pub queue: QueueId,
    /// Whose it was at last; none: nobody has started it.
    pub agent: Option<AccountId>,
    pub intake_at: Timestamp,
    pub ended_at: Timestamp,
    pub ended_by: EndedBy,
    /// 처리, else 미처리 (G3).
    pub handled: bool,
}

/// Ended chats that the agent may read.
#[server(prefix = "/api", endpoint = "history/list", input = server_fn::codec::Json)]
pub async fn list_history(wanted: Wanted) -> Result<History, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::history::list(&ctx, wanted).await?)
}
