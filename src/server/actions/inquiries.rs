//! 1:1 문의 (A27, A28): what a customer leaves when nobody answers, and the desk's answer.

use super::{Agent, Visitor, door, files};
use crate::{
    api::{
        Problem,
        inquiries::{InquiryDetail, InquiryMessage, InquiryRow},
    },
    domain::{
        attachment::Attachment,
        contact::{Asked, Contact},
        ids::{ClientId, InquiryId, VisitorId},
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
            files::{Of, Owner},
            inquiries::{Inquiry, Written},
        },
        error::{Error, Result},
        files::Attached,
        keys::Purpose,
        mail, secrets,
        state::App,
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
    pub attached: Attached,
}

/// Stores an inquiry once per token and answers its number.
///
/// # Errors
/// `Forbidden` where 1:1 문의 is off, `Invalid` beside `text`, `consent`, `name`, `email`,
/// `files`.
pub async fn leave(visitor: &Visitor, address: &str, left: Left) -> Result<u64> {
    let attached = left.attached.clone();
    let done = store(visitor, address, left).await;
    files::settle(&visitor.app, &attached, done).await
}

async fn store(visitor: &Visitor, address: &str, left: Left) -> Result<u64> {
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
            doorway.admits(visitor)?;
            let mut known = db::visitors::customer(tx, visitor.id).await?;
            let asked = Asked { name: Ask::Optional, email: Ask::Optional, phone: Ask::Optional };
            let mut wrong = Vec::new();
            let said = left.contact.checked(asked.but_for(&known.verified), known.said.clone()).map_err(door::complaints);
            let text = text::message(&left.text).map_err(|problem| Error::field("text", problem));
            let consent = doorway.inquiry_consent(language);
            let agreed = door::agreed(&left.consent, &consent);
            let sent = files::check(tx, app, Some(visitor.id), &left.attached).await;
            for error in [said.as_ref().err(), text.as_ref().err(), agreed.as_ref().err(), sent.as_ref().err()].into_iter().flatten() {
                if let Error::Invalid(fields) = error {
                    wrong.extend(fields.iter().cloned());
                }
            }
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
            sent?;
            let (said, text) = (said?, text?);
            if said != known.said {
                db::visitors::set_contact(tx, visitor.id, &said).await?;
                known.said = said;
            }
            let contact = known.contact();
            let inquiry = Inquiry {
                id: InquiryId(new_id()),
                service,
                number: 0,
                visitor: visitor.id,
                chat: None,
                language,
                contact,
                answered: false,
                created_at: at,
                moved_at: at,
            };
            let number = db::inquiries::insert(tx, &inquiry, &hash).await?;
            let message = ClientId(new_id());
            db::inquiries::write(tx, inquiry.id, message, at, None, &text).await?;
            let owner = Owner { service, of: Of::Inquiry(inquiry.id), message, visitor: Some(visitor.id), agent: None };
            db::files::insert(tx, owner, &left.attached.files, at).await?;
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
pub(super) fn link(config: &Config, service: &str, token: &str) -> String {
    format!("{}/help/{service}/inquiries/{token}", config.public_url)
}

/// An inquiry as its customer's link shows it.
#[derive(Clone, Debug)]
pub struct Own {
    pub inquiry: Inquiry,
    pub messages: Vec<Written>,
    /// With the messages that they belong to.
    pub files: Vec<(ClientId, Attachment)>,
}

/// The inquiry behind a link: its own, or one that we gave to a customer whom we knew.
///
/// # Errors
/// `NotFound`.
pub async fn own(app: &App, tx: &mut Tx, service: &str, token: &str) -> Result<Own> {
    let service = db::services::find_by_key(tx, service).await?.ok_or(Error::NotFound)?;
    let inquiry = match app.keys.signed(Purpose::Inquiry, token, app.clock.now()).and_then(|id| id.parse().ok()) {
        Some(id) => db::inquiries::find(tx, InquiryId(id)).await?.filter(|inquiry| inquiry.service == service.id),
        None => db::inquiries::by_token(tx, service.id, &secrets::token_hash(token)).await?,
    };
    let inquiry = inquiry.ok_or(Error::NotFound)?;
    let messages = db::inquiries::messages(tx, inquiry.id).await?;
    let files = db::files::of_inquiry(tx, inquiry.id).await?;
    Ok(Own { inquiry, messages, files })
}

/// Whose inquiry is behind a link.
///
/// # Errors
/// `NotFound`.
pub async fn writer(app: &App, service: &str, token: &str) -> Result<VisitorId> {
    app.db.look(async |tx| Ok(own(app, tx, service, token).await?.inquiry.visitor)).await
}

/// What a customer adds to his inquiry.
#[derive(Clone, Debug)]
pub struct Added {
    pub client_id: ClientId,
    pub text: String,
    pub attached: Attached,
}

/// The customer writes again, by his link.
///
/// # Errors
/// `NotFound`, `Invalid` beside `text` and `files`.
pub async fn write_again(app: &App, service: &str, token: &str, added: &Added) -> Result<()> {
    let done = add(app, service, token, added).await;
    files::settle(app, &added.attached, done).await
}

async fn add(app: &App, service: &str, token: &str, added: &Added) -> Result<()> {
    let text = text::message(&added.text).map_err(|problem| Error::field("text", problem));
    let at = app.clock.now();
    app.limits.visitor_send(writer(app, service, token).await?)?;
    app.db
        .write(async |tx| {
            let inquiry = own(app, tx, service, token).await?.inquiry;
            // One message at a time, so that the day's files are counted.
            db::services::lock(tx, inquiry.service).await?;
            let sent = files::check(tx, app, Some(inquiry.visitor), &added.attached).await;
            let text = both(text, sent)?;
            if db::inquiries::write(tx, inquiry.id, added.client_id, at, None, &text).await? {
                let owner = Owner {
                    service: inquiry.service,
                    of: Of::Inquiry(inquiry.id),
                    message: added.client_id,
                    visitor: Some(inquiry.visitor),
                    agent: None,
                };
                db::files::insert(tx, owner, &added.attached.files, at).await?;
            }
            Ok(())
        })
        .await
}

/// The text, or what is wrong with it and with the files, together.
fn both(text: Result<String>, files: Result<()>) -> Result<String> {
    match (text, files) {
        (Err(Error::Invalid(mut wrong)), Err(Error::Invalid(more))) => {
            wrong.extend(more);
            Err(Error::Invalid(wrong))
        }
        (text, files) => files.and(text),
    }
}

/// Admins, and agents with the ticket right.
#[must_use]
pub fn may(member: &Member) -> bool {
    member.role == Role::Admin || member.has(Right::Ticket)
}

pub(super) fn authorise(agent: &Agent) -> Result<()> {
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
        from_chat: inquiry.chat.is_some(),
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
            let files = db::files::of_inquiry(tx, id).await?;
            let messages = messages
                .into_iter()
                .map(|m| InquiryMessage { at: m.at, by: m.agent.map(name), text: m.text, files: of_message(&files, m.client_id) })
                .collect();
            Ok(InquiryDetail { row: row(inquiry, &first), messages })
        })
        .await
}

