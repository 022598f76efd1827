//! The tray: what stands beside a customer's running chat – his place in the line (D8), 평가
//! (A30, G19), 대화 내용 저장. The server draws it into the widget's page, between what the
//! module draws; its forms and its two windows work without script, and `public/tray.js`
//! sends the forms and draws it anew without leaving the page.

use super::area_text;
use crate::{
    api::ApiError,
    domain::{
        chat::{RATING_WORDS_MAX, Rating},
        ids::ChatId,
        waiting::{Range, Waits},
    },
    i18n::Texts,
    ui::problems::{plain_error_text, problem_text},
};
use leptos::prelude::*;

/// Everything that the tray shows.
#[derive(Clone, Debug)]
pub struct Tray {
    pub texts: Texts,
    /// Below which address its forms are: `/w/KEY`.
    pub base: String,
    /// Names what it shows.
    pub is: String,
    pub chat: ChatId,
    pub waits: Option<Waits>,
    /// Nothing goes on any more.
    pub over: bool,
    pub rateable: bool,
    pub rated: Option<Rating>,
    /// The agent has asked for a rating, and there is none since.
    pub asked: bool,
    /// There is something to take along.
    pub transcript: bool,
    /// Where it can be mailed to, as its owner knows it.
    pub mail: Option<String>,
    /// What the form of the rating says: as it counts, or as it was typed.
    pub rating: Option<Rating>,
    pub words: String,
    pub error: Option<ApiError>,
    pub done: Option<TrayDone>,
}

/// What was done just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrayDone {
    Rated(Rating),
    /// The conversation goes to this address.
    Mailed(String),
}

/// What is inside of `#damso-tray`.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub fn ChatTray(tray: Tray) -> impl IntoView {
    let t = &tray.texts;
    let alert = tray.error.as_ref().map(|error| match error.problem_of("words") {
        Some(problem) => problem_text(t, problem),
        None if error.problem_of("rating").is_some() => t.front_rate_none(),
        None => plain_error_text(t, error),
    });
    let done = tray.done.as_ref().map(|done| match done {
        TrayDone::Rated(rating) => thanks(t, *rating),
        TrayDone::Mailed(email) => t.front_saved_mail(email),
    });
    view! {
        <div class="tray" data-is=tray.is.clone() data-trouble=t.error_network()>
            {top(&tray)}
            <div class="tray-foot">
                <div role="alert">{alert.map(|text| view! { <p class="tray-alert">{text}</p> })}</div>
                {place(&tray)}
                {ask(&tray)}
                {done.map(|text| view! { <p class="tray-done">{text}</p> })}
            </div>
            {rate_window(&tray)}
            {save_window(&tray)}
        </div>
    }
}

/// The buttons at the top of the widget.
fn top(tray: &Tray) -> impl IntoView + use<> {
    let t = &tray.texts;
    let rate = tray.rateable.then(|| {
        view! { <button type="button" id="damso-rate-open" popovertarget="damso-rate">{t.front_rate()}</button> }
    });
    let save = tray.transcript.then(|| {
        view! { <button type="button" id="damso-save-open" popovertarget="damso-save">{t.front_save()}</button> }
    });
    (rate.is_some() || save.is_some()).then(|| view! { <div class="acts tray-top">{rate} {save}</div> })
}

/// His place in the line, and how long others have waited, as far as it is known.
fn place(tray: &Tray) -> impl IntoView + use<> {
    let t = &tray.texts;
    let waits = tray.waits?;
    let in_line = |ahead: u32| if ahead == 0 { t.front_place_next() } else { t.front_place_ahead(ahead) };
    let (place, note) = match waits {
        Waits::Unsaid => (t.front_place_unsaid(), None),
        Waits::First { ahead, range } => (in_line(ahead), Some(range.map_or_else(|| t.front_place_note(), |range| lately(t, range)))),
        Waits::Again { ahead } => (t.front_place_again(), (ahead > 0).then(|| in_line(ahead))),
    };
    Some(view! {
        <p class="place">
            <svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
                <path d="M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 7v5l3 2"/>
            </svg>
            <span><b>{place}</b> " " {note.map(|note| view! { <span class="place-note">{note}</span> })}</span>
        </p>
    })
}

fn lately(t: &Texts, Range { from, to }: Range) -> String {
    if to <= 1 {
        t.front_place_soon()
    } else if from == to {
        t.front_place_about(to)
    } else {
        t.front_place_range(from, to)
    }
}

