//! The client half of the protocol, shared by the widget and the console:
//!
//! - [`socket`]: a WebSocket that comes back by itself and says hello with the current cursor;
//! - [`outbox`]: what was written and is not yet stored by the server, kept over reloads;
//! - [`stream`]: pure decisions about cursors, doubles and grouping;
//! - [`write`]: frames as JSON;
//! - [`http`]: the widget's requests; [`ids`]: new client ids; [`draft`]: unsent text.
//!
//! Everything here compiles for the server too, where it does nothing: [`host`] is the
//! browser in one build and nobody in the other, so components need no `cfg`.

pub mod backoff;
pub mod draft;
pub mod handle;
#[cfg_attr(feature = "browser", path = "host_browser.rs")]
#[cfg_attr(not(feature = "browser"), path = "host_nowhere.rs")]
pub mod host;
pub mod http;
pub mod ids;
pub mod outbox;
pub mod socket;
pub mod stream;
pub mod write;
