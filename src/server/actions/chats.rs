//! What an agent does with a chat.

use super::{Agent, door, drafts, files, information, routing, tickets};
use crate::{
    domain::{
        chat::{Author, Chat, Event, Refused, State},
        ids::{ChatId, ClientId},
        information::{Noting, WrapUp},
        permission::Right,
        settings::RoutingMode,
        text::{self, TextProblem},
    },
    protocol::{Card, Sent},
    server::{
        db::{self, Tx, events::Growth},
        error::{Error, Result},
        files::Attached,
        realtime::{
            hub::{Live, Topic},
            log::Post,
        },
    },
};

/// A reply on its way.
#[derive(Clone, Debug)]
pub struct Reply {
    pub chat: ChatId,
    pub client_id: ClientId,
    /// As typed; it may be empty beside files.
    pub text: String,
    pub attached: Attached,
    /// The last event that the agent had in view; none: he is not asked (E1).
    pub seen: Option<u64>,
}

/// Whether an agent may write in a chat; asked before his files are read.
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound`, `Refused` once it has ended.
pub async fn may_attach(agent: &Agent, chat: ChatId) -> Result<()> {
    agent.require(Right::Chat)?;
    let chat = agent.seen(agent.app.db.look(async |tx| db::chats::find(tx, chat).await).await?)?;
    if chat.is_ended() { Err(Refused::Ended.into()) } else { Ok(()) }
}

/// Stores a message with its files, once per client id. On a waiting chat it is the start (G3).
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound`, `Invalid` beside `text` and `files`,
/// `Refused`, `Conflict`.
pub async fn send(agent: &Agent, reply: Reply) -> Result<Sent> {
    let (attached, chat) = (reply.attached.clone(), reply.chat);
    let typed = reply.text.clone();
    let done = store(agent, reply).await;
    if done.is_ok()
        && let Ok(words) = text::message(&typed)
    {
        drafts::sent(agent, chat, false, &words).await;
    }
    if attached.is_empty() { done } else { files::settle(&agent.app, &attached, done).await }
}

/// The text of a message, which may be empty beside files.
pub(super) fn worded(raw: &str, attached: &Attached) -> Result<String> {
    match text::message(raw) {
        Err(TextProblem::Empty) if !attached.is_empty() => Ok(String::new()),
        text => text.map_err(|problem| Error::field("text", problem)),
    }
}

async fn store(agent: &Agent, Reply { chat, client_id, text, attached, seen }: Reply) -> Result<Sent> {
    agent.require(Right::Chat)?;
    let text = worded(&text, &attached)?;
    let found = agent.app.db.look(async |tx| db::chats::find(tx, chat).await).await?;
    // A repeated send is answered even when the chat has gone to somebody else since.
    let author = Author::Agent(agent.member.account);
    let post = Post { chat, author, client_id, text, attached, seen, mode: RoutingMode::default() };
    if agent.seen(found.clone()).is_err() {
        let earlier = agent.app.db.look(async |tx| db::events::by_client_id(tx, chat, client_id).await).await?;
        return match (earlier, found) {
            (Some(first), _) if post.is(&first.logged.event) => Ok(Sent::of(&first.logged)),
            (_, Some(other)) if other.service == agent.member.service => Err(taken(&other)),
            _ => Err(Error::NotFound),
        };
    }
    // Only a first reply asks whose it is to begin (G16).
    let waits = found.is_some_and(|chat| matches!(chat.state, State::Waiting { .. }));
    let mode =
        if waits { agent.app.db.look(async |tx| routing::mode(tx, agent.member.service).await).await? } else { RoutingMode::default() };
    let sent = agent.app.log.post(Post { mode, ..post }).await?;
    if waits {
        agent.app.db.write(async |tx| db::presence::took(tx, agent.member.service, agent.member.account).await).await?;
    }
    Ok(sent)
}

/// Puts a chat among the agent's own unread ones, or takes it from there (K10).
///
/// # Errors
/// `NotFound` for what he may not see.
pub async fn flag(agent: &Agent, chat: ChatId, on: bool) -> Result<()> {
    let me = agent.member.account;
    agent
        .app
        .db
        .write(async |tx| {
            agent.seen(db::chats::find(tx, chat).await?)?;
            db::marks::set_flag(tx, chat, me.0, on).await
        })
        .await?;
    agent.app.bus.live(Topic::Service(agent.member.service), Live::AgentFlag { chat, agent: me, on }).await;
    Ok(())
}

