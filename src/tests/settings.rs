//! 서비스 관리 over HTTP: who may, what is kept, what is refused.

use crate::{
    both,
    support::{Client, TestApp},
};
use damso::{
    api::{
        ApiError, Problem,
        members::MemberRow,
        queues::{QueueRow, SeatPlan},
        settings::{ChatPage, HoursPage, Saved, Versioned, WidgetPage},
    },
    domain::{
        calendar::{Calendar, CalendarProblem, Opening, Span},
        category::Tree,
        chat::State,
        ids::{AccountId, BlockId, CannedId, CategoryId, IdentityKeyId, QueueId},
        permission::{Right, Role},
        service::{Localized, Rule},
        settings::{ChatTexts, OpeningHours, Routing},
    },
};
use reqwest::{Method, header};
use serde_json::{Value, json};
use uuid::Uuid;

/// Every action of 서비스 관리, with a body that is good but for ids that nobody has.
pub fn actions() -> Vec<(&'static str, Value)> {
    let (queue, account, category) = (QueueId(Uuid::now_v7()), AccountId(Uuid::now_v7()), CategoryId(Uuid::now_v7()));
    let canned = CannedId(Uuid::now_v7());
    let name = json!({ "ko": "이름", "en": "" });
    let profile = json!({ "role": "agent", "rights": [], "nickname": "", "chats_at_once": 5 });
    let calendar = json!(Calendar::default());
    vec![
        ("queues/list", json!({})),
        ("queues/create", json!({ "name": name })),
        ("queues/rename", json!({ "queue": queue, "was": name, "name": name })),
        ("queues/move", json!({ "queue": queue, "to": 0 })),
        ("queues/activate", json!({ "queue": queue, "active": false, "confirmed": true })),
        ("queues/delete", json!({ "queue": queue })),
        ("queues/seats", json!({})),
        ("queues/assign", json!({ "changes": [{ "queue": queue, "account": account, "on": true }] })),
        ("members/list", json!({})),
        ("members/save", json!({ "account": account, "was": profile, "profile": profile })),
        ("members/allocate", json!({ "changes": [{ "account": account, "on": false, "own": false }] })),
        ("settings/chat", json!({})),
        (
            "settings/chat/save",
            json!({ "over": 0, "value": damso::server::actions::settings::default_texts(&Localized { ko: "상점".into(), en: String::new() }) }),
        ),
        ("settings/routing", json!({})),
        ("settings/routing/save", json!({ "over": 0, "value": Routing::default() })),
        ("settings/hours", json!({ "queue": null })),
        ("settings/hours/save", json!({ "queue": queue, "over": 0, "value": calendar })),
        ("settings/hours/stop", json!({ "stopped": true })),
        ("settings/hours/at", json!({ "calendar": calendar, "local": "2026-11-23T09:00" })),
        ("settings/widget", json!({})),
        ("settings/widget/save", json!({ "over": 0, "value": { "active": false, "origins": [], "identity_required": false } })),
        ("settings/identity/make", json!({})),
        ("settings/identity/delete", json!({ "key": IdentityKeyId(Uuid::now_v7()) })),
        ("settings/appearance/save", json!({ "over": 0, "value": { "side": "left", "color": "#000000", "launcher": name } })),
        ("settings/readiness", json!({})),
        ("settings/help", json!({})),
        (
            "settings/help/save",
            json!({ "over": 0, "value": damso::server::actions::settings::default_help(&Localized { ko: "상점".into(), en: String::new() }) }),
        ),
        ("canned/list", json!({})),
        ("canned/create", json!({ "scope": "shared", "words": { "shortcut": "배송", "text": name } })),
        ("canned/save", json!({ "scope": "shared", "canned": canned, "over": 1, "words": { "shortcut": "배송", "text": name } })),
        ("canned/delete", json!({ "scope": "shared", "canned": canned, "over": 1 })),
        ("blocks/list", json!({})),
        ("blocks/lift", json!({ "block": BlockId(Uuid::now_v7()) })),
        ("settings/closing/save", json!({ "over": 0, "value": { "category_required": true } })),
        ("tags/list", json!({})),
        ("tags/create", json!({ "name": "환불" })),
        ("tags/rename", json!({ "tag": canned, "was": "환불", "name": "교환" })),
        ("tags/delete", json!({ "tag": canned, "tickets": 0 })),
        ("categories/page", json!({})),
        ("categories/list", json!({})),
        ("categories/create", json!({ "parent": null, "name": name })),
        ("categories/rename", json!({ "category": category, "was": name, "name": name })),
        ("categories/move", json!({ "category": category, "to": 0 })),
        ("categories/delete", json!({ "category": category })),
    ]
}

