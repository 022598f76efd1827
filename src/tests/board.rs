//! 현황 (E6, G32): who may look at it, and what is done from it.

use crate::{
    routing::{Shift, refused, shift},
    support::{Client, Kind},
};
use damso::{
    api::{ApiError, board::Board, organization::Changes, queues::QueueRow},
    domain::{
        chat::{Event, Hold, Refused, Requeued, State},
        ids::{ChatId, QueueId},
        permission::Right,
        presence::Status,
        time::{MINUTE, SECOND},
    },
    protocol::AgentFrame,
    server::db,
};
use serde_json::{Value, json};

/// Gives the first agent 현황·통계.
async fn oversees(shift: &Shift) -> Client {
    let (service, account) = (shift.service().await, shift.agents[0].1);
    shift
        .test
        .app
        .db
        .write(async |tx| {
            let mut profile = db::members::staff(tx, service).await?.into_iter().find(|s| s.account == account).unwrap().profile;
            profile.rights.insert(Right::Oversight);
            db::members::set_profile(tx, service, account, &profile).await
        })
        .await
        .unwrap();
    shift.agents[0].0.clone()
}

async fn board(client: &Client) -> Board {
    client.ask("board/load", &json!({})).await.unwrap()
}

async fn does(client: &Client, act: &str, chat: ChatId, mut body: Value) -> Result<Value, ApiError> {
    body["chat"] = json!(chat);
    client.ask(&format!("board/{act}"), &body).await
}

shift!(only_the_right_sees_the_board_and_acts_on_it, async |shift: Shift| {
    shift.comes(1).await;
    let (_customer, chat) = shift.waits("계세요?").await;
    let other = shift.agents[2].1;
    for (act, body) in [
        ("load", json!({})),
        ("assign", json!({ "chat": chat, "to": other, "note": "" })),
        ("take", json!({ "chat": chat })),
        ("put", json!({ "chat": chat, "queue": QueueId(uuid::Uuid::now_v7()) })),
        ("status", json!({ "account": other, "status": "online" })),
    ] {
        assert_eq!(shift.agents[1].0.post(&format!("board/{act}"), &body).await.status(), 403, "{act}");
    }
    let lead = oversees(&shift).await;
    let agents = board(&lead).await.agents;
    let there: Vec<_> = agents.iter().map(|agent| (agent.name.as_str(), agent.status, agent.gone)).collect();
    assert!(there.contains(&("상담원2", Status::Online, false)), "{there:?}");
    assert!(there.contains(&("상담원3", Status::Offline, false)), "{there:?}");
    // Who is not of this service, or does not chat, is nobody here.
    let nobody = json!({ "account": uuid::Uuid::now_v7(), "status": "online" });
    assert_eq!(lead.post("board/status", &nobody).await.status(), 404);
    assert_eq!(lead.post("board/put", &json!({ "chat": chat, "queue": uuid::Uuid::now_v7() })).await.status(), 404);
});

shift!(a_waiting_chat_is_assigned_taken_and_put_by_hand, async |shift: Shift| {
    let lead = oversees(&shift).await;
    shift.comes(1).await;
    let (_customer, chat) = shift.waits("누가 좀").await;
    let (one, two, three) = (shift.agents[0].1, shift.agents[1].1, shift.agents[2].1);
    assert_eq!(does(&lead, "assign", chat, json!({ "to": three, "note": "" })).await, refused(Refused::NotEligible), "he is not online");
    does(&lead, "assign", chat, json!({ "to": two, "note": "먼저 부탁해요" })).await.unwrap();
    assert!(
        matches!(shift.chat(chat).await.state, State::Held { agent, why: Hold::Delegated { from }, .. } if (agent, from) == (two, one))
    );
    assert!(shift.events(chat).await.iter().any(|event| matches!(event, Event::Note { text, .. } if text == "먼저 부탁해요")));
    // He does not resume it in time, and who assigned it is not online: the front of the queue.
    shift.passes(181 * SECOND).await;
    assert!(shift.chat(chat).await.place.front);
    // Two take it at once: one has it.
    shift.comes(0).await;
    shift.look().await;
    let owner = shift.test.signed_in("owner").await;
    let (mine, theirs) = tokio::join!(does(&lead, "take", chat, json!({})), shift.starts(1, chat));
    assert!(mine.is_ok(), "{mine:?} {theirs:?}");
    assert_eq!(shift.chat(chat).await.agent(), Some(one));
    assert_eq!(does(&lead, "take", chat, json!({})).await, refused(Refused::AlreadyStarted));
    // Into another queue, to its front; a queue that is off takes nothing.
    let queue = shift.chat(chat).await.queue;
    let rows: Vec<QueueRow> = owner.ask("queues/create", &json!({ "name": { "ko": "환불", "en": "Refunds" } })).await.unwrap();
    let other = rows.iter().find(|row| row.queue.id != queue).unwrap().queue.id;
    owner.ask::<Value>("queues/activate", &json!({ "queue": other, "active": true, "confirmed": true })).await.unwrap();
    does(&lead, "put", chat, json!({ "queue": other })).await.unwrap();
    let put = shift.chat(chat).await;
    assert!(put.queue == other && put.place.front && matches!(put.state, State::Waiting { .. }));
    assert!(shift.events(chat).await.contains(&Event::Queued { queue: other, front: true, why: Requeued::Put(one) }));
    owner.ask::<Value>("queues/activate", &json!({ "queue": queue, "active": false, "confirmed": true })).await.unwrap();
    assert_eq!(does(&lead, "put", chat, json!({ "queue": queue })).await, refused(Refused::QueueShut));
});

