//! The picture of a service: its upload, and where everybody sees it.

use super::{
    api,
    auth::Sender,
    files::{self, Posted},
    site::plain,
};
use crate::{
    api::ApiError,
    domain::{attachment::BANNER_MAX, ids::ServiceId},
    server::{
        actions::banner,
        db,
        error::{Error, Result},
        state::App,
    },
};
use axum::{
    Json,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse as _,
};
use serde::Deserialize;

/// The largest body: more than one picture, so that a larger one is answered with a word.
pub const UPLOAD_MAX: usize = 8 * 1024 * 1024;

/// There is nothing but the picture.
#[derive(Deserialize)]
pub struct Nothing {}

/// Takes a picture from an owner; the answer is the list of services as JSON.
pub async fn set(sender: Sender, Path(service): Path<String>, request: Request) -> Response<Body> {
    let app = sender.app.clone();
    let done = async {
        let service = ServiceId(service.parse().map_err(|_| Error::NotFound)?);
        let me = sender.signed_in().await?;
        banner::may_change(&me, service).await?;
        let Posted { attached, form: Nothing {} } = match files::read(&app, request, BANNER_MAX, || None).await {
            Ok(posted) => posted,
            Err(answer) => return Ok(answer),
        };
        Ok(Json(banner::set(&me, service, attached).await?).into_response())
    };
    done.await.unwrap_or_else(|error: Error| {
        let error = ApiError::from(error);
        api::error(&error, api::status(&error))
    })
}

/// The picture, by an address that is another one for another picture.
pub async fn show(State(app): State<App>, Path((service, hash)): Path<(String, String)>) -> Response<Body> {
    let found = async {
        let banner = app
            .db
            .look(async |tx| {
                let service = db::services::find_by_key(tx, &service).await?.ok_or(Error::NotFound)?;
                db::files::banner(tx, service.id).await?.filter(|banner| banner.hash() == hash).ok_or(Error::NotFound)
            })
            .await?;
        let bytes = app.files.read(banner.file).await?;
        Ok::<_, Error>((banner, bytes))
    };
    let found: Result<_> = found.await;
    let Ok((banner, bytes)) = found else { return plain(StatusCode::NOT_FOUND, "not found") };
    let mut response = Response::new(Body::from_stream(bytes));
    let h = response.headers_mut();
    if let Ok(media) = HeaderValue::from_str(&banner.media) {
        h.insert(header::CONTENT_TYPE, media);
    }
    h.insert(header::CONTENT_LENGTH, HeaderValue::from(banner.size));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}
