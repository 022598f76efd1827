//! 1:1 문의 (A27, A28): what a customer leaves when nobody answers, and the desk's answer.

use super::{Agent, Anyone, Visitor, door};
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
        time::DAY,
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
}

/// Stores an inquiry once per token and answers its number.
///
/// # Errors
/// `Forbidden` where 1:1 문의 is off, `Refused(Members)` where nobody vouches for him and
/// somebody must, `Invalid` beside `text`, `consent`, `name`, `email`.
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
            doorway.admits(visitor)?;
            let mut known = db::visitors::customer(tx, visitor.id).await?;
            let asked = Asked { name: Ask::Optional, email: Ask::Optional, phone: Ask::Optional };
            let mut wrong = Vec::new();
            let said = left.contact.checked(asked.but_for(&known.verified), known.said.clone()).map_err(door::complaints);
            let text = text::message(&left.text).map_err(|problem| Error::field("text", problem));
            let consent = doorway.inquiry_consent(language);
            let agreed = door::agreed(&left.consent, &consent);
            for error in [said.as_ref().err(), text.as_ref().err(), agreed.as_ref().err()].into_iter().flatten() {
                if let Error::Invalid(fields) = error {
                    wrong.extend(fields.iter().cloned());
                }
            }
            if !wrong.is_empty() {
                return Err(Error::Invalid(wrong));
            }
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
pub(super) fn link(config: &Config, service: &str, token: &str) -> String {
    format!("{}/help/{service}/inquiries/{token}", config.public_url)
}

/// An inquiry as its customer's link shows it.
#[derive(Clone, Debug)]
pub struct Own {
    pub inquiry: Inquiry,
    pub messages: Vec<Written>,
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
    Ok(Own { inquiry, messages })
}

/// The customer writes again, by his link.
///
/// # Errors
/// `NotFound`, `Invalid` beside `text`.
pub async fn write_again(app: &App, service: &str, token: &str, client_id: ClientId, words: &str) -> Result<()> {
    let text = text::message(words).map_err(|problem| Error::field("text", problem))?;
    let at = app.clock.now();
    let visitor = app.db.look(async |tx| Ok(own(app, tx, service, token).await?.inquiry.visitor)).await?;
    app.limits.visitor_send(visitor)?;
    app.db
        .write(async |tx| {
            let inquiry = own(app, tx, service, token).await?.inquiry;
            db::inquiries::write(tx, inquiry.id, client_id, at, None, &text).await.map(drop)
        })
        .await
}

/// How many of his own inquiries a customer is shown.
const MINE_MAX: u32 = 50;
/// How long a link works that we give to a customer whom we know.
const LINK_LIFE: i64 = 30 * DAY;
/// How long the link works that is mailed to find one's inquiries.
const MAILBOX_LIFE: i64 = DAY;

/// One of a customer's own inquiries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    pub inquiry: Inquiry,
    /// Where he reads it, below the help centre's address.
    pub token: String,
}

fn mine_of(app: &App, inquiries: Vec<Inquiry>) -> Vec<Mine> {
    let until = app.clock.now().plus(LINK_LIFE);
    let token = |inquiry: &Inquiry| app.keys.sign(Purpose::Inquiry, &inquiry.id.to_string(), until);
    inquiries.into_iter().map(|inquiry| Mine { token: token(&inquiry), inquiry }).collect()
}

/// What this visitor has left, the one that moved last first.
///
/// # Errors
/// The database's.
pub async fn of_visitor(visitor: &Visitor) -> Result<Vec<Mine>> {
    let found = visitor.app.db.look(async |tx| db::inquiries::of_visitor(tx, visitor.id, MINE_MAX).await).await?;
    Ok(mine_of(&visitor.app, found))
}

/// What was left with the address of a mailed link.
///
/// # Errors
/// `NotFound` for a link that is none, or has ended.
pub async fn of_mailbox(app: &App, service: &str, link: &str) -> Result<Vec<Mine>> {
    let text = app.keys.signed(Purpose::Mailbox, link, app.clock.now()).ok_or(Error::NotFound)?;
    let email = text.strip_prefix(service).and_then(|rest| rest.strip_prefix(':')).ok_or(Error::NotFound)?;
    let found = app
        .db
        .look(async |tx| {
            let service = db::services::find_by_key(tx, service).await?.ok_or(Error::NotFound)?;
            db::inquiries::of_email(tx, service.id, email, MINE_MAX).await
        })
        .await?;
    Ok(mine_of(app, found))
}

/// Mails the link to an address's inquiries, if there are any. The answer is the same
/// either way: nobody learns here who has written to us.
///
/// # Errors
/// `Invalid` beside `email`, `TooMany` from one address.
pub async fn find_by_mail(anyone: &Anyone, service: &str, email: &str, language: Language) -> Result<()> {
    let app = &anyone.app;
    app.limits.link(&anyone.address)?;
    let asked = Asked { name: Ask::Off, email: Ask::Required, phone: Ask::Off };
    let contact = Contact { email: email.to_owned(), ..Contact::default() };
    let email = contact.checked(asked, Contact::default()).map_err(door::complaints)?.email;
    let until = app.clock.now().plus(MAILBOX_LIFE);
    app.db
        .write(async |tx| {
            let service = db::services::find_by_key(tx, service).await?.ok_or(Error::NotFound)?;
            if db::inquiries::of_email(tx, service.id, &email, 1).await?.is_empty() {
                return Ok(());
            }
            let language = service.language(language);
            let (t, name) = (Texts::of(language), service.name.get(language));
            let signed = app.keys.sign(Purpose::Mailbox, &format!("{}:{email}", service.key), until);
            let mut url = url::Url::parse(&app.config.public_url).map_err(anyhow::Error::from)?;
            url.set_path(&format!("/help/{}/inquiries", service.key));
            url.query_pairs_mut().append_pair("of", &signed).append_pair("lang", language.code());
            mail::post(tx, app, &email, &t.mail_mailbox_subject(name), &t.mail_mailbox(name, url)).await
        })
        .await
}

/// The customer says where the answer to what he has left shall go.
///
/// # Errors
/// `NotFound` without such an inquiry, `Invalid` beside `email`.
pub async fn reach(visitor: &Visitor, email: &str) -> Result<()> {
    let app = &visitor.app;
    app.limits.visitor_send(visitor.id)?;
    let asked = Asked { name: Ask::Off, email: Ask::Required, phone: Ask::Off };
    let typed = Contact { email: email.to_owned(), ..Contact::default() };
    app.db
        .write(async |tx| {
            let newest = db::inquiries::of_visitor(tx, visitor.id, 1).await?.pop().ok_or(Error::NotFound)?;
            let email = typed.clone().checked(asked, Contact::default()).map_err(door::complaints)?.email;
            let before = db::visitors::customer(tx, visitor.id).await?.contact();
            db::visitors::set_contact(tx, visitor.id, &Contact { email: email.clone(), ..before }).await?;
            if newest.contact.email == email {
                return Ok(());
            }
            db::inquiries::set_email(tx, newest.id, &email).await?;
            let (t, name) = (Texts::of(newest.language), visitor.service.name.get(newest.language));
            let signed = app.keys.sign(Purpose::Inquiry, &newest.id.to_string(), app.clock.now().plus(LINK_LIFE));
            let url = link(&app.config, &visitor.service.key, &signed);
            mail::post(tx, app, &email, &t.mail_inquiry_subject(name, newest.number), &t.mail_inquiry(name, newest.number, url)).await
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
