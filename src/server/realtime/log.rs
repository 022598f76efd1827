//! Group commit: one writer per node takes the messages that wait, stores them in one
//! transaction and answers each sender. One fsync serves many messages.

use super::tail::Entry;
use crate::{
    domain::{
        chat::{Author, Chat, Event},
        ids::{ChatId, ClientId},
        time::Timestamp,
    },
    protocol::Sent,
    server::{
        db::{
            self, Tx,
            events::{Growth, Stored},
        },
        error::{Error, Result},
        state::App,
    },
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use tokio::sync::{mpsc, oneshot};

/// The most messages of one transaction.
const BATCH: usize = 200;
/// How many may wait; beyond it senders are told to come back.
const WAITING: usize = 4_096;

/// A message on its way into the log.
#[derive(Clone, Debug)]
pub struct Post {
    pub chat: ChatId,
    pub author: Author,
    pub client_id: ClientId,
    /// Cleaned already (`domain::text::message`).
    pub text: String,
}

type Waiting = (Post, oneshot::Sender<Result<Sent>>);

/// The door to the writer.
#[derive(Clone)]
pub struct LogWriter(mpsc::Sender<Waiting>);

impl LogWriter {
    /// The writer's door and its other side, for [`run`].
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Waiting>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), receiver)
    }

    /// Stores a message and answers where; a repeated send answers the first place.
    ///
    /// # Errors
    /// `Refused` as the chat stands, `Conflict` when the same id carried another text,
    /// `NotFound` without the chat, `Unavailable` when the writer or database is.
    pub async fn post(&self, post: Post) -> Result<Sent> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send((post, answer)).map_err(|_| Error::Unavailable)?;
        answered.await.map_err(|_| Error::Unavailable)?
    }
}

/// The writer's loop; ends when the last door is closed and all is answered.
pub async fn run(app: App, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        metrics::histogram!("damso_log_batch_messages").record(u32::try_from(batch.len()).unwrap_or(u32::MAX));
        let (posts, answers): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        let now = app.clock.now();
        let results = match app.db.write(async |tx| store(tx, &posts, now).await).await {
            Ok((results, growths, stored)) => {
                crate::server::failpoint("log-after-commit");
                publish(&app, growths, stored).await;
                crate::server::failpoint("log-after-wake");
                results
            }
            Err(error) => {
                let unavailable = matches!(error, Error::Unavailable);
                tracing::error!(error = format!("{error:#}"), messages = posts.len(), "messages not stored");
                posts
                    .iter()
                    .map(|_| Err(if unavailable { Error::Unavailable } else { Error::Internal(anyhow::anyhow!("log writer")) }))
                    .collect()
            }
        };
        for (answer, result) in answers.into_iter().zip(results) {
            // A sender who is gone will ask again and get the same answer.
            let _ = answer.send(result);
        }
    }
}

/// Decides each message in turn and appends what is accepted.
async fn store(tx: &mut Tx, posts: &[Post], now: Timestamp) -> Result<(Vec<Result<Sent>>, Vec<Arc<Chat>>, Vec<Stored>)> {
    let ids: Vec<ChatId> = posts.iter().map(|p| p.chat).collect();
    let pairs: Vec<(ChatId, ClientId)> = posts.iter().map(|p| (p.chat, p.client_id)).collect();
    let chats = db::chats::lock(tx, &ids).await?;
    let mut seen: HashMap<(ChatId, ClientId), (Event, Sent)> = HashMap::new();
    for (named, earlier) in db::events::by_client_ids(tx, &pairs).await? {
        let logged = earlier.logged;
        if let Some(client_id) = logged.client_id {
            let sent = Sent::of(&logged);
            seen.insert((named, client_id), (logged.event, sent));
        }
    }
    let mut grown: BTreeMap<ChatId, Growth> =
        chats.into_iter().map(|chat| (chat.id, Growth { chat, at: now, events: Vec::new() })).collect();
    let mut results = Vec::with_capacity(posts.len());
    for post in posts {
        results.push(decide(&mut grown, &mut seen, post, now));
    }
    let grown: Vec<Growth> = grown.into_values().filter(|g| !g.events.is_empty()).collect();
    let chats = grown.iter().map(|g| Arc::new(g.chat.clone())).collect();
    let stored = db::events::append(tx, grown).await?;
    crate::server::failpoint("log-before-commit");
    Ok((results, chats, stored))
}

fn decide(
    grown: &mut BTreeMap<ChatId, Growth>,
    seen: &mut HashMap<(ChatId, ClientId), (Event, Sent)>,
    post: &Post,
    now: Timestamp,
) -> Result<Sent> {
    if let Some((first, sent)) = seen.get(&(post.chat, post.client_id)) {
        let same = *first == Event::Message { author: post.author, text: post.text.clone() };
        return if same { Ok(*sent) } else { Err(Error::Conflict) };
    }
    let growth = grown.get_mut(&post.chat).ok_or(Error::NotFound)?;
    let chat = growth.chat.clone();
    let (chat, events) = match post.author {
        Author::Customer => chat.customer_writes(post.text.clone(), now)?,
        Author::Agent(agent) => chat.agent_writes(agent, post.text.clone(), now)?,
    };
    let sent = Sent { chat: chat.id, seq: chat.public_seq, at: now };
    growth.chat = chat;
    for event in events {
        let client_id = matches!(event, Event::Message { .. }).then_some(post.client_id);
        if client_id.is_some() {
            seen.insert((post.chat, post.client_id), (event.clone(), sent));
        }
        growth.events.push((event, client_id));
    }
    Ok(sent)
}

/// Tells everybody who listens, here and on the other nodes, what was committed.
pub async fn publish(app: &App, chats: Vec<Arc<Chat>>, stored: Vec<Stored>) {
    let chats: HashMap<ChatId, Arc<Chat>> = chats.into_iter().map(|chat| (chat.id, chat)).collect();
    let mut last: HashMap<_, u64> = HashMap::new();
    let entries: Vec<Entry> = stored
        .into_iter()
        .filter_map(|stored| {
            let chat = chats.get(&stored.logged.chat)?.clone();
            let seq = last.entry(stored.service).or_default();
            *seq = stored.service_seq.max(*seq);
            Some(Entry::new(stored, chat))
        })
        .collect();
    app.tails.push(entries);
    for chat in chats.values() {
        app.bus.wake_chat(chat.id, chat.public_seq).await;
    }
    for (service, seq) in last {
        app.bus.wake_service(service, seq).await;
    }
}
