//! What stands beside a customer's running chat: his place in the line (D8), his rating
//! (G19), and what he may take with him.

use super::{Agent, Visitor, chats::lock_seen, settings::chat_texts, visitors};
use crate::{
    domain::{
        chat::{Chat, Event, PublicState, RATING_WORDS_MAX, Rated, Rating, Refused, State},
        ids::{ChatId, QueueId, ServiceId, VisitorId},
        permission::Right,
        service::Language,
        text,
        time::Timestamp,
        waiting::{MEASURED_FOR, Range, Waits},
    },
    server::{
        db::{self, Tx, events::Growth},
        error::{Error, Result},
        secrets,
        state::App,
    },
};
use serde::Serialize;
use std::collections::HashMap;
use tokio::time::Instant;

/// The lines of a service as of one instant, and what all trays of it depend on.
#[derive(Debug)]
pub struct Lines {
    /// How many are before each of those who wait.
    ahead: HashMap<ChatId, u32>,
    ranges: HashMap<QueueId, Range>,
    /// 만족도 평가 사용
    rating: bool,
}

impl Lines {
    async fn read(tx: &mut Tx, service: ServiceId, now: Timestamp) -> Result<Self> {
        let mut counts: HashMap<QueueId, u32> = HashMap::new();
        let mut ahead = HashMap::new();
        for (queue, chat) in db::waits::lines(tx, service).await? {
            let before = counts.entry(queue).or_default();
            ahead.insert(chat, *before);
            *before += 1;
        }
        let mut ranges = HashMap::new();
        for queue in counts.into_keys() {
            if let Some(range) = Range::of(db::waits::lately(tx, queue, now.plus(-MEASURED_FOR)).await?) {
                ranges.insert(queue, range);
            }
        }
        Ok(Self { ahead, ranges, rating: chat_texts(tx, service).await?.rating })
    }
}

/// Everything that the tray shows of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tray {
    pub chat: ChatId,
    pub waits: Option<Waits>,
    /// Nothing goes on any more.
    pub over: bool,
    /// It can be rated now.
    pub rateable: bool,
    pub rated: Option<Rated>,
    /// The agent has asked for a rating, and there is none since.
    pub asked: bool,
    /// There is something to take along.
    pub words: bool,
}

impl Tray {
    fn of(chat: &Chat, lines: &Lines, now: Timestamp) -> Self {
        let ahead = || lines.ahead.get(&chat.id).copied().unwrap_or_default();
        let waits = match chat.state {
            State::Intake { .. } => Some(Waits::Unsaid),
            State::Waiting { .. } if chat.started.is_some() => Some(Waits::Again { ahead: ahead() }),
            _ if chat.public_state() == PublicState::Waiting => {
                Some(Waits::First { ahead: ahead(), range: lines.ranges.get(&chat.queue).copied() })
            }
            _ => None,
        };
        Self {
            chat: chat.id,
            waits,
            over: chat.public_state() == PublicState::Ended,
            rateable: lines.rating && chat.may_be_rated(now),
            rated: chat.rated.clone(),
            asked: chat.rating_asked,
            words: chat.accepted_at.is_some(),
        }
    }

    /// Names all of it: another name, another tray.
    #[must_use]
    pub fn is(&self) -> String {
        secrets::short_hash(&serde_json::json!(self).to_string())
    }
}

/// The tray of the chat that the visitor's window shows, as of `woken` or later.
///
/// # Errors
/// The database's.
pub async fn of(app: &App, visitor: VisitorId, service: ServiceId, woken: Instant) -> Result<Option<Tray>> {
    let now = app.clock.now();
    let Some(chat) = app.db.look(async |tx| visitors::current(tx, visitor, now).await).await? else { return Ok(None) };
    let read = async || app.db.read(async |tx| Lines::read(tx, service, now).await).await;
    let lines = app.lines.after(service, woken, read).await?;
    Ok(Some(Tray::of(&chat, &lines, now)))
}

/// 평가 by the customer, or another one in its place.
///
/// # Errors
/// `NotFound` for a chat that is not his, `Invalid` beside `words`, `Refused(NotToRate)`.
pub async fn rate(visitor: &Visitor, id: ChatId, rating: Rating, words: &str) -> Result<()> {
    let app = &visitor.app;
    app.limits.visitor_send(visitor.id)?;
    let words = text::block(words, RATING_WORDS_MAX).map_err(|problem| Error::field("words", problem))?;
    let at = app.clock.now();
    app.change(async |tx| {
        let chat = db::chats::lock(tx, &[id]).await?.pop().filter(|c| c.visitor == visitor.id).ok_or(Error::NotFound)?;
        if !chat_texts(tx, chat.service).await?.rating {
            return Err(Refused::NotToRate.into());
        }
        let (chat, events) = chat.rates(rating, words, at)?;
        Ok(((), grown(chat, events, at)))
    })
    .await
}

/// 평가 요청 by the agent (A52): sends the service's 만족도 안내 메시지.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Refused`.
pub async fn ask_rating(agent: &Agent, id: ChatId) -> Result<()> {
    agent.require(Right::Chat)?;
    let at = agent.app.clock.now();
    agent
        .app
        .change(async |tx| {
            let chat = lock_seen(tx, agent, id).await?;
            let texts = chat_texts(tx, chat.service).await?;
            if !texts.rating {
                return Err(Refused::NotToRate.into());
            }
            let language = customers_language(tx, &chat).await?;
            let (chat, events) = chat.asks_rating(agent.member.account, texts.satisfaction.get(language).to_owned(), at)?;
            Ok(((), grown(chat, events, at)))
        })
        .await
}

/// In which the customer reads the service's words.
async fn customers_language(tx: &mut Tx, chat: &Chat) -> Result<Language> {
    let service = db::services::find(tx, chat.service).await?.ok_or(Error::NotFound)?;
    Ok(service.language(db::chats::language(tx, chat.id).await?))
}

fn grown(chat: Chat, events: Vec<Event>, at: Timestamp) -> Vec<Growth> {
    if events.is_empty() {
        return Vec::new();
    }
    vec![Growth { chat, at, events: events.into_iter().map(|event| (event, None)).collect() }]
}
