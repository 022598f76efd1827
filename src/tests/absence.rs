//! Nobody is left for those who wait (G13), and what customers find of their own again.

use crate::{
    both,
    support::{Client, TestApp},
};
use damso::{
    api::{
        ApiError,
        inquiries::{InquiryDetail, InquiryRow},
        settings::HelpPage,
    },
    domain::{
        chat::EndedBy,
        presence::Status,
        settings::{Routing, RoutingMode},
        time::DAY,
    },
    protocol::VisitorFrame,
    server::{actions::absence, db, keys::Purpose},
};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// After so many minutes a waiting chat is turned.
async fn patience(owner: &Client, over: u64, minutes: u16) {
    let value = Routing { absent_minutes: minutes, mode: RoutingMode::Open, ..Routing::default() };
    owner.ask::<Value>("settings/routing/save", &json!({ "over": over + 1, "value": value })).await.unwrap();
}

async fn become_(agent: &Client, status: Status) {
    agent.ask::<Status>("presence/set", &json!({ "status": status })).await.unwrap();
}

async fn inquiries(owner: &Client) -> Vec<InquiryRow> {
    owner.ask("inquiries", &json!({})).await.unwrap()
}

async fn absent_since(test: &TestApp) -> Vec<bool> {
    let standing = test.app.db.look(async |tx| db::queues::standing(tx).await).await.unwrap();
    standing.into_iter().map(|queue| queue.absent_since.is_some()).collect()
}

both!(who_waits_for_nobody_becomes_an_inquiry_with_his_words, async |test: TestApp| {
    let (owner, agent) = (test.signed_in("owner").await, test.signed_in("agent3").await);
    let customer = test.visitor().await;
    let first = customer.say("배송이 안 왔어요").await.unwrap();
    customer.say("주문번호는 1234예요").await.unwrap();
    let answered = test.visitor().await;
    let other = answered.say("저는 상담 중이에요").await.unwrap();
    agent.reply(other.chat, "네").await.unwrap();
    absence::look(&test.app).await.unwrap();
    assert_eq!(absent_since(&test).await, [false]);
    assert!(!customer.door("").await.contains("front-alone"));

    // Gone, but not for long enough; then back: the time begins anew.
    become_(&agent, Status::Break).await;
    absence::look(&test.app).await.unwrap();
    assert_eq!(absent_since(&test).await, [true]);
    let door = customer.door("").await;
    assert!(door.contains("front-alone") && door.contains("1:1 문의로 접수해 드립니다"), "{door}");
    assert!(!answered.door("").await.contains("front-alone"), "who is being answered is not told of queues");
    become_(&agent, Status::Online).await;
    absence::look(&test.app).await.unwrap();
    assert_eq!(absent_since(&test).await, [false]);

    // Five minutes are not over, none are.
    become_(&agent, Status::Offline).await;
    absence::look(&test.app).await.unwrap();
    assert!(inquiries(&owner).await.is_empty());
    patience(&owner, 0, 0).await;
    let mut window = customer.visitor_socket(None).await;
    absence::look(&test.app).await.unwrap();
    let ended = window
        .until(|frame| match frame {
            VisitorFrame::Events { events, .. } => events.into_iter().find_map(|e| match e.event {
                damso::domain::chat::PublicEvent::Ended { by } => Some(by),
                _ => None,
            }),
            _ => None,
        })
        .await;
    assert_eq!(ended, EndedBy::System);
    let rows = inquiries(&owner).await;
    assert_eq!((rows.len(), rows[0].number, rows[0].from_chat, rows[0].answered), (1, 1, true, false));
    let detail: InquiryDetail = owner.ask("inquiries/open", &json!({ "inquiry": rows[0].id })).await.unwrap();
    assert_eq!(detail.messages.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["배송이 안 왔어요", "주문번호는 1234예요"]);
    let cards = agent.desk().await.cards;
    assert_eq!(cards.iter().map(|card| card.chat.id).collect::<Vec<_>>(), [other.chat], "what was started stays with its agent");
    absence::look(&test.app).await.unwrap();
    assert_eq!(inquiries(&owner).await.len(), 1, "once");
    assert_eq!(absent_since(&test).await, Vec::<bool>::new());

    // The window says so; the answer stands under 내 문의, for nobody else.
    let door = customer.door("").await;
    assert!(door.contains("문의 1번으로 접수했습니다"), "{door}");
    owner
        .ask::<Value>("inquiries/answer", &json!({ "inquiry": rows[0].id, "client_id": uuid::Uuid::now_v7(), "text": "확인했습니다" }))
        .await
        .unwrap();
    let door = customer.door("").await;
    assert!(door.contains("front-mine") && door.contains("답변 완료"), "{door}");
    let (_, rest) = door.split_once("href=\"/help/demo/inquiries/").unwrap();
    let path = format!("/help/demo/inquiries/{}", rest.split_once('"').unwrap().0.replace("&amp;", "&"));
    assert!(test.anyone().get(&path).await.text().await.unwrap().contains("확인했습니다"));
    assert!(!answered.door("").await.contains("front-mine"));
    assert_eq!(customer.say("새로 시작").await, Err(ApiError::Refused(damso::domain::chat::Refused::Shut)));
    assert_ne!(first.chat, other.chat);
});

