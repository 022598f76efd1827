//! The help centre: pages of a service for its customers, without script where one wants.

use super::{
    auth::Sender,
    files::Posted,
    front::{self, Drawing, Typed, Wanted, of_form},
    inquiry::{self, InquiryForm},
    pages::{fragment, html_page, message_page, see_other, with_cookie},
    request, security,
};
use crate::{
    api::ApiError,
    domain::{
        availability::{Door, Shut},
        ids::ClientId,
        service::Language,
    },
    i18n::Texts,
    server::{
        actions::{
            door::Doorway,
            files,
            inquiries::{self, Added},
        },
        clock::new_id,
        db::{self, services::Widget},
        error::{Error, Result},
        secrets,
        state::App,
    },
    ui::{
        front::{
            Front, FrontDoor, FrontDoorProps, HelpDocument, HelpDocumentProps, HelpHome, HelpHomeProps, HelpView, Home, OwnInquiry,
            OwnMessage, View, moment,
        },
        settings::hours::summary,
    },
};
use axum::{
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, Response, StatusCode, Uri},
};
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::Arc;

/// The help centre's own way in; unknown services have none.
pub(super) async fn way_in(app: &App, service: &str) -> Result<(Widget, Arc<Doorway>)> {
    front::way_in(app, &db::services::help_key(service)).await
}

pub(super) fn language(uri: &Uri, headers: &HeaderMap) -> Language {
    request::asked_language(uri).unwrap_or_else(|| request::browser_language(headers))
}

/// The beginning.
pub async fn home(State(app): State<App>, Path(service): Path<String>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let language = language(&uri, &headers);
    let drawn = async {
        let (widget, doorway) = way_in(&app, &service).await?;
        Ok(document(&app, &widget, &doorway, language, HelpView::Home(beginning(&widget, &doorway, language)), StatusCode::OK))
    };
    drawn.await.unwrap_or_else(|error| failed(error, language))
}

/// What stands on an open page, as it is now: the beginning, or the form of a 1:1 문의.
pub async fn show(sender: Sender, Path(service): Path<String>, Query(wanted): Query<Wanted>) -> Response<Body> {
    let app = sender.app.clone();
    let language = wanted.language(&sender.headers);
    let drawn = async {
        let (widget, doorway) = way_in(&app, &service).await?;
        let html = match wanted.view() {
            View::Ask { .. } => {
                let front = form(&app, &sender, &widget, &doorway, language).await?;
                Owner::new_root(None).with(|| FrontDoor(FrontDoorProps { front }).to_html())
            }
            _ => {
                let home = beginning(&widget, &doorway, language);
                Owner::new_root(None).with(|| HelpHome(HelpHomeProps { home }).to_html())
            }
        };
        Ok(fragment(StatusCode::OK, html))
    };
    drawn.await.unwrap_or_else(|error| failed(error, language))
}

/// The form of a 1:1 문의, as this customer gets it.
async fn form(app: &App, sender: &Sender, widget: &Widget, doorway: &Doorway, language: Language) -> Result<Front> {
    if !doorway.help.inquiry {
        return Err(Error::NotFound);
    }
    let known = front::known(sender.visitor(&widget.key).await.ok().as_ref(), &sender.anyone().address).await?;
    let view = View::Ask { token: secrets::new_token() };
    let base = format!("/help/{}", doorway.service.key);
    Ok(Drawing { app, doorway, widget, base, language, view, known, typed: Typed::default() }.front())
}

/// The page of a 1:1 문의.
pub async fn ask(sender: Sender, Path(service): Path<String>, uri: Uri) -> Response<Body> {
    let app = sender.app.clone();
    let language = language(&uri, &sender.headers);
    let drawn = async {
        let (widget, doorway) = way_in(&app, &service).await?;
        let front = form(&app, &sender, &widget, &doorway, language).await?;
        Ok(document(&app, &widget, &doorway, language, HelpView::Ask(Box::new(front)), StatusCode::OK))
    };
    drawn.await.unwrap_or_else(|error| failed(error, language))
}

/// Stores an inquiry and shows that it was, or what was wrong.
pub async fn inquire(sender: Sender, Path(service): Path<String>, request: Request) -> Response<Body> {
    let app = sender.app.clone();
    let first = language(request.uri(), request.headers());
    let Posted { form, attached } = match inquiry::read::<InquiryForm>(&sender, &db::services::help_key(&service), request).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let language = form.language().unwrap_or(first);
    let done = async {
        let (visitor, cookie) = of_form(&sender, &db::services::help_key(&service)).await?;
        let (view, typed) = inquiry::leave(&visitor, &sender.anyone().address, form, attached, language).await;
        let status = if typed.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let (widget, doorway) = way_in(&app, &service).await?;
        let known = front::known(Some(&visitor), &sender.anyone().address).await?;
        let base = format!("/help/{service}");
        let drawing = Drawing { app: &app, doorway: &doorway, widget: &widget, base, language, view, known, typed };
        let answer = if request::by_script(&sender.headers) {
            fragment(status, drawing.html())
        } else {
            document(&app, &widget, &doorway, language, HelpView::Ask(Box::new(drawing.front())), status)
        };
        Ok(with_cookie(answer, cookie))
    };
    done.await.unwrap_or_else(|error| failed(error, language))
}

