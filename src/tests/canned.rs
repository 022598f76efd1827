//! 상용구 over HTTP: whose they are, what is kept, what is refused.

use crate::{
    both,
    support::{Client, TestApp},
};
use damso::{
    api::{ApiError, Problem, canned::CannedPage, members::MemberRow, organization::Changes},
    domain::{
        canned::{Canned, OWN_MAX, SHARED_MAX, Scope, Words},
        ids::{CannedId, ServiceId},
        service::{Localized, Rule},
        text::MESSAGE_MAX,
    },
    protocol::{AgentFrame, Thread},
    server::db,
};
use serde_json::{Value, json};
use uuid::Uuid;

fn words(shortcut: &str, ko: &str) -> Words {
    Words { shortcut: shortcut.into(), text: Localized { ko: ko.into(), en: String::new() } }
}

fn creation(scope: Scope, words: &Words) -> Value {
    json!({ "scope": scope, "words": words })
}

async fn create(who: &Client, scope: Scope, shortcut: &str, ko: &str) -> Result<CannedPage, ApiError> {
    who.ask("canned/create", &creation(scope, &words(shortcut, ko))).await
}

async fn save(who: &Client, canned: &Canned, words: &Words) -> Result<CannedPage, ApiError> {
    who.ask("canned/save", &json!({ "scope": canned.scope, "canned": canned.id, "over": canned.version, "words": words })).await
}

async fn delete(who: &Client, canned: &Canned) -> Result<CannedPage, ApiError> {
    who.ask("canned/delete", &json!({ "scope": canned.scope, "canned": canned.id, "over": canned.version })).await
}

async fn list(who: &Client) -> CannedPage {
    who.ask("canned/list", &json!({})).await.unwrap()
}

fn names(page: &CannedPage) -> Vec<(Scope, &str)> {
    page.replies.iter().map(|canned| (canned.scope, canned.words.shortcut.as_str())).collect()
}

/// Takes every right from agent2, and gives agent1 a name that customers see.
async fn arrange(admin: &Client) {
    let members: Vec<MemberRow> = admin.ask("members/list", &json!({})).await.unwrap();
    for member in members {
        let mut profile = member.profile.clone();
        match member.email.as_str() {
            "agent1@example.com" => profile.nickname = "담당자 하나".into(),
            "agent2@example.com" => profile.rights.clear(),
            _ => continue,
        }
        let save = json!({ "account": member.account, "was": member.profile, "profile": profile });
        let _: Value = admin.ask("members/save", &save).await.unwrap();
    }
}

both!(canned_replies_are_the_services_or_ones_own, async |test: TestApp| {
    let (admin, one, two, three) =
        (test.signed_in("owner").await, test.signed_in("agent1").await, test.signed_in("agent2").await, test.signed_in("agent3").await);
    arrange(&admin).await;
    create(&admin, Scope::Shared, "배송", "{{customer.name}}님, 출고되었습니다.").await.unwrap();
    create(&admin, Scope::Shared, "Hello", "안녕하세요.").await.unwrap();
    create(&one, Scope::Own, "배송", "제가 확인하겠습니다.").await.unwrap();
    let page = create(&one, Scope::Own, "감사", "감사합니다.").await.unwrap();
    let expected = [(Scope::Own, "감사"), (Scope::Own, "배송"), (Scope::Shared, "hello"), (Scope::Shared, "배송")];
    assert_eq!(
        names(&page).into_iter().map(|(scope, name)| (scope, name.to_lowercase())).collect::<Vec<_>>(),
        expected.map(|(s, n)| (s, n.to_owned()))
    );
    assert_eq!(page, list(&one).await);
    assert_eq!(page.agent, "담당자 하나", "the name that customers see");
    assert_eq!(names(&list(&three).await), [(Scope::Shared, "Hello"), (Scope::Shared, "배송")], "what is one's own nobody else sees");
    assert!(!list(&three).await.agent.is_empty());

    // An agent changes what is his own alone; without the chat right nothing is his.
    assert_eq!(create(&one, Scope::Shared, "새것", "…").await, Err(ApiError::Forbidden));
    assert_eq!(create(&two, Scope::Own, "새것", "…").await, Err(ApiError::Forbidden));
    assert_eq!(two.ask::<CannedPage>("canned/list", &json!({})).await, Err(ApiError::Forbidden));
    let (own, shared) = (&page.replies[0], &page.replies[2]);
    for who in [&one, &three] {
        assert_eq!(save(who, shared, &words("새것", "…")).await, Err(ApiError::Forbidden));
        assert_eq!(delete(who, shared).await, Err(ApiError::Forbidden));
    }
    for who in [&three, &admin] {
        assert_eq!(save(who, own, &words("새것", "…")).await, Err(ApiError::NotFound));
        assert_eq!(delete(who, own).await, Err(ApiError::NotFound));
    }
    // The one does not become the other by a word.
    let taken_over = json!({ "scope": "shared", "canned": own.id, "over": 1, "words": words("새것", "…") });
    assert_eq!(admin.ask::<CannedPage>("canned/save", &taken_over).await, Err(ApiError::NotFound));
    let taken_over = json!({ "scope": "own", "canned": shared.id, "over": 1 });
    assert_eq!(one.ask::<CannedPage>("canned/delete", &taken_over).await, Err(ApiError::NotFound));
    assert_eq!(page, list(&one).await, "nothing of it was done");

    let gone = delete(&one, own).await.unwrap();
    assert_eq!(gone.replies.len(), 3);
    assert_eq!(delete(&one, own).await, Err(ApiError::NotFound));
});

