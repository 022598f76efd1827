//! What stands beside a customer's running chat: his rating, his place in the line, and the
//! conversation that he takes along.

use crate::{
    both, mail,
    support::{Client, Kind, Socket, TestApp},
};
use damso::{
    api::ApiError,
    domain::{
        chat::{Chat, Event, PublicEvent, Rating, Refused, State},
        ids::ChatId,
        settings::{ChatTexts, Section as _},
        time::{DAY, MINUTE, SECOND},
    },
    protocol::{Thread, VisitorFrame},
    server::db,
};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

/// The tray as it is drawn.
async fn tray(customer: &Client) -> String {
    let answer = customer.get("/w/demo/tray?lang=ko").await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

/// The name of what is drawn.
fn named(html: &str) -> &str {
    html.split("data-is=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

async fn rate(customer: &Client, chat: ChatId, rating: &str, words: &str) -> (StatusCode, String) {
    customer.form("/w/demo/rating", &[("lang", "ko"), ("chat", &chat.to_string()), ("rating", rating), ("words", words)]).await
}

async fn chat_of(test: &TestApp, chat: ChatId) -> Chat {
    test.app.db.look(async |tx| db::chats::find(tx, chat).await).await.unwrap().unwrap()
}

async fn events(agent: &Client, chat: ChatId) -> Vec<Event> {
    let thread: Thread = agent.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
    thread.events.into_iter().map(|logged| logged.event).collect()
}

/// Waits until the window is told of a tray that is drawn like this.
async fn told(window: &mut Socket, customer: &Client, like: &str) -> String {
    loop {
        let is = window.until(|frame| if let VisitorFrame::Tray { is } = frame { Some(is) } else { None }).await;
        let html = tray(customer).await;
        if named(&html) == is && html.contains(like) {
            return html;
        }
    }
}

async fn ratings(owner: &Client, on: bool) {
    let page: Value = owner.ask("settings/chat", &json!({})).await.unwrap();
    let mut value = page["texts"]["value"].clone();
    value["rating"] = json!(on);
    let over = page["texts"]["version"].as_u64().unwrap();
    owner.ask::<Value>("settings/chat/save", &json!({ "over": over, "value": value })).await.unwrap();
}

both!(a_rating_is_given_changed_and_the_last_one_counts, async |test: TestApp| {
    let (agent, customer) = (test.signed_in("agent1").await, test.visitor().await);
    let chat = customer.say("배송이 안 왔어요").await.unwrap().chat;
    assert!(!tray(&customer).await.contains("damso-rate"), "nobody has answered yet");
    let (status, html) = rate(&customer, chat, "good", "").await;
    assert!(status == StatusCode::CONFLICT && html.contains("지금은 평가할 수 없는 상담입니다."), "{status} {html}");
    let mut window = customer.visitor_socket(None).await;
    agent.reply(chat, "확인해 드릴게요").await.unwrap();
    told(&mut window, &customer, "id=\"damso-rate\"").await;

    let (status, html) = rate(&customer, chat, "good", "").await;
    assert!(status == StatusCode::OK && html.contains("‘만족’으로 평가하셨습니다"), "{html}");
    // Another window of his shows it, too.
    told(&mut window, &customer, "").await;
    // The same again says nothing new; another one counts in its place.
    let before = chat_of(&test, chat).await.seq;
    rate(&customer, chat, "good", "").await;
    assert_eq!(chat_of(&test, chat).await.seq, before);
    let hostile = "<b>느려요</b> </textarea><script>1</script>";
    let (_, html) = rate(&customer, chat, "bad", hostile).await;
    assert!(html.contains("&lt;b>느려요") && !html.contains("<script>1"), "{html}");
    let rated = chat_of(&test, chat).await.rated.unwrap();
    assert_eq!((rated.rating, rated.words.as_str()), (Rating::Bad, hostile));
    let log = events(&agent, chat).await;
    assert_eq!(log.iter().filter(|e| matches!(e, Event::Rated { .. })).count(), 2);
    let card = agent.desk().await.cards.into_iter().find(|card| card.chat.id == chat).unwrap();
    assert_eq!(card.chat.rated, Some(rated));

    // Nobody else's, nothing that is none, nothing too long.
    let other = test.visitor().await;
    assert_eq!(rate(&other, chat, "good", "").await.0, StatusCode::NOT_FOUND);
    assert_eq!(rate(&test.anyone(), chat, "good", "").await.0, StatusCode::UNAUTHORIZED);
    let (status, html) = rate(&customer, chat, "great", "그대로").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("골라 주세요") && html.contains("그대로"), "{html}");
    let (status, html) = rate(&customer, chat, "good", &"가".repeat(1_001)).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("damso-rate-wrong"), "{html}");
    assert_eq!(chat_of(&test, chat).await.rated.unwrap().rating, Rating::Bad, "refused, it stays");

    // After the end, for a day; the console learns of it.
    let desk = agent.desk().await;
    agent.ask::<Value>("chats/end", &json!({ "chat": chat })).await.unwrap();
    let mut console = agent.agent_socket(desk.service.id, desk.seq).await;
    assert!(tray(&customer).await.contains("평가 바꾸기"));
    rate(&customer, chat, "good", "그래도 고마워요").await;
    console
        .until(|frame| match frame {
            damso::protocol::AgentFrame::Card { card } if card.chat.id == chat => card.chat.rated.filter(|r| r.words == "그래도 고마워요"),
            _ => None,
        })
        .await;
    assert!(chat_of(&test, chat).await.is_ended());
});

both!(an_agent_asks_for_it_in_the_services_words, async |test: TestApp| {
    let (agent, other, owner) = (test.signed_in("agent1").await, test.signed_in("agent2").await, test.signed_in("owner").await);
    let customer = test.visitor().await;
    let chat = customer.say("문의드려요").await.unwrap().chat;
    let ask = async |who: &Client| who.ask::<()>("chats/request_rating", &json!({ "chat": chat })).await;
    assert_eq!(ask(&agent).await, Err(ApiError::Refused(Refused::NotStarted)));
    agent.ask::<Value>("chats/start", &json!({ "chat": chat })).await.unwrap();
    assert_eq!(ask(&agent).await, Err(ApiError::Refused(Refused::NotToRate)), "nothing was answered yet");
    agent.reply(chat, "네").await.unwrap();
    assert!(matches!(ask(&other).await, Err(ApiError::Refused(Refused::TakenBy { .. }))));
    assert!(!tray(&customer).await.contains("tray-ask"));
    let mut window = customer.visitor_socket(None).await;
    told(&mut window, &customer, "damso-rate").await;
    ask(&agent).await.unwrap();
    let satisfaction = test
        .app
        .db
        .look(async |tx| {
            let service = db::services::find_by_key(tx, "demo").await?.unwrap();
            let stored = db::settings::find::<ChatTexts>(tx, service.id, ChatTexts::NAME).await?;
            Ok(stored.map_or_else(|| damso::server::actions::settings::default_texts(&service.name), |s| s.body).satisfaction.ko)
        })
        .await
        .unwrap();
    let said = window
        .until(|frame| match frame {
            VisitorFrame::Events { events, .. } => events.into_iter().find_map(|e| match e.event {
                PublicEvent::Message { mine: false, text, .. } => Some(text),
                _ => None,
            }),
            _ => None,
        })
        .await;
    assert_eq!(said, satisfaction);
    told(&mut window, &customer, "tray-ask").await;
    let html = rate(&customer, chat, "good", "").await.1;
    assert!(!html.contains("tray-ask"), "{html}");
    assert!(chat_of(&test, chat).await.agent_messages == 1, "the service's words are nobody's message");

    // Off: gone on both sides, and refused.
    assert!(agent.desk().await.rating);
    ratings(&owner, false).await;
    assert!(!told(&mut window, &customer, "tray").await.contains("damso-rate"));
    assert!(!agent.desk().await.rating);
    assert_eq!(ask(&agent).await, Err(ApiError::Refused(Refused::NotToRate)));
    assert_eq!(rate(&customer, chat, "bad", "").await.0, StatusCode::CONFLICT);
    ratings(&owner, true).await;
    told(&mut window, &customer, "damso-rate").await;
});

/// One after the other, each with a clock that the test drives.
async fn late(kind: Kind) {
    let (test, clock) = TestApp::driven(kind).await;
    let (agent, customer) = (test.signed_in("agent1").await, test.visitor().await);
    let chat = customer.say("문의드려요").await.unwrap().chat;
    agent.reply(chat, "네").await.unwrap();
    agent.ask::<Value>("chats/end", &json!({ "chat": chat })).await.unwrap();
    clock.fetch_add(DAY - SECOND, Ordering::SeqCst);
    assert_eq!(rate(&customer, chat, "good", "").await.0, StatusCode::OK);
    clock.fetch_add(SECOND, Ordering::SeqCst);
    assert_eq!(rate(&customer, chat, "bad", "").await.0, StatusCode::CONFLICT);
    assert_eq!(chat_of(&test, chat).await.rated.unwrap().rating, Rating::Good);
    assert_eq!(tray(&customer).await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_after_its_end_it_is_too_late_sqlite() {
    late(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_after_its_end_it_is_too_late_postgres() {
    late(Kind::Postgres).await;
}

both!(a_place_in_the_line_is_told_anew_and_kept, async |test: TestApp| {
    let agent = test.signed_in("agent1").await;
    let mut chats = Vec::new();
    let mut customers = Vec::new();
    for words in ["하나", "둘", "셋"] {
        let customer = test.visitor().await;
        chats.push(customer.say(words).await.unwrap().chat);
        customers.push(customer);
    }
    let last = &customers[2];
    let mut window = last.visitor_socket(None).await;
    told(&mut window, last, "앞에 2명이 기다리고 있습니다.").await;
    assert!(tray(&customers[0]).await.contains("바로 다음 순서입니다."));
    // Delegated before its start it is still before the others, and nobody learns of it.
    let two = agent.desk().await.colleagues.iter().find(|c| c.name == "상담원2").unwrap().account;
    test.staff("agent2", DAY).await;
    agent.ask::<Value>("chats/delegate", &json!({ "chat": chats[0], "to": two, "note": "먼저" })).await.unwrap();
    let seen = tray(&customers[0]).await;
    assert!(seen.contains("바로 다음 순서입니다.") && !seen.contains("상담원2") && !seen.contains("먼저"), "{seen}");
    assert!(tray(last).await.contains("앞에 2명"));
    // Away, and back by the same browser.
    drop(window);
    let mut window = last.visitor_socket(None).await;
    told(&mut window, last, "앞에 2명").await;
    agent.reply(chats[1], "네").await.unwrap();
    told(&mut window, last, "앞에 1명").await;
    assert!(!tray(&customers[1]).await.contains("class=\"place\""));
    customers[0].ask::<()>("visitor/end", &json!({ "request": { "widget": "demo", "chat": chats[0] } })).await.unwrap();
    told(&mut window, last, "바로 다음 순서입니다.").await;
    assert_eq!(chat_of(&test, chats[2]).await.id, last.say("아직 계세요?").await.unwrap().chat);
});

/// Twenty waits say something, nineteen nothing.
async fn measured(kind: Kind) {
    let (test, clock) = TestApp::driven(kind).await;
    test.routes(damso::domain::settings::RoutingMode::Open).await;
    let agent = test.signed_in("agent1").await;
    let waiting = test.visitor().await;
    for n in 0..20 {
        if n == 19 {
            waiting.say("기다려요").await.unwrap();
            let html = tray(&waiting).await;
            assert!(html.contains("바로 다음") && !html.contains("최근에는"), "{html}");
        }
        let customer = test.visitor().await;
        let chat = customer.say("문의").await.unwrap().chat;
        clock.fetch_add(15 * SECOND, Ordering::SeqCst);
        agent.reply(chat, "네").await.unwrap();
        agent.ask::<Value>("chats/end", &json!({ "chat": chat })).await.unwrap();
    }
    assert!(tray(&waiting).await.contains("최근에는 보통 1분 이내에 연결되었습니다."));
    // What is older than a week says nothing any more.
    let chat = waiting.say("여전히").await.unwrap().chat;
    let queue = chat_of(&test, chat).await.queue;
    let now = test.app.clock.now();
    let lately = async |since| test.app.db.look(async |tx| db::waits::lately(tx, queue, since).await).await.unwrap();
    assert_eq!(lately(now.plus(-10 * MINUTE)).await, [15 * SECOND; 20]);
    assert!(lately(now.plus(SECOND)).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_range_is_told_once_twenty_waits_were_measured_sqlite() {
    measured(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_range_is_told_once_twenty_waits_were_measured_postgres() {
    measured(Kind::Postgres).await;
}

both!(a_chat_that_waits_again_says_so_and_not_why, async |test: TestApp| {
    let (agent, customer) = (test.signed_in("agent1").await, test.visitor().await);
    let chat = customer.say("환불이요").await.unwrap().chat;
    agent.reply(chat, "잠시만요").await.unwrap();
    let mut window = customer.visitor_socket(None).await;
    window.until(|frame: VisitorFrame| matches!(frame, VisitorFrame::Tray { .. }).then_some(())).await;
    let public = chat_of(&test, chat).await.public_seq;
    agent.ask::<Value>("chats/release", &json!({ "chat": chat })).await.unwrap();
    let html = told(&mut window, &customer, "다른 상담원을 연결하고 있습니다.").await;
    for secret in ["상담원1", "휴식", "대기열", "released"] {
        assert!(!html.contains(secret), "{html}");
    }
    let waits = chat_of(&test, chat).await;
    assert!(matches!(waits.state, State::Waiting { .. }) && waits.public_seq == public, "nothing in his log");
    agent.reply(chat, "다시 왔습니다").await.unwrap();
    assert!(!told(&mut window, &customer, "damso-rate").await.contains("class=\"place\""));
});

both!(the_conversation_is_kept_as_the_customer_saw_it, async |test: TestApp| {
    let (agent, customer) = (test.signed_in("agent1").await, test.visitor().await);
    customer.begin().await.unwrap();
    assert!(!tray(&customer).await.contains("damso-save"), "nothing was said");
    let chat = customer.say("배송\n[2026-01-01 00:00] 상담원: 무료입니다").await.unwrap().chat;
    agent.reply(chat, "확인해 드릴게요").await.unwrap();
    test.staff("agent2", DAY).await;
    let two = agent.desk().await.colleagues.iter().find(|c| c.name == "상담원2").unwrap().account;
    agent.ask::<Value>("chats/delegate", &json!({ "chat": chat, "to": two, "note": "까다로운 손님" })).await.unwrap();
    let id = chat.to_string();
    let save = async |who: &Client, to: &str| {
        let form = [("lang", "ko"), ("chat", id.as_str()), ("to", to)];
        who.request(Method::POST, "/w/demo/transcript").header(header::ACCEPT, "application/json").form(&form).send().await.unwrap()
    };
    let answer = save(&customer, "file").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    let name = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(name.starts_with("attachment; filename*=UTF-8''") && name.ends_with(".txt"), "{name}");
    let bytes = answer.bytes().await.unwrap();
    assert!(bytes.starts_with("\u{feff}".as_bytes()));
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains("] 나: 배송\r\n    [2026-01-01 00:00] 상담원: 무료입니다\r\n"), "{text}");
    assert!(text.contains("] 데모 스토어: 확인해 드릴게요") && text.contains("Asia/Seoul"), "{text}");
    for secret in ["까다로운", "상담원1", "상담원2", "위임"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert_eq!(save(&test.visitor().await, "file").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(save(&test.anyone(), "file").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(save(&customer, "mail").await.status(), StatusCode::NOT_FOUND, "there is no mail server");
    assert!(!tray(&customer).await.contains("value=\"mail\""));
    // After the end, too.
    customer.ask::<()>("visitor/end", &json!({ "request": { "widget": "demo", "chat": chat } })).await.unwrap();
    assert_eq!(save(&customer, "file").await.status(), StatusCode::OK);
});

both!(it_is_mailed_to_the_address_that_is_known, async |plain: TestApp| {
    let (test, mut got) = mail::with_mail(plain.kind(), 0).await;
    let customer = test.visitor().await;
    let chat = customer.say("메일로 주세요").await.unwrap().chat;
    assert!(!tray(&customer).await.contains("value=\"mail\""), "no address is known");
    let visitor = chat_of(&test, chat).await.visitor;
    let said = damso::domain::contact::Contact { email: "kim@shop.example".into(), ..Default::default() };
    test.app.db.write(async |tx| db::visitors::set_contact(tx, visitor, &said).await).await.unwrap();
    let html = tray(&customer).await;
    assert!(html.contains("k***@shop.example") && !html.contains("kim@shop.example"), "{html}");
    let id = chat.to_string();
    let send = async || customer.form("/w/demo/transcript", &[("lang", "ko"), ("chat", &id), ("to", "mail")]).await;
    let (status, html) = send().await;
    assert!(status == StatusCode::OK && html.contains("k***@shop.example 주소로"), "{html}");
    let mail = got.recv().await.unwrap();
    assert!(mail.recipient.contains("<kim@shop.example>") && mail::text(&mail.mail).contains("나: 메일로 주세요"), "{}", mail.mail);
    for _ in 0..4 {
        assert_eq!(send().await.0, StatusCode::OK);
    }
    assert_eq!(send().await.0, StatusCode::TOO_MANY_REQUESTS);
});

both!(all_of_it_works_by_forms_alone, async |test: TestApp| {
    let agent = test.signed_in("agent1").await;
    let mut customer = test.visitor().await;
    let chat = customer.say("스크립트 없이").await.unwrap().chat;
    agent.reply(chat, "네").await.unwrap();
    // The page by itself knows him by its cookie.
    let token = customer.token.take().unwrap();
    customer.cookie = Some(format!("__Host-damso-visitor-demo={token}"));
    let page = customer.get("/w/demo?lang=ko").await.text().await.unwrap();
    assert!(page.contains("<div id=\"damso-tray\"><div data-is="), "{page}");
    let framed = customer.get("/w/demo?frame=1&lang=ko").await.text().await.unwrap();
    assert!(framed.contains("<div id=\"damso-tray\"></div>"), "{framed}");
    let id = chat.to_string();
    let post = async |path: &str, rating: &str| {
        let form = [("lang", "ko"), ("chat", id.as_str()), ("rating", rating), ("words", "좋아요"), ("to", "file")];
        customer.request(Method::POST, path).form(&form).send().await.unwrap()
    };
    let answer = post("/w/demo/rating", "good").await;
    assert_eq!((answer.status(), answer.headers()[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/w/demo?lang=ko"));
    let refused = post("/w/demo/rating", "none").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(page.contains("골라 주세요") && page.contains("</html>"), "{page}");
    let file = post("/w/demo/transcript", "").await;
    assert!(file.text().await.unwrap().contains("나: 스크립트 없이"));
});
