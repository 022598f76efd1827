//! The pages of 서비스 관리 that are saved as one: every save over a version, so that the
//! second of two admins is told.

use super::Agent;
use crate::{
    api::{
        FieldError, Problem,
        settings::{ChatPage, HelpPage, HoursPage, Saved, Versioned},
    },
    domain::{
        calendar::{Calendar, Opening, opening::Hours},
        ids::{QueueId, ServiceId},
        service::{Language, Localized},
        settings::{Ask, ChatTexts, Closing, Company, HelpCentre, Naming, OpeningHours, RETENTION, Routing, Section},
        time::Timestamp,
    },
    i18n::Texts,
    server::{
        db::{
            self, Tx,
            settings::{Change, Stored},
        },
        error::{Error, Result},
    },
};

/// 지금부터 접수 중지 is a section of its own: it is no matter of the hours page's save.
const STOP: &str = "stop";

/// 채팅 → 기본 설정
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn chat_page(agent: &Agent) -> Result<ChatPage> {
    agent.require_admin()?;
    agent
        .app
        .db
        .read(async |tx| {
            let stored = db::settings::find(tx, agent.member.service, ChatTexts::NAME).await?;
            let service = db::services::find(tx, agent.member.service).await?.ok_or(Error::NotFound)?.name;
            let defaults = default_texts(&service);
            Ok(ChatPage { texts: versioned(stored, || defaults.clone()), defaults, service })
        })
        .await
}

/// The texts that a service starts with.
#[must_use]
pub fn default_texts(service: &Localized) -> ChatTexts {
    let in_both = |text: fn(&Texts, &str) -> String| {
        let of = |language| text(&Texts::of(language), service.get(language)).trim().to_owned();
        Localized { ko: of(Language::Ko), en: of(Language::En) }
    };
    ChatTexts {
        greeting: in_both(|t, service| t.defaults_greeting(service)),
        satisfaction: in_both(|t, _| t.defaults_satisfaction()),
        absent: in_both(|t, _| t.defaults_absent()),
        closed: in_both(|t, _| t.defaults_closed()),
        ended: in_both(|t, _| t.defaults_ended()),
        consent: in_both(|t, service| t.defaults_consent(RETENTION, service)),
        retention_days: 3 * 365,
        rating: true,
        naming: Naming::Service,
        name: Ask::Off,
        email: Ask::Off,
        phone: Ask::Off,
    }
}

/// 채팅 → 기본 설정 as it counts now.
///
/// # Errors
/// The database's, `NotFound`.
pub async fn chat_texts(tx: &mut Tx, service: ServiceId) -> Result<ChatTexts> {
    match db::settings::find::<ChatTexts>(tx, service, ChatTexts::NAME).await? {
        Some(stored) => Ok(stored.body),
        None => Ok(default_texts(&db::services::find(tx, service).await?.ok_or(Error::NotFound)?.name)),
    }
}

/// Saves 채팅 → 기본 설정.
///
/// # Errors
/// `Invalid` beside each field.
pub async fn save_chat_texts(agent: &Agent, over: u64, value: ChatTexts) -> Result<Saved<Versioned<ChatTexts>>> {
    let done = save(agent, ChatTexts::NAME, over, value).await?;
    Ok(saved(done, chat_page(agent).await?.texts))
}

/// 상담원 할당 설정
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn routing(agent: &Agent) -> Result<Versioned<Routing>> {
    agent.require_admin()?;
    let stored = agent.app.db.look(async |tx| db::settings::find(tx, agent.member.service, Routing::NAME).await).await?;
    Ok(versioned(stored, Routing::default))
}

/// Saves 상담원 할당 설정.
///
/// # Errors
/// `Invalid` beside each field.
pub async fn save_routing(agent: &Agent, over: u64, value: Routing) -> Result<Saved<Versioned<Routing>>> {
    let done = save(agent, Routing::NAME, over, value).await?;
    Ok(saved(done, routing(agent).await?))
}

/// 처리유형 필수, on the page of 카테고리 관리.
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn closing(agent: &Agent) -> Result<Versioned<Closing>> {
    agent.require_admin()?;
    agent.app.db.look(async |tx| super::information::closing(tx, agent).await).await
}

