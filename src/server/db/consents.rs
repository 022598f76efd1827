//! What customers agreed to, and when (A25, G14): nothing in the product edits it.

use super::{Tx, count, on, stored};
use crate::{
    domain::{
        ids::{ChatId, InquiryId, ServiceId, VisitorId},
        service::Language,
        time::Timestamp,
    },
    server::{clock::new_id, error::Result},
};
use uuid::Uuid;

/// The stored wording that is `body`: the newest one, or a new version of it.
async fn text(tx: &mut Tx, service: ServiceId, language: Language, body: &str, at: Timestamp) -> Result<Uuid> {
    let newest: Option<(Uuid, i64, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT id, version, body FROM consent_text WHERE service_id = $1 AND language = $2 AND body = $3 ORDER BY version DESC LIMIT 1"
    )
    .bind(service.0)
    .bind(language.code())
    .bind(body)
    .fetch_optional(c)
    .await)?;
    if let Some((id, ..)) = newest {
        return Ok(id);
    }
    let last: Option<i64> =
        on!(tx, |c| sqlx::query_scalar("SELECT MAX(version) FROM consent_text WHERE service_id = $1 AND language = $2")
            .bind(service.0)
            .bind(language.code())
            .fetch_one(c)
            .await)?;
    let id = new_id();
    on!(tx, |c| sqlx::query(
        "INSERT INTO consent_text (id, service_id, language, version, body, made_at) VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(id)
    .bind(service.0)
    .bind(language.code())
    .bind(stored(count(last.unwrap_or(0)) + 1))
    .bind(body)
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(id)
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

/// Keeps an agreement. The service's queues must be pinned or the service locked, so that
/// two do not make one version.
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
