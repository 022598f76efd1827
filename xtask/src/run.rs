//! `cargo xtask run`: from a clone to a running demo.

use crate::{args::Args, release, site::Profile, step::program};
use anyhow::{Context, Result};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

pub struct Demo {
    port: u16,
    data: Option<PathBuf>,
    profile: Profile,
}

impl Demo {
    pub fn from_args(args: &mut Args) -> Result<Self> {
        let port = args.number("--port")?.unwrap_or(3000);
        // The demo runs in the repository, the word was typed here.
        let data = args.value("--data")?.map(std::path::absolute).transpose().context("--data")?;
        // The development profile: from clone to running it takes less than half the time of the release
        // profile, which optimises for the server that runs for months.
        let release = args.flag("--release") && !args.flag("--dev");
        args.flag("--dev");
        args.finish()?;
        Ok(Self { port, data, profile: if release { Profile::Release } else { Profile::Dev } })
    }

    pub fn build(&self) -> Result<(PathBuf, PathBuf)> {
        release::build(self.profile)
    }

    pub fn command(&self, server: &Path, site: &Path) -> Command {
        let mut demo = program(server);
        demo.args(["demo", "--port", &self.port.to_string()]).env("DAMSO_SITE", site).stdin(Stdio::inherit());
        if let Some(data) = &self.data {
            demo.arg("--data").arg(data);
        }
        demo
    }
}

pub fn run(demo: &Demo) -> Result<()> {
    let (server, site) = demo.build()?;
    let mut command = demo.command(&server, &site);
    // Becomes the demo, so that signals and the exit status are its own.
    #[cfg(unix)]
    return Err(std::os::unix::process::CommandExt::exec(&mut command)).with_context(|| server.display().to_string());
    #[cfg(not(unix))]
    return crate::step::run(&mut command);
}
