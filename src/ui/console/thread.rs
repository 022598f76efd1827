//! One chat: its head, its log, and the place to answer.

use super::{
    items::{Item, items},
    line::Line,
    model::Row,
    words::{happened, since, state, state_class},
};
use crate::{
    domain::{
        chat::{Author, Event, Logged, State},
        ids::{AccountId, ChatId},
    },
    i18n::Texts,
    protocol::Marks,
    ui::{
        kit::{
            Button, ButtonKind, Confirm, EmptyState, Icon,
            composer::Composer,
            rich_text::RichText,
            texts,
            time::{DayLabel, Time, TimeStyle},
        },
        live::{
            draft,
            handle::{Local, Timer, after, keep},
            host,
            outbox::{Entry, Sending},
            stream::pending,
        },
        problems::plain_error_text,
    },
};
use leptos::{html, prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys};
use leptos_router::hooks::use_navigate;
use std::{cell::RefCell, collections::HashSet};

/// Close enough to the end to count as reading it, in pixels.
const NEAR_END: i32 = 48;
/// Close enough to the beginning to want what is before it.
const NEAR_START: i32 = 160;
/// Typing is told again after so many milliseconds.
const TYPING_EVERY: i64 = 3_000;
/// Above the divider, when it is scrolled to.
const GAP: i32 = 8;
const DRAFT_AFTER: u32 = 300;
/// Below this width lists and thread take turns, and a keyboard would cover the screen.
const NARROW: f64 = 800.0;

/// What this agent may do with the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    /// Not known yet.
    Unknown,
    /// Waiting: the first reply starts it (G3).
    Free,
    Mine,
    /// Mine, but the customer has ended it.
    CustomerEnded,
    /// Somebody else's; who, if that is known.
    Others(Option<AccountId>),
    Ended,
}

impl Hand {
    fn of(row: Option<&Row>, me: AccountId) -> Self {
        let Some(row) = row else { return Self::Unknown };
        if row.card.chat.is_ended() {
            return Self::Ended;
        }
        if row.left.is_some() {
            return Self::Others(row.other_agent(me));
        }
        match row.card.chat.state {
            State::Intake { .. } => Self::Unknown,
            State::Waiting { .. } => Self::Free,
            State::CustomerEnded { agent, .. } if agent == me => Self::CustomerEnded,
            State::Active { agent, .. } | State::Held { agent, .. } if agent == me => Self::Mine,
            _ => Self::Others(row.other_agent(me)),
        }
    }

    fn may_write(self) -> bool {
        matches!(self, Self::Free | Self::Mine)
    }

    fn may_end(self) -> bool {
        matches!(self, Self::Mine | Self::CustomerEnded)
    }
}

/// The middle pane with a chat open.
#[component]
pub fn ThreadPane(line: Line, chat: ChatId, details: RwSignal<bool>) -> impl IntoView {
    let store = line.store;
    let hand = Memo::new(move |_| Hand::of(store.row(chat).as_ref(), store.me()));
    let field = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        if store.with_log_untracked(chat, |_| ()).is_none() {
            line.load(chat, None);
        }
    });
    view! {
        <section class="pane thread" aria-labelledby="thread-title">
            <Head line chat hand details field/>
            <Log line chat/>
            <Foot line chat hand field/>
        </section>
    }
    .into_any()
}

#[component]
fn Head(line: Line, chat: ChatId, hand: Memo<Hand>, details: RwSignal<bool>, field: NodeRef<html::Textarea>) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let row = Memo::new(move |_| store.row(chat));
    let name = {
        let t = t.clone();
        move || row.with(|r| r.as_ref().map_or_else(|| t.console_title(), |r| t.console_customer(&r.card.code)))
    };
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
                    {chip}
                </div>
                <p class="small muted cut">{under}</p>
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

