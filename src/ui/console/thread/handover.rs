//! To whom a chat can go: 담당자 위임, 상담원에게 연결, 대기열로 연결 (A43, A76–A80), with a
//! note for who gets it (E7); and who can be invited beside (상담원 초대, A80).

use super::super::{line::Line, panel, words::with_customer};
use crate::{
    api::{
        ApiError,
        routing::{TargetAgent, TargetQueue, Targets, delegate_chat, hand_over_chat, invite_agent, load_targets, transfer_chat},
    },
    domain::ids::{AccountId, ChatId, QueueId},
    ui::{
        kit::{Area, Button, ButtonKind, EmptyState, modal, texts},
        problems::{plain_error_text, problem_text},
        session::left_by,
    },
};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// Which of them it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Delegate,
    HandOver,
    Transfer,
    Invite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Agent(AccountId),
    Queue(QueueId),
}

/// The dialog; `way` opens it.
#[component]
pub fn Handover(line: Line, chat: ChatId, way: RwSignal<Option<Way>>) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    modal(node, Signal::derive(move || way.get().is_some()));
    view! {
        <dialog node_ref=node class="dialog wide" aria-labelledby="handover-title" on:close=move |_| way.set(None)>
            {move || way.get().map(|chosen| view! { <Form line chat way=chosen close=Callback::new(move |()| way.set(None))/> })}
        </dialog>
    }
    .into_any()
}

#[component]
fn Form(line: Line, chat: ChatId, way: Way, close: Callback<()>) -> impl IntoView {
    let t = texts();
    let targets = RwSignal::new(None::<Result<Targets, ApiError>>);
    spawn_local(async move {
        let _ = targets.try_set(Some(load_targets(chat).await));
    });
    let (to, note) = (RwSignal::new(None::<To>), RwSignal::new(String::new()));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let navigate = use_navigate();
    let told = |text| with_customer(&t, line.store.naming(), text);
    let (title, text, confirm) = match way {
        Way::Delegate => (t.console_delegate(), told(t.console_delegate_text()), t.console_delegate()),
        Way::HandOver => (t.console_hand_over(), told(t.console_hand_over_text()), t.console_hand_over_leave()),
        Way::Transfer => (t.console_transfer(), t.console_transfer_text(), t.console_transfer()),
        Way::Invite => (t.acts_invite(), told(t.acts_invite_text()), t.acts_invite_go()),
    };
    let done = match way {
        Way::Delegate => t.console_delegated(),
        Way::HandOver => t.console_handed_over(),
        Way::Transfer => t.console_transferred(),
        Way::Invite => t.acts_invite_sent(),
    };
    let go = {
        let t = t.clone();
        Callback::new(move |()| {
            let Some(chosen) = to.get_untracked() else { return };
            busy.set(true);
            let (t, note, done, navigate) = (t.clone(), note.get_untracked(), done.clone(), navigate.clone());
            spawn_local(async move {
                if way != Way::Invite {
                    line.drafts.hand_in(chat).await;
                }
                let answer = match (way, chosen) {
                    (Way::Delegate, To::Agent(to)) => delegate_chat(chat, to, note).await,
                    (Way::HandOver, To::Agent(to)) => hand_over_chat(chat, to, note).await,
                    (Way::Transfer, To::Queue(to)) => transfer_chat(chat, to, note).await,
                    (Way::Invite, To::Agent(to)) => invite_agent(chat, to, note).await,
                    _ => return,
                };
                let _ = busy.try_set(false);
                match answer {
                    Ok(()) => {
                        line.say_done(done);
                        close.run(());
                        if way != Way::Invite {
                            // What is not saved beside it has gone along (E7).
                            panel::forget(&panel::place(line, chat));
                        }
                        if way != Way::Invite && line.open.try_get_untracked().flatten() == Some(chat) {
                            navigate(&line.lists_address(), Default::default());
                        }
                    }
                    Err(error) if left_by(&error) => {}
                    Err(error) => {
                        let beside = error.problem_of("note").map(|p| problem_text(&t, p));
                        if beside.is_none() {
                            line.refused(chat, &error);
                            close.run(());
                        }
                        let _ = problem.try_set(beside);
                    }
                }
            });
        })
    };
    let choices = {
        let t = t.clone();
        move || match targets.get() {
            None => view! { <p class="muted" role="status">{t.common_loading()}</p> }.into_any(),
            Some(Err(error)) => view! { <p class="problem" role="alert">{plain_error_text(&t, &error)}</p> }.into_any(),
            Some(Ok(found)) if way == Way::Transfer => view! { <Queues line queues=found.queues to/> }.into_any(),
            Some(Ok(found)) => view! { <Agents way agents=found.agents to/> }.into_any(),
        }
    };
    let cannot = Signal::derive(move || to.read().is_none());
    view! {
        <h2 id="handover-title">{title}</h2>
        <p class="muted">{text}</p>
        {choices}
        <Area id="handover-note" label=t.console_note() hint=t.console_note_hint() value=note rows=3 problem/>
        <div class="answers">
            <Button on_press=close>{t.common_cancel()}</Button>
            <Button kind=ButtonKind::Main busy disabled=cannot on_press=go>
                {confirm}
            </Button>
        </div>
    }
    .into_any()
}

