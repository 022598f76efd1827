use super::{lists::next_of, *};
use crate::domain::{
    chat::{Chat, EndedBy},
    ids::{QueueId, ServiceId, VisitorId},
    permission::{Member, Role},
    routing::{By, Why},
    service::{Contract, Language, Localized, Service},
    settings::RoutingMode,
    watching::Watching,
};
use crate::protocol::Labels;
use uuid::Uuid;

const ME: u128 = 1;
const OTHER: u128 = 2;

fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn chat_id(n: u128) -> ChatId {
    ChatId(Uuid::from_u128(0xc0 + n))
}

fn said(text: &str) -> Event {
    Event::message(Author::Customer, text)
}

fn replied(agent: u128, text: &str) -> Event {
    Event::message(Author::Agent(account(agent)), text)
}

fn logged(chat: u128, seq: u64, event: Event) -> Logged {
    Logged {
        chat: chat_id(chat),
        seq,
        public: event.public().map(|_| seq),
        at: Timestamp(1_000 * i64::try_from(seq).unwrap()),
        client_id: None,
        event,
    }
}

fn card(n: u128, events: &[Event]) -> Card {
    let (visitor, service) = (VisitorId(Uuid::from_u128(n)), ServiceId(Uuid::from_u128(9)));
    let (mut chat, _) = Chat::intake(chat_id(n), service, QueueId(Uuid::from_u128(8)), visitor, String::new(), Timestamp(1_000));
    // These logs have no greeting.
    (chat.seq, chat.public_seq) = (1, 1);
    let mut last = None;
    for event in events {
        let entry = logged(n, chat.seq + 1, event.clone());
        chat = chat.apply(event, entry.at);
        last = Some(entry);
    }
    let unread = u32::try_from(events.iter().filter(|e| is_customers(e)).count()).unwrap();
    Card {
        chat,
        code: visitor.code(),
        labels: Labels::default(),
        member: None,
        page: Default::default(),
        device: String::new(),
        last,
        unread,
        flagged: false,
        customer: Marks::default(),
    }
}

fn desk(seq: u64, cards: Vec<Card>) -> Desk {
    let service = ServiceId(Uuid::from_u128(9));
    Desk {
        status_by: None,
        drafts: Vec::new(),
        me: Member { account: account(ME), service, role: Role::Agent, rights: Default::default(), queues: Default::default() },
        my_name: "나".into(),
        service: Service {
            id: service,
            key: "demo".into(),
            name: Localized::default(),
            zone: "Asia/Seoul".into(),
            languages: Language::ALL.to_vec(),
            contract: Contract { chat: true, security: false },
        },
        queues: Vec::new(),
        colleagues: Vec::new(),
        about: String::new(),
        cards,
        seq,
        widget: "w".into(),
        status: crate::domain::presence::Status::Online,
        rested: false,
        rating: true,
        naming: crate::domain::settings::Naming::Service,
        mode: crate::domain::settings::RoutingMode::Open,
    }
}

fn events(prev: u64, seq: u64, events: Vec<Logged>) -> AgentFrame {
    AgentFrame::Events { prev, seq, events }
}

#[test]
fn the_stream_is_followed_and_repeats_are_ignored() {
    let mut model = Model::new(&desk(10, vec![card(1, &[said("가")])]));
    let frame = events(10, 11, vec![logged(1, 3, said("나"))]);
    let outcome = model.frame(frame.clone(), Timestamp(0));
    assert_eq!(outcome.news, vec![News::Said { chat: chat_id(1), text: "나".into(), files: 0 }]);
    assert_eq!(model.cursor(), 11);
    assert_eq!(model.row(chat_id(1)).unwrap().card.unread, 2);
    assert_eq!(model.frame(frame, Timestamp(0)), Outcome::default());
    assert_eq!(model.row(chat_id(1)).unwrap().card.chat.seq, 3);
}

#[test]
fn a_hole_in_the_stream_asks_for_a_new_hello_and_applies_nothing() {
    let mut model = Model::new(&desk(10, vec![card(1, &[said("가")])]));
    let outcome = model.frame(events(12, 13, vec![logged(1, 3, said("나"))]), Timestamp(0));
    assert!(outcome.hello && outcome.rows.is_empty());
    assert_eq!(model.cursor(), 10);
    assert!(model.frame(AgentFrame::Progress { prev: 10, seq: 14 }, Timestamp(0)).rows.is_empty());
    assert_eq!(model.cursor(), 14);
}

