use super::{line::Line, model::Tab};
use crate::ui::kit::{Icon, texts};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// The chat icon at the bottom right of every signed-in page (A8). It blinks while a
/// chat waits that nobody here has looked at (A32).
#[component]
pub fn ChatIcon(line: Line) -> impl IntoView {
    let t = texts();
    let waiting = Memo::new(move |_| line.store.count(Tab::Waiting));
    let blinks = Memo::new(move |_| !line.store.calls().is_empty());
    let name = move || match waiting.get() {
        0 => t.console_chat_icon(),
        n => t.console_chat_icon_waiting(n),
    };
    let navigate = use_navigate();
    view! {
        <button
            type="button"
            class="chat-icon"
            class:blinks=blinks
            data-count=move || (waiting.get() > 0).then(|| waiting.get().to_string())
            data-blinking=move || blinks.get().then_some("true")
            aria-label=name.clone()
            title=name
            on:click=move |_| {
                line.tab.set(Tab::Waiting);
                line.store.look(None);
                navigate("/console", Default::default());
            }
        >
            <Icon name="message" size=20/>
        </button>
    }
    .into_any()
}
