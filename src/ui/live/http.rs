//! The widget's requests: a JSON body to a server function's path, a JSON answer. (The
//! console uses Leptos' stubs, which would cost the widget 40–60 kB.)

use super::{
    host::{self, Json, Out},
    outbox::SendError,
};

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

/// Posts `{"request": …}` to `path`, introduced by `auth`; `read` picks out the answer.
///
/// # Errors
/// [`Failure`]
pub async fn post<A>(path: &str, auth: Auth<'_>, request: &Out, read: impl FnOnce(&Json) -> Option<A>) -> Result<A, Failure> {
    let json = ask(path, auth, &Out::new().object("request", Some(request)).write()).await?;
    json.as_ref().and_then(read).ok_or(Failure::Network)
}

async fn ask(path: &str, auth: Auth<'_>, body: &str) -> Result<Option<Json>, Failure> {
    let answer = host::fetch(path, body, auth).await.ok_or(Failure::Network)?;
    check(answer.status, &answer.body, answer.retry_after)
}

fn check(status: u16, body: &str, retry_after: Option<u32>) -> Result<Option<Json>, Failure> {
    let json = Json::parse(if body.is_empty() { "null" } else { body });
    if (200..300).contains(&status) {
        return Ok(json);
    }
    let code = json.and_then(|json| json.at("code").text()).unwrap_or_default();
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
        let failure = |status, body| SendError::from(check(status, body, Some(7)).unwrap_err());
        assert_eq!(failure(409, r#"{"code":"refused","detail":{"refused":"ended"}}"#), SendError::Refused("refused".into()));
        assert_eq!(failure(400, "no json"), SendError::Refused(String::new()));
        assert_eq!(failure(429, r#"{"code":"too_many","detail":7}"#), SendError::Later(Some(7)));
        assert_eq!(failure(503, "<html>"), SendError::Later(Some(7)));
        assert_eq!(SendError::from(Failure::Network), SendError::Later(None));
    }

    #[test]
    fn an_empty_answer_is_null_and_a_page_is_no_answer() {
        assert!(check(200, "", None).unwrap().is_some_and(|json| json.is_null()));
        assert!(check(200, "<html>", None).unwrap().is_none());
    }
}
