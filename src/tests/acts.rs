//! What agents do with a chat beside talking: inviting a colleague, blocking a customer.

use crate::{
    routing::{Shift, refused, shift},
    support::{Client, Kind},
};
use damso::{
    api::{
        ApiError, Problem,
        blocks::BlockRow,
        history::History,
        organization::Changes,
        routing::{Explained, Targets},
        settings::Versioned,
    },
    domain::{
        chat::{Event, Refused, State},
        ids::ChatId,
        presence::Status,
        routing::By,
        settings::{Routing, RoutingMode},
        time::{DAY, MINUTE},
    },
    protocol::{AgentFrame, Thread, VisitorFrame},
};
use serde_json::{Value, json};

/// A chat that the first agent talks in, while the second is there.
async fn talks(shift: &Shift) -> (Client, ChatId) {
    shift.comes(0).await;
    let (customer, chat) = shift.waits("교환하고 싶어요").await;
    shift.agents[0].0.reply(chat, "네, 도와드리겠습니다").await.unwrap();
    shift.comes(1).await;
    (customer, chat)
}

async fn invites(shift: &Shift, chat: ChatId, to: usize) -> Result<Value, ApiError> {
    shift.does(0, "invite", json!({ "to": shift.agents[to].1, "note": "재고 확인 부탁드려요" }), chat).await
}

/// 최근 상담원 우선 (A17).
async fn recent_first(shift: &Shift) {
    let owner = shift.test.signed_in("owner").await;
    let stored: Versioned<Routing> = owner.ask("settings/routing", &json!({})).await.unwrap();
    let value = Routing { recent_first: true, ..stored.value };
    owner.ask::<Value>("settings/routing/save", &json!({ "over": stored.version, "value": value })).await.unwrap();
}

async fn thread(client: &Client, chat: ChatId) -> Result<Thread, ApiError> {
    client.ask("chats/thread", &json!({ "chat": chat, "before": null })).await
}

shift!(an_invited_agent_writes_after_his_yes_and_the_chat_stays_where_it_is, async |shift: Shift| {
    let (customer, chat) = talks(&shift).await;
    let (one, two) = (shift.agents[0].1, shift.agents[1].1);
    assert!(thread(&shift.agents[1].0, chat).await.is_err(), "a colleague's chat is his own");
    // Who is not online cannot be asked, nor can anybody but its agent ask.
    assert_eq!(invites(&shift, chat, 2).await, refused(Refused::NotEligible));
    shift.comes(2).await;
    assert!(shift.does(2, "invite", json!({ "to": two, "note": "" }), chat).await.is_err());
    invites(&shift, chat, 1).await.unwrap();
    assert_eq!(invites(&shift, chat, 1).await, refused(Refused::NotEligible), "once");
    let targets: Targets = shift.agents[0].0.ask("chats/targets", &json!({ "chat": chat })).await.unwrap();
    assert!(targets.agents.iter().all(|agent| agent.guest == (agent.account == two)));

    // He finds it on his desk and reads it, with the note; writing takes his yes.
    let desk = shift.agents[1].0.desk().await;
    assert!(desk.cards.iter().any(|card| card.chat.guest(two).is_some_and(|guest| guest.by == one && !guest.joined)));
    let read = thread(&shift.agents[1].0, chat).await.unwrap();
    assert!(read.events.iter().any(|logged| matches!(&logged.event, Event::Note { text, .. } if text == "재고 확인 부탁드려요")));
    assert_eq!(shift.agents[1].0.reply(chat, "제가 볼게요").await, refused(Refused::TakenBy { agent: one }));
    shift.does(1, "join", json!({}), chat).await.unwrap();
    assert_eq!(shift.does(1, "join", json!({}), chat).await, refused(Refused::AlreadyStarted));
    shift.agents[1].0.reply(chat, "재고가 있습니다").await.unwrap();
    assert_eq!(shift.chat(chat).await.agent(), Some(one));
    // It is none of his: neither to end nor to give away.
    for (act, body) in [("end", json!({})), ("park", json!({})), ("delegate", json!({ "to": one, "note": "" }))] {
        assert_eq!(shift.does(1, act, body, chat).await, refused(Refused::TakenBy { agent: one }), "{act}");
    }
    // Nor does it count: the next chat goes to who has nothing in hand (G17).
    let (_other, next) = shift.waits("저도요").await;
    assert_ne!(shift.offered_to(next).await, Some(0));

    // He leaves by himself; what he has read is over.
    shift.does(1, "leave", json!({}), chat).await.unwrap();
    assert!(thread(&shift.agents[1].0, chat).await.is_err());
    assert!(shift.agents[1].0.reply(chat, "아, 하나 더").await.is_err());

    // The customer has had two answers and heard of nothing else.
    let mut socket = customer.visitor_socket(None).await;
    let seen =
        socket.until::<VisitorFrame, _>(|frame| if let VisitorFrame::Reset { chat } = frame { Some(chat) } else { None }).await.unwrap();
    let numbers: Vec<u64> = seen.events.iter().map(|event| event.seq).collect();
    assert_eq!(numbers, (1..=seen.seq).collect::<Vec<_>>(), "no gap tells of it");
    let json = serde_json::to_string(&seen).unwrap();
    for secret in [one.to_string(), two.to_string(), "invited".into(), "joined".into(), "left".into(), "부탁드려요".into()] {
        assert!(!json.contains(&secret), "{secret}: {json}");
    }
});

