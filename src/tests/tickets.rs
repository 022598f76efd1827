//! Tickets of chats, over HTTP: how they begin, whom they follow, what is kept of each change.

use crate::{
    both,
    panel::{panel, rights},
    support::{Client, TestApp},
};
use damso::{
    api::{
        ApiError, Problem,
        settings::Saved,
        tags::TagRow,
        tickets::{AssignPage, TicketPage},
    },
    domain::{
        ids::{AccountId, ChatId, TagId, TicketId},
        permission::Right,
        service::Rule,
        settings::{Routing, Section as _},
        ticket::{Change, Fields, Priority, Status},
    },
    server::db,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Every action of tickets, with a body that is good but for ids that nobody has.
pub fn actions() -> Vec<(&'static str, Value)> {
    let (chat, ticket) = (ChatId(Uuid::now_v7()), TicketId(Uuid::now_v7()));
    vec![
        ("tickets/new", json!({ "chat": chat })),
        ("tickets/create", creation(chat, Uuid::now_v7(), &fields("제목"))),
        ("tickets/load", json!({ "ticket": ticket })),
        ("tickets/save", json!({ "ticket": ticket, "over": 1, "fields": fields("제목") })),
        ("tickets/assign", json!({})),
        ("tickets/assign/save", json!({ "value": { "to": "me" } })),
    ]
}

fn fields(subject: &str) -> Fields {
    Fields {
        subject: subject.into(),
        description: String::new(),
        status: Status::New,
        priority: Priority::Normal,
        assignee: None,
        tags: BTreeSet::new(),
    }
}

fn creation(chat: ChatId, client_id: Uuid, fields: &Fields) -> Value {
    json!({ "chat": chat, "client_id": client_id, "fields": fields })
}

async fn start(who: &Client, chat: ChatId) {
    who.ask::<Value>("chats/start", &json!({ "chat": chat })).await.unwrap();
}

async fn load(who: &Client, ticket: TicketId) -> Result<TicketPage, ApiError> {
    who.ask("tickets/load", &json!({ "ticket": ticket })).await
}

async fn save(who: &Client, ticket: TicketId, over: u64, fields: &Fields) -> Result<Saved<TicketPage>, ApiError> {
    who.ask("tickets/save", &json!({ "ticket": ticket, "over": over, "fields": fields })).await
}

/// The only ticket of a chat.
async fn only(who: &Client, chat: ChatId) -> TicketPage {
    let tickets = panel(who, chat).await.unwrap().tickets;
    let [ticket] = &tickets[..] else { panic!("{tickets:?}") };
    load(who, ticket.id).await.unwrap()
}

async fn me(who: &Client) -> AccountId {
    who.desk().await.me.account
}

/// Whether the service makes tickets by itself.
async fn on_start(test: &TestApp, on: bool) {
    let at = test.app.clock.now();
    test.app
        .db
        .write(async |tx| {
            let service = db::services::find_by_key(tx, "demo").await?.unwrap().id;
            let owner = db::accounts::find_by_email(tx, "owner@example.com").await?.unwrap().id;
            let stored = db::settings::find::<Routing>(tx, service, Routing::NAME).await?.unwrap();
            db::settings::save(tx, service, Routing::NAME, stored.version, &Routing { ticket_on_start: on, ..stored.body }, owner, at).await
        })
        .await
        .unwrap();
}

both!(a_ticket_begins_with_the_start_and_follows_the_chat, async |test: TestApp| {
    let (one, three) = (test.signed_in("agent1").await, test.signed_in("agent3").await);
    let customer = test.visitor().await;
    let chat = customer.say("주민번호 같은 비밀이 든 말").await.unwrap().chat;
    assert!(panel(&one, chat).await.unwrap().tickets.is_empty(), "to look at it is not to start it");
    start(&one, chat).await;
    let ticket = only(&one, chat).await;
    let (id, number) = ticket.ticket.unwrap();
    let code = one.desk().await.cards[0].code.clone();
    assert_eq!((number, ticket.automatic, ticket.fields.version), (1, true, 1));
    assert!(ticket.fields.value.subject.starts_with(&format!("채팅 상담 · 고객 {code}")), "{}", ticket.fields.value.subject);
    assert!(!ticket.fields.value.subject.contains("비밀") && ticket.fields.value.description.is_empty());
    assert_eq!((ticket.fields.value.status, ticket.fields.value.assignee), (Status::Open, Some(me(&one).await)));
    let chat_tag: Vec<_> =
        ticket.tags.iter().filter(|tag| ticket.fields.value.tags.contains(&tag.id)).map(|tag| tag.name.as_str()).collect();
    assert_eq!(chat_tag, ["Chat"]);

    // 위임: the ticket goes along, and back with 돌려보내기.
    let act = async |who: &Client, act: &str, body: Value| who.ask::<()>(&format!("chats/{act}"), &body).await.unwrap();
    test.staff("agent1", 60_000).await;
    act(&one, "delegate", json!({ "chat": chat, "to": me(&three).await, "note": "" })).await;
    assert_eq!(only(&three, chat).await.fields.value.assignee, Some(me(&three).await));
    act(&three, "return", json!({ "chat": chat })).await;
    let back = only(&one, chat).await;
    assert_eq!(back.fields.value.assignee, Some(me(&one).await));
    assert!(matches!(back.log[0].change, Change::Assignee { .. }) && back.log[0].by.is_none());
    assert_eq!(back.log.last().unwrap().change, Change::Made);

    // Who names another assignee takes it off the chat's path.
    let mine = Fields { assignee: None, ..back.fields.value.clone() };
    assert!(matches!(save(&one, id, back.fields.version, &mine).await.unwrap(), Saved::Done(_)));
    act(&one, "hand_over", json!({ "chat": chat, "to": me(&three).await, "note": "" })).await;
    assert_eq!(only(&three, chat).await.fields.value.assignee, None);

    // The first reply is a start, too; a second one is none.
    let other = test.visitor().await.say("안녕하세요").await.unwrap().chat;
    one.reply(other, "네").await.unwrap();
    one.reply(other, "말씀하세요").await.unwrap();
    assert_eq!(only(&one, other).await.ticket.unwrap().1, 2);
    on_start(&test, false).await;
    let third = test.visitor().await.say("안녕하세요").await.unwrap().chat;
    one.reply(third, "네").await.unwrap();
    assert!(panel(&one, third).await.unwrap().tickets.is_empty(), "where the service does not say so");
});

both!(a_ticket_goes_to_whom_its_agent_has_named, async |test: TestApp| {
    let (agent, admin) = (test.signed_in("agent1").await, test.signed_in("owner").await);
    let two = me(&test.signed_in("agent2").await).await;
    let begin = async || {
        let chat = test.visitor().await.say("안녕하세요").await.unwrap().chat;
        start(&agent, chat).await;
        only(&agent, chat).await.fields.value
    };
    let set = async |value: Value| agent.ask::<AssignPage>("tickets/assign/save", &json!({ "value": value })).await;
    let page = set(json!({ "to": "agent", "agent": two })).await.unwrap();
    assert!(page.may_have && page.agents.iter().any(|one| one.account == two) && page.agents.iter().all(|one| one.name != "상담원1"));
    assert_eq!(begin().await.assignee, Some(two));
    set(json!({ "to": "nobody" })).await.unwrap();
    let none = begin().await;
    assert_eq!((none.assignee, none.status), (None, Status::New));
    assert_eq!(set(json!({ "to": "agent", "agent": Uuid::now_v7() })).await.unwrap_err().problem_of("agent"), Some(Problem::Changed));
    set(json!({ "to": "me" })).await.unwrap();
    // Nobody has tickets without the right to them.
    rights(&admin, "agent1", &[Right::Chat]).await;
    assert_eq!(begin().await.assignee, None);
    assert!(!agent.ask::<AssignPage>("tickets/assign", &json!({})).await.unwrap().may_have);
});

both!(numbers_have_no_gap_whatever_happens_at_once, async |test: TestApp| {
    let agent = test.signed_in("owner").await;
    let mut work = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (customer, agent) = (test.visitor().await, agent.clone());
        work.spawn(async move {
            let chat = customer.say(&format!("문의 {n}")).await.unwrap().chat;
            let body = json!({ "chat": chat });
            let client_id = Uuid::now_v7();
            let (started, said) = tokio::join!(agent.ask::<Value>("chats/start", &body), customer.say("더 있어요"));
            started.unwrap();
            said.unwrap();
            // One that is refused takes no number, one that is sent twice takes one.
            let (good, bad) = (creation(chat, client_id, &fields("직접")), creation(chat, Uuid::now_v7(), &fields(" ")));
            let (first, again, refused) = tokio::join!(
                agent.ask::<TicketPage>("tickets/create", &good),
                agent.ask::<TicketPage>("tickets/create", &good),
                agent.ask::<TicketPage>("tickets/create", &bad),
            );
            assert_eq!(first.unwrap().ticket, again.unwrap().ticket);
            assert_eq!(refused.unwrap_err().problem_of("subject"), Some(Problem::Required));
            chat
        });
    }
    let mut numbers = Vec::new();
    while let Some(chat) = work.join_next().await {
        numbers.extend(panel(&agent, chat.unwrap()).await.unwrap().tickets.iter().map(|ticket| ticket.number));
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=16).collect::<Vec<_>>(), "one by itself and one by hand for each chat");
});

