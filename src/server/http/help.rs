//! The help centre: pages of a service for its customers, without script where one wants.

use super::{
    auth::Sender,
    front::{self, Drawing, InquiryForm, Typed, of_form},
    pages::{message_page, see_other, with_cookie},
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
        actions::{door::Doorway, inquiries},
        clock::new_id,
        db::{self, services::Widget},
        error::{Error, Result},
        secrets,
        state::App,
    },
    ui::{
        front::{HelpDocument, HelpDocumentProps, HelpView, OwnInquiry, View, moment},
        settings::hours::summary,
    },
};
use axum::{
    Form,
    body::Body,
    extract::{ConnectInfo, Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
};
use leptos::prelude::*;
use serde::Deserialize;
use std::net::SocketAddr;

/// The help centre's own way in; unknown services have none.
async fn way_in(app: &App, service: &str) -> Result<Widget> {
    let key = db::services::help_key(service);
    app.db.look(async |tx| db::services::known_widget(tx, &key).await?.ok_or(Error::NotFound)).await
}

fn language(uri: &Uri, headers: &HeaderMap) -> Language {
    request::asked_language(uri).unwrap_or_else(|| request::browser_language(headers))
}

/// The beginning.
pub async fn home(State(app): State<App>, Path(service): Path<String>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let language = language(&uri, &headers);
    let drawn = async {
        let widget = way_in(&app, &service).await?;
        let doorway = front::doorway(&app, &widget).await?;
        Ok(document(&app, &widget, &doorway, language, HelpView::Home, StatusCode::OK))
    };
    drawn.await.unwrap_or_else(|error| failed(error, language))
}

/// The form of a 1:1 문의.
pub async fn ask(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(service): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let language = language(&uri, &headers);
    let sender = Sender::new(app.clone(), peer, headers);
    let drawn = async {
        let widget = way_in(&app, &service).await?;
        let doorway = front::doorway(&app, &widget).await?;
        if !doorway.help.inquiry {
            return Err(Error::NotFound);
        }
        let known = front::known(sender.visitor(&widget.key).await.ok().as_ref()).await?;
        let view = View::Ask { token: secrets::new_token() };
        let base = format!("/help/{service}");
        let drawing = Drawing { app: &app, doorway: &doorway, widget: &widget, base, language, view, known, typed: Typed::default() };
        Ok(document(&app, &widget, &doorway, language, HelpView::Ask(Box::new(drawing.front())), StatusCode::OK))
    };
    drawn.await.unwrap_or_else(|error| failed(error, language))
}

/// Stores an inquiry and shows that it was, or what was wrong.
pub async fn inquire(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(service): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Form(form): Form<InquiryForm>,
) -> Response<Body> {
    let language = form.language().unwrap_or_else(|| language(&uri, &headers));
    let sender = Sender::new(app.clone(), peer, headers);
    let done = async {
        let widget = way_in(&app, &service).await?;
        let (visitor, cookie) = of_form(&sender, &widget.key).await?;
        let (view, typed) = front::leave(&visitor, &sender.anyone().address, form, language).await;
        let status = if typed.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let doorway = front::doorway(&app, &widget).await?;
        let known = front::known(Some(&visitor)).await?;
        let base = format!("/help/{service}");
        let drawing = Drawing { app: &app, doorway: &doorway, widget: &widget, base, language, view, known, typed };
        let answer = document(&app, &widget, &doorway, language, HelpView::Ask(Box::new(drawing.front())), status);
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
    shown(&app, &service, &token, language, None).await.unwrap_or_else(|error| failed(error, language))
}

async fn shown(app: &App, service: &str, token: &str, language: Language, error: Option<ApiError>) -> Result<Response<Body>> {
    let widget = way_in(app, service).await?;
    let own = app.db.read(async |tx| inquiries::own(tx, service, token).await).await?;
    let doorway = front::doorway(app, &widget).await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let own = OwnInquiry {
        number: own.inquiry.number,
        answered: own.inquiry.answered,
        messages: own.messages.into_iter().map(|m| (m.at, m.agent.is_some(), m.text)).collect(),
        action: format!("/help/{service}/inquiries/{token}"),
        client_id: new_id().to_string(),
        problem: error.and_then(|error| error.problem_of("text")),
    };
    Ok(document(app, &widget, &doorway, language, HelpView::Inquiry(Box::new(own)), status))
}

/// What the customer adds.
#[derive(Deserialize)]
pub struct AgainForm {
    client_id: ClientId,
    text: String,
    #[serde(default)]
    lang: String,
}

/// Adds to an inquiry and leads back to it.
pub async fn write_again(
    State(app): State<App>,
    Path((service, token)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<AgainForm>,
) -> Response<Body> {
    let language = Language::parse(&form.lang).unwrap_or_else(|| request::browser_language(&headers));
    match inquiries::write_again(&app, &service, &token, form.client_id, &form.text).await {
        Ok(()) => see_other(&format!("/help/{service}/inquiries/{token}?lang={}", language.code())),
        Err(error @ Error::Invalid(_)) => {
            shown(&app, &service, &token, language, Some(error.into())).await.unwrap_or_else(|error| failed(error, language))
        }
        Err(error) => failed(error, language),
    }
}

fn failed(error: Error, language: Language) -> Response<Body> {
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

fn document(app: &App, widget: &Widget, doorway: &Doorway, language: Language, view: HelpView, status: StatusCode) -> Response<Body> {
    let service = &doorway.service;
    let language = service.language(language);
    let (texts, nonce) = (Texts::of(language), secrets::new_token());
    // An inquiry's address is its customer's secret, and a chat tells agents the page's address.
    let icon = widget.active && service.contract.chat && !matches!(view, HelpView::Inquiry(_));
    let props = HelpDocumentProps {
        assets: app.site.assets("widget"),
        nonce: nonce.clone(),
        script: app.site.text("front.js").to_owned(),
        key: service.key.clone(),
        name: service.name.get(language).to_owned(),
        zone: service.zone.clone(),
        state: state(&texts, doorway, widget),
        hours: summary(&texts, &doorway.calendar, &service.zone),
        company_details: doorway.help.company.clone(),
        inquiry: doorway.help.inquiry,
        icon: icon.then(|| widget.key.clone()),
        view,
        texts,
    };
    let html = Owner::new_root(None).with(|| HelpDocument(props).to_html());
    let mut response = Response::new(Body::from(format!("<!DOCTYPE html>{html}")));
    *response.status_mut() = status;
    let h = response.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::from_str(&security::help_policy(&app.config, &nonce)) {
        h.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
