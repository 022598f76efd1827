//! What an idle visitor's socket costs in memory.

use crate::{
    bare::Bare,
    desk::{self, Damso},
    machine::{open_files_max, rss_kib},
    stats::count,
    table::Row,
    wire::Socket,
};
use anyhow::{Context as _, Result, ensure};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

const SOCKETS: usize = 8_000;
/// How long they are held: three pings of the server.
const HOLD: Duration = Duration::from_secs(61);
const AT_ONCE: usize = 50;

/// How many are open, and why others are not any more.
#[derive(Default)]
struct Open {
    count: AtomicUsize,
    ended: Mutex<BTreeSet<String>>,
}

pub async fn rows() -> Result<Vec<Row>> {
    // Both servers' sockets are ours, too.
    let sockets = SOCKETS.min((open_files_max() as usize).saturating_sub(500) / 2);
    let data = desk::folder()?;
    let seed = desk::seed(data.path(), &desk::sqlite(data.path()), sockets, true).await?;
    let damso = Arc::new(Damso::start(data.path(), &[("SOCKETS_PER_ADDRESS", "20000")]).await?);
    let bare = Bare::start()?;

    let open = Arc::new(Open::default());
    let before = rss_kib(bare.pid())?;
    let port = bare.port;
    hold((0..sockets).map(|_| async move { Socket::open(port, "/socket", None).await }), &open).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let theirs = per(rss_kib(bare.pid())? - before, sockets);
    drop(bare);

    let open = Arc::new(Open::default());
    // The first answers of a server cost memory that has nothing to do with sockets.
    damso.agent("agent1").await?;
    let before = rss_kib(damso.pid())?;
    hold(
        seed.visitors.into_iter().map(|visitor| {
            let damso = damso.clone();
            async move {
                let mut socket = damso.visitor_socket(&visitor, None).await?;
                // Welcome, then the chat as it stands.
                for _ in 0..2 {
                    socket.next().await.context("closed at once")?;
                }
                Ok(socket)
            }
        }),
        &open,
    )
    .await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let at_first = rss_kib(damso.pid())?;
    tokio::time::sleep(HOLD).await;
    let later = rss_kib(damso.pid())?;
    let left = open.count.load(Ordering::SeqCst);
    let why = open.ended.lock().map(|e| e.clone()).unwrap_or_default();
    ensure!(left == sockets, "{} of {sockets} sockets closed while idle: {why:?} {}", sockets - left, damso.log());
    let (ours, grown) = (per(at_first - before, sockets), per(later - at_first, sockets));
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let n = count(sockets as f64);
    Ok(vec![
        Row::new(
            format!("memory per idle visitor socket, {n} visitors with a chat each"),
            format!("{ours:.1} KiB ({:.0} MiB in all)", later / 1024.0),
            format!("bare axum with 4 KiB buffers {theirs:.1} KiB"),
        )
        .ratio(ours / theirs)
        .goal("≤ 1.5× and ≤ 10 KiB", ours <= 1.5 * theirs && ours <= 10.0),
        Row::new("growth of the same after a minute", format!("{grown:+.2} KiB per socket"), "–").goal("flat: ≤ 0.25 KiB", grown <= 0.25),
    ])
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn per(kib: f64, n: usize) -> f64 {
    kib / n as f64
}

/// Opens sockets, some at a time, and keeps each in a task that answers pings.
async fn hold<F>(sockets: impl Iterator<Item = F>, open: &Arc<Open>) -> Result<()>
where
    F: Future<Output = Result<Socket>> + Send + 'static,
{
    let mut opening = JoinSet::new();
    for one in sockets {
        if opening.len() >= AT_ONCE {
            opening.join_next().await.context("nothing to wait for")???;
        }
        let open = open.clone();
        opening.spawn(async move {
            let mut socket = one.await?;
            open.count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                while socket.next().await.is_some() {}
                open.count.fetch_sub(1, Ordering::SeqCst);
                if let Ok(mut ended) = open.ended.lock() {
                    ended.extend(socket.ended);
                }
            });
            anyhow::Ok(())
        });
    }
    while let Some(one) = opening.join_next().await {
        one??;
    }
    Ok(())
}
