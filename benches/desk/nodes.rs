//! Two nodes on one PostgreSQL, with NATS between them.

use crate::{
    desk::{self, Damso, TEXT, free_port},
    postgres::Database,
    send::Ear,
    stats::{Samples, ms},
    table::Row,
    wire::Line,
};
use anyhow::{Context as _, Result, bail};
use damso::server::keys::KEY_FILE;
use futures_util::StreamExt as _;
use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const ROUNDS: usize = 3;
const MESSAGES: usize = 150;

struct Nats {
    child: Child,
    url: String,
}

impl Nats {
    async fn start() -> Result<Self> {
        let port = free_port()?;
        let child = Command::new("nats-server")
            .args(["-a", "127.0.0.1", "-p", &port.to_string()])
            .stderr(Stdio::null())
            .spawn()
            .context("nats-server")?;
        let nats = Self { child, url: format!("nats://127.0.0.1:{port}") };
        for _ in 0..500 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Ok(nats);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("nats-server does not answer")
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub async fn rows() -> Result<Vec<Row>> {
    let nats = Nats::start().await?;
    let database = Database::create().await?;
    let measured = measure(&nats, &database).await;
    database.drop().await?;
    measured
}

async fn measure(nats: &Nats, database: &Database) -> Result<Vec<Row>> {
    let (one, two, url) = (desk::folder()?, desk::folder()?, database.url());
    let seed = desk::seed(one.path(), &url, 100, true).await?;
    let environment = [("DATABASE_URL", url.as_str()), ("BUS_URL", nats.url.as_str())];
    // Made by the seed; both nodes need the same.
    std::fs::copy(one.path().join(KEY_FILE), two.path().join(KEY_FILE))?;
    let here = Damso::start(one.path(), &environment).await?;
    let there = Damso::start(two.path(), &environment).await?;
    let agent = here.agent("agent1").await?;
    let mut ear_here = Ear::listen(agent.socket().await?);
    let mut ear_there = Ear::listen(agent.socket_at(there.port).await?);
    let mut line = Line::open(here.port).await?;

    // Two connections, each answering the other.
    let (asking, answering) = (async_nats::connect(&nats.url).await?, async_nats::connect(&nats.url).await?);
    let mut asked = answering.subscribe("ask").await?;
    let mut answers = asking.subscribe("answer").await?;
    answering.flush().await?;
    asking.flush().await?;
    tokio::spawn(async move {
        while let Some(message) = asked.next().await {
            let _ = answering.publish("answer", message.payload).await;
        }
    });

    let (mut same, mut other, mut bare) = (Samples::default(), Samples::default(), Samples::default());
    for round in 0..=ROUNDS {
        if round == 1 {
            (same, other, bare) = Default::default();
        }
        for samples in [&mut same, &mut other, &mut bare] {
            samples.begin_round();
        }
        for n in 0..MESSAGES {
            let start = Instant::now();
            asking.publish("ask", TEXT.into()).await?;
            answers.next().await.context("NATS closed")?;
            bare.push(start.elapsed());

            let mark = format!("n{round}-{n}.");
            let request = here.message(&seed.visitors[n % seed.visitors.len()], &format!("{TEXT} {mark}"))?;
            let start = Instant::now();
            line.ask_ok(&request).await?;
            same.push(ear_here.when(&mark).await?.duration_since(start));
            other.push(ear_there.when(&mark).await?.duration_since(start));
        }
    }
    let added = other.p50() - same.p50();
    Ok(vec![
        Row::new(
            "two nodes over NATS (PostgreSQL): added to send → other side's socket, p50",
            format!("{} ({} here, {} there)", ms(added), ms(same.p50()), ms(other.p50())),
            format!("bare NATS round trip {}", ms(bare.p50())),
        )
        .ratio(added / bare.p50())
        .goal("≤ limit + 0.5 ms", added <= bare.p50() + 0.5),
    ])
}