both!(only_an_admin_changes_settings_and_foreign_ids_tell_nothing, async |test: TestApp| {
    let (stranger, agent, admin) = (test.anyone(), test.signed_in("agent1").await, test.signed_in("owner").await);
    let visitor = test.visitor().await;
    for (action, body) in actions() {
        // Agents pick from the categories and the canned replies.
        let by_agent = if matches!(action, "categories/list" | "canned/list") { 200 } else { 403 };
        for (who, client, status) in [("stranger", &stranger, 401), ("visitor", &visitor, 401), ("agent", &agent, by_agent)] {
            assert_eq!(client.post(action, &body).await.status(), status, "{action} by a {who}");
        }
        // An id that is nobody's and one of another service are one to the program: both are looked for among one's own.
        let own = [
            "list",
            "create",
            "seats",
            "settings/chat",
            "settings/chat/save",
            "settings/routing",
            "settings/hours/stop",
            "settings/hours/at",
            "settings/widget",
            "settings/identity/make",
            "settings/closing",
            "categories/page",
            "settings/readiness",
            "settings/help",
            "appearance",
        ];
        let named = !own.iter().any(|own| action.contains(own)) && action != "settings/hours";
        let expected = if named { 404 } else { 200 };
        assert_eq!(admin.post(action, &body).await.status(), expected, "{action} by an admin");
    }
    // Unknown fields are refused.
    let odd = admin
        .post(
            "settings/appearance/save",
            &json!({ "over": 1, "value": { "side": "left", "color": "#000000", "launcher": {"ko":"","en":""}, "x": 1 } }),
        )
        .await;
    assert_eq!(odd.status(), 422);
});

fn name(ko: &str, en: &str) -> Value {
    json!({ "ko": ko, "en": en })
}

async fn queues(admin: &Client) -> Vec<QueueRow> {
    admin.ask("queues/list", &json!({})).await.unwrap()
}

both!(a_queue_is_made_switched_placed_renamed_and_deleted, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let made: Vec<QueueRow> = admin.ask("queues/create", &json!({ "name": name(" 배송\u{202e} ", "Delivery") })).await.unwrap();
    let [general, delivery] = &made[..] else { panic!("{made:?}") };
    assert_eq!((delivery.queue.active, delivery.queue.name.ko.as_str()), (false, "배송"), "made inactive, its name cleaned");
    assert_eq!(general.agents, 4);
    for (wrong, field, problem) in [
        (name("배송", ""), "name.ko", Problem::Taken),
        (name("", "GENERAL"), "name.en", Problem::Taken),
        (name(" ", ""), "name.ko", Problem::Required),
        (name("가", &"x".repeat(41)), "name.en", Problem::TooLong),
    ] {
        let error = admin.ask::<Vec<QueueRow>>("queues/create", &json!({ "name": wrong })).await.unwrap_err();
        assert_eq!(error.problem_of(field), Some(problem), "{wrong}");
    }
    let id = delivery.queue.id;
    let rename = json!({ "queue": id, "was": name("배송", "Delivery"), "name": name("배송 문의", "Delivery") });
    let renamed: Vec<QueueRow> = admin.ask("queues/rename", &rename).await.unwrap();
    assert_eq!(renamed[1].queue.name.ko, "배송 문의");
    // The second of two admins saw the old name.
    assert_eq!(admin.ask::<Vec<QueueRow>>("queues/rename", &rename).await, Err(ApiError::Rule(Rule::Stale)));
    let moved: Vec<QueueRow> = admin.ask("queues/move", &json!({ "queue": id, "to": 0 })).await.unwrap();
    assert_eq!(moved[0].queue.id, id);
    assert_eq!(queues(&admin).await, moved);
    let gone: Vec<QueueRow> = admin.ask("queues/delete", &json!({ "queue": id })).await.unwrap();
    assert_eq!(gone.len(), 1);
    assert_eq!(admin.ask::<Vec<QueueRow>>("queues/delete", &json!({ "queue": id })).await, Err(ApiError::NotFound));
});

