//! 전체 관리 (A1, A2, G23, G26): what a 조직관리자 does, who has no consulting or settings
//! right by that alone.

use super::{SignedIn, banner, invitations::first_rights};
use crate::{
    api::{
        FieldError, Problem,
        organization::{ChangeRow, Changes, Expected, Link, NewService, People, Person, ServiceEdit, ServiceRow},
    },
    domain::{
        calendar::opening::is_zone,
        contact::is_email,
        ids::{AccountId, ServiceId, SessionId},
        permission::{Member, Role},
        service::{Language, Rule, SERVICE_NAME_MAX, Service, is_service_key},
        time::{DAY, Timestamp},
    },
    i18n::Texts,
    server::{
        clock::new_id,
        db::{
            self, Tx,
            invitations::{Invitation, Purpose},
            settings::Change,
        },
        error::{Error, Result},
        mail, secrets,
    },
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A link works for so long.
const LINK_LIFE: i64 = 7 * DAY;
/// The most addresses that are invited at once.
const INVITED_MAX: usize = 100;
/// The most services.
const SERVICES_MAX: usize = 200;
/// Entries of one page of the log.
const CHANGES_PAGE: u32 = 50;

/// All services.
///
/// # Errors
/// `Forbidden` but for an owner.
pub async fn services(me: &SignedIn) -> Result<Vec<ServiceRow>> {
    me.require_owner()?;
    me.app
        .db
        .read(async |tx| {
            let mut rows = Vec::new();
            for service in db::services::all(tx).await? {
                let staff = db::members::staff(tx, service.id).await?;
                let mine = staff.iter().any(|s| s.account == me.account.id);
                let banner = banner::of(tx, &service).await?;
                rows.push(ServiceRow { members: staff.len() as u64, mine, banner, service });
            }
            Ok(rows)
        })
        .await
}

/// Makes a service with its widget, without a queue (G26).
///
/// # Errors
/// `Invalid` beside each field, `Rule(TooMany)`.
pub async fn create_service(me: &SignedIn, form: NewService) -> Result<Vec<ServiceRow>> {
    me.require_owner()?;
    let at = me.app.clock.now();
    let edit = ServiceEdit { name: form.name, zone: form.zone, languages: form.languages, contract: form.contract };
    let key_problem = (!is_service_key(&form.key)).then(|| FieldError { field: "key".to_owned(), problem: Problem::NotAKey });
    let edit = match (checked(edit), key_problem) {
        (Ok(edit), None) => edit,
        (Ok(_), Some(problem)) => return Err(Error::Invalid(vec![problem])),
        (Err(mut problems), problem) => {
            problems.extend(problem);
            return Err(Error::Invalid(problems));
        }
    };
    let service = Service {
        id: ServiceId(new_id()),
        key: form.key,
        name: edit.name,
        zone: edit.zone,
        languages: edit.languages,
        contract: edit.contract,
    };
    me.app
        .db
        .write(async |tx| {
            if db::services::all(tx).await?.len() >= SERVICES_MAX {
                return Err(Rule::TooMany { max: SERVICES_MAX as u64 }.into());
            }
            match db::services::insert(tx, &service, at).await {
                Err(error) if db::is_duplicate(&error) => return Err(Error::field("key", Problem::Taken)),
                other => other?,
            }
            db::tags::chat_tag(tx, service.id).await?;
            db::services::insert_widgets(tx, &secrets::new_token()[..16], &service, at).await?;
            if form.join {
                let member = Member {
                    account: me.account.id,
                    service: service.id,
                    role: Role::Admin,
                    rights: first_rights(Role::Admin),
                    queues: BTreeSet::new(),
                };
                db::members::insert(tx, &member).await?;
            }
            log(tx, me, Some(service.id), "service", &service.key, String::new(), words(&ServiceEdit::of(&service))).await
        })
        .await?;
    services(me).await
}

/// Changes a service that is still as `was`; its pages learn of it at once.
///
/// # Errors
/// `NotFound`, `Invalid` beside each field, `Rule(Stale)`.
pub async fn save_service(me: &SignedIn, id: ServiceId, was: &ServiceEdit, now: ServiceEdit) -> Result<Vec<ServiceRow>> {
    me.require_owner()?;
    let now = checked(now).map_err(Error::Invalid)?;
    me.app
        .db
        .write(async |tx| {
            db::services::lock(tx, id).await?;
            let service = db::services::find(tx, id).await?.ok_or(Error::NotFound)?;
            if ServiceEdit::of(&service) != *was {
                return Err(Rule::Stale.into());
            }
            log(tx, me, Some(id), "service", &service.key, words(was), words(&now)).await?;
            let ServiceEdit { name, zone, languages, contract } = now;
            db::services::update(tx, &Service { name, zone, languages, contract, ..service }).await
        })
        .await?;
    me.app.bus.nudge_settings(id).await;
    services(me).await
}

fn checked(edit: ServiceEdit) -> Result<ServiceEdit, Vec<FieldError>> {
    let mut problems = Vec::new();
    let mut complain = |field: String, problem: Problem| problems.push(FieldError { field, problem });
    let name =
        edit.name.into_name(SERVICE_NAME_MAX).map_err(|(language, problem)| complain(format!("name.{}", language.code()), problem.into()));
    if !is_zone(&edit.zone) {
        complain("zone".to_owned(), Problem::NotAZone);
    }
    let mut languages: Vec<Language> = Vec::new();
    for language in edit.languages {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    if languages.is_empty() {
        complain("languages".to_owned(), Problem::Required);
    }
    match name {
        Ok(name) if problems.is_empty() => Ok(ServiceEdit { name, languages, zone: edit.zone, contract: edit.contract }),
        _ => Err(problems),
    }
}

fn words(edit: &ServiceEdit) -> String {
    let on = |on| if on { "on" } else { "off" };
    let languages: Vec<&str> = edit.languages.iter().map(|l| l.code()).collect();
    let (chat, security) = (on(edit.contract.chat), on(edit.contract.security));
    format!("{}; {}; {}; chat {chat}, security {security}", edit.name.in_words(), edit.zone, languages.join(" "))
}

/// Everybody with an account, and who is expected.
///
/// # Errors
/// `Forbidden` but for an owner.
pub async fn people(me: &SignedIn) -> Result<People> {
    me.require_owner()?;
    let now = me.app.clock.now();
    me.app
        .db
        .read(async |tx| {
            let services = db::services::all(tx).await?;
            let mut roles: HashMap<AccountId, Vec<(ServiceId, Role)>> = HashMap::new();
            for service in &services {
                for staff in db::members::staff(tx, service.id).await? {
                    roles.entry(staff.account).or_default().push((service.id, staff.profile.role));
                }
            }
            let accounts = db::accounts::all(tx).await?;
            Ok(People {
                people: accounts
                    .into_iter()
                    .map(|a| Person {
                        account: a.id,
                        me: a.id == me.account.id,
                        services: roles.remove(&a.id).unwrap_or_default(),
                        name: a.name,
                        email: a.email,
                        owner: a.owner,
                        deactivated: a.deactivated,
                    })
                    .collect(),
                services: services.into_iter().map(|s| (s.id, s.name)).collect(),
                expected: db::invitations::open(tx, now)
                    .await?
                    .into_iter()
                    .map(|(email, service, expires_at)| Expected { email, service, expires_at })
                    .collect(),
            })
        })
        .await
}

/// Makes links that invite these addresses to a service. Each is shown this once.
///
/// # Errors
/// `NotFound` service, `Invalid` beside `emails`, `Rule(TooMany)`.
pub async fn invite(me: &SignedIn, emails: &str, service: ServiceId, role: Role) -> Result<Vec<Link>> {
    me.require_owner()?;
    let emails: BTreeSet<String> =
        emails.split([',', ';', '\n', ' ', '\t']).map(|e| e.trim().to_lowercase()).filter(|e| !e.is_empty()).collect();
    if emails.is_empty() {
        return Err(Error::field("emails", Problem::Required));
    }
    if emails.len() > INVITED_MAX {
        return Err(Rule::TooMany { max: INVITED_MAX as u64 }.into());
    }
    if emails.iter().any(|e| !is_email(e)) {
        return Err(Error::field("emails", Problem::NotAnEmail));
    }
    let at = me.app.clock.now();
    me.app
        .db
        .write(async |tx| {
            let there = db::services::find(tx, service).await?.ok_or(Error::NotFound)?;
            let mut links = Vec::new();
            for email in &emails {
                let invitation =
                    Invitation { email: email.clone(), purpose: Purpose::Join { service, role }, expires_at: at.plus(LINK_LIFE) };
                let link = link(tx, me, &invitation, at).await?;
                let t = Texts::of(me.account.language);
                let name = there.name.get(me.account.language);
                mail::post(tx, &me.app, email, &t.mail_invite_subject(name), &t.mail_invite(name, &link.url)).await?;
                links.push(link);
                log(tx, me, Some(there.id), "invitation", email, String::new(), role.code().to_owned()).await?;
            }
            Ok(links)
        })
        .await
}

/// Makes a link by which somebody sets a new password.
///
/// # Errors
/// `NotFound`, also for a deactivated account.
pub async fn reset(me: &SignedIn, account: AccountId) -> Result<Link> {
    me.require_owner()?;
    let at = me.app.clock.now();
    me.app
        .db
        .write(async |tx| {
            let account = db::accounts::find(tx, account).await?.filter(|a| !a.deactivated).ok_or(Error::NotFound)?;
            log(tx, me, None, "password", &account.email, String::new(), "link".to_owned()).await?;
            let purpose = Purpose::Reset { account: account.id };
            let link = link(tx, me, &Invitation { email: account.email, purpose, expires_at: at.plus(LINK_LIFE) }, at).await?;
            let t = Texts::of(account.language);
            mail::post(tx, &me.app, &link.email, &t.mail_reset_subject(), &t.mail_reset(&link.url)).await?;
            Ok(link)
        })
        .await
}

async fn link(tx: &mut Tx, me: &SignedIn, invitation: &Invitation, at: Timestamp) -> Result<Link> {
    let token = secrets::new_token();
    db::invitations::insert(tx, invitation, &secrets::token_hash(&token), me.account.id, at).await?;
    let url = format!("{}/join/{token}", me.app.config.public_url.trim_end_matches('/'));
    Ok(Link { email: invitation.email.clone(), url })
}

/// Makes somebody 조직관리자 or not, deactivates him or not: all his sessions end then.
///
/// # Errors
/// `NotFound`; `Rule` where nobody would be left who can manage, or for oneself.
pub async fn set_standing(me: &SignedIn, id: AccountId, owner: bool, deactivated: bool) -> Result<People> {
    me.require_owner()?;
    let at = me.app.clock.now();
    if id == me.account.id && deactivated {
        return Err(Rule::NotYours.into());
    }
    me.app
        .db
        .write(async |tx| {
            let services = db::services::all(tx).await?;
            // One at a time, so that two owners do not take the last right from each other.
            for service in &services {
                db::services::lock(tx, service.id).await?;
            }
            let accounts = db::accounts::all(tx).await?;
            let account = accounts.iter().find(|a| a.id == id).ok_or(Error::NotFound)?;
            if account.owner && !account.deactivated && (!owner || deactivated) {
                let others = accounts.iter().any(|a| a.id != id && a.owner && !a.deactivated);
                if !others {
                    return Err(Rule::LastOwner.into());
                }
            }
            if deactivated && !account.deactivated {
                for service in &services {
                    let staff = db::members::staff(tx, service.id).await?;
                    let admins = || staff.iter().filter(|s| s.profile.role == Role::Admin && !s.deactivated);
                    if admins().any(|s| s.account == id) && !admins().any(|s| s.account != id) {
                        return Err(Rule::LastAdmin.into());
                    }
                }
                // No session has the nil id: all of them go.
                db::sessions::delete_others(tx, id, SessionId(Uuid::nil())).await?;
            }
            let word = |owner, deactivated| {
                format!("{}, {}", if owner { "owner" } else { "no owner" }, if deactivated { "deactivated" } else { "active" })
            };
            log(tx, me, None, "account", &account.email, word(account.owner, account.deactivated), word(owner, deactivated)).await?;
            db::accounts::set_standing(tx, id, owner, deactivated.then_some(at)).await
        })
        .await?;
    me.app.bus.nudge_account(id).await;
    people(me).await
}

/// The log of changes, the newest first.
///
/// # Errors
/// `Forbidden` but for an owner.
pub async fn changes(me: &SignedIn, search: &str, before: Option<(Timestamp, Uuid)>) -> Result<Changes> {
    me.require_owner()?;
    me.app
        .db
        .look(async |tx| {
            let mut rows =
                db::settings::changes(tx, search.trim(), before.unwrap_or((Timestamp(i64::MAX), Uuid::nil())), CHANGES_PAGE + 1).await?;
            let more = rows.len() > CHANGES_PAGE as usize;
            rows.truncate(CHANGES_PAGE as usize);
            let rows = rows
                .into_iter()
                .map(|c| ChangeRow {
                    id: c.id,
                    at: c.at,
                    by: c.by,
                    service: c.service,
                    kind: c.kind,
                    subject: c.subject,
                    before: c.before,
                    after: c.after,
                })
                .collect();
            Ok(Changes { rows, more })
        })
        .await
}

/// Notes a change of the organisation.
pub(super) async fn log(
    tx: &mut Tx,
    me: &SignedIn,
    service: Option<ServiceId>,
    kind: &'static str,
    subject: &str,
    before: String,
    after: String,
) -> Result<()> {
    let change = Change { service, by: me.account.id, at: me.app.clock.now(), kind, subject, before, after };
    db::settings::log(tx, &change).await
}
