//! Processor time per delivery, when many agents' consoles are open.

use crate::{
    bare::Bare,
    desk::{self, Damso, TEXT},
    machine::Cpu,
    stats::{count, median},
    table::Row,
    wire::{Line, Socket},
};
use anyhow::{Result, ensure};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

const ROUNDS: usize = 3;
/// Deliveries per second that are aimed at.
const PACE: u64 = 20_000;
const PER_ROUND: u64 = 50_000;

pub async fn rows() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for sockets in [200, 1_000] {
        rows.extend(with(sockets).await?);
    }
    Ok(rows)
}

async fn with(sockets: u64) -> Result<Vec<Row>> {
    let data = desk::folder()?;
    let seed = desk::seed(data.path(), &desk::sqlite(data.path()), 200, true).await?;
    let damso = Damso::start(data.path(), &[]).await?;
    let bare = Bare::start()?;
    let (heard, heard_bare) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut agents = Vec::new();
    for who in ["agent1", "agent2", "agent3"] {
        agents.push(damso.agent(who).await?);
    }

    let mut line = Line::open(damso.port).await?;
    let mut bare_line = Line::open(bare.port).await?;
    let messages = PER_ROUND / sockets;
    let pause = Duration::from_secs(1) / u32::try_from(PACE / sockets)?;

    // What a message costs when nobody listens.
    let mut alone = Vec::new();
    for _ in 0..ROUNDS {
        let before = Cpu::of(damso.pid())?;
        for n in 0..messages {
            line.ask_ok(&damso.message(&seed.visitors[usize::try_from(n)? % seed.visitors.len()], TEXT)?).await?;
        }
        alone.push(per(before.used()?, messages));
    }

    for n in 0..sockets {
        let agent = &agents[usize::try_from(n)? % agents.len()];
        count_deliveries(agent.socket().await?, heard.clone());
        count_deliveries(Socket::open(bare.port, "/socket", None).await?, heard_bare.clone());
    }
    // Nothing but the sockets: pings and looking up the session.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = Cpu::of(damso.pid())?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let idle = before.used()? as f64 / 5e9;
    // As long as the product's frame.
    let (id, text) = (seed.service, TEXT);
    let frame = format!(
        "{{\"t\":\"events\",\"prev\":1000,\"seq\":1001,\"events\":[{{\"chat\":\"{id}\",\"seq\":100,\"public\":100,\"at\":1700000000000,\
         \"client_id\":\"{id}\",\"event\":{{\"type\":\"message\",\"author\":\"customer\",\"text\":\"{text}\"}}}}]}}"
    );
    let broadcast = {
        let mut request = format!("POST /broadcast HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {}\r\n\r\n", frame.len()).into_bytes();
        request.extend_from_slice(frame.as_bytes());
        request
    };

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (before, start) = (Cpu::of(bare.pid())?, heard_bare.load(Ordering::Relaxed));
        let mut tick = tokio::time::interval(pause);
        for _ in 0..messages {
            tick.tick().await;
            bare_line.ask_ok(&broadcast).await?;
        }
        arrived(&heard_bare, start + messages * sockets).await?;
        theirs.push(per(before.used()?, messages * sockets));

        let (before, start) = (Cpu::of(damso.pid())?, heard.load(Ordering::Relaxed));
        let mut tick = tokio::time::interval(pause);
        for n in 0..messages {
            let request = damso.message(&seed.visitors[usize::try_from(n)? % seed.visitors.len()], TEXT)?;
            tick.tick().await;
            line.ask_ok(&request).await?;
        }
        arrived(&heard, start + messages * sockets).await?;
        ours.push(per(before.used()?, messages * sockets));
    }
    let (ours, theirs, alone) = (median(ours), median(theirs), median(alone));
    let what = format!("processor time per delivery to {} agent sockets", count(per_one(sockets)));
    Ok(vec![
        Row::new(
            what,
            format!("{ours:.2} µs, all told (a message nobody listens to: {alone:.0} µs)"),
            format!("bare axum broadcast {theirs:.2} µs"),
        )
        .ratio(ours / theirs)
        .goal("≤ 6 µs or 1.8×", ours <= 6.0 || ours <= 1.8 * theirs),
        Row::new(format!("{} idle agent sockets", count(per_one(sockets))), format!("{:.1} % of a core", idle * 100.0), "–"),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn per(ns: u64, n: u64) -> f64 {
    ns as f64 / n as f64 / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn per_one(n: u64) -> f64 {
    n as f64
}

/// Adds up the events that a socket is told of: `"prev":P,"seq":S` are S − P of them.
fn count_deliveries(mut socket: Socket, heard: Arc<AtomicU64>) {
    tokio::spawn(async move {
        while let Some(text) = socket.next().await {
            if let Some((prev, seq)) = numbers(&text) {
                heard.fetch_add(seq - prev, Ordering::Relaxed);
            }
        }
    });
}

fn numbers(frame: &str) -> Option<(u64, u64)> {
    let rest = frame.strip_prefix("{\"t\":\"events\",\"prev\":")?;
    let (prev, rest) = rest.split_once(",\"seq\":")?;
    let (seq, _) = rest.split_once(',')?;
    Some((prev.parse().ok()?, seq.parse().ok()?))
}

async fn arrived(heard: &AtomicU64, want: u64) -> Result<()> {
    let start = Instant::now();
    while heard.load(Ordering::Relaxed) < want {
        ensure!(start.elapsed() < Duration::from_secs(20), "{} of {want} deliveries arrived", heard.load(Ordering::Relaxed));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}
