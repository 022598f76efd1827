//! Ended chats (채팅기록).

use super::{Tx, chats::parse_ended_by, damaged, on};
use crate::{
    api::history::HistoryRow,
    domain::{
        ids::{AccountId, ChatId, QueueId, ServiceId, VisitorId},
        time::Timestamp,
    },
    server::error::{Error, Result},
};
use uuid::Uuid;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Filter {
    pub service: ServiceId,
    /// Only what this agent has taken part in.
    pub taken_part: Option<AccountId>,
    /// Part of who the customer is; empty: anybody.
    pub customer: String,
    pub agent: Option<AccountId>,
    pub queue: Option<QueueId>,
    /// Ended from here on, and before `to`.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Older than this one.
    pub after: (Timestamp, ChatId),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    visitor_id: Uuid,
    member: Option<String>,
    verified_name: String,
    name: String,
    queue_id: Uuid,
    agent: Option<Uuid>,
    intake_at: i64,
    state_at: i64,
    cause: Option<String>,
    handled: bool,
}

impl TryFrom<Row> for HistoryRow {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            chat: ChatId(row.id),
            code: VisitorId(row.visitor_id).code(),
            member: row.member,
            name: if row.verified_name.is_empty() { row.name } else { row.verified_name },
            queue: QueueId(row.queue_id),
            agent: row.agent.map(AccountId),
            intake_at: Timestamp(row.intake_at),
            ended_at: Timestamp(row.state_at),
            ended_by: row.cause.as_deref().and_then(parse_ended_by).ok_or_else(|| damaged("end"))?,
            handled: row.handled,
        })
    }
}

/// By what an agent takes part in a chat.
const PART: &str = "('message', 'started', 'resumed', 'continued', 'joined')";

/// The newest of the ended chats that are looked for, at most `limit`.
///
/// # Errors
/// The database's.
pub async fn ended(tx: &mut Tx, filter: &Filter, limit: usize) -> Result<Vec<HistoryRow>> {
    // The code of a customer is the end of his id, which the two databases write differently.
    let id_text = match tx {
        Tx::Sqlite(_) => "LOWER(HEX(v.id))",
        Tx::Postgres(_) => "REPLACE(CAST(v.id AS TEXT), '-', '')",
    };
    // What LIKE would read as a pattern is text.
    let plain = filter.customer.trim().to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let part = |query: &str| format!("{query} AND e.kind IN {PART} AND e.agent_id = ");
    let rows: Vec<Row> = on!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT c.id, c.visitor_id, v.member, v.verified_name, v.name, c.queue_id, c.intake_at, c.state_at, c.cause,
                    (c.started_at IS NOT NULL AND c.agent_messages > 0) AS handled,
                    (SELECT COALESCE(e.other_id, e.agent_id) FROM chat_event e WHERE e.chat_id = c.id
                       AND e.kind IN ('started', 'resumed', 'returned', 'handed_over', 'continued') ORDER BY e.seq DESC LIMIT 1) AS agent
             FROM chat c JOIN visitor v ON v.id = c.visitor_id WHERE c.state = 'ended' AND c.service_id = ",
        );
        query.push_bind(filter.service.0);
        query.push(" AND c.state_at >= ").push_bind(filter.from.0).push(" AND c.state_at < ").push_bind(filter.to.0);
        query.push(" AND (c.state_at < ").push_bind(filter.after.0.0);
        query.push(" OR (c.state_at = ").push_bind(filter.after.0.0).push(" AND c.id < ").push_bind(filter.after.1.0).push("))");
        for agent in filter.agent.into_iter().chain(filter.taken_part) {
            query.push(part(" AND EXISTS (SELECT 1 FROM chat_event e WHERE e.chat_id = c.id")).push_bind(agent.0).push(")");
        }
        if let Some(queue) = filter.queue {
            query.push(" AND c.queue_id = ").push_bind(queue.0);
        }
        if !plain.is_empty() {
            let within = format!("%{plain}%");
            query.push(format!(" AND ({id_text} LIKE ")).push_bind(format!("%{plain}"));
            for column in ["v.name", "v.verified_name", "v.email", "v.verified_email", "COALESCE(v.member, '')"] {
                query.push(format!(" OR LOWER({column}) LIKE ")).push_bind(within.clone()).push(" ESCAPE '\\'");
            }
            query.push(")");
        }
        query.push(" ORDER BY c.state_at DESC, c.id DESC LIMIT ").push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
        query.build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(HistoryRow::try_from).collect()
}

/// Whether an agent has taken part in a chat.
///
/// # Errors
/// The database's.
pub async fn took_part(tx: &mut Tx, chat: ChatId, account: AccountId) -> Result<bool> {
    let found: i64 = on!(tx, |c| {
        sqlx::query_scalar(
        "SELECT COUNT(*) FROM chat_event WHERE chat_id = $1 AND agent_id = $2 AND kind IN ('message', 'started', 'resumed', 'continued', 'joined')"
    )
    .bind(chat.0)
    .bind(account.0)
    .fetch_one(c)
    .await
    })?;
    Ok(found > 0)
}
