//! 1:1 문의 (A27, A28): what a customer leaves when nobody answers, and the desk's answer.

use super::{Agent, Visitor, door};
use crate::{
    api::{
        Problem,
        inquiries::{InquiryDetail, InquiryMessage, InquiryRow},
    },
    domain::{
        contact::{Asked, Contact},
        ids::{ClientId, InquiryId},
        permission::{Member, Right, Role},
        service::Language,
        settings::Ask,
        text,
    },
    i18n::Texts,
    server::{
        clock::new_id,
        config::Config,
        db::{
            self, Tx,
            consents::Consent,
            inquiries::{Inquiry, Written},
        },
        error::{Error, Result},
        mail, secrets,
    },
};

/// Inquiries of one list.
const LIST_MAX: u32 = 500;

/// What a customer leaves.
#[derive(Clone, Debug, Default)]
pub struct Left {
    /// Of the link to it, made by the server for this one form ([`secrets::new_token`]).
    pub token: String,
    /// Names the wording that he agreed to; empty: to none.
    pub consent: String,
    pub contact: Contact,
    pub text: String,
    pub language: Language,
}

/// Stores an inquiry once per token and answers its number.
///
/// # Errors
/// `Forbidden` where 1:1 문의 is off, `Invalid` beside `text`, `consent`, `name`, `email`.
pub async fn leave(visitor: &Visitor, address: &str, left: Left) -> Result<u64> {
    let app = &visitor.app;
    app.limits.visitor_send(visitor.id)?;
    if left.token.len() < 40 {
        return Err(Error::field("text", Problem::Changed));
    }
    let (service, language) = (visitor.service.id, visitor.service.language(left.language));
    let (at, hash) = (app.clock.now(), secrets::token_hash(&left.token));
    app.db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            if let Some(there) = db::inquiries::by_token(tx, service, &hash).await? {
                return Ok(there.number);
            }
            let doorway = door::look(tx, visitor.service.clone(), at).await?;
            if !doorway.help.inquiry {
                return Err(Error::Forbidden);
            }
            let before = db::visitors::contact(tx, visitor.id).await?;
            let asked = Asked { name: Ask::Optional, email: Ask::Optional, phone: Ask::Optional };
            let mut wrong = Vec::new();
            let contact = left.contact.checked(asked, before.clone()).map_err(door::complaints);
            let text = text::message(&left.text).map_err(|problem| Error::field("text", problem));
            let consent = doorway.inquiry_consent(language);
            let agreed = door::agreed(&left.consent, &consent);
            for error in [contact.as_ref().err(), text.as_ref().err(), agreed.as_ref().err()].into_iter().flatten() {
                if let Error::Invalid(fields) = error {
                    wrong.extend(fields.iter().cloned());
                }
            }
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
            let (contact, text) = (contact?, text?);
            if contact != before {
                db::visitors::set_contact(tx, visitor.id, &contact).await?;
            }
            let inquiry = Inquiry {
                id: InquiryId(new_id()),
                service,
                number: 0,
                visitor: visitor.id,
                language,
                contact,
                answered: false,
                created_at: at,
                moved_at: at,
            };
            let number = db::inquiries::insert(tx, &inquiry, &hash).await?;
            db::inquiries::write(tx, inquiry.id, ClientId(new_id()), at, None, &text).await?;
            let consent =
                Consent { service, language, body: &consent, visitor: visitor.id, chat: None, inquiry: Some(inquiry.id), at, address };
            db::consents::insert(tx, consent).await?;
            if !inquiry.contact.email.is_empty() {
                let (t, name) = (Texts::of(language), visitor.service.name.get(language));
                let url = link(&app.config, &visitor.service.key, &left.token);
                mail::post(tx, app, &inquiry.contact.email, &t.mail_inquiry_subject(name, number), &t.mail_inquiry(name, number, url))
                    .await?;
            }
            Ok(number)
        })
        .await
}

/// Where the customer reads his inquiry.
fn link(config: &Config, service: &str, token: &str) -> String {
    format!("{}/help/{service}/inquiries/{token}", config.public_url)
}

/// An inquiry as its customer's link shows it.
#[derive(Clone, Debug)]
pub struct Own {
    pub inquiry: Inquiry,
    pub messages: Vec<Written>,
}

/// The inquiry behind a link.
///
/// # Errors
/// `NotFound`.
pub async fn own(tx: &mut Tx, service: &str, token: &str) -> Result<Own> {
    let service = db::services::find_by_key(tx, service).await?.ok_or(Error::NotFound)?;
    let inquiry = db::inquiries::by_token(tx, service.id, &secrets::token_hash(token)).await?.ok_or(Error::NotFound)?;
    let messages = db::inquiries::messages(tx, inquiry.id).await?;
    Ok(Own { inquiry, messages })
}

