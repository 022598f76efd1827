//! What the console knows, as plain data, and how it follows the stream: no signals, no
//! browser. `store.rs` wraps it for the pages.

use crate::{
    domain::{
        chat::{Author, Event, Logged, State},
        customer::Customer,
        ids::{AccountId, ChatId},
        time::{SECOND, Timestamp},
    },
    protocol::{AgentFrame, Card, Desk, Marks, Thread, Typist},
    ui::live::stream::{Step, step},
};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, HashSet},
};

/// How long "typing" is believed without a word of it.
pub const TYPING_LASTS: i64 = 6 * SECOND;

/// How many chats that left the lists stay readable.
const LEFT_MAX: usize = 20;

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

/// Why a chat is in no list any more, though it may still be open for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Another agent has it (G16).
    TakenBy(AccountId),
    /// It is not this agent's to see any more.
    Hidden,
}

/// A chat as the lists and its head show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub card: Card,
    /// The customer is typing, believed until then.
    pub typing_until: Option<Timestamp>,
    pub left: Option<Left>,
    /// My own marks, as far as this page knows them.
    pub mine: Marks,
}

impl Row {
    fn new(card: Card) -> Self {
        let mine = if card.unread == 0 { all(&card) } else { Marks::default() };
        Self { card, typing_until: None, left: None, mine }
    }

    /// The list this chat belongs to in the eyes of `me`.
    #[must_use]
    pub fn tab(&self, me: AccountId) -> Option<Tab> {
        if self.left.is_some() {
            return None;
        }
        match self.card.chat.state {
            State::Waiting { .. } => Some(Tab::Waiting),
            State::Active { agent, .. } | State::CustomerEnded { agent, .. } if agent == me => Some(Tab::Active),
            State::Held { agent, .. } if agent == me => Some(Tab::Held),
            _ => None,
        }
    }

    /// Since when the customer waits for a first answer: also on hold before the start (G28).
    #[must_use]
    pub fn waiting_since(&self) -> Option<Timestamp> {
        match self.card.chat.state {
            _ if self.left.is_some() => None,
            State::Waiting { since } => Some(since),
            State::Held { .. } if self.card.chat.started.is_none() => self.card.chat.accepted_at,
            _ => None,
        }
    }

    /// Since when the customer's last word has no answer, in a chat of mine.
    #[must_use]
    pub fn unanswered_since(&self) -> Option<Timestamp> {
        let last = self.card.last.as_ref()?;
        matches!(last.event, Event::Message { author: Author::Customer, .. }).then_some(last.at)
    }

    /// Whether somebody else has the chat in hand; then it can only be read.
    #[must_use]
    pub fn other_agent(&self, me: AccountId) -> Option<AccountId> {
        match self.left {
            Some(Left::TakenBy(agent)) => Some(agent),
            _ => self.card.chat.agent().filter(|a| *a != me),
        }
    }

    fn order(&self) -> (u8, i64, Reverse<i64>, ChatId) {
        let id = self.card.chat.id;
        match self.card.chat.state {
            State::Waiting { since } | State::Held { since, .. } => (0, since.0, Reverse(0), id),
            _ => match self.unanswered_since() {
                Some(at) => (0, at.0, Reverse(0), id),
                None => (1, 0, Reverse(self.card.last.as_ref().map_or(self.card.chat.intake_at, |l| l.at).0), id),
            },
        }
    }
}

/// A stretch of one chat's log without a gap, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    pub events: Vec<Logged>,
    /// Older events exist before the first one here.
    pub earlier: bool,
    /// Who he is, as of the last time a stretch was asked for.
    pub customer: Option<Customer>,
}

/// What became of an event that was handed to a [`Log`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    Appended,
    /// It was there already.
    Known,
    /// Something is missing before it.
    Gap,
}

impl Log {
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.events.last().map_or(0, |e| e.seq)
    }

    pub fn push(&mut self, event: &Logged) -> Pushed {
        let next = self.last_seq() + 1;
        if event.seq < next {
            Pushed::Known
        } else if event.seq > next {
            Pushed::Gap
        } else {
            self.events.push(event.clone());
            Pushed::Appended
        }
    }

    /// Takes over a stretch that the server answered: joined where it touches what is
    /// here, in place of it where it does not.
    pub fn merge(&mut self, events: Vec<Logged>, earlier: bool) {
        let (Some(first), Some(last)) = (events.first().map(|e| e.seq), events.last().map(|e| e.seq)) else {
            if self.events.is_empty() {
                self.earlier = earlier;
            }
            return;
        };
        let Some(mine) = self.events.first().map(|e| e.seq) else {
            (self.events, self.earlier) = (events, earlier);
            return;
        };
        if last + 1 >= mine && first <= self.last_seq() + 1 {
            if first < mine {
                let older = events.iter().take_while(|e| e.seq < mine).cloned();
                self.events.splice(..0, older);
                self.earlier = earlier;
            }
            for event in &events {
                self.push(event);
            }
        } else if last > self.last_seq() {
            (self.events, self.earlier) = (events, earlier);
        }
    }

    /// The public number of the first of the newest `unread` messages of the customer.
    #[must_use]
    pub fn first_unread(&self, unread: u32) -> Option<u64> {
        let nth = usize::try_from(unread).ok()?.checked_sub(1)?;
        self.events.iter().rev().filter(|e| is_customers(&e.event)).map(|e| e.public).nth(nth).flatten()
    }
}

