//! Nobody is left for those who wait (G13): a while after the last agent has gone, or the
//! hours have ended, a waiting chat becomes a 1:1 문의 with its words kept.

use super::{
    Visitor,
    door::{self, Doorway},
    inquiries::link,
};
use crate::{
    domain::{
        chat::Refused,
        ids::{ChatId, InquiryId, VisitorId},
        settings::{Routing, Section as _},
        time::{MINUTE, Timestamp},
    },
    i18n::Texts,
    server::{
        clock::new_id,
        db::{self, Tx, events::Growth, inquiries::Inquiry, queues::Standing},
        error::{Error, Result},
        mail, secrets,
        state::App,
    },
};
use std::time::Duration;

/// How often the queues are looked at: a minute is told by the minute.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Looks after those who wait until the program ends.
pub async fn run(app: App) {
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        if let Err(error) = Box::pin(look(&app)).await {
            tracing::warn!(%error, "waiting chats not looked at");
        }
    }
}

/// Notes which queues nobody attends, and turns what has waited there for long enough.
///
/// # Errors
/// The database's.
pub async fn look(app: &App) -> Result<()> {
    let now = app.clock.now();
    let standing = app.db.look(async |tx| db::queues::standing(tx).await).await?;
    for of_service in standing.chunk_by(|a, b| a.service == b.service) {
        let Some(first) = of_service.first() else { continue };
        let (doorway, minutes) = app
            .db
            .read(async |tx| {
                let service = db::services::find(tx, first.service).await?.ok_or(Error::NotFound)?;
                let routing = db::settings::find::<Routing>(tx, service.id, Routing::NAME).await?;
                let minutes = routing.map_or_else(Routing::default, |stored| stored.body).absent_minutes;
                Ok((door::look(tx, service, now).await?, minutes))
            })
            .await?;
        for queue in of_service {
            look_at(app, &doorway, queue, i64::from(minutes) * MINUTE, now).await?;
        }
    }
    Ok(())
}

async fn look_at(app: &App, doorway: &Doorway, queue: &Standing, patience: i64, now: Timestamp) -> Result<()> {
    let absent = queue.waiting && !doorway.attends(queue.queue);
    let since = absent.then(|| queue.absent_since.unwrap_or(now));
    if since != queue.absent_since {
        app.db.write(async |tx| db::queues::set_absent_since(tx, queue.queue, since).await).await?;
    }
    let due = now.plus(-patience);
    // Without 1:1 문의 they wait on: nothing is lost, and an agent will come.
    if since.is_none_or(|since| since > due) || !doorway.help.inquiry {
        return Ok(());
    }
    let chats = app.db.look(async |tx| db::chats::waiting_since(tx, queue.queue, due).await).await?;
    for chat in chats {
        match turn(app, chat, None).await {
            // An agent or the customer himself was faster.
            Ok(_) | Err(Error::Refused(_) | Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The customer does not want to wait for somebody to come back.
///
/// # Errors
/// `NotFound` where 1:1 문의 is off, `Refused` when no chat of his waits.
pub async fn turn_own(visitor: &Visitor) -> Result<u64> {
    let app = &visitor.app;
    app.limits.visitor_send(visitor.id)?;
    let chat = app.db.look(async |tx| db::chats::newest_of(tx, visitor.id).await).await?.ok_or(Refused::NoChat)?;
    turn(app, chat.id, Some(visitor.id)).await
}

/// Ends a waiting chat and makes an inquiry of its words. Answers the inquiry's number.
async fn turn(app: &App, id: ChatId, of: Option<VisitorId>) -> Result<u64> {
    let at = app.clock.now();
    app.change(async |tx| {
        let chat = db::chats::lock(tx, &[id]).await?.pop().filter(|c| of.is_none_or(|v| v == c.visitor)).ok_or(Error::NotFound)?;
        let (chat, events) = chat.left_alone(at)?;
        let number = keep(app, tx, &chat, at).await?;
        Ok((number, vec![Growth { chat, at, events: events.into_iter().map(|e| (e, None)).collect() }]))
    })
    .await
}

async fn keep(app: &App, tx: &mut Tx, chat: &crate::domain::chat::Chat, at: Timestamp) -> Result<u64> {
    db::services::lock(tx, chat.service).await?;
    let service = db::services::find(tx, chat.service).await?.ok_or(Error::NotFound)?;
    if !door::look(tx, service.clone(), at).await?.help.inquiry {
        return Err(Error::NotFound);
    }
    let language = db::chats::language(tx, chat.id).await?;
    let inquiry = Inquiry {
        id: InquiryId(new_id()),
        service: service.id,
        number: 0,
        visitor: chat.visitor,
        chat: Some(chat.id),
        language,
        contact: db::visitors::customer(tx, chat.visitor).await?.contact(),
        answered: false,
        created_at: at,
        moved_at: at,
    };
    let token = secrets::new_token();
    let number = db::inquiries::insert(tx, &inquiry, &secrets::token_hash(&token)).await?;
    for (said, client_id, text) in db::events::words(tx, chat.id).await? {
        db::inquiries::write(tx, inquiry.id, client_id, said, None, &text).await?;
    }
    db::files::carry_over(tx, chat.id, inquiry.id).await?;
    if !inquiry.contact.email.is_empty() {
        let (t, name) = (Texts::of(language), service.name.get(language));
        let url = link(&app.config, &service.key, &token);
        let subject = t.mail_inquiry_subject(name, number);
        mail::post(tx, app, &inquiry.contact.email, &subject, &t.mail_inquiry(name, number, url)).await?;
    }
    Ok(number)
}
