//! Whether the customer is still there (G33), over real sockets: what his pages say, how
//! they go, and who is told.

use crate::{
    both,
    support::{Client, Socket, TestApp},
};
use damso::{
    domain::{
        ids::ChatId,
        presence::GRACE,
        time::SECOND,
        watching::{LastPage, Watching},
    },
    protocol::{AgentFrame, ClientFrame, VisitorFrame},
    server::{clock::Clock, db},
};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};

/// The agent has the chat in front.
async fn in_front(agent: &Client, chat: ChatId) -> Socket {
    let desk = agent.desk().await;
    let mut console = agent.agent_socket(desk.service.id, desk.seq).await;
    console.say(&ClientFrame::Watch { chat }).await;
    console
}

/// The next that the console is told of the chat's customer.
async fn told(console: &mut Socket, chat: ChatId) -> Option<Watching> {
    console.until(|frame| if let AgentFrame::Watching { chat: of, is } = frame { (of == chat).then_some(is) } else { None }).await
}

/// A page of the customer's, its chat in view.
async fn page(customer: &Client) -> Socket {
    let mut page = customer.visitor_socket(None).await;
    let VisitorFrame::Reset { chat: Some(_) } = page.frame().await else { panic!("no chat") };
    page
}

async fn looks(page: &mut Socket, on: bool) {
    page.say(&ClientFrame::Sight { on }).await;
}

/// As a page does that is left.
async fn leaves(mut page: Socket, code: CloseCode) {
    page.stream.close(Some(CloseFrame { code, reason: "".into() })).await.unwrap();
    // Until the server has heard it.
    page.closed().await;
}

async fn last_page(test: &TestApp, chat: ChatId) -> LastPage {
    test.app.db.look(async |tx| db::visitors::last_page(tx, chat).await).await.unwrap()
}

both!(the_head_follows_the_customers_pages, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let chat = customer.say("아직 계세요?").await.unwrap().chat;
    let mut console = in_front(&agent, chat).await;
    assert_eq!(told(&mut console, chat).await, None, "no page of his was ever open");

    let mut one = page(&customer).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Elsewhere));
    looks(&mut one, true).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Viewing));
    looks(&mut one, false).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Elsewhere));

    // Another tab: the best of them counts, and the one that goes takes nothing with it.
    let mut two = page(&customer).await;
    looks(&mut two, true).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Viewing));
    leaves(one, CloseCode::Away).await;
    let before = test.app.clock.now();
    leaves(two, CloseCode::Normal).await;
    let Some(Watching::Left { since }) = told(&mut console, chat).await else { panic!("he has left") };
    assert!(since.since(before) < GRACE, "since he left, not since it was told");
    assert!(last_page(&test, chat).await.said_goodbye);

    // Back, and then the line breaks.
    let mut back = page(&customer).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Elsewhere));
    looks(&mut back, true).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Viewing));
    assert!(!last_page(&test, chat).await.said_goodbye);
    drop(back);
    assert_eq!(told(&mut console, chat).await, Some(Watching::Lost));

    // Who comes later is told at once; so is who comes after a restart of the server.
    assert_eq!(told(&mut in_front(&agent, chat).await, chat).await, Some(Watching::Lost));
    let again = test.again(Clock::System).await;
    let mut console = in_front(&again.signed_in("agent2").await, chat).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Lost));
    let mut back = page(&customer.at(again.address)).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Elsewhere));
    looks(&mut back, true).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Viewing));
});

both!(a_page_that_loads_again_never_left, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let chat = customer.say("새로고침").await.unwrap().chat;
    let mut one = page(&customer).await;
    looks(&mut one, true).await;
    let mut console = in_front(&agent, chat).await;
    let mut is = told(&mut console, chat).await;
    if is == Some(Watching::Elsewhere) {
        is = told(&mut console, chat).await;
    }
    assert_eq!(is, Some(Watching::Viewing));
    leaves(one, CloseCode::Away).await;
    let mut two = page(&customer).await;
    looks(&mut two, true).await;
    // Once the old page's grace is over, nothing was told of it: the next word is the new one's.
    let start = tokio::time::Instant::now();
    while test.app.hub.pages.own().len() > 1 {
        assert!(start.elapsed().as_millis() < 10_000, "the old page counts for ever");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    looks(&mut two, false).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Elsewhere));
});

