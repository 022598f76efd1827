//! What the door says of the customer's own: that nobody is left to answer him (G13), that
//! his chat is over, and what he has asked before.

use super::Front;
use crate::{api::Problem, i18n::Texts, ui::problems::problem_text};
use leptos::prelude::*;

/// A 1:1 문의 of the customer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub number: u64,
    pub answered: bool,
    /// Where he reads it.
    pub href: String,
    /// We know where the answer goes.
    pub email: bool,
}

/// Nobody is left who could answer: all that is shown of the door while the customer waits.
pub fn alone(front: &Front) -> impl IntoView + use<> {
    let t = &front.texts;
    let action = format!("{}/turn", front.base);
    let lang = t.language.code();
    front.alone.then(|| {
        let way_out = front.inquiry.then(|| {
            view! {
                <form method="post" action=action data-act="turn">
                    <input type="hidden" name="lang" value=lang/>
                    <button type="submit" class="btn main">{t.front_ask()}</button>
                </form>
            }
        });
        view! {
            <div class="front-alone">
                <p class="front-text" role="status">{if front.inquiry { t.front_alone() } else { t.front_alone_wait() }}</p>
                {way_out}
            </div>
        }
    })
}

/// 종료 안내 and the way to a new chat: all that is shown of the door while the window shows
/// a chat that is over.
pub fn over(front: &Front) -> impl IntoView + use<> {
    let t = &front.texts;
    let href = format!("{}?view=new&lang={}", front.base, t.language.code());
    let said = match &front.turned {
        Some(left) => turned(front, left).into_any(),
        None => view! { <p class="front-text" role="status">{front.ended.clone()}</p> }.into_any(),
    };
    view! {
        <div class="front-over">
            {said}
            <a class="btn main" href=href data-view="new">{t.front_new_chat()}</a>
        </div>
    }
}

/// The waiting became an inquiry: where it stands, and where the answer shall go.
fn turned(front: &Front, left: &Left) -> impl IntoView + use<> {
    let t = &front.texts;
    let action = format!("{}/reach", front.base);
    let lang = t.language.code();
    // Also where we send no mail ourselves: an agent may write.
    let reach = (!left.email).then(|| {
        view! {
            <form method="post" action=action data-act="reach" novalidate>
                <input type="hidden" name="lang" value=lang/>
                {email_field(t, "front-reach", t.front_reach(), &front.typed.email, front.problem("email"))}
                <button type="submit" class="btn">{t.front_reach_save()}</button>
            </form>
        }
    });
    view! {
        <div role="status">
            <p class="front-text">{t.front_turned(left.number)}</p>
            {(left.email && front.mail).then(|| view! { <p class="front-note">{t.front_turned_mail()}</p> })}
        </div>
        <a class="front-link" href=left.href.clone() target="_blank" rel="noopener">{t.front_asked_link()}</a>
        {reach}
    }
}

fn email_field(t: &Texts, id: &'static str, label: String, typed: &str, problem: Option<Problem>) -> impl IntoView + use<> {
    let problem = problem.map(|problem| problem_text(t, problem));
    let wrong = format!("{id}-wrong");
    let described = problem.is_some().then(|| wrong.clone());
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                name="email"
                type="email"
                autocomplete="email"
                value=typed.to_owned()
                aria-invalid=problem.is_some().then_some("true")
                aria-describedby=described
            />
            {problem.map(|text| view! { <p class="field-problem" id=wrong>{text}</p> })}
        </div>
    }
}

/// 내 문의: what he has asked before, with the answers.
pub fn mine(front: &Front) -> impl IntoView + use<> {
    let t = &front.texts;
    (!front.mine.is_empty()).then(|| {
        view! {
            <section class="front-mine" aria-labelledby="front-mine">
                <h3 id="front-mine">{t.front_mine()}</h3>
                {rows(t, &front.mine, true)}
            </section>
        }
    })
}

/// Inquiries as a list of links; `out` of the frame that they stand in.
pub fn rows(t: &Texts, mine: &[Left], out: bool) -> impl IntoView + use<> {
    let rows = mine
        .iter()
        .map(|left| {
            let state = if left.answered { t.front_inquiry_answered() } else { t.front_inquiry_open() };
            view! {
                <li>
                    <a href=left.href.clone() target=out.then_some("_blank") rel="noopener">{t.front_inquiry_number(left.number)}</a>
                    " "
                    <span class="front-state" class:open=left.answered>{state}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="front-rows">{rows}</ul> }
}

/// The help centre's page of them.
#[derive(Clone, Debug)]
pub struct MyInquiries {
    pub rows: Vec<Left>,
    /// Opened by a mailed link, rather than by the browser's cookie.
    pub by_mail: bool,
    /// Where an address is looked for.
    pub action: String,
    /// We can send mail.
    pub mail: bool,
    /// The address as it was typed, and what is wrong with it.
    pub email: String,
    pub problem: Option<Problem>,
    /// A link is on its way, if there is anything to show.
    pub sent: bool,
}

pub fn page(t: &Texts, mine: MyInquiries) -> impl IntoView + use<> {
    let MyInquiries { rows: left, by_mail, action, mail, email, problem, sent } = mine;
    let list = if left.is_empty() {
        let none = if by_mail { t.front_mine_found_none() } else { t.front_mine_none() };
        view! { <p class="front-text">{none}</p> }.into_any()
    } else {
        rows(t, &left, false).into_any()
    };
    let find = (mail && !by_mail).then(|| {
        view! {
            <section class="help-card">
                <h2>{t.front_find_title()}</h2>
                <p class="front-text">{t.front_find_text()}</p>
                <div role="status">{sent.then(|| view! { <p class="front-state open">{t.front_found()}</p> })}</div>
                <form method="post" action=action>
                    <input type="hidden" name="lang" value=t.language.code()/>
                    {email_field(t, "find", t.front_email(), &email, problem)}
                    <button type="submit" class="btn">{t.front_find()}</button>
                </form>
            </section>
        }
    });
    view! {
        <section class="help-card">
            <h2>{t.front_mine_title()}</h2>
            {list}
        </section>
        {find}
    }
}
