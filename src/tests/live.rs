//! What arrives on the sockets, in order and once, however often they are cut.

use crate::{both, support::TestApp};
use damso::{
    domain::chat::{Event, PublicEvent},
    protocol::{AgentFrame, ClientFrame, Goodbye, Hello, MARKS_AT_ONCE, Marks, Resume, Typist, VERSION, VisitorFrame},
};
use serde_json::json;

both!(both_sides_see_the_same_in_order, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let chat = customer.say("처음").await.unwrap().chat;
    let desk = agent.desk().await;
    let mut console = agent.agent_socket(desk.service.id, desk.seq).await;
    let mut widget = customer.visitor_socket(None).await;
    let VisitorFrame::Reset { chat: Some(shown) } = widget.frame().await else { panic!("no chat") };
    assert_eq!((shown.id, shown.events.len()), (chat, 3));
    for n in 0..20 {
        if n % 2 == 0 {
            customer.say(&format!("고객 {n}")).await.unwrap();
        } else {
            agent.reply(chat, &format!("상담원 {n}")).await.unwrap();
        }
    }
    let mut public = Vec::new();
    let mut cursor = shown.seq;
    while public.len() < 20 {
        if let VisitorFrame::Events { prev, seq, events } = widget.frame().await {
            assert_eq!(prev, cursor);
            cursor = seq;
            public.extend(
                events.into_iter().filter_map(|e| if let PublicEvent::Message { text, .. } = e.event { Some((e.seq, text)) } else { None }),
            );
        }
    }
    let mut private = Vec::new();
    let mut cursor = desk.seq;
    while private.len() < 20 {
        if let AgentFrame::Events { prev, seq, events } = console.frame().await {
            assert_eq!(prev, cursor);
            cursor = seq;
            private.extend(
                events
                    .into_iter()
                    .filter_map(|e| if let Event::Message { text, .. } = e.event { Some((e.public.unwrap(), text)) } else { None }),
            );
        }
    }
    assert_eq!(public, private);
    assert!(public.windows(2).all(|w| w[0].0 < w[1].0));
});

both!(a_cut_socket_resumes_where_it_was, async |test: TestApp| {
    let customer = test.visitor().await;
    let agent = test.signed_in("agent1").await;
    let chat = customer.say("0").await.unwrap().chat;
    // Intake, greeting, message.
    let mut seen = 3;
    for round in 1..=5 {
        // Written while nobody listens.
        for n in 0..round {
            agent.reply(chat, &format!("{round}.{n}")).await.unwrap();
        }
        let mut widget = customer.visitor_socket(Some(Resume { chat, seq: seen })).await;
        let VisitorFrame::Events { prev, seq, events } = widget.frame().await else { panic!("not resumed") };
        assert_eq!(prev, seen);
        let numbers: Vec<u64> = events.iter().map(|e| e.seq).collect();
        assert_eq!(numbers, (seen + 1..=seq).collect::<Vec<_>>());
        seen = seq;
        drop(widget);
    }
    // The start and fifteen replies.
    assert_eq!(seen, 3 + 1 + 15);
});

both!(an_agent_resumes_from_the_table_too, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let desk = agent.desk().await;
    let chat = customer.say("0").await.unwrap().chat;
    for n in 1..=30 {
        customer.say(&n.to_string()).await.unwrap();
    }
    let mut console = agent.agent_socket(desk.service.id, desk.seq).await;
    let mut cursor = desk.seq;
    let mut got = 0;
    let card = console
        .until(|frame| match frame {
            AgentFrame::Events { prev, seq, events } => {
                assert_eq!(prev, cursor);
                cursor = seq;
                got += events.len();
                None
            }
            AgentFrame::Card { card } => Some(card),
            other => panic!("{other:?}"),
        })
        .await;
    assert_eq!((got, card.chat.id, card.unread), (31, chat, 31));
});

