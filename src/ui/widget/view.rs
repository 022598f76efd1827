//! The panel: header, log, composer.

use super::{
    room::{Cell, Room},
    rows::{Happened, Key, Message, State, What},
};
use crate::{
    domain::chat::PublicState,
    i18n::Texts,
    protocol::WidgetPage,
    ui::{
        kit::{
            Confirm,
            composer::Composer,
            icon::{self, Glyph},
            rich_text::RichText,
            texts,
            time::{DayLabel, Time},
        },
        live::{host, socket::Link},
    },
};
use leptos::{ev, html, prelude::*};

/// Where the page's forms go, for browsers without script and the time before it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormActions {
    pub send: String,
    pub end: String,
    /// Made by the server for the form's next message, so that a repeated post is stored once.
    pub client_id: String,
}

impl FormActions {
    /// The addresses for `page`; the caller fills in the client id.
    #[must_use]
    pub fn of(page: &WidgetPage) -> Self {
        let send = format!("/w/{}/messages", page.widget);
        Self { send, end: format!("/w/{}/end", page.widget), client_id: String::new() }
    }
}

/// The customer's window.
#[component]
pub fn Widget(page: WidgetPage, texts: Texts, actions: FormActions) -> impl IntoView {
    provide_context(texts.clone());
    let (name, alone) = (page.service_name.clone(), page.alone);
    let room = Room::new(page, texts.clone());
    let field = NodeRef::<html::Textarea>::new();
    let asking = RwSignal::new(false);
    Effect::new(move |_| untrack(|| room.start()));
    Effect::new(move |_| {
        if room.focus.get() > 0 {
            host::next_frame(move || drop(field.get_untracked().map(|field| field.focus())));
        }
    });
    Effect::new(move |_| {
        // ✕ by the keyboard; the dialog has its own Escape.
        window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" && !event.is_composing() && !alone && !asking.get_untracked() {
                room.close_panel();
            }
        })
    });

    let going_on = Memo::new(move |_| room.state.get().is_some_and(|state| state != PublicState::Ended));
    let ended = Memo::new(move |_| room.state.get() == Some(PublicState::Ended));
    let empty = Memo::new(move |_| room.list.with(Vec::is_empty));
    let header = {
        let t = texts.clone();
        move || match room.state.get() {
            None => t.widget_header_open(),
            Some(PublicState::Intake | PublicState::Waiting) => t.widget_header_waiting(),
            Some(PublicState::Active) => t.widget_header_active(),
            Some(PublicState::Ended) => t.widget_header_ended(),
        }
    };
    let end_form = {
        let (t, action) = (texts.clone(), actions.end.clone());
        move || {
            let action = action.clone();
            going_on.get().then(|| {
                view! {
                    <form class="acts" method="post" action=action on:submit=move |event| {
                        event.prevent_default();
                        asking.set(true);
                    }>
                        <input type="hidden" name="chat" value=room.chat.get_untracked().map(|chat| chat.to_string())/>
                        <button type="submit">{t.common_end_chat()}</button>
                    </form>
                }
            })
        }
    };
    let close = (!alone).then(|| {
        view! {
            <button type="button" class="close" aria-label=texts.widget_close_panel() on:click=move |_| room.close_panel()>
                <Glyph path=icon::X size=20/>
            </button>
        }
    });
    let waiting = {
        let t = texts.clone();
        move || {
            let waits = matches!(room.state.get(), Some(PublicState::Intake | PublicState::Waiting));
            waits.then(|| view! { <p class="place"><Glyph path=icon::CLOCK/>{t.widget_waiting_note()}</p> })
        }
    };
    let again = {
        let t = texts.clone();
        move || {
            ended.get().then(|| {
                view! {
                    <button type="button" class="btn again" on:click=move |_| drop(field.get_untracked().map(|field| field.focus()))>
                        {t.widget_new_chat()}
                    </button>
                }
            })
        }
    };
    let trouble = move || room.trouble.get().map(|text| view! { <p class="trouble">{text}</p> });
    let (placeholder, language) = (texts.widget_placeholder(), texts.language.code());
    view! {
        <div class="panel">
            <header>
                <h1>{name}</h1>
                <p class="state">{header}</p>
                {end_form}
                {close}
            </header>
            <Banner room/>
            <Log room empty/>
            <p class="typing" aria-live="polite">{
                let t = texts.clone();
                move || room.typing.get().then(|| t.widget_agent_typing())
            }</p>
            {waiting}
            {again}
            <div role="alert">{trouble}</div>
            <Composer
                value=room.value
                on_send=Callback::new(move |text: String| room.send(&text))
                label=texts.common_message()
                send_label=texts.common_send()
                placeholder=Signal::derive(move || placeholder.clone())
                node=field
                on_input=Callback::new(move |()| room.typed())
                action=actions.send
            >
                <input type="hidden" name="client_id" value=actions.client_id.clone()/>
                <input type="hidden" name="lang" value=language/>
            </Composer>
            <div class="visually-hidden" aria-live="polite">{move || room.said.get()}</div>
            <Confirm
                id="end-chat"
                open=asking
                title=texts.widget_end_title()
                text=texts.widget_end_text()
                confirm=texts.common_end_chat()
                danger=true
                on_confirm=Callback::new(move |()| {
                    asking.set(false);
                    room.end();
                })
            />
        </div>
    }
}

