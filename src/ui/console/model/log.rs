//! A stretch of a chat's log, and how later and earlier stretches join it.

use super::is_customers;
use crate::domain::{chat::Logged, customer::Customer, service::Language};

/// A stretch of one chat's log without a gap, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    pub events: Vec<Logged>,
    /// Older events exist before the first one here.
    pub earlier: bool,
    /// Who he is, as of the last time a stretch was asked for.
    pub customer: Option<Customer>,
    /// In which he reads.
    pub language: Language,
}

/// What became of an event that was handed to a [`Log`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    Appended,
    /// It was there already.
    Known,
    /// Something is missing before it.
    Gap,
}

impl Log {
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.events.last().map_or(0, |e| e.seq)
    }

    pub fn push(&mut self, event: &Logged) -> Pushed {
        let next = self.last_seq() + 1;
        if event.seq < next {
            Pushed::Known
        } else if event.seq > next {
            Pushed::Gap
        } else {
            self.events.push(event.clone());
            Pushed::Appended
        }
    }

    /// Takes over a stretch that the server answered: joined where it touches what is
    /// here, in place of it where it does not.
    pub fn merge(&mut self, events: Vec<Logged>, earlier: bool) {
        let (Some(first), Some(last)) = (events.first().map(|e| e.seq), events.last().map(|e| e.seq)) else {
            if self.events.is_empty() {
                self.earlier = earlier;
            }
            return;
        };
        let Some(mine) = self.events.first().map(|e| e.seq) else {
            (self.events, self.earlier) = (events, earlier);
            return;
        };
        if last + 1 >= mine && first <= self.last_seq() + 1 {
            if first < mine {
                let older = events.iter().take_while(|e| e.seq < mine).cloned();
                self.events.splice(..0, older);
                self.earlier = earlier;
            }
            for event in &events {
                self.push(event);
            }
        } else if last > self.last_seq() {
            (self.events, self.earlier) = (events, earlier);
        }
    }

    /// The public number of the first of the newest `unread` messages of the customer.
    #[must_use]
    pub fn first_unread(&self, unread: u32) -> Option<u64> {
        let nth = usize::try_from(unread).ok()?.checked_sub(1)?;
        self.events.iter().rev().filter(|e| is_customers(&e.event)).map(|e| e.public).nth(nth).flatten()
    }
}
