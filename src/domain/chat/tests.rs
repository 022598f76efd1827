use super::*;
use crate::domain::{
    permission::{Member, Right, Role},
    routing::{By, Why},
    settings::RoutingMode::{Assigned, Open},
};
use proptest::prelude::*;
use uuid::Uuid;

const KIM: AccountId = AccountId(Uuid::from_u128(1));
const LEE: AccountId = AccountId(Uuid::from_u128(2));

fn fresh() -> Chat {
    let id = Uuid::from_u128(9);
    Chat::intake(ChatId(id), ServiceId(id), QueueId(id), VisitorId(id), "안녕하세요".into(), Timestamp(0)).0
}

fn waiting() -> Chat {
    fresh().customer_writes("배송이 안 왔어요", Timestamp(10)).unwrap().0
}

#[test]
fn the_first_word_starts_the_waiting_clock_and_later_ones_leave_it() {
    let chat = waiting();
    assert_eq!(chat.state, State::Waiting { since: Timestamp(10) });
    let chat = chat.customer_writes("여보세요", Timestamp(20)).unwrap().0;
    assert_eq!(chat.state, State::Waiting { since: Timestamp(10) });
    assert_eq!(chat.accepted_at, Some(Timestamp(10)));
}

#[test]
fn the_first_reply_starts_and_the_second_does_not_start_again() {
    let (chat, events) = waiting().agent_writes(KIM, "네", Open, Timestamp(30)).unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0], Event::Started { agent: KIM });
    assert!(chat.is_handled());
    let (_, events) = chat.agent_writes(KIM, "확인했습니다", Open, Timestamp(40)).unwrap();
    assert_eq!(events.len(), 1);
}

#[test]
fn a_start_without_an_answer_is_not_handled() {
    assert!(!waiting().start(KIM, Open, Timestamp(30)).unwrap().0.is_handled());
}

#[test]
fn the_loser_of_two_starts_is_told_who_won() {
    let chat = waiting().start(KIM, Open, Timestamp(30)).unwrap().0;
    assert_eq!(chat.clone().start(LEE, Open, Timestamp(31)), Err(Refused::TakenBy { agent: KIM }));
    assert_eq!(chat.agent_writes(LEE, "저도요", Open, Timestamp(31)), Err(Refused::TakenBy { agent: KIM }));
}

#[test]
fn a_chat_that_is_over_is_seen_by_who_began_it_and_who_had_it_last() {
    let begun = waiting().start(KIM, Open, Timestamp(30)).unwrap().0;
    let ended = begun.hand_over(KIM, LEE, None, Timestamp(40)).unwrap().0.agent_ends(LEE, Timestamp(50)).unwrap().0;
    assert_eq!(ended.state, State::Ended { at: Timestamp(50), by: EndedBy::Agent, agent: Some(LEE) });
    let sees = |n| {
        let (account, service) = (AccountId(Uuid::from_u128(n)), ended.service);
        Member { account, service, role: Role::Agent, rights: [Right::Chat].into(), queues: [ended.queue].into() }.sees(&ended)
    };
    assert!(sees(1) && sees(2) && !sees(3));
}

#[test]
fn a_customer_who_ends_while_waiting_ends_the_chat_and_later_only_his_side() {
    assert!(waiting().customer_ends(Timestamp(50)).unwrap().0.is_ended());
    let chat = waiting().start(KIM, Open, Timestamp(30)).unwrap().0.customer_ends(Timestamp(50)).unwrap().0;
    assert_eq!(chat.state, State::CustomerEnded { agent: KIM, since: Timestamp(50) });
    let (chat, events) = chat.customer_writes("하나 더요", Timestamp(60)).unwrap();
    assert_eq!(events[0], Event::CustomerReturned);
    assert_eq!(chat.agent(), Some(KIM));
}

#[test]
fn nobody_writes_into_an_ended_chat() {
    let chat = waiting().start(KIM, Open, Timestamp(30)).unwrap().0.agent_ends(KIM, Timestamp(50)).unwrap().0;
    assert_eq!(chat.clone().customer_writes("?", Timestamp(60)), Err(Refused::Ended));
    assert_eq!(chat.agent_writes(KIM, "?", Open, Timestamp(60)), Err(Refused::Ended));
}

