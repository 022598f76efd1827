//! What a customer meets at the door: one function of contract, switch, texts, hours and
//! people (A23, A27, G12, G13, G26, G31). Capacity has no say: a full team means waiting.

use super::{calendar::Opening, ids::QueueId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A queue, as far as the door is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueFacts {
    pub id: QueueId,
    pub active: bool,
    /// Its own hours at this instant; `None`: the chat channel's count.
    pub own: Option<Opening>,
    /// Agents who are present in it (G12).
    pub present: u32,
}

/// Everything that decides, as of one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The contract has the option *chat* (A1).
    pub contract: bool,
    /// The way in is switched on: the help centre's icon or the widget (G31).
    pub switch: bool,
    /// The consent text is there in every language (A25).
    pub consent: bool,
    /// 지금부터 접수 중지
    pub stopped: bool,
    /// The chat channel's hours.
    pub channel: Opening,
    /// In their order; the first active one is the default.
    pub queues: Vec<QueueFacts>,
}

/// Why nobody can start a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Shut {
    /// Nothing is shown at all.
    Contract,
    Switch,
    /// A text that must be agreed to is missing.
    Consent,
    NoQueue,
    /// Until somebody takes it back.
    Stopped,
    /// Out of hours; when the next chat is taken, if that is in sight.
    Hours {
        opens: Option<Timestamp>,
    },
    /// 상담원 부재중
    Absent,
}

/// The door at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Door {
    /// The active queues in their order, each with why it takes no chat if it takes none.
    /// With more than one the customer chooses.
    Open {
        queues: Vec<(QueueId, Option<Shut>)>,
    },
    Shut(Shut),
}

impl Door {
    /// Whether a new chat may enter `queue` now; the default one if the customer had no choice.
    #[must_use]
    pub fn admits(&self, queue: Option<QueueId>) -> Option<QueueId> {
        let Self::Open { queues } = self else { return None };
        let open = queues.iter().filter(|(_, shut)| shut.is_none()).map(|(id, _)| *id);
        match queue {
            Some(wanted) => open.into_iter().find(|id| *id == wanted),
            None if queues.len() == 1 => open.into_iter().next(),
            None => None,
        }
    }
}

/// Decides. Reasons come in the order in which an admin would mend them.
#[must_use]
pub fn door(facts: &Facts) -> Door {
    let active = || facts.queues.iter().filter(|queue| queue.active);
    let blocked = [
        (!facts.contract, Shut::Contract),
        (!facts.switch, Shut::Switch),
        (active().next().is_none(), Shut::NoQueue),
        (!facts.consent, Shut::Consent),
        (facts.stopped, Shut::Stopped),
    ];
    if let Some((_, why)) = blocked.into_iter().find(|(holds, _)| *holds) {
        return Door::Shut(why);
    }
    let queues: Vec<(QueueId, Option<Shut>)> = active().map(|queue| (queue.id, shut(queue, facts.channel))).collect();
    if queues.iter().any(|(_, shut)| shut.is_none()) {
        return Door::Open { queues };
    }
    let all = || queues.iter().filter_map(|(_, shut)| *shut);
    // Somebody ought to be there, but nobody is: that is no matter of hours.
    if all().any(|shut| shut == Shut::Absent) {
        return Door::Shut(Shut::Absent);
    }
    let opens = all().filter_map(|shut| if let Shut::Hours { opens } = shut { opens } else { None }).min();
    Door::Shut(Shut::Hours { opens })
}

fn shut(queue: &QueueFacts, channel: Opening) -> Option<Shut> {
    match queue.own.unwrap_or(channel) {
        Opening::Open { .. } if queue.present > 0 => None,
        Opening::Open { .. } => Some(Shut::Absent),
        Opening::ClosingSoon { opens, .. } | Opening::Closed { opens } => Some(Shut::Hours { opens }),
    }
}

/// Whether somebody who waits in `queue` may still hope for an answer: its hours go on, if
/// only for those who wait already, and an agent is present in it (G13).
#[must_use]
pub fn attended(facts: &Facts, queue: QueueId) -> bool {
    goes_on(facts, queue) && facts.queues.iter().any(|q| q.id == queue && q.present > 0)
}

/// Whether a queue's chats are answered now: its hours go on, if only for those who wait
/// already. One that was switched off keeps what nobody else could take (G26).
#[must_use]
pub fn goes_on(facts: &Facts, queue: QueueId) -> bool {
    facts.queues.iter().any(|q| q.id == queue && !matches!(q.own.unwrap_or(facts.channel), Opening::Closed { .. }))
}

