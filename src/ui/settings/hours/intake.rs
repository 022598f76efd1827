//! When no new chats are taken though it is open: stopped by hand, or shortly before
//! closing.

use super::{editor::Editor, local::told};
use crate::{
    domain::calendar::LAST_INTAKE_MAX,
    ui::{
        kit::{Bound, Button, ButtonKind, Confirm, Field, texts},
        settings::editing::Work,
    },
};
use leptos::prelude::*;

/// 지금부터 접수 중지
#[component]
pub fn StopCard(editor: Editor) -> impl IntoView {
    let t = texts();
    let work = Work::new();
    let asks = RwSignal::new(false);
    let since = Memo::new(move |_| editor.stored.read().page.stopped);
    let stopped = Memo::new(move |_| since.read().is_some());
    let zone = editor.stored.read_untracked().page.zone.clone();
    let state = {
        let t = t.clone();
        told(zone, move |say| match since.get() {
            Some(since) => t.hours_stop_since(say(since)),
            None => t.hours_stop_running(),
        })
    };
    // Before the page is alive it says the state without its time.
    let plain = [t.hours_stop_running(), t.hours_stop_state()].map(|text| StoredValue::new(text));
    let state = move || if state.read().is_empty() { plain[usize::from(stopped.get())].get_value() } else { state.get() };
    let explained = {
        let t = t.clone();
        move || if stopped.get() { t.hours_stop_text() } else { t.hours_stop_running_text() }
    };
    let (stop_done, resume_done) = (t.hours_stop_done(), t.hours_resume_done());
    let stop = Callback::new(move |()| {
        let done = stop_done.clone();
        editor.stop(work, true, move || {
            asks.set(false);
            work.say(done);
        });
    });
    let resume = Callback::new(move |()| {
        let done = resume_done.clone();
        editor.stop(work, false, move || work.say(done));
    });
    let (stop_label, resume_label) = (t.hours_stop(), t.hours_resume());
    view! {
        <section class="card stop" class:stopped=stopped aria-labelledby="hours-stop">
            <div class="card-head">
                <div>
                    <h2 id="hours-stop">{t.hours_stop_title()}</h2>
                    <p role="status">
                        <span class="chip" class:trouble=stopped class:active=move || !stopped.get()>
                            {state}
                        </span>
                    </p>
                </div>
                {move || {
                    if stopped.get() {
                        let label = resume_label.clone();
                        view! {
                            <Button kind=ButtonKind::Main busy=work.busy on_press=resume>
                                {label}
                            </Button>
                        }
                            .into_any()
                    } else {
                        let label = stop_label.clone();
                        view! {
                            <Button on_press=Callback::new(move |()| asks.set(true))>
                                {label}
                            </Button>
                        }
                            .into_any()
                    }
                }}
            </div>
            <p class="muted small">{explained}</p>
        </section>
        <Confirm
            id="hours-stop-ask"
            open=asks
            title=t.hours_stop_ask()
            text=t.hours_stop_ask_text()
            confirm=t.hours_stop()
            danger=true
            busy=work.busy
            on_confirm=stop
        />
    }
    .into_any()
}

/// 끝나기 전: no new chats so many minutes before closing.
#[component]
pub fn LastIntake(editor: Editor) -> impl IntoView {
    let t = texts();
    let text = RwSignal::new(editor.draft.read_untracked().last_intake.to_string());
    let value = Memo::new(move |_| editor.draft.read().last_intake);
    // Somebody else's, or the stored one again.
    Effect::new(move |_| {
        let value = value.get();
        if read(&text.read_untracked()) != value {
            text.set(value.to_string());
        }
    });
    let bound = Bound {
        get: text.into(),
        set: Callback::new(move |typed: String| {
            editor.draft.update(|c| c.last_intake = read(&typed));
            text.set(typed);
        }),
    };
    let wrong = t.error_out_of_range();
    view! {
        <section class="card" aria-labelledby="hours-intake">
            <h2 id="hours-intake">{t.hours_intake()}</h2>
            <div class="form intake">
                <Field
                    id="hours-last-intake"
                    name="last_intake"
                    kind="number"
                    label=t.hours_intake_field()
                    hint=t.hours_intake_hint()
                    value=bound
                    problem=Signal::derive(move || (value.get() > LAST_INTAKE_MAX).then(|| wrong.clone()))
                />
            </div>
            <p class="muted small">
                {t.hours_hint_waiting()} " " <a href="/settings/routing">{t.hours_hint_waiting_link()}</a>
            </p>
        </section>
    }
    .into_any()
}

/// What is no such number is too large: it is complained about, and never saved.
fn read(text: &str) -> u16 {
    text.trim().parse().unwrap_or(u16::MAX)
}
