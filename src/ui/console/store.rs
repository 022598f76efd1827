//! The [`Model`] for pages: reads are tracked per chat and per list, so that a message
//! redraws its own row and nothing else.

use super::model::{Filter, Log, Model, Outcome, Row, Show, Tab};
use crate::{
    domain::{
        ids::{AccountId, ChatId, QueueId},
        permission::Right,
        presence::Status,
        service::{Language, Service},
        settings::{Naming, RoutingMode},
        time::Timestamp,
    },
    protocol::{Desk, Hello, VERSION},
};
use leptos::prelude::*;
use std::collections::{BTreeSet, HashMap};

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
    oversees: bool,
    rating: bool,
    naming: Naming,
    nickname: String,
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
            oversees: desk.me.has(Right::Oversight),
            rating: desk.rating,
            naming: desk.naming,
            nickname: desk.colleagues.iter().find(|c| c.account == desk.me.account).map(|c| c.nickname.clone()).unwrap_or_default(),
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
    rested: RwSignal<bool>,
    /// Who else has set it (E6).
    status_by: RwSignal<Option<AccountId>>,
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
            rested: RwSignal::new(desk.rested),
            status_by: RwSignal::new(desk.status_by),
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

    /// Follows every desk that is loaded anew.
    pub fn follow_desk(self) {
        self.about.track();
    }

    /// Whether the contract has chat (A1); follows its changes.
    #[must_use]
    pub fn has_chat(self) -> bool {
        self.about.with(|about| about.service.contract.chat)
    }

    /// 만족도 평가 사용; follows its changes.
    #[must_use]
    pub fn rating_is_on(self) -> bool {
        self.about.with(|about| about.rating)
    }

    /// As whom customers read agents (A45).
    #[must_use]
    pub fn naming(self) -> Naming {
        self.about.with_untracked(|about| about.naming)
    }

    /// The name under which customers read me, where it may be another than the service's;
    /// follows its changes.
    #[must_use]
    pub fn shown_as(self, language: Language) -> Option<String> {
        self.about.with(|about| {
            let service = || about.service.name.get(language).to_owned();
            (about.naming == Naming::Nickname).then(|| about.naming.above(&about.nickname).unwrap_or_else(service))
        })
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

    /// The chats in hand of which `show` is true (K10).
    #[must_use]
    pub fn in_hand(self, show: Show) -> Vec<ChatId> {
        self.lists.track();
        self.model.with_value(|model| model.in_hand(show))
    }

    /// What of a list `filter` shows (K17).
    #[must_use]
    pub fn shown(self, tab: Tab, filter: &Filter) -> Vec<ChatId> {
        self.lists.track();
        self.model.with_value(|model| model.shown(tab, filter))
    }

    /// With whom one goes on when `done` is over (K19).
    #[must_use]
    pub fn after(self, done: ChatId, filter: &Filter) -> Option<ChatId> {
        self.lists.track();
        self.model.with_value(|model| model.after(done, filter))
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

    /// What waits for me and I have not looked at (A32).
    #[must_use]
    pub fn calls(self) -> BTreeSet<ChatId> {
        self.lists.track();
        self.looked.track();
        self.model.with_value(Model::calls)
    }

    /// How many chats wait for me (K3).
    #[must_use]
    pub fn for_me(self) -> usize {
        self.lists.track();
        self.model.with_value(Model::for_me)
    }

    #[must_use]
    pub fn now(self) -> ReadSignal<Option<Timestamp>> {
        self.now.read_only()
    }

    /// Which of the waiting may be started by whom (G16); follows the lists.
    #[must_use]
    pub fn mode(self) -> RoutingMode {
        self.lists.track();
        self.model.with_value(Model::mode)
    }

    /// One's own status; follows it.
    #[must_use]
    pub fn status(self) -> Status {
        self.status.get()
    }

    #[must_use]
    pub fn status_untracked(self) -> Status {
        self.status.get_untracked()
    }

    /// Whether one may take chats at all.
    #[must_use]
    pub fn may_chat(self) -> bool {
        self.about.with_untracked(|about| about.may_chat)
    }

    /// Whether one sees everybody's chats and the board (G32); follows the desk.
    #[must_use]
    pub fn oversees(self) -> bool {
        self.about.with(|about| about.oversees)
    }

    /// Everybody of the service by name, in the order of the names.
    #[must_use]
    pub fn colleagues(self) -> Vec<(AccountId, String)> {
        let mut all: Vec<_> = self.about.with_untracked(|about| about.names.iter().map(|(id, name)| (*id, name.clone())).collect());
        all.sort_by(|(_, a): &(AccountId, String), (_, b)| a.cmp(b));
        all
    }

    /// The queues by name; follows the desk.
    #[must_use]
    pub fn queue_names(self) -> Vec<(QueueId, crate::domain::service::Localized)> {
        self.about.with(|about| about.queues.iter().map(|(id, name)| (*id, name.clone())).collect())
    }

    /// Reads everybody's chats that go on, as this agent may see them; follows the lists.
    #[must_use]
    pub fn with_everybodys<T>(self, read: impl FnOnce(&mut dyn Iterator<Item = &Row>) -> T) -> T {
        self.lists.track();
        self.model.with_value(|model| read(&mut model.rows().filter(|row| row.left.is_none() && !row.card.chat.is_ended())))
    }

    // ---- changing ----

    pub fn set_status(self, status: Status) {
        if self.status.try_get_untracked() == Some(status) {
            // Why it is this one is no other because it was told again.
            return;
        }
        let _ = self.status.try_set(status);
        let _ = self.rested.try_set(false);
        let _ = self.status_by.try_set(None);
    }

    /// Somebody else has set my status (E6).
    pub fn status_set_by(self, by: Option<AccountId>) {
        let _ = self.status_by.try_set(by);
    }

    /// Who else has, if somebody has; follows it.
    #[must_use]
    pub fn status_by(self) -> Option<AccountId> {
        self.status_by.get()
    }

    /// The router has put me on 휴식 (G17).
    pub fn rest(self) {
        let _ = self.rested.try_set(true);
    }

    /// Whether it has; follows it.
    #[must_use]
    pub fn rested(self) -> bool {
        self.rested.get()
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
