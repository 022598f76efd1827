//! The socket: what it says, and what it must say soon.

use super::{
    super::{
        model::{Heard, Model, is_theirs},
        port::{ToHost, tell},
    },
    Bits, Room,
};
use crate::{
    domain::ids::ChatId,
    protocol::{ClientFrame, Hello, Marks, Page, VERSION, VisitorFrame},
    ui::live::{handle::after, host, outbox::Entry, socket::Link},
};
use leptos::prelude::*;

impl Room {
    pub(super) fn hello(self) -> Option<Hello> {
        let bits = self.bits.get()?;
        self.look(|m| Hello::Visitor { version: VERSION, widget: bits.widget.clone(), token: m.token.clone(), resume: m.resume() })
    }

    pub(super) fn hear(self, frame: VisitorFrame) {
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
                let theirs = events.iter().any(is_theirs);
                self.change(|m| {
                    heard = m.apply(prev, seq, events);
                    heard == Heard::Applied
                });
                match heard {
                    Heard::Applied => {
                        self.settle();
                        if theirs {
                            tell(ToHost::Message);
                        }
                    }
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
            VisitorFrame::Tray { is } => host::tray(&is),
            VisitorFrame::Bye { .. } => {}
        }
    }

    /// What the log shows has left the outbox for good, and so has what stands before the
    /// part of the log that is here.
    pub(super) fn settle(self) {
        let entries = self.outbox.entries();
        if entries.with_untracked(Vec::is_empty) {
            return;
        }
        let Some((mut own, chat, cursor)) = self.look(|m| (m.own(), m.chat, m.cursor)) else { return };
        let passed = |entry: &&Entry| entry.sent.is_some_and(|sent| Some(sent.chat) == chat && sent.seq <= cursor);
        entries.with_untracked(|all| own.extend(all.iter().filter(passed).map(|entry| entry.id)));
        self.outbox.arrived(&own);
    }

    pub(super) fn tell_page(self, bits: &Bits) {
        let Page { url, title } = bits.page.borrow().clone();
        if self.look(Model::live) == Some(true) && !url.is_empty() {
            self.socket.send(&ClientFrame::Page { url, title });
        }
    }

    /// The server has more than the socket told: it must come soon, else the line is dead.
    pub(super) fn expect(self, chat: ChatId, seq: u64) {
        if self.look(|m| m.chat).flatten().is_none() {
            // A page by itself opens its first socket when there is a chat.
            self.change(|m| std::mem::replace(&mut m.synced, false));
            self.socket.open();
        }
        self.expect_soon(move |m| m.chat == Some(chat) && m.cursor >= seq);
    }

    /// It must come by the socket soon, else the line is dead.
    pub(super) fn expect_soon(self, there: impl Fn(&Model) -> bool + 'static) {
        host::spawn(async move {
            host::sleep(3_000).await;
            if self.look(there) == Some(false) && self.socket.link().get_untracked() == Link::Up {
                self.socket.rehello();
            }
        });
    }
}
