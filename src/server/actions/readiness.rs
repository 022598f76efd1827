//! 준비 상태: what is done and what is missing before a customer can chat, by the same facts
//! that decide at the door.

use super::{Agent, door};
use crate::{
    api::settings::{Check, Readiness, Step},
    domain::{permission::Right, service::Language},
    server::{
        db,
        error::{Error, Result},
    },
};
use std::collections::HashSet;

/// Reads it as of now.
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn load(agent: &Agent) -> Result<Readiness> {
    agent.require_admin()?;
    let now = agent.app.clock.now();
    agent
        .app
        .db
        .read(async |tx| {
            let service = db::services::find(tx, agent.member.service).await?.ok_or(Error::NotFound)?;
            let widget = db::services::widget_of(tx, service.id).await?.ok_or(Error::NotFound)?;
            let staff = db::members::staff(tx, service.id).await?;
            let seats = db::queues::members(tx, service.id).await?;
            let seen = db::services::seen(tx, service.id).await?;
            let present: HashSet<_> =
                db::presence::present(tx, service.id, now).await?.into_iter().map(|(_, account, _)| account).collect();
            let doorway = door::look(tx, service, now).await?;

            let agents: Vec<_> = staff.iter().filter(|s| !s.deactivated && s.profile.rights.contains(&Right::Chat)).collect();
            let allocated: HashSet<_> = agents.iter().filter(|s| s.allocation.on).map(|s| s.account).collect();
            let queues = doorway
                .queues
                .iter()
                .filter(|queue| queue.active && seats.iter().any(|(id, account)| *id == queue.id && allocated.contains(account)))
                .count();
            let consent = Language::ALL.iter().all(|language| !doorway.texts.consent.get(*language).is_empty());
            let counted = |step, count: usize| Check { step, done: count > 0, count: count as u64 };
            let plain = |step, done| Check { step, done, count: 0 };
            let checks = vec![
                plain(Step::Contract, doorway.service.contract.chat),
                counted(Step::Agents, agents.len()),
                counted(Step::Allocation, allocated.len()),
                counted(Step::Queues, queues),
                plain(Step::Hours, true),
                plain(Step::Consent, consent),
                plain(Step::Widget, widget.active),
                plain(Step::Snippet, seen.is_some()),
                counted(Step::Online, present.len()),
            ];
            Ok(Readiness { door: doorway.door(widget.active), checks, calendar: doorway.calendar, zone: doorway.service.zone, seen })
        })
        .await
}
