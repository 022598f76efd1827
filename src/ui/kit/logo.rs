use leptos::prelude::*;

/// The mark and the name (담소: a pleasant talk).
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <div class="logo">
            <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
                <path class="logo-back" d="M4 9a5 5 0 0 1 5-5h14a5 5 0 0 1 5 5v9a5 5 0 0 1-5 5h-9l-6.2 4.7A.5.5 0 0 1 7 27.3V22.6A5 5 0 0 1 4 18z"/>
                <circle class="logo-dot" cx="12" cy="13.5" r="2"/>
                <circle class="logo-dot" cx="20" cy="13.5" r="2"/>
            </svg>
            <span>"Damso"</span>
        </div>
    }
    .into_any()
}
