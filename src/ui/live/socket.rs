//! A WebSocket to `/ws` that comes back by itself.
//!
//! On each opening it sends the [`Hello`] made at that moment, so that the cursor in it
//! is current and every opening is an exact resume. It is closed while the page is put
//! aside (`pagehide`, else the page could not enter the back/forward cache) and comes
//! back at once on `pageshow`, `online` and when the page becomes visible again.
//!
//! The server's pings are invisible to scripts, so a dead line would look alive here:
//! after 25 s without a frame in a visible page, and when a page becomes visible, the
//! client sends [`protocol::BEAT`] and reconnects unless something comes back.

use super::{
    backoff::{Backoff, between},
    handle::{Local, Timer, after},
    host::{self, Listener, Wire, WireEvent},
    write,
};
use crate::{
    domain::time::Timestamp,
    protocol::{self, AgentFrame, ClientFrame, Goodbye, Hello},
};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    rc::Weak,
};

/// The state of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nobody wants a connection.
    Idle,
    /// Being made since then; too short to say anything.
    Connecting {
        since: Timestamp,
    },
    Up,
    /// Not connected for three seconds or more: say so. It goes on trying.
    Down {
        since: Timestamp,
    },
    /// Ended for good: sign in again, or reload the page.
    Closed(Goodbye),
}

impl Link {
    /// Whether people should be told.
    #[must_use]
    pub fn is_down(self) -> bool {
        matches!(self, Self::Down { .. } | Self::Closed(_))
    }
}

/// What the server says on a socket.
pub trait Frame: Sized + 'static {
    /// Reads a frame; `None` when it is none of this protocol's.
    fn read(text: &str) -> Option<Self>;

    /// The reason, if this announces the end.
    fn goodbye(&self) -> Option<Goodbye>;
}

impl Frame for AgentFrame {
    fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn goodbye(&self) -> Option<Goodbye> {
        if let Self::Bye { why } = self { Some(*why) } else { None }
    }
}

/// Banner after so long without a connection.
const QUIET: u32 = 3_000;
/// A socket that says nothing for so long after it was opened is given up.
const PATIENCE: u32 = 10_000;
/// Silence after which a visible page asks whether the line is alive.
const SILENCE: i64 = 25_000;
const TICK: u32 = 5_000;

/// Handle of a connection; Copy. Nothing happens before [`Socket::open`]. Closed with
/// the reactive owner that made it.
#[derive(Clone, Copy)]
pub struct Socket {
    link: RwSignal<Link>,
    inner: Local<Inner>,
}

enum Heard {
    Frame,
    Bye(Goodbye),
    Garbled,
}

struct Inner {
    me: Weak<Self>,
    link: RwSignal<Link>,
    hello: Box<dyn Fn() -> Option<Hello>>,
    hear: Box<dyn Fn(&str) -> Heard>,
    wire: RefCell<Option<Wire>>,
    /// Number of the current wire; events of older ones are ignored.
    turn: Cell<u32>,
    wanted: Cell<bool>,
    /// The page is put aside.
    aside: Cell<bool>,
    up_since: Cell<Option<Timestamp>>,
    heard_at: Cell<Timestamp>,
    bye: Cell<Option<Goodbye>>,
    backoff: RefCell<Backoff>,
    retry: RefCell<Option<Timer>>,
    banner: RefCell<Option<Timer>>,
    check: RefCell<Option<Timer>>,
    tick: RefCell<Option<Timer>>,
    listeners: RefCell<Vec<Option<Listener>>>,
}

impl Socket {
    /// `hello` makes the first frame of each opening (`None`: nothing to say, stay away);
    /// `on_frame` gets every frame but beats, in order.
    pub fn new<F: Frame>(hello: impl Fn() -> Option<Hello> + 'static, on_frame: impl Fn(F) + 'static) -> Self {
        let link = RwSignal::new(Link::Idle);
        let hear = move |text: &str| match F::read(text) {
            Some(frame) => {
                let goodbye = frame.goodbye();
                on_frame(frame);
                goodbye.map_or(Heard::Frame, Heard::Bye)
            }
            None => Heard::Garbled,
        };
        let inner = Local::cyclic(|me| Inner {
            me: me.clone(),
            link,
            hello: Box::new(hello),
            hear: Box::new(hear),
            wire: RefCell::default(),
            turn: Cell::new(0),
            wanted: Cell::new(false),
            aside: Cell::new(false),
            up_since: Cell::new(None),
            heard_at: Cell::new(Timestamp(0)),
            bye: Cell::new(None),
            backoff: RefCell::default(),
            retry: RefCell::default(),
            banner: RefCell::default(),
            check: RefCell::default(),
            tick: RefCell::default(),
            listeners: RefCell::default(),
        });
        Self { link, inner }
    }

