//! The limits: what the disk, axum and SQLite do when nothing of ours is in the way.

use crate::{
    stats::Samples,
    wire::{Line, post},
};
use anyhow::{Context as _, Result};
use axum::{
    Router,
    body::Bytes,
    extract::{
        State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    response::{Html, Response},
    routing::{get, post as on_post},
};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs,
    io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, RwLock},
    time::{Duration, Instant},
};
use tokio::sync::broadcast;
use uuid::Uuid;

/// The word that makes this program the bare server.
pub const SERVE: &str = "--bare-server";

// ---- disk ----

/// Writes 4 KiB and waits for the disk, as SQLite's log does: in turn over a file that is
/// there already.
pub fn fsync(times: usize) -> Result<Samples> {
    const PAGES: usize = 256;
    let mut file = tempfile::tempfile_in(env!("CARGO_TARGET_TMPDIR"))?;
    let page = [7_u8; 4 * 1024];
    for _ in 0..PAGES {
        file.write_all(&page)?;
    }
    file.sync_all()?;
    let mut samples = Samples::default();
    for n in 0..times {
        let start = Instant::now();
        if n % PAGES == 0 {
            file.seek(SeekFrom::Start(0))?;
        }
        file.write_all(&page)?;
        file.sync_data()?;
        samples.push(start.elapsed());
    }
    Ok(samples)
}

// ---- axum ----

#[derive(Clone)]
struct Shared {
    frames: broadcast::Sender<Utf8Bytes>,
    page: Arc<RwLock<Bytes>>,
}

/// The bare server: this program in a process of its own.
pub struct Bare {
    child: Child,
    pub port: u16,
}

impl Bare {
    pub fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?).arg(SERVE).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("stdout")?).read_line(&mut line)?;
        Ok(Self { port: line.trim().parse()?, child })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// A request that is answered with its own body.
    pub fn echo(&self, body: &impl serde::Serialize) -> Result<Vec<u8>> {
        post(self.port, "/echo", "", body)
    }

    /// What `/page` answers from now on.
    pub async fn set_page(&self, bytes: &[u8]) -> Result<()> {
        let mut request = format!("POST /page HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {}\r\n\r\n", bytes.len()).into_bytes();
        request.extend_from_slice(bytes);
        Line::open(self.port).await?.ask_ok(&request).await.map(drop)
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until killed: prints its port first.
pub async fn serve() -> Result<()> {
    let shared = Shared { frames: broadcast::Sender::new(64), page: Arc::default() };
    let routes = Router::new()
        .route("/echo", on_post(async |body: Bytes| body))
        .route(
            "/page",
            get(async |State(shared): State<Shared>| Html(shared.page.read().map(|p| p.clone()).unwrap_or_default())).post(
                async |State(shared): State<Shared>, body: Bytes| {
                    if let Ok(mut page) = shared.page.write() {
                        *page = body;
                    }
                },
            ),
        )
        .route(
            "/broadcast",
            on_post(async |State(shared): State<Shared>, body: Bytes| {
                if let Ok(text) = Utf8Bytes::try_from(body) {
                    let _ = shared.frames.send(text);
                }
            }),
        )
        .route("/socket", get(socket))
        .with_state(shared);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    axum::serve(listener, routes).await?;
    Ok(())
}

async fn socket(State(shared): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.read_buffer_size(4 * 1024).write_buffer_size(0).on_upgrade(move |socket| listen(socket, shared.frames.subscribe()))
}

async fn listen(mut socket: WebSocket, mut frames: broadcast::Receiver<Utf8Bytes>) {
    loop {
        tokio::select! {
            frame = frames.recv() => match frame {
                Ok(text) => if socket.send(Message::Text(text)).await.is_err() { return },
                Err(_) => return,
            },
            heard = socket.recv() => match heard {
                Some(Ok(_)) => {}
                _ => return,
            },
        }
    }
}

// ---- SQLite ----

/// SQLite as the product sets it up, with one table like the log and nothing else.
pub struct Sqlite(SqlitePool);

const ROW: &str = "INSERT INTO entry (chat_id, seq, at, client_id, body) ";

impl Sqlite {
    pub async fn open(folder: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("bare.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        sqlx::raw_sql(
            "CREATE TABLE entry (chat_id BLOB NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, client_id BLOB NOT NULL, body TEXT NOT NULL,
                                 PRIMARY KEY (chat_id, seq)) STRICT;
             CREATE UNIQUE INDEX entry_client ON entry (chat_id, client_id);",
        )
        .execute(&pool)
        .await?;
        Ok(Self(pool))
    }

    /// Rows stored per second when `rows` are committed at a time.
    pub async fn rate(&self, rows: usize, time: Duration, text: &str) -> Result<f64> {
        let chat = Uuid::now_v7();
        let (start, mut done) = (Instant::now(), 0);
        while start.elapsed() < time {
            let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
            let mut query = sqlx::QueryBuilder::new(ROW);
            query.push_values(0..rows, |mut row, n| {
                row.push_bind(chat)
                    .push_bind(done + i64::try_from(n).unwrap_or(0))
                    .push_bind(1_i64)
                    .push_bind(Uuid::now_v7())
                    .push_bind(text);
            });
            query.build().execute(&mut *tx).await?;
            tx.commit().await?;
            done += i64::try_from(rows)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        Ok(done as f64 / start.elapsed().as_secs_f64())
    }
}

/// Removes what a killed run left behind.
pub fn tidy() {
    let Ok(found) = fs::read_dir(env!("CARGO_TARGET_TMPDIR")) else { return };
    for entry in found.flatten() {
        if entry.file_name().to_string_lossy().starts_with("damso-bench-") {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
