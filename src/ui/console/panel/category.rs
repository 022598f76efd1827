//! 처리유형 (A54): picked from the tree by what is typed, by keyboard or by pointer (ARIA
//! combobox with a list).

use super::beside::Beside;
use crate::{
    domain::{category::Tree, ids::CategoryId},
    ui::{
        kit::{Bound, Icon, texts},
        live::host,
    },
};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast as _, web_sys};

fn option_id(id: &str, at: usize) -> String {
    format!("{id}-{at}")
}

/// The field and its list. Closed, it shows the path of what is picked.
#[component]
pub fn CategoryPicker(
    beside: Beside,
    /// Unique in the document.
    id: &'static str,
    #[prop(into)] value: Bound<Option<CategoryId>>,
    #[prop(into)] problem: Signal<Option<String>>,
) -> impl IntoView {
    let t = texts();
    let language = t.language;
    let tree = beside.part(|panel| panel.tree.clone());
    let required = beside.part(|panel| panel.category_required);
    let stored = beside.part(|panel| (panel.noted.value.category, panel.path.clone()));
    let read = move |read: &dyn Fn(&Tree) -> Option<String>| tree.with(|tree| tree.as_ref().and_then(read));
    // A deleted category is known by the path that it had.
    let deleted = t.panel_category_deleted_suffix();
    let shown = Memo::new(move |_| {
        let Some(id) = value.get.get() else { return String::new() };
        read(&|tree| tree.path(id, language)).unwrap_or_else(|| {
            let known =
                stored.with(|stored| stored.as_ref().filter(|(at, _)| *at == Some(id)).map(|(_, path)| path.get(language).to_owned()));
            format!("{} {deleted}", known.unwrap_or_default()).trim().to_owned()
        })
    });
    let (open, at) = (RwSignal::new(false), RwSignal::new(0_usize));
    // None: nothing was typed since it opened, so that all are there to choose from.
    let typed = RwSignal::new(None::<String>);
    let found = Memo::new(move |_| {
        let query = typed.get().unwrap_or_default();
        tree.with(|tree| tree.as_ref().map(|tree| tree.search(&query, language)).unwrap_or_default())
    });
    let (list_id, problem_id) = (format!("{id}-list"), format!("{id}-problem"));
    let node = NodeRef::<html::Input>::new();
    // The field follows what is picked, unless somebody types in it.
    Effect::new(move |_| {
        let (Some(input), shown, typed) = (node.get(), shown.get(), typed.get()) else { return };
        if typed.is_none() && input.value() != shown {
            input.set_value(&shown);
        }
    });
    let begin = move || {
        if !open.get_untracked() {
            let picked = value.get.get_untracked();
            at.set(found.with_untracked(|found| found.iter().position(|(id, _)| Some(*id) == picked)).unwrap_or_default());
            open.set(true);
        }
    };
    let end = move || {
        open.set(false);
        typed.set(None);
        if let Some(input) = node.get_untracked() {
            input.set_value(&shown.get_untracked());
        }
    };
    let pick = move |id: Option<CategoryId>| {
        value.set.run(id);
        end();
    };
    // What the arrows have come to is in view.
    Effect::new(move |_| {
        let (at, open) = (at.get(), open.get());
        if open {
            host::next_frame(move || in_view(id, at));
        }
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let last = found.read_untracked().len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" if !open.get_untracked() => begin(),
            "ArrowDown" => at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" if open.get_untracked() => at.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Enter" if open.get_untracked() => {
                if let Some((id, _)) = found.read_untracked().get(at.get_untracked()).cloned() {
                    pick(Some(id));
                }
            }
            "Escape" if open.get_untracked() => end(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let on_input = move |event: ev::Event| {
        open.set(true);
        at.set(0);
        typed.set(Some(event_target_value(&event)));
    };
    let on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Element>().ok());
        if to.is_none_or(|to| to.closest(".picker").ok().flatten().is_none()) {
            end();
        }
    };
    let (label, nothing, clear, none) = (t.panel_category(), t.panel_category_nothing(), t.panel_category_clear(), t.panel_category_none());
    let (required_word, placeholder, list_label) = (t.panel_category_required(), t.panel_category_search(), label.clone());
    let empty = Memo::new(move |_| tree.with(|tree| tree.as_ref().is_none_or(|tree| tree.0.is_empty())));
    view! {
        <div class="field picker" class:wrong=move || problem.read().is_some() on:focusout=on_leave>
            <label for=id>
                {label}
                {move || {
                    let word = required_word.clone();
                    (required.get() == Some(true)).then(|| view! { " " <span class="muted small">{word}</span> })
                }}
            </label>
            <div class="control">
                <input
                    node_ref=node
                    id=id
                    class="input"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=placeholder
                    aria-autocomplete="list"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-controls=list_id.clone()
                    aria-activedescendant=move || (open.get() && !found.read().is_empty()).then(|| option_id(id, at.get()))
                    aria-describedby=problem_id.clone()
                    aria-invalid=move || problem.read().is_some().then_some("true")
                    disabled=empty
                    on:click=move |_| begin()
                    on:input=on_input
                    on:keydown=on_key
                />
                {move || {
                    let label = clear.clone();
                    value.get.get()
                        .map(|_| {
                            view! {
                                <button type="button" class="icon-btn reveal" aria-label=label.clone() title=label on:click=move |_| {
                                    pick(None);
                                    if let Some(input) = node.get_untracked() {
                                        drop(input.focus());
                                    }
                                }>
                                    <Icon name="x"/>
                                </button>
                            }
                        })
                }}
            </div>
            <div class="picker-list" hidden=move || !open.get()>
                <ul role="listbox" id=list_id aria-label=list_label>
                    {move || {
                        found
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(n, (category, path))| {
                                view! {
                                    // The field keeps the focus.
                                    <li
                                        role="option"
                                        id=option_id(id, n)
                                        aria-selected=move || if at.get() == n { "true" } else { "false" }
                                        class:picked=move || value.get.get() == Some(category)
                                        on:mousedown=move |event| event.prevent_default()
                                        on:click=move |_| pick(Some(category))
                                    >
                                        {path}
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
                <p class="muted small" role="status">
                    {move || (open.get() && found.read().is_empty()).then(|| nothing.clone())}
                </p>
            </div>
            {move || {
                let none = none.clone();
                empty.get().then(|| view! { <p class="hint">{none}</p> })
            }}
            <p class="problem" id=problem_id hidden=move || problem.read().is_none()>
                {move || problem.get()}
            </p>
        </div>
    }
    .into_any()
}

/// Scrolls the list as far as it takes to see this option.
fn in_view(id: &str, at: usize) {
    let option = document().get_element_by_id(&option_id(id, at)).and_then(|option| option.dyn_into::<web_sys::HtmlElement>().ok());
    let Some((option, list)) = option.and_then(|option| Some((option.clone(), option.closest(".picker-list").ok().flatten()?))) else {
        return;
    };
    let (top, height) = (option.offset_top(), option.offset_height());
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if top + height > list.scroll_top() + list.client_height() {
        list.set_scroll_top(top + height - list.client_height());
    }
}
