//! What the page does to a calendar, on plain data.

use super::words::weekday_name;
use crate::{
    domain::{
        calendar::{Calendar, DATE_NAME_MAX, DAY_MINUTES, Date, Exception, Holiday, SPANS_MAX, Span, day, holidays::KOREA},
        service::Language,
        settings::OpeningHours,
    },
    i18n::Texts,
};
use std::cmp::Reverse;

/// In the order in which the page shows and stores it: of two exceptions that overlap the
/// later, or else the shorter, comes last and counts. None is there twice.
#[must_use]
pub fn in_order(mut calendar: Calendar) -> Calendar {
    for spans in calendar.week.iter_mut().chain(calendar.exceptions.iter_mut().map(|e| &mut e.spans)) {
        spans.sort_unstable();
    }
    calendar.exceptions.sort_by_key(|e| (e.first.clone(), Reverse(e.last.clone())));
    calendar.exceptions.dedup();
    calendar.holidays.sort_by(|a, b| (&a.date, &a.name).cmp(&(&b.date, &b.name)));
    calendar.holidays.dedup();
    calendar
}

/// One more span of a day, where there is room: after the last, or before the first.
#[must_use]
pub fn another(spans: &[Span]) -> Option<Span> {
    const HOUR: u16 = 60;
    if spans.len() >= SPANS_MAX {
        return None;
    }
    let Some((first, last)) = spans.iter().map(|s| s.from).min().zip(spans.iter().map(|s| s.to).max()) else {
        return Some(Span { from: 9 * HOUR, to: 18 * HOUR });
    };
    if last + HOUR < DAY_MINUTES {
        Some(Span { from: last + HOUR, to: (last + 2 * HOUR).min(DAY_MINUTES) })
    } else if first >= HOUR {
        Some(Span { from: 0, to: first.min(9 * HOUR) - HOUR / 2 })
    } else {
        None
    }
}

/// Cuts a break out of a day; false when nothing is open then. A break after midnight may
/// mean the end of a night that began on this day: what is left of it behind the break
/// begins on the next day.
pub fn take_break(week: &mut [Vec<Span>; 7], day: usize, pause: Span) -> bool {
    let before = week[day].clone();
    Calendar::cut(&mut week[day], pause);
    if week[day] == before {
        Calendar::cut(&mut week[day], Span { from: pause.from + DAY_MINUTES, to: pause.to + DAY_MINUTES });
    }
    let (rest, stays): (Vec<Span>, Vec<Span>) = week[day].iter().partition(|span| span.from >= DAY_MINUTES);
    week[day] = stays;
    week[(day + 1) % 7].extend(rest.iter().map(|span| Span { from: span.from - DAY_MINUTES, to: span.to - DAY_MINUTES }));
    week[(day + 1) % 7].sort_unstable();
    week[day] != before
}

/// Adds the public holidays whose dates are not there yet; how many that were.
pub fn fill(holidays: &mut Vec<Holiday>, language: Language) -> usize {
    let before = holidays.len();
    for holiday in &KOREA {
        if holidays.iter().all(|h| h.date.0 != holiday.date) {
            let name = if language == Language::Ko { holiday.ko } else { holiday.en };
            holidays.push(Holiday { date: Date(holiday.date.to_owned()), name: name.to_owned() });
        }
    }
    holidays.sort_by(|a, b| a.date.cmp(&b.date));
    holidays.len() - before
}

/// What differs between two calendars, by name.
#[must_use]
pub fn differences(t: &Texts, from: &OpeningHours, to: &OpeningHours) -> Vec<String> {
    let mut named = Vec::new();
    let (Some(from), Some(to)) = (&from.0, &to.0) else {
        if from != to {
            named.push(t.hours_stale_own());
        }
        return named;
    };
    let days = from.week.iter().zip(&to.week).enumerate().filter(|(_, (a, b))| a != b);
    named.extend(days.map(|(day, _)| t.hours_stale_day(weekday_name(t, day))));
    for (differs, name) in [
        (from.exceptions != to.exceptions, t.hours_exceptions()),
        (from.holidays != to.holidays, t.hours_holidays()),
        (from.last_intake != to.last_intake, t.hours_intake()),
    ] {
        if differs {
            named.push(name);
        }
    }
    named
}

/// What is wrong with an exception, by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    First,
    Last,
    Name,
    NoSpan,
    Spans(crate::domain::calendar::CalendarProblem),
}

