//! Signing in, sessions, set-up.

use crate::{
    both,
    support::{Kind, PASSWORD, TestApp},
};
use damso::{
    api::{ApiError, Problem, accounts::MyAccount},
    protocol::Goodbye,
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::time::Instant;

both!(signing_in_and_out, async |test: TestApp| {
    let client = test.signed_in("agent1").await;
    let me: MyAccount = client.ask("accounts/me", &json!({})).await.unwrap();
    assert_eq!((me.email.as_str(), me.sessions.len()), ("agent1@example.com", 1));
    client.ask::<()>("accounts/sign-out", &json!({})).await.unwrap();
    assert_eq!(client.ask::<MyAccount>("accounts/me", &json!({})).await, Err(ApiError::Unauthenticated));
});

both!(an_unknown_address_is_answered_like_a_wrong_password, async |test: TestApp| {
    let client = test.anyone();
    let mut answers = Vec::new();
    for (email, password) in [("agent1@example.com", "wrong-password"), ("nobody@example.com", PASSWORD)] {
        let start = Instant::now();
        let answer = client.post("accounts/sign-in", &json!({ "email": email, "password": password })).await;
        answers.push((answer.status(), answer.text().await.unwrap()));
        // Both hash: neither may come back without the work of it.
        assert!(start.elapsed().as_millis() > 5);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
});

both!(guessing_is_slowed_down_with_a_retry_after, async |test: TestApp| {
    let client = test.anyone();
    for _ in 0..20 {
        let answer = client.post("accounts/sign-in", &json!({ "email": "agent2@example.com", "password": "wrong-password" })).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.headers().contains_key("retry-after"));
            return;
        }
    }
    panic!("twenty guesses and no limit");
});

both!(a_revoked_session_loses_its_socket, async |test: TestApp| {
    let (one, two) = (test.signed_in("agent1").await, test.signed_in("agent1").await);
    let desk = two.desk().await;
    let mut socket = two.agent_socket(desk.service.id, desk.seq).await;
    let me: MyAccount = one.ask("accounts/me", &json!({})).await.unwrap();
    let other = me.sessions.iter().find(|s| !s.current).unwrap();
    one.ask::<()>("accounts/revoke", &json!({ "session": other.id })).await.unwrap();
    let start = Instant::now();
    assert_eq!(socket.closed().await, Some(Goodbye::SignedOut.code()));
    assert!(start.elapsed().as_secs() < 2);
    assert_eq!(two.ask::<MyAccount>("accounts/me", &json!({})).await, Err(ApiError::Unauthenticated));
});

both!(a_changed_password_ends_the_other_sessions, async |test: TestApp| {
    let (one, two) = (test.signed_in("agent3").await, test.signed_in("agent3").await);
    let wrong = one.ask::<()>("accounts/password", &json!({ "current": "not-this-one", "new": "새로운 비밀번호입니다" })).await;
    assert_eq!(wrong.unwrap_err().problem_of("current"), Some(Problem::WrongPassword));
    let weak = one.ask::<()>("accounts/password", &json!({ "current": PASSWORD, "new": "password12" })).await;
    assert_eq!(weak.unwrap_err().problem_of("new"), Some(Problem::PasswordTooWeak));
    one.ask::<()>("accounts/password", &json!({ "current": PASSWORD, "new": "새로운 비밀번호입니다" })).await.unwrap();
    assert!(one.ask::<MyAccount>("accounts/me", &json!({})).await.is_ok());
    assert_eq!(two.ask::<MyAccount>("accounts/me", &json!({})).await, Err(ApiError::Unauthenticated));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn set_up_happens_once() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let test = TestApp::bare(kind, |config| config.demo = false).await;
        let client = test.anyone();
        assert_eq!(client.get("/console").await.headers()["location"], "/setup");
        let mut form = json!({ "form": { "name": "김담소", "email": "kim@shop.example", "password": "damso-demo", "service_name": "상점", "service_key": "Shop!", "site": "shop" } });
        let error = client.ask::<()>("accounts/set-up", &form).await.unwrap_err();
        assert_eq!(error.problem_of("service_key"), Some(Problem::NotAKey));
        assert_eq!(error.problem_of("password"), Some(Problem::PasswordTooWeak));
        assert_eq!(error.problem_of("site"), Some(Problem::NotAnOrigin));
        form["form"]["password"] = "오늘도 좋은 하루입니다".into();
        form["form"]["service_key"] = "shop".into();
        form["form"]["site"] = "https://shop.example".into();
        client.ask::<()>("accounts/set-up", &form).await.unwrap();
        assert_eq!(client.ask::<()>("accounts/set-up", &form).await, Err(ApiError::NotFound));
        let signed =
            client.ask::<()>("accounts/sign-in", &json!({ "email": "KIM@shop.example", "password": "오늘도 좋은 하루입니다" })).await;
        assert_eq!(signed, Ok(()));
        // Without the demo none of its accounts exists.
        let sample = client.ask::<()>("accounts/sign-in", &json!({ "email": "agent1@example.com", "password": PASSWORD })).await;
        assert_eq!(sample, Err(ApiError::WrongCredentials));
    }
}

both!(changes_from_foreign_pages_are_refused, async |test: TestApp| {
    let client = test.signed_in("agent1").await;
    for origin in ["https://evil.example", "null"] {
        let answer = client
            .request(Method::POST, "/api/accounts/sign-out")
            .header("origin", origin)
            .header("sec-fetch-site", "cross-site")
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
    assert!(client.ask::<MyAccount>("accounts/me", &json!({})).await.is_ok());
});
