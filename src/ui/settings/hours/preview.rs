//! "고객은 이때 무엇을 보나요?": asks the server about a time, with the draft.

use super::{
    editor::Editor,
    local::{next_opening, state, told},
    slot::Slot,
};
use crate::{
    api::{ApiError, settings::hours_at},
    domain::calendar::Opening,
    ui::{
        kit::{Icon, texts},
        live::{handle::after, host},
        problems::plain_error_text,
        session::left_by,
    },
};
use leptos::prelude::*;

/// The pause after which a change is asked about.
const PAUSE: u32 = 300;

#[component]
pub fn Preview(editor: Editor) -> impl IntoView {
    let t = texts();
    let zone = editor.stored.read_untracked().page.zone.clone();
    let at = RwSignal::new(String::new());
    {
        // It begins with now, which only the browser knows.
        let zone = zone.clone();
        Effect::new(move |_| {
            if at.read_untracked().is_empty() {
                at.set(host::wall_clock(host::now(), &zone));
            }
        });
    }
    let answer = ask(editor, at);
    let stopped = Memo::new(move |_| editor.stored.read().page.stopped.is_some());
    let stopped_text = t.hours_preview_stopped();
    view! {
        <section class="card preview" aria-labelledby="hours-preview">
            <div>
                <h2 id="hours-preview">{t.hours_preview()}</h2>
                <p class="muted small">{t.hours_preview_text()}</p>
            </div>
            <div class="field">
                <label for="hours-preview-at">{t.hours_preview_at(&zone)}</label>
                <input
                    id="hours-preview-at"
                    class="input"
                    type="datetime-local"
                    prop:value=at
                    on:input=move |event| at.set(event_target_value(&event))
                />
            </div>
            <div class="preview-answer" role="status">
                {move || match answer.get() {
                    Some(Ok(opening)) => view! { <Seen opening zone=zone.clone()/> }.into_any(),
                    Some(Err(text)) => view! { <p class="problem">{text}</p> }.into_any(),
                    None => ().into_any(),
                }}
            </div>
            <p class="hours-note warn" hidden=move || !stopped.get()>
                <Icon name="triangle-alert"/>
                {stopped_text}
            </p>
        </section>
    }
    .into_any()
}

/// The answer for a time and the calendar as it is being changed. The last one stands
/// until the next has come, and one that was overtaken is not shown.
fn ask(editor: Editor, at: RwSignal<String>) -> Memo<Option<Result<Opening, String>>> {
    let t = texts();
    let answer = RwSignal::new(None);
    let (turn, pause) = (StoredValue::new(0_u32), Slot::new());
    Effect::new(move |_| {
        let (calendar, local, t) = (editor.counting.get(), at.get(), t.clone());
        let mine = turn.get_value() + 1;
        turn.set_value(mine);
        if local.is_empty() {
            pause.set(None);
            answer.set(Some(Err(t.hours_preview_empty())));
            return;
        }
        let request = move || {
            host::spawn(async move {
                let got = hours_at(calendar, local).await;
                if turn.try_get_value() != Some(mine) {
                    return;
                }
                answer.set(Some(got.map_err(|error| {
                    left_by(&error);
                    match error {
                        ApiError::Invalid(ref fields) if fields.iter().any(|f| f.field == "calendar") => t.hours_preview_fix(),
                        ref other => other.problem_of("local").map_or_else(|| plain_error_text(&t, &error), |_| t.error_not_a_time()),
                    }
                })));
            });
        };
        pause.set(Some(after(PAUSE, request)));
    });
    // The same answer again leaves the page alone.
    Memo::new(move |_| answer.get())
}

/// What a customer sees.
#[component]
fn Seen(opening: Opening, zone: String) -> impl IntoView {
    let t = texts();
    let (class, label) = state(&t, opening);
    let text = match opening {
        Opening::Open { .. } => t.hours_preview_open(),
        Opening::ClosingSoon { .. } => t.hours_preview_soon(),
        Opening::Closed { .. } => t.hours_preview_closed(),
    };
    let times = told(zone, move |say| match opening {
        Opening::Open { until } => until.map(|at| t.hours_preview_until(say(at))).unwrap_or_default(),
        Opening::ClosingSoon { closes, opens } => format!("{} · {}", t.hours_preview_closes(say(closes)), next_opening(&t, opens, say)),
        Opening::Closed { opens } => next_opening(&t, opens, say),
    });
    view! {
        <p>
            <span class=class>{label}</span>
        </p>
        <p>{text}</p>
        <p class="muted small">{times}</p>
    }
    .into_any()
}
