//! A console among 50 agents and 2,000 open chats, in a browser (benches/lighthouse/console.js).

use crate::{
    desk::{self, Damso, Visitor},
    stats::{count, ms, quantile_of},
    table::Row,
    wire::Socket,
};
use anyhow::{Context as _, Result, ensure};
use damso::{
    domain::{
        ids::AccountId,
        permission::{Member, Right, Role},
        settings::RoutingMode,
    },
    server::{
        actions::accounts::insert_account,
        clock::new_id,
        db::{self, accounts::Account, events::Growth},
        error::Error,
        state::App,
    },
};
use serde::Deserialize;
use serde_json::json;
use std::{collections::BTreeSet, path::Path, process::Command};

const AGENTS: usize = 50;
const CHATS: usize = 2_000;
/// Chats of each agent; the others wait.
const EACH: usize = 38;
const ROUNDS: usize = 3;
const EVENTS: usize = 10_000;

#[derive(Deserialize)]
struct Reading {
    kind: String,
    #[serde(default)]
    ms: f64,
    /// Bytes of script, of the module, and nodes of the page.
    #[serde(default)]
    heap: f64,
    #[serde(default)]
    wasm: f64,
    #[serde(default)]
    nodes: f64,
}

pub async fn rows() -> Result<Vec<Row>> {
    let data = desk::folder()?;
    let app = desk::in_process(data.path(), &desk::sqlite(data.path())).await?;
    let seed = desk::add_visitors(&app, CHATS, true).await?;
    let staff = staff(&app).await?;
    for (agent, chats) in staff.iter().zip(seed.visitors.chunks(EACH)) {
        start(&app, agent.1, chats).await?;
    }
    desk::end(app).await;

    let damso = Damso::start(data.path(), &[]).await?;
    let mut sockets = Vec::new();
    for (who, _) in &staff[1..] {
        sockets.push(listen(damso.agent(who).await?.socket().await?));
    }
    let (mine, others) = seed.visitors.split_at(EACH);
    let names = |all: &[Visitor]| all.iter().map(|v| json!({ "chat": v.chat, "token": v.token })).collect::<Vec<_>>();
    let told = data.path().join("console.json");
    let facts = json!({
        "origin": format!("http://127.0.0.1:{}", damso.port), "email": format!("{}@example.com", staff[0].0), "password": "damso-demo",
        "mine": names(mine), "others": names(others), "rounds": ROUNDS, "events": EVENTS,
    });
    std::fs::write(&told, facts.to_string())?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/lighthouse");
    let done = tokio::task::spawn_blocking(move || Command::new("node").arg("console.js").arg(told).current_dir(folder).output()).await??;
    drop(sockets);
    ensure!(done.status.success(), "{}: {}", String::from_utf8_lossy(&done.stderr), damso.log());
    let readings = String::from_utf8(done.stdout)?.lines().map(serde_json::from_str).collect::<Result<Vec<Reading>, _>>()?;
    let of = |kind: &str| readings.iter().filter(|r| r.kind == kind).map(|r| r.ms).collect::<Vec<f64>>();
    let memory = |kind: &str| readings.iter().find(|r| r.kind == kind).context("no reading of the memory");
    let (before, after) = (memory("before")?, memory("after")?);
    let (first, again, paint) = (of("first"), of("again"), of("paint"));
    let p95 = |all: &[f64]| quantile_of(all, 0.95);
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let many = |n: usize| count(n as f64);
    let grown = (after.heap + after.wasm) / (before.heap + before.wasm);
    let mb = |bytes: f64| format!("{:.1} MB", bytes / 1e6);
    Ok(vec![
        Row::new(
            format!("a console of {AGENTS} agents and {} open chats: another chat, click to paint", many(CHATS)),
            format!("p95 {} (median {})", ms(p95(&first)), ms(quantile_of(&first, 0.5))),
            format!("one that was open before: p95 {}", ms(p95(&again))),
        )
        .ratio(p95(&first) / p95(&again))
        .goal("p95 ≤ 100 ms", p95(&first) <= 100.0 && p95(&again) <= 100.0),
        Row::new(
            "a customer's message there, from its frame to paint",
            format!("p95 {} (median {})", ms(p95(&paint)), ms(quantile_of(&paint, 0.5))),
            "–",
        )
        .goal("p95 ≤ 100 ms", p95(&paint) <= 100.0),
        Row::new(
            format!("its memory over {} events", many(EVENTS)),
            format!("script {} → {}, module {} → {}", mb(before.heap), mb(after.heap), mb(before.wasm), mb(after.wasm)),
            format!("nodes of the page {} → {}", count(before.nodes), count(after.nodes)),
        )
        .ratio(grown)
        .goal("flat: ≤ 1.1×", grown <= 1.1),
    ])
}

/// The people of the desk, the owner first, who sees all chats: names and accounts.
async fn staff(app: &App) -> Result<Vec<(String, AccountId)>> {
    let at = app.clock.now();
    app.db
        .write(async |tx| {
            let service = db::services::find_by_key(tx, "demo").await?.ok_or(Error::NotFound)?.id;
            let queue = db::queues::of_service(tx, service).await?.remove(0).id;
            let owner = db::accounts::find_by_email(tx, "owner@example.com").await?.ok_or(Error::NotFound)?;
            let mut staff = vec![("owner".to_owned(), owner.id)];
            for n in 1..AGENTS {
                let name = format!("desk{n}");
                let account = Account {
                    id: AccountId(new_id()),
                    email: format!("{name}@example.com"),
                    name: format!("상담원 {n}"),
                    owner: false,
                    ..owner.clone()
                };
                insert_account(tx, &account, at).await?;
                let rights = BTreeSet::from([Right::Chat]);
                let member = Member { account: account.id, service, role: Role::Agent, rights, queues: BTreeSet::new() };
                db::members::insert(tx, &member).await?;
                db::queues::insert_member(tx, queue, account.id).await?;
                staff.push((name, account.id));
            }
            Ok(staff)
        })
        .await
        .map_err(Into::into)
}

async fn start(app: &App, agent: AccountId, visitors: &[Visitor]) -> Result<()> {
    let at = app.clock.now();
    app.db
        .write(async |tx| {
            let mut grown = Vec::new();
            for id in visitors.iter().filter_map(|v| v.chat) {
                let chat = db::chats::find(tx, id).await?.ok_or(Error::NotFound)?;
                let (chat, events) = chat.start(agent, RoutingMode::Open, at)?;
                grown.push(Growth { chat, at, events: events.into_iter().map(|e| (e, None)).collect() });
            }
            db::events::append(tx, grown).await.map(drop)
        })
        .await?;
    Ok(())
}

/// Reads what a colleague's console is told.
fn listen(mut socket: Socket) -> tokio::task::AbortHandle {
    tokio::spawn(async move { while socket.next().await.is_some() {} }).abort_handle()
}
