//! The sample shop of the demo, once plain and once with a strict policy.

use super::site::plain;
use crate::server::state::App;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};

/// The shop's front page.
pub async fn shop(state: State<App>, headers: HeaderMap) -> Response<Body> {
    shop_page(state, Path("index.html".to_owned()), headers).await
}

/// A page of the shop.
pub async fn shop_page(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    serve(&app, &file, &headers, "default-src 'self'; style-src 'self'; img-src 'self' data:")
}

/// The front page with the strict policy.
pub async fn strict(state: State<App>, headers: HeaderMap) -> Response<Body> {
    strict_page(state, Path("index.html".to_owned()), headers).await
}

/// A page of the shop under the policy that a careful host has: only what the widget's
/// documentation asks for.
pub async fn strict_page(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    serve(
        &app,
        &file,
        &headers,
        "default-src 'none'; script-src 'self'; frame-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'",
    )
}

fn serve(app: &App, file: &str, headers: &HeaderMap, policy: &'static str) -> Response<Body> {
    let name = if file.is_empty() { "index.html" } else { file };
    if !name.ends_with(".html") || name.contains('/') {
        return plain(StatusCode::NOT_FOUND, "not found");
    }
    let mut response = app.site.serve(&format!("demo/{name}"), headers);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
