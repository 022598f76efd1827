//! How long a message takes until it is stored, and until the other side has it.

use crate::{
    bare::{self, Bare},
    desk::{self, Agent, Damso, TEXT, Visitor},
    stats::{Samples, ms},
    table::Row,
    wire::{Line, Socket},
};
use anyhow::{Context as _, Result};
use damso::domain::ids::ClientId;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

const ROUNDS: usize = 5;
/// Messages in each direction and round.
const MESSAGES: usize = 250;

/// Tells when texts arrive on a socket.
pub struct Ear(mpsc::UnboundedReceiver<(String, Instant)>);

impl Ear {
    pub fn listen(mut socket: Socket) -> Self {
        let (heard, ear) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(text) = socket.next().await {
                if heard.send((text.as_str().to_owned(), Instant::now())).is_err() {
                    return;
                }
            }
        });
        Self(ear)
    }

    /// When a frame came that has `mark` in it.
    pub async fn when(&mut self, mark: &str) -> Result<Instant> {
        let found = async {
            while let Some((text, at)) = self.0.recv().await {
                if text.contains(mark) {
                    return Ok(at);
                }
            }
            anyhow::bail!("the socket closed")
        };
        tokio::time::timeout(Duration::from_secs(10), found).await.context("nothing arrived in ten seconds")?
    }
}

pub async fn rows() -> Result<Vec<Row>> {
    let data = desk::folder()?;
    let seed = desk::seed(data.path(), &desk::sqlite(data.path()), 100, true).await?;
    let damso = Damso::start(data.path(), &[]).await?;
    let bare = Bare::start()?;
    let agent = damso.agent("agent1").await?;
    let (mut line, mut echo) = (Line::open(damso.port).await?, Line::open(bare.port).await?);
    let mut desk_ear = Ear::listen(agent.socket().await?);
    let one = &seed.visitors[0];
    let mut visitor_ear = Ear::listen(damso.visitor_socket(one, None).await?);
    visitor_ear.when("\"reset\"").await?;

    let (mut fsync, mut echoed, mut acked, mut to_desk, mut to_visitor) =
        (Samples::default(), Samples::default(), Samples::default(), Samples::default(), Samples::default());
    for round in 0..=ROUNDS {
        // The first round warms up.
        if round == 1 {
            for samples in [&mut fsync, &mut echoed, &mut acked, &mut to_desk, &mut to_visitor] {
                *samples = Samples::default();
            }
        }
        for samples in [&mut fsync, &mut echoed, &mut acked, &mut to_desk, &mut to_visitor] {
            samples.begin_round();
        }
        let disk = tokio::task::spawn_blocking(|| bare::fsync(150)).await??;
        fsync.push(Duration::from_secs_f64(disk.p50() / 1_000.0));
        let request = bare.echo(&json!({ "text": TEXT.repeat(3) }))?;
        for _ in 0..MESSAGES {
            let start = Instant::now();
            echo.ask_ok(&request).await?;
            echoed.push(start.elapsed());
        }
        for n in 0..MESSAGES {
            let visitor: &Visitor = &seed.visitors[1 + n % (seed.visitors.len() - 1)];
            let mark = format!("v{round}-{n}.");
            let request = damso.message(visitor, &format!("{TEXT} {mark}"))?;
            let start = Instant::now();
            line.ask_ok(&request).await?;
            acked.push(start.elapsed());
            to_desk.push(desk_ear.when(&mark).await?.duration_since(start));
        }
        for n in 0..MESSAGES {
            let mark = format!("a{round}-{n}.");
            let request = reply(&agent, one, &format!("{TEXT} {mark}"))?;
            let start = Instant::now();
            line.ask_ok(&request).await?;
            to_visitor.push(visitor_ear.when(&mark).await?.duration_since(start));
            // His own socket hears it too; nothing may pile up there.
            desk_ear.when(&mark).await?;
        }
    }
    let limit = fsync.p50() + echoed.p50();
    let limit_text = format!("{} = fsync {} + bare axum echo {}", ms(limit), ms(fsync.p50()), ms(echoed.p50()));
    let row = |what: &str, samples: &Samples, over_p50: f64, over_p99: Option<f64>| {
        let (p50, p99) = (samples.p50(), samples.p99());
        let met = p50 <= limit + over_p50 && over_p99.is_none_or(|over| p99 <= limit + over);
        let goal =
            over_p99.map_or_else(|| format!("p50 ≤ limit + {over_p50} ms"), |over| format!("p50 / p99 ≤ limit + {over_p50} / {over} ms"));
        Row::new(what, format!("p50 {}, p99 {}", ms(p50), ms(p99)), &limit_text).ratio(p50 / limit).goal(goal, met)
    };
    Ok(vec![
        row("visitor sends → stored and acknowledged", &acked, 0.5, None),
        row("visitor sends → on the agent's socket", &to_desk, 1.0, Some(4.0)),
        row("agent sends → on the visitor's socket", &to_visitor, 1.0, Some(4.0)),
    ])
}

fn reply(agent: &Agent, visitor: &Visitor, text: &str) -> Result<Vec<u8>> {
    agent.post("/api/chats/send", &json!({ "chat": visitor.chat, "client_id": ClientId(damso::server::clock::new_id()), "text": text }))
}
