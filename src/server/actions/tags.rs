//! 태그: the words that tickets and chats carry, which admins keep.

use super::Agent;
use crate::{
    api::{Problem, tags::TagRow},
    domain::{
        ids::TagId,
        service::Rule,
        ticket::{TAGS_MAX, tag_key, tag_name},
    },
    server::{
        clock::new_id,
        db::{self, Tx, settings::Change, tags::Tag},
        error::{Error, Result},
    },
};

/// All tags of the service, with how many tickets and chats carry each.
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn list(agent: &Agent) -> Result<Vec<TagRow>> {
    agent.require_admin()?;
    let tags = agent.app.db.look(async |tx| db::tags::of_service(tx, agent.member.service).await).await?;
    Ok(rows(tags))
}

/// Makes a tag.
///
/// # Errors
/// `Forbidden`, `Invalid` beside `name`, `Rule(TooMany)`.
pub async fn create(agent: &Agent, raw: &str) -> Result<Vec<TagRow>> {
    edit(agent, async |tx, all: &[Tag]| {
        let name = free(all, None, raw)?;
        if all.len() >= TAGS_MAX {
            return Err(Rule::TooMany { max: TAGS_MAX as u64 }.into());
        }
        db::tags::insert(tx, agent.member.service, TagId(new_id()), &name).await?;
        log(tx, agent, &name, "", &name).await
    })
    .await
}

/// Renames a tag that is still called `was`.
///
/// # Errors
/// As [`create`]; `NotFound`, `Rule(Stale)` when it has another name by now, `Conflict` for
/// the Chat tag.
pub async fn rename(agent: &Agent, id: TagId, was: &str, raw: &str) -> Result<Vec<TagRow>> {
    edit(agent, async |tx, all: &[Tag]| {
        let tag = own(all, id)?;
        if tag.name != was {
            return Err(Rule::Stale.into());
        }
        let name = free(all, Some(id), raw)?;
        if name == tag.name {
            return Ok(());
        }
        db::tags::rename(tx, id, &name).await?;
        log(tx, agent, &tag.name, &tag.name, &name).await
    })
    .await
}

/// Deletes a tag and takes it off the tickets and chats that carry it, of which the admin was
/// told there are so many.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Conflict` for the Chat tag, `Rule(Stale)` when more carry it by
/// now.
pub async fn delete(agent: &Agent, id: TagId, tickets: u64, chats: u64) -> Result<Vec<TagRow>> {
    edit(agent, async |tx, all: &[Tag]| {
        let tag = own(all, id)?;
        if tag.tickets > tickets || tag.chats > chats {
            return Err(Rule::Stale.into());
        }
        db::tags::delete(tx, id).await?;
        log(tx, agent, &tag.name, &tag.name, "").await
    })
    .await
}

/// Changes the tags in one transaction, of which nobody else changes any meanwhile.
async fn edit(agent: &Agent, act: impl AsyncFnOnce(&mut Tx, &[Tag]) -> Result<()>) -> Result<Vec<TagRow>> {
    agent.require_admin()?;
    let service = agent.member.service;
    let tags = agent
        .app
        .db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            // A service of an older program has it from its first change or ticket on.
            db::tags::chat_tag(tx, service).await?;
            let all = db::tags::of_service(tx, service).await?;
            act(tx, &all).await?;
            db::tags::of_service(tx, service).await
        })
        .await?;
    // Beside chats one picks from them.
    agent.settings_changed().await;
    Ok(rows(tags))
}

fn rows(tags: Vec<Tag>) -> Vec<TagRow> {
    tags.into_iter().map(|Tag { id, name, fixed, tickets, chats }| TagRow { id, name, fixed, tickets, chats }).collect()
}

/// A tag that is the admins' to change.
fn own(all: &[Tag], id: TagId) -> Result<&Tag> {
    let tag = all.iter().find(|tag| tag.id == id).ok_or(Error::NotFound)?;
    if tag.fixed { Err(Error::Conflict) } else { Ok(tag) }
}

fn free(all: &[Tag], but: Option<TagId>, raw: &str) -> Result<String> {
    let name = tag_name(raw).map_err(|problem| Error::field("name", problem))?;
    let key = tag_key(&name);
    let taken = all.iter().any(|tag| Some(tag.id) != but && tag_key(&tag.name) == key);
    if taken { Err(Error::field("name", Problem::Taken)) } else { Ok(name) }
}

async fn log(tx: &mut Tx, agent: &Agent, subject: &str, before: &str, after: &str) -> Result<()> {
    let change = Change {
        service: Some(agent.member.service),
        by: agent.account.id,
        at: agent.app.clock.now(),
        kind: "tag",
        subject,
        before: before.to_owned(),
        after: after.to_owned(),
    };
    db::settings::log(tx, &change).await
}
