//! The front door over HTTP and its socket: what decides it, what is asked for at it, and
//! the 1:1 문의 beside it.

use crate::{
    both,
    support::{Client, Socket, TestApp},
};
use damso::{
    api::{
        ApiError, Problem,
        inquiries::{InquiryDetail, InquiryRow},
        settings::{ChatPage, HelpPage, HoursPage, Readiness, Saved, Step, Versioned},
    },
    domain::{
        availability::{Door, Shut},
        calendar::{Calendar, Date, Exception, Holiday, Opening, Span, opening::Hours},
        chat::Refused,
        ids::QueueId,
        permission::Right,
        presence::Status,
        settings::{Ask, ChatTexts},
        time::{DAY, MINUTE},
    },
    protocol::{AgentFrame, DoorFrame, Hello, VERSION},
    server::{actions::door, db},
};
use rand::{Rng as _, SeedableRng as _};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

fn date(text: &str) -> Date {
    Date(text.to_owned())
}

/// A page at the door, after its first frame.
async fn at_the_door(test: &TestApp) -> (Socket, String) {
    let mut socket = test.anyone().socket().await;
    socket.say(&Hello::Door { version: VERSION, widget: "demo".into() }).await;
    let DoorFrame::Door { is, open } = socket.frame().await;
    assert_eq!(open, test.anyone().consent("").await.is_some());
    (socket, is)
}

/// Reads on until the door is another one than `was`; whether it is open then.
async fn changed(socket: &mut Socket, was: &mut String) -> bool {
    let before = was.clone();
    let now;
    (*was, now) = socket.until(|DoorFrame::Door { is, open }| (is != before).then_some((is, open))).await;
    now
}

async fn owner(test: &TestApp) -> Client {
    test.signed_in("owner").await
}

async fn texts(owner: &Client) -> Versioned<ChatTexts> {
    owner.ask::<ChatPage>("settings/chat", &json!({})).await.unwrap().texts
}

async fn save_texts(owner: &Client, change: impl FnOnce(&mut ChatTexts)) {
    let mut page = texts(owner).await;
    change(&mut page.value);
    let saved: Saved<Versioned<ChatTexts>> =
        owner.ask("settings/chat/save", &json!({ "over": page.version, "value": page.value })).await.unwrap();
    assert!(matches!(saved, Saved::Done(_)));
}

/// Everybody's rows of a query with one text and two numbers in each.
async fn consents(test: &TestApp) -> Vec<(String, i64, String)> {
    let sql = "SELECT t.language, t.version, c.address FROM consent c JOIN consent_text t ON t.id = c.text_id ORDER BY c.at, t.version";
    match &test.app.db {
        db::Db::Sqlite { read, .. } => sqlx::query_as(sql).fetch_all(read).await.unwrap(),
        db::Db::Postgres(pool) => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
    }
}

