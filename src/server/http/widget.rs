//! The customer's door: the loader, the widget's page, and its forms for browsers
//! without script.

use super::{
    auth::Sender,
    front::{self, Drawing, Poster, Typed, Wanted},
    pages::{html_page, message_page, see_other},
    request, security,
    site::plain,
    tray::{self, Came},
};
use crate::{
    domain::{
        chat::PublicState,
        color::Color,
        ids::{ChatId, ClientId, ServiceId},
        service::{Language, Localized},
        settings::{Appearance, Section as _, Side},
        time::MINUTE,
    },
    i18n::Texts,
    protocol::{VisitorChat, VisitorSend, WidgetPage},
    server::{
        actions::{Visitor, visitors},
        clock::new_id,
        db::{self, services::Widget},
        error::{Error, Result},
        secrets,
        state::App,
    },
    ui::{
        front::{Attach, AttachProps},
        page,
        widget::{FormActions, WidgetDocument, WidgetDocumentProps},
    },
};
use axum::{
    Form,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a widget stands is noted at most this often.
const SEEN_EVERY: i64 = 10 * MINUTE;

async fn find(app: &App, key: &str) -> Result<Widget> {
    app.db.look(async |tx| db::services::known_widget(tx, key).await?.ok_or(Error::NotFound)).await
}

async fn appearance(app: &App, service: ServiceId) -> Result<Appearance> {
    let stored = app.db.look(async |tx| db::settings::find::<Appearance>(tx, service, Appearance::NAME).await).await?;
    Ok(stored.map_or_else(Appearance::default, |stored| stored.body))
}

#[derive(Serialize)]
struct LoaderTexts {
    open: String,
    open_unread: String,
    close: String,
    title: String,
    failed: String,
    retry: String,
    /// Beside the launcher's icon; empty: the icon alone.
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
}

#[derive(Serialize)]
struct LoaderSettings<'a> {
    key: &'a str,
    base: &'a str,
    texts: serde_json::Value,
    color: &'a str,
    /// Of text on the colour.
    ink: &'static str,
    side: Side,
}

fn loader_texts(language: Language, service: &str, launcher: &Localized) -> LoaderTexts {
    let t = Texts::of(language);
    LoaderTexts {
        open: t.widget_open(),
        open_unread: t.widget_open_unread("{count}"),
        close: t.widget_close_panel(),
        title: t.widget_window_title(service),
        failed: t.widget_cannot_connect(),
        retry: t.common_retry(),
        label: launcher.get(language).to_owned(),
    }
}

/// The loader with this widget's settings in it: the one request that a host page makes
/// before the launcher is used. Never stale, mostly 304.
pub async fn loader(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    let Some(key) = file.strip_suffix(".js") else { return plain(StatusCode::NOT_FOUND, "not found") };
    let script = match script(&app, key, &headers).await {
        Ok(script) => script,
        Err(Error::NotFound) => return plain(StatusCode::NOT_FOUND, "unknown widget"),
        Err(_) => return plain(StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    let squeezed = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("br"));
    let etag = format!("\"{}\"", secrets::short_hash(&script));
    let fresh = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(&etag));
    let mut response = match (fresh, squeezed) {
        (true, _) => plain(StatusCode::NOT_MODIFIED, ""),
        (false, true) => Response::new(Body::from(app.site.squeezed(&etag, &script))),
        (false, false) => Response::new(Body::from(script)),
    };
    let h = response.headers_mut();
    h.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if squeezed && !fresh {
        h.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    h.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        h.insert(header::ETAG, etag);
    }
    response
}

/// The loader of an active widget. One that is turned off gets a script that does nothing:
/// the host page carries it still, and has done nothing wrong.
async fn script(app: &App, key: &str, headers: &HeaderMap) -> Result<String> {
    let widget = find(app, key).await?;
    if !widget.active || !widget.service.contract.chat {
        return Ok("/* damso: this widget is turned off */".to_owned());
    }
    note_seen(app, &widget, headers).await;
    let Appearance { side, color, launcher } = appearance(app, widget.service.id).await?;
    let name = &widget.service.name;
    let (ko, en) = (name.get(Language::Ko), name.get(Language::En));
    let base = base_url(app, headers);
    let settings = LoaderSettings {
        key,
        base: &base,
        texts: serde_json::json!({ "ko": loader_texts(Language::Ko, ko, &launcher), "en": loader_texts(Language::En, en, &launcher) }),
        color: &color,
        ink: Color::parse(&color).unwrap_or_default().ink().hex(),
        side,
    };
    Ok(app.site.text("loader.js").replace("__DAMSO_SETTINGS__", &page::script_json(&settings)))
}