both!(a_queue_with_chats_asks_before_it_stops_and_hands_them_on, async |test: TestApp| {
    let (admin, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let first = queues(&admin).await[0].queue.id;
    let (waiting, talking) = (test.visitor().await, test.visitor().await);
    let chat = waiting.say("기다려요").await.unwrap().chat;
    let started = talking.say("얘기 중").await.unwrap().chat;
    agent.ask::<Value>("chats/start", &json!({ "chat": started })).await.unwrap();
    let stop = |confirmed| json!({ "queue": first, "active": false, "confirmed": confirmed });
    let asked = admin.ask::<Vec<QueueRow>>("queues/activate", &stop(false)).await;
    assert_eq!(asked, Err(ApiError::Rule(Rule::AsksFirst { waiting: 1, last: true })));
    assert_eq!(
        admin.ask::<Vec<QueueRow>>("queues/delete", &json!({ "queue": first })).await,
        Err(ApiError::Rule(Rule::OpenChats { chats: 2 }))
    );

    let made: Vec<QueueRow> = admin.ask("queues/create", &json!({ "name": name("두 번째", "") })).await.unwrap();
    let second = made[1].queue.id;
    let _: Vec<QueueRow> = admin.ask("queues/activate", &json!({ "queue": second, "active": true, "confirmed": false })).await.unwrap();
    let asked = admin.ask::<Vec<QueueRow>>("queues/activate", &stop(false)).await;
    assert_eq!(asked, Err(ApiError::Rule(Rule::AsksFirst { waiting: 1, last: false })));
    assert!(queues(&admin).await[0].queue.active, "the question changed nothing");
    // Who shall answer there has to sit there.
    let members: Vec<MemberRow> = admin.ask("members/list", &json!({})).await.unwrap();
    let seat = |who: &str| {
        let account = members.iter().find(|m| m.email == who).unwrap().account;
        json!({ "changes": [{ "queue": second, "account": account, "on": true }] })
    };
    let _: SeatPlan = admin.ask("queues/assign", &seat("agent1@example.com")).await.unwrap();
    let seq = agent.desk().await.seq;
    let mut socket = agent.agent_socket(agent.desk().await.service.id, seq).await;
    let after: Vec<QueueRow> = admin.ask("queues/activate", &stop(true)).await.unwrap();
    assert_eq!((after[0].queue.active, after[0].waiting, after[1].waiting), (false, 0, 1));
    // The desk learns where the chat stands now, the customer sees nothing of it.
    let moved = socket
        .until(|frame: damso::protocol::AgentFrame| match frame {
            damso::protocol::AgentFrame::Events { events, .. } => events.into_iter().next(),
            _ => None,
        })
        .await;
    assert_eq!((moved.chat, moved.event.kind(), moved.public), (chat, "queued", None));
    let desk = agent.desk().await;
    let card = desk.cards.iter().find(|c| c.chat.id == chat).unwrap();
    assert_eq!(card.chat.queue, second);
    assert!(matches!(card.chat.state, State::Waiting { .. }));
    assert_eq!(desk.cards.iter().find(|c| c.chat.id == started).unwrap().chat.queue, first, "what an agent has stays");
    // New chats enter the active one, once somebody is there for it.
    let _: SeatPlan = admin.ask("queues/assign", &seat("agent3@example.com")).await.unwrap();
    let later = test.visitor().await.say("나중에").await.unwrap().chat;
    assert_eq!(agent.desk().await.cards.iter().find(|c| c.chat.id == later).unwrap().chat.queue, second);
});

both!(seats_are_changed_together_or_not_at_all, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let plan: SeatPlan = admin.ask("queues/seats", &json!({})).await.unwrap();
    let (queue, someone) = (plan.queues[0].id, plan.agents[1].account);
    assert_eq!(plan.seats.len(), 4);
    let seat = |account: AccountId, on| json!({ "queue": queue, "account": account, "on": on });
    let foreign = admin.post("queues/assign", &json!({ "changes": [seat(someone, false), seat(AccountId(Uuid::now_v7()), true)] })).await;
    assert_eq!(foreign.status(), 404);
    let same: SeatPlan = admin.ask("queues/seats", &json!({})).await.unwrap();
    assert_eq!(same, plan);
    let changed: SeatPlan = admin.ask("queues/assign", &json!({ "changes": [seat(someone, false), seat(someone, false)] })).await.unwrap();
    assert!(!changed.seats.contains(&(queue, someone)) && changed.seats.len() == 3);
});

