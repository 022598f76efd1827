//! 요일별 시간: Monday to Sunday, each as a bar, and as exact times when opened.

use super::{
    bars::Track,
    edit::take_break,
    editor::Editor,
    spans::{ClockInput, Spans},
    words::{day_name, ranges, span, weekday_name},
};
use crate::{
    api::Problem,
    domain::calendar::{Span, day},
    ui::{
        kit::{Bound, Button, ButtonKind, Icon, texts},
        problems::problem_text,
    },
};
use leptos::prelude::*;

/// Monday to Friday.
const WEEKDAYS: usize = 5;

#[component]
pub fn Week(editor: Editor) -> impl IntoView {
    let t = texts();
    let empty = Memo::new(move |_| editor.draft.read().week.iter().all(Vec::is_empty));
    // What a button did to other days is said, as they may be out of sight.
    let said = RwSignal::new(String::new());
    view! {
        <section class="card" aria-labelledby="hours-week">
            <div>
                <h2 id="hours-week">{t.hours_week()}</h2>
                <p class="muted small">{t.hours_week_text()}</p>
            </div>
            <p class="hours-note" hidden=move || !empty.get()>
                <Icon name="info"/>
                {t.hours_week_empty()}
            </p>
            <div class="week">
                <div class="week-day week-scale small muted" aria-hidden="true">
                    <p>{["0", "6", "12", "18", "24"].map(|hour| view! { <span>{hour}</span> }).collect_view()}</p>
                </div>
                {(0..7).map(|n| view! { <Day editor n said/> }).collect_view()}
            </div>
            <p class="muted small" role="status">{said}</p>
        </section>
    }
    .into_any()
}

#[component]
fn Day(editor: Editor, n: usize, said: RwSignal<String>) -> impl IntoView {
    let t = texts();
    let open = RwSignal::new(false);
    let spans = Bound::part(editor.draft, move |c| c.week[n].clone(), move |c, spans: Vec<Span>| c.week[n] = spans);
    let before = Memo::new(move |_| editor.draft.read().week[(n + 6) % 7].clone());
    let problem = {
        let t = t.clone();
        Memo::new(move |_| day(spans.get.get()).err().map(|problem| problem_text(&t, Problem::Calendar(problem))))
    };
    let long = weekday_name(&t, n);
    let (name_id, body_id) = (format!("hours-day-{n}"), format!("hours-day-{n}-times"));
    let labelled_by = name_id.clone();
    let text = {
        let t = t.clone();
        move || ranges(&t, &day(spans.get.get()).unwrap_or_else(|_| spans.get.get()))
    };
    let label = {
        let (edit, close) = (t.hours_edit_day_named(&long), t.hours_close_day_named(&long));
        move || if open.get() { close.clone() } else { edit.clone() }
    };
    let (edit, close) = (t.hours_edit_day(), t.hours_close_day());
    view! {
        <div class="week-day" role="group" aria-labelledby=labelled_by>
            <b class="day-name" id=name_id>
                <span aria-hidden="true">{day_name(&t, n)}</span>
                <span class="visually-hidden">{long.clone()}</span>
            </b>
            <Track spans=spans.get before/>
            <button
                type="button"
                class="btn ghost small-btn"
                aria-label=label
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls=body_id.clone()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {move || if open.get() { close.clone() } else { edit.clone() }}
            </button>
            <p class="day-text small" class:muted=move || spans.get.read().is_empty() class:problem=move || problem.read().is_some()>
                {text}
            </p>
            // An error is never out of sight.
            <div class="day-edit" id=body_id hidden=move || !open.get() && problem.read().is_none()>
                <Spans spans problem/>
                <Break editor n/>
                <Copies editor n name=long said/>
            </div>
        </div>
    }
    .into_any()
}

/// Cuts a break out of the day.
#[component]
fn Break(editor: Editor, n: usize) -> impl IntoView {
    let t = texts();
    let (open, nothing) = (RwSignal::new(false), RwSignal::new(false));
    let (from, to) = (RwSignal::new(12 * 60), RwSignal::new(13 * 60));
    let cut = Callback::new(move |()| {
        let pause = span(from.get_untracked(), to.get_untracked());
        let found = editor.draft.try_update(|c| take_break(&mut c.week, n, pause)) == Some(true);
        nothing.set(!found);
        if found {
            open.set(false);
        }
    });
    let body = format!("hours-day-{n}-break");
    let missed = t.hours_break_nothing();
    view! {
        <div class="day-break" hidden=move || editor.draft.read().week[n].is_empty()>
            <button
                type="button"
                class="btn ghost"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls=body.clone()
                on:click=move |_| {
                    nothing.set(false);
                    open.update(|open| *open = !*open);
                }
            >
                <Icon name="coffee"/>
                {t.hours_break()}
            </button>
            <div class="span-row" id=body hidden=move || !open.get()>
                <ClockInput label=t.hours_break_from() value=from/>
                <span aria-hidden="true">"–"</span>
                <ClockInput label=t.hours_break_to() value=to/>
                <Button on_press=cut>{t.hours_break_cut()}</Button>
            </div>
            <p class="problem" role="alert">{move || nothing.get().then(|| missed.clone())}</p>
        </div>
    }
    .into_any()
}

/// Takes the day to other days, or empties it.
#[component]
fn Copies(editor: Editor, n: usize, name: String, said: RwSignal<String>) -> impl IntoView {
    let t = texts();
    let copy = move |days: usize, done: String| {
        Callback::new(move |()| {
            editor.draft.update(|c| {
                let spans = c.week[n].clone();
                c.week[..days].fill(spans);
            });
            said.set(done.clone());
        })
    };
    let labels = (t.hours_copy_weekdays(), t.hours_copy_all(), t.hours_clear_day());
    let clear = Callback::new(move |()| editor.draft.update(|c| c.week[n].clear()));
    let (to_weekdays, to_all) = (copy(WEEKDAYS, t.hours_copied_weekdays(&name)), copy(7, t.hours_copied_all(&name)));
    view! {
        <div class="day-acts">
            <Button on_press=to_weekdays>{labels.0}</Button>
            <Button on_press=to_all>{labels.1}</Button>
            <Button kind=ButtonKind::Ghost disabled=Signal::derive(move || editor.draft.read().week[n].is_empty()) on_press=clear>
                {labels.2}
            </Button>
        </div>
    }
    .into_any()
}
