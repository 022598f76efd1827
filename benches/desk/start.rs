//! From nothing to the first answer, back after a crash, and what rests in memory.

use crate::{
    desk::{self, Damso},
    machine::rss_kib,
    stats::median,
    table::Row,
    wire::{Line, get},
};
use anyhow::Result;
use std::time::Duration;

const STARTS: usize = 7;
const CRASHES: usize = 3;
/// A million messages in chats of 10,000.
const CHATS: usize = 100;
const EACH: i64 = 10_000;

pub async fn rows() -> Result<Vec<Row>> {
    let (mut fresh, mut again) = (Vec::new(), Vec::new());
    let mut idle = 0.0;
    for n in 0..STARTS {
        let data = desk::folder()?;
        let (damso, took) = Damso::start_timed(data.path(), &[], "/healthz").await?;
        fresh.push(millis(took));
        damso.kill()?;
        let (damso, took) = Damso::start_timed(data.path(), &[], "/login").await?;
        again.push(millis(took));
        if n == 0 {
            let agent = damso.agent("agent1").await?;
            Line::open(damso.port).await?.ask_ok(&get(damso.port, "/console", &[&format!("cookie: {}", agent.cookie)])).await?;
            tokio::time::sleep(Duration::from_secs(3)).await;
            idle = rss_kib(damso.pid())? / 1024.0;
        }
    }

    let data = desk::folder()?;
    let url = desk::sqlite(data.path());
    let seed = desk::seed(data.path(), &url, CHATS, true).await?;
    let chats: Vec<_> = seed.visitors.iter().filter_map(|v| v.chat).collect();
    desk::lengthen(&url, &chats, EACH).await?;
    let mut crashed = Vec::new();
    let mut damso = Damso::start(data.path(), &[]).await?;
    for _ in 0..CRASHES {
        // Something that is only in SQLite's own log when the program dies.
        let mut line = Line::open(damso.port).await?;
        for visitor in &seed.visitors[..50] {
            line.ask_ok(&damso.message(visitor, desk::TEXT)?).await?;
        }
        damso.kill()?;
        let (started, took) = Damso::start_timed(data.path(), &[], "/readyz").await?;
        crashed.push(millis(took));
        damso = started;
    }
    let size = std::fs::metadata(data.path().join("damso.db"))?.len() / 1_000_000;
    let loaded = rss_kib(damso.pid())? / 1024.0;

    let (fresh, again, crashed) = (median(fresh), median(again), median(crashed));
    let took = |what: &str, ms: f64, goal: f64| Row::new(what, format!("{ms:.0} ms"), "–").goal(format!("≤ {goal:.0} ms"), ms <= goal);
    Ok(vec![
        took("start on the data that is there → first 200 of a page", again, 300.0),
        took("first start (tables and sample accounts made) → first 200", fresh, 300.0),
        took(&format!("kill -9 → ready, 1 million messages ({size} MB)"), crashed, 1_000.0),
        Row::new("idle memory after a page", format!("{idle:.0} MiB ({loaded:.0} MiB after a start on a million messages)"), "–")
            .goal("≤ 60 MiB", idle <= 60.0),
    ])
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}