both!(rights_change_at_once_and_the_last_admin_stays, async |test: TestApp| {
    let (admin, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let rows: Vec<MemberRow> = admin.ask("members/list", &json!({})).await.unwrap();
    let me = rows.iter().find(|r| r.me).unwrap();
    let one = rows.iter().find(|r| r.email == "agent1@example.com").unwrap();
    let save = |row: &MemberRow, profile: &damso::domain::permission::Profile| json!({ "account": row.account, "was": row.profile, "profile": profile });

    let mut demoted = me.profile.clone();
    demoted.role = Role::Agent;
    assert_eq!(admin.ask::<Vec<MemberRow>>("members/save", &save(me, &demoted)).await, Err(ApiError::Rule(Rule::LastAdmin)));
    let mut wrong = one.profile.clone();
    wrong.chats_at_once = 21;
    let error = admin.ask::<Vec<MemberRow>>("members/save", &save(one, &wrong)).await.unwrap_err();
    assert_eq!(error.problem_of("chats_at_once"), Some(Problem::OutOfRange));

    let mut without = one.profile.clone();
    without.rights.remove(&Right::Chat);
    let mut socket = agent.agent_socket(agent.desk().await.service.id, agent.desk().await.seq).await;
    let _: Vec<MemberRow> = admin.ask("members/save", &save(one, &without)).await.unwrap();
    socket.until(|frame: damso::protocol::AgentFrame| matches!(frame, damso::protocol::AgentFrame::Reset).then_some(())).await;
    let chat = test.visitor().await.say("누구 없나요").await.unwrap().chat;
    assert_eq!(agent.ask::<Value>("chats/start", &json!({ "chat": chat })).await, Err(ApiError::Forbidden));
    // Somebody who still shows the old rights must look again.
    assert_eq!(admin.ask::<Vec<MemberRow>>("members/save", &save(one, &one.profile)).await, Err(ApiError::Rule(Rule::Stale)));

    // Two admins, a switch each: neither takes the other's back.
    let mut after: Vec<MemberRow> = Vec::new();
    for switch in [json!({ "account": one.account, "own": true }), json!({ "account": one.account, "on": false })] {
        after = admin.ask("members/allocate", &json!({ "changes": [switch] })).await.unwrap();
    }
    let now = after.iter().find(|r| r.account == one.account).unwrap();
    assert_eq!((now.allocation.on, now.allocation.own), (false, true));
});

both!(a_second_save_is_told_and_changes_nothing, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let ChatPage { texts: start, service, .. } = admin.ask("settings/chat", &json!({})).await.unwrap();
    assert_eq!(service.ko, "데모 스토어");
    assert_eq!((start.version, start.changed), (0, None));
    assert!(
        start.value.consent.ko.contains("{보유기간}") && start.value.greeting.en.contains("Demo Store"),
        "{start:?}",
        start = start.value
    );
    let mut mine = start.value.clone();
    mine.greeting.ko = "어서 오세요".into();
    let first: Saved<Versioned<ChatTexts>> = admin.ask("settings/chat/save", &json!({ "over": 0, "value": mine })).await.unwrap();
    let Saved::Done(done) = first else { panic!("{first:?}") };
    assert_eq!((done.version, done.changed.unwrap().0.as_str()), (1, "조직관리자"));
    let mut theirs = start.value.clone();
    theirs.greeting.ko = "반갑습니다".into();
    let second: Saved<Versioned<ChatTexts>> = admin.ask("settings/chat/save", &json!({ "over": 0, "value": theirs })).await.unwrap();
    let Saved::Stale(stored) = second else { panic!("{second:?}") };
    assert_eq!((stored.version, stored.value.greeting.ko.as_str()), (1, "어서 오세요"));

    let mut empty = start.value.clone();
    empty.consent = Localized::default();
    let error = admin.ask::<Saved<Versioned<ChatTexts>>>("settings/chat/save", &json!({ "over": 1, "value": empty })).await.unwrap_err();
    assert_eq!(error.problem_of("consent.ko"), Some(Problem::Required));
});

