//! Whether an agent is there: what he wishes (상담원 상태, A20) and the fact of an open
//! console (G12) are two things, and only both together count.

use super::time::{MINUTE, SECOND, Timestamp};
use serde::{Deserialize, Serialize};

/// What an agent says of himself. Exactly one at a time (A20).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 온라인: the only one with which chats come (A21).
    Online,
    /// 휴식
    Break,
    /// 오프라인, the beginning.
    #[default]
    Offline,
}

impl Status {
    pub const ALL: [Self; 3] = [Self::Online, Self::Break, Self::Offline];

    /// The name under which it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Break => "break",
            Self::Offline => "offline",
        }
    }

    /// The status stored under `code`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// An open console counts for so long after its last sign of life, in milliseconds: two
/// of the server's pings and a little.
pub const LEASE: i64 = 50 * SECOND;
/// After the line was closed: a page that loads again is back within it.
pub const GRACE: i64 = 5 * SECOND;
/// Who was away for longer begins 오프라인 (G12).
pub const AWAY: i64 = 10 * MINUTE;

/// The status with which an agent begins whose last console was there until `last`.
#[must_use]
pub fn on_arrival(status: Status, last: Option<Timestamp>, now: Timestamp) -> Status {
    match last {
        Some(until) if now.since(until) <= AWAY => status,
        _ => Status::Offline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_kept_over_a_reload_and_not_over_a_night() {
        let (now, online) = (Timestamp(1_000 * MINUTE), Status::Online);
        assert_eq!(on_arrival(online, Some(now.plus(LEASE)), now), online);
        assert_eq!(on_arrival(online, Some(now.plus(-AWAY)), now), online);
        assert_eq!(on_arrival(online, Some(now.plus(-AWAY - 1)), now), Status::Offline);
        assert_eq!(on_arrival(Status::Break, None, now), Status::Offline);
    }

    #[test]
    fn codes_are_read_as_written() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.code()), Some(status));
        }
    }
}
