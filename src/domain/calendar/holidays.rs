//! The public holidays of Korea, to begin a calendar with; the law may change them, so
//! they are copied into the calendar and edited there.
//!
//! 공휴일에 관한 법률 and 관공서의 공휴일에 관한 규정, as of 2026: 제헌절 and 노동절 are
//! public holidays again, with substitute days. 2026 and 2027 are as the state published
//! them (월력요항), 2028 follows from the rules.

/// One of them, with its name in each language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicHoliday {
    /// `YYYY-MM-DD`
    pub date: &'static str,
    pub ko: &'static str,
    pub en: &'static str,
}

/// The first and the last year in [`KOREA`].
pub const YEARS: (u16, u16) = (2026, 2028);

const fn day(date: &'static str, ko: &'static str, en: &'static str) -> PublicHoliday {
    PublicHoliday { date, ko, en }
}

/// In order, no date twice.
pub const KOREA: [PublicHoliday; 64] = [
    day("2026-01-01", "신정", "New Year's Day"),
    day("2026-02-16", "설날 연휴", "Seollal"),
    day("2026-02-17", "설날", "Seollal"),
    day("2026-02-18", "설날 연휴", "Seollal"),
    day("2026-03-01", "삼일절", "Independence Movement Day"),
    day("2026-03-02", "대체공휴일(삼일절)", "Substitute: Independence Movement Day"),
    day("2026-05-01", "노동절", "Labor Day"),
    day("2026-05-05", "어린이날", "Children's Day"),
    day("2026-05-24", "부처님오신날", "Buddha's Birthday"),
    day("2026-05-25", "대체공휴일(부처님오신날)", "Substitute: Buddha's Birthday"),
    day("2026-06-03", "전국동시지방선거", "Local elections"),
    day("2026-06-06", "현충일", "Memorial Day"),
    day("2026-07-17", "제헌절", "Constitution Day"),
    day("2026-08-15", "광복절", "Liberation Day"),
    day("2026-08-17", "대체공휴일(광복절)", "Substitute: Liberation Day"),
    day("2026-09-24", "추석 연휴", "Chuseok"),
    day("2026-09-25", "추석", "Chuseok"),
    day("2026-09-26", "추석 연휴", "Chuseok"),
    day("2026-10-03", "개천절", "National Foundation Day"),
    day("2026-10-05", "대체공휴일(개천절)", "Substitute: National Foundation Day"),
    day("2026-10-09", "한글날", "Hangeul Day"),
    day("2026-12-25", "성탄절", "Christmas Day"),
    day("2027-01-01", "신정", "New Year's Day"),
    day("2027-02-06", "설날 연휴", "Seollal"),
    day("2027-02-07", "설날", "Seollal"),
    day("2027-02-08", "설날 연휴", "Seollal"),
    day("2027-02-09", "대체공휴일(설날)", "Substitute: Seollal"),
    day("2027-03-01", "삼일절", "Independence Movement Day"),
    day("2027-05-01", "노동절", "Labor Day"),
    day("2027-05-03", "대체공휴일(노동절)", "Substitute: Labor Day"),
    day("2027-05-05", "어린이날", "Children's Day"),
    day("2027-05-13", "부처님오신날", "Buddha's Birthday"),
    day("2027-06-06", "현충일", "Memorial Day"),
    day("2027-07-17", "제헌절", "Constitution Day"),
    day("2027-07-19", "대체공휴일(제헌절)", "Substitute: Constitution Day"),
    day("2027-08-15", "광복절", "Liberation Day"),
    day("2027-08-16", "대체공휴일(광복절)", "Substitute: Liberation Day"),
    day("2027-09-14", "추석 연휴", "Chuseok"),
    day("2027-09-15", "추석", "Chuseok"),
    day("2027-09-16", "추석 연휴", "Chuseok"),
    day("2027-10-03", "개천절", "National Foundation Day"),
    day("2027-10-04", "대체공휴일(개천절)", "Substitute: National Foundation Day"),
    day("2027-10-09", "한글날", "Hangeul Day"),
    day("2027-10-11", "대체공휴일(한글날)", "Substitute: Hangeul Day"),
    day("2027-12-25", "성탄절", "Christmas Day"),
    day("2027-12-27", "대체공휴일(성탄절)", "Substitute: Christmas Day"),
    day("2028-01-01", "신정", "New Year's Day"),
    day("2028-01-26", "설날 연휴", "Seollal"),
    day("2028-01-27", "설날", "Seollal"),
    day("2028-01-28", "설날 연휴", "Seollal"),
    day("2028-03-01", "삼일절", "Independence Movement Day"),
    day("2028-04-12", "국회의원선거", "National Assembly election"),
    day("2028-05-01", "노동절", "Labor Day"),
    day("2028-05-02", "부처님오신날", "Buddha's Birthday"),
    day("2028-05-05", "어린이날", "Children's Day"),
    day("2028-06-06", "현충일", "Memorial Day"),
    day("2028-07-17", "제헌절", "Constitution Day"),
    day("2028-08-15", "광복절", "Liberation Day"),
    day("2028-10-02", "추석 연휴", "Chuseok"),
    day("2028-10-03", "추석·개천절", "Chuseok, National Foundation Day"),
    day("2028-10-04", "추석 연휴", "Chuseok"),
    day("2028-10-05", "대체공휴일(추석)", "Substitute: Chuseok"),
    day("2028-10-09", "한글날", "Hangeul Day"),
    day("2028-12-25", "성탄절", "Christmas Day"),
];

