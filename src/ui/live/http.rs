//! The widget's requests: a JSON body to a server function's path, a JSON answer. (The
//! console uses Leptos' stubs, which would cost the widget 40–60 kB.)

use super::{host, outbox::SendError};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Why a request had no good answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing came back, or nothing that we understand.
    Network,
    /// The server's refusal: its status, the error's code ("refused", "invalid" …) and
    /// the seconds to wait, if it said so.
    Status { status: u16, code: String, retry_after: Option<u32> },
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth<'a> {
    /// Nobody; no cookie is sent and none is kept.
    Nobody,
    /// The bearer of a token; cookies stay out of it.
    Token(&'a str),
    /// The page's own cookie.
    Cookie,
}

#[derive(Serialize)]
struct Body<'a, Q> {
    request: &'a Q,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    code: String,
}

/// Posts `{"request": …}` to `path`, introduced by `auth`.
///
/// # Errors
/// [`Failure`]
pub async fn post<Q: Serialize, A: DeserializeOwned>(path: &str, auth: Auth<'_>, request: &Q) -> Result<A, Failure> {
    let body = serde_json::to_string(&Body { request }).map_err(|_| Failure::Network)?;
    let answer = host::fetch(path, &body, auth).await.ok_or(Failure::Network)?;
    read(answer.status, &answer.body, answer.retry_after)
}

fn read<A: DeserializeOwned>(status: u16, body: &str, retry_after: Option<u32>) -> Result<A, Failure> {
    if (200..300).contains(&status) {
        return serde_json::from_str(if body.is_empty() { "null" } else { body }).map_err(|_| Failure::Network);
    }
    let code = serde_json::from_str::<Problem>(body).unwrap_or_default().code;
    Err(Failure::Status { status, code, retry_after })
}

impl From<Failure> for SendError {
    /// Trouble on the way and at the server passes, a refusal does not.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Network => Self::Later(None),
            Failure::Status { status: 408 | 425 | 429 | 500.., retry_after, .. } => Self::Later(retry_after),
            Failure::Status { code, .. } => Self::Refused(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_final_and_everything_else_passes() {
        let failure = |status, body| SendError::from(read::<()>(status, body, Some(7)).unwrap_err());
        assert_eq!(failure(409, r#"{"code":"refused","detail":{"refused":"ended"}}"#), SendError::Refused("refused".into()));
        assert_eq!(failure(400, "no json"), SendError::Refused(String::new()));
        assert_eq!(failure(429, r#"{"code":"too_many","detail":7}"#), SendError::Later(Some(7)));
        assert_eq!(failure(503, "<html>"), SendError::Later(Some(7)));
        assert_eq!(SendError::from(Failure::Network), SendError::Later(None));
    }

    #[test]
    fn an_empty_answer_is_a_unit() {
        assert_eq!(read::<()>(200, "", None), Ok(()));
        assert_eq!(read::<u32>(200, "<html>", None), Err(Failure::Network));
    }
}
