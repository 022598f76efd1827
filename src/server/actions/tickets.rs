//! Tickets of chats: made at 상담 시작 (A42, G1) or by hand (A56), and what is done to them.
//!
//! Who has the ticket right reads and changes all tickets of the service; who sees a chat
//! reads its tickets. A ticket is nobody's who lacks the right.

use super::{Agent, information, routing, settings};
use crate::{
    api::{
        FieldError, Problem,
        settings::{Saved, Versioned},
        tickets::{AssignPage, Assignable, TagName, TicketCard, TicketPage},
    },
    domain::{
        chat::Chat,
        contact::Contact,
        ids::{AccountId, ChatId, ClientId, ServiceId, TagId, TicketId},
        permission::{Right, Role},
        service::Rule,
        text,
        ticket::{self, Assign, Change, Fields, Logged, Priority, Status, Step, TICKETS_MAX},
        time::Timestamp,
    },
    i18n::Texts,
    server::{
        clock::new_id,
        db::{self, Tx, events::Growth, tickets::Ticket},
        error::{Error, Result},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// Entries of a ticket's log that are shown.
const LOG: u32 = 100;
/// The most of a page's title in a subject, in characters.
const TITLE_MAX: usize = 60;

// ---- what chats do to their tickets ----

/// Makes and moves tickets as the chats go, in the transaction that stores their events. Its
/// locks are those that the events take next, in their order.
///
/// # Errors
/// The database's.
pub async fn follow(tx: &mut Tx, grown: &[Growth]) -> Result<()> {
    let steps: Vec<(&Growth, Step)> =
        grown.iter().flat_map(|growth| growth.events.iter().filter_map(move |(event, _)| Some((growth, ticket::step(event)?)))).collect();
    if steps.is_empty() {
        return Ok(());
    }
    let services: BTreeSet<ServiceId> = grown.iter().map(|growth| growth.chat.service).collect();
    for service in services {
        db::services::lock(tx, service).await?;
    }
    let mut assignable: BTreeMap<ServiceId, BTreeSet<AccountId>> = BTreeMap::new();
    for service in steps.iter().map(|(growth, _)| growth.chat.service).collect::<BTreeSet<_>>() {
        let who = db::tickets::assignable(tx, service).await?;
        assignable.insert(service, who.into_iter().map(|(account, _)| account).collect());
    }
    for (Growth { chat, at, .. }, step) in steps {
        let may_have = |agent| assignable.get(&chat.service).is_some_and(|who| who.contains(&agent));
        match step {
            Step::Begins(agent) => {
                if routing::times(tx, chat.service).await?.ticket_on_start {
                    begin(tx, chat, agent, may_have, *at).await?;
                }
            }
            Step::Goes(agent) => go(tx, chat.id, agent, may_have, *at).await?,
        }
    }
    Ok(())
}

async fn begin(tx: &mut Tx, chat: &Chat, agent: AccountId, may_have: impl Fn(AccountId) -> bool, at: Timestamp) -> Result<()> {
    let assign = db::tickets::assign(tx, chat.service, agent).await?;
    let assignee = assign.of(agent, may_have);
    let fields = Fields {
        subject: subject(tx, chat).await?,
        description: String::new(),
        status: Status::New.with(assignee),
        priority: Priority::default(),
        assignee,
        tags: BTreeSet::new(),
    };
    make(tx, chat, None, fields, assign == Assign::Me, None, at).await?;
    Ok(())
}

/// The ticket that follows the chat goes to who has it now, while there is something to do.
async fn go(tx: &mut Tx, chat: ChatId, agent: AccountId, may_have: impl Fn(AccountId) -> bool, at: Timestamp) -> Result<()> {
    let to = may_have(agent).then_some(agent);
    for mut ticket in db::tickets::of_chat(tx, chat).await? {
        if !ticket.follows || !ticket.fields.status.is_open() || ticket.fields.assignee == to {
            continue;
        }
        let before = ticket.fields.clone();
        ticket.fields.assignee = to;
        ticket.fields.status = before.status.with(to);
        ticket.version += 1;
        db::tickets::update(tx, &ticket).await?;
        db::tickets::log(tx, ticket.id, None, at, &ticket::changes(&before, &ticket.fields, |_| String::new())).await?;
    }
    Ok(())
}

/// Stores a ticket of a chat with the next number and the Chat tag. The service must be
/// locked.
async fn make(
    tx: &mut Tx,
    chat: &Chat,
    client_id: Option<ClientId>,
    mut fields: Fields,
    follows: bool,
    by: Option<AccountId>,
    at: Timestamp,
) -> Result<TicketId> {
    fields.tags.insert(db::tags::chat_tag(tx, chat.service).await?);
    let id = TicketId(new_id());
    let ticket = Ticket {
        id,
        service: chat.service,
        number: db::tickets::next_number(tx, chat.service).await?,
        client_id,
        fields,
        follows,
        chat: chat.id,
        visitor: chat.visitor,
        created_at: at,
        version: 1,
    };
    db::tickets::insert(tx, &ticket).await?;
    db::tickets::log(tx, id, by, at, &[Change::Made]).await?;
    Ok(id)
}

/// "채팅 상담 · 고객 8F2C · 배송조회", in the service's first language: never a word of the
/// customer's (G1).
async fn subject(tx: &mut Tx, chat: &Chat) -> Result<String> {
    let service = db::services::find(tx, chat.service).await?.ok_or(Error::NotFound)?;
    let t = Texts::of(service.languages.first().copied().unwrap_or_default());
    let title = text::line(&db::chats::page(tx, chat.id).await?.title, TITLE_MAX);
    let subject = t.tickets_subject(chat.visitor.code());
    Ok(if title.is_empty() { subject } else { format!("{subject} · {title}") })
}

// ---- what people do ----

/// With what a new ticket of a chat begins.
///
/// # Errors
/// `Forbidden` without the ticket right, `NotFound` for a chat that the agent may not see.
pub async fn blank(agent: &Agent, chat: ChatId) -> Result<TicketPage> {
    agent.require(Right::Ticket)?;
    let me = agent.member.account;
    agent
        .app
        .db
        .read(async |tx| {
            let chat = information::seen(tx, agent, chat).await?;
            let offers = Offers::read(tx, agent).await?;
            let assignee = db::tickets::assign(tx, chat.service, me).await?.of(me, |agent| offers.may_have(agent));
            let fields = Fields {
                subject: subject(tx, &chat).await?,
                description: String::new(),
                status: Status::New.with(assignee),
                priority: Priority::default(),
                assignee,
                tags: offers.tags.iter().filter(|tag| tag.fixed).map(|tag| tag.id).collect(),
            };
            let requester = information::requester(tx, chat.id, chat.visitor).await?;
            let fields = Versioned { version: 0, value: fields, changed: None };
            Ok(offers.page(agent, fields, requester, chat.visitor.code()))
        })
        .await
}

/// 티켓 만들기. A request that is repeated with the same id finds the ticket that it made.
///
/// # Errors
/// `Forbidden` without the ticket right, `NotFound`, `Invalid` beside each field,
/// `Rule(TooMany)`.
pub async fn create(agent: &Agent, chat: ChatId, client_id: ClientId, fields: Fields) -> Result<TicketPage> {
    agent.require(Right::Ticket)?;
    let fields = checked(fields)?;
    let (at, me) = (agent.app.clock.now(), agent.member.account);
    let id = agent
        .app
        .db
        .write(async |tx| {
            information::seen(tx, agent, chat).await?;
            let chat = db::chats::lock(tx, &[chat]).await?.pop().ok_or(Error::NotFound)?;
            db::services::lock(tx, chat.service).await?;
            let there = db::tickets::of_chat(tx, chat.id).await?;
            if let Some(made) = there.iter().find(|ticket| ticket.client_id == Some(client_id)) {
                return Ok(made.id);
            }
            if there.len() >= TICKETS_MAX {
                return Err(Rule::TooMany { max: TICKETS_MAX as u64 }.into());
            }
            let fields = Offers::read(tx, agent).await?.allow(None, fields, agent)?;
            make(tx, &chat, Some(client_id), fields, false, Some(me), at).await
        })
        .await?;
    information::told(agent, chat).await;
    load(agent, id).await
}

/// A ticket.
///
/// # Errors
/// `NotFound` for what the agent may not see.
pub async fn load(agent: &Agent, id: TicketId) -> Result<TicketPage> {
    agent.app.db.read(async |tx| page(tx, agent, id).await).await
}

/// Saves a ticket over a version. Who names another assignee takes it off the chat's path.
///
/// # Errors
/// `Forbidden` without the ticket right, `NotFound`, `Invalid` beside each field.
pub async fn save(agent: &Agent, id: TicketId, over: u64, fields: Fields) -> Result<Saved<TicketPage>> {
    agent.require(Right::Ticket)?;
    let fields = checked(fields)?;
    let (at, me, service) = (agent.app.clock.now(), agent.member.account, agent.member.service);
    let (done, chat) = agent
        .app
        .db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            let mut ticket = found(tx, agent, id).await?;
            if ticket.version != over {
                return Ok((false, ticket.chat));
            }
            let offers = Offers::read(tx, agent).await?;
            let fields = offers.allow(Some(&ticket.fields), fields, agent)?;
            let changes = ticket::changes(&ticket.fields, &fields, |id| offers.name_of(id));
            if changes.is_empty() {
                return Ok((true, ticket.chat));
            }
            ticket.follows &= fields.assignee == ticket.fields.assignee;
            ticket.fields = fields;
            ticket.version += 1;
            db::tickets::update(tx, &ticket).await?;
            db::tickets::log(tx, id, Some(me), at, &changes).await?;
            Ok((true, ticket.chat))
        })
        .await?;
    if done {
        information::told(agent, chat).await;
    }
    Ok(settings::saved(done, load(agent, id).await?))
}

