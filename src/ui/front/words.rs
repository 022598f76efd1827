//! Times in the service's zone, in words: the server knows no customer's zone, and hours
//! are the service's.

use crate::{
    domain::{service::Language, time::Timestamp},
    i18n::Texts,
};
use jiff::{Timestamp as Instant, Zoned, tz::TimeZone};

/// `11월 23일 (월) 오전 9:00`, `Mon, Nov 23, 9:00 AM`
#[must_use]
pub fn moment(t: &Texts, at: Timestamp, zone: &str) -> String {
    let (Ok(at), Ok(zone)) = (Instant::from_millisecond(at.0), TimeZone::get(zone)) else { return String::new() };
    let at = at.to_zoned(zone);
    match t.language {
        Language::Ko => korean(&at),
        Language::En => at.strftime("%a, %b %-d, %-I:%M %p").to_string(),
    }
}

fn korean(at: &Zoned) -> String {
    let day = ["월", "화", "수", "목", "금", "토", "일"][usize::from(at.weekday().to_monday_zero_offset().unsigned_abs())];
    let half = if at.hour() < 12 { "오전" } else { "오후" };
    let hour = match at.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    format!("{}월 {}일 ({day}) {half} {hour}:{:02}", at.month(), at.day(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_zone_and_the_language() {
        let at = Timestamp(Instant::strptime("%Y-%m-%d %H:%M%z", "2026-11-23 00:05+0000").unwrap().as_millisecond());
        assert_eq!(moment(&Texts::of(Language::Ko), at, "Asia/Seoul"), "11월 23일 (월) 오전 9:05");
        assert_eq!(moment(&Texts::of(Language::En), at, "Asia/Seoul"), "Mon, Nov 23, 9:05 AM");
        assert_eq!(moment(&Texts::of(Language::Ko), at, "UTC"), "11월 23일 (월) 오전 12:05");
    }
}