/// The customer writes again, by his link.
///
/// # Errors
/// `NotFound`, `Invalid` beside `text`.
pub async fn write_again(app: &crate::server::state::App, service: &str, token: &str, client_id: ClientId, words: &str) -> Result<()> {
    let text = text::message(words).map_err(|problem| Error::field("text", problem))?;
    let at = app.clock.now();
    let visitor = app.db.look(async |tx| Ok(own(tx, service, token).await?.inquiry.visitor)).await?;
    app.limits.visitor_send(visitor)?;
    app.db
        .write(async |tx| {
            let inquiry = own(tx, service, token).await?.inquiry;
            db::inquiries::write(tx, inquiry.id, client_id, at, None, &text).await.map(drop)
        })
        .await
}

/// Admins, and agents with the ticket right.
#[must_use]
pub fn may(member: &Member) -> bool {
    member.role == Role::Admin || member.has(Right::Ticket)
}

fn authorise(agent: &Agent) -> Result<()> {
    if may(&agent.member) { Ok(()) } else { Err(Error::Forbidden) }
}

/// The service's inquiries, those that wait for an answer first.
///
/// # Errors
/// `Forbidden` without the ticket right, but for an admin.
pub async fn list(agent: &Agent) -> Result<Vec<InquiryRow>> {
    authorise(agent)?;
    agent
        .app
        .db
        .read(async |tx| {
            let found = db::inquiries::of_service(tx, agent.member.service, LIST_MAX).await?;
            Ok(found.into_iter().map(|(inquiry, first)| row(inquiry, &first)).collect())
        })
        .await
}

fn row(inquiry: Inquiry, first: &str) -> InquiryRow {
    InquiryRow {
        id: inquiry.id,
        number: inquiry.number,
        contact: inquiry.contact,
        subject: text::line(first, 120),
        answered: inquiry.answered,
        created_at: inquiry.created_at,
    }
}

/// An inquiry with all that was written in it.
///
/// # Errors
/// As [`list`], and `NotFound` also for a foreign one.
pub async fn open(agent: &Agent, id: InquiryId) -> Result<InquiryDetail> {
    authorise(agent)?;
    agent
        .app
        .db
        .read(async |tx| {
            let inquiry = mine(tx, agent, id).await?;
            let names = db::members::colleagues(tx, agent.member.service).await?;
            let name = |account| names.iter().find(|c| c.account == account).map(|c| c.name.clone()).unwrap_or_default();
            let messages = db::inquiries::messages(tx, id).await?;
            let first = messages.first().map(|m| m.text.clone()).unwrap_or_default();
            let messages = messages.into_iter().map(|m| InquiryMessage { at: m.at, by: m.agent.map(name), text: m.text }).collect();
            Ok(InquiryDetail { row: row(inquiry, &first), messages })
        })
        .await
}

async fn mine(tx: &mut Tx, agent: &Agent, id: InquiryId) -> Result<Inquiry> {
    db::inquiries::find(tx, id).await?.filter(|i| i.service == agent.member.service).ok_or(Error::NotFound)
}

/// Answers an inquiry, once per client id.
///
/// # Errors
/// As [`open`], and `Invalid` beside `text`.
pub async fn answer(agent: &Agent, id: InquiryId, client_id: ClientId, words: &str) -> Result<InquiryDetail> {
    authorise(agent)?;
    let text = text::message(words).map_err(|problem| Error::field("text", problem))?;
    let (at, by) = (agent.app.clock.now(), agent.account.id);
    agent
        .app
        .db
        .write(async |tx| {
            let inquiry = mine(tx, agent, id).await?;
            let fresh = db::inquiries::write(tx, id, client_id, at, Some(by), &text).await?;
            if fresh && !inquiry.contact.email.is_empty() {
                // The link itself is known to the customer alone: his first mail has it.
                let service = db::services::find(tx, inquiry.service).await?.ok_or(Error::NotFound)?;
                let (t, name) = (Texts::of(inquiry.language), service.name.get(inquiry.language));
                let subject = t.mail_answer_subject(name, inquiry.number);
                mail::post(tx, &agent.app, &inquiry.contact.email, &subject, &t.mail_answer(inquiry.number, &text)).await?;
            }
            Ok(())
        })
        .await?;
    open(agent, id).await
}
