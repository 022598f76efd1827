//! Services and widgets.

use super::{Tx, count, on};
use crate::{
    domain::{
        ids::{AccountId, ServiceId},
        service::{Contract, Language, Localized, Service},
        time::Timestamp,
    },
    server::error::Result,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
pub(super) struct ServiceRow {
    id: Uuid,
    key: String,
    name_ko: String,
    name_en: String,
    zone: String,
    languages: String,
    chat: bool,
    security: bool,
}

impl From<ServiceRow> for Service {
    fn from(row: ServiceRow) -> Self {
        Self {
            id: ServiceId(row.id),
            key: row.key,
            name: Localized { ko: row.name_ko, en: row.name_en },
            zone: row.zone,
            languages: row.languages.split(' ').filter_map(Language::parse).collect(),
            contract: Contract { chat: row.chat, security: row.security },
        }
    }
}

fn codes(languages: &[Language]) -> String {
    languages.iter().map(|l| l.code()).collect::<Vec<_>>().join(" ")
}

/// Makes a service.
///
/// # Errors
/// A duplicate key, or the database's.
pub async fn insert(tx: &mut Tx, service: &Service, at: Timestamp) -> Result<(), sqlx::Error> {
    on!(tx, |c| {
        sqlx::query(
        "INSERT INTO service (id, key, name_ko, name_en, zone, languages, chat, security, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(service.id.0)
    .bind(&service.key)
    .bind(&service.name.ko)
    .bind(&service.name.en)
    .bind(&service.zone)
    .bind(codes(&service.languages))
    .bind(service.contract.chat)
    .bind(service.contract.security)
    .bind(at.0)
    .execute(c)
    .await
    .map(drop)
    })
}

/// Changes all of a service but its id and key.
pub async fn update(tx: &mut Tx, service: &Service) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "UPDATE service SET name_ko = $2, name_en = $3, zone = $4, languages = $5, chat = $6, security = $7 WHERE id = $1"
    )
    .bind(service.id.0)
    .bind(&service.name.ko)
    .bind(&service.name.en)
    .bind(&service.zone)
    .bind(codes(&service.languages))
    .bind(service.contract.chat)
    .bind(service.contract.security)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// All services, the oldest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<Service>> {
    let rows: Vec<ServiceRow> = on!(tx, |c| sqlx::query_as(
        "SELECT id, key, name_ko, name_en, zone, languages, chat, security FROM service ORDER BY created_at, id"
    )
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The service with this id.
pub async fn find(tx: &mut Tx, id: ServiceId) -> Result<Option<Service>> {
    let row: Option<ServiceRow> =
        on!(tx, |c| sqlx::query_as("SELECT id, key, name_ko, name_en, zone, languages, chat, security FROM service WHERE id = $1")
            .bind(id.0)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(Into::into))
}

/// The service with this key.
pub async fn find_by_key(tx: &mut Tx, key: &str) -> Result<Option<Service>> {
    let row: Option<ServiceRow> =
        on!(tx, |c| sqlx::query_as("SELECT id, key, name_ko, name_en, zone, languages, chat, security FROM service WHERE key = $1")
            .bind(key)
            .fetch_optional(c)
            .await)?;
    Ok(row.map(Into::into))
}

/// Lets nobody else change what hangs on the service until the transaction ends: taken
/// after queues and chats, as when events are appended.
pub async fn lock(tx: &mut Tx, id: ServiceId) -> Result<()> {
    if let Tx::Postgres(t) = tx {
        sqlx::query("SELECT id FROM service WHERE id = $1 FOR UPDATE").bind(id.0).execute(&mut **t).await?;
    }
    Ok(())
}

/// How many events all chats of the service have so far.
pub async fn seq(tx: &mut Tx, id: ServiceId) -> Result<u64> {
    let seq: i64 = on!(tx, |c| sqlx::query_scalar("SELECT seq FROM service WHERE id = $1").bind(id.0).fetch_one(c).await)?;
    Ok(count(seq))
}

/// A widget as the public door knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widget {
    pub key: String,
    pub service: Service,
    /// 위젯 사용, or 채팅 of the help centre (G31)
    pub active: bool,
    /// The icon of the help centre, which stands on our own pages.
    pub help: bool,
    /// Exact origins whose pages may frame it.
    pub origins: Vec<String>,
}

/// Makes a service's two ways in: the widget for other people's pages, under `key`, and
/// the icon of its help centre.
pub async fn insert_widgets(tx: &mut Tx, key: &str, service: &Service, at: Timestamp) -> Result<()> {
    for (key, help) in [(key.to_owned(), false), (help_key(&service.key), true)] {
        on!(tx, |c| sqlx::query("INSERT INTO widget (key, service_id, active, created_at, help) VALUES ($1, $2, $3, $4, $5)")
            .bind(key)
            .bind(service.id.0)
            .bind(true)
            .bind(at.0)
            .bind(help)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

/// The key of the chat icon in a service's help centre.
#[must_use]
pub fn help_key(service: &str) -> String {
    format!("{service}-help")
}

/// Lets the pages of one more origin carry the widget.
pub async fn insert_origin(tx: &mut Tx, widget: &str, origin: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO widget_origin (widget_key, origin) VALUES ($1, $2) ON CONFLICT (widget_key, origin) DO NOTHING")
        .bind(widget)
        .bind(origin)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The active widget with this key.
pub async fn widget(tx: &mut Tx, key: &str) -> Result<Option<Widget>> {
    Ok(known_widget(tx, key).await?.filter(|widget| widget.active))
}

#[derive(sqlx::FromRow)]
struct WidgetRow {
    active: bool,
    help: bool,
    #[sqlx(flatten)]
    service: ServiceRow,
}

/// The widget with this key, active or not.
pub async fn known_widget(tx: &mut Tx, key: &str) -> Result<Option<Widget>> {
    let row: Option<WidgetRow> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT w.active, w.help, s.id, s.key, s.name_ko, s.name_en, s.zone, s.languages, s.chat, s.security FROM widget w JOIN service s ON s.id = w.service_id WHERE w.key = $1"
    )
    .bind(key)
    .fetch_optional(c)
    .await
    })?;
    let Some(row) = row else { return Ok(None) };
    let origins = origins(tx, key).await?;
    Ok(Some(Widget { key: key.to_owned(), service: row.service.into(), active: row.active, help: row.help, origins }))
}

/// A widget as 채팅화면 삽입 코드 knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWidget {
    pub key: String,
    pub active: bool,
    pub origins: Vec<String>,
}

/// The service's widget, active or not.
pub async fn widget_of(tx: &mut Tx, service: ServiceId) -> Result<Option<OwnWidget>> {
    let row: Option<(String, bool)> =
        on!(tx, |c| sqlx::query_as("SELECT key, active FROM widget WHERE service_id = $1 AND NOT help ORDER BY created_at, key LIMIT 1")
            .bind(service.0)
            .fetch_optional(c)
            .await)?;
    let Some((key, active)) = row else { return Ok(None) };
    let origins = origins(tx, &key).await?;
    Ok(Some(OwnWidget { key, active, origins }))
}

async fn origins(tx: &mut Tx, widget: &str) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT origin FROM widget_origin WHERE widget_key = $1 ORDER BY origin")
        .bind(widget)
        .fetch_all(c)
        .await)?)
}

