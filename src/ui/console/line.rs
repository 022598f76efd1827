//! The console's line to the server: the stream in, marks and typing out.

use super::{
    drafts::Drafts,
    keys::Key,
    model::{Filter, News, Outcome, Tab},
    parcels::Parcels,
    status::in_words,
    store::Store,
};
use crate::{
    api::{ApiError, chats::load_thread, desk::load_desk},
    domain::{
        chat::{Event, Rating},
        ids::{AccountId, ChatId, ClientId},
        time::Timestamp,
    },
    i18n::Texts,
    protocol::{AgentFrame, ClientFrame, Desk, MARKS_AT_ONCE, Marks},
    ui::{
        kit::Toasts,
        live::{
            backoff::Backoff,
            host,
            outbox::{Outbox, SendError},
            socket::{Link, Socket},
        },
        session::left_by,
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::{HashMap, HashSet};

/// Milliseconds that an announcement stays in the page.
const SAID_STAYS: u32 = 2_000;

/// Frames of marks at one moment, and in each second afterwards: the server ends a socket that
/// says too much at once.
const MARK_FRAMES: usize = 10;

/// Milliseconds before a log that came too early is loaded again.
const CATCH_UP: u32 = 500;

/// A chat whose end is asked about (G30).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub chat: ChatId,
    /// Asked by the key that goes on with the next chat (K19).
    pub onward: bool,
}

/// Handle of everything the console does; Copy. Lives as long as the signed-in pages.
#[derive(Clone, Copy)]
pub struct Line {
    pub store: Store,
    pub outbox: Outbox,
    /// Words among colleagues on their way.
    pub notes: Outbox,
    pub parcels: Parcels,
    pub drafts: Drafts,
    socket: Socket,
    pub(super) texts: StoredValue<Texts>,
    pub(super) toasts: Toasts,
    build: StoredValue<String>,
    /// The server's clock minus the browser's.
    offset: StoredValue<i64>,
    /// Marks that could not be told yet.
    owed: StoredValue<HashSet<ChatId>>,
    loading: RwSignal<HashSet<ChatId>>,
    failed: RwSignal<HashMap<ChatId, ApiError>>,
    /// The last event of each chat that was in view here.
    pub(super) viewed: StoredValue<HashMap<ChatId, u64>>,
    /// What was in view when these replies were sent (E1).
    pub(super) asks: StoredValue<HashMap<ClientId, u64>>,
    /// Whose words these replies were held up for.
    pub(super) unseen_by: StoredValue<HashMap<ClientId, AccountId>>,
    /// Counts the wishes to see the end of the chat in front.
    pub newest: RwSignal<u32>,
    /// The list in front.
    pub tab: RwSignal<Tab>,
    /// The chat in front.
    pub open: RwSignal<Option<ChatId>>,
    /// Counts what has changed about who is there, for the board (E6).
    pub staff: RwSignal<u32>,
    /// The chat that shall be ended, once the dialog has been answered.
    pub ending: RwSignal<Option<Asked>>,
    /// The chat whose end is in view of somebody.
    pub in_view: RwSignal<Option<ChatId>>,
    /// Of which chat something stands beside it that is another now, and how often that was.
    news: RwSignal<(Option<ChatId>, u64)>,
    /// What screen readers are told.
    pub said: RwSignal<String>,
    /// A new build runs on the server.
    pub outdated: RwSignal<bool>,
    /// What of the lists is shown.
    pub filter: RwSignal<Filter>,
    /// What is being looked for, while the address does not say it yet.
    typed: StoredValue<Option<String>>,
    /// A key that is the open chat's to answer.
    pub pressed: RwSignal<Option<Key>>,
    /// The tab's title calls, every other second.
    pub flash: RwSignal<bool>,
    heard: StoredValue<Option<Callback<News>>>,
    /// The agent is signing out: the end of the session is no surprise.
    pub leaving: RwSignal<bool>,
}

impl Line {
    /// Makes the line; nothing happens before [`Line::connect`].
    #[must_use]
    pub fn new(desk: &Desk, texts: Texts, toasts: Toasts, build: String) -> Self {
        let store = Store::new(desk);
        let myself = StoredValue::new(None::<Self>);
        let me = move || myself.try_get_value().flatten();
        let socket = Socket::new(
            move || store.hello(),
            move |frame: AgentFrame| {
                if let Some(line) = me() {
                    line.hear(frame);
                }
            },
        );
        let outbox = Outbox::new(&format!("agent-{}", store.me()), move |entry| async move {
            match me() {
                Some(line) => line.post(entry).await,
                None => Err(SendError::Later(None)),
            }
        });
        let notes = Outbox::new(&format!("agent-notes-{}", store.me()), move |entry| async move {
            match me() {
                Some(line) => line.post_note(entry).await,
                None => Err(SendError::Later(None)),
            }
        });
        let line = Self {
            store,
            outbox,
            notes,
            parcels: Parcels::new(),
            drafts: Drafts::new(store.me(), &desk.drafts),
            socket,
            texts: StoredValue::new(texts),
            toasts,
            build: StoredValue::new(build),
            offset: StoredValue::new(0),
            owed: StoredValue::default(),
            loading: RwSignal::default(),
            failed: RwSignal::default(),
            viewed: StoredValue::default(),
            asks: StoredValue::default(),
            unseen_by: StoredValue::default(),
            newest: RwSignal::new(0),
            tab: RwSignal::new(Tab::Waiting),
            open: RwSignal::new(None),
            staff: RwSignal::new(0),
            ending: RwSignal::new(None),
            in_view: RwSignal::new(None),
            news: RwSignal::new((None, 0)),
            said: RwSignal::default(),
            outdated: RwSignal::new(false),
            filter: RwSignal::new(Filter::default()),
            typed: StoredValue::new(None),
            pressed: RwSignal::new(None),
            flash: RwSignal::new(false),
            heard: StoredValue::new(None),
            leaving: RwSignal::new(false),
        };
        myself.set_value(Some(line));
        line
    }

    /// Opens the socket and sends what an earlier page left; in an effect.
    pub fn connect(self) {
        self.outbox.start();
        self.notes.start();
        self.drafts.start();
        self.socket.open();
        self.tick();
    }

    /// The state of the socket.
    #[must_use]
    pub fn link(self) -> ReadSignal<Link> {
        self.socket.link()
    }

    /// Each second: the clocks of the lists, typing that ended without a word, marks that are
    /// owed.
    pub fn tick(self) {
        let now = host::now();
        self.store.set_now(self.server_now());
        drop(self.store.change(|model| model.expire(now)));
        let calls = !host::visible() && !untrack(|| self.store.calls()).is_empty();
        let flash = calls && self.flash.try_get_untracked() == Some(false);
        if self.flash.try_get_untracked() != Some(flash) {
            let _ = self.flash.try_set(flash);
        }
        if self.link().try_get_untracked() == Some(Link::Up) && self.owed.try_with_value(HashSet::is_empty) == Some(false) {
            self.pay();
        }
    }

    /// Calls `hear` with everything an agent may want to hear of.
    pub fn on_heard(self, hear: Callback<News>) {
        self.heard.set_value(Some(hear));
    }

    // ---- in ----

    fn hear(self, frame: AgentFrame) {
        match &frame {
            AgentFrame::Staff => {
                let _ = self.staff.try_update(|changes| *changes += 1);
            }
            AgentFrame::Status { status, rested, by } => {
                self.store.set_status(*status);
                self.store.status_set_by(*by);
                if let Some(by) = by {
                    let name = self.store.name_of(*by).unwrap_or_else(|| self.texts.with_value(Texts::console_agent));
                    self.toasts.info(self.texts.with_value(|t| t.board_your_status(name, in_words(t, *status))));
                }
                if *rested {
                    self.store.rest();
                }
            }
            AgentFrame::Welcome { build, now, status, about } => {
                self.store.set_status(*status);
                self.offset.set_value(now.0 - host::now().0);
                self.outdated.set(self.build.with_value(|mine| mine != build));
                // What was changed while nobody listened.
                if !self.store.is_about(about) {
                    self.reload_desk();
                }
                self.tick();
                self.pay();
                self.mark_all(Tab::ALL.iter().flat_map(|tab| untrack(|| self.store.list(*tab))).collect::<Vec<_>>());
                self.outbox.kick();
                self.notes.kick();
                self.drafts.reload();
                // What could not be loaded while the line was down.
                let failed = self.failed.try_update(std::mem::take).unwrap_or_default();
                let missing = failed.into_keys().filter(|chat| self.store.with_log_untracked(*chat, |_| ()).is_none());
                for chat in self.store.stale().into_iter().chain(missing) {
                    self.load(chat, None);
                }
            }
            AgentFrame::Panel { chat, .. } => self.news.update(|(of, times)| {
                *of = Some(*chat);
                *times += 1;
            }),
            AgentFrame::Events { events, .. } => {
                let mine: Vec<ClientId> = events.iter().filter_map(|e| e.client_id).collect();
                let ended: Vec<ChatId> = events.iter().filter(|e| matches!(e.event, Event::Ended { .. })).map(|e| e.chat).collect();
                let (me, open) = (self.store.me(), self.open.get_untracked());
                let started = events.iter().any(|e| {
                    Some(e.chat) == open
                        && matches!(e.event, Event::Started { agent } | Event::Resumed { agent } | Event::Joined { agent } if agent == me)
                });
                let outcome = self.store.change(|model| model.frame(frame, host::now()));
                if started && !outcome.hello {
                    self.tab.set(Tab::Active);
                }
                self.follow(outcome);
                self.arrived(&mine);
                for chat in ended {
                    self.drafts.end(chat);
                }
                return;
            }
            AgentFrame::Drafts { page } => self.drafts.heard(*page),
            _ => {}
        }
        let outcome = self.store.change(|model| model.frame(frame, host::now()));
        self.follow(outcome);
    }

    /// Names what stands beside `chat`: another number than `before`, another panel.
    #[must_use]
    pub fn beside(self, chat: ChatId, before: u64) -> u64 {
        self.news.with(|(of, times)| if *of == Some(chat) { *times } else { before })
    }

    /// Does what a change of the model asks for.
    pub(super) fn follow(self, outcome: Outcome) {
        if outcome.desk {
            self.reload_desk();
        } else if outcome.hello {
            self.socket.rehello();
        }
        for chat in &outcome.reload {
            self.load(*chat, None);
        }
        self.mark_all(outcome.rows.iter().copied());
        let open = self.open.get_untracked();
        let heard = self.heard.try_get_value().flatten();
        for news in outcome.news {
            if let Some(heard) = heard {
                let _ = heard.try_run(news.clone());
            }
            match news {
                News::Said { chat, text, files } if Some(chat) == open => {
                    let words = self.texts.with_value(|t| if text.is_empty() { t.talk_said_files(files) } else { text });
                    self.say(self.texts.with_value(|t| t.console_customer_said(words)));
                }
                News::Taken { chat, by } if Some(chat) == open => {
                    let text = match self.store.name_of(by) {
                        Some(name) => self.texts.with_value(|t| t.console_taken_gone(name)),
                        None => self.texts.with_value(Texts::error_taken),
                    };
                    self.toasts.info(text);
                }
                News::Given { chat, by } if Some(chat) != open => {
                    let name = by.and_then(|by| self.store.name_of(by));
                    self.say(self.texts.with_value(|t| name.map_or_else(|| t.console_offered_you(), |name| t.console_delegated_you(name))));
                }
                News::Invited { chat, by } => {
                    let name = self.store.name_of(by).unwrap_or_else(|| self.texts.with_value(Texts::console_agent));
                    let words = self.texts.with_value(|t| t.acts_invited_you(name));
                    // Who has it open reads it there.
                    if Some(chat) == open { self.say(words) } else { self.toasts.info(words) }
                }
                News::Gave { chat } if Some(chat) == open => self.toasts.info(self.texts.with_value(Texts::console_customer_left)),
                News::Rated { chat, rating } => {
                    let code = self.store.row_untracked(chat).map(|row| row.card.code).unwrap_or_default();
                    self.toasts.info(self.texts.with_value(|t| {
                        let customer = t.console_customer(code);
                        match rating {
                            Rating::Good => t.rating_news_good(customer),
                            Rating::Bad => t.rating_news_bad(customer),
                        }
                    }));
                }
                News::Ended { chat } if Some(chat) == open => self.toasts.info(self.texts.with_value(Texts::console_ended_gone)),
                _ => {}
            }
        }
    }

    /// Has screen readers say something, and leaves nothing lying about to be found later.
    fn say(self, text: String) {
        self.said.set(text.clone());
        host::spawn(async move {
            host::sleep(SAID_STAYS).await;
            if self.said.try_with_untracked(|said| *said == text) == Some(true) {
                self.said.set(String::new());
            }
        });
    }

    fn reload_desk(self) {
        spawn_local(async move {
            let mut backoff = Backoff::default();
            loop {
                match load_desk().await {
                    Ok(desk) => {
                        self.drafts.take(desk.drafts.clone());
                        let outcome = self.store.replace(&desk);
                        self.follow(outcome);
                        return self.socket.rehello();
                    }
                    Err(error) if left_by(&error) => return,
                    Err(_) => host::sleep(backoff.next(host::chance())).await,
                }
            }
        });
    }

    // ---- marks and typing ----

    /// Tells how far this page has come with `chat`.
    pub fn mark(self, chat: ChatId) {
        self.mark_all([chat]);
    }

    fn mark_all(self, chats: impl IntoIterator<Item = ChatId>) {
        let news: Vec<_> = chats.into_iter().filter_map(|chat| Some((chat, self.reached(chat)?))).collect();
        self.tell(&news);
    }

    /// The marks of `chat`, if they are news.
    fn reached(self, chat: ChatId) -> Option<Marks> {
        let in_view = self.in_view.get_untracked() == Some(chat);
        if in_view {
            self.note_viewed(chat);
        }
        let mut news = None;
        drop(self.store.change(|model| {
            let (outcome, marks) = model.mark(chat, in_view);
            news = marks;
            outcome
        }));
        news
    }

    /// Tells marks; what is too much for one moment, or for a line that is down, is owed.
    fn tell(self, news: &[(ChatId, Marks)]) {
        for (n, marks) in news.chunks(MARKS_AT_ONCE).enumerate() {
            let sent = n < MARK_FRAMES
                && self.socket.send(&match marks {
                    [(chat, Marks { delivered, seen })] => ClientFrame::Marks { chat: *chat, delivered: *delivered, seen: *seen },
                    marks => ClientFrame::ManyMarks { marks: marks.to_vec() },
                });
            if !sent {
                self.owed.update_value(|owed| owed.extend(marks.iter().map(|(chat, _)| *chat)));
            }
        }
    }

    /// Tells the marks that could not be told before.
    fn pay(self) {
        let owed = self.owed.try_update_value(std::mem::take).unwrap_or_default();
        let marks: Vec<_> = owed.into_iter().filter_map(|chat| Some((chat, self.store.row_untracked(chat)?.mine))).collect();
        self.tell(&marks);
    }

    /// The time as the server reckons it.
    #[must_use]
    pub fn server_now(self) -> Timestamp {
        host::now().plus(self.offset.try_get_value().unwrap_or_default())
    }

    /// Tells the customer that somebody is typing, or stopped. May be lost.
    pub fn typing(self, chat: ChatId, on: bool) {
        let _ = self.socket.send(&ClientFrame::Typing { chat, on });
    }

    /// Asks to be told whether the customer of `chat` is there (G33), now and while the line
    /// is up; of one chat at a time.
    pub fn watch(self, chat: ChatId) {
        let _ = self.socket.send(&ClientFrame::Watch { chat });
    }

    /// Where what is typed beside `chat` is kept in this browser.
    #[must_use]
    pub fn draft_place(self, chat: ChatId) -> String {
        format!("{}-{chat}", self.store.me())
    }

    // ---- threads ----

    /// Loads a chat's newest events, or those before `before`.
    pub fn load(self, chat: ChatId, before: Option<u64>) {
        if self.loading.try_update(|all| all.insert(chat)) != Some(true) {
            return;
        }
        let _ = self.failed.try_update(|all| all.remove(&chat));
        spawn_local(async move {
            let answer = load_thread(chat, before).await;
            let _ = self.loading.try_update(|all| all.remove(&chat));
            match answer {
                Ok(thread) => {
                    let stored: Vec<ClientId> = thread.events.iter().filter_map(|e| e.client_id).collect();
                    self.arrived(&stored);
                    let outcome = self.store.change(|model| model.thread(thread));
                    self.follow(outcome);
                    // What happened while the answer was on its way.
                    if self.store.stale().contains(&chat) {
                        host::sleep(CATCH_UP).await;
                        if self.store.stale().contains(&chat) {
                            self.load(chat, None);
                        }
                    }
                }
                Err(error) if left_by(&error) => {}
                Err(error) => drop(self.failed.try_update(|all| all.insert(chat, error))),
            }
        });
    }

    #[must_use]
    pub fn is_loading(self, chat: ChatId) -> bool {
        self.loading.with(|all| all.contains(&chat))
    }

    /// Why the last attempt to load `chat` did not work.
    #[must_use]
    pub fn load_error(self, chat: ChatId) -> Option<ApiError> {
        self.failed.with(|all| all.get(&chat).cloned())
    }

    /// The address of the lists as they are shown, with no chat open.
    #[must_use]
    pub fn lists_address(self) -> String {
        self.filter.with_untracked(|filter| filter.address(None))
    }

    /// Looks for chats while somebody types; the address is to follow.
    pub fn look_for(self, words: String) {
        self.typed.set_value(Some(words.clone()));
        self.filter.update(|filter| filter.words = words);
    }

    /// Shows what the address says. It comes a little after each letter, and must not take
    /// back those that were typed since.
    pub fn follow_address(self, filter: Filter) {
        match self.typed.get_value() {
            Some(words) if words != filter.words => self.filter.update(|now| now.show = filter.show),
            _ => {
                self.typed.set_value(None);
                self.filter.set(filter);
            }
        }
    }
}
