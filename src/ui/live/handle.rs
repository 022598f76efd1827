//! Handles that components may copy around, whatever they hold.

use super::host;
use leptos::prelude::{GetValue, LocalStorage, StoredValue};
use std::{
    cell::Cell,
    future::{Future, poll_fn},
    pin::pin,
    rc::{Rc, Weak},
    task::Poll,
};

/// Something of the browser's, owned by the reactive owner that made it: dropped on
/// cleanup. Copy and `Send`, so views may capture it. On the server it is never made.
pub struct Local<T: 'static>(Option<StoredValue<Rc<T>, LocalStorage>>);

impl<T> Clone for Local<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Local<T> {}

impl<T: 'static> Local<T> {
    /// Makes it in the browser; on the server `make` is not called.
    pub fn new(make: impl FnOnce() -> T) -> Self {
        Self(cfg!(feature = "browser").then(|| StoredValue::new_local(Rc::new(make()))))
    }

    /// The same for things whose callbacks refer back to them.
    pub fn cyclic(make: impl FnOnce(&Weak<T>) -> T) -> Self {
        Self(cfg!(feature = "browser").then(|| StoredValue::new_local(Rc::new_cyclic(make))))
    }

    /// What it holds; `None` on the server and after the owner's cleanup.
    #[must_use]
    pub fn get(&self) -> Option<Rc<T>> {
        self.0.and_then(|stored| stored.try_get_value())
    }
}

/// Keeps `thing` (a listener, a timer) until the current owner is cleaned up.
pub fn keep<T: 'static>(thing: impl FnOnce() -> T) {
    let _ = Local::new(thing);
}

/// A call in the future; dropping it takes it back.
#[must_use = "dropping a timer stops it"]
pub struct Timer(Rc<Cell<bool>>);

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// Calls `f` after `ms` milliseconds.
pub fn after(ms: u32, f: impl FnOnce() + 'static) -> Timer {
    let cancelled = Rc::new(Cell::new(false));
    let stop = cancelled.clone();
    host::spawn(async move {
        host::sleep(ms).await;
        if !stop.get() {
            f();
        }
    });
    Timer(cancelled)
}

/// The answer of `work`, or `None` after `ms` milliseconds.
pub async fn within<T>(ms: u32, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut end) = (pin!(work), pin!(host::sleep(ms)));
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => end.as_mut().poll(cx).map(|()| None),
    })
    .await
}
