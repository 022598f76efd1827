//! One line of the log: a message, what happened, or a reply on its way.

use super::{
    super::{items::Item, line::Line, words::happened},
    files::Files,
    name_or,
    rich::Rich,
};
use crate::{
    domain::{
        attachment::Attachment,
        chat::{Author, Event, Logged},
    },
    protocol::Marks,
    ui::{
        kit::{
            Icon, texts,
            time::{DayLabel, Time, TimeStyle},
        },
        live::{
            host,
            outbox::{Entry, Sending},
        },
    },
};
use leptos::prelude::*;

/// How far the customer has come, and which of our messages says it in words.
#[derive(Clone, Copy)]
pub(super) struct Told {
    pub customer: Memo<Marks>,
    pub newest: Memo<u64>,
}

#[component]
pub(super) fn ItemLine(line: Line, item: Item, told: Told) -> impl IntoView {
    match item {
        Item::Day { at, .. } => view! { <p class="day"><DayLabel at/></p> }.into_any(),
        Item::New { .. } => view! { <p class="new-divider">{texts().console_new_divider()}</p> }.into_any(),
        Item::Happened(logged) => view! { <Happening line logged/> }.into_any(),
        Item::Message { logged, author, text, files, first, last } => {
            view! { <Message line logged author text files first last told/> }.into_any()
        }
    }
}

#[component]
fn Happening(line: Line, logged: Logged) -> impl IntoView {
    let t = texts();
    // A word among colleagues looks like none of the customer's: colour, mark and label.
    if let Event::Note { agent, text } = &logged.event {
        let words = t.console_note_by(name_or(&t, line, *agent));
        let label = words.clone();
        return view! {
            <article class="note" aria-label=label>
                <p class="small"><Icon name="lock" size=12/> {words} " · " <Time at=logged.at/></p>
                <div class="note-text"><Rich text=text.clone()/></div>
            </article>
        }
        .into_any();
    }
    let words = happened(&t, &logged.event, |agent| name_or(&t, line, agent));
    view! {
        <p class="event">
            {words} " · " <Time at=logged.at/>
        </p>
    }
    .into_any()
}

#[component]
fn Message(
    line: Line,
    logged: Logged,
    author: Author,
    text: String,
    files: Vec<Attachment>,
    first: bool,
    last: bool,
    told: Told,
) -> impl IntoView {
    let t = texts();
    let me = line.store.me();
    let ours = matches!(author, Author::Agent(_));
    let public = logged.public.unwrap_or_default();
    let state = move || {
        let marks = told.customer.get();
        match author {
            Author::Customer => "received",
            Author::Agent(_) if public <= marks.seen => "seen",
            Author::Agent(_) if public <= marks.delivered => "delivered",
            Author::Agent(_) => "sent",
        }
    };
    let name = match author {
        Author::Customer => line.store.row_untracked(logged.chat).map(|r| t.console_customer(r.card.code)).unwrap_or_default(),
        Author::Agent(agent) if agent == me => t.console_me(),
        Author::Agent(agent) => name_or(&t, line, agent),
    };
    let label = {
        let (t, name) = (t.clone(), name.clone());
        move || t.console_message_by(&name, host::format_time(logged.at, t.language, TimeStyle::Clock))
    };
    let meta = last.then(|| {
        let shown_name = match author {
            Author::Agent(agent) if agent != me => Some(name),
            _ => None,
        };
        let how_far = move || {
            let (icon, word) = match state() {
                "seen" => ("check-check", t.console_state_seen()),
                "delivered" => ("check-check", t.console_state_delivered()),
                _ => ("check", t.console_state_sent()),
            };
            view! {
                <Icon name=icon size=12/>
                <span class:visually-hidden=move || told.newest.get() != logged.seq>{word}</span>
            }
        };
        view! {
            <p class="meta">
                {shown_name.map(|name| view! { <span>{name}</span> <span aria-hidden="true">"·"</span> })}
                <Time at=logged.at/>
                {ours
                    .then(|| {
                        view! {
                            <span aria-hidden="true">"·"</span>
                            <span class="state" class:seen=move || state() == "seen">
                                {how_far}
                            </span>
                        }
                    })}
            </p>
        }
    });
    view! {
        <div class="line" class:me=ours class:first=first class:last=last>
            <article class="msg" data-seq=public data-state=state aria-label=label>
                <Rich text/>
                <Files chat=logged.chat files/>
            </article>
            {meta}
        </div>
    }
    .into_any()
}

/// A reply, or a word among colleagues, that the log does not have yet.
#[component]
pub(super) fn Unsent(line: Line, entry: Entry, note: bool) -> impl IntoView {
    let t = texts();
    let outbox = if note { line.notes } else { line.outbox };
    let sending = entry.sending(outbox.stuck().get_untracked());
    let (code, words) = match sending {
        Sending::Now => ("sending", t.console_state_sending()),
        Sending::Queued => ("queued", t.console_state_queued()),
        Sending::Sent => ("sent", t.console_state_sent()),
        Sending::Failed => ("failed", t.console_state_failed()),
    };
    let id = entry.id;
    let failed = (sending == Sending::Failed).then(|| {
        view! {
            <button type="button" class="btn small-btn" on:click=move |_| outbox.retry(id)>{t.common_retry()}</button>
            <button type="button" class="btn small-btn" on:click=move |_| outbox.discard(id)>{t.console_discard()}</button>
        }
    });
    view! {
        <div class="line me first last pending" class:noting=note class:failed=sending == Sending::Failed>
            <article class="msg" data-seq=entry.sent.map(|s| s.seq) data-state=code aria-label=t.console_message_by(t.console_me(), &words)>
                <Rich text=entry.text/>
            </article>
            <p class="meta">
                {match sending {
                    Sending::Failed => view! { <Icon name="alert" size=12/> }.into_any(),
                    Sending::Now | Sending::Queued => view! { <Icon name="clock" size=12/> }.into_any(),
                    Sending::Sent => ().into_any(),
                }} <span class="state">{words}</span> {failed}
            </p>
        </div>
    }
    .into_any()
}
