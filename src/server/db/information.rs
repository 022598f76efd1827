//! 고객정보 and 상담정보 as agents note them, and what they have typed of it and not saved.

use super::{Tx, count, damaged, on, stored};
use crate::{
    domain::{
        ids::{AccountId, CategoryId, ChatId, TagId, VisitorId},
        information::{Information, Unsaved},
        service::Localized,
        time::Timestamp,
    },
    server::error::Result,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is noted, with what one needs to save over it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// None: nothing was noted of the customer yet.
    pub customer: Option<CustomerNote>,
    pub chat: Option<ChatNote>,
}

/// Of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerNote {
    pub name: String,
    pub email: String,
    pub memo: String,
    pub saved: Save,
}

/// Of a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatNote {
    pub category: Option<CategoryId>,
    /// The category's path when it was noted.
    pub path: Localized,
    /// 채팅 태그 (A64)
    pub tags: BTreeSet<TagId>,
    pub saved: Save,
}

/// What is to be noted of a chat, with the category's path as it is now.
#[derive(Clone, Copy, Debug)]
pub struct ChatNoting<'a> {
    pub category: Option<CategoryId>,
    pub path: &'a Localized,
    pub tags: &'a BTreeSet<TagId>,
}

/// The last save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Save {
    /// Counts the saves, from 1.
    pub version: u64,
    pub by: String,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct CustomerRow {
    name: String,
    email: String,
    memo: String,
    version: i64,
    changed_by: String,
    changed_at: i64,
}

#[derive(sqlx::FromRow)]
struct ChatRow {
    category_id: Option<Uuid>,
    path_ko: String,
    path_en: String,
    version: i64,
    changed_by: String,
    changed_at: i64,
}

/// What is noted of a chat and of its customer.
///
/// # Errors
/// The database's.
pub async fn noted(tx: &mut Tx, chat: ChatId, visitor: VisitorId) -> Result<Noted> {
    let tags = tags(tx, chat).await?;
    let customer: Option<CustomerRow> = on!(tx, |c| sqlx::query_as(
        "SELECT i.name, i.email, i.memo, i.version, a.name AS changed_by, i.changed_at
         FROM customer_info i JOIN account a ON a.id = i.changed_by WHERE i.visitor_id = $1"
    )
    .bind(visitor.0)
    .fetch_optional(c)
    .await)?;
    let chat: Option<ChatRow> = on!(tx, |c| sqlx::query_as(
        "SELECT i.category_id, i.path_ko, i.path_en, i.version, a.name AS changed_by, i.changed_at
         FROM chat_info i JOIN account a ON a.id = i.changed_by WHERE i.chat_id = $1"
    )
    .bind(chat.0)
    .fetch_optional(c)
    .await)?;
    Ok(Noted {
        customer: customer.map(|row| CustomerNote {
            name: row.name,
            email: row.email,
            memo: row.memo,
            saved: Save { version: count(row.version), by: row.changed_by, at: Timestamp(row.changed_at) },
        }),
        chat: chat.map(|row| ChatNote {
            category: row.category_id.map(CategoryId),
            path: Localized { ko: row.path_ko, en: row.path_en },
            tags,
            saved: Save { version: count(row.version), by: row.changed_by, at: Timestamp(row.changed_at) },
        }),
    })
}

async fn tags(tx: &mut Tx, chat: ChatId) -> Result<BTreeSet<TagId>> {
    let tags: Vec<Uuid> =
        on!(tx, |c| sqlx::query_scalar("SELECT tag_id FROM chat_tag WHERE chat_id = $1").bind(chat.0).fetch_all(c).await)?;
    Ok(tags.into_iter().map(TagId).collect())
}

/// The 처리유형 that is noted for a chat.
///
/// # Errors
/// The database's.
pub async fn category(tx: &mut Tx, chat: ChatId) -> Result<Option<CategoryId>> {
    let category: Option<Option<Uuid>> =
        on!(tx, |c| sqlx::query_scalar("SELECT category_id FROM chat_info WHERE chat_id = $1").bind(chat.0).fetch_optional(c).await)?;
    Ok(category.flatten().map(CategoryId))
}

