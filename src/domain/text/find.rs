//! Finding what somebody types while he types it: without case, by initial consonants (초성),
//! and with a last syllable that the input method has not finished.

use super::hangul::{composed, initial, is_begun, split};

/// A needle fits letter by letter, or by initial consonants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Letters,
    Initials,
}

/// Letters as they are compared: no case, whole syllables, single consonants, one blank
/// between words.
#[must_use]
pub fn folded(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    for c in composed(text).chars().flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            if out.last().is_some_and(|last| *last != ' ') {
                out.push(' ');
            }
        } else if let Some((first, second)) = split(c) {
            out.extend([first, second]);
        } else {
            out.push(c);
        }
    }
    out
}

/// Where words begin.
pub fn words(text: &[char]) -> impl Iterator<Item = usize> {
    let begins = |at: usize| at == 0 || (text[at].is_alphanumeric() && !text[at - 1].is_alphanumeric());
    (0..text.len()).filter(move |at| begins(*at))
}

/// Whether `text` begins with `needle`, whose last syllable may not be finished. Blanks that
/// were not typed do not count.
#[must_use]
pub fn fits(needle: &[char], text: &[char]) -> Option<Fit> {
    let mut fit = Fit::Letters;
    let mut at = 0;
    for (n, wanted) in needle.iter().copied().enumerate() {
        while n > 0 && wanted != ' ' && text.get(at) == Some(&' ') {
            at += 1;
        }
        let here = *text.get(at)?;
        let last = n + 1 == needle.len();
        if wanted != here && !(last && is_begun(wanted, here, text.get(at + 1).copied())) {
            if initial(here) != Some(wanted) {
                return None;
            }
            fit = Fit::Initials;
        }
        at += 1;
    }
    Some(fit)
}

/// Whether each word of `query` stands somewhere in one of `texts`; nothing was typed: yes.
#[must_use]
pub fn finds(query: &str, texts: &[&str]) -> bool {
    query.split_whitespace().map(folded).all(|needle| {
        texts.iter().any(|text| {
            let text = folded(text);
            (0..text.len()).any(|at| fits(&needle, &text[at..]).is_some())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_stand_somewhere() {
        let texts = ["김민수", "8F2C", "환불 요청"];
        for query in ["", "  ", "민수", "ㄱㅁㅅ", "8f2c", "F2", "요청 김", "환불요", "김미", "기"] {
            assert!(finds(query, &texts), "{query}");
        }
        for query in ["이", "민수 배송", "8F2D", "수김"] {
            assert!(!finds(query, &texts), "{query}");
        }
    }
}
