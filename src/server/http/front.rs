//! The front door over HTTP: its drawing for pages that are open, and the start of a
//! chat. Forms work alike with script and without it.

use super::{
    auth::{self, Sender},
    pages::{fragment, see_other, with_cookie},
    request,
    widget::Drawn,
};
use crate::{
    api::ApiError,
    domain::{
        availability::Door,
        chat::{Chat, State},
        contact::{Asked, Contact},
        ids::QueueId,
        service::Language,
    },
    i18n::Texts,
    protocol::Page,
    server::{
        actions::{
            Visitor, absence,
            door::{self, Doorway, Start, consent_key},
            mine::{self, Mine},
            visitors,
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
    Form, Json,
    body::Body,
    extract::{ConnectInfo, Path, Query, State as Of},
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse as _,
};
use leptos::prelude::*;
use serde::Deserialize;
use std::{net::SocketAddr, sync::Arc};
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
        let door = doorway.door(widget.active);
        let queues = match &door {
            Door::Open { queues } => queues.clone(),
            Door::Shut(_) => Vec::new(),
        };
        let name = |id| doorway.queues.iter().find(|q| q.id == id).map(|q| q.name.get(language).to_owned()).unwrap_or_default();
        let wording = |text: String| (consent_key(&text), text);
        let Known { contact, member, chat, mine } = known;
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

/// The door of a service now.
pub async fn doorway(app: &App, widget: &Widget) -> Result<Arc<Doorway>> {
    app.doors.after(app, widget.service.id, Instant::now()).await
}

/// What is known of the one behind a request.
pub async fn known(visitor: Option<&Visitor>) -> Result<Known> {
    let Some(visitor) = visitor else { return Ok(Known::default()) };
    let (customer, chat) = visitor
        .app
        .db
        .look(async |tx| Ok((db::visitors::customer(tx, visitor.id).await?, db::chats::newest_of(tx, visitor.id).await?)))
        .await?;
    let member = visitor.vouched.is_some();
    Ok(Known { contact: customer.contact(), member, chat, mine: mine::of_visitor(visitor).await? })
}

/// Which view is asked for.
#[derive(Deserialize)]
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

fn language(asked: &str, headers: &HeaderMap) -> Language {
    Language::parse(asked).unwrap_or_else(|| request::browser_language(headers))
}

/// The door as it is now, for a page that shows it already.
pub async fn show(
    Of(app): Of<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(key): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response<Body> {
    let language = wanted.language(&headers);
    let sender = Sender::new(app.clone(), peer, headers);
    let drawn = async {
        let widget = app.db.look(async |tx| db::services::known_widget(tx, &key).await?.ok_or(Error::NotFound)).await?;
        let doorway = doorway(&app, &widget).await?;
        let known = known(sender.visitor(&key).await.ok().as_ref()).await?;
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

/// 동의하고 상담 시작 as a form sends it.
#[derive(Deserialize)]
pub struct StartForm {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    queue: Option<QueueId>,
    #[serde(default)]
    consent: String,
    #[serde(flatten)]
    contact: Contact,
    /// Of the host page, where a script sends it.
    #[serde(default)]
    url: String,
    #[serde(default)]
    title: String,
}

/// Starts a chat. A script is told the chat, a form is led to its page; where it did not
/// work, both get the door again, with what was wrong.
pub async fn start(
    Of(app): Of<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(key): Path<String>,
    headers: HeaderMap,
    Form(form): Form<StartForm>,
) -> Response<Body> {
    let by = match Poster::of(Sender::new(app, peer, headers), &key, &form.lang).await {
        Ok(by) => by,
        Err(error) => return refused(error),
    };
    let start = Start {
        queue: form.queue,
        consent: form.consent,
        contact: form.contact.clone(),
        language: by.language,
        page: Page { url: form.url, title: form.title },
    };
    let answer = match door::start(&by.visitor, &by.address, start).await {
        Ok(sent) if by.script => Json(sent).into_response(),
        Ok(_) => see_other(&format!("/w/{key}?lang={}", by.language.code())),
        Err(error) => {
            let typed = Typed { contact: form.contact, queue: form.queue, error: Some(error.into()), ..Typed::default() };
            again(&by, &key, View::Door, typed).await
        }
    };
    with_cookie(answer, by.cookie)
}

/// 1:1 문의 in the place of waiting, as a form asks for it (G13).
#[derive(Deserialize)]
pub struct TurnForm {
    #[serde(default)]
    lang: String,
}

/// Turns the waiting chat into an inquiry. The chat's end shows by itself.
pub async fn turn(
    Of(app): Of<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(key): Path<String>,
    headers: HeaderMap,
    Form(form): Form<TurnForm>,
) -> Response<Body> {
    let typed = Typed::default();
    act(Sender::new(app, peer, headers), &key, &form.lang, typed, async |visitor| match absence::turn_own(visitor).await {
        // An agent was faster, or it is one already: the page shows what is so.
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    })
    .await
}

/// Where the answer to an inquiry shall go.
#[derive(Deserialize)]
pub struct ReachForm {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    email: String,
}

/// Notes where the answer to the visitor's newest inquiry shall go.
pub async fn reach(
    Of(app): Of<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(key): Path<String>,
    headers: HeaderMap,
    Form(form): Form<ReachForm>,
) -> Response<Body> {
    let typed = Typed { contact: Contact { email: form.email.clone(), ..Contact::default() }, ..Typed::default() };
    act(Sender::new(app, peer, headers), &key, &form.lang, typed, async |visitor| mine::reach(visitor, &form.email).await).await
}

/// Does something for a visitor who is known already, and draws the door anew.
async fn act(sender: Sender, key: &str, lang: &str, typed: Typed, act: impl AsyncFnOnce(&Visitor) -> Result<()>) -> Response<Body> {
    let by = match Poster::of(sender, key, lang).await {
        Ok(by) => by,
        Err(error) => return refused(error),
    };
    let answer = match act(&by.visitor).await {
        Ok(()) if by.script => again(&by, key, View::Door, Typed::default()).await,
        Ok(()) => see_other(&format!("/w/{key}?lang={}", by.language.code())),
        Err(error) => again(&by, key, View::Door, Typed { error: Some(error.into()), ..typed }).await,
    };
    with_cookie(answer, by.cookie)
}

/// Who posts a form, and how he wants his answer.
pub struct Poster {
    pub visitor: Visitor,
    /// Of a visitor who was made just now.
    pub cookie: Option<String>,
    pub address: String,
    pub language: Language,
    /// A script has sent the form and stays on its page.
    script: bool,
}

impl Poster {
    /// The one behind a form whose page was read in `lang`.
    pub async fn of(sender: Sender, key: &str, lang: &str) -> Result<Self> {
        let (visitor, cookie) = of_form(&sender, key).await?;
        let accept = sender.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
        Ok(Self {
            visitor,
            cookie,
            address: sender.anyone().address,
            language: language(lang, &sender.headers),
            script: accept.is_some_and(|accept| accept.contains("application/json")),
        })
    }
}

/// The door again after a form, with what came of it.
pub async fn again(by: &Poster, key: &str, view: View, typed: Typed) -> Response<Body> {
    let (app, language) = (&by.visitor.app, by.language);
    let status = if typed.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let drawn = async {
        let widget = app.db.look(async |tx| db::services::known_widget(tx, key).await?.ok_or(Error::NotFound)).await?;
        let doorway = doorway(app, &widget).await?;
        let known = known(Some(&by.visitor)).await?;
        let html = Drawing { app, doorway: &doorway, widget: &widget, base: format!("/w/{key}"), language, view, known, typed }.html();
        Ok((widget, doorway.banner.clone(), html))
    };
    match drawn.await {
        Ok((_, _, html)) if by.script => fragment(status, html),
        Ok((widget, banner, front)) => super::widget::document(app, &widget, language, None, None, Drawn { banner, front }, status),
        Err(error) => refused(error),
    }
}

/// The visitor behind a form; one whom nobody knows yet is made, and told by a cookie. Who
/// brings a token that is over is no stranger: he must not go on as one.
pub async fn of_form(sender: &Sender, key: &str) -> Result<(Visitor, Option<String>)> {
    match sender.visitor(key).await {
        Ok(visitor) => Ok((visitor, None)),
        Err(Error::Unauthenticated) if request::bearer(&sender.headers).is_none() => {
            let token = visitors::register(&sender.anyone(), key).await?.token;
            let visitor = auth::visitor_by_token(&sender.app, key, Some(&token)).await?;
            Ok((visitor, Some(auth::visitor_cookie(key, &token))))
        }
        Err(error) => Err(error),
    }
}
