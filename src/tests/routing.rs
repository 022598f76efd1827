//! Who gets a chat, what becomes of it when nobody takes it, and how it goes from one to
//! another: on both databases, with a clock that the test drives.

use crate::support::{Client, Kind, TestApp};
use damso::{
    api::{
        ApiError,
        routing::{Explained, Targets},
    },
    domain::{
        chat::{Chat, Event, OfferEnd, Place, PublicState, Refused, Requeued, State},
        ids::{AccountId, ChatId, QueueId},
        presence::Status,
        routing::{By, WhyNobody},
        settings::RoutingMode,
        time::{DAY, MINUTE, SECOND, Timestamp},
    },
    protocol::{Thread, VisitorFrame},
    server::{actions::routing, clock::Clock, db},
};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A service with 자동 배정 whose clock the test drives.
pub struct Shift {
    pub test: TestApp,
    pub clock: Arc<AtomicI64>,
    pub agents: Vec<(Client, AccountId)>,
}

impl Shift {
    pub async fn start(kind: Kind) -> Self {
        let (test, clock) = TestApp::driven(kind).await;
        test.routes(RoutingMode::Assigned).await;
        let mut agents = Vec::new();
        for who in ["agent1", "agent2", "agent3"] {
            let client = test.signed_in(who).await;
            let me = client.desk().await.me.account;
            agents.push((client, me));
        }
        let shift = Self { test, clock, agents };
        // The demo's third agent keeps the door open in other tests; here he is nobody.
        shift.is(2, Status::Offline).await;
        shift
    }

    pub async fn is(&self, agent: usize, status: Status) {
        self.agents[agent].0.ask::<Status>("presence/set", &json!({ "status": status })).await.unwrap();
    }

    /// 온라인 with an open console.
    pub async fn comes(&self, agent: usize) {
        self.test.staff(["agent1", "agent2", "agent3"][agent], DAY).await;
    }

    /// His line is cut, now.
    pub async fn loses_his_line(&self, agent: usize) {
        let (account, now) = (self.agents[agent].1, self.test.app.clock.now());
        let service = self.service().await;
        self.test
            .app
            .db
            .write(async |tx| {
                db::presence::end_leases(tx, account).await?;
                db::presence::lease(tx, uuid::Uuid::now_v7(), service, account, now).await
            })
            .await
            .unwrap();
    }

    pub async fn service(&self) -> damso::domain::ids::ServiceId {
        self.agents[0].0.desk().await.service.id
    }

    pub async fn passes(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
        self.look().await;
    }

    /// Routes until nothing is left to do.
    pub async fn look(&self) {
        let service = self.service().await;
        for _ in 0..4 {
            routing::look(&self.test.app, service).await.unwrap();
        }
    }

    pub async fn chat(&self, chat: ChatId) -> Chat {
        self.test.app.db.look(async |tx| db::chats::find(tx, chat).await).await.unwrap().unwrap()
    }

    pub async fn offered_to(&self, chat: ChatId) -> Option<usize> {
        let offer = self.chat(chat).await.offer?;
        self.agents.iter().position(|(_, account)| *account == offer.agent)
    }

    pub async fn waits(&self, words: &str) -> (Client, ChatId) {
        let customer = self.test.visitor().await;
        let chat = customer.say(words).await.unwrap().chat;
        self.look().await;
        (customer, chat)
    }

    pub async fn events(&self, chat: ChatId) -> Vec<Event> {
        let owner = self.test.signed_in("owner").await;
        let thread: Thread = owner.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
        thread.events.into_iter().map(|logged| logged.event).collect()
    }

    pub async fn does(&self, agent: usize, act: &str, mut body: Value, chat: ChatId) -> Result<Value, ApiError> {
        body["chat"] = json!(chat);
        self.agents[agent].0.ask(&format!("chats/{act}"), &body).await
    }

