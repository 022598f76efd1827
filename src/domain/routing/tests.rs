use super::*;
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_000 * SECOND);

fn queue(n: u8) -> QueueId {
    QueueId(Uuid::from_u128(u128::from(n)))
}

fn agent(n: u8) -> AccountId {
    AccountId(Uuid::from_u128(u128::from(n)))
}

fn chat(n: u8) -> ChatId {
    ChatId(Uuid::from_u128(u128::from(n)))
}

/// Present in queue 0, without work.
fn free(n: u8) -> Candidate {
    Candidate {
        account: agent(n),
        queues: [queue(0)].into(),
        there: There::Present,
        load: 0,
        capacity: 5,
        idle_since: Timestamp(i64::from(n)),
        misses: 0,
    }
}

fn waits(n: u8) -> Waiting {
    Waiting { chat: chat(n), queue: queue(0), queue_open: true, offer: None, excluded: BTreeSet::new(), recent: None, missed: Vec::new() }
}

fn offered(n: u8, to: u8, seconds_ago: i64) -> Waiting {
    Waiting { offer: Some(Offer { agent: agent(to), at: NOW.plus(-seconds_ago * SECOND) }), ..waits(n) }
}

fn snapshot(waiting: Vec<Waiting>, agents: Vec<Candidate>) -> Snapshot {
    Snapshot { now: NOW, mode: RoutingMode::Assigned, offer_time: 60 * SECOND, gone_time: 20 * SECOND, waiting, agents }
}

/// Chat and agent of each offer made.
fn offers(decision: &Decision) -> Vec<(ChatId, AccountId, By)> {
    decision.acts.iter().filter_map(|act| if let Act::Offer { chat, to, why } = act { Some((*chat, *to, why.by)) } else { None }).collect()
}

#[test]
fn the_least_loaded_comes_first_then_who_was_idle_for_longest() {
    let busy = Candidate { load: 2, ..free(1) };
    let decision = route(&snapshot(vec![waits(1)], vec![busy.clone(), free(3), free(2)]));
    assert_eq!(offers(&decision), [(chat(1), agent(2), By::LongestIdle)]);
    assert_eq!(decision.recheck_at, Some(NOW.plus(60 * SECOND)));
    let decision = route(&snapshot(vec![waits(1)], vec![busy.clone(), free(3)]));
    assert_eq!(offers(&decision), [(chat(1), agent(3), By::LeastLoaded)]);
    let decision = route(&snapshot(vec![waits(1)], vec![busy]));
    assert_eq!(offers(&decision), [(chat(1), agent(1), By::Only)]);
}

#[test]
fn the_recent_agent_comes_before_all_but_only_if_he_can_take_it() {
    let again = Waiting { recent: Some(agent(1)), ..waits(1) };
    let busy = Candidate { load: 4, ..free(1) };
    let decision = route(&snapshot(vec![again.clone()], vec![busy.clone(), free(2)]));
    assert_eq!(offers(&decision), [(chat(1), agent(1), By::Recent)]);
    let full = Candidate { load: 5, ..busy };
    assert_eq!(offers(&route(&snapshot(vec![again], vec![full, free(2)]))), [(chat(1), agent(2), By::Only)]);
}

#[test]
fn an_offer_that_is_not_taken_goes_on_to_the_next() {
    let decision = route(&snapshot(vec![offered(1, 1, 60)], vec![free(1), free(2)]));
    assert_eq!(decision.acts[0], Act::Withdraw { chat: chat(1), from: agent(1), how: OfferEnd::Missed });
    assert_eq!(offers(&decision)[0].1, agent(2));
    let after = Waiting { missed: vec![agent(1)], ..waits(1) };
    assert_eq!(offers(&route(&snapshot(vec![after.clone()], vec![free(1), free(2)])))[0].1, agent(2));
    assert_eq!(offers(&route(&snapshot(vec![after], vec![free(1)])))[0].1, agent(1), "nobody else: it stays his");
    assert!(route(&snapshot(vec![offered(1, 1, 59)], vec![free(1), free(2)])).acts.is_empty());
}

