//! Files of messages: whether they may be stored, and who reads them (A51).

use super::{Agent, inquiries};
use crate::{
    api::Problem,
    domain::{
        attachment::{Attachment, FILES_MAX, VISITOR_DAY_MAX},
        ids::{ChatId, FileId, InquiryId, VisitorId},
        permission::Right,
        time::{DAY, MINUTE},
    },
    server::{
        db::{self, Tx},
        error::{Error, Result},
        files::{Attached, cards},
        keys::Purpose,
        state::App,
    },
};
use bytes::Bytes;
use futures::stream::BoxStream;

/// How long a link to a file is good, in milliseconds.
pub const LINK_LIFE: i64 = 10 * MINUTE;

/// What is wrong with the files of a message; for a visitor, who must be locked against
/// another message of his, also what he has sent before.
///
/// # Errors
/// `Invalid` beside `files`; the database's.
pub async fn check(tx: &mut Tx, app: &App, visitor: Option<VisitorId>, attached: &Attached) -> Result<()> {
    let problem = if attached.problem.is_some() {
        attached.problem
    } else if attached.files.len() > FILES_MAX {
        Some(Problem::TooManyFiles)
    } else if let Some(visitor) = visitor.filter(|_| !attached.files.is_empty()) {
        let before = db::files::sent_since(tx, visitor, app.clock.now().plus(-DAY)).await?;
        let now: u64 = attached.files.iter().map(|file| file.size).sum();
        (before + now > VISITOR_DAY_MAX).then_some(Problem::FileQuota)
    } else {
        None
    };
    problem.map_or(Ok(()), |problem| Err(Error::field("files", problem)))
}

/// Whether a visitor may send any more today; asked before a file is read.
///
/// # Errors
/// The database's.
pub async fn has_room(app: &App, visitor: VisitorId) -> Result<bool> {
    let since = app.clock.now().plus(-DAY);
    Ok(app.db.look(async |tx| db::files::sent_since(tx, visitor, since).await).await? < VISITOR_DAY_MAX)
}

/// Ends what was begun with files: those that got no row go.
pub async fn settle<T>(app: &App, attached: &Attached, done: Result<T>) -> Result<T> {
    // Where the database went away, nobody knows whether it has stored the rows: the sweep
    // looks again.
    if !matches!(done, Err(Error::Unavailable | Error::Internal(_))) {
        app.files.discard(&app.db, &attached.files).await;
    }
    done
}

/// Lets the customer read a file of his inquiry: a link that is good for a while.
///
/// # Errors
/// `NotFound`, also for a file of another inquiry.
pub async fn link_for_customer(app: &App, service: &str, token: &str, file: FileId) -> Result<String> {
    app.db
        .look(async |tx| {
            let inquiry = inquiries::own(app, tx, service, token).await?.inquiry;
            belongs(tx, inquiry.id, file).await
        })
        .await?;
    Ok(link(app, file))
}

/// Lets an agent read a file of an inquiry.
///
/// # Errors
/// As [`inquiries::open`]; `NotFound` also for a file of another inquiry.
pub async fn link_for_agent(agent: &Agent, inquiry: InquiryId, file: FileId) -> Result<String> {
    inquiries::authorise(agent)?;
    agent
        .app
        .db
        .look(async |tx| {
            inquiries::mine(tx, agent, inquiry).await?;
            belongs(tx, inquiry, file).await
        })
        .await?;
    Ok(link(&agent.app, file))
}

/// Lets an agent read a file of a chat that he may see.
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound` also for a file of another chat.
pub async fn link_of_chat(agent: &Agent, chat: ChatId, file: FileId) -> Result<String> {
    if !agent.member.has(Right::Oversight) {
        agent.require(Right::Chat)?;
    }
    agent
        .app
        .db
        .look(async |tx| {
            agent.seen(db::chats::find(tx, chat).await?)?;
            match db::files::chat_of(tx, file).await? {
                Some((of, _)) if of == chat => Ok(()),
                _ => Err(Error::NotFound),
            }
        })
        .await?;
    Ok(link(&agent.app, file))
}

/// Lets a customer read a file of his chat, by a link that was signed for both of them.
///
/// # Errors
/// `Forbidden` for a link that is over or not ours, `NotFound` for a file that is gone.
pub async fn link_for_visitor(app: &App, signed: &str) -> Result<String> {
    let (visitor, file) = cards::signed(app, signed).ok_or(Error::Forbidden)?;
    let found = app.db.look(async |tx| db::files::chat_of(tx, file).await).await?;
    if found.is_some_and(|(_, of)| of == visitor) { Ok(link(app, file)) } else { Err(Error::NotFound) }
}

async fn belongs(tx: &mut Tx, inquiry: InquiryId, file: FileId) -> Result<()> {
    let there = db::files::of_inquiry(tx, inquiry).await?.iter().any(|(_, a)| a.id == file);
    if there { Ok(()) } else { Err(Error::NotFound) }
}

fn link(app: &App, file: FileId) -> String {
    format!("/files/{}", app.keys.sign(Purpose::File, &file.to_string(), app.clock.now().plus(LINK_LIFE)))
}

/// The file behind a link.
///
/// # Errors
/// `Forbidden` for a link that is over or not ours, `NotFound` for a file that is gone.
pub async fn read(app: &App, signed: &str) -> Result<(Attachment, BoxStream<'static, object_store::Result<Bytes>>)> {
    let id = app.keys.signed(Purpose::File, signed, app.clock.now()).and_then(|id| id.parse().ok()).ok_or(Error::Forbidden)?;
    let file = app.db.look(async |tx| db::files::find(tx, id).await).await?.ok_or(Error::NotFound)?;
    let bytes = app.files.read(id).await?;
    Ok((file, bytes))
}