fn why() -> Why {
    Why { by: By::Only, load: 0, capacity: 5, of: 1 }
}

/// Plays random acts; refused ones change nothing.
fn play(acts: &[(u8, bool, bool)]) -> (Chat, Vec<(Event, Timestamp)>) {
    let id = Uuid::from_u128(9);
    let (mut chat, first) = Chat::intake(ChatId(id), ServiceId(id), QueueId(id), VisitorId(id), "안녕하세요".into(), Timestamp(0));
    let mut log: Vec<_> = first.into_iter().map(|e| (e, Timestamp(0))).collect();
    for (n, (act, who, flag)) in acts.iter().enumerate() {
        let at = Timestamp(i64::try_from(n).unwrap() + 1);
        let (agent, other) = if *who { (KIM, LEE) } else { (LEE, KIM) };
        let mode = if *flag { Open } else { Assigned };
        let queue = QueueId(Uuid::from_u128(if *flag { 9 } else { 10 }));
        let now = chat.clone();
        let step = match act % 28 {
            0 | 1 => now.customer_writes("a", at),
            2 => now.agent_writes(agent, "b", mode, at),
            3 => now.start(agent, mode, at),
            4 => now.customer_ends(at),
            5 => now.agent_ends(agent, at),
            6 => now.offer_to(agent, why(), at),
            7 => now.withdraw(agent, OfferEnd::Missed, at),
            8 => now.delegate(agent, other, flag.then(|| "메모".into()), mode, at),
            9 => now.resume(agent, at),
            10 => now.give_back(agent, *flag, false, at),
            11 => now.park(agent, at),
            12 => now.transfer(agent, queue, None, at),
            13 => now.hand_over(agent, other, None, at),
            14 => now.release(Requeued::Gone(agent), at),
            15 => now.continues(agent, at),
            16 => now.asks("계신가요?".into(), at),
            17 => now.falls_silent(at),
            18 => now.invite(agent, other, flag.then(|| "메모".into()), at),
            19 => now.join(agent, at),
            20 => now.leave(agent, at),
            21 => now.ends_for_abuse(agent, at),
            22 => now.assign(agent, other, None, at),
            23 => now.taken_over(agent, at),
            24 => now.put_into(agent, queue, at),
            25 => now.rates(if *flag { Rating::Good } else { Rating::Bad }, "네".into(), at),
            26 => now.asks_rating(agent, "어떠셨나요?".into(), at),
            _ => now.moves(queue, at),
        };
        if let Ok((next, events)) = step {
            chat = next;
            log.extend(events.into_iter().map(|e| (e, at)));
        }
    }
    (chat, log)
}

fn acts() -> impl Strategy<Value = Vec<(u8, bool, bool)>> {
    prop::collection::vec((any::<u8>(), any::<bool>(), any::<bool>()), 0..60)
}

