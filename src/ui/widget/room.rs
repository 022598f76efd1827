//! The customer's chat as this page knows it: what the socket says, what leaves by the
//! outbox, and what the host page is told.

use super::{
    port::{FromHost, ToHost, tell},
    rows::{Key, Row, rows},
};
use crate::{
    domain::{
        chat::{PublicEvent, PublicState},
        ids::{ChatId, ClientId},
        service::Language,
        text::{self, MESSAGE_MAX, TextProblem},
        time::{SECOND, Timestamp},
    },
    i18n::Texts,
    protocol::{
        ClientFrame, EarlierEvents, Goodbye, Hello, Marks, Page, PublicLogged, Register, Registered, Resume, Sent, VERSION, VisitorChat, VisitorEarlier,
        VisitorEnd, VisitorFrame, VisitorSend, WidgetPage,
    },
    ui::live::{
        draft,
        handle::{Local, Timer, after, keep},
        host,
        http::{self, Auth, Failure},
        outbox::{Entry, Outbox, SendError},
        socket::{Link, Socket},
        stream::{Step, step},
    },
};
use leptos::prelude::*;
use std::{cell::RefCell, collections::HashMap};

/// A row and the signal that redraws it.
pub type Cell = (Key, ArcRwSignal<Row>);

/// Handle of everything; Copy.
#[derive(Clone, Copy)]
pub struct Room {
    /// The page's own facts, the chat taken out.
    page: StoredValue<Facts>,
    /// The texts of this page's language.
    pub texts: StoredValue<Texts>,

    pub chat: RwSignal<Option<ChatId>>,
    /// Counts the chats shown, so that rows of two chats are never taken for one.
    turn: StoredValue<u32>,
    pub state: RwSignal<Option<PublicState>>,
    events: RwSignal<Vec<PublicLogged>>,
    pub earlier: RwSignal<bool>,
    cursor: StoredValue<u64>,
    /// How far the desk and the customer have come.
    desk: RwSignal<Marks>,
    mine: RwSignal<Marks>,
    /// Marks as the server was told on this connection.
    told: StoredValue<Marks>,
    pub typing: RwSignal<bool>,
    typing_ends: Local<RefCell<Option<Timer>>>,

    /// Who the visitor is. None: nobody yet, or a cookie says it.
    token: RwSignal<Option<String>>,
    /// The host page has said hello; a page by itself needs none.
    pub introduced: RwSignal<bool>,
    /// The server has said whether there is a chat.
    synced: RwSignal<bool>,
    host_page: StoredValue<Page>,

    /// The panel is open.
    pub open: RwSignal<bool>,
    visible: RwSignal<bool>,
    /// The end of the list is in view.
    pub at_end: RwSignal<bool>,
    /// Set to bring the focus into the field.
    pub focus: RwSignal<u32>,

    /// What the field holds.
    pub value: RwSignal<String>,
    /// Something that did not work, in words.
    pub trouble: RwSignal<Option<String>>,
    /// Said to screen readers when a message comes in.
    pub said: RwSignal<String>,
    /// The page is of another build than the server.
    pub outdated: RwSignal<bool>,
    pub list: RwSignal<Vec<Cell>>,

    typed_at: StoredValue<Timestamp>,
    typing_stops: Local<RefCell<Option<Timer>>>,
    pub socket: Socket,
    pub outbox: Outbox,
}

#[derive(Clone)]
struct Facts {
    widget: String,
    language: Language,
    build: String,
    alone: bool,
}

impl Facts {
    /// Names this visitor's things in storage.
    fn scope(&self) -> String {
        format!("{}:{}", if self.alone { "alone" } else { "widget" }, self.widget)
    }

    fn token_key(&self) -> String {
        format!("damso-token:{}", self.widget)
    }
}

