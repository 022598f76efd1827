//! The console's page: how many, how fast, how heavy.

use crate::{
    bare::Bare,
    desk::{self, Damso},
    stats::{Samples, count, median, ms},
    table::Row,
    wire::{Line, get},
};
use anyhow::{Context as _, Result, ensure};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const CHATS: usize = 20;
const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_millis(1_500);
const AT_ONCE: usize = 16;
/// Of the steady load, per second.
const STEADY: u32 = 100;
const STEADY_FOR: u32 = 5;

pub async fn rows() -> Result<Vec<Row>> {
    let data = desk::folder()?;
    desk::seed(data.path(), &desk::sqlite(data.path()), CHATS, true).await?;
    let damso = Damso::start(data.path(), &[]).await?;
    let bare = Bare::start()?;
    let cookie = format!("cookie: {}", damso.agent("agent1").await?.cookie);
    let plain = get(damso.port, "/console", &[&cookie]);
    let packed = get(damso.port, "/console", &[&cookie, "accept-encoding: gzip, deflate, br"]);

    let mut line = Line::open(damso.port).await?;
    let html = line.ask_ok(&plain).await?.body().into_owned();
    let text = String::from_utf8_lossy(&html);
    ensure!(text.contains("</html>"), "the page is not whole");
    ensure!(text.matches("role=\"tab\"").count() >= 3, "that is not the console");
    bare.set_page(&html).await?;

    let (mut ours, mut theirs, mut ours_packed) = (Vec::new(), Vec::new(), Vec::new());
    let bare_page = get(bare.port, "/page", &[]);
    for _ in 0..ROUNDS {
        theirs.push(rate(bare.port, &bare_page).await?);
        ours.push(rate(damso.port, &plain).await?);
        ours_packed.push(rate(damso.port, &packed).await?);
    }
    let (ours, theirs, ours_packed) = (median(ours), median(theirs), median(ours_packed));
    let steady = steady(damso.port, &packed).await?;

    let page = line.ask_ok(&packed).await?.bytes;
    let mut load = page;
    let mut parts = vec![format!("html {}", kb(page))];
    for file in files(&text) {
        let bytes =
            line.ask_ok(&get(damso.port, &file, &["accept-encoding: gzip, deflate, br"])).await.with_context(|| file.clone())?.bytes;
        load += bytes;
        parts.push(format!("{} {}", file.rsplit('.').next().unwrap_or_default(), kb(bytes)));
    }
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let size = |bytes: usize| bytes as f64;
    Ok(vec![
        Row::new(
            format!("console page with {CHATS} chats, {AT_ONCE} at once"),
            format!("{}/s of {} ({}/s compressed for browsers)", count(ours), kb(html.len()), count(ours_packed)),
            format!("bare axum handler of the same bytes {}/s", count(theirs)),
        )
        .ratio(ours / theirs)
        .goal("≥ 0.2×", ours >= 0.2 * theirs),
        Row::new(
            format!("the same at {STEADY} per second, compressed"),
            format!("p50 {}, p99 {}", ms(steady.p50()), ms(steady.p99())),
            "–",
        )
        .goal("p99 ≤ 20 ms", steady.p99() <= 20.0),
        Row::new("first load of the console, transferred", format!("{} = {}", kb(load), parts.join(" + ")), "–")
            .goal("≤ 350 kB", size(load) <= 350_000.0),
    ])
}

pub fn kb(bytes: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let kb = bytes as f64 / 1_000.0;
    if kb < 10.0 { format!("{kb:.1} kB") } else { format!("{kb:.0} kB") }
}

/// The style sheets, scripts and modules that a page names.
fn files(html: &str) -> Vec<String> {
    let mut found: Vec<String> = html
        .split(['"', '\''])
        .filter(|word| word.starts_with("/pkg/") && [".css", ".js", ".wasm"].iter().any(|kind| word.ends_with(kind)))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

async fn rate(port: u16, request: &[u8]) -> Result<f64> {
    let mut tasks = JoinSet::new();
    let request: Arc<[u8]> = request.into();
    let start = Instant::now();
    for _ in 0..AT_ONCE {
        let request = request.clone();
        tasks.spawn(async move {
            let (mut line, mut done) = (Line::open(port).await?, 0_u32);
            while start.elapsed() < TIME {
                line.ask_ok(&request).await?;
                done += 1;
            }
            anyhow::Ok(done)
        });
    }
    let mut done = 0.0;
    while let Some(one) = tasks.join_next().await {
        done += f64::from(one??);
    }
    Ok(done / start.elapsed().as_secs_f64())
}

/// Requests at a fixed pace, whether or not the last one is answered; measured from when
/// each was due.
async fn steady(port: u16, request: &[u8]) -> Result<Samples> {
    let request: Arc<[u8]> = request.into();
    let mut tasks = JoinSet::new();
    let start = Instant::now() + Duration::from_millis(50);
    for lane in 0..u32::try_from(AT_ONCE)? {
        let request = request.clone();
        tasks.spawn(async move {
            let (mut line, mut took) = (Line::open(port).await?, Vec::new());
            let mut n = lane;
            while n < STEADY * STEADY_FOR {
                let due = start + Duration::from_secs(1) / STEADY * n;
                tokio::time::sleep_until(due.into()).await;
                line.ask_ok(&request).await?;
                took.push(due.elapsed());
                n += u32::try_from(AT_ONCE)?;
            }
            anyhow::Ok(took)
        });
    }
    let mut samples = Samples::default();
    while let Some(one) = tasks.join_next().await {
        for took in one?? {
            samples.push(took);
        }
    }
    Ok(samples)
}