both!(nothing_is_taken_before_the_consent_and_the_consent_is_kept, async |test: TestApp| {
    let customer = test.visitor().await;
    let send = json!({ "request": { "widget": "demo", "client_id": Uuid::now_v7(), "text": "동의 없이" } });
    let refused = customer.ask::<Value>("visitor/send", &send).await;
    assert_eq!(refused, Err(ApiError::Refused(Refused::NoChat)));
    // Without, or with another wording than the one that counts, no chat begins.
    for (consent, words) in [("", "입력해 주세요."), ("000000000000000000000000", "내용이 바뀌었습니다.")] {
        let (status, html) = customer.start(&[("lang", "ko"), ("consent", consent)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(html.contains("field-problem") && html.contains(words), "{words}: {html}");
    }
    assert!(consents(&test).await.is_empty());

    let first = customer.begin().await.unwrap();
    assert_eq!(customer.begin().await.unwrap().chat, first.chat, "pressed twice, it is one chat");
    let sent = customer.say("안녕하세요").await.unwrap();
    assert_eq!(sent.chat, first.chat);
    assert_eq!(consents(&test).await, [("ko".to_owned(), 1, "127.0.0.1".to_owned())]);

    // The same wording is the same version, another one is the next.
    test.visitor().await.begin().await.unwrap();
    save_texts(&owner(&test).await, |texts| texts.retention_days = 30).await;
    let old = customer.consent("").await;
    test.visitor().await.begin().await.unwrap();
    assert!(old.is_some());
    let versions: Vec<i64> = consents(&test).await.into_iter().map(|(_, version, _)| version).collect();
    assert_eq!(versions, [1, 1, 2]);
});

both!(the_greeting_comes_once_and_before_any_agent, async |test: TestApp| {
    let customer = test.visitor().await;
    let begun = customer.begin().await.unwrap();
    let mut socket = customer.visitor_socket(None).await;
    let shown: Value = socket.frame().await;
    let events = shown["chat"]["events"].as_array().unwrap().clone();
    assert_eq!((events.len(), events[0]["kind"].as_str(), events[1]["mine"].as_bool()), (2, Some("intake"), Some(false)));
    assert!(events[1]["text"].as_str().unwrap().contains("데모 스토어"));
    // Nobody at the desk is asked before the customer has said a word.
    let agent = test.signed_in("agent1").await;
    assert!(agent.desk().await.cards.is_empty());
    customer.say("안녕하세요").await.unwrap();
    let desk = agent.desk().await;
    assert_eq!((desk.cards.len(), desk.cards[0].chat.id, desk.cards[0].chat.agent_messages), (1, begun.chat, 0));
});

both!(everything_that_shuts_the_door_is_told_at_once_and_checked_again, async |test: TestApp| {
    let owner = owner(&test).await;
    let (mut socket, mut is) = at_the_door(&test).await;
    let customer = test.visitor().await;
    let consent = customer.consent("").await.unwrap();
    let service = owner.desk().await.service;
    let edit = |chat: bool| {
        json!({
            "service": service.id,
            "was": { "name": service.name, "zone": service.zone, "languages": service.languages, "contract": { "chat": !chat, "security": true } },
            "now": { "name": service.name, "zone": service.zone, "languages": service.languages, "contract": { "chat": chat, "security": true } },
        })
    };
    let queue = owner.desk().await.queues[0].id;
    let rows: Value = owner.ask("members/list", &json!({})).await.unwrap();
    let of = |who: &str| rows.as_array().unwrap().iter().find(|m| m["email"] == format!("{who}@example.com")).unwrap().clone();
    let (account, profile) = (of("agent3")["account"].clone(), of("agent3")["profile"].clone());
    let mut mute = profile.clone();
    mute["rights"] = json!([Right::Ticket]);
    let hours = |closed: bool| {
        let (first, last) = (date("2020-01-01"), date("2099-12-31"));
        let exceptions = if closed { vec![Exception { first, last, name: "휴무".into(), spans: Vec::new() }] } else { Vec::new() };
        json!(Calendar { exceptions, ..Calendar::default() })
    };
    let agent3 = test.signed_in("agent3").await;
    type Act<'a> = (&'a Client, &'a str, Value);
    let ways: Vec<(&str, Act<'_>, Act<'_>)> = vec![
        ("stop", (&owner, "settings/hours/stop", json!({ "stopped": true })), (&owner, "settings/hours/stop", json!({ "stopped": false }))),
        (
            "hours",
            (&owner, "settings/hours/save", json!({ "queue": null, "over": 0, "value": hours(true) })),
            (&owner, "settings/hours/save", json!({ "queue": null, "over": 1, "value": hours(false) })),
        ),
        (
            "own hours",
            (&owner, "settings/hours/save", json!({ "queue": queue, "over": 0, "value": hours(true) })),
            (&owner, "settings/hours/save", json!({ "queue": queue, "over": 1, "value": null })),
        ),
        (
            "queue",
            (&owner, "queues/activate", json!({ "queue": queue, "active": false, "confirmed": true })),
            (&owner, "queues/activate", json!({ "queue": queue, "active": true, "confirmed": true })),
        ),
        (
            "seat",
            (&owner, "queues/assign", json!({ "changes": [{ "queue": queue, "account": account, "on": false }] })),
            (&owner, "queues/assign", json!({ "changes": [{ "queue": queue, "account": account, "on": true }] })),
        ),
        (
            "allocation",
            (&owner, "members/allocate", json!({ "changes": [{ "account": account, "on": false, "own": false }] })),
            (&owner, "members/allocate", json!({ "changes": [{ "account": account, "on": true, "own": false }] })),
        ),
        (
            "right",
            (&owner, "members/save", json!({ "account": account, "was": profile, "profile": mute })),
            (&owner, "members/save", json!({ "account": account, "was": mute, "profile": profile })),
        ),
        (
            "break",
            (&agent3, "presence/set", json!({ "status": Status::Break })),
            (&agent3, "presence/set", json!({ "status": Status::Online })),
        ),
        (
            "widget",
            (&owner, "settings/widget/save", json!({ "over": 0, "value": { "active": false, "origins": [], "identity_required": false } })),
            (&owner, "settings/widget/save", json!({ "over": 1, "value": { "active": true, "origins": [], "identity_required": false } })),
        ),
        ("contract", (&owner, "organization/services/save", edit(false)), (&owner, "organization/services/save", edit(true))),
    ];
    for (what, (who, shut, body), (back, open, again)) in ways {
        let answer = who.post(shut, &body).await;
        assert_eq!(answer.status(), StatusCode::OK, "{what}: {}", answer.text().await.unwrap());
        assert!(!changed(&mut socket, &mut is).await, "{what}");
        let (status, _) = customer.start(&[("lang", "ko"), ("consent", &consent)]).await;
        assert!(status.is_client_error(), "{what}: {status}");
        let answer = back.post(open, &again).await;
        assert_eq!(answer.status(), StatusCode::OK, "{what}: {}", answer.text().await.unwrap());
        assert!(changed(&mut socket, &mut is).await, "{what}");
        assert!(customer.consent("").await.is_some(), "{what}: open again");
    }
    customer.begin().await.unwrap();
});

both!(a_full_team_keeps_the_door_open, async |test: TestApp| {
    let owner = owner(&test).await;
    let rows: Value = owner.ask("members/list", &json!({})).await.unwrap();
    let row = rows.as_array().unwrap().iter().find(|m| m["email"] == "agent3@example.com").unwrap().clone();
    let mut full = row["profile"].clone();
    full["chats_at_once"] = json!(0);
    owner.ask::<Value>("members/save", &json!({ "account": row["account"], "was": row["profile"], "profile": full })).await.unwrap();
    test.visitor().await.say("기다릴게요").await.unwrap();
});

both!(who_closes_the_console_is_gone_soon_and_comes_back_as_he_was, async |test: TestApp| {
    // Nobody but agent1.
    let agent3 = test.signed_in("agent3").await;
    agent3.ask::<Status>("presence/set", &json!({ "status": Status::Offline })).await.unwrap();
    let (mut socket, mut is) = at_the_door(&test).await;
    let agent = test.signed_in("agent1").await;
    let desk = agent.desk().await;
    assert_eq!(desk.status, Status::Offline, "a new sign-in begins offline");
    let console = agent.agent_socket(desk.service.id, desk.seq).await;
    agent.ask::<Status>("presence/set", &json!({ "status": Status::Online })).await.unwrap();
    changed(&mut socket, &mut is).await;
    assert!(test.anyone().consent("").await.is_some());
    // A second tab keeps him there.
    let mut second = agent.agent_socket(desk.service.id, desk.seq).await;
    drop(console);
    agent.ask::<Status>("presence/set", &json!({ "status": Status::Break })).await.unwrap();
    second.until(|frame: AgentFrame| (frame == AgentFrame::Status { status: Status::Break, rested: false, by: None }).then_some(())).await;
    changed(&mut socket, &mut is).await;
    agent.ask::<Status>("presence/set", &json!({ "status": Status::Online })).await.unwrap();
    changed(&mut socket, &mut is).await;
    // The last one closes: the door shuts by itself when nobody came back.
    drop(second);
    changed(&mut socket, &mut is).await;
    assert!(test.anyone().consent("").await.is_none());
    let _third = agent.agent_socket(desk.service.id, desk.seq).await;
    changed(&mut socket, &mut is).await;
    assert_eq!(agent.desk().await.status, Status::Online, "kept over a reload");
    // Deactivated, he is gone at once.
    let owner = owner(&test).await;
    let body = json!({ "account": desk.me.account, "owner": false, "deactivated": true });
    assert_eq!(owner.post("organization/people/standing", &body).await.status(), StatusCode::OK);
    changed(&mut socket, &mut is).await;
    assert!(test.anyone().consent("").await.is_none());
});

both!(a_customer_is_served_in_a_language_of_the_service, async |test: TestApp| {
    let owner = owner(&test).await;
    let service = owner.desk().await.service;
    let edit =
        |languages: Value| json!({ "name": service.name, "zone": service.zone, "languages": languages, "contract": service.contract });
    let body = json!({ "service": service.id, "was": edit(json!(["ko", "en"])), "now": edit(json!(["ko"])) });
    assert_eq!(owner.post("organization/services/save", &body).await.status(), StatusCode::OK);
    let customer = test.visitor().await;
    let door = customer.get("/w/demo/front?lang=en").await.text().await.unwrap();
    assert!(door.contains("동의하고 상담 시작"), "{door}");
    let (_, rest) = door.split_once("name=\"consent\" value=\"").unwrap();
    let consent = rest.split('"').next().unwrap();
    assert_eq!(customer.start(&[("lang", "en"), ("consent", consent)]).await.0, StatusCode::OK);
    assert_eq!(consents(&test).await[0].0, "ko");
});

both!(of_several_queues_the_customer_chooses, async |test: TestApp| {
    let owner = owner(&test).await;
    owner.ask::<Value>("queues/create", &json!({ "name": { "ko": "<b>환불</b>", "en": "Refunds" } })).await.unwrap();
    let rows: Value = owner.ask("queues/list", &json!({})).await.unwrap();
    let queue: QueueId = serde_json::from_value(rows.as_array().unwrap().last().unwrap()["queue"]["id"].clone()).unwrap();
    owner.ask::<Value>("queues/activate", &json!({ "queue": queue, "active": true, "confirmed": true })).await.unwrap();
    let customer = test.visitor().await;
    let door = customer.door("").await;
    assert!(door.contains("&lt;b&gt;환불&lt;/b&gt;") && !door.contains("<b>환불"), "{door}");
    let consent = customer.consent("").await.unwrap();
    let start = async |queue: Option<QueueId>| {
        let queue = queue.map(|q| q.to_string()).unwrap_or_default();
        let mut fields = vec![("lang", "ko"), ("consent", consent.as_str())];
        if !queue.is_empty() {
            fields.push(("queue", &queue));
        }
        customer.start(&fields).await.0
    };
    // Nobody sits in the new one, and with two there is no default.
    assert_eq!(start(Some(queue)).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(start(None).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(start(Some(QueueId(Uuid::now_v7()))).await, StatusCode::UNPROCESSABLE_ENTITY);
    let members: Value = owner.ask("members/list", &json!({})).await.unwrap();
    let account = members.as_array().unwrap().iter().find(|m| m["email"] == "agent3@example.com").unwrap()["account"].clone();
    owner.ask::<Value>("queues/assign", &json!({ "changes": [{ "queue": queue, "account": account, "on": true }] })).await.unwrap();
    assert_eq!(start(Some(queue)).await, StatusCode::OK);
    customer.say("환불해 주세요").await.unwrap();
    assert_eq!(owner.desk().await.cards[0].chat.queue, queue);
});

both!(what_is_asked_for_is_required_and_asked_once, async |test: TestApp| {
    let owner = owner(&test).await;
    save_texts(&owner, |texts| (texts.name, texts.email) = (Ask::Required, Ask::Optional)).await;
    let customer = test.visitor().await;
    let consent = customer.consent("").await.unwrap();
    let (status, html) = customer.start(&[("lang", "ko"), ("consent", &consent), ("email", "minsu@")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("front-name-wrong") && html.contains("front-email-wrong") && html.contains("minsu@"), "{html}");
    let good = [("lang", "ko"), ("consent", consent.as_str()), ("name", "김민수"), ("phone", "010-1234-5678")];
    assert_eq!(customer.start(&good).await.0, StatusCode::OK);
    let door = customer.door("").await;
    assert!(!door.contains("front-name") && door.contains("front-email"), "what he said is not asked again: {door}");
});

both!(an_inquiry_is_stored_once_answered_and_read_by_its_link, async |test: TestApp| {
    let (owner, customer, agent) = (owner(&test).await, test.visitor().await, test.signed_in("agent1").await);
    let consent = customer.consent("ask").await.unwrap();
    let token = "t".repeat(43);
    let post = async |fields: &[(&str, &str)]| customer.form("/w/demo/inquiry", fields).await;
    let (status, html) = post(&[("lang", "ko"), ("token", &token), ("text", " "), ("email", "x")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("front-text-wrong") && html.contains("front-email-wrong"), "{html}");
    let good = [
        ("lang", "ko"),
        ("token", token.as_str()),
        ("consent", consent.as_str()),
        ("text", "<i>배송</i>이 안 왔어요"),
        ("email", "a@b.example"),
    ];
    for _ in 0..2 {
        let (status, html) = post(&good).await;
        assert_eq!(status, StatusCode::OK, "{html}");
        assert!(html.contains("data-done") && html.contains(&token));
    }
    let rows: Vec<InquiryRow> = owner.ask("inquiries", &json!({})).await.unwrap();
    assert_eq!((rows.len(), rows[0].number, rows[0].answered, rows[0].contact.email.as_str()), (1, 1, false, "a@b.example"));
    let answer = json!({ "inquiry": rows[0].id, "client_id": Uuid::now_v7(), "text": "오늘 도착합니다." });
    for _ in 0..2 {
        let detail: InquiryDetail = agent.ask("inquiries/answer", &answer).await.unwrap();
        assert_eq!((detail.messages.len(), detail.row.answered, detail.messages[1].by.as_deref()), (2, true, Some("상담원1")));
    }
    let link = format!("/help/demo/inquiries/{token}?lang=ko");
    let page = test.anyone().get(&link).await.text().await.unwrap();
    assert!(
        page.contains("오늘 도착합니다.") && page.contains("&lt;i&gt;배송") && !page.contains("<i>배송") && !page.contains("상담원1"),
        "{page}"
    );
    // No chat icon there, which would tell agents the address.
    assert!(!page.contains("demo-help.js"));
    // The customer writes again: it waits for an answer again.
    let again = Uuid::now_v7().to_string();
    for _ in 0..2 {
        let (status, _) =
            test.anyone().form(link.split('?').next().unwrap(), &[("client_id", &again), ("text", "감사합니다"), ("lang", "ko")]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
    let detail: InquiryDetail = agent.ask("inquiries/open", &json!({ "inquiry": rows[0].id })).await.unwrap();
    assert_eq!((detail.messages.len(), detail.row.answered), (3, false));
    // Nobody else's link opens it.
    for foreign in [format!("/help/demo/inquiries/{}", "u".repeat(43)), format!("/help/nowhere/inquiries/{token}")] {
        assert_eq!(test.anyone().get(&foreign).await.status(), StatusCode::NOT_FOUND);
    }
    // 1:1 문의 off: the form is refused, and the door shows hours in its place.
    let page: HelpPage = owner.ask("settings/help", &json!({})).await.unwrap();
    let mut help = page.help.value;
    help.inquiry = false;
    help.company.phone = "02-123-4567".into();
    owner.ask::<Value>("settings/help/save", &json!({ "over": 0, "value": help })).await.unwrap();
    owner.ask::<HoursPage>("settings/hours/stop", &json!({ "stopped": true })).await.unwrap();
    let door = customer.door("").await;
    assert!(!door.contains("data-view=\"ask\"") && door.contains("tel:021234567"), "{door}");
    let other = "v".repeat(43);
    let (_, html) = post(&[("token", other.as_str()), ("consent", consent.as_str()), ("text", "또"), ("lang", "ko")]).await;
    assert!(!html.contains("data-done"));
    assert_eq!(owner.ask::<Vec<InquiryRow>>("inquiries", &json!({})).await.unwrap().len(), 1);
});

both!(inquiries_are_the_ticket_rights, async |test: TestApp| {
    let owner = owner(&test).await;
    let rows: Value = owner.ask("members/list", &json!({})).await.unwrap();
    let row = rows.as_array().unwrap().iter().find(|m| m["email"] == "agent2@example.com").unwrap().clone();
    let mut profile = row["profile"].clone();
    profile["rights"] = json!([Right::Chat]);
    owner.ask::<Value>("members/save", &json!({ "account": row["account"], "was": row["profile"], "profile": profile })).await.unwrap();
    let (with, without) = (test.signed_in("agent1").await, test.signed_in("agent2").await);
    let nowhere = json!({ "inquiry": Uuid::now_v7(), "client_id": Uuid::now_v7(), "text": "?" });
    for path in ["inquiries", "inquiries/open", "inquiries/answer"] {
        assert_eq!(without.ask::<Value>(path, &nowhere).await, Err(ApiError::Forbidden), "{path}");
        assert_eq!(test.anyone().ask::<Value>(path, &nowhere).await, Err(ApiError::Unauthenticated), "{path}");
    }
    assert_eq!(with.ask::<Value>("inquiries/open", &nowhere).await, Err(ApiError::NotFound));
    let long = json!({ "inquiry": Uuid::now_v7(), "client_id": Uuid::now_v7(), "text": "가".repeat(8_001) });
    assert_eq!(with.ask::<Value>("inquiries/answer", &long).await.unwrap_err().problem_of("text"), Some(Problem::TooLong));
    assert_eq!(without.ask::<Value>("presence/set", &json!({ "status": "online" })).await, Ok(json!("online")));
});

both!(readiness_says_what_the_door_says, async |test: TestApp| {
    let owner = owner(&test).await;
    let ready: Readiness = owner.ask("settings/readiness", &json!({})).await.unwrap();
    let missing = |ready: &Readiness| ready.checks.iter().filter(|c| !c.done).map(|c| c.step).collect::<Vec<_>>();
    assert!(matches!(ready.door, Door::Open { .. }));
    assert_eq!(missing(&ready), [Step::Snippet]);
    // The loader is asked for by a page of the demo's own site.
    let site = test.origin();
    let asked =
        test.anyone().request(reqwest::Method::GET, "/widget/demo.js").header("referer", format!("{site}/shop")).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::OK);
    let foreign =
        test.anyone().request(reqwest::Method::GET, "/widget/demo.js").header("referer", "https://evil.example/").send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::OK);
    let agent3 = test.signed_in("agent3").await;
    agent3.ask::<Status>("presence/set", &json!({ "status": Status::Break })).await.unwrap();
    let ready: Readiness = owner.ask("settings/readiness", &json!({})).await.unwrap();
    assert_eq!((missing(&ready), ready.seen.map(|(site, _)| site)), (vec![Step::Online], Some(site)));
    assert_eq!(ready.door, Door::Shut(Shut::Absent));
    assert_eq!(agent3.ask::<Value>("settings/readiness", &json!({})).await, Err(ApiError::Forbidden));
});

both!(the_help_centre_follows_its_settings, async |test: TestApp| {
    let owner = owner(&test).await;
    let page = async |path: &str| {
        let answer = test.anyone().get(path).await;
        (answer.status(), answer.text().await.unwrap())
    };
    let (status, html) = page("/help/demo?lang=ko").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("demo-help.js") && html.contains("문의하기") && html.contains("지금 상담할 수 있습니다"), "{html}");
    assert!(page("/help/demo?lang=en").await.1.contains("Contact us"));
    assert_eq!(page("/help/nowhere").await.0, StatusCode::NOT_FOUND);
    assert!(!page("/widget/demo-help.js").await.1.contains("turned off"));
    let mut help = owner.ask::<HelpPage>("settings/help", &json!({})).await.unwrap().help.value;
    (help.icon, help.inquiry) = (false, false);
    help.company.name = "<script>alert(1)</script>".into();
    owner.ask::<Value>("settings/help/save", &json!({ "over": 0, "value": help })).await.unwrap();
    let (_, html) = page("/help/demo?lang=ko").await;
    assert!(!html.contains("demo-help.js") && !html.contains("문의하기") && html.contains("&lt;script&gt;alert"), "{html}");
    assert!(page("/widget/demo-help.js").await.1.contains("turned off"));
    assert_eq!(page("/help/demo/inquiry").await.0, StatusCode::NOT_FOUND);
    // The widget of other sites has a switch of its own (G31).
    assert!(!page("/widget/demo.js").await.1.contains("turned off"));
    let mut bad = owner.ask::<HelpPage>("settings/help", &json!({})).await.unwrap().help.value;
    bad.consent.ko.clear();
    bad.consent.en.clear();
    bad.company.address = "가".repeat(201);
    let wrong = owner.ask::<Value>("settings/help/save", &json!({ "over": 1, "value": bad })).await.unwrap_err();
    assert_eq!((wrong.problem_of("consent.ko"), wrong.problem_of("company.address")), (Some(Problem::Required), Some(Problem::TooLong)));
});

/// The preview of the hours page and the door answer alike, for 10,000 instants (E4).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_preview_is_what_the_door_does() {
    let test = TestApp::start(crate::support::Kind::Sqlite).await;
    // Somebody is 온라인 all the time, as the preview assumes.
    test.staff("agent1", 500 * DAY).await;
    let owner = owner(&test).await;
    let span = |from: u16, to: u16| Span { from, to };
    let mut calendar = Calendar { last_intake: 20, ..Calendar::default() };
    for day in 0..5 {
        calendar.week[day] = vec![span(9 * 60, 12 * 60), span(13 * 60, 18 * 60)];
    }
    // Friday night runs into Saturday.
    calendar.week[4].push(span(22 * 60, 26 * 60));
    calendar.holidays.push(Holiday { date: date("2026-12-25"), name: "성탄절".into() });
    calendar.exceptions.push(Exception {
        first: date("2026-12-20"),
        last: date("2026-12-27"),
        name: "연말".into(),
        spans: vec![span(600, 660)],
    });
    owner.ask::<Value>("settings/hours/save", &json!({ "queue": null, "over": 0, "value": calendar })).await.unwrap();
    let service = owner.desk().await.service;
    let hours = Hours::new(calendar, &service.zone).unwrap();
    let mut random = rand::rngs::StdRng::seed_from_u64(1_122);
    let from = hours.instant_of("2026-11-23T00:00").unwrap();
    let mut open = 0;
    for _ in 0..10_000 {
        let at = from.plus(random.random_range(0..400 * 24 * 60) * MINUTE);
        let preview = hours.at(at);
        let door = test.app.db.look(async |tx| door::look(tx, service.clone(), at).await).await.unwrap().door(true);
        assert_eq!(matches!(door, Door::Open { .. }), preview.takes_chats(), "{at:?}: {preview:?} {door:?}");
        if let Door::Shut(Shut::Hours { opens }) = door {
            let told = match preview {
                Opening::Closed { opens } | Opening::ClosingSoon { opens, .. } => opens,
                Opening::Open { .. } => panic!("{at:?}"),
            };
            assert_eq!(opens, told, "{at:?}");
        }
        open += u32::from(preview.takes_chats());
    }
    assert!((1_000..9_000).contains(&open), "both happen: {open}");
}
