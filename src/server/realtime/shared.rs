//! What many open pages want to know of a service at the same moment: a change wakes them
//! all, and the first of them reads for all.

use crate::{domain::ids::ServiceId, server::error::Result};
use dashmap::DashMap;
use std::sync::Arc;
use tokio::{sync::Mutex, time::Instant};

/// When it was read, and what was found.
type Read<T> = Option<(Instant, Arc<T>)>;

/// The last reading of each service's.
pub struct Shared<T>(DashMap<ServiceId, Arc<Mutex<Read<T>>>>);

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(DashMap::new())
    }
}

impl<T> Shared<T> {
    /// What `read` finds now, or what somebody has found after `woken`.
    ///
    /// # Errors
    /// The reading's own.
    pub async fn after(&self, service: ServiceId, woken: Instant, read: impl AsyncFnOnce() -> Result<T>) -> Result<Arc<T>> {
        let slot = self.0.entry(service).or_default().clone();
        let mut slot = slot.lock().await;
        if let Some((at, found)) = &*slot
            && *at > woken
        {
            return Ok(found.clone());
        }
        let at = Instant::now();
        let found = Arc::new(read().await?);
        *slot = Some((at, found.clone()));
        Ok(found)
    }
}
