//! A visitor's socket: the public events of his own chat, after his cursor, in order.

use super::{
    hub::{Heard, Live, Subscription, Topic},
    pages,
    socket::{End, Incoming, PING_EVERY, Wire, until},
    tail,
};
use crate::{
    domain::{
        chat::Chat,
        ids::{ChatId, ServiceId, VisitorId},
        time::MINUTE,
        watching::{Sight, counts_until},
    },
    protocol::{BEAT, ClientFrame, Goodbye, Marks, Page, Resume, VisitorFrame},
    server::{
        actions::{Visitor, Vouching, tray, visitors},
        clock::new_id,
        db,
        error::Result,
        state::App,
    },
};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};
use uuid::Uuid;

/// A client that is further behind gets its chat anew.
const RESUME_MAX: u64 = 200;
const CALM: Duration = Duration::from_secs(1);
/// So long a page with a chat counts as open after it was last written down, in ms.
const HERE: i64 = 3 * MINUTE;
/// It is written down this often: minutes decide, and there may be many pages.
const HERE_EVERY: Duration = Duration::from_secs(120);

struct Session {
    app: App,
    wire: Wire,
    service: ServiceId,
    visitor: VisitorId,
    /// By what he speaks for a member; it ends.
    vouched: Option<Vouching>,
    /// The chat in view and the last public sequence the client has.
    view: Option<(ChatId, u64)>,
    marks: Marks,
    calm: Option<Instant>,
    /// The tray as it was last named to the client.
    tray: String,
    /// Names this line among the customer's open pages (G33).
    line: Uuid,
    /// How the page stands, and how that was told; of a page that changes it all the time only
    /// now and then.
    sight: Sight,
    told: Sight,
    glance: Option<Instant>,
}

/// Serves one visitor's socket until it closes.
pub async fn run(app: App, wire: Wire, who: Visitor, resume: Option<Resume>) {
    let Visitor { id: visitor, service, vouched, .. } = who;
    let service = service.id;
    let mut session = Session {
        app,
        wire,
        service,
        visitor,
        vouched,
        view: None,
        marks: Marks::default(),
        calm: None,
        tray: String::new(),
        line: new_id(),
        sight: Sight::default(),
        told: Sight::default(),
        glance: None,
    };
    let end = session.serve(resume).await;
    Box::pin(session.store_marks()).await;
    Box::pin(session.gone(end.is_ok())).await;
    if let Err(End::Goodbye(why)) = end {
        Box::pin(session.wire.goodbye(why)).await;
    }
}

/// Hears of what else changes a tray, if there is one.
async fn woken(news: &mut Option<(Topic, Subscription)>) {
    match news {
        Some((_, line)) => line.woken().await,
        None => std::future::pending().await,
    }
}

/// Hears of a chat, if there is one.
async fn next(line: &mut Option<Subscription>) -> Heard {
    match line {
        Some(line) => line.next().await,
        None => std::future::pending().await,
    }
}

