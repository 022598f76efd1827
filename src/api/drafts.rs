//! What an agent has typed and not sent (E8).

use super::ApiError;
use crate::{
    domain::ids::{ChatId, ClientId},
    protocol::Draft,
};
use leptos::prelude::*;

/// Keeps what stands in a field; `note`: among colleagues. `page` names the page that asks.
#[server(prefix = "/api", endpoint = "drafts/save", input = server_fn::codec::Json)]
pub async fn save_draft(chat: ChatId, note: bool, text: String, page: ClientId) -> Result<(), ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::drafts::save(&ctx, chat, note, &text, page).await?)
}

/// All that the agent has typed and not sent.
#[server(prefix = "/api", endpoint = "drafts", input = server_fn::codec::Json)]
pub async fn list_drafts() -> Result<Vec<Draft>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::drafts::list(&ctx).await?)
}