shift!(an_invitation_can_be_declined_and_ends_with_the_chat, async |shift: Shift| {
    let (_customer, chat) = talks(&shift).await;
    shift.comes(2).await;
    invites(&shift, chat, 1).await.unwrap();
    invites(&shift, chat, 2).await.unwrap();
    shift.does(1, "leave", json!({}), chat).await.unwrap();
    let events = shift.events(chat).await;
    assert!(events.contains(&Event::Declined { agent: shift.agents[1].1 }));
    assert!(shift.does(1, "join", json!({}), chat).await.is_err());
    // The third has not answered when it ends: nothing of it is left to him.
    let desk = shift.agents[2].0.desk().await;
    let mut console = shift.agents[2].0.agent_socket(desk.service.id, desk.seq).await;
    shift.does(0, "end", json!({}), chat).await.unwrap();
    console.until::<AgentFrame, _>(|frame| matches!(frame, AgentFrame::Gone { chat: gone, .. } if gone == chat).then_some(())).await;
    assert!(shift.does(2, "join", json!({}), chat).await.is_err());
    assert!(thread(&shift.agents[2].0, chat).await.is_err());
    assert!(shift.agents[2].0.desk().await.cards.iter().all(|card| card.chat.id != chat));
});

shift!(who_took_part_reads_it_afterwards_and_the_customer_comes_back_to_its_agent, async |shift: Shift| {
    let (customer, chat) = talks(&shift).await;
    invites(&shift, chat, 1).await.unwrap();
    shift.does(1, "join", json!({}), chat).await.unwrap();
    shift.agents[1].0.reply(chat, "마지막 말은 제가").await.unwrap();
    // A guest cannot write after the customer's end, either.
    customer.post("visitor/end", &json!({ "request": { "widget": "demo", "chat": chat } })).await;
    assert_eq!(shift.agents[1].0.reply(chat, "잠시만요").await, refused(Refused::TakenBy { agent: shift.agents[0].1 }));
    shift.does(0, "end", json!({}), chat).await.unwrap();
    assert_eq!(thread(&shift.agents[1].0, chat).await.unwrap().card.chat.id, chat);
    assert_eq!(shift.does(1, "leave", json!({}), chat).await, refused(Refused::Ended));
    recent_first(&shift).await;
    // G18: the recent agent is the one whose chat it was, whoever had the last word.
    customer.say("또 저예요").await.unwrap();
    shift.look().await;
    let again = shift.agents[0].0.desk().await.cards.into_iter().find(|card| matches!(card.chat.state, State::Waiting { .. })).unwrap();
    let why: Explained = shift.agents[0].0.ask("chats/why", &json!({ "chat": again.chat.id })).await.unwrap();
    assert!(matches!(why, Explained::Offered { to, why } if to == shift.agents[0].1 && why.by == By::Recent), "{why:?}");
});

