//! Reads what a refused request still sends: a client that is cut while it writes never
//! sees why it was refused.

use axum::{
    body::{Body, BodyDataStream, Bytes, HttpBody as _},
    extract::Request,
    middleware::Next,
    response::Response,
};
use futures::{Stream, StreamExt as _};
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{sync::oneshot, time::timeout};

/// How much of a refused body is read before the line is cut, in bytes.
const READ_MAX: usize = 8 * 1024 * 1024;
/// How long its next piece may take.
const SILENCE: Duration = Duration::from_secs(10);

/// The layer around everything that may refuse a request before its body is read.
pub async fn drain(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let (back, mut rest) = oneshot::channel();
    let lent = Lent { body: Some(body.into_data_stream()), back: Some(back) };
    let answer = next.run(Request::from_parts(parts, Body::from_stream(lent))).await;
    if !answer.status().is_success()
        && let Ok(mut rest) = rest.try_recv()
    {
        let mut read = 0;
        while read < READ_MAX
            && let Ok(Some(Ok(piece))) = timeout(SILENCE, rest.next()).await
        {
            read += piece.len();
        }
    }
    answer
}

/// A body that comes back when its reader lets go of it.
struct Lent {
    body: Option<BodyDataStream>,
    back: Option<oneshot::Sender<BodyDataStream>>,
}

impl Stream for Lent {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.body.as_mut().map_or(Poll::Ready(None), |body| body.poll_next_unpin(cx))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(body), Some(back)) = (self.body.take(), self.back.take()) {
            let _ = back.send(body);
        }
    }
}
