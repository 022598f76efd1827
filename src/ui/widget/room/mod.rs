//! The customer's chat at work: what the socket says, what leaves by the outbox, and
//! what the host page is told. Everything known is one value in one signal, and what is
//! drawn are plain texts and flags made of it: each further type costs the module bytes.

mod acts;
mod host_page;
mod line;
mod visitor;

use super::{
    model::{Model, Stage},
    port::{FromHost, ToHost, tell},
    rows::{Key, Row, rows},
};
use crate::{
    domain::time::Timestamp,
    i18n::Texts,
    protocol::{ClientFrame, Goodbye, Marks, Page, VisitorFrame, WidgetPage},
    ui::live::{
        draft,
        handle::{Local, Timer, keep},
        host::{self, Json},
        outbox::{Outbox, SendError},
        socket::{Link, Socket},
    },
};
use leptos::prelude::*;
use std::cell::{Cell as Plain, RefCell};

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
}

/// Names this visitor's things in storage.
fn scope(alone: bool, widget: &str) -> String {
    format!("{}:{widget}", if alone { "alone" } else { "widget" })
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