pub(super) async fn mine(tx: &mut Tx, agent: &Agent, id: InquiryId) -> Result<Inquiry> {
    db::inquiries::find(tx, id).await?.filter(|i| i.service == agent.member.service).ok_or(Error::NotFound)
}

/// The files of one message.
#[must_use]
pub fn of_message(files: &[(ClientId, Attachment)], message: ClientId) -> Vec<Attachment> {
    files.iter().filter(|(of, _)| *of == message).map(|(_, file)| file.clone()).collect()
}

/// Whether an agent may answer; asked before his files are read.
///
/// # Errors
/// As [`open`].
pub async fn may_answer(agent: &Agent, id: InquiryId) -> Result<()> {
    authorise(agent)?;
    agent.app.db.look(async |tx| mine(tx, agent, id).await.map(drop)).await
}

/// Answers an inquiry, once per client id.
///
/// # Errors
/// As [`open`], and `Invalid` beside `text` and `files`.
pub async fn answer(agent: &Agent, id: InquiryId, client_id: ClientId, words: &str, attached: &Attached) -> Result<InquiryDetail> {
    let done = store_answer(agent, id, client_id, words, attached).await;
    files::settle(&agent.app, attached, done).await?;
    open(agent, id).await
}

async fn store_answer(agent: &Agent, id: InquiryId, client_id: ClientId, words: &str, attached: &Attached) -> Result<()> {
    authorise(agent)?;
    let text = text::message(words).map_err(|problem| Error::field("text", problem));
    let text = both(text, attached.problem.map_or(Ok(()), |problem| Err(Error::field("files", problem))))?;
    let (at, by) = (agent.app.clock.now(), agent.account.id);
    agent
        .app
        .db
        .write(async |tx| {
            let inquiry = mine(tx, agent, id).await?;
            files::check(tx, &agent.app, None, attached).await?;
            let fresh = db::inquiries::write(tx, id, client_id, at, Some(by), &text).await?;
            if fresh {
                let owner = Owner { service: inquiry.service, of: Of::Inquiry(id), message: client_id, visitor: None, agent: Some(by) };
                db::files::insert(tx, owner, &attached.files, at).await?;
            }
            if fresh && !inquiry.contact.email.is_empty() {
                // The link itself is known to the customer alone: his first mail has it.
                let service = db::services::find(tx, inquiry.service).await?.ok_or(Error::NotFound)?;
                let (t, name) = (Texts::of(inquiry.language), service.name.get(inquiry.language));
                let text = match attached.files.len() {
                    0 => text,
                    count => format!("{text}\n\n{}", t.mail_answer_files(count)),
                };
                let subject = t.mail_answer_subject(name, inquiry.number);
                mail::post(tx, &agent.app, &inquiry.contact.email, &subject, &t.mail_answer(inquiry.number, text)).await?;
            }
            Ok(())
        })
        .await
}
