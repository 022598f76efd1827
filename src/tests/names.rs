//! 고객에게 보이는 이름 (A45, G6): as whom a customer reads who answers him. What he must not
//! read is looked for in every frame of every test (`overheard`).

use crate::{
    both, mail,
    overheard::NICKNAMES,
    routing::{Shift, shift},
    support::{Client, Kind, TestApp},
};
use damso::{
    api::{
        ApiError,
        members::MemberRow,
        settings::{ChatPage, Saved, Versioned},
    },
    domain::{
        chat::{Chat, Event, PublicEvent, State},
        ids::{ChatId, ClientId},
        settings::{ChatTexts, Naming},
    },
    protocol::{EarlierEvents, Thread, VisitorChat, VisitorFrame},
    server::db,
};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

const SERVICE: &str = "데모 스토어";

/// Saves 고객에게 보이는 이름, as an admin does.
async fn names(owner: &Client, naming: Naming) {
    let ChatPage { texts, .. } = owner.ask("settings/chat", &json!({})).await.unwrap();
    let value = ChatTexts { naming, ..texts.value };
    let saved: Saved<Versioned<ChatTexts>> =
        owner.ask("settings/chat/save", &json!({ "over": texts.version, "value": value })).await.unwrap();
    assert!(matches!(saved, Saved::Done(page) if page.value.naming == naming));
}

async fn nickname(owner: &Client, who: &str, nickname: &str) {
    let members: Vec<MemberRow> = owner.ask("members/list", &json!({})).await.unwrap();
    let member = members.into_iter().find(|m| m.email == format!("{who}@example.com")).unwrap();
    let mut profile = member.profile.clone();
    profile.nickname = nickname.into();
    let save = json!({ "account": member.account, "was": member.profile, "profile": profile });
    let _: Value = owner.ask("members/save", &save).await.unwrap();
}

/// What the desk said, and under which name of its own.
fn said(events: impl IntoIterator<Item = PublicEvent>) -> Vec<(String, Option<String>)> {
    events
        .into_iter()
        .filter_map(|event| match event {
            PublicEvent::Message { mine: false, text, nickname } => Some((text, nickname)),
            _ => None,
        })
        .collect()
}

/// The chat as a page gets it that comes new.
async fn read(customer: &Client) -> Vec<(String, Option<String>)> {
    let mut window = customer.visitor_socket(None).await;
    let chat: VisitorChat =
        window.until(|frame| if let VisitorFrame::Reset { chat } = frame { chat.map(|chat| *chat) } else { None }).await;
    said(chat.events.into_iter().map(|logged| logged.event))
}

