//! Who a customer is by the shop's word (G20): the keys that a shop signs with, the tokens
//! that it signs, and what its pages tell unsigned.

use super::{Agent, Anyone, Visitor, settings::log};
use crate::{
    api::{
        Problem,
        settings::{IdentityKey, MadeKey},
    },
    domain::{
        customer::{self, CustomerProblem},
        ids::{IdentityKeyId, ServiceId},
        service::Rule,
        time::{HOUR, MINUTE},
    },
    protocol::{Identify, Registered, VisitorData},
    server::{
        clock::new_id,
        db::{self, Tx, identity::Key},
        error::{Error, Result},
        jwt::{self, JwtProblem},
        keys::Purpose,
        secrets,
    },
};

/// Keys of a service: one in use, and one to change over to.
pub const KEYS_MAX: usize = 2;
/// For how long a member's frame speaks for him, in milliseconds.
pub const SESSION_LIFE: i64 = 12 * HOUR;
/// The use of a key is noted at most this often.
const USED_EVERY: i64 = MINUTE;
/// What the log of changes calls a key.
const SUBJECT: &str = "identity key";

// ---- the keys ----

/// The service's keys, without their secrets.
///
/// # Errors
/// The database's.
pub(super) async fn listed(tx: &mut Tx, service: ServiceId) -> Result<Vec<IdentityKey>> {
    let keys = db::identity::keys(tx, service).await?;
    Ok(keys.into_iter().map(|key| IdentityKey { id: key.id, made_at: key.made_at, made_by: key.made_by, used_at: key.used_at }).collect())
}

/// Makes a key and tells its secret, for the only time.
///
/// # Errors
/// `Forbidden` but for an admin, `Rule(TooMany)` for a third one.
pub async fn make_key(agent: &Agent) -> Result<MadeKey> {
    agent.require_admin()?;
    let (app, service) = (&agent.app, agent.member.service);
    let (id, secret, at) = (IdentityKeyId(new_id()), secrets::new_token(), app.clock.now());
    let sealed = app.keys.seal(Purpose::Identity, id.0.as_bytes(), secret.as_bytes())?;
    let keys = app
        .db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            if db::identity::keys(tx, service).await?.len() >= KEYS_MAX {
                return Err(Rule::TooMany { max: KEYS_MAX as u64 }.into());
            }
            db::identity::insert_key(tx, id, service, &sealed, agent.account.id, at).await?;
            log(tx, agent, SUBJECT, String::new(), id.code()).await?;
            listed(tx, service).await
        })
        .await?;
    agent.settings_changed().await;
    Ok(MadeKey { secret, keys })
}

/// Deletes a key: nothing that is signed with it is taken any more, and whoever came by it
/// is out at once.
///
/// # Errors
/// `Forbidden` but for an admin, `NotFound` also for another service's.
pub async fn delete_key(agent: &Agent, id: IdentityKeyId) -> Result<Vec<IdentityKey>> {
    agent.require_admin()?;
    let (app, service) = (&agent.app, agent.member.service);
    let (keys, visitors) = app
        .db
        .write(async |tx| {
            let visitors = db::identity::delete_key(tx, service, id).await?.ok_or(Error::NotFound)?;
            log(tx, agent, SUBJECT, id.code(), String::new()).await?;
            Ok((listed(tx, service).await?, visitors))
        })
        .await?;
    for visitor in visitors {
        app.bus.nudge_visitor(visitor).await;
    }
    agent.settings_changed().await;
    Ok(keys)
}

// ---- the customer ----

/// Takes a shop's signed word for its member and answers a token for this frame alone.
///
/// # Errors
/// `NotFound` for an unknown widget, `TooMany` from one address, `Invalid` beside `token` or
/// the claim that cannot stand.
pub async fn identify(anyone: &Anyone, request: &Identify) -> Result<Registered> {
    let app = &anyone.app;
    app.limits.identify(&anyone.address)?;
    let (service, keys) = app
        .db
        .look(async |tx| {
            let service = db::services::widget(tx, &request.widget).await?.ok_or(Error::NotFound)?.service.id;
            Ok((service, db::identity::keys(tx, service).await?))
        })
        .await?;
    let open = |key: &Key| app.keys.unseal(Purpose::Identity, key.id.0.as_bytes(), &key.secret);
    let secrets = keys.iter().map(open).collect::<anyhow::Result<Vec<_>>>()?;
    let (n, claims) = jwt::claims(&request.token, &secrets).map_err(|problem| {
        let problem = match problem {
            JwtProblem::Malformed => Problem::NotAToken,
            JwtProblem::BadSignature => Problem::BadSignature,
        };
        Error::field("token", problem)
    })?;
    let (key, at) = (keys[n].id, app.clock.now());
    let vouched = customer::vouched(&claims, at).map_err(complaint)?;
    let token = secrets::new_token();
    let hash = secrets::token_hash(&token);
    app.db
        .write(async |tx| {
            if !db::identity::hold_key(tx, key).await? {
                return Err(Error::field("token", Problem::BadSignature));
            }
            db::identity::note_used(tx, key, at, USED_EVERY).await?;
            let visitor = db::visitors::of_member(tx, service, &vouched, &anyone.device, &anyone.address, at).await?;
            db::identity::insert_session(tx, &hash, visitor, key, at.plus(SESSION_LIFE)).await
        })
        .await?;
    Ok(Registered { token })
}

/// Keeps what the host page tells of its visitor. Nobody has signed it, whoever he is.
///
/// # Errors
/// `TooMany`, `Invalid` beside `data` or `data.NAME`; nothing is changed then.
pub async fn tell(visitor: &Visitor, request: &VisitorData) -> Result<()> {
    let app = &visitor.app;
    app.limits.visitor_send(visitor.id)?;
    app.db
        .write(async |tx| {
            db::visitors::lock(tx, visitor.id).await?;
            let before = db::visitors::customer(tx, visitor.id).await?.data;
            let data = customer::merged(before.clone(), &request.data).map_err(complaint)?;
            if data == before { Ok(()) } else { db::visitors::set_data(tx, visitor.id, &data).await }
        })
        .await
}

fn complaint((field, problem): customer::Wrong) -> Error {
    let problem = match problem {
        CustomerProblem::Missing => Problem::Required,
        CustomerProblem::TooLong => Problem::TooLong,
        CustomerProblem::OutOfRange => Problem::OutOfRange,
        CustomerProblem::Expired => Problem::Expired,
        CustomerProblem::NotFlat => Problem::NotFlat,
        CustomerProblem::TooMany => Problem::TooMany,
    };
    Error::field(&field, problem)
}