#[test]
fn who_lets_three_pass_is_on_break() {
    let tired = Candidate { misses: 2, ..free(1) };
    let decision = route(&snapshot(vec![offered(1, 1, 60)], vec![tired, free(2)]));
    assert!(decision.acts.contains(&Act::Rest { agent: agent(1) }));
    assert_eq!(offers(&decision)[0].1, agent(2));
}

#[test]
fn an_offer_to_somebody_whose_line_is_gone_waits_for_him_a_moment() {
    let gone = |seconds_ago: i64| Candidate { there: There::Gone { since: NOW.plus(-seconds_ago * SECOND) }, ..free(1) };
    let decision = route(&snapshot(vec![offered(1, 1, 5)], vec![gone(19), free(2)]));
    assert_eq!((decision.acts.len(), decision.recheck_at), (0, Some(NOW.plus(SECOND))));
    let decision = route(&snapshot(vec![offered(1, 1, 5)], vec![gone(20), free(2)]));
    assert_eq!(decision.acts[0], Act::Withdraw { chat: chat(1), from: agent(1), how: OfferEnd::Gone });
    assert_eq!(offers(&decision)[0].1, agent(2));
    // On 휴식 it goes at once.
    let away = Candidate { there: There::Away, ..free(1) };
    assert_eq!(offers(&route(&snapshot(vec![offered(1, 1, 5)], vec![away, free(2)])))[0].1, agent(2));
}

#[test]
fn why_nobody_counts_everybody_once() {
    let agents = vec![
        Candidate { there: There::Away, ..free(1) },
        Candidate { there: There::Gone { since: NOW }, ..free(2) },
        Candidate { load: 5, ..free(3) },
        free(4),
        free(5),
        Candidate { queues: BTreeSet::new(), ..free(6) },
    ];
    let given_away = Waiting { excluded: [agent(5)].into(), ..waits(2) };
    let decision = route(&snapshot(vec![offered(1, 4, 1), given_away], agents));
    let tally = Tally { members: 5, away: 1, gone: 1, excluded: 1, full: 1, offered: 1 };
    assert_eq!(decision.waits, [(chat(2), WhyNobody::Nobody(tally))]);
    let shut = Waiting { queue_open: false, ..waits(1) };
    assert_eq!(route(&snapshot(vec![shut], vec![free(1)])).waits, [(chat(1), WhyNobody::QueueShut)]);
    let open = Snapshot { mode: RoutingMode::Open, ..snapshot(vec![waits(1), offered(2, 1, 1)], vec![free(1)]) };
    let decision = route(&open);
    assert_eq!(decision.waits, [(chat(1), WhyNobody::FirstCome), (chat(2), WhyNobody::FirstCome)]);
    assert_eq!(decision.acts.len(), 1, "what was offered is everybody's now");
}

fn any_agent() -> impl Strategy<Value = (u8, Candidate)> {
    let there = prop_oneof![
        3 => Just(There::Present),
        1 => (0..40_i64).prop_map(|ago| There::Gone { since: NOW.plus(-ago * SECOND) }),
        1 => Just(There::Away),
    ];
    (0..12_u8, prop::collection::btree_set(0..3_u8, 0..3), there, 0..7_u32, 0..6_u32, 0..5_i64, 0..3_u32).prop_map(
        |(n, queues, there, load, capacity, idle, misses)| {
            let queues = queues.into_iter().map(queue).collect();
            (n, Candidate { queues, there, load, capacity, idle_since: Timestamp(idle), misses, ..free(n) })
        },
    )
}

fn any_chat() -> impl Strategy<Value = (u8, Waiting)> {
    let agents = || prop::collection::btree_set((0..12_u8).prop_map(agent), 0..3);
    let offer = prop::option::weighted(0.3, (0..12_u8, 0..90_i64));
    (0..30_u8, 0..3_u8, prop::bool::weighted(0.9), offer, agents(), prop::option::of(0..12_u8), agents()).prop_map(
        |(n, q, queue_open, offer, excluded, recent, missed)| {
            let offer = offer.map(|(to, ago)| Offer { agent: agent(to), at: NOW.plus(-ago * SECOND) });
            let missed = missed.into_iter().collect();
            (n, Waiting { queue: queue(q), queue_open, offer, excluded, recent: recent.map(agent), missed, ..waits(n) })
        },
    )
}

