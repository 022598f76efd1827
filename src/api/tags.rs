//! 태그 of 서비스 관리. Every change answers with the list as it is then.

use super::ApiError;
use crate::domain::ids::TagId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A tag as admins see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagRow {
    pub id: TagId,
    pub name: String,
    /// The Chat tag: it can be neither renamed nor deleted (A57).
    pub fixed: bool,
    /// How many tickets carry it.
    pub tickets: u64,
    /// How many chats do.
    pub chats: u64,
}

/// All tags of the service.
#[server(prefix = "/api", endpoint = "tags/list", input = server_fn::codec::Json)]
pub async fn list_tags() -> Result<Vec<TagRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tags::list(&ctx).await?)
}

/// Makes a tag.
#[server(prefix = "/api", endpoint = "tags/create", input = server_fn::codec::Json)]
pub async fn create_tag(name: String) -> Result<Vec<TagRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tags::create(&ctx, &name).await?)
}

/// Renames a tag that is still called `was`.
#[server(prefix = "/api", endpoint = "tags/rename", input = server_fn::codec::Json)]
pub async fn rename_tag(tag: TagId, was: String, name: String) -> Result<Vec<TagRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tags::rename(&ctx, tag, &was, &name).await?)
}

/// Deletes a tag that so many tickets and chats carry, as the admin was told.
#[server(prefix = "/api", endpoint = "tags/delete", input = server_fn::codec::Json)]
pub async fn delete_tag(tag: TagId, tickets: u64, #[server(default)] chats: u64) -> Result<Vec<TagRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::tags::delete(&ctx, tag, tickets, chats).await?)
}
