//! Posting files from an agent's page: how far it has come, and an end to it.

#[cfg_attr(feature = "hydrate", path = "browser.rs")]
#[cfg_attr(not(feature = "hydrate"), path = "nowhere.rs")]
mod host;

use super::{kit::texts, live::handle::Local};
use crate::api::ApiError;
pub use host::{Stop, carries, forget, load, picture, send, take};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::cell::RefCell;

/// A field with files, by its id, and what goes on with them.
#[derive(Clone, Copy)]
pub struct Upload {
    input: &'static str,
    /// Percents, while files are under way.
    percent: RwSignal<Option<u32>>,
    /// Never made on the server, which drops a page on any thread.
    stop: Local<RefCell<Option<Stop>>>,
    stopped: StoredValue<bool>,
}

impl Upload {
    #[must_use]
    pub fn new(input: &'static str) -> Self {
        Self { input, percent: RwSignal::new(None), stop: Local::new(|| RefCell::new(None)), stopped: StoredValue::new(false) }
    }

    /// Whether files are chosen.
    #[must_use]
    pub fn is_wanted(self) -> bool {
        host::chosen(self.input) > 0
    }

    /// Chooses none.
    pub fn clear(self) {
        host::clear(self.input);
    }

    /// Whether the last one was ended by the user.
    #[must_use]
    pub fn was_stopped(self) -> bool {
        self.stopped.try_get_value().unwrap_or_default()
    }

    /// Posts the fields with the chosen files.
    ///
    /// # Errors
    /// The server's; `Network` also when it was stopped.
    pub async fn post<T: DeserializeOwned>(self, path: String, fields: Vec<(&'static str, String)>) -> Result<T, ApiError> {
        self.stopped.set_value(false);
        self.percent.set(Some(0));
        let (percent, stop) = (self.percent, self.stop);
        let progress = move |now| {
            percent.try_set(Some(now));
        };
        let stopper = move |how| {
            if let Some(stop) = stop.get() {
                stop.replace(Some(how));
            }
        };
        let answer = host::post(&path, &fields, self.input, progress, stopper).await;
        // The page may be gone by now.
        percent.try_set(None);
        if let Some(stop) = stop.get() {
            stop.take();
        }
        read(answer)
    }
}

/// What the server has answered to files.
///
/// # Errors
/// The server's; `Network` where nothing came back.
pub fn read<T: DeserializeOwned>(answer: Option<(u16, String)>) -> Result<T, ApiError> {
    let (status, body) = answer.ok_or(ApiError::Network)?;
    if (200..300).contains(&status) {
        serde_json::from_str(&body).map_err(|_| ApiError::Network)
    } else {
        Err(serde_json::from_str(&body).unwrap_or(if status == 413 { ApiError::Invalid(Vec::new()) } else { ApiError::Network }))
    }
}

/// The field, its limits, what was wrong, and how far the files have come.
#[component]
pub fn FilesField(
    upload: Upload,
    label: String,
    hint: String,
    accept: &'static str,
    #[prop(default = true)] multiple: bool,
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let t = texts();
    let (hint_id, problem_id) = (format!("{}-hint", upload.input), format!("{}-problem", upload.input));
    let described = format!("{hint_id} {problem_id}");
    let cancel = t.common_cancel();
    let stop = move |_| {
        upload.stopped.set_value(true);
        if let Some(stop) = upload.stop.get()
            && let Some(stop) = &*stop.borrow()
        {
            stop.stop();
        }
    };
    let told = move || upload.percent.get().map(|percent| t.inquiries_files_progress(percent));
    view! {
        <div class="field" class:wrong=move || problem.read().is_some()>
            <label for=upload.input>{label}</label>
            <input
                id=upload.input
                type="file"
                class="input"
                multiple=multiple
                accept=accept
                aria-describedby=described
                aria-invalid=move || problem.read().is_some().then_some("true")
            />
            <p class="hint" id=hint_id>{hint}</p>
            <p class="problem" id=problem_id hidden=move || problem.read().is_none()>{move || problem.get()}</p>
            <p class="muted small upload-progress" hidden=move || upload.percent.read().is_none()>
                <span role="status">{told}</span>
                " "
                <button type="button" class="btn ghost" on:click=stop>{cancel}</button>
            </p>
        </div>
    }
    .into_any()
}
