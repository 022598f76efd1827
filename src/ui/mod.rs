//! Pages. `kit` is the design system, `live` the client half of the protocol; the other
//! folders are surfaces. The widget is a module of its own and may use `kit`, `live`,
//! `domain`, `protocol` and `i18n`, nothing else.

#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod account;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod app;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod console;
#[cfg(feature = "ssr")]
pub mod front;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod inquiries;
pub mod kit;
pub mod live;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod load;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod organization;
pub mod page;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod preferences;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod problems;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod session;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod settings;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod upload;
#[cfg(any(feature = "ssr", feature = "widget"))]
pub mod widget;
