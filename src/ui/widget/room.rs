//! The customer's chat at work: what the socket says, what leaves by the outbox, and
//! what the host page is told. Everything known is one value in one signal, and what is
//! drawn are plain texts and flags made of it: each further type costs the module bytes.

use super::{
    model::{Heard, Model, Stage},
    port::{FromHost, ToHost, tell},
    read,
    rows::{Key, Row, rows},
    write,
};
use crate::{
    domain::{
        ids::ChatId,
        text::{self, MESSAGE_MAX, TextProblem},
        time::{SECOND, Timestamp},
    },
    i18n::Texts,
    protocol::{
        ClientFrame, Goodbye, Hello, Marks, Page, Register, Sent, VERSION, VisitorEarlier, VisitorEnd, VisitorFrame, VisitorSend,
        WidgetPage,
    },
    ui::live::{
        draft,
        handle::{Local, Timer, after, keep},
        host::{self, Json},
        http::{self, Auth, Failure},
        outbox::{Entry, Outbox, SendError},
        socket::{Link, Socket},
    },
};
use leptos::prelude::*;
use std::{
    cell::{Cell as Plain, RefCell},
    rc::Rc,
};

/// A row and the signal that redraws it.
pub type Cell = (Key, ArcRwSignal<Row>);

/// Handle of everything; Copy.
#[derive(Clone, Copy)]
pub struct Room {
    pub model: RwSignal<Model>,
    pub list: RwSignal<Vec<Cell>>,
    /// What the field holds.
    pub value: RwSignal<String>,
    pub socket: Socket,
    pub outbox: Outbox,
    bits: Local<Bits>,
}

/// What nobody draws; in browsers only.
struct Bits {
    widget: String,
    build: String,
    texts: Texts,
    /// The page that the frame stands in.
    page: RefCell<Page>,
    /// Marks as the server was told on this connection.
    told: Plain<Marks>,
    /// What the host page was told.
    told_host: Plain<(usize, Option<bool>)>,
    stage: Plain<Option<Stage>>,
    link: Plain<Link>,
    /// The field's text as it is kept.
    draft: RefCell<String>,
    typed_at: Plain<Timestamp>,
    typing_stops: RefCell<Option<Timer>>,
    typing_ends: RefCell<Option<Timer>>,
}

impl Room {
    /// The room as the page was drawn; nothing runs before [`Room::start`].
    pub fn new(page: WidgetPage, texts: Texts) -> Self {
        let me = StoredValue::new(None::<Self>);
        let socket = Socket::new::<VisitorFrame>(
            move || me.get_value()?.hello(),
            move |frame| {
                if let Some(room) = me.get_value() {
                    room.hear(frame);
                }
            },
        );
        let outbox = Outbox::new(&scope(page.alone, &page.widget), move |entry| async move {
            match me.try_get_value().flatten() {
                Some(room) => room.post(entry).await,
                None => Err(SendError::Later(None)),
            }
        });
        let mut model = Model {
            alone: page.alone,
            introduced: page.alone,
            synced: page.alone,
            open: page.alone,
            visible: true,
            at_end: true,
            ..Model::default()
        };
        model.show(page.chat);
        // The server's drawing: the log without days, for their zone is the reader's.
        let cells = cells(&[], rows(model.turn, &model.events, &[], false, model.desk, |_| None));
        let room = Self {
            model: RwSignal::new(model),
            list: RwSignal::new(cells),
            value: RwSignal::new(String::new()),
            socket,
            outbox,
            bits: Local::new(|| Bits {
                widget: page.widget,
                build: page.build,
                texts,
                page: RefCell::default(),
                told: Plain::default(),
                told_host: Plain::new((0, None)),
                stage: Plain::default(),
                link: Plain::new(Link::Idle),
                draft: RefCell::default(),
                typed_at: Plain::new(Timestamp(0)),
                typing_stops: RefCell::default(),
                typing_ends: RefCell::default(),
            }),
        };
        me.set_value(Some(room));
        room
    }

    /// A text made of what is known.
    pub fn text(self, f: impl Fn(&Model) -> String + Send + Sync + 'static) -> Signal<String> {
        Signal::derive(move || self.model.with(&f))
    }

    /// A flag made of what is known.
    pub fn flag(self, f: impl Fn(&Model) -> bool + Send + Sync + 'static) -> Signal<bool> {
        Signal::derive(move || self.model.with(&f))
    }

