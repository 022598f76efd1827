//! Which chats stand in which list, and what of them waits for me.

use super::{Model, Row};
use crate::{
    domain::{
        chat::{Hold, State},
        ids::ChatId,
        text::find::finds,
        time::Timestamp,
    },
    protocol::Card,
    ui::session::escape,
};
use std::collections::BTreeSet;

/// The three lists (G2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tab {
    Waiting,
    Active,
    Held,
}

impl Tab {
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Active, Self::Held];
}

/// Which of the chats in hand are shown (K10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    #[default]
    All,
    Unread,
    /// The last word is the customer's, read or not.
    Unanswered,
}

impl Show {
    pub const ALL: [Self; 3] = [Self::All, Self::Unread, Self::Unanswered];

    /// Its name in the page's address.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Unread => Some("unread"),
            Self::Unanswered => Some("unanswered"),
        }
    }

    #[must_use]
    pub fn parse(name: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|show| show.name() == name).unwrap_or_default()
    }

    fn has(self, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::Unread => row.is_unread(),
            Self::Unanswered => row.unanswered_since().is_some(),
        }
    }
}

/// What of the lists is shown, as the page's address says it (K10, K17).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub show: Show,
    /// What is looked for: in who the customer is, tags, queue and page. Empty: nothing.
    pub words: String,
}

impl Filter {
    #[must_use]
    pub fn parse(show: Option<&str>, words: Option<&str>) -> Self {
        Self { show: Show::parse(show), words: words.unwrap_or_default().to_owned() }
    }

    /// The address of the console, or of one of its chats, with these shown.
    #[must_use]
    pub fn address(&self, chat: Option<ChatId>) -> String {
        let chat = chat.map(|id| format!("/{id}")).unwrap_or_default();
        let show = self.show.name().map(|name| format!("show={name}"));
        let words = (!self.words.trim().is_empty()).then(|| format!("q={}", escape(&self.words)));
        let query = [show, words].into_iter().flatten().collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/console{chat}{mark}{query}")
    }
}

impl Model {
    /// The chats of a list: who waits longest is first; among the active ones those whose
    /// last word is the customer's, then the others, newest first.
    #[must_use]
    pub fn list(&self, tab: Tab) -> Vec<ChatId> {
        let mut rows: Vec<&Row> = self.rows.values().filter(|r| r.tab(self.me) == Some(tab)).collect();
        rows.sort_by_key(|r| r.order(self.me));
        rows.into_iter().map(|r| r.card.chat.id).collect()
    }

    /// The chats in hand of which `show` is true, in their order.
    #[must_use]
    pub fn in_hand(&self, show: Show) -> Vec<ChatId> {
        self.list(Tab::Active).into_iter().filter(|id| self.rows.get(id).is_some_and(|row| show.has(row))).collect()
    }

    /// What of a list `filter` shows, in its order; only chats in hand may be unread.
    #[must_use]
    pub fn shown(&self, tab: Tab, filter: &Filter) -> Vec<ChatId> {
        let mut list = if tab == Tab::Active { self.in_hand(filter.show) } else { self.list(tab) };
        if !filter.words.trim().is_empty() {
            list.retain(|id| self.rows.get(id).is_some_and(|row| self.finds(row, &filter.words)));
        }
        list
    }

    /// Whether all of `words` are found in who the customer is, tags, queue and page.
    fn finds(&self, row: &Row, words: &str) -> bool {
        let Card { code, member, labels, page, chat, .. } = &row.card;
        let queue = self.queues.get(&chat.queue);
        let names = [code, &labels.name, &page.title].into_iter().chain(member).chain(&labels.tags);
        let names = names.chain(queue.into_iter().flat_map(|name| [&name.ko, &name.en]));
        finds(words, &names.map(String::as_str).collect::<Vec<_>>())
    }

    /// With whom one goes on when `done` is over (K19): of the chats that stand with it, those
    /// shown, the next one that wants an answer, else the next one.
    #[must_use]
    pub fn after(&self, done: ChatId, filter: &Filter) -> Option<ChatId> {
        let tab = self.rows.get(&done).and_then(|row| row.tab(self.me)).unwrap_or(Tab::Active);
        let list = self.shown(tab, filter);
        next_of(&list, done, |id| self.rows.get(id).is_some_and(|row| row.is_unread() || row.unanswered_since().is_some()))
    }

    /// Who has waited longest.
    #[must_use]
    pub fn longest_wait(&self) -> Option<Timestamp> {
        self.rows.values().filter(|r| r.tab(self.me) == Some(Tab::Waiting)).filter_map(Row::waiting_since).min()
    }

    /// What waits for me and I have not looked at (A32).
    #[must_use]
    pub fn calls(&self) -> BTreeSet<ChatId> {
        self.mine_to_begin().map(|row| row.card.chat.id).filter(|id| !self.looked.contains(id)).collect()
    }

    /// How many chats wait for me: to be begun, or with words that I have not read (K3).
    #[must_use]
    pub fn for_me(&self) -> usize {
        let unread = |row: &&Row| row.is_unread() && row.tab(self.me) == Some(Tab::Active);
        self.mine_to_begin().count() + self.rows.values().filter(unread).count()
    }

    /// What I may start, what was delegated to me (G28), and what I am invited to (A80).
    fn mine_to_begin(&self) -> impl Iterator<Item = &Row> {
        self.rows.values().filter(|row| {
            row.tab(self.me).is_some()
                && match row.card.chat.state {
                    State::Waiting { .. } => row.card.chat.may_start(self.me, self.mode).is_ok(),
                    State::Held { why: Hold::Delegated { .. }, .. } => true,
                    _ => row.is_invitation(self.me),
                }
        })
    }
}

/// The next one of a list that calls, from the top again at its end; else the next one.
pub(super) fn next_of(list: &[ChatId], done: ChatId, calls: impl Fn(&ChatId) -> bool) -> Option<ChatId> {
    let (before, after) = match list.iter().position(|id| *id == done) {
        Some(at) => (&list[..at], &list[at + 1..]),
        None => (&list[..0], list),
    };
    let round = || after.iter().chain(before).copied();
    round().find(calls).or_else(|| round().next())
}