both!(hours_are_checked_kept_and_previewed_by_one_function, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let page: HoursPage = admin.ask("settings/hours", &json!({ "queue": null })).await.unwrap();
    assert_eq!(page.now, Opening::Open { until: None }, "no hours: always open (G26)");
    let nine_to_six = vec![Span { from: 9 * 60, to: 18 * 60 }];
    let mut calendar = Calendar::default();
    calendar.week[0] = nine_to_six.clone();
    let at = async |calendar: &Calendar, local: &str| {
        admin.ask::<Opening>("settings/hours/at", &json!({ "calendar": calendar, "local": local })).await
    };
    // 23 November 2026 is a Monday; Seoul is nine hours ahead.
    assert!(
        matches!(at(&calendar, "2026-11-23T09:00").await, Ok(Opening::Open { until: Some(until) }) if until.0 % 86_400_000 == 9 * 3_600_000)
    );
    assert!(matches!(at(&calendar, "2026-11-23T08:59").await, Ok(Opening::Closed { opens: Some(_) })));
    assert!(at(&calendar, "2026-02-30T08:59").await.unwrap_err().problem_of("local") == Some(Problem::NotATime));
    calendar.week[0].push(Span { from: 17 * 60, to: 19 * 60 });
    let wrong =
        admin.ask::<Saved<HoursPage>>("settings/hours/save", &json!({ "queue": null, "over": 0, "value": calendar })).await.unwrap_err();
    assert_eq!(wrong.problem_of("calendar"), Some(Problem::Calendar(CalendarProblem::Overlap)));
    calendar.week[0] = nine_to_six;
    let saved: Saved<HoursPage> = admin.ask("settings/hours/save", &json!({ "queue": null, "over": 0, "value": calendar })).await.unwrap();
    let Saved::Done(page) = saved else { panic!("{saved:?}") };
    assert_eq!(page.hours.value, OpeningHours(Some(calendar)));
    // A queue's own, and gone again.
    let queue = page.queues[0].id;
    let own: HoursPage = admin.ask("settings/hours", &json!({ "queue": queue })).await.unwrap();
    assert_eq!(own.hours.value, OpeningHours(None));
    let always = Calendar::default();
    let saved: Saved<HoursPage> = admin.ask("settings/hours/save", &json!({ "queue": queue, "over": 0, "value": always })).await.unwrap();
    assert!(matches!(saved, Saved::Done(page) if page.now == Opening::Open { until: None }));
    let stopped: HoursPage = admin.ask("settings/hours/stop", &json!({ "stopped": true })).await.unwrap();
    let again: HoursPage = admin.ask("settings/hours/stop", &json!({ "stopped": true })).await.unwrap();
    assert!(stopped.stopped.is_some() && again.stopped == stopped.stopped, "who presses twice is heard once");
    let open: HoursPage = admin.ask("settings/hours/stop", &json!({ "stopped": false })).await.unwrap();
    assert_eq!(open.stopped, None);
});

both!(the_widgets_sites_are_exact_origins, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let origins = ["https://Shop.example/", "", "https://shop.example", "javascript:alert(1)"];
    let save = async |over: u64, origins: &[&str]| {
        let value = json!({ "active": true, "origins": origins, "identity_required": false });
        admin.ask::<Saved<WidgetPage>>("settings/widget/save", &json!({ "over": over, "value": value })).await
    };
    let error = save(0, &origins).await.unwrap_err();
    assert_eq!(error.problem_of("origins.3"), Some(Problem::NotAnOrigin));
    let Saved::Done(page) = save(0, &origins[..3]).await.unwrap() else { panic!("nobody else has saved") };
    assert_eq!((page.place.version, &page.place.value.origins[..]), (1, &["https://shop.example".to_owned()][..]));
    // A second admin who began where this one did is told, and changes nothing.
    let Saved::Stale(page) = save(0, &["https://other.example"]).await.unwrap() else { panic!("the first one is lost") };
    assert_eq!((page.place.version, &page.place.value.origins[..]), (1, &["https://shop.example".to_owned()][..]));
    assert_eq!(page.place.changed.map(|(name, _)| name.is_empty()), Some(false), "he learns who it was");
    let frame = test.anyone().get("/w/demo?frame=1").await;
    let policy = frame.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("frame-ancestors 'self' https://shop.example"), "{policy}");
});

