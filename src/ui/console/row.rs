use super::{
    line::Line,
    model::{Row, Tab},
    words::{customer, since, state, state_class},
};
use crate::{
    domain::{
        chat::{Author, Event, State},
        ids::{AccountId, ChatId},
    },
    i18n::Texts,
    ui::kit::{Icon, texts, time::Time},
};
use leptos::prelude::*;

/// A chat in a list: who, how long, the last word, what is unread.
#[component]
pub fn RowLink(line: Line, id: ChatId, #[prop(into)] chat: Signal<Option<ChatId>>) -> impl IntoView {
    let store = line.store;
    let row = Memo::new(move |_| store.row(id));
    let t = texts();
    let code = move || row.with(|row| row.as_ref().map(|r| r.card.code.clone()).unwrap_or_default());
    let name = {
        let t = t.clone();
        move || row.with(|row| row.as_ref().map(|r| customer(&t, &r.card)))
    };
    let member = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|r| r.card.member.clone())));
    let verified = move || member.get().map(|member| view! { <VerifiedMember member/> });
    let for_me =
        Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|r| r.card.chat.offer.is_some_and(|offer| offer.agent == store.me()))));
    let for_me_word = t.console_for_me();
    let offered = move || for_me.get().then(|| view! { <span class="chip active">{for_me_word.clone()}</span> });
    let as_guest = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|r| r.card.chat.guest(store.me()))));
    let (invited_word, guest_word) = (t.acts_invited(), t.acts_guest());
    let guest = move || {
        as_guest.get().map(|guest| {
            let (class, word) = if guest.joined { ("chip", &guest_word) } else { ("chip active", &invited_word) };
            view! { <span class=class>{word.clone()}</span> }
        })
    };
    let typing = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|r| r.typing_until.is_some())));
    // Put back by hand it has no number.
    let unread = Memo::new(move |_| row.with(|row| row.as_ref().filter(|r| r.is_unread()).map(|r| r.card.unread)));
    let last = {
        let t = t.clone();
        Memo::new(move |_| {
            row.with(|row| row.as_ref().map(|r| last_words(&t, r, store.me(), |agent| store.name_of(agent))).unwrap_or_default())
        })
    };
    let draft = Memo::new(move |_| line.drafts.text((id, false)).or_else(|| line.drafts.text((id, true))));
    let other = Memo::new(move |_| chat.get() != Some(id));
    let draft_word = t.talk_draft();
    let marked =
        move || (draft.read().is_some() && !typing.get()).then(|| view! { <span class="chip draft">{draft_word.clone()}</span> " " });
    let (unread_word, typing_word) = (t.console_unread(), t.console_typing());
    let words = move || match draft.get() {
        _ if typing.get() => typing_word.clone(),
        Some(text) if other.get() => one_line(&text),
        _ => last.get(),
    };
    view! {
        <li class="row-item" class:gone=move || row.with(|r| r.as_ref().is_none_or(|r| r.tab(store.me()).is_none()))>
            <a class="row" href=move || line.filter.with(|filter| filter.address(Some(id))) aria-current=move || (chat.get() == Some(id)).then_some("true")>
                <span class="avatar" aria-hidden="true">{move || code().chars().take(2).collect::<String>()}</span>
                <span class="name-line">
                    <b class="cut">{name}</b>
                    {verified}
                    {offered}
                    {guest}
                </span>
                <Chip line id/>
                <span class="last" class:typing=typing>{marked} {words}</span>
                <span class="unread" hidden=move || unread.get().is_none()>
                    <span class="visually-hidden">{unread_word} " "</span>
                    {move || unread.get().filter(|n| *n > 0)}
                </span>
            </a>
        </li>
    }
    .into_any()
}

/// The shop vouches for this customer (G20).
#[component]
pub fn VerifiedMember(member: String) -> impl IntoView {
    view! {
        <span class="chip verified">
            <span class="cut">{texts().console_verified_member(member)}</span>
        </span>
    }
    .into_any()
}

/// The clock of whoever waits for us; else the state, or the time of the last word.
#[component]
fn Chip(line: Line, id: ChatId) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let shape = Memo::new(move |_| {
        let row = store.row(id)?;
        let mine = row.tab(store.me());
        let waits = row.waiting_since().or_else(|| row.unanswered_since().filter(|_| matches!(row.card.chat.state, State::Active { .. })));
        Some(match (mine, waits) {
            (Some(_), Some(at)) => Shape::Clock { at, held: mine == Some(Tab::Held) },
            (Some(Tab::Active), None) if matches!(row.card.chat.state, State::Active { .. }) => {
                Shape::Last(row.card.last.as_ref().map_or(row.card.chat.intake_at, |l| l.at))
            }
            _ => Shape::State(state(&t, &row), state_class(&row)),
        })
    });
    move || {
        shape.get().map(|shape| match shape {
            Shape::Clock { at, held } => view! {
                <span class=if held { "chip hold" } else { "chip waiting" }>
                    <Icon name="clock" size=12/>
                    <Word/>
                    {move || since(store.now().get(), at)}
                </span>
            }
            .into_any(),
            Shape::Last(at) => view! { <span class="small muted"><Time at/></span> }.into_any(),
            Shape::State(word, class) => view! { <span class=class>{word}</span> }.into_any(),
        })
    }
}

#[derive(Clone, PartialEq)]
enum Shape {
    Clock { at: crate::domain::time::Timestamp, held: bool },
    Last(crate::domain::time::Timestamp),
    State(String, &'static str),
}

/// The word that the clock stands for.
#[component]
fn Word() -> impl IntoView {
    view! { <span class="visually-hidden">{texts().console_state_waiting()} " "</span> }
}

fn last_words(texts: &Texts, row: &Row, me: AccountId, name_of: impl Fn(AccountId) -> Option<String>) -> String {
    match row.card.last.as_ref().map(|l| &l.event) {
        Some(Event::Message { author, text, files, .. }) => {
            let line = if text.is_empty() { texts.talk_said_files(files.len()) } else { one_line(text) };
            match author {
                Author::Customer => line,
                Author::Agent(agent) if *agent == me => texts.console_you_said(line),
                Author::Agent(agent) => texts.acts_said(name_of(*agent).unwrap_or_else(|| texts.console_agent()), line),
            }
        }
        _ => String::new(),
    }
}

fn one_line(text: &str) -> String {
    text.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
