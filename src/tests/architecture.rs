//! The direction of the dependencies, read from the files.

use std::{fs, path::Path};

fn sources(folder: &Path, out: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn all() -> Vec<(String, String)> {
    let mut out = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut out);
    out
}

/// The lines of code below `room` that name one of `forbidden`.
fn offenders(room: &str, forbidden: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in all() {
        let inside = path.contains(&format!("/src/{room}/")) || path.ends_with(&format!("/src/{room}.rs"));
        if !inside {
            continue;
        }
        for (n, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if forbidden.iter().any(|f| code.contains(f)) {
                found.push(format!("{path}:{}: {line}", n + 1));
            }
        }
    }
    found
}

#[test]
fn each_room_names_only_the_rooms_it_may() {
    let rules: [(&str, &[&str]); 8] = [
        (
            "domain",
            &[
                "leptos",
                "crate::server",
                "crate::ui",
                "crate::api",
                "crate::protocol",
                "crate::i18n",
                "tokio",
                "sqlx",
                "SystemTime",
                "Instant::now",
            ],
        ),
        ("protocol", &["leptos", "crate::server", "crate::ui", "crate::api"]),
        ("ui", &["crate::server", "sqlx"]),
        ("ui/widget", &["crate::api", "leptos_router", "leptos_meta", "crate::ui::console", "crate::ui::account"]),
        ("ui/kit", &["crate::api", "crate::ui::console", "crate::ui::account", "crate::ui::widget"]),
        ("ui/live", &["crate::api", "crate::ui::console", "crate::ui::account", "crate::ui::widget"]),
        ("server/actions", &["server::http", "crate::ui", "axum"]),
        ("server/db", &["server::actions", "server::http", "crate::ui", "axum"]),
    ];
    let found: Vec<String> = rules.iter().flat_map(|(room, forbidden)| offenders(room, forbidden)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn sql_lives_in_one_place() {
    for (path, text) in all() {
        let at_home = path.contains("/server/db/") || path.contains("/tests/");
        let sql = text
            .lines()
            .any(|line| ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"].iter().any(|word| line.contains(&format!("\"{word}"))));
        assert!(at_home || !sql, "{path} has SQL");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let words = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[", "ignore")];
    for (path, text) in all() {
        assert!(!words.iter().any(|word| text.contains(word)), "{path}");
    }
}
