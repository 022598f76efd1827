//! Many at once: the log writer and the actions against each other.

use crate::{
    both,
    support::{Kind, TestApp},
};
use damso::protocol::Thread;
use serde_json::json;

both!(writer_and_actions_never_wait_in_a_circle, async |test: TestApp| {
    let agent = test.signed_in("owner").await;
    let mut work = tokio::task::JoinSet::new();
    for n in 0..24 {
        let (customer, agent) = (test.visitor().await, agent.clone());
        work.spawn(async move {
            for round in 0..6 {
                let chat = customer.say(&format!("{n}.{round}")).await.unwrap().chat;
                let body = json!({ "chat": chat });
                // Actions in their own transactions, messages through the writer, at once.
                let (started, said) = tokio::join!(agent.ask::<serde_json::Value>("chats/start", &body), customer.say("더 있어요"));
                started.unwrap();
                said.unwrap();
                agent.reply(chat, "네").await.unwrap();
                let (ended, _) = tokio::join!(agent.ask::<()>("chats/end", &body), customer.say("감사합니다"));
                ended.unwrap();
            }
        });
    }
    while let Some(done) = work.join_next().await {
        done.unwrap();
    }
    let desk = agent.desk().await;
    let events = test.app.db.read(async |tx| damso::server::db::events::of_service(tx, desk.service.id, 0, 10_000).await).await.unwrap();
    let numbers: Vec<u64> = events.iter().map(|e| e.service_seq).collect();
    assert_eq!(numbers, (1..=desk.seq).collect::<Vec<_>>(), "the service's numbers have no gap");
    let mut per_chat: std::collections::HashMap<_, Vec<(u64, Option<u64>)>> = std::collections::HashMap::new();
    for e in &events {
        per_chat.entry(e.logged.chat).or_default().push((e.logged.seq, e.logged.public));
    }
    for (chat, numbers) in per_chat {
        let seqs: Vec<u64> = numbers.iter().map(|n| n.0).collect();
        assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>(), "{chat}");
        let public: Vec<u64> = numbers.iter().filter_map(|n| n.1).collect();
        assert_eq!(public, (1..=public.len() as u64).collect::<Vec<_>>(), "{chat}");
        // The row is the projection of the log.
        let thread: Thread = agent.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
        assert_eq!(thread.card.chat.seq, seqs.len() as u64);
    }
});

/// Counts what PostgreSQL itself says of deadlocks in this database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_counts_no_deadlock() {
    let test = TestApp::start(Kind::Postgres).await;
    let agent = test.signed_in("owner").await;
    let chats: Vec<_> = {
        let mut chats = Vec::new();
        for _ in 0..8 {
            let customer = test.visitor().await;
            let chat = customer.say("시작").await.unwrap().chat;
            chats.push((customer, chat));
        }
        chats
    };
    let mut work = tokio::task::JoinSet::new();
    for _ in 0..3 {
        for (customer, chat) in &chats {
            let (customer, agent, chat) = (customer.clone(), agent.clone(), *chat);
            work.spawn(async move {
                for n in 0..20 {
                    let text = n.to_string();
                    let (a, b) = tokio::join!(customer.say(&text), agent.reply(chat, &text));
                    a.unwrap();
                    b.unwrap();
                    let _ = agent.ask::<serde_json::Value>("chats/start", &json!({ "chat": chat })).await;
                }
            });
        }
    }
    while let Some(done) = work.join_next().await {
        done.unwrap();
    }
    let damso::server::db::Db::Postgres(pool) = &test.app.db else { unreachable!() };
    let deadlocks: i64 =
        sqlx::query_scalar("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetch_one(pool).await.unwrap();
    assert_eq!(deadlocks, 0);
}
