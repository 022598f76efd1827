//! What the page knows of the visitor's chat, and how frames change it. Pure.

use crate::{
    domain::{
        chat::{PublicEvent, PublicState},
        ids::{ChatId, ClientId},
    },
    protocol::{Marks, PublicLogged, Resume, VisitorChat},
    ui::live::stream::{Step, step},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    pub chat: Option<ChatId>,
    /// Counts the chats shown, so that rows of two chats are never taken for one.
    pub turn: u32,
    pub state: Option<PublicState>,
    pub events: Vec<PublicLogged>,
    /// Older events exist.
    pub earlier: bool,
    pub cursor: u64,
    /// How far the desk has come, and the customer himself, in any tab.
    pub desk: Marks,
    pub mine: Marks,
    /// Somebody at the desk is typing.
    pub typing: bool,

    /// Who the visitor is. None: nobody yet, or a cookie says it.
    pub token: Option<String>,
    /// The host page has proved who he is; the token is in memory alone.
    pub verified: bool,
    /// Opened by itself.
    pub alone: bool,
    /// The host page has said hello; a page by itself needs none.
    pub introduced: bool,
    /// The server has said whether there is a chat.
    pub synced: bool,

    /// The panel is open, somebody can see the page, the end of the list is in view.
    pub open: bool,
    pub visible: bool,
    pub at_end: bool,
    /// Messages that came in while an earlier part was being read.
    pub unseen: usize,

    /// Something that did not work, in words.
    pub trouble: String,
    /// The last message of the desk, for screen readers, and its writer's own name.
    pub said: String,
    pub said_by: Option<String>,
    /// The page is of another build than the server.
    pub outdated: bool,
}

/// What the window is for now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// No chat: the front door.
    #[default]
    Front,
    /// A chat goes on, or the customer's next message takes it up again (G27).
    Chat,
    /// The chat is over: to be read, until a new one is wanted (`public/front.js`).
    Over,
}

impl Stage {
    /// Of a chat in this state, with these last events.
    #[must_use]
    pub fn of(chat: Option<(PublicState, &[PublicLogged])>) -> Self {
        let Some((state, events)) = chat else { return Self::Front };
        let ended = |logged: &PublicLogged| matches!(logged.event, PublicEvent::Ended { .. });
        if state == PublicState::Ended && events.iter().rev().any(ended) { Self::Over } else { Self::Chat }
    }

    /// As the page's style knows it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Chat => "chat",
            Self::Over => "over",
        }
    }
}

/// What came of a frame of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Applied,
    Known,
    /// Something between is missing.
    Gap,
}

impl Model {
    /// Whether a chat goes on.
    #[must_use]
    pub fn live(&self) -> bool {
        self.state.is_some_and(|state| state != PublicState::Ended)
    }

    #[must_use]
    pub fn stage(&self) -> Stage {
        Stage::of(self.state.map(|state| (state, self.events.as_slice())))
    }

    #[must_use]
    pub fn resume(&self) -> Option<Resume> {
        self.chat.map(|chat| Resume { chat, seq: self.cursor })
    }

    /// Whether a connection is wanted: while somebody looks or a chat goes on, and until
    /// we know.
    #[must_use]
    pub fn wants_socket(&self) -> bool {
        let known = self.token.is_some() || self.alone && (self.chat.is_some() || !self.synced);
        known && (self.open || self.live() || !self.synced)
    }

    /// Messages of the desk that nobody has looked at.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.events.iter().filter(|logged| logged.seq > self.mine.seen && is_theirs(logged)).count()
    }

    /// Marks what has arrived and, if somebody is looking at it, what is in view.
    /// `true` when that is more than before.
    pub fn mark(&mut self) -> bool {
        let last = self.events.iter().rev().find(|logged| is_theirs(logged)).map_or(0, |logged| logged.seq);
        let looking = self.open && self.visible && self.at_end;
        let marks = self.mine.max(Marks { delivered: last, seen: if looking { last } else { 0 } });
        std::mem::replace(&mut self.mine, marks) != marks
    }

    /// Shows a chat as it stands, in place of whatever was shown.
    pub fn show(&mut self, chat: Option<VisitorChat>) {
        let before = self.chat;
        self.typing = false;
        let Some(chat) = chat else {
            self.chat = None;
            self.state = None;
            self.events = Vec::new();
            self.earlier = false;
            self.cursor = 0;
            (self.desk, self.mine) = Default::default();
            return;
        };
        if before == Some(chat.id) {
            (self.desk, self.mine) = (chat.desk.max(self.desk), chat.mine.max(self.mine));
        } else {
            self.turn += 1;
            (self.desk, self.mine) = (chat.desk, chat.mine);
        }
        self.chat = Some(chat.id);
        self.state = Some(chat.state);
        self.events = chat.events;
        self.earlier = chat.earlier;
        self.cursor = chat.seq;
    }

    /// Adds the events of a frame if they are the next ones.
    pub fn apply(&mut self, prev: u64, seq: u64, events: Vec<PublicLogged>) -> Heard {
        match (step(self.cursor, prev, seq), self.chat) {
            (Step::Apply, Some(_)) => {}
            (Step::Known, _) => return Heard::Known,
            _ => return Heard::Gap,
        }
        for logged in &events {
            self.state = self.state.map(|state| state.after(&logged.event));
            if let PublicEvent::Message { mine: false, text, nickname } = &logged.event {
                self.typing = false;
                self.said.clone_from(text);
                self.said_by.clone_from(nickname);
            }
        }
        self.cursor = seq;
        self.synced = true;
        self.events.extend(events);
        Heard::Applied
    }

    /// Puts older events before the first one, unless the list changed meanwhile.
    pub fn prepend(&mut self, chat: ChatId, before: u64, events: Vec<PublicLogged>, earlier: bool) {
        if self.chat == Some(chat) && self.events.first().is_some_and(|first| first.seq == before) {
            self.earlier = earlier;
            self.events.splice(0..0, events);
        }
    }

    /// The ids of the customer's own messages in the log.
    pub fn own(&self) -> Vec<ClientId> {
        self.events.iter().filter_map(|logged| logged.client_id).collect()
    }
}

