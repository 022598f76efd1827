//! What a customer says of himself before a chat or with an inquiry (G20): name, e-mail,
//! phone. Nothing of it is proven.

use super::{settings::Ask, text};
use serde::{Deserialize, Serialize};

/// The longest name, in characters.
pub const NAME_MAX: usize = 80;
/// The longest phone number, in characters.
pub const PHONE_MAX: usize = 30;

/// A customer's own words about himself; what is empty was not said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub name: Ask,
    pub email: Ask,
    pub phone: Ask,
}

impl Asked {
    /// Not what the shop has vouched for: that is not the customer's to say.
    #[must_use]
    pub fn but_for(self, verified: &Contact) -> Self {
        let open = |ask, verified: &String| if verified.is_empty() { ask } else { Ask::Off };
        Self { name: open(self.name, &verified.name), email: open(self.email, &verified.email), phone: open(self.phone, &verified.phone) }
    }
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactProblem {
    Missing,
    TooLong,
    NotAnEmail,
    NotAPhone,
}

impl Contact {
    /// Cleaned; what was said before stands where nothing new was said, and what is not
    /// asked for is not taken.
    ///
    /// # Errors
    /// The fields that are wrong, by name.
    pub fn checked(self, asked: Asked, before: Self) -> Result<Self, Vec<(&'static str, ContactProblem)>> {
        let mut wrong = Vec::new();
        let mut take = |field, ask: Ask, new: String, old: String, max, fits: fn(&str) -> bool, problem| {
            let new = if ask == Ask::Off { Ok(String::new()) } else { text::name(&new, max) };
            match new {
                Err(_) => wrong.push((field, ContactProblem::TooLong)),
                Ok(new) if new.is_empty() && old.is_empty() && ask == Ask::Required => wrong.push((field, ContactProblem::Missing)),
                Ok(new) if new.is_empty() => return old,
                Ok(new) if fits(&new) => return new,
                Ok(_) => wrong.push((field, problem)),
            }
            String::new()
        };
        let done = Self {
            name: take("name", asked.name, self.name, before.name, NAME_MAX, |_| true, ContactProblem::TooLong),
            email: take("email", asked.email, self.email, before.email, 254, is_email, ContactProblem::NotAnEmail),
            phone: take("phone", asked.phone, self.phone, before.phone, PHONE_MAX, is_phone, ContactProblem::NotAPhone),
        };
        if wrong.is_empty() { Ok(done) } else { Err(wrong) }
    }
}

/// A plain look at an address: one @, a dot behind it, no blanks. What it really is, the
/// mail will show.
#[must_use]
pub fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    email.len() <= 254
        && !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !domain.contains('@')
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Seven digits at least, and nothing but what people write between them.
#[must_use]
pub fn is_phone(phone: &str) -> bool {
    phone.chars().filter(char::is_ascii_digit).count() >= 7 && phone.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c))
}

/// An address as its owner knows it and nobody else learns it: `k***@shop.example`.
#[must_use]
pub fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    format!("{}***@{domain}", local.chars().take(1).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, email: &str, phone: &str) -> Contact {
        Contact { name: name.into(), email: email.into(), phone: phone.into() }
    }

    #[test]
    fn what_was_said_once_is_not_asked_again() {
        let asked = Asked { name: Ask::Required, email: Ask::Required, phone: Ask::Optional };
        let before = said("김민수", "minsu@a.example", "");
        assert_eq!(Contact::default().checked(asked, before.clone()), Ok(before.clone()));
        assert_eq!(said("", "new@a.example", "").checked(asked, before).map(|c| c.email), Ok("new@a.example".into()));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let asked = Asked { name: Ask::Required, email: Ask::Optional, phone: Ask::Required };
        let wrong = said(" ", "minsu@a", "전화 없음").checked(asked, Contact::default()).unwrap_err();
        assert_eq!(wrong, [("name", ContactProblem::Missing), ("email", ContactProblem::NotAnEmail), ("phone", ContactProblem::NotAPhone)]);
    }

    #[test]
    fn what_is_not_asked_for_is_not_taken() {
        let asked = Asked { name: Ask::Off, email: Ask::Off, phone: Ask::Off };
        assert_eq!(said("몰래", "x", "y").checked(asked, Contact::default()), Ok(Contact::default()));
    }

    #[test]
    fn phones_as_people_write_them() {
        for good in ["010-1234-5678", "+82 2 123 4567", "(02)1234567"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["12345", "010-1234-567x", "<b>0101234567</b>"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }
}