impl Room {
    /// The room as the page was drawn; nothing runs before [`Room::start`].
    pub fn new(page: WidgetPage, texts: Texts) -> Self {
        let facts = Facts { widget: page.widget, language: page.language, build: page.build, alone: page.alone };
        let me = StoredValue::new(None::<Self>);
        let socket = Socket::new::<VisitorFrame>(move || Some(me.get_value()?.hello()), move |frame| {
            if let Some(room) = me.get_value() {
                room.hear(frame);
            }
        });
        let outbox = Outbox::new(&facts.scope(), move |entry| async move {
            match me.try_get_value().flatten() {
                Some(room) => room.post(entry).await,
                None => Err(SendError::Later(None)),
            }
        });
        let room = Self {
            page: StoredValue::new(facts.clone()),
            texts: StoredValue::new(texts),
            chat: RwSignal::new(None),
            turn: StoredValue::new(0),
            state: RwSignal::new(None),
            events: RwSignal::new(Vec::new()),
            earlier: RwSignal::new(false),
            cursor: StoredValue::new(0),
            desk: RwSignal::new(Marks::default()),
            mine: RwSignal::new(Marks::default()),
            told: StoredValue::new(Marks::default()),
            typing: RwSignal::new(false),
            typing_ends: Local::new(RefCell::default),
            token: RwSignal::new(None),
            introduced: RwSignal::new(facts.alone),
            synced: RwSignal::new(facts.alone),
            host_page: StoredValue::new(Page::default()),
            open: RwSignal::new(facts.alone),
            visible: RwSignal::new(true),
            at_end: RwSignal::new(true),
            focus: RwSignal::new(0),
            value: RwSignal::new(String::new()),
            trouble: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            outdated: RwSignal::new(false),
            list: RwSignal::new(Vec::new()),
            typed_at: StoredValue::new(Timestamp(0)),
            typing_stops: Local::new(RefCell::default),
            socket,
            outbox,
        };
        me.set_value(Some(room));
        room.show(page.chat.map(Box::new));
        // The server's drawing: the log without days, for its zone is the reader's.
        room.list.set(untrack(|| room.cells(|_| None)));
        room
    }

    /// Wakes the room up; in an `Effect` that runs once, thus in browsers only.
    pub fn start(self) {
        let pending = host::host_listen(move |json| {
            if let Ok(message) = serde_json::from_str(json) {
                self.hear_host(message);
            }
        });
        if pending.is_none() && !self.introduced.get_untracked() {
            // The frame's address opened by hand: nobody will say hello.
            self.open.set(true);
            self.introduced.set(true);
        }
        for entry in pending.into_iter().flatten() {
            self.outbox.adopt(&entry);
        }
        self.outbox.start();
        keep(|| host::on_document("visibilitychange", move |_| self.visible.set(host::visible())));
        self.visible.set(host::visible());

        let scope = self.page.with_value(Facts::scope);
        // What stands in the field already was typed a moment ago.
        if self.value.with_untracked(String::is_empty) {
            self.value.set(draft::load(&scope));
        }
        Effect::new(move |_| self.value.with(|text| draft::save(&scope, text)));

        // The list follows the log and the outbox.
        Effect::new(move |_| {
            let cells = self.cells(|at| Some(host::local_day(at)));
            let same = self.list.with_untracked(|old| old.len() == cells.len() && old.iter().zip(&cells).all(|(a, b)| a.0 == b.0));
            if !same {
                self.list.set(cells);
            }
        });
        // A connection while somebody looks or a chat goes on, and until we know.
        let wanted = Memo::new(move |_| {
            let alone = self.page.with_value(|page| page.alone);
            let known = self.token.with(Option::is_some) || alone && self.chat.get().is_some();
            known && (self.open.get() || self.live() || !self.synced.get())
        });
        Effect::new(move |_| if wanted.get() { self.socket.open() } else { self.socket.close() });
        Effect::new(move |_| match self.socket.link().get() {
            Link::Up => self.outbox.kick(),
            Link::Closed(Goodbye::SignedOut) => self.forget(),
            Link::Closed(Goodbye::Version) => self.outdated.set(true),
            _ => {}
        });
        Effect::new(move |_| {
            if self.introduced.get() {
                self.outbox.kick();
            }
        });
        Effect::new(move |_| self.mark());

        let unread = Memo::new(move |_| {
            let seen = self.mine.get().seen;
            self.events.with(|events| u32::try_from(events.iter().filter(|e| e.seq > seen && is_theirs(e)).count()).unwrap_or(u32::MAX))
        });
        Effect::new(move |_| tell(&ToHost::Unread { n: unread.get() }));
        let live = Memo::new(move |_| self.synced.get().then(|| self.live()));
        Effect::new(move |_| {
            if let Some(live) = live.get() {
                tell(&ToHost::Live { live });
            }
        });
    }

    /// Whether a chat goes on.
    fn live(&self) -> bool {
        self.state.get().is_some_and(|state| state != PublicState::Ended)
    }

    fn is_live(&self) -> bool {
        untrack(|| self.live())
    }

