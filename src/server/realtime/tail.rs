//! The newest events of each service in memory, already written out for the sockets, so
//! that a thousand listeners cost one reading and one serialisation.

use crate::{
    domain::{
        chat::{Chat, Event},
        ids::{ChatId, ServiceId},
    },
    protocol::PublicLogged,
    server::{
        db::{self, Db, events::Stored},
        error::Result,
    },
};
use axum::extract::ws::Utf8Bytes;
use dashmap::DashMap;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
};
use tokio::sync::Mutex;

/// How many events of a service are kept.
const KEPT: usize = 1_024;

/// One event, ready to send.
#[derive(Debug)]
pub struct Entry {
    pub stored: Stored,
    /// The chat as it stood when this event was published: decides who may see it.
    pub chat: Arc<Chat>,
    agent_json: OnceLock<String>,
    agent_frame: OnceLock<Utf8Bytes>,
    public_json: OnceLock<Option<String>>,
    public_frame: OnceLock<Option<Utf8Bytes>>,
}

impl Entry {
    #[must_use]
    pub fn new(stored: Stored, chat: Arc<Chat>) -> Self {
        Self {
            stored,
            chat,
            agent_json: OnceLock::new(),
            agent_frame: OnceLock::new(),
            public_json: OnceLock::new(),
            public_frame: OnceLock::new(),
        }
    }

    /// The event as an agent's JSON.
    pub fn agent_json(&self) -> &str {
        self.agent_json.get_or_init(|| serde_json::to_string(&self.stored.logged).unwrap_or_default())
    }

    /// The whole frame for an agent who is exactly one behind.
    pub fn agent_frame(&self) -> Utf8Bytes {
        let seq = self.stored.service_seq;
        self.agent_frame.get_or_init(|| frame(seq - 1, seq, self.agent_json()).into()).clone()
    }

    /// The event as the customer's JSON, if he may see it.
    pub fn public_json(&self) -> Option<&str> {
        self.public_json.get_or_init(|| PublicLogged::of(&self.stored.logged).and_then(|p| serde_json::to_string(&p).ok())).as_deref()
    }

    /// The whole frame for a customer who is exactly one behind.
    pub fn public_frame(&self) -> Option<Utf8Bytes> {
        self.public_frame
            .get_or_init(|| {
                let seq = self.stored.logged.public?;
                Some(frame(seq - 1, seq, self.public_json()?).into())
            })
            .clone()
    }
}

/// `AgentFrame::Events` or `VisitorFrame::Events` around events that are written already.
#[must_use]
pub fn frame(prev: u64, seq: u64, events: &str) -> String {
    format!("{{\"t\":\"events\",\"prev\":{prev},\"seq\":{seq},\"events\":[{events}]}}")
}

#[derive(Default)]
struct Tail {
    entries: std::sync::RwLock<BTreeMap<u64, Arc<Entry>>>,
    /// Held while the table is read, so that it is read once for all who wait.
    filling: Mutex<()>,
}

/// The tails of all services of this node.
#[derive(Default)]
pub struct Tails {
    services: DashMap<ServiceId, Arc<Tail>>,
}

impl Tails {
    fn of(&self, service: ServiceId) -> Arc<Tail> {
        self.services.entry(service).or_default().clone()
    }

    /// Adds what was just committed; the order of the calls does not matter.
    pub fn push(&self, entries: Vec<Entry>) {
        for entry in entries {
            let tail = self.of(entry.stored.service);
            let mut kept = tail.entries.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            kept.insert(entry.stored.service_seq, Arc::new(entry));
            while kept.len() > KEPT {
                kept.pop_first();
            }
        }
    }

    /// Up to 256 events of the service after `cursor`, in order and without a gap: from
    /// memory if they are there, else from the table.
    ///
    /// # Errors
    /// The database's.
    pub async fn after(&self, db: &Db, service: ServiceId, cursor: u64) -> Result<Vec<Arc<Entry>>> {
        let tail = self.of(service);
        if let Some(found) = run_after(&tail, cursor) {
            return Ok(found);
        }
        let _filling = tail.filling.lock().await;
        if let Some(found) = run_after(&tail, cursor) {
            return Ok(found);
        }
        let entries = read(db, service, cursor).await?;
        self.push(entries.iter().map(|e| Entry::new(e.stored.clone(), e.chat.clone())).collect());
        Ok(entries.into_iter().map(Arc::new).collect())
    }

    /// The public events of a chat after its public number `cursor`, if the memory has
    /// them all; `None` sends the caller to the table.
    #[must_use]
    pub fn public_after(&self, service: ServiceId, chat: ChatId, cursor: u64) -> Option<Vec<Arc<Entry>>> {
        let tail = self.of(service);
        let kept = tail.entries.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut found: Vec<Arc<Entry>> = Vec::new();
        for entry in kept.values().rev().filter(|e| e.stored.logged.chat == chat) {
            match entry.stored.logged.public {
                Some(seq) if seq <= cursor => break,
                Some(_) => found.push(entry.clone()),
                None => {}
            }
        }
        found.reverse();
        let unbroken = found.iter().zip(cursor + 1..).all(|(e, n)| e.stored.logged.public == Some(n));
        // Links to files are signed anew for each reading.
        let files = found.iter().any(|e| matches!(&e.stored.logged.event, Event::Message { files, .. } if !files.is_empty()));
        (unbroken && !found.is_empty() && !files).then_some(found)
    }
}

/// The unbroken run after `cursor` in memory; `None` when its beginning is not there.
fn run_after(tail: &Tail, cursor: u64) -> Option<Vec<Arc<Entry>>> {
    let kept = tail.entries.read().unwrap_or_else(std::sync::PoisonError::into_inner);
    let run: Vec<_> =
        kept.range(cursor + 1..).zip(cursor + 1..).take_while(|((seq, _), n)| *seq == n).take(256).map(|((_, e), _)| e.clone()).collect();
    (!run.is_empty()).then_some(run)
}

async fn read(db: &Db, service: ServiceId, cursor: u64) -> Result<Vec<Entry>> {
    db.read(async |tx| {
        let rows = db::events::of_service(tx, service, cursor, 256).await?;
        let mut chats: HashMap<ChatId, Arc<Chat>> = HashMap::new();
        let mut entries = Vec::with_capacity(rows.len());
        for stored in rows {
            let id = stored.logged.chat;
            let chat = match chats.get(&id) {
                Some(chat) => chat.clone(),
                None => {
                    let chat = Arc::new(db::chats::find(tx, id).await?.ok_or_else(|| db::damaged("event without its chat"))?);
                    chats.insert(id, chat.clone());
                    chat
                }
            };
            entries.push(Entry::new(stored, chat));
        }
        Ok(entries)
    })
    .await
}
