//! Whether this database belongs to the key that the server was started with.

use super::{Db, on};
use crate::server::{
    error::Error,
    keys::{Keys, Purpose},
};

const WORD: &[u8] = b"damso";

/// Notes the key at the first start, and refuses another one later: what was sealed could
/// not be read any more.
///
/// # Errors
/// For another key.
pub async fn check(db: &Db, keys: &Keys) -> anyhow::Result<()> {
    let sealed = keys.seal(Purpose::Check, WORD, WORD)?;
    let stored: Vec<u8> = db
        .write(async |tx| {
            on!(tx, |c| sqlx::query("INSERT INTO key_check (id, sealed) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
                .bind(&sealed)
                .execute(c)
                .await
                .map(drop))?;
            Ok(on!(tx, |c| sqlx::query_scalar("SELECT sealed FROM key_check WHERE id = 1").fetch_one(c).await)?)
        })
        .await
        .map_err(|error: Error| anyhow::anyhow!("{error:#}"))?;
    anyhow::ensure!(
        keys.unseal(Purpose::Check, WORD, &stored).is_ok_and(|word| word == WORD),
        "this database was used with another SECRET_KEY (or secret.key in the data folder): bring that one back"
    );
    Ok(())
}
