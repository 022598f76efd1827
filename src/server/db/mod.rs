//! All SQL. Every statement is one text with `$1` placeholders that runs on SQLite and on
//! PostgreSQL; what must differ stands in an explicit `match` with its reason.

pub mod accounts;
pub mod blocks;
pub mod canned;
pub mod categories;
pub mod chats;
pub mod consents;
pub mod drafts;
pub mod events;
pub mod files;
pub mod history;
pub mod identity;
pub mod information;
pub mod inquiries;
pub mod invitations;
pub mod keys;
pub mod mail;
pub mod marks;
pub mod members;
pub mod presence;
pub mod queues;
pub mod services;
pub mod sessions;
pub mod settings;
pub mod tags;
pub mod tickets;
pub mod visitors;
pub mod waits;

use super::error::{Error, Result};
use anyhow::Context as _;
use sqlx::{
    Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    ops::{Deref, DerefMut},
    path::Path,
    str::FromStr as _,
    time::Duration,
};

/// Runs one expression on whichever database the transaction belongs to.
macro_rules! on {
    ($tx:expr, |$c:ident| $body:expr) => {
        match $tx {
            $crate::server::db::Tx::Sqlite(transaction) => {
                let $c = &mut **transaction;
                $body
            }
            $crate::server::db::Tx::Postgres(transaction) => {
                let $c = &mut **transaction;
                $body
            }
        }
    };
}
pub(crate) use on;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The database.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file: many readers, one writer, so that a write never waits for a lock that
    /// another of our connections holds.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// A transaction, or a look without one, on either database.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Line<Sqlite>),
    Postgres(Line<Postgres>),
}

/// A connection, with or without a transaction on it.
#[derive(Debug)]
pub enum Line<DB: Database> {
    Tx(Transaction<'static, DB>),
    Look(PoolConnection<DB>),
}

impl<DB: Database> Line<DB> {
    async fn commit(self) -> Result<()> {
        if let Self::Tx(tx) = self {
            tx.commit().await?;
        }
        Ok(())
    }
}

impl<DB: Database> Deref for Line<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        match self {
            Self::Tx(tx) => tx,
            Self::Look(connection) => connection,
        }
    }
}

impl<DB: Database> DerefMut for Line<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        match self {
            Self::Tx(tx) => tx,
            Self::Look(connection) => connection,
        }
    }
}

