//! How a chat goes from one agent to another, or back to a queue (A43–A46, A76–A80), and
//! what an agent puts aside.

use super::{
    Agent,
    door::Doorway,
    routing::{self, eligible},
};
use crate::{
    api::routing::{TargetAgent, TargetQueue, Targets},
    domain::{
        chat::{Chat, Hold, Refused, Requeued, State, Step},
        ids::{AccountId, ChatId, QueueId},
        permission::Right,
        text,
        time::Timestamp,
    },
    server::{
        db::{self, Tx, events::Growth},
        error::{Error, Result},
    },
};

/// To whom a chat of the agent's can go.
///
/// # Errors
/// `Forbidden`, `NotFound` for what he may not see.
pub async fn targets(agent: &Agent, chat: ChatId) -> Result<Targets> {
    agent.require(Right::Chat)?;
    let (now, service, me) = (agent.app.clock.now(), agent.member.service, agent.member.account);
    agent
        .app
        .db
        .read(async |tx| {
            let chat = agent.seen(db::chats::find(tx, chat).await?)?;
            let online = eligible(tx, service, now).await?;
            let names = db::members::colleagues(tx, service).await?;
            let loads = routing::loads(&agent.app, tx, service, now).await?;
            let agents = loads
                .into_iter()
                .filter(|(account, ..)| *account != me && chat.agent() != Some(*account))
                .filter_map(|(account, load, capacity)| {
                    let name = names.iter().find(|c| c.account == account)?.name.clone();
                    Some(TargetAgent {
                        account,
                        name,
                        online: online.contains(&account),
                        guest: chat.guest(account).is_some(),
                        load,
                        capacity,
                    })
                })
                .collect();
            let doorway = doorway(tx, agent, now).await?;
            let present = db::presence::present(tx, service, now).await?;
            let queues = doorway
                .queues
                .iter()
                .map(|queue| TargetQueue {
                    id: queue.id,
                    online: count(present.iter().filter(|(q, account, _)| *q == queue.id && *account != me)),
                    open: doorway.goes_on(queue.id),
                    own: chat.queue == queue.id,
                })
                .collect();
            Ok(Targets { agents, queues })
        })
        .await
}

fn count<T>(of: impl Iterator<Item = T>) -> u32 {
    u32::try_from(of.count()).unwrap_or(u32::MAX)
}

async fn doorway(tx: &mut Tx, agent: &Agent, now: Timestamp) -> Result<Doorway> {
    let service = db::services::find(tx, agent.member.service).await?.ok_or(Error::NotFound)?;
    super::door::look(tx, service, now).await
}

/// 담당자 위임: to an agent of the service with the chat right who is online (A44).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`, `Invalid` beside `note`.
pub async fn delegate(agent: &Agent, chat: ChatId, to: AccountId, note: &str) -> Result<()> {
    towards(agent, Right::Chat, chat, to, note, async |tx, chat, me, note, now| {
        let mode = routing::mode(tx, chat.service).await?;
        Ok(chat.delegate(me, to, note, mode, now)?)
    })
    .await
}

/// 상담 재개, or the start of what never started (G28).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn resume(agent: &Agent, chat: ChatId) -> Result<()> {
    let me = agent.member.account;
    step(agent, Right::Chat, chat, async |_, chat, now| Ok(chat.resume(me, now)?)).await
}

/// 돌려보내기: back to the sender, or to the queue when he is not there any more (G28).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn give_back(agent: &Agent, chat: ChatId) -> Result<()> {
    let me = agent.member.account;
    step(agent, Right::Chat, chat, async |tx, chat, now| {
        let there = match chat.state {
            State::Held { why: Hold::Delegated { from }, .. } => eligible(tx, chat.service, now).await?.contains(&from),
            _ => false,
        };
        Ok(chat.give_back(me, there, false, now)?)
    })
    .await
}

/// Puts the agent's own chat on 보류 (G29).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn park(agent: &Agent, chat: ChatId) -> Result<()> {
    let me = agent.member.account;
    step(agent, Right::Chat, chat, async |_, chat, now| Ok(chat.park(me, now)?)).await
}

/// 대기열로 연결: to the tail of an active, open queue; to its own only if another agent of
/// it is there (A77). Refused, the chat stays where it is (D15).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`, `Invalid` beside `note`.
pub async fn transfer(agent: &Agent, chat: ChatId, queue: QueueId, note: &str) -> Result<()> {
    let (me, note) = (agent.member.account, handover_note(note)?);
    step(agent, Right::Chat, chat, async |tx, chat, now| {
        open_queue(tx, agent, queue, now).await?;
        let present = db::presence::present(tx, chat.service, now).await?;
        if chat.queue == queue && !present.iter().any(|(q, account, _)| *q == queue && *account != me) {
            return Err(Refused::NobodyElse.into());
        }
        Ok(chat.transfer(me, queue, note, now)?)
    })
    .await
}

