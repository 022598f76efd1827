//! The exact times of a day or of an exception.

use super::{
    edit::another,
    words::{clock, minutes, span},
};
use crate::{
    domain::calendar::{DAY_MINUTES, Span},
    ui::kit::{Bound, Button, ButtonKind, Icon, IconButton, texts},
};
use leptos::{html, prelude::*, web_sys};

/// A time of day. Half-typed it changes nothing; left empty it shows its value again.
#[component]
pub fn ClockInput(
    label: String,
    /// Minutes since midnight, below a day's.
    #[prop(into)]
    value: Bound<u16>,
    #[prop(optional, into)] wrong: Signal<bool>,
) -> impl IntoView {
    let shown = move || clock(value.get.get());
    view! {
        <input
            type="time"
            class="input clock"
            required
            aria-label=label
            aria-invalid=move || wrong.get().then_some("true")
            value=clock(value.get.get_untracked())
            prop:value=shown
            on:input=move |event| {
                if let Some(minutes) = minutes(&event_target_value(&event)) {
                    value.set.run(minutes);
                }
            }
            on:blur=move |event| {
                let input = event_target::<web_sys::HtmlInputElement>(&event);
                if minutes(&input.value()).is_none() {
                    input.set_value(&clock(value.get.get_untracked()));
                }
            }
        />
    }
    .into_any()
}

/// The spans of a day as pairs of times; each may be removed, and one more added.
#[component]
pub fn Spans(#[prop(into)] spans: Bound<Vec<Span>>, #[prop(into)] problem: Signal<Option<String>>) -> impl IntoView {
    let t = texts();
    let count = Memo::new(move |_| spans.get.read().len());
    let full = Memo::new(move |_| another(&spans.get.read()).is_none());
    let list = NodeRef::<html::Ol>::new();
    let add = Callback::new(move |()| {
        let mut now = spans.get.get_untracked();
        now.extend(another(&now));
        spans.set.run(now);
    });
    let remove = Callback::new(move |n: usize| {
        let mut now = spans.get.get_untracked();
        if n < now.len() {
            now.remove(n);
            spans.set.run(now);
        }
    });
    view! {
        <div class="spans" class:wrong=move || problem.read().is_some()>
            <ol node_ref=list class="span-rows" hidden=move || count.get() == 0>
                <For each=move || 0..count.get() key=|n| *n let:n>
                    <Row spans n on_remove=remove wrong=Signal::derive(move || problem.read().is_some())/>
                </For>
            </ol>
            <p class="problem" role="alert">{move || problem.get()}</p>
            <Button kind=ButtonKind::Ghost disabled=full on_press=add>
                <Icon name="plus"/>
                {t.hours_span_add()}
            </Button>
        </div>
    }
    .into_any()
}

#[component]
fn Row(spans: Bound<Vec<Span>>, n: usize, on_remove: Callback<usize>, wrong: Signal<bool>) -> impl IntoView {
    let t = texts();
    // A row that goes may be asked once more.
    let this = Memo::new(move |_| spans.get.read().get(n).copied().unwrap_or(Span { from: 0, to: 0 }));
    let change = move |from: u16, to: u16| {
        let mut now = spans.get.get_untracked();
        if let Some(changed) = now.get_mut(n) {
            *changed = span(from, to);
            spans.set.run(now);
        }
    };
    let end = move || this.get().to % DAY_MINUTES;
    let from = Bound {
        get: Signal::derive(move || this.get().from),
        set: Callback::new(move |from| change(from, this.get_untracked().to % DAY_MINUTES)),
    };
    let to = Bound { get: Signal::derive(end), set: Callback::new(move |to| change(this.get_untracked().from, to)) };
    let remove = t.hours_span_remove(n + 1);
    let next_day = t.hours_next_day();
    view! {
        <li class="span-row">
            <ClockInput label=t.hours_span_from(n + 1) value=from wrong/>
            <span aria-hidden="true">"–"</span>
            <ClockInput label=t.hours_span_to(n + 1) value=to wrong/>
            <IconButton icon="trash" label=remove on_press=Callback::new(move |()| on_remove.run(n))/>
            <span class="chip hold" hidden=move || this.get().to < DAY_MINUTES>{next_day}</span>
        </li>
    }
    .into_any()
}
