//! Being noticed: sounds, notices of the desktop, the tab's title and icon (A32, A38, K3–K5).
//! Of several consoles in one browser one leads and is heard (K21).

#[cfg_attr(feature = "hydrate", path = "browser.rs")]
#[cfg_attr(not(feature = "hydrate"), path = "nowhere.rs")]
mod host;

pub use host::{ask, permission};

use super::{
    line::Line,
    model::{News, Tab},
    words::customer,
};
use crate::{
    domain::{
        chat::{Author, Event},
        ids::ChatId,
        preferences::Sound,
        presence::Status,
    },
    ui::{
        kit::{Button, Icon, texts},
        live::{
            handle::{Local, Timer, after, keep},
            host as browser,
        },
        preferences::Mine,
    },
};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use std::{cell::RefCell, collections::BTreeSet};

/// Milliseconds between two rings for what waits.
const RINGS_EVERY: u32 = 5_000;
/// Where "not now" is kept in this browser.
const LATER: &str = "damso-notices-later";

/// What the user said to notices of the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    NotAsked,
    Granted,
    Denied,
}

/// Plays `sound` as loud as it is wanted, to try it.
pub fn play(sound: Sound, volume: u8) {
    host::play(sound, volume);
}

/// Watches what the console hears of, and tells the agent wherever he looks.
#[component]
pub fn Notices(line: Line) -> impl IntoView {
    let t = texts();
    let (store, mine) = (line.store, expect_context::<Mine>());
    let leads = RwSignal::new(false);
    let blocked = RwSignal::new(false);
    let calls = Memo::new(move |_| store.calls());
    let for_me = Memo::new(move |_| store.for_me());
    Effect::new(move |_| {
        let name = format!("damso-notice-{}", store.me());
        keep(|| {
            host::lead(&name, move || {
                let _ = leads.try_set(true);
            })
        });
        host::look();
        host::open_sound(move |held_back| {
            let _ = blocked.try_set(held_back);
        });
    });
    Effect::new(move |_| host::badge(for_me.get()));
    // The server writes the head where nothing of this page's owner is left: it must not ask
    // what belongs to him.
    let head = ArcRwSignal::new((for_me.get_untracked(), false));
    let title = head.clone();
    Effect::new(move |_| title.set((for_me.get(), line.flash.get())));

    let navigate = use_navigate();
    let open = Callback::new(move |chat: ChatId| {
        if let Some(tab) = store.row_untracked(chat).and_then(|row| row.tab(store.me())) {
            line.tab.set(tab);
        }
        navigate(&format!("/console/{chat}"), Default::default());
    });
    // One notice for one chat: the newest takes the place of the last.
    let tell = {
        let t = t.clone();
        move |chat: ChatId, sound: Sound, words: String| {
            if !leads.get_untracked() {
                return;
            }
            let notices = mine.get_untracked().notices;
            let title = store.row_untracked(chat).map(|row| customer(&t, &row.card)).unwrap_or_default();
            let plain = match sound {
                Sound::Request => t.notice_request(),
                Sound::Message => t.notice_message(),
                Sound::Note => t.notice_note(),
            };
            let body = if notices.words && !words.is_empty() { words } else { plain };
            spawn_local(async move {
                let looked = host::looked().await;
                if notices.wants(sound) && (notices.looking || !looked) && sound != Sound::Request {
                    host::play(sound, notices.volume);
                }
                if notices.desktop && !looked && permission() == Permission::Granted {
                    host::notify(&title, &body, &chat.to_string(), move || {
                        let _ = open.try_run(chat);
                    });
                }
            });
        }
    };
    // What waits is told once each, and rings until somebody has looked or it is gone.
    let asks = tell.clone();
    Effect::new(move |before: Option<(BTreeSet<ChatId>, bool)>| {
        let (now, leading) = (calls.get(), leads.get());
        let (known, led) = before.unwrap_or_default();
        for chat in now.iter().filter(|chat| !led || !known.contains(chat)) {
            let said = store.row_untracked(*chat).and_then(|row| row.card.last).map(|last| last.event);
            let words = if let Some(Event::Message { author: Author::Customer, text, .. }) = said { text } else { String::new() };
            asks(*chat, Sound::Request, words);
        }
        (now, leading)
    });
    let rings = Memo::new(move |_| leads.get() && !calls.read().is_empty() && mine.get().notices.wants(Sound::Request));
    let bell = Bell::new(RefCell::default);
    Effect::new(move |_| {
        if rings.get() {
            ring(mine, bell);
        } else {
            hang_up(bell);
        }
    });
    line.on_heard(Callback::new(move |news: News| match news {
        News::Said { chat, text, .. } if is_mine(line, chat) => tell(chat, Sound::Message, text),
        News::Noted { chat, text } if is_mine(line, chat) => tell(chat, Sound::Note, text),
        _ => {}
    }));
    let (call, held_back) = (t.notice_title(), t.notice_sound_blocked());
    let sounds = Memo::new(move |_| Sound::ALL.iter().any(|sound| mine.get().notices.wants(*sound)));
    view! {
        <Title formatter=move |title: String| {
            match head.get() {
                (0, _) => format!("{title} · Damso"),
                (n, true) => format!("({n}) {call}"),
                (n, false) => format!("({n}) {title} · Damso"),
            }
        }/>
        <Show when=move || blocked.get() && sounds.get()>
            <button type="button" class="sound-blocked">
                <Icon name="mute"/>
                {held_back.clone()}
            </button>
        </Show>
    }
    .into_any()
}

