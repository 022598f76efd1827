//! The front door over HTTP: its drawing, also for pages that are open.

mod post;

pub use post::{Poster, again, of_form, reach, start, turn};

use super::{auth::Sender, pages::fragment, request};
use crate::{
    api::ApiError,
    domain::{
        availability::{Door, Shut},
        chat::{Chat, State},
        contact::{Asked, Contact},
        ids::QueueId,
        service::Language,
    },
    i18n::Texts,
    server::{
        actions::{
            Visitor,
            door::{Doorway, consent_key},
            mine::{self, Mine},
        },
        db::{self, services::Widget},
        error::{Error, Result},
        secrets,
        state::App,
    },
    ui::{
        front::{Choice, Front, FrontDoor, FrontDoorProps, Left, View},
        settings::hours::summary,
    },
};
use axum::{
    body::Body,
    extract::{Path, Query},
    http::{HeaderMap, Response, StatusCode},
};
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;
use tokio::time::Instant;

/// How many of his own inquiries the door shows.
const MINE_SHOWN: usize = 5;

/// What the customer has typed, and what came of it.
#[derive(Default)]
pub struct Typed {
    pub contact: Contact,
    pub text: String,
    pub queue: Option<QueueId>,
    pub error: Option<ApiError>,
}

/// Puts together what a door shows.
pub struct Drawing<'a> {
    pub app: &'a App,
    pub doorway: &'a Doorway,
    pub widget: &'a Widget,
    /// Below which address the forms are.
    pub base: String,
    pub language: Language,
    pub view: View,
    pub known: Known,
    pub typed: Typed,
}

/// What we know of the one who stands there.
#[derive(Default)]
pub struct Known {
    contact: Contact,
    /// A shop vouches for him (G20).
    member: bool,
    /// He is kept out (G34): the door is shut to him, and says no more.
    kept_out: bool,
    /// His newest chat.
    chat: Option<Chat>,
    mine: Vec<Mine>,
}

impl Drawing<'_> {
    /// As the page draws it.
    #[must_use]
    pub fn front(self) -> Front {
        let Self { app, doorway, widget, base, language, view, known, typed } = self;
        // What is agreed to must be the wording that the start compares (G22).
        let language = doorway.service.language(language);
        let texts = Texts::of(language);
        let door = if known.kept_out { Door::Shut(Shut::Absent) } else { doorway.door(widget.active) };
        let queues = match &door {
            Door::Open { queues } => queues.clone(),
            Door::Shut(_) => Vec::new(),
        };
        let name = |id| doorway.queues.iter().find(|q| q.id == id).map(|q| q.name.get(language).to_owned()).unwrap_or_default();
        let wording = |text: String| (consent_key(&text), text);
        let Known { contact, member, chat, mine, .. } = known;
        let members_only = doorway.members_only && !member;
        let left = |mine: &Mine| Left {
            number: mine.inquiry.number,
            answered: mine.inquiry.answered,
            href: format!("/help/{}/inquiries/{}?lang={}", doorway.service.key, mine.token, language.code()),
            email: !mine.inquiry.contact.email.is_empty(),
        };
        let last = chat.as_ref().map(|chat| chat.id);
        let alone = |chat: &Chat| matches!(chat.state, State::Waiting { .. }) && !doorway.attends(chat.queue);
        Front {
            base,
            widget: widget.key.clone(),
            is: doorway.is(widget.active),
            view,
            queues: queues.into_iter().map(|(id, shut)| Choice { id, name: name(id), shut }).collect(),
            door,
            zone: doorway.service.zone.clone(),
            absent: doorway.texts.absent.get(language).to_owned(),
            closed: doorway.texts.closed.get(language).to_owned(),
            ended: doorway.texts.ended.get(language).to_owned(),
            consent: wording(doorway.consent(language)),
            inquiry_consent: wording(doorway.inquiry_consent(language)),
            members_only,
            inquiry: doorway.help.inquiry && !members_only,
            mail: app.config.smtp.is_some(),
            hours: summary(&texts, &doorway.calendar, &doorway.service.zone),
            company: doorway.help.company.clone(),
            asked: Asked { name: doorway.texts.name, email: doorway.texts.email, phone: doorway.texts.phone },
            alone: chat.as_ref().is_some_and(alone),
            turned: mine.iter().find(|mine| last.is_some() && mine.inquiry.chat == last).map(left),
            mine: mine.iter().take(MINE_SHOWN).map(left).collect(),
            known: contact,
            typed: typed.contact,
            text: typed.text,
            queue: typed.queue,
            error: typed.error,
            texts,
        }
    }

    /// As HTML.
    #[must_use]
    pub fn html(self) -> String {
        let front = self.front();
        Owner::new_root(None).with(|| FrontDoor(FrontDoorProps { front }).to_html())
    }
}

