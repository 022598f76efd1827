//! Files in chats over HTTP (A51): a message with files from either side, and the links by
//! which they are read.

use super::{
    api,
    auth::Sender,
    files::{self, Posted},
    inquiry,
    pages::{encode, message_page, see_other},
    request,
};
use crate::{
    api::{ApiError, FieldError, Problem},
    domain::{
        attachment::{FILE_MAX, FILES_MAX},
        ids::{ChatId, ClientId, FileId},
        service::Language,
    },
    i18n::Texts,
    protocol::{Sent, VisitorSend},
    server::{
        actions::{
            chats::{self, Reply},
            files as rules, visitors,
        },
        error::{Error, Result},
        state::App,
    },
    ui::problems::problem_text,
};
use axum::{
    Json,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, Response, StatusCode, Uri, header},
    response::IntoResponse as _,
};
use serde::Deserialize;

/// A message with files.
#[derive(Deserialize)]
pub struct FilesForm {
    client_id: ClientId,
    #[serde(default)]
    text: String,
    #[serde(default)]
    lang: String,
    /// The last event that an agent had in view (E1).
    seen: Option<u64>,
}

/// An agent's message with files, which no server function takes; the answer is JSON.
pub async fn reply(sender: Sender, Path(chat): Path<String>, request: Request) -> Response<Body> {
    let app = sender.app.clone();
    let done = async {
        let chat: ChatId = chat.parse().map_err(|_| Error::NotFound)?;
        let agent = sender.agent().await?;
        // Before a byte of a file is read.
        chats::may_attach(&agent, chat).await?;
        let Posted { form, attached } = match files::read::<FilesForm>(&app, request, FILE_MAX, || None).await {
            Ok(posted) => posted,
            Err(answer) => return Ok(answer),
        };
        let FilesForm { client_id, text, seen, .. } = form;
        let wrong = attached.wrong;
        let sent = chats::send(&agent, Reply { chat, client_id, text, attached, seen }).await.map_err(|error| named(error, wrong))?;
        Ok(Json(sent).into_response())
    };
    done.await.unwrap_or_else(refused)
}

/// A customer's message with files: JSON for a script, his page again for a form.
pub async fn send(sender: Sender, Path(key): Path<String>, request: Request) -> Response<Body> {
    let script = request.headers().get(header::ACCEPT).is_some_and(|v| v.as_bytes().starts_with(b"application/json"));
    let mut language = request::browser_language(&sender.headers);
    let done = async {
        let visitor = sender.visitor(&key).await?;
        visitors::may_attach(&visitor).await?;
        let room = rules::has_room(&sender.app, visitor.id).await?;
        let Posted { form, attached } = match inquiry::read_within::<FilesForm>(&sender, room, request).await {
            Ok(posted) => posted,
            Err(answer) => return Ok(Err(answer)),
        };
        language = Language::parse(&form.lang).unwrap_or(language);
        let wrong = attached.wrong;
        let message = VisitorSend { widget: key.clone(), client_id: form.client_id, text: form.text };
        visitors::attach(&visitor, message, attached).await.map_err(|error| named(error, wrong)).map(Ok)
    };
    let done: Result<Result<Sent, Response<Body>>> = done.await;
    match done {
        Ok(Err(answer)) => answer,
        Ok(Ok(sent)) if script => Json(sent).into_response(),
        Err(error) if script => refused(error),
        // A reload that posts again, or a chat that is over: the page shows what is so.
        Ok(Ok(_)) | Err(Error::Conflict | Error::Refused(_)) => see_other(&format!("/w/{key}?lang={}", language.code())),
        Err(error) => told(&error, language),
    }
}

/// The complaint about files, with the place of the one that it is about: `files.2`.
fn named(error: Error, wrong: Option<usize>) -> Error {
    match (error, wrong) {
        (Error::Invalid(fields), Some(at)) => Error::Invalid(
            fields
                .into_iter()
                .map(|wrong| if wrong.field == "files" { FieldError { field: format!("files.{at}"), ..wrong } } else { wrong })
                .collect(),
        ),
        (error, _) => error,
    }
}

fn refused(error: Error) -> Response<Body> {
    let error = ApiError::from(error);
    api::error(&error, api::status(&error))
}

/// What was wrong, as a page, where there is no script.
fn told(error: &Error, language: Language) -> Response<Body> {
    let t = Texts::of(language);
    let (status, text) = match error {
        Error::Invalid(fields) => {
            let problem = fields.first().map_or(Problem::Required, |wrong| wrong.problem);
            let text = match problem {
                Problem::TooManyFiles | Problem::FileTooLarge | Problem::FileType => {
                    format!("{} {}", problem_text(&t, problem), t.front_files_hint(FILES_MAX, FILE_MAX >> 20))
                }
                problem => problem_text(&t, problem),
            };
            (StatusCode::UNPROCESSABLE_ENTITY, text)
        }
        Error::NotFound | Error::Unauthenticated => (StatusCode::NOT_FOUND, t.error_widget_unknown()),
        Error::TooMany(seconds) => (StatusCode::TOO_MANY_REQUESTS, t.error_too_many(seconds)),
        _ => (StatusCode::SERVICE_UNAVAILABLE, t.error_unavailable()),
    };
    message_page(status, language, &text)
}

// ---- reading ----

/// Leads an agent to a file of a chat.
pub async fn of_agent(sender: Sender, Path((chat, file)): Path<(String, String)>, uri: Uri) -> Response<Body> {
    let language = files::language(&uri, &sender.headers);
    let found = async {
        let (chat, file): (ChatId, FileId) = chat.parse().ok().zip(file.parse().ok()).ok_or(Error::NotFound)?;
        rules::link_of_chat(&sender.agent().await?, chat, file).await
    };
    match found.await {
        Ok(link) => see_other(&link),
        Err(Error::Unauthenticated) => see_other(&format!("/login?next={}", encode(uri.path()))),
        Err(error) => files::failed(error, language),
    }
}

/// Leads a customer to a file of his chat, by the link in his window.
pub async fn of_visitor(State(app): State<App>, Path(signed): Path<String>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    match rules::link_for_visitor(&app, &signed).await {
        Ok(link) => see_other(&link),
        Err(error) => files::failed(error, files::language(&uri, &headers)),
    }
}