#[test]
fn a_card_that_came_before_its_events_is_not_counted_twice() {
    let mut model = Model::new(&desk(10, vec![]));
    assert_eq!(model.frame(events(10, 11, vec![logged(1, 2, said("가"))]), Timestamp(0)).rows.len(), 0);
    model.frame(AgentFrame::Card { card: Box::new(card(1, &[said("가"), said("나")])) }, Timestamp(0));
    model.frame(events(11, 12, vec![logged(1, 3, said("나"))]), Timestamp(0));
    let row = model.row(chat_id(1)).unwrap();
    assert_eq!((row.card.chat.seq, row.card.unread), (3, 2));
}

#[test]
fn chats_move_between_the_lists_and_leave_when_another_agent_starts() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")]), card(2, &[said("나")])]));
    assert_eq!(model.list(Tab::Waiting), vec![chat_id(1), chat_id(2)]);
    model.frame(events(0, 1, vec![logged(1, 3, Event::Started { agent: account(ME) })]), Timestamp(0));
    assert_eq!((model.list(Tab::Waiting), model.list(Tab::Active)), (vec![chat_id(2)], vec![chat_id(1)]));
    let outcome = model.frame(AgentFrame::Gone { chat: chat_id(2), taken_by: Some(account(OTHER)) }, Timestamp(0));
    assert_eq!(outcome.news, vec![News::Taken { chat: chat_id(2), by: account(OTHER) }]);
    assert!(model.list(Tab::Waiting).is_empty());
    assert_eq!(model.row(chat_id(2)).unwrap().other_agent(account(ME)), Some(account(OTHER)));
    // Said once, however the news comes again.
    assert!(model.taken(chat_id(2), account(OTHER)).news.is_empty());
}

#[test]
fn an_oversight_view_of_others_chats_is_in_no_list() {
    let theirs = card(1, &[said("가"), Event::Started { agent: account(OTHER) }]);
    let model = Model::new(&desk(0, vec![theirs]));
    assert!(Tab::ALL.iter().all(|tab| model.list(*tab).is_empty()));
    assert_eq!(model.row(chat_id(1)).unwrap().other_agent(account(ME)), Some(account(OTHER)));
}

#[test]
fn a_customer_who_gives_up_is_told_apart_from_an_end() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")]), card(2, &[said("나"), Event::Started { agent: account(ME) }])]));
    let end = |chat, seq, by| logged(chat, seq, Event::Ended { by });
    let outcome = model.frame(events(0, 2, vec![end(1, 3, EndedBy::Customer), end(2, 4, EndedBy::Agent)]), Timestamp(0));
    assert_eq!(outcome.news, vec![News::Gave { chat: chat_id(1) }, News::Ended { chat: chat_id(2) }]);
    assert!(Tab::ALL.iter().all(|tab| model.list(*tab).is_empty()));
    assert!(model.row(chat_id(1)).is_some(), "still readable");
}

#[test]
fn unanswered_chats_come_first_then_the_newest() {
    let started = Event::Started { agent: account(ME) };
    let answered = card(1, &[said("가"), started.clone(), replied(ME, "네")]);
    let open = card(2, &[said("가"), started.clone(), replied(ME, "네"), said("또")]);
    let newer = card(3, &[said("가"), started, replied(ME, "네"), replied(ME, "네")]);
    let model = Model::new(&desk(0, vec![answered, open, newer]));
    assert_eq!(model.list(Tab::Active), vec![chat_id(2), chat_id(3), chat_id(1)]);
}

#[test]
fn typing_expires() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")])]));
    model.frame(AgentFrame::Typing { chat: chat_id(1), who: Typist::Customer, on: true }, Timestamp(0));
    assert!(model.expire(Timestamp(TYPING_LASTS - 1)).rows.is_empty());
    assert_eq!(model.expire(Timestamp(TYPING_LASTS)).rows.len(), 1);
    assert_eq!(model.row(chat_id(1)).unwrap().typing_until, None);
}

