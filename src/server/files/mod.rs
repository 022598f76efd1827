//! Files that people send, in a store outside of the database (SECURITY §5): streamed in,
//! told by their content, counted by the bytes read. A file is stored first and gets its
//! row in the transaction; what has no row is swept.

pub mod cards;
mod picture;
mod sniff;
mod worker;

pub use worker::run;

use super::{
    clock::new_id,
    db::{self, Db},
    error::{Error, Result},
};
use crate::{
    api::Problem,
    domain::{
        attachment::{Attachment, Kind, Picture, file_name},
        ids::FileId,
        time::Timestamp,
    },
};
use anyhow::Context as _;
use bytes::Bytes;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart, local::LocalFileSystem, path::Path};
use sha2::{Digest as _, Sha256};
use sniff::Watch;
use std::{pin::pin, sync::Arc};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Below the data folder.
pub const FOLDER: &str = "files";
/// A part of an upload; object storage takes no smaller ones.
const PART: usize = 5 * 1024 * 1024;
/// Pictures that are decoded at once: each may take some 200 MB.
const PICTURES: usize = 2;
/// Parts of uploads that a killed program left are gone after this time, in seconds.
const LEFT_OVER: u64 = 24 * 60 * 60;

/// The store.
pub struct Files {
    store: Arc<dyn ObjectStore>,
    pictures: Semaphore,
}

/// A file that lies in the store and has no row yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: FileId,
    /// As its sender called it, cleaned.
    pub name: String,
    pub media: &'static str,
    pub size: u64,
    pub sha256: [u8; 32],
    pub picture: Option<Picture>,
}

/// What came with a message: its files, or why they were not taken.
#[derive(Clone, Debug, Default)]
pub struct Attached {
    pub files: Vec<Stored>,
    pub problem: Option<Problem>,
    /// Which of the files as they were sent was the first that was not taken.
    pub wrong: Option<usize>,
}

impl Attached {
    /// Whether nothing was sent, not even in vain.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.problem.is_none()
    }
}

impl From<&Stored> for Attachment {
    fn from(file: &Stored) -> Self {
        Self { id: file.id, name: file.name.clone(), media: file.media.to_owned(), size: file.size, picture: file.picture }
    }
}

