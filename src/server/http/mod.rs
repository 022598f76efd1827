//! How requests arrive: routes, cookies, headers, pages.

pub mod api;
pub mod auth;
pub mod banner;
pub mod demo;
pub mod developers;
pub mod drain;
pub mod files;
pub mod front;
pub mod health;
pub mod help;
pub mod inquiry;
pub mod limits;
pub mod mine;
pub mod pages;
pub mod request;
pub mod router;
pub mod security;
pub mod site;
pub mod talk;
pub mod tray;
pub mod widget;
pub mod ws;
