//! 대기열 관리 and 대기열 배정 (A10, A11, G9, G26).

use super::Agent;
use crate::{
    api::{
        FieldError, Problem,
        queues::{QueueRow, SeatAgent, SeatPlan},
    },
    domain::{
        ids::{AccountId, QueueId},
        permission::Right,
        service::{Localized, QUEUE_NAME_MAX, QUEUES_MAX, Queue, Rule, Seat},
    },
    server::{
        clock::new_id,
        db::{self, Tx, events::Growth, settings::Change},
        error::{Error, Result},
    },
};
use std::collections::{BTreeSet, HashMap};

/// The queues in their order, with what stands in them.
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn list(agent: &Agent) -> Result<Vec<QueueRow>> {
    agent.require_admin()?;
    agent.app.db.read(async |tx| rows(tx, agent).await).await
}

async fn rows(tx: &mut Tx, agent: &Agent) -> Result<Vec<QueueRow>> {
    let service = agent.member.service;
    let mut agents: HashMap<QueueId, u64> = HashMap::new();
    for (queue, _) in db::queues::members(tx, service).await? {
        *agents.entry(queue).or_default() += 1;
    }
    let chats: HashMap<QueueId, (u64, u64)> =
        db::queues::open_chats(tx, service).await?.into_iter().map(|(queue, open, waiting)| (queue, (open, waiting))).collect();
    let queues = db::queues::of_service(tx, service).await?;
    Ok(queues
        .into_iter()
        .map(|queue| {
            let (open, waiting) = chats.get(&queue.id).copied().unwrap_or_default();
            QueueRow { agents: agents.get(&queue.id).copied().unwrap_or_default(), open, waiting, queue }
        })
        .collect())
}

/// Makes a queue, inactive (A10), at the end of the order.
///
/// # Errors
/// `Invalid` beside `name.ko` or `name.en`, `Rule` when there are too many.
pub async fn create(agent: &Agent, name: Localized) -> Result<Vec<QueueRow>> {
    agent.require_admin()?;
    let (service, at) = (agent.member.service, agent.app.clock.now());
    let name = checked(name)?;
    let rows = agent
        .app
        .db
        .write(async |tx| {
            db::queues::lock(tx, service).await?;
            // An empty service has no queue to lock.
            db::services::lock(tx, service).await?;
            let queues = db::queues::of_service(tx, service).await?;
            if queues.len() >= QUEUES_MAX {
                return Err(Rule::TooMany { max: QUEUES_MAX as u64 }.into());
            }
            free(&queues, None, &name)?;
            let queue = Queue { id: QueueId(new_id()), name, active: false };
            db::queues::insert(tx, service, &queue, queues.len() as u64 + 1, at).await?;
            db::settings::log(tx, &change(agent, &queue, "", "inactive")).await?;
            rows(tx, agent).await
        })
        .await?;
    agent.settings_changed().await;
    Ok(rows)
}

/// Renames a queue that is still called `was`.
///
/// # Errors
/// `NotFound`, `Invalid` as [`create`], `Rule(Stale)` when it has another name by now.
pub async fn rename(agent: &Agent, queue: QueueId, was: &Localized, name: Localized) -> Result<Vec<QueueRow>> {
    let name = checked(name)?;
    edit(agent, async |tx, queues: &mut Vec<Queue>| {
        let at = place_of(queues, queue)?;
        if queues[at].name != *was {
            return Err(Rule::Stale.into());
        }
        free(queues, Some(queue), &name)?;
        let before = queues[at].name.in_words();
        db::settings::log(tx, &change(agent, &queues[at], &before, &name.in_words())).await?;
        queues[at].name = name;
        Ok(Vec::new())
    })
    .await
}

/// Puts a queue at this place of the order.
///
/// # Errors
/// `NotFound`.
pub async fn place(agent: &Agent, queue: QueueId, to: u32) -> Result<Vec<QueueRow>> {
    edit(agent, async |tx, queues: &mut Vec<Queue>| {
        let from = place_of(queues, queue)?;
        let to = usize::try_from(to).unwrap_or(usize::MAX).min(queues.len() - 1);
        let moved = queues.remove(from);
        db::settings::log(tx, &change(agent, &moved, &format!("place {}", from + 1), &format!("place {}", to + 1))).await?;
        queues.insert(to, moved);
        Ok(Vec::new())
    })
    .await
}

/// Activates a queue, or deactivates it: what waits in it moves to the first other active
/// one (G26).
///
/// # Errors
/// `NotFound`; `Rule(AsksFirst)` where customers would notice, unless `confirmed`.
pub async fn activate(agent: &Agent, queue: QueueId, active: bool, confirmed: bool) -> Result<Vec<QueueRow>> {
    let now = agent.app.clock.now();
    edit(agent, async |tx, queues: &mut Vec<Queue>| {
        let at = place_of(queues, queue)?;
        if queues[at].active == active {
            return Ok(Vec::new());
        }
        let word = |active| if active { "active" } else { "inactive" };
        db::settings::log(tx, &change(agent, &queues[at], word(!active), word(active))).await?;
        queues[at].active = active;
        if active {
            return Ok(Vec::new());
        }
        let other = queues.iter().find(|q| q.active).map(|q| q.id);
        let ids = db::chats::unstarted_in(tx, queue).await?;
        let chats = db::chats::lock(tx, &ids).await?;
        if !confirmed && (other.is_none() || !chats.is_empty()) {
            return Err(Rule::AsksFirst { waiting: chats.len() as u64, last: other.is_none() }.into());
        }
        // With no other queue they stay: agents still see and answer them.
        let Some(other) = other else { return Ok(Vec::new()) };
        let moved = chats.into_iter().filter_map(|chat| chat.moves(other, now).ok());
        Ok(moved.map(|(chat, events)| Growth { chat, at: now, events: events.into_iter().map(|e| (e, None)).collect() }).collect())
    })
    .await
}

