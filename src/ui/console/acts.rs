//! What an agent does with a chat, and what he is told of it.

use super::{
    line::Line,
    model::{Outcome, Tab},
};
use crate::{
    api::{
        ApiError,
        chats::{end_chat, flag_chat, start_chat},
    },
    domain::{chat::Refused, ids::ChatId, information::WrapUp},
    i18n::Texts,
    ui::{problems::error_text, session::left_by},
};
use leptos::prelude::*;

impl Line {
    /// Puts a chat among the unread, with a way back, or takes it from there (K10).
    pub async fn flag(self, chat: ChatId, on: bool) {
        let outcome = self.store.change(|model| model.flag(chat, on));
        self.follow(outcome);
        match flag_chat(chat, on).await {
            Ok(()) if on => self.toasts.info(self.texts.with_value(Texts::console_flagged)),
            Ok(()) => {}
            Err(error) => {
                let outcome = self.store.change(|model| model.flag(chat, !on));
                self.follow(outcome);
                self.refused(chat, &error);
            }
        }
    }

    /// 상담 시작 (A41).
    pub async fn start(self, chat: ChatId) {
        match start_chat(chat).await {
            Ok(card) => {
                self.tab.set(Tab::Active);
                let outcome = self.store.change(|model| model.take(card));
                self.follow(outcome);
            }
            Err(error) => self.refused(chat, &error),
        }
    }

    /// One of an agent's acts, with what to say when it is done; whether it was.
    pub async fn act(self, chat: ChatId, request: impl Future<Output = Result<(), ApiError>>, done: Option<String>) -> bool {
        match request.await {
            Ok(()) => {
                if let Some(done) = done {
                    self.toasts.info(done);
                }
                true
            }
            Err(error) => {
                self.refused(chat, &error);
                false
            }
        }
    }

    /// Tells that something was done.
    pub fn say_done(self, done: String) {
        self.toasts.info(done);
    }

    /// 대화 종료, with what was chosen for it. One that is over already is told, and is no
    /// error.
    pub async fn end(self, chat: ChatId, wrap: WrapUp) -> Result<(), ApiError> {
        match end_chat(chat, wrap).await {
            Ok(()) => self.toasts.info(self.texts.with_value(Texts::console_ended_gone)),
            Err(error @ ApiError::Refused(Refused::Ended)) => self.refused(chat, &error),
            Err(error) => return Err(error),
        }
        // The stream tells it later: until then nobody is to go on with this one.
        let outcome = self.store.change(|model| model.over(chat));
        self.follow(outcome);
        Ok(())
    }

    /// Tells why something on the board was not done.
    pub fn refused_on_board(self, error: &ApiError) {
        if !left_by(error) {
            self.toasts.trouble(self.texts.with_value(|t| error_text(t, error, |agent| self.store.name_of(agent))));
        }
    }

    /// Tells why something was not done; a chat that another agent has is his from here on.
    pub fn refused(self, chat: ChatId, error: &ApiError) {
        if left_by(error) {
            return;
        }
        self.toasts.trouble(self.texts.with_value(|t| error_text(t, error, |agent| self.store.name_of(agent))));
        if let ApiError::Refused(Refused::TakenBy { agent }) = error {
            // The toast has said it already.
            let outcome = Outcome { news: Vec::new(), ..self.store.change(|model| model.taken(chat, *agent)) };
            self.follow(outcome);
        }
    }
}