#[test]
fn whether_the_customer_is_there_is_no_news_of_the_chat() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")])]));
    let told = |is| AgentFrame::Watching { chat: chat_id(1), is };
    let outcome = model.frame(told(Some(Watching::Lost)), Timestamp(0));
    assert_eq!((outcome.rows.len(), outcome.lists, outcome.news), (1, false, vec![]));
    assert_eq!(model.row(chat_id(1)).unwrap().watching, Some(Watching::Lost));
    // A card that comes says nothing of it.
    model.take(card(1, &[said("가"), said("나")]));
    assert_eq!(model.row(chat_id(1)).unwrap().watching, Some(Watching::Lost));
    model.frame(told(None), Timestamp(0));
    assert_eq!(model.row(chat_id(1)).unwrap().watching, None);
}

#[test]
fn marks_are_told_once_and_clear_the_badge() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")])]));
    assert_eq!(model.mark(chat_id(1), false).1, Some(Marks { delivered: 2, seen: 0 }));
    assert_eq!(model.mark(chat_id(1), false).1, None);
    assert_eq!(model.row(chat_id(1)).unwrap().card.unread, 1);
    assert_eq!(model.mark(chat_id(1), true).1, Some(Marks { delivered: 2, seen: 2 }));
    assert_eq!(model.row(chat_id(1)).unwrap().card.unread, 0);
}

#[test]
fn another_tabs_marks_count_what_is_left() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가"), said("나"), said("다")])]));
    let all = (1..=4).map(|seq| logged(1, seq, if seq == 1 { Event::Intake } else { said("x") })).collect();
    model.thread(Thread {
        card: card(1, &[said("가"), said("나"), said("다")]),
        customer: Default::default(),
        language: Default::default(),
        events: all,
        earlier: false,
    });
    model.frame(AgentFrame::MyMarks { chat: chat_id(1), marks: Marks { delivered: 4, seen: 3 } }, Timestamp(0));
    assert_eq!(model.row(chat_id(1)).unwrap().card.unread, 1);
}

#[test]
fn a_card_read_before_my_marks_arrived_brings_no_badge_back() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")])]));
    model.mark(chat_id(1), true);
    model.frame(AgentFrame::Card { card: Box::new(card(1, &[said("가")])) }, Timestamp(0));
    assert_eq!(model.row(chat_id(1)).unwrap().card.unread, 0);
}

#[test]
fn a_log_that_ends_early_is_found_until_it_is_loaded() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")])]));
    let log = |last| (1..=last).map(|seq| logged(1, seq, if seq == 1 { Event::Intake } else { said("x") })).collect();
    model.thread(Thread {
        card: card(1, &[said("가")]),
        customer: Default::default(),
        language: Default::default(),
        events: log(2),
        earlier: false,
    });
    assert!(model.stale().is_empty());
    model.frame(AgentFrame::Card { card: Box::new(card(1, &[said("가"), said("나"), said("다")])) }, Timestamp(0));
    assert_eq!(model.stale(), vec![chat_id(1)]);
    model.thread(Thread {
        card: card(1, &[said("가"), said("나"), said("다")]),
        customer: Default::default(),
        language: Default::default(),
        events: log(4),
        earlier: false,
    });
    assert!(model.stale().is_empty());
}

#[test]
fn the_icon_blinks_until_looked_at() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")])]));
    assert!(!model.calls().is_empty());
    model.look(None);
    assert!(model.calls().is_empty());
    model.frame(AgentFrame::Card { card: Box::new(card(2, &[said("가")])) }, Timestamp(0));
    assert!(!model.calls().is_empty());
    model.look(Some(chat_id(2)));
    assert!(model.calls().is_empty());
}

#[test]
fn a_log_with_a_hole_is_loaded_again_and_joined_where_it_touches() {
    let mut log = Log { events: (3..=5).map(|s| logged(1, s, said("x"))).collect(), earlier: true, ..Log::default() };
    assert_eq!(log.push(&logged(1, 5, said("x"))), Pushed::Known);
    assert_eq!(log.push(&logged(1, 7, said("x"))), Pushed::Gap);
    log.merge((6..=8).map(|s| logged(1, s, said("x"))).collect(), true);
    assert_eq!(log.events.iter().map(|e| e.seq).collect::<Vec<_>>(), (3..=8).collect::<Vec<_>>());
    log.merge((1..=2).map(|s| logged(1, s, said("x"))).collect(), false);
    assert_eq!((log.events[0].seq, log.earlier), (1, false));
    log.merge((20..=22).map(|s| logged(1, s, said("x"))).collect(), true);
    assert_eq!((log.events[0].seq, log.last_seq(), log.earlier), (20, 22, true));
    // An answer that is older than what the stream brought meanwhile changes nothing.
    log.merge((9..=10).map(|s| logged(1, s, said("x"))).collect(), true);
    assert_eq!((log.events[0].seq, log.last_seq()), (20, 22));
}

