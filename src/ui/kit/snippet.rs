use super::{button::Button, texts};
use crate::ui::live::host;
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// A piece of code to take along.
#[component]
pub fn Snippet(
    code: String,
    /// What it is, where that is not the code to embed.
    #[prop(optional, into)]
    label: String,
) -> impl IntoView {
    let t = texts();
    let label = if label.is_empty() { t.console_snippet_title() } else { label };
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
            <pre tabindex="0" aria-label=label><code>{code}</code></pre>
            <Button on_press=take>
                <span aria-live="polite">{move || if copied.get() { done.clone() } else { copy.clone() }}</span>
            </Button>
        </div>
    }
    .into_any()
}
