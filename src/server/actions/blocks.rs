//! 고객 차단 (G34): an agent blocks the customer of his own chat, an admin looks after the list.

use super::{Agent, chats::lock_seen};
use crate::{
    api::blocks::BlockRow,
    domain::{
        block::{self, Length},
        ids::{BlockId, ChatId},
        permission::Right,
    },
    server::{
        clock::new_id,
        db::{self, Tx, events::Growth, settings::Change},
        error::{Error, Result},
    },
};

/// Ends the agent's own chat for abuse and blocks its customer: a member wherever he signs
/// in, a stranger by his browser, and with `address` who else comes from there for a while.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`, `Invalid` beside `reason`.
pub async fn block(agent: &Agent, chat: ChatId, reason: &str, length: Length, address: bool) -> Result<()> {
    agent.require(Right::Chat)?;
    let reason = block::reason(reason).map_err(|problem| Error::field("reason", problem))?;
    let (at, me) = (agent.app.clock.now(), agent.member.account);
    agent
        .app
        .change(async |tx| {
            let (chat, events) = lock_seen(tx, agent, chat).await?.ends_for_abuse(me, at)?;
            // A member's address is not his: shops and offices share one.
            let member = db::visitors::customer(tx, chat.visitor).await?.member;
            let origin = if address && member.is_none() { db::blocks::origin(tx, chat.id).await? } else { String::new() };
            let origin = Some(origin).filter(|origin| !origin.is_empty()).map(|origin| (origin, length.address_until(at)));
            let new = db::blocks::New {
                id: BlockId(new_id()),
                chat: &chat,
                address: origin,
                reason: &reason,
                by: me,
                at,
                until: length.until(at),
            };
            db::blocks::insert(tx, new).await?;
            log(tx, agent, &chat.visitor.code(), "", &reason).await?;
            Ok(((), vec![Growth { chat, at, events: events.into_iter().map(|event| (event, None)).collect() }]))
        })
        .await
}

/// Who is blocked, the newest first.
///
/// # Errors
/// `Forbidden` for who is no admin.
pub async fn list(agent: &Agent) -> Result<Vec<BlockRow>> {
    agent.require_admin()?;
    let now = agent.app.clock.now();
    agent.app.db.look(async |tx| db::blocks::in_force(tx, agent.member.service, now).await).await
}

/// Lifts a block.
///
/// # Errors
/// `Forbidden`, `NotFound` for one that is not in force (any more).
pub async fn lift(agent: &Agent, id: BlockId) -> Result<Vec<BlockRow>> {
    agent.require_admin()?;
    let (now, service) = (agent.app.clock.now(), agent.member.service);
    agent
        .app
        .db
        .write(async |tx| {
            let all = db::blocks::in_force(tx, service, now).await?;
            let lifted = all.iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
            if !db::blocks::lift(tx, service, id, agent.member.account, now).await? {
                return Err(Error::NotFound);
            }
            log(tx, agent, &lifted.code, &lifted.reason, "").await?;
            db::blocks::in_force(tx, service, now).await
        })
        .await
}

async fn log(tx: &mut Tx, agent: &Agent, code: &str, before: &str, after: &str) -> Result<()> {
    let change = Change {
        service: Some(agent.member.service),
        by: agent.account.id,
        at: agent.app.clock.now(),
        kind: "block",
        subject: code,
        before: before.to_owned(),
        after: after.to_owned(),
    };
    db::settings::log(tx, &change).await
}
