//! 고객정보 and 상담정보 (A53–A55): what an agent notes beside a chat, and what must be noted
//! before it ends (G30).

use super::{
    contact::{ContactProblem, NAME_MAX, is_email},
    customer::Customer,
    ids::CategoryId,
    settings::Closing,
    text,
};
use serde::{Deserialize, Serialize};

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
        if wrong.is_empty() { Ok(Self { name, email, memo, category: self.category }) } else { Err(wrong) }
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
        Information { name: name.into(), email: email.into(), memo: memo.into(), category: None }
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
    fn what_is_typed_can_be_kept_even_when_it_could_not_be_saved() {
        let unsaved =
            |memo: usize| Unsaved { over: 0, base: Information::default(), value: noted("", "no address yet", &"가".repeat(memo)) };
        assert!(unsaved(MEMO_MAX + 1).fits());
        assert!(!unsaved(8 * MEMO_MAX).fits());
    }
}