    fn cells(&self, day: impl Fn(Timestamp) -> Option<i64>) -> Vec<Cell> {
        let (desk, stuck) = (self.desk.get(), self.outbox.stuck().get());
        let rows = self.events.with(|log| self.outbox.entries().with(|entries| rows(self.turn.get_value(), log, entries, stuck, desk, day)));
        let mut old: HashMap<_, _> = self.list.get_untracked().into_iter().collect();
        rows.into_iter()
            .map(|row| match old.remove(&row.key) {
                Some(cell) => {
                    if cell.with_untracked(|shown| *shown != row) {
                        cell.set(row.clone());
                    }
                    (row.key, cell)
                }
                None => (row.key, ArcRwSignal::new(row)),
            })
            .collect()
    }

    // ---- the socket ----

    fn hello(&self) -> Hello {
        Hello::Visitor {
            version: VERSION,
            widget: self.page.with_value(|page| page.widget.clone()),
            token: self.token.get_untracked(),
            resume: self.chat.get_untracked().map(|chat| Resume { chat, seq: self.cursor.get_value() }),
        }
    }

    fn hear(&self, frame: VisitorFrame) {
        match frame {
            VisitorFrame::Welcome { build, .. } => {
                self.outdated.set(self.page.with_value(|page| page.build != build));
                // The last connection may have lost them.
                self.told.set_value(Marks::default());
                self.tell_page();
            }
            VisitorFrame::Reset { chat } => {
                let before = self.chat.get_untracked();
                self.show(chat);
                self.synced.set(true);
                if before != self.chat.get_untracked() {
                    self.told.set_value(Marks::default());
                    self.tell_page();
                }
            }
            VisitorFrame::Events { prev, seq, events } => match step(self.cursor.get_value(), prev, seq) {
                Step::Apply if self.chat.get_untracked().is_some() => self.apply(seq, events),
                Step::Known => {}
                _ => self.socket.rehello(),
            },
            VisitorFrame::Typing { on } => self.desk_types(on),
            VisitorFrame::DeskMarks { marks } => self.desk.set(self.desk.get_untracked().max(marks)),
            VisitorFrame::MyMarks { marks } => self.mine.set(self.mine.get_untracked().max(marks)),
            VisitorFrame::Bye { .. } => {}
        }
    }

    /// Shows a chat as it stands, in place of whatever was shown.
    fn show(&self, chat: Option<Box<VisitorChat>>) {
        let before = self.chat.get_untracked();
        let Some(chat) = chat else {
            self.chat.set(None);
            self.state.set(None);
            self.events.set(Vec::new());
            self.earlier.set(false);
            self.cursor.set_value(0);
            self.desk.set(Marks::default());
            self.mine.set(Marks::default());
            self.typing.set(false);
            return;
        };
        let same = before == Some(chat.id);
        let or_new = |marks: Marks, old: Marks| if same { marks.max(old) } else { marks };
        self.desk.set(or_new(chat.desk, self.desk.get_untracked()));
        self.mine.set(or_new(chat.mine, self.mine.get_untracked()));
        self.cursor.set_value(chat.seq);
        self.earlier.set(chat.earlier);
        self.settle(&chat.events);
        self.events.set(chat.events);
        self.state.set(Some(chat.state));
        self.typing.set(false);
        if !same {
            self.turn.update_value(|turn| *turn += 1);
            self.chat.set(Some(chat.id));
        }
    }

    fn apply(&self, seq: u64, new: Vec<PublicLogged>) {
        self.cursor.set_value(seq);
        self.settle(&new);
        let mut state = self.state.get_untracked();
        for logged in &new {
            state = state.map(|state| state.after(&logged.event));
            if let PublicEvent::Message { mine: false, text } = &logged.event {
                self.desk_types(false);
                if self.open.get_untracked() {
                    self.said.set(self.texts.with_value(|t| t.widget_agent_said(text)));
                }
            }
        }
        if state != self.state.get_untracked() {
            self.state.set(state);
        }
        self.synced.set(true);
        self.events.update(|events| events.extend(new));
    }

    /// What the log shows has left the outbox for good.
    fn settle(&self, events: &[PublicLogged]) {
        let ids: Vec<ClientId> = events.iter().filter_map(|logged| logged.client_id).collect();
        if !ids.is_empty() {
            self.outbox.arrived(&ids);
        }
    }

    fn desk_types(&self, on: bool) {
        if self.typing.get_untracked() != on {
            self.typing.set(on);
        }
        if let Some(ends) = self.typing_ends.get() {
            let typing = self.typing;
            // The other side repeats it every 3 s; its end may be lost.
            *ends.borrow_mut() = on.then(|| after(7_000, move || typing.set(false)));
        }
    }

