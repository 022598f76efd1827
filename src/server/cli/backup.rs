//! Backup and restore: the database, and the files that it names.

use super::open;
use crate::server::{
    config::Config,
    db::{self, Db},
    files::{FOLDER, Files},
};
use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// Where the files of a backup lie.
fn beside(backup: &Path) -> PathBuf {
    let mut path = backup.to_owned().into_os_string();
    path.push(".files");
    path.into()
}

/// Writes a copy of the database, then of the files that it names.
///
/// # Errors
/// What went wrong, for the terminal; a file that is missing too.
pub async fn write(config: &Config, to: &Path) -> anyhow::Result<()> {
    let db = Db::open(&config.database_url).await?;
    db.backup(to).await?;
    db.close().await;
    let files = copy_files(to, &config.data.join(FOLDER), &beside(to)).await?;
    println!("Backup written and checked: {} and {files} file(s)", to.display());
    Ok(())
}

/// Copies what the database in `backup` names, each file whole; how many these are.
async fn copy_files(backup: &Path, from: &Path, to: &Path) -> anyhow::Result<usize> {
    let named = db::files::of_backup(backup).await?;
    if named.is_empty() {
        return Ok(0);
    }
    let (from, to) = (Files::in_folder(from)?, Files::in_folder(to)?);
    for (id, size) in &named {
        from.copy(*id, *size, &to).await?;
    }
    Ok(named.len())
}

/// Puts a backup in place of the database, and its files beside those that are there.
///
/// # Errors
/// What went wrong, for the terminal.
pub async fn restore(config: &Config, from: &Path, replace: bool) -> anyhow::Result<()> {
    let Some(path) = config.database_url.strip_prefix("sqlite:") else {
        anyhow::bail!("PostgreSQL is restored by pg_restore (docs/OPERATING.md)")
    };
    let target = PathBuf::from(path);
    db::check_sqlite(from).await.with_context(|| format!("{} is no sound backup", from.display()))?;
    // Before anything is replaced: files of the same id are the same.
    let files = copy_files(from, &beside(from), &config.data.join(FOLDER)).await?;
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder)?;
    }
    if target.exists() {
        anyhow::ensure!(
            replace,
            "{} exists; stop the server and say --replace to keep it beside and put the backup in its place",
            target.display()
        );
        // Fold the log of the old file into it, so that the copy that is kept is whole;
        // this also fails while a server still writes.
        let old = Db::open(&config.database_url).await?;
        old.close().await;
        let mut n = 1;
        let kept = loop {
            let name = target.with_extension(format!("replaced-{n}.db"));
            if !name.exists() {
                break name;
            }
            n += 1;
        };
        std::fs::rename(&target, &kept)?;
        for end in ["-wal", "-shm"] {
            let mut log = target.clone().into_os_string();
            log.push(end);
            let _ = std::fs::remove_file(log);
        }
        println!("The old database is kept as {}", kept.display());
    }
    let part = target.with_extension("restoring");
    std::fs::copy(from, &part)?;
    std::fs::File::open(&part)?.sync_all()?;
    std::fs::rename(&part, &target)?;
    let db = open(config).await?;
    db.close().await;
    println!("Restored: {} and {files} file(s)", target.display());
    Ok(())
}
