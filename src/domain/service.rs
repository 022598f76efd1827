//! The tenant's own facts that every surface shows.

use super::{
    ids::{AccountId, QueueId, ServiceId},
    text::{self, TextProblem},
};
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

    /// The text of `language` alone.
    #[must_use]
    pub fn own(&self, language: Language) -> &str {
        match language {
            Language::Ko => &self.ko,
            Language::En => &self.en,
        }
    }

    /// All languages' words, for the log of changes.
    #[must_use]
    pub fn in_words(&self) -> String {
        [self.ko.as_str(), self.en.as_str()].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" / ")
    }

    /// A name of at most `max` characters, cleaned; at least one language must have it.
    ///
    /// # Errors
    /// The problem, and the language whose field has it.
    pub fn into_name(self, max: usize) -> Result<Self, (Language, TextProblem)> {
        let ko = text::name(&self.ko, max).map_err(|problem| (Language::Ko, problem))?;
        let en = text::name(&self.en, max).map_err(|problem| (Language::En, problem))?;
        if ko.is_empty() && en.is_empty() { Err((Language::Ko, TextProblem::Empty)) } else { Ok(Self { ko, en }) }
    }

    /// In which language this has the same words as `other`, if in any. Missing words are
    /// nobody's; case does not tell names apart.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> Option<Language> {
        Language::ALL.into_iter().find(|language| {
            let mine = self.own(*language);
            !mine.is_empty() && mine.to_lowercase() == other.own(*language).to_lowercase()
        })
    }
}

/// 계약 상세 내역: what a service may use (A1, A61a, G23).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// 채팅. Without it nothing new starts; running chats are finished.
    pub chat: bool,
    /// 보안 서비스: masking.
    pub security: bool,
}

/// The longest name of a service, in characters.
pub const SERVICE_NAME_MAX: usize = 80;

/// A service as its agents and customers know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub id: ServiceId,
    /// Letters, digits and hyphens; fixed once chosen.
    pub key: String,
    pub name: Localized,
    /// IANA zone in which its hours and figures are counted.
    pub zone: String,
    /// Those in which customers are served, the first one first; never empty.
    pub languages: Vec<Language>,
    pub contract: Contract,
}

impl Service {
    /// The language in which a customer is served who asked for `wanted`.
    #[must_use]
    pub fn language(&self, wanted: Language) -> Language {
        if self.languages.contains(&wanted) { wanted } else { self.languages.first().copied().unwrap_or_default() }
    }
}

/// The longest name of a queue, in characters.
pub const QUEUE_NAME_MAX: usize = 40;
/// The most queues of a service.
pub const QUEUES_MAX: usize = 100;

/// A queue (대기열, G9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    pub id: QueueId,
    pub name: Localized,
    pub active: bool,
}

/// Puts an agent into a queue (대기열 배정), or takes him out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    pub queue: QueueId,
    pub account: AccountId,
    pub on: bool,
}

/// A rule of the service that a change of its settings would break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// Somebody must be left who can change the settings.
    #[error("the last admin")]
    LastAdmin,
    /// Somebody must be left who can manage services and people.
    #[error("the last owner")]
    LastOwner,
    /// Not to oneself: nobody locks himself out.
    #[error("not to oneself")]
    NotYours,
    /// The queue has chats that are not over.
    #[error("{chats} open chats")]
    OpenChats { chats: u64 },
    /// Chats wait in the queue that is to be deactivated; they would move to the default
    /// queue, or, with no other queue active, nobody takes chats any more (G26). Asked
    /// again with a confirmation it is done.
    #[error("asks first: {waiting} waiting, last: {last}")]
    AsksFirst { waiting: u64, last: bool },
    /// No more of this kind.
    #[error("at most {max}")]
    TooMany { max: u64 },
    /// Somebody else changed the same meanwhile; what is shown is old.
    #[error("changed meanwhile")]
    Stale,
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
    fn names_are_cleaned_and_bounded() {
        let name = |ko: &str, en: &str| Localized { ko: ko.into(), en: en.into() };
        assert_eq!(name(" 배송\n문의 ", "").into_name(40), Ok(name("배송 문의", "")));
        assert_eq!(name(" ", "\u{202e}").into_name(40), Err((Language::Ko, TextProblem::Empty)));
        assert_eq!(name("배송", &"x".repeat(41)).into_name(40), Err((Language::En, TextProblem::TooLong)));
        assert_eq!(name("배송", "Orders").same_as(&name("환불", "ORDERS")), Some(Language::En));
        assert_eq!(name("배송", "").same_as(&name("환불", "")), None, "two missing names are not the same");
    }

    #[test]
    fn service_keys() {
        assert!(is_service_key("demo-2"));
        for bad in ["", "a", "-ab", "ab-", "한글", "Ab", "a b", &"a".repeat(33)] {
            assert!(!is_service_key(bad), "{bad}");
        }
    }
}
