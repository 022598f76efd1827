//! Accounts: the first owner, signing in and out, one's own sessions and password.

use super::{Anyone, SignedIn, invitations::first_rights, presence};
use crate::{
    api::{
        FieldError, Problem,
        accounts::{MyAccount, MySession, SetUp},
    },
    domain::{
        contact::is_email,
        ids::{AccountId, QueueId, ServiceId, SessionId},
        permission::{Member, Role},
        preferences::Preferences,
        service::{Contract, Language, Localized, Queue, Service, is_service_key},
        text,
        time::{DAY, MINUTE, Timestamp},
    },
    server::{
        clock::{Clock, new_id},
        config::Config,
        db::{self, Db, Tx, accounts::Account, sessions::Session},
        error::{Error, Result},
        secrets,
        state::App,
    },
};
use std::collections::BTreeSet;

/// A session that nobody uses ends after this time.
pub const SESSION_LIFE: i64 = 14 * DAY;
/// A session's last use is noted at most this often.
pub const TOUCH_EVERY: i64 = 5 * MINUTE;

/// Signs in and answers the new session's token. Unknown address, wrong password and
/// deactivated account are answered alike, in text and in time.
///
/// # Errors
/// `WrongCredentials`, `TooMany`.
pub async fn sign_in(anyone: &Anyone, email: &str, password: String) -> Result<String> {
    let app = &anyone.app;
    let email = email.trim().to_lowercase();
    let account = app.db.look(async |tx| db::accounts::find_by_email(tx, &email).await).await?.filter(|a| !a.deactivated);
    // A stranger who guesses must not lock the agent out who signs in from where he
    // always does.
    let known = match &account {
        Some(account) => app.db.look(async |tx| db::sessions::known_address(tx, account.id, &anyone.address).await).await?,
        None => false,
    };
    app.limits.sign_in(&email, &anyone.address, known)?;
    if password.len() > secrets::PASSWORD_MAX {
        return Err(Error::WrongCredentials);
    }
    let good = secrets::verify_password(password, account.as_ref().map(|a| a.password_hash.clone())).await?;
    let account = account.filter(|_| good).ok_or(Error::WrongCredentials)?;
    presence::begin(app, account.id).await?;
    open_session(anyone, account.id).await
}

pub(super) async fn open_session(anyone: &Anyone, account: AccountId) -> Result<String> {
    let (token, now) = (secrets::new_token(), anyone.app.clock.now());
    let session = Session {
        id: SessionId(new_id()),
        account,
        device: anyone.device.clone(),
        address: anyone.address.clone(),
        created_at: now,
        seen_at: now,
        expires_at: now.plus(SESSION_LIFE),
        service: None,
    };
    let hash = secrets::token_hash(&token);
    anyone.app.db.write(async |tx| db::sessions::insert(tx, &session, &hash).await).await?;
    Ok(token)
}

/// Whether set-up is still open.
///
/// # Errors
/// The database's.
pub async fn needs_set_up(app: &App) -> Result<bool> {
    Ok(!app.db.look(async |tx| db::accounts::any(tx).await).await?)
}

/// Makes the first owner and the first service, and signs the owner in. Closed for good
/// once an account exists.
///
/// # Errors
/// `Invalid` with each field's problem, `NotFound` once set-up is done.
pub async fn set_up(anyone: &Anyone, form: SetUp) -> Result<String> {
    let app = &anyone.app;
    if !needs_set_up(app).await? {
        return Err(Error::NotFound);
    }
    let checked = check(&form)?;
    let hash = secrets::hash_password(form.password.clone()).await?;
    let account = make_first(&app.db, &app.config, app.clock.now(), checked, hash).await?;
    open_session(anyone, account).await
}

/// The set-up form after its checks.
pub struct First {
    pub name: String,
    pub email: String,
    pub service_name: Localized,
    pub service_key: String,
    pub zone: String,
    /// Exact origin of the site, if one was given.
    pub site: Option<String>,
}

