//! What an agent does with a chat.

use super::Agent;
use crate::{
    domain::{
        chat::{Author, Chat, Event, Refused, Step},
        ids::{AccountId, ChatId, ClientId},
        permission::Right,
        text,
        time::Timestamp,
    },
    protocol::{Card, Sent},
    server::{
        db::{self, events::Growth},
        error::{Error, Result},
        realtime::log::Post,
    },
};

/// Stores a message, once per client id. On a waiting chat it is the start (G3).
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound`, `Invalid` text, `Refused`, `Conflict`.
pub async fn send(agent: &Agent, chat: ChatId, client_id: ClientId, raw: &str) -> Result<Sent> {
    agent.require(Right::Chat)?;
    let text = text::message(raw).map_err(|problem| Error::field("text", problem))?;
    let found = agent.app.db.look(async |tx| db::chats::find(tx, chat).await).await?;
    // A repeated send is answered even when the chat has gone to somebody else since.
    let author = Author::Agent(agent.member.account);
    if agent.seen(found.clone()).is_err() {
        let earlier = agent.app.db.look(async |tx| db::events::by_client_id(tx, chat, client_id).await).await?;
        return match (earlier, found) {
            (Some(first), _) if first.logged.event == (Event::Message { author, text: text.clone() }) => Ok(Sent::of(&first.logged)),
            (_, Some(other)) if other.service == agent.member.service => Err(taken(&other)),
            _ => Err(Error::NotFound),
        };
    }
    agent.app.log.post(Post { chat, author, client_id, text }).await
}

/// What somebody learns who comes too late to a chat of his own service (G24).
fn taken(chat: &Chat) -> Error {
    match chat.agent().or(chat.started.map(|s| s.by)) {
        Some(agent) => Error::Refused(Refused::TakenBy { agent }),
        None => Error::NotFound,
    }
}

/// 상담 시작 (A41). Two who press at once: one wins, the other is told who (G24).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn start(agent: &Agent, chat: ChatId) -> Result<Card> {
    step(agent, chat, Chat::start).await?;
    let me = agent.member.account;
    agent
        .app
        .db
        .read(async |tx| {
            let chat = db::chats::find(tx, chat).await?.ok_or(Error::NotFound)?;
            db::chats::card(tx, chat, me).await
        })
        .await
}

/// 대화 종료 by the agent (A62d).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn end(agent: &Agent, chat: ChatId) -> Result<()> {
    step(agent, chat, Chat::agent_ends).await
}

async fn step(agent: &Agent, id: ChatId, decide: fn(Chat, AccountId, Timestamp) -> Result<Step, Refused>) -> Result<()> {
    agent.require(Right::Chat)?;
    let at = agent.app.clock.now();
    agent
        .app
        .change(async |tx| {
            let chat = db::chats::lock(tx, &[id]).await?.pop().filter(|c| c.service == agent.member.service).ok_or(Error::NotFound)?;
            if !agent.member.sees(&chat) {
                return Err(taken(&chat));
            }
            let (chat, events) = decide(chat, agent.member.account, at)?;
            Ok(((), vec![Growth { chat, at, events: events.into_iter().map(|e| (e, None)).collect() }]))
        })
        .await
}
