//! How an agent's own pages look and sound, and what he puts back among the unread.

use crate::{
    both,
    support::{Client, TestApp},
};
use damso::{
    api::ApiError,
    domain::preferences::{Preferences, Theme},
    protocol::AgentFrame,
    server::db,
};
use serde_json::{Value, json};

async fn page(test: &TestApp, who: &str) -> String {
    test.signed_in(who).await.get("/account").await.text().await.unwrap()
}

both!(preferences_are_ones_own_and_drawn_by_the_server, async |test: TestApp| {
    let agent = test.signed_in("agent1").await;
    let wanted = json!({ "theme": "dark", "density": "compact", "lists": 200, "notices": { "volume": 250, "desktop": false } });
    agent.ask::<Value>("accounts/preferences", &json!({ "preferences": wanted })).await.unwrap();
    let html = page(&test, "agent1").await;
    assert!(html.contains(r#"data-theme="dark" data-density="compact" data-lists="12""#), "{}", &html[..400]);
    let email = "agent1@example.com";
    let stored = test.app.db.look(async |tx| db::accounts::find_by_email(tx, email).await).await.unwrap().unwrap().preferences;
    assert_eq!((stored.theme, stored.notices.volume, stored.notices.desktop, stored.shortcuts), (Theme::Dark, 100, false, true));
    // Nobody else's.
    assert!(page(&test, "agent2").await.contains(r#"data-theme="system" data-density="comfortable" data-lists="3""#));
    let wrong = agent.ask::<Value>("accounts/preferences", &json!({ "preferences": { "theme": "pink" } })).await.unwrap_err();
    assert!(matches!(wrong, ApiError::Invalid(_)), "{wrong:?}");
    assert!(page(&test, "agent1").await.contains(r#"data-theme="dark""#));
    assert_ne!(stored, Preferences::default());
});

both!(a_chat_that_is_put_back_is_unread_for_me_alone, async |test: TestApp| {
    let (customer, agent, other) = (test.visitor().await, test.signed_in("agent1").await, test.signed_in("agent2").await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let desk = agent.desk().await;
    let mut tab = agent.agent_socket(desk.service.id, desk.seq).await;
    let flag = |on| json!({ "chat": chat, "on": on });
    agent.ask::<Value>("chats/flag", &flag(true)).await.unwrap();
    tab.until(|frame| matches!(frame, AgentFrame::MyFlag { chat: of, on: true } if of == chat).then_some(())).await;
    let flagged = async |who: &Client| who.desk().await.cards.iter().find(|card| card.chat.id == chat).unwrap().flagged;
    assert!(flagged(&agent).await && !flagged(&other).await);
    agent.ask::<Value>("chats/flag", &flag(false)).await.unwrap();
    assert!(!flagged(&agent).await);
    // What he may not see he cannot mark.
    agent.ask::<Value>("chats/start", &json!({ "chat": chat })).await.unwrap();
    assert!(matches!(other.ask::<Value>("chats/flag", &flag(true)).await, Err(ApiError::NotFound)));
});
