//! What the product is: decisions on plain data. No I/O, no clock, no framework;
//! the time and new ids are passed in, so every rule can be tested beside itself.

pub mod attachment;
pub mod availability;
pub mod block;
pub mod calendar;
pub mod canned;
pub mod category;
pub mod chat;
pub mod color;
pub mod contact;
pub mod customer;
pub mod deadline;
pub mod ids;
pub mod information;
pub mod permission;
pub mod preferences;
pub mod presence;
pub mod routing;
pub mod service;
pub mod settings;
pub mod text;
pub mod ticket;
pub mod time;
pub mod waiting;
pub mod watching;
