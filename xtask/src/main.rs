//! The build tool: `cargo xtask …` (alias in .cargo/config.toml).
//! One file per command; `site.rs` and what it uses make the browser's files.

mod args;
mod bench;
mod compress;
mod postgres;
mod release;
mod run;
mod setup;
mod site;
mod step;
mod test;
mod wasm;
mod watch;

use anyhow::{Result, bail};
use args::Args;
use site::Profile;

const USAGE: &str = "\
cargo xtask run   [--port N] [--data DIR] [--release]   build what is missing and start the demo
cargo xtask watch [--port N] [--data DIR]               the same, again after every change
cargo xtask test  [--only rust|e2e] [FILTER]            everything that CI runs
cargo xtask build [--release]                           the server and its site; --release fills dist/damso/
cargo xtask sizes                                       what customers load, against its limits
cargo xtask bench [FILTER]                              the benchmarks, on release builds

run builds in the development profile unless told --release (--dev is accepted and says so).
A FILTER picks tests by name and leaves out the format, lint and size checks.";

fn main() {
    if let Err(error) = command(Args::from_env()) {
        eprintln!("\nerror: {error:#}");
        std::process::exit(1);
    }
}

fn command(mut args: Args) -> Result<()> {
    match args.word().as_deref() {
        Some("run") => run::run(&run::Demo::from_args(&mut args)?),
        Some("watch") => watch::watch(&run::Demo::from_args(&mut args)?),
        Some("test") => test::test(&test::Choice::from_args(&mut args)?),
        Some("build") => {
            let release = args.flag("--release");
            args.finish()?;
            if release {
                return release::dist();
            }
            let (server, site) = release::build(Profile::Dev)?;
            println!("server: {}\nsite:   {}", server.display(), site.display());
            Ok(())
        }
        Some("sizes") => {
            args.finish()?;
            site::budget()
        }
        Some("bench") => bench::bench(&args.remaining()),
        Some("help" | "--help" | "-h") | None => {
            println!("{USAGE}");
            Ok(())
        }
        Some(other) => bail!("no command `{other}`\n\n{USAGE}"),
    }
}
