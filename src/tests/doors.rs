//! Every public path, its headers, and who may call what.

use crate::{both, support::TestApp};
use reqwest::{Method, StatusCode, header};
use serde_json::json;

/// Server functions that work without a session.
const OPEN: [&str; 6] = [
    "/api/accounts/sign-in",
    "/api/accounts/set-up",
    "/api/visitor/register",
    "/api/visitor/identify",
    "/api/invitations/look",
    "/api/invitations/accept",
];

both!(every_server_function_asks_who_calls, async |test: TestApp| {
    let anyone = test.anyone();
    let paths: Vec<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    assert!(paths.len() >= 15, "{paths:?}");
    for path in paths {
        // A body that each of them understands, or refuses before it looks at the caller.
        let body = json!({
            "chat": "01890a5d-ac96-774b-bcce-b302099a8f2c", "to": "01890a5d-ac96-774b-bcce-b302099a8f2c", "queue": "01890a5d-ac96-774b-bcce-b302099a8f2c",
            "on": true, "preferences": {},
            "wanted": { "customer": "", "agent": null, "queue": null, "from": "", "to": "", "after": null }, "account": "01890a5d-ac96-774b-bcce-b302099a8f2c", "reason": "a", "length": "day", "address": false, "block": "01890a5d-ac96-774b-bcce-b302099a8f2c",
            "note": if path == "/api/drafts/save" { json!(false) } else { json!("") },
            "page": "01890a5d-ac96-774b-bcce-b302099a8f2c", "before": null, "client_id": "01890a5d-ac96-774b-bcce-b302099a8f2c", "text": "a",
            "inquiry": "01890a5d-ac96-774b-bcce-b302099a8f2c", "status": "online",
            "session": "01890a5d-ac96-774b-bcce-b302099a8f2c", "current": "a", "new": "b", "language": "ko", "email": "", "password": "",
            "service": "01890a5d-ac96-774b-bcce-b302099a8f2c", "token": "",
            "form": { "name": "", "email": "", "password": "", "service_name": "", "service_key": "", "site": "" },
            "request": match path {
                "/api/visitor/identify" => json!({ "widget": "demo", "token": "x" }),
                "/api/visitor/data" => json!({ "widget": "demo", "data": {} }),
                "/api/visitor/register" => json!({ "widget": "demo" }),
                "/api/visitor/send" => json!({ "widget": "demo", "client_id": "01890a5d-ac96-774b-bcce-b302099a8f2c", "text": "a" }),
                "/api/visitor/end" => json!({ "widget": "demo", "chat": "01890a5d-ac96-774b-bcce-b302099a8f2c" }),
                _ => json!({ "widget": "demo", "chat": "01890a5d-ac96-774b-bcce-b302099a8f2c", "before": 1 }),
            },
        });
        let settings = crate::settings::actions()
            .into_iter()
            .chain(crate::organization::actions())
            .chain(crate::panel::actions())
            .chain(crate::tickets::actions());
        let body = settings.into_iter().find(|(action, _)| path == format!("/api/{action}")).map_or(body, |(_, body)| body);
        let answer = anyone.request(Method::POST, path).json(&body).send().await.unwrap();
        if OPEN.contains(&path) {
            assert_ne!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        } else {
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}: {}", answer.text().await.unwrap());
        }
    }
});