#[test]
fn after_a_reset_what_is_absent_has_left_and_stale_logs_are_loaded_again() {
    let mut model = Model::new(&desk(5, vec![card(1, &[said("가")]), card(2, &[said("나")])]));
    model.thread(Thread {
        customer: Default::default(),
        language: Default::default(),
        card: card(1, &[said("가")]),
        events: vec![logged(1, 1, Event::Intake), logged(1, 2, said("가"))],
        earlier: false,
    });
    let outcome = model.replace(&desk(50, vec![card(1, &[said("가"), said("더")])]));
    assert_eq!(model.cursor(), 50);
    assert!(outcome.reload.contains(&chat_id(1)));
    assert_eq!(model.row(chat_id(2)).unwrap().left, Some(Left::Hidden));
    assert_eq!(model.list(Tab::Waiting), vec![chat_id(1)]);
}

#[test]
fn the_first_unread_is_found_from_the_end() {
    let log = Log {
        events: vec![
            logged(1, 1, Event::Intake),
            logged(1, 2, said("가")),
            logged(1, 3, replied(ME, "네")),
            logged(1, 4, said("나")),
            logged(1, 5, said("다")),
        ],
        earlier: false,
        ..Log::default()
    };
    assert_eq!((log.first_unread(0), log.first_unread(2), log.first_unread(3), log.first_unread(9)), (None, Some(4), Some(2), None));
}

#[test]
fn only_so_many_departed_chats_are_kept() {
    let cards = (1..=30).map(|n| card(n, &[said("가")])).collect();
    let mut model = Model::new(&desk(0, cards));
    for n in 1..=30 {
        model.frame(AgentFrame::Gone { chat: chat_id(n), taken_by: None }, Timestamp(0));
    }
    assert_eq!(model.rows().count(), LEFT_MAX);
}

fn why() -> Why {
    Why { by: By::Only, load: 0, capacity: 5, of: 1 }
}

#[test]
fn what_is_offered_to_me_blinks_and_comes_first_and_the_rest_is_to_be_read() {
    let assigned = |cards| Desk { mode: RoutingMode::Assigned, ..desk(0, cards) };
    let offered = card(2, &[said("나"), Event::Offered { agent: account(ME), why: why() }]);
    let mut model = Model::new(&assigned(vec![card(1, &[said("가")]), offered]));
    assert_eq!(model.list(Tab::Waiting), vec![chat_id(2), chat_id(1)]);
    assert!(!model.calls().is_empty());
    model.look(Some(chat_id(2)));
    assert!(model.calls().is_empty(), "the other is nobody's yet");
    // Looked at before, and offered only now.
    model.look(Some(chat_id(1)));
    let outcome = model.frame(events(0, 1, vec![logged(1, 3, Event::Offered { agent: account(ME), why: why() })]), Timestamp(0));
    assert_eq!(outcome.news, vec![News::Given { chat: chat_id(1), by: None }]);
    assert!(!model.calls().is_empty());
    // 선착순: whatever waits is mine to begin.
    let mut open = Model::new(&desk(0, vec![card(1, &[said("가")])]));
    assert!(!open.calls().is_empty());
    open.look(None);
    assert!(open.calls().is_empty());
}

#[test]
fn what_a_colleague_delegates_blinks_on_hold() {
    let mut model = Model::new(&desk(0, vec![]));
    let delegated = card(1, &[said("가"), Event::Delegated { from: account(OTHER), to: account(ME) }]);
    let outcome = model.frame(AgentFrame::Card { card: Box::new(delegated) }, Timestamp(0));
    assert_eq!(outcome.news, vec![News::Given { chat: chat_id(1), by: Some(account(OTHER)) }]);
    assert_eq!(model.list(Tab::Held), vec![chat_id(1)]);
    assert!(!model.calls().is_empty());
    model.look(Some(chat_id(1)));
    assert!(model.calls().is_empty());
}