    /// Tells the server what has arrived here and what was looked at.
    fn mark(&self) {
        let up = self.socket.link().get() == Link::Up;
        let last = self.events.with(|events| events.iter().rev().find(|e| is_theirs(e)).map_or(0, |e| e.seq));
        let looking = self.open.get() && self.visible.get() && self.at_end.get();
        let old = self.mine.get_untracked();
        let marks = old.max(Marks { delivered: last, seen: if looking { last } else { 0 } });
        if marks != old {
            self.mine.set(marks);
        }
        let Some(chat) = self.chat.get() else { return };
        if up
            && last > 0
            && marks != self.told.get_value()
            && self.socket.send(&ClientFrame::Marks { chat, delivered: marks.delivered, seen: marks.seen })
        {
            self.told.set_value(marks);
        }
    }

    /// The customer typed something.
    pub fn typed(&self) {
        self.trouble.set(None);
        let Some(chat) = self.chat.get_untracked().filter(|_| self.is_live()) else { return };
        let empty = self.value.with_untracked(|text| text.trim().is_empty());
        let now = host::now();
        if !empty && now.since(self.typed_at.get_value()) >= 3 * SECOND && self.socket.send(&ClientFrame::Typing { chat, on: true }) {
            self.typed_at.set_value(now);
        }
        if let Some(stops) = self.typing_stops.get() {
            let me = *self;
            *stops.borrow_mut() = Some(after(if empty { 0 } else { 5_000 }, move || me.stop_typing()));
        }
    }

    fn stop_typing(&self) {
        if self.typed_at.get_value() == Timestamp(0) {
            return;
        }
        self.typed_at.set_value(Timestamp(0));
        if let Some(chat) = self.chat.get_untracked() {
            self.socket.send(&ClientFrame::Typing { chat, on: false });
        }
    }

    // ---- what the customer does ----

    /// Takes a message; `false` leaves the text in the field.
    pub fn send(&self, raw: &str) -> bool {
        match text::message(raw) {
            Ok(text) => {
                self.trouble.set(None);
                self.outbox.push(None, text);
                self.stop_typing();
                true
            }
            Err(TextProblem::Empty) => false,
            Err(TextProblem::TooLong) => {
                self.trouble.set(Some(self.texts.with_value(|t| t.widget_too_long(MESSAGE_MAX))));
                false
            }
        }
    }

    /// 대화 종료, after the question.
    pub fn end(self) {
        let Some(chat) = self.chat.get_untracked() else { return };
        let next = self.cursor.get_value() + 1;
        host::spawn(async move {
            let request = VisitorEnd { widget: self.page.with_value(|page| page.widget.clone()), chat };
            match self.ask("/api/visitor/end", &request).await {
                Ok(()) => self.expect(chat, next),
                // Somebody else was faster.
                Err(Failure::Status { status: 400..=499, .. }) => self.socket.rehello(),
                Err(_) => self.trouble.set(Some(self.texts.with_value(Texts::error_network))),
            }
        });
    }

    /// Loads older messages; `before_showing` runs when they are there.
    pub fn load_earlier(self, before_showing: impl FnOnce() + 'static) {
        let (Some(chat), Some(before)) = (self.chat.get_untracked(), self.events.with_untracked(|e| e.first().map(|e| e.seq))) else { return };
        host::spawn(async move {
            let request = VisitorEarlier { widget: self.page.with_value(|page| page.widget.clone()), chat, before };
            match self.ask::<_, EarlierEvents>("/api/visitor/earlier", &request).await {
                Ok(found) => {
                    let still = self.chat.get_untracked() == Some(chat) && self.events.with_untracked(|e| e.first().is_some_and(|e| e.seq == before));
                    if still {
                        before_showing();
                        self.earlier.set(found.earlier);
                        self.events.update(|events| drop(events.splice(0..0, found.events)));
                    }
                }
                Err(_) => self.trouble.set(Some(self.texts.with_value(Texts::error_network))),
            }
        });
    }

    async fn ask<Q: serde::Serialize, A: serde::de::DeserializeOwned>(&self, path: &str, request: &Q) -> Result<A, Failure> {
        let token = self.token.get_untracked();
        http::post(path, token.as_deref().map_or(Auth::Cookie, Auth::Token), request).await
    }

