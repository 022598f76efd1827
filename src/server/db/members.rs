//! Members of services: what an account is, and may, in each of them.

use super::{Tx, damaged, on};
use crate::{
    domain::{
        ids::{AccountId, QueueId, ServiceId},
        permission::{Allocation, Member, Profile, Right, Role},
    },
    protocol::Colleague,
    server::error::{Error, Result},
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Makes an account a member with these rights.
pub async fn insert(tx: &mut Tx, member: &Member) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO member (service_id, account_id, role) VALUES ($1, $2, $3)")
        .bind(member.service.0)
        .bind(member.account.0)
        .bind(member.role.code())
        .execute(c)
        .await
        .map(drop))?;
    insert_rights(tx, member.service, member.account, &member.rights).await
}

async fn insert_rights(tx: &mut Tx, service: ServiceId, account: AccountId, rights: &BTreeSet<Right>) -> Result<()> {
    for right in rights {
        on!(tx, |c| sqlx::query("INSERT INTO member_right (service_id, account_id, code) VALUES ($1, $2, $3)")
            .bind(service.0)
            .bind(account.0)
            .bind(right.code())
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    service_id: Uuid,
    role: String,
    code: Option<String>,
}

/// What an account is in each of its services, the oldest service first.
pub async fn memberships(tx: &mut Tx, account: AccountId) -> Result<Vec<Member>> {
    let rows: Vec<MemberRow> = on!(tx, |c| sqlx::query_as(
        "SELECT m.service_id, m.role, r.code
         FROM member m
         JOIN service s ON s.id = m.service_id
         LEFT JOIN member_right r ON r.service_id = m.service_id AND r.account_id = m.account_id
         WHERE m.account_id = $1 ORDER BY s.created_at, s.id"
    )
    .bind(account.0)
    .fetch_all(c)
    .await)?;
    let mut members: Vec<Member> = Vec::new();
    for row in rows {
        let service = ServiceId(row.service_id);
        if members.last().is_none_or(|m| m.service != service) {
            let role = Role::parse(&row.role).ok_or_else(|| damaged("role"))?;
            members.push(Member { account, service, role, rights: BTreeSet::new(), queues: BTreeSet::new() });
        }
        // A right that this version does not know gives nothing.
        if let (Some(member), Some(right)) = (members.last_mut(), row.code.as_deref().and_then(Right::parse)) {
            member.rights.insert(right);
        }
    }
    let seats: Vec<(Uuid, Uuid)> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT q.service_id, q.id FROM queue_member s JOIN queue q ON q.id = s.queue_id WHERE s.account_id = $1 AND q.deleted_at IS NULL"
    )
    .bind(account.0)
    .fetch_all(c)
    .await
    })?;
    for (service, queue) in seats {
        if let Some(member) = members.iter_mut().find(|m| m.service.0 == service) {
            member.queues.insert(QueueId(queue));
        }
    }
    Ok(members)
}

/// Everybody who ever worked in the service, for the names beside messages.
pub async fn colleagues(tx: &mut Tx, service: ServiceId) -> Result<Vec<Colleague>> {
    let rows: Vec<(Uuid, String, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT a.id, a.name, m.nickname FROM member m JOIN account a ON a.id = m.account_id WHERE m.service_id = $1 ORDER BY a.id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, name, nickname)| Colleague { account: AccountId(id), name, nickname }).collect())
}

/// The name that customers see of this member; empty: the service's.
pub async fn nickname(tx: &mut Tx, service: ServiceId, account: AccountId) -> Result<String> {
    let nickname: Option<String> =
        on!(tx, |c| sqlx::query_scalar("SELECT nickname FROM member WHERE service_id = $1 AND account_id = $2")
            .bind(service.0)
            .bind(account.0)
            .fetch_optional(c)
            .await)?;
    Ok(nickname.unwrap_or_default())
}

