//! A thread as it is drawn: day dividers, the "new" divider, messages in groups.

use super::model::Log;
use crate::{
    domain::{
        attachment::Attachment,
        chat::{Author, Event, Logged},
        time::Timestamp,
    },
    ui::live::stream::{Place, group},
};

/// One line of the thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// The first line of a local day.
    Day {
        at: Timestamp,
        before: u64,
    },
    /// Above the first message that was unread when the chat was opened.
    New {
        before: u64,
    },
    /// What happened, other than a message.
    Happened(Logged),
    Message {
        logged: Logged,
        author: Author,
        text: String,
        files: Vec<Attachment>,
        first: bool,
        last: bool,
    },
}

impl Item {
    /// Equal keys mean equal drawings, so that a list by keys draws only what is new.
    #[must_use]
    pub fn key(&self) -> (u64, u8) {
        match self {
            Self::Day { before, .. } => (*before, 0),
            Self::New { before } => (*before, 1),
            Self::Happened(logged) => (logged.seq, 2),
            Self::Message { logged, first, last, .. } => (logged.seq, 3 + u8::from(*first) + 2 * u8::from(*last)),
        }
    }
}

/// The lines of `log`. `divider` is the public number of the first unread message,
/// `day` tells local days apart.
#[must_use]
pub fn items(log: &Log, divider: Option<u64>, day: impl Fn(Timestamp) -> i64) -> Vec<Item> {
    // A group ends with its day and at the divider, too.
    let speakers: Vec<_> = log
        .events
        .iter()
        .scan(false, |unread, logged| {
            *unread |= divider.is_some() && logged.public == divider;
            Some(match logged.event {
                Event::Message { author, .. } => Some(((author, day(logged.at), *unread), logged.at)),
                _ => None,
            })
        })
        .collect();
    let mut out = Vec::with_capacity(log.events.len() + 4);
    let mut today = None;
    for (logged, Place { first, last }) in log.events.iter().zip(group(&speakers)) {
        let this = Some(day(logged.at));
        if today != this {
            today = this;
            out.push(Item::Day { at: logged.at, before: logged.seq });
        }
        if divider.is_some() && logged.public == divider {
            out.push(Item::New { before: logged.seq });
        }
        out.push(match &logged.event {
            Event::Message { author, text, files, .. } => {
                let (text, files) = (text.clone(), files.clone());
                Item::Message { logged: logged.clone(), author: *author, text, files, first, last }
            }
            _ => Item::Happened(logged.clone()),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ids::{AccountId, ChatId},
        time::MINUTE,
    };
    use uuid::Uuid;

    const GROUP: i64 = 2 * MINUTE;

    fn say(seq: u64, at: i64, agent: Option<u128>) -> Logged {
        let author = agent.map_or(Author::Customer, |n| Author::Agent(AccountId(Uuid::from_u128(n))));
        let event = Event::message(author, "x");
        Logged { chat: ChatId(Uuid::nil()), seq, public: Some(seq), at: Timestamp(at), client_id: None, event }
    }

    fn shape(events: Vec<Logged>, divider: Option<u64>) -> String {
        let log = Log { events, ..Log::default() };
        items(&log, divider, |t| t.0 / 10_000_000)
            .iter()
            .map(|item| match item {
                Item::Day { .. } => "D",
                Item::New { .. } => "N",
                Item::Happened(_) => "e",
                Item::Message { first: true, last: true, .. } => "[]",
                Item::Message { first: true, .. } => "[",
                Item::Message { last: true, .. } => "]",
                Item::Message { .. } => "-",
            })
            .collect()
    }

    #[test]
    fn messages_group_by_speaker_within_two_minutes() {
        assert_eq!(shape(vec![say(1, 0, None), say(2, GROUP, None), say(3, 2 * GROUP, None), say(4, 3 * GROUP + 1, None)], None), "D[-][]");
        assert_eq!(shape(vec![say(1, 0, None), say(2, 1, Some(1)), say(3, 2, Some(1)), say(4, 3, Some(2))], None), "D[][][]");
    }

    #[test]
    fn days_events_and_the_divider_cut_a_group() {
        let mut happened = say(2, 1, None);
        happened.event = Event::CustomerEnded;
        assert_eq!(shape(vec![say(1, 0, None), happened, say(3, 2, None)], None), "D[]e[]");
        assert_eq!(shape(vec![say(1, 9_999_999, None), say(2, 10_000_000, None)], None), "D[]D[]");
        assert_eq!(shape(vec![say(1, 0, None), say(2, 1, None)], Some(2)), "D[]N[]");
    }
}
