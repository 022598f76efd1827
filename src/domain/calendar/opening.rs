//! What a calendar means at an instant. The one function that the widget, the router, the
//! preview and the statistics ask (E4).
//!
//! A span belongs to the date on which it begins, also where it runs past midnight. What
//! the clocks skip counts as the moment after the gap; an hour that comes twice begins
//! and ends at its first coming. Spans that touch are one.

use super::{Calendar, CalendarProblem, DAY_MINUTES, Date, EXCEPTIONS_MAX, LAST_INTAKE_MAX, Opening, Span, day};
use crate::domain::time::{MINUTE, Timestamp};
use jiff::{Timestamp as Instant, ToSpan as _, civil, tz::TimeZone};

/// How far ahead the next opening is looked for, and how long an opening may last before
/// its end no longer matters, in days.
const AHEAD: i32 = 400;

/// Whether there is an IANA zone of this name.
#[must_use]
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// A calendar in its zone, ready to be asked.
#[derive(Clone, Debug)]
pub struct Hours {
    calendar: Calendar,
    zone: TimeZone,
}

impl Hours {
    /// Checks a calendar and its zone, and puts each day in order.
    ///
    /// # Errors
    /// What is wrong with it. An unknown zone falls under [`CalendarProblem::Date`]: no
    /// date could be told in it.
    pub fn new(mut calendar: Calendar, zone: &str) -> Result<Self, CalendarProblem> {
        let zone = TimeZone::get(zone).map_err(|_| CalendarProblem::Date)?;
        if calendar.last_intake > LAST_INTAKE_MAX {
            return Err(CalendarProblem::LastIntake);
        }
        if calendar.exceptions.len() > EXCEPTIONS_MAX || calendar.holidays.len() > EXCEPTIONS_MAX {
            return Err(CalendarProblem::TooMany);
        }
        for spans in &mut calendar.week {
            *spans = day(std::mem::take(spans))?;
        }
        for exception in &mut calendar.exceptions {
            if parse(&exception.first)? > parse(&exception.last)? {
                return Err(CalendarProblem::Date);
            }
            exception.spans = day(std::mem::take(&mut exception.spans))?;
        }
        for holiday in &calendar.holidays {
            parse(&holiday.date)?;
        }
        Ok(Self { calendar, zone })
    }

    /// The calendar, each day in order.
    #[must_use]
    pub fn into_calendar(self) -> Calendar {
        self.calendar
    }

    /// What holds at `now`.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Opening {
        let Some(today) = self.date_of(now) else { return Opening::Closed { opens: None } };
        let mut stretches = self.stretches(today).filter(|(_, end)| *end > now);
        let Some((start, end)) = stretches.next() else { return Opening::Closed { opens: None } };
        if now < start {
            return Opening::Closed { opens: Some(start) };
        }
        let in_sight = end.since(now) < i64::from(AHEAD - 2) * 24 * 60 * MINUTE;
        if !in_sight {
            return Opening::Open { until: None };
        }
        let until = end.plus(-i64::from(self.calendar.last_intake) * MINUTE);
        if now < until {
            Opening::Open { until: Some(until) }
        } else {
            Opening::ClosingSoon { closes: end, opens: stretches.next().map(|(start, _)| start) }
        }
    }

    /// The instant of a local time, `YYYY-MM-DDTHH:MM`. What the clocks skip is the moment
    /// after the gap, what comes twice the first.
    #[must_use]
    pub fn instant_of(&self, local: &str) -> Option<Timestamp> {
        let local: civil::DateTime = local.parse().ok()?;
        let zoned = self.zone.to_ambiguous_zoned(local).compatible().ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    }

    fn date_of(&self, at: Timestamp) -> Option<civil::Date> {
        Some(Instant::from_millisecond(at.0).ok()?.to_zoned(self.zone.clone()).date())
    }

    /// What is open from the day before `today` on, in order, touching spans joined.
    fn stretches(&self, today: civil::Date) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        let mut spans = (-1..AHEAD)
            .filter_map(move |n| today.checked_add(n.days()).ok())
            .flat_map(|date| self.spans_on(date).iter().map(move |span| (date, *span)))
            .filter_map(|(date, span)| Some((self.instant(date, span.from)?, self.instant(date, span.to)?)))
            .filter(|(start, end)| start < end)
            .peekable();
        std::iter::from_fn(move || {
            let (start, mut end) = spans.next()?;
            while let Some((_, later)) = spans.next_if(|(next, _)| *next <= end) {
                end = end.max(later);
            }
            Some((start, end))
        })
    }

    /// The spans that begin on `date`.
    fn spans_on(&self, date: civil::Date) -> &[Span] {
        let name = Date(date.to_string());
        if let Some(exception) = self.calendar.exceptions.iter().rev().find(|e| e.first <= name && name <= e.last) {
            return &exception.spans;
        }
        if self.calendar.holidays.iter().any(|holiday| holiday.date == name) {
            return &[];
        }
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        if self.calendar.week.iter().all(Vec::is_empty) {
            return &[Span { from: 0, to: DAY_MINUTES }];
        }
        &self.calendar.week[weekday]
    }

    /// The instant at which the clocks show so many minutes after midnight of `date`.
    fn instant(&self, date: civil::Date, minutes: u16) -> Option<Timestamp> {
        let date = date.checked_add(i64::from(minutes / DAY_MINUTES).days()).ok()?;
        let (hour, minute) = (i8::try_from(minutes % DAY_MINUTES / 60).ok()?, i8::try_from(minutes % 60).ok()?);
        let zoned = self.zone.to_ambiguous_zoned(date.at(hour, minute, 0, 0)).compatible().ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    }
}

