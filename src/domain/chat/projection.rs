//! How a chat follows from its log, event by event.

use super::{Author, Chat, Event, Hold, LastWord, Offer, OfferEnd, Place, Rated, Requeued, Started, State};
use crate::domain::{ids::AccountId, time::Timestamp};

impl Chat {
    /// The chat after `event`: how the row follows the log. Numbers it, too.
    #[must_use]
    pub fn apply(mut self, event: &Event, at: Timestamp) -> Self {
        self.seq += 1;
        if event.public().is_some() {
            self.public_seq += 1;
        }
        match event {
            Event::Intake => self.state = State::Intake { since: at },
            Event::Greeting { .. } => {}
            Event::Message { author: Author::Customer, .. } => {
                self.accepted_at = self.accepted_at.or(Some(at));
                (self.last_word, self.asked_at) = (Some(LastWord { customer: true, at }), None);
                if matches!(self.state, State::Intake { .. }) {
                    self.state = State::Waiting { since: at };
                    self.place.at = at;
                }
            }
            Event::Message { author: Author::Agent(_), .. } => {
                self.agent_messages += 1;
                (self.last_word, self.asked_at) = (Some(LastWord { customer: false, at }), None);
            }
            Event::Started { agent } => {
                self.started = self.started.or(Some(Started { by: *agent, at }));
                self.goes_to(*agent, at);
            }
            Event::Resumed { agent } | Event::HandedOver { to: agent, .. } | Event::Continued { agent } => self.goes_to(*agent, at),
            Event::Offered { agent, .. } => self.offer = Some(Offer { agent: *agent, at }),
            Event::OfferEnded { agent, how } => {
                self.offer = None;
                if *how == OfferEnd::Missed {
                    self.missed.retain(|missed| missed != agent);
                    self.missed.push(*agent);
                }
            }
            Event::Delegated { from, to } => {
                (self.offer, self.lost_by) = (None, None);
                self.no_guest(*to);
                self.state = State::Held { agent: *to, since: at, why: Hold::Delegated { from: *from } };
            }
            Event::Parked { agent } => self.state = State::Held { agent: *agent, since: at, why: Hold::Parked },
            Event::Returned { to, .. } => {
                if self.started.is_some() {
                    self.goes_to(*to, at);
                } else {
                    self.waits_again(true, at);
                    self.offer = Some(Offer { agent: *to, at });
                }
            }
            Event::Queued { queue, front, why } => {
                if let Requeued::Transferred(agent) = why
                    && self.queue == *queue
                {
                    self.excluded.insert(*agent);
                }
                self.queue = *queue;
                self.missed.clear();
                self.waits_again(*front, at);
                self.lost_by = if let Requeued::Gone(agent) = why { Some(*agent) } else { None };
                // Where its agent is only gone, guests wait with the customer.
                if self.lost_by.is_none() {
                    self.guests.clear();
                }
            }
            Event::Invited { from, to } => self.invited_by(*from, *to, at),
            Event::Joined { agent } => self.joined(*agent, at),
            Event::Declined { agent } | Event::Left { agent } => self.no_guest(*agent),
            Event::Note { .. } | Event::Blocked { .. } => {}
            Event::Asked { .. } => self.asked_at = Some(at),
            Event::RatingAsked { .. } => self.rating_asked = true,
            Event::Rated { rating, words } => {
                self.rated = Some(Rated { rating: *rating, words: words.clone(), at });
                self.rating_asked = false;
            }
            Event::CustomerEnded | Event::CustomerSilent => {
                if let State::Active { agent, .. } | State::Held { agent, .. } = self.state {
                    self.state = State::CustomerEnded { agent, since: at };
                }
            }
            Event::CustomerReturned => {
                if let State::CustomerEnded { agent, .. } = self.state {
                    self.state = State::Active { agent, since: at };
                }
            }
            Event::Ended { by } => {
                self.offer = None;
                self.guests.retain(|guest| guest.joined);
                self.state = State::Ended { at, by: *by, agent: self.agent() };
            }
        }
        self
    }

    fn goes_to(&mut self, agent: AccountId, at: Timestamp) {
        (self.offer, self.lost_by) = (None, None);
        self.missed.clear();
        self.no_guest(agent);
        self.state = State::Active { agent, since: at };
    }

    /// Waits in its queue: from the customer's first word on if nobody has answered him
    /// yet, else from now.
    fn waits_again(&mut self, front: bool, at: Timestamp) {
        let since = match (self.state, self.started, self.accepted_at) {
            // Nothing was said yet: not even the wait has begun.
            (State::Intake { .. }, ..) => None,
            (State::Waiting { since }, ..) => Some(since),
            (_, None, Some(accepted)) => Some(accepted),
            _ => Some(at),
        };
        self.offer = None;
        // Who was there before stays before those who come to the front after him.
        self.place = Place { front, at: since.filter(|_| front).unwrap_or(at) };
        if let Some(since) = since {
            self.state = State::Waiting { since };
        }
    }
}