/// A message of the desk.
pub fn is_theirs(logged: &PublicLogged) -> bool {
    matches!(logged.event, PublicEvent::Message { mine: false, .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;
    use uuid::Uuid;

    fn id(n: u128) -> ChatId {
        ChatId(Uuid::from_u128(n))
    }

    fn said(seq: u64, mine: bool) -> PublicLogged {
        let event = PublicEvent::Message { mine, text: seq.to_string(), nickname: None };
        PublicLogged { seq, at: Timestamp(0), client_id: None, event, html: None }
    }

    fn chat(n: u128, seq: u64) -> VisitorChat {
        let events = (1..=seq).map(|seq| said(seq, seq % 2 == 1)).collect();
        VisitorChat { id: id(n), state: PublicState::Waiting, events, earlier: false, seq, desk: Marks::default(), mine: Marks::default() }
    }

    fn showing(chat: VisitorChat) -> Model {
        let mut model = Model { token: Some("t".into()), open: true, visible: true, at_end: true, ..Model::default() };
        model.show(Some(chat));
        model
    }

    #[test]
    fn frames_are_applied_once_and_a_gap_is_noticed() {
        let mut model = showing(chat(1, 2));
        assert_eq!(model.apply(2, 3, vec![said(3, false)]), Heard::Applied);
        assert_eq!(model.apply(2, 3, vec![said(3, false)]), Heard::Known);
        assert_eq!(model.apply(4, 5, vec![said(5, false)]), Heard::Gap);
        assert_eq!(model.cursor, 3);
        assert_eq!(model.events.len(), 3);
    }

    #[test]
    fn events_of_no_chat_are_a_gap() {
        assert_eq!(Model::default().apply(0, 1, vec![said(1, true)]), Heard::Gap);
    }

    #[test]
    fn what_is_out_of_view_is_delivered_and_not_seen() {
        let mut model = Model { at_end: false, ..showing(chat(1, 4)) };
        assert!(model.mark());
        assert_eq!(model.mine, Marks { delivered: 4, seen: 0 });
        assert_eq!(model.unread(), 2);
        model.at_end = true;
        assert!(model.mark());
        assert_eq!((model.mine.seen, model.unread()), (4, 0));
        assert!(!model.mark());
    }

    #[test]
    fn marks_never_go_back_within_a_chat_and_start_anew_with_another() {
        let mut model = showing(chat(1, 4));
        model.mark();
        model.show(Some(chat(1, 4)));
        assert_eq!(model.mine.seen, 4);
        let turn = model.turn;
        model.show(Some(chat(2, 2)));
        assert_eq!(model.mine, Marks::default());
        assert_ne!(model.turn, turn);
    }

    #[test]
    fn a_connection_is_wanted_while_looking_or_while_a_chat_goes_on() {
        let mut model = Model { synced: true, ..showing(chat(1, 1)) };
        model.open = false;
        assert!(model.wants_socket());
        model.state = Some(PublicState::Ended);
        assert!(!model.wants_socket());
        model.open = true;
        assert!(model.wants_socket());
        model.token = None;
        assert!(!model.wants_socket());
        assert!(!Model::default().wants_socket());
    }

    #[test]
    fn older_events_are_put_first_once() {
        let mut model = showing(VisitorChat { events: vec![said(5, true)], ..chat(1, 5) });
        model.prepend(id(1), 5, vec![said(4, false)], true);
        model.prepend(id(1), 5, vec![said(4, false)], true);
        model.prepend(id(2), 4, vec![said(3, false)], true);
        assert_eq!(model.events.iter().map(|e| e.seq).collect::<Vec<_>>(), [4, 5]);
    }
}
