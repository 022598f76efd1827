use super::field::Bound;
use leptos::prelude::*;

/// A labelled text of several lines with its hint and its problem.
#[component]
pub fn Area(
    /// Unique in the document.
    #[prop(into)]
    id: String,
    label: String,
    #[prop(into)] value: Bound<String>,
    #[prop(default = 3)] rows: u32,
    /// BCP 47 code of what is written in it.
    #[prop(optional)]
    lang: &'static str,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] problem: Signal<Option<String>>,
) -> impl IntoView {
    let (for_id, hint_id, problem_id) = (id.clone(), format!("{id}-hint"), format!("{id}-problem"));
    let described = {
        let (hint_id, problem_id, hinted) = (hint_id.clone(), problem_id.clone(), !hint.is_empty());
        move || match (problem.read().is_some(), hinted) {
            (true, _) => Some(problem_id.clone()),
            (false, true) => Some(hint_id.clone()),
            (false, false) => None,
        }
    };
    view! {
        <div class="field" class:wrong=move || problem.read().is_some()>
            <label for=for_id>{label}</label>
            <textarea
                id=id
                class="input area"
                rows=rows
                lang=(!lang.is_empty()).then_some(lang)
                aria-describedby=described
                aria-invalid=move || problem.read().is_some().then_some("true")
                prop:value=value.get
                on:input=move |event| value.set.run(event_target_value(&event))
            >
                {value.get.get_untracked()}
            </textarea>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id hidden=move || problem.read().is_some()>{hint}</p> })}
            <p class="problem" id=problem_id hidden=move || problem.read().is_none()>{move || problem.get()}</p>
        </div>
    }
    .into_any()
}
