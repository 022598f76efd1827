//! The draft of 상담원 할당 설정: its numbers as they are typed.

use crate::{domain::settings::Routing, i18n::Texts};
use std::ops::RangeInclusive;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Seconds,
    Minutes,
    Days,
}

/// A number of [`Routing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    RecentDays,
    Offer,
    GoneOffer,
    GoneWarn,
    GoneRequeue,
    IdleAsk,
    IdleEnd,
    EndedClose,
    AwayEnd,
    Absent,
}

impl Timing {
    /// In the order of [`Routing::numbers`].
    pub const ALL: [Self; 10] = [
        Self::RecentDays,
        Self::Offer,
        Self::GoneOffer,
        Self::GoneWarn,
        Self::GoneRequeue,
        Self::IdleAsk,
        Self::IdleEnd,
        Self::EndedClose,
        Self::AwayEnd,
        Self::Absent,
    ];

    /// Its name in the form, and what it may be.
    pub fn rule(self) -> (&'static str, RangeInclusive<u16>) {
        let (field, _, range) = Routing::default().numbers()[self as usize].clone();
        (field, range)
    }

    fn of_mut(self, routing: &mut Routing) -> &mut u16 {
        match self {
            Self::RecentDays => &mut routing.recent_days,
            Self::Offer => &mut routing.offer_seconds,
            Self::GoneOffer => &mut routing.gone_offer_seconds,
            Self::GoneWarn => &mut routing.gone_warn_seconds,
            Self::GoneRequeue => &mut routing.gone_requeue_seconds,
            Self::IdleAsk => &mut routing.idle_ask_minutes,
            Self::IdleEnd => &mut routing.idle_end_minutes,
            Self::EndedClose => &mut routing.ended_close_minutes,
            Self::AwayEnd => &mut routing.away_end_minutes,
            Self::Absent => &mut routing.absent_minutes,
        }
    }

    pub fn unit(self, t: &Texts) -> String {
        match self.counts() {
            Unit::Seconds => t.chat_unit_seconds(),
            Unit::Minutes => t.chat_unit_minutes(),
            Unit::Days => t.chat_unit_days(),
        }
    }

    fn counts(self) -> Unit {
        match self {
            Self::RecentDays => Unit::Days,
            Self::Offer | Self::GoneOffer | Self::GoneWarn | Self::GoneRequeue => Unit::Seconds,
            Self::IdleAsk | Self::IdleEnd | Self::EndedClose | Self::AwayEnd | Self::Absent => Unit::Minutes,
        }
    }

    pub fn label(self, t: &Texts) -> String {
        match self {
            Self::RecentDays => t.chat_recent_days(),
            Self::Offer => t.chat_offer_seconds(),
            Self::GoneOffer => t.chat_gone_offer_seconds(),
            Self::GoneWarn => t.chat_gone_warn_seconds(),
            Self::GoneRequeue => t.chat_gone_requeue_seconds(),
            Self::IdleAsk => t.chat_idle_ask_minutes(),
            Self::IdleEnd => t.chat_idle_end_minutes(),
            Self::EndedClose => t.chat_ended_close_minutes(),
            Self::AwayEnd => t.chat_away_end_minutes(),
            Self::Absent => t.chat_absent_minutes(),
        }
    }

    pub fn text(self, t: &Texts) -> String {
        match self {
            Self::RecentDays => t.chat_recent_days_text(),
            Self::Offer => t.chat_offer_seconds_text(),
            Self::GoneOffer => t.chat_gone_offer_seconds_text(),
            Self::GoneWarn => t.chat_gone_warn_seconds_text(),
            Self::GoneRequeue => t.chat_gone_requeue_seconds_text(),
            Self::IdleAsk => t.chat_idle_ask_minutes_text(),
            Self::IdleEnd => t.chat_idle_end_minutes_text(),
            Self::EndedClose => t.chat_ended_close_minutes_text(),
            Self::AwayEnd => t.chat_away_end_minutes_text(),
            Self::Absent => t.chat_absent_minutes_text(),
        }
    }
}

/// [`Routing`] while it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingForm {
    /// Everything but the numbers.
    pub rest: Routing,
    typed: [String; 10],
}

impl RoutingForm {
    pub fn of(routing: &Routing) -> Self {
        let typed = routing.numbers().map(|(_, number, _)| number.to_string());
        Self {
            rest: Routing {
                recent_first: routing.recent_first,
                mode: routing.mode,
                ticket_on_start: routing.ticket_on_start,
                ..Routing::default()
            },
            typed,
        }
    }

    pub fn typed(&self, timing: Timing) -> &str {
        &self.typed[timing as usize]
    }

    pub fn set(&mut self, timing: Timing, typed: String) {
        self.typed[timing as usize] = typed;
    }

    /// What it says. What is no number is beyond every range, so that it is complained
    /// about like one that is too large.
    pub fn read(&self) -> Routing {
        let mut routing = self.rest.clone();
        for timing in Timing::ALL {
            *timing.of_mut(&mut routing) = self.typed(timing).trim().parse().unwrap_or(u16::MAX);
        }
        routing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::settings::Section as _;

    #[test]
    fn a_form_reads_back_as_what_it_was_made_of() {
        let mut routing = Routing { recent_first: true, ticket_on_start: false, ..Routing::default() };
        for (n, timing) in (50..).zip(Timing::ALL) {
            *timing.of_mut(&mut routing) = n;
        }
        assert_eq!(RoutingForm::of(&routing).read(), routing);
        let units = Timing::ALL
            .map(|timing| (timing.rule().0.rsplit('_').next().unwrap().to_owned(), format!("{:?}", timing.counts()).to_lowercase()));
        assert!(units.iter().all(|(field, unit)| field == unit), "each has the unit of its name: {units:?}");
    }

    #[test]
    fn what_is_no_number_is_out_of_every_range() {
        let mut form = RoutingForm::of(&Routing::default());
        for (n, timing) in Timing::ALL.into_iter().enumerate() {
            form.set(timing, ["", "-1", "1.5", "70000", "x"][n % 5].to_owned());
        }
        assert_eq!(form.read().checked().unwrap_err().len(), 10);
    }
}
