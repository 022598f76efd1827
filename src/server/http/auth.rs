//! Who speaks: from a request's cookies and headers to the actors of `server::actions`,
//! and the cookies of signing in and out.

use super::request::{self, SESSION_COOKIE};
use crate::{
    api::{
        ApiError,
        accounts::{MyAccount, SetUp},
    },
    domain::{
        ids::{ServiceId, SessionId},
        preferences::Preferences,
        service::Language,
        time::DAY,
    },
    protocol::Registered,
    server::{
        actions::{Agent, Anyone, SignedIn, Visitor, Vouching, accounts, invitations, visitors},
        db,
        error::{Error, Result},
        secrets,
        state::App,
    },
};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::net::{IpAddr, SocketAddr};

/// A request's facts; provided to every server function and page.
#[derive(Clone)]
pub struct Sender {
    pub app: App,
    pub headers: HeaderMap,
    pub address: IpAddr,
}

impl FromRequestParts<App> for Sender {
    type Rejection = <ConnectInfo<SocketAddr> as FromRequestParts<App>>::Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Self::Rejection> {
        let ConnectInfo(peer) = ConnectInfo::from_request_parts(parts, app).await?;
        let address = request::client_address(&app.config, peer, &parts.headers);
        Ok(Self { app: app.clone(), headers: parts.headers.clone(), address })
    }
}

impl Sender {
    /// The one whose request a server function answers. Never `expect_context`: a browser
    /// that goes away while the page is made would make that panic.
    fn current() -> Result<Self> {
        use_context::<Self>().ok_or_else(|| anyhow::anyhow!("no request in this context").into())
    }

    /// Somebody unknown.
    #[must_use]
    pub fn anyone(&self) -> Anyone {
        Anyone { app: self.app.clone(), address: request::limit_key(self.address), device: request::device(&self.headers) }
    }

    /// The signed-in account behind the session cookie.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub async fn signed_in(&self) -> Result<SignedIn> {
        let token = request::cookie(&self.headers, SESSION_COOKIE).ok_or(Error::Unauthenticated)?;
        let (hash, now) = (secrets::token_hash(&token), self.app.clock.now());
        let (session, account) = self
            .app
            .db
            .look(async |tx| {
                let session = db::sessions::find(tx, &hash, now).await?.ok_or(Error::Unauthenticated)?;
                let account = db::accounts::find(tx, session.account).await?.ok_or(Error::Unauthenticated)?;
                Ok((session, account))
            })
            .await?;
        if now.since(session.seen_at) > accounts::TOUCH_EVERY {
            self.app.db.write(async |tx| db::sessions::touch(tx, session.id, now, now.plus(accounts::SESSION_LIFE)).await).await?;
        }
        Ok(SignedIn { app: self.app.clone(), account, session: session.id, service: session.service })
    }

    /// The signed-in account as a member of its service.
    ///
    /// # Errors
    /// `Unauthenticated`, or `Forbidden` for an account without any service.
    pub async fn agent(&self) -> Result<Agent> {
        let SignedIn { app, account, session, service } = self.signed_in().await?;
        let mut members = app.db.look(async |tx| db::members::memberships(tx, account.id).await).await?;
        if members.is_empty() {
            return Err(Error::Forbidden);
        }
        // One that he has left meanwhile counts as none.
        let at = members.iter().position(|m| Some(m.service) == service).unwrap_or_default();
        let member = members.swap_remove(at);
        Ok(Agent { app, account, session, member })
    }

    /// The visitor of this widget: by the bearer token, or on a page opened by itself by
    /// its own cookie.
    ///
    /// # Errors
    /// `NotFound` for an unknown widget, `Unauthenticated` for an unknown visitor.
    pub async fn visitor(&self, widget: &str) -> Result<Visitor> {
        let token = match request::bearer(&self.headers) {
            Some(token) => Some(token.to_owned()),
            None => request::cookie(&self.headers, &request::visitor_cookie(widget)),
        };
        visitor_by_token(&self.app, widget, token.as_deref()).await
    }
}

