//! Files over HTTP: forms that bring them, and the links by which they are read.

use super::{
    api,
    auth::Sender,
    pages::{encode, message_page, see_other},
    request,
};
use crate::{
    api::{ApiError, Problem},
    domain::{
        attachment::{FILE_MAX, FILES_MAX},
        ids::{FileId, InquiryId},
        service::Language,
    },
    i18n::Texts,
    server::{
        actions::files,
        error::{Error, Result},
        files::Attached,
        state::App,
    },
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Form, FromRequest as _, Multipart, Path, Request, State, multipart::Field},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header},
    response::IntoResponse,
};
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::time::timeout;

/// The largest body of a form with files, in bytes: all files, and the fields between them.
pub const UPLOAD_MAX: usize = FILES_MAX * FILE_MAX as usize + api::BODY_MAX;
/// So long may a sender be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// The most fields of a form.
const FIELDS_MAX: usize = 40;

/// A form that was posted, with its files.
pub struct Posted<T> {
    pub form: T,
    pub attached: Attached,
}

/// Reads a form of either kind. Each file has to be let in by `may`, is at most `max` bytes
/// long and stored at once; what comes after a file that is not taken is read and thrown
/// away, within the limit of the body, so that the sender gets his answer and keeps what he
/// typed.
///
/// # Errors
/// An answer to a body that is no form of this kind.
pub async fn read<T: DeserializeOwned>(
    app: &App,
    request: Request,
    max: u64,
    may: impl Fn() -> Option<Problem>,
) -> Result<Posted<T>, Response<Body>> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, api::BODY_MAX).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
        let Form(form) = Form::from_request(Request::from_parts(parts, body.into()), &()).await.map_err(IntoResponse::into_response)?;
        return Ok(Posted { form, attached: Attached::default() });
    }
    let mut multipart = Multipart::from_request(request, &()).await.map_err(IntoResponse::into_response)?;
    let mut attached = Attached::default();
    let read = fields(app, &mut multipart, max, may, &mut attached).await;
    let form = match read {
        Ok(fields) => form_of(&fields).await,
        Err(answer) => Err(answer),
    };
    if form.is_err() || attached.problem.is_some() {
        app.files.discard(&app.db, &std::mem::take(&mut attached.files)).await;
    }
    form.map(|form| Posted { form, attached })
}

/// The fields that are no files; those become `attached`.
async fn fields(
    app: &App,
    multipart: &mut Multipart,
    max: u64,
    may: impl Fn() -> Option<Problem>,
    attached: &mut Attached,
) -> Result<Vec<(String, String)>, Response<Body>> {
    let (mut fields, mut letters) = (Vec::new(), 0);
    loop {
        let field = match timeout(SILENCE, multipart.next_field()).await {
            Err(_) => return Err(StatusCode::REQUEST_TIMEOUT.into_response()),
            Ok(Ok(None)) => return Ok(fields),
            Ok(Ok(Some(field))) => field,
            Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                attached.problem = Some(Problem::FileTooLarge);
                return Ok(fields);
            }
            Ok(Err(error)) => return Err(error.into_response()),
        };
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            file(app, field, max, &may, attached).await?;
            continue;
        }
        let mut value = Vec::new();
        let mut field = field;
        while let Some(chunk) = next(&mut field).await.map_err(|_| StatusCode::BAD_REQUEST.into_response())? {
            letters += chunk.len();
            if letters > api::BODY_MAX {
                return Err(StatusCode::PAYLOAD_TOO_LARGE.into_response());
            }
            value.extend_from_slice(&chunk);
        }
        fields.push((name, String::from_utf8_lossy(&value).into_owned()));
        if fields.len() > FIELDS_MAX {
            return Err(StatusCode::UNPROCESSABLE_ENTITY.into_response());
        }
    }
}

/// One file of a form. A field in which no file was chosen is sent as one without a name.
async fn file(
    app: &App,
    mut field: Field<'_>,
    max: u64,
    may: &impl Fn() -> Option<Problem>,
    attached: &mut Attached,
) -> Result<(), Response<Body>> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let first = match next(&mut field).await {
        Ok(None) if name.is_empty() => return Ok(()),
        first => first,
    };
    let (before, place) = (attached.problem.is_some(), attached.files.len());
    if attached.problem.is_none() {
        attached.problem = if attached.files.len() == FILES_MAX { Some(Problem::TooManyFiles) } else { may() };
    }
    if attached.problem.is_none() {
        let body = futures::stream::unfold((Some(first), &mut field), async |(first, field)| {
            let chunk = match first {
                Some(first) => first,
                None => next(field).await,
            };
            Some((chunk.transpose()?, (None, field)))
        });
        match app.files.take(&name, max, body).await {
            Ok(stored) => attached.files.push(stored),
            Err(Error::Invalid(wrong)) => attached.problem = wrong.first().map(|wrong| wrong.problem),
            Err(error) => return Err(failed(error, Language::default())),
        }
    }
    if !before && attached.problem.is_some() {
        attached.wrong = Some(place);
    }
    // The rest of what was not taken.
    while let Ok(Some(_)) = next(&mut field).await {}
    Ok(())
}

