//! Between nodes: wake-ups and what may be lost. The database is the truth, so a lost
//! message here costs time, never an event: every five seconds each node asks the
//! database whether it missed something.

use super::{
    hub::{Hub, Live, Topic},
    pages::{self, Page},
};
use crate::{
    domain::ids::{AccountId, ChatId, ServiceId, VisitorId},
    server::{db, state::App},
};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use uuid::Uuid;

const SUBJECT: &str = "damso.v1";
const HEAL_EVERY: Duration = Duration::from_secs(5);

/// How this node reaches the others.
#[derive(Clone)]
pub enum Bus {
    /// There are no others.
    Local {
        hub: Arc<Hub>,
    },
    Nats {
        hub: Arc<Hub>,
        client: async_nats::Client,
        node: Uuid,
        up: Arc<AtomicBool>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Message {
    node: Uuid,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum What {
    Wake(Topic, u64),
    Nudge(Topic),
    Live(Topic, Live),
    /// A customer's page shows a sign of life, or its end (G33).
    Page(Page),
    /// A node has come: the others tell it of the pages whose lines end at theirs.
    Roll,
}

impl Bus {
    /// Connects to `url` (`nats://…`), or stays local without one. NATS may be away: the
    /// node works on and says so in `/readyz`.
    ///
    /// # Errors
    /// When the address is none.
    pub async fn connect(url: Option<&str>, hub: Arc<Hub>) -> anyhow::Result<Self> {
        let Some(url) = url else { return Ok(Self::Local { hub }) };
        let up = Arc::new(AtomicBool::new(false));
        let node = Uuid::now_v7();
        let (events_up, events_hub) = (up.clone(), hub.clone());
        let client = async_nats::ConnectOptions::new()
            .name("damso")
            .retry_on_initial_connect()
            .event_callback(move |event| {
                let (up, hub) = (events_up.clone(), events_hub.clone());
                async move {
                    match event {
                        async_nats::Event::Connected => {
                            tracing::info!("bus connected");
                            up.store(true, Ordering::SeqCst);
                            // Nobody knows what was missed: everybody reads the table.
                            hub.nudge_all();
                        }
                        async_nats::Event::Disconnected => {
                            tracing::warn!("bus lost; events still arrive, up to five seconds late");
                            up.store(false, Ordering::SeqCst);
                        }
                        other => tracing::debug!(%other, "bus"),
                    }
                }
            })
            .connect(url)
            .await?;
        Ok(Self::Nats { hub, client, node, up })
    }

    /// Whether the other nodes can be reached.
    #[must_use]
    pub fn is_up(&self) -> bool {
        match self {
            Self::Local { .. } => true,
            Self::Nats { up, .. } => up.load(Ordering::SeqCst),
        }
    }

    /// The service has reached `seq`.
    pub async fn wake_service(&self, service: ServiceId, seq: u64) {
        self.tell(What::Wake(Topic::Service(service), seq)).await;
    }

    /// The chat has reached the public number `seq`.
    pub async fn wake_chat(&self, chat: ChatId, seq: u64) {
        self.tell(What::Wake(Topic::Chat(chat), seq)).await;
    }

    /// The visitor has another chat.
    pub async fn nudge_visitor(&self, visitor: VisitorId) {
        self.tell(What::Nudge(Topic::Visitor(visitor))).await;
    }

    /// Sessions or rights of the account changed.
    pub async fn nudge_account(&self, account: AccountId) {
        self.tell(What::Nudge(Topic::Account(account))).await;
    }

    /// The service's settings changed: its doors and desks look again.
    pub async fn nudge_settings(&self, service: ServiceId) {
        self.tell(What::Nudge(Topic::Settings(service))).await;
    }

    /// Who is there has changed: the service's doors look again.
    pub async fn nudge_door(&self, service: ServiceId) {
        self.tell(What::Nudge(Topic::Door(service))).await;
    }

    /// Beside the chat its customer sees something else now: his window looks again.
    pub async fn nudge_chat(&self, chat: ChatId) {
        self.tell(What::Nudge(Topic::Chat(chat))).await;
    }

    /// Who waits in the service has changed: those who wait look again.
    pub async fn nudge_line(&self, service: ServiceId) {
        self.tell(What::Nudge(Topic::Line(service))).await;
    }

    /// Something that may be lost.
    pub async fn live(&self, topic: Topic, live: Live) {
        self.tell(What::Live(topic, live)).await;
    }

    /// A customer's page shows a sign of life, or its end.
    pub async fn page(&self, page: Page) {
        self.tell(What::Page(page)).await;
    }

    async fn tell(&self, what: What) {
        match self {
            Self::Local { hub } => deliver(hub, what, true),
            Self::Nats { hub, .. } => {
                deliver(hub, what, true);
                self.publish(what).await;
            }
        }
    }

    /// To the other nodes alone.
    async fn publish(&self, what: What) {
        if let Self::Nats { client, node, .. } = self
            && let Ok(payload) = serde_json::to_vec(&Message { node: *node, what })
            && let Err(error) = client.publish(SUBJECT, payload.into()).await
        {
            tracing::debug!(%error, "bus publish");
        }
    }
}

/// Hands on what was told, by this node (`own`) or by another.
fn deliver(hub: &Hub, what: What, own: bool) {
    match what {
        What::Wake(topic, number) => hub.wake(topic, number),
        What::Nudge(topic) => {
            hub.nudge(topic);
            // What is set shows at the door.
            if let Topic::Settings(service) = topic {
                hub.nudge(Topic::Door(service));
                hub.nudge(Topic::Line(service));
            }
        }
        What::Live(topic, live) => hub.live(topic, live),
        What::Page(page) => pages::hear(hub, page, own),
        What::Roll => {}
    }
}

/// Passes on what other nodes say, until the program ends.
pub async fn listen(app: App) {
    let Bus::Nats { hub, client, node, .. } = &app.bus else { return };
    loop {
        match client.subscribe(SUBJECT).await {
            Ok(mut messages) => {
                app.bus.publish(What::Roll).await;
                while let Some(message) = messages.next().await {
                    match serde_json::from_slice::<Message>(&message.payload) {
                        Ok(message) if message.node == *node => {}
                        Ok(Message { what: What::Roll, .. }) => {
                            for page in hub.pages.own() {
                                app.bus.publish(What::Page(page)).await;
                            }
                        }
                        Ok(message) => deliver(hub, message.what, false),
                        Err(error) => tracing::warn!(%error, "bus message of another version"),
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "bus subscribe"),
        }
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

/// Heals lost wake-ups: reads what the services have gained since the last look and wakes
/// whom it concerns.
pub async fn heal(app: App) {
    let mut known: HashMap<ServiceId, u64> = HashMap::new();
    let mut tick = tokio::time::interval(HEAL_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = look(&app, &mut known).await {
            tracing::debug!(%error, "heal");
        }
    }
}

async fn look(app: &App, known: &mut HashMap<ServiceId, u64>) -> crate::server::error::Result<()> {
    let services = app.db.look(async |tx| db::services::seqs(tx).await).await?;
    for (service, seq) in services {
        let before = *known.entry(service).or_insert(seq);
        if seq > before {
            app.hub.wake(Topic::Service(service), seq);
            app.hub.nudge(Topic::Line(service));
            let mut cursor = before.max(seq.saturating_sub(1_000));
            while cursor < seq {
                let entries = app.tails.after(&app.db, service, cursor).await?;
                let Some(last) = entries.last() else { break };
                cursor = last.stored.service_seq;
                for entry in &entries {
                    let logged = &entry.stored.logged;
                    if logged.event.shows_beside() {
                        app.hub.nudge(Topic::Chat(logged.chat));
                    }
                    if let Some(public) = logged.public {
                        app.hub.wake(Topic::Chat(logged.chat), public);
                    }
                }
            }
            known.insert(service, seq);
        }
    }
    Ok(())
}