async fn transcript(customer: &Client, chat: ChatId) -> String {
    let form = [("lang", "ko"), ("chat", &*chat.to_string()), ("to", "file")];
    let answer =
        customer.request(Method::POST, "/w/demo/transcript").header(header::ACCEPT, "application/json").form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

/// The first agent answers, delegates, and the second one answers.
async fn delegated(shift: &Shift, chat: ChatId) {
    shift.comes(1).await;
    shift.agents[0].0.reply(chat, "확인해 볼게요").await.unwrap();
    shift.does(0, "delegate", json!({ "to": shift.agents[1].1, "note": "부탁해요" }), chat).await.unwrap();
    shift.does(1, "resume", json!({}), chat).await.unwrap();
    shift.agents[1].0.reply(chat, "제가 이어서 볼게요").await.unwrap();
}

fn by(text: &str, name: Option<&str>) -> (String, Option<String>) {
    (text.to_owned(), name.map(str::to_owned))
}

shift!(whoever_answers_the_service_speaks, async |shift: Shift| {
    shift.comes(0).await;
    let (customer, chat) = shift.waits("교환하고 싶어요").await;
    delegated(&shift, chat).await;
    let read = read(&customer).await;
    assert_eq!(read[1..], [by("확인해 볼게요", None), by("제가 이어서 볼게요", None)]);
    let text = transcript(&customer, chat).await;
    assert_eq!(text.matches(&format!("] {SERVICE}: ")).count(), 3, "the greeting and both: {text}");
    for name in NICKNAMES {
        assert!(!text.contains(name), "{text}");
    }
    let desk = shift.agents[0].0.desk().await;
    assert_eq!(desk.naming, Naming::Service);
});

shift!(the_name_of_who_answers_is_shown_and_stays_what_it_was, async |shift: Shift| {
    let owner = shift.test.signed_in("owner").await;
    names(&owner, Naming::Nickname).await;
    shift.comes(0).await;
    let (mut customer, chat) = shift.waits("교환하고 싶어요").await;
    customer.named = true;
    let mut window = customer.visitor_socket(None).await;
    delegated(&shift, chat).await;
    // At once, as it is said.
    let mut live = Vec::new();
    while live.len() < 2 {
        let events = window.until(|frame| if let VisitorFrame::Events { events, .. } = frame { Some(events) } else { None }).await;
        live.extend(said(events.into_iter().map(|logged| logged.event)));
    }
    let mut all = vec![by("확인해 볼게요", Some(NICKNAMES[0])), by("제가 이어서 볼게요", Some(NICKNAMES[1]))];
    assert_eq!(live, all);

    // Who is renamed, or has no name, is read so from then on.
    nickname(&owner, "agent2", "새봄").await;
    let again = ClientId(Uuid::now_v7());
    let sent = shift.agents[1].0.reply_as(chat, again, "이름을 바꿨어요").await.unwrap();
    all.push(by("이름을 바꿨어요", Some("새봄")));
    nickname(&owner, "agent2", "").await;
    shift.agents[1].0.reply(chat, "이름이 없어요").await.unwrap();
    all.push(by("이름이 없어요", None));
    // So is everybody when the service speaks again. What is sent twice stays the first one.
    nickname(&owner, "agent2", NICKNAMES[1]).await;
    names(&owner, Naming::Service).await;
    shift.agents[1].0.reply(chat, "서비스가 말해요").await.unwrap();
    all.push(by("서비스가 말해요", None));
    assert_eq!(shift.agents[1].0.reply_as(chat, again, "이름을 바꿨어요").await, Ok(sent));

    // Whatever way he reads it: new, further back, without script, and what he takes along.
    let read = read(&customer).await;
    assert_eq!((read[0].1.as_deref(), &read[1..]), (None, &all[..]), "the greeting is the service's");
    let earlier = json!({ "request": { "widget": "demo", "chat": chat, "before": 1_000 } });
    let earlier: EarlierEvents = customer.ask("visitor/earlier", &earlier).await.unwrap();
    assert_eq!(said(earlier.events.into_iter().map(|logged| logged.event)), read);
    let text = transcript(&customer, chat).await;
    for (said, name) in &read[1..] {
        let line = format!("] {}: {said}", name.as_deref().unwrap_or(SERVICE));
        assert!(text.contains(&line), "{line} in {text}");
    }
    let token = customer.token.take().unwrap();
    customer.cookie = Some(format!("__Host-damso-visitor-demo={token}"));
    let page = customer.get("/w/demo?lang=ko").await.text().await.unwrap();
    for name in [NICKNAMES[0], NICKNAMES[1], "새봄", SERVICE] {
        assert!(page.contains(&format!("aria-label=\"{name}\"")), "{name} in {page}");
    }
    assert!(!page.contains("상담원1") && !page.contains("부탁해요"), "{page}");

    // The log says it all: the row is what comes of it, and agents read each other's own names.
    let thread: Thread = shift.agents[1].0.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
    let row = shift.chat(chat).await;
    let from = Chat::intake(row.id, row.service, thread.card.chat.queue, row.visitor, String::new(), row.intake_at).0;
    let from = Chat { state: State::Intake { since: row.intake_at }, seq: 0, public_seq: 0, ..from };
    assert_eq!(thread.events.iter().fold(from, |chat, logged| chat.apply(&logged.event, logged.at)), row);
    let stored = thread.events.iter().filter(|logged| matches!(logged.event, Event::Message { nickname: Some(_), .. })).count();
    assert_eq!(stored, 3);
    let colleagues = shift.agents[0].0.desk().await.colleagues;
    assert!(colleagues.iter().any(|c| c.name == "상담원2" && c.nickname == NICKNAMES[1]));
});

both!(each_of_a_batch_has_the_name_of_its_own_writer, async |test: TestApp| {
    let owner = test.signed_in("owner").await;
    names(&owner, Naming::Nickname).await;
    nickname(&owner, "agent3", "").await;
    let agents = [test.signed_in("agent1").await, test.signed_in("agent2").await, test.signed_in("agent3").await];
    let mut customers = Vec::new();
    for _ in 0..9 {
        let mut customer = test.visitor().await;
        customer.named = true;
        let chat = customer.say("여러 명이 한꺼번에").await.unwrap().chat;
        customers.push((customer, chat));
    }
    let replies = customers.iter().enumerate().map(|(n, (_, chat))| agents[n % 3].reply(*chat, "네"));
    for sent in futures_util::future::join_all(replies).await {
        sent.unwrap();
    }
    for (n, (customer, _)) in customers.iter().enumerate() {
        let expected = [Some(NICKNAMES[0]), Some(NICKNAMES[1]), None][n % 3];
        assert_eq!(read(customer).await.pop(), Some(by("네", expected)), "{n}");
    }
});

both!(it_is_an_admins_to_choose_and_consoles_learn_of_it, async |test: TestApp| {
    let (owner, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let ChatPage { texts, defaults, .. } = owner.ask("settings/chat", &json!({})).await.unwrap();
    assert_eq!((texts.value.naming, defaults.naming), (Naming::Service, Naming::Service));
    let value = ChatTexts { naming: Naming::Nickname, ..texts.value.clone() };
    let save = json!({ "over": 0, "value": value });
    assert_eq!(agent.ask::<Value>("settings/chat/save", &save).await, Err(ApiError::Forbidden));
    let mut odd = save.clone();
    odd["value"]["naming"] = json!("account");
    assert!(!owner.post("settings/chat/save", &odd).await.status().is_success());

    let before = agent.desk().await;
    let mut console = agent.agent_socket(before.service.id, before.seq).await;
    let Saved::Done(page) = owner.ask::<Saved<Versioned<ChatTexts>>>("settings/chat/save", &save).await.unwrap() else { panic!() };
    assert_eq!((page.version, page.value.naming), (1, Naming::Nickname));
    console.until(|frame: damso::protocol::AgentFrame| matches!(frame, damso::protocol::AgentFrame::Reset).then_some(())).await;
    let after = agent.desk().await;
    assert!(after.naming == Naming::Nickname && after.about != before.about);
    nickname(&owner, "agent1", "새봄").await;
    let renamed = agent.desk().await;
    assert!(renamed.about != after.about && renamed.colleagues.iter().any(|c| c.nickname == "새봄"));

    // Who began before that is told, and changes nothing.
    let late = json!({ "over": 0, "value": ChatTexts { rating: false, ..texts.value } });
    let Saved::Stale(page) = owner.ask::<Saved<Versioned<ChatTexts>>>("settings/chat/save", &late).await.unwrap() else { panic!() };
    assert_eq!((page.version, page.value.naming, page.value.rating), (1, Naming::Nickname, true));
});

both!(a_mailed_conversation_has_the_names_that_were_read, async |plain: TestApp| {
    let (test, mut got) = mail::with_mail(plain.kind(), 0).await;
    names(&test.signed_in("owner").await, Naming::Nickname).await;
    let (agent, mut customer) = (test.signed_in("agent1").await, test.visitor().await);
    customer.named = true;
    let chat = customer.say("메일로 주세요").await.unwrap().chat;
    agent.reply(chat, "보내 드릴게요").await.unwrap();
    let contact = damso::domain::contact::Contact { email: "kim@shop.example".into(), ..Default::default() };
    test.app
        .db
        .write(async |tx| {
            let visitor = db::chats::find(tx, chat).await?.unwrap().visitor;
            db::visitors::set_contact(tx, visitor, &contact).await
        })
        .await
        .unwrap();
    let (status, html) = customer.form("/w/demo/transcript", &[("lang", "ko"), ("chat", &chat.to_string()), ("to", "mail")]).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    let mail = mail::text(&got.recv().await.unwrap().mail);
    assert!(mail.contains(&format!("] {}: 보내 드릴게요", NICKNAMES[0])) && mail.contains("나: 메일로 주세요"), "{mail}");
});
