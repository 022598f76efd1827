//! `cargo xtask bench`: benches/desk against the release build. The bench brings its own
//! server: development dependencies change features, so another build would share little.

use crate::{
    postgres::Cluster,
    setup,
    site::{self, Profile},
    step::{run, step},
};
use anyhow::Result;

pub fn bench(words: &[String]) -> Result<()> {
    setup::lighthouse()?;
    let site = site::build(Profile::Release)?;
    let postgres = Cluster::start()?;
    step("bench", || {
        run(Profile::Release
            .cargo(&["bench", "--bench", "desk", "--"])
            .args(words)
            .env("DAMSO_SITE", site)
            .env("DAMSO_TEST_POSTGRES", &postgres.url))
    })
}
