//! The tickets of a chat, in one glance, and 티켓 만들기 (A42, A56, G1).

use super::{
    beside::{Beside, Front, Which},
    words,
};
use crate::ui::kit::{Button, texts};
use leptos::prelude::*;

#[component]
pub fn Tickets(beside: Beside) -> impl IntoView {
    let t = texts();
    let tickets = beside.part(|panel| panel.tickets.clone());
    let may = beside.part(|panel| panel.may_ticket);
    let none = t.tickets_none();
    let (make, another) = (t.tickets_make(), t.tickets_another());
    let make = Memo::new(move |_| {
        let some = tickets.with(|tickets| tickets.as_ref().is_some_and(|tickets| !tickets.is_empty()));
        if some { another.clone() } else { make.clone() }
    });
    let cards = {
        let t = t.clone();
        move || {
            let tickets = tickets.get().unwrap_or_default();
            if tickets.is_empty() {
                return view! { <p class="muted small">{none.clone()}</p> }.into_any();
            }
            let cards = tickets
                .into_iter()
                .map(|ticket| {
                    let id = ticket.id;
                    let open = move |_| beside.front.set(Front::Ticket(Which::There(id)));
                    view! {
                        <li>
                            <button type="button" class="card-btn" on:click=open>
                                <span class="card-line">
                                    <span class="muted">{t.tickets_number(ticket.number)}</span>
                                    <span class=words::status_class(ticket.status)>{words::status(&t, ticket.status)}</span>
                                </span>
                                <b class="card-title">{ticket.subject}</b>
                                <span class="small muted">
                                    {words::assignee(&t, beside, ticket.assignee)} " · " {words::priority(&t, ticket.priority)}
                                </span>
                            </button>
                        </li>
                    }
                })
                .collect_view();
            view! { <ul class="cards">{cards}</ul> }.into_any()
        }
    };
    view! {
        <section class="beside-part" aria-labelledby="tickets-title">
            <h3 id="tickets-title">{t.tickets_title()}</h3>
            {cards}
            {move || {
                (may.get() == Some(true))
                    .then(|| {
                        view! {
                            <div>
                                <Button on_press=Callback::new(move |()| beside.front.set(Front::Ticket(Which::New)))>{make}</Button>
                            </div>
                        }
                    })
            }}
        </section>
    }
    .into_any()
}
