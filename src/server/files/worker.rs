//! Sweeps files that nothing names: a customer went while he sent them, or the program was
//! killed between a file and its row.

use crate::{domain::time::DAY, server::state::App};
use std::time::Duration;

/// Between two sweeps.
const EVERY: Duration = Duration::from_secs(6 * 60 * 60);
/// How old a file must be; no upload takes so long.
const AGE: i64 = DAY;

/// Sweeps now and then, until the program ends.
pub async fn run(app: App) {
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        match app.files.sweep(&app.db, app.clock.now().plus(-AGE)).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "files without a message deleted"),
            Err(error) => tracing::warn!(%error, "files were not swept"),
        }
    }
}
