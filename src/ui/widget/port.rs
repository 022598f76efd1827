//! What the host page's loader (`public/loader.js`) and the frame say to each other,
//! over the port of their handshake.

use crate::{
    protocol::Page,
    ui::live::{
        host::{self, Json, Out},
        write::signed,
    },
};

/// From the loader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromHost {
    /// The answer to `ready`. `focus`: the visitor opened the panel just now, so the
    /// field may take the focus.
    Hello {
        token: Option<String>,
        verified: bool,
        open: bool,
        focus: bool,
        page: Page,
    },
    Open {
        focus: bool,
    },
    Closed,
    Page(Page),
    /// Another tab registered, or forgot the visitor; `verified`: the host page has proved
    /// who he is, and `public/frame.js` has this session for it.
    Token {
        token: Option<String>,
        verified: bool,
    },
    /// Forget the visitor; `verified`: only what the host page has proved of him.
    Logout {
        verified: bool,
    },
}

impl FromHost {
    pub fn read(json: &Json) -> Option<Self> {
        let flag = |name| json.at(name).truth().unwrap_or_default();
        let page = || Page { url: json.at("url").text().unwrap_or_default(), title: json.at("title").text().unwrap_or_default() };
        let token = || json.at("token").text();
        let verified = flag("verified");
        Some(match json.at("t").text()?.as_str() {
            "hello" => Self::Hello { token: token(), verified, open: flag("open"), focus: flag("focus"), page: page() },
            "open" => Self::Open { focus: flag("focus") },
            "closed" => Self::Closed,
            "page" => Self::Page(page()),
            "token" => Self::Token { token: token(), verified },
            "logout" => Self::Logout { verified },
            _ => return None,
        })
    }
}

/// To the loader. `ready`, `verified` and `error` are said by `public/frame.js`, `status` by
/// `public/front.js`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToHost<'a> {
    Unread {
        n: usize,
    },
    /// Keep this token for the next page, or forget it.
    Token {
        token: Option<&'a str>,
    },
    /// Close the panel.
    Close,
    /// The desk has written; what, is nobody's business there.
    Message,
    /// Whether a chat goes on, so that the next page looks for news by itself.
    Live {
        live: bool,
    },
}

impl ToHost<'_> {
    fn write(self) -> Out {
        let out = |t| Out::new().text("t", t);
        match self {
            Self::Unread { n } => out("unread").number("n", signed(n as u64)),
            Self::Token { token } => out("token").maybe("token", token),
            Self::Message => out("message"),
            Self::Close => out("close"),
            Self::Live { live } => out("live").flag("live", live),
        }
    }
}

/// Says it, if the page stands in a frame.
pub fn tell(message: ToHost<'_>) {
    host::host_post(&message.write());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<FromHost> {
        FromHost::read(&Json::parse(text)?)
    }

    #[test]
    fn the_loaders_words_are_understood() {
        let page = Page { url: "https://a".into(), title: "b".into() };
        let hello = read(
            r#"{"t":"hello","token":null,"lang":"ko","open":true,"focus":true,"url":"https://a","title":"b","identity":null,"data":{},"theme":"auto"}"#,
        );
        assert_eq!(hello, Some(FromHost::Hello { token: None, verified: false, open: true, focus: true, page: page.clone() }));
        assert_eq!(read(r#"{"t":"page","url":"https://a","title":"b"}"#), Some(FromHost::Page(page)));
        assert_eq!(read(r#"{"t":"open"}"#), Some(FromHost::Open { focus: false }));
        let known = FromHost::Token { token: Some("s".into()), verified: true };
        assert_eq!(read(r#"{"t":"token","token":"s","verified":true}"#), Some(known));
        assert_eq!(read(r#"{"t":"token","token":null}"#), Some(FromHost::Token { token: None, verified: false }));
        assert_eq!(read(r#"{"t":"logout"}"#), Some(FromHost::Logout { verified: false }));
        assert_eq!(read(r#"{"t":"logout","verified":true}"#), Some(FromHost::Logout { verified: true }));
        // For the script of the frame alone.
        for word in ["identify", "set", "theme"] {
            assert_eq!(read(&format!(r#"{{"t":"{word}"}}"#)), None);
        }
        assert_eq!(read(r#"{"t":"dance"}"#), None);
        assert_eq!(read(r#"["t"]"#), None);
    }

    #[test]
    fn the_loader_is_told() {
        let written = |message: ToHost<'_>| serde_json::from_str::<serde_json::Value>(&message.write().write()).unwrap();
        assert_eq!(written(ToHost::Unread { n: 2 }), serde_json::json!({ "t": "unread", "n": 2 }));
        assert_eq!(written(ToHost::Token { token: None }), serde_json::json!({ "t": "token", "token": null }));
        assert_eq!(written(ToHost::Live { live: true }), serde_json::json!({ "t": "live", "live": true }));
        assert_eq!(written(ToHost::Message), serde_json::json!({ "t": "message" }));
        assert_eq!(written(ToHost::Close), serde_json::json!({ "t": "close" }));
    }
}
