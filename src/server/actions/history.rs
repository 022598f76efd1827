//! 채팅기록 (A62d). Who has 현황·통계 reads all that has ended in the service, everybody else
//! with the chat right what he has taken part in himself (G32).

use super::Agent;
use crate::{
    api::{
        Problem,
        history::{History, Wanted},
    },
    domain::{chat::Chat, ids::ChatId, permission::Right, text, time::Timestamp},
    server::{
        db::{self, Tx, history::Filter},
        error::{Error, Result},
    },
};
use jiff::{civil::Date, tz::TimeZone};
use uuid::Uuid;

/// Chats of one page.
const PAGE: usize = 30;
/// The longest part of a customer's name that is looked for, in characters.
const CUSTOMER_MAX: usize = 100;

/// Ended chats, the newest first.
///
/// # Errors
/// `Forbidden`, `Invalid` beside `from`, `to`.
pub async fn list(agent: &Agent, wanted: Wanted) -> Result<History> {
    let all = agent.member.has(Right::Oversight);
    if !all {
        agent.require(Right::Chat)?;
    }
    let (service, me) = (agent.member.service, agent.member.account);
    agent
        .app
        .db
        .read(async |tx| {
            let zone = db::services::find(tx, service).await?.ok_or(Error::NotFound)?.zone;
            let filter = Filter {
                service,
                taken_part: if all { None } else { Some(me) },
                customer: text::line(&wanted.customer, CUSTOMER_MAX),
                agent: wanted.agent,
                queue: wanted.queue,
                from: day(&wanted.from, &zone, "from")?.map_or(Timestamp(0), |(begins, _)| begins),
                to: day(&wanted.to, &zone, "to")?.map_or(Timestamp(i64::MAX), |(_, ends)| ends),
                after: wanted.after.unwrap_or((Timestamp(i64::MAX), ChatId(Uuid::max()))),
            };
            let mut rows = db::history::ended(tx, &filter, PAGE + 1).await?;
            let more = rows.len() > PAGE;
            rows.truncate(PAGE);
            Ok(History { rows, more })
        })
        .await
}

/// When a day of this zone begins and ends; none: no day was named.
fn day(raw: &str, zone: &str, field: &str) -> Result<Option<(Timestamp, Timestamp)>> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Ok(None);
    }
    let zone = TimeZone::get(zone).map_err(|error| Error::Internal(error.into()))?;
    let wrong = || Error::field(field, Problem::NotATime);
    let date: Date = raw.parse().map_err(|_| wrong())?;
    let at = |date: Date| date.to_zoned(zone.clone()).map(|begin| Timestamp(begin.timestamp().as_millisecond())).map_err(|_| wrong());
    // Not every day has 24 hours.
    Ok(Some((at(date)?, at(date.tomorrow().map_err(|_| wrong())?)?)))
}

/// An ended chat that this agent has taken part in, though it was not his at its beginning.
///
/// # Errors
/// `NotFound`.
pub(super) async fn read(tx: &mut Tx, agent: &Agent, chat: Option<Chat>) -> Result<Chat> {
    let chat = chat.filter(|chat| chat.service == agent.member.service).ok_or(Error::NotFound)?;
    if agent.member.sees(&chat) {
        return Ok(chat);
    }
    let his = chat.is_ended() && agent.member.has(Right::Chat) && db::history::took_part(tx, chat.id, agent.member.account).await?;
    if his { Ok(chat) } else { Err(Error::NotFound) }
}