    /// The state of the line.
    #[must_use]
    pub fn link(&self) -> ReadSignal<Link> {
        self.link.read_only()
    }

    /// Connects and stays connected. No harm in calling it again.
    pub fn open(&self) {
        let Some(inner) = self.inner.get() else { return };
        if inner.wanted.replace(true) {
            return;
        }
        inner.listen();
        inner.connect();
    }

    /// Hangs up until [`Socket::open`].
    pub fn close(&self) {
        if let Some(inner) = self.inner.get() {
            inner.wanted.set(false);
            inner.hang_up();
            inner.listeners.borrow_mut().clear();
            inner.say(Link::Idle);
        }
    }

    /// Sends a frame if the line is up; these frames may be lost.
    pub fn send(&self, frame: &ClientFrame) -> bool {
        let Some(inner) = self.inner.get() else { return false };
        let up = inner.up_since.get().is_some();
        up && inner.wire.borrow().as_ref().is_some_and(|wire| wire.send(&write::client_frame(frame)))
    }

    /// Hangs up and says hello again with the current cursor: a gap showed, or somebody
    /// else is to be introduced.
    pub fn rehello(&self) {
        if let Some(inner) = self.inner.get() {
            inner.again();
        }
    }
}

impl Inner {
    fn say(&self, link: Link) {
        if self.link.try_get_untracked().is_some_and(|now| now != link) {
            self.link.set(link);
        }
    }

