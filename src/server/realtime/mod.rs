//! How what happened reaches the other side: the log is the truth, the hub wakes whoever
//! listens, a session reads after its cursor and sends (docs/ARCHITECTURE.md).

pub mod agent;
pub mod bus;
pub mod door;
pub mod hub;
pub mod log;
pub mod pages;
pub mod shared;
pub mod socket;
pub mod tail;
pub mod visitor;
