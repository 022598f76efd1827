//! `cargo xtask test`: everything that CI runs, on a machine that need not be prepared.
//! A failure does not hide the next one: all steps run, and the list at the end says which failed.

use crate::{
    args::Args,
    postgres::Cluster,
    release, setup,
    site::{self, Profile},
    step::{answers, cargo, program, root, run, step, target},
};
use anyhow::{Result, bail, ensure};
use std::{
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

/// The server and all Rust tests are built once, with the places where a test may stop the server.
const FEATURES: &str = "--features=failpoints";

pub struct Choice {
    rust: bool,
    browser: bool,
    /// Names tests of one of the two; the other may then find none.
    filter: Option<String>,
}

impl Choice {
    pub fn from_args(args: &mut Args) -> Result<Self> {
        let only = args.value("--only")?;
        let filter = args.word();
        args.finish()?;
        let (rust, browser) = match only.as_deref() {
            None => (true, true),
            Some("rust") => (true, false),
            Some("e2e") => (false, true),
            Some(other) => bail!("--only {other}: rust or e2e"),
        };
        Ok(Self { rust, browser, filter })
    }
}

pub fn test(choice: &Choice) -> Result<()> {
    let mut report = Report(Vec::new());
    if report.step("set up", setup::tests) {
        let mut cluster = None;
        report.step("a private PostgreSQL", || {
            cluster = Some(Cluster::start()?);
            Ok(())
        });
        let Some(cluster) = cluster else { return report.finish() };
        let postgres = cluster.url.as_str();
        if choice.rust {
            rust(&mut report, choice, postgres);
        }
        if choice.browser {
            browser(&mut report, choice, postgres);
        }
    }
    report.finish()
}

fn rust(report: &mut Report, choice: &Choice, postgres: &str) {
    if choice.filter.is_none() {
        lint(report);
        report.step("xtask's own tests", || run(&mut cargo(&["test", "--package=xtask"])));
    }
    report.step("Rust tests", || {
        let nextest = answers(&mut cargo(&["nextest", "--version"]));
        let mut tests = if nextest {
            // Its words go to stderr; the result belongs with the rest.
            cargo(&["nextest", "run", FEATURES, "--no-fail-fast"])
        } else {
            cargo(&["test", "--tests", FEATURES, "--no-fail-fast"])
        };
        if let Some(filter) = &choice.filter {
            tests.arg(filter);
            if nextest && choice.browser {
                tests.arg("--no-tests=pass");
            }
        }
        tests.env("DAMSO_TEST_POSTGRES", postgres);
        run(on_stdout(&mut tests))
    });
}

fn lint(report: &mut Report) {
    report.step("format", || run(&mut cargo(&["fmt", "--all", "--check"])));
    let clippy = |words: &[&str]| run(cargo(&["clippy"]).args(words).args(["--", "--deny=warnings"]));
    report.step("clippy: server and tests", || clippy(&["--all-targets", FEATURES]));
    for feature in ["hydrate", "widget"] {
        // In the profile that the browser tests build, so that macros are compiled once.
        let words = ["--target=wasm32-unknown-unknown", "--profile=wasm-dev", "--no-default-features", "--features", feature];
        report.step(&format!("clippy: {feature}"), || clippy(&words));
    }
    report.step("clippy: xtask", || clippy(&["--package=xtask", "--all-targets"]));
}

fn browser(report: &mut Report, choice: &Choice, postgres: &str) {
    if choice.filter.is_none() {
        report.step("sizes", site::budget);
    }
    let mut built = None;
    report.step("build for the browser tests", || {
        built = Some((server()?, site::build(Profile::Dev)?));
        Ok(())
    });
    let Some((server, site)) = built else { return };
    report.step("browser tests", || {
        let mut tests = program("npx");
        tests.current_dir(root().join("end2end")).args(["--no-install", "playwright", "test"]);
        tests.env("DAMSO_BIN", server).env("DAMSO_SITE", site).env("DAMSO_TEST_POSTGRES", postgres);
        if let Some(filter) = &choice.filter {
            tests.args(["--grep", filter]);
            if choice.rust {
                tests.arg("--pass-with-no-tests");
            }
        } else {
            // One that passes at its second try is named as flaky at the end.
            tests.arg("--retries=1");
        }
        run(on_stdout(&mut tests))
    });
}

/// The server under test, set aside: a build started meanwhile must not swap it.
fn server() -> Result<PathBuf> {
    let built = release::server(Profile::Dev, &[FEATURES])?;
    let aside = target().join("e2e/damso");
    if aside.exists() {
        std::fs::remove_file(&aside)?;
    }
    release::copy(&built, &aside)?;
    Ok(aside)
}

fn on_stdout(command: &mut Command) -> &mut Command {
    command.stderr(std::io::stdout())
}

struct Report(Vec<(String, Duration, bool)>);

impl Report {
    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        let start = Instant::now();
        let passed = match step(name, work) {
            Ok(()) => true,
            Err(error) => {
                println!("  {error:#}");
                false
            }
        };
        self.0.push((name.to_owned(), start.elapsed(), passed));
        passed
    }

    fn finish(self) -> Result<()> {
        println!();
        for (name, time, passed) in &self.0 {
            println!("{} {:>7.1} s  {name}", if *passed { "✓" } else { "✗" }, time.as_secs_f32());
        }
        let failed: Vec<&str> = self.0.iter().filter(|(_, _, passed)| !passed).map(|(name, ..)| name.as_str()).collect();
        ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
        println!("all passed");
        Ok(())
    }
}