proptest! {
    #[test]
    fn the_row_is_the_projection_of_the_log(acts in acts()) {
        let (chat, log) = play(&acts);
        let mut rebuilt = Chat { state: State::Intake { since: Timestamp(0) }, seq: 0, public_seq: 0, ..fresh() };
        for (event, at) in &log {
            rebuilt = rebuilt.apply(event, *at);
        }
        prop_assert_eq!(&rebuilt, &chat);
        prop_assert_eq!(chat.seq, log.len() as u64);
    }

    #[test]
    fn the_customers_own_reckoning_agrees(acts in acts()) {
        let (chat, log) = play(&acts);
        let public = log.iter().filter_map(|(e, _)| e.public());
        let state = public.fold(PublicState::Intake, |state, event| state.after(&event));
        prop_assert_eq!(state, chat.public_state());
    }

    #[test]
    fn whatever_happens_an_offer_stands_only_while_it_waits_and_nobody_begins_what_he_gave_away(acts in acts()) {
        let (chat, log) = play(&acts);
        if let Some(offer) = chat.offer {
            let waits = matches!(chat.state, State::Waiting { .. });
            prop_assert!(waits);
            let was_offered = log.iter().any(|(e, _)| matches!(e, Event::Offered { .. } | Event::Returned { .. }));
            prop_assert!(was_offered);
            prop_assert!(offer.at <= Timestamp(i64::try_from(acts.len()).unwrap()));
        }
        // 처리 needs a start; a start needs the customer's word.
        prop_assert!(!chat.is_handled() || chat.started.is_some());
        prop_assert!(chat.started.is_none() || chat.accepted_at.is_some());
        for agent in &chat.excluded {
            prop_assert_eq!(chat.may_start(*agent, Open), Err(Refused::GivenAway));
        }
    }

    #[test]
    fn a_guest_is_in_it_once_and_never_its_agent(acts in acts()) {
        let (chat, _) = play(&acts);
        for guest in &chat.guests {
            prop_assert_eq!(chat.guests.iter().filter(|other| other.account == guest.account).count(), 1);
            prop_assert_ne!(chat.agent(), Some(guest.account));
            prop_assert!(guest.joined || !chat.is_ended());
        }
    }

    #[test]
    fn the_customer_hears_of_no_hand_over(acts in acts()) {
        let (_, log) = play(&acts);
        let starts = log.iter().filter(|(e, _)| e.public() == Some(PublicEvent::Started)).count();
        prop_assert!(starts <= 1, "one agent is there, and then always the same one");
        for (event, _) in &log {
            if let Some(public) = event.public() {
                let json = serde_json::to_string(&public).unwrap();
                prop_assert!(!json.contains(&KIM.to_string()) && !json.contains(&LEE.to_string()) && !json.contains("메모"));
            }
        }
    }
}

#[test]
fn a_message_keeps_its_writers_name_and_a_delegation_has_none() {
    let named = |text: &str, name: &str| Words { nickname: Some(name.into()), ..text.into() };
    let (chat, mut log) = waiting().agent_writes(KIM, named("네", "다정이"), Open, Timestamp(30)).unwrap();
    let (chat, events) = chat.delegate(KIM, LEE, None, Open, Timestamp(40)).unwrap();
    log.extend(events);
    let (chat, events) = chat.resume(LEE, Timestamp(50)).unwrap();
    log.extend(events);
    let (chat, events) = chat.agent_writes(LEE, named("이어서 볼게요", "씩씩이"), Open, Timestamp(60)).unwrap();
    log.extend(events);
    log.extend(chat.asks("계신가요?".into(), Timestamp(70)).unwrap().1);
    let names: Vec<_> = log
        .iter()
        .filter_map(Event::public)
        .filter_map(|event| if let PublicEvent::Message { nickname, .. } = event { Some(nickname) } else { None })
        .collect();
    assert_eq!(names, [Some("다정이".to_owned()), Some("씩씩이".to_owned()), None], "the service asks under its own");
    let json = serde_json::to_string(&log).unwrap();
    assert_eq!(json.matches("nickname").count(), 2, "nothing is kept where the service speaks");
    assert_eq!(serde_json::from_str::<Vec<Event>>(&json).unwrap(), log);
}

#[test]
fn only_what_was_answered_is_rated_and_not_for_ever() {
    let chat = waiting();
    assert_eq!(chat.clone().rates(Rating::Good, String::new(), Timestamp(20)), Err(Refused::NotToRate));
    let chat = chat.agent_writes(KIM, "네", Open, Timestamp(30)).unwrap().0;
    let (chat, events) = chat.rates(Rating::Bad, "느려요".into(), Timestamp(40)).unwrap();
    assert_eq!(events, [Event::Rated { rating: Rating::Bad, words: "느려요".into() }]);
    assert_eq!(chat.clone().rates(Rating::Bad, "느려요".into(), Timestamp(41)).unwrap().1, []);
    assert_eq!(chat.clone().asks_rating(LEE, "?".into(), Timestamp(42)), Err(Refused::TakenBy { agent: KIM }));
    let chat = chat.asks_rating(KIM, "어떠셨나요?".into(), Timestamp(42)).unwrap().0;
    assert!(chat.rating_asked);
    let chat = chat.agent_ends(KIM, Timestamp(50)).unwrap().0;
    assert_eq!(chat.clone().asks_rating(KIM, "?".into(), Timestamp(51)), Err(Refused::Ended));
    let day = crate::domain::time::DAY;
    let chat = chat.rates(Rating::Good, String::new(), Timestamp(49 + day)).unwrap().0;
    assert_eq!((chat.rated.as_ref().map(|r| r.rating), chat.rating_asked), (Some(Rating::Good), false));
    assert_eq!(chat.rates(Rating::Bad, String::new(), Timestamp(50 + day)), Err(Refused::NotToRate));
}