/// The conversation. It follows its end while the end is in view, and nothing else moves it.
#[component]
fn Log(line: Line, chat: ChatId) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let node = NodeRef::<html::Div>::new();
    let divider = RwSignal::new(None::<u64>);
    let lines = Memo::new(move |_| store.with_log(chat, |log| items(log, divider.get(), host::local_day)).unwrap_or_default());
    let loaded = Memo::new(move |_| store.with_log(chat, |_| ()).is_some());
    let earlier = Memo::new(move |_| store.with_log(chat, |log| log.earlier).unwrap_or_default());
    let unsent = Memo::new(move |_| {
        let logged: HashSet<_> = store.with_log(chat, |log| log.events.iter().filter_map(|e| e.client_id).collect()).unwrap_or_default();
        let mine: Vec<Entry> = line.outbox.entries().with(|all| all.iter().filter(|e| e.chat == Some(chat)).cloned().collect());
        pending(&mine, |id| logged.contains(&id))
    });
    let told = Told {
        customer: Memo::new(move |_| store.row(chat).map(|r| r.card.customer).unwrap_or_default()),
        newest: Memo::new(move |_| {
            store.with_log(chat, |log| log.events.iter().rev().find(|e| is_ours(&e.event)).map_or(0, |e| e.seq)).unwrap_or_default()
        }),
    };

    // Where the reader is.
    let (at_end, settled, visible) = (RwSignal::new(true), RwSignal::new(false), RwSignal::new(false));
    let below = RwSignal::new(0_u32);
    let from_end = StoredValue::new(0_i32);
    Effect::new(move |_| {
        let Some(log) = node.get() else { return };
        let shown = log.clone();
        keep(|| {
            host::follow_end(&log, NEAR_END, move |end| {
                from_end.try_set_value(shown.scroll_height() - shown.scroll_top());
                if at_end.try_get_untracked().is_some_and(|was| was != end) {
                    at_end.set(end);
                }
                if end && below.try_get_untracked().is_some_and(|n| n > 0) {
                    below.set(0);
                }
            })
        });
    });
    let to_end = move || {
        if let Some(log) = node.try_get_untracked().flatten() {
            host::to_end(&log);
        }
    };
    // First sight: the divider is set once, and the newest is shown, or the first unread
    // if more than a screen is new.
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) || !loaded.get() {
            return done == Some(true);
        }
        let unread = store.row_untracked(chat).map_or(0, |r| r.card.unread);
        divider.set(store.with_log_untracked(chat, |log| log.first_unread(unread)).flatten());
        host::next_frame(move || {
            to_end();
            if let Some(log) = node.try_get_untracked().flatten() {
                let mark = log.query_selector(".new-divider").ok().flatten().and_then(|m| m.dyn_into::<web_sys::HtmlElement>().ok());
                if let Some(top) = mark.map(|m| m.offset_top() - log.offset_top() - GAP)
                    && top < log.scroll_top()
                {
                    log.set_scroll_top(top);
                }
                let _ = settled.try_set(true);
            }
        });
        true
    });
    // What comes later: what is put before leaves the lines where they are, what is written
    // here is gone to, and what the customer writes out of view is counted.
    Effect::new(move |before: Option<(u64, u64, usize)>| {
        let (first, last) = store.with_log(chat, |log| (log.events.first().map_or(0, |e| e.seq), log.last_seq())).unwrap_or_default();
        let written = unsent.read().len();
        if let Some((old_first, old_last, old_written)) = before.filter(|b| b.1 > 0) {
            if first < old_first {
                let keep = from_end.get_value();
                host::next_frame(move || {
                    if let Some(log) = node.try_get_untracked().flatten() {
                        log.set_scroll_top(log.scroll_height() - keep);
                    }
                });
            } else if written > old_written {
                to_end();
            } else if !at_end.get_untracked() {
                let new = store
                    .with_log_untracked(chat, |log| log.events.iter().filter(|e| e.seq > old_last && is_customers(&e.event)).count())
                    .unwrap_or_default();
                if new > 0 {
                    below.update(|n| *n += u32::try_from(new).unwrap_or(u32::MAX));
                }
            }
        }
        (first, last, written)
    });
    // Seen is what stands at the end of a visible page.
    Effect::new(move |_| visible.set(host::visible()));
    keep(|| {
        host::on_document("visibilitychange", move |_| {
            let _ = visible.try_set(host::visible());
        })
    });
    Effect::new(move |_| {
        if loaded.get() && settled.get() && visible.get() && at_end.get() {
            line.in_view.set(Some(chat));
            line.mark(chat);
        } else if line.in_view.get_untracked() == Some(chat) {
            line.in_view.set(None);
        }
    });
    on_cleanup(move || {
        if line.in_view.try_get_untracked().flatten() == Some(chat) {
            line.in_view.set(None);
        }
    });

    let load_earlier = move || {
        if earlier.get_untracked() && !untrack(|| line.is_loading(chat)) {
            let first = store.with_log_untracked(chat, |log| log.events.first().map(|e| e.seq)).flatten();
            line.load(chat, first);
        }
    };
    let on_scroll = move |_| {
        let near = node.get_untracked().is_some_and(|log| log.scroll_top() < NEAR_START);
        if near && settled.get_untracked() && untrack(|| line.load_error(chat)).is_none() {
            load_earlier();
        }
    };
    let (earlier_label, jump_label, log_label) = (t.common_earlier(), t.console_jump_newest(), t.console_log_label());
    let jump_words = {
        let t = t.clone();
        move || match below.get() {
            0 => jump_label.clone(),
            n => t.common_new_messages(n),
        }
    };
    view! {
        <div class="log-place">
            <div class="log" role="log" aria-live="off" aria-label=log_label tabindex="0" node_ref=node on:scroll=on_scroll>
                <div class="lines">
                    <Show when=move || earlier.get()>
                        <button type="button" class="btn ghost earlier" aria-disabled=move || line.is_loading(chat).then_some("true") on:click=move |_| load_earlier()>
                            {earlier_label.clone()}
                        </button>
                    </Show>
                    {move || (!loaded.get()).then(|| view! { <NotLoaded line chat/> })}
                    <For each=move || lines.get() key=Item::key let:item>
                        <ItemLine line item told/>
                    </For>
                    <For each=move || unsent.get() key=move |e| (e.id, e.sending(line.outbox.stuck().get()) as u8) let:entry>
                        <Unsent line entry/>
                    </For>
                </div>
            </div>
            <Show when=move || !at_end.get()>
                <button type="button" class="jump" on:click=move |_| to_end()>
                    <Icon name="arrow-down"/>
                    {jump_words.clone()}
                </button>
            </Show>
        </div>
    }
    .into_any()
}

