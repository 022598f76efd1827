//! The [`Model`] for pages: reads are tracked per chat and per list, so that a message
//! redraws its own row and nothing else.

use super::model::{Log, Model, Outcome, Row, Tab};
use crate::{
    domain::{
        ids::{AccountId, ChatId, QueueId},
        permission::Right,
        presence::Status,
        service::Service,
        time::Timestamp,
    },
    protocol::{Desk, Hello, VERSION},
};
use leptos::prelude::*;
use std::collections::HashMap;

/// What the desk told beside its chats.
#[derive(Clone, Debug)]
pub struct About {
    pub my_name: String,
    /// Names it all.
    name: String,
    pub service: Service,
    /// The widget's public key, for the snippet.
    pub widget: String,
    may_chat: bool,
    names: HashMap<AccountId, String>,
    queues: HashMap<QueueId, crate::domain::service::Localized>,
}

impl About {
    fn of(desk: &Desk) -> Self {
        Self {
            my_name: desk.my_name.clone(),
            name: desk.about.clone(),
            service: desk.service.clone(),
            widget: desk.widget.clone(),
            may_chat: desk.me.has(Right::Chat),
            names: desk.colleagues.iter().map(|c| (c.account, c.name.clone())).chain([(desk.me.account, desk.my_name.clone())]).collect(),
            queues: desk.queues.iter().map(|q| (q.id, q.name.clone())).collect(),
        }
    }
}

/// Handle of the console's knowledge; Copy. Lives as long as the signed-in pages.
#[derive(Clone, Copy)]
pub struct Store {
    model: StoredValue<Model>,
    about: RwSignal<About>,
    rows: StoredValue<HashMap<ChatId, ArcTrigger>>,
    logs: StoredValue<HashMap<ChatId, ArcTrigger>>,
    lists: Trigger,
    looked: Trigger,
    /// 상담 상태
    status: RwSignal<Status>,
    /// The server's time as this page reckons it, each second; none before the page is alive.
    now: RwSignal<Option<Timestamp>>,
}

impl Store {
    #[must_use]
    pub fn new(desk: &Desk) -> Self {
        Self {
            model: StoredValue::new(Model::new(desk)),
            about: RwSignal::new(About::of(desk)),
            rows: StoredValue::default(),
            logs: StoredValue::default(),
            lists: Trigger::new(),
            looked: Trigger::new(),
            status: RwSignal::new(desk.status),
            now: RwSignal::new(None),
        }
    }

    // ---- reading ----

    #[must_use]
    pub fn me(self) -> AccountId {
        self.model.with_value(Model::me)
    }

    #[must_use]
    pub fn about<T>(self, read: impl FnOnce(&About) -> T) -> T {
        self.about.with_untracked(read)
    }

    /// Whether the contract has chat (A1); follows its changes.
    #[must_use]
    pub fn has_chat(self) -> bool {
        self.about.with(|about| about.service.contract.chat)
    }

    #[must_use]
    pub fn name_of(self, agent: AccountId) -> Option<String> {
        self.about.with_untracked(|about| about.names.get(&agent).cloned())
    }

    #[must_use]
    pub fn queue_name(self, queue: QueueId) -> Option<crate::domain::service::Localized> {
        self.about.with_untracked(|about| about.queues.get(&queue).cloned())
    }

    /// Whether service, queues and people are the ones that have this name.
    #[must_use]
    pub fn is_about(self, name: &str) -> bool {
        self.about.try_with_untracked(|about| about.name == name).unwrap_or(true)
    }

    /// The first frame of a socket.
    #[must_use]
    pub fn hello(self) -> Option<Hello> {
        let service = self.about.try_with_untracked(|about| about.service.id)?;
        let seq = self.model.try_with_value(Model::cursor)?;
        Some(Hello::Agent { version: VERSION, service, seq })
    }

    #[must_use]
    pub fn row(self, chat: ChatId) -> Option<Row> {
        trigger(self.rows, chat).track();
        self.row_untracked(chat)
    }

