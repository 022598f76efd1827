//! 예외 날짜: dates on which the week does not count.

use super::{
    edit::{Wrong, exception, in_order},
    editor::Editor,
    focus,
    spans::Spans,
    words::{dates, ranges},
};
use crate::{
    api::Problem,
    domain::calendar::{Calendar, Exception, Span},
    i18n::Texts,
    ui::{
        kit::{Button, ButtonKind, Field, IconButton, texts},
        problems::problem_text,
    },
};
use leptos::prelude::*;

/// The button that the focus goes back to.
const ADD: &str = "hours-exception-add";

/// The exception that is being written, beside the draft until it is applied.
#[derive(Clone, Copy)]
pub struct Form {
    /// None: closed. Some(None): a new one. Else the one that is changed.
    of: RwSignal<Option<Option<Exception>>>,
    first: RwSignal<String>,
    last: RwSignal<String>,
    name: RwSignal<String>,
    /// Open at these spans only, instead of closed.
    opens: RwSignal<bool>,
    spans: RwSignal<Vec<Span>>,
    wrong: RwSignal<Vec<Wrong>>,
}

impl Form {
    pub fn new() -> Self {
        Self {
            of: RwSignal::new(None),
            first: RwSignal::default(),
            last: RwSignal::default(),
            name: RwSignal::default(),
            opens: RwSignal::new(false),
            spans: RwSignal::default(),
            wrong: RwSignal::default(),
        }
    }

    fn begin(self, of: Option<Exception>) {
        let shown = of.clone();
        let (first, last, name, spans) = shown.map_or_else(Default::default, |e| (e.first.0, e.last.0, e.name, e.spans));
        self.first.set(first);
        self.last.set(last);
        self.name.set(name);
        self.opens.set(!spans.is_empty());
        self.spans.set(spans);
        self.wrong.set(Vec::new());
        self.of.set(Some(of));
        focus("hours-exception-first");
    }

    pub fn close(self) {
        self.of.set(None);
    }

    /// Whether something is written that would be lost.
    pub fn touched(self) -> bool {
        match self.of.get() {
            None => false,
            Some(None) => {
                !(self.first.read().is_empty() && self.last.read().is_empty() && self.name.read().is_empty() && !self.opens.get())
            }
            Some(Some(was)) => self.read() != Ok(was),
        }
    }

    fn read(self) -> Result<Exception, Vec<Wrong>> {
        let spans = self.opens.get().then(|| self.spans.get());
        exception(&self.first.read(), &self.last.read(), &self.name.read(), spans)
    }

    /// Puts what is written into the draft and closes; false while something is wrong. A
    /// form that nothing was written into just closes.
    pub fn apply(self, draft: RwSignal<Calendar>) -> bool {
        untrack(move || {
            let Some(was) = self.of.get() else { return true };
            if self.touched() {
                match self.read() {
                    Ok(now) => draft.update(|calendar| put(calendar, was.as_ref(), now)),
                    Err(wrong) => {
                        self.wrong.set(wrong);
                        return false;
                    }
                }
            }
            self.close();
            true
        })
    }
}

/// In the place of `was`, or as one more.
fn put(calendar: &mut Calendar, was: Option<&Exception>, now: Exception) {
    match calendar.exceptions.iter_mut().find(|e| was == Some(*e)) {
        Some(place) => *place = now,
        None => calendar.exceptions.push(now),
    }
    *calendar = in_order(std::mem::take(calendar));
}

#[component]
pub fn Exceptions(editor: Editor) -> impl IntoView {
    let t = texts();
    let form = editor.form;
    let exceptions = Memo::new(move |_| editor.draft.read().exceptions.clone());
    let adding = Memo::new(move |_| form.of.get() == Some(None));
    let none = t.hours_exceptions_none();
    view! {
        <section class="card" aria-labelledby="hours-exceptions">
            <div class="card-head">
                <div>
                    <h2 id="hours-exceptions">{t.hours_exceptions()}</h2>
                    <p class="muted small">{t.hours_exceptions_text()}</p>
                </div>
                <button type="button" class="btn" id=ADD disabled=adding on:click=move |_| if form.apply(editor.draft) { form.begin(None) }>
                    {t.hours_exception_add()}
                </button>
            </div>
            {move || adding.get().then(|| view! { <Writing editor/> })}
            <p class="muted" hidden=move || adding.get() || !exceptions.read().is_empty()>{none}</p>
            <ul class="lines">
                <For
                    each=move || exceptions.get()
                    key=|e| (e.first.clone(), e.last.clone(), e.name.clone(), e.spans.clone())
                    let:exception
                >
                    <Line editor exception/>
                </For>
            </ul>
        </section>
    }
    .into_any()
}

/// By what a reader finds it: its name, or else its dates.
fn called(t: &Texts, exception: &Exception) -> String {
    if exception.name.is_empty() { dates(t, &exception.first, &exception.last) } else { exception.name.clone() }
}