/// 연결하고 퇴장: in mid-conversation to an agent who is online (A80).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`, `Invalid` beside `note`.
pub async fn hand_over(agent: &Agent, chat: ChatId, to: AccountId, note: &str) -> Result<()> {
    towards(agent, Right::Chat, chat, to, note, async |_, chat, me, note, now| Ok(chat.hand_over(me, to, note, now)?)).await
}

/// 상담원 초대 (A80): an agent who is online reads along, and may write once he has said yes.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`, `Invalid` beside `note`.
pub async fn invite(agent: &Agent, chat: ChatId, to: AccountId, note: &str) -> Result<()> {
    towards(agent, Right::Chat, chat, to, note, async |_, chat, me, note, now| Ok(chat.invite(me, to, note, now)?)).await
}

/// The invited agent says yes.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn join(agent: &Agent, chat: ChatId) -> Result<()> {
    let me = agent.member.account;
    step(agent, Right::Chat, chat, async |_, chat, now| Ok(chat.join(me, now)?)).await
}

/// The invited agent says no, or a guest goes.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn leave(agent: &Agent, chat: ChatId) -> Result<()> {
    let me = agent.member.account;
    step(agent, Right::Chat, chat, async |_, chat, now| Ok(chat.leave(me, now)?)).await
}

/// 대기열로: to the front of its queue, because the agent leaves (G11).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn release(agent: &Agent, chat: ChatId) -> Result<()> {
    let me = agent.member.account;
    step(agent, Right::Chat, chat, async |_, chat, now| {
        if chat.agent() != Some(me) {
            return Err(chat.agent().map_or(Refused::NotStarted, |agent| Refused::TakenBy { agent }).into());
        }
        Ok(chat.release(Requeued::Released(me), now)?)
    })
    .await
}

/// 채팅 계속 (A65), unless the customer has another chat by now (G27).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn continue_own(agent: &Agent, chat: ChatId) -> Result<()> {
    let me = agent.member.account;
    step(agent, Right::Chat, chat, async |tx, chat, now| {
        let newest = db::chats::newest_of(tx, chat.visitor).await?;
        if newest.is_some_and(|newest| newest.id != chat.id) {
            return Err(Refused::HasAnother.into());
        }
        Ok(chat.continues(me, now)?)
    })
    .await
}

/// Goes on only for a queue of the service that takes chats now.
///
/// # Errors
/// `NotFound`, `Refused(QueueShut)`.
pub(super) async fn open_queue(tx: &mut Tx, agent: &Agent, queue: QueueId, now: Timestamp) -> Result<()> {
    let doorway = doorway(tx, agent, now).await?;
    if !doorway.queues.iter().any(|q| q.id == queue) {
        return Err(Error::NotFound);
    }
    if doorway.goes_on(queue) { Ok(()) } else { Err(Refused::QueueShut.into()) }
}

/// A note may stand beside what is done (E7); empty is none.
fn handover_note(raw: &str) -> Result<Option<String>> {
    if raw.trim().is_empty() {
        return Ok(None);
    }
    text::message(raw).map(Some).map_err(|problem| Error::field("note", problem))
}

/// One step of a chat that gives it, with a note, to an agent who is online.
pub(super) async fn towards(
    agent: &Agent,
    right: Right,
    chat: ChatId,
    to: AccountId,
    note: &str,
    decide: impl AsyncFnOnce(&mut Tx, Chat, AccountId, Option<String>, Timestamp) -> Result<Step>,
) -> Result<()> {
    let (me, note) = (agent.member.account, handover_note(note)?);
    step(agent, right, chat, async |tx, chat, now| {
        if !eligible(tx, chat.service, now).await?.contains(&to) {
            return Err(Refused::NotEligible.into());
        }
        decide(tx, chat, me, note, now).await
    })
    .await
}

/// One step of a chat that the agent may see, in one transaction, for who has the right.
pub(super) async fn step(
    agent: &Agent,
    right: Right,
    id: ChatId,
    decide: impl AsyncFnOnce(&mut Tx, Chat, Timestamp) -> Result<Step>,
) -> Result<()> {
    agent.require(right)?;
    let at = agent.app.clock.now();
    agent
        .app
        .change(async |tx| {
            let chat = super::chats::lock_seen(tx, agent, id).await?;
            let (chat, events) = decide(tx, chat, at).await?;
            if let Some(account) = routing::took(&events) {
                db::presence::took(tx, chat.service, account).await?;
            }
            Ok(((), vec![Growth { chat, at, events: events.into_iter().map(|event| (event, None)).collect() }]))
        })
        .await
}