#[test]
fn what_was_read_before_it_was_delegated_to_me_blinks_too() {
    let mut model = Model::new(&Desk { mode: RoutingMode::Assigned, ..desk(0, vec![card(1, &[said("가")])]) });
    model.look(Some(chat_id(1)));
    let delegated = Event::Delegated { from: account(OTHER), to: account(ME) };
    let outcome = model.frame(events(0, 1, vec![logged(1, 3, delegated)]), Timestamp(0));
    assert_eq!(outcome.news, vec![News::Given { chat: chat_id(1), by: Some(account(OTHER)) }]);
    assert_eq!(model.list(Tab::Held), vec![chat_id(1)]);
    assert!(!model.calls().is_empty());
}

#[test]
fn what_waits_for_me_is_counted_and_found() {
    let mine = &[said("가"), Event::Started { agent: account(ME) }, said("나")];
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")]), card(2, mine)]));
    assert_eq!((model.for_me(), model.in_hand(Show::Unread)), (2, vec![chat_id(2)]));
    let (_, marks) = model.mark(chat_id(2), true);
    assert!(marks.is_some());
    // Read, but still without an answer.
    assert_eq!((model.for_me(), model.in_hand(Show::Unread), model.in_hand(Show::Unanswered)), (1, vec![], vec![chat_id(2)]));
    model.frame(AgentFrame::MyFlag { chat: chat_id(2), on: true }, Timestamp(0));
    assert_eq!((model.for_me(), model.in_hand(Show::Unread)), (2, vec![chat_id(2)]));
    assert_eq!(model.flag(chat_id(2), true), Outcome::default(), "it was there already");
    model.flag(chat_id(2), false);
    assert_eq!(model.for_me(), 1);
}

#[test]
fn what_is_shown_stands_in_the_address() {
    for show in Show::ALL {
        assert_eq!(Show::parse(show.name()), show);
    }
    assert_eq!(Show::parse(Some("nonsense")), Show::All);
    assert_eq!(Filter { show: Show::Unread, ..Filter::default() }.address(None), "/console?show=unread");
    assert!(Filter::default().address(Some(chat_id(1))).ends_with(&chat_id(1).to_string()));
}

#[test]
fn an_invitation_waits_on_top_and_what_i_joined_is_among_my_chats() {
    let mut invited = card(1, &[said("가")]);
    let started = Event::Started { agent: account(OTHER) };
    for event in [started, Event::Invited { from: account(OTHER), to: account(ME) }] {
        invited.chat = invited.chat.apply(&event, Timestamp(0));
    }
    let seq = invited.chat.seq;
    let mut model = Model::new(&desk(0, vec![card(2, &[said("나")])]));
    let outcome = model.frame(AgentFrame::Card { card: Box::new(invited) }, Timestamp(0));
    assert_eq!(outcome.news, vec![News::Invited { chat: chat_id(1), by: account(OTHER) }]);
    assert_eq!(model.list(Tab::Waiting), [chat_id(1), chat_id(2)]);
    model.look(Some(chat_id(2)));
    assert!(!model.calls().is_empty(), "it asks for an answer");
    model.look(Some(chat_id(1)));
    assert!(model.calls().is_empty());
    model.frame(events(0, 1, vec![logged(1, seq + 1, Event::Joined { agent: account(ME) })]), Timestamp(0));
    assert_eq!((model.list(Tab::Waiting), model.list(Tab::Active)), (vec![chat_id(2)], vec![chat_id(1)]));
    // Gone from where I was a guest, it was taken from me by nobody.
    let outcome = model.frame(AgentFrame::Gone { chat: chat_id(1), taken_by: Some(account(OTHER)) }, Timestamp(0));
    assert!(outcome.news.is_empty() && model.list(Tab::Active).is_empty());
}

#[test]
fn what_was_anothers_and_is_given_to_me_is_told() {
    let mut model = Model::new(&desk(0, vec![card(1, &[said("가")])]));
    model.frame(AgentFrame::Gone { chat: chat_id(1), taken_by: Some(account(OTHER)) }, Timestamp(0));
    let given = [said("가"), Event::Started { agent: account(OTHER) }, Event::Delegated { from: account(OTHER), to: account(ME) }];
    let outcome = model.frame(AgentFrame::Card { card: Box::new(card(1, &given)) }, Timestamp(0));
    assert_eq!(outcome.news, vec![News::Given { chat: chat_id(1), by: Some(account(OTHER)) }]);
    assert!(!model.calls().is_empty());
}

