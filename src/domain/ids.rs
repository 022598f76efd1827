//! One type per kind of id, so that a visitor can never be passed for an agent.
//! All are UUIDs of version 7; nothing is ever ordered by them (order is by sequence).

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(s).map($name)
            }
        }
    )*};
}

ids! {
    /// The tenant: contract, languages, zone, agents, queues, chat settings (A9).
    ServiceId
    /// A queue (대기열) of a service.
    QueueId
    /// A person who signs in: agent, admin or owner.
    AccountId
    /// One signed-in browser of an account.
    SessionId
    /// A browser on somebody's page.
    VisitorId
    /// A key with which a shop signs who its members are (G20).
    IdentityKeyId
    /// A 처리유형 of a service (A19).
    CategoryId
    /// A canned reply (상용구, A49).
    CannedId
    /// A customer who is kept out (G34).
    BlockId
    /// A ticket (A42, A56).
    TicketId
    /// A tag of tickets (A57).
    TagId
    /// One consultation.
    ChatId
    /// A 1:1 문의 (A28).
    InquiryId
    /// A file in the store: an attachment (A51), or the picture of a service.
    FileId
    /// Made by the sender's browser for each message, so that a repeated send is
    /// stored once (unique per chat).
    ClientId
}

impl VisitorId {
    /// The four characters by which agents tell anonymous customers apart ("고객 8F2C").
    /// Taken from the random end of the id; not unique, only recognisable.
    #[must_use]
    pub fn code(self) -> String {
        let hex = self.0.simple().to_string();
        hex[hex.len() - 4..].to_uppercase()
    }
}

impl IdentityKeyId {
    /// Four characters by which admins tell their keys apart; no part of the secret.
    #[must_use]
    pub fn code(self) -> String {
        let hex = self.0.simple().to_string();
        hex[hex.len() - 4..].to_uppercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitor_code_is_the_random_end_of_the_id() {
        let id: VisitorId = "01890a5d-ac96-774b-bcce-b302099a8f2c".parse().unwrap();
        assert_eq!(id.code(), "8F2C");
    }
}
