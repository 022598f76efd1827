//! What agents have typed and not sent (E8).

use super::{Tx, on};
use crate::{
    domain::{
        ids::{AccountId, ChatId},
        time::Timestamp,
    },
    protocol::Draft,
    server::error::Result,
};
use uuid::Uuid;

/// Keeps a draft in place of the one that is there. The chat must be locked.
pub async fn keep(tx: &mut Tx, account: AccountId, draft: &Draft) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO draft (account_id, chat_id, note, body, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, chat_id, note) DO UPDATE SET body = excluded.body, at = excluded.at"
    )
    .bind(account.0)
    .bind(draft.chat.0)
    .bind(draft.note)
    .bind(&draft.text)
    .bind(draft.at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Forgets one draft; whether there was one.
pub async fn forget(tx: &mut Tx, account: AccountId, chat: ChatId, note: bool) -> Result<bool> {
    let rows = on!(tx, |c| sqlx::query("DELETE FROM draft WHERE account_id = $1 AND chat_id = $2 AND note = $3")
        .bind(account.0)
        .bind(chat.0)
        .bind(note)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Forgets what everybody had typed in chats that have ended.
pub async fn end(tx: &mut Tx, chats: &[ChatId]) -> Result<()> {
    for chat in chats {
        on!(tx, |c| sqlx::query("DELETE FROM draft WHERE chat_id = $1").bind(chat.0).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// An agent's drafts.
pub async fn of_agent(tx: &mut Tx, account: AccountId) -> Result<Vec<Draft>> {
    let rows: Vec<(Uuid, bool, String, i64)> =
        on!(tx, |c| sqlx::query_as("SELECT chat_id, note, body, at FROM draft WHERE account_id = $1 ORDER BY at")
            .bind(account.0)
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(chat, note, text, at)| Draft { chat: ChatId(chat), note, text, at: Timestamp(at) }).collect())
}
