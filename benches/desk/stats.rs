//! Middle values and tails.

use std::time::Duration;

/// The middle of some numbers; NaN of none.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let n = numbers.len();
    match n {
        0 => f64::NAN,
        _ if n % 2 == 1 => numbers[n / 2],
        _ => f64::midpoint(numbers[n / 2 - 1], numbers[n / 2]),
    }
}

/// Samples of one thing, taken in several rounds.
#[derive(Default)]
pub struct Samples {
    rounds: Vec<Vec<Duration>>,
}

impl Samples {
    pub fn begin_round(&mut self) {
        self.rounds.push(Vec::new());
    }

    pub fn push(&mut self, sample: Duration) {
        if self.rounds.is_empty() {
            self.begin_round();
        }
        if let Some(round) = self.rounds.last_mut() {
            round.push(sample);
        }
    }

    /// The median of the rounds' medians, in milliseconds: one disturbed round does not count.
    pub fn p50(&self) -> f64 {
        median(self.rounds.iter().filter(|r| !r.is_empty()).map(|r| quantile(r.clone(), 0.5)).collect())
    }

    /// Of all samples together, in milliseconds: a tail has no middle.
    pub fn p99(&self) -> f64 {
        quantile(self.rounds.concat(), 0.99)
    }
}

fn quantile(mut samples: Vec<Duration>, q: f64) -> f64 {
    samples.sort_unstable();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "an index")]
    let index = ((samples.len() as f64 * q).ceil() as usize).clamp(1, samples.len().max(1)) - 1;
    samples.get(index).map_or(f64::NAN, |d| d.as_secs_f64() * 1_000.0)
}

/// A quantile of readings in milliseconds.
pub fn quantile_of(readings: &[f64], q: f64) -> f64 {
    quantile(readings.iter().map(|ms| Duration::from_secs_f64(ms / 1_000.0)).collect(), q)
}

/// A duration for people.
pub fn ms(value: f64) -> String {
    if value < 10.0 { format!("{value:.2} ms") } else { format!("{value:.0} ms") }
}

/// A count for people: 12,345.
pub fn count(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