/// A skeleton, after a while; or why nothing came.
#[component]
fn NotLoaded(line: Line, chat: ChatId) -> impl IntoView {
    let t = texts();
    move || match line.load_error(chat) {
        Some(error) => {
            let (text, retry) = (plain_error_text(&t, &error), t.common_retry());
            view! {
                <EmptyState icon="alert" title=t.console_thread_failed()>
                    <p>{text}</p>
                    <Button on_press=Callback::new(move |()| line.load(chat, None))>{retry}</Button>
                </EmptyState>
            }
            .into_any()
        }
        None => view! {
            <div class="skeleton" role="status">
                <span class="visually-hidden">{t.common_loading()}</span>
                <i></i>
                <i></i>
                <i class="me"></i>
                <i></i>
            </div>
        }
        .into_any(),
    }
}

/// How far the customer has come, and which of our messages says it in words.
#[derive(Clone, Copy)]
struct Told {
    customer: Memo<Marks>,
    newest: Memo<u64>,
}

#[component]
fn ItemLine(line: Line, item: Item, told: Told) -> impl IntoView {
    match item {
        Item::Day { at, .. } => view! { <p class="day"><DayLabel at/></p> }.into_any(),
        Item::New { .. } => view! { <p class="new-divider">{texts().console_new_divider()}</p> }.into_any(),
        Item::Happened(logged) => view! { <Happening line logged/> }.into_any(),
        Item::Message { logged, author, text, first, last } => view! { <Message line logged author text first last told/> }.into_any(),
    }
}

#[component]
fn Happening(line: Line, logged: Logged) -> impl IntoView {
    let t = texts();
    let words = happened(&t, &logged.event, |agent| name_or(&t, line, agent));
    view! {
        <p class="event">
            {words} " · " <Time at=logged.at/>
        </p>
    }
    .into_any()
}

