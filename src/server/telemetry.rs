//! Logs and metrics. Neither ever carries a message, a token or a password; metrics are
//! labelled by route, never by an id.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use tracing_subscriber::{EnvFilter, fmt};

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts logging to standard error (`RUST_LOG` filters; default `info`) and counting.
pub fn start(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,async_nats=warn,sqlx=warn"));
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // An error says that somebody logs already (a test).
    let _ = if json { log.json().try_init() } else { log.try_init() };
    if let Ok(handle) = PrometheusBuilder::new().install_recorder() {
        let _ = METRICS.set(handle);
    }
    metrics::describe_histogram!("damso_log_batch_messages", "Messages stored by one transaction of the log writer");
    metrics::describe_counter!("damso_sockets_slow_total", "Sockets closed because a write was blocked for 10 s");
    metrics::describe_gauge!("damso_sockets_open", "Open sockets by kind");
    metrics::describe_counter!("damso_http_requests_total", "Requests by route and status");
}

/// The metrics in the Prometheus text format.
#[must_use]
pub fn metrics() -> String {
    METRICS.get().map(PrometheusHandle::render).unwrap_or_default()
}
