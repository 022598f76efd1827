//! What an admin sets as a whole: one versioned row per page. And the log of changes.

use super::{Tx, count, on, stored};
use crate::{
    domain::{
        ids::{AccountId, ServiceId},
        service::Localized,
        time::Timestamp,
    },
    server::{
        clock::new_id,
        error::{Error, Result},
    },
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// A stored section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<T> {
    /// Counts the saves, from 1.
    pub version: u64,
    pub body: T,
    pub changed_by: Option<String>,
    pub changed_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    version: i64,
    body: String,
    name: Option<String>,
    changed_at: i64,
}

/// A section of the service's settings, if it was ever saved.
///
/// # Errors
/// The database's, or a body that this version cannot read.
pub async fn find<T: DeserializeOwned>(tx: &mut Tx, service: ServiceId, section: &str) -> Result<Option<Stored<T>>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT s.version, s.body, a.name, s.changed_at FROM setting s LEFT JOIN account a ON a.id = s.changed_by
         WHERE s.service_id = $1 AND s.section = $2"
    )
    .bind(service.0)
    .bind(section)
    .fetch_optional(c)
    .await)?;
    let Some(row) = row else { return Ok(None) };
    let body = serde_json::from_str(&row.body).map_err(|e| Error::Internal(anyhow::anyhow!("stored setting {section}: {e}")))?;
    Ok(Some(Stored { version: count(row.version), body, changed_by: row.name, changed_at: Timestamp(row.changed_at) }))
}

/// Every section of the service whose name begins with `prefix`, by name: the channel's
/// hours and each queue's.
///
/// # Errors
/// As [`find`].
pub async fn find_all<T: DeserializeOwned>(tx: &mut Tx, service: ServiceId, prefix: &str) -> Result<Vec<(String, T)>> {
    let rows: Vec<(String, String)> =
        on!(tx, |c| sqlx::query_as("SELECT section, body FROM setting WHERE service_id = $1 AND section LIKE $2 || '%'")
            .bind(service.0)
            .bind(prefix)
            .fetch_all(c)
            .await)?;
    rows.into_iter()
        .map(|(section, body)| {
            let body = serde_json::from_str(&body).map_err(|e| Error::Internal(anyhow::anyhow!("stored setting {section}: {e}")))?;
            Ok((section, body))
        })
        .collect()
}

/// Saves a section over version `over` (0: it was never saved). False when another save
/// came first; nothing is changed then.
///
/// # Errors
/// The database's.
pub async fn save<T: Serialize>(
    tx: &mut Tx,
    service: ServiceId,
    section: &str,
    over: u64,
    body: &T,
    by: AccountId,
    at: Timestamp,
) -> Result<bool> {
    let body = serde_json::to_string(body).map_err(|e| Error::Internal(e.into()))?;
    let rows = if over == 0 {
        on!(tx, |c| sqlx::query(
            "INSERT INTO setting (service_id, section, version, body, changed_by, changed_at) VALUES ($1, $2, 1, $3, $4, $5)
             ON CONFLICT (service_id, section) DO NOTHING"
        )
        .bind(service.0)
        .bind(section)
        .bind(body)
        .bind(by.0)
        .bind(at.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?
    } else {
        on!(tx, |c| sqlx::query(
            "UPDATE setting SET version = version + 1, body = $4, changed_by = $5, changed_at = $6
             WHERE service_id = $1 AND section = $2 AND version = $3"
        )
        .bind(service.0)
        .bind(section)
        .bind(stored(over))
        .bind(body)
        .bind(by.0)
        .bind(at.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?
    };
    Ok(rows == 1)
}

/// An entry of the log of changes, in words of its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// None: a matter of the whole organisation.
    pub service: Option<ServiceId>,
    pub by: AccountId,
    pub at: Timestamp,
    /// What kind of change ("queue", "rights" …).
    pub kind: &'static str,
    /// What it was done to.
    pub subject: &'a str,
    pub before: String,
    pub after: String,
}

/// Writes a change into the log.
///
/// # Errors
/// The database's.
pub async fn log(tx: &mut Tx, change: &Change<'_>) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO change_log (id, service_id, at, account_id, kind, subject, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(new_id())
    .bind(change.service.map(|s| s.0))
    .bind(change.at.0)
    .bind(change.by.0)
    .bind(change.kind)
    .bind(change.subject)
    .bind(&change.before)
    .bind(&change.after)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// An entry of the log as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
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

#[derive(sqlx::FromRow)]
struct ChangedRow {
    id: Uuid,
    at: i64,
    by_name: Option<String>,
    name_ko: Option<String>,
    name_en: Option<String>,
    kind: String,
    subject: String,
    before: String,
    after: String,
}

/// Entries before this one that contain `search` (nothing: all), the newest first.
///
/// # Errors
/// The database's.
pub async fn changes(tx: &mut Tx, search: &str, earlier_than: (Timestamp, Uuid), limit: u32) -> Result<Vec<Changed>> {
    // What LIKE would read as a pattern is text.
    let pattern = format!("%{}%", search.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let rows: Vec<ChangedRow> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT l.id, l.at, a.name AS by_name, s.name_ko, s.name_en, l.kind, l.subject, l.before, l.after
         FROM change_log l LEFT JOIN account a ON a.id = l.account_id LEFT JOIN service s ON s.id = l.service_id
         WHERE (l.at < $1 OR (l.at = $1 AND l.id < $4)) AND ($2 = '%%' OR LOWER(l.kind || ' ' || l.subject || ' ' || l.before || ' ' || l.after || ' ' || COALESCE(a.name, '')) LIKE $2 ESCAPE '\\')
         ORDER BY l.at DESC, l.id DESC LIMIT $3"
    )
    .bind(earlier_than.0.0)
    .bind(pattern)
    .bind(i64::from(limit))
    .bind(earlier_than.1)
    .fetch_all(c)
    .await
    })?;
    Ok(rows
        .into_iter()
        .map(|row| Changed {
            id: row.id,
            at: Timestamp(row.at),
            by: row.by_name.unwrap_or_default(),
            service: row.name_ko.zip(row.name_en).map(|(ko, en)| Localized { ko, en }),
            kind: row.kind,
            subject: row.subject,
            before: row.before,
            after: row.after,
        })
        .collect())
}
