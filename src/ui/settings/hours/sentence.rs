//! A calendar in one plain sentence.

use super::words::{clock, day_name, range, weekday_name};
use crate::{
    domain::{
        calendar::{Calendar, DAY_MINUTES, LAST_INTAKE_MAX, Span, day},
        service::Language,
    },
    i18n::Texts,
};

/// Gaps up to so many minutes are told as breaks of one span.
const BREAK_MAX: u16 = 120;

/// "월–금 09:00–18:00, 12:00–13:00 제외. 토·일과 공휴일은 쉽니다. (Asia/Seoul)"
#[must_use]
pub fn summary(t: &Texts, calendar: &Calendar, zone: &str) -> String {
    let mut said = Vec::new();
    // Days with the same hours are told together, in the order of the week.
    let mut alike: Vec<(Vec<Span>, Vec<usize>)> = Vec::new();
    for (n, spans) in calendar.week.iter().enumerate() {
        // What overlaps is told as it stands: it cannot be saved anyway.
        let spans = day(spans.clone()).unwrap_or_else(|_| spans.clone());
        match alike.iter_mut().find(|(hours, _)| *hours == spans) {
            Some((_, days)) => days.push(n),
            None => alike.push((spans, vec![n])),
        }
    }
    let always = calendar.week.iter().all(Vec::is_empty);
    let closed = alike.iter().find(|(spans, _)| spans.is_empty() && !always).map(|(_, days)| days_in_words(t, days));
    if always {
        said.push(t.hours_always_line());
    }
    for (spans, days) in alike.iter().filter(|(spans, _)| !spans.is_empty()) {
        said.push(t.hours_open_line(days_in_words(t, days), hours_in_words(t, spans)));
    }
    match (closed, calendar.holidays.is_empty()) {
        (Some(days), false) => said.push(t.hours_closed_days_and_holidays(days)),
        (Some(days), true) => said.push(t.hours_closed_days(days)),
        (None, false) => said.push(t.hours_closed_holidays()),
        (None, true) => {}
    }
    if !calendar.exceptions.is_empty() {
        said.push(t.hours_exceptions_line(calendar.exceptions.len()));
    }
    if (1..=LAST_INTAKE_MAX).contains(&calendar.last_intake) {
        said.push(t.hours_intake_line(calendar.last_intake));
    }
    said.push(format!("({zone})"));
    let said = said.join(" ");
    if t.language == Language::Ko { particles(&said) } else { said }
}

/// `월–금`, `토·일`, `일요일`, `매일`
fn days_in_words(t: &Texts, days: &[usize]) -> String {
    match days {
        [one] => return weekday_name(t, *one),
        [_, _, _, _, _, _, _] => return t.hours_every_day(),
        _ => {}
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *day => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let run = |(first, last): (usize, usize)| match last - first {
        0 => vec![day_name(t, first)],
        1 => vec![day_name(t, first), day_name(t, last)],
        _ => vec![format!("{}–{}", day_name(t, first), day_name(t, last))],
    };
    runs.into_iter().flat_map(run).collect::<Vec<_>>().join(&t.hours_list_separator())
}

/// `09:00–18:00, 12:00–13:00 제외` where the gaps are short, else each span.
fn hours_in_words(t: &Texts, spans: &[Span]) -> String {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return t.hours_closed() };
    if (first.from, last.to, spans.len()) == (0, DAY_MINUTES, 1) {
        return t.hours_all_day();
    }
    let gaps: Vec<Span> =
        spans.windows(2).filter(|pair| pair[0].to < pair[1].from).map(|pair| Span { from: pair[0].to, to: pair[1].from }).collect();
    let overlap = spans.windows(2).any(|pair| pair[0].to > pair[1].from);
    if overlap || gaps.iter().any(|gap| gap.to - gap.from > BREAK_MAX) {
        return spans.iter().map(|span| range(t, *span)).collect::<Vec<_>>().join(", ");
    }
    let whole = range(t, Span { from: first.from, to: last.to });
    if gaps.is_empty() {
        return whole;
    }
    let gaps = gaps.iter().map(|gap| format!("{}–{}", clock(gap.from), clock(gap.to))).collect::<Vec<_>>().join(", ");
    t.hours_except(gaps, whole)
}

