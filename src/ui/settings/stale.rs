//! A page that is saved as one: what is stored, a draft beside it, and what to do when
//! somebody else saved in between.

use super::editing::Work;
use crate::{
    api::{
        ApiError,
        settings::{Saved, Versioned},
    },
    domain::time::Timestamp,
    i18n::Texts,
    ui::kit::{
        Button, ButtonKind, texts,
        time::{Time, TimeStyle},
    },
};
use leptos::{html, prelude::*};
use std::future::Future;

/// What is stored, and what is being written.
pub struct Draft<T: Send + Sync + 'static> {
    pub value: RwSignal<T>,
    stored: RwSignal<Versioned<T>>,
    /// What somebody else saved since `stored` was read.
    newer: RwSignal<Option<Versioned<T>>>,
}

impl<T: Send + Sync + 'static> Clone for Draft<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Draft<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Draft<T> {
    pub fn new(page: Versioned<T>) -> Self {
        Self { value: RwSignal::new(page.value.clone()), stored: RwSignal::new(page), newer: RwSignal::new(None) }
    }

    /// What was being written over version `over`, where `base` stood, goes on: its save is
    /// told if `page` is another version by now.
    pub fn resumed(page: Versioned<T>, over: u64, base: T, value: T) -> Self {
        let stored = if page.version == over { page } else { Versioned { version: over, value: base, changed: None } };
        Self { value: RwSignal::new(value), stored: RwSignal::new(stored), newer: RwSignal::new(None) }
    }

    /// The same in a form that is there already.
    pub fn resume(self, over: u64, base: T, value: T) {
        self.stored.update(|stored| {
            if stored.version != over {
                *stored = Versioned { version: over, value: base, changed: None };
            }
        });
        self.value.set(value);
    }

    /// Takes what somebody else has saved, while nothing is being written over it. Who writes
    /// is told when he saves, not in the middle of a word.
    pub fn hear(self, page: Versioned<T>) {
        let news = self.stored.with_untracked(|stored| stored.version < page.version);
        if news && self.stored.with_untracked(|stored| self.value.with_untracked(|value| *value == stored.value)) {
            self.value.set(page.value.clone());
            self.stored.set(page);
        }
    }

    /// What the draft was begun from.
    pub fn base(self) -> T {
        self.stored.with_untracked(|stored| stored.value.clone())
    }

    /// Whether the draft is another than what is stored.
    pub fn dirty(self) -> Signal<bool> {
        Memo::new(move |_| *self.value.read() != self.stored.read().value).into()
    }

    /// The version that a save goes over.
    pub fn version(self) -> u64 {
        self.stored.with_untracked(|stored| stored.version)
    }

    /// Takes what is stored instead of the draft: the newest that is known.
    pub fn revert(self) {
        self.take_newer();
        self.value.set(self.stored.with_untracked(|stored| stored.value.clone()));
    }

    /// From here on the draft stands beside the newest that is known.
    pub fn take_newer(self) {
        if let Some(newer) = self.newer.try_update(Option::take).flatten() {
            self.stored.set(newer);
        }
    }

    /// Hears how the save of `sent` went; whether it was done. What was typed meanwhile stays.
    pub fn saved(self, sent: &T, answer: Saved<Versioned<T>>) -> bool {
        match answer {
            Saved::Done(page) => {
                if self.value.with_untracked(|now| now == sent) {
                    self.value.set(page.value.clone());
                }
                self.stored.set(page);
                self.newer.set(None);
                true
            }
            Saved::Stale(page) => {
                self.newer.set(Some(page));
                false
            }
        }
    }

    /// Saves the draft by `request`, which gets the version to save over, and says `done`.
    pub fn save<F>(self, work: Work, request: impl FnOnce(u64, T) -> F, done: String)
    where
        F: Future<Output = Result<Saved<Versioned<T>>, ApiError>> + 'static,
    {
        let sent = self.value.get_untracked();
        work.run(request(self.version(), sent.clone()), move |answer| {
            if self.saved(&sent, answer) {
                work.say(done);
            }
        });
    }
}