    pub async fn starts(&self, agent: usize, chat: ChatId) -> Result<Value, ApiError> {
        self.does(agent, "start", json!({}), chat).await
    }
}

/// Defines a test twice, once per database.
macro_rules! shift {
    ($name:ident, $body:expr) => {
        mod $name {
            use super::*;
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                ($body)(Shift::start(Kind::Sqlite).await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                ($body)(Shift::start(Kind::Postgres).await).await;
            }
        }
    };
}

pub(crate) use shift;

pub fn refused<T>(refused: Refused) -> Result<T, ApiError> {
    Err(ApiError::Refused(refused))
}

shift!(a_chat_is_offered_to_one_and_the_others_read_it, async |shift: Shift| {
    shift.comes(0).await;
    let (_customer, chat) = shift.waits("배송 언제 와요?").await;
    assert_eq!(shift.offered_to(chat).await, Some(0));
    shift.comes(1).await;
    // Seen by the colleague of the queue, and not his to begin.
    let thread: Thread = shift.agents[1].0.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
    assert_eq!(thread.card.chat.id, chat);
    let offered = Refused::NotOffered { to: Some(shift.agents[0].1) };
    assert_eq!(shift.starts(1, chat).await, refused(offered));
    assert_eq!(shift.agents[1].0.reply(chat, "제가요").await, refused(offered));
    let why: Explained = shift.agents[0].0.ask("chats/why", &json!({ "chat": chat })).await.unwrap();
    let Explained::Offered { to, why } = why else { panic!("{why:?}") };
    assert_eq!((to, why.by, why.load, why.capacity, why.of), (shift.agents[0].1, By::Only, 0, 5, 1));
    shift.agents[0].0.reply(chat, "안녕하세요").await.unwrap();
    // One chat in hand: the next goes to who has none, the one after to who was idle longer.
    let (_second, next) = shift.waits("저도요").await;
    assert_eq!(shift.offered_to(next).await, Some(1));
});

shift!(nobody_there_is_a_reason_and_everybody_who_comes_is_asked, async |shift: Shift| {
    shift.comes(0).await;
    let (_customer, first) = shift.waits("하나").await;
    let (_other, chat) = shift.waits("둘").await;
    // One offer at a time.
    assert_eq!((shift.offered_to(first).await, shift.offered_to(chat).await), (Some(0), None));
    let why: Explained = shift.agents[0].0.ask("chats/why", &json!({ "chat": chat })).await.unwrap();
    let Explained::Waits { place: 2, why: WhyNobody::Nobody(tally) } = why else { panic!("{why:?}") };
    // The owner has a seat and the chat right, too.
    assert_eq!((tally.members, tally.away, tally.offered), (4, 3, 1));
    shift.starts(0, first).await.unwrap();
    shift.look().await;
    assert_eq!(shift.offered_to(chat).await, Some(0), "what he took up makes room for the next");
    // Full: nothing more comes, however long it waits.
    let service = shift.service().await;
    let account = shift.agents[0].1;
    shift
        .test
        .app
        .db
        .write(async |tx| {
            let staff = db::members::staff(tx, service).await?.into_iter().find(|s| s.account == account).unwrap();
            db::members::set_profile(tx, service, account, &damso::domain::permission::Profile { chats_at_once: 2, ..staff.profile }).await
        })
        .await
        .unwrap();
    shift.starts(0, chat).await.unwrap();
    let (_third, third) = shift.waits("셋").await;
    assert_eq!(shift.offered_to(third).await, None);
    shift.comes(1).await;
    shift.look().await;
    assert_eq!(shift.offered_to(third).await, Some(1));
});

