//! One's own preferences, as every page follows them.

use super::{
    kit::{Toasts, facts, texts},
    problems::plain_error_text,
    session::left_by,
};
use crate::{api::accounts::set_preferences, domain::preferences::Preferences};
use leptos::{leptos_dom::helpers::document, prelude::*, task::spawn_local};

/// Handle of the preferences of who is signed in; Copy.
#[derive(Clone, Copy)]
pub struct Mine {
    value: RwSignal<Preferences>,
    /// As the server has them.
    stored: StoredValue<Preferences>,
    toasts: Toasts,
}

impl Mine {
    /// Gives them to all components below; looks follow at once.
    pub fn provide(toasts: Toasts) {
        let known = facts().map(|facts| facts.preferences).unwrap_or_default();
        let mine = Self { value: RwSignal::new(known), stored: StoredValue::new(known), toasts };
        provide_context(mine);
        Effect::new(move |_| {
            let Preferences { theme, density, lists, details, .. } = mine.get();
            if let Some(root) = document().document_element() {
                // Only broken names are refused.
                drop(root.set_attribute("data-theme", theme.name()));
                drop(root.set_attribute("data-density", density.name()));
                drop(root.set_attribute("data-lists", &lists.to_string()));
                drop(root.set_attribute("data-details", &details.to_string()));
            }
        });
    }

    /// Follows them.
    #[must_use]
    pub fn get(self) -> Preferences {
        self.value.get()
    }

    #[must_use]
    pub fn get_untracked(self) -> Preferences {
        self.value.try_get_untracked().unwrap_or_default()
    }

    /// Shows a change that is not decided yet.
    pub fn try_on(self, change: impl FnOnce(&mut Preferences)) {
        self.value.update(change);
    }

    /// Changes and stores them; what is refused is taken back with a word.
    pub fn change(self, change: impl FnOnce(&mut Preferences)) {
        let before = self.stored.get_value();
        let mut wanted = self.get_untracked();
        change(&mut wanted);
        if wanted == before {
            return;
        }
        self.stored.set_value(wanted);
        self.value.set(wanted);
        let t = texts();
        spawn_local(async move {
            let Err(error) = set_preferences(wanted).await else { return };
            if self.value.try_get_untracked() == Some(wanted) {
                self.stored.set_value(before);
                self.value.set(before);
            }
            if !left_by(&error) {
                self.toasts.trouble(plain_error_text(&t, &error));
            }
        });
    }
}
