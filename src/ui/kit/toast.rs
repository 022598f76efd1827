use super::{IconButton, icon::Icon, texts};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

const SHOWN: Duration = Duration::from_secs(7);

/// What a toast tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    Info,
    Trouble,
}

#[derive(Clone, Debug)]
struct Toast {
    id: u32,
    kind: ToastKind,
    text: String,
}

/// Short messages at the edge of the page, one list for the whole page.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Makes the list and gives it to everything below.
    #[must_use]
    pub fn provide() -> Self {
        let toasts = Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        provide_context(toasts);
        toasts
    }

    /// Tells something that needs no action.
    pub fn info(self, text: String) {
        self.push(ToastKind::Info, text);
    }

    /// Tells that something did not work.
    pub fn trouble(self, text: String) {
        self.push(ToastKind::Trouble, text);
    }

    fn push(self, kind: ToastKind, text: String) {
        let id = self.next.try_update_value(|n| {
            *n += 1;
            *n
        });
        let Some(id) = id else { return };
        self.list.update(|list| {
            list.retain(|t| t.text != text);
            list.push(Toast { id, kind, text });
        });
    }

    fn drop(self, id: u32) {
        self.list.update(|list| list.retain(|t| t.id != id));
    }
}

/// Where the toasts appear; once per page.
#[component]
pub fn ToastRegion(toasts: Toasts) -> impl IntoView {
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.list.get() key=|t| t.id let:toast>
                <ToastCard toasts toast/>
            </For>
        </div>
    }
    .into_any()
}

#[component]
fn ToastCard(toasts: Toasts, toast: Toast) -> impl IntoView {
    let Toast { id, kind, text } = toast;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let start = move || timer.set_value(set_timeout_with_handle(move || toasts.drop(id), SHOWN).ok());
    let stop = move || {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    Effect::new(move |_| start());
    on_cleanup(stop);
    view! {
        <div class="toast" class:trouble=kind == ToastKind::Trouble on:pointerenter=move |_| stop() on:pointerleave=move |_| start()>
            {match kind {
                ToastKind::Info => view! { <Icon name="info"/> },
                ToastKind::Trouble => view! { <Icon name="alert"/> },
            }}
            <span>{text}</span>
            <IconButton icon="x" label=texts().common_close() on_press=Callback::new(move |()| toasts.drop(id))/>
        </div>
    }
    .into_any()
}
