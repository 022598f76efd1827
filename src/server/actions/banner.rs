//! The picture of a service (서비스 배너): in the head of its widget and help centre.

use super::{SignedIn, organization};
use crate::{
    api::{Problem, organization::ServiceRow},
    domain::{attachment::size_words, ids::ServiceId, service::Service},
    server::{
        db::{self, Tx, files::Banner},
        error::{Error, Result},
        files::{Attached, Stored},
    },
};

/// The square that it is fit into, in pixels.
const SIDE: u32 = 512;

/// Where the picture of a service is; it changes with its content.
#[must_use]
pub fn address(service: &str, banner: &Banner) -> String {
    format!("/banner/{service}/{}", banner.hash())
}

/// The address of a service's picture, if it has one.
///
/// # Errors
/// The database's.
pub async fn of(tx: &mut Tx, service: &Service) -> Result<Option<String>> {
    Ok(db::files::banner(tx, service.id).await?.map(|banner| address(&service.key, &banner)))
}

/// Whether somebody may change it; asked before a byte is read.
///
/// # Errors
/// `Forbidden` but for an owner, `NotFound`.
pub async fn may_change(me: &SignedIn, service: ServiceId) -> Result<()> {
    me.require_owner()?;
    me.app.db.look(async |tx| db::services::find(tx, service).await?.map(drop).ok_or(Error::NotFound)).await
}

/// Puts a picture in the place of the one that is there.
///
/// # Errors
/// As [`may_change`], and `Invalid` beside `files`.
pub async fn set(me: &SignedIn, service: ServiceId, attached: Attached) -> Result<Vec<ServiceRow>> {
    let sent = attached.files.clone();
    let done = match one(attached) {
        Ok(sent) => fit(me, service, sent).await,
        Err(error) => Err(error),
    };
    let done = super::files::settle(&me.app, &Attached { files: sent, ..Attached::default() }, done).await;
    done?;
    me.app.bus.nudge_settings(service).await;
    organization::services(me).await
}

fn one(attached: Attached) -> Result<Stored> {
    let problem = attached.problem.unwrap_or(if attached.files.is_empty() { Problem::Required } else { Problem::TooManyFiles });
    match <[Stored; 1]>::try_from(attached.files) {
        Ok([file]) if attached.problem.is_none() => Ok(file),
        _ => Err(Error::field("files", problem)),
    }
}

async fn fit(me: &SignedIn, service: ServiceId, sent: Stored) -> Result<()> {
    let picture = me.app.files.fit(sent, SIDE).await?;
    let at = me.app.clock.now();
    me.app
        .db
        .write(async |tx| {
            let before = lock(tx, me, service).await?;
            db::files::set_banner(tx, service, &picture, at).await?;
            let now = Banner { file: picture.id, media: picture.media.to_owned(), size: picture.size, sha256: picture.sha256.to_vec() };
            note(tx, me, service, before.as_ref(), Some(&now)).await
        })
        .await
}

/// Takes the picture away.
///
/// # Errors
/// As [`may_change`].
pub async fn remove(me: &SignedIn, service: ServiceId) -> Result<Vec<ServiceRow>> {
    me.require_owner()?;
    me.app
        .db
        .write(async |tx| {
            let before = lock(tx, me, service).await?;
            if before.is_none() {
                return Ok(());
            }
            // The file is left to the sweep: a backup may be on its way to it.
            db::files::remove_banner(tx, service).await?;
            note(tx, me, service, before.as_ref(), None).await
        })
        .await?;
    me.app.bus.nudge_settings(service).await;
    organization::services(me).await
}

async fn lock(tx: &mut Tx, me: &SignedIn, service: ServiceId) -> Result<Option<Banner>> {
    me.require_owner()?;
    db::services::lock(tx, service).await?;
    db::files::banner(tx, service).await
}

async fn note(tx: &mut Tx, me: &SignedIn, service: ServiceId, before: Option<&Banner>, after: Option<&Banner>) -> Result<()> {
    let found = db::services::find(tx, service).await?.ok_or(Error::NotFound)?;
    let words = |banner: Option<&Banner>| banner.map(|b| format!("{}, {}, {}", b.media, size_words(b.size), b.hash())).unwrap_or_default();
    organization::log(tx, me, Some(service), "banner", &found.key, words(before), words(after)).await
}
