//! A running program per test, with its own database, and clients that speak to it.

use crate::{overheard, projection};
use damso::{
    api::{ApiError, settings::Versioned},
    domain::{
        chat::Refused,
        ids::{ChatId, ClientId, ServiceId},
        permission::Profile,
        presence::Status,
        settings::{Routing, RoutingMode, Section as _},
        time::DAY,
    },
    protocol::{AgentFrame, Desk, Hello, Registered, Sent, VERSION, VisitorFrame, VisitorSend},
    server::{
        clock::Clock,
        config::Config,
        db::{self, Db, Tx},
        demo,
        http::router,
        state::App,
    },
};
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::{Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite};
use uuid::Uuid;

pub const PASSWORD: &str = "damso-demo";

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Defines a test twice, once per database.
#[macro_export]
macro_rules! both {
    ($(#[$meta:meta])* $name:ident, $body:expr) => {
        mod $name {
            use super::*;
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                ($body)($crate::support::TestApp::start($crate::support::Kind::Sqlite).await).await;
            }
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                ($body)($crate::support::TestApp::start($crate::support::Kind::Postgres).await).await;
            }
        }
    };
}

/// The program, listening on a port of its own.
pub struct TestApp {
    pub app: App,
    pub address: SocketAddr,
    pub folder: TempDir,
}

/// A fresh, empty database.
pub async fn database(kind: Kind, folder: &TempDir) -> String {
    match kind {
        Kind::Sqlite => format!("sqlite:{}", folder.path().join("damso.db").display()),
        Kind::Postgres => {
            let server = std::env::var("DAMSO_TEST_POSTGRES").expect("run the tests through `cargo xtask test`, which starts PostgreSQL");
            let name = format!("t_{}", Uuid::now_v7().simple());
            let Db::Postgres(pool) = Db::open(&format!("{server}/postgres")).await.unwrap() else { unreachable!() };
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&pool).await.unwrap();
            pool.close().await;
            format!("{server}/{name}")
        }
    }
}

/// A site as the program wants it, without the wait for a browser build.
pub fn site(folder: &TempDir) -> PathBuf {
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    let mut manifest = serde_json::Map::new();
    manifest.insert("build".into(), "test".into());
    manifest.insert("views".into(), damso::server::http::site::VIEWS.into());
    for name in ["app.js", "app.wasm", "app.css", "widget.js", "widget.wasm", "widget.css", "beside.js", "help.css"] {
        let path = format!("pkg/{name}");
        std::fs::write(site.join(&path), name).unwrap();
        manifest.insert(name.into(), path.into());
    }
    std::fs::write(site.join("loader.js"), "const s=__DAMSO_SETTINGS__;").unwrap();
    std::fs::write(site.join("frame.js"), "0").unwrap();
    std::fs::write(site.join("front.js"), "0").unwrap();
    std::fs::write(site.join("manifest.json"), Value::Object(manifest).to_string()).unwrap();
    site
}

impl TestApp {
    /// The demo's service and people, on an empty database.
    pub async fn start(kind: Kind) -> Self {
        let test = Self::bare(kind, |_| {}).await;
        test.seed().await;
        test
    }

    /// The demo's service and people with nicknames, one of whom is there.
    pub async fn seed(&self) {
        demo::seed(&self.app).await.unwrap();
        self.app.db.write(async |tx| nicknames(tx).await).await.unwrap();
        self.routes(RoutingMode::Open).await;
        self.staff("agent3", DAY).await;
    }

    /// Sets 배정 방식: most tests want to say themselves who answers, which 선착순 allows.
    pub async fn routes(&self, mode: RoutingMode) {
        let at = self.app.clock.now();
        self.app
            .db
            .write(async |tx| {
                let service = db::services::find_by_key(tx, "demo").await?.unwrap().id;
                let owner = db::accounts::find_by_email(tx, "owner@example.com").await?.unwrap().id;
                let stored = db::settings::find::<Routing>(tx, service, Routing::NAME).await?;
                let (over, body) = stored.map_or_else(|| (0, Routing::default()), |stored| (stored.version, stored.body));
                db::settings::save(tx, service, Routing::NAME, over, &Routing { mode, ..body }, owner, at).await
            })
            .await
            .unwrap();
    }

    /// Which database this runs on.
    pub fn kind(&self) -> Kind {
        if matches!(self.app.db, Db::Sqlite { .. }) { Kind::Sqlite } else { Kind::Postgres }
    }