/// Deletes a queue for good; its seats go, its past chats keep its name.
///
/// # Errors
/// `NotFound`, `Rule(OpenChats)`.
pub async fn delete(agent: &Agent, queue: QueueId) -> Result<Vec<QueueRow>> {
    let now = agent.app.clock.now();
    edit(agent, async |tx, queues: &mut Vec<Queue>| {
        let at = place_of(queues, queue)?;
        let open = db::queues::open_chats(tx, agent.member.service).await?.into_iter().find(|(id, ..)| *id == queue);
        if let Some((_, chats, _)) = open {
            return Err(Rule::OpenChats { chats }.into());
        }
        db::settings::log(tx, &change(agent, &queues[at], if queues[at].active { "active" } else { "inactive" }, "")).await?;
        db::queues::delete(tx, queue, now).await?;
        queues.remove(at);
        Ok(Vec::new())
    })
    .await
}

/// Changes the service's queues in one transaction, saves what is new about them, and
/// tells everybody.
async fn edit(agent: &Agent, act: impl AsyncFnOnce(&mut Tx, &mut Vec<Queue>) -> Result<Vec<Growth>>) -> Result<Vec<QueueRow>> {
    agent.require_admin()?;
    agent
        .app
        .change(async |tx| {
            let before = db::queues::lock(tx, agent.member.service).await?;
            let mut queues = before.clone();
            let grown = act(tx, &mut queues).await?;
            for (n, queue) in queues.iter().enumerate() {
                if before.get(n) != Some(queue) {
                    db::queues::update(tx, queue, n as u64 + 1).await?;
                }
            }
            Ok(((), grown))
        })
        .await?;
    agent.settings_changed().await;
    list(agent).await
}

/// Who sits in which queue. Deactivated accounts are left out.
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn seats(agent: &Agent) -> Result<SeatPlan> {
    agent.require_admin()?;
    agent.app.db.read(async |tx| plan(tx, agent).await).await
}

async fn plan(tx: &mut Tx, agent: &Agent) -> Result<SeatPlan> {
    let service = agent.member.service;
    let staff = db::members::staff(tx, service).await?;
    Ok(SeatPlan {
        queues: db::queues::of_service(tx, service).await?,
        agents: staff
            .into_iter()
            .filter(|s| !s.deactivated)
            .map(|s| SeatAgent { account: s.account, chat: s.profile.rights.contains(&Right::Chat), name: s.name })
            .collect(),
        seats: db::queues::members(tx, service).await?,
    })
}

/// Changes seats; those that are as wanted already stay.
///
/// # Errors
/// `NotFound` for a queue or an account that is not of this service; nothing is changed then.
pub async fn assign(agent: &Agent, changes: Vec<Seat>) -> Result<SeatPlan> {
    agent.require_admin()?;
    let service = agent.member.service;
    let plan = agent
        .app
        .db
        .write(async |tx| {
            let queues = db::queues::lock(tx, service).await?;
            let staff: HashMap<AccountId, String> =
                db::members::staff(tx, service).await?.into_iter().filter(|s| !s.deactivated).map(|s| (s.account, s.name)).collect();
            let mut taken: BTreeSet<(QueueId, AccountId)> = db::queues::members(tx, service).await?.into_iter().collect();
            for Seat { queue, account, on } in changes {
                let queue = queues.iter().find(|q| q.id == queue).ok_or(Error::NotFound)?;
                let name = staff.get(&account).ok_or(Error::NotFound)?;
                let changed = if on { taken.insert((queue.id, account)) } else { taken.remove(&(queue.id, account)) };
                if !changed {
                    continue;
                }
                if on {
                    db::queues::insert_member(tx, queue.id, account).await?;
                } else {
                    db::queues::delete_member(tx, queue.id, account).await?;
                }
                let (before, after) = if on { ("", name.as_str()) } else { (name.as_str(), "") };
                db::settings::log(tx, &change(agent, queue, before, after)).await?;
            }
            plan(tx, agent).await
        })
        .await?;
    agent.settings_changed().await;
    Ok(plan)
}

fn place_of(queues: &[Queue], id: QueueId) -> Result<usize> {
    queues.iter().position(|q| q.id == id).ok_or(Error::NotFound)
}

fn checked(name: Localized) -> Result<Localized> {
    name.into_name(QUEUE_NAME_MAX).map_err(|(language, problem)| Error::field(&format!("name.{}", language.code()), problem))
}

/// Names are unique in each language.
fn free(queues: &[Queue], but: Option<QueueId>, name: &Localized) -> Result<()> {
    let taken = queues.iter().filter(|q| Some(q.id) != but).find_map(|q| name.same_as(&q.name));
    match taken {
        Some(language) => Err(Error::Invalid(vec![FieldError { field: format!("name.{}", language.code()), problem: Problem::Taken }])),
        None => Ok(()),
    }
}

fn change<'a>(agent: &Agent, queue: &'a Queue, before: &str, after: &str) -> Change<'a> {
    Change {
        service: Some(agent.member.service),
        by: agent.account.id,
        at: agent.app.clock.now(),
        kind: "queue",
        subject: queue.name.get(crate::domain::service::Language::Ko),
        before: before.to_owned(),
        after: after.to_owned(),
    }
}
