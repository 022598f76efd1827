//! Every text that people read, in Korean and English, from `locales/*.toml` (see
//! `build.rs`). The texts travel in the page, so that no wasm module carries a language
//! that its user does not read; what a module knows is each text's number.

use crate::domain::service::Language;
use std::sync::Arc;

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// The id of the page's element that holds the catalogue as a JSON array.
pub const PAGE_ID: &str = "damso-texts";

/// The catalogue in one language.
#[derive(Clone, Debug)]
pub struct Texts {
    pub language: Language,
    strings: Arc<[String]>,
}

impl Texts {
    /// The catalogue as it came with the page.
    #[must_use]
    pub fn from_page(language: Language, json: &str) -> Self {
        Self::from_strings(language, serde_json::from_str(json).unwrap_or_default())
    }

    /// The same, read already.
    #[must_use]
    pub fn from_strings(language: Language, strings: Vec<String>) -> Self {
        Self { language, strings: strings.into() }
    }

    fn at(&self, number: usize) -> &str {
        self.strings.get(number).map_or("", String::as_str)
    }
}

#[cfg(any(feature = "ssr", feature = "hydrate"))]
impl Texts {
    /// For how long data are kept, in the customer's language, whatever the page's.
    #[must_use]
    pub fn kept_for(&self, days: u16, language: Language) -> String {
        match (language, days, days / 365) {
            (Language::Ko, days, years) if days % 365 == 0 => self.chat_kept_years_ko(years),
            (Language::Ko, days, _) => self.chat_kept_days_ko(days),
            (Language::En, 365, _) => self.chat_kept_year_en(),
            (Language::En, days, years) if days % 365 == 0 => self.chat_kept_years_en(years),
            (Language::En, 1, _) => self.chat_kept_day_en(),
            (Language::En, days, _) => self.chat_kept_days_en(days),
        }
    }
}

#[cfg(feature = "ssr")]
impl Texts {
    /// The whole catalogue of a language.
    #[must_use]
    pub fn of(language: Language) -> Self {
        use std::sync::LazyLock;
        fn shared(texts: &[&str]) -> Arc<[String]> {
            texts.iter().map(|&t| t.to_owned()).collect()
        }
        static ALL: LazyLock<[Arc<[String]>; 2]> = LazyLock::new(|| [shared(KO), shared(EN)]);
        let strings = match language {
            Language::Ko => ALL[0].clone(),
            Language::En => ALL[1].clone(),
        };
        Self { language, strings }
    }

    /// The catalogue of a customer's page, in which this name stands for whoever writes
    /// without one of his own: he cannot tell one agent from another (A45).
    #[must_use]
    pub fn spoken_by(&self, name: &str) -> Self {
        let mut strings = self.strings.to_vec();
        name.clone_into(&mut strings[AGENT]);
        Self { language: self.language, strings: strings.into() }
    }

    /// What the page carries: the widget's share, or all that pages show.
    #[must_use]
    pub fn to_page(&self, widget_only: bool) -> String {
        let share = &self.strings[..if widget_only { WIDGET_KEYS } else { PAGE_KEYS }];
        serde_json::to_string(share).unwrap_or_default()
    }
}

fn fill(text: &str, values: &[(&str, String)]) -> String {
    // One pass, so that a value with braces in it is left alone.
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let end = rest.find('}').map_or(rest.len(), |e| e + 1);
        let name = &rest[..end];
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(name),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_once() {
        assert_eq!(fill("{a} · {b}{c", &[("{a}", "{b}".into()), ("{b}", "2".into())]), "{b} · 2{c");
    }

    #[test]
    fn the_time_of_keeping_is_told_in_the_customers_language() {
        for page in Language::ALL {
            let t = Texts::of(page);
            let told = |days| [t.kept_for(days, Language::Ko), t.kept_for(days, Language::En)];
            assert_eq!(told(365), ["1년", "1 year"]);
            assert_eq!(told(1_095), ["3년", "3 years"]);
            assert_eq!(told(90), ["90일", "90 days"]);
            assert_eq!(told(1), ["1일", "1 day"]);
        }
    }

    #[test]
    fn a_customer_reads_the_services_name_as_the_writers() {
        let t = Texts::of(Language::Ko).spoken_by("담소 {text} 상점");
        assert_eq!((t.widget_agent(), t.widget_you()), ("담소 {text} 상점".to_owned(), "나".to_owned()));
    }

    #[test]
    fn both_languages_have_every_text() {
        assert_eq!(KO.len(), EN.len());
        for (ko, en) in KO.iter().zip(EN) {
            assert!(!ko.is_empty() && !en.is_empty(), "{ko} / {en}");
        }
    }
}
