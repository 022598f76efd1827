//! An agent's socket: the service's events that he may see, after his cursor, in order.

use super::{
    hub::{Heard, Live, Topic},
    socket::{End, Incoming, PING_EVERY, Wire, until},
    tail::{self, Entry},
};
use crate::{
    domain::{
        chat::{Event, State},
        ids::{AccountId, ChatId, SessionId},
        permission::{Member, Right},
        presence::Status,
        watching::Watching,
    },
    protocol::{AgentFrame, BEAT, ClientFrame, Goodbye, Marks, Typist},
    server::{
        actions::{desk, presence, visitors},
        clock::new_id,
        db,
        error::Result,
        state::App,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::time::{Instant, MissedTickBehavior};
use uuid::Uuid;

/// A client that is further behind loads its desk again.
const RESUME_MAX: u64 = 2_000;
/// Marks and progress are told at most this often.
const CALM: Duration = Duration::from_secs(1);
/// The session is looked up this often, whatever the bus said.
const REAUTHORISE_EVERY: Duration = Duration::from_secs(5);

struct Session {
    app: App,
    wire: Wire,
    member: Member,
    session: SessionId,
    /// By which this console counts as there (G12).
    lease: Uuid,
    /// As the client was told.
    status: Status,
    /// Read up to here.
    cursor: u64,
    /// What the client has been told.
    told: u64,
    /// Chats that this client shows.
    known: HashSet<ChatId>,
    marks: BTreeMap<ChatId, Marks>,
    /// When marks and progress are due.
    calm: Option<Instant>,
    /// The chat in front of the agent, and what he was told of its customer (G33).
    watched: Option<(ChatId, Option<Watching>)>,
}

/// Serves one agent's socket until it closes.
pub async fn run(app: App, wire: Wire, member: Member, session: SessionId, seq: u64) {
    let lease = new_id();
    let mut session = Box::new(Session {
        app,
        wire,
        member,
        session,
        lease,
        status: Status::Offline,
        cursor: seq,
        told: seq,
        known: HashSet::new(),
        marks: BTreeMap::new(),
        calm: None,
        watched: None,
    });
    let end = session.serve().await;
    session.store_marks().await;
    let Session { app, wire, member, .. } = *session;
    // Who may not work any more is gone at once, a page that loads again is not.
    let for_good = matches!(end, Err(End::Goodbye(Goodbye::SignedOut)));
    if let Err(error) = presence::leave(&app, lease, member.service, member.account, for_good).await {
        tracing::warn!(%error, "lease not ended");
    }
    if let Err(End::Goodbye(why)) = end {
        wire.goodbye(why).await;
    }
}

impl Session {
    async fn serve(&mut self) -> Result<(), End> {
        let app = self.app.clone();
        // Subscribe, then read.
        let mut service = app.hub.subscribe(Topic::Service(self.member.service));
        let mut account = app.hub.subscribe(Topic::Account(self.member.account));
        let mut settings = app.hub.subscribe(Topic::Settings(self.member.service));
        let mut staff = app.hub.subscribe(Topic::Door(self.member.service));
        self.status = presence::arrive(&app, self.lease, &self.member).await?;
        let about = app.db.look(async |tx| desk::about(tx, self.member.service).await).await?.name;
        let (build, now, status) = (app.site.build().to_owned(), app.clock.now(), self.status);
        self.wire.send_json(&AgentFrame::Welcome { build, now, status, about }).await?;
        self.resume().await?;
        let mut ping = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        let mut check = tokio::time::interval_at(Instant::now() + REAUTHORISE_EVERY, REAUTHORISE_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = app.shutdown.cancelled() => return Err(End::Goodbye(Goodbye::Restart)),
                heard = service.next() => match heard {
                    Heard::Wake(number) => self.read_on(number).await?,
                    Heard::Live(live) => self.pass_on(live).await?,
                },
                () = account.woken() => self.reauthorise().await?,
                // Names, queues or the contract are other ones now.
                () = settings.woken() => self.wire.send_json(&AgentFrame::Reset).await?,
                // Only who oversees the others has a board to look at.
                () = staff.woken() => if self.member.has(Right::Oversight) {
                    self.wire.send_json(&AgentFrame::Staff).await?;
                },
                _ = check.tick() => self.reauthorise().await?,
                incoming = self.wire.receive() => match incoming {
                    Incoming::Frame(frame) => self.take(frame).await?,
                    Incoming::Bad => return Err(End::Goodbye(Goodbye::BadFrame)),
                    Incoming::Bye | Incoming::Closed => return Ok(()),
                },
                _ = ping.tick() => {
                    self.wire.ping().await?;
                    presence::renew(&app, self.lease, &self.member).await?;
                    // What was told of the customer may have been lost.
                    self.tell_watching(false).await?;
                }
                () = until(self.calm) => {
                    self.calm = None;
                    self.store_marks().await;
                    if self.told < self.cursor {
                        self.wire.send_json(&AgentFrame::Progress { prev: self.told, seq: self.cursor }).await?;
                        self.told = self.cursor;
                    }
                }
            }
        }
    }

    /// What the client missed: events after its cursor, then every chat they touched as
    /// it stands now, or that it is no longer to be seen.
    async fn resume(&mut self) -> Result<(), End> {
        let (member, app) = (self.member.clone(), self.app.clone());
        let (seq, open) = app
            .db
            .read(async |tx| Ok((db::services::seq(tx, member.service).await?, db::chats::open_of(tx, member.service).await?)))
            .await?;
        self.known = open.iter().filter(|chat| member.sees(chat)).map(|chat| chat.id).collect();
        if self.cursor > seq || seq - self.cursor > RESUME_MAX {
            self.cursor = seq;
            self.told = seq;
            self.wire.send_json(&AgentFrame::Reset).await?;
            return Ok(());
        }
        let mut touched = BTreeSet::new();
        while self.cursor < seq {
            let entries = app.tails.after(&app.db, member.service, self.cursor).await?;
            let Some(last) = entries.last() else { break };
            let upto = last.stored.service_seq;
            let visible: Vec<_> = entries.iter().filter(|e| member.sees(&e.chat)).collect();
            if !visible.is_empty() {
                self.send_events(&visible, upto).await?;
            }
            self.cursor = upto;
            touched.extend(entries.iter().map(|e| e.stored.logged.chat));
        }
        for chat in touched {
            self.refresh(chat).await?;
        }
        if self.told < self.cursor {
            self.wire.send_json(&AgentFrame::Progress { prev: self.told, seq: self.cursor }).await?;
            self.told = self.cursor;
        }
        Ok(())
    }

    /// Sends what is new after the cursor; `number` says how far to look at least.
    async fn read_on(&mut self, number: u64) -> Result<(), End> {
        while self.cursor < number {
            let app = self.app.clone();
            let entries = app.tails.after(&app.db, self.member.service, self.cursor).await?;
            let Some(last) = entries.last() else { return Ok(()) };
            let upto = last.stored.service_seq;
            let mut visible = Vec::new();
            let mut appeared = BTreeSet::new();
            let mut vanished = Vec::new();
            for entry in &entries {
                let chat = &entry.chat;
                match (self.member.sees(chat), self.known.contains(&chat.id)) {
                    (true, true) => visible.push(entry),
                    (true, false) => {
                        appeared.insert(chat.id);
                    }
                    (false, true) => {
                        self.known.remove(&chat.id);
                        vanished.push(chat.clone());
                    }
                    (false, false) => {}
                }
            }
            if !visible.is_empty() {
                self.send_events(&visible, upto).await?;
            }
            self.cursor = upto;
            for chat in vanished {
                self.wire.send_json(&AgentFrame::Gone { chat: chat.id, taken_by: taken_by(chat.state) }).await?;
            }
            for chat in appeared {
                self.known.insert(chat);
                self.refresh(chat).await?;
            }
            for entry in visible {
                if matches!(entry.stored.logged.event, Event::Ended { .. }) {
                    self.known.remove(&entry.chat.id);
                }
            }
            if self.told < self.cursor {
                self.calm.get_or_insert(Instant::now() + CALM);
            }
        }
        Ok(())
    }

    async fn send_events(&mut self, visible: &[&Arc<Entry>], upto: u64) -> Result<(), End> {
        let frame = match visible {
            [one] if self.told + 1 == upto && one.stored.service_seq == upto => one.agent_frame(),
            _ => {
                let events: Vec<&str> = visible.iter().map(|e| e.agent_json()).collect();
                tail::frame(self.told, upto, &events.join(",")).into()
            }
        };
        self.wire.send(frame).await?;
        self.told = upto;
        Ok(())
    }

    /// Sends a chat as it stands, or that it is gone.
    async fn refresh(&mut self, chat: ChatId) -> Result<(), End> {
        let (app, member) = (self.app.clone(), &self.member);
        let found = app
            .db
            .read(async |tx| match db::chats::find(tx, chat).await? {
                Some(found) if member.sees(&found) => Ok(Ok(db::chats::card(tx, found, member.account).await?)),
                other => Ok(Err(other.and_then(|chat| taken_by(chat.state)))),
            })
            .await?;
        match found {
            Ok(card) => {
                if !card.chat.is_ended() {
                    self.known.insert(chat);
                }
                self.wire.send_json(&AgentFrame::Card { card: Box::new(card) }).await?;
                if self.watched.is_some_and(|(watched, _)| watched == chat) {
                    self.tell_watching(true).await?;
                }
            }
            Err(taken_by) => {
                self.known.remove(&chat);
                self.wire.send_json(&AgentFrame::Gone { chat, taken_by }).await?;
            }
        }
        Ok(())
    }

    async fn pass_on(&mut self, live: Live) -> Result<(), End> {
        let me = self.member.account;
        if let Live::Drafts { agent, page } = live {
            if agent == me {
                self.wire.send_json(&AgentFrame::Drafts { page }).await?;
            }
            return Ok(());
        }
        if let Live::Watching { chat } = live {
            return if self.watched.is_some_and(|(watched, _)| watched == chat) { self.tell_watching(false).await } else { Ok(()) };
        }
        let (chat, frame) = match live {
            Live::CustomerTyping { chat, on } => (chat, AgentFrame::Typing { chat, who: Typist::Customer, on }),
            Live::AgentTyping { chat, agent, on } if agent != me => (chat, AgentFrame::Typing { chat, who: Typist::Agent(agent), on }),
            Live::CustomerMarks { chat, marks } => (chat, AgentFrame::CustomerMarks { chat, marks }),
            Live::AgentMarks { chat, agent, marks } if agent == me => (chat, AgentFrame::MyMarks { chat, marks }),
            Live::AgentFlag { chat, agent, on } if agent == me => (chat, AgentFrame::MyFlag { chat, on }),
            Live::Panel { chat } if self.known.contains(&chat) => {
                let labels = self.app.db.look(async |tx| db::chats::labels(tx, &[chat]).await).await?.remove(&chat);
                (chat, AgentFrame::Panel { chat, labels: labels.unwrap_or_default() })
            }
            Live::AgentTyping { .. }
            | Live::AgentMarks { .. }
            | Live::AgentFlag { .. }
            | Live::Panel { .. }
            | Live::Drafts { .. }
            | Live::Watching { .. } => return Ok(()),
        };
        if self.known.contains(&chat) {
            self.wire.send_json(&frame).await?;
        }
        Ok(())
    }

    /// What the client says about a chat that it may see; anything else is ignored, since
    /// the chat may have gone while the frame was on its way.
    async fn take(&mut self, frame: ClientFrame) -> Result<(), End> {
        let agent = self.member.account;
        match frame {
            ClientFrame::Typing { chat, on } if self.known.contains(&chat) => {
                let live = Live::AgentTyping { chat, agent, on };
                self.app.bus.live(Topic::Service(self.member.service), live).await;
                self.app.bus.live(Topic::Chat(chat), live).await;
            }
            ClientFrame::Marks { chat, delivered, seen } => self.mark(chat, Marks { delivered, seen }).await,
            ClientFrame::ManyMarks { marks } => {
                for (chat, marks) in marks {
                    self.mark(chat, marks).await;
                }
            }
            ClientFrame::Typing { .. } => {}
            ClientFrame::Watch { chat } => {
                self.watched = Some((chat, None));
                self.tell_watching(true).await?;
            }
            ClientFrame::Beat => self.wire.send(BEAT.into()).await?,
            ClientFrame::Page { .. } | ClientFrame::Sight { .. } => return Err(End::Goodbye(Goodbye::BadFrame)),
        }
        Ok(())
    }

    /// How far this agent has come with a chat: told at once, stored a little later.
    async fn mark(&mut self, chat: ChatId, marks: Marks) {
        if !self.known.contains(&chat) {
            return;
        }
        let marks = Marks::default().max(marks);
        let entry = self.marks.entry(chat).or_default();
        *entry = entry.max(marks);
        self.calm.get_or_insert(Instant::now() + CALM);
        let live = Live::AgentMarks { chat, agent: self.member.account, marks };
        self.app.bus.live(Topic::Service(self.member.service), live).await;
        self.app.bus.live(Topic::Chat(chat), live).await;
    }

    /// Tells whether the customer of the chat in front is there: if that is news, or asked for.
    async fn tell_watching(&mut self, asked: bool) -> Result<(), End> {
        let Some((chat, told)) = self.watched.filter(|(chat, _)| self.known.contains(chat)) else { return Ok(()) };
        let app = self.app.clone();
        let is = Box::pin(visitors::watching(&app, chat)).await?;
        if asked || is != told {
            self.watched = Some((chat, is));
            self.wire.send_json(&AgentFrame::Watching { chat, is }).await?;
        }
        Ok(())
    }

    async fn store_marks(&mut self) {
        let marks = std::mem::take(&mut self.marks);
        if marks.is_empty() {
            return;
        }
        let account = self.member.account;
        let stored = self
            .app
            .db
            .write(async |tx| {
                for (chat, marks) in &marks {
                    db::marks::raise(tx, *chat, account.0, false, *marks).await?;
                }
                Ok(())
            })
            .await;
        if let Err(error) = stored {
            // The client sends its marks again after each reconnect.
            tracing::warn!(%error, "marks not stored");
        }
    }

    /// Ends the session when it was revoked, and takes up changed rights.
    async fn reauthorise(&mut self) -> Result<(), End> {
        let (app, now) = (self.app.clone(), self.app.clock.now());
        let (id, account, service) = (self.session, self.member.account, self.member.service);
        let (member, status) = app
            .db
            .look(async |tx| {
                if !db::sessions::is_live(tx, id, now).await? {
                    return Ok((None, Status::Offline));
                }
                let member = db::members::memberships(tx, account).await?.into_iter().find(|m| m.service == service);
                Ok((member, db::presence::status(tx, service, account).await?))
            })
            .await?;
        if member.is_some() && std::mem::replace(&mut self.status, status) != status {
            let (rested, by) = app
                .db
                .look(async |tx| {
                    Ok((db::presence::is_rested(tx, service, account).await?, db::presence::status_by(tx, service, account).await?))
                })
                .await?;
            self.wire.send_json(&AgentFrame::Status { status, rested, by }).await?;
        }
        match member {
            None => Err(End::Goodbye(Goodbye::SignedOut)),
            Some(member) if member != self.member => {
                self.member = member;
                // What may be seen has changed: start over from a fresh desk.
                self.wire.send_json(&AgentFrame::Reset).await?;
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }
}

/// Who has a chat that is not ours to see any more.
fn taken_by(state: State) -> Option<AccountId> {
    match state {
        State::Active { agent, .. } | State::Held { agent, .. } | State::CustomerEnded { agent, .. } => Some(agent),
        State::Intake { .. } | State::Waiting { .. } | State::Ended { .. } => None,
    }
}
