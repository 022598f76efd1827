//! The wall clock and fresh ids: the only place that asks the machine for either.

#[cfg(feature = "failpoints")]
pub mod skip;

use crate::domain::time::Timestamp;
#[cfg(feature = "failpoints")]
use skip::skipped;
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

/// Nobody moves the time of a product build.
#[cfg(not(feature = "failpoints"))]
const fn skipped() -> i64 {
    0
}

/// A new id of version 7.
#[must_use]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
