//! The door of all server functions: one body limit, one mapping from errors to statuses.

use super::auth::Sender;
use crate::{
    api::{ApiError, FieldError, Problem},
    domain::text::MESSAGE_MAX,
};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse as _,
};
use leptos::prelude::provide_context;

/// The largest request body, in bytes: a message of four-byte characters, escaped.
pub const BODY_MAX: usize = MESSAGE_MAX * 6 + 4_096;

/// Runs a server function.
pub async fn call(sender: Sender, request: Request) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return error(
            &ApiError::Invalid(vec![FieldError { field: "text".to_owned(), problem: Problem::TooLong }]),
            StatusCode::PAYLOAD_TOO_LARGE,
        );
    };
    // Not a form: never answer with a redirect to the Referer.
    parts.headers.remove(header::ACCEPT);
    let request = Request::from_parts(parts, Body::from(body));
    let answer = leptos_axum::handle_server_fns_with_context(move || provide_context(sender.clone()), request).await.into_response();
    if answer.status().is_success() {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, BODY_MAX).await.unwrap_or_default();
    match serde_json::from_slice::<ApiError>(&body) {
        Ok(known) => {
            let mut answer = error(&known, status(&known));
            if let Some(cookie) = parts.headers.remove(header::SET_COOKIE) {
                answer.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            answer
        }
        Err(_) => error(&ApiError::NotFound, StatusCode::NOT_FOUND),
    }
}

/// An error as JSON.
#[must_use]
pub fn error(error: &ApiError, status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(serde_json::to_string(error).unwrap_or_default()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let ApiError::TooMany(seconds) = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// The HTTP status of an error.
#[must_use]
pub fn status(error: &ApiError) -> StatusCode {
    match error {
        ApiError::NotFound => StatusCode::NOT_FOUND,
        ApiError::Forbidden => StatusCode::FORBIDDEN,
        ApiError::Unauthenticated | ApiError::WrongCredentials => StatusCode::UNAUTHORIZED,
        ApiError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::Refused(_) | ApiError::Rule(_) | ApiError::Conflict => StatusCode::CONFLICT,
        ApiError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        ApiError::Unavailable | ApiError::Network => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
