//! What was typed and not sent (E8): kept in this browser at once and on the server soon
//! after, shown in the lists, and taken over from the agent's other pages. The newest
//! counts. A page writes only what was typed in it, so two pages do not answer each other.

use crate::{
    api::{
        ApiError,
        drafts::{list_drafts, save_draft},
    },
    domain::{
        chat::Refused,
        ids::{AccountId, ChatId, ClientId},
        time::Timestamp,
    },
    protocol::Draft,
    ui::{
        live::{host, ids},
        session::left_by,
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::{HashMap, HashSet};

/// A field: of which chat, and whether for a word among colleagues.
pub type Place = (ChatId, bool);

/// Handle; Copy. Lives as long as the signed-in pages.
#[derive(Clone, Copy)]
pub struct Drafts {
    known: RwSignal<HashMap<Place, Draft>>,
    /// Typed here, and not on the server yet.
    unsaved: StoredValue<HashSet<Place>>,
    saving: StoredValue<bool>,
    loading: StoredValue<bool>,
    /// Names this page to the server; none before it is alive.
    page: StoredValue<Option<ClientId>>,
    prefix: StoredValue<String>,
}

impl Drafts {
    #[must_use]
    pub fn new(me: AccountId, drafts: &[Draft]) -> Self {
        Self {
            known: RwSignal::new(by_place(drafts.to_vec())),
            unsaved: StoredValue::default(),
            saving: StoredValue::new(false),
            loading: StoredValue::new(false),
            page: StoredValue::new(None),
            prefix: StoredValue::new(format!("damso-drafts:{me}:")),
        }
    }

    /// Takes over what an earlier page could not save; in an effect.
    pub fn start(self) {
        self.page.set_value(Some(ids::new_client_id()));
        let left = self.prefix.with_value(|prefix| host::stored_below(prefix));
        for draft in left.iter().filter_map(|text| read(text)) {
            let place = (draft.chat, draft.note);
            let newer = self.known.with_untracked(|known| known.get(&place).is_none_or(|there| there.at <= draft.at));
            if newer {
                self.put(place, draft);
                self.unsaved.update_value(|unsaved| {
                    unsaved.insert(place);
                });
            } else {
                self.forget_here(place);
            }
        }
        self.flush();
    }

    /// What is known of a field; follows it.
    #[must_use]
    pub fn text(self, place: Place) -> Option<String> {
        self.known.with(|known| known.get(&place).map(|draft| draft.text.clone()))
    }

    /// The colleague who has typed it, while nobody has written on (E7); follows it.
    #[must_use]
    pub fn from(self, place: Place) -> Option<AccountId> {
        self.known.with(|known| known.get(&place).and_then(|draft| draft.from))
    }

    /// Has the server know what stands in this chat's fields before it goes to somebody else.
    pub async fn hand_in(self, chat: ChatId) {
        let Some(page) = self.page.try_get_value().flatten() else { return };
        for place in [(chat, false), (chat, true)] {
            if self.unsaved.with_value(|unsaved| unsaved.contains(&place)) {
                let text = self.text_untracked(place).unwrap_or_default();
                if save_draft(chat, place.1, text.clone(), page).await.is_ok() {
                    self.saved(place, &text);
                }
            }
        }
    }

    /// The same, once.
    #[must_use]
    pub fn text_untracked(self, place: Place) -> Option<String> {
        self.known.try_with_untracked(|known| known.get(&place).map(|draft| draft.text.clone())).flatten()
    }

    /// What stands in a field here now, typed by somebody; `now` as the server reckons.
    pub fn keep(self, place: Place, text: String, now: Timestamp) {
        if self.text_untracked(place).unwrap_or_default() == text {
            return;
        }
        let draft = Draft { chat: place.0, note: place.1, text, at: now, from: None };
        self.prefix.with_value(|prefix| host::store(&key(prefix, place), &write(&draft)));
        self.put(place, draft);
        self.unsaved.update_value(|unsaved| {
            unsaved.insert(place);
        });
        self.flush();
    }

    /// The chat is over, and so are its drafts.
    pub fn end(self, chat: ChatId) {
        for place in [(chat, false), (chat, true)] {
            self.unsaved.update_value(|unsaved| {
                unsaved.remove(&place);
            });
            self.forget_here(place);
            if self.text_untracked(place).is_some() {
                self.known.update(|known| {
                    known.remove(&place);
                });
            }
        }
    }

    /// Another page of this agent has changed some.
    pub fn heard(self, page: ClientId) {
        if self.page.get_value() != Some(page) {
            self.reload();
        }
    }

    /// Takes what a freshly loaded desk says.
    pub fn take(self, drafts: Vec<Draft>) {
        let unsaved = self.unsaved.get_value();
        let mut next = by_place(drafts);
        next.retain(|place, _| !unsaved.contains(place));
        self.known.try_update(|known| {
            next.extend(known.drain().filter(|(place, _)| unsaved.contains(place)));
            *known = next;
        });
    }

    /// Asks the server, and tells it what it does not know yet.
    pub fn reload(self) {
        self.flush();
        if self.loading.try_update_value(|loading| std::mem::replace(loading, true)) != Some(false) {
            return;
        }
        spawn_local(async move {
            let answer = list_drafts().await;
            if self.loading.try_set_value(false).is_none()
                && let Ok(drafts) = answer
            {
                self.take(drafts);
            }
        });
    }

    /// Saves one after the other what is unsaved; what cannot be told now is told when the
    /// line is up again.
    fn flush(self) {
        let Some(page) = self.page.try_get_value().flatten() else { return };
        if self.unsaved.with_value(HashSet::is_empty) || self.saving.try_update_value(|on| std::mem::replace(on, true)) != Some(false) {
            return;
        }
        spawn_local(async move {
            while let Some(place) = self.unsaved.try_with_value(|all| all.iter().next().copied()).flatten() {
                let text = self.text_untracked(place).unwrap_or_default();
                match save_draft(place.0, place.1, text.clone(), page).await {
                    Ok(()) | Err(ApiError::Refused(Refused::Ended) | ApiError::NotFound) => self.saved(place, &text),
                    // The server takes no more of it: this browser keeps it alone.
                    Err(ApiError::Invalid(_)) => {
                        let _ = self.unsaved.try_update_value(|unsaved| unsaved.remove(&place));
                    }
                    Err(error) => {
                        left_by(&error);
                        break;
                    }
                }
            }
            let _ = self.saving.try_set_value(false);
        });
    }

    /// The server has this text; what was typed since is still to be told.
    fn saved(self, place: Place, text: &str) {
        if self.text_untracked(place).unwrap_or_default() == text {
            let _ = self.unsaved.try_update_value(|unsaved| unsaved.remove(&place));
            self.forget_here(place);
        }
    }

    fn put(self, place: Place, draft: Draft) {
        self.known.try_update(|known| {
            if draft.text.is_empty() {
                known.remove(&place);
            } else {
                known.insert(place, draft);
            }
        });
    }

    fn forget_here(self, place: Place) {
        let _ = self.prefix.try_with_value(|prefix| host::unstore(&key(prefix, place)));
    }
}

fn by_place(drafts: Vec<Draft>) -> HashMap<Place, Draft> {
    drafts.into_iter().map(|draft| ((draft.chat, draft.note), draft)).collect()
}

fn key(prefix: &str, (chat, note): Place) -> String {
    format!("{prefix}{chat}{}", if note { ":note" } else { "" })
}

/// As this browser keeps it: the chat, what for, when, and the words.
fn write(draft: &Draft) -> String {
    format!("{}\n{}\n{}\n{}", draft.chat, u8::from(draft.note), draft.at.0, draft.text)
}

fn read(kept: &str) -> Option<Draft> {
    let mut parts = kept.splitn(4, '\n');
    let chat = parts.next()?.parse().ok()?;
    let note = parts.next()? == "1";
    let at = Timestamp(parts.next()?.parse().ok()?);
    Some(Draft { chat, note, text: parts.next()?.to_owned(), at, from: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_this_browser_keeps_is_read_as_it_was_written() {
        let chat = ChatId(Uuid::from_u128(7));
        for (note, text) in [(false, "두 줄\n\n둘째"), (true, ""), (false, "  끝 ")] {
            let draft = Draft { chat, note, text: text.into(), at: Timestamp(9), from: None };
            assert_eq!(read(&write(&draft)), Some(draft));
        }
        assert_eq!(read("이전 형식의 글"), None);
    }
}
