//! A customer's chats before one of them (A59).

use super::{Row, Tx, count, on, select};
use crate::{
    domain::{
        chat::Chat,
        ids::{ChatId, VisitorId},
        time::Timestamp,
    },
    protocol::Page,
    server::error::Result,
};

/// A place among a customer's chats, which follow each other by their beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Before {
    at: Timestamp,
    chat: ChatId,
}

impl Before {
    /// The place of this chat: before it are those that came earlier.
    #[must_use]
    pub fn of(chat: &Chat) -> Self {
        Self { at: chat.intake_at, chat: chat.id }
    }
}

/// The newest `limit` chats of a visitor before this place, the newest first.
///
/// # Errors
/// The database's.
pub async fn before(tx: &mut Tx, visitor: VisitorId, before: Before, limit: u32) -> Result<Vec<Chat>> {
    let rows: Vec<Row> = on!(tx, |c| {
        sqlx::query_as(select!(
            "WHERE visitor_id = $1 AND (intake_at < $2 OR intake_at = $2 AND id < $3) ORDER BY intake_at DESC, id DESC LIMIT $4"
        ))
        .bind(visitor.0)
        .bind(before.at.0)
        .bind(before.chat.0)
        .bind(i64::from(limit))
        .fetch_all(c)
        .await
    })?;
    rows.into_iter().map(Chat::try_from).collect()
}

/// How many chats a visitor had before this place.
///
/// # Errors
/// The database's.
pub async fn count_before(tx: &mut Tx, visitor: VisitorId, before: Before) -> Result<u64> {
    let n: i64 = on!(tx, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM chat WHERE visitor_id = $1 AND (intake_at < $2 OR intake_at = $2 AND id < $3)"
    )
    .bind(visitor.0)
    .bind(before.at.0)
    .bind(before.chat.0)
    .fetch_one(c)
    .await)?;
    Ok(count(n))
}

/// The page that the customer of a chat looks at, or looked at last.
///
/// # Errors
/// The database's.
pub async fn page(tx: &mut Tx, chat: ChatId) -> Result<Page> {
    let (url, title): (String, String) =
        on!(tx, |c| sqlx::query_as("SELECT page_url, page_title FROM chat WHERE id = $1").bind(chat.0).fetch_one(c).await)?;
    Ok(Page { url, title })
}
