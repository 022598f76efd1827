//! Whether the program lives, whether it should get requests, and what it counts.

use super::site::plain;
use crate::server::{state::App, telemetry};
use axum::{
    body::Body,
    extract::State,
    http::{Response, StatusCode},
};

/// The process answers.
pub async fn live() -> Response<Body> {
    plain(StatusCode::OK, "ok")
}

/// Database and bus answer, and the program is not going down.
pub async fn ready(State(app): State<App>) -> Response<Body> {
    if app.shutdown.is_cancelled() {
        plain(StatusCode::SERVICE_UNAVAILABLE, "shutting down")
    } else if app.db.ping().await.is_err() {
        plain(StatusCode::SERVICE_UNAVAILABLE, "database unavailable")
    } else if app.bus.is_up() {
        plain(StatusCode::OK, "ready")
    } else {
        // Still serving: events from other nodes come up to five seconds late.
        plain(StatusCode::OK, "ready, but the bus is lost")
    }
}

/// The counters, for Prometheus.
pub async fn metrics() -> String {
    telemetry::metrics()
}
