//! What we run on, and what a process uses of it.

use crate::{bare, stats::ms};
use anyhow::{Context as _, Result};
use damso::server::clock::Clock;
use std::{collections::BTreeMap, ffi::OsString, fs};

/// One paragraph that names the machine.
pub fn describe() -> Result<String> {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let (cpu, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let field = |text: &str, name: &str| {
        text.lines()
            .find(|l| l.starts_with(name))
            .and_then(|l| l.split_once(':'))
            .map_or_else(|| "?".to_owned(), |(_, v)| v.trim().to_owned())
    };
    let kib: f64 = field(&memory, "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0.0);
    let cores = std::thread::available_parallelism()?;
    let rustc = std::process::Command::new("rustc")
        .arg("-V")
        .output()
        .map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
        .unwrap_or_default();
    let day = jiff::Timestamp::from_millisecond(Clock::System.now().0)?.to_string();
    let fsync = bare::fsync(200)?;
    Ok(format!(
        "Machine: {}, {cores} cores, {:.0} GiB; Linux {}; {rustc}. Disk: write 4 KiB + fdatasync p50 {}, p99 {}. {} UTC, commit {}.",
        field(&cpu, "model name"),
        kib / 1024.0 / 1024.0,
        read("/proc/sys/kernel/osrelease").trim(),
        ms(fsync.p50()),
        ms(fsync.p99()),
        day.get(..10).unwrap_or_default(),
        commit(),
    ))
}

fn commit() -> String {
    let git = |args: &[&str]| {
        std::process::Command::new("git")
            .args(args)
            .output()
            .map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
            .unwrap_or_default()
    };
    let changed = if git(&["status", "--porcelain", "src", "Cargo.lock", "migrations"]).is_empty() { "" } else { " with changes" };
    format!("{}{changed}", git(&["rev-parse", "--short", "HEAD"]))
}

/// Processor time of a process's threads so far, from the scheduler's own books (ticks are
/// too coarse).
pub struct Cpu {
    pid: u32,
    threads: BTreeMap<OsString, u64>,
}

impl Cpu {
    pub fn of(pid: u32) -> Result<Self> {
        let mut threads = BTreeMap::new();
        for task in fs::read_dir(format!("/proc/{pid}/task"))? {
            let task = task?;
            // A thread may end between listing and reading.
            let Ok(text) = fs::read_to_string(task.path().join("schedstat")) else { continue };
            threads.insert(task.file_name(), text.split(' ').next().and_then(|n| n.parse().ok()).context("schedstat")?);
        }
        Ok(Self { pid, threads })
    }

    /// Nanoseconds used since. Thread by thread: one that ended takes its past with it.
    pub fn used(&self) -> Result<u64> {
        let now = Self::of(self.pid)?;
        Ok(now.threads.iter().map(|(thread, ns)| ns - self.threads.get(thread).unwrap_or(&0)).sum())
    }
}

/// Resident memory of a process, in KiB.
pub fn rss_kib(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).context("VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// How many files we may open.
pub fn open_files_max() -> u32 {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|l| l.strip_prefix("Max open files")).unwrap_or_default();
    line.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(1_024)
}
