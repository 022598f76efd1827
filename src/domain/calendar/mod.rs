//! When a service or a queue takes chats (A12, D11, E4): several spans a day, past
//! midnight, dated exceptions, holidays. Here is what is written down; what it means at
//! an instant is [`opening`].

pub mod holidays;
// Zones need a database that browsers have of their own: the server answers for them.
#[cfg(feature = "ssr")]
pub mod opening;

use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;
/// The most spans of one day.
pub const SPANS_MAX: usize = 8;
/// The most exceptions of one calendar.
pub const EXCEPTIONS_MAX: usize = 400;
/// "Take no new chats N minutes before closing" goes up to four hours.
pub const LAST_INTAKE_MAX: u16 = 240;
/// The longest name of an exception or a holiday, in characters.
pub const DATE_NAME_MAX: usize = 40;

/// A date as `YYYY-MM-DD`; such texts sort as their dates do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(pub String);

/// A stretch of a day, in minutes since its local midnight. It may end on the next day
/// (`to` above [`DAY_MINUTES`]), but is never longer than a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// 0–1439.
    pub from: u16,
    /// Above `from`, at most a day later; the minute itself is outside.
    pub to: u16,
}

/// Dates on which the week does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    pub first: Date,
    /// The last date, `first` itself for a single one.
    pub last: Date,
    pub name: String,
    /// Empty: closed.
    pub spans: Vec<Span>,
}

/// One day of a list of holidays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub date: Date,
    pub name: String,
}

/// The hours of a chat channel or of a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Monday first. A week without any span is open at any time (G26).
    pub week: [Vec<Span>; 7],
    /// Where two hold on a date, the later in this list counts.
    pub exceptions: Vec<Exception>,
    /// Closed, unless an exception says otherwise.
    pub holidays: Vec<Holiday>,
    /// No new chats so many minutes before closing, 0–[`LAST_INTAKE_MAX`].
    pub last_intake: u16,
}

impl Calendar {
    /// Puts a break into a day: what it covers is cut out of the spans.
    pub fn cut(spans: &mut Vec<Span>, pause: Span) {
        *spans = spans
            .iter()
            .flat_map(|span| [Span { from: span.from, to: span.to.min(pause.from) }, Span { from: span.from.max(pause.to), to: span.to }])
            .filter(|span| span.from < span.to)
            .collect();
    }
}

/// Whether chats are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Opening {
    /// New chats are taken until then; `None`: no end is in sight.
    Open { until: Option<Timestamp> },
    /// Still open for those who talk, but no new chats (`last_intake`).
    ClosingSoon { closes: Timestamp, opens: Option<Timestamp> },
    /// `None`: no opening within the next 400 days.
    Closed { opens: Option<Timestamp> },
}

impl Opening {
    /// Whether a new chat is taken.
    #[must_use]
    pub fn takes_chats(self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// When the answer changes next.
    #[must_use]
    pub fn changes_at(self) -> Option<Timestamp> {
        match self {
            Self::Open { until } => until,
            Self::ClosingSoon { closes, .. } => Some(closes),
            Self::Closed { opens } => opens,
        }
    }
}

/// What is wrong with a calendar, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarProblem {
    /// A span that is empty, longer than a day, or begins outside of its day.
    Span,
    /// Two spans of a day cover the same minute.
    Overlap,
    /// More than [`SPANS_MAX`] spans a day, or [`EXCEPTIONS_MAX`] exceptions or holidays.
    TooMany,
    /// No date of the calendar, or the last before the first.
    Date,
    /// More than [`LAST_INTAKE_MAX`] minutes.
    LastIntake,
}

/// Checks one day's spans; `Ok` with them in order.
///
/// # Errors
/// [`CalendarProblem`].
pub fn day(mut spans: Vec<Span>) -> Result<Vec<Span>, CalendarProblem> {
    if spans.len() > SPANS_MAX {
        return Err(CalendarProblem::TooMany);
    }
    spans.sort_unstable();
    for span in &spans {
        if span.from >= DAY_MINUTES || span.to <= span.from || span.to - span.from > DAY_MINUTES {
            return Err(CalendarProblem::Span);
        }
    }
    if spans.windows(2).any(|pair| pair[0].to > pair[1].from) {
        return Err(CalendarProblem::Overlap);
    }
    Ok(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: u16, to: u16) -> Span {
        Span { from: from * 60, to: to * 60 }
    }

    #[test]
    fn a_days_spans_are_put_in_order_and_checked() {
        assert_eq!(day(vec![span(13, 18), span(9, 12)]), Ok(vec![span(9, 12), span(13, 18)]));
        assert_eq!(day(vec![span(22, 26)]), Ok(vec![span(22, 26)]), "past midnight");
        assert_eq!(day(vec![span(0, 24)]), Ok(vec![span(0, 24)]));
        for (bad, why) in [
            (vec![span(9, 9)], CalendarProblem::Span),
            (vec![span(12, 9)], CalendarProblem::Span),
            (vec![span(24, 25)], CalendarProblem::Span),
            (vec![span(1, 26)], CalendarProblem::Span),
            (vec![span(9, 12), span(11, 13)], CalendarProblem::Overlap),
            (vec![span(9, 10); SPANS_MAX + 1], CalendarProblem::TooMany),
        ] {
            assert_eq!(day(bad), Err(why));
        }
    }

    #[test]
    fn a_break_is_cut_out_of_the_day() {
        let mut spans = vec![span(9, 18)];
        Calendar::cut(&mut spans, span(12, 13));
        assert_eq!(spans, [span(9, 12), span(13, 18)]);
        Calendar::cut(&mut spans, span(17, 20));
        assert_eq!(spans, [span(9, 12), span(13, 17)]);
        Calendar::cut(&mut spans, span(8, 13));
        assert_eq!(spans, [span(13, 17)]);
    }
}