shift!(an_offer_that_is_not_taken_goes_on_and_the_third_ends_in_a_break, async |shift: Shift| {
    shift.comes(0).await;
    let (_customer, chat) = shift.waits("계세요?").await;
    shift.comes(1).await;
    shift.passes(59 * SECOND).await;
    assert_eq!(shift.offered_to(chat).await, Some(0));
    shift.passes(SECOND).await;
    assert_eq!(shift.offered_to(chat).await, Some(1));
    let events = shift.events(chat).await;
    assert!(events.contains(&Event::OfferEnded { agent: shift.agents[0].1, how: OfferEnd::Missed }), "{events:?}");
    // Two more of his own.
    shift.is(1, Status::Break).await;
    shift.look().await;
    assert_eq!(shift.offered_to(chat).await, Some(0));
    shift.passes(60 * SECOND).await;
    assert_eq!(shift.offered_to(chat).await, Some(0), "nobody else: it stays his");
    shift.passes(60 * SECOND).await;
    let desk = shift.agents[0].0.desk().await;
    assert_eq!((desk.status, desk.rested), (Status::Break, true));
    assert_eq!(shift.offered_to(chat).await, None);
    shift.is(0, Status::Online).await;
    shift.look().await;
    assert_eq!(shift.offered_to(chat).await, Some(0));
    assert!(!shift.agents[0].0.desk().await.rested);
});

shift!(whose_line_is_gone_loses_offers_first_and_chats_later_and_may_have_them_back, async |shift: Shift| {
    shift.comes(0).await;
    let (customer, active) = shift.waits("상담 중").await;
    shift.agents[0].0.reply(active, "네").await.unwrap();
    let (_other, offered) = shift.waits("대기 중").await;
    assert_eq!(shift.offered_to(offered).await, Some(0));
    shift.comes(1).await;
    shift.loses_his_line(0).await;
    shift.passes(19 * SECOND).await;
    assert_eq!(shift.offered_to(offered).await, Some(0));
    shift.passes(SECOND).await;
    assert_eq!(shift.offered_to(offered).await, Some(1));
    shift.starts(1, offered).await.unwrap();
    shift.passes(159 * SECOND).await;
    assert_eq!(shift.chat(active).await.agent(), Some(shift.agents[0].1));
    shift.is(1, Status::Break).await;
    shift.passes(SECOND).await;
    let chat = shift.chat(active).await;
    assert!(matches!(chat.state, State::Waiting { .. }), "{chat:?}");
    assert!(matches!(chat.place, Place { front: true, .. }));
    assert!(shift.events(active).await.iter().any(|e| matches!(e, Event::Queued { why: Requeued::Gone(_), front: true, .. })));
    // The customer is told nothing of it.
    let mut page = customer.visitor_socket(None).await;
    let seen = page.until(|frame: VisitorFrame| if let VisitorFrame::Reset { chat } = frame { chat } else { None }).await;
    assert_eq!(seen.state, PublicState::Active);
    // Back before another has started it.
    shift.comes(0).await;
    shift.look().await;
    assert_eq!(shift.chat(active).await.agent(), Some(shift.agents[0].1));
});

