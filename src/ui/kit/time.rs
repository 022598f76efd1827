//! Times in the reader's own zone and language. The server knows neither, so it draws
//! `<time datetime="…">` empty and the browser fills it in after hydration.

use super::texts;
pub use crate::ui::live::host::TimeStyle;
use crate::{
    domain::time::{DAY, HOUR, MINUTE, SECOND, Timestamp},
    ui::live::host,
};
use leptos::prelude::*;

/// A time: by default its time of day, with the whole date and zone as its title.
#[component]
pub fn Time(at: Timestamp, #[prop(default = TimeStyle::Clock)] style: TimeStyle) -> impl IntoView {
    filled(at, Some(style))
}

/// The day of a time: 오늘, 어제, or its date.
#[component]
pub fn DayLabel(at: Timestamp) -> impl IntoView {
    filled(at, None)
}

fn filled(at: Timestamp, style: Option<TimeStyle>) -> impl IntoView {
    let texts = texts();
    let (text, title) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        text.set(match style {
            Some(style) => host::format_time(at, texts.language, style),
            None => match host::local_day(host::now()) - host::local_day(at) {
                0 => texts.common_today(),
                1 => texts.common_yesterday(),
                _ => host::format_time(at, texts.language, TimeStyle::Day),
            },
        });
        title.set(host::format_time(at, texts.language, TimeStyle::Full));
    });
    // As plain signals: attributes and texts of one type share their code.
    let (text, title): (Signal<String>, Signal<String>) = (text.into(), title.into());
    view! { <time datetime=iso(at) title=title>{text}</time> }
}

/// The instant as ISO 8601 in UTC.
#[must_use]
pub fn iso(at: Timestamp) -> String {
    let (days, ms) = (at.0.div_euclid(DAY), at.0.rem_euclid(DAY));
    // Days since 0000-03-01 in eras of 400 years (proleptic Gregorian).
    let z = days + 719_468;
    let (era, day_of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second, ms) = (ms / HOUR, ms % HOUR / MINUTE, ms % MINUTE / SECOND, ms % SECOND);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_iso_8601() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_251_723_004, "2026-11-21T09:02:03.004Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso(Timestamp(ms)), text);
        }
    }
}