    /// Looks without following.
    pub fn look<T>(self, f: impl FnOnce(&Model) -> T) -> Option<T> {
        self.model.try_with_untracked(f)
    }

    /// Changes what is known; tells nobody when nothing changed.
    pub fn change(self, f: impl FnOnce(&mut Model) -> bool) {
        self.model.try_maybe_update(|model| (f(model), ()));
    }

    /// Wakes the room up; in an `Effect` that runs once, thus in browsers only.
    pub fn start(self, focus: impl Fn() + 'static) {
        let Some(bits) = self.bits.get() else { return };
        let pending = host::host_listen(move |json| {
            if let Some(message) = FromHost::read(&json) {
                self.hear_host(message, &focus);
            }
        });
        if pending.is_none() {
            // The frame's address opened by hand: nobody will say hello.
            self.change(|m| {
                (m.open, m.introduced) = (true, true);
                true
            });
        }
        pending.iter().flatten().for_each(|entry: &Json| self.outbox.adopt(entry));
        self.outbox.start();
        host::front_listen(move |started| self.hear_front(started.truth() == Some(true)));
        keep(|| {
            let look = move |_| {
                self.change(|m| {
                    m.visible = host::visible();
                    true
                });
            };
            host::on_document("visibilitychange", look)
        });

        let draft = scope(self.look(|m| m.alone).unwrap_or_default(), &bits.widget);
        // What stands in the field already was typed a moment ago.
        if self.value.with_untracked(String::is_empty) {
            self.value.set(draft::load(&draft));
        }
        Effect::new(move |_| {
            self.value.with(|text| {
                if *text != *bits.draft.borrow() {
                    draft::save(&draft, text);
                    bits.draft.replace(text.clone());
                }
            });
            self.follow();
        });
    }

    /// Runs after every change of anything.
    fn follow(self) {
        let link = self.socket.link().get();
        let (entries, stuck) = (self.outbox.entries(), self.outbox.stuck().get());
        self.model.track();
        let Some(bits) = self.bits.get() else { return };
        // The answer to a send may come after the log.
        self.settle();
        // What was looked at. A change brings us here again.
        self.change(Model::mark);

        let Some(rows) =
            self.look(|m| entries.with(|entries| rows(m.turn, &m.events, entries, stuck, m.desk, |at| Some(host::local_day(at)))))
        else {
            return;
        };
        let (new, same) = self.list.with_untracked(|old| {
            let new = cells(old, rows);
            let same = old.len() == new.len() && old.iter().zip(&new).all(|(a, b)| a.0 == b.0);
            (new, same)
        });
        if !same {
            self.list.set(new);
        }

        if link != bits.link.replace(link) {
            match link {
                Link::Up => self.outbox.kick(),
                Link::Closed(Goodbye::SignedOut) => self.forget(&bits),
                Link::Closed(Goodbye::Version) => self.change(|m| {
                    m.outdated = true;
                    true
                }),
                _ => {}
            }
        }
        let Some((wanted, chat, mine, unread, live, stage)) =
            self.look(|m| (m.wants_socket(), m.chat, m.mine, m.unread(), m.synced.then(|| m.live()), m.stage()))
        else {
            return;
        };
        // Until the server has said it, what the page was drawn with is as good a guess.
        if live.is_some() && bits.stage.replace(Some(stage)) != Some(stage) {
            host::stage(stage.code());
        }
        if wanted {
            self.socket.open();
        } else {
            self.socket.close();
        }
        if let Some(chat) = chat
            && link == Link::Up
            && mine != bits.told.get()
            && self.socket.send(&ClientFrame::Marks { chat, delivered: mine.delivered, seen: mine.seen })
        {
            bits.told.set(mine);
        }
        let (told_unread, told_live) = bits.told_host.get();
        if unread != told_unread {
            tell(ToHost::Unread { n: unread });
        }
        if let Some(live) = live.filter(|_| live != told_live) {
            tell(ToHost::Live { live });
        }
        bits.told_host.set((unread, live.or(told_live)));
    }

    // ---- the socket ----

    fn hello(self) -> Option<Hello> {
        let bits = self.bits.get()?;
        self.look(|m| Hello::Visitor { version: VERSION, widget: bits.widget.clone(), token: m.token.clone(), resume: m.resume() })
    }

