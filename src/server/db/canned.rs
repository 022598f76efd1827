//! Canned replies.

use super::{Tx, count, on, stored};
use crate::{
    domain::{
        canned::{Canned, Scope, Words},
        ids::{AccountId, CannedId, ServiceId},
        service::Localized,
    },
    server::error::Result,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    account_id: Option<Uuid>,
    shortcut: String,
    text_ko: String,
    text_en: String,
    version: i64,
}

/// The service's replies and those of this agent, his own first, by their short names.
pub async fn for_agent(tx: &mut Tx, service: ServiceId, account: AccountId) -> Result<Vec<Canned>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, account_id, shortcut, text_ko, text_en, version FROM canned
         WHERE service_id = $1 AND (account_id IS NULL OR account_id = $2)"
    )
    .bind(service.0)
    .bind(account.0)
    .fetch_all(c)
    .await)?;
    let canned = |row: Row| Canned {
        id: CannedId(row.id),
        scope: if row.account_id.is_some() { Scope::Own } else { Scope::Shared },
        version: count(row.version),
        words: Words { shortcut: row.shortcut, text: Localized { ko: row.text_ko, en: row.text_en } },
    };
    let mut all: Vec<Canned> = rows.into_iter().map(canned).collect();
    // Not by the databases, which order letters differently.
    all.sort_by_cached_key(|canned| (canned.scope, canned.words.key()));
    Ok(all)
}

/// Makes a reply of the first version: `owner`'s, or the service's.
pub async fn insert(tx: &mut Tx, service: ServiceId, owner: Option<AccountId>, id: CannedId, words: &Words) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
        "INSERT INTO canned (id, service_id, account_id, shortcut, shortcut_key, text_ko, text_en, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)"
    )
    .bind(id.0)
    .bind(service.0)
    .bind(owner.map(|account| account.0))
    .bind(&words.shortcut)
    .bind(words.key())
    .bind(&words.text.ko)
    .bind(&words.text.en)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Writes a reply anew, as this version.
pub async fn update(tx: &mut Tx, id: CannedId, version: u64, words: &Words) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE canned SET shortcut = $2, shortcut_key = $3, text_ko = $4, text_en = $5, version = $6 WHERE id = $1")
        .bind(id.0)
        .bind(&words.shortcut)
        .bind(words.key())
        .bind(&words.text.ko)
        .bind(&words.text.en)
        .bind(stored(version))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Deletes a reply.
pub async fn delete(tx: &mut Tx, id: CannedId) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM canned WHERE id = $1").bind(id.0).execute(c).await.map(drop))?;
    Ok(())
}