shift!(yes_no_end_and_hand_over_at_once_leave_one_story, async |shift: Shift| {
    shift.test.routes(RoutingMode::Open).await;
    shift.comes(0).await;
    shift.comes(1).await;
    shift.comes(2).await;
    for round in 0..4 {
        let (_customer, chat) = shift.waits("동시에").await;
        shift.agents[0].0.reply(chat, "네").await.unwrap();
        let to = |n: usize| json!({ "to": shift.agents[n].1, "note": "" });
        // Two ask the same one at once: he is asked once.
        let (first, second) = tokio::join!(shift.does(0, "invite", to(1), chat), shift.does(0, "invite", to(1), chat));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let end = async {
            if round % 2 == 0 { shift.does(0, "end", json!({}), chat).await } else { shift.does(0, "hand_over", to(1), chat).await }
        };
        let (joined, left, ended, said) = tokio::join!(
            shift.does(1, "join", json!({}), chat),
            shift.does(1, "leave", json!({}), chat),
            end,
            shift.agents[1].0.reply(chat, "저요"),
        );
        ended.unwrap();
        let chat = shift.chat(chat).await;
        // Whatever came first, nobody is guest and agent.
        assert!(chat.guests.iter().all(|guest| guest.joined || !chat.is_ended()), "{joined:?} {left:?} {said:?}");
        assert!(chat.agent().is_none_or(|agent| chat.guest(agent).is_none()));
        if !chat.is_ended() {
            shift.does(1, "end", json!({}), chat.id).await.unwrap();
        }
    }
});

async fn blocks(shift: &Shift, chat: ChatId, length: &str, address: bool) -> Result<Value, ApiError> {
    shift.does(0, "block", json!({ "reason": "욕설을 반복함", "length": length, "address": address }), chat).await
}

shift!(a_blocked_customer_meets_a_shut_door_and_no_reason, async |shift: Shift| {
    let (customer, chat) = talks(&shift).await;
    assert_eq!(
        shift.does(0, "block", json!({ "reason": "  ", "length": "day", "address": false }), chat).await,
        Err(ApiError::field("reason", Problem::Required))
    );
    assert!(!shift.chat(chat).await.is_ended(), "a refused block changes nothing");
    assert!(shift.does(1, "block", json!({ "reason": "a", "length": "day", "address": false }), chat).await.is_err(), "not his");
    blocks(&shift, chat, "day", false).await.unwrap();
    assert!(shift.chat(chat).await.is_ended());
    assert!(shift.events(chat).await.contains(&Event::Blocked { agent: shift.agents[0].1 }));

    // He may look, ask by inquiry, and neither start nor write.
    assert!(customer.consent("new").await.is_none(), "no form to start with");
    let door = customer.door("new").await;
    assert!(door.contains("문의하기") && !door.contains("차단") && !door.contains("욕설"), "{door}");
    let consent = shift.test.visitor().await.consent("").await.expect("others may");
    let (status, text) = customer.start(&[("lang", "ko"), ("consent", &consent)]).await;
    assert_eq!(status, 422);
    assert!(!text.contains("차단") && !text.contains("욕설"), "{text}");
    assert!(customer.say("다시요").await.is_err());
    // Anybody else comes in, also from the same address.
    assert!(shift.test.visitor().await.say("안녕하세요").await.is_ok());

    recent_first(&shift).await;
    // It ends by itself.
    shift.passes(DAY - MINUTE).await;
    shift.is(0, Status::Online).await;
    assert!(customer.say("아직인가요").await.is_err());
    shift.passes(2 * MINUTE).await;
    let owner = shift.test.signed_in("owner").await;
    shift.comes(0).await;
    shift.comes(1).await;
    // And who has ended him for abuse does not get him again (G18).
    let chat = customer.say("죄송했습니다").await.unwrap().chat;
    shift.look().await;
    let why: Explained = owner.ask("chats/why", &json!({ "chat": chat })).await.unwrap();
    assert!(matches!(why, Explained::Offered { why, .. } if why.by != By::Recent), "{why:?}");
});

