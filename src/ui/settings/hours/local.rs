//! Times of the service's zone in texts. Only the browser knows zones, so such a text is
//! empty until the page is alive.

use super::words::moment;
use crate::{
    domain::{calendar::Opening, time::Timestamp},
    i18n::Texts,
    ui::{kit::texts, live::host},
};
use leptos::prelude::*;

/// Says an instant in words.
pub type Say<'a> = &'a dyn Fn(Timestamp) -> String;

/// A text that names instants by the clocks of `zone`.
pub fn told(zone: String, text: impl Fn(Say) -> String + 'static) -> Signal<String> {
    let (told, t) = (RwSignal::new(String::new()), texts());
    Effect::new(move |_| {
        let today = host::wall_clock(host::now(), &zone);
        told.set(text(&|at| moment(&t, &host::wall_clock(at, &zone), &today)));
    });
    told.into()
}

/// What holds, in a word and the class of its chip.
#[must_use]
pub fn state(t: &Texts, opening: Opening) -> (&'static str, String) {
    match opening {
        Opening::Open { .. } => ("chip active", t.hours_state_open()),
        Opening::ClosingSoon { .. } => ("chip waiting", t.hours_state_soon()),
        Opening::Closed { .. } => ("chip", t.hours_state_closed()),
    }
}

/// When it opens next, for a sentence of its own.
#[must_use]
pub fn next_opening(t: &Texts, opens: Option<Timestamp>, say: Say) -> String {
    opens.map_or_else(|| t.hours_opens_never(), |at| t.hours_opens(say(at)))
}

/// What holds, in a sentence.
#[must_use]
pub fn sentence(t: &Texts, opening: Opening, say: Say) -> String {
    match opening {
        Opening::Open { until: Some(until) } => t.hours_open_until(say(until)),
        Opening::Open { until: None } => t.hours_open_endless(),
        Opening::ClosingSoon { closes, opens } => format!("{} {}", t.hours_soon_until(say(closes)), next_opening(t, opens, say)),
        Opening::Closed { opens } => next_opening(t, opens, say),
    }
}
