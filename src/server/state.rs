//! Everything a request needs, made once at start.

use super::{
    actions::{absence, drafts, routing, tickets, tray::Lines},
    clock::Clock,
    config::Config,
    db::{self, Db, Tx, events::Growth},
    error::Result,
    files::{self, Files},
    http::{limits::Limits, site::Site},
    keys::Keys,
    mail,
    realtime::{
        bus::{self, Bus},
        door::Doors,
        hub::Hub,
        log::{self, LogWriter},
        pages,
        shared::Shared,
        tail::Tails,
    },
};
use crate::domain::time::Timestamp;
use std::{ops::Deref, sync::Arc};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The running program; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    /// When this program began: whoever was away before may come back after it (G12).
    pub started: Timestamp,
    pub keys: Keys,
    pub files: Files,
    pub hub: Arc<Hub>,
    pub tails: Tails,
    pub bus: Bus,
    pub log: LogWriter,
    pub limits: Limits,
    pub doors: Doors,
    /// The last reading of each service's waiting lines.
    pub lines: Shared<Lines>,
    /// Wakes the worker that sends mail.
    pub mail: Notify,
    pub site: Site,
    /// Cancelled when the program should end.
    pub shutdown: CancellationToken,
    /// Sockets and background work that the end waits for.
    pub tasks: TaskTracker,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens everything and starts the background work.
    ///
    /// # Errors
    /// When the database or the site's files cannot be had.
    pub async fn start(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let db = Db::open(&config.database_url).await?;
        db.migrate().await?;
        let keys = Keys::open(&config)?;
        db::keys::check(&db, &keys).await?;
        let files = Files::in_folder(&config.data.join(files::FOLDER))?;
        let hub = Arc::new(Hub::default());
        let bus = Bus::connect(config.bus_url.as_deref(), hub.clone()).await?;
        let (log, waiting) = LogWriter::new();
        let site = Site::open(&config.site)?;
        let app = Self(Arc::new(Parts {
            limits: Limits::default(),
            doors: Doors::default(),
            lines: Shared::default(),
            mail: Notify::new(),
            config,
            db,
            started: clock.now(),
            clock,
            keys,
            files,
            hub,
            tails: Tails::default(),
            bus,
            log,
            site,
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }));
        tokio::spawn(log::run(app.clone(), waiting));
        tokio::spawn(bus::listen(app.clone()));
        tokio::spawn(bus::heal(app.clone()));
        tokio::spawn(pages::run(app.clone()));
        tokio::spawn(mail::run(app.clone()));
        tokio::spawn(absence::run(app.clone()));
        tokio::spawn(routing::run(app.clone()));
        tokio::spawn(files::run(app.clone()));
        Ok(app)
    }

    /// Runs a use case in one transaction, appends what its chats gained as the last
    /// statements, and tells everybody who listens once it is committed.
    ///
    /// # Errors
    /// The use case's own, or the database's; nothing is stored then.
    pub async fn change<T>(&self, act: impl AsyncFnOnce(&mut Tx) -> Result<(T, Vec<Growth>)>) -> Result<T> {
        let (out, chats, stored, typists) = self
            .db
            .write(async |tx| {
                let (out, grown) = act(tx).await?;
                let chats = grown.iter().map(|g| Arc::new(g.chat.clone())).collect();
                tickets::follow(tx, &grown).await?;
                let typists = drafts::follow(tx, &grown).await?;
                let stored = db::events::append(tx, grown).await?;
                super::failpoint("change-before-commit");
                Ok((out, chats, stored, typists))
            })
            .await?;
        super::failpoint("change-after-commit");
        log::publish(self, chats, stored).await;
        drafts::moved(self, typists).await;
        super::failpoint("change-after-wake");
        Ok(out)
    }
}