#[component]
fn Line(editor: Editor, exception: Exception) -> impl IntoView {
    let form = editor.form;
    let this = exception.clone();
    let writing = Memo::new(move |_| form.of.read().as_ref() == Some(&Some(this.clone())));
    view! {
        <li class="line">
            {move || {
                if writing.get() {
                    view! { <Writing editor/> }.into_any()
                } else {
                    view! { <Shown editor exception=exception.clone()/> }.into_any()
                }
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Shown(editor: Editor, exception: Exception) -> impl IntoView {
    let t = texts();
    let (edited, removed) = (exception.clone(), exception.clone());
    let name = called(&t, &exception);
    let remove = t.hours_exception_row_remove(&name);
    view! {
        <div class="line-main">
            <p>
                <b>{dates(&t, &exception.first, &exception.last)}</b>
            </p>
            <p class="muted small">
                {(!exception.name.is_empty()).then(|| format!("{} · ", exception.name))} {ranges(&t, &exception.spans)}
            </p>
        </div>
        <div class="line-acts">
            <button
                type="button"
                class="btn ghost"
                aria-label=t.hours_exception_row_edit(&name)
                on:click=move |_| if editor.form.apply(editor.draft) { editor.form.begin(Some(edited.clone())) }
            >
                {t.hours_edit_day()}
            </button>
            <IconButton icon="trash" label=remove on_press=Callback::new(move |()| {
                    editor.draft.update(|c| c.exceptions.retain(|e| *e != removed));
                    focus(ADD);
                })/>
        </div>
    }
    .into_any()
}

/// The form.
#[component]
fn Writing(editor: Editor) -> impl IntoView {
    let t = texts();
    let form = editor.form;
    let new = matches!(form.of.get_untracked(), Some(None));
    let problem =
        |is: fn(Wrong) -> bool, text: String| Signal::derive(move || form.wrong.read().iter().any(|w| is(*w)).then(|| text.clone()));
    let spans_problem = {
        let t = t.clone();
        Signal::derive(move || {
            form.wrong.read().iter().find_map(|wrong| match wrong {
                Wrong::NoSpan => Some(t.hours_exception_wrong_spans()),
                Wrong::Spans(problem) => Some(problem_text(&t, Problem::Calendar(*problem))),
                _ => None,
            })
        })
    };
    let choice = move |opens: bool, label: String| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="hours-exception-kind"
                    checked=form.opens.get_untracked() == opens
                    prop:checked=move || form.opens.get() == opens
                    on:change=move |_| {
                        form.opens.set(opens);
                        if opens && form.spans.read_untracked().is_empty() {
                            form.spans.set(vec![Span { from: 10 * 60, to: 14 * 60 }]);
                        }
                    }
                />
                {label}
            </label>
        }
    };
    let title = if new { t.hours_exception_new() } else { t.hours_exception_edit() };
    let (cancel_label, apply_label) = (t.common_cancel(), t.hours_exception_apply());
    let cancel = Callback::new(move |()| {
        form.close();
        focus(ADD);
    });
    let apply = Callback::new(move |()| {
        if form.apply(editor.draft) {
            focus(ADD);
        }
    });
    view! {
        <div
            class="form exception-form"
            role="group"
            aria-label=title
            on:keydown=move |event| match event.key().as_str() {
                "Escape" => cancel.run(()),
                // In a field it means "done", as it would in a form of its own.
                "Enter" if !event.is_composing() && super::is_field(&event) => apply.run(()),
                _ => {}
            }
        >
            <div class="pair">
                <Field
                    id="hours-exception-first"
                    name="first"
                    kind="date"
                    label=t.hours_exception_first()
                    value=form.first
                    problem=problem(|w| w == Wrong::First, t.hours_exception_wrong_first())
                />
                <Field
                    id="hours-exception-last"
                    name="last"
                    kind="date"
                    label=t.hours_exception_last()
                    value=form.last
                    problem=problem(|w| w == Wrong::Last, t.hours_exception_wrong_last())
                />
            </div>
            <Field
                id="hours-exception-name"
                name="name"
                label=t.hours_exception_name()
                value=form.name
                problem=problem(|w| w == Wrong::Name, t.error_too_long())
            />
            <fieldset>
                <legend>{t.hours_exception_kind()}</legend>
                <div class="choices">{choice(false, t.hours_exception_closed())} {choice(true, t.hours_exception_open())}</div>
                <div hidden=move || !form.opens.get()>
                    <Spans spans=form.spans problem=spans_problem/>
                </div>
            </fieldset>
            <div class="answers">
                <Button on_press=cancel>{cancel_label}</Button>
                <Button kind=ButtonKind::Main on_press=apply>
                    {apply_label}
                </Button>
            </div>
        </div>
    }
    .into_any()
}