/// The marks of somebody who has seen everything.
fn all(card: &Card) -> Marks {
    Marks { delivered: card.chat.public_seq, seen: card.chat.public_seq }
}

/// Whether the customer wrote it.
pub(super) fn is_customers(event: &Event) -> bool {
    matches!(event, Event::Message { author: Author::Customer, .. })
}

/// What the page must do after a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows that changed.
    pub rows: BTreeSet<ChatId>,
    /// Logs that changed.
    pub logs: BTreeSet<ChatId>,
    /// A chat came, went, or moved between lists or within one.
    pub lists: bool,
    /// The stream has a hole: say hello again with the cursor.
    pub hello: bool,
    /// Load the desk again.
    pub desk: bool,
    /// Logs with a hole: load these again.
    pub reload: BTreeSet<ChatId>,
    /// Departed chats that are not kept any longer.
    pub forgotten: Vec<ChatId>,
    pub news: Vec<News>,
}

/// What an agent may want to hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The customer wrote.
    Said { chat: ChatId, text: String },
    /// A waiting chat went to another agent.
    Taken { chat: ChatId, by: AccountId },
    /// The customer left before anybody answered.
    Gave { chat: ChatId },
    /// A chat of mine was ended (by me in another tab, or by a rule of time).
    Ended { chat: ChatId },
}

/// Everything the console knows.
#[derive(Clone, Debug)]
pub struct Model {
    me: AccountId,
    cursor: u64,
    rows: HashMap<ChatId, Row>,
    logs: HashMap<ChatId, Log>,
    /// Departed rows, oldest first.
    departed: Vec<ChatId>,
    /// Waiting chats that the agent has looked at: the icon blinks for the others (A32).
    looked: HashSet<ChatId>,
}

impl Model {
    #[must_use]
    pub fn new(desk: &Desk) -> Self {
        let mut model = Self {
            me: desk.me.account,
            cursor: 0,
            rows: HashMap::new(),
            logs: HashMap::new(),
            departed: Vec::new(),
            looked: HashSet::new(),
        };
        model.replace(desk);
        model
    }

    /// Takes a freshly loaded desk. Logs stay where they still reach the present.
    pub fn replace(&mut self, desk: &Desk) -> Outcome {
        let mut outcome = Outcome { lists: true, ..Outcome::default() };
        self.cursor = desk.seq;
        let listed: HashSet<ChatId> = desk.cards.iter().map(|c| c.chat.id).collect();
        let absent: Vec<ChatId> =
            self.rows.iter().filter(|(id, row)| row.left.is_none() && !listed.contains(id)).map(|(id, _)| *id).collect();
        for id in absent {
            self.leave(id, Left::Hidden, &mut outcome);
        }
        for card in &desk.cards {
            self.card(card.clone(), &mut outcome);
        }
        outcome
    }

    #[must_use]
    pub fn me(&self) -> AccountId {
        self.me
    }

