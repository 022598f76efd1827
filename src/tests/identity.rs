//! Who a customer is by the shop's signed word (G20): keys, tokens, sessions, and what stays
//! unsigned beside it.

use crate::{
    both,
    support::{Client, TestApp},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use damso::{
    api::{
        ApiError, Problem,
        organization::ServiceRow,
        settings::{ChatPage, IdentityKey, MadeKey, Saved, WidgetPage},
    },
    domain::{
        chat::Refused,
        ids::{ChatId, VisitorId},
        service::Rule,
        settings::Ask,
        time::{HOUR, SECOND},
    },
    protocol::{DoorFrame, Goodbye, Hello, Registered, Thread, VERSION},
    server::{
        db::{self, Db},
        secrets,
    },
};
use reqwest::StatusCode;
use ring::hmac;
use serde_json::{Value, json};

/// Seconds from now.
fn exp(test: &TestApp, seconds: i64) -> i64 {
    test.app.clock.now().0 / 1_000 + seconds
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn signed_by(algorithm: hmac::Algorithm, header: &Value, claims: &Value, secret: &str) -> String {
    let body = format!("{}.{}", part(header), part(claims));
    let tag = hmac::sign(&hmac::Key::new(algorithm, secret.as_bytes()), body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn jwt(claims: &Value, secret: &str) -> String {
    signed_by(hmac::HMAC_SHA256, &json!({ "alg": "HS256", "typ": "JWT" }), claims, secret)
}

async fn make(admin: &Client) -> Result<MadeKey, ApiError> {
    admin.ask("settings/identity/make", &json!({})).await
}

/// Answers the session's token.
async fn identify(client: &Client, token: &str) -> Result<String, ApiError> {
    let made: Registered = client.ask("visitor/identify", &json!({ "request": { "widget": "demo", "token": token } })).await?;
    Ok(made.token)
}

/// A device on which this member is signed in.
async fn member(test: &TestApp, secret: &str, sub: &str) -> Client {
    let mut device = test.anyone();
    let token = jwt(&json!({ "sub": sub, "exp": exp(test, 600) }), secret);
    device.token = Some(identify(&device, &token).await.unwrap());
    device
}

async fn page(admin: &Client) -> WidgetPage {
    admin.ask("settings/widget", &json!({})).await.unwrap()
}

async fn require(admin: &Client, required: bool) {
    let mut place = page(admin).await.place;
    place.value.identity_required = required;
    let body = json!({ "over": place.version, "value": place.value });
    let saved: Saved<WidgetPage> = admin.ask("settings/widget/save", &body).await.unwrap();
    assert!(matches!(saved, Saved::Done(page) if page.place.value.identity_required == required));
}

async fn tell(client: &Client, data: Value) -> Result<(), ApiError> {
    client.ask("visitor/data", &json!({ "request": { "widget": "demo", "data": data } })).await
}

async fn thread(agent: &Client, chat: ChatId) -> Thread {
    agent.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap()
}

both!(two_keys_live_at_once_and_a_third_is_refused, async |test: TestApp| {
    let (admin, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    assert_eq!(make(&agent).await.unwrap_err(), ApiError::Forbidden);
    let (old, new) = (make(&admin).await.unwrap(), make(&admin).await.unwrap());
    assert_eq!(URL_SAFE_NO_PAD.decode(&old.secret).unwrap().len(), 32);
    assert_eq!(make(&admin).await.unwrap_err(), ApiError::Rule(Rule::TooMany { max: 2 }));
    let claims = json!({ "sub": "1", "exp": exp(&test, 600) });
    let anyone = test.anyone();
    for key in [&old, &new] {
        identify(&anyone, &jwt(&claims, &key.secret)).await.unwrap();
    }
    let first = old.keys[0].id;
    assert!(page(&admin).await.identity_keys.iter().all(|key| key.used_at.is_some()));
    // A live socket of the old key's member, and his session.
    let device = member(&test, &old.secret, "2").await;
    let mut socket = device.visitor_socket(None).await;
    let left: Vec<IdentityKey> = admin.ask("settings/identity/delete", &json!({ "key": first })).await.unwrap();
    assert_eq!(left.iter().map(|key| key.id).collect::<Vec<_>>(), [new.keys[1].id]);
    assert_eq!(socket.closed().await, Some(Goodbye::SignedOut.code()));
    assert_eq!(device.say("?").await, Err(ApiError::Unauthenticated));
    let refused = identify(&anyone, &jwt(&claims, &old.secret)).await.unwrap_err();
    assert_eq!(refused.problem_of("token"), Some(Problem::BadSignature));
    identify(&anyone, &jwt(&claims, &new.secret)).await.unwrap();
    assert_eq!(admin.ask::<Value>("settings/identity/delete", &json!({ "key": first })).await, Err(ApiError::NotFound));
    make(&admin).await.unwrap();
});

both!(two_admins_at_once_make_no_third_key, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let made = futures_util::future::join_all((0..5).map(|_| make(&admin))).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 2, "{made:?}");
    assert_eq!(page(&admin).await.identity_keys.len(), 2);
});

/// Every text of the database, and every blob in hex.
async fn dump(db: &Db) -> String {
    use sqlx::Row as _;
    let mut out = String::new();
    match db {
        Db::Sqlite { read, .. } => {
            let tables: Vec<String> =
                sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(read).await.unwrap();
            for table in tables {
                let columns: Vec<String> =
                    sqlx::query_scalar("SELECT name FROM pragma_table_info($1)").bind(&table).fetch_all(read).await.unwrap();
                for column in columns {
                    let texts =
                        format!("SELECT CAST({column} AS TEXT) || ' ' || HEX({column}) AS v FROM {table} WHERE {column} IS NOT NULL");
                    for row in sqlx::query(sqlx::AssertSqlSafe(texts)).fetch_all(read).await.unwrap() {
                        out += &String::from_utf8_lossy(row.get_unchecked::<&[u8], _>("v"));
                        out.push('\n');
                    }
                }
            }
        }
        Db::Postgres(pool) => {
            let tables: Vec<String> =
                sqlx::query_scalar("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'")
                    .fetch_all(pool)
                    .await
                    .unwrap();
            for table in tables {
                let rows = format!("SELECT CAST(x AS TEXT) AS v FROM {table} x");
                for row in sqlx::query(sqlx::AssertSqlSafe(rows)).fetch_all(pool).await.unwrap() {
                    out += row.get::<&str, _>("v");
                    out.push('\n');
                }
            }
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

both!(a_secret_is_told_once_and_stored_sealed, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let secret = make(&admin).await.unwrap().secret;
    let session = member(&test, &secret, "회원 하나").await.token.unwrap();
    let seen = [
        admin.post("settings/widget", &json!({})).await.text().await.unwrap(),
        admin.post("organization/changes", &json!({ "search": "", "before": null })).await.text().await.unwrap(),
        admin.get("/settings/widget").await.text().await.unwrap(),
        make(&admin).await.map(|made| format!("{:?}", made.keys)).unwrap(),
    ];
    for text in seen {
        assert!(!text.contains(&secret), "{text}");
    }
    let all = dump(&test.app.db).await.to_lowercase();
    assert!(all.contains("회원 하나") && all.contains("identity key"), "the dump has what is stored, and the log of changes");
    for secret in [&secret, &session] {
        assert!(!all.contains(&secret.to_lowercase()) && !all.contains(&hex(secret.as_bytes())));
        assert!(!all.contains(&hex(&URL_SAFE_NO_PAD.decode(secret).unwrap())));
    }
    assert!(all.contains(&hex(&secrets::token_hash(&session))), "the dump has blobs");
});

both!(only_our_own_signature_of_now_is_taken, async |test: TestApp| {
    let (admin, anyone) = (test.signed_in("owner").await, test.anyone());
    let none = identify(&anyone, &jwt(&json!({ "sub": "1", "exp": exp(&test, 600) }), "")).await.unwrap_err();
    assert_eq!(none.problem_of("token"), Some(Problem::BadSignature), "without any key");
    let secret = make(&admin).await.unwrap().secret;
    let good = json!({ "sub": "1", "exp": exp(&test, 600) });
    let refused = async |token: &str| match identify(&anyone, token).await {
        Err(ApiError::Invalid(fields)) => (fields[0].field.clone(), fields[0].problem),
        other => panic!("{other:?} for {token}"),
    };
    let token = |problem| ("token".to_owned(), problem);

    // Algorithms.
    for alg in ["none", "HS512", "HS384", "RS256", "ES256", "None", ""] {
        for algorithm in [hmac::HMAC_SHA256, hmac::HMAC_SHA512] {
            let forged = signed_by(algorithm, &json!({ "alg": alg }), &good, &secret);
            assert_eq!(refused(&forged).await, token(Problem::NotAToken), "{alg}");
        }
    }
    let bare = format!("{}.{}.", part(&json!({ "alg": "none" })), part(&good));
    assert_eq!(refused(&bare).await, token(Problem::NotAToken));
    let longer = signed_by(hmac::HMAC_SHA512, &json!({ "alg": "HS256" }), &good, &secret);
    assert_eq!(refused(&longer).await, token(Problem::BadSignature));

    // Signatures.
    let mine = jwt(&good, &secret);
    let parts: Vec<&str> = mine.split('.').collect();
    let tampered = format!("{}.{}.{}", parts[0], part(&json!({ "sub": "2", "exp": exp(&test, 600) })), parts[2]);
    assert_eq!(refused(&tampered).await, token(Problem::BadSignature));
    assert_eq!(refused(&jwt(&good, "another secret")).await, token(Problem::BadSignature));
    assert_eq!(refused(&jwt(&good, "")).await, token(Problem::BadSignature));
    for odd in ["", "x", "a.b.c", "...", &format!("{mine}.x"), &"x".repeat(40_000)] {
        assert_eq!(refused(odd).await, token(Problem::NotAToken), "{odd}");
    }

    // Claims.
    let claims = async |claims: Value| refused(&jwt(&claims, &secret)).await;
    let of = |field: &str, problem| (field.to_owned(), problem);
    assert_eq!(claims(json!({ "sub": "1" })).await, of("exp", Problem::Required));
    assert_eq!(claims(json!({ "sub": "1", "exp": exp(&test, -90) })).await, of("exp", Problem::Expired));
    assert_eq!(claims(json!({ "sub": "1", "exp": exp(&test, 86_400 + 90) })).await, of("exp", Problem::OutOfRange));
    assert_eq!(claims(json!({ "exp": exp(&test, 60) })).await, of("sub", Problem::Required));
    assert_eq!(claims(json!({ "sub": "", "exp": exp(&test, 60) })).await, of("sub", Problem::Required));
    assert_eq!(claims(json!({ "sub": 1, "exp": exp(&test, 60) })).await, of("sub", Problem::Required));
    assert_eq!(claims(json!({ "sub": "x".repeat(201), "exp": exp(&test, 60) })).await, of("sub", Problem::TooLong));
    assert_eq!(claims(json!({ "sub": "1", "exp": exp(&test, 60), "data": [] })).await, of("data", Problem::NotFlat));
    assert_eq!(claims(json!({ "sub": "1", "exp": exp(&test, 60), "data": { "a": {} } })).await, of("data.a", Problem::NotFlat));
    for fine in [json!({ "sub": "x".repeat(200), "exp": exp(&test, -30) }), json!({ "sub": "1", "exp": exp(&test, 86_400) })] {
        identify(&anyone, &jwt(&fine, &secret)).await.unwrap();
    }
    let elsewhere = json!({ "request": { "widget": "none", "token": mine } });
    assert_eq!(anyone.ask::<Registered>("visitor/identify", &elsewhere).await, Err(ApiError::NotFound));
});

both!(a_key_of_another_service_opens_nothing_here, async |test: TestApp| {
    let owner = test.signed_in("owner").await;
    let mine = make(&owner).await.unwrap();
    let rows: Vec<ServiceRow> =
        owner.ask("organization/services/create", &json!({ "form": crate::organization::form("second") })).await.unwrap();
    let second = rows.iter().find(|row| row.service.key == "second").unwrap().service.id;
    owner.ask::<()>("accounts/connect", &json!({ "service": second })).await.unwrap();
    let theirs = make(&owner).await.unwrap();
    assert_eq!(theirs.keys.len(), 1, "each service has its own");
    // An admin of the second service cannot take the first one's key away.
    let foreign = owner.ask::<Value>("settings/identity/delete", &json!({ "key": mine.keys[0].id })).await;
    assert_eq!(foreign, Err(ApiError::NotFound));
    let (anyone, claims) = (test.anyone(), json!({ "sub": "1", "exp": exp(&test, 600) }));
    let refused = identify(&anyone, &jwt(&claims, &theirs.secret)).await.unwrap_err();
    assert_eq!(refused.problem_of("token"), Some(Problem::BadSignature));
    // The same number in two shops is two members, and a session of one opens nothing of the other.
    let widget = page(&owner).await.key;
    let there = json!({ "request": { "widget": widget, "token": jwt(&claims, &theirs.secret) } });
    let session = anyone.ask::<Registered>("visitor/identify", &there).await.unwrap().token;
    let here = identify(&anyone, &jwt(&claims, &mine.secret)).await.unwrap();
    let mut crossed = test.anyone();
    crossed.token = Some(session);
    assert_eq!(tell(&crossed, json!({})).await, Err(ApiError::Unauthenticated));
    crossed.token = Some(here);
    tell(&crossed, json!({})).await.unwrap();
    let elsewhere = json!({ "request": { "widget": widget, "data": {} } });
    assert_eq!(crossed.ask::<()>("visitor/data", &elsewhere).await, Err(ApiError::Unauthenticated));
});

both!(two_devices_of_one_member_see_one_chat, async |test: TestApp| {
    let (admin, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let secret = make(&admin).await.unwrap().secret;
    let phone = member(&test, &secret, "12345").await;
    let desk = member(&test, &secret, "12345").await;
    let other = member(&test, &secret, "99").await;
    assert_ne!(phone.token, desk.token);
    let chat = phone.say("휴대폰에서").await.unwrap().chat;
    assert_eq!(desk.say("컴퓨터에서").await.unwrap().chat, chat);
    assert_ne!(other.say("다른 회원").await.unwrap().chat, chat);
    let earlier = json!({ "request": { "widget": "demo", "chat": chat, "before": 100 } });
    let events: Value = desk.ask("visitor/earlier", &earlier).await.unwrap();
    assert!(events.to_string().contains("휴대폰에서"));
    assert_eq!(other.ask::<Value>("visitor/earlier", &earlier).await, Err(ApiError::NotFound));
    let cards = agent.desk().await.cards;
    assert_eq!(cards.iter().find(|card| card.chat.id == chat).unwrap().member.as_deref(), Some("12345"));
    // At once, from nothing: one visitor.
    let claims = jwt(&json!({ "sub": "race", "exp": exp(&test, 600) }), &secret);
    let anyone = test.anyone();
    let tokens = futures_util::future::join_all((0..6).map(|_| identify(&anyone, &claims))).await;
    let mut visitors = std::collections::BTreeSet::new();
    for token in tokens {
        visitors.insert(visitor(&test, &token.unwrap()).await.0);
    }
    assert_eq!(visitors.len(), 1);
});

async fn visitor(test: &TestApp, token: &str) -> VisitorId {
    let (hash, now) = (secrets::token_hash(token), test.app.clock.now());
    test.app.db.look(async |tx| db::visitors::of_session(tx, "demo", &hash, now).await).await.unwrap().unwrap().0
}

both!(what_nobody_vouches_for_never_mixes_with_what_a_shop_has_signed, async |test: TestApp| {
    let (admin, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let secret = make(&admin).await.unwrap().secret;
    let anonymous = test.visitor().await;
    let plain = anonymous.say("아직 로그인하지 않았어요").await.unwrap().chat;
    tell(&anonymous, json!({ "member": "12345", "등급": "VIP" })).await.unwrap();
    // The same browser signs in, with both tokens at hand.
    let mut signed = anonymous.clone();
    let claims = json!({
        "sub": "12345", "exp": exp(&test, 600), "name": "김민수", "email": "minsu@shop.example", "phone": "모름", "data": { "등급": "일반", "orders": 3 }
    });
    signed.token = Some(identify(&anonymous, &jwt(&claims, &secret)).await.unwrap());
    let vouched = signed.say("로그인했어요").await.unwrap().chat;
    assert_ne!(plain, vouched);
    assert_eq!(anonymous.say("여전히 남의 대화는 아니에요").await.unwrap().chat, plain, "the host page's token opens its own chat only");
    let earlier = |chat| json!({ "request": { "widget": "demo", "chat": chat, "before": 100 } });
    assert_eq!(anonymous.ask::<Value>("visitor/earlier", &earlier(vouched)).await, Err(ApiError::NotFound));
    assert_eq!(signed.ask::<Value>("visitor/earlier", &earlier(plain)).await, Err(ApiError::NotFound));
    tell(&signed, json!({ "등급": "VVIP", "orders": 999, "cart": true })).await.unwrap();

    let of_plain = thread(&agent, plain).await;
    assert_eq!((of_plain.card.member, of_plain.customer.member), (None, None), "a name that he gives himself is no member number");
    assert_eq!(serde_json::to_value(&of_plain.customer.data).unwrap(), json!({ "member": "12345", "등급": "VIP" }));
    assert!(of_plain.customer.verified_data.is_empty() && of_plain.customer.verified.name.is_empty());
    let of_member = thread(&agent, vouched).await.customer;
    assert_eq!(of_member.member.as_deref(), Some("12345"));
    assert_eq!((of_member.verified.name.as_str(), of_member.verified.phone.as_str(), of_member.said.name.as_str()), ("김민수", "", ""));
    assert_eq!(serde_json::to_value(&of_member.verified_data).unwrap(), json!({ "등급": "일반", "orders": 3 }));
    assert_eq!(serde_json::to_value(&of_member.data).unwrap(), json!({ "cart": true, "orders": 999, "등급": "VVIP" }));

    // The shop's next word replaces its last one, and touches nothing else.
    let claims = json!({ "sub": "12345", "exp": exp(&test, 600), "name": "김민수 (개명)" });
    identify(&anonymous, &jwt(&claims, &secret)).await.unwrap();
    let of_member = thread(&agent, vouched).await.customer;
    assert_eq!((of_member.verified.name.as_str(), of_member.verified.email.as_str()), ("김민수 (개명)", ""));
    assert!(of_member.verified_data.is_empty() && of_member.data.len() == 3);
    // Nothing of it is told to customers.
    let door = signed.door("").await;
    assert!(!door.contains("12345") && !door.contains("VVIP"), "{door}");
});

both!(what_the_shop_has_signed_is_not_asked_for_again, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let secret = make(&admin).await.unwrap().secret;
    let mut texts = admin.ask::<ChatPage>("settings/chat", &json!({})).await.unwrap().texts;
    texts.value.name = Ask::Required;
    texts.value.phone = Ask::Required;
    let saved = admin.post("settings/chat/save", &json!({ "over": texts.version, "value": texts.value })).await;
    assert_eq!(saved.status(), StatusCode::OK);
    let mut device = test.anyone();
    let claims = json!({ "sub": "7", "exp": exp(&test, 600), "name": "김민수", "email": "minsu@shop.example" });
    device.token = Some(identify(&device, &jwt(&claims, &secret)).await.unwrap());
    let door = device.door("").await;
    assert!(!door.contains("name=\"name\"") && door.contains("name=\"phone\""), "{door}");
    let consent = device.consent("").await.unwrap();
    let (status, text) = device.start(&[("lang", "ko"), ("consent", &consent)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    // What he posts in place of the shop's word is not taken.
    let fields = [("lang", "ko"), ("consent", consent.as_str()), ("name", "다른 사람"), ("phone", "010-1234-5678")];
    let (status, text) = device.start(&fields).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let id = visitor(&test, device.token.as_ref().unwrap()).await;
    let customer = test.app.db.look(async |tx| db::visitors::customer(tx, id).await).await.unwrap();
    assert_eq!((customer.said.name.as_str(), customer.said.phone.as_str()), ("", "010-1234-5678"));
    assert_eq!(customer.contact().name, "김민수");
    // An inquiry goes by the same contact.
    let consent = device.consent("ask").await.unwrap();
    let token = secrets::new_token();
    let fields = [("lang", "ko"), ("token", &token), ("consent", &consent), ("text", "언제 오나요?"), ("email", "x@evil.example")];
    let (status, text) = device.form("/w/demo/inquiry", &fields).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let rows: Value = admin.ask("inquiries", &json!({})).await.unwrap();
    let contact = &rows[0]["contact"];
    assert_eq!((contact["name"].as_str(), contact["email"].as_str()), (Some("김민수"), Some("minsu@shop.example")), "{rows}");
});

both!(where_members_are_required_others_start_nothing_new, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let secret = make(&admin).await.unwrap().secret;
    let (running, stranger) = (test.visitor().await, test.visitor().await);
    let chat = running.say("먼저 시작했어요").await.unwrap().chat;
    let (consent, inquiry) = (stranger.consent("").await.unwrap(), stranger.consent("ask").await.unwrap());
    let mut socket = test.anyone().socket().await;
    socket.say(&Hello::Door { version: VERSION, widget: "demo".into() }).await;
    let DoorFrame::Door { is, .. } = socket.frame().await;
    require(&admin, true).await;
    let DoorFrame::Door { is: now, .. } = socket.frame().await;
    assert_ne!(is, now, "open doors follow");

    // Whatever he posts.
    let notice = "로그인한 회원만 상담할 수 있습니다. 로그인한 뒤 다시 열어 주세요.";
    let (status, text) = stranger.start(&[("lang", "ko"), ("consent", &consent)]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains(notice), "{status} {text}");
    let token = secrets::new_token();
    let fields = [("lang", "ko"), ("token", &token), ("consent", &inquiry), ("text", "문의")];
    for path in ["/w/demo/inquiry", "/help/demo/inquiry"] {
        let (status, text) = stranger.form(path, &fields).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains(notice), "{path}: {status} {text}");
    }
    let found: Value = admin.ask("inquiries", &json!({})).await.unwrap();
    assert_eq!(found, json!([]), "nothing was stored");
    // The page and its fragment say so in place of the forms.
    for path in [
        "/w/demo?lang=ko",
        "/w/demo?frame=1&lang=ko",
        "/w/demo/front?lang=ko",
        "/w/demo/front?lang=ko&view=ask",
        "/w/demo?lang=ko&view=ask",
    ] {
        let html = stranger.get(path).await.text().await.unwrap();
        assert!(html.contains(notice) && html.contains("role=\"status\"") && !html.contains("name=\"consent\""), "{path}: {html}");
    }
    assert!(stranger.get("/w/demo/front?lang=en").await.text().await.unwrap().contains("Only members who are signed in can chat."));
    // What goes on goes on.
    assert_eq!(running.say("계속해요").await.unwrap().chat, chat);
    // A member passes, on both ways.
    let device = member(&test, &secret, "1").await;
    device.say("회원입니다").await.unwrap();
    let consent = device.consent("ask").await.unwrap();
    let token = secrets::new_token();
    let (status, text) =
        device.form("/w/demo/inquiry", &[("lang", "ko"), ("token", &token), ("consent", &consent), ("text", "문의")]).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    // Without the switch everybody passes again.
    require(&admin, false).await;
    stranger.begin().await.unwrap();
});

both!(the_typed_refusal_says_members, async |test: TestApp| {
    use damso::server::{
        actions::{door, inquiries},
        error::Error,
        http::auth::visitor_by_token,
    };
    let admin = test.signed_in("owner").await;
    require(&admin, true).await;
    let stranger = test.visitor().await;
    let who = visitor_by_token(&test.app, "demo", stranger.token.as_deref()).await.unwrap();
    let started = door::start(&who, "203.0.113.1", door::Start::default()).await;
    assert!(matches!(started, Err(Error::Refused(Refused::Members))), "{started:?}");
    let left = inquiries::Left { token: secrets::new_token(), text: "문의".into(), ..Default::default() };
    let left = inquiries::leave(&who, "203.0.113.1", left).await;
    assert!(matches!(left, Err(Error::Refused(Refused::Members))), "{left:?}");
});

both!(a_session_ends_and_nobody_goes_on_as_a_stranger, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let secret = make(&admin).await.unwrap().secret;
    let mut device = member(&test, &secret, "1").await;
    device.say("첫 세션").await.unwrap();
    let (id, key, now) =
        (visitor(&test, device.token.as_ref().unwrap()).await, page(&admin).await.identity_keys[0].id, test.app.clock.now());
    // Another one of his, which ends in a moment.
    let token = secrets::new_token();
    let hash = secrets::token_hash(&token);
    test.app.db.write(async |tx| db::identity::insert_session(tx, &hash, id, key, now.plus(3 * SECOND)).await).await.unwrap();
    device.token = Some(token);
    let mut socket = device.visitor_socket(None).await;
    assert_eq!(socket.closed().await, Some(Goodbye::SignedOut.code()));
    assert!(test.app.clock.now().since(now) >= 3 * SECOND);
    assert_eq!(device.say("늦었어요").await, Err(ApiError::Unauthenticated));
    assert_eq!(tell(&device, json!({ "a": 1 })).await, Err(ApiError::Unauthenticated));
    let (status, _) = device.start(&[("lang", "ko"), ("consent", "x")]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "no new visitor is made in his place");
    let mut socket = device.socket().await;
    socket.say(&Hello::Visitor { version: VERSION, widget: "demo".into(), token: device.token.clone(), resume: None }).await;
    assert_eq!(socket.closed().await, Some(Goodbye::SignedOut.code()));
    // Ended ones are forgotten, the others stay.
    let count = async || dump(&test.app.db).await.to_lowercase().matches(&hex(&hash)).count();
    assert_eq!(count().await, 1);
    let later = test.app.clock.now();
    test.app.db.write(async |tx| db::identity::sweep(tx, later).await).await.unwrap();
    assert_eq!(count().await, 0);
    let fresh = member(&test, &secret, "1").await;
    fresh.say("다시").await.unwrap();
    test.app.db.write(async |tx| db::identity::sweep(tx, later.plus(11 * HOUR)).await).await.unwrap();
    fresh.say("열한 시간 뒤에도").await.unwrap();
});

both!(data_of_the_host_page_are_flat_few_and_clean, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let data = async || serde_json::to_value(thread(&agent, chat).await.customer.data).unwrap();
    tell(&customer, json!({ "등급": "VIP\u{0}\u{202e}", "orders": 3, "new": false })).await.unwrap();
    tell(&customer, json!({ "orders": null, "total": 1.5 })).await.unwrap();
    assert_eq!(data().await, json!({ "new": false, "total": 1.5, "등급": "VIP" }));
    let before = data().await;
    let many: Value = (0..51).map(|n| (n.to_string(), json!(n))).collect::<serde_json::Map<_, _>>().into();
    for (bad, field, problem) in [
        (json!({ "a": { "b": 1 } }), "data.a", Problem::NotFlat),
        (json!({ "ok": 1, "a": [1] }), "data.a", Problem::NotFlat),
        (json!({ "a": "x".repeat(1_025) }), "data.a", Problem::TooLong),
        (json!({ "x".repeat(65): 1 }), "data", Problem::TooLong),
        (json!({ "": 1 }), "data", Problem::Required),
        (many, "data", Problem::TooMany),
    ] {
        assert_eq!(tell(&customer, bad).await.unwrap_err().problem_of(field), Some(problem));
    }
    assert_eq!(data().await, before, "nothing by half");
    let odd = customer.post("visitor/data", &json!({ "request": { "widget": "demo", "data": [] } })).await;
    assert_eq!(odd.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let verified =
        customer.post("visitor/data", &json!({ "request": { "widget": "demo", "data": {}, "verified_data": { "a": 1 } } })).await;
    assert_eq!(verified.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(tell(&test.anyone(), json!({})).await, Err(ApiError::Unauthenticated));
    // Two pages at once lose nothing of each other.
    let pages = (0..8).map(|n| tell(&customer, serde_json::Map::from_iter([(format!("page {n}"), json!(n))]).into()));
    for done in futures_util::future::join_all(pages).await {
        done.unwrap();
    }
    assert_eq!(data().await.as_object().unwrap().len(), 3 + 8);
});