/// Notes of a customer over the version `over` (0: nothing was noted). False when another
/// save came first; nothing is changed then.
///
/// # Errors
/// The database's.
pub async fn set_customer(tx: &mut Tx, visitor: VisitorId, over: u64, value: &Information, by: AccountId, at: Timestamp) -> Result<bool> {
    let sql = if over == 0 {
        "INSERT INTO customer_info (visitor_id, version, name, email, memo, changed_by, changed_at) VALUES ($1, $2 + 1, $3, $4, $5, $6, $7)
         ON CONFLICT (visitor_id) DO NOTHING"
    } else {
        "UPDATE customer_info SET version = version + 1, name = $3, email = $4, memo = $5, changed_by = $6, changed_at = $7
         WHERE visitor_id = $1 AND version = $2"
    };
    let rows = on!(tx, |c| sqlx::query(sql)
        .bind(visitor.0)
        .bind(stored(over))
        .bind(&value.name)
        .bind(&value.email)
        .bind(&value.memo)
        .bind(by.0)
        .bind(at.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// The same of a chat; the service must be locked, so that no tag goes meanwhile.
///
/// # Errors
/// The database's.
pub async fn set_chat(tx: &mut Tx, chat: ChatId, over: u64, note: ChatNoting<'_>, by: AccountId, at: Timestamp) -> Result<bool> {
    let ChatNoting { category, path, tags } = note;
    let sql = if over == 0 {
        "INSERT INTO chat_info (chat_id, version, category_id, path_ko, path_en, changed_by, changed_at) VALUES ($1, $2 + 1, $3, $4, $5, $6, $7)
         ON CONFLICT (chat_id) DO NOTHING"
    } else {
        "UPDATE chat_info SET version = version + 1, category_id = $3, path_ko = $4, path_en = $5, changed_by = $6, changed_at = $7
         WHERE chat_id = $1 AND version = $2"
    };
    let rows = on!(tx, |c| sqlx::query(sql)
        .bind(chat.0)
        .bind(stored(over))
        .bind(category.map(|id| id.0))
        .bind(&path.ko)
        .bind(&path.en)
        .bind(by.0)
        .bind(at.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows != 1 {
        return Ok(false);
    }
    on!(tx, |c| sqlx::query("DELETE FROM chat_tag WHERE chat_id = $1").bind(chat.0).execute(c).await.map(drop))?;
    for tag in tags {
        on!(tx, |c| sqlx::query("INSERT INTO chat_tag (chat_id, tag_id) VALUES ($1, $2)")
            .bind(chat.0)
            .bind(tag.0)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(true)
}

/// What this agent has typed beside the chat and not saved (E8), and which colleague had
/// before the chat was his (E7).
///
/// # Errors
/// The database's.
pub async fn unsaved(tx: &mut Tx, chat: ChatId, account: AccountId) -> Result<Option<(Unsaved, Option<AccountId>)>> {
    let row: Option<(String, Option<Uuid>)> =
        on!(tx, |c| sqlx::query_as("SELECT body, from_id FROM info_draft WHERE chat_id = $1 AND account_id = $2")
            .bind(chat.0)
            .bind(account.0)
            .fetch_optional(c)
            .await)?;
    let Some((body, from)) = row else { return Ok(None) };
    let unsaved = serde_json::from_str(&body).map_err(|_| damaged("unsaved information"))?;
    Ok(Some((unsaved, from.map(AccountId))))
}

/// Keeps what this agent has typed. What has come from a colleague is told apart until it is
/// saved or thrown away, whatever is typed beside it.
///
/// # Errors
/// The database's.
pub async fn keep(tx: &mut Tx, chat: ChatId, account: AccountId, unsaved: &Unsaved, at: Timestamp) -> Result<()> {
    let body = serde_json::to_string(unsaved).map_err(anyhow::Error::from)?;
    on!(tx, |c| sqlx::query(
        "INSERT INTO info_draft (chat_id, account_id, body, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (chat_id, account_id) DO UPDATE SET body = excluded.body, at = excluded.at"
    )
    .bind(chat.0)
    .bind(account.0)
    .bind(body)
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Forgets what this agent has typed: it is saved, or thrown away.
///
/// # Errors
/// The database's.
pub async fn forget(tx: &mut Tx, chat: ChatId, account: AccountId) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM info_draft WHERE chat_id = $1 AND account_id = $2")
        .bind(chat.0)
        .bind(account.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