both!(categories_form_a_tree_of_three_depths, async |test: TestApp| {
    let (admin, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let create = async |parent: Option<CategoryId>, ko: &str| {
        admin.ask::<Tree>("categories/create", &json!({ "parent": parent, "name": name(ko, "") })).await
    };
    let shipping = create(None, "배송").await.unwrap().0[0].id;
    let late = create(Some(shipping), "지연").await.unwrap().0[1].id;
    let carrier = create(Some(late), "택배사").await.unwrap().0[2].id;
    assert_eq!(create(Some(carrier), "너무 깊은").await.unwrap_err().problem_of("parent"), Some(Problem::TooDeep));
    assert_eq!(create(None, "배송").await.unwrap_err().problem_of("name.ko"), Some(Problem::Taken));
    let payment = create(None, "지연").await.unwrap().0[3].id;
    let moved: Tree = admin.ask("categories/move", &json!({ "category": payment, "to": 0 })).await.unwrap();
    assert_eq!(moved.0.iter().map(|c| c.id).collect::<Vec<_>>(), [payment, shipping, late, carrier]);
    assert_eq!(agent.ask::<Tree>("categories/list", &json!({})).await, Ok(moved), "agents pick from it");
    let left: Tree = admin.ask("categories/delete", &json!({ "category": shipping })).await.unwrap();
    assert_eq!(left.0.len(), 1, "with all below it");
});

both!(the_stored_look_reaches_the_host_page, async |test: TestApp| {
    let (admin, anyone) = (test.signed_in("owner").await, test.anyone());
    let loader = async || anyone.get("/widget/demo.js").await.text().await.unwrap();
    let first = loader().await;
    assert!(first.contains(r##""color":"#0b6b5d","ink":"#fff","side":"right""##) && !first.contains("label"), "{first}");
    let look = json!({ "side": "left", "color": "#FFEB3B", "launcher": { "ko": "상담</script>", "en": "" } });
    let _: Saved<WidgetPage> = admin.ask("settings/appearance/save", &json!({ "over": 0, "value": look })).await.unwrap();
    let now = loader().await;
    assert!(now.contains(r##""color":"#ffeb3b","ink":"#000","side":"left""##), "{now}");
    assert_eq!(now.matches(r#""label":"상담\u003c/script>""#).count(), 2, "where one language has no words, the other's are shown: {now}");
});

both!(a_widget_that_is_turned_off_leaves_its_host_pages_in_peace, async |test: TestApp| {
    let (admin, anyone) = (test.signed_in("owner").await, test.anyone());
    let before = anyone.get("/widget/demo.js").await.headers()["etag"].clone();
    let turn = async |over: u64, active: bool| {
        let value = json!({ "active": active, "origins": ["https://shop.example"], "identity_required": false });
        let saved = admin.ask("settings/widget/save", &json!({ "over": over, "value": value })).await.unwrap();
        assert!(matches!(saved, Saved::Done(WidgetPage { place, .. }) if place.value.active == active));
    };
    turn(0, false).await;
    // A browser that has the old one asks whether it is still good.
    let script = anyone.request(Method::GET, "/widget/demo.js").header(header::IF_NONE_MATCH, before).send().await.unwrap();
    assert_eq!(script.status(), 200);
    assert_eq!(script.headers()["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(script.headers()["cross-origin-resource-policy"], "cross-origin");
    let text = script.text().await.unwrap();
    assert!(text.starts_with("/*") && text.ends_with("*/") && text.matches("*/").count() == 1, "{text}");
    for path in ["/w/demo?lang=ko", "/w/demo?frame=1&lang=ko"] {
        let page = anyone.get(path).await;
        assert_eq!(page.status(), 404);
        assert!(page.text().await.unwrap().contains("지금은 이 사이트에서 채팅 상담을 하지 않습니다."), "{path}");
    }
    assert_eq!(anyone.get("/widget/other.js").await.status(), 404, "a key that is nobody's is no widget");
    turn(1, true).await;
    assert!(anyone.get("/widget/demo.js").await.text().await.unwrap().contains("채팅 상담 열기"));
    assert_eq!(anyone.get("/w/demo").await.status(), 200);
});