prop_compose! {
    fn any_snapshot()(
        waiting in prop::collection::vec(any_chat(), 0..20),
        agents in prop::collection::vec(any_agent(), 0..12),
        open in prop::bool::weighted(0.1),
    ) -> Snapshot {
        // One row per chat and per agent; two offers to one happen, given back by hand.
        let waiting: HashMap<u8, Waiting> = waiting.into_iter().collect();
        let mut waiting: Vec<Waiting> = waiting.into_values().collect();
        waiting.sort_by_key(|w| w.chat);
        let agents: HashMap<u8, Candidate> = agents.into_iter().collect();
        let mode = if open { RoutingMode::Open } else { RoutingMode::Assigned };
        Snapshot { mode, ..snapshot(waiting, agents.into_values().collect()) }
    }
}

proptest! {
    #[test]
    fn every_waiting_chat_has_an_offer_or_a_reason(snapshot in any_snapshot()) {
        let decision = route(&snapshot);
        let withdrawn: HashSet<ChatId> =
            decision.acts.iter().filter_map(|act| if let Act::Withdraw { chat, .. } = act { Some(*chat) } else { None }).collect();
        let made: HashSet<ChatId> = offers(&decision).into_iter().map(|(chat, ..)| chat).collect();
        for waiting in &snapshot.waiting {
            let kept = waiting.offer.is_some() && !withdrawn.contains(&waiting.chat);
            let reason = decision.waits.iter().filter(|(chat, _)| *chat == waiting.chat).count();
            prop_assert_eq!(usize::from(kept) + usize::from(made.contains(&waiting.chat)) + reason, 1);
        }
    }

    #[test]
    fn nobody_is_offered_what_he_cannot_take_or_two_at_once(snapshot in any_snapshot()) {
        let decision = route(&snapshot);
        let made = offers(&decision);
        let withdrawn = |id| decision.acts.iter().any(|act| matches!(act, Act::Withdraw { chat, .. } if *chat == id));
        let kept = snapshot.waiting.iter().filter(|w| !withdrawn(w.chat)).filter_map(|w| w.offer).map(|offer| offer.agent);
        let all: Vec<AccountId> = made.iter().map(|(_, to, _)| *to).chain(kept).collect();
        prop_assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        for (id, to, _) in made {
            let candidate = snapshot.agents.iter().find(|a| a.account == to).unwrap();
            let waiting = snapshot.waiting.iter().find(|w| w.chat == id).unwrap();
            prop_assert!(candidate.load < candidate.capacity && candidate.there == There::Present);
            prop_assert!(candidate.queues.contains(&waiting.queue) && !waiting.excluded.contains(&to) && waiting.queue_open);
            prop_assert_eq!(snapshot.mode, RoutingMode::Assigned);
        }
    }

    #[test]
    fn no_agent_sits_idle_while_somebody_waits_for_him(snapshot in any_snapshot()) {
        let decision = route(&snapshot);
        let resting: HashSet<AccountId> =
            decision.acts.iter().filter_map(|act| if let Act::Rest { agent } = act { Some(*agent) } else { None }).collect();
        let withdrawn = |chat, agent| decision.acts.iter().any(|act| matches!(act, Act::Withdraw { chat: c, from, .. } if *c == chat && *from == agent));
        let mut has: HashSet<AccountId> = offers(&decision).into_iter().map(|(_, to, _)| to).collect();
        has.extend(snapshot.waiting.iter().filter_map(|w| w.offer.filter(|o| !withdrawn(w.chat, o.agent)).map(|o| o.agent)));
        let unserved: HashSet<ChatId> = decision.waits.iter().map(|(chat, _)| *chat).collect();
        for candidate in snapshot.agents.iter().filter(|a| a.there == There::Present && a.load < a.capacity) {
            if has.contains(&candidate.account) || resting.contains(&candidate.account) || snapshot.mode == RoutingMode::Open {
                continue;
            }
            let his = |w: &&Waiting| w.queue_open && candidate.queues.contains(&w.queue) && !w.excluded.contains(&candidate.account);
            prop_assert!(!snapshot.waiting.iter().filter(his).any(|w| unserved.contains(&w.chat)));
        }
    }
}
