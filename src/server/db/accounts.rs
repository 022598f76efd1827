//! Accounts: who may sign in.

use super::{Tx, damaged, on};
use crate::{
    domain::{ids::AccountId, preferences::Preferences, service::Language, time::Timestamp},
    server::error::Result,
};
use uuid::Uuid;

/// An account as stored.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    /// Lower case.
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub language: Language,
    /// 조직관리자
    pub owner: bool,
    pub deactivated: bool,
    pub preferences: Preferences,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: String,
    password_hash: String,
    language: String,
    owner: bool,
    deactivated_at: Option<i64>,
    preferences: String,
}

impl TryFrom<Row> for Account {
    type Error = crate::server::error::Error;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: AccountId(row.id),
            email: row.email,
            name: row.name,
            password_hash: row.password_hash,
            language: Language::parse(&row.language).ok_or_else(|| damaged("language"))?,
            owner: row.owner,
            deactivated: row.deactivated_at.is_some(),
            // What a newer build has stored must not keep anybody out.
            preferences: serde_json::from_str(&row.preferences).unwrap_or_default(),
        })
    }
}

/// Whether any account exists; set-up is open only while none does.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    let found: Option<Uuid> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM account LIMIT 1").fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Makes an account.
///
/// # Errors
/// A duplicate address, or the database's.
pub async fn insert(tx: &mut Tx, account: &Account, at: Timestamp) -> Result<(), sqlx::Error> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO account (id, email, name, password_hash, language, owner, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(account.id.0)
    .bind(&account.email)
    .bind(&account.name)
    .bind(&account.password_hash)
    .bind(account.language.code())
    .bind(account.owner)
    .bind(at.0)
    .execute(c)
    .await
    .map(drop))
}

/// The account with this address (any case).
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<Account>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, email, name, password_hash, language, owner, deactivated_at, preferences FROM account WHERE email = $1"
    )
    .bind(email.to_lowercase())
    .fetch_optional(c)
    .await)?;
    row.map(Account::try_from).transpose()
}

/// The account with this id.
pub async fn find(tx: &mut Tx, id: AccountId) -> Result<Option<Account>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, email, name, password_hash, language, owner, deactivated_at, preferences FROM account WHERE id = $1"
    )
    .bind(id.0)
    .fetch_optional(c)
    .await)?;
    row.map(Account::try_from).transpose()
}

/// All accounts, the oldest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<Account>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT id, email, name, password_hash, language, owner, deactivated_at, preferences FROM account ORDER BY created_at, id"
    )
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(Account::try_from).collect()
}

/// Makes an account 조직관리자, or not; deactivates it, or not.
pub async fn set_standing(tx: &mut Tx, id: AccountId, owner: bool, deactivated_at: Option<Timestamp>) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE account SET owner = $2, deactivated_at = $3 WHERE id = $1")
        .bind(id.0)
        .bind(owner)
        .bind(deactivated_at.map(|at| at.0))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Stores a new password's hash.
pub async fn set_password(tx: &mut Tx, id: AccountId, hash: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE account SET password_hash = $2 WHERE id = $1").bind(id.0).bind(hash).execute(c).await.map(drop))?;
    Ok(())
}

/// Stores the language of the account's interface.
pub async fn set_language(tx: &mut Tx, id: AccountId, language: Language) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE account SET language = $2 WHERE id = $1").bind(id.0).bind(language.code()).execute(c).await.map(drop))?;
    Ok(())
}

/// Stores how the account's own pages look and sound.
pub async fn set_preferences(tx: &mut Tx, id: AccountId, preferences: &Preferences) -> Result<()> {
    let json = serde_json::to_string(preferences).map_err(|_| damaged("preferences"))?;
    on!(tx, |c| sqlx::query("UPDATE account SET preferences = $2 WHERE id = $1").bind(id.0).bind(&json).execute(c).await.map(drop))?;
    Ok(())
}
