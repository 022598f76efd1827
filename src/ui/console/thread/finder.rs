//! Canned replies while one types (A49, K13): what fits is listed above the field, arrows
//! choose, Enter or Tab or a click inserts. Nothing chosen, nothing changes: Enter sends.
//!
//! Enter is never looked at here. It belongs to the composer, which knows input methods;
//! whatever it wants to send is asked for at [`Finder::takes`] first.

use super::{
    super::{line::Line, shelf::Shelf},
    caret::{byte_at, units},
};
use crate::{
    domain::{
        canned::{
            Canned, Found,
            blanks::{Known, blanks, fill},
        },
        ids::{CannedId, ChatId},
        service::Language,
        text::hangul::{is_syllable_or_letter, split},
    },
    ui::live::host,
};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast as _, web_sys};

/// The id of the list, which the field names.
pub(super) const LIST: &str = "canned-list";

/// The id of an option.
pub(super) fn option_id(at: usize) -> String {
    format!("canned-option-{at}")
}

/// The draft up to the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Typed {
    before: String,
    /// An input method has its last syllable still open.
    composing: bool,
}

/// What is found for a draft and what of it is chosen. Copy; lives as long as the field.
#[derive(Clone, Copy)]
pub(super) struct Finder {
    line: Line,
    chat: ChatId,
    pub shelf: Shelf,
    field: NodeRef<html::Textarea>,
    value: RwSignal<String>,
    typed: RwSignal<Option<Typed>>,
    /// Where the query began that somebody has closed the list for.
    closed: RwSignal<Option<usize>>,
    pub found: Memo<Option<Found>>,
    pub active: RwSignal<Option<usize>>,
    /// A message was refused for its blanks.
    pub refused: RwSignal<bool>,
    /// What an input method has open.
    open: StoredValue<Option<String>>,
    /// An arrow that was heard while composing; some browsers tell the same press again.
    heard: StoredValue<Option<String>>,
}

impl Finder {
    pub fn new(line: Line, chat: ChatId, shelf: Shelf, field: NodeRef<html::Textarea>, value: RwSignal<String>) -> Self {
        let (typed, closed) = (RwSignal::new(None::<Typed>), RwSignal::new(None));
        let found = Memo::new(move |_| {
            let typed = typed.get()?;
            let found = shelf.read(|book| book.find(&typed.before))?;
            let begun = typed.composing && is_one_letter(&typed.before[found.from..]);
            (closed.get() != Some(found.from) && !begun).then_some(found)
        });
        let active = RwSignal::new(None);
        // Who asked by a slash wants one of them; who just types does not, until he says so.
        Effect::new(move |before: Option<Option<Query>>| {
            let query = found.read().as_ref().map(|found| Query::of(found, typed));
            if before.flatten() != query {
                active.set(query.as_ref().and_then(|query| (query.asked && !query.hits.is_empty()).then_some(0)));
            }
            query
        });
        let (refused, open, heard) = (RwSignal::new(false), StoredValue::new(None), StoredValue::new(None));
        Self { line, chat, shelf, field, value, typed, closed, found, active, refused, open, heard }
    }

    /// Sees to it that the replies are at hand, for who may have any.
    pub fn want(self) {
        if self.line.store.may_chat() {
            self.shelf.want();
        }
    }

    /// Reads the field after a change of it.
    pub fn look(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let text = field.value();
        let caret = |at: Result<Option<u32>, _>| at.ok().flatten().and_then(|at| byte_at(&text, at));
        let (from, to) = (caret(field.selection_start()), caret(field.selection_end()));
        let before = to.filter(|_| from == to).map(|to| &text[..to]).filter(|before| !before.is_empty());
        let opened =
            before.and_then(|before| before.strip_suffix('/')).is_some_and(|rest| rest.is_empty() || rest.ends_with(char::is_whitespace));
        if opened {
            // A list that is opened anew shows what is stored now.
            self.shelf.outdate();
        }
        if before.is_some() {
            self.want();
        }
        if self.closed.get_untracked().is_some_and(|from| before.is_none_or(|before| before.len() <= from)) {
            self.closed.set(None);
        }
        let composing = self.open.with_value(Option::is_some);
        self.typed.set(before.map(|before| Typed { before: before.to_owned(), composing }));
        if self.refused.get_untracked() && blanks(&text).is_empty() {
            self.refused.set(false);
        }
    }

