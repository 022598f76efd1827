//! An agent's status (A20, A22), and the line that says whether he is there (G12).

use super::Agent;
use crate::{
    domain::{
        ids::{AccountId, ServiceId},
        permission::{Member, Right},
        presence::{AWAY, GRACE, LEASE, Status, on_arrival},
    },
    server::{db, error::Result, state::App},
};
use uuid::Uuid;

/// Sets the agent's own status; his other pages and every customer's door learn of it.
///
/// # Errors
/// `Forbidden` without the chat right.
pub async fn set_status(agent: &Agent, status: Status) -> Result<Status> {
    agent.require(Right::Chat)?;
    let (app, service, account) = (&agent.app, agent.member.service, agent.account.id);
    let at = app.clock.now();
    if app.db.write(async |tx| db::presence::set_status(tx, service, account, status, at).await).await? {
        app.bus.nudge_account(account).await;
        app.bus.nudge_door(service).await;
    }
    Ok(status)
}

/// A new sign-in begins 오프라인 (G12), unless a console of the same account is open.
///
/// # Errors
/// The database's.
pub(super) async fn begin(app: &App, account: AccountId) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            for member in db::members::memberships(tx, account).await? {
                let last = db::presence::lease_until(tx, member.service, account).await?;
                if last.is_none_or(|until| until <= now) {
                    db::presence::set_status(tx, member.service, account, Status::Offline, now).await?;
                }
            }
            Ok(())
        })
        .await
}

/// A console was opened: begins its lease, and answers the status with which the agent
/// goes on. Who was away for long begins 오프라인 (G12).
///
/// # Errors
/// The database's.
pub async fn arrive(app: &App, lease: Uuid, member: &Member) -> Result<Status> {
    let (service, account, now) = (member.service, member.account, app.clock.now());
    let status = app
        .db
        .write(async |tx| {
            let before = db::presence::status(tx, service, account).await?;
            let last = db::presence::lease_until(tx, service, account).await?;
            let status = on_arrival(before, last, now);
            db::presence::set_status(tx, service, account, status, now).await?;
            db::presence::forget_leases(tx, service, account, now.plus(-AWAY)).await?;
            db::presence::lease(tx, lease, service, account, now.plus(LEASE)).await?;
            Ok(status)
        })
        .await?;
    app.bus.nudge_door(service).await;
    Ok(status)
}

/// The console was heard from.
///
/// # Errors
/// The database's.
pub async fn renew(app: &App, lease: Uuid, member: &Member) -> Result<()> {
    let until = app.clock.now().plus(LEASE);
    app.db.write(async |tx| db::presence::lease(tx, lease, member.service, member.account, until).await).await
}

/// The console's line was closed; a page that loads again is back soon.
///
/// # Errors
/// The database's.
pub async fn leave(app: &App, lease: Uuid, service: ServiceId, account: AccountId, for_good: bool) -> Result<()> {
    let until = app.clock.now().plus(if for_good { 0 } else { GRACE });
    app.db.write(async |tx| db::presence::lease(tx, lease, service, account, until).await).await?;
    app.bus.nudge_door(service).await;
    Ok(())
}
