//! 상담 상태 at the top left (A20), and the banner of who is 오프라인 (G12).

use super::line::Line;
use crate::{
    api::presence::set_status,
    domain::presence::Status,
    i18n::Texts,
    ui::{
        kit::{Button, Icon, Toasts, texts},
        problems::plain_error_text,
        session::left_by,
    },
};
use leptos::{prelude::*, task::spawn_local};

fn in_words(t: &Texts, status: Status) -> String {
    match status {
        Status::Online => t.console_status_online(),
        Status::Break => t.console_status_break(),
        Status::Offline => t.console_status_offline(),
    }
}

/// Says so to the server; shown at once, taken back when it did not work.
fn choose(line: Line, toasts: Toasts, t: Texts, status: Status) {
    let before = line.store.status();
    line.store.set_status(status);
    spawn_local(async move {
        match set_status(status).await {
            Ok(status) => line.store.set_status(status),
            Err(error) if left_by(&error) => {}
            Err(error) => {
                line.store.set_status(before);
                toasts.trouble(plain_error_text(&t, &error));
            }
        }
    });
}

/// Exactly one of three (A20); only 온라인 gets chats (A21).
#[component]
pub fn StatusChoice(line: Line) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let status = move || line.store.status();
    let options = Status::ALL
        .into_iter()
        .map(|one| view! { <option value=one.code() selected=move || status() == one>{in_words(&t, one)}</option> })
        .collect_view();
    let (label, title) = (t.console_status(), t.console_status());
    let change = move |event| {
        if let Some(status) = Status::parse(&event_target_value(&event)) {
            choose(line, toasts, t.clone(), status);
        }
    };
    let words = texts();
    // The choice lies over what is drawn: the rail is narrower than a list of words.
    view! {
        <label class="status-choice" data-status=move || status().code() title=title>
            <span class="status-dot" aria-hidden="true"></span>
            <span aria-hidden="true">{move || in_words(&words, status())}</span>
            <span class="visually-hidden">{label}</span>
            <select prop:value=move || status().code() on:change=change>
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// Nobody waits for chats by mistake.
#[component]
pub fn OfflineBanner(line: Line) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let words = t.console_offline_banner();
    let label = t.console_go_online();
    move || {
        (line.store.may_chat() && line.store.status() == Status::Offline).then(|| {
            let (t, words, label) = (t.clone(), words.clone(), label.clone());
            view! {
                <div class="banner" role="status">
                    <Icon name="moon"/>
                    <span>{words}</span>
                    <Button on_press=Callback::new(move |()| choose(line, toasts, t.clone(), Status::Online))>{label}</Button>
                </div>
            }
        })
    }
}