    /// Closes the list; it stays closed while the same word is typed on.
    pub fn close(self) {
        if let Some(found) = self.found.get_untracked() {
            self.closed.set(Some(found.from));
        }
    }

    /// Whether what the composer would send is taken here: an option is chosen, or blanks
    /// are left.
    pub fn takes(self, text: &str) -> bool {
        if self.found.read_untracked().is_some()
            && let Some(at) = self.active.get_untracked()
        {
            self.insert(at);
            return true;
        }
        if blanks(text).is_empty() {
            self.typed.set(None);
            self.closed.set(None);
            self.refused.set(false);
            return false;
        }
        self.typed.set(None);
        self.refused.set(true);
        self.select_blank(0);
        true
    }

    /// A click on an option.
    pub fn click(self, at: usize) {
        if let (true, Some(field)) = (self.open.with_value(Option::is_some), self.field.get_untracked()) {
            let typed = self.typed.get_untracked();
            // Leaving the field commits what an input method has open, and closes the list. Not
            // so after an Enter: the composer forgets with it that the same press may be told again.
            drop(field.blur());
            drop(field.focus());
            self.typed.set(typed);
        }
        self.insert(at);
    }

    /// Puts a reply in place of the query; its first blank is selected.
    pub fn insert(self, at: usize) {
        let (Some(field), Some(found), Some(typed)) = (self.field.get_untracked(), self.found.get_untracked(), self.typed.get_untracked())
        else {
            return;
        };
        let Some(hit) = found.hits.get(at) else { return };
        let text = field.value();
        let Some(after) = text.strip_prefix(&typed.before) else { return };
        let filled = self.filled(hit);
        let kept = &typed.before[..found.from];
        let text = format!("{kept}{filled}{after}");
        self.typed.set(None);
        self.refused.set(false);
        field.set_value(&text);
        self.value.set(text);
        drop(field.focus());
        if blanks(&filled).is_empty() {
            let end = units(kept) + units(&filled);
            let _ = field.set_selection_range(end, end);
        } else {
            self.select_blank(kept.len());
        }
    }

    /// A reply in the customer's language, with what is known filled in.
    pub fn filled(self, hit: &Canned) -> String {
        let language = self.language();
        fill(hit.words.text.get(language), |known| match known {
            Known::Customer => {
                self.line.store.with_log_untracked(self.chat, |log| log.customer.as_ref().map(|c| c.contact().name)).flatten()
            }
            Known::Agent => Some(self.shelf.agent()),
            Known::Service => Some(self.line.store.about(|about| about.service.name.get(language).to_owned())),
        })
    }

    /// In which the customer reads.
    pub fn language(self) -> Language {
        self.line.store.with_log_untracked(self.chat, |log| log.language).unwrap_or_default()
    }

    fn select_blank(self, from: usize) {
        let Some(field) = self.field.get_untracked() else { return };
        let text = field.value();
        if let Some(blank) = blanks(&text).into_iter().find(|blank| blank.range.start >= from) {
            drop(field.focus());
            let _ = field.set_selection_range(units(&text[..blank.range.start]), units(&text[..blank.range.end]));
        }
    }

    fn step(self, by: isize) {
        let count = self.found.read_untracked().as_ref().map_or(0, |found| found.hits.len());
        if count == 0 {
            return;
        }
        let to = match (self.active.get_untracked(), by) {
            (Some(at), 1) => (at + 1) % count,
            (Some(at), _) => (at + count - 1) % count,
            (None, 1) => 0,
            (None, _) => count - 1,
        };
        self.active.set(Some(to));
        host::next_frame(move || show(to));
    }

