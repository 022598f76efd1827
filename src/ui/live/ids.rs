//! New ids for what this browser writes.

use super::host;
use crate::domain::{ids::ClientId, time::Timestamp};
use uuid::Builder;

/// A new id (UUID version 7 from the browser's clock and its random numbers).
#[must_use]
pub fn new_client_id() -> ClientId {
    of(host::now(), host::random())
}

fn of(now: Timestamp, random: [u8; 10]) -> ClientId {
    let millis = u64::try_from(now.0).unwrap_or(0);
    ClientId(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_version_seven_and_differ_by_their_random_part() {
        let (a, b) = (of(Timestamp(1_700_000_000_000), [1; 10]), of(Timestamp(1_700_000_000_000), [2; 10]));
        assert_eq!(a.0.get_version_num(), 7);
        assert_ne!(a, b);
        // A clock before 1970 must not end the program.
        assert_eq!(of(Timestamp(-5), [0; 10]).0.get_version_num(), 7);
    }
}