#[test]
fn a_delegated_chat_is_started_by_its_receiver_and_the_wait_runs_on() {
    let chat = waiting().offer_to(KIM, why(), Timestamp(11)).unwrap().0;
    assert_eq!(chat.clone().delegate(LEE, KIM, None, Assigned, Timestamp(12)), Err(Refused::NotOffered { to: Some(KIM) }));
    let (held, events) = chat.delegate(KIM, LEE, Some("반품 문의".into()), Assigned, Timestamp(12)).unwrap();
    assert!(matches!(events.as_slice(), [Event::Note { .. }, Event::Delegated { from: KIM, to: LEE }]));
    assert_eq!((held.public_state(), held.offer), (PublicState::Waiting, None));
    let back = held.clone().give_back(LEE, true, false, Timestamp(13)).unwrap().0;
    assert_eq!(back.state, State::Waiting { since: Timestamp(10) }, "the customer has waited all the time");
    assert_eq!(back.offer, Some(Offer { agent: KIM, at: Timestamp(13) }));
    let (started, events) = held.agent_writes(LEE, "네", Assigned, Timestamp(14)).unwrap();
    assert_eq!(events[0], Event::Started { agent: LEE });
    assert_eq!(started.started, Some(Started { by: LEE, at: Timestamp(14) }));
}

#[test]
fn a_transfer_to_ones_own_queue_is_for_the_others() {
    let chat = waiting().start(KIM, Open, Timestamp(20)).unwrap().0;
    let own = chat.queue;
    let moved = chat.clone().transfer(KIM, own, None, Timestamp(30)).unwrap().0;
    assert_eq!(moved.clone().start(KIM, Open, Timestamp(31)), Err(Refused::GivenAway));
    let (resumed, events) = moved.start(LEE, Open, Timestamp(32)).unwrap();
    assert_eq!((resumed.agent(), events), (Some(LEE), vec![Event::Resumed { agent: LEE }]));
    // To another queue there is nothing to keep him from.
    let other = QueueId(Uuid::from_u128(10));
    assert!(chat.transfer(KIM, other, None, Timestamp(30)).unwrap().0.start(KIM, Open, Timestamp(31)).is_ok());
}

#[test]
fn whose_agent_is_gone_comes_before_who_came_by_himself() {
    let gone = waiting().start(KIM, Open, Timestamp(20)).unwrap().0.release(Requeued::Gone(KIM), Timestamp(90)).unwrap().0;
    assert!(gone.place.order() < waiting().place.order());
    assert_eq!(gone.public_state(), PublicState::Active, "the customer is not told");
    let tail =
        waiting().start(KIM, Open, Timestamp(20)).unwrap().0.transfer(KIM, QueueId(Uuid::from_u128(10)), None, Timestamp(90)).unwrap().0;
    assert!(tail.place.order() > waiting().place.order());
}

