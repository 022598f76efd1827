use super::field::Bound;
use leptos::{html, prelude::*};

/// A labelled text of several lines with its hint and its problem. Reads back what was
/// typed before the page came alive.
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
    let node = NodeRef::<html::Textarea>::new();
    let adopted = StoredValue::new(false);
    Effect::new(move |_| {
        let Some(field) = node.get() else { return };
        let (now, shown) = (value.get.get(), field.value());
        // The server writes an empty text as a blank.
        let typed = !adopted.get_value() && !shown.trim().is_empty() && shown != now;
        adopted.set_value(true);
        if typed {
            value.set.run(shown);
        } else if shown != now {
            field.set_value(&now);
        }
    });
    let initial = as_written(value.get.get_untracked());
    view! {
        <div class="field" class:wrong=move || problem.read().is_some()>
            <label for=for_id>{label}</label>
            <textarea
                node_ref=node
                id=id
                class="input area"
                rows=rows
                lang=(!lang.is_empty()).then_some(lang)
                aria-describedby=described
                aria-invalid=move || problem.read().is_some().then_some("true")
                on:input=move |event| value.set.run(event_target_value(&event))
            >
                {initial}
            </textarea>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id hidden=move || problem.read().is_some()>{hint}</p> })}
            <p class="problem" id=problem_id hidden=move || problem.read().is_none()>{move || problem.get()}</p>
        </div>
    }
    .into_any()
}

/// What stands between the tags: the server writes a textarea's text as it is, so that
/// what could end the element is escaped here.
fn as_written(text: String) -> String {
    if cfg!(feature = "ssr") { text.replace('&', "&amp;").replace('<', "&lt;") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_text_cannot_leave_its_field() {
        let html = Owner::new()
            .with(|| view! { <Area id="a" label=String::new() value=RwSignal::new("</textarea><img src=x>&lt;".to_owned())/> }.to_html());
        assert!(html.contains("&lt;/textarea>&lt;img src=x>&amp;lt;"), "{html}");
    }
}
