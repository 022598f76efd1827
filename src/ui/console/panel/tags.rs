//! 태그 to be picked: of a ticket, and of a chat.

use crate::{api::tickets::TagName, domain::ids::TagId, ui::kit::Bound};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The tags that are there, each on or off; a fixed one stays as it is.
#[component]
pub fn TagChoice(
    label: String,
    #[prop(into)] offers: Signal<Vec<TagName>>,
    #[prop(into)] value: Bound<BTreeSet<TagId>>,
    #[prop(optional, into)] problem: Signal<Option<String>>,
) -> impl IntoView {
    let tags = move || {
        offers
            .get()
            .into_iter()
            .map(|TagName { id, name, fixed }| {
                let on = Memo::new(move |_| value.get.with(|tags| tags.contains(&id)));
                let press = move |event| {
                    let mut tags = value.get.get_untracked();
                    if event_target_checked(&event) {
                        tags.insert(id);
                    } else {
                        tags.remove(&id);
                    }
                    value.set.run(tags);
                };
                view! {
                    <label class="tag">
                        <input type="checkbox" prop:checked=on disabled=fixed on:change=press/>
                        <span>{name}</span>
                    </label>
                }
            })
            .collect_view()
    };
    view! {
        <fieldset class="field tags-field" hidden=move || offers.read().is_empty()>
            <legend>{label}</legend>
            <div class="tags">{tags}</div>
            {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        </fieldset>
    }
    .into_any()
}