both!(a_restart_leaves_nobody_but_who_said_so, async |test: TestApp| {
    let (one, two, agent) = (test.visitor().await, test.visitor().await, test.signed_in("agent1").await);
    let (left, open) = (one.say("갈게요").await.unwrap().chat, two.say("있어요").await.unwrap().chat);
    let mut console = in_front(&agent, left).await;
    assert_eq!(told(&mut console, left).await, None);
    let his = page(&one).await;
    assert_eq!(told(&mut console, left).await, Some(Watching::Elsewhere));
    let mut page = page(&two).await;
    leaves(his, CloseCode::Away).await;
    assert!(matches!(told(&mut console, left).await, Some(Watching::Left { .. })));
    // The restart closes the other one's line; he is not back yet.
    let again = test.again(Clock::System).await;
    assert!(page.closed().await.is_some());
    let agent = again.signed_in("agent1").await;
    assert!(matches!(told(&mut in_front(&agent, left).await, left).await, Some(Watching::Left { .. })));
    assert_eq!(told(&mut in_front(&agent, open).await, open).await, Some(Watching::Lost));
});

both!(a_line_that_is_noticed_late_takes_no_goodbye_back, async |test: TestApp| {
    let customer = test.visitor().await;
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let visitor = test.app.db.look(async |tx| db::chats::find(tx, chat).await).await.unwrap().unwrap().visitor;
    let now = test.app.clock.now();
    let note = async |until: i64, goodbye: Option<bool>| {
        let at = now.plus(until * SECOND);
        test.app
            .db
            .write(async |tx| match goodbye {
                Some(said) => db::visitors::set_gone(tx, visitor, at, said).await,
                None => db::visitors::set_here(tx, visitor, at).await,
            })
            .await
            .unwrap();
        last_page(&test, chat).await
    };
    assert_eq!(note(180, None).await, LastPage { until: now.plus(180 * SECOND), said_goodbye: false });
    let left = LastPage { until: now.plus(20 * SECOND), said_goodbye: true };
    assert_eq!(note(20, Some(true)).await, left);
    assert_eq!(note(50, Some(false)).await, left);
    assert!(!note(240, None).await.said_goodbye);
    assert_eq!(note(60, Some(false)).await, LastPage { until: now.plus(60 * SECOND), said_goodbye: false });
});

both!(only_who_sees_the_chat_and_has_it_in_front_is_told, async |test: TestApp| {
    let (one, two, agent) = (test.visitor().await, test.visitor().await, test.signed_in("agent1").await);
    let chat = one.say("하나").await.unwrap().chat;
    let other = two.say("둘").await.unwrap().chat;
    agent.ask::<serde_json::Value>("chats/start", &serde_json::json!({ "chat": chat })).await.unwrap();
    // A colleague does not see it, and his console asks for it all the same.
    let mut colleague = in_front(&test.signed_in("agent2").await, chat).await;
    let mut console = in_front(&agent, chat).await;
    assert_eq!(told(&mut console, chat).await, None);
    let mut stranger = page(&two).await;
    let mut customer = page(&one).await;
    looks(&mut customer, true).await;
    while told(&mut console, chat).await != Some(Watching::Viewing) {}
    // What comes next to each of them is the answer to a word said after all that.
    colleague.text(damso::protocol::BEAT).await;
    let heard = colleague.raw_until("\"beat\"").await;
    assert!(!heard.contains("watching"), "{heard}");
    colleague.say(&ClientFrame::Watch { chat: other }).await;
    assert_eq!(told(&mut colleague, other).await, Some(Watching::Elsewhere));
    stranger.text(damso::protocol::BEAT).await;
    let heard = stranger.raw_until("\"beat\"").await;
    assert!(!heard.contains("watching") && !heard.contains("sight"), "{heard}");
    // Nor may an agent's console pretend to be a customer's window.
    console.say(&ClientFrame::Sight { on: true }).await;
    assert_eq!(console.closed().await, Some(damso::protocol::Goodbye::BadFrame.code()));
});

both!(who_flips_all_the_time_is_told_of_now_and_then, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let chat = customer.say("깜빡").await.unwrap().chat;
    let mut console = in_front(&agent, chat).await;
    assert_eq!(told(&mut console, chat).await, None);
    let mut page = page(&customer).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Elsewhere));
    // The first glance is told at once, the others as they stand a second later.
    for n in 0..31 {
        looks(&mut page, n % 2 == 0).await;
    }
    looks(&mut page, false).await;
    assert_eq!(told(&mut console, chat).await, Some(Watching::Viewing));
    assert_eq!(told(&mut console, chat).await, Some(Watching::Elsewhere));
    page.text(damso::protocol::BEAT).await;
    page.raw_until("\"beat\"").await;
    console.text(damso::protocol::BEAT).await;
    let heard = console.raw_until("\"beat\"").await;
    assert!(!heard.contains("watching"), "{heard}");
    // Beyond what a socket may say at all it is closed.
    for n in 0..60 {
        looks(&mut page, n % 2 == 0).await;
    }
    assert_eq!(page.closed().await, Some(damso::protocol::Goodbye::BadFrame.code()));
});