/// When the hours alone change the answer next.
#[must_use]
pub fn changes_at(facts: &Facts) -> Option<Timestamp> {
    let own = facts.queues.iter().filter_map(|queue| queue.own);
    own.chain([facts.channel]).filter_map(Opening::changes_at).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const OPEN: Opening = Opening::Open { until: None };

    fn id(n: u128) -> QueueId {
        QueueId(Uuid::from_u128(n))
    }

    fn queue(n: u128, present: u32) -> QueueFacts {
        QueueFacts { id: id(n), active: true, own: None, present }
    }

    fn facts(queues: Vec<QueueFacts>) -> Facts {
        Facts { contract: true, switch: true, consent: true, stopped: false, channel: OPEN, queues }
    }

    fn closed(opens: i64) -> Opening {
        Opening::Closed { opens: Some(Timestamp(opens)) }
    }

    #[test]
    fn one_queue_with_somebody_in_it_is_open_without_a_choice() {
        let door = door(&facts(vec![queue(1, 1)]));
        assert_eq!(door.admits(None), Some(id(1)));
        assert_eq!(door.admits(Some(id(2))), None);
    }

    #[test]
    fn of_several_queues_the_customer_chooses_and_a_closed_one_says_when() {
        let mut two = queue(2, 3);
        two.own = Some(closed(9));
        let door = door(&facts(vec![queue(1, 1), two, queue(3, 0)]));
        assert_eq!(
            door,
            Door::Open {
                queues: vec![(id(1), None), (id(2), Some(Shut::Hours { opens: Some(Timestamp(9)) })), (id(3), Some(Shut::Absent))]
            }
        );
        assert_eq!((door.admits(None), door.admits(Some(id(1))), door.admits(Some(id(2)))), (None, Some(id(1)), None));
    }

    #[test]
    fn nobody_there_is_absent_and_out_of_hours_says_the_first_opening() {
        assert_eq!(door(&facts(vec![queue(1, 0)])), Door::Shut(Shut::Absent));
        let mut night = facts(vec![queue(1, 1), QueueFacts { own: Some(closed(5)), ..queue(2, 1) }]);
        night.channel = closed(7);
        assert_eq!(door(&night), Door::Shut(Shut::Hours { opens: Some(Timestamp(5)) }));
        assert_eq!(changes_at(&night), Some(Timestamp(5)));
        // No new chats shortly before closing, though everybody is there.
        night.queues.truncate(1);
        night.channel = Opening::ClosingSoon { closes: Timestamp(3), opens: Some(Timestamp(8)) };
        assert_eq!(door(&night), Door::Shut(Shut::Hours { opens: Some(Timestamp(8)) }));
        assert_eq!(changes_at(&night), Some(Timestamp(3)));
    }

    #[test]
    fn who_waits_is_attended_until_the_hours_or_the_agents_end() {
        let mut facts = facts(vec![queue(1, 1), queue(2, 0)]);
        assert_eq!((attended(&facts, id(1)), attended(&facts, id(2)), attended(&facts, id(3))), (true, false, false));
        facts.channel = Opening::ClosingSoon { closes: Timestamp(3), opens: None };
        assert!(attended(&facts, id(1)), "no new chats, but those who wait are answered");
        facts.channel = closed(9);
        assert!(!attended(&facts, id(1)));
        facts.queues[0].own = Some(OPEN);
        facts.stopped = true;
        assert!(attended(&facts, id(1)));
    }

    #[test]
    fn the_reasons_come_in_order() {
        let mut all = Facts { contract: false, switch: false, consent: false, stopped: true, channel: closed(1), queues: vec![] };
        let mut why = Vec::new();
        let mut next = |facts: &Facts| why.push(door(facts));
        next(&all);
        all.contract = true;
        next(&all);
        all.switch = true;
        next(&all);
        all.queues = vec![queue(1, 0)];
        next(&all);
        all.consent = true;
        next(&all);
        all.stopped = false;
        next(&all);
        all.channel = OPEN;
        next(&all);
        let hours = Shut::Hours { opens: Some(Timestamp(1)) };
        let expected = [Shut::Contract, Shut::Switch, Shut::NoQueue, Shut::Consent, Shut::Stopped, hours, Shut::Absent].map(Door::Shut);
        assert_eq!(why, expected);
    }

    proptest! {
        /// The door is open exactly when contract, switch, text and some active queue's hours
        /// and people say so; whom it admits is in such a queue.
        #[test]
        fn open_means_all_of_it(
            flags in prop::array::uniform4(any::<bool>()),
            channel in any::<bool>(),
            raw in prop::collection::vec((any::<bool>(), prop::option::of(any::<bool>()), 0..3u32), 0..4),
            wanted in prop::option::of(0..4u128),
        ) {
            let opening = |open: bool| if open { OPEN } else { closed(1) };
            let queues: Vec<_> = raw
                .iter()
                .zip(0u128..)
                .map(|((active, own, present), n)| QueueFacts { id: id(n), active: *active, own: own.map(opening), present: *present })
                .collect();
            let facts = Facts { contract: flags[0], switch: flags[1], consent: flags[2], stopped: flags[3], channel: opening(channel), queues };
            let takes = |q: &QueueFacts| q.active && q.own.unwrap_or(facts.channel).takes_chats() && q.present > 0;
            let ready = facts.contract && facts.switch && facts.consent && !facts.stopped;
            let door = door(&facts);
            prop_assert_eq!(matches!(door, Door::Open { .. }), ready && facts.queues.iter().any(takes));
            if let Some(entered) = door.admits(wanted.map(id)) {
                prop_assert!(facts.queues.iter().any(|q| q.id == entered && takes(q)));
            }
        }
    }
}
