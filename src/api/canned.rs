//! 상용구. Every change answers with the page as it is then.

use super::ApiError;
use crate::domain::{
    canned::{Canned, Scope, Words},
    ids::CannedId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What an agent finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CannedPage {
    /// His own first, then the service's, by their short names.
    pub replies: Vec<Canned>,
    /// What he is called in them.
    pub agent: String,
}

/// The service's replies and one's own.
#[server(prefix = "/api", endpoint = "canned/list", input = server_fn::codec::Json)]
pub async fn list_canned() -> Result<CannedPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::canned::list(&ctx).await?)
}

/// Makes a reply.
#[server(prefix = "/api", endpoint = "canned/create", input = server_fn::codec::Json)]
pub async fn create_canned(scope: Scope, words: Words) -> Result<CannedPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::canned::create(&ctx, scope, words).await?)
}

/// Saves a reply over this version.
#[server(prefix = "/api", endpoint = "canned/save", input = server_fn::codec::Json)]
pub async fn save_canned(scope: Scope, canned: CannedId, over: u64, words: Words) -> Result<CannedPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::canned::save(&ctx, scope, canned, over, words).await?)
}

/// Deletes a reply of this version.
#[server(prefix = "/api", endpoint = "canned/delete", input = server_fn::codec::Json)]
pub async fn delete_canned(scope: Scope, canned: CannedId, over: u64) -> Result<CannedPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::canned::delete(&ctx, scope, canned, over).await?)
}
