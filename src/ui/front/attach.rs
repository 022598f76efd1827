//! The customer's files in a chat (A51): a form that works without script, which
//! `public/attach.js` sends in the background, with how far it has come.

use crate::{
    api::Problem,
    domain::attachment::{FILE_MAX, FILES_MAX, Kind},
    i18n::Texts,
    ui::problems::problem_text,
};
use leptos::prelude::*;

/// 파일 첨부 and 사진 찍기, below the place where one writes.
#[component]
pub fn Attach(
    texts: Texts,
    /// Where the form goes.
    action: String,
    /// Made by the server for the form's next message, so that a repeated post is stored once.
    client_id: String,
) -> impl IntoView {
    let t = texts;
    let problem = |problem| problem_text(&t, problem);
    view! {
        <form
            class="attach"
            method="post"
            enctype="multipart/form-data"
            action=action
            aria-label=t.talk_attach()
            data-max=FILE_MAX.to_string()
            data-cancel=t.common_cancel()
            data-retry=t.common_retry()
            data-remove=t.talk_attach_remove()
            data-sent=t.talk_attach_sent()
            data-failed=t.talk_attach_failed()
            data-refused=t.talk_attach_refused()
            data-file_empty=problem(Problem::FileEmpty)
            data-file_too_large=problem(Problem::FileTooLarge)
            data-file_type=problem(Problem::FileType)
            data-file_quota=problem(Problem::FileQuota)
            data-not_a_picture=problem(Problem::NotAPicture)
        >
            <input type="hidden" name="client_id" value=client_id/>
            <input type="hidden" name="lang" value=t.language.code()/>
            <label class="attach-pick">
                <svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
                    <path d="M20 11.5 12 19.5a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8L10 17a1.7 1.7 0 0 1-2.4-2.4l7.4-7.4"></path>
                </svg>
                <span>{t.talk_attach()}</span>
                <input type="file" name="files" multiple accept=Kind::ACCEPT/>
            </label>
            <label class="attach-pick attach-camera">
                <svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
                    <path d="M3 8h4l2-3h6l2 3h4v11H3zM12 10a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7z"></path>
                </svg>
                <span>{t.talk_attach_camera()}</span>
                <input type="file" name="files" accept="image/*" capture="environment"/>
            </label>
            <button type="submit" class="btn attach-send">{t.talk_attach_send()}</button>
            <p class="attach-hint">{t.front_files_hint(FILES_MAX, FILE_MAX >> 20)}</p>
            <ul class="attach-list"></ul>
            <p class="visually-hidden" role="status"></p>
        </form>
    }
}