shift!(a_chat_whose_agent_is_gone_is_taken_over_and_the_customer_hears_nothing, async |shift: Shift| {
    let lead = oversees(&shift).await;
    shift.comes(1).await;
    let (customer, chat) = shift.waits("여보세요").await;
    shift.agents[1].0.reply(chat, "네").await.unwrap();
    shift.loses_his_line(1).await;
    shift.passes(90 * SECOND).await;
    let gone = board(&lead).await.agents.into_iter().find(|agent| agent.account == shift.agents[1].1).unwrap();
    assert!(gone.gone);
    assert_eq!(gone.gone_since.map(|since| shift.test.app.clock.now().since(since)), Some(90 * SECOND));
    let before = shift.chat(chat).await.public_seq;
    does(&lead, "take", chat, json!({})).await.unwrap();
    lead.reply(chat, "이어서 도와드리겠습니다").await.unwrap();
    let now = shift.chat(chat).await;
    assert_eq!((now.agent(), now.public_seq), (Some(shift.agents[0].1), before + 1), "one message, and nothing else");
    customer.say("감사합니다").await.unwrap();
    // His line is back: what was taken over stays where it is.
    shift.comes(1).await;
    shift.passes(MINUTE).await;
    assert_eq!(shift.chat(chat).await.agent(), Some(shift.agents[0].1));
});

shift!(anothers_status_is_set_written_down_and_told, async |shift: Shift| {
    let lead = oversees(&shift).await;
    shift.comes(1).await;
    let two = shift.agents[1].0.clone();
    let desk = two.desk().await;
    let mut console = two.agent_socket(desk.service.id, desk.seq).await;
    let lead_desk = lead.desk().await;
    let mut watching = lead.agent_socket(lead_desk.service.id, lead_desk.seq).await;
    let after: Board = lead.ask("board/status", &json!({ "account": shift.agents[1].1, "status": "break" })).await.unwrap();
    assert!(after.agents.iter().any(|agent| agent.account == shift.agents[1].1 && agent.status == Status::Break));
    let told = console
        .until::<AgentFrame, _>(|frame| if let AgentFrame::Status { status, by, .. } = frame { Some((status, by)) } else { None })
        .await;
    assert_eq!(told, (Status::Break, Some(shift.agents[0].1)));
    // Who looks at the board hears that it has changed; he has not asked.
    watching.until::<AgentFrame, _>(|frame| (frame == AgentFrame::Staff).then_some(())).await;
    assert_eq!(two.desk().await.status_by, Some(shift.agents[0].1), "a reload says the same");
    let owner = shift.test.signed_in("owner").await;
    let log: Changes = owner.ask("organization/changes", &json!({ "search": "status", "before": null })).await.unwrap();
    let told: Vec<_> =
        log.rows.iter().map(|row| (row.by.as_str(), row.subject.as_str(), row.before.as_str(), row.after.as_str())).collect();
    assert_eq!(told, [("상담원1", "상담원2", "online", "break")]);
    // His own wish is his own again.
    shift.is(1, Status::Online).await;
    assert_eq!(two.desk().await.status_by, None);
});
