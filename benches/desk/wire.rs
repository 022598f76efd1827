//! The cheapest clients there are, so that what we measure is the server: HTTP on one
//! kept connection, and a socket with small buffers.

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use serde::{Serialize, de::DeserializeOwned};
use std::{borrow::Cow, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, Utf8Bytes, client::IntoClientRequest as _, protocol::WebSocketConfig},
};

const PATIENCE: Duration = Duration::from_secs(30);

/// A kept HTTP connection.
pub struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A whole answer.
pub struct Answer<'a> {
    pub status: u16,
    pub head: Cow<'a, str>,
    raw: &'a [u8],
    /// Everything that came over the wire.
    pub bytes: usize,
}

impl Line {
    pub async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Sends a request and reads its whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            self.buffer.reserve(16 * 1024);
            let n = tokio::time::timeout(PATIENCE, self.stream.read_buf(&mut self.buffer)).await.context("no answer")??;
            ensure!(n > 0, "the server closed the connection");
            if let Some(head) = whole(&self.buffer) {
                break head;
            }
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]);
        let status = text.get(9..12).and_then(|s| s.parse().ok()).context("status line")?;
        Ok(Answer { status, head: text, raw: &self.buffer[head..], bytes: self.buffer.len() })
    }

    /// The same, for a request that must succeed.
    pub async fn ask_ok(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        let answer = self.ask(request).await?;
        if answer.status != 200 {
            bail!("{} {}", answer.status, String::from_utf8_lossy(&answer.body()));
        }
        Ok(answer)
    }
}

/// The length of the head, once the answer is whole.
fn whole(buffer: &[u8]) -> Option<usize> {
    let head = buffer.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head]).ok()?;
    let done = match header(text, "content-length").and_then(|v| v.parse::<usize>().ok()) {
        Some(length) => buffer.len() >= head + length,
        // Chunked, or without a body (304).
        None => header(text, "transfer-encoding").is_none() || buffer.ends_with(b"0\r\n\r\n"),
    };
    done.then_some(head)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.split_once(':').filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim()))
}

impl Answer<'_> {
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    /// The body, out of its chunks.
    pub fn body(&self) -> Cow<'_, [u8]> {
        if self.header("transfer-encoding").is_none() {
            return Cow::Borrowed(self.raw);
        }
        let (mut rest, mut body) = (self.raw, Vec::new());
        while let Some(end) = rest.windows(2).position(|w| w == b"\r\n") {
            let size = std::str::from_utf8(&rest[..end]).ok().and_then(|s| usize::from_str_radix(s, 16).ok()).unwrap_or(0);
            if size == 0 || rest.len() < end + 2 + size {
                break;
            }
            body.extend_from_slice(&rest[end + 2..end + 2 + size]);
            rest = rest.get(end + size + 4..).unwrap_or_default();
        }
        Cow::Owned(body)
    }

    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_slice(&self.body())?)
    }
}

/// A request with a JSON body, from a page of the server's own; `who` is one more header.
pub fn post(port: u16, path: &str, who: &str, body: &impl Serialize) -> Result<Vec<u8>> {
    let body = serde_json::to_string(body)?;
    let who = if who.is_empty() { String::new() } else { format!("{who}\r\n") };
    Ok(format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\norigin: http://127.0.0.1:{port}\r\n{who}accept: application/json\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes())
}

/// A request for a page or file; `more` is one more header.
pub fn get(port: u16, path: &str, more: &[&str]) -> Vec<u8> {
    let more: String = more.iter().map(|line| format!("{line}\r\n")).collect();
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept: text/html\r\n{more}\r\n").into_bytes()
}

/// A socket.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// Why it closed.
    pub ended: Option<String>,
}

impl Socket {
    pub async fn open(port: u16, path: &str, cookie: Option<&str>) -> Result<Self> {
        let mut request = format!("ws://127.0.0.1:{port}{path}").into_client_request()?;
        request.headers_mut().insert("origin", format!("http://127.0.0.1:{port}").parse()?);
        if let Some(cookie) = cookie {
            request.headers_mut().insert("cookie", cookie.parse()?);
        }
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0);
        Ok(Self { stream: client_async_with_config(request, stream, Some(config)).await?.0, ended: None })
    }

    pub async fn say(&mut self, frame: &impl Serialize) -> Result<()> {
        Ok(self.stream.send(Message::text(serde_json::to_string(frame)?)).await?)
    }

    /// The next text; pings are answered on the way. `None` when it has closed.
    pub async fn next(&mut self) -> Option<Utf8Bytes> {
        loop {
            self.ended = match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Some(text),
                // The answer to a ping leaves with the next poll, which reading does.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_))) => continue,
                Some(Ok(Message::Close(frame))) => {
                    Some(frame.map_or_else(|| "closed".to_owned(), |f| format!("{} {}", u16::from(f.code), f.reason)))
                }
                Some(Err(error)) => Some(error.to_string()),
                None => Some("ended".to_owned()),
            };
            return None;
        }
    }
}
