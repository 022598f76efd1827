//! The wall clock and fresh ids: the only place that asks the machine for either.

#[cfg(feature = "failpoints")]
pub mod skip;

use crate::domain::time::Timestamp;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use uuid::Uuid;

/// The time as the server sees it; tests drive their own.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    Driven(Arc<AtomicI64>),
}

impl Clock {
    /// Now, in milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            Self::System => Timestamp(jiff::Timestamp::now().as_millisecond()).plus(skipped()),
            Self::Driven(ms) => Timestamp(ms.load(Ordering::SeqCst)),
        }
    }
}

/// By how much a test has moved the time, in milliseconds; nothing without the feature.
fn skipped() -> i64 {
    #[cfg(feature = "failpoints")]
    return skip::skipped();
    #[cfg(not(feature = "failpoints"))]
    0
}

/// A new id of version 7.
#[must_use]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