#[test]
fn a_guest_writes_once_he_has_said_yes_and_the_chat_stays_its_agents() {
    let chat = waiting().agent_writes(KIM, "네", Open, Timestamp(20)).unwrap().0;
    assert_eq!(chat.clone().invite(LEE, KIM, None, Timestamp(21)), Err(Refused::TakenBy { agent: KIM }));
    let invited = chat.invite(KIM, LEE, None, Timestamp(21)).unwrap().0;
    assert_eq!(invited.clone().invite(KIM, LEE, None, Timestamp(22)), Err(Refused::NotEligible));
    assert_eq!(invited.clone().agent_writes(LEE, "저도요", Open, Timestamp(22)), Err(Refused::TakenBy { agent: KIM }));
    let joined = invited.join(LEE, Timestamp(23)).unwrap().0;
    let (said, events) = joined.agent_writes(LEE, "도와드리겠습니다", Open, Timestamp(24)).unwrap();
    assert_eq!((said.agent(), events.len()), (Some(KIM), 1));
    assert_eq!(said.clone().agent_ends(LEE, Timestamp(25)), Err(Refused::TakenBy { agent: KIM }));
    // What is handed to a guest is his own; the giver goes.
    let own = said.clone().hand_over(KIM, LEE, None, Timestamp(26)).unwrap().0;
    assert_eq!((own.agent(), own.guests.len()), (Some(LEE), 0));
    let left = said.clone().leave(LEE, Timestamp(26)).unwrap().0;
    assert_eq!(left.agent_writes(LEE, "하나 더", Open, Timestamp(27)), Err(Refused::TakenBy { agent: KIM }));
    // After its end he may read what he took part in, and that is all.
    let ended = said.agent_ends(KIM, Timestamp(28)).unwrap().0;
    assert!(ended.takes_part(LEE));
    assert_eq!(ended.clone().leave(LEE, Timestamp(29)), Err(Refused::Ended));
    assert_eq!(ended.agent_writes(LEE, "?", Open, Timestamp(29)), Err(Refused::Ended));
}

#[test]
fn guests_wait_with_the_customer_whose_agent_is_gone_and_go_where_it_is_given_away() {
    let chat = waiting().agent_writes(KIM, "네", Open, Timestamp(20)).unwrap().0;
    let chat = chat.invite(KIM, LEE, None, Timestamp(21)).unwrap().0.join(LEE, Timestamp(22)).unwrap().0;
    let gone = chat.clone().release(Requeued::Gone(KIM), Timestamp(30)).unwrap().0;
    assert!(gone.takes_part(LEE));
    assert_eq!(gone.agent_writes(LEE, "네", Assigned, Timestamp(31)), Err(Refused::NotOffered { to: None }));
    let moved = chat.clone().transfer(KIM, QueueId(Uuid::from_u128(10)), None, Timestamp(30)).unwrap().0;
    assert!(moved.guests.is_empty());
    let (_, events) = chat.ends_for_abuse(KIM, Timestamp(30)).unwrap();
    assert_eq!(events, [Event::Blocked { agent: KIM }, Event::Ended { by: EndedBy::Agent }]);
}

#[test]
fn whoever_oversees_gives_takes_and_puts_and_the_customer_hears_nothing() {
    let (given, events) = waiting().assign(LEE, KIM, None, Timestamp(20)).unwrap();
    assert_eq!((given.agent(), given.public_state(), events.len()), (Some(KIM), PublicState::Waiting, 1));
    // What nobody has started begins with him who takes it, what goes on goes on.
    let (taken, events) = given.clone().taken_over(LEE, Timestamp(21)).unwrap();
    assert_eq!((taken.agent(), events), (Some(LEE), vec![Event::Started { agent: LEE }]));
    assert_eq!(taken.clone().taken_over(LEE, Timestamp(22)), Err(Refused::AlreadyStarted));
    let (over, events) = taken.clone().taken_over(KIM, Timestamp(22)).unwrap();
    assert_eq!((over.agent(), events), (Some(KIM), vec![Event::HandedOver { from: LEE, to: KIM }]));
    let put = over.put_into(LEE, taken.queue, Timestamp(23)).unwrap().0;
    assert!(put.place.front);
    assert_eq!(put.clone().put_into(LEE, put.queue, Timestamp(24)), Err(Refused::NotActive));
    assert_eq!(put.may_start(KIM, Open), Ok(()), "he was not the one who gave it away");
    let over = taken.customer_ends(Timestamp(25)).unwrap().0;
    assert_eq!(over.assign(LEE, KIM, None, Timestamp(26)), Err(Refused::CustomerEnded));
}
