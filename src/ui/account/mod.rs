//! Signing in, the first-run set-up and one's own account.

mod join;
mod mine;
mod own;
mod set_up;
mod sign_in;
mod tickets;

pub use join::JoinPage;
pub use mine::AccountPage;
pub use set_up::SetUpPage;
pub use sign_in::SignInPage;
pub use tickets::TicketAssignPage;

use crate::ui::kit::Logo;
use leptos::prelude::*;

/// The frame of the pages that need no session: the mark, a title, a card.
#[component]
fn Doorway(title: String, #[prop(optional, into)] text: String, children: Children) -> impl IntoView {
    view! {
        <main class="doorway">
            <div class="doorway-card">
                <Logo/>
                <h1>{title}</h1>
                {(!text.is_empty()).then(|| view! { <p class="muted">{text}</p> })}
                {children()}
            </div>
        </main>
    }
    .into_any()
}

/// Why the form did not work, read out at once.
#[component]
fn FormAlert(#[prop(into)] text: Signal<Option<String>>) -> impl IntoView {
    view! {
        <div role="alert" class="form-alert-place">
            {move || text.get().map(|text| view! { <p class="form-alert">{text}</p> })}
        </div>
    }
    .into_any()
}