impl Db {
    /// Opens the database at `url` (`sqlite:PATH` or `postgres://…`).
    ///
    /// # Errors
    /// When it cannot be reached, or the file is no database.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(Path::new(path.trim_start_matches("//"))).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(url).context("DATABASE_URL")?.application_name("damso").options([
                ("statement_timeout", "15000"),
                ("idle_in_transaction_session_timeout", "15000"),
                ("synchronous_commit", "on"),
            ]);
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(5))
                .connect_with(options)
                .await
                .context("cannot reach PostgreSQL")?;
            Ok(Self::Postgres(pool))
        } else {
            anyhow::bail!("DATABASE_URL must begin with sqlite: or postgres:")
        }
    }

    async fn open_sqlite(path: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // What was acknowledged survives a power cut; group commit makes it cheap.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("temp_store", "memory")
            .pragma("journal_size_limit", "67108864");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // A file does not go away as a server does.
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.clone().create_if_missing(true))
            .await
            .with_context(|| format!("cannot open the database {}", path.display()))?;
        // A torn or truncated file is refused here, never taken for an empty one.
        let sound: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&write).await.context("the database file is damaged")?;
        anyhow::ensure!(sound == "ok", "the database file {} is damaged: {sound}", path.display());
        let read = SqlitePoolOptions::new()
            .max_connections(6)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.pragma("query_only", "on"))
            .await
            .context("cannot open the database for reading")?;
        Ok(Self::Sqlite { read, write })
    }

    /// Brings the schema up to this program's.
    ///
    /// # Errors
    /// When a migration fails, or the database is of a newer program.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite { write, .. } => SQLITE.run(write).await,
            Self::Postgres(pool) => POSTGRES.run(pool).await,
        }
        .context("cannot migrate the database (is it of a newer version of Damso?)")
    }

    /// Runs a use case in one write transaction: commit on `Ok`, roll back otherwise.
    ///
    /// # Errors
    /// The use case's own, or the database's.
    pub async fn write<T>(&self, act: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let mut tx = match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(Line::Tx(write.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(pool) => Tx::Postgres(Line::Tx(pool.begin().await?)),
        };
        let out = act(&mut tx).await?;
        tx.commit().await?;
        Ok(out)
    }

    /// Reads several things as of one instant.
    ///
    /// # Errors
    /// The reader's own, or the database's.
    pub async fn read<T>(&self, act: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let mut tx = match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(Line::Tx(read.begin().await?)),
            Self::Postgres(pool) => Tx::Postgres(Line::Tx(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)),
        };
        let out = act(&mut tx).await?;
        tx.commit().await?;
        Ok(out)
    }

    /// Reads one thing, or several that need not be of one instant: no transaction, whose
    /// beginning and end would cost as much as two statements.
    ///
    /// # Errors
    /// The reader's own, or the database's.
    pub async fn look<T>(&self, act: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let mut line = match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(Line::Look(read.acquire().await?)),
            Self::Postgres(pool) => Tx::Postgres(Line::Look(pool.acquire().await?)),
        };
        act(&mut line).await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        match self {
            Self::Sqlite { read, .. } => sqlx::query("SELECT 1").execute(read).await.map(drop)?,
            Self::Postgres(pool) => sqlx::query("SELECT 1").execute(pool).await.map(drop)?,
        }
        Ok(())
    }

    /// Writes a consistent copy of the whole database into a new file while it is in use.
    ///
    /// # Errors
    /// On PostgreSQL (use `pg_dump`, which knows its own database best), or when the copy
    /// cannot be written or does not check.
    pub async fn backup(&self, to: &Path) -> anyhow::Result<()> {
        let Self::Sqlite { read, .. } = self else { anyhow::bail!("PostgreSQL is backed up by pg_dump (docs/OPERATING.md)") };
        anyhow::ensure!(!to.exists(), "{} exists already", to.display());
        let path = to.to_str().context("the path is no text")?;
        // VACUUM INTO writes another file, which query_only forbids.
        let mut connection = read.acquire().await?;
        sqlx::query("PRAGMA query_only = off").execute(&mut *connection).await?;
        let copied = sqlx::query("VACUUM INTO $1").bind(path).execute(&mut *connection).await;
        sqlx::query("PRAGMA query_only = on").execute(&mut *connection).await?;
        copied.context("cannot write the backup")?;
        check_sqlite(to).await
    }

    /// Closes all connections; SQLite folds its log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Checks a SQLite file from end to end.
///
/// # Errors
/// When it is damaged or no database.
pub async fn check_sqlite(path: &Path) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&pool).await.context("no database")?;
    let tables: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name IN ('chat', 'chat_event')").fetch_one(&pool).await?;
    pool.close().await;
    anyhow::ensure!(sound == "ok", "damaged: {sound}");
    anyhow::ensure!(tables == 2, "not a database of Damso");
    Ok(())
}

impl Tx {
    async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(line) => line.commit().await,
            Self::Postgres(line) => line.commit().await,
        }
    }
}

/// A number of ours as the databases store it. Ours count events and never come near
/// the difference.
pub(crate) fn stored(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A stored count as ours; what is negative was never written by us.
pub(crate) fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// A row whose text is none of the words that we store.
pub(crate) fn damaged(what: &str) -> Error {
    Error::Internal(anyhow::anyhow!("stored {what} is not one of ours"))
}

/// Whether the database refused a row because its like is there already.
pub(crate) fn is_duplicate(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(d) if d.is_unique_violation())
}
