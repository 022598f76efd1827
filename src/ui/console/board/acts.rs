//! What is done from the board: taking a chat, giving it to an agent, putting it into a queue.

use super::{
    super::words::{customer, with_customer},
    Look,
};
use crate::{
    api::board::{assign_chat, put_chat, take_chat},
    domain::{
        ids::{AccountId, ChatId, QueueId},
        presence::Status,
    },
    ui::{
        kit::{Area, Button, ButtonKind, EmptyState, modal, texts},
        problems::problem_text,
        session::left_by,
    },
};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// Which act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Take,
    Assign,
    Put,
}

/// An act that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Acting {
    pub(super) chat: ChatId,
    pub(super) act: Act,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Me,
    Agent(AccountId),
    Queue(QueueId),
}

/// The dialog; `acting` opens it.
#[component]
pub(super) fn Acts(look: Look, acting: RwSignal<Option<Acting>>) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    modal(node, Signal::derive(move || acting.get().is_some()));
    view! {
        <dialog node_ref=node class="dialog wide" aria-labelledby="board-act-title" on:close=move |_| acting.set(None)>
            {move || acting.get().map(|chosen| view! { <Form look chosen acting/> })}
        </dialog>
    }
    .into_any()
}

#[component]
fn Form(look: Look, chosen: Acting, acting: RwSignal<Option<Acting>>) -> impl IntoView {
    let t = texts();
    let line = look.line;
    let Acting { chat, act } = chosen;
    let to = RwSignal::new((act == Act::Take).then_some(To::Me));
    let (note, problem, busy) = (RwSignal::new(String::new()), RwSignal::new(None::<String>), RwSignal::new(false));
    let name = line.store.row_untracked(chat).map(|row| customer(&t, &row.card)).unwrap_or_default();
    let told = |text| with_customer(&t, line.store.naming(), text);
    let (title, text, confirm, done) = match act {
        Act::Take => (t.board_take_title(&name), told(t.board_take_text()), t.board_take(), t.board_taken()),
        Act::Assign => (t.board_assign_title(&name), told(t.board_assign_text()), t.board_assign(), t.board_assigned()),
        Act::Put => (t.board_put_title(&name), t.board_put_text(), t.board_put(), t.board_was_put()),
    };
    let navigate = use_navigate();
    let go = {
        let t = t.clone();
        Callback::new(move |()| {
            let Some(to) = to.get_untracked() else { return };
            busy.set(true);
            let (t, note, done, navigate) = (t.clone(), note.get_untracked(), done.clone(), navigate.clone());
            spawn_local(async move {
                let answer = match to {
                    To::Me => take_chat(chat).await,
                    To::Agent(to) => assign_chat(chat, to, note).await,
                    To::Queue(to) => put_chat(chat, to).await,
                };
                let _ = busy.try_set(false);
                match answer {
                    Ok(()) => {
                        line.say_done(done);
                        let _ = acting.try_set(None);
                        if to == To::Me {
                            navigate(&format!("/console/{chat}"), Default::default());
                        }
                    }
                    Err(error) if left_by(&error) => {}
                    Err(error) => match error.problem_of("note") {
                        Some(wrong) => drop(problem.try_set(Some(problem_text(&t, wrong)))),
                        None => {
                            line.refused_on_board(&error);
                            let _ = acting.try_set(None);
                        }
                    },
                }
            });
        })
    };
    let cannot = Signal::derive(move || to.read().is_none());
    let (note_label, note_hint, cancel) = (t.console_note(), t.console_note_hint(), t.common_cancel());
    view! {
        <h2 id="board-act-title">{title}</h2>
        <p class="muted">{text}</p>
        {match act {
            Act::Take => ().into_any(),
            Act::Assign => view! {
                <Colleagues look chat to/>
                <Area id="board-note" label=note_label hint=note_hint value=note rows=3 problem/>
            }
            .into_any(),
            Act::Put => view! { <Queues look to/> }.into_any(),
        }}
        <div class="answers">
            <Button on_press=Callback::new(move |()| acting.set(None))>{cancel}</Button>
            <Button kind=ButtonKind::Main busy disabled=cannot on_press=go>
                {confirm}
            </Button>
        </div>
    }
    .into_any()
}

/// Who else could have it: who is there can be chosen.
#[component]
fn Colleagues(look: Look, chat: ChatId, to: RwSignal<Option<To>>) -> impl IntoView {
    let t = texts();
    let store = look.line.store;
    let has = store.row_untracked(chat).and_then(|row| row.card.chat.agent());
    let mut agents = look.board.get_untracked().agents;
    agents.retain(|agent| Some(agent.account) != has && agent.account != store.me());
    agents.sort_by_key(|agent| agent.gone || agent.status != Status::Online);
    if agents.is_empty() {
        return view! { <EmptyState icon="users" title=t.console_no_colleagues()>""</EmptyState> }.into_any();
    }
    let rows = agents
        .into_iter()
        .map(|agent| {
            let there = !agent.gone && agent.status == Status::Online;
            let load = look.hands.with_untracked(|hands| hands.get(&agent.account).map_or(0, |has| has.load));
            let facts = if there { t.console_target_load(agent.capacity, load) } else { t.console_target_offline() };
            choice(To::Agent(agent.account), agent.name, facts, there, to)
        })
        .collect_view();
    view! { <fieldset class="targets"><legend class="visually-hidden">{t.console_targets_agents()}</legend>{rows}</fieldset> }.into_any()
}

#[component]
fn Queues(look: Look, to: RwSignal<Option<To>>) -> impl IntoView {
    let t = texts();
    let mut queues = untrack(|| look.line.store.queue_names());
    queues.sort_by(|(_, a), (_, b)| a.get(t.language).cmp(b.get(t.language)));
    let rows =
        queues.into_iter().map(|(id, name)| choice(To::Queue(id), name.get(t.language).to_owned(), String::new(), true, to)).collect_view();
    view! { <fieldset class="targets"><legend class="visually-hidden">{t.console_targets_queues()}</legend>{rows}</fieldset> }.into_any()
}

fn choice(value: To, name: String, facts: String, may: bool, to: RwSignal<Option<To>>) -> impl IntoView {
    view! {
        <label class="target" class:off=!may>
            <input type="radio" name="board-to" disabled=!may prop:checked=move || to.get() == Some(value) on:change=move |_| to.set(Some(value))/>
            <span class="cut">{name}</span>
            <span class="small muted push">{facts}</span>
        </label>
    }
}
