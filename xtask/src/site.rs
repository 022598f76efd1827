//! The browser's files, `target/site/<dev|release>/`:
//!
//! - `pkg/`: modules and style sheets, named by their content, so that browsers keep them for ever;
//! - the rest of `public/`, under its own names;
//! - `manifest.json`: from plain names to those in `pkg/`, how views are drawn (`views`), and one hash over
//!   everything (`build`);
//! - `.br` and `.gz` beside what gets smaller by it.

use crate::{
    compress,
    setup::hash,
    step::{cargo, root, step, target},
    wasm,
};
use anyhow::{Context, Result, anyhow, bail, ensure};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Path inside the site → content.
pub type Files = BTreeMap<String, Vec<u8>>;

const MODULES: [(&str, &str); 2] = [("app", "hydrate"), ("widget", "widget")];
const STYLES: [&str; 4] = ["app.css", "widget.css", "help.css", "demo.css"];
/// Scripts that we write by hand and that travel with every page view of our customers' sites.
const SCRIPTS: [&str; 5] = ["loader.js", "frame.js", "front.js", "tray.js", "attach.js"];
/// Those of what the server draws beside a chat travel as one, named by its content.
const BESIDE: (&str, [&str; 2]) = ("beside.js", ["tray.js", "attach.js"]);
/// Stands in the loader for the settings that the server writes there.
const SETTINGS: &str = "__DAMSO_SETTINGS__";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    /// Cargo's profile for the browser's modules.
    pub fn wasm(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }

    /// Cargo for this profile: .cargo/config.toml says why a release goes without its flag.
    pub fn cargo(self, words: &[&str]) -> Command {
        let mut command = cargo(words);
        if self == Self::Release {
            command.env("RUSTFLAGS", "");
        }
        command
    }

    /// How the modules draw their views; the server refuses to go with others than its own.
    fn views(self) -> &'static str {
        match self {
            Self::Dev => "erased",
            Self::Release => "typed",
        }
    }

    /// Where half-done files are kept for the next time.
    pub fn work(self) -> PathBuf {
        target().join("site-work").join(self.name())
    }
}

/// Builds the site and returns its folder.
pub fn build(profile: Profile) -> Result<PathBuf> {
    let mut hashed = Files::new();
    for (name, feature) in MODULES {
        let module = wasm::module(name, feature, profile)?;
        hashed.insert(format!("{name}.js"), module.script);
        hashed.insert(format!("{name}.wasm"), module.wasm);
    }
    step(&format!("site ({})", profile.name()), || {
        for name in STYLES {
            if let Some(css) = style(name)? {
                hashed.insert(name.to_owned(), css);
            }
        }
        let mut files = public()?;
        let (name, parts) = BESIDE;
        let parts = parts.map(|part| files.remove(part).with_context(|| format!("public/{part} is missing")));
        hashed.insert(name.to_owned(), parts.into_iter().collect::<Result<Vec<_>>>()?.concat());
        add_hashed(&mut files, hashed, profile)?;
        let packed = compress::compress(&files, profile)?;
        compress::tidy(&files, profile)?;
        if profile == Profile::Release {
            print_sizes(&files, &packed);
        }
        files.extend(packed);
        let folder = target().join("site").join(profile.name());
        write(&folder, &files)?;
        Ok(folder)
    })
}

/// Fails when what a customer's browser loads has grown beyond its limit (bytes after brotli).
/// The release module is measured, whatever the tests run on; that of the console is not built for it.
pub fn budget() -> Result<()> {
    let widget = wasm::module("widget", "widget", Profile::Release)?;
    let mut files = Files::from([("widget.js".to_owned(), widget.script), ("widget.wasm".to_owned(), widget.wasm)]);
    files.insert("widget.css".to_owned(), style("widget.css")?.context("style/widget.css is missing")?);
    let read = |name: &str| script(&root().join("public").join(name));
    for name in ["loader.js", "frame.js", "front.js"] {
        files.insert(name.to_owned(), read(name)?);
    }
    let (name, parts) = BESIDE;
    files.insert(name.to_owned(), parts.into_iter().map(read).collect::<Result<Vec<_>>>()?.concat());
    let packed = compress::compress(&files, Profile::Release)?;
    let size = |name: &str| packed.get(&format!("{name}.br")).or(files.get(name)).map_or(0, Vec::len);
    print_sizes(&files, &packed);

    let mut too_big = Vec::new();
    for (what, names, limit) in [
        ("the loader", &["loader.js"][..], 4_000),
        ("the scripts in the frame's page", &["frame.js", "front.js"], 3_000),
        ("what the server draws beside a chat", &["beside.js"], 2_000),
        ("the widget opened", &["widget.js", "widget.wasm", "widget.css"], 110_000),
    ] {
        let sum: usize = names.iter().map(|name| size(name)).sum();
        println!("  {what}: {sum} of {limit} bytes");
        if sum > limit {
            too_big.push(what);
        }
    }
    ensure!(too_big.is_empty(), "beyond the limit: {}", too_big.join(", "));
    Ok(())
}

