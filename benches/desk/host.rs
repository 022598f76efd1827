//! What the closed widget costs the page that it is on, by Lighthouse (benches/lighthouse).

use crate::{
    desk::{self, Damso},
    page::kb,
    stats::median,
    table::Row,
};
use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use std::{path::Path, process::Command};

const ROUNDS: usize = 7;

/// One visit, as host.js prints it.
#[derive(Deserialize)]
struct Visit {
    /// With the snippet.
    present: bool,
    /// Lighthouse's performance, 0–100.
    score: f64,
    /// Cumulative layout shift.
    shift: f64,
    blocking_ms: f64,
    /// All work of the main thread, with Lighthouse's four times slower processor.
    work_ms: f64,
    /// Of the snippet.
    long_tasks: usize,
    requests: usize,
    bytes: usize,
}

pub async fn rows() -> Result<Vec<Row>> {
    let data = desk::folder()?;
    let damso = Damso::start(data.path(), &[]).await?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/lighthouse");
    ensure!(folder.join("node_modules").is_dir(), "Lighthouse is not installed (run `cargo xtask bench`)");
    let page = format!("http://127.0.0.1:{}/demo/shop/", damso.port);
    let done = Command::new("node").args(["host.js", &page, "/widget/demo.js", &ROUNDS.to_string()]).current_dir(folder).output()?;
    ensure!(done.status.success(), "Lighthouse: {}", String::from_utf8_lossy(&done.stderr));
    let visits = String::from_utf8(done.stdout)?.lines().map(serde_json::from_str).collect::<Result<Vec<Visit>, _>>()?;
    let (with, without): (Vec<Visit>, Vec<Visit>) = visits.into_iter().partition(|v| v.present);
    let (first, bare) = (with.first().context("no visit")?, without.first().context("no visit")?);
    let middle = |visits: &[Visit], of: fn(&Visit) -> f64| median(visits.iter().map(of).collect());
    let most = |visits: &[Visit], of: fn(&Visit) -> f64| visits.iter().map(of).fold(0.0, f64::max);

    let requests = first.requests - bare.requests;
    let (score, plain) = (middle(&with, |v| v.score), middle(&without, |v| v.score));
    let (shift, long) = (most(&with, |v| v.shift), with.iter().map(|v| v.long_tasks).max().unwrap_or_default());
    let (blocking, work) = (middle(&with, |v| v.blocking_ms), middle(&with, |v| v.work_ms));
    let (blocking_bare, work_bare) = (middle(&without, |v| v.blocking_ms), middle(&without, |v| v.work_ms));
    Ok(vec![
        Row::new(
            "a host page with the closed widget: requests and bytes more",
            format!("{requests} request, {}", kb(first.bytes - bare.bytes)),
            format!("the page without it: {} requests, {}", bare.requests, kb(bare.bytes)),
        )
        .goal("1 request, no other", requests == 1),
        Row::new(
            "its Lighthouse performance",
            format!("{score:.0}; layout shift at most {shift:.3}"),
            format!("without it {plain:.0}; layout shift at most {:.3}", most(&without, |v| v.shift)),
        )
        .goal("Δ ≤ 1, CLS 0", plain - score <= 1.0 && shift == 0.0),
        Row::new(
            "its main thread, processor four times slower",
            format!("{work:.0} ms, blocked {blocking:.0} ms, {long} long tasks of the widget in {ROUNDS} visits"),
            format!("without it {work_bare:.0} ms, blocked {blocking_bare:.0} ms"),
        )
        .ratio(work / work_bare)
        .goal("no long task", long == 0),
    ])
}
