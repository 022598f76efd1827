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
    let values: Vec<T> = tabs.iter().map(|t| t.value).collect();
    let choose = move |event: ev::KeyboardEvent| {
        let Some(at) = values.iter().position(|v| *v == selected.get_untracked()) else { return };
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % values.len(),
            "ArrowLeft" => (at + values.len() - 1) % values.len(),
            "Home" => 0,
            "End" => values.len() - 1,
            _ => return,
        };
        event.prevent_default();
        on_select.run(values[to]);
        let button = u32::try_from(to).ok().and_then(|to| node.get_untracked()?.children().item(to));
        if let Some(button) = button.and_then(|b| b.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Focus fails only where the button left the page meanwhile.
            drop(button.focus());
        }
    };
    let buttons = tabs
        .into_iter()
        .map(|TabName { value, key, label }| {
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
                >
                    {move || label.get()}
                </button>
            }
        })
        .collect_view();
    view! {
        <div node_ref=node class="tabs" role="tablist" aria-label=label on:keydown=choose>
            {buttons}
        </div>
    }
    .into_any()
}
