//! Turns `locales/{ko,en}.toml` into the typed catalogue of `src/i18n`: one function per
//! key, its placeholders as arguments. A key or placeholder that one language lacks
//! stops the build.

use std::{collections::BTreeSet, env, fmt::Write as _, fs, path::Path};

/// Sections in the order of their numbers. The widget's pages carry the first
/// [`WIDGET_SECTIONS`] only; what stands behind [`PAGE_SECTIONS`] never leaves the server.
const SECTIONS: [&str; 24] = [
    "common",
    "error",
    "widget",
    "account",
    "console",
    "setup",
    "settings",
    "organization",
    "chat",
    "people",
    "hours",
    "inquiries",
    "canned",
    "notice",
    "acts",
    "board",
    "panel",
    "tickets",
    "talk",
    "rating",
    "defaults",
    "front",
    "developers",
    "mail",
];
const WIDGET_SECTIONS: usize = 3;
const PAGE_SECTIONS: usize = 20;

struct Entry {
    name: String,
    ko: String,
    en: String,
    arguments: Vec<String>,
}

fn main() {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=migrations");
    let [ko, en] = ["ko", "en"].map(read);
    let mut entries = Vec::new();
    let (mut widget_keys, mut page_keys) = (0, 0);
    for (n, section) in SECTIONS.iter().enumerate() {
        let (ko, en) = (table(&ko, section), table(&en, section));
        let names = |t: &toml::Table| t.keys().cloned().collect::<BTreeSet<_>>();
        let odd: Vec<_> = names(ko).symmetric_difference(&names(en)).cloned().collect();
        assert!(odd.is_empty(), "locales: [{section}] {odd:?} is in one language only");
        for (key, text) in ko {
            let (ko, en) = (string(text, key), string(&en[key], key));
            let arguments = placeholders(&ko);
            assert_eq!(arguments, placeholders(&en), "locales: [{section}] {key}: other placeholders in English");
            entries.push(Entry { name: format!("{section}_{key}"), ko, en, arguments: arguments.into_iter().collect() });
        }
        if n + 1 == WIDGET_SECTIONS {
            widget_keys = entries.len();
        }
        if n + 1 == PAGE_SECTIONS {
            page_keys = entries.len();
        }
    }
    for language in [&ko, &en] {
        for section in language.keys() {
            assert!(SECTIONS.contains(&section.as_str()), "locales: unknown section [{section}]");
        }
    }
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("catalogue.rs");
    fs::write(out, generate(&entries, widget_keys, page_keys)).expect("OUT_DIR is writable");
}

fn read(language: &str) -> toml::Table {
    let path = format!("locales/{language}.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    text.parse().unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn table<'a>(language: &'a toml::Table, section: &str) -> &'a toml::Table {
    language.get(section).and_then(toml::Value::as_table).unwrap_or_else(|| panic!("locales: no section [{section}]"))
}

fn string(value: &toml::Value, key: &str) -> String {
    value.as_str().unwrap_or_else(|| panic!("locales: {key} is no text")).to_owned()
}

/// The names between braces.
fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

fn generate(entries: &[Entry], widget_keys: usize, page_keys: usize) -> String {
    let mut code = String::from("impl Texts {\n");
    for (n, Entry { name, ko, arguments, .. }) in entries.iter().enumerate() {
        let doc = ko.replace('\n', " ");
        if arguments.is_empty() {
            writeln!(code, "    /// {doc}\n    #[must_use]\n    pub fn {name}(&self) -> String {{ self.at({n}).to_owned() }}")
                .expect("a string");
        } else {
            let parameters: String = arguments.iter().map(|a| format!(", {a}: impl std::fmt::Display")).collect();
            let values: String = arguments.iter().map(|a| format!("(\"{{{a}}}\", {a}.to_string()), ")).collect();
            writeln!(
                code,
                "    /// {doc}\n    #[must_use]\n    pub fn {name}(&self{parameters}) -> String {{ fill(self.at({n}), &[{values}]) }}"
            )
            .expect("a string");
        }
    }
    code.push_str("}\n");
    let agent = entries.iter().position(|e| e.name == "widget_agent").expect("the widget has a word for an agent");
    writeln!(code, "#[cfg(feature = \"ssr\")]\nconst AGENT: usize = {agent};").expect("a string");
    for (constant, pick) in [("KO", 0), ("EN", 1)] {
        let texts: String = entries.iter().map(|e| format!("{:?},", [&e.ko, &e.en][pick])).collect();
        writeln!(code, "#[cfg(feature = \"ssr\")]\nstatic {constant}: &[&str] = &[{texts}];").expect("a string");
    }
    writeln!(code, "#[cfg(feature = \"ssr\")]\nconst WIDGET_KEYS: usize = {widget_keys};").expect("a string");
    writeln!(code, "#[cfg(feature = \"ssr\")]\nconst PAGE_KEYS: usize = {page_keys};").expect("a string");
    code
}
