//! 운영시간 (A12–A14, G26): the channel's hours, and those of a queue that has its own.

mod bars;
mod edit;
mod editor;
mod exceptions;
mod holidays;
mod intake;
mod local;
mod preview;
mod scope;
mod sentence;
mod slot;
mod spans;
mod week;
mod words;

pub use sentence::summary;

use super::{SettingsPage, editing::SaveBar, stale::StaleNotice};
use crate::{
    domain::ids::QueueId,
    ui::{kit::texts, live::host, load::load_with},
};
use editor::{Editor, Stored, fetch};
use exceptions::Exceptions;
use holidays::Holidays;
use intake::{LastIntake, StopCard};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast as _, web_sys};
use leptos_router::hooks::use_query_map;
use preview::Preview;
use scope::Scope;
use week::Week;

/// `/settings/hours`, with `?queue=` for a queue's.
#[component]
pub fn HoursPage() -> impl IntoView {
    let t = texts();
    let asked = asked();
    view! {
        <SettingsPage group=t.settings_operation() title=t.hours_title() lead=t.hours_lead() wide=true>
            {load_with(move || fetch(asked.get_untracked()), |stored, _| view! { <Hours stored/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// The queue that the address names.
fn asked() -> Memo<Option<QueueId>> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get("queue").and_then(|id| id.parse().ok()))
}

#[component]
fn Hours(stored: Stored) -> impl IntoView {
    let editor = Editor::new(stored);
    let asked = asked();
    Effect::new(move |_| {
        let asked = asked.get();
        if asked != editor.stored.read_untracked().queue {
            editor.open(asked);
        }
    });
    let problem = editor.work.problem("calendar");
    // A save that changes nothing about it must not draw the calendar anew.
    let own = Memo::new(move |_| editor.own.get());
    view! {
        <StopCard editor/>
        <div class="hours">
            <div class="hours-main">
                <div class="form-alert-place" role="alert">
                    {move || {
                        let page = editor.theirs.get()?;
                        let (load, save) = (Callback::new(move |()| editor.load_theirs()), Callback::new(move |()| editor.save()));
                        Some(
                            view! {
                                <StaleNotice
                                    differs=editor.changed_meanwhile(&page)
                                    changed=page.hours.changed
                                    busy=editor.work.busy
                                    on_load=load
                                    on_save=save
                                />
                            },
                        )
                    }}
                </div>
                <Scope editor/>
                {move || {
                    own.get()
                        .then(|| {
                            view! {
                                <Week editor/>
                                <Exceptions editor/>
                                <Holidays editor/>
                                <LastIntake editor/>
                            }
                        })
                }}
                <p class="form-alert" role="alert" hidden=move || problem.read().is_none()>{problem}</p>
                <SaveBar
                    dirty=editor.dirty
                    work=editor.work
                    on_save=Callback::new(move |()| editor.save())
                    on_revert=Callback::new(move |()| editor.revert())
                />
            </div>
            <aside class="hours-side" aria-labelledby="hours-preview">
                <Preview editor/>
            </aside>
        </div>
    }
    .into_any()
}

/// Focuses an element when what was just changed has been drawn.
fn focus(id: &'static str) {
    host::next_frame(move || {
        let there = document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(there) = there {
            // Focus fails only where the element left the page meanwhile.
            drop(there.focus());
        }
    });
}

/// Whether a key was pressed in a field, and not on a button, which it presses.
fn is_field(event: &ev::KeyboardEvent) -> bool {
    event.target().is_some_and(|t| t.dyn_into::<web_sys::HtmlInputElement>().is_ok())
}
