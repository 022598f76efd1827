//! What can go wrong on the server, and the safe part of it that a page learns.

use crate::{
    api::{ApiError, FieldError, Problem},
    domain::{chat::Refused, service::Rule},
};

/// The result of every action.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an action was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not found")]
    NotFound,
    #[error("forbidden")]
    Forbidden,
    #[error("not signed in")]
    Unauthenticated,
    #[error("wrong credentials")]
    WrongCredentials,
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Rule(#[from] Rule),
    #[error("conflict")]
    Conflict,
    /// Seconds to wait.
    #[error("too many attempts")]
    TooMany(u32),
    #[error("temporarily unavailable")]
    Unavailable,
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl Error {
    /// A complaint about one field.
    #[must_use]
    pub fn field(field: &str, problem: impl Into<Problem>) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), problem: problem.into() }])
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // A database that is away, full, or too slow: nothing was stored, try again.
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => {
                tracing::error!(%error, "database unavailable");
                Self::Unavailable
            }
            sqlx::Error::Database(d) if is_passing(d.code().as_deref()) => {
                tracing::error!(%error, "database refused for now");
                Self::Unavailable
            }
            _ => Self::Internal(error.into()),
        }
    }
}

/// Codes of both databases that say "not now": full disk, locked or busy, starting or
/// shutting down, cancelled by a time limit.
fn is_passing(code: Option<&str>) -> bool {
    matches!(
        code,
        // SQLite: BUSY, LOCKED, READONLY after a full disk, IOERR, FULL
        Some("5" | "6" | "10" | "13" | "261" | "517" | "778" | "1034")
        // PostgreSQL: disk full, too many connections, cannot connect now, shutdown, time-out
        | Some("53100" | "53200" | "53300" | "57P01" | "57P02" | "57P03" | "57014" | "55P03")
    )
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Forbidden => Self::Forbidden,
            Error::Unauthenticated => Self::Unauthenticated,
            Error::WrongCredentials => Self::WrongCredentials,
            Error::Invalid(fields) => Self::Invalid(fields),
            Error::Refused(why) => Self::Refused(why),
            Error::Rule(rule) => Self::Rule(rule),
            Error::Conflict => Self::Conflict,
            Error::TooMany(seconds) => Self::TooMany(seconds),
            Error::Unavailable => Self::Unavailable,
            Error::Internal(cause) => {
                // The one place where it is logged; the span carries the request's id.
                tracing::error!(error = format!("{cause:#}"), "internal error");
                Self::Internal
            }
        }
    }
}
