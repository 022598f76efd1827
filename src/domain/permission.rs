//! Who may do what: roles and rights as data, one function that decides (G32).

use super::{
    chat::{Chat, State},
    ids::{AccountId, QueueId, ServiceId},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an agent is in a service. The organisation's owner (조직관리자) is a mark on
/// the account, not a role: it brings no consulting right by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 상담원
    Agent,
    /// 관리자: an agent's abilities and the service's settings.
    Admin,
}

impl Role {
    pub const ALL: [Self; 2] = [Self::Agent, Self::Admin];

    /// The name under which the role is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Admin => "admin",
        }
    }

    /// The role stored under `code`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }
}

/// A right given one by one, whatever the role (PRODUCT §4.3, G21, G32).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// 채팅 권한 (A6)
    Chat,
    /// 티켓 권한
    Ticket,
    /// See a masked original (G4).
    Unmask,
    /// 마스킹 되돌리기 (G4)
    UndoMasking,
    /// 데이터 추출
    Export,
    /// 현황·통계: sees all chats of the service, the board, may assign.
    Oversight,
    /// 접속기록 조회
    AccessLog,
    /// 개인정보 처리: erase and export a person.
    PersonalData,
}

impl Right {
    pub const ALL: [Self; 8] =
        [Self::Chat, Self::Ticket, Self::Unmask, Self::UndoMasking, Self::Export, Self::Oversight, Self::AccessLog, Self::PersonalData];

    /// The name under which the right is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Ticket => "ticket",
            Self::Unmask => "unmask",
            Self::UndoMasking => "undo_masking",
            Self::Export => "export",
            Self::Oversight => "oversight",
            Self::AccessLog => "access_log",
            Self::PersonalData => "personal_data",
        }
    }

    /// The right stored under `code`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }
}

/// An account as a member of one service: the "who" of every agent's action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub account: AccountId,
    pub service: ServiceId,
    pub role: Role,
    pub rights: BTreeSet<Right>,
    /// Where he has a seat (A11).
    pub queues: BTreeSet<QueueId>,
}

/// The longest nickname, in characters.
pub const NICKNAME_MAX: usize = 40;
/// Chats at once go from 0 up to this (G17).
pub const CHATS_AT_ONCE_MAX: u8 = 20;

/// What an admin sets about an agent in a service (A6, G17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub role: Role,
    pub rights: BTreeSet<Right>,
    /// The name that customers see where the service shows nicknames; empty: the service's.
    pub nickname: String,
    /// 0–[`CHATS_AT_ONCE_MAX`].
    pub chats_at_once: u8,
}

/// An agent's two switches of 할당 제어 (A7, G10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// 채팅 할당: whether chats are given to him at all.
    pub on: bool,
    /// 본인 변경 허용: whether he may change that himself.
    pub own: bool,
}

impl Member {
    #[must_use]
    pub fn has(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// Whether this member sees the chat at all (G32): what waits is everybody's with the
    /// chat right and a seat in its queue, what somebody handles is his, and 현황·통계 sees
    /// everything.
    #[must_use]
    pub fn sees(&self, chat: &Chat) -> bool {
        if chat.service != self.service {
            return false;
        }
        if self.has(Right::Oversight) {
            return true;
        }
        self.has(Right::Chat)
            && match chat.state {
                // A guest sees what he was invited into, and afterwards what he took part in (A80).
                _ if chat.guest(self.account).is_some() => true,
                // What is offered to him he sees even while his seat is being taken away.
                State::Waiting { .. } => self.queues.contains(&chat.queue) || chat.offer.is_some_and(|offer| offer.agent == self.account),
                State::Active { agent, .. } | State::Held { agent, .. } | State::CustomerEnded { agent, .. } => agent == self.account,
                State::Intake { .. } => false,
                // Who began it and who had it last; others who took part find it in 채팅기록.
                State::Ended { agent, .. } => agent == Some(self.account) || chat.started.is_some_and(|s| s.by == self.account),
            }
    }
}
