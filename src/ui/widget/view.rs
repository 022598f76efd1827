//! The panel: header, log, composer. What comes and goes is hidden rather than made
//! anew: every further kind of view costs the module bytes.

use super::{
    icons,
    room::{Cell, Room},
    rows::{Happened, Key, Message, Row, State, What},
};
use crate::{
    domain::chat::PublicState,
    i18n::Texts,
    protocol::WidgetPage,
    ui::{
        kit::{
            composer::Composer,
            rich_text::RichText,
            texts,
            time::{DayLabel, Time},
        },
        live::{handle::keep, host, socket::Link},
    },
};
use leptos::{either::Either, ev, html, prelude::*};

/// Close enough to the end to count as reading it, in pixels.
const NEAR_END: i32 = 40;

/// Where the page's forms go, for browsers without script and the time before it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormActions {
    pub send: String,
    pub end: String,
    /// Made by the server for the form's next message, so that a repeated post is stored once.
    pub client_id: String,
    /// What stands beside the chat, as HTML: the server's alone, no module looks into it.
    #[cfg(feature = "ssr")]
    pub tray: String,
}

impl FormActions {
    /// The addresses for `page`; the caller fills in the client id.
    #[must_use]
    pub fn of(page: &WidgetPage) -> Self {
        let send = format!("/w/{}/messages", page.widget);
        Self {
            send,
            end: format!("/w/{}/end", page.widget),
            client_id: String::new(),
            #[cfg(feature = "ssr")]
            tray: String::new(),
        }
    }
}

/// The customer's window.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub fn Widget(page: WidgetPage, texts: Texts, actions: FormActions) -> impl IntoView {
    provide_context(texts.clone());
    #[cfg(feature = "ssr")]
    let tray = view! { <div id="damso-tray" inner_html=actions.tray></div> };
    // What the server has drawn in it stays as it is.
    #[cfg(not(feature = "ssr"))]
    let tray = view! { <div id="damso-tray"></div> };
    let (name, alone) = (page.service_name.clone(), page.alone);
    let face = page.banner.clone().map(|src| view! { <img src=src alt=""/> });
    let chat = page.chat.as_ref().map(|chat| chat.id.to_string());
    let room = Room::new(page, texts.clone());
    let field = NodeRef::<html::Textarea>::new();
    let dialog = NodeRef::<html::Dialog>::new();
    let log = NodeRef::<html::Div>::new();
    let take_focus = move || host::next_frame(move || drop(field.get_untracked().map(|field| field.focus())));
    Effect::new(move |_| {
        untrack(|| room.start(take_focus));
        // ✕ by the keyboard; an open dialog has its own Escape.
        keep(|| {
            host::on_escape(move || {
                if !alone && !dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
                    room.close_panel();
                }
            })
        });
        let Some(list) = log.get_untracked() else { return };
        keep(|| {
            host::follow_end(&list, NEAR_END, move |end| {
                room.change(|m| {
                    let change = m.at_end != end;
                    m.at_end = end;
                    m.unseen = if end { 0 } else { m.unseen };
                    change
                });
            })
        });
    });

    let header = {
        let t = texts.clone();
        room.text(move |m| match m.state {
            None => String::new(),
            Some(PublicState::Intake | PublicState::Waiting) => t.widget_header_waiting(),
            Some(PublicState::Active) => t.widget_header_active(),
            Some(PublicState::Ended) => t.widget_header_ended(),
        })
    };
    let not_live = room.flag(|m| !m.live());
    let not_outdated = room.flag(|m| !m.outdated);
    let not_typing = room.flag(|m| !m.typing);
    let trouble = {
        let (t, link) = (texts.clone(), room.socket.link());
        let down = Signal::derive(move || matches!(link.get(), Link::Down { .. }));
        room.text(move |m| {
            if m.outdated {
                t.widget_reload()
            } else if down.get() {
                t.widget_offline()
            } else {
                m.trouble.clone()
            }
        })
    };
    let no_trouble = Signal::derive(move || trouble.with(String::is_empty));
    let said = {
        let t = texts.clone();
        room.text(move |m| if m.open && !m.said.is_empty() { writer(&t, m.said_by.clone()) + ": " + &m.said } else { String::new() })
    };
    let close = (!alone).then(|| {
        view! {
            <button type="button" class="close" aria-label=texts.widget_close_panel() inner_html=icons::X on:click=move |_| room.close_panel()></button>
        }
    });
    let ask = move |event: ev::SubmitEvent| {
        event.prevent_default();
        drop(dialog.get_untracked().map(|dialog| dialog.show_modal()));
    };
    let answer = move |yes: bool| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        if yes {
            room.end();
        }
    };
    view! {
        <div class="panel">
            <header>
                <h1>{face} {name}</h1>
                <p class="state">{header}</p>
                <form class="acts" method="post" action=actions.end hidden=not_live on:submit=ask>
                    <input type="hidden" name="chat" value=chat/>
                    <button type="submit">{texts.common_end_chat()}</button>
                </form>
                {close}
            </header>
            {tray}
            <div role="alert">
                <div class="banner" hidden=no_trouble>
                    <p>{trouble}</p>
                    <button type="button" class="btn" hidden=not_outdated on:click=|_| host::reload()>{texts.widget_reload_button()}</button>
                </div>
            </div>
            <Log room log/>
            <div aria-live="polite">
                <p class="typing" hidden=not_typing>{texts.widget_agent_typing()}</p>
            </div>
            <Composer
                value=room.value
                on_send=Callback::new(move |text: String| room.send(&text))
                label=texts.common_message()
                send_label=texts.common_send()
                placeholder=texts.widget_placeholder()
                node=field
                on_input=Callback::new(move |()| room.typed())
                action=actions.send
                hidden=vec![("client_id", actions.client_id), ("lang", texts.language.code().to_owned())]
            />
            <div class="visually-hidden" aria-live="polite">{said}</div>
            <dialog node_ref=dialog class="dialog" aria-labelledby="end-title" aria-describedby="end-text">
                <h2 id="end-title">{texts.widget_end_title()}</h2>
                <p id="end-text">{texts.widget_end_text()}</p>
                <div class="answers">
                    <button type="button" class="btn" on:click=move |_| answer(false)>{texts.common_cancel()}</button>
                    <button type="button" class="btn danger" on:click=move |_| answer(true)>{texts.common_end_chat()}</button>
                </div>
            </dialog>
        </div>
    }
}

