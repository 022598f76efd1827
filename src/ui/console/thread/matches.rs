//! The list of canned replies above the field, and what is said when blanks are left.

use super::{
    super::shelf::Stock,
    finder::{Finder, LIST, option_id},
};
use crate::{
    domain::{
        canned::{
            Book, Canned, Scope,
            blanks::{Known, blanks},
        },
        text,
    },
    i18n::Texts,
    ui::kit::{Icon, texts},
};
use leptos::{html, prelude::*};
use std::sync::Arc;

/// Names that are told of a refused message, and the letters of each.
const NAMES_MAX: usize = 5;
const NAME_MAX: usize = 40;

/// What fits, above the field.
#[component]
pub(super) fn Matches(finder: Finder) -> impl IntoView {
    let t = texts();
    let (label, own) = (t.canned_matches(), t.canned_own());
    let list = move || {
        let found = finder.found.get().filter(|found| !found.hits.is_empty())?;
        let language = finder.language().code();
        let options = found
            .hits
            .into_iter()
            .enumerate()
            .map(|(at, hit)| view! { <Match finder at hit lang=language own=own.clone()/> })
            .collect_view();
        Some(view! {
            <ul
                id=LIST
                class="canned-list"
                role="listbox"
                aria-label=label.clone()
                tabindex="0"
                aria-activedescendant=move || finder.active.get().map(option_id)
            >
                {options}
            </ul>
        })
    };
    let told = {
        let t = t.clone();
        move || {
            let found = finder.found.read();
            found.as_ref().filter(|found| !found.hits.is_empty()).map(|found| t.canned_found(found.hits.len()))
        }
    };
    let note = move || {
        let found = finder.found.read();
        found.as_ref().filter(|found| found.asked && found.hits.is_empty()).map(|_| match finder.shelf.stock() {
            Stock::Empty => t.canned_loading(),
            Stock::Failed => t.canned_failed(),
            Stock::Here if finder.shelf.read(Book::is_empty) => t.canned_none_yet(),
            Stock::Here => t.canned_none_found(),
        })
    };
    view! {
        // Pressing leaves the focus, and a phone's keyboard, where they are.
        <div class="canned-place" on:mousedown=|event| event.prevent_default()>
            {list}
            <p class="canned-note small muted" role="status">{note}</p>
            <p class="visually-hidden" aria-live="polite">{told}</p>
        </div>
    }
    .into_any()
}

#[component]
fn Match(finder: Finder, at: usize, hit: Arc<Canned>, lang: &'static str, own: String) -> impl IntoView {
    let text = finder.filled(&hit);
    let mine = (hit.scope == Scope::Own).then(|| view! { " " <span class="chip">{own}</span> });
    view! {
        <li
            id=option_id(at)
            class="canned-option"
            role="option"
            aria-selected=move || if finder.active.get() == Some(at) { "true" } else { "false" }
            on:click=move |_| finder.click(at)
        >
            <span class="canned-name">
                <b>{hit.words.shortcut.clone()}</b>
                {mine}
            </span>
            <span class="canned-text small muted" lang=lang>
                {marked(&text)}
            </span>
        </li>
    }
    .into_any()
}

/// A text with its blanks marked.
fn marked(text: &str) -> Vec<AnyView> {
    let mut parts = Vec::new();
    let mut at = 0;
    for blank in blanks(text) {
        parts.push(text[at..blank.range.start].to_owned().into_any());
        at = blank.range.end;
        parts.push(view! { <mark class="canned-blank">{text[blank.range].to_owned()}</mark> }.into_any());
    }
    parts.push(text[at..].to_owned().into_any());
    parts
}

/// The id of the line about blanks.
const PROBLEM: &str = "canned-problem";

/// Why a message with blanks does not go out; which ones, as long as they are there.
#[component]
pub(super) fn Unresolved(finder: Finder, value: RwSignal<String>) -> impl IntoView {
    let t = texts();
    let line = move || {
        let names = finder.refused.get().then(|| names(&t, &value.read())).filter(|names| !names.is_empty())?;
        Some(view! {
            <p class="problem canned-problem small" id=PROBLEM>
                <Icon name="alert"/>
                " "
                {t.canned_unresolved(names.join(", "))}
            </p>
        })
    };
    view! { <div role="alert">{line}</div> }.into_any()
}

/// The blanks of a text as one calls them, each once.
fn names(t: &Texts, draft: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for blank in blanks(draft) {
        let name = match Known::parse(blank.name) {
            Some(Known::Customer) => t.canned_blank_customer(),
            Some(Known::Agent) => t.canned_blank_agent(),
            Some(Known::Service) => t.canned_blank_service(),
            None if blank.name.is_empty() => "{{}}".to_owned(),
            None => text::line(blank.name, NAME_MAX),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.len() > NAMES_MAX {
        names.truncate(NAMES_MAX);
        names.push("…".to_owned());
    }
    names
}

/// Tells assistive technology what the field does: it names the list and what is chosen in
/// it. A text of several lines cannot be a combobox, so it stays a text box.
pub(super) fn describe(finder: Finder, value: RwSignal<String>, field: NodeRef<html::Textarea>) {
    let set = move |name: &str, value: Option<&str>| {
        if let Some(field) = field.get_untracked() {
            // Only a broken name is refused.
            drop(value.map_or_else(|| field.remove_attribute(name), |value| field.set_attribute(name, value)));
        }
    };
    Effect::new(move |_| {
        if field.get().is_some() {
            set("aria-autocomplete", Some("list"));
            set("aria-haspopup", Some("listbox"));
        }
    });
    Effect::new(move |_| {
        let shown = finder.found.read().as_ref().is_some_and(|found| !found.hits.is_empty());
        let chosen = finder.active.get().filter(|_| shown).map(option_id);
        set("aria-controls", shown.then_some(LIST));
        set("aria-activedescendant", chosen.as_deref());
    });
    Effect::new(move |_| {
        let wrong = finder.refused.get() && !blanks(&value.read()).is_empty();
        set("aria-invalid", wrong.then_some("true"));
        set("aria-describedby", wrong.then_some(PROBLEM));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service::Language;

    #[test]
    fn blanks_are_called_by_their_names_once_and_not_without_end() {
        let t = Texts::of(Language::Ko);
        assert_eq!(names(&t, "{{customer.name}} {{주문번호}} {{ 주문번호 }} {{}}"), ["고객 이름", "주문번호", "{{}}"]);
        let many: String = (0..9).map(|n| format!("{{{{{n}}}}}")).collect();
        assert_eq!(names(&t, &many), ["0", "1", "2", "3", "4", "…"]);
        assert_eq!(names(&t, &format!("{{{{{}}}}}", "가".repeat(99)))[0].chars().count(), NAME_MAX);
    }
}
