//! The command line: subcommands and the life of a server.

mod backup;

use super::{
    actions::accounts,
    clock::Clock,
    config::{Config, Options},
    db::{self, Db},
    demo,
    http::router,
    state::App,
    telemetry,
};
use crate::api::accounts::SetUp;
use anyhow::Context as _;
use axum::Router;
use clap::{Parser, Subcommand};
use std::{
    io::{BufRead as _, Write as _},
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How long the end may take.
const DRAIN_MAX: Duration = Duration::from_secs(9);

/// Damso, the live-chat desk that a company runs itself.
#[derive(Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server (the default)
    Serve,
    /// Run the server with a sample service, accounts and shop, on this machine only
    Demo {
        /// Port on 127.0.0.1
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Folder that keeps the demo's data; goes on with what is there
        #[arg(long, default_value = "data/demo")]
        data: PathBuf,
    },
    /// Bring the database up to this version
    Migrate,
    /// Manage accounts and widgets from the command line
    Admin {
        #[command(subcommand)]
        what: Admin,
    },
    /// Write a consistent copy of the SQLite database and its files while the server runs
    Backup {
        /// A file that does not exist yet; the files that people sent go to TO.files beside it
        to: PathBuf,
    },
    /// Put a backup in place of the database; the server must not run
    Restore {
        /// A file made by `backup`, with its FROM.files beside it
        from: PathBuf,
        /// Replace a database that is there; it is kept beside under another name
        #[arg(long)]
        replace: bool,
    },
    /// Check the configuration, the database and the site's files, and say what is wrong
    CheckConfig,
}

#[derive(Subcommand)]
enum Admin {
    /// Make the first owner and service (asks for the password on standard input)
    CreateOwner {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// Name of the first service
        #[arg(long)]
        service_name: String,
        /// Id of the first service: lower-case letters, digits, hyphens
        #[arg(long)]
        service_id: String,
        /// Origin of the site that gets the widget
        #[arg(long, default_value = "")]
        site: String,
    },
    /// Let the pages of one more origin carry the widget of a service
    AllowOrigin {
        /// Id of the service
        service: String,
        /// e.g. https://shop.example
        origin: String,
    },
    /// Set a new password (asked for on standard input) and sign the account out everywhere
    ResetPassword {
        #[arg(long)]
        email: String,
    },
}

impl Cli {
    /// Does what the command line says.
    ///
    /// # Errors
    /// What went wrong, for the terminal.
    pub async fn run(self) -> anyhow::Result<()> {
        #[cfg(feature = "failpoints")]
        let _failpoints = fail::FailScenario::setup();
        telemetry::start(self.options.log_format.as_deref() == Some("json"));
        let options = self.options;
        match self.command.unwrap_or(Command::Serve) {
            Command::Serve => serve(Config::from(options, false)?).await,
            Command::Demo { port, data } => {
                let listen = SocketAddr::from(([127, 0, 0, 1], port));
                serve(Config::from(Options { listen: Some(listen), data: Some(data), ..options }, true)?).await
            }
            Command::Migrate => {
                let config = Config::from(options, false)?;
                open(&config).await?.close().await;
                println!("The database is up to date.");
                Ok(())
            }
            Command::Admin { what } => admin(Config::from(options, false)?, what).await,
            Command::Backup { to } => backup::write(&Config::from(options, false)?, &to).await,
            Command::Restore { from, replace } => backup::restore(&Config::from(options, false)?, &from, replace).await,
            Command::CheckConfig => check_config(options).await,
        }
    }
}

pub(super) async fn open(config: &Config) -> anyhow::Result<Db> {
    if config.database_url.starts_with("sqlite:") {
        std::fs::create_dir_all(&config.data).with_context(|| format!("cannot make the data folder {}", config.data.display()))?;
    }
    let db = Db::open(&config.database_url).await?;
    db.migrate().await?;
    Ok(db)
}

