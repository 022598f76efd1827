//! The switchboard of one node: who listens to what, and a wake-up that cannot lag.
//!
//! Four rules, each a bug otherwise: only a higher number wakes (an older one may come
//! later); subscribe first, then read the table; the number is never a bound for reading;
//! a topic goes under the map's lock and only when nobody listens.

use super::pages::Pages;
use crate::{
    domain::ids::{AccountId, ChatId, ClientId, ServiceId, VisitorId},
    protocol::Marks,
};
use dashmap::DashMap;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{Notify, broadcast, watch};

/// What can be listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Topic {
    /// All events of a service; its number is the service's sequence.
    Service(ServiceId),
    /// A chat's public events; its number is the public sequence.
    Chat(ChatId),
    /// A visitor has another chat now.
    Visitor(VisitorId),
    /// Sessions or rights of an account changed.
    Account(AccountId),
    /// The settings of a service changed.
    Settings(ServiceId),
    /// Something changed that a customer at the door of a service may meet.
    Door(ServiceId),
    /// Who waits in a service, or in which order, has changed.
    Line(ServiceId),
}

/// What may be lost: typing, and the push of marks (their storage is not).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Live {
    CustomerTyping {
        chat: ChatId,
        on: bool,
    },
    AgentTyping {
        chat: ChatId,
        agent: AccountId,
        on: bool,
    },
    CustomerMarks {
        chat: ChatId,
        marks: Marks,
    },
    AgentMarks {
        chat: ChatId,
        agent: AccountId,
        marks: Marks,
    },
    AgentFlag {
        chat: ChatId,
        agent: AccountId,
        on: bool,
    },
    /// What stands beside a chat is another now: notes, tickets.
    Panel {
        chat: ChatId,
    },
    /// This agent's drafts have changed on `page`; told on the service's topic only.
    Drafts {
        agent: AccountId,
        page: ClientId,
    },
    /// The customer looks at it otherwise now (G33); told by each node to its own consoles.
    Watching {
        chat: ChatId,
    },
}

/// How many ephemerals a slow listener may be behind before he loses some. Each place
/// costs memory for every topic, and there is a topic for every idle customer.
fn live_buffer(topic: Topic) -> usize {
    match topic {
        Topic::Service(_) => 64,
        Topic::Chat(_) => 8,
        Topic::Visitor(_) | Topic::Account(_) | Topic::Settings(_) | Topic::Door(_) | Topic::Line(_) => 1,
    }
}

/// What a topic's listeners are woken by.
#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    number: u64,
    /// Counts the wake-ups that have no number.
    nudges: u64,
}

struct Line {
    wake: watch::Sender<Reached>,
    live: broadcast::Sender<Live>,
}

/// All topics that somebody on this node listens to.
#[derive(Default)]
pub struct Hub {
    lines: DashMap<Topic, Line>,
    /// Whose chats have to be looked at by the router of this node.
    pub router: Nudges,
    /// The customers' open pages, of all nodes.
    pub pages: Pages,
}

/// Services to be looked at, each once however often it was named.
#[derive(Default)]
pub struct Nudges {
    services: Mutex<BTreeSet<ServiceId>>,
    wake: Notify,
}

impl Nudges {
    /// Names a service.
    pub fn name(&self, service: ServiceId) {
        self.services.lock().unwrap_or_else(PoisonError::into_inner).insert(service);
        self.wake.notify_one();
    }

    /// Waits for services that were named. Cancel safe: what was not taken is named still.
    pub async fn named(&self) -> BTreeSet<ServiceId> {
        loop {
            let named = std::mem::take(&mut *self.services.lock().unwrap_or_else(PoisonError::into_inner));
            if !named.is_empty() {
                return named;
            }
            self.wake.notified().await;
        }
    }
}

/// One listener's end of a topic; the topic goes with its last listener.
pub struct Subscription {
    hub: Arc<Hub>,
    topic: Topic,
    ends: Option<(watch::Receiver<Reached>, broadcast::Receiver<Live>)>,
    nudges: u64,
}

