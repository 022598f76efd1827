//! Mail: written into the outbox in the transaction that causes it, sent by a worker of
//! its own. A mail server that hangs, fails or is away holds up nothing but its mail.

use super::{
    db::{self, Tx},
    error::Result,
    state::App,
};
use crate::domain::time::{HOUR, MINUTE, SECOND, Timestamp};
use anyhow::Context as _;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use std::time::Duration;

/// One try may take so long, in milliseconds.
const PATIENCE: u64 = 30_000;
/// A claimed mail whose node died is tried by another after this time.
const CLAIM: i64 = 5 * MINUTE;
/// Waits between tries; after the last one it is given up.
const PAUSES: [i64; 10] = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 24 * HOUR];
/// Another node may have written one: the outbox is looked at this often.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// `smtp://`, `smtps://`, with user, password and `?tls=required` where wanted.
    pub url: String,
    pub from: Mailbox,
}

impl Smtp {
    /// Checks both.
    ///
    /// # Errors
    /// What is wrong, and with which option.
    pub fn new(url: String, from: &str) -> anyhow::Result<Self> {
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).context("SMTP_URL must be smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…")?;
        let from = from.parse().with_context(|| format!("MAIL_FROM must be an address like \"Shop <help@shop.example>\", not {from:?}"))?;
        Ok(Self { url, from })
    }
}

/// Puts a mail into the outbox, if mail is set up at all.
///
/// # Errors
/// The database's.
pub async fn post(tx: &mut Tx, app: &App, recipient: &str, subject: &str, body: &str) -> Result<()> {
    if app.config.smtp.is_none() {
        return Ok(());
    }
    db::mail::insert(tx, recipient, subject, body, app.clock.now()).await?;
    // Before the commit: the worker looks again a little later, whatever it sees now.
    app.mail.notify_one();
    Ok(())
}

/// Sends what is due, until the program ends.
pub async fn run(app: App) {
    let Some(smtp) = app.config.smtp.clone() else { return };
    let transport = match AsyncSmtpTransport::<Tokio1Executor>::from_url(&smtp.url) {
        Ok(builder) => builder.timeout(Some(Duration::from_millis(PATIENCE))).build(),
        Err(error) => return tracing::error!(%error, "mail is not sent"),
    };
    loop {
        match Box::pin(send_next(&app, &smtp, &transport)).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "outbox of mail"),
        }
        let due = app.db.look(async |tx| db::mail::next_due(tx).await).await.ok().flatten();
        let wait =
            due.map_or(LOOK_EVERY, |at| Duration::from_millis(u64::try_from(at.since(app.clock.now())).unwrap_or(0)).min(LOOK_EVERY));
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
            // The writer commits in a moment.
            () = app.mail.notified() => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// One try of the mail that is due; whether there was one.
async fn send_next(app: &App, smtp: &Smtp, transport: &AsyncSmtpTransport<Tokio1Executor>) -> Result<bool> {
    let now = app.clock.now();
    let Some(mail) = app.db.write(async |tx| db::mail::claim(tx, now, now.plus(CLAIM)).await).await? else { return Ok(false) };
    let sent = match message(smtp, &mail) {
        Ok(message) => transport.send(message).await.map(drop).map_err(|error| (error.is_permanent(), error.to_string())),
        // An address that is none: no server will ever take it.
        Err(error) => Err((true, format!("{error:#}"))),
    };
    match sent {
        Ok(()) => {
            metrics::counter!("damso_mail_total", "outcome" => "sent").increment(1);
            app.db.write(async |tx| db::mail::delete(tx, mail.id).await).await?;
        }
        Err((permanent, trouble)) => {
            let due = next_try(mail.tries(), permanent, app.clock.now());
            metrics::counter!("damso_mail_total", "outcome" => if due.is_some() { "put off" } else { "given up" }).increment(1);
            tracing::warn!(mail = %mail.id, given_up = due.is_none(), trouble, "mail not sent");
            app.db.write(async |tx| db::mail::put_off(tx, mail.id, due, &trouble).await).await?;
        }
    }
    Ok(true)
}

fn message(smtp: &Smtp, mail: &db::mail::Waiting) -> anyhow::Result<Message> {
    let domain = smtp.from.email.domain();
    Ok(Message::builder()
        .from(smtp.from.clone())
        .to(mail.recipient.parse().context("recipient")?)
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        .subject(mail.subject.clone())
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone())?)
}

/// When a mail is tried again after `tries` tries before the one that failed.
fn next_try(tries: u64, permanent: bool, now: Timestamp) -> Option<Timestamp> {
    let pause = PAUSES.get(usize::try_from(tries).unwrap_or(usize::MAX)).filter(|_| !permanent)?;
    Some(now.plus(*pause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_tried_again_ever_later_and_given_up() {
        let now = Timestamp(0);
        let waits: Vec<_> = (0..12).map(|tries| next_try(tries, false, now)).collect();
        assert!(waits[..10].windows(2).all(|w| w[0] < w[1]));
        assert_eq!((waits[0], waits[10], next_try(0, true, now)), (Some(Timestamp(5_000)), None, None));
    }

    #[test]
    fn options_are_checked() {
        assert!(Smtp::new("smtp://127.0.0.1:2525".into(), "상점 <help@shop.example>").is_ok());
        assert!(Smtp::new("smtps://user:secret@mail.example".into(), "help@shop.example").is_ok());
        assert!(Smtp::new("http://mail.example".into(), "help@shop.example").unwrap_err().to_string().contains("SMTP_URL"));
        assert!(Smtp::new("smtp://mail.example".into(), "nobody").unwrap_err().to_string().contains("MAIL_FROM"));
    }
}
