//! The keys of the console (K2). Letters count only outside of text, and by where they lie
//! on the keyboard, so that they work with Hangul switched on.

use super::{
    line::{Asked, Line},
    panel, thread,
};
use crate::{
    domain::ids::ChatId,
    ui::{
        kit::{Button, modal, texts},
        live::{handle::keep, host},
        preferences::Mine,
    },
};
use leptos::{ev::KeyboardEvent, html, leptos_dom::helpers::document, prelude::*, task::spawn_local, wasm_bindgen::JsCast as _, web_sys};
use leptos_router::hooks::use_navigate;

/// The panes in the order of F6: lists, conversation, details.
const PANES: [&str; 3] = [".pane.lists", ".pane.thread", ".pane.details"];
const FOCUSABLE: &str = "[aria-current=true], textarea:not([disabled]), a[href], button:not([disabled]), input:not([disabled]), select";

/// What a key asks the console for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Next,
    Previous,
    Reply,
    /// A word among colleagues (K14).
    Note,
    End,
    /// The same, and on with the next chat (K19).
    EndNext,
    Delegate,
    Transfer,
    Unread,
    Details,
    /// 0, 1 or 2.
    Pane(usize),
    NextPane,
    Sheet,
    Leave,
}

/// A pressed key, as far as it matters here.
#[derive(Clone, Debug, Default)]
pub struct Pressed {
    pub code: String,
    pub key: String,
    /// Ctrl, or ⌘ on a Mac.
    pub command: bool,
    pub alt: bool,
    pub shift: bool,
    /// In a field, where letters are text.
    pub writing: bool,
}

impl Key {
    /// What `pressed` means; `letters`: the agent wants keys of one letter.
    #[must_use]
    pub fn of(pressed: &Pressed, letters: bool) -> Option<Self> {
        let Pressed { code, key, command, alt, shift, writing } = pressed;
        match (code.as_str(), command, alt, shift) {
            ("Slash", true, false, false) => return Some(Self::Details),
            ("Digit1", false, true, true) => return Some(Self::Pane(0)),
            ("Digit2", false, true, true) => return Some(Self::Pane(1)),
            ("Digit3", false, true, true) => return Some(Self::Pane(2)),
            ("F6", false, false, false) => return Some(Self::NextPane),
            ("Escape", false, false, false) => return Some(Self::Leave),
            ("Enter" | "NumpadEnter", true, true, false) => return Some(Self::EndNext),
            _ => {}
        }
        if *writing || *command || *alt || !letters {
            return None;
        }
        if key == "?" {
            return Some(Self::Sheet);
        }
        if *shift {
            return None;
        }
        Some(match code.as_str() {
            "KeyJ" => Self::Next,
            "KeyK" => Self::Previous,
            "KeyR" => Self::Reply,
            "KeyN" => Self::Note,
            "KeyE" => Self::End,
            "KeyA" => Self::Delegate,
            "KeyT" => Self::Transfer,
            "KeyU" => Self::Unread,
            _ => return None,
        })
    }
}