    fn hear(self, frame: VisitorFrame) {
        let Some(bits) = self.bits.get() else { return };
        match frame {
            VisitorFrame::Welcome { build, .. } => {
                // The last connection may have lost what it was told.
                bits.told.set(Marks::default());
                self.tell_page(&bits);
                self.change(|m| {
                    m.outdated = build != bits.build;
                    true
                });
            }
            VisitorFrame::Reset { chat } => {
                let before = self.look(|m| m.chat).flatten();
                self.change(|m| {
                    m.show(chat.map(|chat| *chat));
                    m.synced = true;
                    true
                });
                self.settle();
                if before != self.look(|m| m.chat).flatten() {
                    bits.told.set(Marks::default());
                    self.tell_page(&bits);
                }
            }
            VisitorFrame::Events { prev, seq, events } => {
                let mut heard = Heard::Known;
                self.change(|m| {
                    heard = m.apply(prev, seq, events);
                    heard == Heard::Applied
                });
                match heard {
                    Heard::Applied => self.settle(),
                    Heard::Gap => self.socket.rehello(),
                    Heard::Known => {}
                }
            }
            VisitorFrame::Typing { on } => {
                let typing = move |on| {
                    self.change(|m| std::mem::replace(&mut m.typing, on) != on);
                };
                typing(on);
                // The other side repeats it every 3 s; its end may be lost.
                *bits.typing_ends.borrow_mut() = on.then(|| after(7_000, move || typing(false)));
            }
            VisitorFrame::DeskMarks { marks } => self.change(|m| {
                m.desk = m.desk.max(marks);
                true
            }),
            VisitorFrame::MyMarks { marks } => self.change(|m| {
                m.mine = m.mine.max(marks);
                true
            }),
            VisitorFrame::Bye { .. } => {}
        }
    }

    /// What the log shows has left the outbox for good, and so has what stands before the
    /// part of the log that is here.
    fn settle(self) {
        let entries = self.outbox.entries();
        if entries.with_untracked(Vec::is_empty) {
            return;
        }
        let Some((mut own, chat, cursor)) = self.look(|m| (m.own(), m.chat, m.cursor)) else { return };
        let passed = |entry: &&Entry| entry.sent.is_some_and(|sent| Some(sent.chat) == chat && sent.seq <= cursor);
        entries.with_untracked(|all| own.extend(all.iter().filter(passed).map(|entry| entry.id)));
        self.outbox.arrived(&own);
    }

    fn tell_page(self, bits: &Bits) {
        let Page { url, title } = bits.page.borrow().clone();
        if self.look(Model::live) == Some(true) && !url.is_empty() {
            self.socket.send(&ClientFrame::Page { url, title });
        }
    }

    // ---- what the customer does ----

    /// The customer typed something.
    pub fn typed(self) {
        self.trouble(String::new());
        let (Some(bits), Some(Some(chat))) = (self.bits.get(), self.look(|m| m.chat.filter(|_| m.live()))) else { return };
        let empty = self.value.with_untracked(|text| text.trim().is_empty());
        let now = host::now();
        if !empty && now.since(bits.typed_at.get()) >= 3 * SECOND && self.socket.send(&ClientFrame::Typing { chat, on: true }) {
            bits.typed_at.set(now);
        }
        *bits.typing_stops.borrow_mut() = Some(after(if empty { 0 } else { 5_000 }, move || self.stop_typing()));
    }

    fn stop_typing(self) {
        let (Some(bits), Some(chat)) = (self.bits.get(), self.look(|m| m.chat).flatten()) else { return };
        if bits.typed_at.replace(Timestamp(0)) != Timestamp(0) {
            self.socket.send(&ClientFrame::Typing { chat, on: false });
        }
    }

    fn trouble(self, text: String) {
        self.change(|m| {
            let change = m.trouble != text;
            m.trouble = text;
            change
        });
    }

    /// Takes a message; `false` leaves the text in the field.
    pub fn send(self, raw: &str) -> bool {
        match text::message(raw) {
            Ok(text) => {
                self.trouble(String::new());
                self.outbox.push(None, text);
                self.stop_typing();
                true
            }
            Err(TextProblem::Empty) => false,
            Err(TextProblem::TooLong) => {
                if let Some(bits) = self.bits.get() {
                    self.trouble(bits.texts.widget_too_long(MESSAGE_MAX));
                }
                false
            }
        }
    }

