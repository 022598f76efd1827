//! What stands beside a chat, over HTTP: what is noted, who is told, who sees what came before.

use crate::{
    both,
    support::{Client, TestApp},
};
use damso::{
    api::{
        ApiError, Problem,
        categories::CategoriesPage,
        members::MemberRow,
        panel::{EarlierChats, Panel, Transcript},
        settings::{Saved, Versioned},
    },
    domain::{
        category::Tree,
        chat::{Author, Event},
        contact::Contact,
        customer::Vouched,
        ids::{CategoryId, ChatId},
        information::{Information, Unsaved},
        permission::Right,
        settings::Closing,
    },
    protocol::{AgentFrame, Labels, Thread, VisitorFrame},
    server::db,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Every action of the panel, with a body that is good but for ids that nobody has.
pub fn actions() -> Vec<(&'static str, Value)> {
    let chat = ChatId(Uuid::now_v7());
    let value = Information::default();
    vec![
        ("panel/load", json!({ "chat": chat })),
        ("panel/save", json!({ "chat": chat, "over": 0, "value": value })),
        ("panel/keep", json!({ "chat": chat, "unsaved": Unsaved { over: 0, base: value.clone(), value } })),
        ("panel/earlier", json!({ "chat": chat, "before": chat })),
        ("panel/transcript", json!({ "chat": chat, "earlier": chat, "before": null })),
    ]
}

pub async fn panel(who: &Client, chat: ChatId) -> Result<Panel, ApiError> {
    who.ask("panel/load", &json!({ "chat": chat })).await
}

async fn save(who: &Client, chat: ChatId, over: u64, value: &Information) -> Result<Saved<Versioned<Information>>, ApiError> {
    who.ask("panel/save", &json!({ "chat": chat, "over": over, "value": value })).await
}

fn noted(name: &str, email: &str, memo: &str) -> Information {
    Information { name: name.into(), email: email.into(), memo: memo.into(), ..Information::default() }
}

async fn start(who: &Client, chat: ChatId) {
    who.ask::<Value>("chats/start", &json!({ "chat": chat })).await.unwrap();
}

async fn end(who: &Client, chat: ChatId) -> Result<(), ApiError> {
    who.ask("chats/end", &json!({ "chat": chat })).await
}

/// Gives agents these rights, and no others.
pub async fn rights(admin: &Client, who: &str, rights: &[Right]) {
    let members: Vec<MemberRow> = admin.ask("members/list", &json!({})).await.unwrap();
    let member = members.into_iter().find(|row| row.email == format!("{who}@example.com")).unwrap();
    let mut profile = member.profile.clone();
    profile.rights = rights.iter().copied().collect();
    let body = json!({ "account": member.account, "was": member.profile, "profile": profile });
    let _: Value = admin.ask("members/save", &body).await.unwrap();
}

async fn category(admin: &Client, parent: Option<CategoryId>, ko: &str) -> CategoryId {
    let tree: Tree = admin.ask("categories/create", &json!({ "parent": parent, "name": { "ko": ko, "en": "" } })).await.unwrap();
    tree.0.iter().find(|c| c.name.ko == ko).unwrap().id
}

both!(notes_stand_beside_what_is_said_and_signed, async |test: TestApp| {
    let (agent, customer) = (test.signed_in("agent1").await, test.visitor().await);
    let chat = customer.say("배송이 안 왔어요").await.unwrap().chat;
    start(&agent, chat).await;
    let visitor = test.app.db.look(async |tx| db::chats::find(tx, chat).await).await.unwrap().unwrap().visitor;
    let said = Contact { name: "민수".into(), email: String::new(), phone: "010-1234-5678".into() };
    test.app.db.write(async |tx| db::visitors::set_contact(tx, visitor, &said).await).await.unwrap();
    let first = panel(&agent, chat).await.unwrap();
    assert_eq!((first.noted.version, &first.noted.value), (0, &noted("민수", "", "")), "the form begins with his own words");
    assert!(first.may_note && first.may_ticket && first.unsaved.is_none());

    let done = save(&agent, chat, 0, &noted(" 김민수\u{202e} ", "minsu@a.example", "단골\r\n<b>조심</b>")).await.unwrap();
    let Saved::Done(stored) = done else { panic!("{done:?}") };
    assert_eq!((stored.version, &stored.value), (1, &noted("김민수", "minsu@a.example", "단골\n<b>조심</b>")));
    assert_eq!(stored.changed.unwrap().0, "상담원1");
    let after = panel(&agent, chat).await.unwrap();
    assert_eq!(after.noted.value, noted("김민수", "minsu@a.example", "단골\n<b>조심</b>"));
    assert_eq!(after.customer.said, said, "his own words stay his");

    for (bad, field, problem) in [
        (noted(&"가".repeat(81), "", ""), "name", Problem::TooLong),
        (noted("", "minsu@a", ""), "email", Problem::NotAnEmail),
        (noted("", "", &"x".repeat(2_001)), "memo", Problem::TooLong),
        (Information { category: Some(CategoryId(Uuid::now_v7())), ..noted("새 이름", "", "") }, "category", Problem::Changed),
    ] {
        assert_eq!(save(&agent, chat, 1, &bad).await.unwrap_err().problem_of(field), Some(problem), "{field}");
    }
    assert_eq!(panel(&agent, chat).await.unwrap().noted.version, 1, "nothing was half written");
});

both!(what_the_shop_has_signed_is_never_overwritten, async |test: TestApp| {
    let agent = test.signed_in("agent1").await;
    let service = agent.desk().await.service.id;
    let signed = Contact { name: "이서명".into(), email: "signed@shop.example".into(), phone: String::new() };
    let vouched = Vouched { member: "12345".into(), contact: signed.clone(), data: Default::default() };
    let at = test.app.clock.now();
    let customer = test.visitor().await;
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    // The shop vouches for this very visitor.
    let member = test.app.db.write(async |tx| db::visitors::of_member(tx, service, &vouched, "", "", at).await).await.unwrap();
    let sql = "UPDATE chat SET visitor_id = (SELECT id FROM visitor WHERE member = '12345') WHERE visitor_id <> (SELECT id FROM visitor WHERE member = '12345')";
    match &test.app.db {
        db::Db::Sqlite { write, .. } => sqlx::raw_sql(sql).execute(write).await.map(drop).unwrap(),
        db::Db::Postgres(pool) => sqlx::raw_sql(sql).execute(pool).await.map(drop).unwrap(),
    }
    start(&agent, chat).await;
    save(&agent, chat, 0, &noted("다른 이름", "other@a.example", "")).await.unwrap();
    let after = panel(&agent, chat).await.unwrap();
    assert_eq!(after.customer.verified, signed);
    assert_eq!(after.noted.value.name, "다른 이름", "both stand beside each other");
    let known = test.app.db.look(async |tx| db::visitors::customer(tx, member).await).await.unwrap();
    assert_eq!(known.contact().email, "signed@shop.example", "and the shop's word counts");
});

both!(a_second_save_is_told_and_every_console_hears, async |test: TestApp| {
    let (agent, owner) = (test.signed_in("agent1").await, test.signed_in("owner").await);
    rights(&owner, "owner", &Right::ALL).await;
    let chat = test.visitor().await.say("안녕하세요").await.unwrap().chat;
    start(&agent, chat).await;
    let desk = owner.desk().await;
    let mut console = owner.agent_socket(desk.service.id, desk.seq).await;
    assert!(matches!(save(&agent, chat, 0, &noted("가", "", "")).await.unwrap(), Saved::Done(_)));
    let heard =
        console.until(|frame: AgentFrame| if let AgentFrame::Panel { chat, labels } = frame { Some((chat, labels)) } else { None }).await;
    assert_eq!(heard, (chat, Labels { name: "가".into(), tags: Vec::new() }), "the lists show and find it (K17)");
    assert_eq!(owner.desk().await.cards[0].labels, heard.1);
    let late = save(&owner, chat, 0, &noted("나", "", "")).await.unwrap();
    let Saved::Stale(now) = late else { panic!("{late:?}") };
    assert_eq!((now.version, now.value.name.as_str(), now.changed.unwrap().0.as_str()), (1, "가", "상담원1"));
    assert!(matches!(save(&owner, chat, 1, &noted("나", "", "")).await.unwrap(), Saved::Done(_)), "over what he knows now");

    // Many at once: one of them is first, and nothing is counted twice.
    let saves = (0..6).map(|n| {
        let owner = owner.clone();
        async move { save(&owner, chat, 2, &noted(&format!("이름 {n}"), "", "")).await }
    });
    let answers = futures_util::future::join_all(saves).await;
    let done = answers.into_iter().filter(|answer| matches!(answer, Ok(Saved::Done(_)))).count();
    assert_eq!((done, panel(&owner, chat).await.unwrap().noted.version), (1, 3));
});

both!(a_deleted_category_stays_readable_and_one_may_be_required, async |test: TestApp| {
    let (agent, admin) = (test.signed_in("agent1").await, test.signed_in("owner").await);
    let delivery = category(&admin, None, "배송").await;
    let late = category(&admin, Some(delivery), "지연").await;
    let closing = |on: bool, over: u64| json!({ "over": over, "value": { "category_required": on } });
    assert_eq!(agent.post("settings/closing/save", &closing(true, 0)).await.status(), 403);
    let saved: Saved<Versioned<Closing>> = admin.ask("settings/closing/save", &closing(true, 0)).await.unwrap();
    assert!(matches!(saved, Saved::Done(Versioned { version: 1, .. })));
    let page: CategoriesPage = admin.ask("categories/page", &json!({})).await.unwrap();
    assert!(page.closing.value.category_required && page.tree.0.len() == 2);

    let chat = test.visitor().await.say("언제 오나요").await.unwrap().chat;
    start(&agent, chat).await;
    agent.reply(chat, "확인하겠습니다").await.unwrap();
    assert!(panel(&agent, chat).await.unwrap().category_required);
    assert_eq!(end(&agent, chat).await.unwrap_err().problem_of("category"), Some(Problem::Required));
    let value = Information { category: Some(late), ..Information::default() };
    assert!(matches!(save(&agent, chat, 0, &value).await.unwrap(), Saved::Done(_)));
    let _: Tree = admin.ask("categories/delete", &json!({ "category": delivery })).await.unwrap();
    let after = panel(&agent, chat).await.unwrap();
    assert_eq!((after.noted.value.category, after.path.ko.as_str()), (Some(late), "배송 › 지연"));
    // Something else can be saved beside it.
    assert!(matches!(save(&agent, chat, 1, &Information { memo: "메모".into(), ..value }).await.unwrap(), Saved::Done(_)));
    end(&agent, chat).await.unwrap();
    assert!(matches!(admin.ask("settings/closing/save", &closing(false, 0)).await.unwrap(), Saved::<Versioned<Closing>>::Stale(_)));
});

both!(what_is_typed_and_not_saved_is_kept_for_its_agent, async |test: TestApp| {
    let (agent, owner) = (test.signed_in("agent1").await, test.signed_in("owner").await);
    rights(&owner, "owner", &Right::ALL).await;
    let chat = test.visitor().await.say("안녕하세요").await.unwrap().chat;
    start(&agent, chat).await;
    let unsaved = Unsaved { over: 0, base: Information::default(), value: noted("김", "아직 주소가", "") };
    let keep = |unsaved: Option<&Unsaved>| json!({ "chat": chat, "unsaved": unsaved });
    agent.ask::<()>("panel/keep", &keep(Some(&unsaved))).await.unwrap();
    assert_eq!(panel(&agent, chat).await.unwrap().unsaved.as_ref(), Some(&unsaved), "as it was typed, good or not");
    assert_eq!(panel(&owner, chat).await.unwrap().unsaved, None, "nobody else's");
    // Another browser of the same agent.
    assert_eq!(panel(&test.signed_in("agent1").await, chat).await.unwrap().unsaved, Some(unsaved.clone()));
    let endless = Unsaved { value: noted("", "", &"x".repeat(20_000)), ..unsaved.clone() };
    assert_eq!(agent.ask::<()>("panel/keep", &keep(Some(&endless))).await.unwrap_err().problem_of("memo"), Some(Problem::TooLong));
    save(&agent, chat, 0, &noted("김민수", "", "")).await.unwrap();
    assert_eq!(panel(&agent, chat).await.unwrap().unsaved, None, "saved is saved");
    agent.ask::<()>("panel/keep", &keep(Some(&unsaved))).await.unwrap();
    agent.ask::<()>("panel/keep", &keep(None)).await.unwrap();
    assert_eq!(panel(&agent, chat).await.unwrap().unsaved, None);
});

both!(the_panel_is_for_who_sees_the_chat, async |test: TestApp| {
    let (agent, other, admin) = (test.signed_in("agent1").await, test.signed_in("agent2").await, test.signed_in("owner").await);
    let chat = test.visitor().await.say("안녕하세요").await.unwrap().chat;
    start(&agent, chat).await;
    for (action, mut body) in actions() {
        body["chat"] = json!(chat);
        assert_eq!(other.post(action, &body).await.status(), 404, "{action}: a colleague's chat is nobody's");
    }
    rights(&admin, "agent2", &[Right::Ticket]).await;
    for (action, body) in actions() {
        assert_eq!(other.post(action, &body).await.status(), 403, "{action} without the chat right");
    }
    // A supervisor reads; to note something takes the chat right.
    rights(&admin, "agent2", &[Right::Oversight]).await;
    let seen = panel(&other, chat).await.unwrap();
    assert!(!seen.may_note && !seen.may_ticket);
    assert_eq!(save(&other, chat, 0, &noted("x", "", "")).await, Err(ApiError::Forbidden));
});

both!(earlier_chats_are_read_through_the_one_in_hand, async |test: TestApp| {
    let (one, two) = (test.signed_in("agent1").await, test.signed_in("agent2").await);
    let customer = test.visitor().await;
    let mut chats = Vec::new();
    for n in 0..12 {
        let chat = customer.say(&format!("문의 {n}")).await.unwrap().chat;
        start(&one, chat).await;
        one.reply(chat, &format!("답 {n}")).await.unwrap();
        end(&one, chat).await.unwrap();
        chats.push(chat);
    }
    let now = customer.say("또 왔어요").await.unwrap().chat;
    let stranger = test.visitor().await.say("다른 고객").await.unwrap().chat;
    start(&two, now).await;

    let page = panel(&two, now).await.unwrap();
    assert_eq!((page.earlier_count, page.earlier.chats.len(), page.earlier.more), (12, 10, true));
    let shown: Vec<ChatId> = page.earlier.chats.iter().map(|one| one.chat).collect();
    assert_eq!(shown, chats.iter().rev().take(10).copied().collect::<Vec<_>>(), "the newest first");
    assert!(page.earlier.chats.iter().all(|earlier| earlier.handled && earlier.agent.is_some()));
    let rest: EarlierChats = two.ask("panel/earlier", &json!({ "chat": now, "before": shown[9] })).await.unwrap();
    assert_eq!((rest.chats.iter().map(|one| one.chat).collect::<Vec<_>>(), rest.more), (vec![chats[1], chats[0]], false));

    // A59 is the exception of G32: agent2 never had that chat.
    let read = |through: ChatId, earlier: ChatId| json!({ "chat": through, "earlier": earlier, "before": null });
    let transcript: Transcript = two.ask("panel/transcript", &read(now, chats[3])).await.unwrap();
    let words: Vec<&str> = transcript
        .events
        .iter()
        .filter_map(|logged| if let Event::Message { text, .. } = &logged.event { Some(text.as_str()) } else { None })
        .collect();
    assert_eq!(words, ["문의 3", "답 3"]);
    assert!(!transcript.earlier);
    let refused = two.ask::<Thread>("chats/thread", &json!({ "chat": chats[3], "before": null })).await;
    assert_eq!(refused.unwrap_err(), ApiError::NotFound, "by itself it stays a colleague's");
    for (through, earlier) in [(now, stranger), (now, now), (chats[3], chats[5]), (stranger, chats[3])] {
        assert_eq!(two.post("panel/transcript", &read(through, earlier)).await.status(), 404);
    }
    assert_eq!(two.post("panel/earlier", &json!({ "chat": now, "before": stranger })).await.status(), 404);
});

both!(the_customer_never_hears_of_the_panel, async |test: TestApp| {
    let (agent, customer) = (test.signed_in("agent1").await, test.visitor().await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    start(&agent, chat).await;
    let before = customer.visitor_chat(&test).await;
    let mut page = customer.visitor_socket(None).await;
    page.until(|frame: VisitorFrame| matches!(frame, VisitorFrame::Reset { .. }).then_some(())).await;
    save(&agent, chat, 0, &noted("비밀 이름", "", "까다로운 고객")).await.unwrap();
    let fields = json!({ "subject": "비밀 제목", "description": "", "status": "new", "priority": "urgent", "assignee": null, "tags": [] });
    let made = agent.post("tickets/create", &json!({ "chat": chat, "client_id": Uuid::now_v7(), "fields": fields })).await;
    assert_eq!(made.status(), 200);
    agent.reply(chat, "네, 고객님").await.unwrap();
    // The next thing that he is told is the reply, by the very next number.
    let (prev, seq, events) = page
        .until(|frame| match frame {
            VisitorFrame::Events { prev, seq, events } => Some((prev, seq, events)),
            VisitorFrame::Tray { .. } => None,
            other => panic!("{other:?}"),
        })
        .await;
    assert_eq!((prev, seq, events.len()), (before, before + 1, 1));
    assert!(!format!("{events:?}").contains("비밀"));
    let log: Thread = agent.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
    let replies = log.events.iter().filter(|l| matches!(l.event, Event::Message { author: Author::Agent(_), .. })).count();
    assert_eq!(replies, 1);
});

impl Client {
    /// The public number that this visitor's chat has come to.
    async fn visitor_chat(&self, test: &TestApp) -> u64 {
        let chat = self.say("하나 더").await.unwrap().chat;
        test.app.db.look(async |tx| db::chats::find(tx, chat).await).await.unwrap().unwrap().public_seq
    }
}