    // ---- what the browser tells ----

    pub fn key_down(self, event: &ev::KeyboardEvent) {
        if self.found.read_untracked().is_none() || event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let composing = event.is_composing() || event.key_code() == 229;
        let (key, code) = (event.key(), event.code());
        let name = if composing { code.as_str() } else { key.as_str() };
        match name {
            "ArrowDown" | "ArrowUp" => self.arrow(event, composing, name),
            _ if composing => {}
            "Escape" => {
                event.prevent_default();
                self.close();
                if is_list(event.target()) {
                    drop(self.field.get_untracked().map(|field| field.focus()));
                }
            }
            "Tab" | "Enter" => {
                // Enter in the field is the composer's.
                let in_list = is_list(event.target());
                if let Some(at) = self.active.get_untracked().filter(|_| key == "Tab" || in_list) {
                    event.prevent_default();
                    self.insert(at);
                }
            }
            "ArrowLeft" | "ArrowRight" | "Home" | "End" => self.typed.set(None),
            _ => {}
        }
    }

    fn arrow(self, event: &ev::KeyboardEvent, composing: bool, name: &str) {
        if composing {
            // A Korean syllable ends with the arrow, which then means what it says; in other
            // input methods arrows choose candidates.
            let korean = self.open.with_value(|open| open.as_deref().is_none_or(|open| open.chars().all(is_syllable_or_letter)));
            if !korean {
                return;
            }
            self.heard.set_value(Some(name.to_owned()));
        } else {
            event.prevent_default();
            if self.heard.try_update_value(Option::take).flatten().as_deref() == Some(name) {
                return;
            }
        }
        self.step(if name == "ArrowDown" { 1 } else { -1 });
    }

    pub fn key_up(self) {
        self.heard.set_value(None);
    }

    pub fn composing(self, open: Option<String>) {
        let ended = open.is_none();
        self.open.set_value(open);
        if ended && self.typed.with_untracked(Option::is_some) {
            self.look();
        }
    }

    /// The focus has left the field; in the list it may stay.
    pub fn left(self, event: &ev::FocusEvent) {
        if !is_list(event.related_target()) {
            self.typed.set(None);
        }
    }

    /// Who presses the button wants to send.
    pub fn pressed(self, event: &ev::MouseEvent) {
        let on = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if on.and_then(|on| on.closest(".composer-send").ok().flatten()).is_some() {
            self.typed.set(None);
        }
    }
}

/// What a list is about, and what is in it: as long as both stay the same, so does what is
/// chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Query {
    words: String,
    asked: bool,
    hits: Vec<CannedId>,
}

impl Query {
    fn of(found: &Found, typed: RwSignal<Option<Typed>>) -> Self {
        let words = typed.with_untracked(|typed| typed.as_ref().map(|typed| typed.before[found.from..].to_owned()));
        Self { words: words.unwrap_or_default(), asked: found.asked, hits: found.hits.iter().map(|hit| hit.id).collect() }
    }
}

/// A consonant that is being typed may become any syllable yet.
fn is_one_letter(query: &str) -> bool {
    let mut letters = query.chars();
    letters.next().is_some_and(|first| split(first).is_none()) && letters.next().is_none()
}

fn is_list(target: Option<web_sys::EventTarget>) -> bool {
    target.and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|element| element.id() == LIST)
}

/// Scrolls the list to an option.
fn show(at: usize) {
    let element = |id: &str| document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    let (Some(list), Some(option)) = (element(LIST), element(&option_id(at))) else { return };
    let (top, height) = (option.offset_top(), option.offset_height());
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if top + height > list.scroll_top() + list.client_height() {
        list.set_scroll_top(top + height - list.client_height());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_consonant_is_not_a_query_while_it_is_composed() {
        assert!(is_one_letter("ㅂ") && is_one_letter("배"));
        assert!(!is_one_letter("ㅄ") && !is_one_letter("배ㅅ") && !is_one_letter("/ㅂ"));
    }
}
