//! Who the customer is, how the chat stands, and what can be done with it as a whole.

use super::{
    super::{
        line::Line,
        row::VerifiedMember,
        words::{since, state, state_class},
    },
    Hand,
    customer::CustomerFacts,
};
use crate::{
    domain::ids::ChatId,
    ui::kit::{Button, ButtonKind, Confirm, Icon, texts},
};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

#[component]
pub(super) fn Head(line: Line, chat: ChatId, hand: Memo<Hand>, details: RwSignal<bool>, field: NodeRef<html::Textarea>) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let row = Memo::new(move |_| store.row(chat));
    let name = {
        let t = t.clone();
        move || row.with(|r| r.as_ref().map_or_else(|| t.console_title(), |r| t.console_customer(&r.card.code)))
    };
    let member = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|r| r.card.member.clone())));
    let verified = move || member.get().map(|member| view! { <VerifiedMember member/> });
    let chip = {
        let t = t.clone();
        move || {
            row.get().map(|row| {
                let waiting = row.waiting_since();
                let word = state(&t, &row);
                view! {
                    <span class=state_class(&row)>
                        {word}
                        {waiting.map(|at| view! { " " {move || since(store.now().get(), at)} })}
                    </span>
                }
            })
        }
    };
    let under = {
        let language = t.language;
        move || {
            row.with(|row| {
                let card = &row.as_ref()?.card;
                let queue = store.queue_name(card.chat.queue).map(|q| q.get(language).to_owned());
                let page = Some(card.page.title.clone()).filter(|p| !p.is_empty());
                Some([queue, page].into_iter().flatten().collect::<Vec<_>>().join(" › "))
            })
        }
    };
    let (starting, ending, asking) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let start = Callback::new(move |()| {
        starting.set(true);
        spawn_local(async move {
            line.start(chat).await;
            // The pane may show another chat by now.
            let _ = starting.try_set(false);
            if let Some(field) = field.try_get_untracked().flatten() {
                drop(field.focus());
            }
        });
    });
    let navigate = use_navigate();
    let end = Callback::new(move |()| {
        ending.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let done = line.end(chat).await;
            let _ = ending.try_set(false);
            let _ = asking.try_set(false);
            if done && line.open.try_get_untracked().flatten() == Some(chat) {
                navigate("/console", Default::default());
            }
        });
    });
    let (start_label, end_label, details_label) = (t.console_start_chat(), t.common_end_chat(), t.console_details());
    view! {
        <header class="head">
            <a class="icon-btn back" href="/console" aria-label=t.console_back() title=t.console_back()>
                <Icon name="arrow-left" size=20/>
            </a>
            <div class="who">
                <div class="who-line">
                    <h2 class="cut" id="thread-title">{name}</h2>
                    {verified}
                    {chip}
                </div>
                <p class="small muted cut">{under}</p>
                <CustomerFacts line chat/>
            </div>
            <div class="acts push">
                {move || {
                    (hand.get() == Hand::Free)
                        .then(|| {
                            let label = start_label.clone();
                            view! {
                                <Button kind=ButtonKind::Main busy=starting on_press=start>
                                    {label}
                                </Button>
                            }
                        })
                }}
                {move || {
                    hand.get()
                        .may_end()
                        .then(|| {
                            let label = end_label.clone();
                            view! { <Button on_press=Callback::new(move |()| asking.set(true))>{label}</Button> }
                        })
                }}
                <button
                    type="button"
                    class="icon-btn details-toggle"
                    aria-label=details_label.clone()
                    title=details_label
                    aria-expanded=move || if details.get() { "true" } else { "false" }
                    aria-controls="details"
                    on:click=move |_| details.update(|d| *d = !*d)
                >
                    <Icon name="panel-right" size=20/>
                </button>
            </div>
        </header>
        <Confirm
            id="end-chat"
            open=asking
            title=t.console_end_title()
            text=t.console_end_text()
            confirm=t.common_end_chat()
            danger=true
            busy=ending
            on_confirm=end
        />
    }
    .into_any()
}
