//! `.br` and `.gz` of the site's files, made once per content.

use crate::{
    setup::hash,
    site::{Files, Profile},
    step::{program, root},
};
use anyhow::{Context, Result, ensure};
use std::{collections::BTreeSet, fs, io::Write, process::Stdio};

/// Below this a packed file saves no packet.
const SMALLEST: usize = 512;
const KINDS: [&str; 11] = ["css", "html", "ico", "js", "json", "map", "svg", "txt", "wasm", "webmanifest", "xml"];

/// The packed forms (`NAME.br`, `NAME.gz`) of those files that get smaller by it.
pub fn compress(files: &Files, profile: Profile) -> Result<Files> {
    let cache = profile.work().join("compressed");
    fs::create_dir_all(&cache).with_context(|| cache.display().to_string())?;
    let worth = files.iter().filter(|(name, bytes)| bytes.len() > SMALLEST && KINDS.contains(&kind(name)));
    let worth: Vec<_> = worth.map(|(name, bytes)| (name, bytes, cache.join(hash(bytes)))).collect();

    let mut list = String::new();
    for (_, bytes, file) in &worth {
        // The .br is written last: when it is there, both are.
        if !file.with_extension("br").exists() {
            fs::write(file, bytes)?;
            list.push_str(&format!("{}\n", file.display()));
        }
    }
    if !list.is_empty() {
        node(&list, if profile == Profile::Release { "11" } else { "4" })?;
    }

    let mut packed = Files::new();
    for (name, bytes, file) in &worth {
        for form in ["br", "gz"] {
            let small = fs::read(file.with_extension(form)).with_context(|| file.display().to_string())?;
            if small.len() < bytes.len() {
                packed.insert(format!("{name}.{form}"), small);
            }
        }
    }
    Ok(packed)
}

/// Drops from the cache what belongs to no file of `files`.
pub fn tidy(files: &Files, profile: Profile) -> Result<()> {
    let used: BTreeSet<String> = files.values().map(|bytes| hash(bytes)).collect();
    for entry in fs::read_dir(profile.work().join("compressed"))? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.extension().is_none() || !used.contains(stem.as_ref()) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn node(list: &str, quality: &str) -> Result<()> {
    let script = root().join("xtask/src/compress.mjs");
    let mut node = program("node").arg(script).arg(quality).stdin(Stdio::piped()).spawn().context("cannot start node")?;
    if let Some(mut input) = node.stdin.take() {
        input.write_all(list.as_bytes())?;
    }
    ensure!(node.wait()?.success(), "compressing the site failed");
    Ok(())
}

fn kind(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, kind)| kind)
}