/// What is wrong with the line, once.
#[component]
fn Banner(room: Room) -> impl IntoView {
    let outdated = Memo::new(move |_| room.outdated.get());
    let down = Memo::new(move |_| matches!(room.socket.link().get(), Link::Down { .. }));
    view! {
        <div role="alert">
            {move || {
                let t = texts();
                if outdated.get() {
                    let reload = view! { <button type="button" class="btn" on:click=move |_| host::reload()>{t.widget_reload_button()}</button> };
                    Some(view! { <p class="banner">{t.widget_reload()} " " {reload}</p> }.into_any())
                } else {
                    down.get().then(|| view! { <p class="banner">{t.widget_offline()}</p> }.into_any())
                }
            }}
        </div>
    }
}

/// The conversation. It is not a live region: history must not be read out, so what comes
/// in is said by a region of its own.
#[component]
fn Log(room: Room, empty: Memo<bool>) -> impl IntoView {
    let t = texts();
    let node = NodeRef::<html::Div>::new();
    let unseen = RwSignal::new(0_usize);
    let to_end = move || {
        unseen.set(0);
        room.at_end.set(true);
        host::next_frame(move || {
            if let Some(log) = node.get_untracked() {
                log.set_scroll_top(log.scroll_height());
            }
        });
    };
    // New rows: follow them at the end of the list, count them for who reads further up.
    Effect::new(move |before: Option<Option<Key>>| {
        let list = room.list.get();
        let last = list.last().map(|(key, _)| *key);
        let Some(before) = before else {
            to_end();
            return last;
        };
        if last != before {
            let old = list.iter().position(|(key, _)| Some(*key) == before);
            let new = &list[old.map_or(0, |n| n + 1)..];
            let own = new.iter().any(|(_, row)| row.with_untracked(|row| matches!(&row.what, What::Message(m) if m.mine && m.seq.is_none())));
            if own || old.is_none() || room.at_end.get_untracked() {
                to_end();
            } else {
                let theirs = new.iter().filter(|(_, row)| row.with_untracked(|row| matches!(&row.what, What::Message(m) if !m.mine)));
                let more = theirs.count();
                unseen.update(|n| *n += more);
            }
        }
        last
    });
    // A panel that opens, a keyboard that comes up, a line that appears.
    let stay = move || {
        if room.at_end.get_untracked() {
            to_end();
        }
    };
    Effect::new(move |_| {
        room.open.track();
        room.typing.track();
        room.state.track();
        stay();
    });
    Effect::new(move |_| window_event_listener(ev::resize, move |_| stay()));
    let scrolled = move |_| {
        // A hidden frame has no height and tells nothing.
        if let Some(log) = node.get_untracked().filter(|log| log.client_height() > 0) {
            let end = log.scroll_height() - log.scroll_top() - log.client_height() < 40;
            if end != room.at_end.get_untracked() {
                room.at_end.set(end);
            }
            if end && unseen.get_untracked() > 0 {
                unseen.set(0);
            }
        }
    };
    let earlier = {
        let t = t.clone();
        move || {
            room.earlier.get().then(|| {
                let load = move |_| {
                    room.load_earlier(move || {
                        let Some(log) = node.get_untracked() else { return };
                        // What is being read stays where it is.
                        let below = log.scroll_height() - log.scroll_top();
                        host::next_frame(move || log.set_scroll_top(log.scroll_height() - below));
                    });
                };
                view! { <button type="button" class="btn earlier" on:click=load>{t.common_earlier()}</button> }
            })
        }
    };
    let welcome = {
        let t = t.clone();
        move || {
            empty.get().then(|| {
                view! {
                    <div class="welcome">
                        <h2>{t.widget_welcome_title()}</h2>
                        <p>{t.widget_welcome_text()}</p>
                    </div>
                }
            })
        }
    };
    let label = t.widget_log_label();
    let jump = move || {
        let count = unseen.get();
        (count > 0).then(|| {
            view! {
                <button type="button" class="jump" on:click=move |_| to_end()>
                    <Glyph path=icon::ARROW_DOWN/>
                    {t.common_new_messages(count)}
                </button>
            }
        })
    };
    view! {
        <div class="log-box">
            <div class="log" role="log" aria-live="off" aria-label=label tabindex="0" node_ref=node on:scroll=scrolled>
                {earlier}
                {welcome}
                <For each=move || room.list.get() key=|(key, _)| *key children=move |(_, row): Cell| line(room, &row)/>
            </div>
            {jump}
        </div>
    }
}

