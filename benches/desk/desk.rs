//! The product: its release binary on a data folder of its own, and people who use it.

use crate::wire::{Line, Socket, get, post};
use anyhow::{Context as _, Result, ensure};
use damso::{
    domain::{
        chat::Chat,
        ids::{ChatId, ClientId, ServiceId, VisitorId},
        service::Language,
        settings::{Routing, RoutingMode, Section as _},
    },
    protocol::{Desk, Hello, Page, Resume, VERSION, VisitorSend},
    server::{
        clock::{Clock, new_id},
        config::Config,
        db::{self, Db, events::Growth},
        demo,
        error::Error,
        secrets,
        state::App,
    },
};
use serde_json::json;
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// What people write: a sentence of Korean, 33 characters.
pub const TEXT: &str = "안녕하세요, 어제 주문한 상품의 배송이 언제쯤 될지 궁금합니다.";

/// The release binary; `cargo xtask bench` names it, `cargo bench` built one itself.
pub fn program() -> PathBuf {
    std::env::var_os("DAMSO_BIN").map_or_else(|| env!("CARGO_BIN_EXE_damso").into(), PathBuf::from)
}

/// The folder of the site's files.
pub fn site() -> PathBuf {
    std::env::var_os("DAMSO_SITE").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/site/release"), PathBuf::from)
}

/// Whether what is measured is there.
pub fn check() -> Result<()> {
    crate::bare::tidy();
    ensure!(program().is_file(), "no program at {} (run `cargo xtask bench`)", program().display());
    ensure!(site().join("manifest.json").is_file(), "no site in {} (run `cargo xtask bench`)", site().display());
    Ok(())
}

/// An empty folder on the disk of the build.
pub fn folder() -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix("damso-bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?)
}

/// The address of the database in a data folder.
pub fn sqlite(data: &Path) -> String {
    format!("sqlite:{}", data.join("damso.db").display())
}

// ---- what is there before the server starts ----

/// A customer's browser.
#[derive(Clone)]
pub struct Visitor {
    pub id: VisitorId,
    pub token: String,
    /// His open chat with one message in it.
    pub chat: Option<ChatId>,
}

/// The demo's service with some customers.
pub struct Seed {
    pub service: ServiceId,
    pub visitors: Vec<Visitor>,
}

/// The product without its listener, on this database.
pub async fn in_process(data: &Path, database_url: &str) -> Result<App> {
    let config = Config { data: data.to_owned(), database_url: database_url.to_owned(), site: site(), demo: true, ..Config::default() };
    let app = App::start(config, Clock::System).await?;
    demo::seed(&app).await?;
    first_come(&app).await?;
    Ok(app)
}

/// 선착순: the runs say themselves who answers.
async fn first_come(app: &App) -> Result<()> {
    let at = app.clock.now();
    app.db
        .write(async |tx| {
            let service = db::services::find_by_key(tx, "demo").await?.ok_or(Error::NotFound)?.id;
            let owner = db::accounts::find_by_email(tx, "owner@example.com").await?.ok_or(Error::NotFound)?.id;
            let routing = Routing { mode: RoutingMode::Open, ..Routing::default() };
            db::settings::save(tx, service, Routing::NAME, 0, &routing, owner, at).await
        })
        .await?;
    Ok(())
}

/// Ends what [`in_process`] started.
pub async fn end(app: App) {
    app.shutdown.cancel();
    app.db.close().await;
}

/// Fills a database with the demo's service and `visitors` customers, each with a waiting
/// chat if `chats`.
pub async fn seed(data: &Path, database_url: &str, visitors: usize, chats: bool) -> Result<Seed> {
    let app = in_process(data, database_url).await?;
    let seeded = add_visitors(&app, visitors, chats).await;
    end(app).await;
    seeded
}

/// Customers, made by the product's own functions.
pub async fn add_visitors(app: &App, visitors: usize, chats: bool) -> Result<Seed> {
    let at = app.clock.now();
    let (service, queue) = app
        .db
        .read(async |tx| {
            let service = db::services::find_by_key(tx, "demo").await?.ok_or(Error::NotFound)?.id;
            Ok((service, db::queues::of_service(tx, service).await?.remove(0).id))
        })
        .await?;
    let visitors: Vec<Visitor> = (0..visitors)
        .map(|_| Visitor { id: VisitorId(new_id()), token: secrets::new_token(), chat: chats.then(|| ChatId(new_id())) })
        .collect();
    for some in visitors.chunks(200) {
        app.db
            .write(async |tx| {
                let mut grown = Vec::new();
                for visitor in some {
                    db::visitors::insert(tx, visitor.id, service, &secrets::token_hash(&visitor.token), "", "127.0.0.1", at).await?;
                    let Some(id) = visitor.chat else { continue };
                    let (chat, intake) = Chat::intake(id, service, queue, visitor.id, TEXT.to_owned(), at);
                    db::chats::insert(tx, &chat, Language::Ko, &Page::default()).await?;
                    let (chat, first) = chat.customer_writes(TEXT.to_owned(), at)?;
                    grown.push(Growth { chat, at, events: intake.into_iter().chain(first).map(|e| (e, None)).collect() });
                }
                db::events::append(tx, grown).await.map(drop)
            })
            .await?;
    }
    Ok(Seed { service, visitors })
}

