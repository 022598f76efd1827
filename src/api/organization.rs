//! 전체 관리, the owner's area: services with their contracts, people, the log of changes.

use super::ApiError;
use crate::domain::{
    ids::{AccountId, ServiceId},
    permission::Role,
    service::{Contract, Language, Localized, Service},
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A service with who works in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    pub service: Service,
    pub members: u64,
    /// The one who asks is a member.
    pub mine: bool,
    /// The address of its picture.
    pub banner: Option<String>,
}

/// The form of a new service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewService {
    /// Letters, digits, hyphens; fixed afterwards.
    pub key: String,
    pub name: Localized,
    pub zone: String,
    pub languages: Vec<Language>,
    pub contract: Contract,
    /// The owner becomes its admin and agent (G26).
    pub join: bool,
}

/// What can be changed about a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceEdit {
    pub name: Localized,
    pub zone: String,
    pub languages: Vec<Language>,
    pub contract: Contract,
}

impl ServiceEdit {
    /// A service as it can be changed.
    #[must_use]
    pub fn of(service: &Service) -> Self {
        let Service { name, zone, languages, contract, .. } = service.clone();
        Self { name, zone, languages, contract }
    }
}

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    /// 조직관리자
    pub owner: bool,
    pub deactivated: bool,
    /// The one who asks.
    pub me: bool,
    pub services: Vec<(ServiceId, Role)>,
}

/// Somebody who was invited and has not come yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    pub email: String,
    pub service: ServiceId,
    pub expires_at: Timestamp,
}

/// Everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    pub people: Vec<Person>,
    pub services: Vec<(ServiceId, Localized)>,
    pub expected: Vec<Expected>,
}

/// A link that works once, to hand over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub email: String,
    pub url: String,
}

/// An entry of the log of changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    pub id: Uuid,
    pub at: Timestamp,
    /// Who did it, by name.
    pub by: String,
    pub service: Option<Localized>,
    pub kind: String,
    pub subject: String,
    pub before: String,
    pub after: String,
}

/// A page of the log, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    pub rows: Vec<ChangeRow>,
    /// There are older ones.
    pub more: bool,
}

/// All services.
#[server(prefix = "/api", endpoint = "organization/services", input = server_fn::codec::Json)]
pub async fn list_services() -> Result<Vec<ServiceRow>, ApiError> {
    let ctx = crate::server::http::auth::me().await?;
    Ok(crate::server::actions::organization::services(&ctx).await?)
}

/// Makes a service, without a queue (G26).
#[server(prefix = "/api", endpoint = "organization/services/create", input = server_fn::codec::Json)]
pub async fn create_service(form: NewService) -> Result<Vec<ServiceRow>, ApiError> {
    let ctx = crate::server::http::auth::me().await?;
    Ok(crate::server::actions::organization::create_service(&ctx, form).await?)
}

/// Changes a service that is still as `was`.
#[server(prefix = "/api", endpoint = "organization/services/save", input = server_fn::codec::Json)]
pub async fn save_service(service: ServiceId, was: ServiceEdit, now: ServiceEdit) -> Result<Vec<ServiceRow>, ApiError> {
    let ctx = crate::server::http::auth::me().await?;
    Ok(crate::server::actions::organization::save_service(&ctx, service, &was, now).await?)
}

/// Takes a service's picture away. A new one is posted to
/// `/organization/services/ID/banner` as a form.
#[server(prefix = "/api", endpoint = "organization/services/banner/remove", input = server_fn::codec::Json)]
pub async fn remove_banner(service: ServiceId) -> Result<Vec<ServiceRow>, ApiError> {
    let ctx = crate::server::http::auth::me().await?;
    Ok(crate::server::actions::banner::remove(&ctx, service).await?)
}

/// Everybody with an account, and who is expected.
#[server(prefix = "/api", endpoint = "organization/people", input = server_fn::codec::Json)]
pub async fn list_people() -> Result<People, ApiError> {
    let ctx = crate::server::http::auth::me().await?;
    Ok(crate::server::actions::organization::people(&ctx).await?)
}

/// Makes links that invite these addresses (one per line, or with commas) to a service.
#[server(prefix = "/api", endpoint = "organization/people/invite", input = server_fn::codec::Json)]
pub async fn invite_people(emails: String, service: ServiceId, role: Role) -> Result<Vec<Link>, ApiError> {
    let ctx = crate::server::http::auth::me().await?;
    Ok(crate::server::actions::organization::invite(&ctx, &emails, service, role).await?)
}

/// Makes somebody 조직관리자 or not, deactivates him or not.
#[server(prefix = "/api", endpoint = "organization/people/standing", input = server_fn::codec::Json)]
pub async fn set_standing(account: AccountId, owner: bool, deactivated: bool) -> Result<People, ApiError> {
    let ctx = crate::server::http::auth::me().await?;
    Ok(crate::server::actions::organization::set_standing(&ctx, account, owner, deactivated).await?)
}

/// Makes a link by which somebody sets a new password.
#[server(prefix = "/api", endpoint = "organization/people/reset", input = server_fn::codec::Json)]
pub async fn reset_link(account: AccountId) -> Result<Link, ApiError> {
    let ctx = crate::server::http::auth::me().await?;
    Ok(crate::server::actions::organization::reset(&ctx, account).await?)
}

/// The log of changes: what contains `search`, before an entry.
#[server(prefix = "/api", endpoint = "organization/changes", input = server_fn::codec::Json)]
pub async fn list_changes(search: String, before: Option<(Timestamp, Uuid)>) -> Result<Changes, ApiError> {
    let ctx = crate::server::http::auth::me().await?;
    Ok(crate::server::actions::organization::changes(&ctx, &search, before).await?)
}
