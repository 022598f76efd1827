//! 채팅화면 삽입 코드 (A18, G31): where the widget stands, for whom, and how it looks.

use super::{
    Agent,
    accounts::origin,
    identity,
    settings::{json, log, save, saved, versioned},
};
use crate::{
    api::{
        FieldError, Problem,
        settings::{Saved, Versioned, WidgetPage},
    },
    domain::{
        ids::ServiceId,
        service::Rule,
        settings::{Appearance, Placement, Section as _},
    },
    server::{
        db::{self, Tx, settings::Stored},
        error::{Error, Result},
    },
};

/// Where a widget may stand, at most.
const ORIGINS_MAX: usize = 50;

/// 채팅화면 삽입 코드
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn load(agent: &Agent) -> Result<WidgetPage> {
    agent.require_admin()?;
    let service = agent.member.service;
    agent
        .app
        .db
        .read(async |tx| {
            let (key, place) = placement(tx, service).await?;
            let appearance = versioned(db::settings::find(tx, service, Appearance::NAME).await?, Appearance::default);
            Ok(WidgetPage { key, place, appearance, identity_keys: identity::listed(tx, service).await? })
        })
        .await
}

/// Where the service's widget stands. Switch and origins are read where the doors read
/// them; the version counts the saves of all of it.
async fn placement(tx: &mut Tx, service: ServiceId) -> Result<(String, Versioned<Placement>)> {
    let widget = db::services::widget_of(tx, service).await?.ok_or(Error::NotFound)?;
    let mut place = versioned(db::settings::find(tx, service, Placement::NAME).await?, Placement::default);
    (place.value.active, place.value.origins) = (widget.active, widget.origins);
    Ok((widget.key, place))
}

/// Whether the service speaks with members only (G20).
pub(super) async fn identity_required(tx: &mut Tx, service: ServiceId) -> Result<bool> {
    let stored: Option<Stored<Placement>> = db::settings::find(tx, service, Placement::NAME).await?;
    Ok(stored.is_some_and(|stored| stored.body.identity_required))
}

/// Turns the widget on or off, and says on which sites it may stand, and for whom.
///
/// # Errors
/// `Invalid` beside `origins.N`.
pub async fn save_placement(agent: &Agent, over: u64, value: Placement) -> Result<Saved<WidgetPage>> {
    agent.require_admin()?;
    let origins = &value.origins;
    if origins.len() > ORIGINS_MAX {
        return Err(Rule::TooMany { max: ORIGINS_MAX as u64 }.into());
    }
    let mut wrong = Vec::new();
    let mut exact: Vec<String> = Vec::new();
    for (n, written) in origins.iter().enumerate().filter(|(_, o)| !o.trim().is_empty()) {
        match origin(written) {
            Some(origin) if exact.contains(&origin) => {}
            Some(origin) => exact.push(origin),
            None => wrong.push(FieldError { field: format!("origins.{n}"), problem: Problem::NotAnOrigin }),
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    exact.sort_unstable();
    let value = Placement { origins: exact, ..value };
    let (service, at) = (agent.member.service, agent.app.clock.now());
    let done = agent
        .app
        .db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            let (key, before) = placement(tx, service).await?;
            if !db::settings::save(tx, service, Placement::NAME, over, &value, agent.account.id, at).await? {
                return Ok(false);
            }
            db::services::set_widget(tx, &key, value.active, &value.origins).await?;
            log(tx, agent, Placement::NAME, json(&before.value), json(&value)).await?;
            Ok(true)
        })
        .await?;
    if done {
        agent.settings_changed().await;
    }
    Ok(saved(done, load(agent).await?))
}

/// Saves how the widget looks.
///
/// # Errors
/// `Invalid` beside each field.
pub async fn save_appearance(agent: &Agent, over: u64, value: Appearance) -> Result<Saved<WidgetPage>> {
    let done = save(agent, Appearance::NAME, over, value).await?;
    Ok(saved(done, load(agent).await?))
}
