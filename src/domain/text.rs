//! What people type: cleaned once at the door, and shown as a small tree, never as HTML.

pub mod find;
pub mod hangul;
mod host;

pub use host::deceptive;

use serde::{Deserialize, Serialize};

/// The longest message, in characters. Longer ones are refused, never cut.
pub const MESSAGE_MAX: usize = 8_000;

/// Why a text cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextProblem {
    Empty,
    TooLong,
}

/// Cleans the text of a message: line ends become `\n`, control characters go
/// (they could imitate other lines or break logs), blank ends are trimmed.
///
/// # Errors
/// [`TextProblem`] when nothing is left or more than [`MESSAGE_MAX`] characters are.
pub fn message(raw: &str) -> Result<String, TextProblem> {
    let clean = clean(raw, true);
    if clean.is_empty() {
        Err(TextProblem::Empty)
    } else if clean.chars().count() > MESSAGE_MAX {
        Err(TextProblem::TooLong)
    } else {
        Ok(clean)
    }
}

/// The longest draft, in characters: more than a message may have, so that what is too long
/// to be sent is not lost.
pub const DRAFT_MAX: usize = 2 * MESSAGE_MAX;

/// Cleans what is being typed: its blank ends stay.
///
/// # Errors
/// [`TextProblem::TooLong`].
pub fn draft(raw: &str, max: usize) -> Result<String, TextProblem> {
    within(kept(raw, true), max)
}

/// Cleans a one-line text that somebody will want to find as he typed it (a name): too
/// long is refused, never cut. Empty is for the caller to judge.
///
/// # Errors
/// [`TextProblem::TooLong`].
pub fn name(raw: &str, max: usize) -> Result<String, TextProblem> {
    within(clean(raw, false), max)
}

/// The same with line breaks (a greeting).
///
/// # Errors
/// [`TextProblem::TooLong`].
pub fn block(raw: &str, max: usize) -> Result<String, TextProblem> {
    within(clean(raw, true), max)
}

fn within(clean: String, max: usize) -> Result<String, TextProblem> {
    if clean.chars().count() > max { Err(TextProblem::TooLong) } else { Ok(clean) }
}

/// Cleans a one-line text (a name, a page title) and cuts it to `max` characters.
#[must_use]
pub fn line(raw: &str, max: usize) -> String {
    clean(raw, false).chars().take(max).collect()
}

fn clean(raw: &str, lines: bool) -> String {
    kept(raw, lines).trim().to_owned()
}

fn kept(raw: &str, lines: bool) -> String {
    let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
    unified
        .chars()
        .filter_map(|c| match c {
            '\n' if lines => Some('\n'),
            '\n' | '\t' => Some(' '),
            c if c.is_control() || is_bidi_control(c) => None,
            c => Some(c),
        })
        .collect()
}

/// Characters that turn the direction of what follows; a name with one in it can
/// make the next line read like somebody else's.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A piece of a message as the pages draw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span<'a> {
    Text(&'a str),
    /// A link with its target; only http, https, mailto and tel are ever made links.
    Link {
        text: &'a str,
        href: String,
    },
    Break,
}

/// Splits a message into text, links and line breaks.
#[must_use]
pub fn spans(text: &str) -> Vec<Span<'_>> {
    let mut out = Vec::new();
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push(Span::Break);
        }
        let mut plain = 0;
        let mut at = 0;
        while at < line.len() {
            if let Some(len) = url_at(line, at) {
                if plain < at {
                    out.push(Span::Text(&line[plain..at]));
                }
                let url = &line[at..at + len];
                out.push(Span::Link { text: url, href: url.to_owned() });
                at += len;
                plain = at;
            } else {
                at += line[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        if plain < line.len() {
            out.push(Span::Text(&line[plain..]));
        }
    }
    out
}

/// The length in bytes of the address that begins at `at`, if one does.
fn url_at(line: &str, at: usize) -> Option<usize> {
    let rest = &line[at..];
    let scheme = ["https://", "http://", "mailto:", "tel:"]
        .into_iter()
        .find(|s| rest.get(..s.len()).is_some_and(|head| head.eq_ignore_ascii_case(s)))?;
    let starts_word = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '`')).unwrap_or(rest.len());
    let url = rest[..end].trim_end_matches(['.', ',', '!', '?', ':', ';', ')', ']', '}', '…', '。']);
    (starts_word && url.len() > scheme.len()).then_some(url.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_characters_and_direction_marks_go_and_line_breaks_stay() {
        assert_eq!(message("  a\u{0}b\u{7}\r\nc\u{202e}d\te ").as_deref(), Ok("ab\ncd e"));
    }

    #[test]
    fn empty_and_oversized_texts_are_refused() {
        assert_eq!(message(" \u{0}\n "), Err(TextProblem::Empty));
        assert_eq!(message(&"가".repeat(MESSAGE_MAX + 1)), Err(TextProblem::TooLong));
        assert!(message(&"가".repeat(MESSAGE_MAX)).is_ok());
    }

    #[test]
    fn only_safe_schemes_become_links_and_the_full_stop_stays_outside() {
        let found = spans("보세요 https://a.example/x?y=1. javascript:alert(1) 끝\nhttp://");
        assert_eq!(
            found,
            vec![
                Span::Text("보세요 "),
                Span::Link { text: "https://a.example/x?y=1", href: "https://a.example/x?y=1".into() },
                Span::Text(". javascript:alert(1) 끝"),
                Span::Break,
                Span::Text("http://"),
            ]
        );
    }

    proptest! {
        #[test]
        fn spans_lose_no_character(text in "\\PC{0,60}(https://\\PC{0,20})?") {
            let joined: String = spans(&text).iter().map(|s| match s {
                Span::Text(t) | Span::Link { text: t, .. } => (*t).to_owned(),
                Span::Break => "\n".to_owned(),
            }).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
