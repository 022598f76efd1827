//! The console's line to the server: the stream in, marks and typing out, and what an
//! agent does with a chat.

use super::{
    model::{News, Outcome, Tab},
    store::Store,
};
use crate::{
    api::{
        ApiError,
        chats::{end_chat, load_thread, send_message, start_chat},
        desk::load_desk,
    },
    domain::{
        chat::{Event, Refused},
        ids::{ChatId, ClientId},
        text,
    },
    i18n::Texts,
    protocol::{AgentFrame, ClientFrame, Marks, Sent},
    ui::{
        kit::Toasts,
        live::{
            backoff::Backoff,
            host,
            outbox::{Entry, Outbox, SendError},
            socket::{Link, Socket},
        },
        problems::error_text,
        session::{left_by, sign_in_again},
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::{HashMap, HashSet};

/// Milliseconds that an announcement stays in the page.
const SAID_STAYS: u32 = 2_000;

/// Milliseconds before a log that came too early is loaded again.
const CATCH_UP: u32 = 500;

/// Handle of everything the console does; Copy. Lives as long as the signed-in pages.
#[derive(Clone, Copy)]
pub struct Line {
    pub store: Store,
    pub outbox: Outbox,
    socket: Socket,
    texts: StoredValue<Texts>,
    toasts: Toasts,
    build: StoredValue<String>,
    /// The server's clock minus the browser's.
    offset: StoredValue<i64>,
    /// Marks that could not be told yet.
    owed: StoredValue<HashSet<ChatId>>,
    loading: RwSignal<HashSet<ChatId>>,
    failed: RwSignal<HashMap<ChatId, ApiError>>,
    /// What was typed and not sent, by chat.
    drafts: RwSignal<HashMap<ChatId, String>>,
    /// The list in front.
    pub tab: RwSignal<Tab>,
    /// The chat in front.
    pub open: RwSignal<Option<ChatId>>,
    /// The chat whose end is in view of somebody.
    pub in_view: RwSignal<Option<ChatId>>,
    /// What screen readers are told.
    pub said: RwSignal<String>,
    /// A new build runs on the server.
    pub outdated: RwSignal<bool>,
    /// The agent is signing out: the end of the session is no surprise.
    pub leaving: RwSignal<bool>,
}

impl Line {
    /// Makes the line; nothing happens before [`Line::connect`].
    #[must_use]
    pub fn new(store: Store, texts: Texts, toasts: Toasts, build: String) -> Self {
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
        let line = Self {
            store,
            outbox,
            socket,
            texts: StoredValue::new(texts),
            toasts,
            build: StoredValue::new(build),
            offset: StoredValue::new(0),
            owed: StoredValue::default(),
            loading: RwSignal::default(),
            failed: RwSignal::default(),
            drafts: RwSignal::default(),
            tab: RwSignal::new(Tab::Waiting),
            open: RwSignal::new(None),
            in_view: RwSignal::new(None),
            said: RwSignal::default(),
            outdated: RwSignal::new(false),
            leaving: RwSignal::new(false),
        };
        myself.set_value(Some(line));
        line
    }

    /// Opens the socket and sends what an earlier page left; in an effect.
    pub fn connect(self) {
        self.outbox.start();
        self.socket.open();
        self.tick();
    }

    /// The state of the socket.
    #[must_use]
    pub fn link(self) -> ReadSignal<Link> {
        self.socket.link()
    }

    /// Each second: the clocks of the lists, and typing that ended without a word.
    pub fn tick(self) {
        let now = host::now();
        self.store.set_now(now.plus(self.offset.try_get_value().unwrap_or_default()));
        drop(self.store.change(|model| model.expire(now)));
    }

    // ---- in ----

    fn hear(self, frame: AgentFrame) {
        match &frame {
            AgentFrame::Status { status } => self.store.set_status(*status),
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
                self.outbox.kick();
                // What could not be loaded while the line was down.
                let failed = self.failed.try_update(std::mem::take).unwrap_or_default();
                let missing = failed.into_keys().filter(|chat| self.store.with_log_untracked(*chat, |_| ()).is_none());
                for chat in self.store.stale().into_iter().chain(missing) {
                    self.load(chat, None);
                }
            }
            AgentFrame::Events { events, .. } => {
                let mine: Vec<ClientId> = events.iter().filter_map(|e| e.client_id).collect();
                let (me, open) = (self.store.me(), self.open.get_untracked());
                let started = events.iter().any(|e| Some(e.chat) == open && matches!(e.event, Event::Started { agent } if agent == me));
                let outcome = self.store.change(|model| model.frame(frame, host::now()));
                if started && !outcome.hello {
                    self.tab.set(Tab::Active);
                }
                self.follow(outcome);
                self.outbox.arrived(&mine);
                return;
            }
            _ => {}
        }
        let outcome = self.store.change(|model| model.frame(frame, host::now()));
        self.follow(outcome);
    }

    /// Does what a change of the model asks for.
    fn follow(self, outcome: Outcome) {
        if outcome.desk {
            self.reload_desk();
        } else if outcome.hello {
            self.socket.rehello();
        }
        for chat in &outcome.reload {
            self.load(*chat, None);
        }
        for chat in &outcome.rows {
            self.mark(*chat);
        }
        let open = self.open.get_untracked();
        for news in outcome.news {
            match news {
                News::Said { chat, text } if Some(chat) == open => self.say(self.texts.with_value(|t| t.console_customer_said(text))),
                News::Taken { chat, by } if Some(chat) == open => {
                    let text = match self.store.name_of(by) {
                        Some(name) => self.texts.with_value(|t| t.console_taken_gone(name)),
                        None => self.texts.with_value(Texts::error_taken),
                    };
                    self.toasts.info(text);
                }
                News::Gave { chat } if Some(chat) == open => self.toasts.info(self.texts.with_value(Texts::console_customer_left)),
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
        let in_view = self.in_view.get_untracked() == Some(chat);
        let mut news = None;
        drop(self.store.change(|model| {
            let (outcome, marks) = model.mark(chat, in_view);
            news = marks;
            outcome
        }));
        if let Some(marks) = news {
            self.tell(chat, marks);
        }
    }

    fn tell(self, chat: ChatId, Marks { delivered, seen }: Marks) {
        if !self.socket.send(&ClientFrame::Marks { chat, delivered, seen }) {
            self.owed.update_value(|owed| {
                owed.insert(chat);
            });
        }
    }

    /// Tells the marks that could not be told before.
    fn pay(self) {
        let owed = self.owed.try_update_value(std::mem::take).unwrap_or_default();
        for chat in owed {
            if let Some(row) = self.store.row_untracked(chat) {
                self.tell(chat, row.mine);
            }
        }
        for chat in Tab::ALL.iter().flat_map(|tab| untrack(|| self.store.list(*tab))).collect::<Vec<_>>() {
            self.mark(chat);
        }
    }

    /// Tells the customer that somebody is typing, or stopped. May be lost.
    pub fn typing(self, chat: ChatId, on: bool) {
        let _ = self.socket.send(&ClientFrame::Typing { chat, on });
    }

    // ---- drafts ----

    /// Where the draft of `chat` is kept in this browser.
    #[must_use]
    pub fn draft_place(self, chat: ChatId) -> String {
        format!("{}-{chat}", self.store.me())
    }

    /// The lists show what is left unsent.
    pub fn note_draft(self, chat: ChatId, text: String) {
        let known = self
            .drafts
            .try_with_untracked(|all| all.get(&chat).is_some_and(|kept| *kept == text) || (text.is_empty() && !all.contains_key(&chat)));
        if known == Some(false) {
            self.drafts.update(|all| {
                if text.is_empty() {
                    all.remove(&chat);
                } else {
                    all.insert(chat, text);
                }
            });
        }
    }

    #[must_use]
    pub fn draft(self, chat: ChatId) -> Option<String> {
        self.drafts.with(|all| all.get(&chat).cloned())
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
                    self.outbox.arrived(&stored);
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

    // ---- what an agent does ----

    /// 상담 시작 (A41).
    pub async fn start(self, chat: ChatId) {
        match start_chat(chat).await {
            Ok(card) => {
                self.tab.set(Tab::Active);
                let outcome = self.store.change(|model| model.take(card));
                self.follow(outcome);
            }
            Err(error) => self.refused(chat, &error),
        }
    }

    /// 대화 종료; whether it was done.
    pub async fn end(self, chat: ChatId) -> bool {
        match end_chat(chat).await {
            Ok(()) => {
                self.toasts.info(self.texts.with_value(Texts::console_ended_gone));
                true
            }
            Err(error) => {
                self.refused(chat, &error);
                error == ApiError::Refused(Refused::Ended)
            }
        }
    }

    /// Takes a reply; from here on it is not lost. False when there is nothing to send.
    pub fn send(self, chat: ChatId, raw: &str) -> bool {
        match text::message(raw) {
            Ok(clean) => {
                self.outbox.push(Some(chat), clean);
                true
            }
            Err(_) => false,
        }
    }

    async fn post(self, entry: Entry) -> Result<Sent, SendError> {
        let Some(chat) = entry.chat else { return Err(SendError::Refused("invalid".to_owned())) };
        let error = match send_message(chat, entry.id, entry.text).await {
            Ok(sent) => return Ok(sent),
            Err(error) => error,
        };
        match error {
            ApiError::Network | ApiError::Unavailable | ApiError::Internal => Err(SendError::Later(None)),
            ApiError::TooMany(seconds) => Err(SendError::Later(Some(seconds))),
            ApiError::Unauthenticated => {
                // What was written stays in the outbox and goes out after the sign-in.
                sign_in_again();
                Err(SendError::Later(None))
            }
            error => {
                self.refused(chat, &error);
                Err(SendError::Refused(error.to_string()))
            }
        }
    }

    /// Tells why something was not done; a chat that another agent has is his from here on.
    fn refused(self, chat: ChatId, error: &ApiError) {
        if left_by(error) {
            return;
        }
        self.toasts.trouble(self.texts.with_value(|t| error_text(t, error, |agent| self.store.name_of(agent))));
        if let ApiError::Refused(Refused::TakenBy { agent }) = error {
            // The toast has said it already.
            let outcome = Outcome { news: Vec::new(), ..self.store.change(|model| model.taken(chat, *agent)) };
            self.follow(outcome);
        }
    }
}
