//! Files in the customer's forms and in his inquiry (A51).

use crate::{
    api::Problem,
    domain::attachment::{Attachment, FILE_MAX, FILES_MAX, Kind, size_words},
    i18n::Texts,
    ui::problems::problem_text,
};
use leptos::prelude::*;

/// 파일 첨부, with its limits and what was wrong.
pub fn field(t: &Texts, problem: Option<Problem>) -> impl IntoView + use<> {
    let problem = problem.map(|problem| problem_text(t, problem));
    let described = if problem.is_some() { "front-files-hint front-files-wrong" } else { "front-files-hint" };
    view! {
        <div class="field">
            <label for="front-files">{t.front_files()} " " <span class="front-note">{t.front_optional()}</span></label>
            <input
                id="front-files"
                name="files"
                type="file"
                multiple
                accept=Kind::ACCEPT
                aria-invalid=problem.is_some().then_some("true")
                aria-describedby=described
            />
            <p class="front-note" id="front-files-hint">{t.front_files_hint(FILES_MAX, FILE_MAX >> 20)}</p>
            {problem.map(|text| view! { <p class="field-problem" id="front-files-wrong">{text}</p> })}
        </div>
    }
}

/// The files of a message, below the address of their inquiry.
pub fn list(t: &Texts, files: Vec<Attachment>, inquiry: &str) -> impl IntoView + use<> {
    (!files.is_empty()).then(|| {
        let files = files
            .into_iter()
            .map(|file| {
                let href = format!("{inquiry}/files/{}?lang={}", file.id, t.language.code());
                view! {
                    <li>
                        <a href=href>{file.name}</a>
                        " "
                        <span class="front-note">{size_words(file.size)}</span>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="help-files" aria-label=t.front_files_sent()>{files}</ul> }
    })
}
