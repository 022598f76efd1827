//! The end of a chat with all that is asked for at it (G30), and what is unfinished when a chat
//! changes hands (E7): over HTTP, on both databases.

use crate::{
    panel::panel,
    routing::{Shift, shift},
    support::{Client, Kind},
};
use damso::{
    api::{ApiError, Problem, tags::TagRow},
    domain::{
        category::Tree,
        chat::Refused,
        ids::{CategoryId, ChatId, ClientId, TagId, TicketId},
        information::{Information, Noting, Unsaved, WrapUp},
        service::Rule,
        ticket::Status,
    },
    protocol::{AgentFrame, Draft},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A chat that the first agent talks in; a 처리유형 is required at its end.
async fn talks(shift: &Shift) -> (Client, ChatId, CategoryId) {
    shift.comes(0).await;
    let owner = shift.test.signed_in("owner").await;
    owner.ask::<Value>("settings/closing/save", &json!({ "over": 0, "value": { "category_required": true } })).await.unwrap();
    let tree: Tree = owner.ask("categories/create", &json!({ "parent": null, "name": { "ko": "배송", "en": "" } })).await.unwrap();
    let (customer, chat) = shift.waits("교환하고 싶어요").await;
    shift.agents[0].0.reply(chat, "네, 도와드리겠습니다").await.unwrap();
    (customer, chat, tree.0[0].id)
}

async fn tag(shift: &Shift, name: &str) -> TagId {
    let owner = shift.test.signed_in("owner").await;
    let rows: Vec<TagRow> = owner.ask("tags/create", &json!({ "name": name })).await.unwrap();
    rows.into_iter().find(|row| row.name == name).unwrap().id
}

async fn end(shift: &Shift, chat: ChatId, wrap: &WrapUp) -> Result<Value, ApiError> {
    shift.does(0, "end", json!({ "wrap": wrap }), chat).await
}

fn notes(over: u64, value: Information) -> WrapUp {
    WrapUp { noted: Some(Noting { over, value }), solved: BTreeSet::new() }
}

async fn keep(who: &Client, chat: ChatId, memo: &str) -> Unsaved {
    let unsaved = Unsaved { over: 0, base: Information::default(), value: Information { memo: memo.into(), ..Information::default() } };
    who.ask::<()>("panel/keep", &json!({ "chat": chat, "unsaved": unsaved })).await.unwrap();
    unsaved
}

async fn type_in(who: &Client, chat: ChatId, note: bool, text: &str) {
    let page = ClientId(Uuid::now_v7());
    who.ask::<()>("drafts/save", &json!({ "chat": chat, "note": note, "text": text, "page": page })).await.unwrap();
}

async fn drafts(who: &Client) -> Vec<Draft> {
    who.ask("drafts", &json!({})).await.unwrap()
}

shift!(what_is_chosen_at_the_end_is_stored_with_it_or_not_at_all, async |shift: Shift| {
    let (_customer, chat, category) = talks(&shift).await;
    let agent = &shift.agents[0].0;
    let vip = tag(&shift, "단골").await;
    let ticket = panel(agent, chat).await.unwrap().tickets[0].id;
    keep(agent, chat, "다음 주에 전화").await;
    let noted =
        Information { name: "민수".into(), memo: "다음 주에 전화".into(), tags: BTreeSet::from([vip]), ..Information::default() };
    let chosen = |over: u64, category: Option<CategoryId>| WrapUp {
        solved: BTreeSet::from([ticket]),
        ..notes(over, Information { category, ..noted.clone() })
    };
    let untouched = async || {
        let now = panel(agent, chat).await.unwrap();
        assert_eq!((now.noted.version, now.tickets[0].status), (0, Status::Open));
        assert!(now.noted.value.tags.is_empty() && now.unsaved.is_some(), "and what is unsaved is still there");
        assert!(!shift.chat(chat).await.is_ended());
    };

    let beside = |answer: Result<Value, ApiError>, field: &str| answer.unwrap_err().problem_of(field);
    assert_eq!(beside(end(&shift, chat, &chosen(0, None)).await, "category"), Some(Problem::Required));
    untouched().await;
    assert_eq!(end(&shift, chat, &chosen(3, Some(category))).await, Err(ApiError::Rule(Rule::Stale)));
    assert_eq!(beside(end(&shift, chat, &chosen(0, Some(CategoryId(Uuid::now_v7())))).await, "category"), Some(Problem::Changed));
    let mut foreign = chosen(0, Some(category));
    foreign.noted.as_mut().unwrap().value.tags.insert(TagId(Uuid::now_v7()));
    assert_eq!(beside(end(&shift, chat, &foreign).await, "tags"), Some(Problem::Changed));
    let mut foreign = chosen(0, Some(category));
    foreign.solved.insert(TicketId(Uuid::now_v7()));
    assert_eq!(beside(end(&shift, chat, &foreign).await, "tickets"), Some(Problem::Changed));
    let mut wrong = chosen(0, Some(category));
    wrong.noted.as_mut().unwrap().value.email = "minsu@a".into();
    assert_eq!(beside(end(&shift, chat, &wrong).await, "email"), Some(Problem::NotAnEmail));
    let other = shift.does(1, "end", json!({ "wrap": chosen(0, Some(category)) }), chat).await;
    assert_eq!(other, Err(ApiError::Refused(Refused::TakenBy { agent: shift.agents[0].1 })));
    untouched().await;

    end(&shift, chat, &chosen(0, Some(category))).await.unwrap();
    assert!(shift.chat(chat).await.is_ended());
    let after = panel(&shift.test.signed_in("owner").await, chat).await.unwrap();
    assert_eq!(after.noted.value, Information { category: Some(category), ..noted });
    assert_eq!((after.path.ko.as_str(), after.tickets[0].status), ("배송", Status::Solved));
    assert!(panel(agent, chat).await.is_err() || panel(agent, chat).await.unwrap().unsaved.is_none(), "saved, so not unsaved");
});

shift!(the_tags_of_a_chat_are_noted_beside_it_and_go_when_they_are_deleted, async |shift: Shift| {
    let (_customer, chat, _) = talks(&shift).await;
    let agent = &shift.agents[0].0;
    let vip = tag(&shift, "단골").await;
    assert_eq!(panel(agent, chat).await.unwrap().tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["단골"], "but for Chat");
    let value = Information { tags: BTreeSet::from([vip]), ..Information::default() };
    agent.ask::<Value>("panel/save", &json!({ "chat": chat, "over": 0, "value": value })).await.unwrap();
    let owner = shift.test.signed_in("owner").await;
    let delete = async |chats: u64| owner.ask::<Vec<TagRow>>("tags/delete", &json!({ "tag": vip, "tickets": 0, "chats": chats })).await;
    assert_eq!(delete(0).await.unwrap_err(), ApiError::Rule(Rule::Stale), "the admin was told of fewer");
    assert!(delete(1).await.unwrap().iter().all(|row| row.id != vip));
    let after = panel(agent, chat).await.unwrap().noted;
    assert!(after.value.tags.is_empty() && after.version == 2, "who writes over it is told");
});

shift!(a_customer_who_ends_at_the_same_moment_changes_nothing_of_it, async |shift: Shift| {
    let (customer, chat, category) = talks(&shift).await;
    let wrap = notes(0, Information { category: Some(category), ..Information::default() });
    let body = json!({ "request": { "widget": "demo", "chat": chat } });
    let (_, ended) = tokio::join!(customer.post("visitor/end", &body), end(&shift, chat, &wrap));
    ended.unwrap();
    assert!(shift.chat(chat).await.is_ended());
    assert_eq!(panel(&shift.test.signed_in("owner").await, chat).await.unwrap().noted.value.category, Some(category));
    assert_eq!(end(&shift, chat, &wrap).await, Err(ApiError::Refused(Refused::Ended)), "and a second one is told");
});

shift!(what_is_unfinished_goes_with_a_delegation_and_comes_back_with_the_chat, async |shift: Shift| {
    let (customer, chat, _) = talks(&shift).await;
    shift.comes(1).await;
    let [(one, first), (two, second), _] = &shift.agents[..] else { panic!() };
    let mut widget = customer.visitor_socket(None).await;
    let desk = two.desk().await;
    let mut console = two.agent_socket(desk.service.id, desk.seq).await;
    let unsaved = keep(one, chat, "환불 약속함").await;
    type_in(one, chat, false, "확인해 보니").await;
    type_in(one, chat, true, "까다로운 고객").await;

    shift.does(0, "delegate", json!({ "to": second, "note": "" }), chat).await.unwrap();
    console.until(|frame| if let AgentFrame::Drafts { .. } = frame { Some(()) } else { None }).await;
    let theirs: Vec<_> = drafts(two).await.into_iter().map(|draft| (draft.note, draft.text, draft.from)).collect();
    assert_eq!(theirs, [(false, "확인해 보니".to_owned(), Some(*first)), (true, "까다로운 고객".to_owned(), Some(*first))]);
    assert!(drafts(one).await.is_empty());
    let beside = panel(two, chat).await.unwrap();
    assert_eq!((beside.unsaved.as_ref(), beside.unsaved_from), (Some(&unsaved), Some(*first)));

    // Whoever writes on has written it.
    type_in(two, chat, false, "확인해 보니 맞습니다").await;
    assert_eq!(drafts(two).await.iter().find(|draft| !draft.note).unwrap().from, None);
    let unsaved = keep(two, chat, "환불 약속함, 금요일").await;
    assert_eq!(panel(two, chat).await.unwrap().unsaved_from, Some(*first), "until it is saved or thrown away");

    shift.does(1, "return", json!({}), chat).await.unwrap();
    let mine: Vec<_> = drafts(one).await.into_iter().map(|draft| (draft.note, draft.from)).collect();
    assert_eq!(BTreeSet::from_iter(mine), BTreeSet::from([(false, Some(*second)), (true, None)]), "one's own words are one's own again");
    let beside = panel(one, chat).await.unwrap();
    assert_eq!((beside.unsaved.as_ref(), beside.unsaved_from), (Some(&unsaved), None));
    one.ask::<()>("panel/keep", &json!({ "chat": chat, "unsaved": null })).await.unwrap();
    assert!(panel(one, chat).await.unwrap().unsaved.is_none());

    // The customer has heard nothing of any of it.
    one.reply(chat, "곧 답변드리겠습니다").await.unwrap();
    let told = widget.raw_until("곧 답변드리겠습니다").await;
    assert!(!told.contains("확인해") && !told.contains("까다로운") && !told.contains("환불"), "{told}");
});

shift!(what_is_unfinished_waits_in_a_queue_for_whoever_gets_the_chat, async |shift: Shift| {
    let (_customer, chat, _) = talks(&shift).await;
    shift.comes(1).await;
    let [(one, first), (two, second), _] = &shift.agents[..] else { panic!() };
    let unsaved = keep(one, chat, "재입고 문의").await;
    type_in(one, chat, false, "내일").await;
    let queue = shift.chat(chat).await.queue;
    shift.does(0, "transfer", json!({ "queue": queue, "note": "" }), chat).await.unwrap();
    shift.look().await;
    assert!(drafts(two).await.is_empty(), "offered, and not his yet");
    shift.starts(1, chat).await.unwrap();
    assert_eq!(
        drafts(two).await.into_iter().map(|draft| (draft.text, draft.from)).collect::<Vec<_>>(),
        [("내일".to_owned(), Some(*first))]
    );
    let beside = panel(two, chat).await.unwrap();
    assert_eq!((beside.unsaved, beside.unsaved_from), (Some(unsaved), Some(*first)));
    assert!(drafts(one).await.is_empty());

    // One's own words are one's own again.
    type_in(two, chat, true, "내 메모").await;
    shift.does(1, "hand_over", json!({ "to": shift.agents[0].1, "note": "" }), chat).await.unwrap();
    let kept: BTreeSet<_> = drafts(one).await.into_iter().map(|draft| (draft.text, draft.from)).collect();
    assert_eq!(kept, BTreeSet::from([("내일".to_owned(), None), ("내 메모".to_owned(), Some(*second))]));
});
