//! What a customer meets at the door (A23–A29): one reading of all facts, which the pages
//! show, the sockets push, and the start of a chat checks again.

use super::{
    Visitor,
    settings::{default_help, default_texts, stopped_since},
    widget::identity_required,
};
use crate::{
    api::{FieldError, Problem},
    domain::{
        availability::{self, Door, Facts, QueueFacts},
        calendar::{Calendar, opening::Hours},
        chat::{Chat, Refused},
        contact::{Asked, Contact, ContactProblem},
        ids::{ChatId, QueueId},
        service::{Language, Queue, Service},
        settings::{ChatTexts, HelpCentre, OpeningHours, Section as _, with_retention},
        time::Timestamp,
    },
    i18n::Texts,
    protocol::{Page, Sent},
    server::{
        actions::visitors::clean_page,
        clock::new_id,
        db::{self, Tx, consents::Consent, events::Growth, settings::Stored},
        error::{Error, Result},
        secrets,
    },
};
use std::collections::HashMap;

/// Everything that a door shows, as of one instant.
#[derive(Clone, Debug)]
pub struct Doorway {
    pub service: Service,
    pub texts: ChatTexts,
    pub help: HelpCentre,
    /// The address of the service's picture.
    pub banner: Option<String>,
    /// The channel's hours.
    pub calendar: Calendar,
    /// The service's queues, active or not.
    pub queues: Vec<Queue>,
    /// 로그인한 회원만 상담 (G20)
    pub members_only: bool,
    facts: Facts,
    /// When this reading is no longer good, whatever nobody says until then.
    pub until: Option<Timestamp>,
}

impl Doorway {
    /// How the door is for who comes by a way in that is switched on, or off.
    #[must_use]
    pub fn door(&self, switch: bool) -> Door {
        let mut facts = self.facts.clone();
        facts.switch = switch;
        availability::door(&facts)
    }

    /// Whether somebody who waits in `queue` may still hope for an answer (G13).
    #[must_use]
    pub fn attends(&self, queue: QueueId) -> bool {
        availability::attended(&self.facts, queue)
    }

    /// Whether what waits in `queue` is offered now.
    #[must_use]
    pub fn goes_on(&self, queue: QueueId) -> bool {
        self.queues.iter().any(|q| q.id == queue && q.active) && availability::goes_on(&self.facts, queue)
    }

    /// Goes on only for whom the service speaks with.
    ///
    /// # Errors
    /// `Refused(Members)`.
    pub fn admits(&self, visitor: &Visitor) -> Result<(), Refused> {
        if self.members_only && visitor.vouched.is_none() { Err(Refused::Members) } else { Ok(()) }
    }

    /// The consent of a chat as a customer reads it.
    #[must_use]
    pub fn consent(&self, language: Language) -> String {
        filled(self.texts.consent.get(language), self.texts.retention_days, language)
    }

    /// The consent of an inquiry as a customer reads it.
    #[must_use]
    pub fn inquiry_consent(&self, language: Language) -> String {
        filled(self.help.consent.get(language), self.texts.retention_days, language)
    }

    /// Names how the door is: another name, another door.
    #[must_use]
    pub fn is(&self, switch: bool) -> String {
        // At closing time the door does not change, but those who wait learn of it.
        let attended: Vec<bool> = self.queues.iter().map(|queue| self.attends(queue.id)).collect();
        let Self { texts, help, banner, queues, calendar, service, members_only, .. } = self;
        let shown = serde_json::json!([self.door(switch), attended, texts, help, banner, queues, calendar, service, members_only]);
        secrets::short_hash(&shown.to_string())
    }
}

fn filled(text: &str, days: u16, language: Language) -> String {
    with_retention(text, &Texts::of(language).kept_for(days, language))
}

/// Reads everything that decides.
///
/// # Errors
/// The database's.
pub async fn look(tx: &mut Tx, service: Service, now: Timestamp) -> Result<Doorway> {
    let texts: Option<Stored<ChatTexts>> = db::settings::find(tx, service.id, ChatTexts::NAME).await?;
    let texts = texts.map_or_else(|| default_texts(&service.name), |stored| stored.body);
    let help: Option<Stored<HelpCentre>> = db::settings::find(tx, service.id, HelpCentre::NAME).await?;
    let help = help.map_or_else(|| default_help(&service.name), |stored| stored.body);
    let banner = super::banner::of(tx, &service).await?;
    let queues = db::queues::of_service(tx, service.id).await?;
    let sections = db::settings::find_all::<OpeningHours>(tx, service.id, OpeningHours::NAME).await?;
    let own = |queue: Option<QueueId>| {
        let name = super::settings::hours_section(queue);
        sections.iter().find(|(section, _)| *section == name).and_then(|(_, hours)| hours.0.clone())
    };
    let calendar = own(None).unwrap_or_default();
    let opening = |calendar: Calendar| Hours::new(calendar, &service.zone).map(|hours| hours.at(now)).map_err(|e| anyhow::anyhow!("{e:?}"));
    let present = db::presence::present(tx, service.id, now).await?;
    let mut there: HashMap<QueueId, u32> = HashMap::new();
    for (queue, ..) in &present {
        *there.entry(*queue).or_default() += 1;
    }
    let mut facts = Facts {
        contract: service.contract.chat,
        switch: true,
        consent: Language::ALL.iter().all(|language| !texts.consent.get(*language).is_empty()),
        stopped: stopped_since(tx, service.id).await?.is_some(),
        channel: opening(calendar.clone()).map_err(Error::Internal)?,
        queues: Vec::with_capacity(queues.len()),
    };
    for queue in &queues {
        let own = own(Some(queue.id)).map(opening).transpose().map_err(Error::Internal)?;
        facts.queues.push(QueueFacts { id: queue.id, active: queue.active, own, present: there.get(&queue.id).copied().unwrap_or(0) });
    }
    let until = present.iter().map(|(.., until)| *until).chain(availability::changes_at(&facts)).min();
    let members_only = identity_required(tx, service.id).await?;
    Ok(Doorway { service, texts, help, banner, calendar, queues, members_only, facts, until })
}

