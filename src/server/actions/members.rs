//! 상담원 of a service: roles and rights (A6, G32), capacity (G17), 할당 제어 (A7, G10).

use super::Agent;
use crate::{
    api::{
        Problem,
        members::{Allocate, MemberRow},
    },
    domain::{
        ids::{AccountId, QueueId},
        permission::{Allocation, CHATS_AT_ONCE_MAX, NICKNAME_MAX, Profile, Right, Role},
        service::Rule,
        text,
    },
    server::{
        db::{self, Tx, members::Staff, settings::Change},
        error::{Error, Result},
    },
};
use std::collections::HashSet;

/// All members of the service.
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn list(agent: &Agent) -> Result<Vec<MemberRow>> {
    agent.require_admin()?;
    agent.app.db.read(async |tx| rows(tx, agent).await).await
}

async fn rows(tx: &mut Tx, agent: &Agent) -> Result<Vec<MemberRow>> {
    let service = agent.member.service;
    let seats: HashSet<(QueueId, AccountId)> = db::queues::members(tx, service).await?.into_iter().collect();
    let queues = db::queues::of_service(tx, service).await?;
    let staff = db::members::staff(tx, service).await?;
    Ok(staff
        .into_iter()
        .map(|s| MemberRow {
            account: s.account,
            me: s.account == agent.account.id,
            queues: queues.iter().filter(|q| seats.contains(&(q.id, s.account))).map(|q| q.name.clone()).collect(),
            name: s.name,
            email: s.email,
            owner: s.owner,
            deactivated: s.deactivated,
            profile: s.profile,
            allocation: s.allocation,
        })
        .collect())
}

/// Saves a member whose profile is still `was`; his pages learn of it at once.
///
/// # Errors
/// `NotFound`, `Invalid` beside `nickname` or `chats_at_once`, `Rule(LastAdmin)`,
/// `Rule(Stale)` when somebody else saved him meanwhile.
pub async fn save(agent: &Agent, account: AccountId, was: &Profile, mut profile: Profile) -> Result<Vec<MemberRow>> {
    agent.require_admin()?;
    profile.nickname = text::name(&profile.nickname, NICKNAME_MAX).map_err(|problem| Error::field("nickname", problem))?;
    if profile.chats_at_once > CHATS_AT_ONCE_MAX {
        return Err(Error::field("chats_at_once", Problem::OutOfRange));
    }
    let service = agent.member.service;
    let rows = agent
        .app
        .db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            let staff = db::members::staff(tx, service).await?;
            let member = staff.iter().find(|s| s.account == account).ok_or(Error::NotFound)?;
            if member.profile != *was {
                return Err(Rule::Stale.into());
            }
            let loses = member.profile.role == Role::Admin && profile.role != Role::Admin;
            if loses && !staff.iter().any(|s| s.account != account && s.profile.role == Role::Admin && !s.deactivated) {
                return Err(Rule::LastAdmin.into());
            }
            db::members::set_profile(tx, service, account, &profile).await?;
            db::settings::log(tx, &change(agent, member, "rights", in_words(&member.profile), in_words(&profile))).await?;
            rows(tx, agent).await
        })
        .await?;
    agent.app.bus.nudge_account(account).await;
    agent.settings_changed().await;
    Ok(rows)
}

/// Sets switches of 할당 제어.
///
/// # Errors
/// `NotFound` for an account that is not of this service; nothing is changed then.
pub async fn allocate(agent: &Agent, changes: Vec<Allocate>) -> Result<Vec<MemberRow>> {
    agent.require_admin()?;
    let service = agent.member.service;
    let rows = agent
        .app
        .db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            let staff = db::members::staff(tx, service).await?;
            for Allocate { account, on, own } in changes {
                let member = staff.iter().find(|s| s.account == account).ok_or(Error::NotFound)?;
                let allocation = Allocation { on: on.unwrap_or(member.allocation.on), own: own.unwrap_or(member.allocation.own) };
                if member.allocation != allocation {
                    db::members::set_allocation(tx, service, account, allocation).await?;
                    let words = |a: Allocation| format!("allocation {}, own {}", on_off(a.on), on_off(a.own));
                    db::settings::log(tx, &change(agent, member, "allocation", words(member.allocation), words(allocation))).await?;
                }
            }
            rows(tx, agent).await
        })
        .await?;
    agent.settings_changed().await;
    Ok(rows)
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// A profile as the log of changes keeps it.
fn in_words(profile: &Profile) -> String {
    let rights: Vec<&str> = profile.rights.iter().copied().map(Right::code).collect();
    format!("{}; {}; {} chats; {:?}", profile.role.code(), rights.join(", "), profile.chats_at_once, profile.nickname)
}

fn change<'a>(agent: &Agent, member: &'a Staff, kind: &'static str, before: String, after: String) -> Change<'a> {
    Change {
        service: Some(agent.member.service),
        by: agent.account.id,
        at: agent.app.clock.now(),
        kind,
        subject: &member.email,
        before,
        after,
    }
}
