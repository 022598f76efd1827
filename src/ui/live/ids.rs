//! New ids for what this browser writes.

use super::host;
use crate::domain::{ids::ClientId, time::Timestamp};
use uuid::{Builder, Uuid};

/// A new id (UUID version 7 from the browser's clock and its random numbers).
#[must_use]
pub fn new_client_id() -> ClientId {
    of(host::now(), host::random())
}

fn of(now: Timestamp, random: [u8; 10]) -> ClientId {
    let millis = u64::try_from(now.0).unwrap_or(0);
    ClientId(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// Reads an id as the server writes it. The uuid crate's own reader knows more forms
/// and costs the widget a kilobyte.
#[must_use]
pub fn read(text: &str) -> Option<Uuid> {
    let mut number = 0_u128;
    for (n, c) in text.chars().enumerate() {
        if !matches!(n, 8 | 13 | 18 | 23) {
            number = (number << 4) | u128::from(c.to_digit(16)?);
        } else if c != '-' {
            return None;
        }
    }
    (text.len() == 36).then(|| Uuid::from_u128(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        let id = of(Timestamp(1_700_000_000_000), [7; 10]).0;
        assert_eq!(read(&id.to_string()), Some(id));
        for bad in [
            "",
            "-",
            "01890a5d-ac96-774b-bcce-b302099a8f2",
            "01890a5d-ac96-774b-bcce-b302099a8f2c0",
            "01890a5dxac96-774b-bcce-b302099a8f2c",
            "01890a5d-ac96-774b-bcce-b302099a8f2g",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn ids_are_of_of_version_seven_and_differ_by_their_random_part() {
        let (a, b) = (of(Timestamp(1_700_000_000_000), [1; 10]), of(Timestamp(1_700_000_000_000), [2; 10]));
        assert_eq!(a.0.get_version_num(), 7);
        assert_ne!(a, b);
        // A clock before 1970 must not end the program.
        assert_eq!(of(Timestamp(-5), [0; 10]).0.get_version_num(), 7);
    }
}
