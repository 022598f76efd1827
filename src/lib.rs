//! Damso, the live-chat desk that a company runs itself. The map of the modules, and the
//! only place with `cfg` on them; docs/ARCHITECTURE.md says which line belongs where.
#![recursion_limit = "512"]

#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod api;
pub mod domain;
pub mod i18n;
pub mod protocol;
#[cfg(feature = "ssr")]
pub mod server;
pub mod ui;
