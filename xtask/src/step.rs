//! Running other programs, and saying what runs and how long it took.

use anyhow::{Context, Result, ensure};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// The repository.
pub fn root() -> PathBuf {
    // Asked when it runs: a folder that was moved or copied together with its target is not built anew.
    let xtask = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    xtask.parent().unwrap_or(&xtask).to_owned()
}

/// Cargo's target directory.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// One step of a command: names it, runs it, prints its time.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("▸ {name}");
    let start = Instant::now();
    let result = work();
    let seconds = start.elapsed().as_secs_f32();
    let mark = if result.is_ok() { "✓" } else { "✗" };
    println!("{mark} {name} ({seconds:.1} s)");
    result
}

/// A program that runs in the repository. It gets no input: nothing here may wait for an answer.
pub fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).stdin(std::process::Stdio::null());
    // `cargo run` describes xtask in these. Build scripts that watch them (ring's does) would build
    // themselves and all that depends on them anew at each change between `cargo` and `cargo xtask`.
    for (name, _) in env::vars_os() {
        let described = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if name.to_str().is_some_and(|name| described.iter().any(|start| name.starts_with(start))) {
            command.env_remove(name);
        }
    }
    command
}

pub fn cargo(words: &[&str]) -> Command {
    let mut command = program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words);
    command
}

/// Runs a program to its end; an error names it when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    ensure!(status.success(), "{} failed ({status})", shown(command));
    Ok(())
}

/// What a program prints on its standard output.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.stderr(std::process::Stdio::inherit()).output().with_context(|| format!("cannot start {}", shown(command)))?;
    ensure!(output.status.success(), "{} failed ({})", shown(command), output.status);
    Ok(output.stdout)
}

/// Whether a program is there and answers well; prints nothing.
pub fn answers(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}