shift!(delegation_is_for_who_is_online_and_comes_back_when_nobody_resumes, async |shift: Shift| {
    shift.comes(0).await;
    let (_customer, chat) = shift.waits("위임할 상담").await;
    let to = json!({ "to": shift.agents[1].1, "note": "" });
    assert_eq!(shift.does(0, "delegate", to.clone(), chat).await, refused(Refused::NotEligible), "offline");
    shift.comes(1).await;
    assert_eq!(
        shift.does(1, "delegate", json!({ "to": shift.agents[0].1, "note": "" }), chat).await,
        refused(Refused::NotOffered { to: Some(shift.agents[0].1) })
    );
    let targets: Targets = shift.agents[0].0.ask("chats/targets", &json!({ "chat": chat })).await.unwrap();
    let online: Vec<_> = targets.agents.iter().filter(|a| a.online).map(|a| a.account).collect();
    assert_eq!(online, [shift.agents[1].1]);
    assert!(targets.agents.iter().all(|a| a.account != shift.agents[0].1));
    let noted = json!({ "to": shift.agents[1].1, "note": "교환을 원해요" });
    shift.does(0, "delegate", noted, chat).await.unwrap();
    assert_eq!(shift.chat(chat).await.public_state(), PublicState::Waiting);
    assert_eq!(shift.starts(0, chat).await, refused(Refused::TakenBy { agent: shift.agents[1].1 }));
    assert_eq!(shift.does(0, "resume", json!({}), chat).await, refused(Refused::TakenBy { agent: shift.agents[1].1 }));
    shift.passes(180 * SECOND).await;
    assert_eq!(shift.offered_to(chat).await, Some(0), "never started: it is offered to the sender again");
    shift.does(0, "delegate", to.clone(), chat).await.unwrap();
    shift.does(1, "resume", json!({}), chat).await.unwrap();
    // After the start: back into the sender's hands, by the receiver's own wish.
    shift.does(1, "delegate", json!({ "to": shift.agents[0].1, "note": "" }), chat).await.unwrap();
    shift.does(0, "return", json!({}), chat).await.unwrap();
    assert_eq!(shift.chat(chat).await.agent(), Some(shift.agents[1].1));
    assert!(matches!(shift.chat(chat).await.state, State::Active { .. }));
    // The sender is gone meanwhile: the front of the queue.
    shift.does(1, "delegate", json!({ "to": shift.agents[0].1, "note": "" }), chat).await.unwrap();
    shift.is(1, Status::Offline).await;
    shift.does(0, "return", json!({}), chat).await.unwrap();
    assert!(matches!(shift.chat(chat).await.place, Place { front: true, .. }));
    let starts = shift.events(chat).await.iter().filter(|e| matches!(e, Event::Started { .. })).count();
    assert_eq!(starts, 1);
});

shift!(who_leaves_gives_his_chats_back_to_the_front, async |shift: Shift| {
    shift.comes(0).await;
    let (_customer, chat) = shift.waits("넘겨 주세요").await;
    assert_eq!(shift.does(0, "release", json!({}), chat).await, refused(Refused::NotStarted));
    shift.starts(0, chat).await.unwrap();
    shift.comes(1).await;
    assert_eq!(shift.does(1, "release", json!({}), chat).await, refused(Refused::TakenBy { agent: shift.agents[0].1 }));
    shift.does(0, "release", json!({}), chat).await.unwrap();
    assert!(matches!(shift.chat(chat).await.place, Place { front: true, .. }));
    shift.is(0, Status::Break).await;
    shift.look().await;
    assert_eq!(shift.offered_to(chat).await, Some(1));
});

shift!(a_chat_goes_to_a_queue_that_takes_it_or_stays, async |shift: Shift| {
    shift.comes(0).await;
    let owner = shift.test.signed_in("owner").await;
    let made: Value = owner.ask("queues/create", &json!({ "name": { "ko": "환불", "en": "Refunds" } })).await.unwrap();
    let (_customer, chat) = shift.waits("환불해 주세요").await;
    shift.starts(0, chat).await.unwrap();
    let desk = shift.agents[0].0.desk().await;
    let (own, other) = (desk.queues[0].id, desk.queues[1].id);
    assert_eq!(made.as_array().unwrap().len(), 2);
    let go = |queue: QueueId| json!({ "queue": queue, "note": "" });
    assert_eq!(shift.does(0, "transfer", go(other), chat).await, refused(Refused::QueueShut), "made inactive");
    assert_eq!(shift.does(0, "transfer", go(own), chat).await, refused(Refused::NobodyElse));
    assert_eq!(shift.does(0, "transfer", go(QueueId(uuid::Uuid::now_v7())), chat).await, Err(ApiError::NotFound));
    assert!(matches!(shift.chat(chat).await.state, State::Active { .. }), "refused, it stays");
    owner.ask::<Value>("queues/activate", &json!({ "queue": other, "active": true, "confirmed": true })).await.unwrap();
    shift.does(0, "transfer", go(other), chat).await.unwrap();
    let moved = shift.chat(chat).await;
    assert_eq!((moved.queue, moved.offer), (other, None));
    // Nobody has a seat there: not even the one who sent it sees it any more.
    assert_eq!(shift.agents[0].0.ask::<Thread>("chats/thread", &json!({ "chat": chat, "before": null })).await, Err(ApiError::NotFound));
});