both!(every_answer_carries_the_headers, async |test: TestApp| {
    let anyone = test.anyone();
    for path in [
        "/login",
        "/healthz",
        "/no/such/page",
        "/w/demo?frame=1",
        "/w/none",
        "/w/demo/tray",
        "/widget/demo.js",
        "/pkg/app.js",
        "/console",
        "/developers",
        "/try/demo",
    ] {
        let answer = anyone.get(path).await;
        let h = answer.headers();
        assert_eq!(h["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(h["referrer-policy"], "strict-origin-when-cross-origin", "{path}");
        let policy = h[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("frame-ancestors") && !policy.contains("unsafe-inline"), "{path}: {policy}");
        assert!(h.contains_key("permissions-policy") && h.contains_key("x-request-id"), "{path}");
    }
});

both!(only_allowed_origins_may_frame_the_widget, async |test: TestApp| {
    let anyone = test.anyone();
    let policy = |answer: &reqwest::Response| answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    let framed = anyone.get("/w/demo?frame=1").await;
    assert!(policy(&framed).ends_with(&format!("frame-ancestors 'self' {}", test.origin())), "{}", policy(&framed));
    assert!(!framed.headers().contains_key(header::SET_COOKIE));
    let alone = anyone.get("/w/demo").await;
    assert!(policy(&alone).ends_with("frame-ancestors 'none'"));
    assert!(policy(&anyone.get("/login").await).ends_with("frame-ancestors 'none'"));
});

both!(pages_ask_for_a_session_first, async |test: TestApp| {
    let anyone = test.anyone();
    let answer = anyone.get("/console").await;
    assert_eq!((answer.status(), answer.headers()["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, "/login?next=%2Fconsole"));
    let agent = test.signed_in("agent1").await;
    for path in ["/console", "/account", "/board", "/history"] {
        let answer = agent.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("no-store"));
        assert!(answer.text().await.unwrap().contains("</html>"), "{path} is whole");
    }
});

both!(every_page_is_whole_when_many_ask_at_once, async |test: TestApp| {
    let (agent, anyone) = (test.signed_in("agent1").await, test.anyone());
    let asks = (0..20).flat_map(|_| {
        [("/console", &agent), ("/account", &agent), ("/login", &anyone), ("/w/demo", &anyone), ("/w/demo?frame=1", &anyone)]
    });
    let answers =
        futures_util::future::join_all(asks.map(|(path, who)| async move { (path, who.get(path).await.text().await.unwrap()) })).await;
    for (path, text) in answers {
        assert!(text.contains("</html>"), "{path}: {} bytes", text.len());
    }
});

both!(the_widget_works_by_forms_alone, async |test: TestApp| {
    let mut customer = test.anyone();
    let page = customer.get("/w/demo?lang=ko").await;
    assert!(!page.headers().contains_key(header::SET_COOKIE), "looking sets no cookie");
    let html = page.text().await.unwrap();
    let id = html
        .split("name=\"client_id\"")
        .nth(1)
        .and_then(|rest| rest.split("value=\"").nth(1))
        .and_then(|rest| rest.split('"').next())
        .expect("the form's id")
        .to_owned();
    let consent = html.split("name=\"consent\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the door asks").to_owned();
    let begin = [("lang", "ko"), ("consent", consent.as_str())];
    let answer = customer.request(Method::POST, "/w/demo/start").form(&begin).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-damso-visitor-demo=") && cookie.contains("HttpOnly") && cookie.contains("Secure"));
    customer.cookie = Some(cookie.split(';').next().unwrap().to_owned());
    let text = "<b>배송</b> \"문의\" & </textarea><script>alert(1)</script>";
    let form = [("client_id", id.as_str()), ("text", text), ("lang", "ko")];
    let answer = customer.request(Method::POST, "/w/demo/messages").form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    // The same form again: stored once.
    customer.request(Method::POST, "/w/demo/messages").form(&form).send().await.unwrap();
    let html = customer.get("/w/demo?lang=ko").await.text().await.unwrap();
    assert!(html.contains("&lt;b&gt;배송&lt;/b&gt;"), "{html}");
    assert!(!html.contains("<script>alert(1)"));
    assert_eq!(html.matches("data-seq=\"3\"").count(), 1);
    // In a frame the same browser is nobody.
    let framed = customer.get("/w/demo?frame=1").await.text().await.unwrap();
    assert!(!framed.contains("배송&lt;/b&gt;"));
});

both!(the_loader_is_fresh_or_304, async |test: TestApp| {
    let anyone = test.anyone();
    let first = anyone.get("/widget/demo.js").await;
    let etag = first.headers()[header::ETAG].clone();
    let body = first.text().await.unwrap();
    assert!(body.contains("채팅 상담 열기") && !body.contains("__DAMSO_SETTINGS__"));
    let again = anyone.request(Method::GET, "/widget/demo.js").header(header::IF_NONE_MATCH, etag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(anyone.get("/widget/other.js").await.status(), StatusCode::NOT_FOUND);
});

both!(machines_are_told_how_it_goes, async |test: TestApp| {
    let anyone = test.anyone();
    assert_eq!(anyone.get("/healthz").await.status(), StatusCode::OK);
    assert_eq!(anyone.get("/readyz").await.text().await.unwrap(), "ready");
    assert_eq!(anyone.get("/metrics").await.status(), StatusCode::OK);
    test.app.shutdown.cancel();
    assert_eq!(anyone.get("/readyz").await.status(), StatusCode::SERVICE_UNAVAILABLE);
});

#[test]
fn site_files_of_another_kind_of_build_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let site = crate::support::site(&folder);
    assert!(damso::server::http::site::Site::open(&site).is_ok());
    let manifest = std::fs::read_to_string(site.join("manifest.json")).unwrap();
    std::fs::write(site.join("manifest.json"), manifest.replace("\"views\":\"", "\"views\":\"other-")).unwrap();
    let refused = damso::server::http::site::Site::open(&site).err().unwrap().to_string();
    assert!(refused.contains("cargo xtask build"), "{refused}");
}
