//! Pure decisions about an ordered stream and what the list of messages shows of it.

use super::outbox::Entry;
use crate::domain::{
    ids::ClientId,
    time::{MINUTE, Timestamp},
};

/// What to do with a frame of events `(prev, seq]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is the next one: apply it and set the cursor to its `seq`.
    Apply,
    /// Everything in it is known already.
    Known,
    /// Something between is missing: say hello again ([`super::socket::Socket::rehello`]).
    Gap,
}

/// Compares a frame with the last applied sequence.
#[must_use]
pub fn step(cursor: u64, prev: u64, seq: u64) -> Step {
    if seq <= cursor {
        Step::Known
    } else if prev == cursor {
        Step::Apply
    } else {
        Step::Gap
    }
}

/// The entries that the log does not show yet: no message stands there twice, whichever
/// of the send's answer and the event came first.
#[must_use]
pub fn pending(entries: &[Entry], logged: impl Fn(ClientId) -> bool) -> Vec<Entry> {
    entries.iter().filter(|entry| !logged(entry.id)).cloned().collect()
}

/// Where a message stands in its group: same speaker, at most two minutes apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    pub first: bool,
    pub last: bool,
}

/// Groups consecutive messages. `None` is a line that is no message and ends a group.
#[must_use]
pub fn group<S: PartialEq>(lines: &[Option<(S, Timestamp)>]) -> Vec<Place> {
    let together = |a: usize, b: usize| match (lines.get(a), lines.get(b)) {
        (Some(Some((one, then))), Some(Some((other, now)))) => one == other && now.since(*then) <= 2 * MINUTE,
        _ => false,
    };
    (0..lines.len()).map(|n| Place { first: n == 0 || !together(n - 1, n), last: !together(n, n + 1) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn the_next_frame_is_applied_an_old_one_skipped_and_a_gap_noticed() {
        assert_eq!(step(5, 5, 7), Step::Apply);
        assert_eq!(step(7, 5, 7), Step::Known);
        assert_eq!(step(9, 5, 7), Step::Known);
        assert_eq!(step(5, 6, 7), Step::Gap);
        assert_eq!(step(6, 5, 7), Step::Gap);
    }

    proptest! {
        /// Whatever is repeated or lost on the way: applied ranges join without gap or overlap.
        #[test]
        fn what_is_applied_is_exactly_once_and_in_order(frames in prop::collection::vec((0u64..20, 1u64..5), 0..60)) {
            let mut cursor = 0;
            for (prev, len) in frames {
                if step(cursor, prev, prev + len) == Step::Apply {
                    prop_assert_eq!(prev, cursor);
                    cursor = prev + len;
                }
            }
        }
    }

    #[test]
    fn a_message_in_the_log_is_not_shown_as_pending_too() {
        let entry = |n| Entry {
            id: ClientId(Uuid::from_u128(n)),
            chat: None,
            text: "a".into(),
            at: Timestamp(0),
            order: 0,
            failed: None,
            sent: None,
        };
        let left = pending(&[entry(1), entry(2)], |id| id.0.as_u128() == 1);
        assert_eq!(left, [entry(2)]);
    }

    #[test]
    fn messages_within_two_minutes_of_one_speaker_are_a_group() {
        let at = |m: i64| Timestamp(m * MINUTE);
        let places = group(&[Some(("a", at(0))), Some(("a", at(2))), Some(("a", at(5))), Some(("b", at(5))), None, Some(("b", at(5)))]);
        let flags: Vec<_> = places.iter().map(|p| (p.first, p.last)).collect();
        assert_eq!(flags, [(true, false), (false, true), (true, true), (true, true), (true, true), (true, true)]);
    }
}