/// Checks the form of the first owner and service.
///
/// # Errors
/// `Invalid` with each field's problem.
pub fn check(form: &SetUp) -> Result<First> {
    let mut problems = Vec::new();
    let mut complain = |field: &str, problem| problems.push(FieldError { field: field.to_owned(), problem });
    let name = text::line(&form.name, 80);
    let email = form.email.trim().to_lowercase();
    let service_name = text::line(&form.service_name, 80);
    if name.is_empty() {
        complain("name", Problem::Required);
    }
    if !is_email(&email) {
        complain("email", if email.is_empty() { Problem::Required } else { Problem::NotAnEmail });
    }
    if let Err(problem) = secrets::check_password(&form.password, &email) {
        complain("password", problem);
    }
    if service_name.is_empty() {
        complain("service_name", Problem::Required);
    }
    if !is_service_key(&form.service_key) {
        complain("service_key", Problem::NotAKey);
    }
    let site = match form.site.trim() {
        "" => None,
        site => {
            let origin = origin(site);
            if origin.is_none() {
                complain("site", Problem::NotAnOrigin);
            }
            origin
        }
    };
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let service_name = Localized { ko: service_name, en: String::new() };
    Ok(First { name, email, service_name, service_key: form.service_key.clone(), zone: "Asia/Seoul".to_owned(), site })
}

/// The same from the command line.
///
/// # Errors
/// As [`set_up`].
pub async fn create_owner(db: &Db, config: &Config, clock: &Clock, form: SetUp) -> Result<()> {
    let checked = check(&form)?;
    let hash = secrets::hash_password(form.password).await?;
    make_first(db, config, clock.now(), checked, hash).await.map(drop)
}

/// Sets a password from the command line and ends all sessions of the account.
///
/// # Errors
/// `Invalid` password, `NotFound` account.
pub async fn reset_password(db: &Db, email: &str, password: String) -> Result<()> {
    let email = email.trim().to_lowercase();
    secrets::check_password(&password, &email).map_err(|problem| Error::field("password", problem))?;
    let hash = secrets::hash_password(password).await?;
    db.write(async |tx| {
        let account = db::accounts::find_by_email(tx, &email).await?.ok_or(Error::NotFound)?;
        db::accounts::set_password(tx, account.id, &hash).await?;
        // No session has the nil id: all of them go.
        db::sessions::delete_others(tx, account.id, SessionId(uuid::Uuid::nil())).await.map(drop)
    })
    .await
}

async fn make_first(db: &Db, config: &Config, at: Timestamp, first: First, password_hash: String) -> Result<AccountId> {
    let account = Account {
        id: AccountId(new_id()),
        email: first.email,
        name: first.name,
        password_hash,
        language: Language::Ko,
        owner: true,
        deactivated: false,
        preferences: Preferences::default(),
    };
    let id = account.id;
    db.write(async |tx| {
        if db::accounts::any(tx).await? {
            return Err(Error::NotFound);
        }
        insert_account(tx, &account, at).await?;
        let service = Service {
            id: ServiceId(new_id()),
            key: first.service_key,
            name: first.service_name,
            zone: first.zone,
            languages: Language::ALL.to_vec(),
            contract: Contract { chat: true, security: false },
        };
        let origins: Vec<String> = config.origins.iter().cloned().chain(first.site).collect();
        make_service(tx, &service, None, &secrets::new_token()[..16], &origins, &[(id, Role::Admin)], at).await
    })
    .await?;
    Ok(id)
}

/// Stores an account.
///
/// # Errors
/// `Invalid` when the address is taken.
pub async fn insert_account(tx: &mut Tx, account: &Account, at: Timestamp) -> Result<()> {
    match db::accounts::insert(tx, account, at).await {
        Err(error) if db::is_duplicate(&error) => Err(Error::field("email", Problem::Taken)),
        other => Ok(other?),
    }
}

/// Makes a service with its widgets and its members, all of them with the chat and ticket
/// rights; admins have every right. A new one has no queue (G26); one that is given is
/// active, and everybody sits in it.
///
/// # Errors
/// `Invalid` when the key is taken.
pub async fn make_service(
    tx: &mut Tx,
    service: &Service,
    queue: Option<Localized>,
    widget: &str,
    origins: &[String],
    members: &[(AccountId, Role)],
    at: Timestamp,
) -> Result<()> {
    match db::services::insert(tx, service, at).await {
        Err(error) if db::is_duplicate(&error) => return Err(Error::field("service_key", Problem::Taken)),
        other => other?,
    }
    db::tags::chat_tag(tx, service.id).await?;
    db::services::insert_widgets(tx, widget, service, at).await?;
    for origin in origins {
        db::services::insert_origin(tx, widget, origin).await?;
    }
    for (account, role) in members {
        db::members::insert(
            tx,
            &Member { account: *account, service: service.id, role: *role, rights: first_rights(*role), queues: BTreeSet::new() },
        )
        .await?;
    }
    let Some(name) = queue else { return Ok(()) };
    let queue = Queue { id: QueueId(new_id()), name, active: true };
    db::queues::insert(tx, service.id, &queue, 1, at).await?;
    for (account, _) in members {
        db::queues::insert_member(tx, queue.id, *account).await?;
    }
    Ok(())
}

