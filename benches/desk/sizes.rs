//! Bytes that browsers of customers load, as they go over the wire.

use crate::{
    desk::{self, Damso},
    page::kb,
    table::Row,
    wire::{Line, get},
};
use anyhow::{Context as _, Result};
use std::collections::HashMap;

const BR: &str = "accept-encoding: gzip, deflate, br";

pub async fn rows() -> Result<Vec<Row>> {
    let data = desk::folder()?;
    let damso = Damso::start(data.path(), &[]).await?;
    let mut line = Line::open(damso.port).await?;
    let mut body = async |path: &str| -> Result<usize> {
        Ok(line.ask_ok(&get(damso.port, path, &[BR])).await.with_context(|| path.to_owned())?.body().len())
    };
    let loader = body("/widget/demo.js").await?;
    let page = body("/w/demo?frame=1").await?;
    let manifest: HashMap<String, String> = serde_json::from_slice(&std::fs::read(desk::site().join("manifest.json"))?)?;
    let mut widget = 0;
    let mut parts = Vec::new();
    for name in ["widget.wasm", "widget.js", "widget.css", "beside.js"] {
        let path = manifest.get(name).with_context(|| format!("manifest.json names no {name}"))?;
        let size = body(&format!("/{path}")).await?;
        widget += size;
        parts.push(format!("{} {}", name.trim_start_matches("widget."), kb(size)));
    }
    Ok(vec![
        Row::new("the loader on a host page, with its settings, compressed", kb(loader), "–").goal("≤ 4 kB", loader <= 4_000),
        Row::new("the widget opened: wasm, glue, styles and scripts, compressed", format!("{} = {}", kb(widget), parts.join(" + ")), "–")
            .goal("≤ 110 kB", widget <= 110_000),
        Row::new("the widget's page in its frame, compressed", kb(page), "–"),
    ])
}
