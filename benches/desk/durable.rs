//! Messages per second that are stored for good, on SQLite.

use crate::{
    bare::Sqlite,
    desk::{self, Damso, TEXT, Visitor},
    stats::{count, median, ms},
    table::Row,
    wire::Line,
};
use anyhow::Result;
use damso::{
    domain::{chat::Author, ids::ClientId},
    server::{clock::new_id, realtime::log::Post, state::App},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

pub const SENDERS: [usize; 4] = [1, 8, 32, 128];
const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_millis(1_200);
/// Enough, so that none of them runs into the limit of messages per visitor.
pub const VISITORS: usize = 640;

pub async fn rows() -> Result<Vec<Row>> {
    let (data, inside, bare) = (desk::folder()?, desk::folder()?, desk::folder()?);
    let seed = desk::seed(data.path(), &desk::sqlite(data.path()), VISITORS, true).await?;
    let app = desk::in_process(inside.path(), &desk::sqlite(inside.path())).await?;
    let inside_seed = desk::add_visitors(&app, 128, true).await?;
    let damso = Damso::start(data.path(), &[]).await?;
    let sqlite = Sqlite::open(bare.path()).await?;

    let (mut at_20, mut at_1, mut disk) = (Vec::new(), Vec::new(), Vec::new());
    let mut over_http = [const { Vec::new() }; SENDERS.len()];
    let mut in_process = [const { Vec::new() }; SENDERS.len()];
    for _ in 0..ROUNDS {
        for (n, senders) in SENDERS.into_iter().enumerate() {
            disk.push(crate::bare::fsync(50)?.p50());
            at_20.push(sqlite.rate(20, TIME / 3, TEXT).await?);
            at_1.push(sqlite.rate(1, TIME / 3, TEXT).await?);
            over_http[n].push(http(&damso, &seed.visitors, senders, TIME).await?);
            in_process[n].push(posts(&app, &inside_seed.visitors, senders).await?);
        }
    }
    desk::end(app).await;

    let (at_20, at_1, fsync) = (median(at_20), median(at_1), median(disk));
    let limit = format!("bare SQLite, 20 rows per commit: {}/s; 1 row: {}/s; fsync {}", count(at_20), count(at_1), ms(fsync));
    let mut rows = Vec::new();
    for (how, measured) in [("over HTTP", over_http), ("to the log writer itself", in_process)] {
        for (senders, rates) in SENDERS.into_iter().zip(measured) {
            let rate = median(rates);
            let row = Row::new(
                format!("SQLite FULL: stored messages, {senders} {} {how}", if senders == 1 { "sender" } else { "senders" }),
                format!("{}/s", count(rate)),
                &limit,
            )
            .ratio(rate / at_20);
            // One sender waits for each answer: there is nothing to commit together.
            rows.push(match (how, senders) {
                ("over HTTP", 32 | 128) if fsync >= 2.0 => {
                    row.goal("≥ 0.3× of 20 rows, ≥ 5× of 1 row", rate >= 0.3 * at_20 && rate >= 5.0 * at_1)
                }
                ("over HTTP", 32 | 128) => row.goal("≥ 0.3× of 20 rows", rate >= 0.3 * at_20),
                _ => row,
            });
        }
    }
    Ok(rows)
}

/// Messages per second of so many visitors at once, each waiting for his answer.
pub async fn http(damso: &Damso, visitors: &[Visitor], senders: usize, time: Duration) -> Result<f64> {
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for mine in visitors.chunks(visitors.len() / senders).take(senders) {
        let mut line = Line::open(damso.port).await?;
        let port = damso.port;
        let requests: Vec<(Vec<u8>, usize)> = mine.iter().map(|visitor| template(&damso.message(visitor, TEXT)?)).collect::<Result<_>>()?;
        tasks.spawn(async move {
            let mut requests = requests;
            let mut done = 0_u32;
            while start.elapsed() < time {
                let n = done as usize % requests.len();
                let (request, at) = &mut requests[n];
                request[*at..*at + 36].copy_from_slice(new_id().hyphenated().to_string().as_bytes());
                line.ask_ok(request).await.map_err(|e| e.context(format!("port {port}")))?;
                done += 1;
            }
            anyhow::Ok(done)
        });
    }
    sum(tasks, start).await
}

/// A request, and where its client id stands, so that sending it again costs us nothing.
fn template(request: &[u8]) -> Result<(Vec<u8>, usize)> {
    const NAME: &[u8] = b"\"client_id\":\"";
    let at = request.windows(NAME.len()).position(|w| w == NAME).ok_or_else(|| anyhow::anyhow!("no client id"))?;
    Ok((request.to_vec(), at + NAME.len()))
}

async fn posts(app: &App, visitors: &[Visitor], senders: usize) -> Result<f64> {
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    let text: Arc<str> = TEXT.into();
    for chat in visitors.iter().filter_map(|v| v.chat).take(senders) {
        let (app, text) = (app.clone(), text.clone());
        tasks.spawn(async move {
            let mut done = 0_u32;
            while start.elapsed() < TIME {
                app.log
                    .post(Post {
                        chat,
                        author: Author::Customer,
                        client_id: ClientId(new_id()),
                        text: text.to_string(),
                        attached: damso::server::files::Attached::default(),
                        seen: None,
                        mode: damso::domain::settings::RoutingMode::default(),
                    })
                    .await?;
                done += 1;
            }
            anyhow::Ok(done)
        });
    }
    sum(tasks, start).await
}

async fn sum(mut tasks: JoinSet<Result<u32>>, start: Instant) -> Result<f64> {
    let mut done = 0.0;
    while let Some(one) = tasks.join_next().await {
        done += f64::from(one??);
    }
    Ok(done / start.elapsed().as_secs_f64())
}