shift!(to_ones_own_queue_it_is_for_the_others_alone, async |shift: Shift| {
    shift.comes(0).await;
    let (_customer, chat) = shift.waits("다른 분께").await;
    shift.starts(0, chat).await.unwrap();
    shift.comes(1).await;
    let own = shift.chat(chat).await.queue;
    shift.does(0, "transfer", json!({ "queue": own, "note": "교환 문의입니다" }), chat).await.unwrap();
    shift.look().await;
    assert_eq!(shift.offered_to(chat).await, Some(1));
    shift.is(1, Status::Break).await;
    shift.look().await;
    assert_eq!(shift.offered_to(chat).await, None, "never to him again");
    shift.test.routes(RoutingMode::Open).await;
    assert_eq!(shift.starts(0, chat).await, refused(Refused::GivenAway));
    shift.starts(1, chat).await.unwrap();
});

shift!(time_alone_asks_the_silent_and_closes_what_is_left, async |shift: Shift| {
    shift.comes(0).await;
    let (customer, chat) = shift.waits("문의요").await;
    shift.agents[0].0.reply(chat, "무엇을 도와드릴까요?").await.unwrap();
    shift.passes(10 * MINUTE).await;
    let asked = |events: &[Event]| events.iter().filter(|e| matches!(e, Event::Asked { .. })).count();
    assert_eq!(asked(&shift.events(chat).await), 1);
    shift.passes(9 * MINUTE).await;
    assert_eq!(asked(&shift.events(chat).await), 1, "asked once");
    customer.say("아 네 있어요").await.unwrap();
    shift.passes(30 * MINUTE).await;
    assert!(matches!(shift.chat(chat).await.state, State::Active { .. }), "his word has no answer: that is not his silence");
    shift.agents[0].0.reply(chat, "확인했습니다").await.unwrap();
    shift.passes(10 * MINUTE).await;
    shift.passes(10 * MINUTE).await;
    assert!(matches!(shift.chat(chat).await.state, State::CustomerEnded { .. }));
    shift.does(0, "continue", json!({}), chat).await.unwrap();
    assert!(matches!(shift.chat(chat).await.state, State::Active { .. }));
    customer.ask::<()>("visitor/end", &json!({ "request": { "widget": "demo", "chat": chat } })).await.unwrap();
    shift.passes(60 * MINUTE).await;
    let chat = shift.chat(chat).await;
    assert!(chat.is_ended() && chat.is_handled());
});

