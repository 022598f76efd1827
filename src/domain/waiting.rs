//! How long a customer in a line may have to wait, said only as far as it is known (D8).

use super::time::{DAY, MINUTE};
use serde::Serialize;

/// Fewer waits than this tell nothing.
pub const MEASURED_MIN: usize = 20;
/// Waits that are older tell nothing any more, in milliseconds.
pub const MEASURED_FOR: i64 = 7 * DAY;

/// The middle half of the waits of a queue lately, in minutes, rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Range {
    pub from: i64,
    pub to: i64,
}

impl Range {
    /// What `waits`, in milliseconds, say; nothing while they are too few.
    #[must_use]
    pub fn of(mut waits: Vec<i64>) -> Option<Self> {
        if waits.len() < MEASURED_MIN {
            return None;
        }
        waits.sort_unstable();
        // The nearest rank: a wait that somebody has had.
        let at = |quarters: usize| waits.get((waits.len() * quarters).div_ceil(4) - 1).copied().map(minutes);
        Some(Self { from: at(1)?, to: at(3)? })
    }
}

/// How a chat waits, in its customer's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Waits {
    /// He has not written yet: no line before the first word.
    Unsaid,
    /// For his first agent.
    First { ahead: u32, range: Option<Range> },
    /// For another agent; why is the desk's own (D10).
    Again { ahead: u32 },
}

/// Rounded up: nobody is promised less than others have waited.
fn minutes(ms: i64) -> i64 {
    (ms.max(1) + MINUTE - 1) / MINUTE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_said_before_twenty_waits() {
        assert_eq!(Range::of(vec![MINUTE; 19]), None);
        assert_eq!(Range::of(vec![MINUTE; 20]), Some(Range { from: 1, to: 1 }));
    }

    #[test]
    fn the_middle_half_rounded_up_to_minutes() {
        let waits: Vec<i64> = (1..=20).rev().map(|n| n * MINUTE).collect();
        assert_eq!(Range::of(waits), Some(Range { from: 5, to: 15 }));
        let waits = vec![0; 10].into_iter().chain(vec![MINUTE + 1; 10]).collect();
        assert_eq!(Range::of(waits), Some(Range { from: 1, to: 2 }));
    }

    proptest! {
        #[test]
        fn half_of_those_who_waited_were_within_it(waits in prop::collection::vec(0..180 * MINUTE, MEASURED_MIN..200)) {
            let Range { from, to } = Range::of(waits.clone()).unwrap();
            prop_assert!(1 <= from && from <= to);
            let within = waits.iter().filter(|ms| (from - 1) * MINUTE <= **ms && **ms <= to * MINUTE).count();
            prop_assert!(within * 2 >= waits.len(), "{} of {}", within, waits.len());
        }
    }
}
