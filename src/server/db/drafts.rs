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
use std::collections::BTreeSet;
use uuid::Uuid;

/// Keeps a draft in place of the one that is there, as the agent's own words. The chat must
/// be locked.
pub async fn keep(tx: &mut Tx, account: AccountId, draft: &Draft) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO draft (account_id, chat_id, note, body, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, chat_id, note) DO UPDATE SET body = excluded.body, at = excluded.at, from_id = NULL"
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
    let rows: Vec<(Uuid, bool, String, i64, Option<Uuid>)> =
        on!(tx, |c| sqlx::query_as("SELECT chat_id, note, body, at, from_id FROM draft WHERE account_id = $1 ORDER BY at")
            .bind(account.0)
            .fetch_all(c)
            .await)?;
    let draft = |(chat, note, text, at, from): (_, _, _, _, Option<Uuid>)| Draft {
        chat: ChatId(chat),
        note,
        text,
        at: Timestamp(at),
        from: from.map(AccountId),
    };
    Ok(rows.into_iter().map(draft).collect())
}

/// What this agent has typed in the chat, beside it too, waits from here on for whoever gets
/// the chat (E7). The chat must be locked.
pub async fn wait(tx: &mut Tx, chat: ChatId, of: AccountId) -> Result<()> {
    for sql in [
        "UPDATE draft SET waits = $3 WHERE chat_id = $1 AND account_id = $2",
        "UPDATE info_draft SET waits = $3 WHERE chat_id = $1 AND account_id = $2",
    ] {
        on!(tx, |c| sqlx::query(sql).bind(chat.0).bind(of.0).bind(true).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Gives what waits, and what `from` has typed in the chat and beside it, to another agent:
/// all but what he has typed there himself. Whose words these were before. The chat must be
/// locked.
pub async fn give(tx: &mut Tx, chat: ChatId, from: Option<AccountId>, to: AccountId) -> Result<BTreeSet<AccountId>> {
    let before: Vec<Uuid> =
        on!(tx, |c| sqlx::query_scalar("SELECT account_id FROM draft WHERE chat_id = $1 AND (waits = $2 OR account_id = $3)")
            .bind(chat.0)
            .bind(true)
            .bind(from.map(|from| from.0))
            .fetch_all(c)
            .await)?;
    for (given, stays) in [
        (
            "UPDATE draft SET account_id = $2, from_id = NULLIF(COALESCE(from_id, account_id), $2)
             WHERE chat_id = $1 AND account_id <> $2 AND (waits = $4 OR account_id = $3)
               AND NOT EXISTS (SELECT 1 FROM draft o WHERE o.chat_id = $1 AND o.account_id = $2 AND o.note = draft.note)",
            "UPDATE draft SET waits = $2 WHERE chat_id = $1 AND waits = $3",
        ),
        (
            "UPDATE info_draft SET account_id = $2, from_id = NULLIF(COALESCE(from_id, account_id), $2)
             WHERE chat_id = $1 AND account_id <> $2 AND (waits = $4 OR account_id = $3)
               AND NOT EXISTS (SELECT 1 FROM info_draft o WHERE o.chat_id = $1 AND o.account_id = $2)",
            "UPDATE info_draft SET waits = $2 WHERE chat_id = $1 AND waits = $3",
        ),
    ] {
        on!(tx, |c| sqlx::query(given).bind(chat.0).bind(to.0).bind(from.map(|from| from.0)).bind(true).execute(c).await.map(drop))?;
        on!(tx, |c| sqlx::query(stays).bind(chat.0).bind(false).bind(true).execute(c).await.map(drop))?;
    }
    Ok(before.into_iter().map(AccountId).collect())
}