    /// Lets somebody be 온라인 with a console that is open for so many milliseconds: the
    /// door is open.
    pub async fn staff(&self, who: &str, milliseconds: i64) {
        let at = self.app.clock.now();
        self.app
            .db
            .write(async |tx| {
                let account = db::accounts::find_by_email(tx, &format!("{who}@example.com")).await?.unwrap().id;
                for member in db::members::memberships(tx, account).await? {
                    db::presence::set_status(tx, member.service, account, Status::Online, at).await?;
                    db::presence::lease(tx, Uuid::now_v7(), member.service, account, at.plus(milliseconds)).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
    }

    /// Nothing in the database yet.
    pub async fn bare(kind: Kind, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = database(kind, &folder).await;
        Self::on(url, folder, change).await
    }

    /// On a database that is there.
    pub async fn on(database_url: String, folder: TempDir, change: impl FnOnce(&mut Config)) -> Self {
        Self::clocked(database_url, folder, change, Clock::System).await
    }

    /// The demo's service and people, with a clock that the test drives, in milliseconds.
    pub async fn driven(kind: Kind) -> (Self, Arc<AtomicI64>) {
        let folder = tempfile::tempdir().unwrap();
        let url = database(kind, &folder).await;
        let clock = Arc::new(AtomicI64::new(Clock::System.now().0));
        let test = Self::clocked(url, folder, |_| {}, Clock::Driven(clock.clone())).await;
        test.seed().await;
        (test, clock)
    }

    /// The same database under another program, as after a restart.
    pub async fn again(&self, clock: Clock) -> Self {
        self.app.shutdown.cancel();
        Self::clocked(self.app.config.database_url.clone(), tempfile::tempdir().unwrap(), |_| {}, clock).await
    }

    async fn clocked(database_url: String, folder: TempDir, change: impl FnOnce(&mut Config), clock: Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = Config {
            listen: address,
            public_url: format!("http://{address}"),
            origins: vec![format!("http://{address}")],
            data: folder.path().to_owned(),
            database_url,
            site: site(&folder),
            // Nodes on one database share it.
            secret_key: Some("5e".repeat(32)),
            demo: true,
            ..Config::default()
        };
        change(&mut config);
        let app = App::start(config, clock).await.unwrap();
        let routes = router::routes(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { app, address, folder }
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client without a cookie.
    pub fn anyone(&self) -> Client {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Client { http, address: self.address, cookie: None, token: None, named: false }
    }

    /// Signed in as a sample account ("agent1").
    pub async fn signed_in(&self, who: &str) -> Client {
        let mut client = self.anyone();
        let answer = client.post("accounts/sign-in", &json!({ "email": format!("{who}@example.com"), "password": PASSWORD })).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        client.cookie = Some(cookie);
        client
    }

    /// A new visitor of the demo's widget.
    pub async fn visitor(&self) -> Client {
        let mut client = self.anyone();
        let made: Registered = client.ask("visitor/register", &json!({ "request": { "widget": "demo" } })).await.unwrap();
        client.token = Some(made.token);
        client
    }
}

/// Every agent has one, so that every test of a customer would notice it.
async fn nicknames(tx: &mut Tx) -> damso::server::error::Result<()> {
    let service = db::services::find_by_key(tx, "demo").await?.unwrap().id;
    let staff = db::members::staff(tx, service).await?;
    for (member, nickname) in staff.into_iter().filter(|member| !member.owner).zip(overheard::NICKNAMES) {
        let profile = Profile { nickname: nickname.into(), ..member.profile };
        db::members::set_profile(tx, service, member.account, &profile).await?;
    }
    Ok(())
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            projection::check(&self.app);
        }
        self.app.shutdown.cancel();
    }
}

/// Somebody who speaks HTTP to the program.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: SocketAddr,
    pub cookie: Option<String>,
    pub token: Option<String>,
    /// A customer of a service that shows him nicknames.
    pub named: bool,
}

impl Client {
    /// A request as a page of ours would send it.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request =
            self.http.request(method, format!("http://{}{path}", self.address)).header(header::ORIGIN, format!("http://{}", self.address));
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// Calls a server function.
    pub async fn post(&self, function: &str, body: &impl Serialize) -> reqwest::Response {
        self.request(Method::POST, &format!("/api/{function}")).json(body).send().await.unwrap()
    }

    /// Calls a server function and reads its answer.
    pub async fn ask<T: DeserializeOwned>(&self, function: &str, body: &impl Serialize) -> Result<T, ApiError> {
        let answer = self.post(function, body).await;
        let ok = answer.status().is_success();
        let text = answer.text().await.unwrap();
        if self.token.is_some() {
            overheard::answer(&text, self.named);
        }
        if ok {
            Ok(serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")))
        } else {
            Err(serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")))
        }
    }

    /// 동의하고 상담 시작, with what the door shows.
    pub async fn begin(&self) -> Result<Sent, ApiError> {
        let consent = self.consent("").await.ok_or(ApiError::Refused(Refused::Shut))?;
        let (status, text) = self.start(&[("lang", "ko"), ("consent", &consent)]).await;
        if status.is_success() { Ok(serde_json::from_str(&text).unwrap()) } else { Err(ApiError::Refused(Refused::Shut)) }
    }

    /// The name of the wording that the door asks to agree to, if it asks.
    pub async fn consent(&self, view: &str) -> Option<String> {
        let door = self.door(view).await;
        let (_, rest) = door.split_once("name=\"consent\" value=\"")?;
        Some(rest.split_once('"')?.0.to_owned())
    }

    /// The door as it is drawn.
    pub async fn door(&self, view: &str) -> String {
        self.get(&format!("/w/demo/front?lang=ko&view={view}")).await.text().await.unwrap()
    }

    /// Posts the form of the start as a script does.
    pub async fn start(&self, fields: &[(&str, &str)]) -> (StatusCode, String) {
        self.form("/w/demo/start", fields).await
    }

    /// Posts a form as a script does.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let answer = self.request(Method::POST, path).header(header::ACCEPT, "application/json").form(fields).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// A visitor's message; where no chat goes on, he starts one.
    pub async fn say(&self, text: &str) -> Result<Sent, ApiError> {
        self.say_as(ClientId(Uuid::now_v7()), text).await
    }

    /// A visitor's message with this id.
    pub async fn say_as(&self, client_id: ClientId, text: &str) -> Result<Sent, ApiError> {
        let request = VisitorSend { widget: "demo".into(), client_id, text: text.into() };
        let body = json!({ "request": request });
        match self.ask("visitor/send", &body).await {
            Err(ApiError::Refused(Refused::NoChat)) => {
                self.begin().await?;
                self.ask("visitor/send", &body).await
            }
            other => other,
        }
    }

    /// An agent's message.
    pub async fn reply(&self, chat: ChatId, text: &str) -> Result<Sent, ApiError> {
        self.reply_as(chat, ClientId(Uuid::now_v7()), text).await
    }

    /// An agent's message with this id.
    pub async fn reply_as(&self, chat: ChatId, client_id: ClientId, text: &str) -> Result<Sent, ApiError> {
        self.ask("chats/send", &json!({ "chat": chat, "client_id": client_id, "text": text })).await
    }

    pub async fn desk(&self) -> Desk {
        self.ask("desk", &json!({})).await.unwrap()
    }

    /// Opens a socket with the headers of a page of ours.
    pub async fn socket(&self) -> Socket {
        self.socket_from(&format!("http://{}", self.address)).await.unwrap()
    }

    pub async fn socket_from(&self, origin: &str) -> Result<Socket, tungstenite::Error> {
        let mut request = tungstenite::client::IntoClientRequest::into_client_request(format!("ws://{}/ws", self.address)).unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        Ok(Socket {
            stream: tokio_tungstenite::connect_async(request).await?.0,
            customer: self.token.is_some().then_some(None),
            named: self.named,
        })
    }

    /// An agent's socket, after its welcome.
    pub async fn agent_socket(&self, service: ServiceId, seq: u64) -> Socket {
        let mut socket = self.socket().await;
        socket.say(&Hello::Agent { version: VERSION, service, seq }).await;
        assert!(matches!(socket.frame::<AgentFrame>().await, AgentFrame::Welcome { .. }));
        socket
    }

    /// A visitor's socket, after its welcome.
    pub async fn visitor_socket(&self, resume: Option<damso::protocol::Resume>) -> Socket {
        let mut socket = self.socket().await;
        socket.say(&Hello::Visitor { version: VERSION, widget: "demo".into(), token: self.token.clone(), resume }).await;
        assert!(matches!(socket.frame::<VisitorFrame>().await, VisitorFrame::Welcome { .. }));
        socket
    }
}

/// One open socket.
pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// A customer's: the public number that he has come to.
    customer: Option<Option<u64>>,
    named: bool,
}

impl Socket {
    pub async fn say(&mut self, frame: &impl Serialize) {
        self.text(&serde_json::to_string(frame).unwrap()).await;
    }

    pub async fn text(&mut self, text: &str) {
        self.stream.send(tungstenite::Message::text(text)).await.unwrap();
    }

    /// The next frame of text; fails after ten seconds of silence.
    pub async fn frame<T: DeserializeOwned>(&mut self) -> T {
        match self.next().await {
            Some(text) => serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")),
            None => panic!("the socket closed"),
        }
    }

    async fn next(&mut self) -> Option<String> {
        loop {
            match tokio::time::timeout(Duration::from_secs(10), self.stream.next()).await.expect("a frame within ten seconds") {
                Some(Ok(tungstenite::Message::Text(text))) => {
                    if let Some(last) = &mut self.customer {
                        overheard::frame(&text, last, self.named);
                    }
                    return Some(text.as_str().to_owned());
                }
                Some(Ok(tungstenite::Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// All that comes up to the frame that has `end` in it, as it was sent.
    pub async fn raw_until(&mut self, end: &str) -> String {
        let mut told = String::new();
        while !told.contains(end) {
            told.push_str(&self.next().await.expect("the socket is open"));
        }
        told
    }

    /// Reads on until the socket closes and answers its close code.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match tokio::time::timeout(Duration::from_secs(10), self.stream.next()).await.expect("a close within ten seconds") {
                Some(Ok(tungstenite::Message::Close(frame))) => return frame.map(|f| f.code.into()),
                Some(Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Reads frames until one of them is wanted.
    pub async fn until<T: DeserializeOwned, R>(&mut self, mut want: impl FnMut(T) -> Option<R>) -> R {
        loop {
            let frame = self.frame::<T>().await;
            if let Some(found) = want(frame) {
                return found;
            }
        }
    }
}

/// The program as a process of its own: the only way to kill it.
pub struct Program {
    child: std::process::Child,
    pub address: SocketAddr,
    /// The console of the agent who keeps the door open.
    staff: tokio::sync::OnceCell<Socket>,
}

impl Program {
    /// Starts `damso demo` on a free port and waits until it takes requests.
    pub fn demo(folder: &TempDir, environment: &[(&str, &str)]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::start(&["demo", "--port", &port.to_string(), "--data", folder.path().to_str().unwrap()], folder, environment)
    }

    pub fn start(words: &[&str], folder: &TempDir, environment: &[(&str, &str)]) -> Self {
        use std::io::BufRead as _;
        let mut child = command(words, folder, environment).stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
        let listening = lines.find_map(|line| line.unwrap().strip_prefix("Listening on ").map(str::to_owned)).expect("the program listens");
        let address = listening.split(' ').next().unwrap().parse().unwrap();
        Self { child, address, staff: tokio::sync::OnceCell::new() }
    }

    pub fn anyone(&self) -> Client {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Client { http, address: self.address, cookie: None, token: None, named: false }
    }

    pub async fn signed_in(&self, who: &str) -> Client {
        let mut client = self.anyone();
        let answer = client.post("accounts/sign-in", &json!({ "email": format!("{who}@example.com"), "password": PASSWORD })).await;
        assert_eq!(answer.status(), StatusCode::OK);
        client.cookie = Some(answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned());
        client
    }

    /// A new visitor, at an open door.
    pub async fn visitor(&self) -> Client {
        let open = async || {
            let agent = self.signed_in("agent3").await;
            let desk = agent.desk().await;
            let socket = agent.agent_socket(desk.service.id, desk.seq).await;
            // Whoever was away for long begins 오프라인, and nobody has been here yet.
            agent.ask::<Status>("presence/set", &json!({ "status": Status::Online })).await.unwrap();
            // Tests say themselves who answers, which 선착순 allows.
            let owner = self.signed_in("owner").await;
            let stored: Versioned<Routing> = owner.ask("settings/routing", &json!({})).await.unwrap();
            let routing = Routing { mode: RoutingMode::Open, ..stored.value };
            owner.ask::<Value>("settings/routing/save", &json!({ "over": stored.version, "value": routing })).await.unwrap();
            socket
        };
        self.staff.get_or_init(open).await;
        let mut client = self.anyone();
        let made: Registered = client.ask("visitor/register", &json!({ "request": { "widget": "demo" } })).await.unwrap();
        client.token = Some(made.token);
        client
    }

    pub fn signal(&self, signal: nix::sys::signal::Signal) {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    /// Waits for its end.
    pub fn ended(&mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program with these words, told where its site and data are.
pub fn command(words: &[&str], folder: &TempDir, environment: &[(&str, &str)]) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_damso"));
    command
        .args(words)
        .current_dir(folder.path())
        .env("DAMSO_SITE", site(folder))
        .env("RUST_LOG", "warn")
        .envs(environment.iter().copied());
    command
}

impl Client {
    /// The same browser at another address: another node, or the same one after a restart.
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }
}
