//! 태그 of a service.

use super::{Tx, count, on};
use crate::{
    domain::{
        ids::{ServiceId, TagId},
        ticket::{CHAT_TAG, tag_key},
    },
    server::{clock::new_id, error::Result},
};
use uuid::Uuid;

/// A tag, and how many tickets and chats carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub id: TagId,
    pub name: String,
    /// The Chat tag, which is never renamed or deleted (A57).
    pub fixed: bool,
    pub tickets: u64,
    pub chats: u64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    fixed: bool,
    tickets: i64,
    chats: i64,
}

/// All tags of the service, the Chat tag first, then by name.
///
/// # Errors
/// The database's.
pub async fn of_service(tx: &mut Tx, service: ServiceId) -> Result<Vec<Tag>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT t.id, t.name, t.fixed, (SELECT COUNT(*) FROM ticket_tag x WHERE x.tag_id = t.id) AS tickets,
                (SELECT COUNT(*) FROM chat_tag y WHERE y.tag_id = t.id) AS chats
         FROM tag t WHERE t.service_id = $1"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    let tag = |row: Row| Tag { id: TagId(row.id), name: row.name, fixed: row.fixed, tickets: count(row.tickets), chats: count(row.chats) };
    let mut tags: Vec<Tag> = rows.into_iter().map(tag).collect();
    // Not by the databases, which order letters differently.
    tags.sort_by_cached_key(|tag| (!tag.fixed, tag_key(&tag.name)));
    Ok(tags)
}

/// The Chat tag of the service, made where it is missing. A tag that an admin has named so
/// becomes it. The service must be locked.
///
/// # Errors
/// The database's.
pub async fn chat_tag(tx: &mut Tx, service: ServiceId) -> Result<TagId> {
    let id: Uuid = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO tag (id, service_id, name, name_key, fixed) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (service_id, name_key) DO UPDATE SET name = excluded.name, fixed = excluded.fixed RETURNING id"
    )
    .bind(new_id())
    .bind(service.0)
    .bind(CHAT_TAG)
    .bind(tag_key(CHAT_TAG))
    .bind(true)
    .fetch_one(c)
    .await)?;
    Ok(TagId(id))
}

/// Makes a tag.
///
/// # Errors
/// The database's.
pub async fn insert(tx: &mut Tx, service: ServiceId, id: TagId, name: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO tag (id, service_id, name, name_key, fixed) VALUES ($1, $2, $3, $4, $5)")
        .bind(id.0)
        .bind(service.0)
        .bind(name)
        .bind(tag_key(name))
        .bind(false)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Renames a tag.
///
/// # Errors
/// The database's.
pub async fn rename(tx: &mut Tx, id: TagId, name: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE tag SET name = $2, name_key = $3 WHERE id = $1")
        .bind(id.0)
        .bind(name)
        .bind(tag_key(name))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Deletes a tag, and takes it off all tickets and chats. What is noted of these is another
/// version then: whoever writes over it is told. The service must be locked.
///
/// # Errors
/// The database's.
pub async fn delete(tx: &mut Tx, id: TagId) -> Result<()> {
    on!(tx, |c| {
        sqlx::query("UPDATE chat_info SET version = version + 1 WHERE chat_id IN (SELECT chat_id FROM chat_tag WHERE tag_id = $1)")
            .bind(id.0)
            .execute(c)
            .await
            .map(drop)
    })?;
    on!(tx, |c| sqlx::query("DELETE FROM chat_tag WHERE tag_id = $1").bind(id.0).execute(c).await.map(drop))?;
    on!(tx, |c| sqlx::query("DELETE FROM ticket_tag WHERE tag_id = $1").bind(id.0).execute(c).await.map(drop))?;
    on!(tx, |c| sqlx::query("DELETE FROM tag WHERE id = $1").bind(id.0).execute(c).await.map(drop))?;
    Ok(())
}
