//! What was written and is not yet stored by the server. It is kept in localStorage, one
//! key per message, so that it survives a reload and tabs do not overwrite each other;
//! where storage is blocked, in memory.
//!
//! Messages leave strictly one after the other, from one tab at a time (Web Locks); a
//! message leaves the outbox only when the server said under which number it is stored.
//! Sending one twice is harmless: the server stores it once per client id.

use super::{
    backoff::Backoff,
    handle::{Local, Timer, after, within},
    host::{self, Json, Listener, Out},
    ids,
    write::signed,
};
use crate::{
    domain::{
        ids::{ChatId, ClientId},
        time::{DAY, Timestamp},
    },
    protocol::Sent,
};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::Weak,
};

/// A message on its way. `public/frame.js` writes the same JSON before wasm is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: ClientId,
    /// The chat it was written in; the widget leaves it open.
    pub chat: Option<ChatId>,
    pub text: String,
    pub at: Timestamp,
    /// Its place among the others: the clock, but never before an earlier one.
    pub order: u64,
    /// The code of a final refusal; the sender decides what becomes of it.
    pub failed: Option<String>,
    /// Stored by the server; shown until the log brings it.
    pub sent: Option<Sent>,
}

/// What the sender is told about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// 보내는 중
    Now,
    /// 다시 연결되면 보내요: the last attempt found nobody.
    Queued,
    Sent,
    Failed,
}

impl Entry {
    fn read(json: &Json) -> Option<Self> {
        Some(Self {
            id: ids::read(&json.at("id").text()?).map(ClientId)?,
            chat: json.at("chat").text().and_then(|id| ids::read(&id)).map(ChatId),
            text: json.at("text").text()?,
            at: Timestamp(json.at("at").number()?),
            order: u64::try_from(json.at("order").number()?).ok()?,
            failed: json.at("failed").text(),
            sent: None,
        })
    }

    fn write(&self) -> String {
        let chat = self.chat.map(|chat| chat.to_string());
        let out = Out::new().text("id", &self.id.to_string()).maybe("chat", chat.as_deref()).text("text", &self.text);
        out.number("at", self.at.0).number("order", signed(self.order)).maybe("failed", self.failed.as_deref()).write()
    }

    /// What to show; `stuck` is [`Outbox::stuck`].
    #[must_use]
    pub fn sending(&self, stuck: bool) -> Sending {
        match (&self.failed, &self.sent) {
            (Some(_), _) => Sending::Failed,
            (None, Some(_)) => Sending::Sent,
            (None, None) if stuck => Sending::Queued,
            (None, None) => Sending::Now,
        }
    }

    fn waits(&self) -> bool {
        self.failed.is_none() && self.sent.is_none()
    }
}

/// Why an attempt did not store the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// Refused for good, with the error's code.
    Refused(String),
    /// Try again later, after so many seconds if the server said so.
    Later(Option<u32>),
}

/// Code of a message that lay so long that sending it by itself would surprise.
pub const STALE: &str = "stale";

const PREFIX: &str = "damso-outbox:";
/// How long a tab waits for another one's attempt to end.
const LOCK_PATIENCE: u32 = 10_000;
/// An attempt without an answer for so long counts as failed.
const ATTEMPT: u32 = 25_000;

type Answer = Pin<Box<dyn Future<Output = Result<Sent, SendError>>>>;

/// Handle of an outbox; Copy.
#[derive(Clone, Copy)]
pub struct Outbox {
    entries: RwSignal<Vec<Entry>>,
    stuck: RwSignal<bool>,
    inner: Local<Inner>,
}

struct Inner {
    me: Weak<Self>,
    entries: RwSignal<Vec<Entry>>,
    stuck: RwSignal<bool>,
    prefix: String,
    post: Box<dyn Fn(Entry) -> Answer>,
    running: Cell<bool>,
    again: Cell<bool>,
    /// The server asked for patience until then.
    not_before: Cell<Timestamp>,
    backoff: RefCell<Backoff>,
    retry: RefCell<Option<Timer>>,
    listeners: RefCell<Vec<Option<Listener>>>,
}