/// Chooses between the forms of a Korean particle by the sound before it.
fn particles(text: &str) -> String {
    let mut text = text.to_owned();
    for (after_consonant, after_vowel) in [("과", "와"), ("은", "는")] {
        let pair = format!("{after_consonant}/{after_vowel}");
        while let Some(at) = text.find(&pair) {
            // Syllables are ordered by their final sound; the first of each 28 has none.
            let closed =
                text[..at].chars().last().is_some_and(|c| ('가'..='힣').contains(&c) && (u32::from(c) - u32::from('가')) % 28 != 0);
            text.replace_range(at..at + pair.len(), if closed { after_consonant } else { after_vowel });
        }
    }
    text
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::domain::calendar::{Date, Exception, Holiday};

    fn span(from: u16, to: u16) -> Span {
        Span { from: from * 60, to: to * 60 }
    }

    fn both(calendar: &Calendar) -> [String; 2] {
        [Language::Ko, Language::En].map(|language| summary(&Texts::of(language), calendar, "Asia/Seoul"))
    }

    fn office() -> Calendar {
        let mut calendar = Calendar::default();
        for day in &mut calendar.week[..5] {
            *day = vec![span(9, 12), span(13, 18)];
        }
        calendar.holidays = vec![Holiday { date: Date("2026-12-25".into()), name: "성탄절".into() }];
        calendar
    }

    #[test]
    fn an_office_week() {
        assert_eq!(
            both(&office()),
            [
                "월–금 09:00–18:00, 12:00–13:00 제외. 토·일과 공휴일은 쉽니다. (Asia/Seoul)",
                "Mon–Fri 09:00–18:00, except 12:00–13:00. Closed on Sat, Sun and public holidays. (Asia/Seoul)"
            ]
        );
    }

    #[test]
    fn no_hours_are_always_open() {
        let mut calendar = Calendar::default();
        assert_eq!(both(&calendar)[0], "요일과 시간에 관계없이 언제나 엽니다. (Asia/Seoul)");
        calendar.holidays = office().holidays;
        assert_eq!(
            both(&calendar),
            [
                "요일과 시간에 관계없이 언제나 엽니다. 공휴일은 쉽니다. (Asia/Seoul)",
                "Open at any time, every day. Closed on public holidays. (Asia/Seoul)"
            ]
        );
    }

    #[test]
    fn different_days_past_midnight_and_long_gaps() {
        let mut calendar = Calendar::default();
        for day in [0, 2, 4] {
            calendar.week[day] = vec![span(9, 12), span(18, 21)];
        }
        calendar.week[5] = vec![span(22, 26)];
        calendar.week[1] = vec![span(0, 24)];
        assert_eq!(
            both(&calendar),
            [
                "월·수·금 09:00–12:00, 18:00–21:00. 화요일 24시간. 토요일 22:00–다음 날 02:00. 목·일은 쉽니다. (Asia/Seoul)",
                "Mon, Wed, Fri 09:00–12:00, 18:00–21:00. Tuesday 24 hours. Saturday 22:00–02:00 the next day. Closed on Thu, Sun. (Asia/Seoul)"
            ]
        );
    }

    #[test]
    fn every_day_with_exceptions_and_an_early_end_of_intake() {
        let mut calendar = Calendar { week: std::array::from_fn(|_| vec![span(10, 19)]), last_intake: 10, ..Calendar::default() };
        let date = Date("2026-12-31".into());
        calendar.exceptions = vec![Exception { first: date.clone(), last: date, name: String::new(), spans: vec![] }];
        assert_eq!(both(&calendar)[0], "매일 10:00–19:00. 예외 1건이 있습니다. 닫기 10분 전부터 새 상담을 받지 않습니다. (Asia/Seoul)");
        calendar.last_intake = u16::MAX;
        assert!(!both(&calendar)[1].contains("65535"), "what cannot be saved is not told");
    }

    #[test]
    fn particles_follow_the_sound_before_them() {
        assert_eq!(particles("토·일과/와 목·토은/는"), "토·일과 목·토는");
        assert_eq!(particles("화과/와"), "화와");
    }
}
