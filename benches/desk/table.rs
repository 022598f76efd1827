//! The table, on the terminal and in docs/BENCHMARKS.md.

use crate::stats::count;
use anyhow::{Context as _, Result};
use std::{
    fmt::{self, Write as _},
    path::Path,
    time::Duration,
};

/// One thing measured.
pub struct Row {
    what: String,
    ratio: String,
    goal: String,
    met: Option<bool>,
    measured: String,
    limit: String,
}

impl Row {
    /// `limit` is what the machine could do, measured beside it.
    pub fn new(what: impl Into<String>, measured: impl Into<String>, limit: impl Into<String>) -> Self {
        let none = || "–".to_owned();
        Self { what: what.into(), ratio: none(), goal: none(), met: None, measured: measured.into(), limit: limit.into() }
    }

    /// Measured by limit.
    #[must_use]
    pub fn ratio(mut self, ratio: f64) -> Self {
        self.ratio = if ratio >= 100.0 { count(ratio) } else { format!("{ratio:.2}") };
        self
    }

    #[must_use]
    pub fn goal(mut self, goal: impl Into<String>, met: bool) -> Self {
        self.goal = goal.into();
        self.met = Some(met);
        self
    }

    /// A group that could not be measured.
    pub fn failed(group: &str, error: &anyhow::Error) -> Self {
        Self::new(group, format!("not measured: {error:#}").replace(['\n', '|'], " "), "–").goal("measured", false)
    }

    fn cells(&self) -> [&str; 6] {
        let met = match self.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "–",
        };
        [&self.what, &self.ratio, &self.goal, met, &self.measured, &self.limit]
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| {} |", self.cells().join(" | "))
    }
}

/// All rows of a run, with the machine it ran on.
pub struct Table {
    machine: String,
    rows: Vec<Row>,
}

const BEGIN: &str = "<!-- written by `cargo xtask bench -- --write`: begin -->";
const END: &str = "<!-- end -->";

impl Table {
    pub fn new(machine: String) -> Self {
        Self { machine, rows: Vec::new() }
    }

    pub fn add(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows);
    }

    pub fn markdown(&self, took: Duration) -> String {
        let mut out = format!("{}\n\n", self.machine);
        let _ = writeln!(out, "| what | ratio to the limit | goal | met | measured | limit in the same run |");
        let _ = writeln!(out, "| --- | ---: | --- | --- | --- | --- |");
        for row in &self.rows {
            let _ = writeln!(out, "{row}");
        }
        let missed = self.rows.iter().filter(|r| r.met == Some(false)).count();
        let goals = self.rows.iter().filter(|r| r.met.is_some()).count();
        let _ = writeln!(out, "\n{} of {goals} goals met; the run took {:.0} s.", goals - missed, took.as_secs_f64());
        out
    }

    /// Puts the table into docs/BENCHMARKS.md, between its marks.
    pub fn write(&self, took: Duration) -> Result<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/BENCHMARKS.md");
        let old = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let (before, rest) = old.split_once(BEGIN).context("docs/BENCHMARKS.md lost its mark")?;
        let (_, after) = rest.split_once(END).context("docs/BENCHMARKS.md lost its end mark")?;
        std::fs::write(&path, format!("{before}{BEGIN}\n{}{END}{after}", self.markdown(took)))?;
        eprintln!("written: {}", path.display());
        Ok(())
    }
}