/// On which site the widget stands, for 준비 상태: browsers tell a foreign script the origin
/// of the page. A note that is not written costs nobody anything.
async fn note_seen(app: &App, widget: &Widget, headers: &HeaderMap) {
    let Some(site) = headers.get(header::REFERER).and_then(|v| v.to_str().ok()).and_then(|page| url::Url::parse(page).ok()) else { return };
    let site = site.origin().ascii_serialization();
    let at = app.clock.now();
    if widget.help || !widget.origins.contains(&site) || app.doors.was_seen(&widget.key, &site, at.plus(-SEEN_EVERY)) {
        return;
    }
    app.doors.see(&widget.key, site.clone(), at);
    let noted = app.db.write(async |tx| db::services::note_seen(tx, &widget.key, &site, at, SEEN_EVERY).await).await;
    if let Err(error) = noted {
        tracing::debug!(%error, "not noted where the widget was seen");
    }
}

/// The address that the loader uses for us: the public one, or on this machine the one
/// that it was loaded from, so that `localhost` and `127.0.0.1` both work.
fn base_url(app: &App, headers: &HeaderMap) -> String {
    let asked = headers.get(header::HOST).and_then(|v| v.to_str().ok()).map(|host| {
        let scheme = app.config.public_url.split("://").next().unwrap_or("http");
        format!("{scheme}://{host}")
    });
    asked.filter(|origin| app.config.is_own_origin(origin)).unwrap_or_else(|| app.config.public_url.clone())
}

/// How the page is opened.
#[derive(Deserialize)]
pub struct Opened {
    /// In a host page's frame, rather than by itself.
    frame: Option<String>,
    /// The theme that the host page asks for.
    #[serde(default)]
    theme: String,
    #[serde(flatten)]
    wanted: Wanted,
}

/// The widget's page. In a frame it is made without knowing the visitor; opened by
/// itself, the visitor is known by a cookie of this host.
pub async fn page(sender: Sender, Path(key): Path<String>, Query(opened): Query<Opened>, uri: Uri) -> Response<Body> {
    let app = sender.app.clone();
    let language = request::asked_language(&uri).unwrap_or_else(|| request::browser_language(&sender.headers));
    let widget = match find(&app, &key).await {
        Ok(widget) if widget.active => widget,
        Ok(_) => return message_page(StatusCode::NOT_FOUND, language, &Texts::of(language).chat_widget_off()),
        Err(Error::NotFound) => return message_page(StatusCode::NOT_FOUND, language, &Texts::of(language).error_widget_unknown()),
        Err(_) => return message_page(StatusCode::SERVICE_UNAVAILABLE, language, &Texts::of(language).error_unavailable()),
    };
    let frame = opened.frame.as_ref().map(|_| theme(&opened.theme));
    let alone = frame.is_none();
    let visitor = if alone { sender.visitor(&key).await.ok() } else { None };
    let address = sender.anyone().address;
    drawn(&app, &widget, visitor.as_ref(), &address, language, frame, &opened.wanted, Came::default(), StatusCode::OK).await
}

/// The page by itself for a visitor who is known, with what came of a form of his tray.
pub async fn alone(by: &Poster, key: &str, came: Came, status: StatusCode) -> Response<Body> {
    let Poster { visitor, address, language, .. } = by;
    let app = &visitor.app;
    match find(app, key).await {
        Ok(widget) => drawn(app, &widget, Some(visitor), address, *language, None, &Wanted::default(), came, status).await,
        Err(error) => failed(&error, *language),
    }
}

#[expect(clippy::too_many_arguments, reason = "each is a fact of the page")]
async fn drawn(
    app: &App,
    widget: &Widget,
    visitor: Option<&Visitor>,
    address: &str,
    language: Language,
    frame: Option<&'static str>,
    wanted: &Wanted,
    came: Came,
    status: StatusCode,
) -> Response<Body> {
    let chat = match visitor {
        Some(visitor) => own_chat(visitor).await.filter(|chat| chat.state != PublicState::Ended || !wanted.is_given()),
        None => None,
    };
    let drawn = async {
        let doorway = front::doorway(app, widget).await?;
        let known = front::known(visitor, address).await?;
        let base = format!("/w/{}", widget.key);
        let view = wanted.view();
        let html = Drawing { app, doorway: &doorway, widget, base, language, view, known, typed: Typed::default() }.html();
        let tray = match visitor.filter(|_| chat.is_some()) {
            Some(visitor) => tray::draw(app, visitor, &widget.key, language, came).await?,
            None => String::new(),
        };
        Ok::<_, Error>(Drawn { banner: doorway.banner.clone(), front: html, tray })
    };
    match drawn.await {
        Ok(drawn) => document(app, widget, language, frame, chat, drawn, status),
        Err(error) => failed(&error, language),
    }
}

/// A theme by its name; empty: as the customer's device has it.
fn theme(name: &str) -> &'static str {
    match name {
        "light" => "light",
        "dark" => "dark",
        _ => "",
    }
}

