//! A private PostgreSQL cluster for the tests: made anew, on a free port, gone afterwards.

use crate::step::{program, target};
use anyhow::{Context as _, Result, bail, ensure};
use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub struct Cluster {
    server: Child,
    folder: PathBuf,
    pub url: String,
}

impl Cluster {
    pub fn start() -> Result<Self> {
        let bin = binaries()?;
        let folder = target().join(format!("postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        // The server refuses to run as root; as another user it must own its folder.
        let user = is_root().then_some("postgres");
        if let Some(user) = user {
            ensure!(program("chown").arg(user).arg(&folder).status()?.success(), "chown {}", folder.display());
        }
        let data = folder.join("data");
        let made = as_user(user, &bin.join("initdb"))
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data)
            .stdout(Stdio::null())
            .status()
            .context("initdb")?;
        ensure!(made.success(), "initdb failed");
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = as_user(user, &bin.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=400", "-c"])
            .arg(format!("port={port}"))
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("log"))?)
            .spawn()
            .context("postgres")?;
        let mut cluster = Self { server, folder, url: format!("postgres://postgres@127.0.0.1:{port}") };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = cluster.server.try_wait()? {
                let log = fs::read_to_string(cluster.folder.join("log")).unwrap_or_default();
                bail!("PostgreSQL ended at once ({status}): {log}");
            }
            ensure!(start.elapsed() < Duration::from_secs(30), "PostgreSQL does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(cluster)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown; its own children end with it.
        let _ = program("kill").args(["-INT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    program("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0"))
}

/// Runs a program as another user, ending with us however we end.
fn as_user(user: Option<&str>, path: &Path) -> Command {
    let mut command = program("setpriv");
    command.arg("--pdeathsig=INT");
    if let Some(user) = user {
        command.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".to_owned()]);
    }
    command.arg(path).current_dir("/");
    command
}

fn binaries() -> Result<PathBuf> {
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").map(|found| found.flatten().map(|f| f.path().join("bin")).collect()).unwrap_or_default();
    versions.retain(|bin| bin.join("initdb").exists());
    versions.sort();
    versions.pop().context("no PostgreSQL in /usr/lib/postgresql (Debian: apt-get install postgresql)")
}