#[test]
fn one_goes_on_with_the_next_that_calls_else_with_the_next() {
    let ids = [1, 2, 3, 4].map(|n| ChatId(Uuid::from_u128(n)));
    let [a, b, c, d] = ids;
    let next = |done: ChatId, calling: &[ChatId]| next_of(&ids, done, |id| calling.contains(id));
    assert_eq!(next(b, &[a, d]), Some(d), "below it first");
    assert_eq!(next(c, &[a, b]), Some(a), "then from the top");
    assert_eq!(next(b, &[b]), Some(c), "what is over calls nobody");
    assert_eq!(next(d, &[]), Some(a));
    assert_eq!(next(ChatId(Uuid::from_u128(9)), &[c]), Some(c), "not in the list");
    assert_eq!(next_of(&[a], a, |_| true), None, "nobody else");
}

#[test]
fn nobody_goes_on_with_a_chat_that_was_just_ended_here() {
    let started = [said("가"), Event::Started { agent: account(ME) }];
    let mut model = Model::new(&desk(2, vec![card(1, &started), card(2, &started)]));
    let seq = model.row(chat_id(1)).unwrap().card.chat.seq;
    assert_eq!(model.after(chat_id(2), &Filter::default()), Some(chat_id(1)));
    assert!(model.over(chat_id(1)).lists);
    assert_eq!(model.after(chat_id(2), &Filter::default()), None, "before the stream tells it");
    // What follows is applied all the same.
    let ended = logged(1, seq + 1, Event::Ended { by: EndedBy::Agent });
    model.frame(events(2, 3, vec![ended]), Timestamp(0));
    assert!(model.row(chat_id(1)).unwrap().card.chat.is_ended());
}

#[test]
fn the_lists_are_searched_by_who_tag_queue_and_page() {
    let mut desk = desk(2, vec![card(1, &[said("가")]), card(2, &[said("나")])]);
    desk.cards[0].labels = Labels { name: "김민수".into(), tags: vec!["환불".into()] };
    desk.cards[1].member = Some("A-77".into());
    let mut model = Model::new(&desk);
    let found = |model: &Model, words: &str| model.shown(Tab::Waiting, &Filter { words: words.into(), ..Filter::default() });
    assert_eq!(found(&model, " ").len(), 2, "nothing is looked for");
    assert_eq!(found(&model, "ㄱㅁ"), vec![chat_id(1)]);
    assert_eq!(found(&model, "환불 민수"), vec![chat_id(1)]);
    assert_eq!(found(&model, "a-77"), vec![chat_id(2)]);
    assert_eq!(found(&model, "김철수"), vec![]);
    assert_eq!(model.list(Tab::Waiting).len(), 2, "what waits is counted all the same");
    // What is noted meanwhile is found.
    let labels = Labels { name: "김철수".into(), tags: Vec::new() };
    let outcome = model.frame(AgentFrame::Panel { chat: chat_id(2), labels }, Timestamp(0));
    assert!(outcome.lists && found(&model, "철수") == vec![chat_id(2)]);
}

#[test]
fn the_address_holds_what_is_shown() {
    let filter = Filter { show: Show::Unread, words: "김 민수&".into() };
    assert_eq!(filter.address(None), "/console?show=unread&q=%EA%B9%80%20%EB%AF%BC%EC%88%98%26");
    assert_eq!(Filter::parse(Some("unread"), Some("김 민수&")), filter);
    assert_eq!(Filter { words: "  ".into(), ..Filter::default() }.address(None), "/console");
}

#[test]
fn a_late_answer_brings_nothing_back_into_the_lists() {
    let card = card(1, &[said("가")]);
    let mut model = Model::new(&desk(0, vec![card.clone()]));
    let events = vec![logged(1, 2, said("가"))];
    let thread = Thread { card, customer: Default::default(), language: Default::default(), events, earlier: false };
    let outcome = model.frame(AgentFrame::Gone { chat: chat_id(1), taken_by: None }, Timestamp(0));
    assert_eq!(outcome.news, vec![News::Gave { chat: chat_id(1) }]);
    model.thread(thread);
    assert!(model.list(Tab::Waiting).is_empty(), "asked for before it was gone");
    assert!(model.log(chat_id(1)).is_some(), "what it said stays readable");
}