both!(a_cursor_from_elsewhere_is_reset, async |test: TestApp| {
    let agent = test.signed_in("agent1").await;
    let desk = agent.desk().await;
    let mut console = agent.agent_socket(desk.service.id, 9_999).await;
    assert_eq!(console.frame::<AgentFrame>().await, AgentFrame::Reset);
    let customer = test.visitor().await;
    let chat = customer.say("0").await.unwrap().chat;
    let mut widget = customer.visitor_socket(Some(Resume { chat, seq: 99 })).await;
    assert!(matches!(widget.frame::<VisitorFrame>().await, VisitorFrame::Reset { chat: Some(_) }));
});

both!(a_chat_that_a_colleague_takes_is_gone_and_says_who, async |test: TestApp| {
    let (customer, one, two) = (test.visitor().await, test.signed_in("agent1").await, test.signed_in("agent2").await);
    let (desk, other) = (one.desk().await, two.desk().await);
    let mut console = one.agent_socket(desk.service.id, desk.seq).await;
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let card = console.until(|f| if let AgentFrame::Card { card } = f { Some(card) } else { None }).await;
    assert_eq!(card.chat.id, chat);
    two.reply(chat, "제가 할게요").await.unwrap();
    let gone = console.until(|f| if let AgentFrame::Gone { chat, taken_by } = f { Some((chat, taken_by)) } else { None }).await;
    assert_eq!(gone, (chat, Some(other.me.account)));
    // What he may not see still counts: the cursor goes on, the words do not come.
    two.reply(chat, "비밀").await.unwrap();
    let frame = console
        .until(|f| {
            if matches!(f, AgentFrame::Progress { .. }) {
                Some(f)
            } else {
                assert!(!matches!(f, AgentFrame::Events { .. }));
                None
            }
        })
        .await;
    assert!(matches!(frame, AgentFrame::Progress { prev, seq } if seq > prev));
});

both!(typing_and_marks_reach_the_other_side, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let sent = agent.reply(chat, "네").await.unwrap();
    let desk = agent.desk().await;
    let mut console = agent.agent_socket(desk.service.id, desk.seq).await;
    let mut widget = customer.visitor_socket(None).await;
    let VisitorFrame::Reset { .. } = widget.frame().await else { panic!() };
    console.say(&ClientFrame::Typing { chat, on: true }).await;
    assert!(widget.until(|f| if let VisitorFrame::Typing { on } = f { Some(on) } else { None }).await);
    widget.say(&ClientFrame::Typing { chat, on: true }).await;
    let who = console.until(|f| if let AgentFrame::Typing { who, .. } = f { Some(who) } else { None }).await;
    assert_eq!(who, Typist::Customer);
    // A mark beyond what was sent is cut to it.
    widget.say(&ClientFrame::Marks { chat, delivered: 9_999, seen: sent.seq }).await;
    let marks = console.until(|f| if let AgentFrame::CustomerMarks { marks, .. } = f { Some(marks) } else { None }).await;
    assert_eq!(marks, Marks { delivered: sent.seq, seen: sent.seq });
    console.say(&ClientFrame::Marks { chat, delivered: sent.seq, seen: sent.seq }).await;
    let desk_marks = widget.until(|f| if let VisitorFrame::DeskMarks { marks } = f { Some(marks) } else { None }).await;
    assert_eq!(desk_marks.seen, sent.seq);
    drop((console, widget));
    // Stored when the sockets close, at the latest.
    for _ in 0..100 {
        let desk = agent.desk().await;
        if desk.cards[0].customer.seen == sent.seq && desk.cards[0].unread == 0 {
            return;
        }
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    panic!("marks were not stored");
});

