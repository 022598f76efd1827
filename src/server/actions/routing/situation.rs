//! What routing and rules of time depend on, read as of one instant.

use super::times;
use crate::{
    domain::{
        chat::{Chat, Hold, Refused, State, Step},
        deadline::{self, Due, Gone},
        ids::{AccountId, ChatId, ServiceId, VisitorId},
        presence::Status,
        routing::{self, Candidate, Snapshot, There, Waiting, seconds},
        service::Language,
        settings::Routing,
        time::{DAY, Timestamp},
    },
    i18n::Texts,
    server::{
        actions::door::{self, Doorway},
        db::{self, Tx, presence::Seated},
        error::{Error, Result},
        state::App,
    },
};
use std::collections::{BTreeSet, HashMap};

/// Everything of a service that routing and deadlines depend on, as of one instant.
pub(super) struct Situation {
    pub(super) service: ServiceId,
    pub(super) now: Timestamp,
    /// Nobody's absence counts from before the program was there to see him come (G12).
    started: Timestamp,
    pub(super) doorway: Doorway,
    pub(super) times: Routing,
    pub(super) seated: Vec<Seated>,
    /// All that have not ended.
    pub(super) chats: Vec<Chat>,
    pub(super) pages: HashMap<ChatId, Timestamp>,
    pub(super) recent: HashMap<VisitorId, AccountId>,
}

impl Situation {
    pub(super) async fn read(app: &App, tx: &mut Tx, service: ServiceId, now: Timestamp) -> Result<Self> {
        let found = db::services::find(tx, service).await?.ok_or(Error::NotFound)?;
        let times = times(tx, service).await?;
        let chats = db::chats::living(tx, service).await?;
        let waiting: Vec<_> = chats.iter().filter(|chat| matches!(chat.state, State::Waiting { .. })).map(|chat| chat.visitor).collect();
        let recent = if times.recent_first {
            db::chats::recent_agents(tx, &waiting, now.plus(-i64::from(times.recent_days) * DAY)).await?
        } else {
            HashMap::new()
        };
        Ok(Self {
            service,
            now,
            started: app.started,
            doorway: door::look(tx, found, now).await?,
            seated: db::presence::seated(tx, service).await?,
            pages: db::chats::pages_open_until(tx, service).await?,
            times,
            chats,
            recent,
        })
    }

    pub(super) fn chat(&self, id: ChatId) -> Option<&Chat> {
        self.chats.iter().find(|chat| chat.id == id)
    }

    /// Puts chats as they stand now in place of what was read of them.
    pub(super) fn replace(&mut self, chats: Vec<Chat>) {
        let mut newer: HashMap<ChatId, Chat> = chats.into_iter().map(|chat| (chat.id, chat)).collect();
        for chat in &mut self.chats {
            if let Some(now) = newer.remove(&chat.id) {
                *chat = now;
            }
        }
    }

    /// The chats that time or the router does something with now.
    pub(super) fn touched(&self) -> BTreeSet<ChatId> {
        let (overdue, _) = self.overdue();
        let routed = routing::route(&self.snapshot()).acts.into_iter().filter_map(|act| act.chat());
        overdue.into_iter().map(|(chat, _)| chat.id).chain(routed).collect()
    }

    fn there(&self, seated: &Seated) -> There {
        match seated.lease_until {
            _ if seated.status != Status::Online || !seated.allocation => There::Away,
            Some(until) if until > self.now => There::Present,
            Some(until) => There::Gone { since: until.max(self.started) },
            None => There::Away,
        }
    }

    fn is_there(&self, account: AccountId) -> bool {
        self.seated.iter().any(|seated| seated.account == account && self.there(seated) == There::Present)
    }

    /// As the pure router wants it.
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut waiting: Vec<&Chat> = self.chats.iter().filter(|chat| matches!(chat.state, State::Waiting { .. })).collect();
        waiting.sort_by_key(|chat| (chat.place.order(), chat.id));
        Snapshot {
            now: self.now,
            mode: self.times.mode,
            offer_time: seconds(self.times.offer_seconds),
            gone_time: seconds(self.times.gone_offer_seconds),
            waiting: waiting
                .into_iter()
                .map(|chat| Waiting {
                    chat: chat.id,
                    queue: chat.queue,
                    queue_open: self.doorway.goes_on(chat.queue),
                    offer: chat.offer,
                    excluded: chat.excluded.clone(),
                    recent: self.recent.get(&chat.visitor).copied(),
                    missed: chat.missed.clone(),
                })
                .collect(),
            agents: self
                .seated
                .iter()
                .map(|seated| Candidate {
                    account: seated.account,
                    queues: seated.queues.clone(),
                    there: self.there(seated),
                    load: self.load(seated.account),
                    capacity: seated.capacity,
                    idle_since: seated.given_at,
                    misses: seated.misses,
                })
                .collect(),
        }
    }

    /// Chats in hand that count (G17): talked in lately, or on hold.
    pub(super) fn load(&self, account: AccountId) -> u32 {
        u32::try_from(self.chats.iter().filter(|chat| chat.keeps_busy(account, self.now)).count()).unwrap_or(u32::MAX)
    }

    /// What time alone does now, and when it does the next thing.
    pub(super) fn overdue(&self) -> (Vec<(Chat, Due)>, Option<Timestamp>) {
        let (mut due, mut next) = (Vec::new(), None::<Timestamp>);
        for chat in &self.chats {
            match deadline::due(chat, self.gone(chat), &self.times, self.now) {
                Ok(what) => due.push((chat.clone(), what)),
                Err(at) => next = next.into_iter().chain(at).min(),
            }
        }
        (due, next)
    }

    fn gone(&self, chat: &Chat) -> Gone {
        let line = |account: AccountId| match self.seated.iter().find(|seated| seated.account == account) {
            Some(Seated { lease_until: Some(until), .. }) if *until > self.now => None,
            Some(Seated { lease_until: Some(until), .. }) => Some((*until).max(self.started)),
            // Deactivated, without the right, or away since long ago.
            Some(Seated { lease_until: None, .. }) | None => Some(self.started),
        };
        let sender_there = match chat.state {
            State::Held { why: Hold::Delegated { from }, .. } => self.is_there(from),
            _ => false,
        };
        let page = self.pages.get(&chat.id).copied().filter(|until| *until <= self.now).map(|until| until.max(self.started));
        let back = chat.lost_by.filter(|account| matches!(chat.state, State::Waiting { .. }) && self.is_there(*account));
        Gone { agent: chat.agent().and_then(line), sender_there, back, customer: page }
    }

    pub(super) fn overdue_step(&self, chat: Chat, what: Due, language: Language) -> Result<Step, Refused> {
        let now = self.now;
        match what {
            Due::Restore(agent) => chat.restore(agent, now),
            Due::Requeue(why) => chat.release(why, now),
            Due::GiveBack => {
                let there = self.gone(&chat).sender_there;
                let agent = chat.agent().ok_or(Refused::NotHeld)?;
                chat.give_back(agent, there, true, now)
            }
            Due::Ask => chat.asks(Texts::of(language).defaults_still_there(), now),
            Due::Silent => chat.falls_silent(now),
            Due::Close => chat.closes(now),
        }
    }
}
