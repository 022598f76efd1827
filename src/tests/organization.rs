//! 전체 관리 over HTTP: services and their contracts, people by links that work once, the
//! log of changes.

use crate::{both, support::TestApp};
use damso::{
    api::{
        ApiError, Problem,
        accounts::{Invited, MyAccount},
        members::MemberRow,
        organization::{Changes, Link, People, ServiceEdit, ServiceRow},
        queues::QueueRow,
    },
    domain::{
        chat::Refused,
        ids::{AccountId, ServiceId},
        permission::Role,
        service::{Contract, Language, Rule},
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

pub fn form(key: &str) -> Value {
    json!({ "key": key, "name": { "ko": "둘째 상점", "en": "Second" }, "zone": "Asia/Seoul", "languages": ["ko"],
            "contract": { "chat": true, "security": false }, "join": true })
}

/// Every action of an owner, with ids that nobody has.
pub fn actions() -> Vec<(&'static str, Value)> {
    let (service, account) = (ServiceId(Uuid::now_v7()), AccountId(Uuid::now_v7()));
    let edit =
        json!({ "name": { "ko": "이름", "en": "" }, "zone": "UTC", "languages": ["ko"], "contract": { "chat": true, "security": true } });
    vec![
        ("organization/services", json!({})),
        ("organization/services/create", json!({ "form": form("second") })),
        ("organization/services/save", json!({ "service": service, "was": edit, "now": edit })),
        ("organization/services/banner/remove", json!({ "service": service })),
        ("organization/people", json!({})),
        ("organization/people/invite", json!({ "emails": "kim@shop.example", "service": service, "role": "agent" })),
        ("organization/people/standing", json!({ "account": account, "owner": true, "deactivated": false })),
        ("organization/people/reset", json!({ "account": account })),
        ("organization/changes", json!({ "search": "", "before": null })),
    ]
}

both!(only_an_owner_manages_services_and_people, async |test: TestApp| {
    let (stranger, owner, admin) = (test.anyone(), test.signed_in("owner").await, test.signed_in("agent2").await);
    let rows: Vec<MemberRow> = owner.ask("members/list", &json!({})).await.unwrap();
    let row = rows.iter().find(|r| r.email == "agent2@example.com").unwrap();
    let mut profile = row.profile.clone();
    profile.role = Role::Admin;
    let _: Vec<MemberRow> =
        owner.ask("members/save", &json!({ "account": row.account, "was": row.profile, "profile": profile })).await.unwrap();
    for (action, body) in actions() {
        assert_eq!(stranger.post(action, &body).await.status(), 401, "{action} by a stranger");
        assert_eq!(admin.post(action, &body).await.status(), 403, "{action} by an admin who is no owner");
        let named = ["save", "invite", "standing", "reset"].iter().any(|word| action.ends_with(word));
        assert_eq!(owner.post(action, &body).await.status(), if named { 404 } else { 200 }, "{action} by an owner");
    }
});

both!(a_service_is_made_connected_to_and_kept_apart, async |test: TestApp| {
    let owner = test.signed_in("owner").await;
    for (wrong, field, problem) in [
        (form("Second!"), "key", Problem::NotAKey),
        (form("demo"), "key", Problem::Taken),
        (
            {
                let mut f = form("second");
                f["zone"] = "Seoul".into();
                f
            },
            "zone",
            Problem::NotAZone,
        ),
        (
            {
                let mut f = form("second");
                f["languages"] = json!([]);
                f
            },
            "languages",
            Problem::Required,
        ),
        (
            {
                let mut f = form("second");
                f["name"] = json!({ "ko": "", "en": " " });
                f
            },
            "name.ko",
            Problem::Required,
        ),
    ] {
        let error = owner.ask::<Vec<ServiceRow>>("organization/services/create", &json!({ "form": wrong })).await.unwrap_err();
        assert_eq!(error.problem_of(field), Some(problem), "{wrong}");
    }
    let rows: Vec<ServiceRow> = owner.ask("organization/services/create", &json!({ "form": form("second") })).await.unwrap();
    let [demo, second] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((second.members, second.mine, second.service.languages.clone()), (1, true, vec![Language::Ko]));
    // Connected to the first one until told otherwise; the new one has no queue (G26).
    assert_eq!(owner.desk().await.service.id, demo.service.id);
    owner.ask::<()>("accounts/connect", &json!({ "service": second.service.id })).await.unwrap();
    assert_eq!(owner.desk().await.service.id, second.service.id);
    let queues: Vec<QueueRow> = owner.ask("queues/list", &json!({})).await.unwrap();
    assert_eq!(queues, []);
    // Another session of the same account stays where it is, and nobody connects to a foreign service.
    assert_eq!(test.signed_in("owner").await.desk().await.service.id, demo.service.id);
    let agent = test.signed_in("agent1").await;
    assert_eq!(agent.ask::<()>("accounts/connect", &json!({ "service": second.service.id })).await, Err(ApiError::NotFound));
    // What is done in one service touches nothing of the other.
    let foreign = {
        let agent_queues: Vec<QueueRow> = test.signed_in("owner").await.ask("queues/list", &json!({})).await.unwrap();
        agent_queues[0].queue.id
    };
    assert_eq!(owner.ask::<Vec<QueueRow>>("queues/delete", &json!({ "queue": foreign })).await, Err(ApiError::NotFound));

    let was = ServiceEdit::of(&second.service);
    let mut now = was.clone();
    now.contract = Contract { chat: false, security: true };
    let save = json!({ "service": second.service.id, "was": was, "now": now });
    let rows: Vec<ServiceRow> = owner.ask("organization/services/save", &save).await.unwrap();
    assert_eq!(rows[1].service.contract, now.contract);
    assert_eq!(owner.ask::<Vec<ServiceRow>>("organization/services/save", &save).await, Err(ApiError::Rule(Rule::Stale)));
    let log: Changes = owner.ask("organization/changes", &json!({ "search": "CHAT OFF", "before": null })).await.unwrap();
    assert_eq!((log.rows.len(), log.rows[0].subject.as_str(), log.rows[0].by.as_str(), log.more), (1, "second", "조직관리자", false));
    assert!(log.rows[0].before.contains("chat on") && log.rows[0].after.contains("chat off, security on"), "{:?}", log.rows[0]);
    let none: Changes = owner.ask("organization/changes", &json!({ "search": "100%_", "before": null })).await.unwrap();
    assert_eq!(none.rows, [], "what LIKE reads as a pattern is text");
});

both!(without_chat_in_the_contract_nothing_new_starts_and_what_runs_is_finished, async |test: TestApp| {
    let owner = test.signed_in("owner").await;
    let (running, late) = (test.visitor().await, test.visitor().await);
    let chat = running.say("먼저 왔어요").await.unwrap().chat;
    let rows: Vec<ServiceRow> = owner.ask("organization/services", &json!({})).await.unwrap();
    let was = ServiceEdit::of(&rows[0].service);
    let now = ServiceEdit { contract: Contract { chat: false, security: true }, ..was.clone() };
    let _: Vec<ServiceRow> =
        owner.ask("organization/services/save", &json!({ "service": rows[0].service.id, "was": was, "now": now })).await.unwrap();
    assert_eq!(late.say("늦었어요").await, Err(ApiError::Refused(Refused::Shut)));
    let agent = test.signed_in("agent1").await;
    agent.reply(chat, "네, 말씀하세요").await.unwrap();
    running.say("고맙습니다").await.unwrap();
});

async fn invite(test: &TestApp, email: &str) -> Link {
    let owner = test.signed_in("owner").await;
    let service = owner.desk().await.service.id;
    let body = json!({ "emails": email, "service": service, "role": "agent" });
    owner.ask::<Vec<Link>>("organization/people/invite", &body).await.unwrap().pop().unwrap()
}

fn token(link: &Link) -> String {
    link.url.rsplit('/').next().unwrap().to_owned()
}

both!(an_invitation_works_once, async |test: TestApp| {
    let anyone = test.anyone();
    let owner = test.signed_in("owner").await;
    let service = owner.desk().await.service.id;
    let wrong = owner
        .ask::<Vec<Link>>("organization/people/invite", &json!({ "emails": "a@b.example, nobody", "service": service, "role": "agent" }))
        .await;
    assert_eq!(wrong.unwrap_err().problem_of("emails"), Some(Problem::NotAnEmail));
    let links: Vec<Link> = owner
        .ask(
            "organization/people/invite",
            &json!({ "emails": "Kim@shop.example\nlee@shop.example, kim@shop.example", "service": service, "role": "agent" }),
        )
        .await
        .unwrap();
    assert_eq!(links.iter().map(|l| l.email.as_str()).collect::<Vec<_>>(), ["kim@shop.example", "lee@shop.example"]);
    let token = token(&links[0]);
    let seen: Invited = anyone.ask("invitations/look", &json!({ "token": token })).await.unwrap();
    assert_eq!((seen.email.as_str(), seen.known, seen.service.unwrap().ko.as_str()), ("kim@shop.example", false, "데모 스토어"));
    let accept = |name: &str, password: &str| json!({ "token": token, "name": name, "password": password });
    let error = anyone.ask::<()>("invitations/accept", &accept(" ", "긴 비밀번호입니다 정말")).await.unwrap_err();
    assert_eq!(error.problem_of("name"), Some(Problem::Required));
    let error = anyone.ask::<()>("invitations/accept", &accept("김담소", "short")).await.unwrap_err();
    assert_eq!(error.problem_of("password"), Some(Problem::PasswordTooShort));
    anyone.ask::<()>("invitations/accept", &accept("김담소", "긴 비밀번호입니다 정말")).await.unwrap();
    assert_eq!(anyone.ask::<()>("invitations/accept", &accept("김담소", "긴 비밀번호입니다 정말")).await, Err(ApiError::NotFound));
    assert_eq!(anyone.ask::<Invited>("invitations/look", &json!({ "token": token })).await, Err(ApiError::NotFound));
    let signed = anyone.ask::<()>("accounts/sign-in", &json!({ "email": "kim@shop.example", "password": "긴 비밀번호입니다 정말" })).await;
    assert_eq!(signed, Ok(()));
    let people: People = owner.ask("organization/people", &json!({})).await.unwrap();
    assert_eq!(people.people.iter().find(|p| p.name == "김담소").unwrap().services, [(service, Role::Agent)]);
    assert_eq!(people.expected.iter().map(|e| e.email.as_str()).collect::<Vec<_>>(), ["lee@shop.example"]);
});

both!(somebody_with_an_account_joins_by_his_own_password, async |test: TestApp| {
    let owner = test.signed_in("owner").await;
    let rows: Vec<ServiceRow> = owner.ask("organization/services/create", &json!({ "form": form("second") })).await.unwrap();
    let second = rows[1].service.id;
    let link: Vec<Link> = owner
        .ask("organization/people/invite", &json!({ "emails": "agent1@example.com", "service": second, "role": "agent" }))
        .await
        .unwrap();
    let anyone = test.anyone();
    let seen: Invited = anyone.ask("invitations/look", &json!({ "token": token(&link[0]) })).await.unwrap();
    assert!(seen.known);
    let accept = |password: &str| json!({ "token": token(&link[0]), "name": "", "password": password });
    assert_eq!(anyone.ask::<()>("invitations/accept", &accept("not this one")).await, Err(ApiError::WrongCredentials));
    anyone.ask::<()>("invitations/accept", &accept(crate::support::PASSWORD)).await.unwrap();
    let agent = test.signed_in("agent1").await;
    agent.ask::<()>("accounts/connect", &json!({ "service": second })).await.unwrap();
    assert_eq!(agent.desk().await.service.id, second);
});

both!(a_reset_link_ends_every_session, async |test: TestApp| {
    let (owner, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let people: People = owner.ask("organization/people", &json!({})).await.unwrap();
    let one = people.people.iter().find(|p| p.email == "agent1@example.com").unwrap().account;
    let first: Link = owner.ask("organization/people/reset", &json!({ "account": one })).await.unwrap();
    let link: Link = owner.ask("organization/people/reset", &json!({ "account": one })).await.unwrap();
    let anyone = test.anyone();
    let accept = |link: &Link, password: &str| json!({ "token": token(link), "name": "", "password": password });
    assert_eq!(
        anyone.ask::<()>("invitations/accept", &accept(&first, "새로운 비밀번호입니다")).await,
        Err(ApiError::NotFound),
        "the later one counts"
    );
    anyone.ask::<()>("invitations/accept", &accept(&link, "새로운 비밀번호입니다")).await.unwrap();
    assert_eq!(agent.ask::<MyAccount>("accounts/me", &json!({})).await, Err(ApiError::Unauthenticated));
});

both!(deactivation_ends_everything_and_the_last_owner_stays, async |test: TestApp| {
    let (owner, agent) = (test.signed_in("owner").await, test.signed_in("agent1").await);
    let people: People = owner.ask("organization/people", &json!({})).await.unwrap();
    let account = |email: &str| people.people.iter().find(|p| p.email == email).unwrap().account;
    let (me, one) = (account("owner@example.com"), account("agent1@example.com"));
    let standing = |account, owner, deactivated| json!({ "account": account, "owner": owner, "deactivated": deactivated });
    assert_eq!(
        owner.ask::<People>("organization/people/standing", &standing(me, false, false)).await,
        Err(ApiError::Rule(Rule::LastOwner))
    );
    assert_eq!(owner.ask::<People>("organization/people/standing", &standing(me, true, true)).await, Err(ApiError::Rule(Rule::NotYours)));
    let mut socket = agent.agent_socket(agent.desk().await.service.id, agent.desk().await.seq).await;
    let _: People = owner.ask("organization/people/standing", &standing(one, false, true)).await.unwrap();
    assert_eq!(socket.closed().await, Some(4001));
    assert_eq!(agent.ask::<MyAccount>("accounts/me", &json!({})).await, Err(ApiError::Unauthenticated));
    let again =
        test.anyone().ask::<()>("accounts/sign-in", &json!({ "email": "agent1@example.com", "password": crate::support::PASSWORD })).await;
    assert_eq!(again, Err(ApiError::WrongCredentials));
    // A second owner can take the first one's mark, but not the last admin's place.
    let two = account("agent2@example.com");
    let _: People = owner.ask("organization/people/standing", &standing(two, true, false)).await.unwrap();
    let second = test.signed_in("agent2").await;
    assert_eq!(second.ask::<People>("organization/people/standing", &standing(me, true, true)).await, Err(ApiError::Rule(Rule::LastAdmin)));
    let after: People = second.ask("organization/people/standing", &standing(me, false, false)).await.unwrap();
    assert!(!after.people.iter().find(|p| p.account == me).unwrap().owner);
    assert_eq!(owner.post("organization/people", &json!({})).await.status(), 403);
});

both!(an_invitation_of_another_address_is_not_guessed, async |test: TestApp| {
    let link = invite(&test, "kim@shop.example").await;
    assert!(token(&link).len() >= 40, "256 bits");
    let answer = test.anyone().ask::<Invited>("invitations/look", &json!({ "token": "x".repeat(43) })).await;
    assert_eq!(answer, Err(ApiError::NotFound));
});
