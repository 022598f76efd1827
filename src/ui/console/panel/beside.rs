//! What the parts of the pane share: what was loaded, and which of them is in front.

use super::super::line::Line;
use crate::{
    api::{
        ApiError,
        panel::{Panel, load_panel},
    },
    domain::ids::{AccountId, ChatId, TicketId},
    ui::{live::socket::Link, session::left_by},
};
use leptos::{prelude::*, task::spawn_local};

/// What the pane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    Main,
    Ticket(Which),
    /// The transcript of an earlier chat.
    Earlier(ChatId),
}

/// Which ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One that is still to be made.
    New,
    There(TicketId),
}

/// Handle; Copy. Lives as long as its chat is in front.
#[derive(Clone, Copy)]
pub struct Beside {
    pub line: Line,
    pub chat: ChatId,
    pub panel: RwSignal<Option<Panel>>,
    /// Why the last attempt to load it did not work.
    pub failed: RwSignal<Option<ApiError>>,
    pub front: RwSignal<Front>,
    /// Counts what was asked for: only the last answer counts.
    asked: StoredValue<u64>,
}

impl Beside {
    pub fn new(line: Line, chat: ChatId) -> Self {
        let beside = Self {
            line,
            chat,
            panel: RwSignal::new(None),
            failed: RwSignal::new(None),
            front: RwSignal::new(Front::Main),
            asked: StoredValue::new(0),
        };
        // Loaded at first sight, and again with everything that may have changed it: a word
        // of the server, the chat in other hands, other settings, a line that was cut.
        let hands = Memo::new(move |_| {
            line.store.row(chat).map(|row| {
                let theirs = row.tab(line.store.me()).is_none() && !row.card.chat.is_ended();
                (row.card.chat.started, row.card.chat.agent(), theirs)
            })
        });
        let up = Memo::new(move |_| matches!(line.link().get(), Link::Up));
        let news = Memo::new(move |before: Option<&u64>| line.beside(chat, before.copied().unwrap_or_default()));
        Effect::new(move |_| {
            // Read, not tracked: a memo that nobody reads follows nothing.
            let (hands, _, _) = (hands.get(), up.get(), news.get());
            line.store.follow_desk();
            // What is a colleague's by now stays as he saw it.
            if line.store.oversees() || hands.is_none_or(|(.., theirs)| !theirs) {
                beside.load();
            }
        });
        beside
    }

    /// Loads it, or loads it again.
    pub fn load(self) {
        let Some(number) = self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        }) else {
            return;
        };
        let _ = self.failed.try_set(None);
        spawn_local(async move {
            let answer = load_panel(self.chat).await;
            // Another chat is in front by now, or another answer is on its way.
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(panel) => drop(self.panel.try_set(Some(panel))),
                Err(error) if left_by(&error) => {}
                Err(error) => drop(self.failed.try_set(Some(error))),
            }
        });
    }

    /// A part of what was loaded, as it was at first sight.
    pub fn read<T>(self, read: impl FnOnce(&Panel) -> T) -> Option<T> {
        self.panel.with_untracked(|panel| panel.as_ref().map(read))
    }

    /// A part of what is loaded, as it changes.
    pub fn part<T: Clone + PartialEq + Send + Sync + 'static>(self, read: impl Fn(&Panel) -> T + Send + Sync + 'static) -> Memo<Option<T>> {
        Memo::new(move |_| self.panel.with(|panel| panel.as_ref().map(&read)))
    }

    /// A colleague's name; empty for nobody of this service.
    pub fn name_of(self, account: AccountId) -> String {
        self.line.store.name_of(account).unwrap_or_default()
    }
}