/// Adds `messages` to a chat by one statement, as no customer could in that time.
pub async fn lengthen(database_url: &str, chats: &[ChatId], messages: i64) -> Result<()> {
    let db = Db::open(database_url).await?;
    let Db::Sqlite { write, .. } = &db else { anyhow::bail!("only on SQLite") };
    for chat in chats {
        let mut tx = write.begin().await?;
        sqlx::query(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
             INSERT INTO chat_event (chat_id, seq, public_seq, service_id, service_seq, at, kind, client_id, body)
             SELECT c.id, c.seq + i, c.public_seq + i, c.service_id, s.seq + i, c.state_at, 'message', randomblob(16), $3 || i
             FROM n, chat c JOIN service s ON s.id = c.service_id WHERE c.id = $1",
        )
        .bind(chat.0)
        .bind(messages)
        .bind(TEXT)
        .execute(&mut *tx)
        .await?;
        sqlx::query("UPDATE service SET seq = seq + $2 WHERE id = (SELECT service_id FROM chat WHERE id = $1)")
            .bind(chat.0)
            .bind(messages)
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE chat SET seq = seq + $2, public_seq = public_seq + $2, last_message_seq = seq + $2 WHERE id = $1")
            .bind(chat.0)
            .bind(messages)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    db.close().await;
    Ok(())
}

// ---- the server ----

/// The running program.
pub struct Damso {
    child: Child,
    pub port: u16,
    data: PathBuf,
}

impl Damso {
    /// Starts it on a data folder and waits until it is ready.
    pub async fn start(data: &Path, environment: &[(&str, &str)]) -> Result<Self> {
        Ok(Self::start_timed(data, environment, "/readyz").await?.0)
    }

    /// The same; also how long it took to the first 200 of `path`.
    pub async fn start_timed(data: &Path, environment: &[(&str, &str)], path: &str) -> Result<(Self, Duration)> {
        let port = free_port()?;
        let mut command = Command::new(program());
        command.arg("demo").arg("--port").arg(port.to_string()).arg("--data").arg(data);
        for name in [
            "LISTEN",
            "PUBLIC_URL",
            "DATA_DIR",
            "DATABASE_URL",
            "BUS_URL",
            "SECRET_KEY",
            "TRUSTED_PROXIES",
            "TLS_CERT",
            "TLS_KEY",
            "METRICS_LISTEN",
            "RUST_LOG",
            "LOG_FORMAT",
        ] {
            command.env_remove(name);
        }
        command.env("DAMSO_SITE", site()).envs(environment.iter().copied());
        let log = File::create(data.join("log"))?;
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().context("cannot start the program")?;
        let mut server = Self { child, port, data: data.to_owned() };
        let request = get(port, path, &[]);
        loop {
            if let Ok(mut line) = Line::open(port).await
                && line.ask(&request).await.is_ok_and(|answer| answer.status == 200)
            {
                return Ok((server, begun.elapsed()));
            }
            let ended = server.child.try_wait()?;
            if ended.is_some() || begun.elapsed() > Duration::from_secs(60) {
                anyhow::bail!("the program does not start: {}", server.log());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What the program complained of.
    pub fn log(&self) -> String {
        let log = std::fs::read_to_string(self.data.join("log")).unwrap_or_default();
        log.lines().rev().take(5).collect::<Vec<_>>().join(" / ")
    }

    /// Ends it without a warning, as a power cut would.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Signs one of the demo's people in.
    pub async fn agent(&self, who: &str) -> Result<Agent> {
        let request =
            post(self.port, "/api/accounts/sign-in", "", &json!({ "email": format!("{who}@example.com"), "password": "damso-demo" }))?;
        let mut line = Line::open(self.port).await?;
        let cookie = line.ask_ok(&request).await?.header("set-cookie").and_then(|c| c.split(';').next()).context("no cookie")?.to_owned();
        let desk: Desk = line.ask_ok(&post(self.port, "/api/desk", &format!("cookie: {cookie}"), &json!({}))?).await?.json()?;
        Ok(Agent { port: self.port, cookie, service: desk.service.id, seq: desk.seq })
    }

    /// A visitor's message as it goes over the wire.
    pub fn message(&self, visitor: &Visitor, text: &str) -> Result<Vec<u8>> {
        let send = VisitorSend { widget: "demo".into(), client_id: ClientId(new_id()), text: text.into() };
        post(self.port, "/api/visitor/send", &format!("authorization: Bearer {}", visitor.token), &json!({ "request": send }))
    }

    /// A visitor's socket after its hello; what it is told first is still to be read.
    pub async fn visitor_socket(&self, visitor: &Visitor, resume: Option<Resume>) -> Result<Socket> {
        let mut socket = Socket::open(self.port, "/ws", None).await?;
        socket.say(&Hello::Visitor { version: VERSION, widget: "demo".into(), token: Some(visitor.token.clone()), resume }).await?;
        Ok(socket)
    }
}

impl Drop for Damso {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody at the desk.
pub struct Agent {
    port: u16,
    pub cookie: String,
    service: ServiceId,
    seq: u64,
}

impl Agent {
    /// A request of his.
    pub fn post(&self, path: &str, body: &serde_json::Value) -> Result<Vec<u8>> {
        post(self.port, path, &format!("cookie: {}", self.cookie), body)
    }

    /// A socket that is told what has happened since he signed in.
    pub async fn socket(&self) -> Result<Socket> {
        self.socket_at(self.port).await
    }

    /// The same, on another node.
    pub async fn socket_at(&self, port: u16) -> Result<Socket> {
        let mut socket = Socket::open(port, "/ws", Some(&self.cookie)).await?;
        socket.say(&Hello::Agent { version: VERSION, service: self.service, seq: self.seq }).await?;
        let welcome = socket.next().await.context("the socket closed")?;
        ensure!(welcome.contains("welcome"), "{welcome}");
        Ok(socket)
    }
}

pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
