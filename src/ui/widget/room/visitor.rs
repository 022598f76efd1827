//! Who the visitor is: the server's token for him, kept by the host page.

use super::{
    super::{
        model::Stage,
        port::{ToHost, tell},
        write,
    },
    Bits, Room,
};
use crate::{
    protocol::Register,
    ui::live::{
        host,
        http::{self, Auth},
        outbox::SendError,
        socket::Link,
    },
};
use leptos::prelude::*;
use std::rc::Rc;

impl Room {
    pub(super) fn auth(self) -> Known {
        Known(self.look(|m| m.token.clone()).flatten())
    }

    pub(super) async fn register(self, bits: &Rc<Bits>, alone: bool) -> Result<(), SendError> {
        let _lock = host::lock(&format!("damso-visitor:{}", bits.widget), 10_000).await;
        if self.look(|m| m.token.is_some()) == Some(true) {
            return Ok(());
        }
        // Another tab of this site may have been faster.
        let token = match host::stored(&token_key(&bits.widget)).filter(|_| !alone) {
            Some(token) => token,
            None => {
                let auth = if alone { Auth::Cookie } else { Auth::Nobody };
                http::post("/api/visitor/register", auth, &write::register(&Register { widget: bits.widget.clone() }), |json| {
                    json.at("token").text()
                })
                .await?
            }
        };
        self.become_visitor(bits, token, false);
        Ok(())
    }

    /// A `verified` token is kept nowhere and told to nobody: each page proves the customer anew.
    pub(super) fn become_visitor(self, bits: &Bits, token: String, verified: bool) {
        if !verified && self.look(|m| m.alone) == Some(false) {
            host::store(&token_key(&bits.widget), &token);
            tell(ToHost::Token { token: Some(&token) });
        }
        host::front_knows(Some(&token));
        self.change(|m| {
            m.synced = false;
            m.verified = verified;
            m.token = Some(token);
            true
        });
    }

    /// The token opens nothing: the next message makes a new visitor, or goes on as the one
    /// that was kept before the host page proved who this is.
    pub(super) fn forget(self, bits: &Bits) {
        let verified = self.look(|m| m.verified) == Some(true);
        if !verified && self.look(|m| m.token.is_some() && !m.alone) == Some(true) {
            host::unstore(&token_key(&bits.widget));
            tell(ToHost::Token { token: None });
        }
        host::front_knows(None);
        self.change(|m| {
            m.token = None;
            m.verified = false;
            m.show(None);
            m.synced = true;
            true
        });
        if let Some(token) = host::stored(&token_key(&bits.widget)).filter(|_| verified) {
            // Whoever the line belonged to: `follow` opens another.
            self.socket.close();
            self.become_visitor(bits, token, false);
        }
    }

    /// What the front door asks: to be told who the visitor is, or to look for the chat
    /// that has begun there.
    pub(super) fn hear_front(self, started: bool) {
        let Some(bits) = self.bits.get() else { return };
        if started {
            // An open line is told by itself; one that is not opens now.
            if self.socket.link().get_untracked() != Link::Up {
                self.change(|m| std::mem::replace(&mut m.synced, false));
            }
            self.expect_soon(|m| m.stage() == Stage::Chat);
            return;
        }
        host::spawn(async move {
            let known = self.look(|m| m.token.is_some()) == Some(true) || self.register(&bits, false).await.is_ok();
            host::front_knows(self.look(|m| m.token.clone()).flatten().filter(|_| known).as_deref());
        });
    }
}

/// The visitor's token, or the page's cookie.
pub(super) struct Known(Option<String>);

impl Known {
    pub(super) fn as_auth(&self) -> Auth<'_> {
        self.0.as_deref().map_or(Auth::Cookie, Auth::Token)
    }
}

pub(super) fn token_key(widget: &str) -> String {
    format!("damso-token:{widget}")
}
