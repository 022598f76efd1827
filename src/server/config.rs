//! The configuration: command line and environment, checked once at start.

use super::mail::Smtp;
use anyhow::Context as _;
use clap::Args;
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

/// How the program is told what to do; every option is also an environment variable.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The address that people reach this server by, e.g. https://chat.example
    #[arg(long, env = "PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Folder of the database and files [default: ./data]
    #[arg(long, env = "DATA_DIR")]
    pub data: Option<PathBuf>,
    /// sqlite:PATH or postgres://USER@HOST/NAME [default: sqlite in the data folder]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// 32 random bytes in hex or base64url that sign links and seal secrets [default: secret.key in the data folder, made at the first start]
    #[arg(long, env = "SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// nats://HOST:4222, when several nodes serve one database
    #[arg(long, env = "BUS_URL", hide_env_values = true)]
    pub bus_url: Option<String>,
    /// Networks of proxies whose X-Forwarded-* headers are believed, e.g. 10.0.0.0/8,::1/128
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<String>,
    /// Certificate chain in PEM; with --tls-key the server speaks https itself
    #[arg(long, env = "TLS_CERT")]
    pub tls_cert: Option<PathBuf>,
    /// Private key in PEM
    #[arg(long, env = "TLS_KEY")]
    pub tls_key: Option<PathBuf>,
    /// The mail server: smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…; without one no mail is sent
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The sender of our mail, e.g. "Shop <help@shop.example>"
    #[arg(long, env = "MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Address of the listener for /metrics, /healthz and /readyz; none by default
    #[arg(long, env = "METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// Folder of the site's files [default: `site` beside the program]
    #[arg(long, env = "DAMSO_SITE")]
    pub site: Option<PathBuf>,
    /// Sockets that visitors of one address may hold open [default: 2000]
    #[arg(long, env = "SOCKETS_PER_ADDRESS")]
    pub sockets_per_address: Option<u32>,
    /// `text` or `json` [default: text]
    #[arg(long, env = "LOG_FORMAT")]
    pub log_format: Option<String>,
}

/// Certificate and key for https.
#[derive(Clone, Debug)]
pub struct Tls {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// Without a slash at the end.
    pub public_url: String,
    /// Exact origins that pages of ours have: only they may post and open sockets.
    pub origins: Vec<String>,
    pub data: PathBuf,
    pub database_url: String,
    /// None: the data folder's file.
    pub secret_key: Option<String>,
    pub bus_url: Option<String>,
    pub trusted_proxies: Vec<IpNet>,
    pub tls: Option<Tls>,
    /// None: no mail is sent.
    pub smtp: Option<Smtp>,
    pub metrics_listen: Option<SocketAddr>,
    pub site: PathBuf,
    pub sockets_per_address: u32,
    /// The demo: sample accounts and the sample shop exist.
    pub demo: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            public_url: "http://127.0.0.1:3000".to_owned(),
            origins: loopback_origins("http", 3000),
            data: PathBuf::from("data"),
            database_url: "sqlite:data/damso.db".to_owned(),
            secret_key: None,
            bus_url: None,
            trusted_proxies: Vec::new(),
            tls: None,
            smtp: None,
            metrics_listen: None,
            site: PathBuf::from("site"),
            sockets_per_address: 2_000,
            demo: false,
        }
    }
}

/// Not `[::1]`: a content security policy cannot name it.
fn loopback_origins(scheme: &str, port: u16) -> Vec<String> {
    ["127.0.0.1", "localhost"].iter().map(|host| format!("{scheme}://{host}:{port}")).collect()
}

