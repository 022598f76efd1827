//! The help centre at `/help/SERVICE`: works without script, and the chat icon comes with
//! it (A24).

use super::{Front, FrontDoor, FrontDoorProps, MyInquiries, area_text, company, files, mine, moment, site};
use crate::api::Problem;
use crate::{
    domain::{attachment::Attachment, settings::Company, time::Timestamp},
    i18n::Texts,
    ui::{
        kit::rich_text::{RichText, RichTextProps},
        page::Assets,
        problems::problem_text,
    },
};
use leptos::prelude::*;

/// What a page of the help centre shows.
#[derive(Clone, Debug)]
pub enum HelpView {
    /// The beginning.
    Home(Home),
    /// 1:1 문의
    Ask(Box<Front>),
    /// 내 문의
    Mine(MyInquiries),
    /// The customer's own inquiry, by its link.
    Inquiry(Box<OwnInquiry>),
}

/// The beginning of a help centre.
#[derive(Clone, Debug)]
pub struct Home {
    pub texts: Texts,
    /// `/help/SERVICE`
    pub base: String,
    /// The key of the chat icon.
    pub widget: String,
    /// Names how the door is.
    pub is: String,
    /// Whether a chat can be started now; if not, why, in words.
    pub state: (bool, String),
    pub hours: String,
    /// The chat icon is switched on.
    pub icon: bool,
    /// 1:1 문의 is on.
    pub inquiry: bool,
}

/// The beginning, as `public/front.js` replaces it when something changes.
#[component]
pub fn HelpHome(home: Home) -> impl IntoView {
    let t = &home.texts;
    let (open, words) = home.state;
    let lang = t.language.code();
    let ask = format!("{}/inquiry?lang={lang}", home.base);
    let mine = format!("{}/inquiries?lang={lang}", home.base);
    let url = format!("{}/front?lang={lang}", home.base);
    view! {
        <section id="damso-front" class="help-home" data-url=url data-widget=home.widget data-is=home.is data-view="door">
            <section class="help-card">
                <h2>{t.front_help_chat()}</h2>
                <p class="front-state" class:open=open role="status">{words}</p>
                <p class="front-hours">{home.hours}</p>
                {home.icon.then(|| view! { <p class="front-note">{t.front_help_icon()}</p> })}
            </section>
            {home
                .inquiry
                .then(|| {
                    view! {
                        <section class="help-card">
                            <h2>{t.front_ask_title()}</h2>
                            <p class="front-text">{t.front_ask_text()}</p>
                            <a class="btn main" href=ask>{t.front_ask()}</a>
                            <a class="front-link" href=mine>{t.front_mine()}</a>
                        </section>
                    }
                })}
        </section>
    }
}

/// An inquiry as its customer sees it.
#[derive(Clone, Debug)]
pub struct OwnInquiry {
    pub number: u64,
    pub answered: bool,
    /// The oldest first.
    pub messages: Vec<OwnMessage>,
    /// Where the customer writes again.
    pub action: String,
    /// Made by the server for the form's next message.
    pub client_id: String,
    /// What he has just typed, and what was wrong with it and with his files.
    pub text: String,
    pub problem: Option<Problem>,
    pub files_problem: Option<Problem>,
}

/// A message of an inquiry as its customer sees it.
#[derive(Clone, Debug)]
pub struct OwnMessage {
    pub at: Timestamp,
    /// The desk wrote it.
    pub desk: bool,
    pub text: String,
    pub files: Vec<Attachment>,
}

/// The whole page, without its doctype.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub fn HelpDocument(
    texts: Texts,
    assets: Assets,
    nonce: String,
    /// `public/front.js`, minified.
    script: String,
    /// Of the service.
    key: String,
    name: String,
    /// The address of the service's picture.
    banner: Option<String>,
    zone: String,
    company_details: Company,
    /// The key of the chat icon, where it is switched on.
    icon: Option<String>,
    view: HelpView,
) -> impl IntoView {
    let t = &texts;
    let lang = t.language.code();
    let home = format!("/help/{key}?lang={lang}");
    let title = t.front_help_title(&name);
    let body = match view {
        HelpView::Home(home) => HelpHome(HelpHomeProps { home }).into_any(),
        HelpView::Ask(front) => FrontDoor(FrontDoorProps { front: *front }).into_any(),
        HelpView::Mine(mine) => mine::page(t, mine).into_any(),
        HelpView::Inquiry(own) => inquiry_page(t, *own, &zone).into_any(),
    };
    let loader = icon.map(|icon| view! { <script async src=format!("/widget/{icon}.js")></script> });
    let footer = company(t, &company_details);
    view! {
        <html lang=lang>
            {site::head(assets, title)}
            <body class="help">
                <header class="help-head">
                    <div>
                        <h1><a href=home>{banner.map(|src| view! { <img src=src alt=""/> })} {name}</a></h1>
                        {site::other_language(t)}
                    </div>
                </header>
                <main>{body}</main>
                <footer class="help-foot">{footer}</footer>
                <script nonce=nonce inner_html=script></script>
                {loader}
            </body>
        </html>
    }
}

fn inquiry_page(t: &Texts, own: OwnInquiry, zone: &str) -> impl IntoView + use<> {
    let messages = own
        .messages
        .into_iter()
        .map(|OwnMessage { at, desk, text, files }| {
            let who = if desk { t.front_desk() } else { t.front_me() };
            view! {
                <li class="help-message" class:desk=desk>
                    <p class="front-note">{who} " · " {moment(t, at, zone)}</p>
                    <p class="front-text">{RichText(RichTextProps { text })}</p>
                    {files::list(t, files, &own.action)}
                </li>
            }
        })
        .collect_view();
    let problem = own.problem.map(|problem| problem_text(t, problem));
    let described = problem.is_some().then_some("front-text-wrong");
    let state = if own.answered { t.front_inquiry_answered() } else { t.front_inquiry_open() };
    view! {
        <section class="help-card">
            <h2>{t.front_inquiry_number(own.number)}</h2>
            <p class="front-state" class:open=own.answered role="status">{state}</p>
            <ol class="help-messages">{messages}</ol>
            <form method="post" action=own.action.clone() enctype="multipart/form-data">
                <input type="hidden" name="client_id" value=own.client_id/>
                <input type="hidden" name="lang" value=t.language.code()/>
                <div class="field">
                    <label for="front-words">{t.front_write_again()}</label>
                    <textarea
                        id="front-words"
                        name="text"
                        rows="4"
                        aria-invalid=problem.is_some().then_some("true")
                        aria-describedby=described
                    >
                        {area_text(&own.text)}
                    </textarea>
                    {problem.map(|text| view! { <p class="field-problem" id="front-text-wrong">{text}</p> })}
                </div>
                {files::field(t, own.files_problem)}
                <button type="submit" class="btn">{t.common_send()}</button>
            </form>
        </section>
    }
}
