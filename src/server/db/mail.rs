//! The outbox of mail.

use super::{Tx, count, on};
use crate::{
    domain::time::Timestamp,
    server::{clock::new_id, error::Result},
};
use uuid::Uuid;

/// A mail that waits.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Also in the mail's own id, so that one that is sent twice is seen to be one.
    pub id: Uuid,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    tries: i64,
}

impl Waiting {
    /// How often it was tried so far, this time not counted.
    #[must_use]
    pub fn tries(&self) -> u64 {
        count(self.tries)
    }
}

/// Puts a mail into the outbox.
pub async fn insert(tx: &mut Tx, recipient: &str, subject: &str, body: &str, at: Timestamp) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO mail (id, recipient, subject, body, made_at, tries, due_at, trouble) VALUES ($1, $2, $3, $4, $5, 0, $5, '')"
    )
    .bind(new_id())
    .bind(recipient)
    .bind(subject)
    .bind(body)
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Takes the next mail that is due for one try: nobody else takes it until `again`.
pub async fn claim(tx: &mut Tx, now: Timestamp, again: Timestamp) -> Result<Option<Waiting>> {
    let due: Option<(Uuid, i64)> =
        on!(tx, |c| sqlx::query_as("SELECT id, due_at FROM mail WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1")
            .bind(now.0)
            .fetch_optional(c)
            .await)?;
    let Some((id, due_at)) = due else { return Ok(None) };
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "UPDATE mail SET due_at = $3, tries = tries + 1 WHERE id = $1 AND due_at = $2 RETURNING id, recipient, subject, body, tries - 1 AS tries"
    )
    .bind(id)
    .bind(due_at)
    .bind(again.0)
    .fetch_optional(c)
    .await
    })?)
}

/// It has left.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM mail WHERE id = $1").bind(id).execute(c).await.map(drop))?;
    Ok(())
}

/// It did not leave: when to try again, or that it was given up.
pub async fn put_off(tx: &mut Tx, id: Uuid, due: Option<Timestamp>, trouble: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE mail SET due_at = $2, trouble = $3 WHERE id = $1")
        .bind(id)
        .bind(due.map(|at| at.0))
        .bind(trouble)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// When the next mail is due.
pub async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let at: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT MIN(due_at) FROM mail").fetch_one(c).await)?;
    Ok(at.map(Timestamp))
}