/// The nicknames of those of these members who have one.
///
/// # Errors
/// The database's.
pub async fn nicknames(tx: &mut Tx, members: &BTreeSet<(ServiceId, AccountId)>) -> Result<Vec<(ServiceId, AccountId, String)>> {
    let rows: Vec<(Uuid, Uuid, String)> = on!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new("WITH wanted (service, account) AS (");
        query.push_values(members, |mut row, (service, account)| {
            row.push_bind(service.0).push_bind(account.0);
        });
        query.push(
            ") SELECT m.service_id, m.account_id, m.nickname
             FROM wanted w JOIN member m ON m.service_id = w.service AND m.account_id = w.account WHERE m.nickname <> ''",
        );
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(|(service, account, nickname)| (ServiceId(service), AccountId(account), nickname)).collect())
}

/// A member as 서비스 관리 knows him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub account: AccountId,
    pub name: String,
    pub email: String,
    /// 조직관리자
    pub owner: bool,
    pub deactivated: bool,
    pub profile: Profile,
    pub allocation: Allocation,
}

#[derive(sqlx::FromRow)]
struct StaffRow {
    account_id: Uuid,
    name: String,
    email: String,
    owner: bool,
    deactivated_at: Option<i64>,
    role: String,
    nickname: String,
    chats_at_once: i64,
    allocation: bool,
    own_allocation: bool,
}

impl TryFrom<StaffRow> for Staff {
    type Error = Error;

    fn try_from(row: StaffRow) -> Result<Self> {
        Ok(Self {
            account: AccountId(row.account_id),
            name: row.name,
            email: row.email,
            owner: row.owner,
            deactivated: row.deactivated_at.is_some(),
            profile: Profile {
                role: Role::parse(&row.role).ok_or_else(|| damaged("role"))?,
                rights: BTreeSet::new(),
                nickname: row.nickname,
                chats_at_once: u8::try_from(row.chats_at_once).map_err(|_| damaged("chats at once"))?,
            },
            allocation: Allocation { on: row.allocation, own: row.own_allocation },
        })
    }
}

/// All members of a service, in the order of their making.
pub async fn staff(tx: &mut Tx, service: ServiceId) -> Result<Vec<Staff>> {
    let rows: Vec<StaffRow> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT m.account_id, a.name, a.email, a.owner, a.deactivated_at, m.role, m.nickname, m.chats_at_once, m.allocation, m.own_allocation
         FROM member m JOIN account a ON a.id = m.account_id WHERE m.service_id = $1 ORDER BY a.created_at, a.id"
    )
    .bind(service.0)
    .fetch_all(c)
    .await
    })?;
    let rights: Vec<(Uuid, String)> =
        on!(tx, |c| sqlx::query_as("SELECT account_id, code FROM member_right WHERE service_id = $1").bind(service.0).fetch_all(c).await)?;
    let mut staff = rows.into_iter().map(Staff::try_from).collect::<Result<Vec<_>>>()?;
    let places: HashMap<AccountId, usize> = staff.iter().enumerate().map(|(n, s)| (s.account, n)).collect();
    for (account, code) in rights {
        if let (Some(place), Some(right)) = (places.get(&AccountId(account)), Right::parse(&code)) {
            staff[*place].profile.rights.insert(right);
        }
    }
    Ok(staff)
}

/// Sets what an admin sets about a member.
pub async fn set_profile(tx: &mut Tx, service: ServiceId, account: AccountId, profile: &Profile) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE member SET role = $3, nickname = $4, chats_at_once = $5 WHERE service_id = $1 AND account_id = $2")
        .bind(service.0)
        .bind(account.0)
        .bind(profile.role.code())
        .bind(&profile.nickname)
        .bind(i64::from(profile.chats_at_once))
        .execute(c)
        .await
        .map(drop))?;
    on!(tx, |c| sqlx::query("DELETE FROM member_right WHERE service_id = $1 AND account_id = $2")
        .bind(service.0)
        .bind(account.0)
        .execute(c)
        .await
        .map(drop))?;
    insert_rights(tx, service, account, &profile.rights).await
}

/// Sets a member's switches of 할당 제어.
pub async fn set_allocation(tx: &mut Tx, service: ServiceId, account: AccountId, allocation: Allocation) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE member SET allocation = $3, own_allocation = $4 WHERE service_id = $1 AND account_id = $2")
        .bind(service.0)
        .bind(account.0)
        .bind(allocation.on)
        .bind(allocation.own)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