/// Notes that a page of `site` carries the widget; at most once in `rest` milliseconds
/// for the same site.
pub async fn note_seen(tx: &mut Tx, key: &str, site: &str, at: Timestamp, rest: i64) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE widget SET seen_on = $2, seen_at = $3 WHERE key = $1 AND (seen_on <> $2 OR seen_at < $4)")
        .bind(key)
        .bind(site)
        .bind(at.0)
        .bind(at.plus(-rest).0)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// On which site the service's widget was last seen, and when; none: nowhere yet.
pub async fn seen(tx: &mut Tx, service: ServiceId) -> Result<Option<(String, Timestamp)>> {
    let row: Option<(String, i64)> = on!(tx, |c| sqlx::query_as(
        "SELECT seen_on, seen_at FROM widget WHERE service_id = $1 AND NOT help AND seen_on <> '' ORDER BY created_at, key LIMIT 1"
    )
    .bind(service.0)
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|(site, at)| (site, Timestamp(at))))
}

/// Turns a way in on or off.
pub async fn switch_widget(tx: &mut Tx, key: &str, active: bool) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE widget SET active = $2 WHERE key = $1").bind(key).bind(active).execute(c).await.map(drop))?;
    Ok(())
}

/// Turns a widget on or off and sets the origins whose pages may carry it.
pub async fn set_widget(tx: &mut Tx, key: &str, active: bool, origins: &[String]) -> Result<()> {
    switch_widget(tx, key, active).await?;
    on!(tx, |c| sqlx::query("DELETE FROM widget_origin WHERE widget_key = $1").bind(key).execute(c).await.map(drop))?;
    for origin in origins {
        insert_origin(tx, key, origin).await?;
    }
    Ok(())
}

/// The key of the service's widget.
pub async fn widget_key(tx: &mut Tx, service: ServiceId) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT key FROM widget WHERE service_id = $1 AND NOT help ORDER BY created_at, key LIMIT 1")
        .bind(service.0)
        .fetch_optional(c)
        .await)?)
}

/// The services that an account works in, the oldest first.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<(ServiceId, Localized)>> {
    let rows: Vec<(Uuid, String, String)> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT s.id, s.name_ko, s.name_en FROM member m JOIN service s ON s.id = m.service_id WHERE m.account_id = $1 ORDER BY s.created_at, s.id"
    )
    .bind(account.0)
    .fetch_all(c)
    .await
    })?;
    Ok(rows.into_iter().map(|(id, ko, en)| (ServiceId(id), Localized { ko, en })).collect())
}

/// How far every service has come.
pub async fn seqs(tx: &mut Tx) -> Result<Vec<(ServiceId, u64)>> {
    let rows: Vec<(Uuid, i64)> = on!(tx, |c| sqlx::query_as("SELECT id, seq FROM service").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, seq)| (ServiceId(id), count(seq))).collect())
}
