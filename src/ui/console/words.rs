//! Small wordings of the console.

use super::model::{Left, Row};
use crate::{
    domain::{
        chat::{EndedBy, Event, OfferEnd, Rating, Requeued, State},
        ids::AccountId,
        settings::Naming,
        time::{HOUR, MINUTE, SECOND, Timestamp},
    },
    i18n::Texts,
    protocol::Card,
};

/// A wait as minutes and seconds: 0:40, 12:05, 1:02:03.
#[must_use]
pub fn clock(ms: i64) -> String {
    let (hours, minutes, seconds) = (ms / HOUR, ms % HOUR / MINUTE, ms % MINUTE / SECOND);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// How long it is since `since`; nothing before the page knows the time.
#[must_use]
pub fn since(now: Option<Timestamp>, since: Timestamp) -> String {
    now.map(|now| clock(now.since(since))).unwrap_or_default()
}

/// Whose chat it is: his code, by which agents tell strangers apart, and his name once it is known.
#[must_use]
pub fn customer(texts: &Texts, card: &Card) -> String {
    let code = texts.console_customer(&card.code);
    if card.labels.name.is_empty() { code } else { format!("{code} · {}", card.labels.name) }
}

/// What a chat's change of hands means, and what the customer learns of it (A45, G6).
#[must_use]
pub fn with_customer(texts: &Texts, naming: Naming, meaning: String) -> String {
    let learns = match naming {
        Naming::Service => texts.acts_customer_unaware(),
        Naming::Nickname => texts.acts_customer_sees_name(),
    };
    meaning + " " + &learns
}

/// The state of a chat in one word.
#[must_use]
pub fn state(texts: &Texts, row: &Row) -> String {
    match row.card.chat.state {
        _ if taken(row) => texts.console_state_active(),
        State::Intake { .. } | State::Waiting { .. } => texts.console_state_waiting(),
        State::Active { .. } => texts.console_state_active(),
        State::Held { .. } => texts.console_state_held(),
        State::CustomerEnded { .. } => texts.console_state_customer_ended(),
        State::Ended { .. } => texts.console_state_ended(),
    }
}

/// The class that gives the state its colour.
#[must_use]
pub fn state_class(row: &Row) -> &'static str {
    match row.card.chat.state {
        _ if taken(row) => "chip active",
        State::Intake { .. } | State::Waiting { .. } => "chip waiting",
        State::Active { .. } => "chip active",
        State::Held { .. } => "chip hold",
        State::CustomerEnded { .. } => "chip trouble",
        State::Ended { .. } => "chip",
    }
}

/// Another agent has it: what this page knew of its state is over.
fn taken(row: &Row) -> bool {
    matches!(row.left, Some(Left::TakenBy(_)))
}

/// What happened, as a line in the thread; nothing for messages.
#[must_use]
pub fn happened(texts: &Texts, event: &Event, name_of: impl Fn(AccountId) -> String) -> String {
    match event {
        Event::Message { .. } => String::new(),
        Event::Intake => texts.console_event_intake(),
        Event::Greeting { text } => texts.console_event_greeting(text),
        Event::Started { agent } => texts.console_event_started(name_of(*agent)),
        Event::Offered { agent, .. } => texts.console_event_offered(name_of(*agent)),
        Event::OfferEnded { agent, how: OfferEnd::Missed } => texts.console_event_offer_missed(name_of(*agent)),
        Event::OfferEnded { agent, how: OfferEnd::Gone } => texts.console_event_offer_gone(name_of(*agent)),
        Event::OfferEnded { agent, how: OfferEnd::Left } => texts.console_event_offer_left(name_of(*agent)),
        Event::Delegated { from, to } => texts.console_event_delegated(name_of(*from), name_of(*to)),
        Event::Returned { agent, to, late: false } => texts.console_event_returned(name_of(*agent), name_of(*to)),
        Event::Returned { agent, to, late: true } => texts.console_event_returned_late(name_of(*agent), name_of(*to)),
        Event::Resumed { agent } => texts.console_event_resumed(name_of(*agent)),
        Event::Parked { agent } => texts.console_event_parked(name_of(*agent)),
        Event::Queued { why, .. } => requeued(texts, *why, name_of),
        Event::HandedOver { from, to } => texts.console_event_handed_over(name_of(*from), name_of(*to)),
        Event::Invited { from, to } => texts.acts_event_invited(name_of(*from), name_of(*to)),
        Event::Joined { agent } => texts.acts_event_joined(name_of(*agent)),
        Event::Declined { agent } => texts.acts_event_declined(name_of(*agent)),
        Event::Left { agent } => texts.acts_event_left(name_of(*agent)),
        Event::Blocked { agent } => texts.acts_event_blocked(name_of(*agent)),
        Event::Note { agent, text } => texts.console_event_note(name_of(*agent), text),
        Event::Asked { text } => texts.console_event_asked(text),
        Event::RatingAsked { agent, text } => texts.rating_event_asked(name_of(*agent), text),
        Event::Rated { rating: Rating::Good, words } if words.is_empty() => texts.rating_event_good(),
        Event::Rated { rating: Rating::Good, words } => texts.rating_event_good_words(words),
        Event::Rated { rating: Rating::Bad, words } if words.is_empty() => texts.rating_event_bad(),
        Event::Rated { rating: Rating::Bad, words } => texts.rating_event_bad_words(words),
        Event::CustomerSilent => texts.console_event_silent(),
        Event::Continued { agent } => texts.console_event_continued(name_of(*agent)),
        Event::CustomerEnded => texts.console_event_customer_ended(),
        Event::CustomerReturned => texts.console_event_customer_returned(),
        Event::Ended { by: EndedBy::Customer } => texts.console_event_ended_customer(),
        Event::Ended { by: EndedBy::Agent } => texts.console_event_ended_agent(),
        Event::Ended { by: EndedBy::System } => texts.console_event_ended_system(),
    }
}

fn requeued(texts: &Texts, why: Requeued, name_of: impl Fn(AccountId) -> String) -> String {
    match why {
        Requeued::QueueOff => texts.console_event_moved(),
        Requeued::Transferred(agent) => texts.console_event_transferred(name_of(agent)),
        Requeued::Released(agent) => texts.console_event_released(name_of(agent)),
        Requeued::Gone(agent) => texts.console_event_agent_gone(name_of(agent)),
        Requeued::Put(agent) => texts.board_event_put(name_of(agent)),
        Requeued::NotResumed(agent) => texts.console_event_not_resumed(name_of(agent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_minutes_and_seconds() {
        assert_eq!(
            (clock(0), clock(40_999), clock(725_000), clock(3_723_000)),
            ("0:00".into(), "0:40".into(), "12:05".into(), "1:02:03".into())
        );
        assert_eq!(since(Some(Timestamp(1_000)), Timestamp(9_000)), "0:00");
    }
}
