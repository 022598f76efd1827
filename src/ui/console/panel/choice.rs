//! A labelled choice of a few.

use crate::ui::kit::Bound;
use leptos::prelude::*;

/// A select: each option has a code and a name.
#[component]
pub fn Choice(
    /// Unique in the document.
    id: &'static str,
    label: String,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Bound<String>,
    #[prop(optional, into)] problem: Signal<Option<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let problem_id = format!("{id}-problem");
    let described = problem_id.clone();
    view! {
        <div class="field" class:wrong=move || problem.read().is_some()>
            <label for=id>{label}</label>
            <select
                id=id
                class="input"
                disabled=disabled
                aria-describedby=move || problem.read().is_some().then(|| described.clone())
                aria-invalid=move || problem.read().is_some().then_some("true")
                on:change=move |event| value.set.run(event_target_value(&event))
            >
                {move || {
                    let now = value.get.get();
                    options
                        .get()
                        .into_iter()
                        .map(|(code, name)| {
                            let chosen = code == now;
                            view! { <option value=code prop:selected=chosen selected=chosen>{name}</option> }
                        })
                        .collect_view()
                }}
            </select>
            <p class="problem" id=problem_id hidden=move || problem.read().is_none()>{move || problem.get()}</p>
        </div>
    }
    .into_any()
}