/// To whom the tickets of the agent's own chats go (A83, A84).
///
/// # Errors
/// `Forbidden` without the chat right.
pub async fn assign(agent: &Agent) -> Result<AssignPage> {
    agent.require(Right::Chat)?;
    let (service, me) = (agent.member.service, agent.member.account);
    agent
        .app
        .db
        .read(async |tx| {
            let all = db::tickets::assignable(tx, service).await?;
            let value = db::tickets::assign(tx, service, me).await?;
            let agents = all.into_iter().filter(|(account, _)| *account != me);
            Ok(AssignPage {
                value,
                agents: agents.map(|(account, name)| Assignable { account, name }).collect(),
                may_have: agent.member.has(Right::Ticket),
            })
        })
        .await
}

/// Sets it.
///
/// # Errors
/// `Forbidden` without the chat right, `Invalid` beside `agent`.
pub async fn set_assign(agent: &Agent, value: Assign) -> Result<AssignPage> {
    agent.require(Right::Chat)?;
    let (service, me) = (agent.member.service, agent.member.account);
    agent
        .app
        .db
        .write(async |tx| {
            if let Assign::Agent(to) = value
                && !db::tickets::assignable(tx, service).await?.iter().any(|(account, _)| *account == to)
            {
                return Err(Error::field("agent", Problem::Changed));
            }
            db::tickets::set_assign(tx, service, me, value).await
        })
        .await?;
    assign(agent).await
}