/// Saves it.
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn save_closing(agent: &Agent, over: u64, value: Closing) -> Result<Saved<Versioned<Closing>>> {
    let done = save(agent, Closing::NAME, over, value).await?;
    Ok(saved(done, closing(agent).await?))
}

/// 운영시간 of the channel, or of a queue.
///
/// # Errors
/// `Forbidden` but for an admin, `NotFound` queue.
pub async fn hours(agent: &Agent, queue: Option<QueueId>) -> Result<HoursPage> {
    agent.require_admin()?;
    let now = agent.app.clock.now();
    agent
        .app
        .db
        .read(async |tx| {
            let service = db::services::find(tx, agent.member.service).await?.ok_or(Error::NotFound)?;
            let queues = db::queues::of_service(tx, service.id).await?;
            if queue.is_some_and(|id| queues.iter().all(|q| q.id != id)) {
                return Err(Error::NotFound);
            }
            let hours = versioned(db::settings::find(tx, service.id, &hours_section(queue)).await?, OpeningHours::default);
            let channel: Option<Stored<OpeningHours>> = db::settings::find(tx, service.id, OpeningHours::NAME).await?;
            let channel = channel.and_then(|c| c.body.0).unwrap_or_default();
            let counting = hours.value.0.clone().unwrap_or_else(|| channel.clone());
            let stopped = stopped_since(tx, service.id).await?;
            Ok(HoursPage { hours, channel, queues, now: opening(counting, &service.zone)?.at(now), zone: service.zone, stopped })
        })
        .await
}

/// Since when no new chats are taken, if they are not.
pub(super) async fn stopped_since(tx: &mut Tx, service: ServiceId) -> Result<Option<Timestamp>> {
    let stored: Option<Stored<Option<Timestamp>>> = db::settings::find(tx, service, STOP).await?;
    Ok(stored.and_then(|stored| stored.body))
}

/// 헬프센터 → 구성관리
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn help(agent: &Agent) -> Result<HelpPage> {
    agent.require_admin()?;
    agent
        .app
        .db
        .read(async |tx| {
            let service = db::services::find(tx, agent.member.service).await?.ok_or(Error::NotFound)?;
            let stored = db::settings::find(tx, service.id, HelpCentre::NAME).await?;
            Ok(HelpPage { help: versioned(stored, || default_help(&service.name)), key: service.key })
        })
        .await
}

/// What a help centre starts with.
#[must_use]
pub fn default_help(service: &Localized) -> HelpCentre {
    let of = |language| Texts::of(language).defaults_inquiry_consent(RETENTION, service.get(language)).trim().to_owned();
    HelpCentre { icon: true, inquiry: true, consent: Localized { ko: of(Language::Ko), en: of(Language::En) }, company: Company::default() }
}

/// Saves 헬프센터 → 구성관리, and with it the switch of the help centre's chat icon.
///
/// # Errors
/// `Invalid` beside each field.
pub async fn save_help(agent: &Agent, over: u64, value: HelpCentre) -> Result<Saved<HelpPage>> {
    let done = save_and(agent, HelpCentre::NAME, over, value, async |tx, help| {
        let service = db::services::find(tx, agent.member.service).await?.ok_or(Error::NotFound)?;
        db::services::switch_widget(tx, &db::services::help_key(&service.key), help.icon).await
    })
    .await?;
    Ok(saved(done, help(agent).await?))
}

/// The section of the channel's hours, or of a queue's.
pub(super) fn hours_section(queue: Option<QueueId>) -> String {
    queue.map_or_else(|| OpeningHours::NAME.to_owned(), |id| format!("{}:{id}", OpeningHours::NAME))
}

/// Saves 운영시간; it holds at once (A13).
///
/// # Errors
/// `Invalid` beside `calendar`, `NotFound` queue.
pub async fn save_hours(agent: &Agent, queue: Option<QueueId>, over: u64, value: OpeningHours) -> Result<Saved<HoursPage>> {
    // The queue must be this service's.
    hours(agent, queue).await?;
    let done = save(agent, &hours_section(queue), over, value).await?;
    Ok(saved(done, hours(agent, queue).await?))
}