/// A widget by its key, and the door behind it now.
pub async fn way_in(app: &App, key: &str) -> Result<(Widget, Arc<Doorway>)> {
    let widget = app.db.look(async |tx| db::services::known_widget(tx, key).await?.ok_or(Error::NotFound)).await?;
    let doorway = doorway(app, &widget).await?;
    Ok((widget, doorway))
}

/// The door of a service now.
pub async fn doorway(app: &App, widget: &Widget) -> Result<Arc<Doorway>> {
    app.doors.after(app, widget.service.id, Instant::now()).await
}

/// What is known of the one behind a request from this address.
pub async fn known(visitor: Option<&Visitor>, address: &str) -> Result<Known> {
    let Some(visitor) = visitor else { return Ok(Known::default()) };
    let (member, now) = (visitor.vouched.is_some(), visitor.app.clock.now());
    let (customer, chat, kept_out) = visitor
        .app
        .db
        .look(async |tx| {
            let customer = db::visitors::customer(tx, visitor.id).await?;
            let chat = db::chats::newest_of(tx, visitor.id).await?;
            let kept_out = db::blocks::keeps_out(tx, visitor.service.id, visitor.id, member, address, now).await?;
            Ok((customer, chat, kept_out))
        })
        .await?;
    Ok(Known { contact: customer.contact(), member, kept_out, chat, mine: mine::of_visitor(visitor).await? })
}

/// Which view is asked for.
#[derive(Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    view: String,
    #[serde(default)]
    lang: String,
}

impl Wanted {
    /// In which the page is read.
    #[must_use]
    pub fn language(&self, headers: &HeaderMap) -> Language {
        language(&self.lang, headers)
    }

    /// Whether the door is wanted, whatever chat was last.
    #[must_use]
    pub fn is_given(&self) -> bool {
        !self.view.is_empty()
    }

    /// As the drawing wants it.
    #[must_use]
    pub fn view(&self) -> View {
        if self.view == "ask" { View::Ask { token: secrets::new_token() } } else { View::Door }
    }
}

/// The language that is asked for, or the browser's.
pub fn language(asked: &str, headers: &HeaderMap) -> Language {
    Language::parse(asked).unwrap_or_else(|| request::browser_language(headers))
}

/// The door as it is now, for a page that shows it already.
pub async fn show(sender: Sender, Path(key): Path<String>, Query(wanted): Query<Wanted>) -> Response<Body> {
    let app = sender.app.clone();
    let language = wanted.language(&sender.headers);
    let drawn = async {
        let (widget, doorway) = way_in(&app, &key).await?;
        let known = known(sender.visitor(&key).await.ok().as_ref(), &sender.anyone().address).await?;
        let base = format!("/w/{key}");
        Ok(Drawing { app: &app, doorway: &doorway, widget: &widget, base, language, view: wanted.view(), known, typed: Typed::default() }
            .html())
    };
    match drawn.await {
        Ok(html) => fragment(StatusCode::OK, html),
        Err(error) => refused(error),
    }
}

/// An error in place of the door.
pub fn refused(error: Error) -> Response<Body> {
    let status = match &error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Unauthenticated => StatusCode::UNAUTHORIZED,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    // Logs what is internal.
    let _ = ApiError::from(error);
    fragment(status, String::new())
}