/// A chat's tickets in one glance, the newest first.
///
/// # Errors
/// The database's.
pub(super) async fn cards(tx: &mut Tx, chat: ChatId) -> Result<Vec<TicketCard>> {
    let tickets = db::tickets::of_chat(tx, chat).await?;
    let card = |ticket: Ticket| TicketCard {
        id: ticket.id,
        number: ticket.number,
        subject: ticket.fields.subject,
        status: ticket.fields.status,
        priority: ticket.fields.priority,
        assignee: ticket.fields.assignee,
    };
    Ok(tickets.into_iter().rev().map(card).collect())
}

/// The service's tags, from which one picks.
///
/// # Errors
/// The database's.
pub(super) async fn tags(tx: &mut Tx, service: ServiceId) -> Result<Vec<TagName>> {
    let tags = db::tags::of_service(tx, service).await?;
    Ok(tags.into_iter().map(|tag| TagName { id: tag.id, name: tag.name, fixed: tag.fixed }).collect())
}

/// Brings these tickets of a chat to 해결; what is solved or over already stays as it is. The
/// chat and the service must be locked.
///
/// # Errors
/// `Forbidden` without the ticket right, `Invalid` beside `tickets` for any that is not the
/// chat's.
pub(super) async fn solve(tx: &mut Tx, agent: &Agent, chat: ChatId, wanted: &BTreeSet<TicketId>, at: Timestamp) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    agent.require(Right::Ticket)?;
    let there = db::tickets::of_chat(tx, chat).await?;
    if !wanted.iter().all(|id| there.iter().any(|ticket| ticket.id == *id)) {
        return Err(Error::field("tickets", Problem::Changed));
    }
    for mut ticket in there.into_iter().filter(|ticket| wanted.contains(&ticket.id) && ticket.fields.status.is_open()) {
        let before = ticket.fields.clone();
        ticket.fields.status = Status::Solved;
        ticket.version += 1;
        db::tickets::update(tx, &ticket).await?;
        let changes = ticket::changes(&before, &ticket.fields, |_| String::new());
        db::tickets::log(tx, ticket.id, Some(agent.member.account), at, &changes).await?;
    }
    Ok(())
}