/// What somebody learns who comes too late to a chat of his own service (G24).
fn taken(chat: &Chat) -> Error {
    match chat.agent().or(chat.started.map(|s| s.by)) {
        Some(agent) => Error::Refused(Refused::TakenBy { agent }),
        None => Error::NotFound,
    }
}

/// A word among colleagues, once per client id; the customer never sees it.
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound`, `Invalid` text, `Refused` once the chat has
/// ended, `Conflict`.
pub async fn note(agent: &Agent, chat: ChatId, client_id: ClientId, raw: &str) -> Result<Sent> {
    agent.require(Right::Chat)?;
    let text = text::message(raw).map_err(|problem| Error::field("text", problem))?;
    let (at, me) = (agent.app.clock.now(), agent.member.account);
    let sent = agent
        .app
        .change(async |tx| {
            let locked = db::chats::lock(tx, &[chat]).await?.pop().filter(|c| c.service == agent.member.service).ok_or(Error::NotFound)?;
            if let Some(first) = db::events::by_client_id(tx, chat, client_id).await? {
                let same = first.logged.event == Event::Note { agent: me, text: text.clone() };
                return if same { Ok((Sent::of(&first.logged), Vec::new())) } else { Err(Error::Conflict) };
            }
            let (chat, events) = agent.seen(Some(locked))?.noted(me, text.clone(), at)?;
            // It has no public number.
            let sent = Sent { chat: chat.id, seq: 0, at };
            Ok((sent, vec![Growth { chat, at, events: events.into_iter().map(|e| (e, Some(client_id))).collect() }]))
        })
        .await?;
    drafts::sent(agent, chat, true, &text).await;
    Ok(sent)
}

/// 상담 시작 (A41). Two who press at once: one wins, the other is told who (G24).
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn start(agent: &Agent, chat: ChatId) -> Result<Card> {
    agent.require(Right::Chat)?;
    let (at, me) = (agent.app.clock.now(), agent.member.account);
    agent
        .app
        .change(async |tx| {
            let chat = lock_seen(tx, agent, chat).await?;
            let mode = routing::mode(tx, chat.service).await?;
            let (chat, events) = chat.start(me, mode, at)?;
            db::presence::took(tx, chat.service, me).await?;
            Ok(((), vec![Growth { chat, at, events: events.into_iter().map(|e| (e, None)).collect() }]))
        })
        .await?;
    agent
        .app
        .db
        .read(async |tx| {
            let chat = db::chats::find(tx, chat).await?.ok_or(Error::NotFound)?;
            db::chats::card(tx, chat, me).await
        })
        .await
}

/// 대화 종료 by the agent (A62d), with all that he was asked for at the end (G30): stored with
/// it, or not at all.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`, `Rule(Stale)` when somebody else has noted something
/// since, `Invalid` beside each field: `category` also where the service asks for a 처리유형 and
/// none is noted.
pub async fn end(agent: &Agent, chat: ChatId, wrap: WrapUp) -> Result<()> {
    agent.require(Right::Chat)?;
    let noted =
        wrap.noted.map(|Noting { over, value }| value.checked().map(|value| (over, value))).transpose().map_err(door::complaints)?;
    let beside = noted.is_some() || !wrap.solved.is_empty();
    let (at, me) = (agent.app.clock.now(), agent.member.account);
    agent
        .app
        .change(async |tx| {
            let (ended, events) = lock_seen(tx, agent, chat).await?.agent_ends(me, at)?;
            db::services::lock(tx, ended.service).await?;
            if let Some((over, value)) = &noted {
                information::store(tx, agent, &ended, *over, value, at).await?;
                db::information::forget(tx, chat, me).await?;
            }
            tickets::solve(tx, agent, chat, &wrap.solved, at).await?;
            information::require_complete(tx, agent, chat).await?;
            Ok(((), vec![Growth { chat: ended, at, events: events.into_iter().map(|e| (e, None)).collect() }]))
        })
        .await?;
    if beside {
        information::told(agent, chat).await;
    }
    Ok(())
}

/// The chat, locked; who sees it no longer learns who has it.
///
/// # Errors
/// `NotFound`, `Refused`.
pub(super) async fn lock_seen(tx: &mut Tx, agent: &Agent, id: ChatId) -> Result<Chat> {
    let chat = db::chats::lock(tx, &[id]).await?.pop().filter(|c| c.service == agent.member.service).ok_or(Error::NotFound)?;
    if agent.member.sees(&chat) { Ok(chat) } else { Err(taken(&chat)) }
}
