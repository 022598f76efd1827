//! What went wrong, in words: a text for every code of [`ApiError`].

use crate::{
    api::{ApiError, Problem},
    domain::{calendar::CalendarProblem, chat::Refused, ids::AccountId, service::Rule},
    i18n::Texts,
};

/// The sentence for an error. `name_of` knows colleagues by their names.
#[must_use]
pub fn error_text(texts: &Texts, error: &ApiError, name_of: impl Fn(AccountId) -> Option<String>) -> String {
    match error {
        ApiError::NotFound => texts.error_not_found(),
        ApiError::Forbidden => texts.error_forbidden(),
        ApiError::Unauthenticated => texts.error_unauthenticated(),
        ApiError::WrongCredentials => texts.error_wrong_credentials(),
        ApiError::Invalid(_) => texts.error_invalid(),
        ApiError::Rule(rule) => rule_text(texts, *rule),
        ApiError::Refused(refused) => refused_text(texts, *refused, name_of),
        ApiError::Conflict => texts.error_conflict(),
        ApiError::TooMany(seconds) => texts.error_too_many(seconds),
        ApiError::Unavailable => texts.error_unavailable(),
        ApiError::Internal => texts.error_internal(),
        ApiError::Network => texts.error_network(),
    }
}

/// The sentence for an error that names no colleague.
#[must_use]
pub fn plain_error_text(texts: &Texts, error: &ApiError) -> String {
    error_text(texts, error, |_| None)
}

fn refused_text(texts: &Texts, refused: Refused, name_of: impl Fn(AccountId) -> Option<String>) -> String {
    match refused {
        Refused::TakenBy { agent } => name_of(agent).map_or_else(|| texts.error_taken(), |name| texts.error_taken_by(name)),
        Refused::Ended => texts.error_ended(),
        Refused::CustomerEnded => texts.error_customer_ended(),
        Refused::NotStarted => texts.error_not_started(),
        Refused::AlreadyStarted => texts.error_already_started(),
        Refused::Shut | Refused::NoChat => texts.error_no_new_chats(),
        Refused::Members => texts.error_members_only(),
        Refused::NothingToAnswer => texts.error_nothing_to_answer(),
        Refused::NotOffered { to: Some(agent) } => {
            name_of(agent).map_or_else(|| texts.console_refused_not_offered(), |name| texts.console_refused_offered_to(name))
        }
        Refused::NotOffered { to: None } => texts.console_refused_not_offered(),
        Refused::GivenAway => texts.console_refused_given_away(),
        Refused::NotActive => texts.console_refused_not_active(),
        Refused::NotHeld => texts.console_refused_not_held(),
        Refused::NotEligible => texts.console_refused_not_eligible(),
        Refused::QueueShut => texts.console_refused_queue_shut(),
        Refused::NobodyElse => texts.console_refused_nobody_else(),
        Refused::NotToRate => texts.rating_refused(),
        Refused::HasAnother => texts.console_refused_has_another(),
        Refused::Unseen { by } => texts.talk_unseen_by(name_of(by).unwrap_or_else(|| texts.console_agent())),
    }
}

fn rule_text(texts: &Texts, rule: Rule) -> String {
    match rule {
        Rule::LastAdmin => texts.error_last_admin(),
        Rule::LastOwner => texts.error_last_owner(),
        Rule::NotYours => texts.error_not_yours(),
        Rule::OpenChats { chats } => texts.error_open_chats(chats),
        Rule::AsksFirst { .. } => texts.error_asks_first(),
        Rule::TooMany { max } => texts.error_too_many_of(max),
        Rule::Stale => texts.error_stale(),
    }
}

fn calendar_text(texts: &Texts, problem: CalendarProblem) -> String {
    match problem {
        CalendarProblem::Span => texts.error_calendar_span(),
        CalendarProblem::Overlap => texts.error_calendar_overlap(),
        CalendarProblem::TooMany => texts.error_calendar_too_many(),
        CalendarProblem::Date => texts.error_calendar_date(),
        CalendarProblem::LastIntake => texts.error_out_of_range(),
    }
}

/// The sentence beside a field.
#[must_use]
pub fn problem_text(texts: &Texts, problem: Problem) -> String {
    match problem {
        Problem::Required => texts.error_required(),
        Problem::TooLong => texts.error_too_long(),
        Problem::PasswordTooShort => texts.error_password_too_short(),
        Problem::PasswordTooWeak => texts.error_password_too_weak(),
        Problem::WrongPassword => texts.error_wrong_password(),
        Problem::NotAnEmail => texts.error_not_an_email(),
        Problem::NotAKey => texts.error_not_a_key(),
        Problem::NotAnOrigin => texts.error_not_an_origin(),
        Problem::Taken => texts.error_taken_value(),
        Problem::OutOfRange => texts.error_out_of_range(),
        Problem::NotAColor => texts.error_not_a_color(),
        Problem::NotATime => texts.error_not_a_time(),
        Problem::NotAZone => texts.error_not_a_zone(),
        Problem::TooDeep => texts.error_too_deep(),
        Problem::NotAShortcut => texts.canned_not_a_shortcut(),
        Problem::NotAPhone => texts.error_not_a_phone(),
        Problem::Changed => texts.error_changed(),
        Problem::NotAToken => texts.error_not_a_token(),
        Problem::BadSignature => texts.error_bad_signature(),
        Problem::Expired => texts.error_expired(),
        Problem::NotFlat => texts.error_not_flat(),
        Problem::TooMany => texts.error_too_many_values(),
        Problem::FileEmpty => texts.error_file_empty(),
        Problem::FileTooLarge => texts.error_file_too_large(),
        Problem::FileType => texts.error_file_type(),
        Problem::TooManyFiles => texts.error_too_many_files(),
        Problem::FileQuota => texts.error_file_quota(),
        Problem::NotAPicture => texts.error_not_a_picture(),
        Problem::Calendar(problem) => calendar_text(texts, problem),
    }
}

/// The sentence for a code in the address (`/login?error=…`), written there by the
/// answer to a form that was posted without script.
#[must_use]
pub fn code_text(texts: &Texts, code: &str) -> String {
    match code {
        "wrong_credentials" => texts.error_wrong_credentials(),
        "too_many" => texts.error_too_many_plain(),
        "unavailable" => texts.error_unavailable(),
        "invalid" => texts.error_invalid(),
        "forbidden" => texts.setup_closed(),
        _ => texts.error_internal(),
    }
}
