//! The built site: modules, styles and pictures, read into memory once at start.

use crate::ui::page::Assets;
use anyhow::Context as _;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use bytes::Bytes;
use dashmap::DashMap;
use std::{collections::HashMap, path::Path};

struct File {
    plain: Bytes,
    br: Option<Bytes>,
    gz: Option<Bytes>,
    mime: HeaderValue,
    /// Content-hashed names never change what they hold.
    immutable: bool,
}

/// All files of the site by their path ("pkg/app.1234.js").
#[derive(Default)]
pub struct Site {
    files: HashMap<String, File>,
    manifest: HashMap<String, String>,
    build: String,
    /// Loaders as small as they get, by their tag.
    squeezed: DashMap<String, Bytes>,
}

/// How this program draws its views (`.cargo/config.toml`). Pages of one kind do not come
/// alive under modules of the other.
pub const VIEWS: &str = if cfg!(erase_components) { "erased" } else { "typed" };

/// Widgets whose loaders are kept compressed.
const SQUEEZED_MAX: usize = 1_000;

impl Site {
    /// Reads the folder that `cargo xtask build` made.
    ///
    /// # Errors
    /// When it is not there or not whole.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let manifest = std::fs::read_to_string(folder.join("manifest.json"))
            .with_context(|| format!("no site files in {} (build them with `cargo xtask build`, or set DAMSO_SITE)", folder.display()))?;
        let manifest: HashMap<String, String> = serde_json::from_str(&manifest).context("manifest.json")?;
        anyhow::ensure!(
            manifest.get("views").is_some_and(|views| views == VIEWS),
            "the site files in {} belong to another kind of build: this program needs {VIEWS} views (build both by `cargo xtask build`)",
            folder.display()
        );
        let mut site = Self { build: manifest.get("build").cloned().unwrap_or_default(), manifest, ..Self::default() };
        site.read(folder, "")?;
        for needed in ["app.js", "app.wasm", "app.css", "widget.js", "widget.wasm", "widget.css", "beside.js"] {
            let path = site.manifest.get(needed).with_context(|| format!("manifest.json names no {needed}"))?;
            anyhow::ensure!(site.files.contains_key(path), "the site lacks {path}");
        }
        for needed in ["loader.js", "frame.js", "front.js"] {
            anyhow::ensure!(site.files.contains_key(needed), "the site lacks {needed}");
        }
        Ok(site)
    }

    fn read(&mut self, folder: &Path, below: &str) -> anyhow::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let path = format!("{below}{name}");
            if entry.file_type()?.is_dir() {
                self.read(&entry.path(), &format!("{path}/"))?;
                continue;
            }
            if [".br", ".gz"].iter().any(|end| name.ends_with(end)) {
                continue;
            }
            let beside = |end: &str| std::fs::read(entry.path().with_file_name(format!("{name}{end}"))).ok().map(Bytes::from);
            let mime = mime_guess::from_path(&name).first_or_octet_stream();
            let mime = if mime.type_() == "text" { format!("{mime}; charset=utf-8") } else { mime.to_string() };
            let file = File {
                br: beside(".br"),
                gz: beside(".gz"),
                plain: std::fs::read(entry.path())?.into(),
                mime: HeaderValue::from_str(&mime)?,
                immutable: below == "pkg/",
            };
            self.files.insert(path, file);
        }
        Ok(())
    }

    /// Identifies this build; a page of another one offers a reload.
    #[must_use]
    pub fn build(&self) -> &str {
        &self.build
    }

    /// The addresses of a module's files: `app` or `widget`; `help` has a stylesheet
    /// only, `tray` no module.
    #[must_use]
    pub fn assets(&self, module: &str) -> Assets {
        let path = |kind: &str| format!("/{}", self.manifest.get(&format!("{module}.{kind}")).map_or("", String::as_str));
        Assets { css: path("css"), js: path("js"), wasm: path("wasm") }
    }

    /// A text file as it is.
    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        self.files.get(path).and_then(|f| std::str::from_utf8(&f.plain).ok()).unwrap_or_default()
    }

    /// A script compressed as well as can be, once: the layer that compresses pages in
    /// passing is quick rather than thorough.
    #[must_use]
    pub fn squeezed(&self, tag: &str, script: &str) -> Bytes {
        if let Some(found) = self.squeezed.get(tag) {
            return found.clone();
        }
        let mut out = Vec::new();
        let best = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
        // Writing into memory does not fail.
        let _ = brotli::BrotliCompress(&mut script.as_bytes(), &mut out, &best);
        if self.squeezed.len() >= SQUEEZED_MAX {
            self.squeezed.clear();
        }
        self.squeezed.insert(tag.to_owned(), Bytes::from(out.clone()));
        out.into()
    }

    /// Answers with a file; the names in the manifest lead to their hashed files.
    #[must_use]
    pub fn serve(&self, path: &str, request: &HeaderMap) -> Response<Body> {
        let real = self.manifest.get(path).map_or(path, String::as_str);
        let Some(file) = self.files.get(real) else { return plain(StatusCode::NOT_FOUND, "not found") };
        let accepted = request.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let (body, encoding) = match (&file.br, &file.gz) {
            (Some(br), _) if accepted.contains("br") => (br, Some("br")),
            (_, Some(gz)) if accepted.contains("gzip") => (gz, Some("gzip")),
            _ => (&file.plain, None),
        };
        let mut response = Response::new(Body::from(body.clone()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, file.mime.clone());
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        let caching = if file.immutable && real == path { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

/// A short answer in plain text.
#[must_use]
pub fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
