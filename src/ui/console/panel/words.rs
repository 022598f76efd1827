//! Small wordings of tickets and earlier chats.

use super::beside::Beside;
use crate::{
    api::panel::EarlierChat,
    domain::{
        chat::State,
        ids::AccountId,
        ticket::{Change, Priority, Status},
    },
    i18n::Texts,
};

/// A ticket's status in a word.
pub fn status(t: &Texts, status: Status) -> String {
    match status {
        Status::New => t.tickets_status_new(),
        Status::Open => t.tickets_status_open(),
        Status::Reply => t.tickets_status_reply(),
        Status::Solved => t.tickets_status_solved(),
        Status::Closed => t.tickets_status_closed(),
    }
}

/// The class that gives it its colour.
pub fn status_class(status: Status) -> &'static str {
    match status {
        Status::New => "chip waiting",
        Status::Open => "chip active",
        Status::Reply => "chip hold",
        Status::Solved | Status::Closed => "chip",
    }
}

/// A ticket's priority in a word.
pub fn priority(t: &Texts, priority: Priority) -> String {
    match priority {
        Priority::Low => t.tickets_priority_low(),
        Priority::Normal => t.tickets_priority_normal(),
        Priority::High => t.tickets_priority_high(),
        Priority::Urgent => t.tickets_priority_urgent(),
    }
}

/// Who has a ticket.
pub fn assignee(t: &Texts, beside: Beside, who: Option<AccountId>) -> String {
    match who {
        Some(account) => Some(beside.name_of(account)).filter(|name| !name.is_empty()).unwrap_or_else(|| t.console_agent()),
        None => t.tickets_nobody(),
    }
}

/// What was done to a ticket, as a line of its log.
pub fn change(t: &Texts, beside: Beside, change: &Change) -> String {
    let went = |what: String, before: String, after: String| t.tickets_log_went(after, before, what);
    match change {
        Change::Made => t.tickets_log_made(),
        Change::Subject { before, after } => went(t.tickets_subject_label(), before.clone(), after.clone()),
        Change::Description { .. } => t.tickets_log_description(),
        Change::Status { before, after } => went(t.tickets_status(), status(t, *before), status(t, *after)),
        Change::Priority { before, after } => went(t.tickets_priority(), priority(t, *before), priority(t, *after)),
        Change::Assignee { before, after } => went(t.tickets_assignee(), assignee(t, beside, *before), assignee(t, beside, *after)),
        Change::Tags { added, removed } => {
            let added = added.iter().map(|tag| format!("+{tag}"));
            let all: Vec<String> = added.chain(removed.iter().map(|tag| format!("−{tag}"))).collect();
            format!("{}: {}", t.tickets_tags(), all.join(" "))
        }
    }
}

/// How an earlier chat went, in a word: 처리 or 미처리 once it is over.
pub fn outcome(t: &Texts, chat: &EarlierChat) -> String {
    match chat.state {
        State::Ended { .. } if chat.handled => t.panel_handled(),
        State::Ended { .. } => t.panel_unhandled(),
        _ => t.panel_going_on(),
    }
}
