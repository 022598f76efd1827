//! A number with its unit and its range.

use crate::ui::kit::{Bound, texts};
use leptos::{html, prelude::*};
use std::ops::RangeInclusive;

/// A labelled number: the sentence says what it does, the hint what it may be.
#[component]
pub fn NumberField(
    /// Unique in the document.
    id: &'static str,
    label: String,
    text: String,
    unit: String,
    range: RangeInclusive<u16>,
    /// As typed: an empty or half-written number is none yet.
    #[prop(into)]
    value: Bound<String>,
    #[prop(into)] problem: Signal<Option<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let adopted = StoredValue::new(false);
    // Not `prop:value`, which would empty a field whose number is half written.
    Effect::new(move |_| {
        let Some(input) = node.get() else { return };
        let (now, shown) = (value.get.get(), input.value());
        // What was typed before the page came alive stays.
        let typed = !adopted.get_value() && !shown.is_empty() && shown != now;
        adopted.set_value(true);
        if typed {
            value.set.run(shown);
        } else if shown != now {
            input.set_value(&now);
        }
    });
    let (text_id, hint_id, problem_id) = (format!("{id}-text"), format!("{id}-hint"), format!("{id}-problem"));
    let described = {
        let (text_id, hint_id, problem_id) = (text_id.clone(), hint_id.clone(), problem_id.clone());
        move || format!("{} {text_id} {hint_id}", if problem.read().is_some() { &problem_id } else { "" }).trim().to_owned()
    };
    let hint = texts().chat_range(range.start(), range.end(), &unit);
    view! {
        <div class="field number" class:wrong=move || problem.read().is_some()>
            <div class="number-words">
                <label for=id>{label}</label>
                <p class="hint" id=text_id>{text}</p>
            </div>
            <div class="number-value">
                <p class="number-input">
                    <input
                        node_ref=node
                        id=id
                        class="input"
                        type="number"
                        inputmode="numeric"
                        min=range.start().to_string()
                        max=range.end().to_string()
                        step="1"
                        autocomplete="off"
                        value=value.get.get_untracked()
                        disabled=disabled
                        aria-describedby=described
                        aria-invalid=move || problem.read().is_some().then_some("true")
                        on:input=move |event| value.set.run(event_target_value(&event))
                    />
                    <span>{unit}</span>
                </p>
                <p class="hint" id=hint_id>{hint}</p>
                <p class="problem" id=problem_id hidden=move || problem.read().is_none()>{move || problem.get()}</p>
            </div>
        </div>
    }
    .into_any()
}
