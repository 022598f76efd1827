//! One's own status (A20).

use super::ApiError;
use crate::domain::presence::Status;
use leptos::prelude::*;

/// 온라인, 휴식 or 오프라인.
#[server(prefix = "/api", endpoint = "presence/set", input = server_fn::codec::Json)]
pub async fn set_status(status: Status) -> Result<Status, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::presence::set_status(&ctx, status).await?)
}
