//! What the pages of 서비스 관리 do alike: a draft beside what is stored, its save, and
//! what is said when somebody else was first.

use super::{focus::focus_in, guard::guard};
use crate::{
    api::ApiError,
    domain::service::{Language, Localized, Rule},
    ui::{
        kit::{Bound, Button, ButtonKind, Field, Toasts, texts},
        problems::{plain_error_text, problem_text},
        session::left_by,
    },
};
use leptos::{ev, html, prelude::*, task::spawn_local};
use std::future::Future;

/// One request at a time, and what it complained about.
#[derive(Clone, Copy)]
pub struct Work {
    pub busy: RwSignal<bool>,
    pub error: RwSignal<Option<ApiError>>,
    toasts: Toasts,
}

impl Work {
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), error: RwSignal::new(None), toasts: expect_context::<Toasts>() }
    }

    /// Runs a request unless one is under way. What it complains of beside a field is kept
    /// in `error`; anything else is told at once.
    pub fn run<T: 'static>(self, request: impl Future<Output = Result<T, ApiError>> + 'static, done: impl FnOnce(T) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        let t = texts();
        spawn_local(async move {
            let answer = request.await;
            // The page may be gone by now.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(answer) => done(answer),
                Err(error) if left_by(&error) => {}
                Err(error) => {
                    if !matches!(&error, ApiError::Invalid(fields) if !fields.is_empty()) {
                        self.toasts.trouble(plain_error_text(&t, &error));
                    }
                    self.error.set(Some(error));
                }
            }
        });
    }

    /// As [`Work::run`], for a list: where somebody else was first, that is told and
    /// `reload` brings the list as it is now.
    pub fn run_on_list<T: 'static>(
        self,
        request: impl Future<Output = Result<T, ApiError>> + 'static,
        reload: impl Future<Output = Result<T, ApiError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        let (t, toasts) = (texts(), self.toasts);
        self.run(
            async move {
                match request.await {
                    Err(error @ (ApiError::Rule(Rule::Stale) | ApiError::NotFound)) => {
                        toasts.trouble(plain_error_text(&t, &error));
                        reload.await
                    }
                    other => other,
                }
            },
            done,
        );
    }

    /// Tells that something was done.
    pub fn say(self, text: String) {
        self.toasts.info(text);
    }

    /// What the last request complained about beside `field`.
    #[must_use]
    pub fn problem(self, field: impl Into<String>) -> Signal<Option<String>> {
        let (t, field) = (texts(), field.into());
        Signal::derive(move || self.error.read().as_ref().and_then(|e| e.problem_of(&field)).map(|p| problem_text(&t, p)))
    }
}

/// The bar that appears with the first change: undo all of it, or save it.
#[component]
pub fn SaveBar(
    #[prop(into)] dirty: Signal<bool>,
    work: Work,
    on_save: Callback<()>,
    on_revert: Callback<()>,
    /// Addresses among which what is typed is kept.
    #[prop(optional)]
    area: &'static str,
) -> impl IntoView {
    let t = texts();
    guard(dirty, area);
    let (unsaved, revert, save) = (t.settings_unsaved(), t.settings_revert(), t.settings_save());
    view! {
        <div class="savebar" hidden=move || !dirty.get()>
            <span class="muted">{unsaved}</span>
            <Button kind=ButtonKind::Ghost disabled=work.busy on_press=on_revert>
                {revert}
            </Button>
            <Button kind=ButtonKind::Main busy=work.busy on_press=on_save>
                {save}
            </Button>
        </div>
    }
    .into_any()
}

/// A line of a list while it is being changed, in the place of what it shows: the focus goes
/// into it, Escape gives it up.
#[component]
pub fn LineForm(
    /// What is changed, for screen readers.
    label: String,
    #[prop(into)] busy: Signal<bool>,
    on_save: Callback<()>,
    on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let t = texts();
    let (cancel, save) = (t.common_cancel(), t.settings_save());
    let node = NodeRef::<html::Form>::new();
    focus_in(node);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        on_save.run(());
    };
    let leave = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            on_close.run(());
        }
    };
    view! {
        <form class="form line-main" novalidate aria-label=label node_ref=node on:submit=submit on:keydown=leave>
            {children()}
            <div class="answers">
                <Button on_press=on_close>{cancel}</Button>
                <Button kind=ButtonKind::Main submit=true busy>
                    {save}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// A name in each language, side by side.
#[component]
pub fn NameFields(
    /// Prefix of the ids; unique in the document.
    id: &'static str,
    name: RwSignal<Localized>,
    work: Work,
) -> impl IntoView {
    let t = texts();
    let label = |language: Language| match language {
        Language::Ko => t.settings_name_ko(),
        Language::En => t.settings_name_en(),
    };
    view! {
        <div class="pair">
            <Field
                id=format!("{id}-ko")
                name="ko"
                label=label(Language::Ko)
                value=Bound::part(name, |n| n.ko.clone(), |n, ko| n.ko = ko)
                problem=work.problem("name.ko")
            />
            <Field
                id=format!("{id}-en")
                name="en"
                label=label(Language::En)
                value=Bound::part(name, |n| n.en.clone(), |n, en| n.en = en)
                problem=work.problem("name.en")
            />
        </div>
    }
    .into_any()
}
