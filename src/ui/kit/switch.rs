use super::field::Bound;
use leptos::{prelude::*, web_sys};

/// Something that is on or off, with its name beside it. It shows what the value is: a
/// change that is refused, or asks a question first, leaves it as it was.
#[component]
pub fn Switch(
    label: String,
    #[prop(into)] value: Bound<bool>,
    /// The name is for screen readers only: what stands around says it to the eye.
    #[prop(optional)]
    bare: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                checked=value.get.get_untracked()
                prop:checked=value.get
                disabled=disabled
                on:change=move |event| {
                    let input = event_target::<web_sys::HtmlInputElement>(&event);
                    let wanted = input.checked();
                    input.set_checked(value.get.get_untracked());
                    value.set.run(wanted);
                }
            />
            <span class=if bare { "visually-hidden" } else { "" }>{label}</span>
        </label>
    }
    .into_any()
}
