//! The field that messages are written in, the same on both surfaces, and the Enter key
//! under input methods (UX K1).
//!
//! Korean is composed in the field: with the last syllable still open, Enter belongs to
//! the input method. Sending at once leaves that syllable behind; ignoring the key makes
//! people press it twice. So Enter waits for the syllable to be committed and sends then.
//! Japanese and Chinese choose candidates with Enter, so there it only chooses.

use crate::ui::live::host;
use leptos::{ev, html, prelude::*, web_sys};

/// What to do with a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Act {
    /// Keep the browser from its own doing (a line break).
    prevent: bool,
    send: Send,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Send {
    #[default]
    No,
    Now,
    /// In the next microtask, when the committed value is in the field.
    Soon,
}

/// An Enter key going down.
#[derive(Clone, Copy, Debug, Default)]
struct Enter {
    /// With Shift or Alt: a line break.
    line_break: bool,
    /// The browser says that an input method has the key (`isComposing` or key code 229).
    composing: bool,
    repeat: bool,
}

/// Follows an input method and decides what Enter means.
#[derive(Clone, Debug, Default)]
struct Ime {
    /// The text being composed.
    open: Option<String>,
    /// What was committed by the key press that is still on its way (Safari tells the
    /// end of the composition before the key).
    just_ended: Option<String>,
    send_at_end: bool,
    /// The same press tells a second Enter after the commit (Windows).
    swallow_enter: bool,
    /// The same press breaks the line by itself after the commit (macOS).
    swallow_break: bool,
}

impl Ime {
    fn start(&mut self) {
        *self = Self { open: Some(String::new()), ..Self::default() };
    }

    fn update(&mut self, text: &str) {
        self.open = Some(text.to_owned());
    }

    fn end(&mut self, text: &str) -> Send {
        let open = self.open.take().unwrap_or_default();
        if std::mem::take(&mut self.send_at_end) {
            self.swallow_enter = true;
            Send::Soon
        } else {
            self.just_ended = Some(if text.is_empty() { open } else { text.to_owned() });
            Send::No
        }
    }

    fn enter(&mut self, key: Enter) -> Act {
        let ended = self.just_ended.take();
        if key.line_break {
            return Act::default();
        }
        if key.composing {
            self.swallow_break = false;
            if let Some(open) = &self.open {
                if !is_hangul(open) {
                    return Act::default();
                }
                self.send_at_end = true;
            } else if !ended.as_deref().is_some_and(is_hangul) {
                return Act::default();
            }
            self.swallow_break = true;
            return Act { prevent: true, send: if self.send_at_end { Send::No } else { Send::Soon } };
        }
        if self.swallow_enter || key.repeat {
            return Act { prevent: true, send: Send::No };
        }
        Act { prevent: true, send: Send::Now }
    }

    /// Any other key going down.
    fn other_key(&mut self) {
        self.just_ended = None;
        self.swallow_enter = false;
        self.swallow_break = false;
    }

    fn key_up(&mut self) {
        self.other_key();
    }

    /// Whether a change that the browser is about to make must not happen.
    fn blocks(&self, input_type: &str) -> bool {
        self.swallow_break && matches!(input_type, "insertLineBreak" | "insertParagraph")
    }
}

/// Whether all of it is Hangul: syllables or letters, composed or not.
fn is_hangul(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| {
            matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7A3}' | '\u{D7B0}'..='\u{D7FF}' | '\u{FFA0}'..='\u{FFDC}')
        })
}

