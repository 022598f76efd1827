//! 고객정보 and 상담정보 (A53–A55): what an agent notes beside a chat, what must be noted before
//! it ends (G30), and who gets what was left unsaved when the chat changes hands (E7).

use super::{
    contact::{ContactProblem, NAME_MAX, is_email},
    customer::Customer,
    ids::{AccountId, CategoryId, TagId, TicketId},
    settings::Closing,
    text,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest memo, in characters.
pub const MEMO_MAX: usize = 2_000;
/// The longest e-mail address, in characters.
const EMAIL_MAX: usize = 254;

/// What an agent notes and saves as one: of the customer, and of this chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Information {
    /// Empty: not known.
    pub name: String,
    pub email: String,
    pub memo: String,
    /// 처리유형
    pub category: Option<CategoryId>,
    /// 채팅 태그 (A64); what was kept before there were any has none.
    #[serde(default)]
    pub tags: BTreeSet<TagId>,
}

/// An [`Information`] that is being written (E8), and what it was begun from: its save is
/// told when somebody else was first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsaved {
    /// The version that it goes over.
    pub over: u64,
    /// What was stored then.
    pub base: Information,
    pub value: Information,
}

impl Unsaved {
    /// Whether it can be kept: no longer than what could be saved, several times over. What
    /// is wrong with it is said when it is saved.
    #[must_use]
    pub fn fits(&self) -> bool {
        let length = |one: &Information| [&one.name, &one.email, &one.memo].map(|text| text.chars().count()).into_iter().sum::<usize>();
        length(&self.base) + length(&self.value) <= 8 * MEMO_MAX
    }
}

/// What is stored with the end of a chat, or not at all (G30).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrapUp {
    /// How what is noted shall stand; none: as it does, and what is unsaved stays so.
    pub noted: Option<Noting>,
    /// Tickets of the chat that are solved with it.
    pub solved: BTreeSet<TicketId>,
}

/// An [`Information`] to be saved over a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noting {
    pub over: u64,
    pub value: Information,
}

/// What becomes of what an agent has typed in a chat, and neither sent nor saved, when the
/// chat changes hands (E7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// It waits with the chat for whoever gets it.
    Waits { of: AccountId },
    /// It is the receiver's: what waited, and what the former agent had typed.
    Goes { from: Option<AccountId>, to: AccountId },
}

impl Unfinished {
    /// As the chat goes from one agent to another; none: nobody. What waits goes to its own
    /// author, too, who takes the chat up again.
    #[must_use]
    pub fn of(before: Option<AccountId>, after: Option<AccountId>) -> Option<Self> {
        match (before, after) {
            (Some(of), None) => Some(Self::Waits { of }),
            (from, Some(to)) if from != Some(to) => Some(Self::Goes { from, to }),
            _ => None,
        }
    }
}

/// What a chat lacks before its agent may end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// 처리유형
    Category,
}

/// What is missing for the end of a chat for which `category` is noted (G30).
#[must_use]
pub fn missing(closing: Closing, category: Option<CategoryId>) -> Option<Missing> {
    (closing.category_required && category.is_none()).then_some(Missing::Category)
}

impl Information {
    /// What a form begins with where nothing was noted yet: the customer's own words.
    #[must_use]
    pub fn first(customer: &Customer) -> Self {
        Self { name: customer.said.name.clone(), email: customer.said.email.clone(), ..Self::default() }
    }

    /// Cleaned, by the same rules as the customer's own fields.
    ///
    /// # Errors
    /// The fields that are wrong, by name.
    pub fn checked(self) -> Result<Self, Vec<(&'static str, ContactProblem)>> {
        let mut wrong = Vec::new();
        let mut take = |field, clean: Result<String, _>| {
            clean.unwrap_or_else(|_: text::TextProblem| {
                wrong.push((field, ContactProblem::TooLong));
                String::new()
            })
        };
        let name = take("name", text::name(&self.name, NAME_MAX));
        let email = take("email", text::name(&self.email, EMAIL_MAX));
        let memo = take("memo", text::block(&self.memo, MEMO_MAX));
        if !email.is_empty() && !is_email(&email) {
            wrong.push(("email", ContactProblem::NotAnEmail));
        }
        if wrong.is_empty() { Ok(Self { name, email, memo, ..self }) } else { Err(wrong) }
    }

    /// What was begun from `base`, over what stands now: whatever was not touched follows it.
    #[must_use]
    pub fn over(self, base: &Self, now: &Self) -> Self {
        fn part<T: PartialEq + Clone>(mine: T, base: &T, now: &T) -> T {
            if mine == *base { now.clone() } else { mine }
        }
        Self {
            name: part(self.name, &base.name, &now.name),
            email: part(self.email, &base.email, &now.email),
            memo: part(self.memo, &base.memo, &now.memo),
            category: part(self.category, &base.category, &now.category),
            tags: part(self.tags, &base.tags, &now.tags),
        }
    }

