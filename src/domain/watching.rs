//! Whether the customer is still there (G33): what his open pages say, else how the last of
//! them went.

use super::{
    presence::{GRACE, LEASE},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// How an open page of the customer's stands. Of several pages the best counts: the last
/// of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Its tab is hidden or its panel closed; so it begins, until it says more.
    #[default]
    Elsewhere,
    /// Somebody can see the conversation.
    Viewing,
}

impl Sight {
    /// Of a page that says whether it is looked at.
    #[must_use]
    pub fn of(looked_at: bool) -> Self {
        if looked_at { Self::Viewing } else { Self::Elsewhere }
    }
}

/// What is written down of a customer's pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastPage {
    /// Until when one of them counts as open (G25); before any was, the beginning of time.
    pub until: Timestamp,
    /// The last one was closed or left. False while one is open: should its server die, nobody
    /// has said goodbye.
    pub said_goodbye: bool,
}

/// What the head of a chat says of its customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Watching {
    /// 보는 중
    Viewing,
    /// 다른 화면
    Elsewhere,
    /// 떠남 n분
    Left { since: Timestamp },
    /// 연결 끊김
    Lost,
}

/// Whether the customer is there; `best` is the best of his open pages. `None`: no page of
/// his was ever open, as of one who writes by forms alone.
#[must_use]
pub fn watching(best: Option<Sight>, last: LastPage, now: Timestamp) -> Option<Watching> {
    match best {
        Some(Sight::Viewing) => Some(Watching::Viewing),
        Some(Sight::Elsewhere) => Some(Watching::Elsewhere),
        None if last.until == Timestamp(0) => None,
        None if last.said_goodbye => Some(Watching::Left { since: last.until.min(now) }),
        None => Some(Watching::Lost),
    }
}

/// Until when a page counts that was heard of `silence` milliseconds ago; `gone`: its line
/// has closed, and a page that loads again is back within the grace. As an agent's console
/// (G12), but kept in memory.
#[must_use]
pub fn counts_until(now: Timestamp, silence: i64, gone: bool) -> Timestamp {
    let silent = now.plus(LEASE - silence);
    if gone { silent.min(now.plus(GRACE)) } else { silent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{MINUTE, SECOND};

    const NOW: Timestamp = Timestamp(1_000 * MINUTE);

    fn last(until: i64, said_goodbye: bool) -> LastPage {
        LastPage { until: Timestamp(until), said_goodbye }
    }

    #[test]
    fn an_open_page_counts_more_than_what_is_written_down() {
        for last in [last(0, false), last(NOW.0 - 1, true), last(NOW.0 + MINUTE, false)] {
            assert_eq!(watching(Some(Sight::Viewing), last, NOW), Some(Watching::Viewing));
            assert_eq!(watching(Some(Sight::Elsewhere), last, NOW), Some(Watching::Elsewhere));
        }
    }

    #[test]
    fn who_said_goodbye_has_left_and_who_did_not_was_cut_off() {
        let left = NOW.0 - 3 * MINUTE;
        assert_eq!(watching(None, last(left, true), NOW), Some(Watching::Left { since: Timestamp(left) }));
        assert_eq!(watching(None, last(left, false), NOW), Some(Watching::Lost));
        // The server that had his page died a moment ago.
        assert_eq!(watching(None, last(NOW.0 + MINUTE, false), NOW), Some(Watching::Lost));
        // Another node's clock is a little ahead.
        assert_eq!(watching(None, last(NOW.0 + 5, true), NOW), Some(Watching::Left { since: NOW }));
    }

    #[test]
    fn nothing_is_said_of_who_never_had_a_page_open() {
        assert_eq!(watching(None, last(0, false), NOW), None);
    }

    #[test]
    fn the_best_of_several_pages_is_the_last_in_order() {
        assert_eq!([Sight::Viewing, Sight::Elsewhere].into_iter().max(), Some(Sight::Viewing));
        assert_eq!((Sight::of(true), Sight::of(false)), (Sight::Viewing, Sight::default()));
    }

    #[test]
    fn a_page_outlives_its_line_by_a_moment_and_silence_not_at_all() {
        assert_eq!(counts_until(NOW, 0, false), NOW.plus(LEASE));
        assert_eq!(counts_until(NOW, 20 * SECOND, false), NOW.plus(LEASE - 20 * SECOND));
        assert_eq!(counts_until(NOW, 0, true), NOW.plus(GRACE));
        assert!(counts_until(NOW, 60 * SECOND, true) < NOW, "a line that was silent for too long is given no grace");
    }
}