both!(a_ticket_is_made_by_hand_and_changed_over_what_one_saw, async |test: TestApp| {
    on_start(&test, false).await;
    let (one, two, admin) = (test.signed_in("agent1").await, test.signed_in("agent2").await, test.signed_in("owner").await);
    let chat = test.visitor().await.say("안녕하세요").await.unwrap().chat;
    start(&one, chat).await;
    let blank: TicketPage = one.ask("tickets/new", &json!({ "chat": chat })).await.unwrap();
    assert_eq!((blank.ticket, blank.fields.value.assignee, blank.fields.value.status), (None, Some(me(&one).await), Status::Open));
    let made: TicketPage = one.ask("tickets/create", &creation(chat, Uuid::now_v7(), &blank.fields.value)).await.unwrap();
    let id = made.ticket.unwrap().0;
    assert!(!made.automatic && made.tags.iter().any(|tag| tag.fixed && made.fields.value.tags.contains(&tag.id)));

    let changed =
        Fields {
            subject: " 환불 요청\u{202e} ".into(), priority: Priority::Urgent, tags: BTreeSet::new(), ..made.fields.value.clone()
        };
    let Saved::Done(now) = save(&two, id, 1, &changed).await.unwrap() else { panic!("stale") };
    assert_eq!((now.fields.version, now.fields.value.subject.as_str()), (2, "환불 요청"), "a colleague with the right may");
    assert_eq!(now.fields.value.tags, made.fields.value.tags, "the Chat tag stays");
    let Saved::Stale(told) = save(&one, id, 1, &changed).await.unwrap() else { panic!("saved") };
    assert_eq!((told.fields.version, told.fields.changed.unwrap().0.as_str()), (2, "상담원2"));
    let log: Vec<_> = told.log.iter().map(|entry| entry.change.clone()).collect();
    assert_eq!(
        log,
        [
            Change::Priority { before: Priority::Normal, after: Priority::Urgent },
            Change::Subject { before: blank.fields.value.subject.clone(), after: "환불 요청".into() },
            Change::Made,
        ]
    );
    assert!(matches!(save(&one, id, 2, &now.fields.value).await.unwrap(), Saved::Done(TicketPage { .. })));
    assert_eq!(load(&one, id).await.unwrap().fields.version, 2, "nothing changed, nothing counted");

    // 완료 is an admin's word after 해결, and the last one.
    let with = |status| Fields { status, ..now.fields.value.clone() };
    assert_eq!(save(&admin, id, 2, &with(Status::Closed)).await.unwrap_err().problem_of("status"), Some(Problem::OutOfRange));
    assert!(matches!(save(&one, id, 2, &with(Status::Solved)).await.unwrap(), Saved::Done(_)));
    assert_eq!(save(&one, id, 3, &with(Status::Closed)).await.unwrap_err().problem_of("status"), Some(Problem::OutOfRange));
    assert!(matches!(save(&admin, id, 3, &with(Status::Closed)).await.unwrap(), Saved::Done(_)));
    assert_eq!(save(&admin, id, 4, &with(Status::Open)).await.unwrap_err().problem_of("status"), Some(Problem::OutOfRange));
    assert!(!load(&admin, id).await.unwrap().may_edit);
});

