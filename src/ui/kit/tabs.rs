use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys};

/// One tab: its value, its part of the ids, its name.
#[derive(Clone)]
pub struct TabName<T> {
    pub value: T,
    pub key: &'static str,
    pub label: Signal<String>,
}

/// The id of a tab, for the panel's `aria-labelledby`.
#[must_use]
pub fn tab_id(list: &str, key: &str) -> String {
    format!("{list}-tab-{key}")
}

/// The id of the panel that the tabs of `list` fill.
#[must_use]
pub fn panel_id(list: &str) -> String {
    format!("{list}-panel")
}

/// Tabs by the ARIA pattern: one tab stop, arrows move and choose. They share one panel,
/// whose id is [`panel_id`].
#[component]
pub fn TabList<T>(
    /// Unique in the document.
    id: &'static str,
    label: String,
    tabs: Vec<TabName<T>>,
    #[prop(into)] selected: Signal<T>,
    on_select: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let node = NodeRef::<html::Div>::new();
    let count = tabs.len();
    let values = StoredValue::new(tabs.iter().map(|t| t.value).collect::<Vec<T>>());
    let choose = move |event: ev::KeyboardEvent, at: usize| {
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % count,
            "ArrowLeft" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        values.with_value(|values| on_select.run(values[to]));
        let button = u32::try_from(to).ok().and_then(|to| node.get_untracked()?.children().item(to));
        if let Some(button) = button.and_then(|b| b.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Focus fails only where the button left the page meanwhile.
            drop(button.focus());
        }
    };
    let buttons = tabs
        .into_iter()
        .enumerate()
        .map(|(at, TabName { value, key, label })| {
            let chosen = move || selected.get() == value;
            view! {
                <button
                    type="button"
                    role="tab"
                    class="tab"
                    id=tab_id(id, key)
                    aria-selected=move || if chosen() { "true" } else { "false" }
                    aria-controls=panel_id(id)
                    tabindex=move || if chosen() { "0" } else { "-1" }
                    on:click=move |_| on_select.run(value)
                    on:keydown=move |event| choose(event, at)
                >
                    {move || label.get()}
                </button>
            }
        })
        .collect_view();
    view! {
        <div node_ref=node class="tabs" role="tablist" aria-label=label>
            {buttons}
        </div>
    }
    .into_any()
}