/// What a customer starts a chat with.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// None: there was no choice.
    pub queue: Option<QueueId>,
    /// Names the wording that he agreed to ([`consent_key`]); empty: to none.
    pub consent: String,
    pub contact: Contact,
    pub language: Language,
    pub page: Page,
}

/// Names a wording.
#[must_use]
pub fn consent_key(text: &str) -> String {
    secrets::short_hash(text)
}

/// 동의하고 상담 시작: opens a chat with its greeting, unless one goes on already.
///
/// # Errors
/// `Refused(Members)` where nobody vouches for him and somebody must, `Refused(Shut)` when
/// nobody takes chats there now, or none of his (G34), `Invalid` beside `consent`, `queue`,
/// `name`, `email`, `phone`.
pub async fn start(visitor: &Visitor, address: &str, start: Start) -> Result<Sent> {
    let app = &visitor.app;
    app.limits.visitor_send(visitor.id)?;
    let (id, at, page) = (ChatId(new_id()), app.clock.now(), clean_page(&start.page));
    let language = visitor.service.language(start.language);
    // Twice: when another tab starts between look and act.
    for _ in 0..2 {
        let done = app
            .change(async |tx| {
                db::queues::pin(tx, visitor.service.id).await?;
                if let Some(chat) = db::chats::newest_of(tx, visitor.id).await?.filter(|chat| !chat.is_ended()) {
                    return Ok((Sent { chat: chat.id, seq: chat.public_seq, at: chat.intake_at }, Vec::new()));
                }
                let doorway = look(tx, visitor.service.clone(), at).await?;
                doorway.admits(visitor)?;
                // To whom it is shut for good it is shut like to anybody.
                if db::blocks::keeps_out(tx, visitor.service.id, visitor.id, visitor.vouched.is_some(), address, at).await? {
                    return Err(Refused::Shut.into());
                }
                let queue = doorway.door(true).admits(start.queue).ok_or(Refused::Shut)?;
                let consent = doorway.consent(language);
                agreed(&start.consent, &consent)?;
                let known = db::visitors::customer(tx, visitor.id).await?;
                let asked = Asked { name: doorway.texts.name, email: doorway.texts.email, phone: doorway.texts.phone };
                let said = start.contact.clone().checked(asked.but_for(&known.verified), known.said.clone()).map_err(complaints)?;
                if said != known.said {
                    db::visitors::set_contact(tx, visitor.id, &said).await?;
                }
                let greeting = doorway.texts.greeting.get(language).to_owned();
                let (chat, events) = Chat::intake(id, visitor.service.id, queue, visitor.id, greeting, at);
                match db::chats::insert(tx, &chat, language, &page).await {
                    Err(error) if db::is_duplicate(&error) => return Err(Error::Conflict),
                    other => other?,
                }
                db::consents::insert(
                    tx,
                    Consent {
                        service: chat.service,
                        language,
                        body: &consent,
                        visitor: visitor.id,
                        chat: Some(id),
                        inquiry: None,
                        at,
                        address,
                    },
                )
                .await?;
                let sent = Sent { chat: id, seq: chat.public_seq, at };
                Ok((sent, vec![Growth { chat, at, events: events.into_iter().map(|e| (e, None)).collect() }]))
            })
            .await;
        match done {
            Err(Error::Conflict) => {}
            Err(error) => return Err(error),
            Ok(sent) => {
                app.bus.nudge_visitor(visitor.id).await;
                return Ok(sent);
            }
        }
    }
    Err(Error::Unavailable)
}

/// Goes on only when the wording that was agreed to is the one that counts now.
///
/// # Errors
/// `Invalid` beside `consent`.
pub(super) fn agreed(to: &str, text: &str) -> Result<()> {
    match to {
        "" => Err(Error::field("consent", Problem::Required)),
        key if key == consent_key(text) => Ok(()),
        _ => Err(Error::field("consent", Problem::Changed)),
    }
}

pub(super) fn complaints(wrong: Vec<(&'static str, ContactProblem)>) -> Error {
    let of = |problem| match problem {
        ContactProblem::Missing => Problem::Required,
        ContactProblem::TooLong => Problem::TooLong,
        ContactProblem::NotAnEmail => Problem::NotAnEmail,
        ContactProblem::NotAPhone => Problem::NotAPhone,
    };
    Error::Invalid(wrong.into_iter().map(|(field, problem)| FieldError { field: field.to_owned(), problem: of(problem) }).collect())
}
