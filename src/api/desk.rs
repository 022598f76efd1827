//! What the console starts from.

use super::ApiError;
use crate::protocol::Desk;
use leptos::prelude::*;

/// Everything the console shows at first, and the cursor it was read at.
#[server(prefix = "/api", endpoint = "desk", input = server_fn::codec::Json)]
pub async fn load_desk() -> Result<Desk, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::desk::load(&ctx).await?)
}
