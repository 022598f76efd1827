//! The chats that somebody should look after: the customer waits, or the agent is gone.

use super::{
    super::{
        model::Row,
        words::{clock, customer, state, state_class},
    },
    Look,
    acts::{Act, Acting},
};
use crate::{
    domain::{
        chat::State,
        ids::{AccountId, ChatId},
        time::Timestamp,
    },
    ui::kit::{Button, EmptyState, Icon, texts},
};
use leptos::prelude::*;

/// Why a chat is on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// The customer waits for a human since then.
    Waits(Timestamp),
    /// Its agent is gone; since when, if that is known.
    Gone(AccountId, Option<Timestamp>),
}

/// A chat of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    chat: ChatId,
    why: Why,
    /// How long it has gone on, in milliseconds.
    age: i64,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heat {
    Calm,
    Amber,
    Red,
}

impl Heat {
    fn of(age: i64, (warn, limit): (i64, i64)) -> Self {
        if age >= limit {
            Self::Red
        } else if age >= warn {
            Self::Amber
        } else {
            Self::Calm
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Calm => "chip",
            Self::Amber => "chip waiting",
            Self::Red => "chip trouble",
        }
    }
}

/// Since when somebody wants an answer of a human: the first one, or the next one.
fn wants_since(row: &Row) -> Option<Timestamp> {
    let talked = matches!(row.card.chat.state, State::Active { .. } | State::Held { .. });
    row.waiting_since().or_else(|| row.unanswered_since().filter(|_| talked))
}

/// The chats that should be looked after at `now`, the worst first.
fn entries(look: Look, now: Timestamp) -> Vec<Entry> {
    let entry = |row: &Row| {
        let chat = row.card.chat.id;
        let gone = row.card.chat.agent().and_then(|agent| look.gone_since(agent).map(|since| (agent, since)));
        let why = match (gone, wants_since(row)) {
            (Some((agent, since)), _) => Why::Gone(agent, since),
            (None, Some(since)) => Why::Waits(since),
            (None, None) => return None,
        };
        let since = match why {
            Why::Waits(since) | Why::Gone(_, Some(since)) => Some(since),
            Why::Gone(_, None) => None,
        };
        Some(Entry { chat, why, age: since.map_or(i64::MAX, |since| now.since(since)) })
    };
    let mut all: Vec<Entry> = look.line.store.with_everybodys(|rows| rows.filter_map(entry).collect());
    all.sort_by_key(|entry| (std::cmp::Reverse(entry.age), entry.chat));
    all
}

#[component]
pub(super) fn Chats(look: Look, acting: RwSignal<Option<Acting>>) -> impl IntoView {
    let t = texts();
    let now = look.line.store.now();
    // Before the page is alive no clock runs: the server's own drawing has none.
    let shown = Memo::new(move |_| entries(look, now.get().unwrap_or(Timestamp(0))));
    let ids = Memo::new(move |_| shown.read().iter().map(|entry| entry.chat).collect::<Vec<_>>());
    let hot = Memo::new(move |_| now.get().is_some() && shown.read().iter().any(|entry| Heat::of(entry.age, look.limits()) == Heat::Red));
    let count = Memo::new(move |_| ids.read().len());
    let told = {
        let t = t.clone();
        move || hot.get().then(|| t.board_over_limit())
    };
    let (empty, empty_text) = (t.board_calm(), t.board_calm_text());
    let total = {
        let t = t.clone();
        move || (count.get() > 0).then(|| t.board_count(count.get()))
    };
    view! {
        <section class="card" aria-labelledby="board-chats">
            <div class="card-head">
                <h2 id="board-chats">{t.board_chats()}</h2>
                <span class="muted small">{total}</span>
            </div>
            <div role="status" class="visually-hidden">{told}</div>
            {move || {
                let (title, text) = (empty.clone(), empty_text.clone());
                (count.get() == 0)
                    .then(|| {
                        view! {
                            <EmptyState icon="check-check" title>
                                <p>{text}</p>
                            </EmptyState>
                        }
                    })
            }}
            <ul class="lines board-chats">
                <For each=move || ids.get() key=|id| *id let:id>
                    <Line look shown id acting/>
                </For>
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn Line(look: Look, shown: Memo<Vec<Entry>>, id: ChatId, acting: RwSignal<Option<Acting>>) -> impl IntoView {
    let t = texts();
    let store = look.line.store;
    let row = Memo::new(move |_| store.row(id));
    let entry = Memo::new(move |_| shown.read().iter().find(|entry| entry.chat == id).cloned());
    let age = Memo::new(move |_| entry.get().map_or(0, |entry| entry.age));
    let heat = Memo::new(move |_| if store.now().get().is_some() { Heat::of(age.get(), look.limits()) } else { Heat::Calm });
    let name = {
        let t = t.clone();
        Memo::new(move |_| row.get().map(|row| customer(&t, &row.card)).unwrap_or_default())
    };
    let why = {
        let t = t.clone();
        Memo::new(move |_| match entry.get().map(|entry| entry.why) {
            Some(Why::Gone(agent, _)) => {
                let name = look.agent(agent).map(|agent| agent.name).or_else(|| store.name_of(agent)).unwrap_or_else(|| t.console_agent());
                t.board_agent_gone(name)
            }
            _ => row
                .get()
                .and_then(|row| row.card.chat.agent())
                .and_then(|agent| store.name_of(agent))
                .map_or_else(|| t.board_waits(), |name| t.board_waits_for(name)),
        })
    };
    let language = t.language;
    let queue = Memo::new(move |_| {
        row.get().and_then(|row| store.queue_name(row.card.chat.queue)).map(|name| name.get(language).to_owned()).unwrap_or_default()
    });
    let stated = {
        let t = t.clone();
        move || row.get().map(|row| view! { <span class=state_class(&row)>{state(&t, &row)}</span> })
    };
    let since = move || {
        let age = age.get();
        // Since when is not always known: his agent was never seen here.
        let known = if age == i64::MAX { "–".to_owned() } else { clock(age) };
        store.now().get().is_some().then_some(known)
    };
    let mine = Memo::new(move |_| row.get().and_then(|row| row.card.chat.agent()) == Some(store.me()));
    let does = move |act| Callback::new(move |()| acting.set(Some(Acting { chat: id, act })));
    let (take, assign, put) = (t.board_take(), t.board_assign(), t.board_put());
    let may_take = store.may_chat();
    let whose = move || view! { <span class="visually-hidden">{move || format!(": {}", name.get())}</span> };
    view! {
        <li class="line board-chat">
            <span class=move || heat.get().class()>
                <Icon name="clock" size=12/>
                {since}
            </span>
            <div class="line-main">
                <p>
                    <a href=format!("/console/{id}")>
                        <b>{name}</b>
                    </a>
                    " "
                    {stated}
                </p>
                <p class="muted small">{why} " · " {queue}</p>
            </div>
            <div class="line-acts">
                {move || {
                    let take = take.clone();
                    (may_take && !mine.get()).then(|| view! { <Button on_press=does(Act::Take)>{take} {whose()}</Button> })
                }}
                <Button on_press=does(Act::Assign)>{assign} {whose()}</Button>
                <Button on_press=does(Act::Put)>{put} {whose()}</Button>
            </div>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lasts_too_long_is_amber_and_then_red() {
        let limits = (60_000, 180_000);
        let heats = [0, 59_999, 60_000, 179_999, 180_000, i64::MAX].map(|age| Heat::of(age, limits));
        assert_eq!(heats, [Heat::Calm, Heat::Calm, Heat::Amber, Heat::Amber, Heat::Red, Heat::Red]);
    }
}