/// The visitor of `widget` with this token: the one that the host page keeps, which opens
/// what nobody vouches for, or the one of a member's session.
///
/// # Errors
/// As [`Sender::visitor`].
pub async fn visitor_by_token(app: &App, widget: &str, token: Option<&str>) -> Result<Visitor> {
    let (hash, now) = (token.map(secrets::token_hash), app.clock.now());
    app.db
        .look(async |tx| {
            if let Some(hash) = hash {
                if let Some((id, service)) = db::visitors::of_widget(tx, widget, &hash).await? {
                    return Ok(Visitor { app: app.clone(), id, service, vouched: None });
                }
                if let Some((id, service, until)) = db::visitors::of_session(tx, widget, &hash, now).await? {
                    return Ok(Visitor { app: app.clone(), id, service, vouched: Some(Vouching { hash, until }) });
                }
            }
            let there = db::services::widget(tx, widget).await?.is_some();
            Err(if there { Error::Unauthenticated } else { Error::NotFound })
        })
        .await
}

/// The agent whose server function runs.
///
/// # Errors
/// As [`Sender::agent`].
pub async fn agent() -> Result<Agent> {
    Sender::current()?.agent().await
}

/// The visitor whose server function runs.
///
/// # Errors
/// As [`Sender::visitor`].
pub async fn visitor(widget: &str) -> Result<Visitor> {
    Sender::current()?.visitor(widget).await
}

/// Whoever calls the server function.
///
/// # Errors
/// Outside of a request.
pub fn anyone() -> Result<Anyone> {
    Ok(Sender::current()?.anyone())
}

/// Makes a visitor. The cookie is for the page that is opened by itself; a frame asks
/// without credentials, so that its browser keeps none.
pub async fn register_visitor(widget: &str) -> Result<Registered, ApiError> {
    let made = visitors::register(&anyone()?, widget).await?;
    answer_with_cookie(&visitor_cookie(widget, &made.token));
    Ok(made)
}

/// The cookie by which a page opened by itself knows its visitor, for a year.
#[must_use]
pub fn visitor_cookie(widget: &str, token: &str) -> String {
    request::set_cookie(&request::visitor_cookie(widget), token, 365 * DAY / 1_000)
}

/// The account whose server function runs.
///
/// # Errors
/// `Unauthenticated`.
pub async fn me() -> Result<SignedIn> {
    Sender::current()?.signed_in().await
}

/// The cookie of a new session.
#[must_use]
pub fn session_cookie(token: &str) -> String {
    request::set_cookie(SESSION_COOKIE, token, accounts::SESSION_LIFE / 1_000)
}

/// The cookie that forgets a session.
#[must_use]
pub fn no_session_cookie() -> String {
    request::set_cookie(SESSION_COOKIE, "", 0)
}

fn answer_with_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(header::SET_COOKIE, value);
    }
}

/// Signs in and sets the cookie.
pub async fn sign_in(email: String, password: String) -> Result<(), ApiError> {
    let token = accounts::sign_in(&anyone()?, &email, password).await?;
    answer_with_cookie(&session_cookie(&token));
    Ok(())
}

/// Makes the first owner, signs him in and sets the cookie.
pub async fn set_up(form: SetUp) -> Result<(), ApiError> {
    let token = accounts::set_up(&anyone()?, form).await?;
    answer_with_cookie(&session_cookie(&token));
    Ok(())
}

/// Ends this session and forgets the cookie.
pub async fn sign_out() -> Result<(), ApiError> {
    let me = me().await?;
    accounts::revoke(&me, me.session).await?;
    answer_with_cookie(&no_session_cookie());
    Ok(())
}

pub async fn my_account() -> Result<MyAccount, ApiError> {
    Ok(accounts::mine(&me().await?).await?)
}

pub async fn revoke_session(session: SessionId) -> Result<(), ApiError> {
    Ok(accounts::revoke(&me().await?, session).await?)
}

pub async fn revoke_other_sessions() -> Result<(), ApiError> {
    Ok(accounts::revoke_others(&me().await?).await?)
}

pub async fn change_password(current: String, new: String) -> Result<(), ApiError> {
    Ok(accounts::change_password(&me().await?, current, new).await?)
}

/// Takes up an invitation, or sets a new password by a link, and signs in.
pub async fn accept_invitation(token: String, name: String, password: String) -> Result<(), ApiError> {
    let session = invitations::accept(&anyone()?, &token, &name, password).await?;
    answer_with_cookie(&session_cookie(&session));
    Ok(())
}

pub async fn connect(service: ServiceId) -> Result<(), ApiError> {
    Ok(accounts::connect(&me().await?, service).await?)
}

pub async fn set_language(language: Language) -> Result<(), ApiError> {
    Ok(accounts::set_language(&me().await?, language).await?)
}

pub async fn set_preferences(preferences: Preferences) -> Result<(), ApiError> {
    Ok(accounts::set_preferences(&me().await?, preferences).await?)
}
