//! Server and site together, and the folder that is copied to a machine that runs Damso.

use crate::{
    setup,
    site::{self, Profile},
    step::{root, run, step, target},
};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Builds both; returns the server's program and the site's folder.
pub fn build(profile: Profile) -> Result<(PathBuf, PathBuf)> {
    setup::build()?;
    let site = site::build(profile)?;
    Ok((server(profile, &[])?, site))
}

pub fn server(profile: Profile, more: &[&str]) -> Result<PathBuf> {
    let (word, folder) = match profile {
        Profile::Dev => ("--profile=dev", "debug"),
        Profile::Release => ("--release", "release"),
    };
    step(&format!("server ({})", profile.name()), || {
        run(profile.cargo(&["build", "--bin", "damso", word]).args(more))?;
        Ok(target().join(folder).join("damso"))
    })
}

/// Fills `dist/damso/`. Somebody may have started it there: only what we bring is replaced, never `data/`.
pub fn dist() -> Result<()> {
    let (server, site) = build(Profile::Release)?;
    let folder = root().join("dist/damso");
    step("dist/damso", || {
        let pages = folder.join("site");
        if pages.exists() {
            fs::remove_dir_all(&pages)?;
        }
        for file in site::walk(&site)? {
            copy(&file, &pages.join(file.strip_prefix(&site)?))?;
        }
        // A running program cannot be written to, but its name can be given to another.
        let fresh = folder.join("damso.new");
        copy(&server, &fresh)?;
        fs::rename(&fresh, folder.join("damso"))?;
        for name in ["README.md", "LICENSE", "LICENSE-APACHE", "LICENSE-MIT"] {
            let file = root().join(name);
            if file.exists() {
                copy(&file, &folder.join(name))?;
            }
        }
        let examples = root().join("deploy");
        for file in site::walk(&examples)? {
            copy(&file, &folder.join("deploy").join(file.strip_prefix(&examples)?))?;
        }
        Ok(())
    })?;
    println!("copy {} to where it shall run and start ./damso there", folder.display());
    Ok(())
}

pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(from, to).with_context(|| format!("copy {} to {}", from.display(), to.display()))?;
    Ok(())
}