both!(tickets_are_changed_by_the_right_and_read_beside_their_chat, async |test: TestApp| {
    let (one, two, admin) = (test.signed_in("agent1").await, test.signed_in("agent2").await, test.signed_in("owner").await);
    let chat = test.visitor().await.say("안녕하세요").await.unwrap().chat;
    start(&one, chat).await;
    let id = only(&one, chat).await.ticket.unwrap().0;
    rights(&admin, "agent1", &[Right::Chat]).await;
    rights(&admin, "agent2", &[Right::Chat]).await;
    let seen = load(&one, id).await.unwrap();
    assert!(!seen.may_edit, "his own chat's, to read");
    assert_eq!(save(&one, id, 1, &fields("x")).await.unwrap_err(), ApiError::Forbidden);
    assert_eq!(one.post("tickets/create", &creation(chat, Uuid::now_v7(), &fields("x"))).await.status(), 403);
    assert_eq!(load(&two, id).await.unwrap_err(), ApiError::NotFound, "a colleague's chat's is nobody's");
    for (action, body) in actions() {
        let expected = match action {
            "tickets/assign" | "tickets/assign/save" => 200,
            _ => 404,
        };
        assert_eq!(admin.post(action, &body).await.status(), expected, "{action} with ids that nobody has");
    }
    // Nobody becomes an assignee without the right.
    let fields = Fields { assignee: Some(me(&two).await), ..seen.fields.value };
    assert_eq!(save(&admin, id, 1, &fields).await.unwrap_err().problem_of("assignee"), Some(Problem::Changed));
});