    #[must_use]
    pub fn row_untracked(self, chat: ChatId) -> Option<Row> {
        self.model.with_value(|model| model.row(chat).cloned())
    }

    /// Reads a chat's log; `None` while it was never loaded.
    #[must_use]
    pub fn with_log<T>(self, chat: ChatId, read: impl FnOnce(&Log) -> T) -> Option<T> {
        trigger(self.logs, chat).track();
        self.with_log_untracked(chat, read)
    }

    #[must_use]
    pub fn with_log_untracked<T>(self, chat: ChatId, read: impl FnOnce(&Log) -> T) -> Option<T> {
        self.model.with_value(|model| model.log(chat).map(read))
    }

    /// Chats whose log here ends before the chat does.
    #[must_use]
    pub fn stale(self) -> Vec<ChatId> {
        self.model.try_with_value(Model::stale).unwrap_or_default()
    }

    #[must_use]
    pub fn list(self, tab: Tab) -> Vec<ChatId> {
        self.lists.track();
        self.model.with_value(|model| model.list(tab))
    }

    #[must_use]
    pub fn count(self, tab: Tab) -> usize {
        self.list(tab).len()
    }

    /// Whether the desk has ever had a chat, as far as this page knows.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.lists.track();
        self.model.with_value(|model| model.rows().next().is_none())
    }

    #[must_use]
    pub fn longest_wait(self) -> Option<Timestamp> {
        self.lists.track();
        self.model.with_value(Model::longest_wait)
    }

    #[must_use]
    pub fn blinks(self) -> bool {
        self.lists.track();
        self.looked.track();
        self.model.with_value(Model::blinks)
    }

    #[must_use]
    pub fn now(self) -> ReadSignal<Option<Timestamp>> {
        self.now.read_only()
    }

    /// One's own status; follows it.
    #[must_use]
    pub fn status(self) -> Status {
        self.status.get()
    }

    /// Whether one may take chats at all.
    #[must_use]
    pub fn may_chat(self) -> bool {
        self.about.with_untracked(|about| about.may_chat)
    }

    // ---- changing ----

    pub fn set_status(self, status: Status) {
        let _ = self.status.try_set(status);
    }

    /// Changes the model and tells whoever shows what changed.
    pub fn change(self, change: impl FnOnce(&mut Model) -> Outcome) -> Outcome {
        let Some(outcome) = self.model.try_update_value(change) else { return Outcome::default() };
        for id in &outcome.rows {
            notify(self.rows, *id);
        }
        for id in &outcome.logs {
            notify(self.logs, *id);
        }
        if outcome.lists {
            self.lists.notify();
        }
        for id in &outcome.forgotten {
            self.rows.update_value(|all| drop(all.remove(id)));
            self.logs.update_value(|all| drop(all.remove(id)));
        }
        outcome
    }

    /// Takes a freshly loaded desk.
    pub fn replace(self, desk: &Desk) -> Outcome {
        self.about.set(About::of(desk));
        self.change(|model| model.replace(desk))
    }

    /// The agent looked at a waiting chat, or at all of them (A32).
    pub fn look(self, chat: Option<ChatId>) {
        self.model.update_value(|model| model.look(chat));
        self.looked.notify();
    }

    pub fn set_now(self, now: Timestamp) {
        // The timer may outlive the page by a tick.
        let _ = self.now.try_set(Some(now));
    }
}

type Triggers = StoredValue<HashMap<ChatId, ArcTrigger>>;

fn trigger(all: Triggers, chat: ChatId) -> ArcTrigger {
    all.try_update_value(|all| all.entry(chat).or_insert_with(ArcTrigger::new).clone()).unwrap_or_else(ArcTrigger::new)
}

fn notify(all: Triggers, chat: ChatId) {
    let trigger = all.try_with_value(|all| all.get(&chat).cloned());
    if let Some(trigger) = trigger.flatten() {
        trigger.notify();
    }
}
