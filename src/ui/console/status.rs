//! 상담 상태 at the top left (A20), and the banner of who is 오프라인 (G12).

use super::{
    line::Line,
    model::Tab,
    thread::{Handover, Way},
    words::customer,
};
use crate::{
    api::{presence::set_status, routing::release_chat},
    domain::{ids::ChatId, presence::Status},
    i18n::Texts,
    ui::{
        kit::{Button, ButtonKind, Icon, Toasts, modal, texts},
        problems::plain_error_text,
        session::left_by,
    },
};
use leptos::{ev, html, prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys};

pub(super) fn in_words(t: &Texts, status: Status) -> String {
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

/// Exactly one of three (A20); only 온라인 gets chats (A21). Who leaves with chats in hand is
/// asked what becomes of them (G11).
#[component]
pub fn StatusChoice(line: Line) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let (open, leaving) = (RwSignal::new(false), RwSignal::new(None::<Status>));
    let (button, list) = (NodeRef::<html::Button>::new(), NodeRef::<html::Div>::new());
    let status = move || line.store.status();
    let focus_on = move |at: usize| {
        let option = u32::try_from(at).ok().and_then(|at| list.get_untracked()?.children().item(at));
        if let Some(option) = option.and_then(|o| o.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Focus fails only where the option left the page meanwhile.
            drop(option.focus());
        }
    };
    let to_button = move || {
        if let Some(button) = button.get_untracked() {
            drop(button.focus());
        }
    };
    Effect::new(move |_| {
        if open.get() && list.get().is_some() {
            focus_on(Status::ALL.into_iter().position(|one| one == line.store.status_untracked()).unwrap_or_default());
        }
    });
    let set = {
        let t = t.clone();
        Callback::new(move |status| choose(line, toasts, t.clone(), status))
    };
    let pick = move |status: Status| {
        open.set(false);
        to_button();
        if status != Status::Online && !in_hand(line).is_empty() {
            leaving.set(Some(status));
        } else {
            set.run(status);
        }
    };
    let on_key = move |event: ev::KeyboardEvent, at: usize| {
        let count = Status::ALL.len();
        match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => focus_on((at + 1) % count),
            "ArrowUp" | "ArrowLeft" => focus_on((at + count - 1) % count),
            "Escape" => {
                open.set(false);
                to_button();
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
        let within = list.get_untracked().is_some_and(|l| l.contains(to.as_ref()))
            || button.get_untracked().is_some_and(|b| b.contains(to.as_ref()));
        if !within {
            open.set(false);
        }
    };
    let label = {
        let t = t.clone();
        move || format!("{}: {}", t.console_status(), in_words(&t, status()))
    };
    let words = t.clone();
    view! {
        <div class="status-place" on:focusout=on_leave>
            <button
                type="button"
                class="status-choice"
                node_ref=button
                data-status=move || status().code()
                aria-label=label
                aria-haspopup="true"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|o| *o = !*o)
            >
                <span class="status-dot" aria-hidden="true"></span>
                <span aria-hidden="true">{move || in_words(&words, status())}</span>
            </button>
            {move || {
                open.get()
                    .then(|| {
                        let options = Status::ALL
                            .into_iter()
                            .enumerate()
                            .map(|(at, one)| {
                                view! {
                                    <button
                                        type="button"
                                        role="radio"
                                        data-status=one.code()
                                        aria-checked=move || if status() == one { "true" } else { "false" }
                                        tabindex=move || if status() == one { "0" } else { "-1" }
                                        on:click=move |_| pick(one)
                                        on:keydown=move |event| on_key(event, at)
                                    >
                                        <span class="status-dot" aria-hidden="true"></span>
                                        {in_words(&t, one)}
                                    </button>
                                }
                            })
                            .collect_view();
                        view! {
                            <div class="menu status-menu" role="radiogroup" aria-label=t.console_status() node_ref=list>
                                {options}
                            </div>
                        }
                    })
            }}
        </div>
        <Leaving line leaving set/>
    }
    .into_any()
}

/// What an agent has in conversation or on hold.
fn in_hand(line: Line) -> Vec<ChatId> {
    untrack(|| [Tab::Active, Tab::Held].into_iter().flat_map(|tab| line.store.list(tab)).collect())
}