both!(tags_are_the_admins_and_leave_the_tickets_they_are_deleted_from, async |test: TestApp| {
    let (agent, admin) = (test.signed_in("agent1").await, test.signed_in("owner").await);
    let list = async || admin.ask::<Vec<TagRow>>("tags/list", &json!({})).await.unwrap();
    assert!(matches!(&list().await[..], [TagRow { fixed: true, name, .. }] if name == "Chat"));
    let create = async |name: &str| admin.ask::<Vec<TagRow>>("tags/create", &json!({ "name": name })).await;
    let refund = create(" 환불\u{202e} ").await.unwrap().into_iter().find(|tag| tag.name == "환불").unwrap();
    for (name, problem) in
        [("환불", Problem::Taken), ("CHAT", Problem::Taken), (" ", Problem::Required), (&*"x".repeat(31), Problem::TooLong)]
    {
        assert_eq!(create(name).await.unwrap_err().problem_of("name"), Some(problem), "{name}");
    }
    let chat = test.visitor().await.say("환불해 주세요").await.unwrap().chat;
    start(&agent, chat).await;
    let ticket = only(&agent, chat).await;
    let id = ticket.ticket.unwrap().0;
    let mut tags = ticket.fields.value.tags.clone();
    // One that is not there by now is no reason to lose the rest.
    tags.extend([refund.id, TagId(Uuid::now_v7())]);
    let Saved::Done(now) = save(&agent, id, 1, &Fields { tags, ..ticket.fields.value.clone() }).await.unwrap() else { panic!("stale") };
    assert_eq!(now.fields.value.tags.len(), 2);
    assert_eq!(now.log[0].change, Change::Tags { added: vec!["환불".into()], removed: vec![] });

    let delete = async |tag: TagId, tickets: u64| admin.ask::<Vec<TagRow>>("tags/delete", &json!({ "tag": tag, "tickets": tickets })).await;
    assert_eq!(delete(refund.id, 0).await.unwrap_err(), ApiError::Rule(Rule::Stale), "he was told that nothing carries it");
    let rename = json!({ "tag": refund.id, "was": "환불", "name": "환불·교환" });
    assert!(admin.ask::<Vec<TagRow>>("tags/rename", &rename).await.unwrap().iter().any(|tag| tag.name == "환불·교환" && tag.tickets == 1));
    assert_eq!(admin.ask::<Vec<TagRow>>("tags/rename", &rename).await.unwrap_err(), ApiError::Rule(Rule::Stale));
    let fixed = list().await[0].id;
    assert_eq!(delete(fixed, 9).await.unwrap_err(), ApiError::Conflict);
    delete(refund.id, 1).await.unwrap();
    let after = only(&agent, chat).await;
    assert_eq!((after.fields.value.tags.len(), after.tags.len()), (1, 1));
    assert_eq!(after.log[0].change, Change::Tags { added: vec!["환불".into()], removed: vec![] }, "the log keeps its name");
});
