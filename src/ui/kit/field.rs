use super::{icon::Icon, texts};
use leptos::{html, prelude::*};

/// A value that a control shows and changes: a signal of its own, or a part of a larger one.
pub struct Bound<T: Send + Sync + 'static> {
    pub get: Signal<T>,
    pub set: Callback<T>,
}

impl<T: Send + Sync + 'static> Clone for Bound<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Bound<T> {}

impl<T: Clone + Send + Sync + 'static> From<RwSignal<T>> for Bound<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self { get: signal.into(), set: Callback::new(move |value| signal.set(value)) }
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Bound<T> {
    /// A part of a larger value.
    pub fn part<W: Send + Sync + 'static>(
        whole: RwSignal<W>,
        get: impl Fn(&W) -> T + Send + Sync + 'static,
        set: impl Fn(&mut W, T) + Send + Sync + 'static,
    ) -> Self {
        // A memo, so that a change beside it leaves the control alone.
        let get = Memo::new(move |_| whole.with(&get));
        Self { get: get.into(), set: Callback::new(move |value| whole.update(|whole| set(whole, value))) }
    }
}

/// A labelled line of text with its hint and its problem. Reads back what was typed or
/// filled in before the page came alive; a password can be shown.
#[component]
pub fn Field(
    /// Unique in the document.
    #[prop(into)]
    id: String,
    /// The name in a form that is posted without script.
    name: &'static str,
    label: String,
    #[prop(into)] value: Bound<String>,
    /// `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] problem: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let texts = texts();
    let node = NodeRef::<html::Input>::new();
    let adopted = StoredValue::new(false);
    Effect::new(move |_| {
        let Some(input) = node.get() else { return };
        if !adopted.get_value() {
            adopted.set_value(true);
            if !input.value().is_empty() {
                value.set.run(input.value());
            }
        }
        let now = value.get.get();
        if input.value() != now {
            input.set_value(&now);
        }
    });
    let secret = kind == "password";
    let shown = RwSignal::new(false);
    let initial = value.get.get_untracked();
    let (for_id, controls) = (id.clone(), id.clone());
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    let described = {
        let (hint_id, problem_id, hinted) = (hint_id.clone(), problem_id.clone(), !hint.is_empty());
        move || match (problem.read().is_some(), hinted) {
            (true, _) => Some(problem_id.clone()),
            (false, true) => Some(hint_id.clone()),
            (false, false) => None,
        }
    };
    let toggle = secret.then(|| {
        let (show, hide) = (texts.account_show_password(), texts.account_hide_password());
        let name = move || if shown.get() { hide.clone() } else { show.clone() };
        view! {
            <button type="button" class="icon-btn reveal" aria-label=name.clone() title=name aria-controls=controls.clone() on:click=move |_| shown.update(|s| *s = !*s)>
                {move || if shown.get() { view! { <Icon name="eye-off"/> } } else { view! { <Icon name="eye"/> } }}
            </button>
        }
    });
    view! {
        <div class="field" class:wrong=move || problem.read().is_some()>
            <label for=for_id>{label}</label>
            <div class="control">
                <input
                    node_ref=node
                    id=id
                    name=name
                    class="input"
                    type=move || if secret && shown.get() { "text" } else { kind }
                    value=initial
                    autocomplete=(!autocomplete.is_empty()).then_some(autocomplete)
                    autocapitalize="none"
                    spellcheck="false"
                    required=required
                    autofocus=autofocus
                    aria-describedby=described
                    aria-invalid=move || problem.read().is_some().then_some("true")
                    on:input=move |event| value.set.run(event_target_value(&event))
                />
                {toggle}
            </div>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id hidden=move || problem.read().is_some()>{hint}</p> })}
            <p class="problem" id=problem_id hidden=move || problem.read().is_none()>{move || problem.get()}</p>
        </div>
    }
    .into_any()
}