    /// 새 상담 시작: back to the front door.
    pub fn anew(self) {
        self.change(|m| !std::mem::replace(&mut m.anew, true));
    }

    /// What the front door asks: to be told who the visitor is, or to look for the chat
    /// that has begun there.
    fn hear_front(self, started: bool) {
        let Some(bits) = self.bits.get() else { return };
        if started {
            // An open line is told by itself; one that is not opens now.
            if self.socket.link().get_untracked() != Link::Up {
                self.change(|m| std::mem::replace(&mut m.synced, false));
            }
            self.expect_soon(|m| m.stage() == Stage::Chat);
            return;
        }
        host::spawn(async move {
            let known = self.look(|m| m.token.is_some()) == Some(true) || self.register(&bits, false).await.is_ok();
            host::front_knows(self.look(|m| m.token.clone()).flatten().filter(|_| known).as_deref());
        });
    }

    /// 대화 종료, after the question.
    pub fn end(self) {
        let (Some(bits), Some(Some((chat, cursor)))) = (self.bits.get(), self.look(|m| m.chat.map(|chat| (chat, m.cursor)))) else {
            return;
        };
        host::spawn(async move {
            let request = write::end(&VisitorEnd { widget: bits.widget.clone(), chat });
            match http::post("/api/visitor/end", self.auth().as_auth(), &request, |_| Some(())).await {
                Ok(()) => self.expect(chat, cursor + 1),
                // Somebody else was faster.
                Err(Failure::Status { status: 400..=499, .. }) => self.socket.rehello(),
                Err(_) => self.trouble(bits.texts.error_network()),
            }
        });
    }

    /// Loads older messages; `before_showing` runs when they are there.
    pub fn load_earlier(self, before_showing: impl FnOnce() + 'static) {
        let first = self.look(|m| m.chat.zip(m.events.first().map(|first| first.seq))).flatten();
        let (Some(bits), Some((chat, before))) = (self.bits.get(), first) else { return };
        host::spawn(async move {
            let request = write::earlier(&VisitorEarlier { widget: bits.widget.clone(), chat, before });
            match http::post("/api/visitor/earlier", self.auth().as_auth(), &request, read::earlier).await {
                Ok(found) => {
                    before_showing();
                    self.change(|m| {
                        m.prepend(chat, before, found.events, found.earlier);
                        true
                    });
                }
                Err(_) => self.trouble(bits.texts.error_network()),
            }
        });
    }

