//! A button that is an icon; its name is read out, and shown by the pointer.

use super::Icon;
use leptos::prelude::*;

#[component]
pub fn IconButton(
    /// As [`Icon`] names it.
    icon: &'static str,
    #[prop(into)] label: Signal<String>,
    /// Where the focus must find it again.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" class="icon-btn" id=id aria-label=label title=label disabled=disabled on:click=move |_| on_press.run(())>
            <Icon name=icon/>
        </button>
    }
    .into_any()
}
