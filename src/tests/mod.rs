//! The whole program against both databases, over real sockets. PostgreSQL comes from
//! `cargo xtask test`, which starts a private cluster and names it in
//! `DAMSO_TEST_POSTGRES`.
#![recursion_limit = "512"]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

mod absence;
mod accounts;
mod acts;
mod architecture;
mod bad_input;
mod banner;
mod board;
mod canned;
mod chats;
mod database;
mod developers;
mod doors;
mod ending;
mod files;
mod front;
mod identity;
mod live;
mod locks;
mod mail;
mod names;
mod nodes;
mod organization;
mod overheard;
mod panel;
mod preferences;
mod program;
mod projection;
mod routing;
mod settings;
mod talk;
mod tickets;
mod tray;
mod watching;
