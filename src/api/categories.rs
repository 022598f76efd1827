//! 카테고리 관리. Every change answers with the tree as it is then.

use super::{ApiError, settings::Versioned};
use crate::domain::{category::Tree, ids::CategoryId, service::Localized, settings::Closing};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// 카테고리 관리 as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoriesPage {
    pub tree: Tree,
    /// 처리유형 필수
    pub closing: Versioned<Closing>,
}

/// The page of 카테고리 관리.
#[server(prefix = "/api", endpoint = "categories/page", input = server_fn::codec::Json)]
pub async fn load_categories() -> Result<CategoriesPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::categories::page(&ctx).await?)
}

/// The tree of 처리유형.
#[server(prefix = "/api", endpoint = "categories/list", input = server_fn::codec::Json)]
pub async fn list_categories() -> Result<Tree, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::categories::list(&ctx).await?)
}

/// Makes a category as the last one below `parent`.
#[server(prefix = "/api", endpoint = "categories/create", input = server_fn::codec::Json)]
pub async fn create_category(parent: Option<CategoryId>, name: Localized) -> Result<Tree, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::categories::create(&ctx, parent, name).await?)
}

/// Renames a category that is still called `was`.
#[server(prefix = "/api", endpoint = "categories/rename", input = server_fn::codec::Json)]
pub async fn rename_category(category: CategoryId, was: Localized, name: Localized) -> Result<Tree, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::categories::rename(&ctx, category, &was, name).await?)
}

/// Puts a category at this place among those beside it, counted from 0.
#[server(prefix = "/api", endpoint = "categories/move", input = server_fn::codec::Json)]
pub async fn move_category(category: CategoryId, to: u32) -> Result<Tree, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::categories::place(&ctx, category, to).await?)
}

/// Deletes a category with all below it.
#[server(prefix = "/api", endpoint = "categories/delete", input = server_fn::codec::Json)]
pub async fn delete_category(category: CategoryId) -> Result<Tree, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::categories::delete(&ctx, category).await?)
}
