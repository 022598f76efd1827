//! What a customer thinks of his chat (A30, A52, A62, G19): 만족 or 불만족, with words if
//! he likes, and changed as often as he likes. The last one counts.

use super::{Chat, Event, Refused, State, Step};
use crate::domain::{
    ids::AccountId,
    time::{DAY, Timestamp},
};
use serde::{Deserialize, Serialize};

/// The longest words beside a rating, in characters.
pub const RATING_WORDS_MAX: usize = 1_000;
/// So long after its end a chat can still be rated, in milliseconds.
const OPEN_FOR: i64 = DAY;

/// 만족 or 불만족.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    Good,
    Bad,
}

impl Rating {
    pub const ALL: [Self; 2] = [Self::Good, Self::Bad];

    /// The name under which it is stored and sent.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rating| rating.code() == code)
    }
}

/// The rating that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    pub rating: Rating,
    /// Empty: he gave none.
    pub words: String,
    pub at: Timestamp,
}

impl Chat {
    /// Whether the customer may rate it now: an agent has answered him, and it has not been
    /// over for long. Whether the service wants ratings at all is the caller's to know.
    #[must_use]
    pub fn may_be_rated(&self, now: Timestamp) -> bool {
        let late = matches!(self.state, State::Ended { at, .. } if now.since(at) >= OPEN_FOR);
        self.is_handled() && !late
    }

    /// The customer rates it, or thinks better of it. The same again is no event.
    ///
    /// # Errors
    /// [`Refused::NotToRate`].
    pub fn rates(self, rating: Rating, words: String, at: Timestamp) -> Result<Step, Refused> {
        if !self.may_be_rated(at) {
            return Err(Refused::NotToRate);
        }
        let same = self.rated.as_ref().is_some_and(|rated| rated.rating == rating && rated.words == words);
        let events = if same { Vec::new() } else { vec![Event::Rated { rating, words }] };
        Ok(self.with(events, at))
    }

    /// 평가 요청: the service's words that ask for a rating, sent by the agent who has it.
    ///
    /// # Errors
    /// [`Refused`] when it is not his, is over, or cannot be rated yet.
    pub fn asks_rating(self, agent: AccountId, text: String, at: Timestamp) -> Result<Step, Refused> {
        match self.state {
            State::Active { agent: owner, .. } | State::CustomerEnded { agent: owner, .. } | State::Held { agent: owner, .. } => {
                if owner != agent {
                    return Err(Refused::TakenBy { agent: owner });
                }
            }
            State::Intake { .. } | State::Waiting { .. } => return Err(Refused::NotStarted),
            State::Ended { .. } => return Err(Refused::Ended),
        }
        if !self.may_be_rated(at) {
            return Err(Refused::NotToRate);
        }
        Ok(self.with(vec![Event::RatingAsked { agent, text }], at))
    }
}
