//! 고객 차단 (G34): for how long a customer who was abusive stays out.

use super::{
    text::{self, TextProblem},
    time::{DAY, Timestamp},
};
use serde::{Deserialize, Serialize};

/// The longest reason, in characters.
pub const REASON_MAX: usize = 200;
/// Whoever else comes from the same address is never kept out for longer: addresses are
/// shared, and given on.
const ADDRESS_MAX: i64 = 7 * DAY;

/// How long a block lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    #[default]
    Day,
    Week,
    Month,
    /// Until an admin lifts it.
    Forever,
}

impl Length {
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Forever];

    /// When a block from `at` on ends by itself.
    #[must_use]
    pub fn until(self, at: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Day => Some(at.plus(DAY)),
            Self::Week => Some(at.plus(7 * DAY)),
            Self::Month => Some(at.plus(30 * DAY)),
            Self::Forever => None,
        }
    }

    /// Until when the address is blocked, too: a week at most.
    #[must_use]
    pub fn address_until(self, at: Timestamp) -> Timestamp {
        let longest = at.plus(ADDRESS_MAX);
        self.until(at).map_or(longest, |until| until.min(longest))
    }
}

/// Why somebody is blocked, in one line.
///
/// # Errors
/// Empty, or longer than [`REASON_MAX`].
pub fn reason(raw: &str) -> Result<String, TextProblem> {
    let clean = text::name(raw, REASON_MAX)?;
    if clean.is_empty() { Err(TextProblem::Empty) } else { Ok(clean) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_blocked_for_a_week_at_most() {
        let at = Timestamp(1_000);
        assert_eq!(Length::Day.address_until(at), at.plus(DAY));
        assert_eq!(Length::Month.address_until(at), at.plus(7 * DAY));
        assert_eq!((Length::Forever.until(at), Length::Forever.address_until(at)), (None, at.plus(7 * DAY)));
    }

    #[test]
    fn a_block_has_a_reason() {
        assert_eq!(reason(" \n "), Err(TextProblem::Empty));
        assert_eq!(reason(" 욕설 반복 "), Ok("욕설 반복".to_owned()));
        assert_eq!(reason(&"가".repeat(REASON_MAX + 1)), Err(TextProblem::TooLong));
    }
}
