//! Whose hours these are, what they come to, and what holds now.

use super::{
    editor::Editor,
    local::{sentence, state, told},
    sentence::summary,
};
use crate::{
    domain::{ids::QueueId, service::Queue},
    ui::kit::{Bound, Confirm, Switch, texts},
};
use leptos::{prelude::*, web_sys};
use leptos_router::{NavigateOptions, hooks::use_navigate};

#[component]
pub fn Scope(editor: Editor) -> impl IntoView {
    let t = texts();
    let queue = Memo::new(move |_| editor.stored.read().queue);
    let (asks, wanted) = (RwSignal::new(false), RwSignal::new(None));
    let navigate = use_navigate();
    // The address says which hours are shown, so that they can be linked to and reloaded.
    let go = Callback::new(move |queue: Option<QueueId>| {
        let to = queue.map_or_else(|| "/settings/hours".to_owned(), |id| format!("/settings/hours?queue={id}"));
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
    let choose = move |event| {
        let select = event_target::<web_sys::HtmlInputElement>(&event);
        let choice = event_target_value(&event).parse().ok();
        if editor.dirty.get_untracked() {
            // It shows what is open until the question is answered.
            select.set_value(&value_of(queue.get_untracked()));
            wanted.set(choice);
            asks.set(true);
        } else {
            go.run(choice);
        }
    };
    let leave = Callback::new(move |()| {
        asks.set(false);
        editor.revert();
        go.run(wanted.get_untracked());
    });
    let options = {
        let here = queue.get_untracked();
        let t = t.clone();
        let option = move |q: Queue| {
            let name = q.name.get(t.language).to_owned();
            let name = if q.active { name } else { t.hours_scope_inactive(name) };
            view! {
                <option value=q.id.to_string() selected=here == Some(q.id)>
                    {name}
                </option>
            }
        };
        editor.stored.read_untracked().page.queues.iter().cloned().map(option).collect_view()
    };
    let own = Bound { get: editor.own.into(), set: Callback::new(move |on| editor.set_own(on)) };
    let (own_label, own_text) = (t.hours_scope_own(), t.hours_scope_own_text());
    view! {
        <section class="card scope" aria-label=t.hours_summary()>
            <div class="field">
                <label for="hours-scope">{t.hours_scope()}</label>
                <select id="hours-scope" class="input" prop:value=move || value_of(queue.get()) on:change=choose>
                    <option value="" selected=queue.get_untracked().is_none()>
                        {t.hours_scope_channel()}
                    </option>
                    {options}
                </select>
            </div>
            {move || {
                let (label, text) = (own_label.clone(), own_text.clone());
                queue
                    .get()
                    .map(|_| {
                        view! {
                            <div>
                                <Switch label value=own/>
                                <p class="muted small">{text}</p>
                            </div>
                        }
                    })
            }}
            <Told editor/>
        </section>
        <Confirm
            id="hours-leave"
            open=asks
            title=t.hours_scope_leave()
            text=t.hours_scope_leave_text()
            confirm=t.hours_scope_leave_yes()
            danger=true
            on_confirm=leave
        />
    }
    .into_any()
}

fn value_of(queue: Option<QueueId>) -> String {
    queue.map(|id| id.to_string()).unwrap_or_default()
}

/// The draft in a sentence, and what the stored hours mean now.
#[component]
fn Told(editor: Editor) -> impl IntoView {
    let t = texts();
    let zone = editor.stored.read_untracked().page.zone.clone();
    let says = {
        let (t, zone) = (t.clone(), zone.clone());
        move || summary(&t, &editor.counting.read(), &zone)
    };
    let now = Memo::new(move |_| editor.stored.read().page.now);
    let chip = {
        let t = t.clone();
        move || {
            let (class, label) = state(&t, now.get());
            view! { <span class=class>{label}</span> }
        }
    };
    let now_says = {
        let t = t.clone();
        told(zone, move |say| sentence(&t, now.get(), say))
    };
    let follows = t.hours_scope_follows();
    view! {
        <div class="told">
            <p class="muted small" hidden=move || editor.own.get()>{follows}</p>
            <p class="told-sentence" id="hours-summary">{says}</p>
            <p class="told-now" id="hours-now">
                <span class="small muted" title=t.hours_now_stored()>{t.hours_now_label()}</span>
                {chip}
                <span class="small">{now_says}</span>
            </p>
        </div>
    }
    .into_any()
}