/// The next ring, never made on the server.
type Bell = Local<RefCell<Option<Timer>>>;

/// Whether its words are for me to answer.
fn is_mine(line: Line, chat: ChatId) -> bool {
    let tab = line.store.row_untracked(chat).and_then(|row| row.tab(line.store.me()));
    matches!(tab, Some(Tab::Active | Tab::Held))
}

/// Rings now and goes on until `bell` is emptied.
fn ring(mine: Mine, bell: Bell) {
    spawn_local(async move {
        let notices = mine.get_untracked().notices;
        if notices.looking || !host::looked().await {
            host::play(Sound::Request, notices.volume);
        }
    });
    if let Some(next) = bell.get() {
        next.replace(Some(after(RINGS_EVERY, move || ring(mine, bell))));
    }
}

fn hang_up(bell: Bell) {
    if let Some(next) = bell.get() {
        next.take();
    }
}

/// Asks once, when it has become clear what for, whether the desktop may show notices (K5).
#[component]
pub fn AskForNotices(line: Line) -> impl IntoView {
    let t = texts();
    let mine = expect_context::<Mine>();
    let open = RwSignal::new(false);
    // Browsers tell it to nobody but the page itself.
    let may_ask = RwSignal::new(false);
    Effect::new(move |_| may_ask.set(permission() == Permission::NotAsked && browser::stored(LATER).is_none()));
    Effect::new(move |_| {
        open.set(may_ask.get() && mine.get().notices.desktop && line.store.status() == Status::Online && line.store.count(Tab::Active) > 0);
    });
    let (yes_label, later_label) = (StoredValue::new(t.notice_ask_yes()), StoredValue::new(t.notice_ask_later()));
    let question = t.notice_ask();
    let yes = Callback::new(move |()| {
        may_ask.set(false);
        spawn_local(ask());
    });
    let later = Callback::new(move |()| {
        may_ask.set(false);
        browser::store(LATER, "1");
    });
    view! {
        <div role="status" class="banner-place">
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            <div class="banner quiet">
                                <Icon name="bell"/>
                                <span>{question.clone()}</span>
                                <Button on_press=yes>{move || yes_label.get_value()}</Button>
                                <Button on_press=later>{move || later_label.get_value()}</Button>
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}