/// Runs the server until it is told to end.
async fn serve(config: Config) -> anyhow::Result<()> {
    std::fs::create_dir_all(&config.data).with_context(|| format!("cannot make the data folder {}", config.data.display()))?;
    let listener = TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    listener.set_nonblocking(true)?;
    let app = App::start(config, Clock::System).await?;
    if app.config.demo {
        demo::seed(&app).await.map_err(|e| anyhow::anyhow!("{e:#}"))?;
    }
    announce(&app).await?;
    if let Some(address) = app.config.metrics_listen {
        let listener =
            tokio::net::TcpListener::bind(address).await.with_context(|| format!("METRICS_LISTEN: cannot listen on {address}"))?;
        let routes = router::operator_routes(app.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
    }
    tokio::spawn(sweep(app.clone()));
    #[cfg(feature = "failpoints")]
    tokio::spawn(super::clock::skip::follow());
    let handle = axum_server::Handle::new();
    tokio::spawn(end_on_signal(app.clone(), handle.clone()));
    let routes = router::routes(app.clone());
    run(listener, &app, routes, handle).await?;
    // Sockets say goodbye, the writer answers what it has; then the database closes.
    app.tasks.close();
    let _ = tokio::time::timeout(DRAIN_MAX, app.tasks.wait()).await;
    app.db.close().await;
    tracing::info!("ended");
    Ok(())
}

async fn run(listener: TcpListener, app: &App, routes: Router, handle: axum_server::Handle<SocketAddr>) -> anyhow::Result<()> {
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    match &app.config.tls {
        Some(tls) => {
            // The only provider that is compiled in.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let config =
                axum_server::tls_rustls::RustlsConfig::from_pem_file(&tls.cert, &tls.key).await.context("TLS certificate or key")?;
            axum_server::from_tcp_rustls(listener, config)?.handle(handle).serve(service).await?;
        }
        None => axum_server::from_tcp(listener)?.handle(handle).serve(service).await?,
    }
    Ok(())
}

/// Prints where to go; the last line says that requests are taken.
async fn announce(app: &App) -> anyhow::Result<()> {
    let url = &app.config.public_url;
    let mut out = std::io::stdout().lock();
    if app.config.demo {
        writeln!(out, "\n  Damso demo (this machine only; data in {})\n", app.config.data.display())?;
        writeln!(out, "  Shop with the widget      {url}/demo/shop")?;
        writeln!(out, "  … with a strict CSP       {url}/demo/strict")?;
        writeln!(out, "  Agent console             {url}/console\n")?;
        for account in demo::accounts() {
            writeln!(out, "    {:<22} {}", account.email, account.password)?;
        }
        writeln!(out)?;
    } else if accounts::needs_set_up(app).await.map_err(|e| anyhow::anyhow!("{e:#}"))? {
        writeln!(out, "Open {url}/setup to make the first owner.")?;
    }
    writeln!(out, "Listening on {} as {url}", app.config.listen)?;
    out.flush()?;
    Ok(())
}

/// SIGTERM or Ctrl-C: no new connections, sockets close with "restart", requests end.
async fn end_on_signal(app: App, handle: axum_server::Handle<SocketAddr>) {
    wait_for_signal().await;
    tracing::info!("ending");
    app.shutdown.cancel();
    handle.graceful_shutdown(Some(DRAIN_MAX));
}

async fn wait_for_signal() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}

async fn sweep(app: App) {
    let ended: CancellationToken = app.shutdown.clone();
    loop {
        tokio::select! {
            () = ended.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(600)) => {
                app.limits.sweep();
                let now = app.clock.now();
                if let Err(error) = app.db.write(async |tx| db::identity::sweep(tx, now).await).await {
                    tracing::debug!(%error, "ended sessions of members not forgotten");
                }
            }
        }
    }
}

fn read_password() -> anyhow::Result<String> {
    eprint!("Password: ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn admin(config: Config, what: Admin) -> anyhow::Result<()> {
    std::fs::create_dir_all(&config.data)?;
    let db = open(&config).await?;
    let done = match what {
        Admin::CreateOwner { email, name, service_name, service_id, site } => {
            let form = SetUp { name, email, password: read_password()?, service_name, service_key: service_id, site };
            accounts::create_owner(&db, &config, &Clock::System, form).await.map(|()| "The owner and the service are made.")
        }
        Admin::AllowOrigin { service, origin } => {
            let origin =
                accounts::origin(&origin).with_context(|| format!("{origin:?} is no origin, write it like https://shop.example"))?;
            db.write(async |tx| {
                let service = db::services::find_by_key(tx, &service).await?.ok_or(super::error::Error::NotFound)?;
                let widget = db::services::widget_key(tx, service.id).await?.ok_or(super::error::Error::NotFound)?;
                db::services::insert_origin(tx, &widget, &origin).await
            })
            .await
            .map(|()| "Pages of this origin may carry the widget.")
        }
        Admin::ResetPassword { email } => accounts::reset_password(&db, &email, read_password()?)
            .await
            .map(|()| "The password is set; the account is signed out everywhere."),
    };
    db.close().await;
    match done {
        Ok(text) => {
            println!("{text}");
            Ok(())
        }
        Err(super::error::Error::Invalid(fields)) => {
            let list: Vec<String> = fields.iter().map(|f| format!("{}: {:?}", f.field, f.problem)).collect();
            anyhow::bail!("not accepted: {}", list.join(", "))
        }
        Err(super::error::Error::NotFound) => anyhow::bail!("not found, or set-up is already done"),
        Err(error) => Err(anyhow::anyhow!("{error:#}")),
    }
}

async fn check_config(options: Options) -> anyhow::Result<()> {
    let config = Config::from(options, false)?;
    println!("listen        {}", config.listen);
    println!("public url    {}", config.public_url);
    println!("tls           {}", if config.tls.is_some() { "by certificate files" } else { "none here (loopback, or behind a proxy)" });
    println!(
        "proxies       {}",
        if config.trusted_proxies.is_empty() { "none trusted".to_owned() } else { format!("{:?}", config.trusted_proxies) }
    );
    if config.tls.is_none() && config.public_url.starts_with("https") && config.trusted_proxies.is_empty() {
        println!(
            "warning: PUBLIC_URL is https, but neither TLS_CERT nor TRUSTED_PROXIES is set: sign-in will see every client as the proxy"
        );
    }
    if config.public_url.starts_with("http:") && !config.listen.ip().is_loopback() {
        println!("warning: on plain http browsers drop the session cookie: nobody can sign in from another machine");
    }
    super::http::site::Site::open(&config.site)?;
    println!("site          {}", config.site.display());
    let db = open(&config).await?;
    db.ping().await.map_err(|e| anyhow::anyhow!("{e:#}"))?;
    println!(
        "database      {}",
        if matches!(db, Db::Sqlite { .. }) { "SQLite, reachable and up to date" } else { "PostgreSQL, reachable and up to date" }
    );
    db::keys::check(&db, &super::keys::Keys::open(&config)?).await?;
    db.close().await;
    println!("ok");
    Ok(())
}
