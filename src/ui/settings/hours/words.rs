//! Dates and times of day as people read and type them. All of it is in the service's
//! zone, so nothing here knows of zones.

use crate::{
    domain::calendar::{DAY_MINUTES, Date, Span},
    i18n::Texts,
};

/// A time of day, `HH:MM`, as time fields have it.
#[must_use]
pub fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The minutes of a time field; `None` while it is empty.
#[must_use]
pub fn minutes(clock: &str) -> Option<u16> {
    let (hour, minute) = clock.get(..5)?.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// The span between two times of day: one that does not end after its start ends on the
/// next day.
#[must_use]
pub fn span(from: u16, to: u16) -> Span {
    Span { from, to: if to <= from { to + DAY_MINUTES } else { to } }
}

/// `09:00–18:00`, `22:00–다음 날 02:00`
#[must_use]
pub fn range(t: &Texts, span: Span) -> String {
    let to = if span.to > DAY_MINUTES { t.hours_next_day_time(clock(span.to - DAY_MINUTES)) } else { clock(span.to) };
    format!("{}–{to}", clock(span.from))
}

/// A day's spans in a line.
#[must_use]
pub fn ranges(t: &Texts, spans: &[Span]) -> String {
    match spans {
        [] => t.hours_closed(),
        [Span { from: 0, to: DAY_MINUTES }] => t.hours_all_day(),
        _ => spans.iter().map(|span| range(t, *span)).collect::<Vec<_>>().join(", "),
    }
}

/// A day of the week by its short name, Monday first.
#[must_use]
pub fn day_name(t: &Texts, day: usize) -> String {
    match day {
        0 => t.hours_day_1(),
        1 => t.hours_day_2(),
        2 => t.hours_day_3(),
        3 => t.hours_day_4(),
        4 => t.hours_day_5(),
        5 => t.hours_day_6(),
        _ => t.hours_day_7(),
    }
}

/// The same by its full name.
#[must_use]
pub fn weekday_name(t: &Texts, day: usize) -> String {
    match day {
        0 => t.hours_weekday_1(),
        1 => t.hours_weekday_2(),
        2 => t.hours_weekday_3(),
        3 => t.hours_weekday_4(),
        4 => t.hours_weekday_5(),
        5 => t.hours_weekday_6(),
        _ => t.hours_weekday_7(),
    }
}

fn month_name(t: &Texts, month: u8) -> String {
    match month {
        1 => t.hours_month_1(),
        2 => t.hours_month_2(),
        3 => t.hours_month_3(),
        4 => t.hours_month_4(),
        5 => t.hours_month_5(),
        6 => t.hours_month_6(),
        7 => t.hours_month_7(),
        8 => t.hours_month_8(),
        9 => t.hours_month_9(),
        10 => t.hours_month_10(),
        11 => t.hours_month_11(),
        _ => t.hours_month_12(),
    }
}

/// Year, month and day of a date.
fn parts(date: &str) -> Option<(i64, u8, u8)> {
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

/// Days since 1970.
#[must_use]
pub fn day_number(date: &str) -> Option<i64> {
    let (year, month, day) = parts(date)?;
    // Years begin in March, so that a leap day is the last of its year.
    let (year, month) = if month > 2 { (year, i64::from(month) - 3) } else { (year - 1, i64::from(month) + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

fn weekday(date: &str) -> Option<usize> {
    // 1970 began on a Thursday.
    usize::try_from((day_number(date)? + 3).rem_euclid(7)).ok()
}

/// A date with its weekday; what is no date as it is.
#[must_use]
pub fn date(t: &Texts, date: &Date) -> String {
    match (parts(&date.0), weekday(&date.0)) {
        (Some((year, month, day)), Some(weekday)) => t.hours_date(day, month_name(t, month), day_name(t, weekday), year),
        _ => date.0.clone(),
    }
}

/// The same without its year.
fn short_date(t: &Texts, date: &str) -> String {
    match (parts(date), weekday(date)) {
        (Some((_, month, day)), Some(weekday)) => t.hours_date_short(day, month_name(t, month), day_name(t, weekday)),
        _ => date.to_owned(),
    }
}

/// One date, or the first and the last.
#[must_use]
pub fn dates(t: &Texts, first: &Date, last: &Date) -> String {
    if first == last {
        date(t, first)
    } else if first.0.get(..4) == last.0.get(..4) && matches!(t.language, crate::domain::service::Language::Ko) {
        format!("{} – {}", date(t, first), short_date(t, &last.0))
    } else {
        format!("{} – {}", date(t, first), date(t, last))
    }
}

/// What a clock shows (`YYYY-MM-DDTHH:MM`): the time alone on the day `today`, the date
/// with it on others, and the year in other years.
#[must_use]
pub fn moment(t: &Texts, wall: &str, today: &str) -> String {
    let Some((day, time)) = wall.split_once('T') else { return String::new() };
    let today = today.get(..10).unwrap_or_default();
    if day == today {
        return time.to_owned();
    }
    let day = if day.get(..4) == today.get(..4) { short_date(t, day) } else { date(t, &Date(day.to_owned())) };
    t.hours_date_time(day, time)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::domain::service::Language;

    #[test]
    fn an_end_that_is_not_after_its_start_is_on_the_next_day() {
        assert_eq!(span(540, 1080), Span { from: 540, to: 1080 });
        assert_eq!(span(1320, 120), Span { from: 1320, to: 1560 });
        assert_eq!(span(540, 540), Span { from: 540, to: 1980 }, "a whole day");
        assert_eq!(span(0, 0), Span { from: 0, to: 1440 });
    }

    #[test]
    fn times_of_day_are_read_and_written() {
        assert_eq!((minutes("09:30"), minutes("23:59:00"), clock(570)), (Some(570), Some(1439), "09:30".to_owned()));
        for bad in ["", "9:30", "24:00", "12:60", "ab:cd", "한글"] {
            assert_eq!(minutes(bad), None, "{bad}");
        }
    }

    #[test]
    fn dates_know_their_weekday() {
        for (date, number, day) in [("1970-01-01", 0, 3), ("2000-02-29", 11_016, 1), ("2026-11-22", 20_779, 6), ("1969-12-31", -1, 2)] {
            assert_eq!((day_number(date), weekday(date)), (Some(number), Some(day)), "{date}");
        }
        assert_eq!(day_number("내일"), None);
    }

    #[test]
    fn dates_and_times_in_words() {
        let (ko, en) = (Texts::of(Language::Ko), Texts::of(Language::En));
        let (first, last) = (Date("2026-12-24".into()), Date("2026-12-31".into()));
        assert_eq!(dates(&ko, &first, &last), "2026년 12월 24일 (목) – 12월 31일 (목)");
        assert_eq!(dates(&en, &first, &first), "Thu, 24 Dec 2026");
        assert_eq!(moment(&ko, "2026-11-23T09:00", "2026-11-22T14:02"), "11월 23일 (월) 09:00");
        assert_eq!(moment(&en, "2027-01-04T09:00", "2026-11-22T14:02"), "Mon, 4 Jan 2027, 09:00");
        assert_eq!(moment(&ko, "2026-11-22T18:00", "2026-11-22T14:02"), "18:00");
        assert_eq!(range(&ko, span(1320, 120)), "22:00–다음 날 02:00");
        assert_eq!(ranges(&en, &[span(0, 0)]), "24 hours");
        assert_eq!(ranges(&ko, &[]), "쉼");
    }
}
