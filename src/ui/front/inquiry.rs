//! 문의하기: the form of a 1:1 문의, and that it was stored (A27, A28).

use super::{Front, area_text, files};
use crate::{domain::text::MESSAGE_MAX, ui::problems::problem_text};
use leptos::prelude::*;

pub fn form(front: &Front, token: String) -> impl IntoView + use<> {
    let t = &front.texts;
    let lang = t.language.code();
    let action = format!("{}/inquiry", front.base);
    let back = format!("{}?lang={lang}", front.base);
    let problem = front.problem("text").map(|problem| problem_text(t, problem));
    let described = problem.is_some().then_some("front-text-wrong");
    view! {
        <div class="front-card">
            <a class="front-link" href=back data-view="door">{t.front_back()}</a>
            <h2>{t.front_ask_title()}</h2>
            <p class="front-text">{t.front_ask_text()}</p>
            <form method="post" action=action enctype="multipart/form-data" data-act="inquiry" novalidate>
                <input type="hidden" name="lang" value=lang/>
                <input type="hidden" name="token" value=token/>
                <div class="field">
                    <label for="front-words">{t.front_words()} " " <span class="front-note">{t.front_required()}</span></label>
                    <textarea
                        id="front-words"
                        name="text"
                        rows="5"
                        maxlength=MESSAGE_MAX
                        aria-required="true"
                        aria-invalid=problem.is_some().then_some("true")
                        aria-describedby=described
                    >
                        {area_text(&front.text)}
                    </textarea>
                    {problem.map(|text| view! { <p class="field-problem" id="front-text-wrong">{text}</p> })}
                </div>
                {front.known.name.is_empty().then(|| front.field("name", t.front_name(), "text", "name", false))}
                {front
                    .known
                    .email
                    .is_empty()
                    .then(|| {
                        view! {
                            {front.field("email", t.front_email(), "email", "email", false)}
                            {front.mail.then(|| view! { <p class="front-note">{t.front_email_hint()}</p> })}
                        }
                    })}
                {files::field(t, front.problem("files"))}
                {front.consent_box(front.inquiry_consent.clone())}
                <button type="submit" class="btn main">{t.front_ask_send()}</button>
            </form>
        </div>
    }
}

pub fn done(front: &Front, number: u64, link: String) -> impl IntoView + use<> {
    let t = &front.texts;
    let back = format!("{}?lang={}", front.base, t.language.code());
    view! {
        <div class="front-card" data-done="">
            <div role="status">
                <h2>{t.front_asked_title()}</h2>
                <p class="front-text">{t.front_asked_text(number)}</p>
            </div>
            <a class="btn main" href=link target="_blank" rel="noopener">{t.front_asked_link()}</a>
            <a class="front-link" href=back data-view="door">{t.front_back()}</a>
        </div>
    }
}
