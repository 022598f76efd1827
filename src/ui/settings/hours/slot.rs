//! A timer that may be set again.

use crate::ui::live::handle::{Local, Timer};
use std::cell::Cell;

/// Holds one timer; the one before is taken back.
#[derive(Clone, Copy)]
pub struct Slot(Local<Cell<Option<Timer>>>);

impl Slot {
    pub fn new() -> Self {
        Self(Local::new(|| Cell::new(None)))
    }

    pub fn set(self, timer: Option<Timer>) {
        if let Some(slot) = self.0.get() {
            slot.set(timer);
        }
    }
}