shift!(who_left_while_waiting_waits_no_longer, async |shift: Shift| {
    shift.comes(0).await;
    let (customer, chat) = shift.waits("기다려요").await;
    let mut page = customer.visitor_socket(None).await;
    page.until(|frame: VisitorFrame| matches!(frame, VisitorFrame::Reset { .. }).then_some(())).await;
    let here = async || {
        let until = shift.test.app.db.look(async |tx| db::chats::pages_open_until(tx, shift.chat(chat).await.service).await).await.unwrap();
        until.get(&chat).copied().unwrap_or(Timestamp(0))
    };
    for _ in 0..200 {
        if here().await > shift.test.app.clock.now() {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(here().await > shift.test.app.clock.now(), "an open page is noted");
    drop(page);
    shift.passes(4 * MINUTE).await;
    assert!(!shift.chat(chat).await.is_ended());
    shift.passes(10 * MINUTE).await;
    let chat = shift.chat(chat).await;
    assert!(chat.is_ended() && !chat.is_handled());
});

shift!(an_outage_of_the_server_is_nobodys_absence, async |shift: Shift| {
    shift.comes(0).await;
    let (customer, waiting) = shift.waits("기다려요").await;
    let (_other, active) = shift.waits("상담 중").await;
    shift.starts(0, waiting).await.unwrap();
    shift.look().await;
    shift.starts(0, active).await.unwrap();
    let (_third, left) = shift.waits("나중에").await;
    shift.loses_his_line(0).await;
    let service = shift.service().await;
    let now = shift.test.app.clock.now();
    let visitor = shift.chat(left).await.visitor;
    shift.test.app.db.write(async |tx| db::visitors::set_here(tx, visitor, now).await).await.unwrap();
    // Away for an hour, all of it.
    shift.clock.fetch_add(60 * MINUTE, Ordering::SeqCst);
    let again = shift.test.again(Clock::Driven(shift.clock.clone())).await;
    for _ in 0..4 {
        routing::look(&again.app, service).await.unwrap();
    }
    assert_eq!(shift.chat(active).await.agent(), Some(shift.agents[0].1), "his grace begins anew");
    assert!(!shift.chat(left).await.is_ended(), "and so does the customer's");
    shift.clock.fetch_add(180 * SECOND, Ordering::SeqCst);
    for _ in 0..4 {
        routing::look(&again.app, service).await.unwrap();
    }
    assert!(matches!(shift.chat(active).await.state, State::Waiting { .. }));
    shift.clock.fetch_add(10 * MINUTE, Ordering::SeqCst);
    for _ in 0..4 {
        routing::look(&again.app, service).await.unwrap();
    }
    assert!(shift.chat(left).await.is_ended());
    drop(customer);
});

shift!(many_commands_at_once_leave_every_chat_with_somebody_or_a_reason, async |shift: Shift| {
    for agent in 0..3 {
        shift.comes(agent).await;
    }
    let service = shift.service().await;
    let mut work = tokio::task::JoinSet::new();
    for n in 0..12_usize {
        let customer = shift.test.visitor().await;
        let agents: Vec<_> = shift.agents.iter().map(|(client, id)| (client.clone(), *id)).collect();
        let app = shift.test.app.clone();
        work.spawn(async move {
            let chat = customer.say(&format!("손님 {n}")).await.unwrap().chat;
            let mut conflicts = Vec::new();
            for round in 0..12_usize {
                let (agent, _) = &agents[(n + round) % 3];
                let (_, to) = &agents[(n + round + 1) % 3];
                let body = json!({ "chat": chat, "to": to, "note": "" });
                let act = ["start", "delegate", "resume", "park", "resume", "return", "hand_over", "continue"][(n * 5 + round * 7) % 8];
                let path = format!("chats/{act}");
                let (done, said) = tokio::join!(agent.ask::<Value>(&path, &body), customer.say("더요"));
                conflicts.extend([done.err(), said.err()].into_iter().flatten());
                routing::look(&app, service).await.unwrap();
            }
            (chat, conflicts)
        });
    }
    let mut chats = Vec::new();
    while let Some(done) = work.join_next().await {
        let (chat, errors) = done.unwrap();
        chats.push(chat);
        for error in errors {
            assert!(matches!(error, ApiError::Refused(_) | ApiError::NotFound), "{error:?}");
        }
    }
    shift.look().await;
    let mut open = Vec::new();
    let owner = shift.test.signed_in("owner").await;
    for chat in chats {
        let row = shift.chat(chat).await;
        if matches!(row.state, State::Waiting { .. }) {
            let why: Explained = owner.ask("chats/why", &json!({ "chat": chat })).await.unwrap();
            assert!(row.offer.is_some() || matches!(why, Explained::Waits { .. }), "{row:?} {why:?}");
            open.extend(row.offer.map(|offer| offer.agent));
        }
    }
    let (offers, agents) = (open.len(), open.into_iter().collect::<std::collections::BTreeSet<_>>().len());
    assert_eq!(offers, agents, "one offer at a time");
});