/// One entry file with all that it imports; None when nobody has written it.
fn style(name: &str) -> Result<Option<Vec<u8>>> {
    let entry = root().join("style").join(name);
    if !entry.exists() {
        return Ok(None);
    }
    let provider = FileProvider::new();
    // Errors borrow the provider, hence the text.
    let failed = |error: &dyn std::fmt::Display| anyhow!("style/{name}: {error}");
    let mut sheet = Bundler::new(&provider, None, ParserOptions::default()).bundle(&entry).map_err(|error| failed(&error))?;
    // No targets: nesting, layers and light-dark() stay, every browser we serve knows them.
    sheet.minify(MinifyOptions::default()).map_err(|error| failed(&error))?;
    let printed = sheet.to_css(PrinterOptions { minify: true, ..PrinterOptions::default() }).map_err(|error| failed(&error))?;
    Ok(Some(printed.code.into_bytes()))
}

/// A script written by hand, minified.
fn script(source: &Path) -> Result<Vec<u8>> {
    let minified = wasm::esbuild(source.as_os_str(), &["--minify", "--target=es2019"])?;
    let count = |text: &[u8]| String::from_utf8_lossy(text).matches(SETTINGS).count();
    let plain = fs::read(source).with_context(|| source.display().to_string())?;
    // In the source a comment may name it too.
    let (before, after) = (count(&plain), count(&minified));
    ensure!(after == before.min(1), "{}: the minified script names {SETTINGS} {after} times", source.display());
    Ok(minified)
}

fn public() -> Result<Files> {
    let folder = root().join("public");
    let mut files = Files::new();
    for path in walk(&folder)? {
        let name = relative(&folder, &path)?;
        let bytes = if SCRIPTS.contains(&name.as_str()) { script(&path)? } else { fs::read(&path)? };
        files.insert(name, bytes);
    }
    Ok(files)
}

/// Adds `hashed` under names that tell their content, and the manifest of those names.
fn add_hashed(files: &mut Files, hashed: Files, profile: Profile) -> Result<()> {
    let mut manifest = serde_json::Map::new();
    for (name, bytes) in hashed {
        let Some((stem, kind)) = name.split_once('.') else { bail!("{name} has no extension") };
        let path = format!("pkg/{stem}.{}.{kind}", &hash(&bytes)[..8]);
        manifest.insert(name, path.clone().into());
        files.insert(path, bytes);
    }
    let all: String = files.iter().map(|(name, bytes)| format!("{name} {}\n", hash(bytes))).collect();
    manifest.insert("views".to_owned(), profile.views().into());
    manifest.insert("build".to_owned(), hash(all.as_bytes())[..12].into());
    files.insert("manifest.json".to_owned(), serde_json::to_vec_pretty(&manifest)?);
    Ok(())
}

/// Makes `folder` hold exactly `files`. What has not changed is not touched.
fn write(folder: &Path, files: &Files) -> Result<()> {
    for (name, bytes) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|found| found == *bytes) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    }
    for path in walk(folder)? {
        if !files.contains_key(&relative(folder, &path)?) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Every file below a folder; none when the folder is not there.
pub fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    Ok(found)
}

fn relative(folder: &Path, path: &Path) -> Result<String> {
    let inside = path.strip_prefix(folder)?.to_str().with_context(|| format!("{}: not UTF-8", path.display()))?;
    Ok(inside.to_owned())
}

fn print_sizes(files: &Files, packed: &Files) {
    for (name, bytes) in files {
        if let Some(br) = packed.get(&format!("{name}.br")) {
            println!("  {name}: {} bytes, {} brotli", bytes.len(), br.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_leads_to_names_that_change_with_the_content() -> Result<()> {
        let names = |content: &str| -> Result<(String, String)> {
            let mut files = Files::from([("icon.svg".to_owned(), b"<svg/>".to_vec())]);
            add_hashed(&mut files, Files::from([("app.css".to_owned(), content.as_bytes().to_vec())]), Profile::Dev)?;
            let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"])?;
            let path = manifest["app.css"].as_str().unwrap_or_default().to_owned();
            assert_eq!(files[&path], content.as_bytes());
            Ok((path, manifest["build"].to_string()))
        };
        let (one, two) = (names("a{}")?, names("b{}")?);
        assert!(one.0.starts_with("pkg/app.") && one.0.ends_with(".css"));
        assert_ne!(one.0, two.0);
        assert_ne!(one.1, two.1);
        Ok(())
    }
}
