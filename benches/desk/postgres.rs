//! The same on PostgreSQL, beside pgbench.

use crate::{
    desk::{self, Damso, TEXT},
    durable::{self, SENDERS, VISITORS},
    stats::{count, median},
    table::Row,
};
use anyhow::{Context as _, Result, ensure};
use sqlx::{Connection as _, PgConnection};
use std::{path::PathBuf, process::Command, time::Duration};

const ROUNDS: usize = 2;
const TIME: Duration = Duration::from_millis(1_500);

/// A database of our own in the cluster that `DAMSO_TEST_POSTGRES` names; gone afterwards.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    pub async fn create() -> Result<Self> {
        let server = std::env::var("DAMSO_TEST_POSTGRES").context("no PostgreSQL: DAMSO_TEST_POSTGRES is not set")?;
        let made = Self { name: format!("bench_{}", damso::server::clock::new_id().simple()), server };
        made.maintain(format!("CREATE DATABASE {}", made.name)).await?;
        Ok(made)
    }

    pub fn url(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    pub async fn drop(self) -> Result<()> {
        self.maintain(format!("DROP DATABASE {} WITH (FORCE)", self.name)).await
    }

    async fn maintain(&self, sql: String) -> Result<()> {
        let mut connection = PgConnection::connect(&format!("{}/postgres", self.server)).await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await?;
        Ok(connection.close().await?)
    }
}

pub async fn rows() -> Result<Vec<Row>> {
    let database = Database::create().await?;
    let measured = measure(&database).await;
    database.drop().await?;
    measured
}

async fn measure(database: &Database) -> Result<Vec<Row>> {
    let (data, url) = (desk::folder()?, database.url());
    let seed = desk::seed(data.path(), &url, VISITORS, true).await?;
    let script = data.path().join("insert.sql");
    std::fs::write(
        &script,
        format!(
            "INSERT INTO bench_entry (chat_id, seq, at, client_id, body) VALUES (gen_random_uuid(), 1, 1, gen_random_uuid(), '{TEXT}');\n"
        ),
    )?;
    let mut connection = PgConnection::connect(&url).await?;
    sqlx::raw_sql(
        "CREATE TABLE bench_entry (chat_id UUID NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL, client_id UUID NOT NULL, body TEXT NOT NULL,
                                   PRIMARY KEY (chat_id, seq));
         CREATE UNIQUE INDEX bench_entry_client ON bench_entry (chat_id, client_id);",
    )
    .execute(&mut connection)
    .await?;
    connection.close().await?;
    let damso = Damso::start(data.path(), &[("DATABASE_URL", &url)]).await?;

    let mut ours = [const { Vec::new() }; SENDERS.len()];
    let mut theirs = [const { Vec::new() }; SENDERS.len()];
    for _ in 0..ROUNDS {
        for (n, senders) in SENDERS.into_iter().enumerate() {
            let (url, script) = (url.clone(), script.clone());
            theirs[n].push(tokio::task::spawn_blocking(move || pgbench(&url, &script, senders)).await??);
            ours[n].push(durable::http(&damso, &seed.visitors, senders, TIME).await?);
        }
    }
    Ok(SENDERS
        .into_iter()
        .zip(ours.into_iter().zip(theirs))
        .map(|(senders, (ours, theirs))| {
            let (ours, theirs) = (median(ours), median(theirs));
            let what = format!("PostgreSQL: stored messages, {senders} {} over HTTP", if senders == 1 { "sender" } else { "senders" });
            let row = Row::new(what, format!("{}/s", count(ours)), format!("pgbench, single insert, as many clients: {}/s", count(theirs)))
                .ratio(ours / theirs);
            if senders == 1 { row } else { row.goal("≥ 0.4×", ours >= 0.4 * theirs) }
        })
        .collect())
}

/// Transactions per second.
fn pgbench(url: &str, script: &std::path::Path, clients: usize) -> Result<f64> {
    let output = Command::new(program()?)
        .args(["-n", "-M", "prepared", "-T", "2", "-j", "2", "-c", &clients.to_string(), "-f"])
        .arg(script)
        .arg(url)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
    let tps = text.lines().find_map(|l| l.strip_prefix("tps = ")).and_then(|l| l.split(' ').next()).context("pgbench says no tps")?;
    // One client needs one thread; it says so and uses it.
    Ok(tps.parse()?)
}

fn program() -> Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .map(|found| found.flatten().map(|f| f.path().join("bin/pgbench")).collect())
        .unwrap_or_else(|_| Vec::new());
    let mut found: Vec<PathBuf> = versions.into_iter().filter(|p: &PathBuf| p.exists()).collect();
    found.sort();
    found.pop().context("no pgbench in /usr/lib/postgresql")
}