both!(without_inquiries_they_wait_on, async |test: TestApp| {
    let (owner, agent) = (test.signed_in("owner").await, test.signed_in("agent3").await);
    let customer = test.visitor().await;
    let chat = customer.say("기다릴게요").await.unwrap().chat;
    patience(&owner, 0, 0).await;
    let mut help = owner.ask::<HelpPage>("settings/help", &json!({})).await.unwrap().help.value;
    help.inquiry = false;
    owner.ask::<Value>("settings/help/save", &json!({ "over": 0, "value": help })).await.unwrap();
    become_(&agent, Status::Offline).await;
    absence::look(&test.app).await.unwrap();
    assert_eq!(agent.desk().await.cards[0].chat.id, chat);
    let door = customer.door("").await;
    assert!(door.contains("상담원이 돌아오는 대로") && !door.contains("/turn"), "{door}");
    assert_eq!(customer.form("/w/demo/turn", &[("lang", "ko")]).await.0, StatusCode::UNPROCESSABLE_ENTITY);
});

both!(the_customer_need_not_wait_for_the_rule, async |test: TestApp| {
    let owner = test.signed_in("owner").await;
    let customer = test.visitor().await;
    let chat = customer.say("문의로 남길게요").await.unwrap().chat;
    assert_eq!(test.visitor().await.form("/w/demo/turn", &[]).await.0, StatusCode::OK, "nothing of his waits: nothing happens");
    assert!(inquiries(&owner).await.is_empty());
    let (first, second) = tokio::join!(customer.form("/w/demo/turn", &[("lang", "ko")]), customer.form("/w/demo/turn", &[("lang", "ko")]));
    assert_eq!((first.0, second.0), (StatusCode::OK, StatusCode::OK));
    let rows = inquiries(&owner).await;
    assert_eq!((rows.len(), rows[0].contact.email.as_str()), (1, ""));

    // An address that is none is told beside the field; a good one stays.
    let (status, html) = customer.form("/w/demo/reach", &[("lang", "ko"), ("email", "nobody")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("nobody"), "{html}");
    customer.form("/w/demo/reach", &[("lang", "ko"), ("email", "kim@shop.example")]).await;
    assert_eq!(inquiries(&owner).await[0].contact.email, "kim@shop.example");
    let desk = owner.desk().await;
    assert!(desk.cards.iter().all(|card| card.chat.id != chat));
    assert_eq!(test.visitor().await.form("/w/demo/reach", &[("email", "a@b.example")]).await.0, StatusCode::UNPROCESSABLE_ENTITY);
});

both!(links_to_ones_own_inquiries_are_signed_and_end, async |test: TestApp| {
    let owner = test.signed_in("owner").await;
    let customer = test.visitor().await;
    customer.say("문의로 남길게요").await.unwrap();
    customer.form("/w/demo/turn", &[("lang", "ko")]).await;
    customer.form("/w/demo/reach", &[("lang", "ko"), ("email", "kim@shop.example")]).await;
    let id = inquiries(&owner).await[0].id.to_string();
    let now = test.app.clock.now();
    let anyone = test.anyone();
    let open = async |token: &str| anyone.get(&format!("/help/demo/inquiries/{token}?lang=ko")).await.status();
    let good = test.app.keys.sign(Purpose::Inquiry, &id, now.plus(DAY));
    assert_eq!(open(&good).await, StatusCode::OK);
    let ended = test.app.keys.sign(Purpose::Inquiry, &id, now);
    let other_use = test.app.keys.sign(Purpose::Mailbox, &id, now.plus(DAY));
    for bad in [ended, other_use, id.clone(), good.replace('.', "-"), format!("{good}x")] {
        assert_eq!(open(&bad).await, StatusCode::NOT_FOUND, "{bad}");
    }

    let list = async |of: &str| {
        let answer = anyone.get(&format!("/help/demo/inquiries?lang=ko&of={of}")).await;
        (answer.status(), answer.text().await.unwrap())
    };
    let mailbox = |service: &str, email: &str, until| test.app.keys.sign(Purpose::Mailbox, &format!("{service}:{email}"), until);
    let (status, html) = list(&mailbox("demo", "kim@shop.example", now.plus(DAY))).await;
    assert!(status == StatusCode::OK && html.contains("문의 1번"), "{html}");
    let (status, html) = list(&mailbox("demo", "lee@shop.example", now.plus(DAY))).await;
    assert!(status == StatusCode::OK && html.contains("남긴 문의가 없습니다"), "{html}");
    for bad in [mailbox("demo", "kim@shop.example", now), mailbox("other", "kim@shop.example", now.plus(DAY)), "x".into()] {
        assert_eq!(list(&bad).await.0, StatusCode::NOT_FOUND);
    }
    // Without a link: what this browser has left, here nothing.
    let (status, html) = list("").await;
    assert!(status == StatusCode::OK && html.contains("이 브라우저에서 남긴 문의가 없습니다"), "{html}");
});
