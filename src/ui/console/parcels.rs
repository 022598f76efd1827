//! Files on their way to a customer (A51): chosen first, sent with the words as one message,
//! with how far each has come, an end to it, and another try. They go on while the agent
//! works in another chat.

use crate::{
    api::{ApiError, Problem},
    domain::{
        attachment::{FILE_MAX, FILES_MAX, size_words},
        ids::{ChatId, ClientId},
    },
    i18n::Texts,
    protocol::Sent,
    ui::{
        live::{handle::Local, ids},
        problems::{plain_error_text, problem_text},
        session::left_by,
        upload::{self, Stop},
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::{cell::RefCell, collections::HashMap};

/// A file that waits in this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Under which the page holds it.
    pub number: u32,
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// Why the server does not take it, or would not.
    pub wrong: Option<Problem>,
}

impl Piece {
    #[must_use]
    pub fn size_words(&self) -> String {
        size_words(self.size)
    }
}

/// How a message with files stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being put together.
    Open,
    /// Percents.
    Going(u32),
    /// Not sent, and why.
    Failed(String),
}

/// A message with files that is not sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The same for every try, so that it is stored once.
    pub id: ClientId,
    pub chat: ChatId,
    pub text: String,
    pub pieces: Vec<Piece>,
    pub stage: Stage,
    seen: u64,
}

impl Parcel {
    /// How far each file has come, in percents: they go one after the other.
    #[must_use]
    pub fn progress(&self, number: u32) -> u32 {
        let Stage::Going(percent) = self.stage else { return 0 };
        let total: u64 = self.pieces.iter().map(|piece| piece.size).sum();
        let before: u64 = self.pieces.iter().take_while(|piece| piece.number != number).map(|piece| piece.size).sum();
        let size = self.pieces.iter().find(|piece| piece.number == number).map_or(1, |piece| piece.size.max(1));
        let come = (total * u64::from(percent) / 100).saturating_sub(before);
        u32::try_from((come * 100 / size).min(100)).unwrap_or(100)
    }

    /// Whether a file of it is known to be refused.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        self.pieces.iter().any(|piece| piece.wrong.is_some())
    }
}

/// Handle; Copy. Lives as long as the signed-in pages.
#[derive(Clone, Copy)]
pub struct Parcels {
    all: RwSignal<Vec<Parcel>>,
    stops: Local<RefCell<HashMap<ClientId, Stop>>>,
}

impl Parcels {
    #[must_use]
    pub fn new() -> Self {
        Self { all: RwSignal::default(), stops: Local::new(|| RefCell::new(HashMap::new())) }
    }

    /// Those of a chat, the oldest first; follows them.
    #[must_use]
    pub fn of(self, chat: ChatId) -> Vec<Parcel> {
        self.all.with(|all| all.iter().filter(|parcel| parcel.chat == chat).cloned().collect())
    }

    /// Whether files are chosen that go with what is sent next.
    #[must_use]
    pub fn is_open(self, chat: ChatId) -> bool {
        self.all.with_untracked(|all| all.iter().any(|parcel| parcel.chat == chat && parcel.stage == Stage::Open))
    }

    /// Adds files to those that go with what is sent next; how many found no room.
    pub fn add(self, chat: ChatId, files: Vec<(u32, String, u64)>) -> usize {
        let mut left = 0;
        self.all.update(|all| {
            let at = all.iter().position(|parcel| parcel.chat == chat && parcel.stage == Stage::Open);
            let at = at.unwrap_or_else(|| {
                let id = ids::new_client_id();
                all.push(Parcel { id, chat, text: String::new(), pieces: Vec::new(), stage: Stage::Open, seen: 0 });
                all.len() - 1
            });
            let Some(parcel) = all.get_mut(at) else { return };
            for (number, name, size) in files {
                if parcel.pieces.len() == FILES_MAX {
                    upload::forget(number);
                    left += 1;
                    continue;
                }
                let wrong = match size {
                    0 => Some(Problem::FileEmpty),
                    size => (size > FILE_MAX).then_some(Problem::FileTooLarge),
                };
                parcel.pieces.push(Piece { number, name, size, wrong });
            }
        });
        left
    }

    /// Takes a file out; a message that has nothing left in it goes, and its text is given back.
    pub fn remove(self, id: ClientId, number: u32) -> Option<String> {
        upload::forget(number);
        self.all.update(|all| {
            if let Some(parcel) = all.iter_mut().find(|parcel| parcel.id == id) {
                parcel.pieces.retain(|piece| piece.number != number);
            }
        });
        let empty = self.all.with_untracked(|all| all.iter().any(|parcel| parcel.id == id && parcel.pieces.is_empty()));
        if empty { self.discard(id) } else { None }
    }

