//! Use cases: authorise, load, decide, save – each in one transaction. Nothing here knows
//! of HTTP or of pages.

pub mod absence;
pub mod accounts;
pub mod banner;
pub mod blocks;
pub mod board;
pub mod canned;
pub mod categories;
pub mod chats;
pub mod desk;
pub mod door;
pub mod drafts;
pub mod files;
pub mod handover;
pub mod history;
pub mod identity;
pub mod information;
pub mod inquiries;
pub mod invitations;
pub mod members;
pub mod mine;
pub mod organization;
pub mod presence;
pub mod queues;
pub mod readiness;
pub mod routing;
pub mod settings;
pub mod tags;
pub mod tickets;
pub mod transcript;
pub mod tray;
pub mod visitors;
pub mod widget;

use super::{
    db::accounts::Account,
    error::{Error, Result},
    state::App,
};
use crate::domain::{
    chat::Chat,
    ids::{ServiceId, SessionId, VisitorId},
    permission::{Member, Right, Role},
    service::Service,
    time::Timestamp,
};

/// Somebody of whom only the address is known.
#[derive(Clone)]
pub struct Anyone {
    pub app: App,
    /// The client's network address, as far as the trusted proxies tell.
    pub address: String,
    /// Browser and system in words; empty when unknown.
    pub device: String,
}

/// A signed-in account.
#[derive(Clone)]
pub struct SignedIn {
    pub app: App,
    pub account: Account,
    pub session: SessionId,
    /// The service that the session is connected to; none: the account's first.
    pub service: Option<ServiceId>,
}

impl SignedIn {
    /// Goes on only for a 조직관리자; every action of the organisation begins with it.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require_owner(&self) -> Result<()> {
        if self.account.owner { Ok(()) } else { Err(Error::Forbidden) }
    }
}

/// A signed-in account as a member of the service it is connected to.
#[derive(Clone)]
pub struct Agent {
    pub app: App,
    pub account: Account,
    pub session: SessionId,
    pub member: Member,
}

/// A visitor of a widget.
#[derive(Clone)]
pub struct Visitor {
    pub app: App,
    pub id: VisitorId,
    pub service: Service,
    /// A member, for whom the shop has vouched; none: anybody (G20).
    pub vouched: Option<Vouching>,
}

/// By what a member's frame speaks for him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouching {
    /// Of the session's token.
    pub hash: Vec<u8>,
    pub until: Timestamp,
}

impl Agent {
    /// Goes on only with the right; every action of an agent begins with it.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require(&self, right: Right) -> Result<()> {
        if self.member.has(right) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Goes on only for an admin of the service; every change of its settings begins with it.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require_admin(&self) -> Result<()> {
        if self.member.role == Role::Admin { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Tells every page of the service that its settings have changed.
    pub async fn settings_changed(&self) {
        self.app.bus.nudge_settings(self.member.service).await;
    }

    /// The chat, if this agent may see it; a foreign one is answered like a missing one.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn seen(&self, chat: Option<Chat>) -> Result<Chat> {
        chat.filter(|chat| self.member.sees(chat)).ok_or(Error::NotFound)
    }
}