/// The next bytes of a field. A body that is too large is a file that is; a sender who
/// falls silent or goes breaks off.
async fn next(field: &mut Field<'_>) -> Result<Option<Bytes>> {
    loop {
        match timeout(SILENCE, field.chunk()).await {
            // A field without content has an empty piece of it.
            Ok(Ok(Some(chunk))) if chunk.is_empty() => {}
            Ok(Ok(chunk)) => return Ok(chunk),
            Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(Error::field("files", Problem::FileTooLarge)),
            _ => return Err(Error::Unavailable),
        }
    }
}

/// The fields as the form that they are.
async fn form_of<T: DeserializeOwned>(fields: &[(String, String)]) -> Result<T, Response<Body>> {
    let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = Request::new(Body::from(text));
    *request.method_mut() = Method::POST;
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    Form::from_request(request, &()).await.map(|Form(form)| form).map_err(IntoResponse::into_response)
}

// ---- reading ----

/// Leads an agent to a file of an inquiry.
pub async fn of_agent(sender: Sender, Path((inquiry, file)): Path<(String, String)>, uri: Uri) -> Response<Body> {
    let language = language(&uri, &sender.headers);
    let found = async {
        let (inquiry, file) = ids(&inquiry, &file)?;
        files::link_for_agent(&sender.agent().await?, inquiry, file).await
    };
    match found.await {
        Ok(link) => see_other(&link),
        Err(Error::Unauthenticated) => see_other(&format!("/login?next={}", encode(uri.path()))),
        Err(error) => failed(error, language),
    }
}

fn ids(inquiry: &str, file: &str) -> Result<(InquiryId, FileId)> {
    inquiry.parse().ok().zip(file.parse().ok()).ok_or(Error::NotFound)
}

/// Leads a customer to a file of his inquiry.
pub async fn of_customer(
    State(app): State<App>,
    Path((service, token, file)): Path<(String, String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let language = language(&uri, &headers);
    let found = async {
        let file = file.parse().map_err(|_| Error::NotFound)?;
        files::link_for_customer(&app, &service, &token, file).await
    };
    match found.await {
        Ok(link) => see_other(&format!("{link}?lang={}", language.code())),
        Err(error) => failed(error, language),
    }
}

/// A file, by a link that is good for a while. It is never shown as a page of ours.
pub async fn show(State(app): State<App>, Path(signed): Path<String>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let (file, bytes) = match files::read(&app, &signed).await {
        Ok(found) => found,
        Err(error) => return failed(error, language(&uri, &headers)),
    };
    let mut response = Response::new(Body::from_stream(bytes));
    let h = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, file.media.clone()),
        (header::CONTENT_LENGTH, file.size.to_string()),
        (header::CONTENT_DISPOSITION, disposition(&file.name)),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'".to_owned()),
        (header::CACHE_CONTROL, format!("private, max-age={}", files::LINK_LIFE / 1_000)),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            h.insert(name, value);
        }
    }
    response
}

/// To be kept under this name, whatever it has in it (RFC 8187).
pub fn disposition(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

pub(super) fn language(uri: &Uri, headers: &HeaderMap) -> Language {
    request::asked_language(uri).unwrap_or_else(|| request::browser_language(headers))
}

pub(super) fn failed(error: Error, language: Language) -> Response<Body> {
    let t = Texts::of(language);
    let error = ApiError::from(error);
    let text = match &error {
        ApiError::NotFound => t.error_page_not_found(),
        ApiError::Forbidden => t.error_link_expired(),
        ApiError::TooMany(seconds) => t.error_too_many(seconds),
        _ => t.error_unavailable(),
    };
    message_page(api::status(&error), language, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(disposition("배송 1.png"), "attachment; filename*=UTF-8''%EB%B0%B0%EC%86%A1%201.png");
        assert_eq!(disposition("a\"\r\nb;'é"), "attachment; filename*=UTF-8''a%22%0D%0Ab%3B%27%C3%A9");
    }
}
