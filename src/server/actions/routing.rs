//! The router at work: reads what is so, lets `domain::routing` and `domain::deadline`
//! decide, and carries it out in one transaction. Any change that could matter names its
//! service; nothing waits for a reload (D5, D6).

mod situation;

use super::Agent;
use crate::{
    api::routing::Explained,
    domain::{
        chat::{Chat, Event, OfferEnd, Refused, State, Step},
        ids::{AccountId, ChatId, ServiceId},
        presence::Status,
        routing::{self, Act, Decision},
        settings::{Routing, RoutingMode, Section as _},
        time::Timestamp,
    },
    server::{
        db::{self, Tx, events::Growth, presence::Seated},
        error::{Error, Result},
        state::App,
    },
};
use situation::Situation;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tokio::time::{Instant, MissedTickBehavior};

/// Every service with an open chat is looked at this often, whatever nobody said: another
/// node may have died with the news.
const SWEEP_EVERY: Duration = Duration::from_secs(10);
/// A failed look is repeated after this.
const AGAIN: Duration = Duration::from_secs(1);

/// Routes until the program ends.
pub async fn run(app: App) {
    let mut due: BTreeMap<ServiceId, Instant> = BTreeMap::new();
    let mut sweep = tokio::time::interval(SWEEP_EVERY);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let next = due.values().min().copied();
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            named = app.hub.router.named() => due.extend(named.into_iter().map(|service| (service, Instant::now()))),
            _ = sweep.tick() => match app.db.look(async |tx| db::chats::busy_services(tx).await).await {
                Ok(busy) => due.extend(busy.into_iter().map(|service| (service, Instant::now()))),
                Err(error) => tracing::warn!(%error, "open chats not looked at"),
            },
            () = crate::server::realtime::socket::until(next) => {}
        }
        let now = Instant::now();
        let ready: Vec<ServiceId> = due.iter().filter(|(_, at)| **at <= now).map(|(service, _)| *service).collect();
        for service in ready {
            due.remove(&service);
            match Box::pin(look(&app, service)).await {
                Ok(None) | Err(Error::NotFound) => {}
                Ok(Some(at)) => {
                    let wait = u64::try_from(at.since(app.clock.now())).unwrap_or_default();
                    due.insert(service, Instant::now() + Duration::from_millis(wait));
                }
                Err(error) => {
                    tracing::warn!(%error, "not routed");
                    due.insert(service, Instant::now() + AGAIN);
                }
            }
        }
    }
}

/// Does what is due in a service, and answers when to look again.
///
/// # Errors
/// The database's, `NotFound` for a service that is none.
pub async fn look(app: &App, service: ServiceId) -> Result<Option<Timestamp>> {
    let now = app.clock.now();
    let (overdue, decision, recheck) = app
        .db
        .read(async |tx| {
            let situation = Situation::read(app, tx, service, now).await?;
            let (overdue, next) = situation.overdue();
            let decision = routing::route(&situation.snapshot());
            let recheck = next.into_iter().chain(decision.recheck_at).chain(situation.doorway.until).min();
            Ok((!overdue.is_empty(), !decision.acts.is_empty(), recheck))
        })
        .await?;
    if !overdue && !decision {
        return Ok(recheck);
    }
    let rested = app
        .change(async |tx| {
            // One router at a time decides for a service; customers, agents and their
            // messages go on meanwhile.
            db::queues::lock(tx, service).await?;
            let mut situation = Situation::read(app, tx, service, now).await?;
            // Only what something is to be done with is locked: in all other chats people go on
            // meanwhile, however many there are.
            let touched = situation.touched();
            let ids: Vec<ChatId> = touched.iter().copied().collect();
            // Somebody may have written or started since: what counts is the locked chat.
            situation.replace(db::chats::lock(tx, &ids).await?);
            let mut work = Work { now, grown: BTreeMap::new() };
            let (overdue, _) = situation.overdue();
            for (chat, what) in overdue.into_iter().filter(|(chat, _)| touched.contains(&chat.id)) {
                let language = situation.doorway.service.language(db::chats::language(tx, chat.id).await?);
                work.step(&chat, |chat| situation.overdue_step(chat, what, language));
            }
            situation.replace(situation.chats.iter().map(|chat| work.chat(chat).clone()).collect());
            let Decision { acts, .. } = routing::route(&situation.snapshot());
            // What the locked chats have changed for others is the next look's.
            let acts = acts.into_iter().take_while(|act| act.chat().is_none_or(|chat| touched.contains(&chat))).collect();
            let rested = work.carry_out(tx, &situation, acts).await?;
            Ok((rested, work.grown.into_values().collect()))
        })
        .await?;
    for account in &rested {
        app.bus.nudge_account(*account).await;
    }
    if !rested.is_empty() {
        app.bus.nudge_door(service).await;
    }
    // What was done has its own times.
    app.hub.router.name(service);
    Ok(None)
}

/// What chats gain in one transaction.
struct Work {
    now: Timestamp,
    grown: BTreeMap<ChatId, Growth>,
}

impl Work {
    /// The chat as it stands after what was done already.
    fn chat<'a>(&'a self, chat: &'a Chat) -> &'a Chat {
        self.grown.get(&chat.id).map_or(chat, |growth| &growth.chat)
    }