impl Config {
    /// Checks the options and fills in what they leave out.
    ///
    /// # Errors
    /// What is wrong, and with which option.
    pub fn from(options: Options, demo: bool) -> anyhow::Result<Self> {
        let listen = options.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
        let data = options.data.unwrap_or_else(|| PathBuf::from("data"));
        let tls = match (options.tls_cert, options.tls_key) {
            (Some(cert), Some(key)) => {
                for file in [&cert, &key] {
                    anyhow::ensure!(file.is_file(), "TLS: cannot read {}", file.display());
                }
                Some(Tls { cert, key })
            }
            (None, None) => None,
            _ => anyhow::bail!("TLS_CERT and TLS_KEY belong together: set both or none"),
        };
        let smtp = match (options.smtp_url, options.mail_from) {
            (Some(url), Some(from)) => Some(Smtp::new(url, &from)?),
            (None, None) => None,
            _ => anyhow::bail!("SMTP_URL and MAIL_FROM belong together: set both or none"),
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let mut origins = Vec::new();
        let public_url = match options.public_url {
            Some(given) => {
                let origin = super::actions::accounts::origin(&given)
                    .with_context(|| format!("PUBLIC_URL must be an http(s) address without a path, not {given:?}"))?;
                origins.push(origin.clone());
                origin
            }
            None if listen.ip().is_loopback() => format!("{scheme}://127.0.0.1:{}", listen.port()),
            None => anyhow::bail!("PUBLIC_URL is needed when the server listens beyond this machine ({listen})"),
        };
        if listen.ip().is_loopback() {
            origins.extend(loopback_origins(scheme, listen.port()));
        }
        let trusted_proxies = options
            .trusted_proxies
            .iter()
            .map(|s| s.trim())
            .filter(|s| !s.is_empty())
            .map(|s| {
                s.parse::<IpNet>()
                    .or_else(|_| s.parse::<IpAddr>().map(IpNet::from))
                    .with_context(|| format!("TRUSTED_PROXIES: {s:?} is no network"))
            })
            .collect::<anyhow::Result<_>>()?;
        let database_url = options.database_url.unwrap_or_else(|| format!("sqlite:{}", data.join("damso.db").display()));
        anyhow::ensure!(
            ["sqlite:", "postgres:", "postgresql:"].iter().any(|p| database_url.starts_with(p)),
            "DATABASE_URL must begin with sqlite: or postgres:"
        );
        let site = match options.site {
            Some(site) => site,
            None => std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("site"))).unwrap_or_else(|| PathBuf::from("site")),
        };
        Ok(Self {
            listen,
            public_url,
            origins,
            data,
            database_url,
            secret_key: options.secret_key.filter(|key| !key.is_empty()),
            bus_url: options.bus_url,
            trusted_proxies,
            tls,
            smtp,
            metrics_listen: options.metrics_listen,
            site,
            sockets_per_address: options.sockets_per_address.unwrap_or(2_000),
            demo,
        })
    }

    /// Whether a peer is one of our own proxies.
    #[must_use]
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|net| net.contains(&peer))
    }

    /// Whether pages with this origin are ours.
    #[must_use]
    pub fn is_own_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|own| own == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(options: Options) -> String {
        Config::from(options, false).map(drop).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_said_by_its_name() {
        assert!(refused(Options { listen: Some("0.0.0.0:80".parse().unwrap()), ..Options::default() }).contains("PUBLIC_URL"));
        assert!(refused(Options { public_url: Some("https://a.example/x".into()), ..Options::default() }).contains("PUBLIC_URL"));
        assert!(refused(Options { tls_cert: Some("a.pem".into()), ..Options::default() }).contains("TLS_KEY"));
        assert!(refused(Options { smtp_url: Some("smtp://a.example".into()), ..Options::default() }).contains("MAIL_FROM"));
        assert!(refused(Options { trusted_proxies: vec!["nonsense".into()], ..Options::default() }).contains("TRUSTED_PROXIES"));
        assert!(refused(Options { database_url: Some("mysql://x".into()), ..Options::default() }).contains("DATABASE_URL"));
    }

    #[test]
    fn the_default_is_loopback_and_sqlite() {
        let config = Config::from(Options::default(), false).unwrap();
        assert!(config.is_own_origin("http://localhost:3000"));
        assert!(!config.is_own_origin("http://localhost:3001"));
        assert_eq!(config.database_url, "sqlite:data/damso.db");
    }
}