/// 지금부터 접수 중지, or taking it back. Who presses twice is heard once.
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn stop_intake(agent: &Agent, stopped: bool) -> Result<HoursPage> {
    agent.require_admin()?;
    let (service, at) = (agent.member.service, agent.app.clock.now());
    agent
        .app
        .db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            let before: Option<Stored<Option<Timestamp>>> = db::settings::find(tx, service, STOP).await?;
            let (version, since) = before.map_or((0, None), |s| (s.version, s.body));
            if since.is_some() == stopped {
                return Ok(());
            }
            db::settings::save(tx, service, STOP, version, &stopped.then_some(at), agent.account.id, at).await?;
            let word = |stopped| if stopped { "stopped" } else { "open" };
            log(tx, agent, STOP, word(!stopped).to_owned(), word(stopped).to_owned()).await
        })
        .await?;
    agent.settings_changed().await;
    hours(agent, None).await
}

/// What a calendar, saved or not, means at a local time of the service (E4).
///
/// # Errors
/// `Invalid` beside `calendar` or `local`.
pub async fn hours_at(agent: &Agent, calendar: Calendar, local: &str) -> Result<Opening> {
    agent.require_admin()?;
    let service = agent.app.db.look(async |tx| db::services::find(tx, agent.member.service).await).await?.ok_or(Error::NotFound)?;
    let hours = opening(calendar, &service.zone)?;
    let at = hours.instant_of(local).ok_or_else(|| Error::field("local", Problem::NotATime))?;
    Ok(hours.at(at))
}

fn opening(calendar: Calendar, zone: &str) -> Result<Hours> {
    Hours::new(calendar, zone).map_err(|problem| Error::field("calendar", Problem::Calendar(problem)))
}

/// Saves a section over a version; false when another save came first.
pub(super) async fn save<S: Section>(agent: &Agent, section: &str, over: u64, value: S) -> Result<bool> {
    save_and(agent, section, over, value, async |_, _| Ok(())).await
}

/// The same, with what else hangs on it.
async fn save_and<S: Section>(
    agent: &Agent,
    section: &str,
    over: u64,
    value: S,
    also: impl AsyncFnOnce(&mut Tx, &S) -> Result<()>,
) -> Result<bool> {
    agent.require_admin()?;
    let value = value.checked().map_err(|wrong| Error::Invalid(wrong.into_iter().map(FieldError::from).collect()))?;
    let (service, at) = (agent.member.service, agent.app.clock.now());
    let done = agent
        .app
        .db
        .write(async |tx| {
            let before: Option<Stored<S>> = db::settings::find(tx, service, section).await?;
            if !db::settings::save(tx, service, section, over, &value, agent.account.id, at).await? {
                return Ok(false);
            }
            also(tx, &value).await?;
            log(tx, agent, section, before.map(|b| json(&b.body)).unwrap_or_default(), json(&value)).await?;
            Ok(true)
        })
        .await?;
    if done {
        agent.settings_changed().await;
    }
    Ok(done)
}

pub(super) fn saved<P>(done: bool, page: P) -> Saved<P> {
    if done { Saved::Done(page) } else { Saved::Stale(page) }
}

pub(super) fn versioned<T>(stored: Option<Stored<T>>, default: impl FnOnce() -> T) -> Versioned<T> {
    match stored {
        Some(stored) => {
            Versioned { version: stored.version, changed: stored.changed_by.map(|by| (by, stored.changed_at)), value: stored.body }
        }
        None => Versioned { version: 0, value: default(), changed: None },
    }
}

pub(super) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Writes a change of the settings into the log.
pub(super) async fn log(tx: &mut Tx, agent: &Agent, subject: &str, before: String, after: String) -> Result<()> {
    let change = Change {
        service: Some(agent.member.service),
        by: agent.account.id,
        at: agent.app.clock.now(),
        kind: "settings",
        subject,
        before,
        after,
    };
    db::settings::log(tx, &change).await
}
