//! A day as a bar. The hours stand as text and fields beside it, so the picture is for
//! the eye alone. Drawn by SVG's attributes: the pages' policy knows no inline styles.

use crate::domain::calendar::{DAY_MINUTES, Span};
use leptos::prelude::*;

/// From here on, in minutes, a bar has room for its hours.
const ROOM: u16 = 120;
/// The same on a phone.
const ROOM_ON_PHONES: u16 = 360;

/// The spans of a day, with what the night before goes on into it.
#[component]
pub fn Track(#[prop(into)] spans: Signal<Vec<Span>>, #[prop(into)] before: Signal<Vec<Span>>) -> impl IntoView {
    let lines = [6, 12, 18].map(|hour| {
        let x = percent(hour * 60);
        view! { <line class="track-hour" x1=x.clone() x2=x y1="0" y2="100%"></line> }
    });
    view! {
        <svg class="track" height="28" aria-hidden="true" focusable="false">
            {lines.into_iter().collect_view()}
            {move || {
                let night = before.get().into_iter().filter(|s| s.to > DAY_MINUTES);
                night
                    .map(|s| view! { <rect class="track-night" x="0" y="4" height="20" rx="4" width=percent(s.to - DAY_MINUTES)></rect> })
                    .collect_view()
            }}
            {move || spans.get().into_iter().filter(|s| s.from < DAY_MINUTES).map(bar).collect_view()}
        </svg>
    }
    .into_any()
}

fn bar(span: Span) -> AnyView {
    let to = span.to.min(DAY_MINUTES);
    let length = to.saturating_sub(span.from);
    let label = (length >= ROOM).then(|| {
        let class = if length < ROOM_ON_PHONES { "track-text wide-only" } else { "track-text" };
        view! {
            <text class=class x=percent(span.from + length / 2) y="14" text-anchor="middle" dominant-baseline="central">
                {format!("{}–{}", short(span.from), short(if span.to > DAY_MINUTES { span.to - DAY_MINUTES } else { span.to }))}
            </text>
        }
    });
    view! {
        <rect class="track-span" x=percent(span.from) y="4" height="20" rx="4" width=percent(length)></rect>
        {label}
    }
    .into_any()
}

/// `09`, or `09:30` where there are minutes.
fn short(minutes: u16) -> String {
    match minutes % 60 {
        0 => format!("{:02}", minutes / 60),
        rest => format!("{:02}:{rest:02}", minutes / 60),
    }
}

fn percent(minutes: u16) -> String {
    format!("{:.2}%", f32::from(minutes) * 100.0 / f32::from(DAY_MINUTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_labels() {
        assert_eq!((percent(540), percent(1440)), ("37.50%".to_owned(), "100.00%".to_owned()));
        assert_eq!((short(540), short(570)), ("09".to_owned(), "09:30".to_owned()));
    }
}