impl Files {
    /// The store in a folder, which is made when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn in_folder(folder: &std::path::Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder for files {}", folder.display()))?;
        clear_left_over(folder).with_context(|| format!("cannot read the folder for files {}", folder.display()))?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), pictures: Semaphore::new(PICTURES) })
    }

    /// Takes a file in. Reading stops with the first byte beyond `max`, and where the
    /// content is of no kind that is taken; nothing is stored then. Pictures are written
    /// anew.
    ///
    /// # Errors
    /// `Invalid` beside `files`; what the stream says; `Unavailable` when the store fails.
    pub async fn take(&self, name: &str, max: u64, body: impl Stream<Item = Result<Bytes>>) -> Result<Stored> {
        let mut body = pin!(body.fuse());
        let (mut head, mut size) = (Vec::new(), 0);
        while head.len() < sniff::HEAD {
            let Some(chunk) = body.try_next().await? else { break };
            grow(&mut size, &chunk, max)?;
            head.extend_from_slice(&chunk);
        }
        if head.is_empty() {
            return Err(wrong(Problem::FileEmpty));
        }
        let kind = sniff::kind(&head[..head.len().min(sniff::HEAD)]).ok_or_else(|| wrong(Problem::FileType))?;
        let id = FileId(new_id());
        let upload = self.store.put_multipart(&path(id)).await.map_err(away)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        let (mut watch, mut sha) = (Watch::new(kind), Sha256::new());
        let read = async {
            let mut next = Some(Bytes::from(head));
            while let Some(chunk) = next {
                if !watch.read(&chunk) {
                    return Err(wrong(Problem::FileType));
                }
                sha.update(&chunk);
                upload.wait_for_capacity(1).await.map_err(away)?;
                upload.put(chunk);
                next = body.try_next().await?;
                if let Some(chunk) = &next {
                    grow(&mut size, chunk, max)?;
                }
            }
            if watch.holds() { Ok(()) } else { Err(wrong(Problem::FileType)) }
        };
        if let Err(error) = read.await {
            let _ = upload.abort().await;
            return Err(error);
        }
        upload.finish().await.map_err(away)?;
        let stored = Stored { id, name: file_name(name, kind), media: kind.media(), size, sha256: sha.finalize().into(), picture: None };
        if !kind.is_picture() {
            return Ok(stored);
        }
        let written = self.rewrite(id, kind, None).await;
        if written.is_err() {
            self.delete(id).await;
        }
        let picture::Written { bytes, kind, size } = written?;
        Ok(Stored {
            name: file_name(name, kind),
            media: kind.media(),
            size: bytes.len() as u64,
            sha256: Sha256::digest(&bytes).into(),
            picture: Some(size),
            ..stored
        })
    }

    /// Fits a picture that is stored into a square, in its place.
    ///
    /// # Errors
    /// `Invalid` beside `files` where it is none; `Unavailable` when the store fails.
    pub async fn fit(&self, stored: Stored, side: u32) -> Result<Stored> {
        let kind = [Kind::Png, Kind::Jpeg].into_iter().find(|kind| kind.media() == stored.media);
        let kind = kind.ok_or_else(|| wrong(Problem::NotAPicture))?;
        let picture::Written { bytes, kind, size } = self.rewrite(stored.id, kind, Some(side)).await?;
        let sha256 = Sha256::digest(&bytes).into();
        Ok(Stored { media: kind.media(), size: bytes.len() as u64, sha256, picture: Some(size), ..stored })
    }

    /// Puts a picture in the place of what was sent.
    async fn rewrite(&self, id: FileId, kind: Kind, side: Option<u32>) -> Result<picture::Written> {
        let Ok(_permit) = self.pictures.acquire().await else { return Err(Error::Unavailable) };
        let raw = self.store.get(&path(id)).await.map_err(away)?.bytes().await.map_err(away)?;
        let written = tokio::task::spawn_blocking(move || picture::rewrite(&raw, kind, side)).await.context("decoding a picture")?;
        let written = written.ok_or_else(|| wrong(Problem::NotAPicture))?;
        self.store.put(&path(id), written.bytes.clone().into()).await.map_err(away)?;
        Ok(written)
    }

    /// A file's bytes.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` when the store fails.
    pub async fn read(&self, id: FileId) -> Result<BoxStream<'static, object_store::Result<Bytes>>> {
        Ok(self.store.get(&path(id)).await.map_err(away)?.into_stream())
    }

    /// Deletes files that got no row. Whether a transaction that broke off was stored after
    /// all is asked of the database; what it cannot say is left to the sweep.
    pub async fn discard(&self, db: &Db, files: &[Stored]) {
        for file in files {
            if let Ok(false) = db.look(async |tx| db::files::is_kept(tx, file.id).await).await {
                self.delete(file.id).await;
            }
        }
    }

    /// Deletes a file; one that is gone is no matter, one that stays is swept.
    async fn delete(&self, id: FileId) {
        match self.store.delete(&path(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => tracing::warn!(%error, "a file was not deleted"),
        }
    }

    /// Deletes what is older than `before` and has no row; how many these were.
    ///
    /// # Errors
    /// When the store or the database fails.
    pub async fn sweep(&self, db: &Db, before: Timestamp) -> Result<u64> {
        let mut all = self.store.list(None).chunks(200);
        let mut swept = 0;
        while let Some(batch) = all.next().await {
            let mut old = Vec::new();
            for file in batch {
                let file = file.map_err(away)?;
                let id = file.location.filename().and_then(|name| Uuid::parse_str(name).ok());
                if let Some(id) = id.filter(|_| file.last_modified.timestamp_millis() < before.0) {
                    old.push(FileId(id));
                }
            }
            let unkept = db
                .look(async |tx| {
                    let mut unkept = Vec::new();
                    for id in old {
                        if !db::files::is_kept(tx, id).await? {
                            unkept.push(id);
                        }
                    }
                    Ok(unkept)
                })
                .await?;
            swept += unkept.len() as u64;
            for id in unkept {
                self.delete(id).await;
            }
        }
        Ok(swept)
    }

    /// Copies a file into another store, unless it is there; files never change.
    ///
    /// # Errors
    /// When it is not there, or not whole.
    pub async fn copy(&self, id: FileId, size: u64, to: &Self) -> anyhow::Result<()> {
        if to.store.head(&path(id)).await.is_ok_and(|there| there.size == size) {
            return Ok(());
        }
        let file = self.store.get(&path(id)).await.with_context(|| format!("the file {} is missing", path(id)))?;
        anyhow::ensure!(file.meta.size == size, "the file {} has {} bytes instead of {size}", path(id), file.meta.size);
        let mut upload = WriteMultipart::new_with_chunk_size(to.store.put_multipart(&path(id)).await?, PART);
        let mut bytes = file.into_stream();
        while let Some(chunk) = bytes.try_next().await? {
            upload.wait_for_capacity(1).await?;
            upload.put(chunk);
        }
        upload.finish().await?;
        Ok(())
    }
}

/// Where a file lies: in 256 folders, by the random end of its id.
fn path(id: FileId) -> Path {
    let name = id.0.simple().to_string();
    Path::from(format!("{}/{name}", &name[name.len() - 2..]))
}

fn wrong(problem: Problem) -> Error {
    Error::field("files", problem)
}

fn grow(size: &mut u64, chunk: &Bytes, max: u64) -> Result<()> {
    *size += chunk.len() as u64;
    if *size > max { Err(wrong(Problem::FileTooLarge)) } else { Ok(()) }
}

fn away(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::NotFound,
        error => {
            tracing::error!(%error, "the store of files failed");
            Error::Unavailable
        }
    }
}

/// Unfinished uploads of a program that was killed; the store itself does not list them.
fn clear_left_over(folder: &std::path::Path) -> std::io::Result<()> {
    for below in std::fs::read_dir(folder)? {
        let below = below?.path();
        if !below.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(below)? {
            let file = file?;
            let unfinished = file.file_name().to_string_lossy().contains('#');
            let age = file.metadata()?.modified()?.elapsed().unwrap_or_default();
            if unfinished && age.as_secs() > LEFT_OVER {
                std::fs::remove_file(file.path())?;
            }
        }
    }
    Ok(())
}
