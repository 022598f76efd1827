//! What a customer does. The widget calls these paths by `fetch` with its token in
//! `Authorization` (the generated stubs would cost it 40–60 kB), hence server only.

use super::ApiError;
use crate::{
    protocol::{EarlierEvents, Identify, Register, Registered, Sent, VisitorData, VisitorEarlier, VisitorEnd, VisitorSend},
    server::{
        actions::{identity, visitors},
        http::auth,
    },
};
use leptos::prelude::*;

/// A first sign of life; answers the visitor's token.
#[server(prefix = "/api", endpoint = "visitor/register", input = server_fn::codec::Json)]
pub async fn register_visitor(request: Register) -> Result<Registered, ApiError> {
    auth::register_visitor(&request.widget).await
}

/// Takes the shop's signed word for its member; answers a token for this frame alone.
#[server(prefix = "/api", endpoint = "visitor/identify", input = server_fn::codec::Json)]
pub async fn identify_visitor(request: Identify) -> Result<Registered, ApiError> {
    Ok(identity::identify(&auth::anyone()?, &request).await?)
}

/// What the host page tells of its visitor, unsigned.
#[server(prefix = "/api", endpoint = "visitor/data", input = server_fn::codec::Json)]
pub async fn tell_of_visitor(request: VisitorData) -> Result<(), ApiError> {
    let ctx = auth::visitor(&request.widget).await?;
    Ok(identity::tell(&ctx, &request).await?)
}

/// Stores a message once per client id, opening a chat where none is open.
#[server(prefix = "/api", endpoint = "visitor/send", input = server_fn::codec::Json)]
pub async fn send_as_visitor(request: VisitorSend) -> Result<Sent, ApiError> {
    let ctx = auth::visitor(&request.widget).await?;
    Ok(visitors::send(&ctx, request).await?)
}

/// 대화 종료 by the customer (A31).
#[server(prefix = "/api", endpoint = "visitor/end", input = server_fn::codec::Json)]
pub async fn end_as_visitor(request: VisitorEnd) -> Result<(), ApiError> {
    let ctx = auth::visitor(&request.widget).await?;
    Ok(visitors::end(&ctx, request.chat).await?)
}

/// Older events of the visitor's own chat.
#[server(prefix = "/api", endpoint = "visitor/earlier", input = server_fn::codec::Json)]
pub async fn earlier_as_visitor(request: VisitorEarlier) -> Result<EarlierEvents, ApiError> {
    let ctx = auth::visitor(&request.widget).await?;
    Ok(visitors::earlier(&ctx, request.chat, request.before).await?)
}
