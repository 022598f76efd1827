//! 상용구 (A49): the service's canned replies, which admins write, and each agent's own.

use super::Agent;
use crate::{
    api::{FieldError, Problem, canned::CannedPage},
    domain::{
        canned::{Canned, OWN_MAX, SHARED_MAX, Scope, Words},
        ids::{AccountId, CannedId},
        permission::{Right, Role},
        service::Rule,
    },
    server::{
        clock::new_id,
        db::{self, Tx, settings::Change},
        error::{Error, Result},
    },
};

/// What this agent finds, his own first.
///
/// # Errors
/// `Forbidden` without the chat right, but for an admin.
pub async fn list(agent: &Agent) -> Result<CannedPage> {
    if agent.member.role != Role::Admin {
        agent.require(Right::Chat)?;
    }
    agent.app.db.look(async |tx| page(tx, agent).await).await
}

async fn page(tx: &mut Tx, agent: &Agent) -> Result<CannedPage> {
    let (service, account) = (agent.member.service, agent.account.id);
    let nickname = db::members::nickname(tx, service, account).await?;
    Ok(CannedPage {
        replies: db::canned::for_agent(tx, service, account).await?,
        // The name that customers see, where he has one.
        agent: if nickname.is_empty() { agent.account.name.clone() } else { nickname },
    })
}

/// Makes a reply.
///
/// # Errors
/// `Forbidden`: the service's are an admin's to change, one's own take the chat right.
/// `Invalid` beside each field, `Rule(TooMany)`.
pub async fn create(agent: &Agent, scope: Scope, words: Words) -> Result<CannedPage> {
    edit(agent, scope, async |tx, all: &[Canned]| {
        let words = checked(words)?;
        let max = match scope {
            Scope::Own => OWN_MAX,
            Scope::Shared => SHARED_MAX,
        };
        if all.len() >= max {
            return Err(Rule::TooMany { max: max as u64 }.into());
        }
        free(all, None, &words)?;
        db::canned::insert(tx, agent.member.service, owner(agent, scope), CannedId(new_id()), &words).await?;
        log(tx, agent, scope, None, Some(&words)).await
    })
    .await
}

/// Saves a reply over this version.
///
/// # Errors
/// As [`create`]; `NotFound`, `Rule(Stale)` when it has another version by now.
pub async fn save(agent: &Agent, scope: Scope, id: CannedId, over: u64, words: Words) -> Result<CannedPage> {
    edit(agent, scope, async |tx, all: &[Canned]| {
        let before = current(all, id, over)?;
        let words = checked(words)?;
        free(all, Some(id), &words)?;
        if before.words == words {
            return Ok(());
        }
        db::canned::update(tx, id, over + 1, &words).await?;
        log(tx, agent, scope, Some(&before.words), Some(&words)).await
    })
    .await
}

/// Deletes a reply that has this version still.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Rule(Stale)`.
pub async fn delete(agent: &Agent, scope: Scope, id: CannedId, over: u64) -> Result<CannedPage> {
    edit(agent, scope, async |tx, all: &[Canned]| {
        let before = current(all, id, over)?;
        db::canned::delete(tx, id).await?;
        log(tx, agent, scope, Some(&before.words), None).await
    })
    .await
}

/// Changes the replies of one scope in one transaction, of which nobody else changes any
/// meanwhile.
async fn edit(agent: &Agent, scope: Scope, act: impl AsyncFnOnce(&mut Tx, &[Canned]) -> Result<()>) -> Result<CannedPage> {
    match scope {
        Scope::Own => agent.require(Right::Chat)?,
        Scope::Shared => agent.require_admin()?,
    }
    let service = agent.member.service;
    let answer = agent
        .app
        .db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            let mut all = db::canned::for_agent(tx, service, agent.account.id).await?;
            all.retain(|canned| canned.scope == scope);
            act(tx, &all).await?;
            page(tx, agent).await
        })
        .await?;
    if scope == Scope::Shared {
        agent.settings_changed().await;
    }
    Ok(answer)
}

fn owner(agent: &Agent, scope: Scope) -> Option<AccountId> {
    (scope == Scope::Own).then_some(agent.account.id)
}

fn current(all: &[Canned], id: CannedId, over: u64) -> Result<&Canned> {
    let canned = all.iter().find(|canned| canned.id == id).ok_or(Error::NotFound)?;
    if canned.version == over { Ok(canned) } else { Err(Rule::Stale.into()) }
}

fn checked(words: Words) -> Result<Words> {
    words.checked().map_err(|wrong| Error::Invalid(wrong.into_iter().map(FieldError::from).collect()))
}

/// Short names are unique among the replies of one owner.
fn free(all: &[Canned], but: Option<CannedId>, words: &Words) -> Result<()> {
    let key = words.key();
    let taken = all.iter().any(|canned| Some(canned.id) != but && canned.words.key() == key);
    if taken { Err(Error::field("shortcut", Problem::Taken)) } else { Ok(()) }
}

/// What all share is written into the log of changes; what is one's own is nobody else's matter.
async fn log(tx: &mut Tx, agent: &Agent, scope: Scope, before: Option<&Words>, after: Option<&Words>) -> Result<()> {
    let Some(subject) = before.or(after).filter(|_| scope == Scope::Shared) else { return Ok(()) };
    // A new short name is a change, too.
    let renamed = before.zip(after).is_some_and(|(before, after)| before.shortcut != after.shortcut);
    let told = |words: Option<&Words>| match words {
        Some(words) if renamed => format!("{}: {}", words.shortcut, words.text.in_words()),
        Some(words) => words.text.in_words(),
        None => String::new(),
    };
    let change = Change {
        service: Some(agent.member.service),
        by: agent.account.id,
        at: agent.app.clock.now(),
        kind: "canned",
        subject: &subject.shortcut,
        before: told(before),
        after: told(after),
    };
    db::settings::log(tx, &change).await
}
