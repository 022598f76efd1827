//! What the console shows.

use super::{Agent, history, routing, settings::chat_texts};
use crate::{
    domain::{
        ids::{ChatId, ServiceId},
        permission::Right,
        service::{Queue, Service},
        settings::{ChatTexts, Naming},
    },
    protocol::{Colleague, Desk, Thread},
    server::{
        db::{self, Tx},
        error::{Error, Result},
        secrets,
    },
};

/// Events of one page of a thread.
const PAGE: u32 = 100;

/// What no event of the log tells.
pub struct About {
    service: Service,
    queues: Vec<Queue>,
    colleagues: Vec<Colleague>,
    rating: bool,
    naming: Naming,
    /// Names it all: another name, another of these.
    pub name: String,
}

/// The service, its queues and its people as they stand.
///
/// # Errors
/// The database's, `NotFound`.
pub async fn about(tx: &mut Tx, service: ServiceId) -> Result<About> {
    let found = db::services::find(tx, service).await?.ok_or(Error::NotFound)?;
    let queues = db::queues::of_service(tx, service).await?;
    let colleagues = db::members::colleagues(tx, service).await?;
    let ChatTexts { rating, naming, .. } = chat_texts(tx, service).await?;
    let name = secrets::short_hash(&serde_json::json!([found, queues, colleagues, rating, naming]).to_string());
    Ok(About { service: found, queues, colleagues, rating, naming, name })
}

/// Everything the console starts from, as of one instant.
///
/// # Errors
/// The database's. Without the chat right the lists are empty.
pub async fn load(agent: &Agent) -> Result<Desk> {
    let me = agent.member.clone();
    let name = agent.account.name.clone();
    agent
        .app
        .db
        .read(async |tx| {
            let seq = db::services::seq(tx, me.service).await?;
            let About { service, queues, colleagues, rating, naming, name: about } = about(tx, me.service).await?;
            let mut chats = db::chats::open_of(tx, me.service).await?;
            chats.retain(|chat| me.sees(chat));
            let cards = db::chats::cards(tx, chats, me.account).await?;
            Ok(Desk {
                queues,
                colleagues,
                rating,
                naming,
                about,
                widget: db::services::widget_key(tx, me.service).await?.unwrap_or_default(),
                status: db::presence::status(tx, me.service, me.account).await?,
                mode: routing::mode(tx, me.service).await?,
                rested: db::presence::is_rested(tx, me.service, me.account).await?,
                status_by: db::presence::status_by(tx, me.service, me.account).await?,
                drafts: db::drafts::of_agent(tx, me.account).await?,
                my_name: name,
                me,
                service,
                cards,
                seq,
            })
        })
        .await
}

/// A stretch of a chat: its newest events, or those before the sequence `before`.
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound` for what the agent may not see.
pub async fn thread(agent: &Agent, chat: ChatId, before: Option<u64>) -> Result<Thread> {
    if !agent.member.has(Right::Oversight) {
        agent.require(Right::Chat)?;
    }
    agent
        .app
        .db
        .read(async |tx| {
            let found = db::chats::find(tx, chat).await?;
            let chat = history::read(tx, agent, found).await?;
            let events = db::events::page(tx, chat.id, before, false, PAGE).await?;
            let earlier = events.first().is_some_and(|first| first.seq > 1);
            let language = db::chats::language(tx, chat.id).await?;
            let card = db::chats::card(tx, chat, agent.member.account).await?;
            let customer = db::visitors::customer(tx, card.chat.visitor).await?;
            Ok(Thread { card, customer, language, events, earlier })
        })
        .await
}
