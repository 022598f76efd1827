//! The design system: props in, events out.

pub mod area;
pub mod button;
pub mod composer;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod icon;
pub mod icon_button;
pub mod logo;
pub mod menu;
pub mod rich_text;
pub mod snippet;
pub mod switch;
pub mod tabs;
pub mod time;
pub mod toast;

pub use area::Area;
pub use button::{Button, ButtonKind};
pub use dialog::{Confirm, modal};
pub use empty::EmptyState;
pub use field::{Bound, Field};
pub use icon::Icon;
pub use icon_button::IconButton;
pub use logo::Logo;
pub use menu::{Menu, MenuItem};
pub use snippet::Snippet;
pub use switch::Switch;
pub use tabs::{TabList, TabName, panel_id, tab_id};
pub use toast::{ToastRegion, Toasts};

use super::page::Facts;
use crate::{domain::service::Language, i18n::Texts};
use leptos::prelude::*;

/// The page's catalogue. Empty only while routes are listed, before any page exists.
#[must_use]
pub fn texts() -> Texts {
    use_context::<Texts>().unwrap_or_else(|| Texts::from_strings(Language::default(), Vec::new()))
}

/// The page's facts.
#[must_use]
pub fn facts() -> Option<Facts> {
    use_context::<Facts>()
}
