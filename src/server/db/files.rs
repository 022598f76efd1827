//! The rows of files: attachments of messages, and the pictures of services.

use super::{Tx, count, on, stored};
use crate::{
    domain::{
        attachment::{Attachment, Picture},
        ids::{AccountId, ChatId, ClientId, FileId, InquiryId, ServiceId, VisitorId},
        time::Timestamp,
    },
    server::{error::Result, files::Stored},
};
use anyhow::Context as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use std::path::Path;
use uuid::Uuid;

/// To which message files belong, and who sent them.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    pub service: ServiceId,
    pub of: Of,
    pub message: ClientId,
    pub visitor: Option<VisitorId>,
    pub agent: Option<AccountId>,
}

/// Where that message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Inquiry(InquiryId),
    Chat(ChatId),
}

/// Adds the files of a message, in their order.
pub async fn insert(tx: &mut Tx, owner: Owner, files: &[Stored], at: Timestamp) -> Result<()> {
    let (inquiry, chat) = match owner.of {
        Of::Inquiry(inquiry) => (Some(inquiry.0), None),
        Of::Chat(chat) => (None, Some(chat.0)),
    };
    for (position, file) in (0_i64..).zip(files) {
        on!(tx, |c| {
            sqlx::query(
            "INSERT INTO attachment (id, service_id, inquiry_id, client_id, visitor_id, account_id, name, media, size, sha256, width, height, made_at, position, chat_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        )
        .bind(file.id.0)
        .bind(owner.service.0)
        .bind(inquiry)
        .bind(owner.message.0)
        .bind(owner.visitor.map(|v| v.0))
        .bind(owner.agent.map(|a| a.0))
        .bind(&file.name)
        .bind(file.media)
        .bind(stored(file.size))
        .bind(&file.sha256[..])
        .bind(file.picture.map(|p| i64::from(p.width)))
        .bind(file.picture.map(|p| i64::from(p.height)))
        .bind(at.0)
        .bind(position)
        .bind(chat)
        .execute(c)
        .await
        .map(drop)
        })?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    client_id: Option<Uuid>,
    name: String,
    media: String,
    size: i64,
    width: Option<i64>,
    height: Option<i64>,
}

impl From<Row> for Attachment {
    fn from(row: Row) -> Self {
        let side = |side: Option<i64>| side.and_then(|side| u32::try_from(side).ok());
        let picture = side(row.width).zip(side(row.height)).map(|(width, height)| Picture { width, height });
        Self { id: FileId(row.id), name: row.name, media: row.media, size: count(row.size), picture }
    }
}

/// The files of an inquiry with their messages, in their order.
pub async fn of_inquiry(tx: &mut Tx, inquiry: InquiryId) -> Result<Vec<(ClientId, Attachment)>> {
    let rows: Vec<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT id, client_id, name, media, size, width, height FROM attachment WHERE inquiry_id = $1 ORDER BY made_at, client_id, position"
    )
    .bind(inquiry.0)
    .fetch_all(c)
    .await
    })?;
    Ok(rows.into_iter().filter_map(|row| Some((ClientId(row.client_id?), row.into()))).collect())
}

/// In which chat the file was sent, and whose chat it is.
pub async fn chat_of(tx: &mut Tx, file: FileId) -> Result<Option<(ChatId, VisitorId)>> {
    let row: Option<(Uuid, Uuid)> =
        on!(tx, |c| sqlx::query_as("SELECT c.id, c.visitor_id FROM attachment a JOIN chat c ON c.id = a.chat_id WHERE a.id = $1")
            .bind(file.0)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(chat, visitor)| (ChatId(chat), VisitorId(visitor))))
}

/// The customer's files of a chat belong to an inquiry too, which has the same messages.
pub async fn carry_over(tx: &mut Tx, chat: ChatId, inquiry: InquiryId) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE attachment SET inquiry_id = $2 WHERE chat_id = $1 AND visitor_id IS NOT NULL")
        .bind(chat.0)
        .bind(inquiry.0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The file with this id.
pub async fn find(tx: &mut Tx, id: FileId) -> Result<Option<Attachment>> {
    let row: Option<Row> =
        on!(tx, |c| sqlx::query_as("SELECT id, client_id, name, media, size, width, height FROM attachment WHERE id = $1")
            .bind(id.0)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(Into::into))
}

/// How many bytes a visitor has sent since then.
pub async fn sent_since(tx: &mut Tx, visitor: VisitorId, since: Timestamp) -> Result<u64> {
    let sum: i64 = on!(tx, |c| sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM attachment WHERE visitor_id = $1 AND made_at > $2"
    )
    .bind(visitor.0)
    .bind(since.0)
    .fetch_one(c)
    .await)?;
    Ok(count(sum))
}

/// Whether a row names the file.
pub async fn is_kept(tx: &mut Tx, id: FileId) -> Result<bool> {
    let rows: i64 = on!(tx, |c| sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM attachment WHERE id = $1) + (SELECT COUNT(*) FROM banner WHERE file_id = $1)"
    )
    .bind(id.0)
    .fetch_one(c)
    .await)?;
    Ok(rows > 0)
}

/// Every file that a SQLite database names, with its size. The file is only read: it may be
/// a backup.
///
/// # Errors
/// When it cannot be read.
pub async fn of_backup(path: &Path) -> anyhow::Result<Vec<(FileId, u64)>> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    // A backup of an earlier version has no such tables.
    let tables: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name IN ('attachment', 'banner')").fetch_one(&pool).await?;
    let rows: Vec<(Uuid, i64)> = if tables == 2 {
        sqlx::query_as("SELECT id, size FROM attachment UNION ALL SELECT file_id, size FROM banner")
            .fetch_all(&pool)
            .await
            .context("cannot read the list of files")?
    } else {
        Vec::new()
    };
    pool.close().await;
    Ok(rows.into_iter().map(|(id, size)| (FileId(id), count(size))).collect())
}

/// The picture of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    pub file: FileId,
    pub media: String,
    pub size: u64,
    pub sha256: Vec<u8>,
}

impl Banner {
    /// Its content in its address.
    #[must_use]
    pub fn hash(&self) -> String {
        self.sha256.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The picture of a service, if it has one.
pub async fn banner(tx: &mut Tx, service: ServiceId) -> Result<Option<Banner>> {
    let row: Option<(Uuid, String, i64, Vec<u8>)> =
        on!(tx, |c| sqlx::query_as("SELECT file_id, media, size, sha256 FROM banner WHERE service_id = $1")
            .bind(service.0)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(|(file, media, size, sha256)| Banner { file: FileId(file), media, size: count(size), sha256 }))
}

/// Puts a picture in the place of the one that is there.
pub async fn set_banner(tx: &mut Tx, service: ServiceId, file: &Stored, at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO banner (service_id, file_id, media, size, sha256, made_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (service_id) DO UPDATE SET file_id = excluded.file_id, media = excluded.media, size = excluded.size,
             sha256 = excluded.sha256, made_at = excluded.made_at"
    )
    .bind(service.0)
    .bind(file.id.0)
    .bind(file.media)
    .bind(stored(file.size))
    .bind(&file.sha256[..])
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Takes the picture of a service away.
pub async fn remove_banner(tx: &mut Tx, service: ServiceId) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM banner WHERE service_id = $1").bind(service.0).execute(c).await.map(drop))?;
    Ok(())
}
