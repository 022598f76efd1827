//! Which customers' pages are open, on any node, and whether they are looked at (G33). In
//! memory, as it changes with every glance: a page counts like an agent's lease (G12), from
//! one sign of life to the next. Each node hears of all pages by the bus and tells its own
//! consoles; what must outlive the program is written down (`visitor.here_until`).

use super::hub::{Hub, Live, Topic};
use crate::{
    domain::{
        ids::{ChatId, ServiceId},
        time::Timestamp,
        watching::Sight,
    },
    server::state::App,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use uuid::Uuid;

/// A page with a chat in view, as its node tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub service: ServiceId,
    pub chat: ChatId,
    /// Names its line.
    pub line: Uuid,
    pub sight: Sight,
    /// It counts as open until then.
    pub until: Timestamp,
}

/// All open pages.
#[derive(Default)]
pub struct Pages {
    inner: Mutex<Inner>,
    /// One ends sooner than all that were known.
    sooner: Notify,
}

#[derive(Default)]
struct Inner {
    /// Each chat's pages, and whether they are this node's.
    chats: HashMap<ChatId, Vec<(Page, bool)>>,
    ends: BTreeSet<(Timestamp, ChatId, Uuid)>,
}

impl Inner {
    fn best(&self, chat: ChatId) -> Option<Sight> {
        self.chats.get(&chat)?.iter().map(|(page, _)| page.sight).max()
    }

    /// Takes a page out.
    fn remove(&mut self, chat: ChatId, line: Uuid) -> Option<Page> {
        let pages = self.chats.get_mut(&chat)?;
        let at = pages.iter().position(|(page, _)| page.line == line)?;
        let (page, _) = pages.swap_remove(at);
        if pages.is_empty() {
            self.chats.remove(&chat);
        }
        self.ends.remove(&(page.until, chat, line));
        Some(page)
    }
}

impl Pages {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the chat's customer looks at it: by the best of his open pages.
    #[must_use]
    pub fn best(&self, chat: ChatId) -> Option<Sight> {
        self.lock().best(chat)
    }

    /// Takes what is told of a page; whether its chat is looked at otherwise now.
    fn hear(&self, page: Page, own: bool) -> bool {
        let mut inner = self.lock();
        let before = inner.best(page.chat);
        inner.remove(page.chat, page.line);
        inner.chats.entry(page.chat).or_default().push((page, own));
        let end = (page.until, page.chat, page.line);
        inner.ends.insert(end);
        if inner.ends.first() == Some(&end) {
            self.sooner.notify_one();
        }
        inner.best(page.chat) != before
    }

    /// Forgets what counts no longer: chats that are looked at otherwise now, and when the
    /// next page ends.
    fn expire(&self, now: Timestamp) -> (Vec<(ServiceId, ChatId)>, Option<Timestamp>) {
        let (mut changed, mut inner) = (Vec::new(), self.lock());
        while let Some((until, chat, line)) = inner.ends.first().copied() {
            if until > now {
                return (changed, Some(until));
            }
            let before = inner.best(chat);
            if let Some(page) = inner.remove(chat, line)
                && inner.best(chat) != before
            {
                changed.push((page.service, chat));
            }
        }
        (changed, None)
    }

    /// The pages whose lines end here.
    #[must_use]
    pub fn own(&self) -> Vec<Page> {
        self.lock().chats.values().flatten().filter(|(_, own)| *own).map(|(page, _)| *page).collect()
    }
}

/// Takes what is told of a page, here (`own`) or by another node.
pub fn hear(hub: &Hub, page: Page, own: bool) {
    if hub.pages.hear(page, own) {
        tell(hub, page.service, page.chat);
    }
}

/// The consoles of this node look again.
fn tell(hub: &Hub, service: ServiceId, chat: ChatId) {
    hub.live(Topic::Service(service), Live::Watching { chat });
}

/// Forgets pages in time, until the program ends.
pub async fn run(app: App) {
    loop {
        let (changed, next) = app.hub.pages.expire(app.clock.now());
        for (service, chat) in changed {
            tell(&app.hub, service, chat);
        }
        let end = async {
            match next {
                Some(until) => tokio::time::sleep(Duration::from_millis(u64::try_from(until.since(app.clock.now())).unwrap_or(0))).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = app.hub.pages.sooner.notified() => {}
            () = end => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: ChatId = ChatId(Uuid::from_u128(7));

    fn page(line: u128, sight: Sight, until: i64) -> Page {
        let service = ServiceId(Uuid::from_u128(1));
        Page { service, chat: CHAT, line: Uuid::from_u128(line), sight, until: Timestamp(until) }
    }

    #[test]
    fn of_several_pages_the_best_counts_until_it_ends() {
        let pages = Pages::default();
        assert_eq!(pages.best(CHAT), None);
        assert!(pages.hear(page(1, Sight::Elsewhere, 50), true));
        assert!(pages.hear(page(2, Sight::Viewing, 50), true));
        assert!(!pages.hear(page(3, Sight::Elsewhere, 60), false));
        assert_eq!(pages.best(CHAT), Some(Sight::Viewing));
        // The one that is looked at is closed: a moment later it counts no more.
        assert!(!pages.hear(page(2, Sight::Viewing, 20), true));
        assert_eq!(pages.expire(Timestamp(19)), (vec![], Some(Timestamp(20))));
        assert_eq!(pages.expire(Timestamp(20)), (vec![(ServiceId(Uuid::from_u128(1)), CHAT)], Some(Timestamp(50))));
        assert_eq!(pages.best(CHAT), Some(Sight::Elsewhere));
        // One of two that are alike goes: nothing to tell.
        assert_eq!(pages.expire(Timestamp(50)), (vec![], Some(Timestamp(60))));
        assert_eq!(pages.expire(Timestamp(60)).0.len(), 1);
        assert_eq!(pages.best(CHAT), None);
    }

    #[test]
    fn a_sign_of_life_puts_the_end_off() {
        let pages = Pages::default();
        pages.hear(page(1, Sight::Viewing, 50), true);
        assert!(!pages.hear(page(1, Sight::Viewing, 70), true));
        assert_eq!(pages.expire(Timestamp(69)), (vec![], Some(Timestamp(70))));
        assert!(pages.hear(page(1, Sight::Elsewhere, 70), true));
    }

    #[test]
    fn a_node_that_comes_is_told_of_the_lines_that_end_here() {
        let pages = Pages::default();
        pages.hear(page(1, Sight::Viewing, 50), true);
        pages.hear(page(2, Sight::Viewing, 50), false);
        assert_eq!(pages.own(), [page(1, Sight::Viewing, 50)]);
    }

    #[tokio::test]
    async fn who_waits_for_the_next_end_hears_of_a_sooner_one() {
        let pages = Pages::default();
        pages.hear(page(1, Sight::Viewing, 50), true);
        pages.sooner.notified().await;
        pages.hear(page(2, Sight::Viewing, 20), true);
        pages.sooner.notified().await;
    }
}