/// Listens to the keys while the console is in front, and has their sheet.
#[component]
pub fn Keys(line: Line, #[prop(into)] chat: Signal<Option<ChatId>>, details: RwSignal<bool>) -> impl IntoView {
    let mine = expect_context::<Mine>();
    let navigate = use_navigate();
    let sheet = RwSignal::new(false);
    let act = Callback::new(move |key: Key| match key {
        Key::Next => step(true),
        Key::Previous => step(false),
        Key::Details => panel::turn(details),
        Key::Pane(at) => enter(at),
        Key::NextPane => enter((pane_of_focus().map_or(0, |at| at + 1)) % PANES.len()),
        Key::Sheet => sheet.set(true),
        Key::Leave => leave(),
        Key::Unread => {
            if let Some(chat) = chat.get_untracked() {
                navigate(&line.lists_address(), Default::default());
                spawn_local(line.flag(chat, true));
            }
        }
        Key::End | Key::EndNext => match row_of_focus().filter(|row| Some(*row) != chat.get_untracked()) {
            Some(row) if thread::may_end(line, row) => line.ending.set(Some(Asked { chat: row, onward: key == Key::EndNext })),
            Some(_) => {}
            None => line.pressed.set(Some(key)),
        },
        Key::Reply | Key::Note | Key::Delegate | Key::Transfer => line.pressed.set(Some(key)),
    });
    Effect::new(move |_| {
        keep(|| {
            host::on_window("keydown", move |event| {
                let event: KeyboardEvent = event.unchecked_into();
                // An open dialog has its own keys, and so has whoever took this one.
                if event.is_composing() || event.default_prevented() || find("dialog[open]").is_some() {
                    return;
                }
                let pressed = Pressed {
                    code: event.code(),
                    key: event.key(),
                    command: event.ctrl_key() || event.meta_key(),
                    alt: event.alt_key(),
                    shift: event.shift_key(),
                    writing: is_writing(),
                };
                match Key::of(&pressed, mine.get_untracked().shortcuts) {
                    // Whatever is open closes first, and says so later than this is heard.
                    Some(Key::Leave) => host::microtask(move || {
                        if !event.default_prevented() {
                            let _ = act.try_run(Key::Leave);
                        }
                    }),
                    Some(key) => {
                        event.prevent_default();
                        let _ = act.try_run(key);
                    }
                    None => {}
                }
            })
        });
    });
    view! { <Sheet open=sheet/> }
}

fn find(selector: &str) -> Option<web_sys::HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

fn focused() -> Option<web_sys::HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

fn is_writing() -> bool {
    focused().is_some_and(|element| {
        let text = |name: &str| element.matches(name).unwrap_or(false);
        text("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])")
    })
}

/// The chat of the lists that has the focus.
fn row_of_focus() -> Option<ChatId> {
    let address = focused()?.closest(".pane.lists a.row").ok().flatten()?.get_attribute("href")?;
    address.split(['/', '?']).nth(2)?.parse().ok()
}

fn focus(selector: &str) {
    if let Some(element) = find(selector) {
        // Refused only where it left the page meanwhile.
        drop(element.focus());
    }
}

/// Opens the chat after the open one, or before it; the first one while none is open.
fn step(forward: bool) {
    let open = find(".pane.lists a.row[aria-current]").and_then(|row| row.closest("li").ok().flatten());
    let row = match open {
        Some(item) => {
            let beside = if forward { item.next_element_sibling() } else { item.previous_element_sibling() };
            beside.and_then(|item| item.query_selector("a.row").ok().flatten()).and_then(|row| row.dyn_into().ok())
        }
        None => find(".pane.lists a.row"),
    };
    if let Some(row) = row {
        row.click();
        drop(row.focus());
    }
}

fn pane_of_focus() -> Option<usize> {
    let element = focused()?;
    PANES.iter().position(|pane| element.closest(pane).ok().flatten().is_some())
}

fn enter(at: usize) {
    let selector: Vec<String> = FOCUSABLE.split(", ").map(|part| format!("{} {part}", PANES[at])).collect();
    // What is open, or where one writes, before whatever comes first.
    for part in selector {
        if find(&part).is_some_and(|element| element.offset_parent().is_some()) {
            return focus(&part);
        }
    }
}

/// Out of the field first, then back to the list.
fn leave() {
    match focused() {
        Some(element) if is_writing() => drop(element.blur()),
        _ => enter(0),
    }
}

