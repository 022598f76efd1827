//! Links that work once: becoming a member, or setting a new password.

use super::{
    Anyone,
    accounts::{insert_account, open_session},
};
use crate::{
    api::{Problem, accounts::Invited},
    domain::{
        ids::AccountId,
        permission::{Member, Right, Role},
        preferences::Preferences,
        service::Language,
        text,
    },
    server::{
        clock::new_id,
        db::{
            self,
            accounts::Account,
            invitations::{Invitation, Purpose},
        },
        error::{Error, Result},
        secrets,
    },
};
use std::collections::BTreeSet;

/// The longest name of an account, in characters.
const NAME_MAX: usize = 80;

/// The rights that come with a role at first.
#[must_use]
pub fn first_rights(role: Role) -> BTreeSet<Right> {
    match role {
        Role::Admin => Right::ALL.into_iter().collect(),
        Role::Agent => [Right::Chat, Right::Ticket].into_iter().collect(),
    }
}

/// What a link is for.
///
/// # Errors
/// `NotFound` when it was used, has expired, or never was; `TooMany` tries from an address.
pub async fn look(anyone: &Anyone, token: &str) -> Result<Invited> {
    let app = &anyone.app;
    app.limits.link(&anyone.address)?;
    let (hash, now) = (secrets::token_hash(token), app.clock.now());
    app.db
        .look(async |tx| {
            let Invitation { email, purpose, .. } = db::invitations::find(tx, &hash, now).await?.ok_or(Error::NotFound)?;
            let service = match purpose {
                Purpose::Join { service, .. } => Some(db::services::find(tx, service).await?.ok_or(Error::NotFound)?.name),
                Purpose::Reset { .. } => None,
            };
            let known = service.is_some() && db::accounts::find_by_email(tx, &email).await?.is_some();
            Ok(Invited { email, service, known })
        })
        .await
}

/// Uses a link up and signs in: makes the account and the member, or joins the account
/// that is there (by its own password), or sets the new password and ends all sessions.
///
/// # Errors
/// `NotFound` as [`look`], `Invalid` beside `name` or `password`, `WrongCredentials` for
/// the account that is there, `TooMany`.
pub async fn accept(anyone: &Anyone, token: &str, name: &str, password: String) -> Result<String> {
    let app = &anyone.app;
    app.limits.link(&anyone.address)?;
    let (hash, now) = (secrets::token_hash(token), app.clock.now());
    let (invitation, known) = app
        .db
        .look(async |tx| {
            let invitation = db::invitations::find(tx, &hash, now).await?.ok_or(Error::NotFound)?;
            let known = db::accounts::find_by_email(tx, &invitation.email).await?;
            Ok((invitation, known))
        })
        .await?;
    let account = match (invitation.purpose, known) {
        (Purpose::Reset { account }, _) => {
            let password_hash = checked_hash(password, &invitation.email).await?;
            app.db
                .write(async |tx| {
                    taken(db::invitations::take(tx, &hash).await?)?;
                    db::accounts::set_password(tx, account, &password_hash).await?;
                    // No session has the nil id: all of them go.
                    db::sessions::delete_others(tx, account, crate::domain::ids::SessionId(uuid::Uuid::nil())).await
                })
                .await?;
            app.bus.nudge_account(account).await;
            account
        }
        (Purpose::Join { service, role }, Some(account)) => {
            app.limits.sign_in(&account.email, &anyone.address, false)?;
            let good = secrets::verify_password(password, Some(account.password_hash.clone())).await?;
            if !good || account.deactivated {
                return Err(Error::WrongCredentials);
            }
            app.db
                .write(async |tx| {
                    taken(db::invitations::take(tx, &hash).await?)?;
                    let there = db::members::memberships(tx, account.id).await?.iter().any(|m| m.service == service);
                    if !there {
                        let member = Member { account: account.id, service, role, rights: first_rights(role), queues: BTreeSet::new() };
                        db::members::insert(tx, &member).await?;
                    }
                    Ok(())
                })
                .await?;
            app.bus.nudge_settings(service).await;
            account.id
        }
        (Purpose::Join { service, role }, None) => {
            let name = text::name(name, NAME_MAX).map_err(|problem| Error::field("name", problem))?;
            if name.is_empty() {
                return Err(Error::field("name", Problem::Required));
            }
            let password_hash = checked_hash(password, &invitation.email).await?;
            let account = Account {
                id: AccountId(new_id()),
                email: invitation.email,
                name,
                password_hash,
                language: Language::default(),
                owner: false,
                deactivated: false,
                preferences: Preferences::default(),
            };
            app.db
                .write(async |tx| {
                    taken(db::invitations::take(tx, &hash).await?)?;
                    insert_account(tx, &account, now).await?;
                    let member = Member { account: account.id, service, role, rights: first_rights(role), queues: BTreeSet::new() };
                    db::members::insert(tx, &member).await
                })
                .await?;
            app.bus.nudge_settings(service).await;
            account.id
        }
    };
    open_session(anyone, account).await
}

fn taken(first: bool) -> Result<()> {
    if first { Ok(()) } else { Err(Error::NotFound) }
}

async fn checked_hash(password: String, email: &str) -> Result<String> {
    secrets::check_password(&password, email).map_err(|problem| Error::field("password", problem))?;
    secrets::hash_password(password).await
}
