//! The tenant's own facts that every surface shows.

use super::ids::{QueueId, ServiceId};
use serde::{Deserialize, Serialize};

/// A language of the interface and of customer-visible texts. Korean is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ko,
    En,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The BCP 47 code, also used as the value of `lang`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// Reads a code, with or without a region (`ko-KR`); `None` for other languages.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code.get(..2)?.to_ascii_lowercase().as_str() {
            "ko" => Some(Self::Ko),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// A text that a customer sees, one per language of the service (G22).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Localized {
    pub ko: String,
    pub en: String,
}

impl Localized {
    /// The text in `language`, falling back to the other one where it is empty.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        let (first, other) = match language {
            Language::Ko => (&self.ko, &self.en),
            Language::En => (&self.en, &self.ko),
        };
        if first.is_empty() { other } else { first }
    }
}

/// A service as its agents and customers know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub id: ServiceId,
    /// Letters, digits and hyphens; fixed once chosen.
    pub key: String,
    pub name: Localized,
    /// IANA zone in which its hours and figures are counted.
    pub zone: String,
}

/// A queue (대기열, G9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    pub id: QueueId,
    pub name: Localized,
    pub active: bool,
}

/// Whether `key` may name a service: 2–32 lower-case letters, digits, inner hyphens.
#[must_use]
pub fn is_service_key(key: &str) -> bool {
    (2..=32).contains(&key.len())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !key.starts_with('-')
        && !key.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_translation_falls_back() {
        let name = Localized { ko: "배송".into(), en: String::new() };
        assert_eq!(name.get(Language::En), "배송");
    }

    #[test]
    fn service_keys() {
        assert!(is_service_key("demo-2"));
        for bad in ["", "a", "-ab", "ab-", "한글", "Ab", "a b", &"a".repeat(33)] {
            assert!(!is_service_key(bad), "{bad}");
        }
    }
}
