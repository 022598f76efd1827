//! What a customer does.

use super::{Anyone, Visitor, chats::worded, files};
use crate::{
    domain::{
        chat::{Author, Chat, Logged, Refused},
        ids::{ChatId, VisitorId},
        settings::RoutingMode,
        text,
        time::{DAY, Timestamp},
        watching::{LastPage, Watching, watching as decide},
    },
    protocol::{EarlierEvents, Page, PublicLogged, Registered, Sent, VisitorChat, VisitorSend},
    server::{
        clock::new_id,
        db::{self, Tx, events::Growth},
        error::{Error, Result},
        files::{Attached, cards},
        realtime::log::Post,
        secrets,
        state::App,
    },
};

/// Events of the chat as it first shows, and of each earlier page.
const PAGE: u32 = 50;
/// How long a visitor sees his last ended chat (G27).
const ENDED_SHOWN: i64 = DAY;
/// The longest page address and title that are kept, in characters.
const PAGE_LINE_MAX: usize = 500;

/// Makes a visitor of the widget's service and answers his token.
///
/// # Errors
/// `NotFound` for an unknown widget, `TooMany` from one address.
pub async fn register(anyone: &Anyone, widget: &str) -> Result<Registered> {
    let app = &anyone.app;
    app.limits.register(&anyone.address)?;
    let (token, id, at) = (secrets::new_token(), VisitorId(new_id()), app.clock.now());
    let hash = secrets::token_hash(&token);
    app.db
        .write(async |tx| {
            let widget = db::services::widget(tx, widget).await?.ok_or(Error::NotFound)?;
            db::visitors::insert(tx, id, widget.service.id, &hash, &anyone.device, &anyone.address, at).await
        })
        .await?;
    Ok(Registered { token })
}

/// Stores a message once per client id in the chat that goes on.
///
/// # Errors
/// `Invalid` text, `Conflict`, `TooMany`, `Refused(NoChat)` when he must start one first.
pub async fn send(visitor: &Visitor, request: VisitorSend) -> Result<Sent> {
    store(visitor, request, Attached::default()).await
}

/// Whether a customer may send files: into his own open chat alone; asked before they are
/// read.
///
/// # Errors
/// `Refused(NoChat)`, `TooMany`.
pub async fn may_attach(visitor: &Visitor) -> Result<()> {
    visitor.app.limits.visitor_send(visitor.id)?;
    let newest = visitor.app.db.look(async |tx| db::chats::newest_of(tx, visitor.id).await).await?;
    if newest.is_some_and(|chat| !chat.is_ended()) { Ok(()) } else { Err(Refused::NoChat.into()) }
}

/// Stores a message with files as [`send`] does one without (A51).
///
/// # Errors
/// As [`send`], and `Invalid` beside `files`.
pub async fn attach(visitor: &Visitor, request: VisitorSend, attached: Attached) -> Result<Sent> {
    let done = store(visitor, request, attached.clone()).await;
    files::settle(&visitor.app, &attached, done).await
}

async fn store(visitor: &Visitor, request: VisitorSend, attached: Attached) -> Result<Sent> {
    let app = &visitor.app;
    app.limits.visitor_send(visitor.id)?;
    let text = worded(&request.text, &attached)?;
    let newest = app.db.look(async |tx| db::chats::newest_of(tx, visitor.id).await).await?;
    let post = |chat| Post {
        chat,
        author: Author::Customer,
        client_id: request.client_id,
        text: text.clone(),
        attached: attached.clone(),
        seen: None,
        mode: RoutingMode::default(),
    };
    if let Some(chat) = newest.as_ref().filter(|chat| !chat.is_ended()) {
        match app.log.post(post(chat.id)).await {
            Err(Error::Refused(Refused::Ended)) => {}
            other => return other,
        }
    }
    // A repeated send of what was stored before the end.
    let first = app.db.look(async |tx| db::events::by_visitor(tx, visitor.id, request.client_id).await).await?;
    match first {
        Some(first) if post(first.logged.chat).is(&first.logged.event) => Ok(Sent::of(&first.logged)),
        Some(_) => Err(Error::Conflict),
        None => Err(Refused::NoChat.into()),
    }
}

