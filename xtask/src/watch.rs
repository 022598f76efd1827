//! `cargo xtask watch`: the demo, built and started anew after every change.

use crate::{
    run::Demo,
    site::walk,
    step::{answers, program, root},
};
use anyhow::Result;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::Child,
    thread::sleep,
    time::{Duration, SystemTime},
};

const PLACES: [&str; 5] = ["src", "style", "public", "locales", "migrations"];
const FILES: [&str; 2] = ["Cargo.toml", "build.rs"];

pub fn watch(demo: &Demo) -> Result<()> {
    let mut running: Option<Child> = None;
    loop {
        let built_from = times()?;
        match demo.build() {
            Ok((server, site)) => {
                if let Some(old) = running.take() {
                    stop(old)?;
                }
                running = Some(demo.command(&server, &site).spawn()?);
            }
            // The one that runs may go on meanwhile.
            Err(error) => eprintln!("error: {error:#}"),
        }
        // Asking twice a second costs less than a library that listens, on every system.
        while times()? == built_from {
            sleep(Duration::from_millis(500));
        }
    }
}

fn times() -> Result<BTreeMap<PathBuf, Option<SystemTime>>> {
    let mut files: Vec<PathBuf> = FILES.iter().map(|file| root().join(file)).collect();
    for place in PLACES {
        files.extend(walk(&root().join(place))?);
    }
    // A file may vanish while we look.
    let time = |file: &PathBuf| file.metadata().and_then(|found| found.modified()).ok();
    Ok(files.into_iter().map(|file| (file.clone(), time(&file))).collect())
}

/// Asks the server to end, and insists after five seconds.
fn stop(mut server: Child) -> Result<()> {
    if answers(program("kill").arg(server.id().to_string())) {
        for _ in 0..50 {
            if server.try_wait()?.is_some() {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
    }
    server.kill()?;
    server.wait()?;
    Ok(())
}