    /// The last sequence of the service that was applied.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    #[must_use]
    pub fn row(&self, chat: ChatId) -> Option<&Row> {
        self.rows.get(&chat)
    }

    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }

    #[must_use]
    pub fn log(&self, chat: ChatId) -> Option<&Log> {
        self.logs.get(&chat)
    }

    /// The chats of a list: who waits longest is first; among the active ones those whose
    /// last word is the customer's, then the others, newest first.
    #[must_use]
    pub fn list(&self, tab: Tab) -> Vec<ChatId> {
        let mut rows: Vec<&Row> = self.rows.values().filter(|r| r.tab(self.me) == Some(tab)).collect();
        rows.sort_by_key(|r| r.order());
        rows.into_iter().map(|r| r.card.chat.id).collect()
    }

    /// Who has waited longest.
    #[must_use]
    pub fn longest_wait(&self) -> Option<Timestamp> {
        self.rows.values().filter(|r| r.tab(self.me) == Some(Tab::Waiting)).filter_map(Row::waiting_since).min()
    }

    /// Whether a waiting chat has not been looked at (A32).
    #[must_use]
    pub fn blinks(&self) -> bool {
        self.rows.values().any(|r| r.tab(self.me) == Some(Tab::Waiting) && !self.looked.contains(&r.card.chat.id))
    }

    /// Chats whose log here ends before the chat does.
    #[must_use]
    pub fn stale(&self) -> Vec<ChatId> {
        let ends = |id| self.rows.get(&id).map_or(0, |row| row.card.chat.seq);
        self.logs.iter().filter(|(id, log)| log.last_seq() < ends(**id)).map(|(id, _)| *id).collect()
    }

    /// The agent looked at one chat, or at everything that waits.
    pub fn look(&mut self, chat: Option<ChatId>) {
        match chat {
            Some(chat) => drop(self.looked.insert(chat)),
            None => self.looked = self.list(Tab::Waiting).into_iter().collect(),
        }
    }

    /// Applies a frame of the stream.
    pub fn frame(&mut self, frame: AgentFrame, now: Timestamp) -> Outcome {
        let mut outcome = Outcome::default();
        match frame {
            AgentFrame::Welcome { .. } | AgentFrame::Status { .. } | AgentFrame::Bye { .. } => {}
            AgentFrame::Reset => outcome.desk = true,
            AgentFrame::Events { prev, seq, events } => {
                if self.advance(prev, seq, &mut outcome) {
                    for event in &events {
                        self.event(event, &mut outcome);
                    }
                }
            }
            AgentFrame::Progress { prev, seq } => drop(self.advance(prev, seq, &mut outcome)),
            AgentFrame::Card { card } => self.card(*card, &mut outcome),
            AgentFrame::Gone { chat, taken_by } => {
                // A waiting chat that nobody has and that is not to be seen any more: the
                // customer ended it.
                if taken_by.is_none() && self.rows.get(&chat).is_some_and(|row| row.tab(self.me) == Some(Tab::Waiting)) {
                    outcome.news.push(News::Gave { chat });
                }
                self.leave(chat, taken_by.map_or(Left::Hidden, Left::TakenBy), &mut outcome);
            }
            AgentFrame::Typing { chat, who: Typist::Customer, on } => {
                if let Some(row) = self.rows.get_mut(&chat) {
                    row.typing_until = on.then(|| now.plus(TYPING_LASTS));
                    outcome.rows.insert(chat);
                }
            }
            AgentFrame::Typing { who: Typist::Agent(_), .. } => {}
            AgentFrame::CustomerMarks { chat, marks } => {
                if let Some(row) = self.rows.get_mut(&chat) {
                    row.card.customer = row.card.customer.max(marks);
                    outcome.rows.insert(chat);
                }
            }
            AgentFrame::MyMarks { chat, marks } => self.seen(chat, marks, &mut outcome),
        }
        outcome
    }

    /// Takes what [`load_thread`](crate::api::chats::load_thread) answered.
    pub fn thread(&mut self, thread: Thread) -> Outcome {
        let mut outcome = Outcome::default();
        let chat = thread.card.chat.id;
        let log = self.logs.entry(chat).or_default();
        log.merge(thread.events, thread.earlier);
        log.customer = Some(thread.customer);
        outcome.logs.insert(chat);
        self.card(thread.card, &mut outcome);
        // Asking again for what the answer did not bring would go on for ever.
        outcome.reload.clear();
        outcome
    }

    /// Takes a chat as it stands now.
    pub fn take(&mut self, card: Card) -> Outcome {
        let mut outcome = Outcome::default();
        self.card(card, &mut outcome);
        outcome
    }

    /// Another agent turned out to have the chat (G24).
    pub fn taken(&mut self, chat: ChatId, by: AccountId) -> Outcome {
        let mut outcome = Outcome::default();
        self.leave(chat, Left::TakenBy(by), &mut outcome);
        outcome
    }

    /// This page has shown everything of the chat, or has received it only. Answers the
    /// marks to tell the server, if they are news.
    pub fn mark(&mut self, chat: ChatId, in_view: bool) -> (Outcome, Option<Marks>) {
        let mut outcome = Outcome::default();
        let Some(row) = self.rows.get_mut(&chat) else { return (outcome, None) };
        if row.left.is_some() || row.card.chat.is_ended() {
            return (outcome, None);
        }
        let public = row.card.chat.public_seq;
        let now = row.mine.max(Marks { delivered: public, seen: if in_view { public } else { 0 } });
        if now == row.mine {
            return (outcome, None);
        }
        self.seen(chat, now, &mut outcome);
        (outcome, Some(now))
    }

    /// Forgets who typed too long ago.
    pub fn expire(&mut self, now: Timestamp) -> Outcome {
        let mut outcome = Outcome::default();
        for (id, row) in &mut self.rows {
            if row.typing_until.is_some_and(|until| until <= now) {
                row.typing_until = None;
                outcome.rows.insert(*id);
            }
        }
        outcome
    }

    /// Moves the cursor from `prev` to `seq`; false when there is nothing to apply.
    fn advance(&mut self, prev: u64, seq: u64, outcome: &mut Outcome) -> bool {
        match step(self.cursor, prev, seq) {
            Step::Apply => self.cursor = seq,
            Step::Known => return false,
            Step::Gap => {
                outcome.hello = true;
                return false;
            }
        }
        true
    }

    fn event(&mut self, logged: &Logged, outcome: &mut Outcome) {
        let id = logged.chat;
        // A chat that this page does not know comes as a card.
        let Some(row) = self.rows.get_mut(&id) else { return };
        if let Some(log) = self.logs.get_mut(&id) {
            match log.push(logged) {
                Pushed::Appended => drop(outcome.logs.insert(id)),
                Pushed::Gap => drop(outcome.reload.insert(id)),
                Pushed::Known => {}
            }
        }
        let before = row.card.chat.seq;
        if logged.seq <= before {
            return;
        }
        if logged.seq > before + 1 {
            outcome.reload.insert(id);
            return;
        }
        let (tab, waited) = (row.tab(self.me), row.waiting_since().is_some());
        row.card.chat = row.card.chat.clone().apply(&logged.event, logged.at);
        outcome.rows.insert(id);
        outcome.lists = true;
        match &logged.event {
            Event::Message { author, text } => {
                row.card.last = Some(logged.clone());
                if *author == Author::Customer {
                    row.typing_until = None;
                    row.card.unread += 1;
                    outcome.news.push(News::Said { chat: id, text: text.clone() });
                }
            }
            Event::Started { agent } if *agent != self.me => outcome.news.push(News::Taken { chat: id, by: *agent }),
            Event::Ended { .. } => {
                outcome.news.push(if waited { News::Gave { chat: id } } else { News::Ended { chat: id } });
            }
            _ => {}
        }
        if tab.is_some() && row.tab(self.me).is_none() {
            self.depart(id, outcome);
        }
    }

    fn card(&mut self, card: Card, outcome: &mut Outcome) {
        let id = card.chat.id;
        match self.rows.get_mut(&id) {
            Some(row) if row.card.chat.seq > card.chat.seq => return,
            Some(row) => {
                let customer = row.card.customer.max(card.customer);
                row.card = Card { customer, ..card };
                row.left = None;
                // The server learns of my marks a little later than I do.
                if row.mine.seen >= row.card.chat.public_seq {
                    row.card.unread = 0;
                }
                if row.card.unread == 0 {
                    row.mine = row.mine.max(all(&row.card));
                }
            }
            None => drop(self.rows.insert(id, Row::new(card))),
        }
        self.departed.retain(|d| *d != id);
        let seq = self.rows.get(&id).map_or(0, |r| r.card.chat.seq);
        if self.logs.get(&id).is_some_and(|log| log.last_seq() < seq) {
            outcome.reload.insert(id);
        }
        outcome.rows.insert(id);
        outcome.lists = true;
    }

    fn leave(&mut self, id: ChatId, why: Left, outcome: &mut Outcome) {
        let Some(row) = self.rows.get_mut(&id) else { return };
        if let (Left::TakenBy(by), None) = (why, row.left) {
            outcome.news.push(News::Taken { chat: id, by });
        }
        // What is known of the winner is not forgotten again.
        if row.left.is_none() || why != Left::Hidden {
            row.left = Some(why);
        }
        row.typing_until = None;
        outcome.rows.insert(id);
        outcome.lists = true;
        self.depart(id, outcome);
    }

    fn seen(&mut self, chat: ChatId, marks: Marks, outcome: &mut Outcome) {
        let Some(row) = self.rows.get_mut(&chat) else { return };
        row.mine = row.mine.max(marks);
        let unread = if row.mine.seen >= row.card.chat.public_seq {
            0
        } else if let Some(log) = self.logs.get(&chat) {
            let known = log.events.iter().filter(|e| is_customers(&e.event) && e.public.is_some_and(|p| p > row.mine.seen)).count();
            u32::try_from(known).unwrap_or(u32::MAX).min(row.card.unread)
        } else {
            row.card.unread
        };
        if unread != row.card.unread {
            row.card.unread = unread;
            outcome.rows.insert(chat);
        }
    }

    fn depart(&mut self, id: ChatId, outcome: &mut Outcome) {
        self.looked.remove(&id);
        self.departed.retain(|d| *d != id);
        self.departed.push(id);
        if self.departed.len() > LEFT_MAX {
            let oldest = self.departed.remove(0);
            self.rows.remove(&oldest);
            self.logs.remove(&oldest);
            outcome.forgotten.push(oldest);
        }
    }
}

#[cfg(test)]
mod tests;