/// The exception that a form says, or all that is wrong with it.
pub fn exception(first: &str, last: &str, name: &str, spans: Option<Vec<Span>>) -> Result<Exception, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let is_date = |date: &str| super::words::day_number(date).is_some();
    // A single day needs one date only.
    let last = if last.is_empty() { first } else { last };
    if !is_date(first) {
        wrong.push(Wrong::First);
    } else if !is_date(last) || last < first {
        wrong.push(Wrong::Last);
    }
    if name.trim().chars().count() > DATE_NAME_MAX {
        wrong.push(Wrong::Name);
    }
    let spans = match spans {
        None => Vec::new(),
        Some(none) if none.is_empty() => {
            wrong.push(Wrong::NoSpan);
            none
        }
        Some(some) => day(some).unwrap_or_else(|problem| {
            wrong.push(Wrong::Spans(problem));
            Vec::new()
        }),
    };
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Exception { first: Date(first.to_owned()), last: Date(last.to_owned()), name: name.trim().to_owned(), spans })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::domain::calendar::CalendarProblem;

    fn span(from: u16, to: u16) -> Span {
        Span { from: from * 60, to: to * 60 }
    }

    #[test]
    fn one_more_span_fits_in_or_there_is_none() {
        assert_eq!(another(&[]), Some(span(9, 18)));
        assert_eq!(another(&[span(9, 12)]), Some(span(13, 14)));
        assert_eq!(another(&[span(9, 22)]), Some(span(23, 24)));
        assert_eq!(another(&[span(9, 23)]), Some(Span { from: 0, to: 510 }));
        assert_eq!(another(&[span(0, 24)]), None);
        assert_eq!(another(&[span(1, 2); SPANS_MAX]), None);
        for first in 1..24 {
            let mut two = vec![span(first, 24)];
            two.extend(another(&two));
            assert!(two.len() == 2 && day(two).is_ok(), "{first}");
        }
    }

    #[test]
    fn a_break_may_lie_behind_midnight() {
        let mut week: [Vec<Span>; 7] = Default::default();
        week[0] = vec![span(9, 18)];
        assert!(take_break(&mut week, 0, span(12, 13)));
        assert_eq!(week[0], [span(9, 12), span(13, 18)]);
        assert!(!take_break(&mut week, 0, span(12, 13)), "nothing is open then");
        week[6] = vec![span(22, 27)];
        assert!(take_break(&mut week, 6, span(1, 2)));
        assert_eq!((&week[6], &week[0][0]), (&vec![span(22, 25)], &span(2, 3)), "Sunday's night goes on on Monday");
    }

    #[test]
    fn holidays_are_filled_in_once_and_what_is_there_stays() {
        let mut holidays = vec![Holiday { date: Date("2026-12-25".into()), name: "우리만의 이름".into() }];
        assert_eq!(fill(&mut holidays, Language::Ko), KOREA.len() - 1);
        assert_eq!(fill(&mut holidays, Language::En), 0);
        assert!(holidays.iter().any(|h| h.name == "우리만의 이름"));
        assert!(holidays.windows(2).all(|pair| pair[0].date < pair[1].date));
    }

    #[test]
    fn an_exception_is_checked_field_by_field() {
        let open = |spans: Vec<Span>| Some(spans);
        assert_eq!(exception("2026-12-24", "", " 단축 ", open(vec![span(9, 12)])).unwrap().last, Date("2026-12-24".into()));
        assert_eq!(exception("", "2026-12-24", "", None), Err(vec![Wrong::First]));
        assert_eq!(
            exception("2026-12-24", "2026-12-23", &"x".repeat(41), open(vec![])),
            Err(vec![Wrong::Last, Wrong::Name, Wrong::NoSpan])
        );
        let overlap = exception("2026-12-24", "2026-12-24", "", open(vec![span(9, 12), span(10, 13)]));
        assert_eq!(overlap, Err(vec![Wrong::Spans(CalendarProblem::Overlap)]));
    }

    #[test]
    fn exceptions_are_in_the_order_of_their_dates_the_shorter_behind_the_longer() {
        let exception =
            |first: &str, last: &str| Exception { first: Date(first.into()), last: Date(last.into()), name: String::new(), spans: vec![] };
        let calendar = Calendar {
            exceptions: vec![
                exception("2026-12-25", "2026-12-25"),
                exception("2026-12-20", "2026-12-20"),
                exception("2026-12-20", "2026-12-31"),
            ],
            ..Calendar::default()
        };
        let order: Vec<(String, String)> = in_order(calendar).exceptions.into_iter().map(|e| (e.first.0, e.last.0)).collect();
        let expected = [("2026-12-20", "2026-12-31"), ("2026-12-20", "2026-12-20"), ("2026-12-25", "2026-12-25")];
        assert_eq!(order, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn what_another_admin_changed_is_named() {
        let t = Texts::of(Language::Ko);
        let mut theirs = Calendar::default();
        theirs.week[0] = vec![span(9, 18)];
        theirs.last_intake = 5;
        let ours = OpeningHours(Some(Calendar::default()));
        assert_eq!(differences(&t, &ours, &OpeningHours(Some(theirs))), ["월요일 시간", "끝나기 전"]);
        assert_eq!(differences(&t, &ours, &OpeningHours(None)), ["대기열만의 운영시간 사용"]);
        assert_eq!(differences(&t, &ours, &ours), [""; 0]);
    }
}
