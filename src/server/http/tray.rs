//! The tray over HTTP: its drawing, 평가, and 대화 내용 저장. Forms work alike with script
//! and without it.

use super::{
    api,
    auth::Sender,
    files::disposition,
    front::{Poster, language, refused},
    pages::{fragment, see_other},
    widget,
};
use crate::{
    api::{ApiError, Problem},
    domain::{chat::Rating, contact::masked, ids::ChatId, service::Language},
    i18n::Texts,
    server::{
        actions::{Visitor, transcript, tray},
        db,
        error::{Error, Result},
        state::App,
    },
    ui::front::{ChatTray, ChatTrayProps, Tray, TrayDone},
};
use axum::{
    Form,
    body::Body,
    extract::{Path, Query},
    http::{HeaderValue, Response, StatusCode, header},
};
use leptos::prelude::*;
use serde::Deserialize;
use tokio::time::Instant;

/// What came of a form.
#[derive(Default)]
pub struct Came {
    error: Option<ApiError>,
    done: Option<TrayDone>,
    /// As it was typed, where it was refused.
    rating: Option<Rating>,
    words: Option<String>,
}

/// The tray of the chat that the visitor's window shows; empty without one.
///
/// # Errors
/// The database's.
pub async fn draw(app: &App, visitor: &Visitor, widget: &str, wanted: Language, came: Came) -> Result<String> {
    let Some(tray) = tray::of(app, visitor.id, visitor.service.id, Instant::now()).await? else { return Ok(String::new()) };
    let email = match app.config.smtp {
        Some(_) => app.db.look(async |tx| db::visitors::customer(tx, visitor.id).await).await?.contact().email,
        None => String::new(),
    };
    let (rating, words) = match (came.words, &tray.rated) {
        (Some(words), _) => (came.rating, words),
        (None, Some(rated)) => (Some(rated.rating), rated.words.clone()),
        (None, None) => (None, String::new()),
    };
    let shown = Tray {
        texts: Texts::of(visitor.service.language(wanted)),
        base: format!("/w/{widget}"),
        is: tray.is(),
        chat: tray.chat,
        waits: tray.waits,
        over: tray.over,
        rateable: tray.rateable,
        rated: tray.rated.map(|rated| rated.rating),
        asked: tray.asked,
        transcript: tray.words,
        mail: (!email.is_empty()).then(|| masked(&email)),
        rating,
        words,
        error: came.error,
        done: came.done,
    };
    Ok(Owner::new_root(None).with(|| ChatTray(ChatTrayProps { tray: shown }).to_html()))
}

/// In which language the tray is wanted.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    lang: String,
}

/// The tray as it is now, for a page that shows one already.
pub async fn show(sender: Sender, Path(key): Path<String>, Query(wanted): Query<Wanted>) -> Response<Body> {
    let app = sender.app.clone();
    let language = language(&wanted.lang, &sender.headers);
    let drawn = async {
        match sender.visitor(&key).await {
            Ok(visitor) => draw(&app, &visitor, &key, language, Came::default()).await,
            Err(Error::Unauthenticated) => Ok(String::new()),
            Err(error) => Err(error),
        }
    };
    match drawn.await {
        Ok(html) => fragment(StatusCode::OK, html),
        Err(error) => refused(error),
    }
}

/// 평가 as a form sends it.
#[derive(Deserialize)]
pub struct RatingForm {
    #[serde(default)]
    lang: String,
    chat: ChatId,
    #[serde(default)]
    rating: String,
    #[serde(default)]
    words: String,
}

/// Takes a rating.
pub async fn rate(sender: Sender, Path(key): Path<String>, Form(form): Form<RatingForm>) -> Response<Body> {
    let rating = Rating::parse(&form.rating);
    let done = async |by: &Poster| match rating {
        Some(rating) => {
            tray::rate(&by.visitor, form.chat, rating, &form.words).await?;
            Ok(TrayDone::Rated(rating))
        }
        None => Err(Error::field("rating", Problem::Required)),
    };
    let typed = Came { rating, words: Some(form.words.clone()), ..Came::default() };
    act(sender, &key, &form.lang, typed, done).await
}

/// 대화 내용 저장 as a form sends it.
#[derive(Deserialize)]
pub struct TranscriptForm {
    #[serde(default)]
    lang: String,
    chat: ChatId,
    /// `file` or `mail`.
    #[serde(default)]
    to: String,
}

/// Answers with the conversation as a file, or mails it.
pub async fn transcript(sender: Sender, Path(key): Path<String>, Form(form): Form<TranscriptForm>) -> Response<Body> {
    if form.to == "mail" {
        let done = async |by: &Poster| {
            let email = transcript::mail_own(&by.visitor, &by.address, form.chat, by.language).await?;
            Ok(TrayDone::Mailed(masked(&email)))
        };
        return act(sender, &key, &form.lang, Came::default(), done).await;
    }
    let by = match Poster::known(sender, &key, &form.lang).await {
        Ok(by) => by,
        Err(error) => return refused(error),
    };
    match transcript::own(&by.visitor, form.chat, by.language).await {
        Ok(written) => file(&written),
        Err(error) => answer(&by, &key, Came { error: Some(error.into()), ..Came::default() }).await,
    }
}

/// A text file that also old programs read as UTF-8.
fn file(transcript: &transcript::Transcript) -> Response<Body> {
    let text = format!("\u{feff}{}", transcript.text.replace('\n', "\r\n"));
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if let Ok(name) = HeaderValue::from_str(&disposition(&format!("{}.txt", transcript.name))) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// Does something for a visitor who is known, and draws the tray anew.
async fn act(sender: Sender, key: &str, lang: &str, typed: Came, act: impl AsyncFnOnce(&Poster) -> Result<TrayDone>) -> Response<Body> {
    let by = match Poster::known(sender, key, lang).await {
        Ok(by) => by,
        Err(error) => return refused(error),
    };
    let came = match act(&by).await {
        Ok(done) => Came { done: Some(done), ..Came::default() },
        Err(error) => Came { error: Some(error.into()), ..typed },
    };
    answer(&by, key, came).await
}

/// A script gets the tray alone, a form the page with it; what is done needs no second post
/// when the page is loaded again.
async fn answer(by: &Poster, key: &str, came: Came) -> Response<Body> {
    let status = match &came.error {
        None if !by.script => return see_other(&format!("/w/{key}?lang={}", by.language.code())),
        None => StatusCode::OK,
        Some(error) => api::status(error),
    };
    let app = &by.visitor.app;
    if by.script {
        return match draw(app, &by.visitor, key, by.language, came).await {
            Ok(html) => fragment(status, html),
            Err(error) => refused(error),
        };
    }
    widget::alone(by, key, came, status).await
}
