//! 현황 (E6, G32): what the right 현황·통계 sees of the agents, and does with their chats and
//! statuses.

use super::{
    Agent,
    handover::{open_queue, step, towards},
    routing::times,
};
use crate::{
    api::board::{Board, BoardAgent},
    domain::{
        ids::{AccountId, ChatId, QueueId},
        permission::Right,
        presence::Status,
    },
    server::{
        db::{self, settings::Change},
        error::{Error, Result},
    },
};

/// The agents, and the times of the service.
///
/// # Errors
/// `Forbidden` without 현황·통계.
pub async fn load(agent: &Agent) -> Result<Board> {
    agent.require(Right::Oversight)?;
    let (now, service) = (agent.app.clock.now(), agent.member.service);
    agent
        .app
        .db
        .read(async |tx| {
            let times = times(tx, service).await?;
            let names = db::members::colleagues(tx, service).await?;
            let last = db::presence::last_acts(tx, service).await?;
            let seated = db::presence::seated(tx, service).await?;
            let mut agents: Vec<BoardAgent> = seated
                .iter()
                .map(|seated| BoardAgent {
                    account: seated.account,
                    name: names.iter().find(|c| c.account == seated.account).map(|c| c.name.clone()).unwrap_or_default(),
                    status: seated.status,
                    allocation: seated.allocation,
                    gone_since: seated.lease_until.filter(|until| *until <= now),
                    gone: seated.lease_until.is_none_or(|until| until <= now),
                    capacity: seated.capacity,
                    last: last.get(&seated.account).copied(),
                })
                .collect();
            agents.sort_by(|a, b| a.name.cmp(&b.name));
            let until = seated.iter().filter_map(|seated| seated.lease_until).filter(|until| *until > now).min();
            Ok(Board { agents, warn_seconds: times.gone_warn_seconds, limit_seconds: times.gone_requeue_seconds, until })
        })
        .await
}

/// Gives a chat to an agent who is online.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`, `Invalid` beside `note`.
pub async fn assign(agent: &Agent, chat: ChatId, to: AccountId, note: &str) -> Result<()> {
    towards(agent, Right::Oversight, chat, to, note, async |_, chat, me, note, now| Ok(chat.assign(me, to, note, now)?)).await
}

/// Takes a chat oneself.
///
/// # Errors
/// `Forbidden` also without the chat right, `NotFound`, `Refused`.
pub async fn take(agent: &Agent, chat: ChatId) -> Result<()> {
    agent.require(Right::Chat)?;
    let me = agent.member.account;
    step(agent, Right::Oversight, chat, async |_, chat, now| Ok(chat.taken_over(me, now)?)).await
}

/// Puts a chat to the front of a queue that takes chats.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn put(agent: &Agent, chat: ChatId, queue: QueueId) -> Result<()> {
    let me = agent.member.account;
    step(agent, Right::Oversight, chat, async |tx, chat, now| {
        open_queue(tx, agent, queue, now).await?;
        Ok(chat.put_into(me, queue, now)?)
    })
    .await
}

/// Sets another's status. It is written down who did, and his pages say so.
///
/// # Errors
/// `Forbidden` without 현황·통계, `NotFound` for who does not chat here.
pub async fn set_status(agent: &Agent, account: AccountId, status: Status) -> Result<Board> {
    agent.require(Right::Oversight)?;
    let (app, service, me) = (&agent.app, agent.member.service, agent.account.id);
    let at = app.clock.now();
    let changed = app
        .db
        .write(async |tx| {
            let before = db::presence::seated(tx, service).await?.into_iter().find(|s| s.account == account).ok_or(Error::NotFound)?.status;
            if !db::presence::set_status(tx, service, account, status, at).await? {
                return Ok(false);
            }
            if account != me {
                db::presence::set_by(tx, service, account, me).await?;
                let names = db::members::colleagues(tx, service).await?;
                let subject = names.iter().find(|c| c.account == account).map(|c| c.name.clone()).unwrap_or_default();
                let change = Change {
                    service: Some(service),
                    by: me,
                    at,
                    kind: "status",
                    subject: &subject,
                    before: before.code().to_owned(),
                    after: status.code().to_owned(),
                };
                db::settings::log(tx, &change).await?;
            }
            Ok(true)
        })
        .await?;
    if changed {
        app.bus.nudge_account(account).await;
        app.bus.nudge_door(service).await;
    }
    load(agent).await
}
