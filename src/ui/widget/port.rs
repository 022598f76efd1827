//! What the host page's loader (`public/loader.js`) and the frame say to each other,
//! over the port of their handshake.

use crate::{
    protocol::Page,
    ui::live::host::{self, Json},
};
use serde::Serialize;

/// From the loader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromHost {
    /// The answer to `ready`. `focus`: the visitor opened the panel just now, so the
    /// field may take the focus.
    Hello { token: Option<String>, open: bool, focus: bool, page: Page },
    Open { focus: bool },
    Closed,
    Page(Page),
    /// Another tab registered, or forgot the visitor.
    Token(Option<String>),
    /// Forget the visitor.
    Logout,
}

impl FromHost {
    pub fn read(json: &Json) -> Option<Self> {
        let flag = |name| json.at(name).truth().unwrap_or_default();
        let page = || Page { url: json.at("url").text().unwrap_or_default(), title: json.at("title").text().unwrap_or_default() };
        let token = || json.at("token").text();
        Some(match json.at("t").text()?.as_str() {
            "hello" => Self::Hello { token: token(), open: flag("open"), focus: flag("focus"), page: page() },
            "open" => Self::Open { focus: flag("focus") },
            "closed" => Self::Closed,
            "page" => Self::Page(page()),
            "token" => Self::Token(token()),
            "logout" => Self::Logout,
            _ => return None,
        })
    }
}

/// To the loader. `ready` is said by `public/frame.js`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ToHost<'a> {
    Unread { n: usize },
    /// Keep this token for the next page, or forget it.
    Token { token: Option<&'a str> },
    /// Close the panel.
    Close,
    /// Whether a chat goes on, so that the next page looks for news by itself.
    Live { live: bool },
}

/// Says it, if the page stands in a frame.
pub fn tell(message: &ToHost<'_>) {
    if let Ok(json) = serde_json::to_string(message) {
        host::host_post(&json);
    }
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
        let hello = read(r#"{"t":"hello","token":null,"lang":"ko","open":true,"focus":true,"url":"https://a","title":"b","mobile":false}"#);
        assert_eq!(hello, Some(FromHost::Hello { token: None, open: true, focus: true, page: page.clone() }));
        assert_eq!(read(r#"{"t":"page","url":"https://a","title":"b"}"#), Some(FromHost::Page(page)));
        assert_eq!(read(r#"{"t":"open"}"#), Some(FromHost::Open { focus: false }));
        assert_eq!(read(r#"{"t":"dance"}"#), None);
        assert_eq!(read(r#"["t"]"#), None);
        assert_eq!(serde_json::to_string(&ToHost::Unread { n: 2 }).unwrap(), r#"{"t":"unread","n":2}"#);
    }
}
