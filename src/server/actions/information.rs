//! The panel beside a chat: what agents note of a customer and of the chat (A53–A55), and
//! what came before (A59).
//!
//! Who sees a chat sees its panel, and through it the customer's earlier chats, also those of
//! colleagues: G32 excepts A59 from "his own chats". To note something takes the chat right.

use super::{Agent, door, history, settings, tickets};
use crate::{
    api::{
        Problem,
        panel::{EarlierChat, EarlierChats, Panel, Transcript},
        settings::{Saved, Versioned},
    },
    domain::{
        category::Tree,
        chat::Chat,
        contact::Contact,
        ids::{CategoryId, ChatId, TagId, VisitorId},
        information::{self, Information, Missing, Unsaved},
        permission::Right,
        service::{Language, Localized, Rule},
        settings::{Closing, Section as _},
        time::Timestamp,
    },
    server::{
        db::{
            self, Tx,
            chats::Before,
            information::{ChatNoting, Noted, Save},
        },
        error::{Error, Result},
        realtime::hub::{Live, Topic},
    },
};

/// Earlier chats of one page.
const CHATS: u32 = 10;
/// Events of one page of a transcript.
const EVENTS: u32 = 100;

/// Everything that stands beside a chat, as of one instant.
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound` for what the agent may not see.
pub async fn panel(agent: &Agent, chat: ChatId) -> Result<Panel> {
    let (service, me) = (agent.member.service, agent.member.account);
    agent
        .app
        .db
        .read(async |tx| {
            let chat = seen(tx, agent, chat).await?;
            let customer = db::visitors::customer(tx, chat.visitor).await?;
            let (unsaved, unsaved_from) = db::information::unsaved(tx, chat.id, me).await?.unzip();
            let noted = db::information::noted(tx, chat.id, chat.visitor).await?;
            let closing = closing(tx, agent).await?.value;
            let earlier_count = db::chats::count_before(tx, chat.visitor, Before::of(&chat)).await?;
            Ok(Panel {
                address: db::visitors::address(tx, chat.visitor).await?,
                path: noted.chat.as_ref().map(|note| note.path.clone()).unwrap_or_default(),
                noted: versioned(&noted, || Information::first(&customer)),
                customer,
                unsaved,
                unsaved_from: unsaved_from.flatten(),
                tree: db::categories::tree(tx, service).await?,
                category_required: closing.category_required,
                tags: tickets::tags(tx, service).await?.into_iter().filter(|tag| !tag.fixed).collect(),
                may_note: agent.member.has(Right::Chat),
                may_ticket: agent.member.has(Right::Ticket),
                tickets: tickets::cards(tx, chat.id).await?,
                earlier: earlier_before(tx, agent, chat.visitor, Before::of(&chat)).await?,
                earlier_count,
            })
        })
        .await
}

/// 저장: what differs from what is stored, of the customer and of the chat, in one
/// transaction; what the agent had kept of it unsaved is forgotten.
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound`, `Invalid` beside each field.
pub async fn save(agent: &Agent, chat: ChatId, over: u64, value: Information) -> Result<Saved<Versioned<Information>>> {
    agent.require(Right::Chat)?;
    let value = value.checked().map_err(door::complaints)?;
    let (at, me) = (agent.app.clock.now(), agent.member.account);
    let done = agent
        .app
        .db
        .write(async |tx| {
            let chat = seen(tx, agent, chat).await?;
            // As everybody takes them: chats, services.
            db::chats::lock(tx, &[chat.id]).await?;
            db::services::lock(tx, chat.service).await?;
            store(tx, agent, &chat, over, &value, at).await?;
            db::information::forget(tx, chat.id, me).await
        })
        .await;
    let done = match done {
        Ok(()) => true,
        Err(Error::Rule(Rule::Stale)) => false,
        Err(error) => return Err(error),
    };
    let (visitor, now) = agent
        .app
        .db
        .read(async |tx| {
            let chat = seen(tx, agent, chat).await?;
            let customer = db::visitors::customer(tx, chat.visitor).await?;
            let noted = db::information::noted(tx, chat.id, chat.visitor).await?;
            Ok((chat.visitor, versioned(&noted, || Information::first(&customer))))
        })
        .await?;
    if done {
        // Where the customer goes on now, his name is another one, too.
        let newest = agent.app.db.look(async |tx| db::chats::newest_of(tx, visitor).await).await?;
        told(agent, chat).await;
        if let Some(newest) = newest.filter(|newest| newest.id != chat) {
            told(agent, newest.id).await;
        }
    }
    Ok(settings::saved(done, now))
}