both!(a_console_with_many_chats_tells_its_marks_and_stays, async |test: TestApp| {
    let agent = test.signed_in("agent1").await;
    let mut sent = Vec::new();
    for _ in 0..MARKS_AT_ONCE + 5 {
        let customer = test.visitor().await;
        sent.push((customer.clone(), customer.say("안녕하세요").await.unwrap()));
    }
    let desk = agent.desk().await;
    let mut console = agent.agent_socket(desk.service.id, desk.seq).await;
    let (last, one) = sent.last().unwrap();
    let mut widget = last.visitor_socket(None).await;
    let VisitorFrame::Reset { .. } = widget.frame().await else { panic!() };
    let marks: Vec<_> = sent.iter().map(|(_, sent)| (sent.chat, Marks { delivered: sent.seq, seen: 0 })).collect();
    for marks in marks.chunks(MARKS_AT_ONCE) {
        console.say(&ClientFrame::ManyMarks { marks: marks.to_vec() }).await;
    }
    let told = widget.until(|f| if let VisitorFrame::DeskMarks { marks } = f { Some(marks) } else { None }).await;
    assert_eq!(told, Marks { delivered: one.seq, seen: 0 });
    // Nobody has sent it away.
    last.say("아직 계신가요").await.unwrap();
    console
        .until(|f| if let AgentFrame::Events { events, .. } = f { events.iter().any(|e| e.chat == one.chat).then_some(()) } else { None })
        .await;
});

both!(a_second_tab_learns_of_the_first_ones_chat, async |test: TestApp| {
    let customer = test.visitor().await;
    let mut tab = customer.visitor_socket(None).await;
    assert_eq!(tab.frame::<VisitorFrame>().await, VisitorFrame::Reset { chat: None });
    let sent = customer.say("첫 번째 탭에서").await.unwrap();
    let VisitorFrame::Reset { chat: Some(shown) } = tab.frame().await else { panic!("no chat") };
    assert_eq!(shown.id, sent.chat);
    // The tab looks when it hears of the chat: before the message is written, or after.
    let mut events = shown.events;
    if shown.seq < sent.seq {
        let next = |frame| if let VisitorFrame::Events { prev, seq, events } = frame { Some((prev, seq, events)) } else { None };
        let (prev, seq, more) = tab.until(next).await;
        assert_eq!((prev, seq), (shown.seq, sent.seq));
        events.extend(more);
    }
    assert_eq!(events.iter().map(|e| e.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(matches!(&events[2].event, PublicEvent::Message { text, .. } if text == "첫 번째 탭에서"));
});

both!(a_customers_stream_carries_no_names, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    agent.ask::<serde_json::Value>("chats/start", &json!({ "chat": chat })).await.unwrap();
    agent.reply(chat, "네").await.unwrap();
    let mut widget = customer.visitor_socket(None).await;
    let frame: serde_json::Value = widget.frame().await;
    let text = frame.to_string();
    let me = agent.desk().await.me.account.to_string();
    assert!(!text.contains(&me) && !text.contains("agent1") && !text.contains("상담원1"), "{text}");
});

both!(the_end_of_the_program_says_come_back, async |test: TestApp| {
    let agent = test.signed_in("agent1").await;
    let desk = agent.desk().await;
    let mut console = agent.agent_socket(desk.service.id, desk.seq).await;
    test.app.shutdown.cancel();
    assert_eq!(console.closed().await, Some(Goodbye::Restart.code()));
});

both!(another_version_is_told_to_reload, async |test: TestApp| {
    let agent = test.signed_in("agent1").await;
    let desk = agent.desk().await;
    let mut socket = agent.socket().await;
    socket.say(&Hello::Agent { version: VERSION + 1, service: desk.service.id, seq: 0 }).await;
    assert_eq!(socket.closed().await, Some(Goodbye::Version.code()));
});

both!(a_console_that_comes_back_learns_what_no_event_tells, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let desk = admin.desk().await;
    let welcomed = async || {
        let mut socket = admin.socket().await;
        socket.say(&Hello::Agent { version: VERSION, service: desk.service.id, seq: desk.seq }).await;
        socket.until(|frame| if let AgentFrame::Welcome { about, .. } = frame { Some(about) } else { None }).await
    };
    assert_eq!(welcomed().await, desk.about);
    let queue = &desk.queues[0];
    let rename = json!({ "queue": queue.id, "was": queue.name, "name": { "ko": "다른 이름", "en": "" } });
    admin.ask::<serde_json::Value>("queues/rename", &rename).await.unwrap();
    let about = welcomed().await;
    assert_ne!(about, desk.about);
    assert_eq!(about, admin.desk().await.about);
});
