//! What the customer does.

use super::{
    super::{read, write},
    Room,
};
use crate::{
    domain::{
        text::{self, MESSAGE_MAX, TextProblem},
        time::{SECOND, Timestamp},
    },
    protocol::{ClientFrame, Sent, VisitorEarlier, VisitorEnd, VisitorSend},
    ui::live::{
        handle::after,
        host,
        http::{self, Failure},
        outbox::{Entry, SendError},
    },
};
use leptos::prelude::*;

impl Room {
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

    pub(super) fn stop_typing(self) {
        let (Some(bits), Some(chat)) = (self.bits.get(), self.look(|m| m.chat).flatten()) else { return };
        if bits.typed_at.replace(Timestamp(0)) != Timestamp(0) {
            self.socket.send(&ClientFrame::Typing { chat, on: false });
        }
    }

    pub(super) fn trouble(self, text: String) {
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
    pub(super) async fn post(self, entry: Entry) -> Result<Sent, SendError> {
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
}
