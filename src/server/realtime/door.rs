//! A page that shows the door: told how it is, and each time it changes. It is nobody's
//! yet, so it learns nothing that a page of the same address would not say.

use super::{
    hub::Topic,
    shared::Shared,
    socket::{End, Incoming, PING_EVERY, Wire, until},
};
use crate::{
    domain::{availability::Door, ids::ServiceId, time::Timestamp},
    protocol::{BEAT, ClientFrame, DoorFrame, Goodbye},
    server::{
        actions::door::{self, Doorway},
        db,
        error::{Error, Result},
        state::App,
    },
};
use dashmap::DashMap;
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, MissedTickBehavior};

/// What this node knows of doors.
#[derive(Default)]
pub struct Doors {
    read: Shared<Doorway>,
    /// Where each widget was last seen, so that not every page view is written down.
    seen: DashMap<String, (String, Timestamp)>,
}

impl Doors {
    /// Whether the widget was seen on `site` after `since`.
    #[must_use]
    pub fn was_seen(&self, widget: &str, site: &str, since: Timestamp) -> bool {
        self.seen.get(widget).is_some_and(|seen| seen.0 == site && seen.1 > since)
    }

    /// Remembers where the widget was seen.
    pub fn see(&self, widget: &str, site: String, at: Timestamp) {
        self.seen.insert(widget.to_owned(), (site, at));
    }

    /// The doorway as it is now, or as somebody has read it after `woken`.
    ///
    /// # Errors
    /// The database's, `NotFound` for a service that is none.
    pub async fn after(&self, app: &App, service: ServiceId, woken: Instant) -> Result<Arc<Doorway>> {
        let read = async || {
            let now = app.clock.now();
            app.db
                .read(async |tx| {
                    let service = db::services::find(tx, service).await?.ok_or(Error::NotFound)?;
                    door::look(tx, service, now).await
                })
                .await
        };
        self.read.after(service, woken, read).await
    }
}

/// Serves one page's socket until it closes.
pub async fn run(app: App, wire: Wire, widget: String, service: ServiceId) {
    let mut wire = wire;
    if let Err(End::Goodbye(why)) = serve(&app, &mut wire, &widget, service).await {
        wire.goodbye(why).await;
    }
}

async fn serve(app: &App, wire: &mut Wire, widget: &str, service: ServiceId) -> Result<(), End> {
    let mut line = app.hub.subscribe(Topic::Door(service));
    let mut told = String::new();
    let mut changes = tell(app, wire, widget, service, &mut told).await?;
    let mut ping = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return Err(End::Goodbye(Goodbye::Restart)),
            () = line.woken() => changes = Box::pin(tell(app, wire, widget, service, &mut told)).await?,
            () = until(changes) => changes = Box::pin(tell(app, wire, widget, service, &mut told)).await?,
            incoming = wire.receive() => match incoming {
                Incoming::Frame(ClientFrame::Beat) => wire.send(BEAT.into()).await?,
                Incoming::Frame(_) | Incoming::Bad => return Err(End::Goodbye(Goodbye::BadFrame)),
                Incoming::Bye | Incoming::Closed => return Ok(()),
            },
            _ = ping.tick() => wire.ping().await?,
        }
    }
}

/// Says how the door is, if that is news, and answers when to look again at the latest.
async fn tell(app: &App, wire: &mut Wire, widget: &str, service: ServiceId, told: &mut String) -> Result<Option<Instant>, End> {
    let woken = Instant::now();
    let doorway = app.doors.after(app, service, woken).await?;
    let active = app.db.look(async |tx| db::services::known_widget(tx, widget).await).await?.is_some_and(|w| w.active);
    let is = doorway.is(active);
    let open = matches!(doorway.door(active), Door::Open { .. });
    if is != *told {
        wire.send_json(&DoorFrame::Door { is: is.clone(), open }).await?;
        *told = is;
    }
    let left = doorway.until.map(|until| until.since(app.clock.now()));
    // A little later than the instant itself: clocks and timers do not agree to the millisecond.
    Ok(left.map(|ms| Instant::now() + Duration::from_millis(u64::try_from(ms).unwrap_or(0) + 20)))
}
