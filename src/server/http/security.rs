//! What holds for every request and every answer: where changes may come from, and the
//! headers that keep browsers from doing what we never want.

use super::{request, site};
use crate::server::{config::Config, state::App};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use std::net::SocketAddr;

const NO_SNIFF: HeaderName = HeaderName::from_static("x-content-type-options");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Refuses changes from foreign pages; sets the headers of every answer, errors included.
pub async fn guard(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response {
    let https = request::is_https(&app.config, peer, request.headers());
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let mut response = if changes && !may_change(&app.config, request.headers()) {
        site::plain(StatusCode::FORBIDDEN, "This request does not come from a page of this server.")
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(NO_SNIFF, HeaderValue::from_static("nosniff"));
    // Never no-referrer: it turns the Origin of every form into null.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(PERMISSIONS, HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()"));
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"));
    response
}

/// Whether a change may come from where these headers say it does: one of our own pages,
/// or a program that carries no cookie.
fn may_change(config: &Config, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    match text("origin") {
        Some(origin) => config.is_own_origin(origin),
        None => text("sec-fetch-site").is_some() || !headers.contains_key(header::COOKIE),
    }
}

/// Whether a socket may be opened from where these headers say: upgrades carry only Origin.
#[must_use]
pub fn may_open_socket(config: &Config, headers: &HeaderMap) -> bool {
    headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()).is_some_and(|origin| config.is_own_origin(origin))
}

/// The policy of a page of the app: its own files, nobody's frame.
#[must_use]
pub fn app_policy(config: &Config, nonce: &str) -> String {
    page_policy(config, nonce, "'none'")
}

/// The policy of the help centre: its own files, and the chat icon's frame.
#[must_use]
pub fn help_policy(config: &Config, nonce: &str) -> String {
    format!("{}; frame-src 'self'", page_policy(config, nonce, "'none'"))
}

/// The policy of the widget's page; `ancestors` are the origins that may frame it.
#[must_use]
pub fn widget_policy(config: &Config, nonce: &str, ancestors: &[String]) -> String {
    let ancestors = if ancestors.is_empty() { "'none'".to_owned() } else { ancestors.join(" ") };
    page_policy(config, nonce, &ancestors)
}

fn page_policy(config: &Config, nonce: &str, ancestors: &str) -> String {
    // Some browsers do not take 'self' for the socket's scheme.
    let sockets: String = config.origins.iter().map(|o| format!(" {}", o.replacen("http", "ws", 1))).collect();
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'{sockets}; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs.iter().map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v))).collect();
        may_change(&Config::default(), &headers)
    }

    #[test]
    fn changes_come_from_our_own_pages() {
        assert!(allowed(&[("origin", "http://127.0.0.1:3000"), ("sec-fetch-site", "same-origin"), ("cookie", "a=b")]));
        assert!(allowed(&[("origin", "http://127.0.0.1:3000")]));
        assert!(!allowed(&[("origin", "https://evil.example")]));
        assert!(!allowed(&[("origin", "http://127.0.0.1:3000.evil.example")]));
        assert!(!allowed(&[("origin", "http://127.0.0.1:3000"), ("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[("origin", "null"), ("cookie", "a=b")]));
        assert!(!allowed(&[("cookie", "a=b")]));
        assert!(allowed(&[]));
    }
}