impl Outbox {
    /// An outbox that is empty until [`Outbox::start`]. `scope` names it in storage:
    /// one per surface and sender. `post` makes one attempt to store an entry.
    pub fn new<F>(scope: &str, post: impl Fn(Entry) -> F + 'static) -> Self
    where
        F: Future<Output = Result<Sent, SendError>> + 'static,
    {
        let (entries, stuck) = (RwSignal::new(Vec::new()), RwSignal::new(false));
        let inner = Local::cyclic(|me| Inner {
            me: me.clone(),
            entries,
            stuck,
            prefix: format!("{PREFIX}{scope}:"),
            post: Box::new(move |entry| Box::pin(post(entry))),
            running: Cell::new(false),
            again: Cell::new(false),
            not_before: Cell::new(Timestamp(0)),
            backoff: RefCell::default(),
            retry: RefCell::default(),
            listeners: RefCell::default(),
        });
        Self { entries, stuck, inner }
    }

    /// Reads what an earlier page left and sends it. Call it in an `Effect`: a page must
    /// first hydrate as the server drew it.
    pub fn start(&self) {
        if let Some(inner) = self.inner.get() {
            inner.start();
        }
    }

    /// Entries in the order they were written, sent ones included until [`Outbox::arrived`].
    #[must_use]
    pub fn entries(&self) -> ReadSignal<Vec<Entry>> {
        self.entries.read_only()
    }

    /// The last attempt found nobody; what waits is shown as queued.
    #[must_use]
    pub fn stuck(&self) -> ReadSignal<bool> {
        self.stuck.read_only()
    }

    /// Takes a message, which is kept from here on. The text must be clean already
    /// ([`crate::domain::text::message`]).
    pub fn push(&self, chat: Option<ChatId>, text: String) {
        let Some(inner) = self.inner.get() else { return };
        let at = host::now();
        let order = self.entries.with_untracked(|all| next_order(all, at));
        let entry = Entry { id: ids::new_client_id(), chat, text, at, order, failed: None, sent: None };
        inner.keep(&entry);
        self.entries.update(|all| all.push(entry));
        inner.kick();
    }

    /// Takes a message that `public/frame.js` could not store.
    pub fn adopt(&self, json: &Json) {
        if let (Some(inner), Some(entry)) = (self.inner.get(), Entry::read(json)) {
            inner.keep(&entry);
            inner.read();
            inner.kick();
        }
    }

    /// Sends a failed message again, after those written since.
    pub fn retry(&self, id: ClientId) {
        let Some(inner) = self.inner.get() else { return };
        self.entries.update(|all| {
            let order = next_order(all, host::now());
            if let Some(entry) = all.iter_mut().find(|entry| entry.id == id) {
                (entry.failed, entry.order) = (None, order);
                inner.keep(entry);
            }
            sort(all);
        });
        inner.kick();
    }

    /// Throws a failed message away.
    pub fn discard(&self, id: ClientId) {
        self.arrived(&[id]);
    }

    /// The log shows these messages: they are stored, whatever became of the answers.
    pub fn arrived(&self, ids: &[ClientId]) {
        let Some(inner) = self.inner.get() else { return };
        if self.entries.with_untracked(|all| all.iter().any(|entry| ids.contains(&entry.id))) {
            for id in ids {
                inner.forget(*id);
            }
            self.entries.update(|all| all.retain(|entry| !ids.contains(&entry.id)));
        }
    }

    /// Tries at once: the line is up again.
    pub fn kick(&self) {
        if let Some(inner) = self.inner.get() {
            inner.kick();
        }
    }

    /// Throws everything away: the sender signed out.
    pub fn clear(&self) {
        let ids = self.entries.with_untracked(|all| all.iter().map(|entry| entry.id).collect::<Vec<_>>());
        self.arrived(&ids);
    }
}

enum Round {
    Done,
    Wait(u32),
}

impl Inner {
    fn key(&self, id: ClientId) -> String {
        format!("{}{id}", self.prefix)
    }

