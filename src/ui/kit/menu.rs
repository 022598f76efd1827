//! A button that opens a short list of further actions (ARIA menu button).

use super::Icon;
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys};

/// One action of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    pub key: &'static str,
    pub label: String,
}

/// The button and its menu: arrows move, Enter chooses, Escape and leaving close it.
#[component]
pub fn Menu(
    /// Unique in the document.
    id: &'static str,
    /// Name of the button.
    label: String,
    #[prop(default = "chevron-down")] icon: &'static str,
    #[prop(into)] items: Signal<Vec<MenuItem>>,
    on_choose: Callback<&'static str>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let (button, list) = (NodeRef::<html::Button>::new(), NodeRef::<html::Div>::new());
    let to_button = move || {
        if let Some(button) = button.get_untracked() {
            // Refused only where the button left the page meanwhile.
            drop(button.focus());
        }
    };
    let to_item = move |at: u32| {
        let item = list.get_untracked().and_then(|list| list.children().item(at));
        if let Some(item) = item.and_then(|i| i.dyn_into::<web_sys::HtmlElement>().ok()) {
            drop(item.focus());
        }
    };
    // The first action has the focus once it is drawn.
    Effect::new(move |_| {
        if open.get() && list.get().is_some() {
            to_item(0);
        }
    });
    let on_key = move |event: ev::KeyboardEvent, at: u32| {
        let count = u32::try_from(items.read_untracked().len()).unwrap_or(1).max(1);
        match event.key().as_str() {
            "ArrowDown" => to_item((at + 1) % count),
            "ArrowUp" => to_item((at + count - 1) % count),
            "Home" => to_item(0),
            "End" => to_item(count - 1),
            "Escape" => {
                open.set(false);
                to_button();
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    // Only a focus that goes elsewhere closes it: the button's own press decides by itself.
    let on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
        let stays = |node: Option<&web_sys::Node>| node.is_some_and(|node| node.contains(to.as_ref()));
        let within = list.get_untracked().is_some_and(|l| stays(Some(&l))) || button.get_untracked().is_some_and(|b| stays(Some(&b)));
        if !within {
            open.set(false);
        }
    };
    let list_id = format!("{id}-menu");
    let controls = list_id.clone();
    view! {
        <div class="menu-place" on:focusout=on_leave>
            <button
                type="button"
                class="icon-btn menu-button"
                node_ref=button
                aria-label=label.clone()
                title=label.clone()
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls=controls
                on:click=move |_| open.update(|o| *o = !*o)
            >
                <Icon name=icon size=20/>
            </button>
            {move || {
                open.get()
                    .then(|| {
                        let rows = (0_u32..)
                            .zip(items.get())
                            .map(|(at, item)| {
                                let choose = move |_| {
                                    open.set(false);
                                    to_button();
                                    on_choose.run(item.key);
                                };
                                view! {
                                    <button type="button" role="menuitem" tabindex="-1" on:click=choose on:keydown=move |event| on_key(event, at)>
                                        {item.label}
                                    </button>
                                }
                            })
                            .collect_view();
                        view! {
                            <div class="menu" role="menu" id=list_id.clone() aria-label=label.clone() node_ref=list>
                                {rows}
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}
