//! Placeholders of canned replies: `{{…}}`. What is known fills itself in; the others are
//! blanks that an agent fills before he sends.

use std::ops::Range;

/// What the desk knows by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Customer,
    Agent,
    Service,
}

impl Known {
    pub const ALL: [Self; 3] = [Self::Customer, Self::Agent, Self::Service];

    /// The name between the braces.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer.name",
            Self::Agent => "agent.name",
            Self::Service => "service.name",
        }
    }

    /// What stands between the braces, if it is one of these.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// A placeholder in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank<'a> {
    /// In bytes, with the braces.
    pub range: Range<usize>,
    /// Without them.
    pub name: &'a str,
}

/// Every placeholder that is left in a text.
#[must_use]
pub fn blanks(text: &str) -> Vec<Blank<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|open| at + open) {
        let inner = open + 2;
        let end = text[inner..].find(['{', '}', '\n']).map_or(text.len(), |end| inner + end);
        if text[end..].starts_with("}}") {
            out.push(Blank { range: open..end + 2, name: text[inner..end].trim() });
            at = end + 2;
        } else {
            // Of three braces the last two may begin one.
            at = open + 1;
        }
    }
    out
}

/// Fills in what is known; what is not stays as it stands.
#[must_use]
pub fn fill(text: &str, value: impl Fn(Known) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Blank { range, name } in blanks(text) {
        let Some(value) = Known::parse(name).and_then(&value).filter(|value| !value.trim().is_empty()) else { continue };
        out.push_str(&text[at..range.start]);
        // A customer's name must not become a blank of ours.
        out.extend(value.chars().filter(|c| !matches!(c, '{' | '}')));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(text: &str) -> Vec<&str> {
        blanks(text).into_iter().map(|blank| blank.name).collect()
    }

    #[test]
    fn what_is_known_is_filled_in_and_the_rest_is_left() {
        let text = "{{customer.name}}님, {{ service.name }}입니다. 주문 {{주문번호}} · {{agent.name}}";
        let filled = fill(text, |known| match known {
            Known::Customer => Some("김{{민}}수".into()),
            Known::Service => Some("담소몰".into()),
            Known::Agent => Some(" ".into()),
        });
        assert_eq!(filled, "김민수님, 담소몰입니다. 주문 {{주문번호}} · {{agent.name}}");
        assert_eq!(names(&filled), ["주문번호", "agent.name"]);
    }

    #[test]
    fn only_two_braces_on_one_line_make_a_blank() {
        assert_eq!(names("{a} {{b}} {{{c}}} {{d\n}} {{e} {{}} {{f"), ["b", "c", ""]);
        let text = "x{{{c}}}";
        assert_eq!(&text[blanks(text)[0].range.clone()], "{{c}}");
    }

    proptest! {
        #[test]
        fn a_blank_is_what_stands_in_its_range(text in "([{}a가\\n ]|\\{\\{|\\}\\}){0,30}") {
            let mut end = 0;
            for Blank { range, name } in blanks(&text) {
                prop_assert!(range.start >= end);
                end = range.end;
                prop_assert_eq!(text[range].strip_prefix("{{").and_then(|t| t.strip_suffix("}}")).map(str::trim), Some(name));
            }
        }

        #[test]
        fn filling_in_never_makes_a_blank(text in "([a가 ]|\\{\\{customer[.]name\\}\\}|\\{\\{b\\}\\}){0,12}", value in "([{}x]|\\{\\{y\\}\\}){0,6}") {
            let filled = fill(&text, |_| Some(value.clone()));
            prop_assert!(blanks(&filled).iter().all(|blank| ["b", "customer.name"].contains(&blank.name)));
        }
    }
}