type LogNode = NodeRef<html::Div>;

fn to_end(log: LogNode) {
    if let Some(log) = log.get_untracked() {
        host::to_end(&log);
    }
}

/// The conversation. It is not a live region: history must not be read out, so what comes
/// in is said by a region of its own.
#[component]
fn Log(room: Room, log: LogNode) -> impl IntoView {
    let t = texts();
    // New rows: own ones are gone to, others are counted for who reads further up.
    Effect::new(move |before: Option<Option<Key>>| {
        room.model.track();
        let list = room.list.get();
        let last = list.last().map(|(key, _)| *key);
        let old = before.flatten().and_then(|before| list.iter().rposition(|(key, _)| *key == before));
        let is = |row: &ArcRwSignal<Row>, f: fn(&Message) -> bool| row.with_untracked(|row| matches!(&row.what, What::Message(m) if f(m)));
        match old {
            Some(old) => {
                let new = &list[old + 1..];
                if new.iter().any(|(_, row)| is(row, |m| m.mine && m.seq.is_none())) {
                    to_end(log);
                } else {
                    let theirs = new.iter().filter(|(_, row)| is(row, |m| !m.mine)).count();
                    room.change(|m| {
                        let count = theirs > 0 && !m.at_end;
                        m.unseen += if count { theirs } else { 0 };
                        count
                    });
                }
            }
            None => to_end(log),
        }
        last
    });
    let load = move |_| {
        room.load_earlier(move || {
            let Some(log) = log.get_untracked() else { return };
            // What is being read stays where it is.
            let below = log.scroll_height() - log.scroll_top();
            host::next_frame(move || log.set_scroll_top(log.scroll_height() - below));
        });
    };
    let not_earlier = room.flag(|m| !m.earlier);
    let list = room.list;
    let nothing_new = room.flag(|m| m.unseen == 0);
    let new_messages = {
        let t = t.clone();
        room.text(move |m| t.common_new_messages(m.unseen))
    };
    view! {
        <div class="log-box">
            <div class="log" role="log" aria-live="off" aria-label=t.widget_log_label() tabindex="0" node_ref=log>
                <div class="lines">
                    <button type="button" class="btn earlier" hidden=not_earlier on:click=load>{t.common_earlier()}</button>
                    <For each=move || list.get() key=|(key, _)| *key children=move |(key, row): Cell| line(room, key, &row)/>
                </div>
            </div>
            <button type="button" class="jump" hidden=nothing_new on:click=move |_| to_end(log)>
                <span class="icon" inner_html=icons::ARROW_DOWN></span>
                {new_messages}
            </button>
        </div>
    }
}

