//! 처리유형 categories.

use super::{Tx, on, stored};
use crate::{
    domain::{
        category::{Category, Tree},
        ids::{CategoryId, ServiceId},
        service::Localized,
        time::Timestamp,
    },
    server::error::Result,
};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    parent_id: Option<Uuid>,
    name_ko: String,
    name_en: String,
}

/// The service's tree: each category after its parent, siblings in their order.
pub async fn tree(tx: &mut Tx, service: ServiceId) -> Result<Tree> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, parent_id, name_ko, name_en FROM category WHERE service_id = $1 ORDER BY position, created_at, id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    let mut below: HashMap<Option<CategoryId>, Vec<Category>> = HashMap::new();
    for row in rows {
        let parent = row.parent_id.map(CategoryId);
        let category = Category { id: CategoryId(row.id), parent, name: Localized { ko: row.name_ko, en: row.name_en } };
        below.entry(parent).or_default().push(category);
    }
    let mut out = Vec::new();
    let mut open: Vec<Category> = below.remove(&None).unwrap_or_default().into_iter().rev().collect();
    while let Some(category) = open.pop() {
        open.extend(below.remove(&Some(category.id)).unwrap_or_default().into_iter().rev());
        out.push(category);
    }
    Ok(Tree(out))
}

/// Makes a category.
pub async fn insert(tx: &mut Tx, service: ServiceId, category: &Category, position: u64, at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO category (id, service_id, parent_id, name_ko, name_en, position, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(category.id.0)
    .bind(service.0)
    .bind(category.parent.map(|p| p.0))
    .bind(&category.name.ko)
    .bind(&category.name.en)
    .bind(stored(position))
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Renames and places a category.
pub async fn update(tx: &mut Tx, category: &Category, position: u64) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE category SET name_ko = $2, name_en = $3, position = $4 WHERE id = $1")
        .bind(category.id.0)
        .bind(&category.name.ko)
        .bind(&category.name.en)
        .bind(stored(position))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Deletes a category that nothing stands below.
pub async fn delete(tx: &mut Tx, category: CategoryId) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM category WHERE id = $1").bind(category.0).execute(c).await.map(drop))?;
    Ok(())
}