impl Session {
    /// Until the page says goodbye.
    async fn serve(&mut self, resume: Option<Resume>) -> Result<(), End> {
        let app = self.app.clone();
        let mut visitor = app.hub.subscribe(Topic::Visitor(self.visitor));
        // What was deleted between the hello and this line.
        Box::pin(self.reauthorise()).await?;
        self.wire.send_json(&VisitorFrame::Welcome { build: app.site.build().to_owned(), now: app.clock.now() }).await?;
        let mut line = Box::pin(self.open(resume)).await?;
        let mut news = None;
        Box::pin(self.tell_tray(&mut news)).await?;
        Box::pin(self.here()).await;
        Box::pin(self.show(false)).await;
        let over = self.vouched.as_ref().map(|v| Instant::now() + Duration::from_millis(left(v.until.since(app.clock.now()))));
        let mut ping = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut here = tokio::time::interval_at(Instant::now() + HERE_EVERY, HERE_EVERY);
        here.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = app.shutdown.cancelled() => return Err(End::Goodbye(Goodbye::Restart)),
                heard = next(&mut line) => match heard {
                    Heard::Wake(number) => {
                        Box::pin(self.read_on(number)).await?;
                        // Nudged: it is not the conversation alone that is another one.
                        if number == u64::MAX {
                            Box::pin(self.tell_tray(&mut news)).await?;
                        }
                    }
                    Heard::Live(live) => Box::pin(self.pass_on(live)).await?,
                },
                () = visitor.woken() => {
                    Box::pin(self.reauthorise()).await?;
                    line = Box::pin(self.open(None)).await?.or(line);
                    Box::pin(self.tell_tray(&mut news)).await?;
                    Box::pin(self.here()).await;
                    Box::pin(self.show(false)).await;
                }
                () = woken(&mut news) => Box::pin(self.tell_tray(&mut news)).await?,
                _ = here.tick() => Box::pin(self.here()).await,
                () = until(over) => return Err(End::Goodbye(Goodbye::SignedOut)),
                incoming = self.wire.receive() => match incoming {
                    Incoming::Frame(frame) => Box::pin(self.take(frame)).await?,
                    Incoming::Bad => return Err(End::Goodbye(Goodbye::BadFrame)),
                    Incoming::Bye => return Ok(()),
                    Incoming::Closed => return Err(End::Closed),
                },
                _ = ping.tick() => {
                    Box::pin(self.reauthorise()).await?;
                    self.wire.ping().await?;
                    Box::pin(self.show(false)).await;
                }
                () = until(self.glance) => {
                    self.glance = None;
                    if self.sight != self.told {
                        Box::pin(self.glances()).await;
                    }
                }
                () = until(self.calm) => {
                    self.calm = None;
                    Box::pin(self.store_marks()).await;
                }
            }
        }
    }

    /// Writes down that the customer's page is open, where it shows a chat.
    async fn here(&mut self) {
        let (app, visitor) = (self.app.clone(), self.visitor);
        if self.view.is_none() {
            return;
        }
        let until = app.clock.now().plus(HERE);
        if let Err(error) = app.db.write(async |tx| db::visitors::set_here(tx, visitor, until).await).await {
            tracing::warn!(%error, "open page not noted");
        }
    }

    /// Writes down that it is gone, and how.
    async fn gone(&mut self, said_goodbye: bool) {
        let (app, visitor, now) = (self.app.clone(), self.visitor, self.app.clock.now());
        if self.view.is_none() {
            return;
        }
        // At the end of the program nobody leaves: they are back in a moment, on this node or
        // on another.
        if !app.shutdown.is_cancelled() {
            if let Err(error) = app.db.write(async |tx| db::visitors::set_gone(tx, visitor, now, said_goodbye).await).await {
                tracing::warn!(%error, "closed page not noted");
            }
            // When he is gone for good is the router's to reckon.
            app.hub.router.name(self.service);
        }
        self.show(true).await;
    }

    /// Tells all nodes that the page is there, or `gone` (G33).
    async fn show(&mut self, gone: bool) {
        self.told = self.sight;
        let Some((chat, _)) = self.view else { return };
        let silence = i64::try_from(self.wire.silence().as_millis()).unwrap_or(i64::MAX);
        let until = counts_until(self.app.clock.now(), silence, gone);
        let page = pages::Page { service: self.service, chat, line: self.line, sight: self.sight, until };
        self.app.bus.page(page).await;
    }

    /// Tells that the page is looked at otherwise, and no more for a while.
    async fn glances(&mut self) {
        self.glance = Some(Instant::now() + CALM);
        self.show(false).await;
    }

    /// Whether a member's session is still good: its key may be gone.
    async fn reauthorise(&mut self) -> Result<(), End> {
        let Some(Vouching { hash, .. }) = &self.vouched else { return Ok(()) };
        let (app, now) = (self.app.clone(), self.app.clock.now());
        let lives = app.db.look(async |tx| db::identity::lives(tx, hash, now).await).await?;
        if lives { Ok(()) } else { Err(End::Goodbye(Goodbye::SignedOut)) }
    }

    /// Finds the visitor's chat, listens to it and brings the client up to it. `None` when
    /// there is none, or the client has this one in view already.
    async fn open(&mut self, resume: Option<Resume>) -> Result<Option<Subscription>, End> {
        let (app, visitor, now) = (self.app.clone(), self.visitor, self.app.clock.now());
        let chat = app.db.look(async |tx| visitors::current(tx, visitor, now).await).await?;
        let Some(chat) = chat else {
            self.wire.send_json(&VisitorFrame::Reset { chat: None }).await?;
            return Ok(None);
        };
        if self.view.is_some_and(|(id, _)| id == chat.id) {
            return Ok(None);
        }
        // Subscribe, then read.
        let line = app.hub.subscribe(Topic::Chat(chat.id));
        self.marks = Marks::default();
        match resume.filter(|r| can_resume(&chat, *r)) {
            Some(resume) => {
                self.view = Some((chat.id, resume.seq));
                self.read_on(u64::MAX).await?;
                let desk = app.db.look(async |tx| db::marks::of_side(tx, chat.id, false).await).await?;
                self.wire.send_json(&VisitorFrame::DeskMarks { marks: desk }).await?;
            }
            None => {
                let shown = app.db.read(async |tx| visitors::view(&app, tx, chat.id, visitor).await).await?;
                self.view = Some((chat.id, shown.seq));
                self.wire.send_json(&VisitorFrame::Reset { chat: Some(Box::new(shown)) }).await?;
            }
        }
        Ok(Some(line))
    }

    /// Names the tray, if it is another one. Who waits listens to his line, everybody else to
    /// the settings, which may take ratings away.
    async fn tell_tray(&mut self, news: &mut Option<(Topic, Subscription)>) -> Result<(), End> {
        let app = self.app.clone();
        loop {
            let tray = tray::of(&app, self.visitor, self.service, Instant::now()).await?;
            let topic = tray.as_ref().map(|tray| match tray.waits {
                Some(_) => Topic::Line(self.service),
                None => Topic::Settings(self.service),
            });
            if topic != news.as_ref().map(|(topic, _)| *topic) {
                *news = topic.map(|topic| (topic, app.hub.subscribe(topic)));
                // What happened before this line.
                continue;
            }
            let is = tray.map(|tray| tray.is()).unwrap_or_default();
            if is != self.tray {
                self.wire.send_json(&VisitorFrame::Tray { is: is.clone() }).await?;
                self.tray = is;
            }
            return Ok(());
        }
    }

    /// Sends what is new after the cursor; `number` says how far to look at least.
    async fn read_on(&mut self, number: u64) -> Result<(), End> {
        let Some((chat, mut cursor)) = self.view else { return Ok(()) };
        while cursor < number {
            if let Some(entries) = self.app.tails.public_after(self.service, chat, cursor) {
                let (prev, seq) = (cursor, cursor + entries.len() as u64);
                let frame = match &entries[..] {
                    [one] => one.public_frame(),
                    many => Some(tail::frame(prev, seq, &many.iter().filter_map(|e| e.public_json()).collect::<Vec<_>>().join(",")).into()),
                };
                if let Some(frame) = frame {
                    self.wire.send(frame).await?;
                }
                cursor = seq;
            } else {
                let app = self.app.clone();
                let rows = app.db.look(async |tx| db::events::public_after(tx, chat, cursor, 200).await).await?;
                let events = visitors::public(&app, self.visitor, &rows);
                let Some(last) = events.last() else { return Ok(()) };
                let (prev, seq) = (cursor, last.seq);
                self.wire.send_json(&VisitorFrame::Events { prev, seq, events }).await?;
                cursor = seq;
            }
            self.view = Some((chat, cursor));
        }
        Ok(())
    }

    async fn pass_on(&mut self, live: Live) -> Result<(), End> {
        let frame = match live {
            Live::AgentTyping { on, .. } => VisitorFrame::Typing { on },
            Live::AgentMarks { marks, .. } => VisitorFrame::DeskMarks { marks },
            Live::CustomerMarks { marks, .. } => VisitorFrame::MyMarks { marks },
            Live::CustomerTyping { .. } | Live::AgentFlag { .. } | Live::Panel { .. } | Live::Drafts { .. } | Live::Watching { .. } => {
                return Ok(());
            }
        };
        Ok(self.wire.send_json(&frame).await?)
    }

    async fn take(&mut self, frame: ClientFrame) -> Result<(), End> {
        let service = Topic::Service(self.service);
        match (frame, self.view) {
            (ClientFrame::Typing { chat, on }, Some((mine, _))) if chat == mine => {
                self.app.bus.live(service, Live::CustomerTyping { chat, on }).await;
            }
            (ClientFrame::Marks { chat, delivered, seen }, Some((mine, upto))) if chat == mine => {
                // Nobody has seen what has not been sent to him.
                let marks = Marks::default().max(Marks { delivered: delivered.min(upto), seen: seen.min(upto) });
                if self.marks.max(marks) != self.marks {
                    self.marks = self.marks.max(marks);
                    self.calm.get_or_insert(Instant::now() + CALM);
                    let live = Live::CustomerMarks { chat, marks: self.marks };
                    self.app.bus.live(service, live).await;
                    self.app.bus.live(Topic::Chat(chat), live).await;
                }
            }
            (ClientFrame::Page { url, title }, Some((chat, _))) => {
                let page = visitors::clean_page(&Page { url, title });
                self.app.db.write(async |tx| db::chats::set_page(tx, chat, &page).await).await?;
            }
            (ClientFrame::Sight { on }, _) => {
                self.sight = Sight::of(on);
                if self.glance.is_none() && self.sight != self.told {
                    self.glances().await;
                }
            }
            (ClientFrame::Beat, _) => self.wire.send(BEAT.into()).await?,
            // Of a chat that has gone while the frame was on its way.
            _ => {}
        }
        Ok(())
    }

    async fn store_marks(&mut self) {
        let (Some((chat, _)), marks) = (self.view, self.marks) else { return };
        if marks == Marks::default() {
            return;
        }
        let visitor = self.visitor;
        match self.app.db.write(async |tx| db::marks::raise(tx, chat, visitor.0, true, marks).await).await {
            // A page that was loaded again has read them before they were stored: it is told.
            Ok(()) => self.app.bus.live(Topic::Chat(chat), Live::CustomerMarks { chat, marks }).await,
            Err(error) => tracing::warn!(%error, "marks not stored"),
        }
    }
}

/// Milliseconds that are left.
fn left(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0)
}

fn can_resume(chat: &Chat, resume: Resume) -> bool {
    resume.chat == chat.id && resume.seq <= chat.public_seq && chat.public_seq - resume.seq <= RESUME_MAX
}