/// 대화 종료 by the customer (A31).
///
/// # Errors
/// `NotFound` for a chat that is not his, `Refused` when it has ended.
pub async fn end(visitor: &Visitor, id: ChatId) -> Result<()> {
    let at = visitor.app.clock.now();
    visitor
        .app
        .change(async |tx| {
            let chat = db::chats::lock(tx, &[id]).await?.pop().filter(|c| c.visitor == visitor.id).ok_or(Error::NotFound)?;
            let (chat, events) = chat.customer_ends(at)?;
            Ok(((), vec![Growth { chat, at, events: events.into_iter().map(|e| (e, None)).collect() }]))
        })
        .await
}

/// The public events before `before` of the visitor's own chat.
///
/// # Errors
/// `NotFound` for a chat that is not his.
pub async fn earlier(visitor: &Visitor, id: ChatId, before: u64) -> Result<EarlierEvents> {
    visitor
        .app
        .db
        .read(async |tx| {
            db::chats::find(tx, id).await?.filter(|c| c.visitor == visitor.id).ok_or(Error::NotFound)?;
            let rows = db::events::page(tx, id, Some(before), true, PAGE).await?;
            let events = public(&visitor.app, visitor.id, &rows);
            let earlier = events.first().is_some_and(|first| first.seq > 1);
            Ok(EarlierEvents { events, earlier })
        })
        .await
}

/// The chat that the visitor's window shows: his newest, unless it ended long ago.
///
/// # Errors
/// The database's.
pub async fn current(tx: &mut Tx, visitor: VisitorId, now: Timestamp) -> Result<Option<Chat>> {
    let newest = db::chats::newest_of(tx, visitor).await?;
    Ok(newest.filter(|chat| match chat.state {
        crate::domain::chat::State::Ended { at, .. } => now.since(at) < ENDED_SHOWN,
        _ => true,
    }))
}

/// The chat as the visitor's window shows it.
///
/// # Errors
/// The database's.
pub async fn view(app: &App, tx: &mut Tx, id: ChatId, visitor: VisitorId) -> Result<VisitorChat> {
    let chat = db::chats::find(tx, id).await?.ok_or(Error::NotFound)?;
    let rows = db::events::page(tx, id, None, true, PAGE).await?;
    let events = public(app, visitor, &rows);
    Ok(VisitorChat {
        id,
        state: chat.public_state(),
        earlier: events.first().is_some_and(|first| first.seq > 1),
        events,
        seq: chat.public_seq,
        desk: db::marks::of_side(tx, id, false).await?,
        mine: db::marks::of_party(tx, id, visitor.0).await?,
    })
}

/// The customer's view of a stretch of his own log, with the files in it.
#[must_use]
pub fn public(app: &App, visitor: VisitorId, rows: &[Logged]) -> Vec<PublicLogged> {
    rows.iter().filter_map(|row| cards::shown(app, visitor, row)).collect()
}

/// Whether the chat's customer is there (G33): for those who see the chat, which the caller
/// has made sure of. What is written down is read when no page of his is open.
///
/// # Errors
/// The database's.
pub async fn watching(app: &App, chat: ChatId) -> Result<Option<Watching>> {
    let best = app.hub.pages.best(chat);
    let last = match best {
        Some(_) => LastPage::default(),
        None => app.db.look(async |tx| db::visitors::last_page(tx, chat).await).await?,
    };
    Ok(decide(best, last, app.clock.now()))
}

/// A page's facts, cleaned; an address that is none of the web's is dropped.
#[must_use]
pub fn clean_page(page: &Page) -> Page {
    let url = text::line(&page.url, PAGE_LINE_MAX);
    let web = url.starts_with("https://") || url.starts_with("http://");
    Page { url: if web { url } else { String::new() }, title: text::line(&page.title, PAGE_LINE_MAX) }
}