    /// One attempt of the outbox.
    async fn post(self, entry: Entry) -> Result<Sent, SendError> {
        let later = SendError::Later(None);
        let Some(bits) = self.bits.get() else { return Err(later) };
        let Some((alone, true)) = self.look(|m| (m.alone, m.introduced)) else { return Err(later) };
        for last in [false, true] {
            // A page by itself may be known by a cookie that scripts cannot see.
            if self.look(|m| m.token.is_none()) == Some(true) && (!alone || last) {
                self.register(&bits, alone).await?;
            }
            let request = write::send(&VisitorSend { widget: bits.widget.clone(), client_id: entry.id, text: entry.text.clone() });
            match http::post("/api/visitor/send", self.auth().as_auth(), &request, read::sent).await {
                Ok(sent) => {
                    self.expect(sent.chat, sent.seq);
                    return Ok(sent);
                }
                // The server does not know this visitor (any more).
                Err(Failure::Status { status: 401, .. }) if !last => self.forget(&bits),
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(later)
    }

    /// The server has more than the socket told: it must come soon, else the line is dead.
    fn expect(self, chat: ChatId, seq: u64) {
        if self.look(|m| m.chat).flatten().is_none() {
            // A page by itself opens its first socket when there is a chat.
            self.change(|m| std::mem::replace(&mut m.synced, false));
            self.socket.open();
        }
        self.expect_soon(move |m| m.chat == Some(chat) && m.cursor >= seq);
    }

    /// It must come by the socket soon, else the line is dead.
    fn expect_soon(self, there: impl Fn(&Model) -> bool + 'static) {
        host::spawn(async move {
            host::sleep(3_000).await;
            if self.look(there) == Some(false) && self.socket.link().get_untracked() == Link::Up {
                self.socket.rehello();
            }
        });
    }

    // ---- who the visitor is ----

    fn auth(self) -> Known {
        Known(self.look(|m| m.token.clone()).flatten())
    }

    async fn register(self, bits: &Rc<Bits>, alone: bool) -> Result<(), SendError> {
        let _lock = host::lock(&format!("damso-visitor:{}", bits.widget), 10_000).await;
        if self.look(|m| m.token.is_some()) == Some(true) {
            return Ok(());
        }
        // Another tab of this site may have been faster.
        let token = match host::stored(&token_key(&bits.widget)).filter(|_| !alone) {
            Some(token) => token,
            None => {
                let auth = if alone { Auth::Cookie } else { Auth::Nobody };
                http::post("/api/visitor/register", auth, &write::register(&Register { widget: bits.widget.clone() }), |json| {
                    json.at("token").text()
                })
                .await?
            }
        };
        self.become_visitor(bits, token);
        Ok(())
    }

    fn become_visitor(self, bits: &Bits, token: String) {
        if self.look(|m| m.alone) == Some(false) {
            host::store(&token_key(&bits.widget), &token);
            tell(ToHost::Token { token: Some(&token) });
        }
        host::front_knows(Some(&token));
        self.change(|m| {
            m.synced = false;
            m.token = Some(token);
            true
        });
    }

    /// The token opens nothing: the next message makes a new visitor.
    fn forget(self, bits: &Bits) {
        if self.look(|m| m.token.is_some() && !m.alone) == Some(true) {
            host::unstore(&token_key(&bits.widget));
            tell(ToHost::Token { token: None });
        }
        host::front_knows(None);
        self.change(|m| {
            m.token = None;
            m.show(None);
            m.synced = true;
            true
        });
    }

    // ---- the host page ----

    fn hear_host(self, message: FromHost, take_focus: &dyn Fn()) {
        let Some(bits) = self.bits.get() else { return };
        let set_open = |open, focus| {
            self.change(|m| std::mem::replace(&mut m.open, open) != open);
            if focus {
                take_focus();
            }
        };
        let adopt = |token: String| {
            let other = self.look(|m| m.token.as_ref() != Some(&token)) == Some(true);
            if other {
                self.become_visitor(&bits, token);
                self.socket.rehello();
            }
        };
        match message {
            FromHost::Hello { token, open, focus, page } => {
                bits.page.replace(page);
                match token.or_else(|| host::stored(&token_key(&bits.widget))) {
                    Some(token) => adopt(token),
                    None => self.change(|m| !std::mem::replace(&mut m.synced, true)),
                }
                self.change(|m| !std::mem::replace(&mut m.introduced, true));
                set_open(open, focus);
                self.outbox.kick();
            }
            FromHost::Open { focus } => set_open(true, focus),
            FromHost::Closed => set_open(false, false),
            FromHost::Page(page) => {
                bits.page.replace(page);
                self.tell_page(&bits);
            }
            FromHost::Token(Some(token)) => adopt(token),
            FromHost::Token(None) | FromHost::Logout => {
                self.outbox.clear();
                self.value.set(String::new());
                // Also what another page of this site left.
                host::unstore(&token_key(&bits.widget));
                self.forget(&bits);
            }
        }
    }

    /// ✕
    pub fn close_panel(self) {
        tell(ToHost::Close);
    }
}

/// The visitor's token, or the page's cookie.
struct Known(Option<String>);

impl Known {
    fn as_auth(&self) -> Auth<'_> {
        self.0.as_deref().map_or(Auth::Cookie, Auth::Token)
    }
}

/// Names this visitor's things in storage.
fn scope(alone: bool, widget: &str) -> String {
    format!("{}:{widget}", if alone { "alone" } else { "widget" })
}

fn token_key(widget: &str) -> String {
    format!("damso-token:{widget}")
}

/// The rows with their signals: those that stay keep theirs.
fn cells(old: &[Cell], rows: Vec<Row>) -> Vec<Cell> {
    // Both are in the same order but for what came or went, so each search is short.
    let mut from = 0;
    rows.into_iter()
        .map(|row| {
            let found = (from..old.len()).chain(0..from).find(|&n| old[n].0 == row.key);
            match found {
                Some(n) => {
                    from = n + 1;
                    let cell = old[n].1.clone();
                    if cell.with_untracked(|shown| *shown != row) {
                        cell.set(row.clone());
                    }
                    (row.key, cell)
                }
                None => (row.key, ArcRwSignal::new(row)),
            }
        })
        .collect()
}
