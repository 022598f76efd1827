//! Hangul as people type and search it: syllables taken apart into their letters, initial
//! consonants (초성), and syllables that an input method has not finished yet.

const FIRST_SYLLABLE: u32 = 0xAC00;
const LAST_SYLLABLE: u32 = 0xD7A3;
/// Syllables with the same initial consonant.
const OF_INITIAL: u32 = 21 * 28;
/// Syllables with the same initial consonant and vowel.
const OF_VOWEL: u32 = 28;
const INITIALS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];
const FINALS: [char; 27] = [
    'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ', 'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ',
    'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];

fn code(letter: u32) -> char {
    char::from_u32(letter).unwrap_or('\u{FFFD}')
}

/// The place of a syllable among all syllables.
fn place(c: char) -> Option<u32> {
    let code = u32::from(c);
    (FIRST_SYLLABLE..=LAST_SYLLABLE).contains(&code).then(|| code - FIRST_SYLLABLE)
}

/// The initial consonant of a syllable.
#[must_use]
pub fn initial(syllable: char) -> Option<char> {
    INITIALS.get((place(syllable)? / OF_INITIAL) as usize).copied()
}

/// Whether it is a consonant that syllables begin with, standing alone.
#[must_use]
pub fn is_initial(c: char) -> bool {
    INITIALS.contains(&c)
}

/// Whether it is of the Korean script as keyboards type it: a syllable or a letter.
#[must_use]
pub fn is_syllable_or_letter(c: char) -> bool {
    place(c).is_some() || ('\u{3131}'..='\u{3163}').contains(&c)
}

/// Two consonants that an input method has drawn together: ㅂㅅ becomes ㅄ as one types.
#[must_use]
pub fn split(c: char) -> Option<(char, char)> {
    Some(match c {
        'ㄳ' => ('ㄱ', 'ㅅ'),
        'ㄵ' => ('ㄴ', 'ㅈ'),
        'ㄶ' => ('ㄴ', 'ㅎ'),
        'ㄺ' => ('ㄹ', 'ㄱ'),
        'ㄻ' => ('ㄹ', 'ㅁ'),
        'ㄼ' => ('ㄹ', 'ㅂ'),
        'ㄽ' => ('ㄹ', 'ㅅ'),
        'ㄾ' => ('ㄹ', 'ㅌ'),
        'ㄿ' => ('ㄹ', 'ㅍ'),
        'ㅀ' => ('ㄹ', 'ㅎ'),
        'ㅄ' => ('ㅂ', 'ㅅ'),
        _ => return None,
    })
}

/// Whether `typed` is on its way to `wanted` and what follows it: 소 becomes 송, 본 becomes
/// 보내 with the next vowel.
#[must_use]
pub fn is_begun(typed: char, wanted: char, next: Option<char>) -> bool {
    let (Some(typed), Some(wanted)) = (place(typed), place(wanted)) else { return false };
    if typed % OF_VOWEL == 0 {
        return wanted / OF_VOWEL == typed / OF_VOWEL;
    }
    let open = typed - typed % OF_VOWEL;
    let Some(last) = FINALS.get((typed % OF_VOWEL - 1) as usize).copied() else { return false };
    let (kept, moved) = split(last).map_or((None, last), |(kept, moved)| (Some(kept), moved));
    let before = kept.and_then(|kept| FINALS.iter().zip(1..).find(|(c, _)| **c == kept)).map_or(open, |(_, at)| open + at);
    wanted == before && next.and_then(initial) == Some(moved)
}

/// Puts syllables together whose letters stand apart (U+1100…), as macOS writes file names;
/// an initial consonant that stays alone becomes the letter that keyboards type.
#[must_use]
pub fn composed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let Some(initial) = within(c, 0x1100, 19) else {
            out.push(c);
            continue;
        };
        let Some(vowel) = letters.next_if(|c| within(*c, 0x1161, 21).is_some()).and_then(|c| within(c, 0x1161, 21)) else {
            out.push(INITIALS[initial as usize]);
            continue;
        };
        let last = letters.next_if(|c| within(*c, 0x11A8, 27).is_some()).and_then(|c| within(c, 0x11A8, 27)).map_or(0, |at| at + 1);
        out.push(code(FIRST_SYLLABLE + initial * OF_INITIAL + vowel * OF_VOWEL + last));
    }
    out
}

fn within(c: char, first: u32, count: u32) -> Option<u32> {
    u32::from(c).checked_sub(first).filter(|at| *at < count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn syllables_know_their_initial_consonant() {
        let of = |text: &str| text.chars().filter_map(initial).collect::<String>();
        assert_eq!(of("배송 지연"), "ㅂㅅㅈㅇ");
        assert_eq!(of("가힣까씨"), "ㄱㅎㄲㅆ");
        assert_eq!(of("ㅂa漢"), "");
    }

    #[test]
    fn a_syllable_that_is_not_finished_is_on_its_way() {
        assert!(is_begun('소', '송', None) && is_begun('배', '배', None));
        assert!(is_begun('본', '보', Some('내')), "the final consonant goes to the next syllable");
        assert!(is_begun('닭', '달', Some('가')));
        assert!(
            !is_begun('본', '보', Some('통')) && !is_begun('송', '소', None) && !is_begun('소', '수', None) && !is_begun('a', '소', None)
        );
    }

    proptest! {
        #[test]
        fn letters_that_stand_apart_become_the_same_syllables(text in "[가-힣]{0,12}") {
            let apart: String = text
                .chars()
                .flat_map(|c| {
                    let at = place(c).unwrap();
                    let last = at % OF_VOWEL;
                    [Some(0x1100 + at / OF_INITIAL), Some(0x1161 + at % OF_INITIAL / OF_VOWEL), (last > 0).then(|| 0x11A7 + last)]
                })
                .flatten()
                .map(code)
                .collect();
            prop_assert_eq!(composed(&apart), text);
        }

        #[test]
        fn any_text_can_be_put_together(text in "\\PC{0,40}") {
            prop_assert_eq!(composed(&composed(&text)), composed(&text));
        }
    }
}