fn line(room: Room, key: Key, row: &ArcRwSignal<Row>) -> impl IntoView + use<> {
    let first = row.get_untracked();
    let same_day = {
        let row = row.clone();
        Signal::derive(move || row.with(|row| !row.new_day))
    };
    let body = match first.what {
        What::Happened(what) => {
            let t = texts();
            let text = match what {
                Happened::Intake => t.widget_event_intake(),
                Happened::Started => t.widget_event_started(),
                Happened::YouEnded => t.widget_event_you_ended(),
                Happened::Returned => t.widget_event_returned(),
                Happened::Ended => t.widget_event_ended(),
            };
            Either::Left(view! { <p class="event">{text}</p> })
        }
        What::Message(_) => Either::Right(message(room, key, row)),
    };
    view! {
        <p class="day" hidden=same_day><DayLabel at=first.at/></p>
        {body}
    }
}

fn message(room: Room, key: Key, row: &ArcRwSignal<Row>) -> impl IntoView + use<> {
    // A row of messages stays one: its key says so.
    fn of<T>(row: &ArcRwSignal<Row>, f: impl Fn(&Message) -> T + Send + Sync + 'static) -> Signal<T>
    where
        T: Default + Send + Sync + 'static,
    {
        let row = row.clone();
        Signal::derive(move || row.with(|row| if let What::Message(m) = &row.what { f(m) } else { T::default() }))
    }
    let t = texts();
    let Row { at, what, .. } = row.get_untracked();
    let (mine, text, nickname, html) = if let What::Message(m) = what { (m.mine, m.text, m.nickname, m.html) } else { Default::default() };
    let class = of(row, |m| {
        let flag = |on, name| if on { name } else { "" };
        format!(
            "msg{}{}{}{}",
            flag(m.mine, " mine"),
            flag(m.first, " first"),
            flag(m.last, " last"),
            flag(m.state == State::Failed, " failed")
        )
    });
    let seq = of(row, |m| m.seq.map(|seq| seq.to_string()));
    let state = of(row, |m| m.state.name().to_owned());
    let says_nothing = of(row, |m| !m.last && !m.tells);
    let told = {
        let t = t.clone();
        of(row, move |m| if m.tells { format!(" · {}", in_words(&t, m.state)) } else { String::new() })
    };
    let who = if mine { t.widget_you() } else { writer(&t, nickname) };
    let name = if mine { String::new() } else { format!("{who} · ") };
    let buttons = match key {
        Key::Own(id) => {
            let not_failed = of(row, |m| m.state != State::Failed);
            Some(view! {
                <span hidden=not_failed>
                    <button type="button" class="link" on:click=move |_| room.outbox.retry(id)>{t.common_retry()}</button>
                    <button type="button" class="link" on:click=move |_| room.outbox.discard(id)>{t.widget_discard()}</button>
                </span>
            })
        }
        Key::Logged(..) => None,
    };
    view! {
        <article class=class aria-label=who>
            <div class="bubble" data-seq=seq data-state=state>
                <RichText text/>
                // The one place where HTML comes from elsewhere: the module has no room to draw files.
                // It is ours (`ui::front::cards`), and all that people wrote is escaped in it.
                <span inner_html=html></span>
            </div>
            <p class="meta" hidden=says_nothing>
                {name}
                <Time at/>
                {told}
                {buttons}
            </p>
        </article>
    }
}

/// The name of who writes at the desk: his own if it has one, else the service's (A45).
fn writer(t: &Texts, nickname: Option<String>) -> String {
    nickname.unwrap_or_else(|| t.widget_agent())
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