shift!(an_address_is_blocked_for_strangers_and_an_admin_lifts_it, async |shift: Shift| {
    let (customer, chat) = talks(&shift).await;
    blocks(&shift, chat, "forever", true).await.unwrap();
    let neighbour = shift.test.visitor().await;
    assert!(customer.say("저예요").await.is_err());
    assert!(neighbour.say("저는 아닌데요").await.is_err());
    let owner = shift.test.signed_in("owner").await;
    for (action, body) in [("blocks/list", json!({})), ("blocks/lift", json!({ "block": uuid::Uuid::now_v7() }))] {
        assert_eq!(shift.agents[0].0.post(action, &body).await.status(), 403, "{action}");
    }
    let rows: Vec<BlockRow> = owner.ask("blocks/list", &json!({})).await.unwrap();
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.reason.as_str(), row.by.as_str(), row.until, row.chat), ("욕설을 반복함", "상담원1", None, chat));
    assert_eq!(row.code, shift.chat(chat).await.visitor.code());
    let (address, until) = row.address.clone().unwrap();
    assert_eq!((address.as_str(), until), ("127.0.0.1", row.at.plus(7 * DAY)));
    // Two lift it at once: one has, the other finds nothing.
    let body = json!({ "block": row.id });
    let (one, other) = tokio::join!(owner.ask::<Vec<BlockRow>>("blocks/lift", &body), owner.ask::<Vec<BlockRow>>("blocks/lift", &body));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert!(neighbour.say("이제 되나요").await.is_ok());
    assert!(customer.say("저도요").await.is_ok());
    let log: Changes = owner.ask("organization/changes", &json!({ "search": "욕설", "before": null })).await.unwrap();
    let told: Vec<_> = log.rows.iter().map(|row| (row.kind.as_str(), row.before.as_str(), row.after.as_str())).collect();
    assert_eq!(told, [("block", "욕설을 반복함", ""), ("block", "", "욕설을 반복함")]);
});

async fn history(client: &Client, mut wanted: Value) -> Result<History, ApiError> {
    let all = json!({ "customer": "", "agent": null, "queue": null, "from": "", "to": "", "after": null });
    for (name, value) in all.as_object().unwrap() {
        if wanted.get(name).is_none() {
            wanted[name] = value.clone();
        }
    }
    client.ask("history/list", &json!({ "wanted": wanted })).await
}

shift!(ended_chats_are_found_by_who_took_part_and_read_by_nobody_else, async |shift: Shift| {
    let (_customer, first) = talks(&shift).await;
    shift.does(0, "hand_over", json!({ "to": shift.agents[1].1, "note": "" }), first).await.unwrap();
    shift.agents[1].0.reply(first, "이어서 도와드릴게요").await.unwrap();
    shift.does(1, "end", json!({}), first).await.unwrap();
    shift.passes(2 * DAY).await;
    shift.comes(0).await;
    let (_customer, second) = shift.waits("다른 문의").await;
    shift.agents[0].0.reply(second, "네").await.unwrap();
    shift.does(0, "end", json!({}), second).await.unwrap();
    let owner = shift.test.signed_in("owner").await;
    let ids = |history: Result<History, ApiError>| history.unwrap().rows.iter().map(|row| row.chat).collect::<Vec<_>>();
    let (one, two) = (&shift.agents[0], &shift.agents[1]);
    // The newest first; whose it was, and for whom else it was never there.
    let all = history(&owner, json!({})).await.unwrap();
    assert_eq!(
        all.rows.iter().map(|row| (row.chat, row.agent, row.handled)).collect::<Vec<_>>(),
        [(second, Some(one.1), true), (first, Some(two.1), true)]
    );
    assert_eq!(ids(history(&one.0, json!({})).await), [second, first]);
    assert_eq!(ids(history(&two.0, json!({})).await), [first]);
    assert_eq!(ids(history(&shift.agents[2].0, json!({})).await), []);
    assert!(thread(&two.0, first).await.is_ok(), "who ended it reads it");
    assert!(thread(&two.0, second).await.is_err() && thread(&shift.agents[2].0, first).await.is_err());
    // By agent, queue, customer and day.
    assert_eq!(ids(history(&owner, json!({ "agent": two.1 })).await), [first]);
    assert_eq!(ids(history(&owner, json!({ "queue": shift.chat(first).await.queue })).await), [second, first]);
    let code = shift.chat(first).await.visitor.code();
    assert_eq!(ids(history(&owner, json!({ "customer": code.to_lowercase() })).await), [first]);
    assert_eq!(ids(history(&owner, json!({ "customer": "%" })).await), []);
    let State::Ended { at, .. } = shift.chat(first).await.state else { panic!() };
    let zone = jiff::tz::TimeZone::get("Asia/Seoul").unwrap();
    let day = jiff::Timestamp::from_millisecond(at.0).unwrap().to_zoned(zone).date().to_string();
    assert_eq!(ids(history(&owner, json!({ "from": day, "to": day })).await), [first]);
    assert_eq!(history(&owner, json!({ "from": "gestern" })).await, Err(ApiError::field("from", Problem::NotATime)));
    // Page by page.
    assert_eq!(ids(history(&owner, json!({ "after": [all.rows[0].ended_at, second] })).await), [first]);
});