/// The ticket, if this agent may read it.
async fn found(tx: &mut Tx, agent: &Agent, id: TicketId) -> Result<Ticket> {
    let ticket = db::tickets::find(tx, id).await?.filter(|t| t.service == agent.member.service).ok_or(Error::NotFound)?;
    if !agent.member.has(Right::Ticket) {
        information::seen(tx, agent, ticket.chat).await.map_err(|_| Error::NotFound)?;
    }
    Ok(ticket)
}

async fn page(tx: &mut Tx, agent: &Agent, id: TicketId) -> Result<TicketPage> {
    let ticket = found(tx, agent, id).await?;
    let offers = Offers::read(tx, agent).await?;
    let log = db::tickets::logged(tx, id, LOG).await?;
    let requester = information::requester(tx, ticket.chat, ticket.visitor).await?;
    let changed = match log.first() {
        Some(Logged { at, by: Some(by), .. }) => db::accounts::find(tx, *by).await?.map(|account| (account.name, *at)),
        _ => None,
    };
    let closed = ticket.fields.status == Status::Closed;
    let fields = Versioned { version: ticket.version, value: ticket.fields, changed };
    let page = offers.page(agent, fields, requester, ticket.visitor.code());
    Ok(TicketPage {
        ticket: Some((ticket.id, ticket.number)),
        made_at: Some(ticket.created_at),
        automatic: ticket.client_id.is_none(),
        log,
        may_edit: page.may_edit && !closed,
        ..page
    })
}

/// What a ticket's form offers.
struct Offers {
    tags: Vec<TagName>,
    assignable: Vec<Assignable>,
}

impl Offers {
    async fn read(tx: &mut Tx, agent: &Agent) -> Result<Self> {
        let service = agent.member.service;
        let assignable = db::tickets::assignable(tx, service).await?;
        Ok(Self {
            tags: tags(tx, service).await?,
            assignable: assignable.into_iter().map(|(account, name)| Assignable { account, name }).collect(),
        })
    }

    fn may_have(&self, agent: AccountId) -> bool {
        self.assignable.iter().any(|one| one.account == agent)
    }

    fn name_of(&self, id: TagId) -> String {
        self.tags.iter().find(|tag| tag.id == id).map(|tag| tag.name.clone()).unwrap_or_default()
    }

    /// What is asked for, if it is allowed: an assignee with the right (or who has it already),
    /// a step that the status can take, tags that are there, and always the Chat tag.
    fn allow(&self, before: Option<&Fields>, mut fields: Fields, agent: &Agent) -> Result<Fields> {
        let had = before.and_then(|before| before.assignee);
        if let Some(to) = fields.assignee
            && had != Some(to)
            && !self.may_have(to)
        {
            return Err(Error::field("assignee", Problem::Changed));
        }
        let admin = agent.member.role == Role::Admin;
        let possible = before.is_none_or(|before| before.status.may_become(fields.status, admin) || before.status == fields.status);
        let over = before.is_some_and(|before| before.status == Status::Closed) || (before.is_none() && fields.status == Status::Closed);
        if !possible || over {
            return Err(Error::field("status", Problem::OutOfRange));
        }
        fields.tags.retain(|id| self.tags.iter().any(|tag| tag.id == *id));
        fields.tags.extend(self.tags.iter().filter(|tag| tag.fixed).map(|tag| tag.id));
        Ok(fields)
    }

    fn page(self, agent: &Agent, fields: Versioned<Fields>, requester: Contact, code: String) -> TicketPage {
        TicketPage {
            ticket: None,
            fields,
            requester,
            code,
            made_at: None,
            automatic: false,
            log: Vec::new(),
            tags: self.tags,
            assignable: self.assignable,
            may_edit: agent.member.has(Right::Ticket),
            may_close: agent.member.role == Role::Admin,
        }
    }
}

fn checked(fields: Fields) -> Result<Fields> {
    fields.checked().map_err(|wrong| Error::Invalid(wrong.into_iter().map(FieldError::from).collect()))
}
