//! What an agent has typed in a chat and not sent: kept for him alone (E8), until the chat is
//! a colleague's (E7).

use super::{Agent, chats::lock_seen};
use crate::{
    domain::{
        chat::{Event, Refused},
        ids::{AccountId, ChatId, ClientId, ServiceId},
        information::Unfinished,
        permission::Right,
        text::{self, DRAFT_MAX},
    },
    protocol::Draft,
    server::{
        db::{self, Tx, events::Growth},
        error::{Error, Result},
        realtime::hub::{Live, Topic},
        state::App,
    },
};
use std::collections::BTreeSet;

/// Keeps what stands in the field now, or forgets it when that is nothing; the agent's other
/// pages are told. `page` names the one that asks. The newest counts: no page compares.
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound`, `Refused` once the chat has ended,
/// `Invalid` beside `text`.
pub async fn save(agent: &Agent, chat: ChatId, note: bool, raw: &str, page: ClientId) -> Result<()> {
    agent.require(Right::Chat)?;
    let (me, at) = (agent.member.account, agent.app.clock.now());
    let text = text::draft(raw, DRAFT_MAX).map_err(|problem| Error::field("text", problem))?;
    let changed = agent
        .app
        .db
        .write(async |tx| {
            if text.trim().is_empty() {
                return db::drafts::forget(tx, me, chat, note).await;
            }
            let locked = lock_seen(tx, agent, chat).await?;
            if locked.is_ended() {
                return Err(Refused::Ended.into());
            }
            db::drafts::keep(tx, me, &Draft { chat, note, text: text.clone(), at, from: None }).await?;
            Ok(true)
        })
        .await?;
    if changed {
        tell(agent, page).await;
    }
    Ok(())
}

/// What was typed is sent now: the draft of the same words goes. What has been typed since
/// stays.
pub(super) async fn sent(agent: &Agent, chat: ChatId, note: bool, words: &str) {
    let me = agent.member.account;
    let forgotten = async {
        let kept = agent.app.db.look(async |tx| db::drafts::of_agent(tx, me).await).await?;
        let same = |draft: &Draft| draft.chat == chat && draft.note == note && text::message(&draft.text).as_deref() == Ok(words);
        if !kept.iter().any(same) {
            return Ok(false);
        }
        agent.app.db.write(async |tx| db::drafts::forget(tx, me, chat, note).await).await
    };
    match forgotten.await {
        Ok(true) => tell(agent, ClientId(uuid::Uuid::nil())).await,
        Ok(false) => {}
        // The message is stored, and its page forgets the draft by itself.
        Err(error) => tracing::warn!(%error, "draft not forgotten"),
    }
}

/// An agent's drafts in all of his chats.
///
/// # Errors
/// `Forbidden` without the chat right.
pub async fn list(agent: &Agent) -> Result<Vec<Draft>> {
    agent.require(Right::Chat)?;
    agent.app.db.look(async |tx| db::drafts::of_agent(tx, agent.member.account).await).await
}

/// Only that there is news: the words themselves travel by a request of their owner's.
async fn tell(agent: &Agent, page: ClientId) {
    let live = Live::Drafts { agent: agent.member.account, page };
    agent.app.bus.live(Topic::Service(agent.member.service), live).await;
}

/// Has what is typed and neither sent nor saved go where the chats go (E7), in the transaction
/// that stores their events. Whose drafts are others now, for [`moved`].
///
/// # Errors
/// The database's.
pub async fn follow(tx: &mut Tx, grown: &[Growth]) -> Result<BTreeSet<(ServiceId, AccountId)>> {
    let mut others = BTreeSet::new();
    for Growth { chat, events, .. } in grown {
        if !events.iter().any(|(event, _)| event.changes_hands()) {
            continue;
        }
        // The row is still what it was before these events.
        let had = db::chats::find(tx, chat.id).await?.and_then(|before| before.agent());
        // Who delegates what waits has never had it.
        let giver = events.iter().find_map(|(event, _)| if let Event::Delegated { from, .. } = event { Some(*from) } else { None });
        match Unfinished::of(had.or(giver), chat.agent()) {
            Some(Unfinished::Waits { of }) => db::drafts::wait(tx, chat.id, of).await?,
            Some(Unfinished::Goes { from, to }) => {
                let before = db::drafts::give(tx, chat.id, from, to).await?;
                if !before.is_empty() {
                    others.extend(before.into_iter().chain([to]).map(|account| (chat.service, account)));
                }
            }
            None => {}
        }
    }
    Ok(others)
}

/// Tells the pages of everybody whose drafts are others now.
pub async fn moved(app: &App, others: BTreeSet<(ServiceId, AccountId)>) {
    for (service, agent) in others {
        app.bus.live(Topic::Service(service), Live::Drafts { agent, page: ClientId(uuid::Uuid::nil()) }).await;
    }
}
