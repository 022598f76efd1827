//! The row of a chat is the projection of its log: looked at for every chat of every test,
//! when the test's program goes.

use damso::{
    domain::{
        chat::Chat,
        ids::{ChatId, QueueId},
    },
    server::{
        db::{self, Tx},
        error::Result,
        state::App,
    },
};
use tokio::runtime::{Handle, RuntimeFlavor};
use uuid::Uuid;

/// What the log makes of this chat, if it came into the queue that it is in now, and if it
/// came into another one: that is in no event.
async fn rebuilt(tx: &mut Tx, row: &Chat) -> Result<[Chat; 2]> {
    let logged = db::events::page(tx, row.id, None, false, u32::MAX).await?;
    Ok([row.queue, QueueId(Uuid::nil())].map(|queue| {
        let blank = Chat::intake(row.id, row.service, queue, row.visitor, String::new(), row.intake_at).0;
        let blank = Chat { seq: 0, public_seq: 0, ..blank };
        logged.iter().fold(blank, |chat, logged| chat.apply(&logged.event, logged.at))
    }))
}

/// Fails the test when a row says something else than its log.
pub fn check(app: &App) {
    let Ok(runtime) = Handle::try_current() else { return };
    // A runtime of one thread cannot wait here; its tests have no chats.
    if runtime.runtime_flavor() != RuntimeFlavor::MultiThread {
        return;
    }
    let compared = app.db.read(async |tx| {
        let ids: Vec<Uuid> = match tx {
            Tx::Sqlite(line) => sqlx::query_scalar("SELECT id FROM chat").fetch_all(&mut **line).await?,
            Tx::Postgres(line) => sqlx::query_scalar("SELECT id FROM chat").fetch_all(&mut **line).await?,
        };
        let mut pairs = Vec::new();
        for id in ids {
            if let Some(row) = db::chats::find(tx, ChatId(id)).await? {
                pairs.push((rebuilt(tx, &row).await?, row));
            }
        }
        Ok(pairs)
    });
    let pairs = tokio::task::block_in_place(|| runtime.block_on(compared)).expect("the chats of a test can be read at its end");
    for (rebuilt, row) in pairs {
        assert!(rebuilt.contains(&row), "the row of a chat is not what its log makes of it: {row:?}, but {rebuilt:?}");
    }
}
