//! What customers agreed to, and when (A25, G14): nothing in the product edits it.

use super::{Tx, count, on, stored};
use crate::{
    domain::{
        ids::{ChatId, InquiryId, ServiceId, VisitorId},
        service::Language,
        time::Timestamp,
    },
    server::{
        clock::new_id,
        error::{Error, Result},
    },
};
use uuid::Uuid;

/// The stored wording that is `body`, if there is one: the newest.
async fn known(tx: &mut Tx, service: ServiceId, language: Language, body: &str) -> Result<Option<Uuid>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT id FROM consent_text WHERE service_id = $1 AND language = $2 AND body = $3 ORDER BY version DESC LIMIT 1"
    )
    .bind(service.0)
    .bind(language.code())
    .bind(body)
    .fetch_optional(c)
    .await)?)
}

/// The stored wording that is `body`: the newest one, or a new version of it. Two who are
/// the first to agree to it at the same time find one version: the second waits for the
/// first, and looks again.
async fn text(tx: &mut Tx, service: ServiceId, language: Language, body: &str, at: Timestamp) -> Result<Uuid> {
    for _ in 0..3 {
        if let Some(id) = known(tx, service, language, body).await? {
            return Ok(id);
        }
        let last: Option<i64> =
            on!(tx, |c| sqlx::query_scalar("SELECT MAX(version) FROM consent_text WHERE service_id = $1 AND language = $2")
                .bind(service.0)
                .bind(language.code())
                .fetch_one(c)
                .await)?;
        let id = new_id();
        let made = on!(tx, |c| sqlx::query(
            "INSERT INTO consent_text (id, service_id, language, version, body, made_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (service_id, language, version) DO NOTHING"
        )
        .bind(id)
        .bind(service.0)
        .bind(language.code())
        .bind(stored(count(last.unwrap_or(0)) + 1))
        .bind(body)
        .bind(at.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
        if made == 1 {
            return Ok(id);
        }
    }
    Err(Error::Unavailable)
}

/// An agreement.
#[derive(Clone, Copy, Debug)]
pub struct Consent<'a> {
    pub service: ServiceId,
    pub language: Language,
    /// Word for word, as the customer saw it.
    pub body: &'a str,
    pub visitor: VisitorId,
    /// To what it led.
    pub chat: Option<ChatId>,
    pub inquiry: Option<InquiryId>,
    pub at: Timestamp,
    pub address: &'a str,
}

/// Keeps an agreement.
pub async fn insert(tx: &mut Tx, consent: Consent<'_>) -> Result<()> {
    let text = text(tx, consent.service, consent.language, consent.body, consent.at).await?;
    on!(tx, |c| sqlx::query(
        "INSERT INTO consent (id, text_id, visitor_id, chat_id, inquiry_id, at, address) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(new_id())
    .bind(text)
    .bind(consent.visitor.0)
    .bind(consent.chat.map(|id| id.0))
    .bind(consent.inquiry.map(|id| id.0))
    .bind(consent.at.0)
    .bind(consent.address)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