/// 휴식 or 오프라인 with chats in hand: keep them, delegate them, or give them back (G11).
#[component]
fn Leaving(line: Line, leaving: RwSignal<Option<Status>>, set: Callback<Status>) -> impl IntoView {
    let t = texts();
    let node = NodeRef::<html::Dialog>::new();
    modal(node, Signal::derive(move || leaving.get().is_some()));
    let chats = Memo::new(move |_| [Tab::Active, Tab::Held].into_iter().flat_map(|tab| line.store.list(tab)).collect::<Vec<_>>());
    let delegating = RwSignal::new(None::<ChatId>);
    let busy = RwSignal::new(false);
    let release = {
        let done = t.console_released();
        Callback::new(move |chat: ChatId| {
            if busy.get_untracked() {
                return;
            }
            busy.set(true);
            let done = done.clone();
            spawn_local(async move {
                line.act(chat, release_chat(chat), Some(done)).await;
                let _ = busy.try_set(false);
            });
        })
    };
    let rows = {
        let t = t.clone();
        move || {
            chats
                .get()
                .into_iter()
                .map(|chat| {
                    let name = line.store.row(chat).map(|row| customer(&t, &row.card)).unwrap_or_default();
                    let (delegate, to_queue) = (t.console_delegate(), t.console_to_queue());
                    view! {
                        <li class="leaving-row">
                            <span class="cut">{name}</span>
                            <Button on_press=Callback::new(move |()| delegating.set(Some(chat)))>{delegate}</Button>
                            <Button busy on_press=Callback::new(move |()| release.run(chat))>{to_queue}</Button>
                        </li>
                    }
                })
                .collect_view()
        }
    };
    let text = {
        let t = t.clone();
        move || if chats.read().is_empty() { t.console_leaving_none() } else { t.console_leaving_text() }
    };
    let confirm = {
        let t = t.clone();
        move || if chats.read().is_empty() { t.console_leaving_go() } else { t.console_leaving_keep() }
    };
    let go = Callback::new(move |()| {
        if let Some(status) = leaving.get_untracked() {
            leaving.set(None);
            set.run(status);
        }
    });
    view! {
        <dialog node_ref=node class="dialog wide" aria-labelledby="leaving-title" on:close=move |_| leaving.set(None)>
            <h2 id="leaving-title">{t.console_leaving_title()}</h2>
            <p class="muted">{text}</p>
            <ul class="leaving">{rows}</ul>
            <div class="answers">
                <Button on_press=Callback::new(move |()| leaving.set(None))>{t.common_cancel()}</Button>
                <Button kind=ButtonKind::Main on_press=go>
                    {confirm}
                </Button>
            </div>
        </dialog>
        {move || delegating.get().map(|chat| view! { <DelegateOne line chat delegating/> })}
    }
    .into_any()
}

#[component]
fn DelegateOne(line: Line, chat: ChatId, delegating: RwSignal<Option<ChatId>>) -> impl IntoView {
    let way = RwSignal::new(Some(Way::Delegate));
    Effect::new(move |_| {
        if way.get().is_none() {
            delegating.set(None);
        }
    });
    view! { <Handover line chat way/> }
}

/// Nobody waits for chats by mistake: who is 오프라인, or was put on 휴식 for offers that he
/// let pass (G17), is told so.
#[component]
pub fn OfflineBanner(line: Line) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let (offline, rested) = (t.console_offline_banner(), t.console_rested_banner());
    let set_by = {
        let t = t.clone();
        move |status| {
            let by = line.store.status_by()?;
            let name = line.store.name_of(by).unwrap_or_else(|| t.console_agent());
            Some(t.board_your_status(name, in_words(&t, status)))
        }
    };
    let label = t.console_go_online();
    move || {
        let words = match line.store.status() {
            // 온라인 needs no banner to go there from, but who is told nothing wonders why chats come.
            Status::Online => None,
            status if line.store.status_by().is_some() => set_by(status),
            Status::Offline => Some(offline.clone()),
            Status::Break if line.store.rested() => Some(rested.clone()),
            _ => None,
        };
        words.filter(|_| line.store.may_chat()).map(|words| {
            let (t, label) = (t.clone(), label.clone());
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
