//! 내 문의: how a customer finds again what he has left, and where the answer goes.

use super::{Anyone, Visitor, door, inquiries::link};
use crate::{
    domain::{
        contact::{Asked, Contact},
        service::Language,
        settings::Ask,
        time::DAY,
    },
    i18n::Texts,
    server::{
        db::{self, inquiries::Inquiry},
        error::{Error, Result},
        keys::Purpose,
        mail,
        state::App,
    },
};

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
            let said = db::visitors::customer(tx, visitor.id).await?.said;
            db::visitors::set_contact(tx, visitor.id, &Contact { email: email.clone(), ..said }).await?;
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
