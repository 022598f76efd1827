//! A running program whose time a test moves: `TEST_CLOCK=0 damso demo`. Each line on
//! standard input is a number of seconds that pass; `Passed N` on standard output says that
//! they have. The wall clock and every timer go together, so that pings, leases and
//! deadlines meet as they would: who answers stays, who does not is gone.

use std::{
    io::BufRead as _,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    sync::mpsc,
    time,
};

/// So much passes at once: less than any time-out, so that nothing ends that would not.
const STEP: Duration = Duration::from_secs(1);
/// A browser has so long to answer in what it takes for a step.
const PAUSE: Duration = Duration::from_millis(20);

static SKIPPED: AtomicI64 = AtomicI64::new(0);

/// Where an earlier life of the same data has come to, in seconds; asks for a moved clock.
const ASKED_BY: &str = "TEST_CLOCK";

/// How far the time has been moved, in milliseconds.
pub(super) fn skipped() -> i64 {
    SKIPPED.load(Ordering::SeqCst)
}

/// The runtime of such a program, where one is asked for.
pub fn runtime() -> Option<std::io::Result<Runtime>> {
    let ahead: i64 = std::env::var(ASKED_BY).ok()?.parse().unwrap_or_default();
    SKIPPED.store(ahead * 1_000, Ordering::SeqCst);
    // Only one thread can move its time.
    Some(Builder::new_current_thread().enable_all().build())
}

/// Lets pass what standard input says, where it is asked for.
pub async fn follow() {
    if std::env::var_os(ASKED_BY).is_none() {
        return;
    }
    let (tell, mut told) = mpsc::unbounded_channel::<u32>();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if line.trim().parse().is_ok_and(|seconds| tell.send(seconds).is_err()) {
                return;
            }
        }
    });
    while let Some(seconds) = told.recv().await {
        for _ in 0..seconds {
            time::pause();
            SKIPPED.fetch_add(1_000, Ordering::SeqCst);
            time::advance(STEP).await;
            time::resume();
            time::sleep(PAUSE).await;
        }
        println!("Passed {seconds}");
    }
}