#[component]
fn Message(line: Line, logged: Logged, author: Author, text: String, first: bool, last: bool, told: Told) -> impl IntoView {
    let t = texts();
    let me = line.store.me();
    let ours = matches!(author, Author::Agent(_));
    let public = logged.public.unwrap_or_default();
    let state = move || {
        let marks = told.customer.get();
        match author {
            Author::Customer => "received",
            Author::Agent(_) if public <= marks.seen => "seen",
            Author::Agent(_) if public <= marks.delivered => "delivered",
            Author::Agent(_) => "sent",
        }
    };
    let name = match author {
        Author::Customer => line.store.row_untracked(logged.chat).map(|r| t.console_customer(r.card.code)).unwrap_or_default(),
        Author::Agent(agent) if agent == me => t.console_me(),
        Author::Agent(agent) => name_or(&t, line, agent),
    };
    let label = {
        let (t, name) = (t.clone(), name.clone());
        move || t.console_message_by(&name, host::format_time(logged.at, t.language, TimeStyle::Clock))
    };
    let meta = last.then(|| {
        let shown_name = match author {
            Author::Agent(agent) if agent != me => Some(name),
            _ => None,
        };
        let how_far = move || {
            let (icon, word) = match state() {
                "seen" => ("check-check", t.console_state_seen()),
                "delivered" => ("check-check", t.console_state_delivered()),
                _ => ("check", t.console_state_sent()),
            };
            view! {
                <Icon name=icon size=12/>
                <span class:visually-hidden=move || told.newest.get() != logged.seq>{word}</span>
            }
        };
        view! {
            <p class="meta">
                {shown_name.map(|name| view! { <span>{name}</span> <span aria-hidden="true">"·"</span> })}
                <Time at=logged.at/>
                {ours
                    .then(|| {
                        view! {
                            <span aria-hidden="true">"·"</span>
                            <span class="state" class:seen=move || state() == "seen">
                                {how_far}
                            </span>
                        }
                    })}
            </p>
        }
    });
    view! {
        <div class="line" class:me=ours class:first=first class:last=last>
            <article class="msg" data-seq=public data-state=state aria-label=label>
                <RichText text/>
            </article>
            {meta}
        </div>
    }
    .into_any()
}

/// A reply that the log does not have yet.
#[component]
fn Unsent(line: Line, entry: Entry) -> impl IntoView {
    let t = texts();
    let sending = entry.sending(line.outbox.stuck().get_untracked());
    let (code, words) = match sending {
        Sending::Now => ("sending", t.console_state_sending()),
        Sending::Queued => ("queued", t.console_state_queued()),
        Sending::Sent => ("sent", t.console_state_sent()),
        Sending::Failed => ("failed", t.console_state_failed()),
    };
    let id = entry.id;
    let failed = (sending == Sending::Failed).then(|| {
        view! {
            <button type="button" class="btn small-btn" on:click=move |_| line.outbox.retry(id)>{t.common_retry()}</button>
            <button type="button" class="btn small-btn" on:click=move |_| line.outbox.discard(id)>{t.console_discard()}</button>
        }
    });
    view! {
        <div class="line me first last pending" class:failed=sending == Sending::Failed>
            <article class="msg" data-seq=entry.sent.map(|s| s.seq) data-state=code aria-label=t.console_message_by(t.console_me(), &words)>
                <RichText text=entry.text/>
            </article>
            <p class="meta">
                {match sending {
                    Sending::Failed => view! { <Icon name="alert" size=12/> }.into_any(),
                    Sending::Now | Sending::Queued => view! { <Icon name="clock" size=12/> }.into_any(),
                    Sending::Sent => ().into_any(),
                }} <span class="state">{words}</span> {failed}
            </p>
        </div>
    }
    .into_any()
}

