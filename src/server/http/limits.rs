//! How often something may be tried. Per node and in memory: a restart forgives.

use crate::{
    domain::ids::{AccountId, VisitorId},
    server::error::{Error, Result},
};
use dashmap::DashMap;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};
use std::{hash::Hash, num::NonZeroU32, sync::Arc, time::Duration};

/// All limits of a node.
pub struct Limits {
    /// Sign-in by address and account together.
    pair: DefaultKeyedRateLimiter<(String, String)>,
    /// Sign-in by address.
    address: DefaultKeyedRateLimiter<String>,
    /// Sign-in by account, from addresses that it never signed in from.
    account: DefaultKeyedRateLimiter<String>,
    password: DefaultKeyedRateLimiter<AccountId>,
    register: DefaultKeyedRateLimiter<String>,
    identify: DefaultKeyedRateLimiter<String>,
    visitor_send: DefaultKeyedRateLimiter<VisitorId>,
    /// Files of customers by address: a new visitor costs nothing.
    upload: DefaultKeyedRateLimiter<String>,
    /// Mails with a customer's own conversation, by address.
    transcript: DefaultKeyedRateLimiter<String>,
    /// Open sockets by address and by visitor.
    sockets: Arc<DashMap<String, u32>>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pair: limiter(10, Duration::from_secs(30)),
            address: limiter(60, Duration::from_secs(2)),
            account: limiter(50, Duration::from_secs(60)),
            password: limiter(10, Duration::from_secs(30)),
            register: limiter(300, Duration::from_millis(200)),
            identify: limiter(300, Duration::from_millis(200)),
            visitor_send: limiter(200, Duration::from_millis(100)),
            upload: limiter(100, Duration::from_secs(10)),
            transcript: limiter(5, Duration::from_secs(60)),
            sockets: Arc::default(),
        }
    }
}

/// `burst` at once, then one per `refill`.
fn limiter<K: Hash + Eq + Clone>(burst: u32, refill: Duration) -> DefaultKeyedRateLimiter<K> {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(refill).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst);
    RateLimiter::keyed(quota)
}

fn check<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<()> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(governor::clock::DefaultClock::default().now());
        Error::TooMany(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
    })
}

impl Limits {
    /// One attempt to sign in; `known` says that the account has a session from there.
    pub fn sign_in(&self, email: &str, address: &str, known: bool) -> Result<()> {
        check(&self.pair, &(email.to_owned(), address.to_owned()))?;
        check(&self.address, &address.to_owned())?;
        if known { Ok(()) } else { check(&self.account, &email.to_owned()) }
    }

    /// One attempt with a link.
    pub fn link(&self, address: &str) -> Result<()> {
        check(&self.address, &address.to_owned())
    }

    /// One attempt to change a password.
    pub fn password_change(&self, account: AccountId) -> Result<()> {
        check(&self.password, &account)
    }

    /// One new visitor.
    pub fn register(&self, address: &str) -> Result<()> {
        check(&self.register, &address.to_owned())
    }

    /// One token of a member, good or not.
    pub fn identify(&self, address: &str) -> Result<()> {
        check(&self.identify, &address.to_owned())
    }

    /// One message of a visitor.
    pub fn visitor_send(&self, visitor: VisitorId) -> Result<()> {
        check(&self.visitor_send, &visitor)
    }

    /// One file of a customer.
    pub fn upload(&self, address: &str) -> Result<()> {
        check(&self.upload, &address.to_owned())
    }

    /// One conversation by mail.
    pub fn transcript(&self, address: &str) -> Result<()> {
        check(&self.transcript, &address.to_owned())
    }

    /// A place for one more socket under `key`, given back when dropped.
    #[must_use]
    pub fn socket(&self, key: String, max: u32) -> Option<SocketPlace> {
        let mut open = self.sockets.entry(key.clone()).or_insert(0);
        if *open >= max {
            return None;
        }
        *open += 1;
        drop(open);
        Some(SocketPlace { sockets: self.sockets.clone(), key })
    }

    /// Forgets keys that have been quiet long enough to have their whole burst again.
    pub fn sweep(&self) {
        self.pair.retain_recent();
        self.address.retain_recent();
        self.account.retain_recent();
        self.password.retain_recent();
        self.register.retain_recent();
        self.identify.retain_recent();
        self.visitor_send.retain_recent();
        self.upload.retain_recent();
        self.transcript.retain_recent();
    }
}

/// One open socket in the count.
pub struct SocketPlace {
    sockets: Arc<DashMap<String, u32>>,
    key: String,
}

impl Drop for SocketPlace {
    fn drop(&mut self) {
        if let Some(mut open) = self.sockets.get_mut(&self.key) {
            *open = open.saturating_sub(1);
        }
        self.sockets.remove_if(&self.key, |_, open| *open == 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_cannot_lock_out_who_signs_in_from_a_known_address() {
        let limits = Limits::default();
        for n in 0..200 {
            let _ = limits.sign_in("kim@a.example", &format!("203.0.113.{n}"), false);
        }
        assert!(matches!(limits.sign_in("kim@a.example", "198.51.100.9", false), Err(Error::TooMany(_))));
        assert!(limits.sign_in("kim@a.example", "192.0.2.1", true).is_ok());
    }

    #[test]
    fn places_for_sockets_are_given_back() {
        let limits = Limits::default();
        let first = limits.socket("a".into(), 1);
        assert!(first.is_some());
        assert!(limits.socket("a".into(), 1).is_none());
        drop(first);
        assert!(limits.socket("a".into(), 1).is_some());
    }
}
