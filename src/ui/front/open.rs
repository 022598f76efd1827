//! The door is open: choice of the queue, what is asked for, consent, and the start.

use super::{Choice, Front, mine::mine, until, way_out};
use crate::{
    domain::{contact::Contact, settings::Ask},
    ui::problems::problem_text,
};
use leptos::prelude::*;

pub fn form(front: &Front) -> impl IntoView + use<> {
    let t = &front.texts;
    let action = format!("{}/start", front.base);
    let lang = t.language.code();
    view! {
        <div class="front-card">
            <h2>{t.front_open_title()}</h2>
            <p class="front-text">{t.front_open_text()}</p>
            <form method="post" action=action data-act="start" novalidate>
                <input type="hidden" name="lang" value=lang/>
                {queues(front)}
                {fields(front)}
                {front.consent_box(front.consent.clone())}
                <button type="submit" class="btn main">{t.front_start()}</button>
            </form>
            {way_out(front, false)}
            {mine(front)}
        </div>
    }
}

/// With one queue there is nothing to choose.
fn queues(front: &Front) -> impl IntoView + use<> {
    if front.queues.len() < 2 {
        return ().into_any();
    }
    let t = &front.texts;
    let problem = front.problem("queue").map(|problem| problem_text(t, problem));
    let chosen = front.queue.or_else(|| front.queues.iter().find(|q| q.shut.is_none()).map(|q| q.id));
    let choices = front
        .queues
        .iter()
        .map(|Choice { id, name, shut }| {
            let note = shut.map(|shut| view! { <span class="front-note">{until(t, shut, &front.zone)}</span> });
            view! {
                <label class="front-choice">
                    <input type="radio" name="queue" value=id.to_string() disabled=shut.is_some() checked=chosen == Some(*id)/>
                    <span>{name.clone()}</span>
                    {note}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="front-choices">
            <legend>{t.front_queue()}</legend>
            {choices}
            {problem.map(|text| view! { <p class="field-problem">{text}</p> })}
        </fieldset>
    }
    .into_any()
}

fn fields(front: &Front) -> impl IntoView + use<> {
    let t = &front.texts;
    let Contact { name, email, phone } = &front.known;
    let ask = |ask: Ask, known: &str| ask != Ask::Off && known.is_empty();
    let required = |ask: Ask| ask == Ask::Required;
    view! {
        {ask(front.asked.name, name).then(|| front.field("name", t.front_name(), "text", "name", required(front.asked.name)))}
        {ask(front.asked.email, email).then(|| front.field("email", t.front_email(), "email", "email", required(front.asked.email)))}
        {ask(front.asked.phone, phone).then(|| front.field("phone", t.front_phone(), "tel", "tel", required(front.asked.phone)))}
    }
}