/// What stands in a widget's page besides the chat.
pub struct Drawn {
    /// The address of the service's picture.
    pub banner: Option<String>,
    /// The door, as HTML.
    pub front: String,
    /// What stands beside the chat, as HTML; empty without one.
    pub tray: String,
}

/// The widget's page, with its policy. `frame` is the theme in a host page's frame; without
/// one the page is opened by itself.
pub fn document(
    app: &App,
    widget: &Widget,
    language: Language,
    frame: Option<&'static str>,
    chat: Option<VisitorChat>,
    drawn: Drawn,
    status: StatusCode,
) -> Response<Body> {
    let nonce = secrets::new_token();
    // Our own pages: the help centre, and the widget's test page.
    let mut ancestors = Vec::new();
    if frame.is_some() {
        ancestors.push("'self'".to_owned());
        if !widget.help {
            ancestors.extend_from_slice(&widget.origins);
        }
    }
    let page = WidgetPage {
        widget: widget.key.clone(),
        language,
        service_name: widget.service.name.get(language).to_owned(),
        banner: drawn.banner,
        build: app.site.build().to_owned(),
        alone: frame.is_none(),
        chat,
    };
    let html = render(app, page, drawn.front, drawn.tray, frame.unwrap_or_default(), nonce.clone());
    html_page(status, &html, &security::widget_policy(&app.config, &nonce, &ancestors))
}

fn render(app: &App, page: WidgetPage, front: String, tray: String, theme: &'static str, nonce: String) -> String {
    let base = format!("/w/{}", page.widget);
    let action = FormActions { send: format!("{base}/messages"), end: format!("{base}/end"), client_id: new_id().to_string(), tray };
    let attach = Attach(AttachProps { texts: Texts::of(page.language), action: format!("{base}/files"), client_id: new_id().to_string() });
    let attach = Owner::new_root(None).with(|| attach.into_view().to_html());
    let props = WidgetDocumentProps {
        attach,
        texts: Texts::of(page.language).spoken_by(&page.service_name),
        assets: app.site.assets("widget"),
        beside: app.site.assets("beside").js,
        scripts: format!("{}{}", app.site.text("frame.js"), app.site.text("front.js")),
        page,
        front,
        theme,
        nonce,
        action,
    };
    Owner::new_root(None).with(|| WidgetDocument(props).to_html())
}

async fn own_chat(visitor: &Visitor) -> Option<VisitorChat> {
    let now = visitor.app.clock.now();
    visitor
        .app
        .db
        .read(async |tx| match visitors::current(tx, visitor.id, now).await? {
            Some(chat) => Ok(Some(visitors::view(&visitor.app, tx, chat.id, visitor.id).await?)),
            None => Ok(None),
        })
        .await
        .ok()?
}

/// A message by a plain form.
#[derive(Deserialize)]
pub struct MessageForm {
    client_id: ClientId,
    text: String,
    #[serde(default)]
    lang: String,
}

/// Stores a message sent by a plain form and leads back to the page.
pub async fn send(sender: Sender, Path(key): Path<String>, Form(form): Form<MessageForm>) -> Response<Body> {
    let language = Language::parse(&form.lang).unwrap_or_else(|| request::browser_language(&sender.headers));
    let sent = async {
        let visitor = sender.visitor(&key).await?;
        let request = VisitorSend { widget: key.clone(), client_id: form.client_id, text: form.text };
        visitors::send(&visitor, request).await
    };
    match sent.await {
        // A reload that posts again, an empty field, or a chat that is over: the page shows
        // what is so.
        Ok(_) | Err(Error::Conflict | Error::Invalid(_) | Error::Refused(_)) => see_other(&format!("/w/{key}?lang={}", language.code())),
        Err(error) => failed(&error, language),
    }
}

/// An end by a plain form.
#[derive(Deserialize)]
pub struct EndForm {
    chat: ChatId,
}

/// Ends the chat by a plain form and leads back to the page.
pub async fn end(sender: Sender, Path(key): Path<String>, Form(form): Form<EndForm>) -> Response<Body> {
    let language = request::browser_language(&sender.headers);
    let ended = async { visitors::end(&sender.visitor(&key).await?, form.chat).await };
    match ended.await {
        Ok(()) | Err(Error::Refused(_)) => see_other(&format!("/w/{key}")),
        Err(error) => failed(&error, language),
    }
}

fn failed(error: &Error, language: Language) -> Response<Body> {
    let t = Texts::of(language);
    let (status, text) = match error {
        Error::NotFound | Error::Unauthenticated => (StatusCode::NOT_FOUND, t.error_widget_unknown()),
        Error::TooMany(seconds) => (StatusCode::TOO_MANY_REQUESTS, t.error_too_many(seconds)),
        _ => (StatusCode::SERVICE_UNAVAILABLE, t.error_unavailable()),
    };
    message_page(status, language, &text)
}