/// The question for a rating: where the agent has asked, and when all is over. Afterwards
/// the answer in its place.
fn ask(tray: &Tray) -> impl IntoView + use<> {
    if !tray.rateable || tray.waits.is_some() {
        return ().into_any();
    }
    let t = &tray.texts;
    if let Some(rating) = tray.rated.filter(|_| !tray.asked) {
        // At its end a chat still says what was thought of it.
        if !tray.over || tray.done.is_some() {
            return ().into_any();
        }
        let more = if tray.words.is_empty() { t.front_rate_more() } else { t.front_rate_change() };
        return view! {
            <div class="tray-ask">
                <p>{thanks(t, rating)}</p>
                <button type="button" class="btn" popovertarget="damso-rate">{more}</button>
            </div>
        }
        .into_any();
    }
    if !tray.asked && !tray.over {
        return ().into_any();
    }
    let words = tray.words.clone();
    view! {
        <form class="tray-ask" method="post" action=format!("{}/rating", tray.base) data-act="tray">
            {hidden(tray)}
            <input type="hidden" name="words" value=words/>
            <p>{t.front_rate_title()}</p>
            <span class="tray-answers">
                <button type="submit" class="btn" name="rating" value="good">{thumb(Rating::Good)} {t.front_rate_good()}</button>
                <button type="submit" class="btn" name="rating" value="bad">{thumb(Rating::Bad)} {t.front_rate_bad()}</button>
            </span>
        </form>
    }
    .into_any()
}

fn thanks(t: &Texts, rating: Rating) -> String {
    match rating {
        Rating::Good => t.front_rated_good(),
        Rating::Bad => t.front_rated_bad(),
    }
}

/// What every form says of itself.
fn hidden(tray: &Tray) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="lang" value=tray.texts.language.code()/>
        <input type="hidden" name="chat" value=tray.chat.to_string()/>
    }
}

/// Up, or down.
fn thumb(rating: Rating) -> impl IntoView {
    let class = if rating == Rating::Bad { "thumb down" } else { "thumb" };
    view! {
        <svg class=class width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d="M7 11v10H4a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zM7 11l4-8a3 3 0 0 1 3 3v3h5a2 2 0 0 1 2 2.3l-1.2 7A2 2 0 0 1 17.8 20H7"/>
        </svg>
    }
}

/// 평가: what it was, with words if one likes, as often as one likes.
fn rate_window(tray: &Tray) -> impl IntoView + use<> {
    if !tray.rateable {
        return ().into_any();
    }
    let t = &tray.texts;
    let problem = tray.error.as_ref().and_then(|error| error.problem_of("words")).map(|problem| problem_text(t, problem));
    let unchosen = tray.error.as_ref().is_some_and(|error| error.problem_of("rating").is_some());
    let choice = |rating: Rating, label: String| {
        let chosen = tray.rating == Some(rating);
        // Where the window opens.
        let first = chosen || tray.rating.is_none() && rating == Rating::Good;
        view! {
            <label class="tray-choice">
                <input type="radio" name="rating" value=rating.code() checked=chosen autofocus=first aria-invalid=unchosen.then_some("true") required/>
                {thumb(rating)}
                <span>{label}</span>
            </label>
        }
    };
    let wrong = problem.is_some();
    view! {
        <div popover id="damso-rate" class="tray-window" role="dialog" aria-labelledby="damso-rate-title">
            <form method="post" action=format!("{}/rating", tray.base) data-act="tray">
                {hidden(tray)}
                <h2 id="damso-rate-title">{t.front_rate_title()}</h2>
                <div class="tray-choices" role="radiogroup" aria-labelledby="damso-rate-title">
                    {choice(Rating::Good, t.front_rate_good())} {choice(Rating::Bad, t.front_rate_bad())}
                </div>
                {unchosen.then(|| view! { <p class="field-problem">{t.front_rate_none()}</p> })}
                <label for="damso-rate-words">{t.front_rate_words()}</label>
                <textarea
                    id="damso-rate-words"
                    name="words"
                    rows="3"
                    maxlength=RATING_WORDS_MAX.to_string()
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=wrong.then_some("damso-rate-wrong")
                >
                    {area_text(&tray.words)}
                </textarea>
                {problem.map(|text| view! { <p class="field-problem" id="damso-rate-wrong">{text}</p> })}
                <div class="answers">
                    <button type="button" class="btn" popovertarget="damso-rate" popovertargetaction="hide">{t.common_cancel()}</button>
                    <button type="submit" class="btn main">{t.front_rate_save()}</button>
                </div>
            </form>
        </div>
    }
    .into_any()
}

/// 대화 내용 저장: a file, or a mail to the address that is known.
fn save_window(tray: &Tray) -> impl IntoView + use<> {
    if !tray.transcript {
        return ().into_any();
    }
    let t = &tray.texts;
    let action = format!("{}/transcript", tray.base);
    let mail = tray.mail.as_ref().map(|email| {
        view! { <button type="submit" class="btn" name="to" value="mail">{t.front_save_mail(email)}</button> }
    });
    view! {
        <div popover id="damso-save" class="tray-window" role="dialog" aria-labelledby="damso-save-title">
            <form method="post" action=action data-act="tray">
                {hidden(tray)}
                <h2 id="damso-save-title">{t.front_save()}</h2>
                <p>{t.front_save_text()}</p>
                <button type="submit" class="btn main" name="to" value="file" autofocus>{t.front_save_file()}</button>
                {mail}
                <button type="button" class="btn" popovertarget="damso-save" popovertargetaction="hide">{t.common_cancel()}</button>
            </form>
        </div>
    }
    .into_any()
}
