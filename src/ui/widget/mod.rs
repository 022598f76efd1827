//! The customer's surface: a wasm module of its own. It may use `kit`, `live`,
//! `domain`, `protocol` and `i18n`, nothing else.
//!
//! The page is drawn by the server without knowing the visitor; in a frame the host page
//! brings the token over a port (`port`), the socket brings the chat (`room`, and `model`
//! for what is known of it). Opened by
//! itself it knows the visitor by a cookie and works by forms alone.

#[cfg(feature = "ssr")]
mod document;
mod icons;
mod model;
mod port;
mod read;
mod room;
mod rows;
#[cfg(feature = "browser")]
mod start;
mod view;
mod write;

#[cfg(feature = "ssr")]
pub use document::{WidgetDocument, WidgetDocumentProps};
#[cfg(feature = "browser")]
pub use start::start;
pub use view::{FormActions, Widget};

/// The id of the element whose content is drawn here and hydrated.
pub const ROOT_ID: &str = "damso-widget";