/// Where one answers, or why one cannot.
#[component]
fn Foot(line: Line, chat: ChatId, hand: Memo<Hand>, field: NodeRef<html::Textarea>) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let typing = Memo::new(move |_| store.row(chat).is_some_and(|r| r.typing_until.is_some()));
    let typing_words = {
        let t = t.clone();
        let name = store.row_untracked(chat).map(|r| t.console_customer(r.card.code)).unwrap_or_default();
        move || typing.get().then(|| format!("{name} · {}", t.console_typing()))
    };
    let may_write = Memo::new(move |_| hand.get().may_write());
    let customer_ended = Memo::new(move |_| hand.get() == Hand::CustomerEnded);
    let note = {
        let t = t.clone();
        move || match hand.get() {
            Hand::Free => Some(t.console_reply_starts()),
            Hand::CustomerEnded => Some(t.console_customer_ended_note()),
            Hand::Others(Some(agent)) => Some(t.console_handled_by(name_or(&t, line, agent))),
            Hand::Others(None) => Some(t.console_gone_text()),
            Hand::Ended => Some(t.console_ended_note()),
            Hand::Mine | Hand::Unknown => None,
        }
    };
    view! {
        <footer class="foot">
            <p class="typing-line small muted">{typing_words}</p>
            {move || note().map(|note| view! { <p class="foot-note small"><Icon name="info"/> {note}</p> })}
            <Show when=move || may_write.get() || customer_ended.get()>
                <Answer line chat field disabled=customer_ended/>
            </Show>
        </footer>
    }
    .into_any()
}

/// The composer of one chat, with its draft.
#[component]
fn Answer(line: Line, chat: ChatId, field: NodeRef<html::Textarea>, #[prop(into)] disabled: Signal<bool>) -> impl IntoView {
    let t = texts();
    let value = RwSignal::new(String::new());
    let place = StoredValue::new(line.draft_place(chat));
    let restored = StoredValue::new(false);
    let save = move || {
        if restored.try_get_value() == Some(true)
            && let (Some(place), Some(text)) = (place.try_get_value(), value.try_get_untracked())
        {
            draft::save(&place, &text);
            line.note_draft(chat, text);
        }
    };
    Effect::new(move |_| {
        // After the composer took over what was typed before the page came alive.
        host::microtask(move || {
            if value.try_with_untracked(String::is_empty) == Some(true)
                && let Some(kept) = place.try_get_value().map(|place| draft::load(&place))
                && !kept.is_empty()
            {
                value.set(kept);
            }
            restored.try_set_value(true);
        });
        let wide = window().inner_width().ok().and_then(|w| w.as_f64()).is_some_and(|w| w >= NARROW);
        if wide
            && !disabled.get_untracked()
            && let Some(field) = field.get_untracked()
        {
            drop(field.focus());
        }
    });
    let saving = Local::new(|| RefCell::new(None::<Timer>));
    Effect::new(move |_| {
        value.track();
        if let Some(saving) = saving.get() {
            saving.replace(Some(after(DRAFT_AFTER, save)));
        }
    });
    on_cleanup(save);
    keep(|| host::on_window("pagehide", move |_| save()));

    let told = StoredValue::new(None::<crate::domain::time::Timestamp>);
    let stop_typing = move || {
        if told.try_update_value(Option::take).flatten().is_some() {
            line.typing(chat, false);
        }
    };
    let on_input = Callback::new(move |()| {
        if value.with_untracked(String::is_empty) {
            return stop_typing();
        }
        let now = host::now();
        if told.get_value().is_none_or(|at| now.since(at) >= TYPING_EVERY) {
            told.set_value(Some(now));
            line.typing(chat, true);
        }
    });
    on_cleanup(stop_typing);
    let on_send = Callback::new(move |text: String| {
        let taken = line.send(chat, &text);
        if taken {
            stop_typing();
        }
        taken
    });
    view! {
        <Composer
            value=value
            on_send=on_send
            label=t.common_message()
            send_label=t.common_send()
            placeholder=t.console_placeholder()
            disabled=disabled
            node=field
            on_input=on_input
        />
        <p class="hint composer-hint">{t.console_enter_to_send()}</p>
    }
    .into_any()
}

fn name_or(texts: &Texts, line: Line, agent: AccountId) -> String {
    line.store.name_of(agent).unwrap_or_else(|| texts.console_agent())
}

fn is_ours(event: &Event) -> bool {
    matches!(event, Event::Message { author: Author::Agent(_), .. })
}

fn is_customers(event: &Event) -> bool {
    matches!(event, Event::Message { author: Author::Customer, .. })
}
