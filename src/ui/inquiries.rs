//! 1:1 문의 at the desk (A28): those that wait for an answer first, and the answer.

mod files;

use crate::{
    api::{
        ApiError,
        inquiries::{InquiryDetail, InquiryRow, answer_inquiry, load_inquiries, load_inquiry},
    },
    domain::{
        attachment::{FILE_MAX, FILES_MAX, Kind},
        contact::Contact,
    },
    i18n::Texts,
    ui::{
        kit::{
            Area, Button, ButtonKind, EmptyState, facts,
            rich_text::RichText,
            texts,
            time::{DayLabel, Time},
        },
        live::ids,
        load::{load, load_with},
        settings::{Locked, SettingsPage, editing::Work},
        upload::{FilesField, Upload},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/inquiries`, and one of them by its id.
#[component]
pub fn InquiriesPage() -> impl IntoView {
    let t = texts();
    if !facts().is_some_and(|f| f.inquiries) {
        let (title, heading, text) = (t.inquiries_title(), t.inquiries_forbidden(), t.inquiries_forbidden_text());
        return view! { <Locked title heading text/> }.into_any();
    }
    let wanted = use_params_map();
    let body = move || match wanted.read().get("inquiry") {
        None => load(load_inquiries, |rows, _| view! { <List rows/> }.into_any()),
        Some(id) => load_with(
            move || {
                let id = id.parse().map_err(|_| ApiError::NotFound);
                async move { load_inquiry(id?).await }
            },
            |detail, _| view! { <Detail detail/> }.into_any(),
        ),
    };
    let t = texts();
    view! {
        <SettingsPage area=t.console_nav_chats() group=t.inquiries_title() title=t.inquiries_title() lead=t.inquiries_lead()>
            {body}
        </SettingsPage>
    }
    .into_any()
}

#[component]
fn List(rows: Vec<InquiryRow>) -> impl IntoView {
    let t = texts();
    if rows.is_empty() {
        return view! {
            <EmptyState icon="inbox" title=t.inquiries_empty()>
                <p>{t.inquiries_empty_text()}</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| {
            let (chip, state) = state(&t, row.answered);
            view! {
                <li class="line">
                    <div class="line-main">
                        <p>
                            <a href=format!("/inquiries/{}", row.id)>{t.inquiries_number(row.number)}</a>
                            " "
                            <span class=chip>{state}</span>
                            {marks(&t, &row)}
                        </p>
                        <p>{row.subject}</p>
                        <p class="muted small">{who(&t, &row.contact)} " · " <DayLabel at=row.created_at/> " " <Time at=row.created_at/></p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-label=t.inquiries_title()>
            <ol class="lines">{rows}</ol>
        </section>
    }
    .into_any()
}

fn state(t: &Texts, answered: bool) -> (&'static str, String) {
    if answered { ("chip", t.inquiries_answered()) } else { ("chip waiting", t.inquiries_open()) }
}

/// Where it came from, and that there is no way to write back (G13).
fn marks(t: &Texts, row: &InquiryRow) -> impl IntoView + use<> {
    let mark = |holds: bool, text: String| {
        holds.then(|| {
            view! {
                " "
                <span class="chip">{text}</span>
            }
        })
    };
    (mark(row.from_chat, t.inquiries_from_chat()), mark(row.contact.email.is_empty(), t.inquiries_unreachable()))
}

/// What the customer said of himself; none of it is proven (G20).
fn who(t: &Texts, contact: &Contact) -> String {
    let said: Vec<&str> =
        [&contact.name, &contact.email, &contact.phone].into_iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
    if said.is_empty() { t.inquiries_anonymous() } else { said.join(" · ") }
}

#[component]
fn Detail(detail: InquiryDetail) -> impl IntoView {
    let t = texts();
    let shown = RwSignal::new(detail);
    let words = RwSignal::new(String::new());
    // One answer, however often it has to be sent.
    let client_id = StoredValue::new(ids::new_client_id());
    let work = Work::new();
    let upload = Upload::new("answer-files");
    let (sent, stopped) = (t.inquiries_sent(), t.inquiries_files_stopped());
    let send = Callback::new(move |()| {
        let (id, sent, stopped) = (shown.with_untracked(|d| d.row.id), sent.clone(), stopped.clone());
        let (client_id_now, text) = (client_id.get_value(), words.get_untracked());
        let request = async move {
            if !upload.is_wanted() {
                return answer_inquiry(id, client_id_now, text).await.map(Some);
            }
            let fields = vec![("client_id", client_id_now.to_string()), ("text", text)];
            match upload.post(format!("/inquiries/{id}/answer"), fields).await {
                Err(ApiError::Network) if upload.was_stopped() => Ok(None),
                answer => answer.map(Some),
            }
        };
        work.run(request, move |detail| {
            let Some(detail) = detail else {
                work.say(stopped);
                return;
            };
            client_id.set_value(ids::new_client_id());
            words.set(String::new());
            upload.clear();
            shown.set(detail);
            work.say(sent);
        });
    });
    let head = {
        let t = t.clone();
        move || {
            shown.with(|d| {
                let (chip, state) = state(&t, d.row.answered);
                view! {
                    <p>
                        <b>{t.inquiries_number(d.row.number)}</b>
                        " "
                        <span class=chip>{state}</span>
                        {marks(&t, &d.row)}
                    </p>
                    <p class="muted small">{who(&t, &d.row.contact)}</p>
                    {d.row.contact.email.is_empty().then(|| view! { <p class="muted small">{t.inquiries_no_mail()}</p> })}
                }
            })
        }
    };
    let messages = {
        let t = t.clone();
        move || {
            let t = t.clone();
            shown.with(|d| {
                d.messages
                    .iter()
                    .map(|message| {
                        let (by, ours) = (message.by.clone().unwrap_or_else(|| t.inquiries_customer()), message.by.is_some());
                        view! {
                            <li class="inquiry-message" class:ours=ours>
                                <p class="muted small">{by} " · " <DayLabel at=message.at/> " " <Time at=message.at/></p>
                                <p><RichText text=message.text.clone()/></p>
                                {files::list(d.row.id, message.files.clone())}
                            </li>
                        }
                    })
                    .collect_view()
            })
        }
    };
    let back = t.inquiries_back();
    let label = t.inquiries_send();
    view! {
        <p>
            <a href="/inquiries">{back}</a>
        </p>
        <section class="card inquiry" aria-label=t.inquiries_title()>
            {head} <ol class="inquiry-messages">{messages}</ol> <Area id="answer" label=t.inquiries_answer() value=words rows=5 problem=work.problem("text")/>
            <FilesField upload label=t.inquiries_files() hint=t.inquiries_files_hint(FILES_MAX, FILE_MAX >> 20) accept=Kind::ACCEPT problem=work.problem("files")/>
            <div class="answers">
                <Button kind=ButtonKind::Main busy=work.busy on_press=send>
                    {label}
                </Button>
            </div>
        </section>
    }
    .into_any()
}
