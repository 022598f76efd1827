//! A profile while it is being changed.

use crate::{
    api::{ApiError, Problem},
    domain::permission::{CHATS_AT_ONCE_MAX, Profile},
};

/// What a form shows, beside what it began with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// As it was stored when the form began.
    pub was: Profile,
    /// As it is to be, but for the chats.
    pub now: Profile,
    /// Chats at once as typed.
    pub chats: String,
}

impl Draft {
    #[must_use]
    pub fn new(stored: Profile) -> Self {
        Self { chats: stored.chats_at_once.to_string(), now: stored.clone(), was: stored }
    }

    /// Whether there is something to save.
    #[must_use]
    pub fn dirty(&self) -> bool {
        self.now != self.was || self.chats != self.was.chats_at_once.to_string()
    }

    /// What is to be saved.
    ///
    /// # Errors
    /// `Invalid` beside `chats_at_once`.
    pub fn profile(&self) -> Result<Profile, ApiError> {
        let typed = self.chats.trim();
        if typed.is_empty() {
            return Err(ApiError::field("chats_at_once", Problem::Required));
        }
        match typed.parse::<u8>() {
            Ok(chats_at_once) if chats_at_once <= CHATS_AT_ONCE_MAX => Ok(Profile { chats_at_once, ..self.now.clone() }),
            _ => Err(ApiError::field("chats_at_once", Problem::OutOfRange)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::Role;
    use std::collections::BTreeSet;

    fn draft(chats: &str) -> Draft {
        let stored = Profile { role: Role::Agent, rights: BTreeSet::new(), nickname: String::new(), chats_at_once: 5 };
        Draft { chats: chats.to_owned(), ..Draft::new(stored) }
    }

    #[test]
    fn a_draft_is_dirty_once_something_differs() {
        assert!(!draft("5").dirty());
        assert!(draft("6").dirty());
        assert!(draft("").dirty(), "what is typed so far counts, too");
    }

    #[test]
    fn chats_at_once_are_a_number_within_bounds() {
        assert_eq!(draft(" 20 ").profile().map(|p| p.chats_at_once), Ok(20));
        assert_eq!(draft("0").profile().map(|p| p.chats_at_once), Ok(0));
        for (typed, problem) in
            [("", Problem::Required), ("21", Problem::OutOfRange), ("999", Problem::OutOfRange), ("-1", Problem::OutOfRange)]
        {
            assert_eq!(draft(typed).profile(), Err(ApiError::field("chats_at_once", problem)), "{typed}");
        }
    }
}
