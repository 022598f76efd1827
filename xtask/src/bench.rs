//! `cargo xtask bench`: benches/desk.rs against the release build.

use crate::{
    release,
    site::Profile,
    step::{cargo, run, step},
};
use anyhow::Result;

pub fn bench(words: &[String]) -> Result<()> {
    let (server, site) = release::build(Profile::Release)?;
    step("bench", || run(cargo(&["bench", "--bench", "desk", "--"]).args(words).env("DAMSO_BIN", server).env("DAMSO_SITE", site)))
}