impl Hub {
    /// Starts listening. Read the table only after this.
    #[must_use]
    pub fn subscribe(self: &Arc<Self>, topic: Topic) -> Subscription {
        let fresh = || Line { wake: watch::Sender::new(Reached::default()), live: broadcast::Sender::new(live_buffer(topic)) };
        let line = self.lines.entry(topic).or_insert_with(fresh);
        let (wake, live) = (line.wake.subscribe(), line.live.subscribe());
        let nudges = wake.borrow().nudges;
        Subscription { hub: self.clone(), topic, ends: Some((wake, live)), nudges }
    }

    /// Says that `topic` has reached `number`.
    pub fn wake(&self, topic: Topic, number: u64) {
        if let Some(line) = self.lines.get(&topic) {
            line.wake.send_if_modified(|current| {
                let newer = number > current.number;
                if newer {
                    current.number = number;
                }
                newer
            });
        }
    }

    /// Wakes a topic that has no numbers of its own.
    pub fn nudge(&self, topic: Topic) {
        // Who is there, hours, seats, times: all of it may give a waiting chat to somebody.
        if let Topic::Door(service) | Topic::Settings(service) = topic {
            self.router.name(service);
        }
        if let Some(line) = self.lines.get(&topic) {
            line.wake.send_modify(|current| current.nudges += 1);
        }
    }

    /// Wakes everybody: after the bus was away nobody knows what was missed.
    pub fn nudge_all(&self) {
        for line in &self.lines {
            line.wake.send_modify(|current| current.nudges += 1);
        }
    }

    /// Passes on what may be lost.
    pub fn live(&self, topic: Topic, live: Live) {
        if let Some(line) = self.lines.get(&topic) {
            // An error says that nobody listens any more: nothing to do.
            let _ = line.live.send(live);
        }
    }

    /// The services that somebody here listens to.
    #[must_use]
    pub fn services(&self) -> Vec<ServiceId> {
        self.lines.iter().filter_map(|l| if let Topic::Service(id) = l.key() { Some(*id) } else { None }).collect()
    }

    /// Number of topics listened to, for the metrics and the soak test.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl Subscription {
    /// Waits until there is something new. Cancel safe.
    pub async fn woken(&mut self) {
        if let Some((wake, _)) = &mut self.ends {
            // The sender lives in the hub as long as we listen.
            let _ = wake.changed().await;
        }
    }

    /// Either of both.
    pub async fn next(&mut self) -> Heard {
        let Some((wake, live)) = &mut self.ends else { return std::future::pending().await };
        loop {
            tokio::select! {
                changed = wake.changed() => match changed {
                    Ok(()) => {
                        let reached = *wake.borrow_and_update();
                        let nudged = reached.nudges != self.nudges;
                        self.nudges = reached.nudges;
                        return Heard::Wake(if nudged { u64::MAX } else { reached.number });
                    }
                    Err(_) => return std::future::pending().await,
                },
                heard = live.recv() => match heard {
                    Ok(live) => return Heard::Live(live),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
                },
            }
        }
    }
}

/// What a listener heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The topic has reached this number; who is there already need not read. The highest
    /// number of all says only that there may be something new.
    Wake(u64),
    Live(Live),
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.ends = None;
        self.hub.lines.remove_if(&self.topic, |_, line| line.wake.receiver_count() == 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn topic() -> Topic {
        Topic::Service(ServiceId(Uuid::from_u128(7)))
    }

    #[tokio::test]
    async fn an_older_number_that_comes_later_wakes_nobody() {
        let hub = Arc::new(Hub::default());
        let mut sub = hub.subscribe(topic());
        hub.wake(topic(), 5);
        sub.woken().await;
        hub.wake(topic(), 4);
        hub.live(topic(), Live::CustomerTyping { chat: ChatId(Uuid::nil()), on: true });
        assert!(matches!(sub.next().await, Heard::Live(_)));
    }

    #[tokio::test]
    async fn a_wake_between_two_waits_is_not_lost() {
        let hub = Arc::new(Hub::default());
        let mut sub = hub.subscribe(topic());
        for n in 1..=3 {
            hub.wake(topic(), n);
        }
        sub.woken().await;
        hub.wake(topic(), 4);
        sub.woken().await;
    }

    #[tokio::test]
    async fn the_topic_goes_with_its_last_listener() {
        let hub = Arc::new(Hub::default());
        let (a, b) = (hub.subscribe(topic()), hub.subscribe(topic()));
        drop(a);
        assert_eq!(hub.len(), 1);
        drop(b);
        assert!(hub.is_empty());
    }
}