#[cfg(all(test, feature = "ssr"))]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;
    use jiff::{ToSpan as _, civil};
    use std::collections::{BTreeMap, BTreeSet};

    /// When a holiday that is lost is made up for.
    #[derive(Clone, Copy, PartialEq)]
    enum Lost {
        Never,
        OnSunday,
        OnWeekend,
    }

    /// The holidays themselves, without substitutes.
    fn named(year: i16) -> Vec<(civil::Date, &'static str, Lost)> {
        let on = |month, day| civil::date(year, month, day);
        let (seollal, buddha, chuseok) = match year {
            2026 => (on(2, 17), on(5, 24), on(9, 25)),
            2027 => (on(2, 7), on(5, 13), on(9, 15)),
            2028 => (on(1, 27), on(5, 2), on(10, 3)),
            _ => panic!("{year} is not shipped"),
        };
        let mut all = vec![
            (on(1, 1), "신정", Lost::Never),
            (on(3, 1), "삼일절", Lost::OnWeekend),
            (on(5, 1), "노동절", Lost::OnWeekend),
            (on(5, 5), "어린이날", Lost::OnWeekend),
            (buddha, "부처님오신날", Lost::OnWeekend),
            (on(6, 6), "현충일", Lost::Never),
            (on(7, 17), "제헌절", Lost::OnWeekend),
            (on(8, 15), "광복절", Lost::OnWeekend),
            (on(10, 3), "개천절", Lost::OnWeekend),
            (on(10, 9), "한글날", Lost::OnWeekend),
            (on(12, 25), "성탄절", Lost::OnWeekend),
        ];
        for (middle, name) in [(seollal, "설날"), (chuseok, "추석")] {
            all.extend([-1, 0, 1].map(|n| (middle.checked_add(n.days()).unwrap(), name, Lost::OnSunday)));
        }
        match year {
            2026 => all.push((on(6, 3), "전국동시지방선거", Lost::Never)),
            2028 => all.push((on(4, 12), "국회의원선거", Lost::Never)),
            _ => {}
        }
        all
    }

    fn date(holiday: &PublicHoliday) -> civil::Date {
        holiday.date.parse().unwrap()
    }

    /// By the rule: a holiday on a day that is free anyway moves to the next day that is
    /// not; two holidays on one day lose one of them.
    fn substitutes(year: i16) -> BTreeSet<civil::Date> {
        let mut on: BTreeMap<civil::Date, Vec<Lost>> = BTreeMap::new();
        for (date, _, lost) in named(year) {
            on.entry(date).or_default().push(lost);
        }
        let mut made = BTreeSet::new();
        for (date, holidays) in &on {
            let weekend = match date.weekday() {
                civil::Weekday::Sunday => holidays.iter().any(|lost| *lost != Lost::Never),
                civil::Weekday::Saturday => holidays.contains(&Lost::OnWeekend),
                _ => false,
            };
            if weekend || holidays.len() > 1 {
                let mut free = date.tomorrow().unwrap();
                while matches!(free.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday)
                    || on.contains_key(&free)
                    || made.contains(&free)
                {
                    free = free.tomorrow().unwrap();
                }
                made.insert(free);
            }
        }
        made
    }

    #[test]
    fn the_table_is_what_the_rules_give() {
        for year in i16::try_from(YEARS.0).unwrap()..=i16::try_from(YEARS.1).unwrap() {
            let expected: BTreeSet<civil::Date> = named(year).into_iter().map(|(date, ..)| date).chain(substitutes(year)).collect();
            let shipped: BTreeSet<civil::Date> = KOREA.iter().map(date).filter(|date| date.year() == year).collect();
            assert_eq!(shipped, expected, "{year}");
            let called: BTreeSet<civil::Date> =
                KOREA.iter().filter(|h| h.ko.starts_with("대체공휴일")).map(date).filter(|d| d.year() == year).collect();
            assert_eq!(called, substitutes(year), "{year}: what is called a substitute is one");
        }
    }

    #[test]
    fn each_date_has_the_name_of_its_holiday() {
        for year in [2026, 2027, 2028] {
            for (on, name, _) in named(year) {
                let found = KOREA.iter().find(|h| date(h) == on).unwrap();
                assert!(found.ko.contains(name), "{}: {} is {name}", found.date, found.ko);
            }
        }
    }

    #[test]
    fn known_dates() {
        let name = |date: &str| KOREA.iter().find(|h| h.date == date).map(|h| h.ko);
        for (date, ko) in [
            ("2026-02-17", "설날"),
            ("2026-05-25", "대체공휴일(부처님오신날)"),
            ("2026-06-03", "전국동시지방선거"),
            ("2027-02-09", "대체공휴일(설날)"),
            ("2027-05-03", "대체공휴일(노동절)"),
            ("2027-07-19", "대체공휴일(제헌절)"),
            ("2028-10-05", "대체공휴일(추석)"),
        ] {
            assert_eq!(name(date), Some(ko), "{date}");
        }
        for ordinary in ["2027-06-07", "2026-06-08", "2028-01-03", "2026-09-28"] {
            assert_eq!(name(ordinary), None, "{ordinary}: no substitute for this one");
        }
    }

    #[test]
    fn the_table_is_in_order_and_names_both_languages() {
        assert!(KOREA.windows(2).all(|pair| pair[0].date < pair[1].date));
        for holiday in &KOREA {
            assert!(!holiday.ko.is_empty() && !holiday.en.is_empty());
            assert!(holiday.ko.chars().count().max(holiday.en.chars().count()) <= crate::domain::calendar::DATE_NAME_MAX, "{}", holiday.en);
        }
    }
}
