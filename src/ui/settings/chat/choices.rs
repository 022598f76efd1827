//! One of a few.

use crate::ui::kit::Bound;
use leptos::prelude::*;

/// A choice: its value, its name, and a sentence about it where the name is not enough.
pub struct Choice<T> {
    pub value: T,
    pub label: String,
    pub text: String,
}

impl<T> Choice<T> {
    pub fn new(value: T, label: String) -> Self {
        Self { value, label, text: String::new() }
    }

    pub fn with(self, text: String) -> Self {
        Self { text, ..self }
    }
}

/// Radio buttons under a name.
#[component]
pub fn Choices<T: Copy + PartialEq + Send + Sync + 'static>(
    /// The name of the radio buttons; unique in the document.
    name: &'static str,
    label: String,
    /// The name is for screen readers only.
    #[prop(optional)]
    bare: bool,
    choices: Vec<Choice<T>>,
    #[prop(into)] value: Bound<T>,
) -> impl IntoView {
    let choices = choices
        .into_iter()
        .map(|Choice { value: mine, label, text }| {
            let chosen = move || value.get.get() == mine;
            let told = !text.is_empty();
            let text = told.then(|| view! { <span class="hint">{text}</span> });
            view! {
                <label class="choice" class:told=told>
                    <input
                        type="radio"
                        name=name
                        checked=value.get.get_untracked() == mine
                        prop:checked=chosen
                        on:change=move |_| value.set.run(mine)
                    />
                    <span>{label} {text}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choices-field">
            <legend class=if bare { "visually-hidden" } else { "" }>{label}</legend>
            <div class="choices">{choices}</div>
        </fieldset>
    }
    .into_any()
}