/// Colleagues, who is online first; only these can be chosen (A44).
#[component]
fn Agents(way: Way, mut agents: Vec<TargetAgent>, to: RwSignal<Option<To>>) -> impl IntoView {
    let t = texts();
    if agents.is_empty() {
        return view! { <EmptyState icon="users" title=t.console_no_colleagues()>""</EmptyState> }.into_any();
    }
    agents.sort_by(|a, b| (!a.online, a.load, &a.name).cmp(&(!b.online, b.load, &b.name)));
    let rows = agents
        .into_iter()
        .map(|agent| {
            let already = way == Way::Invite && agent.guest;
            let facts = if already {
                t.acts_target_guest()
            } else if agent.online {
                t.console_target_load(agent.capacity, agent.load)
            } else {
                t.console_target_offline()
            };
            choice(To::Agent(agent.account), agent.name, facts, agent.online && !already, to)
        })
        .collect_view();
    view! { <fieldset class="targets"><legend class="visually-hidden">{t.console_targets_agents()}</legend>{rows}</fieldset> }.into_any()
}

/// Queues with who is there; one that takes no chats cannot be chosen (A77).
#[component]
fn Queues(line: Line, queues: Vec<TargetQueue>, to: RwSignal<Option<To>>) -> impl IntoView {
    let t = texts();
    let rows = queues
        .into_iter()
        .map(|queue| {
            let name = line.store.queue_name(queue.id).map(|n| n.get(t.language).to_owned()).unwrap_or_default();
            let name = if queue.own { t.console_target_own(name) } else { name };
            let may = queue.open && (!queue.own || queue.online > 0);
            let facts = if !queue.open {
                t.console_target_shut()
            } else if queue.own && queue.online == 0 {
                t.console_refused_nobody_else()
            } else {
                t.console_target_online(queue.online)
            };
            choice(To::Queue(queue.id), name, facts, may, to)
        })
        .collect_view();
    view! { <fieldset class="targets"><legend class="visually-hidden">{t.console_targets_queues()}</legend>{rows}</fieldset> }.into_any()
}

fn choice(value: To, name: String, facts: String, may: bool, to: RwSignal<Option<To>>) -> impl IntoView {
    view! {
        <label class="target" class:off=!may>
            <input type="radio" name="handover-to" disabled=!may prop:checked=move || to.get() == Some(value) on:change=move |_| to.set(Some(value))/>
            <span class="cut">{name}</span>
            <span class="small muted push">{facts}</span>
        </label>
    }
}
