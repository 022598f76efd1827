//! One socket: limits, pings and time-outs that agents' and visitors' sessions share.

use crate::protocol::{CLIENT_FRAME_MAX, ClientFrame, Goodbye};
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use serde::Serialize;
use std::time::Duration;
use tokio::time::Instant;

/// The server pings this often; presence is decided here, never by browser timers.
pub const PING_EVERY: Duration = Duration::from_secs(20);
/// Two missed pings and a socket is gone.
const SILENT_MAX: Duration = Duration::from_secs(45);
/// A write that is blocked for longer closes the socket; the client comes back and resumes.
const WRITE_MAX: Duration = Duration::from_secs(10);
/// Frames a client may send at once, and per second afterwards.
const FRAMES_BURST: f64 = 40.0;
const FRAMES_PER_SECOND: f64 = 20.0;
/// The first frame must come within this time.
const HELLO_MAX: Duration = Duration::from_secs(10);

/// How a client closes that means it: 1000 by our script (`ui/live/host.js`), 1001 by the
/// browser when the page goes.
const GOODBYES: [u16; 2] = [1000, 1001];

/// The socket is closed or was given up; nothing more can be said on it.
#[derive(Debug)]
pub struct Closed;

/// A socket with its limits.
pub struct Wire {
    socket: WebSocket,
    heard_at: Instant,
    frames: f64,
    counted_at: Instant,
}

/// What came in.
#[derive(Debug)]
pub enum Incoming {
    Frame(ClientFrame),
    /// Not of this protocol, or too many: say goodbye.
    Bad,
    /// The other side is done and has said so.
    Bye,
    /// The line broke, or the other side gave it up to try another.
    Closed,
}

impl Wire {
    #[must_use]
    pub fn new(socket: WebSocket) -> Self {
        let now = Instant::now();
        Self { socket, heard_at: now, frames: FRAMES_BURST, counted_at: now }
    }

    /// The first frame's text, or why there is none.
    pub async fn hello(&mut self) -> Result<String, Option<Goodbye>> {
        let first = tokio::time::timeout(HELLO_MAX, self.socket.recv()).await.map_err(|_| Some(Goodbye::BadFrame))?;
        match first {
            Some(Ok(Message::Text(text))) if text.len() <= CLIENT_FRAME_MAX => Ok(text.as_str().to_owned()),
            Some(Ok(_)) => Err(Some(Goodbye::BadFrame)),
            Some(Err(_)) | None => Err(None),
        }
    }

    /// The next frame. Cancel safe.
    pub async fn receive(&mut self) -> Incoming {
        loop {
            let message = self.socket.recv().await;
            self.heard_at = Instant::now();
            match message {
                Some(Ok(Message::Text(text))) => {
                    if !self.allow() || text.len() > CLIENT_FRAME_MAX {
                        return Incoming::Bad;
                    }
                    return serde_json::from_str(&text).map_or(Incoming::Bad, Incoming::Frame);
                }
                Some(Ok(Message::Binary(_))) => return Incoming::Bad,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                    if !self.allow() {
                        return Incoming::Bad;
                    }
                }
                Some(Ok(Message::Close(frame))) if frame.as_ref().is_none_or(|frame| GOODBYES.contains(&frame.code)) => {
                    return Incoming::Bye;
                }
                // Broken frames and broken UTF-8 end the connection below us.
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Incoming::Closed,
            }
        }
    }

    /// How long nothing has come, not even an answer to a ping.
    #[must_use]
    pub fn silence(&self) -> Duration {
        self.heard_at.elapsed()
    }

    fn allow(&mut self) -> bool {
        let now = Instant::now();
        self.frames = (self.frames + now.duration_since(self.counted_at).as_secs_f64() * FRAMES_PER_SECOND).min(FRAMES_BURST);
        self.counted_at = now;
        self.frames -= 1.0;
        self.frames >= 0.0
    }

    /// Sends text that is written out already.
    ///
    /// # Errors
    /// [`Closed`] when the other side is gone or does not take it in time.
    pub async fn send(&mut self, text: Utf8Bytes) -> Result<(), Closed> {
        self.write(Message::Text(text)).await
    }

    /// Writes a frame out and sends it.
    ///
    /// # Errors
    /// As [`Wire::send`].
    pub async fn send_json(&mut self, frame: &impl Serialize) -> Result<(), Closed> {
        self.send(serde_json::to_string(frame).map_err(|_| Closed)?.into()).await
    }

    /// Pings, or gives the socket up when the last pings were not answered.
    ///
    /// # Errors
    /// [`Closed`] then.
    pub async fn ping(&mut self) -> Result<(), Closed> {
        if self.heard_at.elapsed() > SILENT_MAX {
            return Err(Closed);
        }
        self.write(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), Closed> {
        match tokio::time::timeout(WRITE_MAX, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Closed),
            Err(_) => {
                metrics::counter!("damso_sockets_slow_total").increment(1);
                Err(Closed)
            }
        }
    }

    /// Closes with a reason that the client understands.
    pub async fn goodbye(mut self, why: Goodbye) {
        let reason = serde_json::to_string(&why).unwrap_or_default();
        let close = CloseFrame { code: why.code(), reason: reason.trim_matches('"').into() };
        if self.write(Message::Close(Some(close))).await.is_ok() {
            // Wait for the other side's close, so that ours is not lost in a reset.
            let _ = tokio::time::timeout(Duration::from_secs(1), async { while let Some(Ok(_)) = self.socket.recv().await {} }).await;
        }
    }
}

/// How a session ended.
#[derive(Debug)]
pub enum End {
    Closed,
    Goodbye(Goodbye),
}

impl From<Closed> for End {
    fn from(Closed: Closed) -> Self {
        Self::Closed
    }
}

impl From<crate::server::error::Error> for End {
    /// The database did not answer: the client comes back and resumes.
    fn from(error: crate::server::error::Error) -> Self {
        tracing::warn!(error = format!("{error:#}"), "session ended");
        Self::Goodbye(Goodbye::Restart)
    }
}

/// Sleeps until `deadline`, or for ever without one.
pub async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
