//! The pages for a shop's developers, and what of them depends on who asks.

use crate::{both, support::TestApp};
use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};

fn policy(answer: &Response) -> String {
    answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
}

both!(the_developer_page_is_for_everybody_in_both_languages, async |test: TestApp| {
    let anyone = test.anyone();
    for (lang, title) in [("ko", "Damso 개발자 안내"), ("en", "Damso for developers")] {
        let answer = anyone.get(&format!("/developers?lang={lang}")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let policy = policy(&answer);
        assert!(policy.contains("default-src 'none'") && policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("frame-src"), "{policy}");
        let html = answer.text().await.unwrap();
        assert!(html.contains(&format!("<html lang=\"{lang}\"")) && html.contains(title), "{html}");
        // It needs no script: what it shows of scripts is text.
        assert!(!html.contains("<script") && html.contains(&format!("&lt;script async src=\"{}/widget/KEY.js\"", test.origin())), "{html}");
        for word in ["boot", "identify", "set", "theme", "launcher", "locale", "shutdown", "logout"] {
            assert!(html.contains(&format!("damso(\"{word}\"")), "{word}");
        }
        for word in ["ready", "unread", "message", "status", "error", "HS256", "data-manual", "frame-src", "localStorage"] {
            assert!(html.contains(word), "{word}");
        }
        assert_eq!(html.matches("<h1").count(), 1);
        // Each line of the contents leads to a section.
        for rest in html.split("href=\"#").skip(1) {
            let id = rest.split('"').next().unwrap();
            assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
});

both!(the_test_page_is_there_for_who_works_in_the_service, async |test: TestApp| {
    for who in ["owner", "agent1"] {
        let member = test.signed_in(who).await;
        for (lang, words) in [("ko", "데모 스토어 위젯 테스트"), ("en", "Test of the widget of Demo Store")] {
            let answer = member.get(&format!("/try/demo?lang={lang}")).await;
            assert_eq!(answer.status(), StatusCode::OK, "{who}");
            let policy = policy(&answer);
            assert!(policy.contains("frame-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap().to_owned();
            let html = answer.text().await.unwrap();
            assert!(html.contains(words) && html.contains("role=\"log\""), "{html}");
            assert!(html.contains(&format!("<script nonce=\"{nonce}\">")) && html.contains("src=\"/widget/demo.js\""), "{html}");
        }
    }

    // To all others it is an address that leads nowhere.
    let missing = async |client: &crate::support::Client, path: &str| {
        let answer = client.get(path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(policy(&answer).starts_with("default-src 'none'"));
        answer.text().await.unwrap()
    };
    let owner = test.signed_in("owner").await;
    let form = json!({ "form": crate::organization::form("second") });
    let services: Value = owner.ask("organization/services/create", &form).await.unwrap();
    let second = services.as_array().unwrap().iter().find(|row| row["service"]["key"] == "second").unwrap();
    owner.ask::<()>("accounts/connect", &json!({ "service": second["service"]["id"] })).await.unwrap();
    let theirs: Value = owner.ask("settings/widget", &json!({})).await.unwrap();
    let theirs = format!("/try/{}?lang=ko", theirs["key"].as_str().unwrap());
    let (agent, anyone) = (test.signed_in("agent1").await, test.anyone());
    let none = missing(&agent, "/try/none?lang=ko").await;
    assert_eq!(missing(&agent, &theirs).await, none, "of a service that is not his");
    assert_eq!(missing(&anyone, "/try/demo?lang=ko").await, none, "not signed in");
    let mut stranger = test.anyone();
    stranger.cookie = Some(format!("__Host-damso={}", "A".repeat(43)));
    assert_eq!(missing(&stranger, "/try/demo?lang=ko").await, none, "a session that is none");
    assert_eq!(owner.get(&theirs).await.status(), StatusCode::OK);
});

both!(a_widget_that_is_turned_off_says_so_on_its_test_page, async |test: TestApp| {
    let owner = test.signed_in("owner").await;
    let off = "이 위젯은 꺼져 있어";
    assert!(!owner.get("/try/demo?lang=ko").await.text().await.unwrap().contains(off));
    let _: Value = owner
        .ask("settings/widget/save", &json!({ "over": 0, "value": { "active": false, "origins": [], "identity_required": false } }))
        .await
        .unwrap();
    assert!(owner.get("/try/demo?lang=ko").await.text().await.unwrap().contains(off));
});

both!(the_host_pages_theme_is_drawn_at_once, async |test: TestApp| {
    let anyone = test.anyone();
    for (asked, drawn) in [("dark", Some("dark")), ("light", Some("light")), ("auto", None), ("%22%3E", None)] {
        let html = anyone.get(&format!("/w/demo?frame=1&lang=ko&theme={asked}")).await.text().await.unwrap();
        let head = html.split("<head>").next().unwrap();
        assert_eq!(head.contains("data-theme"), drawn.is_some(), "{head}");
        assert!(drawn.is_none_or(|theme| head.contains(&format!("data-theme=\"{theme}\""))), "{head}");
    }
});
