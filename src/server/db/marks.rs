//! How far each party has come with a chat: high-water marks that only grow.

use super::{Tx, count, on, stored};
use crate::{domain::ids::ChatId, protocol::Marks, server::error::Result};
use uuid::Uuid;

/// Raises a party's marks. A mark beyond the chat's end is cut to it.
pub async fn raise(tx: &mut Tx, chat: ChatId, party: Uuid, customer: bool, marks: Marks) -> Result<()> {
    // One text for both databases: neither GREATEST nor a two-argument MAX is known to both.
    on!(tx, |c| sqlx::query(
        "INSERT INTO chat_mark (chat_id, party, customer, delivered, seen)
         SELECT id, $2, $3,
                CASE WHEN public_seq < $4 THEN public_seq ELSE $4 END,
                CASE WHEN public_seq < $5 THEN public_seq ELSE $5 END
         FROM chat WHERE id = $1
         ON CONFLICT (chat_id, party) DO UPDATE SET
             delivered = CASE WHEN excluded.delivered > chat_mark.delivered THEN excluded.delivered ELSE chat_mark.delivered END,
             seen = CASE WHEN excluded.seen > chat_mark.seen THEN excluded.seen ELSE chat_mark.seen END"
    )
    .bind(chat.0)
    .bind(party)
    .bind(customer)
    .bind(stored(marks.delivered))
    .bind(stored(marks.seen))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The highest marks of one side: the customer's, or of anybody at the desk.
pub async fn of_side(tx: &mut Tx, chat: ChatId, customer: bool) -> Result<Marks> {
    let (delivered, seen): (i64, i64) = on!(tx, |c| sqlx::query_as(
        "SELECT COALESCE(MAX(delivered), 0), COALESCE(MAX(seen), 0) FROM chat_mark WHERE chat_id = $1 AND customer = $2"
    )
    .bind(chat.0)
    .bind(customer)
    .fetch_one(c)
    .await)?;
    Ok(Marks { delivered: count(delivered), seen: count(seen) })
}

/// One party's own marks.
pub async fn of_party(tx: &mut Tx, chat: ChatId, party: Uuid) -> Result<Marks> {
    let row: Option<(i64, i64)> = on!(tx, |c| sqlx::query_as("SELECT delivered, seen FROM chat_mark WHERE chat_id = $1 AND party = $2")
        .bind(chat.0)
        .bind(party)
        .fetch_optional(c)
        .await)?;
    let (delivered, seen) = row.unwrap_or_default();
    Ok(Marks { delivered: count(delivered), seen: count(seen) })
}

/// Puts a chat among the unread of `party`, an agent, or takes it from there.
pub async fn set_flag(tx: &mut Tx, chat: ChatId, party: Uuid, on: bool) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO chat_mark (chat_id, party, customer, delivered, seen, flagged) VALUES ($1, $2, $3, 0, 0, $4)
         ON CONFLICT (chat_id, party) DO UPDATE SET flagged = excluded.flagged"
    )
    .bind(chat.0)
    .bind(party)
    .bind(false)
    .bind(on)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
