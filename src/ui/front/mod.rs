//! The customer's front door as the server draws it: in the widget's frame, on its page
//! when opened by itself, and in the help centre. Plain HTML and forms; what moves is
//! `public/front.js`. No module carries it.

mod attach;
mod cards;
mod developers;
mod files;
mod help;
mod inquiry;
mod mine;
mod open;
mod site;
mod tray;
mod try_page;
mod words;

pub use attach::{Attach, AttachProps};
pub use cards::cards;
pub use developers::{DevelopersDocument, DevelopersDocumentProps};
pub use help::{HelpDocument, HelpDocumentProps, HelpHome, HelpHomeProps, HelpView, Home, OwnInquiry, OwnMessage};
pub use mine::{Left, MyInquiries};
pub use tray::{ChatTray, ChatTrayProps, Tray, TrayDone};
pub use try_page::{TryDocument, TryDocumentProps};
pub use words::moment;

use crate::{
    api::{ApiError, Problem},
    domain::{
        availability::{Door, Shut},
        contact::{Asked, Contact},
        ids::QueueId,
        settings::Company,
        time::Timestamp,
    },
    i18n::Texts,
    ui::problems::{plain_error_text, problem_text},
};
use leptos::prelude::*;

/// What stands at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// How it is: the start of a chat, or why there is none.
    Door,
    /// 문의하기: the form of a 1:1 문의.
    Ask {
        /// Of the link to what will be sent.
        token: String,
    },
    /// The inquiry was stored.
    Asked { number: u64, link: String },
}

/// A queue as the customer may choose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub id: QueueId,
    pub name: String,
    pub shut: Option<Shut>,
}

/// Everything that the door shows.
#[derive(Clone, Debug)]
pub struct Front {
    pub texts: Texts,
    /// Below which address its forms are: `/w/KEY`.
    pub base: String,
    /// The key of the way in.
    pub widget: String,
    /// Names how the door is (`Doorway::is`).
    pub is: String,
    pub view: View,
    pub door: Door,
    pub queues: Vec<Choice>,
    /// In which times are told.
    pub zone: String,
    pub absent: String,
    pub closed: String,
    pub ended: String,
    /// The wording to agree to, and its name.
    pub consent: (String, String),
    pub inquiry_consent: (String, String),
    /// The service speaks with members only, and this one is none that it knows of (G20).
    pub members_only: bool,
    /// 1:1 문의 is on, for him.
    pub inquiry: bool,
    /// Answers also go by mail.
    pub mail: bool,
    /// The hours in a sentence, for where there is no inquiry.
    pub hours: String,
    pub company: Company,
    pub asked: Asked,
    /// He waits, and nobody is left who could answer (G13).
    pub alone: bool,
    /// What his last chat was turned into (G13).
    pub turned: Option<Left>,
    /// What he has asked before, the one that moved last first.
    pub mine: Vec<Left>,
    /// What the customer said before; it is not asked again.
    pub known: Contact,
    /// What he has just typed, and what was wrong with it.
    pub typed: Contact,
    pub text: String,
    pub queue: Option<QueueId>,
    pub error: Option<ApiError>,
}

/// The door, with the element that `public/front.js` replaces.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub fn FrontDoor(front: Front) -> impl IntoView {
    let lang = front.texts.language.code();
    let url = format!("{}/front?lang={lang}", front.base);
    let label = match &front.view {
        View::Door => front.texts.front_label(),
        View::Ask { .. } | View::Asked { .. } => front.texts.front_ask_title(),
    };
    let view = match &front.view {
        View::Door => "door",
        View::Ask { .. } => "ask",
        View::Asked { .. } => "asked",
    };
    // Who is made known afterwards has the door drawn again.
    let members_only = front.members_only.then_some("");
    let (widget, is, trouble) = (front.widget.clone(), front.is.clone(), front.texts.error_network());
    // What is wrong as a whole; what is wrong with a field stands beside it.
    let alert = front.error.clone().filter(|e| !matches!(e, ApiError::Invalid(_))).map(|e| plain_error_text(&front.texts, &e));
    let body = match (&front.view, &front.door) {
        (View::Ask { .. }, _) | (View::Door, Door::Open { .. }) if front.members_only => members(&front).into_any(),
        (View::Ask { token }, _) => {
            let token = token.clone();
            inquiry::form(&front, token).into_any()
        }
        (View::Asked { number, link }, _) => inquiry::done(&front, *number, link.clone()).into_any(),
        (View::Door, Door::Open { .. }) => open::form(&front).into_any(),
        (View::Door, Door::Shut(why)) => shut(&front, *why).into_any(),
    };
    view! {
        <section id="damso-front" class="front" aria-label=label data-url=url data-widget=widget data-is=is data-view=view data-trouble=trouble data-members=members_only>
            {mine::alone(&front)} {mine::over(&front)}
            <div role="alert">{alert.map(|text| view! { <p class="front-alert">{text}</p> })}</div>
            {body}
        </section>
    }
}