/// Stores what differs from what is stored, over the version `over`. The chat and the service
/// must be locked.
///
/// # Errors
/// `Invalid` beside `category` and `tags`, `Rule(Stale)`.
pub(super) async fn store(tx: &mut Tx, agent: &Agent, chat: &Chat, over: u64, value: &Information, at: Timestamp) -> Result<()> {
    let (service, me) = (agent.member.service, agent.member.account);
    let customer = db::visitors::customer(tx, chat.visitor).await?;
    let noted = db::information::noted(tx, chat.id, chat.visitor).await?;
    let stored = versioned(&noted, || Information::first(&customer));
    if stored.version != over {
        return Err(Rule::Stale.into());
    }
    let note = noted.chat.as_ref();
    if !stored.value.same_chat(value) {
        let path = match value.category {
            // A deleted one stays readable as it was.
            same if same == stored.value.category => note.map(|note| note.path.clone()).unwrap_or_default(),
            Some(id) => {
                let tree = db::categories::tree(tx, service).await?;
                path(&tree, id).ok_or_else(|| Error::field("category", Problem::Changed))?
            }
            None => Localized::default(),
        };
        let offered = tickets::tags(tx, service).await?;
        let may = |id: &TagId| stored.value.tags.contains(id) || offered.iter().any(|tag| tag.id == *id && !tag.fixed);
        if !value.tags.iter().all(may) {
            return Err(Error::field("tags", Problem::Changed));
        }
        let over = note.map_or(0, |note| note.saved.version);
        let note = ChatNoting { category: value.category, path: &path, tags: &value.tags };
        if !db::information::set_chat(tx, chat.id, over, note, me, at).await? {
            return Err(Rule::Stale.into());
        }
    }
    if !stored.value.same_customer(value) {
        // Two who save of one customer at this very instant: the database lets one through.
        let over = noted.customer.as_ref().map_or(0, |note| note.saved.version);
        if !db::information::set_customer(tx, chat.visitor, over, value, me, at).await? {
            return Err(Rule::Stale.into());
        }
    }
    Ok(())
}

/// Keeps what this agent has typed beside a chat (E8), or forgets it.
///
/// # Errors
/// `Forbidden` without the chat right, `NotFound`, `Invalid` when it is beyond all measure.
pub async fn keep(agent: &Agent, chat: ChatId, unsaved: Option<Unsaved>) -> Result<()> {
    agent.require(Right::Chat)?;
    if unsaved.as_ref().is_some_and(|unsaved| !unsaved.fits()) {
        return Err(Error::field("memo", Problem::TooLong));
    }
    let (at, me) = (agent.app.clock.now(), agent.member.account);
    agent
        .app
        .db
        .write(async |tx| {
            let chat = seen(tx, agent, chat).await?;
            match &unsaved {
                Some(unsaved) => db::information::keep(tx, chat.id, me, unsaved, at).await,
                None => db::information::forget(tx, chat.id, me).await,
            }
        })
        .await
}

/// The customer's chats before `before`, which is one of them.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn earlier(agent: &Agent, chat: ChatId, before: ChatId) -> Result<EarlierChats> {
    agent
        .app
        .db
        .read(async |tx| {
            let chat = seen(tx, agent, chat).await?;
            let before = db::chats::find(tx, before).await?.filter(|before| before.visitor == chat.visitor).ok_or(Error::NotFound)?;
            earlier_before(tx, agent, chat.visitor, Before::of(&before)).await
        })
        .await
}

/// What was said in a chat of the same customer that came before.
///
/// # Errors
/// `Forbidden`, `NotFound`: also for a chat of another customer, or one that came later.
pub async fn transcript(agent: &Agent, chat: ChatId, earlier: ChatId, before: Option<u64>) -> Result<Transcript> {
    agent
        .app
        .db
        .read(async |tx| {
            let chat = seen(tx, agent, chat).await?;
            let earlier = db::chats::find(tx, earlier).await?;
            let earlier = earlier.filter(|e| e.visitor == chat.visitor && Before::of(e) < Before::of(&chat)).ok_or(Error::NotFound)?;
            let events = db::events::page(tx, earlier.id, before, false, EVENTS).await?;
            let tree = db::categories::tree(tx, agent.member.service).await?;
            Ok(Transcript { earlier: events.first().is_some_and(|first| first.seq > 1), about: about(tx, &tree, earlier).await?, events })
        })
        .await
}

async fn earlier_before(tx: &mut Tx, agent: &Agent, visitor: VisitorId, before: Before) -> Result<EarlierChats> {
    let mut chats = db::chats::before(tx, visitor, before, CHATS + 1).await?;
    let more = chats.len() > CHATS as usize;
    chats.truncate(CHATS as usize);
    let tree = db::categories::tree(tx, agent.member.service).await?;
    let mut out = Vec::with_capacity(chats.len());
    for chat in chats {
        out.push(about(tx, &tree, chat).await?);
    }
    Ok(EarlierChats { chats: out, more })
}