    fn keep(&self, entry: &Entry) {
        host::store(&self.key(entry.id), &entry.write());
    }

    fn forget(&self, id: ClientId) {
        host::unstore(&self.key(id));
    }

    fn start(&self) {
        let stored = self.stored();
        let now = host::now();
        for mut entry in stored {
            if entry.waits() && now.since(entry.at) > DAY {
                entry.failed = Some(STALE.to_owned());
                self.keep(&entry);
            }
        }
        self.read();
        let (me, prefix) = (self.me.clone(), self.prefix.clone());
        let storage = host::on_storage(move |key| {
            if let Some(me) = me.upgrade()
                && key.is_none_or(|key| key.starts_with(&prefix))
            {
                me.read();
                // The tab that wrote it sends it; this one steps in if that tab is gone.
                if me.entries.with_untracked(|all| all.iter().any(Entry::waits)) && me.retry.borrow().is_none() {
                    me.kick_in(3_000);
                }
            }
        });
        let me = self.me.clone();
        let online = host::on_window("online", move |_| {
            if let Some(me) = me.upgrade() {
                me.kick();
            }
        });
        *self.listeners.borrow_mut() = vec![storage, online];
        self.kick();
    }

    fn stored(&self) -> Vec<Entry> {
        host::stored_below(&self.prefix).iter().filter_map(|json| Entry::read(&Json::parse(json)?)).collect()
    }

    /// Takes over what storage holds now: other tabs write there, too.
    fn read(&self) {
        let stored = self.stored();
        let next = self.entries.with_untracked(|shown| merge(shown, stored));
        if self.entries.with_untracked(|shown| *shown != next) {
            self.entries.set(next);
        }
    }

    fn kick(&self) {
        let now = host::now();
        let ask_not_before = self.not_before.get().since(now);
        if ask_not_before > 0 {
            return self.kick_in(u32::try_from(ask_not_before).unwrap_or(u32::MAX));
        }
        self.retry.borrow_mut().take();
        if self.running.replace(true) {
            self.again.set(true);
            return;
        }
        let Some(me) = self.me.upgrade() else { return };
        host::spawn(async move {
            let round = me.send_all().await;
            me.running.set(false);
            match round {
                // What came in while the last answer was on its way.
                Round::Done if me.again.take() => me.kick(),
                Round::Done => {}
                Round::Wait(ms) => {
                    me.again.set(false);
                    me.kick_in(ms);
                }
            }
        });
    }

    fn kick_in(&self, ms: u32) {
        let me = self.me.clone();
        let kick = move || {
            if let Some(me) = me.upgrade() {
                me.kick();
            }
        };
        *self.retry.borrow_mut() = Some(after(ms, kick));
    }

    /// Sends what waits, in order, until nothing waits or something is in the way.
    async fn send_all(&self) -> Round {
        if !self.entries.with_untracked(|all| all.iter().any(Entry::waits)) {
            return Round::Done;
        }
        let _lock = host::lock(&self.prefix, LOCK_PATIENCE).await;
        loop {
            self.read();
            let next = self.entries.try_with_untracked(|all| all.iter().find(|entry| entry.waits()).cloned());
            let Some(Some(entry)) = next else {
                self.stuck.set(false);
                return Round::Done;
            };
            let id = entry.id;
            match within(ATTEMPT, (self.post)(entry)).await.unwrap_or(Err(SendError::Later(None))) {
                Ok(sent) => {
                    self.backoff.borrow_mut().reset();
                    self.forget(id);
                    self.change(id, |entry| entry.sent = Some(sent));
                    self.stuck.set(false);
                }
                Err(SendError::Refused(code)) => {
                    self.change(id, |entry| {
                        entry.failed = Some(code);
                        self.keep(entry);
                    });
                }
                Err(SendError::Later(seconds)) => {
                    self.stuck.set(true);
                    let mut wait = self.backoff.borrow_mut().next(host::chance());
                    if let Some(seconds) = seconds {
                        wait = wait.max(seconds.saturating_mul(1_000));
                        self.not_before.set(host::now().plus(i64::from(wait)));
                    }
                    return Round::Wait(wait);
                }
            }
        }
    }

