//! The agents: status, what they have in hand, and when they did something last.

use super::{
    super::{line::Line, status::in_words, words::clock},
    Look,
};
use crate::{
    api::board::set_status_of,
    domain::{
        chat::{Author, Event},
        ids::AccountId,
        presence::Status,
        time::Timestamp,
    },
    ui::{
        kit::{EmptyState, texts},
        session::left_by,
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::HashMap;

/// What the desk's chats say of an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InHand {
    /// Chats that count, and what is offered to him (G17).
    pub(super) load: u32,
    /// When he wrote in one for the last time.
    wrote: Option<Timestamp>,
}

/// Of all agents at `now`, in one reading of the chats.
pub(super) fn in_hand(line: Line, now: Timestamp) -> HashMap<AccountId, InHand> {
    line.store.with_everybodys(|rows| {
        let mut all: HashMap<AccountId, InHand> = HashMap::new();
        for row in rows {
            let chat = &row.card.chat;
            let owner = chat.agent().filter(|agent| chat.keeps_busy(*agent, now));
            for agent in owner.into_iter().chain(chat.offer.map(|offer| offer.agent)) {
                all.entry(agent).or_default().load += 1;
            }
            if let Some((Event::Message { author: Author::Agent(agent), .. }, at)) =
                row.card.last.as_ref().map(|last| (&last.event, last.at))
            {
                let wrote = &mut all.entry(*agent).or_default().wrote;
                *wrote = (*wrote).max(Some(at));
            }
        }
        all
    })
}

#[component]
pub(super) fn Agents(look: Look) -> impl IntoView {
    let t = texts();
    let ids = Memo::new(move |_| look.board.with(|board| board.agents.iter().map(|agent| agent.account).collect::<Vec<_>>()));
    let online = Memo::new(move |_| {
        look.board.with(|board| board.agents.iter().filter(|agent| !agent.gone && agent.status == Status::Online).count())
    });
    let none = Memo::new(move |_| ids.read().is_empty());
    let (empty, empty_text) = (t.board_no_agents(), t.board_no_agents_text());
    let total = {
        let t = t.clone();
        move || t.board_online(online.get(), ids.read().len())
    };
    view! {
        <section class="card" aria-labelledby="board-agents">
            <div class="card-head">
                <h2 id="board-agents">{t.board_agents()}</h2>
                <span class="muted small">{total}</span>
            </div>
            {move || {
                let (title, text) = (empty.clone(), empty_text.clone());
                none.get()
                    .then(|| {
                        view! {
                            <EmptyState icon="users" title>
                                <p>{text}</p>
                            </EmptyState>
                        }
                    })
            }}
            <ul class="lines board-agents">
                <For each=move || ids.get() key=|id| *id let:id>
                    <Agent look id/>
                </For>
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn Agent(look: Look, id: AccountId) -> impl IntoView {
    let t = texts();
    let store = look.line.store;
    let agent = Memo::new(move |_| look.agent(id));
    let name = agent.get_untracked().map(|agent| agent.name).unwrap_or_default();
    let status = Memo::new(move |_| agent.get().map(|agent| agent.status).unwrap_or_default());
    let gone = Memo::new(move |_| agent.get().is_none_or(|agent| agent.gone));
    let has = Memo::new(move |_| look.hands.with(|hands| hands.get(&id).copied().unwrap_or_default()));
    let load = Memo::new(move |_| (has.get().load, agent.get().map_or(0, |agent| agent.capacity)));
    let full = move || load.get().0 >= load.get().1;
    let words = {
        let t = t.clone();
        move || {
            let agent = agent.get()?;
            let ago = |at: Option<Timestamp>| store.now().get().zip(at).map(|(now, at)| clock(now.since(at)));
            let line = match (agent.gone, ago(agent.gone_since)) {
                (true, Some(since)) => t.board_line_gone_since(since),
                (true, None) => t.board_line_gone(),
                (false, _) => t.board_line_up(),
            };
            let last = ago(has.get().wrote.max(agent.last)).map(|ago| t.board_last(ago));
            let off = (!agent.allocation).then(|| t.board_no_allocation());
            Some([Some(line), last, off].into_iter().flatten().collect::<Vec<_>>().join(" · "))
        }
    };
    let load_words = {
        let t = t.clone();
        move || t.board_load(load.get().1, load.get().0)
    };
    let busy = RwSignal::new(false);
    let done = {
        let (t, name) = (t.clone(), name.clone());
        move |status| t.board_status_set(&name, in_words(&t, status))
    };
    let choose = move |event| {
        let Some(wanted) = Status::parse(&event_target_value(&event)).filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        let done = done(wanted);
        spawn_local(async move {
            let answer = set_status_of(id, wanted).await;
            let _ = busy.try_set(false);
            match look.take(answer) {
                Ok(()) => look.line.say_done(done),
                Err(error) if left_by(&error) => {}
                Err(error) => {
                    look.line.refused_on_board(&error);
                    // What is so, not what was wished.
                    look.again();
                }
            }
        });
    };
    let options = Status::ALL
        .into_iter()
        .map(|one| view! { <option value=one.code() selected=status.get_untracked() == one>{in_words(&t, one)}</option> })
        .collect_view();
    let label = t.board_status_of(&name);
    view! {
        <li class="line board-agent" data-status=move || if gone.get() { "offline" } else { status.get().code() }>
            <span class="status-dot" aria-hidden="true"></span>
            <div class="line-main">
                <p>
                    <b class="cut">{name}</b>
                </p>
                <p class="muted small">{words}</p>
            </div>
            <span class="chip" class:waiting=full>{load_words}</span>
            <select class="input board-status" aria-label=label prop:value=move || status.get().code() on:change=choose>
                {options}
            </select>
        </li>
    }
    .into_any()
}