async fn about(tx: &mut Tx, tree: &Tree, chat: Chat) -> Result<EarlierChat> {
    let note = db::information::noted(tx, chat.id, chat.visitor).await?.chat;
    let last = match chat.agent() {
        Some(agent) => Some(agent),
        None => db::events::last_author(tx, chat.id).await?.or(chat.started.map(|started| started.by)),
    };
    Ok(EarlierChat {
        path: note.map(|note| note.category.and_then(|id| path(tree, id)).unwrap_or(note.path)).unwrap_or_default(),
        chat: chat.id,
        intake_at: chat.intake_at,
        queue: chat.queue,
        agent: last,
        handled: chat.is_handled(),
        state: chat.state,
    })
}

/// The chat, if this agent may see it, or has taken part in it and it has ended (A62d).
///
/// # Errors
/// `Forbidden` without the chat right and the supervisor's, `NotFound`.
pub(super) async fn seen(tx: &mut Tx, agent: &Agent, chat: ChatId) -> Result<Chat> {
    if !agent.member.has(Right::Oversight) {
        agent.require(Right::Chat)?;
    }
    let found = db::chats::find(tx, chat).await?;
    history::read(tx, agent, found).await
}

/// Tells the consoles that show a chat that what stands beside it is another now.
pub(super) async fn told(agent: &Agent, chat: ChatId) {
    agent.app.bus.live(Topic::Service(agent.member.service), Live::Panel { chat }).await;
}

/// How to reach a customer: the shop's word, else what agents have noted, else his own (A60).
///
/// # Errors
/// The database's.
pub(super) async fn requester(tx: &mut Tx, chat: ChatId, visitor: VisitorId) -> Result<Contact> {
    let customer = db::visitors::customer(tx, visitor).await?;
    let noted = db::information::noted(tx, chat, visitor).await?.customer;
    let known = |verified: &str, noted: Option<&String>, said: &str| {
        let words = [Some(verified), noted.map(String::as_str), Some(said)];
        words.into_iter().flatten().find(|word| !word.is_empty()).unwrap_or_default().to_owned()
    };
    Ok(Contact {
        name: known(&customer.verified.name, noted.as_ref().map(|n| &n.name), &customer.said.name),
        email: known(&customer.verified.email, noted.as_ref().map(|n| &n.email), &customer.said.email),
        phone: known(&customer.verified.phone, None, &customer.said.phone),
    })
}

/// What the service asks for before a chat ends, with its version.
///
/// # Errors
/// The database's.
pub(super) async fn closing(tx: &mut Tx, agent: &Agent) -> Result<Versioned<Closing>> {
    Ok(settings::versioned(db::settings::find(tx, agent.member.service, Closing::NAME).await?, Closing::default))
}

/// Goes on only when nothing is missing that the service asks for before the end (G30).
///
/// # Errors
/// `Invalid` beside `category`.
pub(super) async fn require_complete(tx: &mut Tx, agent: &Agent, chat: ChatId) -> Result<()> {
    let closing = closing(tx, agent).await?.value;
    match information::missing(closing, db::information::category(tx, chat).await?) {
        Some(Missing::Category) => Err(Error::field("category", Problem::Required)),
        None => Ok(()),
    }
}

fn path(tree: &Tree, id: CategoryId) -> Option<Localized> {
    Some(Localized { ko: tree.path(id, Language::Ko)?, en: tree.path(id, Language::En)? })
}

/// What is stored, under one version: both counts only grow, so their sum names one state
/// of both.
fn versioned(noted: &Noted, first: impl FnOnce() -> Information) -> Versioned<Information> {
    let saves = [noted.customer.as_ref().map(|note| &note.saved), noted.chat.as_ref().map(|note| &note.saved)];
    let last: Option<&Save> = saves.into_iter().flatten().max_by_key(|save| save.at);
    let customer = match &noted.customer {
        Some(note) => Information { name: note.name.clone(), email: note.email.clone(), memo: note.memo.clone(), ..Information::default() },
        None => first(),
    };
    Versioned {
        version: saves.into_iter().flatten().map(|save| save.version).sum(),
        value: Information {
            category: noted.chat.as_ref().and_then(|note| note.category),
            tags: noted.chat.as_ref().map(|note| note.tags.clone()).unwrap_or_default(),
            ..customer
        },
        changed: last.map(|save| (save.by.clone(), save.at)),
    }
}
