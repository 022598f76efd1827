//! Signing in and one's own account.

use super::ApiError;
use crate::domain::{
    ids::{ServiceId, SessionId},
    preferences::Preferences,
    service::{Language, Localized},
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One signed-in browser of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MySession {
    pub id: SessionId,
    /// The one this page speaks from.
    pub current: bool,
    pub device: String,
    pub address: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

/// What the account page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyAccount {
    pub email: String,
    pub name: String,
    pub owner: bool,
    pub language: Language,
    pub sessions: Vec<MySession>,
}

/// The first-run form (G26: the first owner is also admin and agent of the first service).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    pub name: String,
    pub email: String,
    pub password: String,
    pub service_name: String,
    /// Letters, digits, hyphens; fixed afterwards.
    pub service_key: String,
    /// The site whose pages carry the widget ("https://shop.example"); may be empty.
    pub site: String,
}

/// Signs in and sets the session cookie.
#[server(prefix = "/api", endpoint = "accounts/sign-in", input = server_fn::codec::Json)]
pub async fn sign_in(email: String, password: String) -> Result<(), ApiError> {
    crate::server::http::auth::sign_in(email, password).await
}

/// Ends this browser's session.
#[server(prefix = "/api", endpoint = "accounts/sign-out", input = server_fn::codec::Json)]
pub async fn sign_out() -> Result<(), ApiError> {
    crate::server::http::auth::sign_out().await
}

/// Makes the first owner and the first service; closed for good afterwards.
#[server(name = SetUpCall, prefix = "/api", endpoint = "accounts/set-up", input = server_fn::codec::Json)]
pub async fn set_up(form: SetUp) -> Result<(), ApiError> {
    crate::server::http::auth::set_up(form).await
}

/// My account and its sessions.
#[server(name = MyAccountCall, prefix = "/api", endpoint = "accounts/me", input = server_fn::codec::Json)]
pub async fn my_account() -> Result<MyAccount, ApiError> {
    crate::server::http::auth::my_account().await
}

/// Signs another browser of mine out; its sockets close.
#[server(prefix = "/api", endpoint = "accounts/revoke", input = server_fn::codec::Json)]
pub async fn revoke_session(session: SessionId) -> Result<(), ApiError> {
    crate::server::http::auth::revoke_session(session).await
}

/// Signs all my other browsers out.
#[server(prefix = "/api", endpoint = "accounts/revoke-others", input = server_fn::codec::Json)]
pub async fn revoke_other_sessions() -> Result<(), ApiError> {
    crate::server::http::auth::revoke_other_sessions().await
}

/// Changes my password and signs all my other browsers out.
#[server(prefix = "/api", endpoint = "accounts/password", input = server_fn::codec::Json)]
pub async fn change_password(current: String, new: String) -> Result<(), ApiError> {
    crate::server::http::auth::change_password(current, new).await
}

/// Sets the language of my interface.
#[server(prefix = "/api", endpoint = "accounts/language", input = server_fn::codec::Json)]
pub async fn set_language(language: Language) -> Result<(), ApiError> {
    crate::server::http::auth::set_language(language).await
}

/// Stores how my own pages look, sound and answer to keys.
#[server(prefix = "/api", endpoint = "accounts/preferences", input = server_fn::codec::Json)]
pub async fn set_preferences(preferences: Preferences) -> Result<(), ApiError> {
    crate::server::http::auth::set_preferences(preferences).await
}

/// Connects this session to another of my services.
#[server(prefix = "/api", endpoint = "accounts/connect", input = server_fn::codec::Json)]
pub async fn connect_service(service: ServiceId) -> Result<(), ApiError> {
    crate::server::http::auth::connect(service).await
}

/// What a link is for: an invitation, or a new password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    pub email: String,
    /// The service that one is invited to; none: a new password.
    pub service: Option<Localized>,
    /// There is an account with this address: its password is asked for.
    pub known: bool,
}

/// Looks at a link; `NotFound` when it was used or has expired.
#[server(prefix = "/api", endpoint = "invitations/look", input = server_fn::codec::Json)]
pub async fn look_at_invitation(token: String) -> Result<Invited, ApiError> {
    let anyone = crate::server::http::auth::anyone()?;
    Ok(crate::server::actions::invitations::look(&anyone, &token).await?)
}

/// Takes up an invitation, or sets a new password, and signs in.
#[server(prefix = "/api", endpoint = "invitations/accept", input = server_fn::codec::Json)]
pub async fn accept_invitation(token: String, name: String, password: String) -> Result<(), ApiError> {
    crate::server::http::auth::accept_invitation(token, name, password).await
}