/// The customer's own inquiry, by its link.
pub async fn inquiry(
    State(app): State<App>,
    Path((service, token)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let language = language(&uri, &headers);
    shown(&app, &service, &token, language, String::new(), None).await.unwrap_or_else(|error| failed(error, language))
}

async fn shown(app: &App, service: &str, token: &str, language: Language, text: String, error: Option<ApiError>) -> Result<Response<Body>> {
    let (widget, doorway) = way_in(app, service).await?;
    let own = app.db.read(async |tx| inquiries::own(app, tx, service, token).await).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let action = format!("/help/{service}/inquiries/{token}");
    let files = own.files;
    let own = OwnInquiry {
        number: own.inquiry.number,
        answered: own.inquiry.answered,
        messages: own
            .messages
            .into_iter()
            .map(|m| OwnMessage { at: m.at, desk: m.agent.is_some(), files: inquiries::of_message(&files, m.client_id), text: m.text })
            .collect(),
        action,
        client_id: new_id().to_string(),
        text,
        problem: error.as_ref().and_then(|error| error.problem_of("text")),
        files_problem: error.as_ref().and_then(|error| error.problem_of("files")),
    };
    Ok(document(app, &widget, &doorway, language, HelpView::Inquiry(Box::new(own)), status))
}

/// What the customer adds.
#[derive(Deserialize)]
pub struct AgainForm {
    client_id: ClientId,
    #[serde(default)]
    text: String,
    #[serde(default)]
    lang: String,
}

/// Adds to an inquiry and leads back to it.
pub async fn write_again(sender: Sender, Path((service, token)): Path<(String, String)>, request: Request) -> Response<Body> {
    let app = sender.app.clone();
    let first = language(request.uri(), request.headers());
    // Before a byte of a file is read.
    let room = async { files::has_room(&app, inquiries::writer(&app, &service, &token).await?).await };
    let room = match room.await {
        Ok(room) => room,
        Err(error) => return failed(error, first),
    };
    let Posted { form, attached } = match inquiry::read_within::<AgainForm>(&sender, room, request).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let language = Language::parse(&form.lang).unwrap_or(first);
    let added = Added { client_id: form.client_id, text: form.text, attached };
    match inquiries::write_again(&app, &service, &token, &added).await {
        Ok(()) => see_other(&format!("/help/{service}/inquiries/{token}?lang={}", language.code())),
        Err(error @ Error::Invalid(_)) => {
            shown(&app, &service, &token, language, added.text, Some(error.into())).await.unwrap_or_else(|error| failed(error, language))
        }
        Err(error) => failed(error, language),
    }
}

pub(super) fn failed(error: Error, language: Language) -> Response<Body> {
    let t = Texts::of(language);
    match ApiError::from(error) {
        ApiError::NotFound => message_page(StatusCode::NOT_FOUND, language, &t.error_page_not_found()),
        ApiError::TooMany(seconds) => message_page(StatusCode::TOO_MANY_REQUESTS, language, &t.error_too_many(seconds)),
        _ => message_page(StatusCode::SERVICE_UNAVAILABLE, language, &t.error_unavailable()),
    }
}

/// How the chat is now, in words.
fn state(t: &Texts, doorway: &Doorway, widget: &Widget) -> (bool, String) {
    match doorway.door(widget.active) {
        Door::Open { .. } => (true, t.front_help_open()),
        Door::Shut(Shut::Contract | Shut::Switch) => (false, t.front_help_off()),
        Door::Shut(Shut::Hours { opens: Some(at) }) => (false, t.front_opens(moment(t, at, &doorway.service.zone))),
        Door::Shut(Shut::Hours { opens: None }) => (false, t.front_closed_title()),
        Door::Shut(_) => (false, t.front_absent_title()),
    }
}

/// The chat icon is there: its way in is switched on, and the contract has chat.
fn has_icon(widget: &Widget, doorway: &Doorway) -> bool {
    widget.active && doorway.service.contract.chat
}

fn beginning(widget: &Widget, doorway: &Doorway, language: Language) -> Home {
    let texts = Texts::of(doorway.service.language(language));
    Home {
        base: format!("/help/{}", doorway.service.key),
        widget: widget.key.clone(),
        is: doorway.is(widget.active),
        state: state(&texts, doorway, widget),
        hours: summary(&texts, &doorway.calendar, &doorway.service.zone),
        icon: has_icon(widget, doorway),
        inquiry: doorway.help.inquiry,
        texts,
    }
}

pub(super) fn document(
    app: &App,
    widget: &Widget,
    doorway: &Doorway,
    language: Language,
    view: HelpView,
    status: StatusCode,
) -> Response<Body> {
    let service = &doorway.service;
    let language = service.language(language);
    let (texts, nonce) = (Texts::of(language), secrets::new_token());
    // An inquiry's address is its customer's secret, and a chat tells agents the page's address.
    let icon = has_icon(widget, doorway) && !matches!(view, HelpView::Inquiry(_) | HelpView::Mine(_));
    let props = HelpDocumentProps {
        assets: app.site.assets("help"),
        nonce: nonce.clone(),
        script: app.site.text("front.js").to_owned(),
        key: service.key.clone(),
        name: service.name.get(language).to_owned(),
        banner: doorway.banner.clone(),
        zone: service.zone.clone(),
        company_details: doorway.help.company.clone(),
        icon: icon.then(|| widget.key.clone()),
        view,
        texts,
    };
    let html = Owner::new_root(None).with(|| HelpDocument(props).to_html());
    html_page(status, &html, &security::help_policy(&app.config, &nonce))
}
