//! What the host page says, and is told.

use super::{
    super::port::{FromHost, ToHost, tell},
    Room,
    visitor::token_key,
};
use crate::ui::live::host;
use leptos::prelude::*;

impl Room {
    pub(super) fn hear_host(self, message: FromHost, take_focus: &dyn Fn()) {
        let Some(bits) = self.bits.get() else { return };
        let set_open = |open, focus| {
            self.change(|m| std::mem::replace(&mut m.open, open) != open);
            if focus {
                take_focus();
            }
        };
        let adopt = |token: String, verified| {
            let other = self.look(|m| m.token.as_ref() != Some(&token)) == Some(true);
            if other {
                self.become_visitor(&bits, token, verified);
                self.socket.rehello();
            }
        };
        match message {
            FromHost::Hello { token, verified, open, focus, page } => {
                bits.page.replace(page);
                match token.or_else(|| host::stored(&token_key(&bits.widget))) {
                    Some(token) => adopt(token, verified),
                    None => self.change(|m| !std::mem::replace(&mut m.synced, true)),
                }
                self.change(|m| !std::mem::replace(&mut m.introduced, true));
                set_open(open, focus);
                self.outbox.kick();
            }
            FromHost::Open { focus } => set_open(true, focus),
            FromHost::Closed => set_open(false, false),
            FromHost::Page(page) => {
                bits.page.replace(page);
                self.tell_page(&bits);
            }
            FromHost::Token { token: Some(token), verified } => adopt(token, verified),
            FromHost::Logout { verified: true } if self.look(|m| m.verified) != Some(true) => {}
            FromHost::Token { verified, .. } | FromHost::Logout { verified } => {
                self.outbox.clear();
                self.value.set(String::new());
                if !verified {
                    // Also what another page of this site left.
                    host::unstore(&token_key(&bits.widget));
                }
                self.forget(&bits);
            }
        }
    }

    /// ✕
    pub fn close_panel(self) {
        tell(ToHost::Close);
    }
}
