//! What the console knows, as plain data, and how it follows the stream: no signals, no
//! browser. `store.rs` wraps it for the pages.

mod lists;
mod log;
mod row;

pub use lists::{Filter, Show, Tab};
pub use log::{Log, Pushed};
pub use row::Row;

use crate::{
    domain::{
        chat::{Author, Chat, Event, Hold, Logged, Rating, State},
        ids::{AccountId, ChatId, QueueId},
        service::Localized,
        settings::RoutingMode,
        time::{SECOND, Timestamp},
    },
    protocol::{AgentFrame, Card, Desk, Marks, Thread, Typist},
    ui::live::stream::{Step, step},
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// How long "typing" is believed without a word of it.
pub const TYPING_LASTS: i64 = 6 * SECOND;

/// How many chats that left the lists stay readable.
const LEFT_MAX: usize = 20;

/// Why a chat is in no list any more, though it may still be open for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Another agent has it (G16).
    TakenBy(AccountId),
    /// It is not this agent's to see any more.
    Hidden,
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
    Said { chat: ChatId, text: String, files: usize },
    /// A colleague has left a note.
    Noted { chat: ChatId, text: String },
    /// Something was offered or delegated to me; by whom, if by a colleague.
    Given { chat: ChatId, by: Option<AccountId> },
    /// A colleague has invited me into his chat (A80).
    Invited { chat: ChatId, by: AccountId },
    /// A waiting chat went to another agent.
    Taken { chat: ChatId, by: AccountId },
    /// The customer left before anybody answered.
    Gave { chat: ChatId },
    /// The customer has rated it (G19).
    Rated { chat: ChatId, rating: Rating },
    /// A chat of mine was ended (by me in another tab, or by a rule of time).
    Ended { chat: ChatId },
}

/// Everything the console knows.
#[derive(Clone, Debug)]
pub struct Model {
    me: AccountId,
    mode: RoutingMode,
    cursor: u64,
    /// The queues' names: rows are found by them.
    queues: HashMap<QueueId, Localized>,
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
            mode: desk.mode,
            cursor: 0,
            queues: HashMap::new(),
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
        (self.cursor, self.mode) = (desk.seq, desk.mode);
        self.queues = desk.queues.iter().map(|queue| (queue.id, queue.name.clone())).collect();
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