    /// Throws a message away; its text is given back.
    pub fn discard(self, id: ClientId) -> Option<String> {
        let at = self.all.with_untracked(|all| all.iter().position(|parcel| parcel.id == id))?;
        let gone = self.all.try_update(|all| all.remove(at))?;
        for piece in &gone.pieces {
            upload::forget(piece.number);
        }
        Some(gone.text).filter(|text| !text.is_empty())
    }

    /// Sends the chosen files with these words; `seen` as in
    /// [`send_message`](crate::api::chats::send_message). False where one of them is known to
    /// be refused, or none is chosen.
    pub fn send(self, chat: ChatId, text: &str, seen: u64, texts: Texts) -> bool {
        let found = self.all.try_update(|all| {
            let parcel = all.iter_mut().find(|parcel| parcel.chat == chat && parcel.stage == Stage::Open && !parcel.is_wrong())?;
            (parcel.text, parcel.seen) = (text.trim().to_owned(), seen);
            parcel.stage = Stage::Going(0);
            Some(parcel.id)
        });
        let Some(id) = found.flatten() else { return false };
        self.post(id, texts);
        true
    }

    /// Tries again.
    pub fn retry(self, id: ClientId, texts: Texts) {
        self.stage(id, Stage::Going(0));
        self.post(id, texts);
    }

    /// Ends what is under way.
    pub fn stop(self, id: ClientId) {
        if let Some(stops) = self.stops.get()
            && let Some(stop) = stops.borrow_mut().remove(&id)
        {
            stop.stop();
        }
    }

    fn stage(self, id: ClientId, stage: Stage) {
        self.all.try_update(|all| {
            if let Some(parcel) = all.iter_mut().find(|parcel| parcel.id == id) {
                parcel.stage = stage;
            }
        });
    }

    fn post(self, id: ClientId, t: Texts) {
        let Some(parcel) = self.all.with_untracked(|all| all.iter().find(|parcel| parcel.id == id).cloned()) else { return };
        spawn_local(async move {
            let mut fields = vec![("client_id", id.to_string()), ("text", parcel.text.clone())];
            // Who tries again was told why it was not sent.
            if parcel.seen > 0 {
                fields.push(("seen", parcel.seen.to_string()));
            }
            let numbers: Vec<u32> = parcel.pieces.iter().map(|piece| piece.number).collect();
            let progress = move |percent| self.stage(id, Stage::Going(percent));
            let stopper = move |stop| {
                if let Some(stops) = self.stops.get() {
                    stops.borrow_mut().insert(id, stop);
                }
            };
            let answer = upload::send(&format!("/console/{}/files", parcel.chat), &fields, &numbers, progress, stopper).await;
            let stopped = answer.is_none() && self.stops.get().is_some_and(|stops| !stops.borrow().contains_key(&id));
            if let Some(stops) = self.stops.get() {
                stops.borrow_mut().remove(&id);
            }
            match upload::read::<Sent>(answer) {
                // The log brings it.
                Ok(_) => drop(self.discard(id)),
                Err(error) if left_by(&error) => {}
                Err(_) if stopped => self.stage(id, Stage::Failed(t.talk_parcel_stopped())),
                Err(error) => self.fail(id, &error, &t),
            }
        });
    }

    fn fail(self, id: ClientId, error: &ApiError, t: &Texts) {
        self.all.try_update(|all| {
            let Some(parcel) = all.iter_mut().find(|parcel| parcel.id == id) else { return };
            parcel.seen = 0;
            let mut why = plain_error_text(t, error);
            if let ApiError::Invalid(fields) = error
                && let Some(wrong) = fields.first()
            {
                why = problem_text(t, wrong.problem);
                let place = wrong.field.strip_prefix("files.").and_then(|at| at.parse::<usize>().ok());
                if let Some(piece) = place.and_then(|at| parcel.pieces.get_mut(at)) {
                    piece.wrong = Some(wrong.problem);
                    why = t.talk_parcel_wrong(&piece.name, why);
                }
            }
            parcel.stage = Stage::Failed(why);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn files_come_one_after_the_other() {
        let piece = |number, size| Piece { number, name: String::new(), size, wrong: None };
        let at = |percent| {
            let parcel = Parcel {
                id: ClientId(Uuid::nil()),
                chat: ChatId(Uuid::nil()),
                text: String::new(),
                pieces: vec![piece(1, 100), piece(2, 300), piece(3, 0)],
                stage: Stage::Going(percent),
                seen: 0,
            };
            [1, 2, 3].map(|number| parcel.progress(number))
        };
        assert_eq!((at(0), at(25), at(50), at(100)), ([0, 0, 0], [100, 0, 0], [100, 33, 0], [100, 100, 0]));
    }
}