    /// Whether what is noted of the chat is the same.
    #[must_use]
    pub fn same_chat(&self, other: &Self) -> bool {
        (self.category, &self.tags) == (other.category, &other.tags)
    }

    /// Whether what is noted of the customer is the same.
    #[must_use]
    pub fn same_customer(&self, other: &Self) -> bool {
        (&self.name, &self.email, &self.memo) == (&other.name, &other.email, &other.memo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::Contact;
    use uuid::Uuid;

    fn noted(name: &str, email: &str, memo: &str) -> Information {
        Information { name: name.into(), email: email.into(), memo: memo.into(), ..Information::default() }
    }

    #[test]
    fn notes_are_cleaned_like_the_customers_own_words() {
        let clean = noted(" 김민수\u{202e} ", " minsu@a.example ", "첫 줄\r\n<b>둘째</b>\u{7} ").checked();
        assert_eq!(clean, Ok(noted("김민수", "minsu@a.example", "첫 줄\n<b>둘째</b>")));
        assert_eq!(noted("", "", "").checked(), Ok(Information::default()), "all of it may be unknown");
        let wrong = noted(&"가".repeat(NAME_MAX + 1), "minsu@a", &"x".repeat(MEMO_MAX + 1)).checked().unwrap_err();
        assert_eq!(wrong, [("name", ContactProblem::TooLong), ("memo", ContactProblem::TooLong), ("email", ContactProblem::NotAnEmail)]);
    }

    #[test]
    fn a_form_begins_with_the_customers_own_words_and_never_with_the_shops() {
        let customer = Customer {
            said: Contact { name: "민수".into(), email: String::new(), phone: "010-1234-5678".into() },
            verified: Contact { name: "김민수".into(), ..Contact::default() },
            ..Customer::default()
        };
        assert_eq!(Information::first(&customer), noted("민수", "", ""));
    }

    #[test]
    fn a_category_is_missing_only_where_the_service_asks_for_one() {
        let some = Some(CategoryId(Uuid::from_u128(1)));
        for (category_required, category, lacks) in [(true, None, true), (true, some, false), (false, None, false), (false, some, false)] {
            let is = missing(Closing { category_required }, category);
            assert_eq!(is, lacks.then_some(Missing::Category), "{category_required} {category:?}");
        }
    }

    #[test]
    fn what_was_not_touched_follows_what_others_save() {
        let some = Some(CategoryId(Uuid::from_u128(1)));
        let base = noted("민수", "", "옛 메모");
        let mine = Information { memo: "내 메모".into(), ..base.clone() };
        let now = Information { name: "김민수".into(), memo: "새 메모".into(), category: some, ..base.clone() };
        assert_eq!(mine.over(&base, &now), Information { memo: "내 메모".into(), ..now.clone() });
        assert_eq!(base.clone().over(&base, &now), now);
    }

    #[test]
    fn what_is_unfinished_goes_where_the_chat_goes() {
        let [one, two] = [1, 2].map(|n| AccountId(Uuid::from_u128(n)));
        assert_eq!(Unfinished::of(Some(one), Some(two)), Some(Unfinished::Goes { from: Some(one), to: two }), "delegated, handed over");
        assert_eq!(Unfinished::of(Some(one), None), Some(Unfinished::Waits { of: one }), "in a queue");
        assert_eq!(Unfinished::of(None, Some(two)), Some(Unfinished::Goes { from: None, to: two }), "started");
        assert_eq!(Unfinished::of(None, Some(one)), Some(Unfinished::Goes { from: None, to: one }), "taken up again by its author");
        assert_eq!([Unfinished::of(Some(one), Some(one)), Unfinished::of(None, None)], [None, None], "on hold, or waiting still");
    }

    #[test]
    fn what_was_kept_before_there_were_tags_is_still_read() {
        let old = r#"{"over":1,"base":{"name":"","email":"","memo":"","category":null},"value":{"name":"민수","email":"","memo":"","category":null}}"#;
        assert_eq!(serde_json::from_str::<Unsaved>(old).unwrap().value, noted("민수", "", ""));
    }

    #[test]
    fn what_is_typed_can_be_kept_even_when_it_could_not_be_saved() {
        let unsaved =
            |memo: usize| Unsaved { over: 0, base: Information::default(), value: noted("", "no address yet", &"가".repeat(memo)) };
        assert!(unsaved(MEMO_MAX + 1).fits());
        assert!(!unsaved(8 * MEMO_MAX).fits());
    }
}