both!(canned_replies_of_another_service_are_not_there, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let desk = admin.desk().await;
    let (other, id) = (ServiceId(Uuid::now_v7()), CannedId(Uuid::now_v7()));
    test.app
        .db
        .write(async |tx| {
            let mut service = db::services::find(tx, desk.service.id).await?.unwrap();
            service.id = other;
            service.key = "other".into();
            db::services::insert(tx, &service, test.app.clock.now()).await?;
            db::canned::insert(tx, other, None, id, &words("남의것", "남의 답변")).await
        })
        .await
        .unwrap();
    assert!(list(&admin).await.replies.is_empty());
    let foreign = Canned { id, scope: Scope::Shared, version: 1, words: words("남의것", "남의 답변") };
    assert_eq!(save(&admin, &foreign, &words("내것", "…")).await, Err(ApiError::NotFound));
    assert_eq!(delete(&admin, &foreign).await, Err(ApiError::NotFound));
    // Nor is its name taken here.
    create(&admin, Scope::Shared, "남의것", "우리 답변").await.unwrap();
    let kept = test.app.db.look(async |tx| db::canned::for_agent(tx, other, desk.me.account).await).await.unwrap();
    assert_eq!(kept, [foreign]);
});

both!(canned_words_are_cleaned_or_refused_beside_their_field, async |test: TestApp| {
    let admin = test.signed_in("owner").await;
    let page = create(&admin, Scope::Shared, " <b>\u{202e}'; ", " <script>alert(1)</script>\r\n{{빈칸}}\u{0} ").await.unwrap();
    assert_eq!(page.replies[0].words, words("<b>';", "<script>alert(1)</script>\n{{빈칸}}"), "markup is text, control characters go");
    for (shortcut, ko, field, problem) in [
        ("", "가", "shortcut", Problem::Required),
        ("/배송", "가", "shortcut", Problem::NotAShortcut),
        ("배송 비", "가", "shortcut", Problem::NotAShortcut),
        ("<B>';", "가", "shortcut", Problem::Taken),
        ("배송", "", "text.ko", Problem::Required),
    ] {
        let error = create(&admin, Scope::Shared, shortcut, ko).await.unwrap_err();
        assert_eq!(error.problem_of(field), Some(problem), "{shortcut}");
    }
    for (shortcut, ko, field) in [("가".repeat(41), "가".to_owned(), "shortcut"), ("배송".into(), "가".repeat(MESSAGE_MAX + 1), "text.ko")]
    {
        let error = create(&admin, Scope::Shared, &shortcut, &ko).await.unwrap_err();
        assert_eq!(error.problem_of(field), Some(Problem::TooLong));
    }
    assert!(create(&admin, Scope::Shared, &"가".repeat(40), &"가".repeat(MESSAGE_MAX)).await.is_ok());
    for odd in [
        json!({ "scope": "everybody", "words": words("가", "나") }),
        json!({ "scope": "own", "words": { "shortcut": "가", "text": { "ko": "나", "en": "" }, "owner": 1 } }),
        json!({ "scope": "own", "words": { "shortcut": 1, "text": { "ko": "나", "en": "" } } }),
        json!({ "scope": "own" }),
    ] {
        assert_eq!(admin.post("canned/create", &odd).await.status(), 422, "{odd}");
    }
    assert_eq!(list(&admin).await.replies.len(), 2, "nothing of what was refused is kept");
});

