//! What must not work, and must not hurt.

use crate::{both, support::TestApp};
use damso::{
    api::{ApiError, Problem},
    domain::chat::Event,
    protocol::{CLIENT_FRAME_MAX, Goodbye, Hello, Thread, VERSION},
};
use futures_util::SinkExt as _;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio_tungstenite::tungstenite;

/// The program still answers.
async fn alive(test: &TestApp) {
    assert_eq!(test.anyone().get("/readyz").await.status(), StatusCode::OK);
}

both!(messages_of_a_megabyte_are_refused_with_a_word, async |test: TestApp| {
    let customer = test.visitor().await;
    let answer = customer.say(&"가".repeat(400_000)).await.unwrap_err();
    assert_eq!(answer.problem_of("text"), Some(Problem::TooLong));
    let answer = customer.say(&"가".repeat(8_001)).await.unwrap_err();
    assert_eq!(answer.problem_of("text"), Some(Problem::TooLong));
    assert!(customer.say(&"가".repeat(8_000)).await.is_ok());
    assert_eq!(customer.say(" \u{0}\u{7} ").await.unwrap_err().problem_of("text"), Some(Problem::Required));
    alive(&test).await;
});

both!(control_characters_do_not_reach_the_log, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let chat = customer.say("a\u{0}b\u{1b}[31mc\u{202e}d\r\ne").await.unwrap().chat;
    let thread: Thread = agent.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
    let Event::Message { text, .. } = &thread.events[2].event else { panic!() };
    assert_eq!(text, "ab[31mcd\ne");
});

both!(requests_that_are_not_ours_are_typed_errors, async |test: TestApp| {
    let customer = test.visitor().await;
    let agent = test.signed_in("agent1").await;
    // Unknown fields, wrong types, broken JSON, broken UTF-8.
    for body in [
        &br#"{"request":{"widget":"demo","client_id":"x","text":"a","language":"ko","page":{"url":"","title":""}}}"#[..],
        br#"{"request":{"widget":"demo","client_id":"01890a5d-ac96-774b-bcce-b302099a8f2c","text":"a","language":"ko","page":{"url":"","title":""},"seq":9}}"#,
        br#"{"request":"#,
        b"\xff\xfe\x00",
        b"",
    ] {
        let answer = customer
            .request(Method::POST, "/api/visitor/send")
            .header("content-type", "application/json")
            .body(body.to_vec())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body:?}");
        assert!(matches!(answer.json::<ApiError>().await.unwrap(), ApiError::Invalid(_)));
    }
    let unknown = agent.post("no/such/function", &json!({})).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    assert_eq!(unknown.json::<ApiError>().await.unwrap(), ApiError::NotFound);
    alive(&test).await;
});

both!(wrong_tokens_open_nothing, async |test: TestApp| {
    let mut stranger = test.anyone();
    assert_eq!(stranger.say("?").await, Err(ApiError::Unauthenticated));
    stranger.token = Some("A".repeat(43));
    assert_eq!(stranger.say("?").await, Err(ApiError::Unauthenticated));
    let mut socket = stranger.socket().await;
    socket.say(&Hello::Visitor { version: VERSION, widget: "demo".into(), token: stranger.token.clone(), resume: None }).await;
    assert_eq!(socket.closed().await, Some(Goodbye::SignedOut.code()));
    stranger.cookie = Some("__Host-damso=nonsense".into());
    let desk = test.signed_in("agent1").await.desk().await;
    let mut socket = stranger.socket().await;
    socket.say(&Hello::Agent { version: VERSION, service: desk.service.id, seq: 0 }).await;
    assert_eq!(socket.closed().await, Some(Goodbye::SignedOut.code()));
});

both!(foreign_pages_open_no_socket, async |test: TestApp| {
    let agent = test.signed_in("agent1").await;
    for origin in ["https://evil.example", "null", &format!("{}.evil.example", test.origin())] {
        match agent.socket_from(origin).await {
            Err(tungstenite::Error::Http(answer)) => assert_eq!(answer.status(), 403),
            other => panic!("{:?}", other.map(|_| "open")),
        }
    }
});

both!(frames_that_are_not_ours_close_the_socket, async |test: TestApp| {
    let customer = test.visitor().await;
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    for bad in [
        "nonsense".to_owned(),
        r#"{"t":"typing","chat":1,"on":true}"#.to_owned(),
        format!(r#"{{"t":"typing","chat":"{chat}","on":true,"more":1}}"#),
        format!(r#"{{"t":"{}"}}"#, "x".repeat(CLIENT_FRAME_MAX)),
    ] {
        let mut socket = customer.visitor_socket(None).await;
        socket.text(&bad).await;
        let code = socket.closed().await;
        assert!(matches!(code, None | Some(4000)), "{code:?} for {}", &bad[..40.min(bad.len())]);
    }
    // Binary, broken UTF-8 in a text frame, a first frame that is no hello.
    let mut socket = customer.visitor_socket(None).await;
    socket.stream.send(tungstenite::Message::Binary(vec![1, 2, 3].into())).await.unwrap();
    assert_eq!(socket.closed().await, Some(4000));
    let mut socket = customer.visitor_socket(None).await;
    let frame = tungstenite::protocol::frame::Frame::message(
        vec![0xff, 0xfe],
        tungstenite::protocol::frame::coding::OpCode::Data(tungstenite::protocol::frame::coding::Data::Text),
        true,
    );
    socket.stream.send(tungstenite::Message::Frame(frame)).await.unwrap();
    socket.closed().await;
    let mut socket = customer.socket().await;
    socket.text("{}").await;
    assert_eq!(socket.closed().await, Some(4000));
    alive(&test).await;
});

both!(a_flood_of_frames_closes_the_socket, async |test: TestApp| {
    let customer = test.visitor().await;
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let mut socket = customer.visitor_socket(None).await;
    for _ in 0..500 {
        let frame = format!(r#"{{"t":"typing","chat":"{chat}","on":true}}"#);
        if socket.stream.send(tungstenite::Message::text(frame)).await.is_err() {
            break;
        }
    }
    assert!(matches!(socket.closed().await, None | Some(4000)));
    alive(&test).await;
});
