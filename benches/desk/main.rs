//! `cargo xtask bench [-- GROUP… --write]`: what Damso costs beside what the machine could do.
//!
//! Each row of the table has its limit (the disk, a bare axum server, bare SQLite, …)
//! measured in the same run, in turns with the product, so that ratios hold on another
//! machine and on a busy one. The product is the release binary in a process of its own.

mod bare;
mod console;
mod desk;
mod durable;
mod fanout;
mod history;
mod host;
mod machine;
mod memory;
mod nodes;
mod page;
mod postgres;
mod send;
mod sizes;
mod start;
mod stats;
mod table;
mod wire;

use anyhow::{Result, ensure};
use std::time::Instant;
use table::{Row, Table};

/// Names on the command line, and what they measure.
const GROUPS: [(&str, &str); 12] = [
    ("send", "a message until it is stored, and until the other side has it"),
    ("sqlite", "stored messages per second on SQLite"),
    ("postgres", "stored messages per second on PostgreSQL"),
    ("fanout", "processor time per delivery to agents"),
    ("memory", "memory per idle visitor socket"),
    ("page", "the console's page"),
    ("console", "a console of 50 agents and 2,000 open chats, in a browser"),
    ("history", "a chat of 10,000 messages"),
    ("start", "start, restart after a crash, idle memory"),
    ("nodes", "two nodes over NATS"),
    ("sizes", "bytes that browsers load"),
    ("host", "a page with the closed widget and without"),
];

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // The same runtime as the product's, in both processes.
    let workers = std::thread::available_parallelism().map_or(4, |n| n.get().max(4));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    if words.first().is_some_and(|w| w == bare::SERVE) {
        return runtime.block_on(bare::serve());
    }
    let chosen: Vec<&str> = words.iter().map(String::as_str).filter(|w| !w.starts_with("--")).collect();
    for word in &chosen {
        ensure!(GROUPS.iter().any(|(name, _)| name == word), "no group {word}; there are {}", GROUPS.map(|(name, _)| name).join(", "));
    }
    let write = words.iter().any(|w| w == "--write");
    ensure!(!write || chosen.is_empty(), "--write wants all groups: the table is written whole");
    runtime.block_on(run(&chosen, write))
}

async fn run(chosen: &[&str], write: bool) -> Result<()> {
    desk::check()?;
    let start = Instant::now();
    let mut table = Table::new(machine::describe()?);
    for (group, what) in GROUPS {
        if !chosen.is_empty() && !chosen.contains(&group) {
            continue;
        }
        let began = Instant::now();
        eprintln!("{group}: {what} …");
        let rows = match group {
            "send" => send::rows().await,
            "sqlite" => durable::rows().await,
            "postgres" => postgres::rows().await,
            "fanout" => fanout::rows().await,
            "memory" => memory::rows().await,
            "page" => page::rows().await,
            "console" => console::rows().await,
            "history" => history::rows().await,
            "start" => start::rows().await,
            "nodes" => nodes::rows().await,
            "sizes" => sizes::rows().await,
            _ => host::rows().await,
        };
        // One that cannot be measured here must not hide the others.
        let rows = rows.unwrap_or_else(|error| vec![Row::failed(group, &error)]);
        for row in &rows {
            eprintln!("  {row}");
        }
        eprintln!("  ({:.0} s)", began.elapsed().as_secs_f64());
        table.add(rows);
    }
    println!("{}", table.markdown(start.elapsed()));
    if write {
        table.write(start.elapsed())?;
    }
    Ok(())
}