/// In place of the forms, for whom nobody vouches.
fn members(front: &Front) -> impl IntoView + use<> {
    let t = &front.texts;
    view! {
        <div class="front-card">
            <div role="status">
                <h2>{t.front_members_title()}</h2>
                <p class="front-text">{t.front_members()}</p>
            </div>
        </div>
    }
}

/// Nobody takes chats now: why, until when, and the way out (A27, A28).
fn shut(front: &Front, why: Shut) -> impl IntoView + use<> {
    let t = &front.texts;
    let (title, text) = match why {
        Shut::Hours { .. } => (t.front_closed_title(), front.closed.clone()),
        _ => (t.front_absent_title(), front.absent.clone()),
    };
    let opens = match why {
        Shut::Hours { opens: Some(at) } => Some(t.front_opens(moment(t, at, &front.zone))),
        _ => None,
    };
    view! {
        <div class="front-card">
            <div role="status">
                <h2>{title}</h2>
                <p class="front-text">{text}</p>
                {opens.map(|opens| view! { <p class="front-opens">{opens}</p> })}
            </div>
            {way_out(front, true)}
            {mine::mine(front)}
        </div>
    }
}

/// 문의하기; where 1:1 문의 is off, hours and company in its place, never a dead button.
fn way_out(front: &Front, main: bool) -> impl IntoView + use<> {
    let t = &front.texts;
    if front.inquiry {
        let href = format!("{}?view=ask&lang={}", front.base, t.language.code());
        return view! { <a class=if main { "btn main" } else { "front-link" } href=href data-view="ask">{t.front_ask()}</a> }.into_any();
    }
    if !main {
        return ().into_any();
    }
    view! {
        <p class="front-hours">{front.hours.clone()}</p>
        {company(t, &front.company)}
    }
    .into_any()
}

/// 회사 정보; what was not given is not shown.
fn company(t: &Texts, company: &Company) -> impl IntoView + use<> {
    let Company { name, representative, registration, address, phone, email } = company.clone();
    let row = |label: String, value: String, href: Option<String>| {
        (!value.is_empty()).then(|| {
            let value = match href {
                Some(href) => view! { <a href=href>{value}</a> }.into_any(),
                None => value.into_any(),
            };
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    let call = format!("tel:{}", phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>());
    let mail = format!("mailto:{email}");
    view! {
        <dl class="company">
            {row(t.front_company_name(), name, None)}
            {row(t.front_company_representative(), representative, None)}
            {row(t.front_company_registration(), registration, None)}
            {row(t.front_company_address(), address, None)}
            {row(t.front_company_phone(), phone, Some(call))}
            {row(t.front_company_email(), email, Some(mail))}
        </dl>
    }
}

impl Front {
    fn problem(&self, field: &str) -> Option<Problem> {
        self.error.as_ref()?.problem_of(field)
    }

    /// A field of the form, with its problem beside it.
    fn field(
        &self,
        name: &'static str,
        label: String,
        kind: &'static str,
        autocomplete: &'static str,
        required: bool,
    ) -> impl IntoView + use<> {
        let t = &self.texts;
        let typed = match name {
            "name" => self.typed.name.clone(),
            "email" => self.typed.email.clone(),
            _ => self.typed.phone.clone(),
        };
        let problem = self.problem(name).map(|problem| problem_text(t, problem));
        let (id, wrong) = (format!("front-{name}"), format!("front-{name}-wrong"));
        let note = if required { t.front_required() } else { t.front_optional() };
        let described = problem.is_some().then(|| wrong.clone());
        view! {
            <div class="field">
                <label for=id.clone()>{label} " " <span class="front-note">{note}</span></label>
                <input
                    id=id
                    name=name
                    type=kind
                    autocomplete=autocomplete
                    value=typed
                    aria-required=required.then_some("true")
                    aria-invalid=problem.is_some().then_some("true")
                    aria-describedby=described
                />
                {problem.map(|text| view! { <p class="field-problem" id=wrong>{text}</p> })}
            </div>
        }
    }

    /// The wording that is agreed to.
    fn consent_box(&self, (key, text): (String, String)) -> impl IntoView + use<> {
        let t = &self.texts;
        let problem = self.problem("consent").map(|problem| problem_text(t, problem));
        view! {
            <input type="hidden" name="consent" value=key/>
            <div class="consent" tabindex="0" role="region" aria-label=t.front_consent()>
                <h3>{t.front_consent()}</h3>
                <p>{text}</p>
            </div>
            {problem.map(|text| view! { <p class="field-problem">{text}</p> })}
        }
    }
}

/// What was typed, inside of a `textarea`: the one element with text of other people that
/// the framework does not escape.
fn area_text(typed: &str) -> String {
    typed.replace('&', "&amp;").replace('<', "&lt;")
}

/// When a queue that takes no chats now takes them again, in words.
fn until(t: &Texts, shut: Shut, zone: &str) -> String {
    match shut {
        Shut::Hours { opens: Some(at) } => t.front_opens(moment(t, Timestamp(at.0), zone)),
        Shut::Hours { opens: None } => t.front_closed_title(),
        _ => t.front_absent_title(),
    }
}