/// All keys, in a dialog.
#[component]
fn Sheet(open: RwSignal<bool>) -> impl IntoView {
    let t = texts();
    let node = NodeRef::<html::Dialog>::new();
    modal(node, open);
    let rows = |rows: Vec<(&'static [&'static str], String)>| {
        rows.into_iter()
            .map(|(keys, what)| {
                let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
                view! {
                    <dt>{keys}</dt>
                    <dd>{what}</dd>
                }
            })
            .collect_view()
    };
    let lists = rows(vec![(&["J"], t.notice_key_next()), (&["K"], t.notice_key_previous()), (&["U"], t.notice_key_unread())]);
    let acts = rows(vec![
        (&["R"], t.notice_key_reply()),
        (&["N"], t.notice_key_note()),
        (&["E"], t.notice_key_end()),
        (&["Ctrl", "Alt", "Enter"], t.notice_key_end_next()),
        (&["A"], t.notice_key_delegate()),
        (&["T"], t.notice_key_transfer()),
    ]);
    let places = rows(vec![
        (&["F6"], t.notice_key_next_pane()),
        (&["Alt", "Shift", "1…3"], t.notice_key_panes()),
        (&["Ctrl", "/"], t.notice_key_details()),
        (&["Esc"], t.notice_key_escape()),
        (&["?"], t.notice_key_sheet()),
    ]);
    view! {
        <dialog node_ref=node class="dialog keys" aria-labelledby="keys-title" on:close=move |_| open.set(false)>
            <h2 id="keys-title">{t.notice_keys_title()}</h2>
            <div class="keys-body">
                <section>
                    <h3>{t.notice_keys_lists()}</h3>
                    <dl>{lists}</dl>
                </section>
                <section>
                    <h3>{t.notice_keys_chat()}</h3>
                    <dl>{acts}</dl>
                </section>
                <section>
                    <h3>{t.notice_keys_places()}</h3>
                    <dl>{places}</dl>
                </section>
            </div>
            <p class="muted small">{t.notice_keys_text()}</p>
            <div class="answers">
                <Button on_press=Callback::new(move |()| open.set(false)) autofocus=true>
                    {t.common_close()}
                </Button>
            </div>
        </dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: &str, key: &str) -> Pressed {
        Pressed { code: code.into(), key: key.into(), ..Pressed::default() }
    }

    #[test]
    fn letters_work_with_hangul_switched_on_and_nowhere_in_text() {
        assert_eq!(Key::of(&press("KeyJ", "ㅓ"), true), Some(Key::Next));
        assert_eq!(Key::of(&press("KeyK", "k"), true), Some(Key::Previous));
        assert_eq!(Key::of(&press("KeyN", "ㅜ"), true), Some(Key::Note));
        assert_eq!(Key::of(&press("KeyR", "ㄱ"), true), Some(Key::Reply));
        assert_eq!(Key::of(&Pressed { writing: true, ..press("KeyN", "ㅜ") }, true), None);
        assert_eq!(Key::of(&Pressed { writing: true, ..press("KeyJ", "j") }, true), None);
        assert_eq!(Key::of(&Pressed { command: true, ..press("KeyE", "e") }, true), None);
        assert_eq!(Key::of(&Pressed { shift: true, ..press("KeyE", "E") }, true), None);
        assert_eq!(Key::of(&Pressed { shift: true, ..press("Slash", "?") }, true), Some(Key::Sheet));
    }

    #[test]
    fn who_turned_letters_off_keeps_the_keys_that_no_text_has() {
        assert_eq!(Key::of(&press("KeyJ", "j"), false), None);
        assert_eq!(Key::of(&press("KeyN", "n"), false), None);
        assert_eq!(Key::of(&Pressed { shift: true, ..press("Slash", "?") }, false), None);
        let writing = |code: &str| Pressed { writing: true, ..press(code, code) };
        assert_eq!(Key::of(&writing("F6"), false), Some(Key::NextPane));
        assert_eq!(Key::of(&writing("Escape"), false), Some(Key::Leave));
        assert_eq!(Key::of(&Pressed { command: true, ..writing("Slash") }, false), Some(Key::Details));
        assert_eq!(Key::of(&Pressed { alt: true, shift: true, ..writing("Digit2") }, false), Some(Key::Pane(1)));
        assert_eq!(Key::of(&Pressed { command: true, alt: true, ..writing("Enter") }, false), Some(Key::EndNext));
        assert_eq!(Key::of(&Pressed { command: true, ..writing("Enter") }, false), None, "the composer's");
    }
}