/// A message field with its send button: Enter sends, Shift+Enter breaks the line. What
/// was typed before hydration is taken over into `value`.
///
/// With `action` it is a form that works without script: it posts `text` and `hidden`.
#[component]
pub fn Composer(
    /// The text; set it to change what stands in the field.
    value: RwSignal<String>,
    /// Gets the text as typed, never blank. `true`: taken, so the field is emptied;
    /// `false`: it stays where it is.
    on_send: Callback<String, bool>,
    /// Accessible name of the field (메시지 / Message).
    #[prop(into)]
    label: String,
    /// Name of the button (보내기 / Send).
    #[prop(into)]
    send_label: String,
    #[prop(optional, into)] placeholder: Signal<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// The field, to give it the focus.
    #[prop(optional)]
    node: NodeRef<html::Textarea>,
    /// Called when the user changed the text.
    #[prop(optional)]
    on_input: Option<Callback<()>>,
    /// Where the form goes without script.
    #[prop(optional, into)]
    action: Option<String>,
    /// Further fields of that form, by name.
    #[prop(optional)]
    hidden: Vec<(&'static str, String)>,
) -> impl IntoView {
    let ime = StoredValue::new(Ime::default());
    // The first run takes over what stands in the field; later ones follow the signal.
    Effect::new(move |before: Option<()>| {
        let text = value.get();
        let Some(field) = node.get() else { return };
        let shown = field.value();
        if before.is_none() && !shown.is_empty() {
            value.set(shown);
        } else if shown != text {
            field.set_value(&text);
        }
        grow(&field);
    });
    let send = move || {
        let Some(field) = node.get_untracked() else { return };
        let text = field.value();
        if disabled.get_untracked() || text.trim().is_empty() {
            return;
        }
        if on_send.run(text) {
            field.set_value("");
            value.set(String::new());
            grow(&field);
        }
    };
    let perform = move |what: Send| match what {
        Send::No => {}
        Send::Now => send(),
        Send::Soon => host::microtask(send),
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        let enter = event.key() == "Enter" || matches!(event.code().as_str(), "Enter" | "NumpadEnter");
        if !enter {
            return ime.update_value(Ime::other_key);
        }
        let key = Enter {
            line_break: event.shift_key() || event.alt_key(),
            composing: event.is_composing() || event.key_code() == 229,
            repeat: event.repeat(),
        };
        let act = ime.try_update_value(|ime| ime.enter(key)).unwrap_or_default();
        if act.prevent {
            event.prevent_default();
        }
        perform(act.send);
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let open = ime.try_update_value(|ime| {
            ime.send_at_end = ime.open.is_some();
            ime.send_at_end
        });
        match (open, node.get_untracked()) {
            // The button was pressed amid a syllable: leaving the field commits it.
            (Some(true), Some(field)) => {
                let _ = field.blur();
                let _ = field.focus();
            }
            _ => send(),
        }
    };
    view! {
        <form class="composer" method="post" action=action on:submit=on_submit>
            {hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
            <div class="composer-box">
                <textarea
                    node_ref=node
                    class="composer-field"
                    name="text"
                    rows="1"
                    aria-label=label
                    placeholder=placeholder
                    disabled=disabled
                    enterkeyhint="send"
                    autocomplete="off"
                    on:input=move |_| {
                        if let Some(field) = node.get_untracked() {
                            value.set(field.value());
                            if let Some(on_input) = on_input {
                                on_input.run(());
                            }
                        }
                    }
                    on:keydown=on_keydown
                    on:keyup=move |_| ime.update_value(Ime::key_up)
                    on:blur=move |_| ime.update_value(Ime::key_up)
                    on:beforeinput=move |event| {
                        if ime.with_value(|ime| ime.blocks(&event.input_type())) {
                            event.prevent_default();
                        }
                    }
                    on:compositionstart=move |_| ime.update_value(Ime::start)
                    on:compositionupdate=move |event| ime.update_value(|ime| ime.update(&event.data().unwrap_or_default()))
                    on:compositionend=move |event| perform(ime.try_update_value(|ime| ime.end(&event.data().unwrap_or_default())).unwrap_or_default())
                ></textarea>
                // Pressing the button leaves the focus, and a phone's keyboard, where they are.
                <button type="submit" class="btn main composer-send" disabled=disabled on:mousedown=|event| event.prevent_default()>
                    {send_label}
                </button>
            </div>
        </form>
    }
}

/// Makes the field as high as its text; the style sheet sets the limit.
fn grow(field: &web_sys::HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(field);
    let _ = style.set_property("height", "auto");
    let height = field.scroll_height();
    if height > 0 {
        let _ = style.set_property("height", &format!("{height}px"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPOSING: Enter = Enter { line_break: false, composing: true, repeat: false };
    const PLAIN: Enter = Enter { line_break: false, composing: false, repeat: false };

    fn composing(text: &str) -> Ime {
        let mut ime = Ime::default();
        ime.start();
        ime.update(text);
        ime
    }

    /// Chrome on Windows, Firefox and Linux: key 229, commit, then a second Enter.
    #[test]
    fn korean_on_windows_sends_once_by_one_press() {
        let mut ime = composing("요");
        assert_eq!(ime.enter(COMPOSING), Act { prevent: true, send: Send::No });
        assert_eq!(ime.end("요"), Send::Soon);
        assert_eq!(ime.enter(PLAIN), Act { prevent: true, send: Send::No });
        ime.key_up();
        assert_eq!(ime.enter(PLAIN), Act { prevent: true, send: Send::Now });
    }

    /// Chrome on macOS: key 229, commit, then a line break of its own.
    #[test]
    fn korean_on_a_mac_sends_once_and_leaves_no_line_break() {
        let mut ime = composing("요");
        assert_eq!(ime.enter(COMPOSING), Act { prevent: true, send: Send::No });
        assert!(!ime.blocks("insertText"));
        assert_eq!(ime.end("요"), Send::Soon);
        assert!(ime.blocks("insertLineBreak") && ime.blocks("insertParagraph"));
        ime.key_up();
        assert!(!ime.blocks("insertLineBreak"));
    }

    /// Safari: the commit comes before its key.
    #[test]
    fn korean_in_safari_sends_once() {
        let mut ime = composing("요");
        assert_eq!(ime.end("요"), Send::No);
        assert_eq!(ime.enter(COMPOSING), Act { prevent: true, send: Send::Soon });
        assert!(ime.blocks("insertLineBreak"));
        ime.key_up();
        assert_eq!(ime.enter(PLAIN).send, Send::Now);
    }

    #[test]
    fn the_next_syllable_does_not_send_the_one_before() {
        let mut ime = composing("안");
        assert_eq!(ime.end("안"), Send::No);
        ime.start();
        ime.update("ㄴ");
        assert_eq!(ime.enter(COMPOSING), Act { prevent: true, send: Send::No });
        assert_eq!(ime.end("ㄴ"), Send::Soon);
    }

    #[test]
    fn kana_and_han_only_choose() {
        for text in ["かな", "漢字", "かな한", ""] {
            let mut ime = composing(text);
            assert_eq!(ime.enter(COMPOSING), Act::default(), "{text}");
            assert_eq!(ime.end(text), Send::No);
            ime.key_up();
            assert_eq!(ime.enter(PLAIN).send, Send::Now);
            // Safari's order.
            let mut ime = composing(text);
            ime.end(text);
            assert_eq!(ime.enter(COMPOSING), Act::default(), "{text}");
        }
    }

    #[test]
    fn shift_enter_breaks_the_line_even_while_composing() {
        let key = Enter { line_break: true, ..COMPOSING };
        assert_eq!(composing("요").enter(key), Act::default());
        assert_eq!(Ime::default().enter(Enter { line_break: true, ..PLAIN }), Act::default());
    }

    #[test]
    fn a_plain_enter_sends_and_holding_it_does_not_send_more() {
        let mut ime = Ime::default();
        assert_eq!(ime.enter(PLAIN).send, Send::Now);
        assert_eq!(ime.enter(Enter { repeat: true, ..PLAIN }), Act { prevent: true, send: Send::No });
    }

    /// A commit by a click leaves nothing behind that a later key could take for its own.
    #[test]
    fn a_commit_by_the_mouse_is_forgotten_at_the_next_key() {
        let mut ime = composing("요");
        ime.end("요");
        ime.other_key();
        assert_eq!(ime.enter(COMPOSING), Act::default());
    }

    #[test]
    fn letters_and_halves_of_syllables_are_hangul() {
        for text in ["요", "ㅋㅋ", "\u{1112}\u{1161}"] {
            assert!(is_hangul(text), "{text}");
        }
        for text in ["", "a", "요a", "漢", "あ"] {
            assert!(!is_hangul(text), "{text}");
        }
    }
}