/// The exact origin of an http(s) address without path ("https://shop.example").
#[must_use]
pub fn origin(address: &str) -> Option<String> {
    let url = url::Url::parse(address.trim()).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.username().is_empty()
        && url.query().is_none()
        && url.path() == "/";
    plain.then(|| url.origin().ascii_serialization())
}

/// My account and its live sessions.
///
/// # Errors
/// The database's.
pub async fn mine(me: &SignedIn) -> Result<MyAccount> {
    let now = me.app.clock.now();
    let sessions = me.app.db.look(async |tx| db::sessions::of_account(tx, me.account.id, now).await).await?;
    Ok(MyAccount {
        email: me.account.email.clone(),
        name: me.account.name.clone(),
        owner: me.account.owner,
        language: me.account.language,
        sessions: sessions
            .into_iter()
            .map(|s| MySession {
                id: s.id,
                current: s.id == me.session,
                device: s.device,
                address: s.address,
                created_at: s.created_at,
                seen_at: s.seen_at,
            })
            .collect(),
    })
}

/// Ends one of my sessions; its sockets close.
///
/// # Errors
/// `NotFound` when it is not mine.
pub async fn revoke(me: &SignedIn, session: SessionId) -> Result<()> {
    if !me.app.db.write(async |tx| db::sessions::delete(tx, me.account.id, session).await).await? {
        return Err(Error::NotFound);
    }
    me.app.bus.nudge_account(me.account.id).await;
    Ok(())
}

/// Ends all my sessions but this one.
///
/// # Errors
/// The database's.
pub async fn revoke_others(me: &SignedIn) -> Result<()> {
    me.app.db.write(async |tx| db::sessions::delete_others(tx, me.account.id, me.session).await).await?;
    me.app.bus.nudge_account(me.account.id).await;
    Ok(())
}

/// Changes my password and ends all my other sessions.
///
/// # Errors
/// `Invalid` beside `current` or `new`, `TooMany`.
pub async fn change_password(me: &SignedIn, current: String, new: String) -> Result<()> {
    me.app.limits.password_change(me.account.id)?;
    if !secrets::verify_password(current, Some(me.account.password_hash.clone())).await? {
        return Err(Error::field("current", Problem::WrongPassword));
    }
    secrets::check_password(&new, &me.account.email).map_err(|problem| Error::field("new", problem))?;
    let hash = secrets::hash_password(new).await?;
    me.app
        .db
        .write(async |tx| {
            db::accounts::set_password(tx, me.account.id, &hash).await?;
            db::sessions::delete_others(tx, me.account.id, me.session).await.map(drop)
        })
        .await?;
    me.app.bus.nudge_account(me.account.id).await;
    Ok(())
}

/// Connects this session to another of my services.
///
/// # Errors
/// `NotFound` for one that I am no member of.
pub async fn connect(me: &SignedIn, service: ServiceId) -> Result<()> {
    me.app
        .db
        .write(async |tx| {
            if !db::members::memberships(tx, me.account.id).await?.iter().any(|m| m.service == service) {
                return Err(Error::NotFound);
            }
            db::sessions::set_service(tx, me.session, service).await
        })
        .await
}

/// Sets the language of my interface.
///
/// # Errors
/// The database's.
pub async fn set_language(me: &SignedIn, language: Language) -> Result<()> {
    me.app.db.write(async |tx| db::accounts::set_language(tx, me.account.id, language).await).await
}

/// Stores how my own pages look, sound and answer to keys (A85).
///
/// # Errors
/// The database's.
pub async fn set_preferences(me: &SignedIn, preferences: Preferences) -> Result<()> {
    me.app.db.write(async |tx| db::accounts::set_preferences(tx, me.account.id, &preferences.clean()).await).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_exact() {
        assert_eq!(origin("https://Shop.Example/").as_deref(), Some("https://shop.example"));
        assert_eq!(origin("http://localhost:8080").as_deref(), Some("http://localhost:8080"));
        for bad in [
            "shop.example",
            "ftp://a.example",
            "https://a.example/path",
            "https://u@a.example",
            "javascript:alert(1)",
            "https://a.example?x",
        ] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }
}