fn line(room: Room, row: &ArcRwSignal<super::rows::Row>) -> impl IntoView + use<> {
    let at = row.with_untracked(|row| row.at);
    let day = {
        let row = row.clone();
        let new = ArcMemo::new(move |_| row.with(|row| row.new_day));
        move || new.get().then(|| view! { <p class="day"><DayLabel at/></p> })
    };
    let what = row.with_untracked(|row| row.what.clone());
    let body = match what {
        What::Happened(what) => {
            let t = texts();
            let text = match what {
                Happened::Intake => t.widget_event_intake(),
                Happened::Started => t.widget_event_started(),
                Happened::YouEnded => t.widget_event_you_ended(),
                Happened::Returned => t.widget_event_returned(),
                Happened::Ended => t.widget_event_ended(),
            };
            view! { <p class="event">{text}</p> }.into_any()
        }
        What::Message(now) => message(room, row.clone(), now).into_any(),
    };
    view! { {day} {body} }
}

fn message(room: Room, row: ArcRwSignal<super::rows::Row>, first_drawn: Message) -> impl IntoView {
    let Message { mine, text, .. } = first_drawn.clone();
    let (key, at) = row.with_untracked(|row| (row.key, row.at));
    let now = ArcMemo::new(move |_| {
        row.with(|row| match &row.what {
            What::Message(message) => message.clone(),
            What::Happened(_) => first_drawn.clone(),
        })
    });
    let t = texts();
    let who = if mine { t.widget_you() } else { t.widget_agent() };
    let class = {
        let now = now.clone();
        move || {
            let m = now.get();
            format!("msg{}{}{}", if mine { " mine" } else { "" }, if m.first { " first" } else { "" }, if m.last { " last" } else { "" })
        }
    };
    let (seq, state) = (now.clone(), now.clone());
    let told = ArcMemo::new(move |_| {
        let m = now.get();
        (m.last || m.tells).then(|| m.tells.then_some(m.state))
    });
    let meta = {
        let who = who.clone();
        move || {
            told.get().map(|state| {
                let t = texts();
                let who = (!mine).then(|| format!("{who} · "));
                let words = state.map(|state| format!(" · {}", in_words(&t, state)));
                let failed = state == Some(State::Failed);
                let buttons = failed.then(|| match key {
                    Key::Own(id) => Some(view! {
                        <button type="button" class="link" on:click=move |_| room.outbox.retry(id)>{t.common_retry()}</button>
                        <button type="button" class="link" on:click=move |_| room.outbox.discard(id)>{t.widget_discard()}</button>
                    }),
                    Key::Logged(..) => None,
                });
                view! {
                    <p class="meta" class:failed=failed>
                        {failed.then(|| view! { <Glyph path=icon::ALERT size=14/> })} {who} <Time at/> {words} {buttons}
                    </p>
                }
            })
        }
    };
    view! {
        <article class=class aria-label=who>
            <div class="bubble" data-seq=move || seq.get().seq.map(|seq| seq.to_string()) data-state=move || state.get().state.name()>
                <RichText text/>
            </div>
            {meta}
        </article>
    }
}

fn in_words(t: &Texts, state: State) -> String {
    match state {
        State::Received => String::new(),
        State::Sending => t.widget_state_sending(),
        State::Queued => t.widget_state_queued(),
        State::Sent => t.widget_state_sent(),
        State::Delivered => t.widget_state_delivered(),
        State::Seen => t.widget_state_seen(),
        State::Failed => t.widget_state_failed(),
    }
}
