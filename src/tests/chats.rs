//! A chat from its first word to its end, by requests alone.

use crate::{both, support::TestApp};
use damso::{
    api::ApiError,
    domain::{
        chat::{Event, Refused, State},
        ids::{ChatId, ClientId},
    },
    protocol::{Card, Thread, VisitorChat},
};
use serde_json::json;
use uuid::Uuid;

both!(from_the_first_word_to_the_end, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let sent = customer.say("배송이 안 왔어요").await.unwrap();
    let desk = agent.desk().await;
    assert_eq!(desk.cards.len(), 1);
    assert!(matches!(desk.cards[0].chat.state, State::Waiting { .. }));
    assert_eq!(desk.cards[0].unread, 1);
    // Looking at it does not start it (A40).
    let thread: Thread = agent.ask("chats/thread", &json!({ "chat": sent.chat, "before": null })).await.unwrap();
    assert!(matches!(thread.card.chat.state, State::Waiting { .. }));
    let started: Card = agent.ask("chats/start", &json!({ "chat": sent.chat })).await.unwrap();
    assert!(matches!(started.chat.state, State::Active { .. }));
    agent.reply(sent.chat, "확인해 보겠습니다").await.unwrap();
    customer.ask::<()>("visitor/end", &json!({ "request": { "widget": "demo", "chat": sent.chat } })).await.unwrap();
    assert_eq!(agent.reply(sent.chat, "여보세요").await, Err(ApiError::Refused(Refused::CustomerEnded)));
    // The customer writes again: the same chat, the same agent (G27).
    assert_eq!(customer.say("하나 더요").await.unwrap().chat, sent.chat);
    agent.ask::<()>("chats/end", &json!({ "chat": sent.chat })).await.unwrap();
    assert!(agent.desk().await.cards.is_empty());
    // After the end: a new chat.
    assert_ne!(customer.say("또 왔어요").await.unwrap().chat, sent.chat);
});

both!(the_first_reply_starts_and_the_late_one_learns_who_won, async |test: TestApp| {
    let (customer, one, two) = (test.visitor().await, test.signed_in("agent1").await, test.signed_in("agent2").await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let (a, b) = tokio::join!(one.reply(chat, "저요"), two.reply(chat, "저도요"));
    let (winner, loser) = if a.is_ok() { (&one, b) } else { (&two, a) };
    let winner_id = winner.desk().await.me.account;
    assert_eq!(loser, Err(ApiError::Refused(Refused::TakenBy { agent: winner_id })));
    let thread: Thread = winner.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
    let starts = thread.events.iter().filter(|e| matches!(e.event, Event::Started { .. })).count();
    assert_eq!(starts, 1);
});

both!(a_repeated_send_is_stored_once, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let id = ClientId(Uuid::now_v7());
    let (first, again) = (customer.say_as(id, "한 번만").await.unwrap(), customer.say_as(id, "한 번만").await.unwrap());
    assert_eq!(first, again);
    assert_eq!(customer.say_as(id, "다른 말").await, Err(ApiError::Conflict));
    let reply = ClientId(Uuid::now_v7());
    let sent: Vec<_> = futures_util::future::join_all((0..8).map(|_| agent.reply_as(first.chat, reply, "네"))).await;
    assert!(sent.iter().all(|s| s == &sent[0] && s.is_ok()), "{sent:?}");
    // Even after the chat ended, the first message sent again opens no other chat.
    agent.ask::<()>("chats/end", &json!({ "chat": first.chat })).await.unwrap();
    assert_eq!(customer.say_as(id, "한 번만").await.unwrap(), first);
    // Nor does it appear in the next chat.
    let next = customer.say("다른 일이에요").await.unwrap();
    assert_ne!(next.chat, first.chat);
    assert_eq!(customer.say_as(id, "한 번만").await.unwrap(), first);
    let thread: Thread = agent.ask("chats/thread", &json!({ "chat": first.chat, "before": null })).await.unwrap();
    let messages = thread.events.iter().filter(|e| matches!(e.event, Event::Message { .. })).count();
    assert_eq!(messages, 2);
});

both!(two_tabs_that_write_first_at_once_share_one_chat, async |test: TestApp| {
    let customer = test.visitor().await;
    let sent = futures_util::future::join_all((0..8).map(|n| {
        let customer = customer.clone();
        async move { customer.say(&format!("탭 {n}")).await.unwrap().chat }
    }))
    .await;
    assert!(sent.iter().all(|chat| *chat == sent[0]));
});

both!(what_is_not_ones_own_is_not_found, async |test: TestApp| {
    let (customer, stranger, two) = (test.visitor().await, test.visitor().await, test.signed_in("agent2").await);
    let chat = customer.say("제 거예요").await.unwrap().chat;
    let missing = ChatId(Uuid::now_v7());
    for id in [chat, missing] {
        let end = stranger.ask::<()>("visitor/end", &json!({ "request": { "widget": "demo", "chat": id } })).await;
        assert_eq!(end, Err(ApiError::NotFound));
        let read =
            stranger.ask::<VisitorChat>("visitor/earlier", &json!({ "request": { "widget": "demo", "chat": id, "before": 9 } })).await;
        assert_eq!(read, Err(ApiError::NotFound));
    }
    // A started chat is its agent's: a colleague without 현황·통계 cannot read it.
    test.signed_in("agent1").await.reply(chat, "제가 도와드릴게요").await.unwrap();
    let read = two.ask::<Thread>("chats/thread", &json!({ "chat": chat, "before": null })).await;
    assert_eq!(read.unwrap_err(), ApiError::NotFound);
    let owner = test.signed_in("owner").await;
    assert!(owner.ask::<Thread>("chats/thread", &json!({ "chat": chat, "before": null })).await.is_ok());
});

both!(a_long_thread_comes_in_pages, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let chat = customer.say("0").await.unwrap().chat;
    for n in 1..130 {
        customer.say(&n.to_string()).await.unwrap();
    }
    let newest: Thread = agent.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
    assert_eq!((newest.events.len(), newest.earlier), (100, true));
    let older: Thread = agent.ask("chats/thread", &json!({ "chat": chat, "before": newest.events[0].seq })).await.unwrap();
    assert_eq!((older.events.len(), older.earlier), (32, false));
    let all: Vec<u64> = older.events.iter().chain(&newest.events).map(|e| e.seq).collect();
    assert_eq!(all, (1..=132).collect::<Vec<_>>());
});
