//! 1:1 문의 over HTTP: the customer's forms, and the desk's answer with files.

use super::{
    api,
    auth::Sender,
    files::{self, Posted},
    front::{Poster, Typed, again, refused},
    pages::with_cookie,
};
use crate::{
    api::{ApiError, Problem},
    domain::{
        attachment::FILE_MAX,
        contact::Contact,
        ids::{ClientId, InquiryId},
        service::Language,
    },
    server::{
        actions::{
            Visitor, files as rules,
            inquiries::{self, Left},
        },
        error::{Error, Result},
        files::Attached,
    },
    ui::front::View,
};
use axum::{
    Json,
    body::Body,
    extract::{Path, Request},
    http::{Response, StatusCode},
    response::IntoResponse as _,
};
use serde::{Deserialize, de::DeserializeOwned};

/// A 1:1 문의 as a form sends it.
#[derive(Deserialize)]
pub struct InquiryForm {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    consent: String,
    #[serde(default)]
    text: String,
    #[serde(flatten)]
    contact: Contact,
}

impl InquiryForm {
    /// In which its page was read.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        Language::parse(&self.lang)
    }
}

/// Reads a customer's form with its files, as far as he may send more today.
///
/// # Errors
/// The answer in place of the form's.
pub async fn read<T: DeserializeOwned>(sender: &Sender, widget: &str, request: Request) -> Result<Posted<T>, Response<Body>> {
    let app = &sender.app;
    let room = match sender.visitor(widget).await {
        Ok(visitor) => rules::has_room(app, visitor.id).await.map_err(refused)?,
        Err(Error::Unauthenticated) => true,
        Err(error) => return Err(refused(error)),
    };
    read_within(sender, room, request).await
}

/// The same where it is known whether there is room.
///
/// # Errors
/// The answer in place of the form's.
pub async fn read_within<T: DeserializeOwned>(sender: &Sender, room: bool, request: Request) -> Result<Posted<T>, Response<Body>> {
    let address = sender.anyone().address;
    let may = || (!room || sender.app.limits.upload(&address).is_err()).then_some(Problem::FileQuota);
    files::read(&sender.app, request, FILE_MAX, may).await
}

/// Stores an inquiry. Both script and form get the door again: that it was stored, or what
/// was wrong.
pub async fn inquire(sender: Sender, Path(key): Path<String>, request: Request) -> Response<Body> {
    let app = sender.app.clone();
    let Posted { form, attached } = match read::<InquiryForm>(&sender, &key, request).await {
        Ok(posted) => posted,
        Err(answer) => return answer,
    };
    let by = match Poster::of(sender, &key, &form.lang).await {
        Ok(by) => by,
        Err(error) => {
            app.files.discard(&app.db, &attached.files).await;
            return refused(error);
        }
    };
    let (view, typed) = leave(&by.visitor, &by.address, form, attached, by.language).await;
    let answer = again(&by, &key, view, typed).await;
    with_cookie(answer, by.cookie)
}

/// Stores an inquiry and says what the door shows then.
pub async fn leave(visitor: &Visitor, address: &str, form: InquiryForm, attached: Attached, language: Language) -> (View, Typed) {
    let InquiryForm { token, consent, text, contact, .. } = form;
    let left = Left { token: token.clone(), consent, contact: contact.clone(), text: text.clone(), language, attached };
    match inquiries::leave(visitor, address, left).await {
        Ok(number) => {
            let link = format!("/help/{}/inquiries/{token}?lang={}", visitor.service.key, language.code());
            (View::Asked { number, link }, Typed::default())
        }
        Err(error) => (View::Ask { token }, Typed { contact, text, queue: None, error: Some(error.into()) }),
    }
}

/// An answer with files.
#[derive(Deserialize)]
pub struct AnswerForm {
    client_id: ClientId,
    #[serde(default)]
    text: String,
}

/// Answers an inquiry with files, which no server function takes; the answer is its JSON.
pub async fn answer(sender: Sender, Path(inquiry): Path<String>, request: Request) -> Response<Body> {
    let app = sender.app.clone();
    let done = async {
        let inquiry: InquiryId = inquiry.parse().map_err(|_| Error::NotFound)?;
        let agent = sender.agent().await?;
        // Before a byte of a file is read.
        inquiries::may_answer(&agent, inquiry).await?;
        let Posted { form, attached } = match files::read::<AnswerForm>(&app, request, FILE_MAX, || None).await {
            Ok(posted) => posted,
            Err(answer) => return Ok(answer),
        };
        let detail = inquiries::answer(&agent, inquiry, form.client_id, &form.text, &attached).await?;
        Ok(Json(detail).into_response())
    };
    done.await.unwrap_or_else(|error: Error| {
        let error = ApiError::from(error);
        let status: StatusCode = api::status(&error);
        api::error(&error, status)
    })
}
