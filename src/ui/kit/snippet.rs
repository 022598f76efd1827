use super::{button::Button, texts};
use crate::ui::live::host;
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// A piece of code to take along.
#[component]
pub fn Snippet(code: String) -> impl IntoView {
    let t = texts();
    let copied = RwSignal::new(false);
    let (copy, done) = (t.console_copy(), t.console_copied());
    let text = code.clone();
    let take = Callback::new(move |()| {
        let text = text.clone();
        spawn_local(async move {
            if host::copy_text(&text).await {
                // The page may be gone by then.
                let _ = copied.try_set(true);
                set_timeout(
                    move || {
                        let _ = copied.try_set(false);
                    },
                    Duration::from_secs(3),
                );
            }
        });
    });
    view! {
        <div class="snippet">
            <pre tabindex="0" aria-label=t.console_snippet_title()><code>{code}</code></pre>
            <Button on_press=take>
                <span aria-live="polite">{move || if copied.get() { done.clone() } else { copy.clone() }}</span>
            </Button>
        </div>
    }
    .into_any()
}
