//! How long to wait before the next attempt.

/// 0.5 s, 1 s, 2 s … 30 s, each shortened by up to a half at random, so that a crowd
/// that lost its server does not come back in one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    attempts: u32,
}

const FIRST: f64 = 500.0;
const LONGEST: f64 = 30_000.0;

impl Backoff {
    /// Milliseconds until the next attempt; `chance` is a random number in 0..1.
    pub fn next(&mut self, chance: f64) -> u32 {
        let full = (FIRST * 2f64.powi(i32::try_from(self.attempts.min(16)).unwrap_or(16))).min(LONGEST);
        self.attempts = self.attempts.saturating_add(1);
        millis(full * (1.0 - 0.5 * chance.clamp(0.0, 1.0)))
    }

    /// It worked: the next trouble starts from the shortest wait.
    pub fn reset(&mut self) {
        self.attempts = 0;
    }
}

/// A wait between `from` and `to` milliseconds.
#[must_use]
pub fn between(from: u32, to: u32, chance: f64) -> u32 {
    from + millis(f64::from(to.saturating_sub(from)) * chance.clamp(0.0, 1.0))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both ends are bounded just above")]
fn millis(ms: f64) -> u32 {
    ms.clamp(0.0, 3_600_000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_half_a_minute_and_start_again_after_success() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..9).map(|_| backoff.next(0.0)).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        backoff.reset();
        assert_eq!(backoff.next(1.0), 250);
    }

    #[test]
    fn a_thousand_failures_do_not_overflow() {
        let mut backoff = Backoff::default();
        for _ in 0..1_000 {
            assert!(backoff.next(0.5) <= 30_000);
        }
    }
}