both!(a_canned_reply_is_saved_over_its_version_and_its_name_is_one_owners_once, async |test: TestApp| {
    let (admin, second) = (test.signed_in("owner").await, test.signed_in("owner").await);
    create(&admin, Scope::Shared, "배송", "하나").await.unwrap();
    let page = create(&admin, Scope::Shared, "환불", "둘").await.unwrap();
    let [delivery, refund] = &page.replies[..] else { panic!("{page:?}") };
    let taken = save(&admin, refund, &words("배송", "둘")).await.unwrap_err();
    assert_eq!(taken.problem_of("shortcut"), Some(Problem::Taken));
    let saved = save(&admin, delivery, &words("Ship", "하나 더")).await.unwrap();
    assert_eq!(saved.replies[0].words, words("Ship", "하나 더"));
    assert_eq!(saved.replies[0].version, 2);
    // The second of two admins saw the first version.
    assert_eq!(save(&second, delivery, &words("배송", "다른 것")).await, Err(ApiError::Rule(Rule::Stale)));
    assert_eq!(delete(&second, delivery).await, Err(ApiError::Rule(Rule::Stale)));
    assert_eq!(list(&second).await, saved);
    let same = save(&second, &saved.replies[0], &words("Ship", "하나 더")).await.unwrap();
    assert_eq!(same, saved, "the same words are no change");
    let case = save(&second, &saved.replies[0], &words("ship", "하나 더")).await.unwrap();
    assert_eq!(case.replies[0].words.shortcut, "ship", "its own name in another case");
    delete(&admin, &case.replies[0]).await.unwrap();
});

both!(two_who_make_the_same_canned_name_at_once_make_one, async |test: TestApp| {
    let (admin, second) = (test.signed_in("owner").await, test.signed_in("owner").await);
    let (a, b) = tokio::join!(create(&admin, Scope::Shared, "배송", "하나"), create(&second, Scope::Shared, "배송", "둘"));
    let refused = [a, b].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!(refused, [ApiError::field("shortcut", Problem::Taken)]);
    assert_eq!(list(&admin).await.replies.len(), 1);
});

both!(canned_replies_end_at_their_limits, async |test: TestApp| {
    let (admin, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let (service, me) = (admin.desk().await.service.id, agent.desk().await.me.account);
    test.app
        .db
        .write(async |tx| {
            for n in 1..SHARED_MAX {
                db::canned::insert(tx, service, None, CannedId(Uuid::now_v7()), &words(&format!("a{n}"), "…")).await?;
            }
            for n in 1..OWN_MAX {
                db::canned::insert(tx, service, Some(me), CannedId(Uuid::now_v7()), &words(&format!("a{n}"), "…")).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    for (who, scope, max) in [(&admin, Scope::Shared, SHARED_MAX), (&agent, Scope::Own, OWN_MAX)] {
        create(who, scope, "last", "…").await.unwrap();
        assert_eq!(create(who, scope, "more", "…").await, Err(ApiError::Rule(Rule::TooMany { max: max as u64 })));
    }
    assert_eq!(list(&agent).await.replies.len(), SHARED_MAX + OWN_MAX);
    // Others have their own still.
    create(&test.signed_in("agent3").await, Scope::Own, "more", "…").await.unwrap();
});

both!(changes_of_shared_canned_replies_are_logged_and_told_and_ones_own_are_not, async |test: TestApp| {
    let (admin, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let desk = agent.desk().await;
    let mut socket = agent.agent_socket(desk.service.id, desk.seq).await;
    create(&agent, Scope::Own, "비밀", "내 것").await.unwrap();
    let page = create(&admin, Scope::Shared, "배송", "하나").await.unwrap();
    socket.until(|frame: AgentFrame| matches!(frame, AgentFrame::Reset).then_some(())).await;
    let page = save(&admin, &page.replies[0], &words("배송", "둘")).await.unwrap();
    let page = save(&admin, &page.replies[0], &words("택배", "둘")).await.unwrap();
    delete(&admin, &page.replies[0]).await.unwrap();
    let log: Changes = admin.ask("organization/changes", &json!({ "search": "canned", "before": null })).await.unwrap();
    let told: Vec<_> = log.rows.iter().map(|row| [row.subject.as_str(), row.before.as_str(), row.after.as_str()]).collect();
    assert_eq!(told, [["택배", "둘", ""], ["배송", "배송: 둘", "택배: 둘"], ["배송", "하나", "둘"], ["배송", "", "하나"]]);
});

both!(a_thread_says_in_which_language_its_customer_reads_canned_replies, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let consent = customer.get("/w/demo/front?lang=en").await.text().await.unwrap();
    let consent = consent.split("name=\"consent\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let (status, _) = customer.start(&[("lang", "en"), ("consent", &consent)]).await;
    assert!(status.is_success());
    let chat = customer.say("Where is my parcel?").await.unwrap().chat;
    let thread: Thread = agent.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
    assert_eq!(thread.language.code(), "en");
});
