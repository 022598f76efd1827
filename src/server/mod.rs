//! Everything that only the server knows. `http` is how requests arrive, `actions` what
//! they do, `db` how it is stored, `realtime` how it reaches the other side.

pub mod actions;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod error;
pub mod files;
pub mod http;
pub mod jwt;
pub mod keys;
pub mod mail;
pub mod realtime;
pub mod secrets;
pub mod state;
pub mod telemetry;

/// A place where a test may end the process at once (`FAILPOINTS=name=5%return`); nothing
/// at all without the feature.
pub(crate) fn failpoint(name: &str) {
    let _ = name;
    #[cfg(feature = "failpoints")]
    fail::fail_point!(name, |_| std::process::abort());
}
