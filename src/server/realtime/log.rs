//! Group commit: one writer per node takes the messages that wait, stores them in one
//! transaction and answers each sender. One fsync serves many messages.

use super::tail::Entry;
use crate::{
    domain::{
        chat::{Author, Chat, Event, Logged, Refused, State, Words},
        ids::{AccountId, ChatId, ClientId, ServiceId},
        settings::{Naming, RoutingMode},
        time::Timestamp,
    },
    protocol::Sent,
    server::{
        actions::{drafts, files, settings::chat_texts, tickets},
        db::{
            self, Tx,
            events::{Growth, Stored},
            files::{Of, Owner},
        },
        error::{Error, Result},
        files::Attached,
        state::App,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
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
    /// They lie in the store and get their rows with the message.
    pub attached: Attached,
    /// The last event that the agent had in view when he sent it; none: he is not asked (E1).
    pub seen: Option<u64>,
    /// Which of the waiting an agent's first reply may start (G16).
    pub mode: RoutingMode,
}

impl Post {
    /// What it says, and as whom.
    fn words(&self, nickname: Option<String>) -> Words {
        Words { text: self.text.clone(), files: self.attached.files.iter().map(Into::into).collect(), nickname }
    }

    /// Whether this is what was stored: the same words, and files that are the same but for
    /// their ids, since each sending stores them anew. The name is none of the sender's.
    #[must_use]
    pub fn is(&self, event: &Event) -> bool {
        let Event::Message { author, text, files, nickname: _ } = event else { return false };
        let mine = &self.attached.files;
        *author == self.author
            && *text == self.text
            && files.len() == mine.len()
            && files.iter().zip(mine).all(|(a, b)| a.name == b.name && a.media == b.media && a.size == b.size)
    }
}

type Waiting = (Post, oneshot::Sender<Result<Sent>>);

/// Each sender's answer, what is to be published, and whose drafts are others now.
type Written = (Vec<Result<Sent>>, Vec<Arc<Chat>>, Vec<Stored>, BTreeSet<(ServiceId, AccountId)>);

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
        let results = match app.db.write(async |tx| store(&app, tx, &posts, now).await).await {
            Ok((results, growths, stored, typists)) => {
                crate::server::failpoint("log-after-commit");
                publish(&app, growths, stored).await;
                drafts::moved(&app, typists).await;
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
async fn store(app: &App, tx: &mut Tx, posts: &[Post], now: Timestamp) -> Result<Written> {
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
    let nicknames = nicknames(tx, posts, &chats).await?;
    let mut grown: BTreeMap<ChatId, Growth> =
        chats.into_iter().map(|chat| (chat.id, Growth { chat, at: now, events: Vec::new() })).collect();
    let mut results = Vec::with_capacity(posts.len());
    let mut owners = Vec::new();
    for post in posts {
        let known = seen.contains_key(&(post.chat, post.client_id));
        let held_up = match grown.get(&post.chat).filter(|_| !known) {
            Some(growth) => held_up(app, tx, post, &growth.chat).await?,
            None => None,
        };
        let result = held_up.map_or_else(|| decide(&mut grown, &mut seen, &nicknames, post, now), Err);
        if let (Ok(_), false, Some(growth)) = (&result, known, grown.get(&post.chat)) {
            owners.push((post, owner(post, &growth.chat)));
        }
        results.push(result);
    }
    let grown: Vec<Growth> = grown.into_values().filter(|g| !g.events.is_empty()).collect();
    let chats = grown.iter().map(|g| Arc::new(g.chat.clone())).collect();
    tickets::follow(tx, &grown).await?;
    let typists = drafts::follow(tx, &grown).await?;
    let stored = db::events::append(tx, grown).await?;
    for (post, owner) in owners {
        db::files::insert(tx, owner, &post.attached.files, now).await?;
    }
    crate::server::failpoint("log-before-commit");
    Ok((results, chats, stored, typists))
}

/// The nicknames of the agents who write, where their service shows them.
type Nicknames = HashMap<(ServiceId, AccountId), String>;

/// Read with what is stored, so that each message has the name that counts at that moment.
async fn nicknames(tx: &mut Tx, posts: &[Post], chats: &[Chat]) -> Result<Nicknames> {
    let services: HashMap<ChatId, ServiceId> = chats.iter().map(|chat| (chat.id, chat.service)).collect();
    let writers: BTreeSet<(ServiceId, AccountId)> = posts
        .iter()
        .filter_map(|post| if let Author::Agent(agent) = post.author { Some((*services.get(&post.chat)?, agent)) } else { None })
        .collect();
    let mut shown = Nicknames::new();
    if writers.is_empty() {
        return Ok(shown);
    }
    let mut settings: HashMap<ServiceId, Naming> = HashMap::new();
    for (service, agent, nickname) in db::members::nicknames(tx, &writers).await? {
        let naming = match settings.get(&service) {
            Some(naming) => *naming,
            None => *settings.entry(service).or_insert(chat_texts(tx, service).await?.naming),
        };
        shown.extend(naming.above(&nickname).map(|name| ((service, agent), name)));
    }
    Ok(shown)
}

/// Why a message cannot be stored that the chat itself would take: its files, or words of
/// a colleague that the agent has not seen (E1).
async fn held_up(app: &App, tx: &mut Tx, post: &Post, chat: &Chat) -> Result<Option<Error>> {
    if !post.attached.is_empty() {
        let visitor = (post.author == Author::Customer).then_some(chat.visitor);
        match files::check(tx, app, visitor, &post.attached).await {
            Err(error @ Error::Invalid(_)) => return Ok(Some(error)),
            checked => checked?,
        }
    }
    if let (Author::Agent(me), Some(seen)) = (post.author, post.seen)
        && chat.seq > seen
        && let Some(by) = db::events::colleague_since(tx, chat.id, me, seen).await?
    {
        return Ok(Some(Refused::Unseen { by }.into()));
    }
    Ok(None)
}

fn owner(post: &Post, chat: &Chat) -> Owner {
    let (visitor, agent) = match post.author {
        Author::Customer => (Some(chat.visitor), None),
        Author::Agent(agent) => (None, Some(agent)),
    };
    Owner { service: chat.service, of: Of::Chat(chat.id), message: post.client_id, visitor, agent }
}

fn decide(
    grown: &mut BTreeMap<ChatId, Growth>,
    seen: &mut HashMap<(ChatId, ClientId), (Event, Sent)>,
    nicknames: &Nicknames,
    post: &Post,
    now: Timestamp,
) -> Result<Sent> {
    if let Some((first, sent)) = seen.get(&(post.chat, post.client_id)) {
        return if post.is(first) { Ok(*sent) } else { Err(Error::Conflict) };
    }
    let growth = grown.get_mut(&post.chat).ok_or(Error::NotFound)?;
    let chat = growth.chat.clone();
    let (chat, events) = match post.author {
        Author::Customer => chat.customer_writes(post.words(None), now)?,
        Author::Agent(agent) => {
            let nickname = nicknames.get(&(chat.service, agent)).cloned();
            chat.agent_writes(agent, post.words(nickname), post.mode, now)?
        }
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
    // A word in a running conversation gives nothing to anybody else.
    let matters = |stored: &Stored| match stored.logged.event {
        Event::Message { .. } => chats.get(&stored.logged.chat).is_some_and(|chat| !matches!(chat.state, State::Active { .. })),
        Event::Note { .. } | Event::Offered { .. } | Event::Greeting { .. } | Event::RatingAsked { .. } | Event::Rated { .. } => false,
        _ => true,
    };
    let routed: BTreeSet<ServiceId> = stored.iter().filter(|stored| matters(stored)).map(|stored| stored.service).collect();
    let beside: BTreeSet<ChatId> = stored
        .iter()
        .filter(|s| chats.get(&s.logged.chat).is_some_and(|chat| shows_beside(chat, &stored, &s.logged)))
        .map(|s| s.logged.chat)
        .collect();
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
    let lines: BTreeSet<ServiceId> = beside.iter().filter_map(|chat| chats.get(chat)).map(|chat| chat.service).collect();
    for chat in beside {
        app.bus.nudge_chat(chat).await;
    }
    for service in lines {
        app.bus.nudge_line(service).await;
    }
    for (service, seq) in last {
        app.bus.wake_service(service, seq).await;
    }
    for service in routed {
        app.hub.router.name(service);
    }
}

/// Whether the customer sees something else beside his chat after this event: the first word
/// of either side opens what later ones leave as it is.
fn shows_beside(chat: &Chat, stored: &[Stored], logged: &Logged) -> bool {
    match &logged.event {
        Event::Message { author: Author::Customer, .. } => chat.accepted_at == Some(logged.at),
        Event::Message { author: Author::Agent(_), .. } => {
            let written =
                |s: &&Stored| s.logged.chat == chat.id && matches!(s.logged.event, Event::Message { author: Author::Agent(_), .. });
            usize::try_from(chat.agent_messages).is_ok_and(|all| all == stored.iter().filter(written).count())
        }
        other => other.shows_beside(),
    }
}
