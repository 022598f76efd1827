//! 상담원: members of the service, their rights, and 할당 제어. Every change answers with
//! the page as it is then.

use super::ApiError;
use crate::domain::{
    ids::AccountId,
    permission::{Allocation, Profile},
    service::Localized,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A member of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    /// 조직관리자
    pub owner: bool,
    pub deactivated: bool,
    /// The one who asks.
    pub me: bool,
    pub profile: Profile,
    pub allocation: Allocation,
    /// The names of the queues he is assigned to, in the order of the queues.
    pub queues: Vec<Localized>,
}

/// An agent's switches of 할당 제어 as they are to be; one that is not named stays as it is,
/// whoever set it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocate {
    pub account: AccountId,
    #[serde(default)]
    pub on: Option<bool>,
    #[serde(default)]
    pub own: Option<bool>,
}

/// All members.
#[server(prefix = "/api", endpoint = "members/list", input = server_fn::codec::Json)]
pub async fn list_members() -> Result<Vec<MemberRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::members::list(&ctx).await?)
}

/// Saves a member whose profile is still `was`.
#[server(prefix = "/api", endpoint = "members/save", input = server_fn::codec::Json)]
pub async fn save_member(account: AccountId, was: Profile, profile: Profile) -> Result<Vec<MemberRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::members::save(&ctx, account, &was, profile).await?)
}

/// Sets switches of 할당 제어.
#[server(prefix = "/api", endpoint = "members/allocate", input = server_fn::codec::Json)]
pub async fn set_allocation(changes: Vec<Allocate>) -> Result<Vec<MemberRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::members::allocate(&ctx, changes).await?)
}
