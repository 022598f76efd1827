//! Canned replies (상용구, A49): texts that agents send often, found by a short name, by
//! their words or by initial consonants while one types.

pub mod blanks;

use super::{
    ids::CannedId,
    service::{Language, Localized},
    settings::{Why, Wrong},
    text::{
        self, MESSAGE_MAX, TextProblem,
        find::{Fit, fits, folded, words},
        hangul::{composed, is_initial},
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The longest short name, in characters.
pub const SHORTCUT_MAX: usize = 40;
/// The most replies that all agents of a service share.
pub const SHARED_MAX: usize = 500;
/// The most replies of one agent.
pub const OWN_MAX: usize = 200;
/// The most matches that are shown while somebody types; `/` shows all.
pub const MATCHES_MAX: usize = 6;
/// Of a text so many characters are looked through.
const SEARCHED: usize = 500;

/// Whose a canned reply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One agent's.
    Own,
    /// The service's: every agent finds it.
    Shared,
}

/// What is written of a canned reply.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The short name: one word.
    pub shortcut: String,
    pub text: Localized,
}

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canned {
    pub id: CannedId,
    pub scope: Scope,
    /// Counts the saves, from 1.
    pub version: u64,
    pub words: Words,
}

impl Words {
    /// Cleaned, or everything that is wrong with it.
    ///
    /// # Errors
    /// What, by field.
    pub fn checked(self) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let mut refuse = |field: &str, why| wrong.push(Wrong { field: field.to_owned(), why });
        let shortcut = text::name(&composed(&self.shortcut), SHORTCUT_MAX).unwrap_or_else(|problem| {
            refuse("shortcut", Why::Text(problem));
            "-".to_owned()
        });
        if shortcut.is_empty() {
            refuse("shortcut", Why::Text(TextProblem::Empty));
        } else if shortcut.starts_with('/') || shortcut.chars().any(|c| c.is_whitespace() || is_invisible(c)) {
            refuse("shortcut", Why::NotAShortcut);
        }
        let mut in_language = |language: Language| {
            text::block(self.text.own(language), MESSAGE_MAX).unwrap_or_else(|problem| {
                refuse(&format!("text.{}", language.code()), Why::Text(problem));
                "-".to_owned()
            })
        };
        let text = Localized { ko: in_language(Language::Ko), en: in_language(Language::En) };
        if text == Localized::default() {
            refuse("text.ko", Why::Text(TextProblem::Empty));
        }
        if wrong.is_empty() { Ok(Self { shortcut, text }) } else { Err(wrong) }
    }

    /// What tells short names apart: case does not.
    #[must_use]
    pub fn key(&self) -> String {
        self.shortcut.to_lowercase()
    }
}

/// Characters without a width: two names that look alike must be one.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}')
}

/// How a reply was found, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Name,
    NameBegins,
    NameWord,
    TextBegins,
    TextWord,
}

/// Replies, ready to be searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    canned: Arc<Canned>,
    name: Vec<char>,
    texts: [Vec<char>; 2],
}

/// What was typed, and what it finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where in the typed text the query begins, in bytes; it ends where the text does.
    pub from: usize,
    /// It was asked for by `/`.
    pub asked: bool,
    /// The best first.
    pub hits: Vec<Arc<Canned>>,
}

impl Book {
    #[must_use]
    pub fn new(replies: Vec<Canned>) -> Self {
        let entry = |canned: Canned| Entry {
            name: folded(&canned.words.shortcut),
            texts: [Language::Ko, Language::En].map(|language| {
                let text = canned.words.text.own(language);
                folded(text.char_indices().nth(SEARCHED).map_or(text, |(end, _)| &text[..end]))
            }),
            canned: Arc::new(canned),
        };
        Self(replies.into_iter().map(entry).collect())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the end of a draft finds: after a `/` all that fit it, otherwise a few that fit
    /// the line or its last word. None: it is no query.
    #[must_use]
    pub fn find(&self, before_caret: &str) -> Option<Found> {
        let line_at = before_caret.rfind('\n').map_or(0, |at| at + 1);
        let line = &before_caret[line_at..];
        let line = line.trim_start();
        let line_at = before_caret.len() - line.len();
        let word_at = line.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8());
        let word = &line[word_at..];
        let word_at = line_at + word_at;
        if let Some(needle) = word.strip_prefix('/') {
            return Some(Found { from: word_at, asked: true, hits: self.search(needle) });
        }
        let few = |from, mut hits: Vec<Arc<Canned>>| {
            hits.truncate(MATCHES_MAX);
            (!hits.is_empty()).then_some(Found { from, asked: false, hits })
        };
        let whole = folded(line);
        if word_at > line_at
            && let Some(found) = few(line_at, self.ranked(|entry| entry.continues(&whole)))
        {
            return Some(found);
        }
        let needle = folded(word);
        if needle.len() < 2 && !needle.iter().copied().any(is_initial) {
            return None;
        }
        few(word_at, self.ranked(|entry| entry.fits(&needle)))
    }

    /// All that fit; everything for an empty query.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<Arc<Canned>> {
        let needle = folded(query.trim());
        if needle.is_empty() {
            return self.0.iter().map(|entry| entry.canned.clone()).collect();
        }
        self.ranked(|entry| entry.fits(&needle))
    }

    /// Whose name was typed whole comes first, then one's own before the service's.
    fn ranked(&self, fits: impl Fn(&Entry) -> Option<(Rank, Fit)>) -> Vec<Arc<Canned>> {
        let mut hits: Vec<_> = self.0.iter().filter_map(|entry| fits(entry).map(|how| (how, entry))).collect();
        hits.sort_by_key(|((rank, fit), entry)| (*rank > Rank::Name, entry.canned.scope, *rank, *fit));
        hits.into_iter().map(|(_, entry)| entry.canned.clone()).collect()
    }
}

impl Entry {
    fn fits(&self, needle: &[char]) -> Option<(Rank, Fit)> {
        let in_name = words(&self.name).filter_map(|at| {
            let rank = if at > 0 {
                Rank::NameWord
            } else if self.name == needle {
                Rank::Name
            } else {
                Rank::NameBegins
            };
            Some((rank, fits(needle, &self.name[at..])?))
        });
        let in_texts = self.texts.iter().flat_map(|text| {
            words(text).filter_map(|at| {
                let rank = if at > 0 { Rank::TextWord } else { Rank::TextBegins };
                Some((rank, fits(needle, &text[at..])?))
            })
        });
        in_name.chain(in_texts).min()
    }

    /// Whether a text goes on where this line ends.
    fn continues(&self, line: &[char]) -> Option<(Rank, Fit)> {
        let fit = |text: &Vec<char>| fits(line, text).filter(|fit| *fit == Fit::Letters && text.len() > line.len());
        self.texts.iter().find_map(fit).map(|fit| (Rank::TextBegins, fit))
    }
}

#[cfg(test)]
mod tests;