    /// Which of the waiting may be started by whom (G16).
    #[must_use]
    pub fn mode(&self) -> RoutingMode {
        self.mode
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
            None => self.looked.extend(self.list(Tab::Waiting)),
        }
    }

    /// Applies a frame of the stream.
    pub fn frame(&mut self, frame: AgentFrame, now: Timestamp) -> Outcome {
        let mut outcome = Outcome::default();
        match frame {
            AgentFrame::Welcome { .. }
            | AgentFrame::Status { .. }
            | AgentFrame::Staff
            | AgentFrame::Drafts { .. }
            | AgentFrame::Bye { .. } => {}
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
                // Where I was a guest nobody has taken anything from me.
                if self.rows.get(&chat).is_some_and(|row| row.card.chat.guest(self.me).is_some()) {
                    return self.leaves(chat, outcome);
                }
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
            AgentFrame::Watching { chat, is } => {
                if let Some(row) = self.rows.get_mut(&chat) {
                    row.watching = is;
                    outcome.rows.insert(chat);
                }
            }
            AgentFrame::Panel { chat, labels } => {
                if let Some(row) = self.rows.get_mut(&chat).filter(|row| row.card.labels != labels) {
                    row.card.labels = labels;
                    outcome.rows.insert(chat);
                    // The filter finds by them.
                    outcome.lists = true;
                }
            }
            AgentFrame::MyFlag { chat, on } => return self.flag(chat, on),
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
        log.language = thread.language;
        outcome.logs.insert(chat);
        // An answer from before the chat left these lists must not bring it back.
        let late = self.rows.get(&chat).is_some_and(|row| row.left.is_some() && row.card.chat.seq >= thread.card.chat.seq);
        if !late {
            self.card(thread.card, &mut outcome);
        }
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

    /// The chat was ended from here; its last events follow.
    pub fn over(&mut self, chat: ChatId) -> Outcome {
        self.leaves(chat, Outcome::default())
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

    /// Puts a chat among the unread, or takes it from there.
    pub fn flag(&mut self, chat: ChatId, on: bool) -> Outcome {
        let mut outcome = Outcome::default();
        if let Some(row) = self.rows.get_mut(&chat).filter(|row| row.card.flagged != on) {
            row.card.flagged = on;
            outcome.rows.insert(chat);
            outcome.lists = true;
        }
        outcome
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
            Event::Message { author, text, files, .. } => {
                row.card.last = Some(logged.clone());
                if *author == Author::Customer {
                    row.typing_until = None;
                    row.card.unread += 1;
                    outcome.news.push(News::Said { chat: id, text: text.clone(), files: files.len() });
                }
            }
            Event::Note { agent, text } if *agent != self.me => outcome.news.push(News::Noted { chat: id, text: text.clone() }),
            Event::Offered { agent, .. } if *agent == self.me => {
                self.looked.remove(&id);
                outcome.news.push(News::Given { chat: id, by: None });
            }
            // What the receiver had read while it waited: else it comes as a card.
            Event::Delegated { from, to } if *to == self.me => {
                self.looked.remove(&id);
                outcome.news.push(News::Given { chat: id, by: Some(*from) });
            }
            Event::Invited { from, to } if *to == self.me => {
                self.looked.remove(&id);
                outcome.news.push(News::Invited { chat: id, by: *from });
            }
            Event::Started { agent } if *agent != self.me => outcome.news.push(News::Taken { chat: id, by: *agent }),
            Event::Rated { rating, .. } if is_of(&row.card.chat, self.me) => outcome.news.push(News::Rated { chat: id, rating: *rating }),
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
        let before = self.rows.get(&id).map(|row| &row.card.chat);
        let ended = card.chat.is_ended();
        if let Some(rating) = rated_since(before, &card.chat).filter(|_| is_of(&card.chat, self.me)) {
            outcome.news.push(News::Rated { chat: id, rating });
        }
        // Also one that had left these lists.
        if self.rows.get(&id).is_none_or(|row| row.left.is_some()) {
            outcome.news.extend(self.comes(&card.chat));
        }
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
        if ended {
            self.depart(id, outcome);
        }
    }

    /// The chat is none of mine any more, and no news.
    fn leaves(&mut self, id: ChatId, mut outcome: Outcome) -> Outcome {
        self.leave(id, Left::Hidden, &mut outcome);
        outcome
    }

    /// What there is to hear of a chat that comes into these lists.
    fn comes(&self, chat: &Chat) -> Option<News> {
        let id = chat.id;
        match chat.state {
            State::Held { agent, why: Hold::Delegated { from }, .. } if agent == self.me => Some(News::Given { chat: id, by: Some(from) }),
            _ => match chat.guest(self.me) {
                Some(guest) if !guest.joined => Some(News::Invited { chat: id, by: guest.by }),
                _ => chat.offer.filter(|offer| offer.agent == self.me).map(|_| News::Given { chat: id, by: None }),
            },
        }
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
            // The counts beside the lists follow what is read.
            outcome.lists = true;
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

/// Whether `agent` has it, or has begun it: whom its rating is about.
fn is_of(chat: &Chat, agent: AccountId) -> bool {
    chat.agent().or(chat.started.map(|started| started.by)) == Some(agent)
}

/// What a card tells of a rating: after the end of a chat nothing else does.
fn rated_since(before: Option<&Chat>, now: &Chat) -> Option<Rating> {
    let rated = now.rated.as_ref().filter(|_| now.is_ended())?;
    let known = before.is_some_and(|before| before.seq >= now.seq || before.rated.as_ref() == Some(rated));
    (!known).then_some(rated.rating)
}

#[cfg(test)]
mod tests;
