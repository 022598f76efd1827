//! What a new machine lacks. It has Rust, Node with npm, and a C compiler; the rest is fetched here,
//! once: each check is quick when there is nothing to do.

use crate::step::{answers, output, program, root, run, step};
use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::{env, fs, path::Path};

/// Everything that a build needs.
pub fn build() -> Result<()> {
    wasm_target()?;
    node_modules("end2end")
}

/// Everything that the tests need besides.
pub fn tests() -> Result<()> {
    rust_components()?;
    debian_packages()?;
    build()
}

fn wasm_target() -> Result<()> {
    let sysroot = output(program("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(String::from_utf8(sysroot)?.trim()).join("lib/rustlib/wasm32-unknown-unknown/lib");
    if library.exists() {
        return Ok(());
    }
    step("set up: Rust for the browser (wasm32-unknown-unknown)", || {
        run(program("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
            .context("the browser's modules need Rust's wasm32-unknown-unknown target; without rustup, install it by hand")
    })
}

fn rust_components() -> Result<()> {
    if answers(program("cargo").args(["fmt", "--version"])) && answers(program("cargo").args(["clippy", "--version"])) {
        return Ok(());
    }
    step("set up: rustfmt and clippy", || run(program("rustup").args(["component", "add", "rustfmt", "clippy"])))
}

/// Lighthouse, which only the benchmarks need.
pub fn lighthouse() -> Result<()> {
    node_modules("benches/lighthouse")
}

/// What a folder's package-lock.json names. end2end: esbuild (every build), Binaryen (release builds) and Playwright (tests).
fn node_modules(folder: &str) -> Result<()> {
    let title = format!("set up: npm ci in {folder}/");
    let folder = root().join(folder);
    let lock = fs::read(folder.join("package-lock.json")).with_context(|| folder.display().to_string())?;
    // The stamp lies inside, so that it goes when the folder goes.
    let stamp = folder.join("node_modules/.damso-lock");
    let wanted = hash(&lock);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    ensure!(
        answers(program("node").arg("--version")) && answers(program("npm").arg("--version")),
        "Node.js 20 or newer with npm is needed (it minifies the loader and drives browsers)"
    );
    step(&title, || {
        run(program("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&folder)
            // The tests use the system's Chromium.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
    })?;
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())
}

/// What the tests start, or look through.
fn debian_packages() -> Result<()> {
    let postgres = || on_path("initdb") || fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut versions| versions.next().is_some());
    let needs: [(&str, bool); 5] = [
        ("chromium", on_path("chromium")),
        ("nats-server", on_path("nats-server")),
        ("postgresql", postgres()),
        // Without these two, Korean and emoji are empty boxes in the screenshots.
        ("fonts-noto-cjk", Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists()),
        ("fonts-noto-color-emoji", Path::new("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf").exists()),
    ];
    let missing: Vec<&str> = needs.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let root_user = output(program("id").arg("-u")).is_ok_and(|id| id == b"0\n");
    if !root_user || !on_path("apt-get") {
        bail!("the tests need these programs (Debian's names), please install them: {}", missing.join(" "));
    }
    step(&format!("set up: apt-get install {}", missing.join(" ")), || {
        let apt = |words: &[&str]| run(program("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive"));
        apt(&["update", "-q"])?;
        apt(&[&["install", "-y", "-q", "--no-install-recommends"], &missing[..]].concat())
    })
}

fn on_path(name: &str) -> bool {
    // Debian keeps servers in sbin, which an ordinary user's PATH leaves out.
    let more = ["/usr/sbin", "/usr/local/sbin"].map(Into::into);
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).chain(more).any(|folder| folder.join(name).is_file()))
}

pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
