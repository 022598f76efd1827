//! How a page calls the server: server functions by noun, thin; what they do is in
//! `server::actions`. All take and answer JSON at fixed paths under `/api`.

pub mod accounts;
pub mod blocks;
pub mod board;
pub mod canned;
pub mod categories;
pub mod chats;
pub mod desk;
pub mod drafts;
pub mod history;
pub mod inquiries;
pub mod members;
pub mod organization;
pub mod panel;
pub mod presence;
pub mod queues;
pub mod routing;
pub mod settings;
pub mod tags;
pub mod tickets;
#[cfg(feature = "ssr")]
pub mod visitor;

use crate::domain::{
    calendar::CalendarProblem,
    chat::Refused,
    service::Rule,
    settings::{Why, Wrong},
    text::TextProblem,
};
use leptos::{
    prelude::FromServerFnError,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// What a page learns when something did not work: safe to show, a text for each in the
/// catalogue, fields named as in the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", content = "detail", rename_all = "snake_case")]
pub enum ApiError {
    #[error("not found")]
    NotFound,
    #[error("forbidden")]
    Forbidden,
    #[error("sign in first")]
    Unauthenticated,
    /// Address or password wrong; which one is not said.
    #[error("wrong credentials")]
    WrongCredentials,
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    #[error("refused: {0}")]
    Refused(Refused),
    #[error("against a rule: {0}")]
    Rule(Rule),
    /// The same id was used for something else.
    #[error("conflict")]
    Conflict,
    /// Seconds until it may be tried again.
    #[error("too many attempts, wait {0} s")]
    TooMany(u32),
    #[error("temporarily unavailable")]
    Unavailable,
    #[error("internal error")]
    Internal,
    /// The request did not arrive, or its answer was not understood.
    #[error("network")]
    Network,
}

/// One field's problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub problem: Problem,
}

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    Required,
    TooLong,
    /// At least 10 characters.
    PasswordTooShort,
    /// Among the best known ones, or made of one's own address.
    PasswordTooWeak,
    WrongPassword,
    NotAnEmail,
    NotAKey,
    NotAnOrigin,
    Taken,
    OutOfRange,
    NotAColor,
    NotATime,
    NotAZone,
    /// Of a calendar: which rule it breaks.
    Calendar(CalendarProblem),
    /// Categories end at the third depth.
    TooDeep,
    NotAPhone,
    /// A blank within, a slash at the beginning, or a character that nobody sees.
    NotAShortcut,
    /// What was agreed to has changed since.
    Changed,
    /// No signed token of ours: another form, another algorithm.
    NotAToken,
    /// Signed with no key that is in force.
    BadSignature,
    /// The token has ended, or has not begun.
    Expired,
    /// Data other than texts, numbers, yes and no by name.
    NotFlat,
    /// More values than are kept.
    TooMany,
    FileEmpty,
    FileTooLarge,
    /// Its content is of no kind that is taken.
    FileType,
    TooManyFiles,
    /// As much as one may send in a day.
    FileQuota,
    /// It cannot be decoded, or is too large for it.
    NotAPicture,
}

impl ApiError {
    /// The problem of `field`, if this is a complaint about it.
    #[must_use]
    pub fn problem_of(&self, field: &str) -> Option<Problem> {
        match self {
            Self::Invalid(fields) => fields.iter().find(|f| f.field == field).map(|f| f.problem),
            _ => None,
        }
    }

    /// A complaint about one field.
    #[must_use]
    pub fn field(field: &str, problem: Problem) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), problem }])
    }
}

impl From<Wrong> for FieldError {
    fn from(wrong: Wrong) -> Self {
        let problem = match wrong.why {
            Why::Text(problem) => problem.into(),
            Why::OutOfRange => Problem::OutOfRange,
            Why::Calendar(problem) => Problem::Calendar(problem),
            Why::NotAColor => Problem::NotAColor,
            Why::NotAShortcut => Problem::NotAShortcut,
        };
        Self { field: wrong.field, problem }
    }
}

impl From<TextProblem> for Problem {
    fn from(problem: TextProblem) -> Self {
        match problem {
            TextProblem::Empty => Self::Required,
            TextProblem::TooLong => Self::TooLong,
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // In a browser it is the answer that was cut off or came from a proxy in between:
            // nobody has refused anything.
            ServerFnErrorErr::Deserialization(_) if cfg!(not(feature = "ssr")) => Self::Network,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => Self::Invalid(Vec::new()),
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Network,
            _ => Self::Internal,
        }
    }
}
