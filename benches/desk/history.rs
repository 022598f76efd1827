//! A chat of 10,000 messages: opening it, and paging back to its beginning.

use crate::{
    desk::{self, Damso},
    stats::{Samples, ms},
    table::Row,
    wire::{Line, get, post},
};
use anyhow::{Context as _, Result};
use damso::{
    protocol::{EarlierEvents, Thread},
    server::db::Db,
};
use serde_json::json;
use std::time::Instant;

const MESSAGES: i64 = 10_000;
const OPENINGS: usize = 150;
const PASSES: usize = 3;

pub async fn rows() -> Result<Vec<Row>> {
    let data = desk::folder()?;
    let url = desk::sqlite(data.path());
    let seed = desk::seed(data.path(), &url, 20, true).await?;
    let visitor = &seed.visitors[0];
    let chat = visitor.chat.context("a chat")?;
    desk::lengthen(&url, &[chat], MESSAGES).await?;
    let damso = Damso::start(data.path(), &[]).await?;
    let agent = damso.agent("agent1").await?;
    let bearer = format!("authorization: Bearer {}", visitor.token);
    let bare = Db::open(&url).await?;
    let mut line = Line::open(damso.port).await?;

    let (mut opened, mut page, mut paged, mut visitors, mut scanned) =
        (Samples::default(), Samples::default(), Samples::default(), Samples::default(), Samples::default());
    let open = agent.post("/api/chats/thread", &json!({ "chat": chat, "before": null }))?;
    let html = get(damso.port, &format!("/console/{chat}"), &[&format!("cookie: {}", agent.cookie), "accept-encoding: br"]);
    for _ in 0..OPENINGS {
        let start = Instant::now();
        line.ask_ok(&open).await?;
        opened.push(start.elapsed());
        let start = Instant::now();
        line.ask_ok(&html).await?;
        page.push(start.elapsed());
    }
    for _ in 0..PASSES {
        let mut before = None;
        loop {
            let request = agent.post("/api/chats/thread", &json!({ "chat": chat, "before": before }))?;
            let start = Instant::now();
            let answer = line.ask_ok(&request).await?;
            paged.push(start.elapsed());
            let thread: Thread = answer.json()?;
            let start = Instant::now();
            scan(&bare, chat, before.unwrap_or(u64::MAX)).await?;
            scanned.push(start.elapsed());
            if !thread.earlier {
                break;
            }
            before = thread.events.first().map(|e| e.seq);
        }
    }
    let mut before = u64::MAX >> 2;
    loop {
        let body = json!({ "request": { "widget": "demo", "chat": chat, "before": before } });
        let request = post(damso.port, "/api/visitor/earlier", &bearer, &body)?;
        let start = Instant::now();
        let answer = line.ask_ok(&request).await?;
        visitors.push(start.elapsed());
        let found: EarlierEvents = answer.json()?;
        if !found.earlier {
            break;
        }
        before = found.events.first().map_or(0, |e| e.seq);
    }
    bare.close().await;
    let limit = format!("bare indexed read of 100 rows p50 {}, p99 {}", ms(scanned.p50()), ms(scanned.p99()));
    let row = |what: &str, samples: &Samples| {
        Row::new(what, format!("p50 {}, p99 {}", ms(samples.p50()), ms(samples.p99())), &limit)
            .ratio(samples.p50() / scanned.p50())
            .goal("p99 ≤ 50 ms", samples.p99() <= 50.0)
    };
    Ok(vec![
        row("an agent opens a chat of 10,000 messages", &opened),
        row("the same as a page from the server", &page),
        row("an agent pages back through it, 100 at a time", &paged),
        row("its visitor pages back, 50 at a time", &visitors),
    ])
}

/// The same rows, with nothing around them.
async fn scan(db: &Db, chat: damso::domain::ids::ChatId, before: u64) -> Result<()> {
    let Db::Sqlite { read, .. } = db else { return Ok(()) };
    let rows = sqlx::query("SELECT chat_id, seq, public_seq, service_id, service_seq, at, kind, agent_id, client_id, body, cause FROM chat_event WHERE chat_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT 100")
        .bind(chat.0)
        .bind(i64::try_from(before).unwrap_or(i64::MAX))
        .fetch_all(read)
        .await?;
    std::hint::black_box(rows.len());
    Ok(())
}
