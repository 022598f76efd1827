//! The pages of the app: who may open them, in which language, with which policy.

use super::{
    auth::{self, Sender},
    request, security,
    site::plain,
};
use crate::{
    api::accounts::SetUp,
    domain::{permission::Role, service::Language},
    i18n::Texts,
    server::{
        actions::{accounts, inquiries},
        db, demo,
        error::Error,
        state::App,
    },
    ui::{
        page::{Facts, MyService},
        session::safe_next,
        shell::{Shell, ShellProps},
    },
};
use axum::{
    Form,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{ResponseOptions, render_app_async_with_context};
use serde::Deserialize;
use std::net::SocketAddr;

/// Answers with a page of the app, or sends the browser to where it must go first.
pub async fn page(sender: Sender, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response<Body> {
    let app = sender.app.clone();
    let me = match sender.signed_in().await {
        Ok(me) => Some(me),
        Err(Error::Unauthenticated) => None,
        Err(_) => return plain(StatusCode::SERVICE_UNAVAILABLE, "The database does not answer."),
    };
    let path = request.uri().path();
    if let Some(elsewhere) = elsewhere(&app, path, me.is_some()).await {
        return see_other(&elsewhere);
    }
    let language = request::asked_language(request.uri())
        .or(me.as_ref().map(|me| me.account.language))
        .unwrap_or_else(|| request::browser_language(request.headers()));
    let https = request::is_https(&app.config, peer, request.headers());
    let facts = Facts {
        language,
        preferences: me.as_ref().map(|me| me.account.preferences).unwrap_or_default(),
        build: app.site.build().to_owned(),
        public_url: app.config.public_url.clone(),
        demo_accounts: if app.config.demo { demo::accounts() } else { Vec::new() },
        insecure: !https && !request::is_loopback_host(request.headers()),
        admin: false,
        inquiries: false,
        mail: app.config.smtp.is_some(),
        owner: me.as_ref().is_some_and(|me| me.account.owner),
        services: Vec::new(),
    };
    let facts = match me {
        Some(_) => with_services(&app, &sender, facts).await,
        None => facts,
    };
    render(&app, sender, facts, request).await
}

/// Where a browser must go before it can have the page at `path`.
async fn elsewhere(app: &App, path: &str, signed_in: bool) -> Option<String> {
    let fresh = !signed_in && accounts::needs_set_up(app).await.unwrap_or(false);
    match path {
        "/setup" if fresh => None,
        "/setup" => Some("/console".to_owned()),
        _ if fresh => Some("/setup".to_owned()),
        "/login" if signed_in => Some("/console".to_owned()),
        "/login" => None,
        path if path.starts_with("/join/") => None,
        "/" => Some("/console".to_owned()),
        _ if signed_in => None,
        path => Some(format!("/login?next={}", encode(path))),
    }
}

/// Adds what the account is in its services; without any, or while the database does not
/// answer, it is nothing.
async fn with_services(app: &App, sender: &Sender, facts: Facts) -> Facts {
    let Ok(agent) = sender.agent().await else { return facts };
    let mine = app.db.look(async |tx| db::services::of_account(tx, agent.account.id).await).await.unwrap_or_default();
    let connected = agent.member.service;
    Facts {
        admin: agent.member.role == Role::Admin,
        inquiries: inquiries::may(&agent.member),
        services: mine.into_iter().map(|(id, name)| MyService { id, name, connected: id == connected }).collect(),
        ..facts
    }
}

async fn render(app: &App, sender: Sender, facts: Facts, request: Request) -> Response<Body> {
    let (texts, assets, config) = (Texts::of(facts.language), app.site.assets("app"), app.config.clone());
    let (facts_context, texts_context) = (facts.clone(), texts.clone());
    let context = move || {
        provide_context(sender.clone());
        provide_context(facts_context.clone());
        provide_context(texts_context.clone());
    };
    let shell = move || {
        if let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) {
            let policy = security::app_policy(&config, &nonce);
            if let Ok(policy) = HeaderValue::from_str(&policy) {
                response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
        Shell(ShellProps { facts: facts.clone(), texts: texts.clone(), assets: assets.clone() })
    };
    render_app_async_with_context(context, shell)(request).await
}

/// The sign-in form without wasm.
#[derive(Deserialize)]
pub struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// Signs in by a plain form and leads on.
pub async fn sign_in(sender: Sender, Form(form): Form<SignInForm>) -> Response<Body> {
    match accounts::sign_in(&sender.anyone(), &form.email, form.password).await {
        Ok(token) => with_cookie(see_other(&safe_next(Some(&form.next))), Some(auth::session_cookie(&token))),
        Err(error) => {
            let code = match error {
                Error::WrongCredentials => "wrong_credentials",
                Error::TooMany(_) => "too_many",
                _ => "internal",
            };
            see_other(&format!("/login?error={code}&email={}&next={}", encode(&form.email), encode(&form.next)))
        }
    }
}

/// Sets up by a plain form and leads on.
pub async fn set_up(sender: Sender, Form(form): Form<SetUp>) -> Response<Body> {
    // What was typed comes back with the form, all but the password.
    let typed: String = [
        ("name", &form.name),
        ("email", &form.email),
        ("service_name", &form.service_name),
        ("service_key", &form.service_key),
        ("site", &form.site),
    ]
    .iter()
    .map(|(name, value)| format!("&{name}={}", encode(value)))
    .collect();
    match accounts::set_up(&sender.anyone(), form).await {
        Ok(token) => with_cookie(see_other("/settings"), Some(auth::session_cookie(&token))),
        Err(Error::Invalid(fields)) => {
            let fields: Vec<&str> = fields.iter().map(|f| f.field.as_str()).collect();
            see_other(&format!("/setup?error=invalid&fields={}{typed}", encode(&fields.join(","))))
        }
        Err(_) => see_other(&format!("/setup?error=internal{typed}")),
    }
}

/// A whole page with its policy.
#[must_use]
pub fn html_page(status: StatusCode, html: &str, policy: &str) -> Response<Body> {
    let mut response = fragment(status, format!("<!DOCTYPE html>{html}"));
    if let Ok(policy) = HeaderValue::from_str(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A part of a page, or all of it.
#[must_use]
pub fn fragment(status: StatusCode, html: String) -> Response<Body> {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// `303 See Other`.
#[must_use]
pub fn see_other(to: &str) -> Response<Body> {
    let mut response = plain(StatusCode::SEE_OTHER, "");
    if let Ok(location) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Adds a cookie to an answer, if there is one to add.
#[must_use]
pub fn with_cookie(mut response: Response<Body>, cookie: Option<String>) -> Response<Body> {
    if let Some(Ok(value)) = cookie.map(|cookie| HeaderValue::from_str(&cookie)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// A value for a query string.
#[must_use]
pub fn encode(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// Any other address: a short page in the reader's language, or a plain word.
pub async fn not_found(headers: HeaderMap, uri: Uri) -> Response<Body> {
    let wants_page = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"));
    if !wants_page {
        return plain(StatusCode::NOT_FOUND, "not found");
    }
    let language = request::asked_language(&uri).unwrap_or_else(|| request::browser_language(&headers));
    message_page(StatusCode::NOT_FOUND, language, &Texts::of(language).error_page_not_found())
}

/// A page that says one thing.
#[must_use]
pub fn message_page(status: StatusCode, language: Language, text: &str) -> Response<Body> {
    let (title, text, lang) = (Texts::of(language).error_page_title(), text.to_owned(), language.code());
    let html = Owner::new_root(None).with(|| {
        view! {
            <html lang=lang>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <title>{title.clone()}</title>
                    <link rel="stylesheet" href="/message.css"/>
                </head>
                <body>
                    <main>
                        <h1>{title}</h1>
                        <p>{text}</p>
                    </main>
                </body>
            </html>
        }
        .to_html()
    });
    html_page(status, &html, "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
}
