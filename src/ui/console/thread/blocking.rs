//! 고객 차단 (G34): ends the chat for abuse and keeps its customer out.

use super::super::line::Line;
use crate::{
    api::{Problem, blocks::block_customer},
    domain::{
        block::{Length, REASON_MAX},
        ids::ChatId,
    },
    i18n::Texts,
    ui::{
        kit::{Button, ButtonKind, Field, Switch, modal, texts},
        problems::problem_text,
        session::left_by,
    },
};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// The dialog; `open` opens it.
#[component]
pub(super) fn Blocking(line: Line, chat: ChatId, open: RwSignal<bool>) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    modal(node, open);
    view! {
        <dialog node_ref=node class="dialog wide" aria-labelledby="block-title" aria-describedby="block-text" on:close=move |_| open.set(false)>
            {move || open.get().then(|| view! { <Form line chat open/> })}
        </dialog>
    }
    .into_any()
}

#[component]
fn Form(line: Line, chat: ChatId, open: RwSignal<bool>) -> impl IntoView {
    let t = texts();
    let (reason, length, address) = (RwSignal::new(String::new()), RwSignal::new(Length::default()), RwSignal::new(false));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let card = line.store.row_untracked(chat).map(|row| row.card);
    let member = card.as_ref().is_some_and(|card| card.member.is_some());
    let title = t.acts_block_title(card.map(|card| card.code).unwrap_or_default());
    let navigate = use_navigate();
    let go = {
        let t = t.clone();
        Callback::new(move |()| {
            busy.set(true);
            let (t, navigate, reason) = (t.clone(), navigate.clone(), reason.get_untracked());
            spawn_local(async move {
                let answer = block_customer(chat, reason, length.get_untracked(), address.get_untracked()).await;
                let _ = busy.try_set(false);
                match answer {
                    Ok(()) => {
                        line.say_done(t.acts_blocked());
                        let _ = open.try_set(false);
                        if line.open.try_get_untracked().flatten() == Some(chat) {
                            navigate(&line.lists_address(), Default::default());
                        }
                    }
                    Err(error) if left_by(&error) => {}
                    Err(error) => match error.problem_of("reason") {
                        Some(Problem::Required) => drop(problem.try_set(Some(t.acts_block_reason_missing()))),
                        Some(other) => drop(problem.try_set(Some(problem_text(&t, other)))),
                        None => {
                            line.refused(chat, &error);
                            let _ = open.try_set(false);
                        }
                    },
                }
            });
        })
    };
    let words = t.clone();
    let lengths = Length::ALL
        .into_iter()
        .map(|one| {
            view! {
                <label class="target">
                    <input type="radio" name="block-length" prop:checked=move || length.get() == one on:change=move |_| length.set(one)/>
                    <span>{in_words(&words, one)}</span>
                </label>
            }
        })
        .collect_view();
    let (cancel, go_label) = (t.common_cancel(), t.acts_block_go());
    let (address_label, address_text) = (t.acts_block_address(), t.acts_block_address_text());
    // A member is one person wherever he signs in; an address is many.
    let by_address = (!member).then(|| {
        view! {
            <div>
                <Switch label=address_label value=address/>
                <p class="hint">{address_text}</p>
            </div>
        }
    });
    view! {
        <h2 id="block-title">{title}</h2>
        <p id="block-text" class="muted">{t.acts_block_text()}</p>
        <Field id="block-reason" name="reason" label=t.acts_block_reason() value=reason hint=t.acts_block_reason_hint(REASON_MAX) problem autocomplete="off"/>
        <fieldset class="targets">
            <legend>{t.acts_block_length()}</legend>
            {lengths}
        </fieldset>
        {by_address}
        <div class="answers">
            <Button on_press=Callback::new(move |()| open.set(false))>{cancel}</Button>
            <Button kind=ButtonKind::Danger busy on_press=go>
                {go_label}
            </Button>
        </div>
    }
    .into_any()
}

fn in_words(t: &Texts, length: Length) -> String {
    match length {
        Length::Day => t.acts_block_day(),
        Length::Week => t.acts_block_week(),
        Length::Month => t.acts_block_month(),
        Length::Forever => t.acts_block_forever(),
    }
}
