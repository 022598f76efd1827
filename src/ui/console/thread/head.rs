//! Who the customer is, how the chat stands, and what can be done with it as a whole.

use super::{
    super::{
        keys::Key,
        line::{Asked, Line},
        model::Tab,
        row::VerifiedMember,
        words::{customer, since, state, state_class},
    },
    Hand,
    blocking::Blocking,
    handover::{Handover, Way},
    rating::RequestRating,
    watching::CustomerWatching,
    why::WhyHere,
};
use crate::{
    api::routing::{continue_chat, join_chat, leave_chat, park_chat, resume_chat, return_chat},
    domain::ids::ChatId,
    ui::kit::{Button, ButtonKind, Icon, Menu, MenuItem, texts},
};
use leptos::{html, leptos_dom::helpers::document, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

const DELEGATE: &str = "delegate";
const HAND_OVER: &str = "hand-over";
const TRANSFER: &str = "transfer";
const PARK: &str = "park";
const RESUME: &str = "resume";
const RETURN: &str = "return";
const CONTINUE: &str = "continue";
const INVITE: &str = "invite";
const JOIN: &str = "join";
const DECLINE: &str = "decline";
const LEAVE: &str = "leave";
const BLOCK: &str = "block";

#[component]
pub(super) fn Head(line: Line, chat: ChatId, hand: Memo<Hand>, details: RwSignal<bool>, field: NodeRef<html::Textarea>) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let row = Memo::new(move |_| store.row(chat));
    let name = {
        let t = t.clone();
        move || row.with(|r| r.as_ref().map_or_else(|| t.console_title(), |r| customer(&t, &r.card)))
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
    let (starting, blocking) = (RwSignal::new(false), RwSignal::new(false));
    let start = Callback::new(move |()| {
        starting.set(true);
        let pressed = document().active_element();
        spawn_local(async move {
            line.start(chat).await;
            // The pane may show another chat by now.
            let _ = starting.try_set(false);
            // Who went on with something else meanwhile, as with the menu, stays there.
            let now = document().active_element();
            let stayed = now == pressed || now.is_none_or(|now| now.tag_name() == "BODY");
            if let Some(field) = field.try_get_untracked().flatten().filter(|_| stayed) {
                drop(field.focus());
            }
        });
    });
    let navigate = use_navigate();
    let way = RwSignal::new(None::<Way>);
    let working = RwSignal::new(false);
    // What is done at once: on hold, resumed, returned, continued.
    let act = {
        let t = t.clone();
        Callback::new(move |what: &'static str| {
            if working.get_untracked() {
                return;
            }
            working.set(true);
            let (returned, parked, left, declined) = (t.console_returned(), t.console_parked(), t.acts_left(), t.acts_declined());
            let navigate = navigate.clone();
            spawn_local(async move {
                let (done, tab) = match what {
                    RESUME => (line.act(chat, resume_chat(chat), None).await, Some(Tab::Active)),
                    CONTINUE => (line.act(chat, continue_chat(chat), None).await, None),
                    JOIN => (line.act(chat, join_chat(chat), None).await, Some(Tab::Active)),
                    DECLINE => (line.act(chat, leave_chat(chat), Some(declined)).await, None),
                    LEAVE => (line.act(chat, leave_chat(chat), Some(left)).await, None),
                    RETURN => (line.act(chat, return_chat(chat), Some(returned)).await, None),
                    _ => (line.act(chat, park_chat(chat), Some(parked)).await, Some(Tab::Held)),
                };
                // The pane may show another chat by now.
                let _ = working.try_set(false);
                if done && matches!(what, DECLINE | LEAVE) && line.open.try_get_untracked().flatten() == Some(chat) {
                    navigate(&line.lists_address(), Default::default());
                }
                if let Some(tab) = tab.filter(|_| done) {
                    let _ = line.tab.try_set(tab);
                }
            });
        })
    };
    let items = {
        let t = t.clone();
        Signal::derive(move || {
            let item = |key, label| MenuItem { key, label };
            match hand.get() {
                Hand::Free => vec![item(DELEGATE, t.console_delegate())],
                Hand::Held { .. } => vec![item(DELEGATE, t.console_delegate()), item(BLOCK, t.acts_block())],
                Hand::Mine => vec![
                    item(DELEGATE, t.console_delegate()),
                    item(HAND_OVER, t.console_hand_over()),
                    item(TRANSFER, t.console_transfer()),
                    item(INVITE, t.acts_invite()),
                    item(PARK, t.console_park()),
                    item(BLOCK, t.acts_block()),
                ],
                Hand::CustomerEnded => vec![item(BLOCK, t.acts_block())],
                _ => Vec::new(),
            }
        })
    };
    let choose = Callback::new(move |key| match key {
        DELEGATE => way.set(Some(Way::Delegate)),
        HAND_OVER => way.set(Some(Way::HandOver)),
        TRANSFER => way.set(Some(Way::Transfer)),
        INVITE => way.set(Some(Way::Invite)),
        BLOCK => blocking.set(true),
        other => act.run(other),
    });
    // The same by keys (K2).
    Effect::new(move |_| {
        let Some(key) = line.pressed.get().filter(|key| !matches!(key, Key::Reply | Key::Note)) else { return };
        line.pressed.set(None);
        let offers = |act| items.read_untracked().iter().any(|item| item.key == act);
        match key {
            Key::End | Key::EndNext if hand.get_untracked().may_end() => line.ending.set(Some(Asked { chat, onward: key == Key::EndNext })),
            Key::Delegate if offers(DELEGATE) => choose.run(DELEGATE),
            Key::Transfer if offers(TRANSFER) => choose.run(TRANSFER),
            _ => {}
        }
    });
    let has_menu = Memo::new(move |_| !items.read().is_empty());
    let more = t.console_more();
    let (resume_label, return_label, continue_label) = (t.console_resume(), t.console_return(), t.console_continue());
    let held = move || {
        let (resume_label, return_label) = (resume_label.clone(), return_label.clone());
        if let Hand::Held { by } = hand.get() {
            let back = by.map(|_| view! { <Button busy=working on_press=Callback::new(move |()| act.run(RETURN))>{return_label}</Button> });
            Some(view! {
                {back}
                <Button kind=ButtonKind::Main busy=working on_press=Callback::new(move |()| act.run(RESUME))>
                    {resume_label}
                </Button>
            })
        } else {
            None
        }
    };
    let goes_on = move || {
        let label = continue_label.clone();
        (hand.get() == Hand::CustomerEnded)
            .then(|| view! { <Button busy=working on_press=Callback::new(move |()| act.run(CONTINUE))>{label}</Button> })
    };
    let (join_label, decline_label, leave_label) = (t.acts_join(), t.acts_decline(), t.acts_leave());
    let beside = move || match hand.get() {
        Hand::Invited(_) => {
            let (join, decline) = (join_label.clone(), decline_label.clone());
            Some(
                view! {
                    <Button busy=working on_press=Callback::new(move |()| act.run(DECLINE))>{decline}</Button>
                    <Button kind=ButtonKind::Main busy=working on_press=Callback::new(move |()| act.run(JOIN))>
                        {join}
                    </Button>
                }
                .into_any(),
            )
        }
        Hand::Guest => {
            let leave = leave_label.clone();
            Some(view! { <Button busy=working on_press=Callback::new(move |()| act.run(LEAVE))>{leave}</Button> }.into_any())
        }
        _ => None,
    };
    let why = move || matches!(hand.get(), Hand::Free | Hand::Waits(_) | Hand::GivenAway).then(|| view! { <WhyHere line chat/> });
    let (start_label, end_label, details_label) = (t.console_start_chat(), t.common_end_chat(), t.console_details());
    view! {
        <header class="head">
            <a class="icon-btn back" href=move || line.filter.with(|filter| filter.address(None)) aria-label=t.console_back() title=t.console_back()>
                <Icon name="arrow-left" size=20/>
            </a>
            <div class="who">
                <div class="who-line">
                    <h2 class="cut" id="thread-title">{name}</h2>
                    {verified}
                    {chip}
                </div>
                <div class="under">
                    <CustomerWatching line chat/>
                    <p class="small muted cut">{under}</p>
                </div>
                {why}
            </div>
            <div class="acts push">
                {goes_on}
                {held}
                {beside}
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
                <span class="request-rating"><RequestRating line chat hand/></span>
                {move || {
                    (hand.get().may_end() && !matches!(hand.get(), Hand::Held { .. }))
                        .then(|| {
                            let label = end_label.clone();
                            view! { <Button on_press=Callback::new(move |()| line.ending.set(Some(Asked { chat, onward: false })))>{label}</Button> }
                        })
                }}
                {move || {
                    let label = more.clone();
                    has_menu.get().then(|| view! { <Menu id="chat-more" label items on_choose=choose/> })
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
        <Handover line chat way/>
        <Blocking line chat open=blocking/>
    }
    .into_any()
}