    fn change(&self, id: ClientId, change: impl FnOnce(&mut Entry)) {
        self.entries.try_update(|all| {
            if let Some(entry) = all.iter_mut().find(|entry| entry.id == id) {
                change(entry);
            }
        });
    }
}

/// The place of a message written now.
fn next_order(entries: &[Entry], now: Timestamp) -> u64 {
    let last = entries.iter().map(|entry| entry.order).max().unwrap_or(0);
    u64::try_from(now.0).unwrap_or(0).max(last + 1)
}

/// What storage holds, and of what is shown those that were sent and wait for the log.
fn merge(shown: &[Entry], stored: Vec<Entry>) -> Vec<Entry> {
    let mut all = stored;
    for entry in shown.iter().filter(|entry| entry.sent.is_some()) {
        all.retain(|other| other.id != entry.id);
        all.push(entry.clone());
    }
    sort(&mut all);
    all
}

/// By order, with little code: there are few of them, mostly in order already.
fn sort(entries: &mut [Entry]) {
    for end in 1..entries.len() {
        let mut n = end;
        while n > 0 && (entries[n - 1].order, entries[n - 1].id) > (entries[n].order, entries[n].id) {
            entries.swap(n - 1, n);
            n -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn entry(n: u64) -> Entry {
        Entry {
            id: ClientId(Uuid::from_u128(n.into())),
            chat: None,
            text: n.to_string(),
            at: Timestamp(0),
            order: n,
            failed: None,
            sent: None,
        }
    }

    fn sent(n: u64) -> Entry {
        Entry { sent: Some(Sent { chat: ChatId(Uuid::from_u128(7)), seq: n, at: Timestamp(0) }), ..entry(n) }
    }

    #[test]
    fn tabs_show_the_same_messages_in_the_order_they_were_written() {
        let merged = merge(&[sent(1), entry(2)], vec![entry(4), entry(3)]);
        let texts: Vec<_> = merged.iter().map(|e| e.text.as_str()).collect();
        // 2 was sent or thrown away by another tab; 1 was sent here and waits for the log.
        assert_eq!(texts, ["1", "3", "4"]);
    }

    #[test]
    fn what_was_sent_here_is_not_taken_for_unsent_again() {
        assert_eq!(merge(&[sent(1)], vec![entry(1)]), [sent(1)]);
    }

    #[test]
    fn a_clock_stepped_back_does_not_change_the_order() {
        assert_eq!(next_order(&[entry(9_000)], Timestamp(5)), 9_001);
        assert_eq!(next_order(&[entry(4)], Timestamp(5_000)), 5_000);
        assert_eq!(next_order(&[], Timestamp(-3)), 1);
    }

    #[test]
    fn what_the_sender_is_told() {
        assert_eq!(entry(1).sending(false), Sending::Now);
        assert_eq!(entry(1).sending(true), Sending::Queued);
        assert_eq!(sent(1).sending(true), Sending::Sent);
        assert_eq!(Entry { failed: Some("refused".into()), ..entry(1) }.sending(false), Sending::Failed);
    }

    #[test]
    fn the_script_in_the_frame_page_writes_the_same_json() {
        let json = r#"{"id":"01890a5d-ac96-774b-bcce-b302099a8f2c","chat":null,"text":"가","at":5,"order":5}"#;
        let entry = Entry::read(&Json::parse(json).unwrap()).unwrap();
        assert_eq!((entry.text.as_str(), entry.at, entry.order), ("가", Timestamp(5), 5));
    }

    #[test]
    fn entries_are_read_as_they_were_written() {
        let chat = Some(ChatId(Uuid::from_u128(7)));
        for kept in [entry(1), Entry { chat, failed: Some("refused".into()), text: "\"\n\u{1F600}".into(), ..entry(2) }] {
            assert_eq!(Entry::read(&Json::parse(&kept.write()).unwrap()), Some(kept));
        }
    }
}
