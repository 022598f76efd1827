//! What an agent writes: replies, words among colleagues, and the question before something
//! goes out beside what a colleague has written meanwhile (E1).

use super::line::Line;
use crate::{
    api::{
        ApiError,
        chats::{send_message, write_note},
    },
    domain::{
        chat::{Author, Event, Refused},
        ids::{AccountId, ChatId, ClientId},
        text,
    },
    protocol::Sent,
    ui::{
        live::outbox::{Entry, SendError},
        session::sign_in_again,
    },
};
use leptos::prelude::*;

/// The code of a reply that waits for its agent's answer to the question.
pub const UNSEEN: &str = "unseen";

/// The question of E1: whose words were not seen, and the replies that wait for the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Not known after a reload.
    pub by: Option<AccountId>,
    pub waiting: Vec<Entry>,
}

impl Line {
    /// The end of the log is in view: what stands in it counts as seen.
    pub(super) fn note_viewed(self, chat: ChatId) {
        let upto = self.store.with_log_untracked(chat, super::model::Log::last_seq).unwrap_or_default();
        self.viewed.update_value(|viewed| {
            let before = viewed.entry(chat).or_default();
            *before = upto.max(*before);
        });
    }

    /// The last event of a chat that this agent has had in view.
    #[must_use]
    pub fn seen_upto(self, chat: ChatId) -> u64 {
        let here = self.viewed.with_value(|viewed| viewed.get(&chat).copied()).unwrap_or_default();
        let marked = self.store.row_untracked(chat).map_or(0, |row| row.mine.seen);
        let elsewhere = self
            .store
            .with_log_untracked(chat, |log| log.events.iter().rev().find(|e| e.public.is_some_and(|n| n <= marked)).map_or(0, |e| e.seq))
            .unwrap_or_default();
        here.max(elsewhere)
    }

    /// The colleague whose words stand in the log and were not in view.
    #[must_use]
    pub fn overlooked(self, chat: ChatId) -> Option<AccountId> {
        let (seen, me) = (self.seen_upto(chat), self.store.me());
        let by = |event: &Event| match event {
            Event::Message { author: Author::Agent(agent), .. } | Event::Note { agent, .. } => Some(*agent).filter(|agent| *agent != me),
            _ => None,
        };
        self.store.with_log_untracked(chat, |log| log.events.iter().rev().take_while(|e| e.seq > seen).find_map(|e| by(&e.event))).flatten()
    }

    /// Takes a reply; from here on it is not lost. `sure`: whatever a colleague has written.
    /// False when there is nothing to send.
    pub fn send(self, chat: ChatId, raw: &str, sure: bool) -> bool {
        let Ok(clean) = text::message(raw) else { return false };
        self.outbox.push(Some(chat), clean);
        // The outbox makes its first attempt after this.
        let newest = self.outbox.entries().with_untracked(|all| all.iter().max_by_key(|entry| entry.order).map(|entry| entry.id));
        if let Some(id) = newest.filter(|_| !sure) {
            let seen = self.seen_upto(chat);
            self.asks.update_value(|asks| {
                asks.insert(id, seen);
            });
        }
        true
    }

    /// Takes a word among colleagues; from here on it is not lost.
    pub fn note(self, chat: ChatId, raw: &str) -> bool {
        match text::message(raw) {
            Ok(clean) => {
                self.notes.push(Some(chat), clean);
                true
            }
            Err(_) => false,
        }
    }

    /// The question about replies that were held up; follows them.
    #[must_use]
    pub fn question(self, chat: ChatId) -> Option<Question> {
        let waits = |entry: &&Entry| entry.chat == Some(chat) && entry.failed.as_deref() == Some(UNSEEN);
        let waiting: Vec<Entry> = self.outbox.entries().with(|all| all.iter().filter(waits).cloned().collect());
        let by = waiting.iter().find_map(|entry| self.unseen_by.with_value(|by| by.get(&entry.id).copied()));
        (!waiting.is_empty()).then_some(Question { by, waiting })
    }

    /// Sends what was held up.
    pub fn send_held(self, question: &Question) {
        for entry in &question.waiting {
            self.outbox.retry(entry.id);
        }
    }

    /// Takes back what was held up; its words are answered.
    pub fn take_back(self, question: &Question) -> String {
        for entry in &question.waiting {
            self.outbox.discard(entry.id);
        }
        question.waiting.iter().map(|entry| entry.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    pub(super) async fn post(self, entry: Entry) -> Result<Sent, SendError> {
        let Some(chat) = entry.chat else { return Err(SendError::Refused("invalid".to_owned())) };
        // Asked once: who sends it again has seen the question.
        let seen = self.asks.try_with_value(|asks| asks.get(&entry.id).copied()).flatten();
        match send_message(chat, entry.id, entry.text, seen).await {
            Ok(sent) => {
                let _ = self.asks.try_update_value(|asks| asks.remove(&entry.id));
                Ok(sent)
            }
            Err(ApiError::Refused(Refused::Unseen { by })) => {
                let _ = self.asks.try_update_value(|asks| asks.remove(&entry.id));
                self.unseen_by.update_value(|unseen| {
                    unseen.insert(entry.id, by);
                });
                Err(SendError::Refused(UNSEEN.to_owned()))
            }
            Err(error) => Err(self.not_sent(chat, &error)),
        }
    }

    pub(super) async fn post_note(self, entry: Entry) -> Result<Sent, SendError> {
        let Some(chat) = entry.chat else { return Err(SendError::Refused("invalid".to_owned())) };
        write_note(chat, entry.id, entry.text).await.map_err(|error| self.not_sent(chat, &error))
    }

    fn not_sent(self, chat: ChatId, error: &ApiError) -> SendError {
        match error {
            ApiError::Network | ApiError::Unavailable | ApiError::Internal => SendError::Later(None),
            ApiError::TooMany(seconds) => SendError::Later(Some(*seconds)),
            ApiError::Unauthenticated => {
                // What was written stays in the outbox and goes out after the sign-in.
                sign_in_again();
                SendError::Later(None)
            }
            error => {
                self.refused(chat, error);
                SendError::Refused(error.to_string())
            }
        }
    }

    /// Both outboxes learn what the log shows.
    pub(super) fn arrived(self, ids: &[ClientId]) {
        self.outbox.arrived(ids);
        self.notes.arrived(ids);
    }
}