fn parse(date: &Date) -> Result<civil::Date, CalendarProblem> {
    let read: civil::Date = date.0.parse().map_err(|_| CalendarProblem::Date)?;
    // `2026-1-1` or a time behind it would not sort as dates do.
    if read.to_string() == date.0 { Ok(read) } else { Err(CalendarProblem::Date) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Exception, Holiday};
    use proptest::prelude::*;

    fn span(from: u16, to: u16) -> Span {
        Span { from: from * 60, to: to * 60 }
    }

    fn office() -> Calendar {
        let weekday = vec![span(9, 12), span(13, 18)];
        let mut calendar = Calendar::default();
        for day in &mut calendar.week[..5] {
            day.clone_from(&weekday);
        }
        calendar
    }

    fn hours(calendar: Calendar, zone: &str) -> Hours {
        Hours::new(calendar, zone).unwrap()
    }

    /// A local time, with its offset where it would be ambiguous.
    fn at(text: &str) -> Timestamp {
        let instant = text.parse::<Instant>().unwrap_or_else(|_| text.parse::<jiff::Zoned>().unwrap().timestamp());
        Timestamp(instant.as_millisecond())
    }

    fn seoul(text: &str) -> Timestamp {
        at(&format!("{text}[Asia/Seoul]"))
    }

    #[test]
    fn no_hours_set_is_always_open() {
        assert_eq!(hours(Calendar::default(), "Asia/Seoul").at(seoul("2026-11-22T03:00")), Opening::Open { until: None });
    }

    #[test]
    fn a_week_with_a_lunch_break() {
        let hours = hours(office(), "Asia/Seoul");
        let monday = |time: &str| seoul(&format!("2026-11-23T{time}"));
        assert_eq!(hours.at(monday("08:59")), Opening::Closed { opens: Some(monday("09:00")) });
        assert_eq!(hours.at(monday("09:00")), Opening::Open { until: Some(monday("12:00")) });
        assert_eq!(hours.at(monday("12:00")), Opening::Closed { opens: Some(monday("13:00")) });
        assert_eq!(hours.at(monday("17:59")), Opening::Open { until: Some(monday("18:00")) });
        // From Friday evening to Monday morning.
        assert_eq!(hours.at(seoul("2026-11-27T18:00")), Opening::Closed { opens: Some(seoul("2026-11-30T09:00")) });
    }

    #[test]
    fn a_span_past_midnight_belongs_to_the_day_it_began() {
        let mut calendar = Calendar::default();
        calendar.week[4] = vec![span(22, 26)];
        // Saturday is a holiday: Friday's night goes on all the same.
        calendar.holidays = vec![Holiday { date: Date("2026-11-28".into()), name: "휴무".into() }];
        let hours = hours(calendar, "Asia/Seoul");
        assert_eq!(hours.at(seoul("2026-11-28T01:59")), Opening::Open { until: Some(seoul("2026-11-28T02:00")) });
        assert_eq!(hours.at(seoul("2026-11-28T02:00")), Opening::Closed { opens: Some(seoul("2026-12-04T22:00")) });
    }

    #[test]
    fn days_that_touch_at_midnight_are_one_opening() {
        let mut calendar = Calendar::default();
        calendar.week[0] = vec![span(18, 24)];
        calendar.week[1] = vec![span(0, 6)];
        assert_eq!(hours(calendar, "Asia/Seoul").at(seoul("2026-11-23T20:00")), Opening::Open { until: Some(seoul("2026-11-24T06:00")) });
        let always = Calendar { week: std::array::from_fn(|_| vec![span(0, 24)]), ..Calendar::default() };
        assert_eq!(hours_of(always).at(seoul("2026-11-23T20:00")), Opening::Open { until: None });
    }

    fn hours_of(calendar: Calendar) -> Hours {
        hours(calendar, "Asia/Seoul")
    }

    #[test]
    fn exceptions_beat_holidays_and_the_later_exception_beats_the_earlier() {
        let exception =
            |first: &str, last: &str, spans| Exception { first: Date(first.into()), last: Date(last.into()), name: String::new(), spans };
        let mut calendar = office();
        calendar.holidays = vec![Holiday { date: Date("2026-12-25".into()), name: "성탄절".into() }];
        let day = seoul("2026-12-25T10:30");
        assert!(!hours_of(calendar.clone()).at(day).takes_chats());
        calendar.exceptions = vec![exception("2026-12-20", "2026-12-31", vec![span(10, 11)])];
        assert!(hours_of(calendar.clone()).at(day).takes_chats());
        calendar.exceptions.push(exception("2026-12-25", "2026-12-25", vec![]));
        assert_eq!(hours_of(calendar).at(day), Opening::Closed { opens: Some(seoul("2026-12-26T10:00")) });
    }

    #[test]
    fn holidays_alone_leave_every_other_day_open() {
        let calendar =
            Calendar { holidays: vec![Holiday { date: Date("2026-12-25".into()), name: "성탄절".into() }], ..Calendar::default() };
        let hours = hours_of(calendar);
        assert_eq!(hours.at(seoul("2026-12-24T10:00")), Opening::Open { until: Some(seoul("2026-12-25T00:00")) });
        assert_eq!(hours.at(seoul("2026-12-25T10:00")), Opening::Closed { opens: Some(seoul("2026-12-26T00:00")) });
    }

    #[test]
    fn no_new_chats_before_closing() {
        let calendar = Calendar { last_intake: 30, ..office() };
        let hours = hours_of(calendar);
        assert_eq!(hours.at(seoul("2026-11-23T11:29")), Opening::Open { until: Some(seoul("2026-11-23T11:30")) });
        let soon = Opening::ClosingSoon { closes: seoul("2026-11-23T12:00"), opens: Some(seoul("2026-11-23T13:00")) };
        assert_eq!(hours.at(seoul("2026-11-23T11:30")), soon);
        assert!(!soon.takes_chats());
    }

    #[test]
    fn a_leap_day_is_a_day_like_any_other() {
        let mut calendar = office();
        calendar.exceptions =
            vec![Exception { first: Date("2028-02-29".into()), last: Date("2028-02-29".into()), name: String::new(), spans: vec![] }];
        assert_eq!(hours_of(calendar).at(seoul("2028-02-28T18:00")), Opening::Closed { opens: Some(seoul("2028-03-01T09:00")) });
    }

    #[test]
    fn hours_that_the_clocks_skip_or_repeat() {
        let nightly = |from: u16, to: u16| Calendar { week: std::array::from_fn(|_| vec![Span { from, to }]), ..Calendar::default() };
        // Berlin, 2026-03-29: 02:00 becomes 03:00.
        let spring = hours(nightly(60, 150), "Europe/Berlin");
        assert_eq!(
            spring.at(at("2026-03-29T00:30:00Z")),
            Opening::Open { until: Some(at("2026-03-29T01:30:00Z")) },
            "ends at 03:30, one hour long"
        );
        let gap = hours(nightly(120, 180), "Europe/Berlin");
        assert_eq!(
            gap.at(at("2026-03-29T00:59:00Z")),
            Opening::Closed { opens: Some(at("2026-03-30T00:00:00Z")) },
            "the skipped hour is no opening"
        );
        // Berlin, 2026-10-25: 02:00–03:00 comes twice.
        let autumn = hours(nightly(60, 150), "Europe/Berlin");
        assert_eq!(
            autumn.at(at("2026-10-24T23:30:00Z")),
            Opening::Open { until: Some(at("2026-10-25T00:30:00Z")) },
            "ends at the first 02:30"
        );
        let all_night = hours(nightly(0, 360), "Europe/Berlin");
        assert_eq!(all_night.at(at("2026-10-25T01:30:00Z")), Opening::Open { until: Some(at("2026-10-25T05:00:00Z")) }, "seven hours long");
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let with = |change: fn(&mut Calendar)| {
            let mut calendar = office();
            change(&mut calendar);
            Hours::new(calendar, "Asia/Seoul").err()
        };
        assert_eq!(with(|c| c.week[0].push(span(10, 11))), Some(CalendarProblem::Overlap));
        assert_eq!(with(|c| c.last_intake = 241), Some(CalendarProblem::LastIntake));
        for bad in ["2026-02-29", "2026-1-1", "내일", "2026-01-01T00:00", ""] {
            let mut calendar = office();
            calendar.holidays.push(Holiday { date: Date(bad.into()), name: String::new() });
            assert_eq!(Hours::new(calendar, "Asia/Seoul").err(), Some(CalendarProblem::Date), "{bad}");
        }
        assert_eq!(Hours::new(office(), "Mars/Olympus").err(), Some(CalendarProblem::Date));
    }

    /// The definition, minute by minute: is some span open that began today or yesterday?
    fn open_by_definition(hours: &Hours, now: Timestamp) -> bool {
        let local = Instant::from_millisecond(now.0).unwrap().to_zoned(hours.zone.clone()).datetime();
        let minute = u16::try_from(local.hour()).unwrap() * 60 + u16::try_from(local.minute()).unwrap();
        let today = hours.spans_on(local.date()).iter().any(|s| s.from <= minute && minute < s.to);
        let yesterday = hours.spans_on(local.date().yesterday().unwrap()).iter().any(|s| s.to > DAY_MINUTES && minute < s.to - DAY_MINUTES);
        today || yesterday
    }

    fn some_spans() -> impl Strategy<Value = Vec<Span>> {
        prop::collection::vec((0..96u16, 1..96u16), 0..4).prop_map(|raw| {
            let spans: Vec<Span> = raw.into_iter().map(|(from, len)| Span { from: from * 15, to: (from + len) * 15 }).collect();
            let mut kept: Vec<Span> = Vec::new();
            for span in spans {
                let mut more = kept.clone();
                more.push(span);
                if let Ok(ok) = day(more) {
                    kept = ok;
                }
            }
            kept
        })
    }

    fn some_calendar() -> impl Strategy<Value = Calendar> {
        let week = prop::array::uniform7(some_spans());
        let exceptions = prop::collection::vec((0..40u8, 0..5u8, some_spans()), 0..4);
        (week, exceptions, prop::collection::vec(0..40u8, 0..4), 0..4u16).prop_map(|(week, exceptions, holidays, last_intake)| {
            // Forty days around the year's end and, in leap years, the end of February.
            let date = |n: u8| Date(civil::date(2027, 12, 20).checked_add(i64::from(n).days()).unwrap().to_string());
            Calendar {
                week,
                exceptions: exceptions
                    .into_iter()
                    .map(|(first, len, spans)| Exception { first: date(first), last: date(first + len), name: String::new(), spans })
                    .collect(),
                holidays: holidays.into_iter().map(|n| Holiday { date: date(n), name: String::new() }).collect(),
                last_intake: last_intake * 20,
            }
        })
    }

    proptest! {
        /// In a zone without changes of the clocks the answer is the definition's, and it
        /// changes exactly when it says.
        #[test]
        fn the_answer_is_the_definitions(calendar in some_calendar(), minutes in 0..60 * 24 * 45i64) {
            let hours = hours(calendar, "Asia/Seoul");
            let now = seoul("2027-12-18T00:00").plus(minutes * MINUTE);
            let answer = hours.at(now);
            prop_assert_eq!(!matches!(answer, Opening::Closed { .. }), open_by_definition(&hours, now));
            if let Some(then) = answer.changes_at() {
                prop_assert!(then > now);
                prop_assert_ne!(std::mem::discriminant(&hours.at(then)), std::mem::discriminant(&answer));
                let before = hours.at(then.plus(-1));
                prop_assert_eq!(std::mem::discriminant(&before), std::mem::discriminant(&answer));
            }
        }

        /// Whatever the clocks do: the answer never contradicts itself between two changes.
        #[test]
        fn between_two_changes_nothing_changes(calendar in some_calendar(), zone in prop::sample::select(vec!["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca"]), minutes in 0..60 * 24 * 400i64) {
            let hours = hours(calendar, zone);
            let now = at("2026-10-01T00:00:00Z").plus(minutes * MINUTE);
            let answer = hours.at(now);
            if let Some(then) = answer.changes_at() {
                let middle = Timestamp(now.0 + then.since(now) / 2);
                prop_assert_eq!(hours.at(middle).changes_at(), Some(then));
                prop_assert_eq!(hours.at(middle).takes_chats(), answer.takes_chats());
            }
        }
    }
}