    /// One step of a chat; what is refused by now has happened otherwise meanwhile.
    fn step(&mut self, chat: &Chat, decide: impl FnOnce(Chat) -> Result<Step, Refused>) {
        let id = chat.id;
        let before = self.chat(chat).clone();
        if let Ok((chat, events)) = decide(before) {
            let growth = self.grown.entry(id).or_insert_with(|| Growth { chat: chat.clone(), at: self.now, events: Vec::new() });
            growth.chat = chat;
            growth.events.extend(events.into_iter().map(|event| (event, None)));
        }
    }

    /// Answers who is on 휴식 now.
    async fn carry_out(&mut self, tx: &mut Tx, situation: &Situation, acts: Vec<Act>) -> Result<Vec<AccountId>> {
        let (now, service) = (self.now, situation.service);
        let mut rested = Vec::new();
        for act in acts {
            match act {
                Act::Offer { chat, to, why } => {
                    if let Some(chat) = situation.chat(chat) {
                        self.step(chat, |chat| chat.offer_to(to, why, now));
                        db::presence::given(tx, service, to, now).await?;
                    }
                }
                Act::Withdraw { chat, from, how } => {
                    if let Some(chat) = situation.chat(chat) {
                        self.step(chat, |chat| chat.withdraw(from, how, now));
                        if how == OfferEnd::Missed {
                            db::presence::missed(tx, service, from).await?;
                        }
                    }
                }
                Act::Rest { agent } => rested.push(agent),
            }
        }
        // After the misses, which it forgets.
        for agent in &rested {
            db::presence::rest(tx, service, *agent, now).await?;
        }
        Ok(rested)
    }
}

/// 상담원 할당 설정 as it is in force.
///
/// # Errors
/// The database's.
pub async fn times(tx: &mut Tx, service: ServiceId) -> Result<Routing> {
    let stored = db::settings::find::<Routing>(tx, service, Routing::NAME).await?;
    Ok(stored.map_or_else(Routing::default, |stored| stored.body))
}

/// Which of the waiting may be started by whom (G16).
///
/// # Errors
/// The database's.
pub async fn mode(tx: &mut Tx, service: ServiceId) -> Result<RoutingMode> {
    Ok(times(tx, service).await?.mode)
}

/// "Why me?" and "why nobody?" (E2), as of now.
///
/// # Errors
/// `NotFound` for what the agent may not see.
pub async fn explain(agent: &Agent, id: ChatId) -> Result<Explained> {
    let now = agent.app.clock.now();
    agent
        .app
        .db
        .read(async |tx| {
            let chat = agent.seen(db::chats::find(tx, id).await?)?;
            if let Some(offer) = chat.offer {
                let why = db::events::last_offer(tx, id).await?;
                return Ok(why.map_or(Explained::Nothing, |why| Explained::Offered { to: offer.agent, why }));
            }
            if !matches!(chat.state, State::Waiting { .. }) {
                let why = db::events::last_offer(tx, id).await?;
                return Ok(match (why, chat.agent()) {
                    (Some(why), Some(agent)) => Explained::Offered { to: agent, why },
                    _ => Explained::Nothing,
                });
            }
            let situation = Situation::read(&agent.app, tx, agent.member.service, now).await?;
            let snapshot = situation.snapshot();
            let place = snapshot.waiting.iter().position(|waiting| waiting.chat == id).unwrap_or_default();
            let decision = routing::route(&snapshot);
            let why = decision.waits.into_iter().find(|(chat, _)| *chat == id).map(|(_, why)| why);
            Ok(why.map_or(Explained::Nothing, |why| Explained::Waits { place: u32::try_from(place + 1).unwrap_or(u32::MAX), why }))
        })
        .await
}

/// Whether this agent took up something that was offered: an act of his own.
#[must_use]
pub fn took(events: &[Event]) -> Option<AccountId> {
    events.iter().find_map(|event| match event {
        Event::Started { agent } | Event::Resumed { agent } => Some(*agent),
        _ => None,
    })
}

/// What every agent with the chat right has in hand, and how much he takes at once (G17).
///
/// # Errors
/// The database's.
pub async fn loads(app: &App, tx: &mut Tx, service: ServiceId, now: Timestamp) -> Result<Vec<(AccountId, u32, u32)>> {
    let situation = Situation::read(app, tx, service, now).await?;
    let offered = |account| situation.chats.iter().any(|chat| chat.is_offered_to(account));
    let of = |seated: &Seated| (seated.account, situation.load(seated.account) + u32::from(offered(seated.account)), seated.capacity);
    Ok(situation.seated.iter().map(of).collect())
}

/// The agents of a service who may be given chats by hand now (A44).
///
/// # Errors
/// The database's.
pub async fn eligible(tx: &mut Tx, service: ServiceId, now: Timestamp) -> Result<BTreeSet<AccountId>> {
    let seated = db::presence::seated(tx, service).await?;
    let there = |seated: &Seated| seated.status == Status::Online && seated.lease_until.is_some_and(|until| until > now);
    Ok(seated.iter().filter(|seated| there(seated)).map(|seated| seated.account).collect())
}