    /// A callback that does nothing once the connection is gone.
    fn weak(&self, f: impl Fn(&Self) + 'static) -> impl Fn() + 'static {
        let me = self.me.clone();
        move || {
            if let Some(me) = me.upgrade() {
                f(&me);
            }
        }
    }

    fn listen(&self) {
        // `online` comes with another network, on which the old line is dead.
        let online = self.weak(Self::again);
        let offline = self.weak(Self::again);
        let seen = self.weak(|me| {
            if host::visible() {
                me.look();
            }
        });
        let hide = self.weak(|me| {
            me.aside.set(true);
            me.hang_up();
        });
        let show = self.weak(|me| {
            if me.aside.replace(false) {
                me.connect();
            }
        });
        *self.listeners.borrow_mut() = vec![
            host::on_window("online", move |_| online()),
            host::on_window("offline", move |_| offline()),
            host::on_document("visibilitychange", move |_| seen()),
            host::on_window("pagehide", move |_| hide()),
            host::on_window("pageshow", move |_| show()),
        ];
    }

    /// The page is looked at again: is the line alive?
    fn look(&self) {
        if self.up_since.get().is_some() {
            self.probe(QUIET);
        } else if self.wanted.get() && self.wire.borrow().is_none() {
            self.connect();
        }
    }

    /// Connects anew at once, or after a wait if that has just been done.
    fn again(&self) {
        if !self.wanted.get() || matches!(self.link.get_untracked(), Link::Closed(_)) {
            return;
        }
        let settled = self.up_since.get().is_none_or(|since| host::now().since(since) > 2_000);
        self.hang_up();
        if settled {
            self.connect();
        } else {
            self.later();
        }
    }

    fn later(&self) {
        let wait = self.backoff.borrow_mut().next(host::chance());
        self.retry_in(wait);
    }

    fn retry_in(&self, ms: u32) {
        self.lost();
        let connect = self.weak(Self::connect);
        *self.retry.borrow_mut() = Some(after(ms, connect));
    }

    /// Shows that there is no connection: nothing for three seconds, then in words.
    fn lost(&self) {
        if matches!(self.link.get_untracked(), Link::Connecting { .. } | Link::Down { .. }) {
            return;
        }
        let since = host::now();
        self.say(Link::Connecting { since });
        let tell = self.weak(move |me| {
            if me.link.get_untracked() == (Link::Connecting { since }) {
                me.say(Link::Down { since });
            }
        });
        *self.banner.borrow_mut() = Some(after(QUIET, tell));
    }

    fn hang_up(&self) {
        self.turn.set(self.turn.get() + 1);
        self.up_since.set(None);
        for timer in [&self.retry, &self.check, &self.tick] {
            timer.borrow_mut().take();
        }
        // Dropped when the borrow has ended.
        let _gone = self.wire.borrow_mut().take();
    }

    fn connect(&self) {
        if !self.wanted.get() || self.aside.get() {
            return;
        }
        self.hang_up();
        self.lost();
        let (me, turn) = (self.me.clone(), self.turn.get());
        let wire = Wire::open("/ws", move |event| {
            if let Some(me) = me.upgrade()
                && me.turn.get() == turn
            {
                me.on(event);
            }
        });
        if wire.is_none() {
            return self.later();
        }
        *self.wire.borrow_mut() = wire;
        let give_up = self.weak(move |me| {
            if me.turn.get() == turn && me.up_since.get().is_none() {
                me.hang_up();
                me.later();
            }
        });
        *self.check.borrow_mut() = Some(after(PATIENCE, give_up));
    }

    fn on(&self, event: WireEvent) {
        match event {
            WireEvent::Open => {
                let sent =
                    (self.hello)().is_some_and(|hello| self.wire.borrow().as_ref().is_some_and(|wire| wire.send(&write::hello(&hello))));
                if !sent {
                    // Nobody to introduce: stay away until somebody calls again.
                    self.wanted.set(false);
                    self.hang_up();
                    self.say(Link::Idle);
                }
            }
            WireEvent::Text(text) => self.heard(&text),
            WireEvent::Closed(code) => self.closed(code),
        }
    }

    fn heard(&self, text: &str) {
        let now = host::now();
        self.heard_at.set(now);
        if self.up_since.get().is_none() {
            self.up_since.set(Some(now));
            self.check.borrow_mut().take();
            self.banner.borrow_mut().take();
            self.bye.set(None);
            self.watch();
            self.say(Link::Up);
        }
        if text == protocol::BEAT {
            return;
        }
        match (self.hear)(text) {
            Heard::Frame => {}
            Heard::Bye(why) => self.bye.set(Some(why)),
            Heard::Garbled => {
                self.hang_up();
                self.end(Some(Goodbye::BadFrame));
            }
        }
    }

    fn closed(&self, code: u16) {
        if self.up_since.get().is_some_and(|since| host::now().since(since) > 5_000) {
            self.backoff.borrow_mut().reset();
        }
        let why = Goodbye::from_code(code).or(self.bye.take());
        self.hang_up();
        self.end(why);
    }

    fn end(&self, why: Option<Goodbye>) {
        match (why, after_close(why, &mut self.backoff.borrow_mut(), host::chance())) {
            (Some(why), None) => {
                self.wanted.set(false);
                self.say(Link::Closed(why));
            }
            (_, wait) => self.retry_in(wait.unwrap_or(0)),
        }
    }

    /// Asks after silence whether the line is alive.
    fn watch(&self) {
        let check = self.weak(|me| {
            if host::visible() && host::now().since(me.heard_at.get()) >= SILENCE {
                me.probe(PATIENCE);
            }
            me.watch();
        });
        *self.tick.borrow_mut() = Some(after(TICK, check));
    }

    fn probe(&self, patience: u32) {
        if self.check.borrow().is_some() {
            return;
        }
        let asked = host::now();
        let sent = self.wire.borrow().as_ref().is_some_and(|wire| wire.send(protocol::BEAT));
        let give_up = self.weak(move |me| {
            me.check.borrow_mut().take();
            if !sent || me.heard_at.get() < asked {
                me.hang_up();
                me.connect();
            }
        });
        *self.check.borrow_mut() = Some(after(if sent { patience } else { 0 }, give_up));
    }
}

/// How long to stay away after the server closed; `None`: for good.
fn after_close(why: Option<Goodbye>, backoff: &mut Backoff, chance: f64) -> Option<u32> {
    match why {
        Some(Goodbye::SignedOut | Goodbye::Version) => None,
        Some(Goodbye::BadFrame) => Some(backoff.next(chance).max(between(10_000, 20_000, chance))),
        // A server that restarts is back in a moment; all of its clients are waiting for it.
        Some(Goodbye::Slow | Goodbye::Restart) => Some(backoff.next(chance).min(2_000)),
        None => Some(backoff.next(chance)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revoked_session_and_another_version_are_never_tried_again() {
        let mut backoff = Backoff::default();
        for why in [Goodbye::SignedOut, Goodbye::Version] {
            assert_eq!(after_close(Some(why), &mut backoff, 0.5), None);
        }
    }

    #[test]
    fn a_bad_frame_is_not_repeated_soon_and_a_restart_is() {
        let mut backoff = Backoff::default();
        assert!(after_close(Some(Goodbye::BadFrame), &mut backoff, 0.0) >= Some(10_000));
        for _ in 0..10 {
            assert!(after_close(Some(Goodbye::Restart), &mut backoff, 0.3) <= Some(2_000));
        }
        assert!(after_close(None, &mut backoff, 0.3) >= Some(15_000));
    }

    #[test]
    fn a_restarted_server_is_not_stormed() {
        let waits: Vec<_> = (0..5).map(|n| after_close(Some(Goodbye::Restart), &mut Backoff::default(), f64::from(n) / 5.0)).collect();
        assert!(waits.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