    /// One attempt of the outbox.
    async fn post(self, entry: Entry) -> Result<Sent, SendError> {
        if !self.introduced.get_untracked() {
            return Err(SendError::Later(None));
        }
        let page = self.page.get_value();
        for last in [false, true] {
            // A page by itself may be known by a cookie that scripts cannot see.
            if self.token.with_untracked(Option::is_none) && (!page.alone || last) {
                self.register(&page).await?;
            }
            let request = VisitorSend {
                widget: page.widget.clone(),
                client_id: entry.id,
                text: entry.text.clone(),
                language: page.language,
                page: self.host_page.get_value(),
            };
            match self.ask::<_, Sent>("/api/visitor/send", &request).await {
                Ok(sent) => {
                    self.expect(sent.chat, sent.seq);
                    return Ok(sent);
                }
                // The server does not know this visitor (any more).
                Err(Failure::Status { status: 401, .. }) if !last => self.forget(),
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(SendError::Later(None))
    }

    /// The server has more than the socket told: it must come soon, else the line is dead.
    fn expect(self, chat: ChatId, seq: u64) {
        if self.chat.get_untracked().is_none() {
            // A page by itself opens its first socket when there is a chat.
            self.synced.set(false);
            self.socket.open();
        }
        keep_until(3_000, move || {
            let behind = self.chat.try_get_untracked().is_some_and(|now| now != Some(chat)) || self.cursor.get_value() < seq;
            if behind && self.socket.link().get_untracked() == Link::Up {
                self.socket.rehello();
            }
        });
    }

    // ---- who the visitor is ----

    async fn register(&self, page: &Facts) -> Result<(), SendError> {
        let _lock = host::lock(&format!("damso-visitor:{}", page.widget), 10_000).await;
        if self.token.with_untracked(Option::is_some) {
            return Ok(());
        }
        // Another tab of this site may have been faster.
        if let Some(token) = host::stored(&page.token_key()).filter(|_| !page.alone) {
            self.become_visitor(token);
            return Ok(());
        }
        let auth = if page.alone { Auth::Cookie } else { Auth::Nobody };
        let answer: Registered = http::post("/api/visitor/register", auth, &Register { widget: page.widget.clone() }).await?;
        self.become_visitor(answer.token);
        Ok(())
    }

    fn become_visitor(&self, token: String) {
        let page = self.page.get_value();
        if !page.alone {
            host::store(&page.token_key(), &token);
            tell(&ToHost::Token { token: Some(token.clone()) });
        }
        self.synced.set(false);
        self.token.set(Some(token));
    }

    /// The token opens nothing: the next message makes a new visitor.
    fn forget(&self) {
        let page = self.page.get_value();
        if self.token.with_untracked(Option::is_some) {
            self.token.set(None);
            if !page.alone {
                host::unstore(&page.token_key());
                tell(&ToHost::Token { token: None });
            }
        }
        self.show(None);
        self.synced.set(true);
    }

    // ---- the host page ----

    fn hear_host(&self, message: FromHost) {
        match message {
            FromHost::Hello { token, open, focus, url, title } => {
                self.host_page.set_value(Page { url, title });
                let key = self.page.with_value(Facts::token_key);
                let kept = host::stored(&key);
                match token.or(kept) {
                    Some(token) if self.token.get_untracked().as_ref() != Some(&token) => self.become_visitor(token),
                    Some(_) => {}
                    None => self.synced.set(true),
                }
                self.introduced.set(true);
                self.set_open(open, focus);
            }
            FromHost::Open { focus } => self.set_open(true, focus),
            FromHost::Closed => self.set_open(false, false),
            FromHost::Page { url, title } => {
                self.host_page.set_value(Page { url, title });
                self.tell_page();
            }
            FromHost::Token { token: Some(token) } => {
                if self.token.get_untracked().as_ref() != Some(&token) {
                    self.become_visitor(token);
                    self.socket.rehello();
                }
            }
            FromHost::Token { token: None } | FromHost::Logout => {
                self.outbox.clear();
                self.value.set(String::new());
                self.forget();
            }
        }
    }

    fn set_open(&self, open: bool, focus: bool) {
        if self.open.get_untracked() != open {
            self.open.set(open);
        }
        if open && focus {
            self.focus.update(|n| *n += 1);
        }
    }

    fn tell_page(&self) {
        let page = self.host_page.get_value();
        if self.is_live() && !page.url.is_empty() {
            self.socket.send(&ClientFrame::Page { url: page.url, title: page.title });
        }
    }

    /// ✕
    pub fn close_panel(&self) {
        tell(&ToHost::Close);
    }
}

fn is_theirs(logged: &PublicLogged) -> bool {
    matches!(logged.event, PublicEvent::Message { mine: false, .. })
}

/// Runs `f` later, whatever becomes of the caller.
fn keep_until(ms: u32, f: impl FnOnce() + 'static) {
    host::spawn(async move {
        host::sleep(ms).await;
        f();
    });
}