/// Says that somebody else saved first: who, when, and what is other than where this page
/// began. One may take that, or save one's own over it. Stands within a `role="alert"`.
#[component]
pub fn StaleNotice(
    changed: Option<(String, Timestamp)>,
    /// What differs, a line each.
    differs: Vec<String>,
    #[prop(into)] busy: Signal<bool>,
    on_load: Callback<()>,
    on_save: Callback<()>,
) -> impl IntoView {
    let t = texts();
    let node = NodeRef::<html::Div>::new();
    // It may be far above what was just saved.
    Effect::new(move |_| {
        if let Some(notice) = node.get() {
            drop(notice.focus());
        }
    });
    let (load, keep) = (t.settings_stale_load(), t.settings_stale_keep());
    let lines = differs.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <div node_ref=node class="notice" tabindex="-1">
            <p>
                <b>{t.settings_stale_title()}</b>
            </p>
            {changed.map(|(name, at)| view! { <p>{t.settings_stale_by(name)} " · " <Time at style=TimeStyle::Full/></p> })}
            <ul>{lines}</ul>
            <div class="answers">
                <Button on_press=on_load>{load}</Button>
                <Button kind=ButtonKind::Danger busy=busy on_press=on_save>
                    {keep}
                </Button>
            </div>
        </div>
    }
    .into_any()
}

/// The notice of a page that is saved as one.
#[component]
pub fn StaleBanner<T: Clone + PartialEq + Send + Sync + 'static>(
    draft: Draft<T>,
    work: Work,
    /// The names of what differs between two values.
    differs: fn(&Texts, &T, &T) -> Vec<String>,
    on_save: Callback<()>,
) -> impl IntoView {
    let keep = Callback::new(move |()| {
        draft.take_newer();
        on_save.run(());
    });
    let told = move || {
        let newer = draft.newer.get()?;
        let names = draft.stored.with_untracked(|stored| differs(&texts(), &stored.value, &newer.value));
        let load = Callback::new(move |()| draft.revert());
        Some(view! { <StaleNotice changed=newer.changed differs=names busy=work.busy on_load=load on_save=keep/> })
    };
    view! {
        <div class="form-alert-place" role="alert">
            {told}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(version: u64, value: &'static str) -> Versioned<&'static str> {
        Versioned { version, value, changed: None }
    }

    fn in_owner(test: impl FnOnce()) {
        Owner::new().with(test);
    }

    #[test]
    fn a_stale_save_keeps_the_draft_until_one_decides() {
        in_owner(|| {
            let draft = Draft::new(page(1, "a"));
            let dirty = draft.dirty();
            draft.value.set("mine");
            assert!(!draft.saved(&"mine", Saved::Stale(page(2, "theirs"))));
            assert_eq!((draft.value.get_untracked(), draft.version(), dirty.get_untracked()), ("mine", 1, true));
            draft.take_newer();
            assert_eq!((draft.value.get_untracked(), draft.version()), ("mine", 2), "my own goes over theirs");
            assert!(!draft.saved(&"mine", Saved::Stale(page(3, "again"))));
            draft.revert();
            assert_eq!((draft.value.get_untracked(), draft.version(), dirty.get_untracked()), ("again", 3, false));
        });
    }

    #[test]
    fn news_come_in_only_while_nothing_is_being_written() {
        in_owner(|| {
            let draft = Draft::new(page(1, "a"));
            draft.hear(page(2, "theirs"));
            assert_eq!((draft.value.get_untracked(), draft.version()), ("theirs", 2));
            draft.value.set("mine");
            draft.hear(page(3, "theirs again"));
            assert_eq!((draft.value.get_untracked(), draft.version()), ("mine", 2), "the save will be told");
            draft.value.set("theirs");
            draft.hear(page(1, "late"));
            assert_eq!((draft.value.get_untracked(), draft.version()), ("theirs", 2), "an answer that was overtaken");
        });
    }

    #[test]
    fn what_was_left_unsaved_goes_on_over_what_it_was_begun_from() {
        in_owner(|| {
            let draft = Draft::resumed(page(2, "theirs"), 1, "a", "mine");
            assert_eq!((draft.value.get_untracked(), draft.version(), draft.base()), ("mine", 1, "a"));
            let same = Draft::resumed(page(1, "a"), 1, "a", "mine");
            assert_eq!((same.version(), same.dirty().get_untracked()), (1, true));
        });
    }

    #[test]
    fn what_is_typed_while_a_save_is_under_way_stays() {
        in_owner(|| {
            let draft = Draft::new(page(0, "a"));
            let dirty = draft.dirty();
            draft.value.set("b and more");
            assert!(draft.saved(&"b", Saved::Done(page(1, "b"))));
            assert_eq!((draft.value.get_untracked(), dirty.get_untracked()), ("b and more", true));
            assert!(draft.saved(&"b and more", Saved::Done(page(2, "b, cleaned"))));
            assert_eq!((draft.value.get_untracked(), dirty.get_untracked()), ("b, cleaned", false));
        });
    }
}
