//! What the host page's loader (`public/loader.js`) and the frame say to each other,
//! over the port of their handshake.

use crate::ui::live::host;
use serde::{Deserialize, Serialize};

/// From the loader.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum FromHost {
    /// The answer to `ready`.
    Hello {
        #[serde(default)]
        token: Option<String>,
        /// The panel is open.
        #[serde(default)]
        open: bool,
        /// The visitor opened it just now, so the field may take the focus.
        #[serde(default)]
        focus: bool,
        #[serde(default)]
        url: String,
        #[serde(default)]
        title: String,
    },
    Open {
        #[serde(default)]
        focus: bool,
    },
    Closed,
    Page {
        url: String,
        title: String,
    },
    /// Another tab registered, or forgot the visitor.
    Token { token: Option<String> },
    /// Forget the visitor.
    Logout,
}

/// To the loader. `ready` is said by `public/frame.js`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ToHost {
    Unread { n: u32 },
    /// Keep this token for the next page, or forget it.
    Token { token: Option<String> },
    /// Close the panel.
    Close,
    /// Whether a chat goes on, so that the next page looks for news by itself.
    Live { live: bool },
}

/// Says it, if the page stands in a frame.
pub fn tell(message: &ToHost) {
    if let Ok(json) = serde_json::to_string(message) {
        host::host_post(&json);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loaders_words_are_understood() {
        let hello: FromHost = serde_json::from_str(r#"{"t":"hello","token":null,"lang":"ko","open":true,"focus":true,"url":"https://a","title":"b","mobile":false}"#).unwrap();
        assert_eq!(hello, FromHost::Hello { token: None, open: true, focus: true, url: "https://a".into(), title: "b".into() });
        assert_eq!(serde_json::from_str::<FromHost>(r#"{"t":"open"}"#).unwrap(), FromHost::Open { focus: false });
        assert_eq!(serde_json::to_string(&ToHost::Unread { n: 2 }).unwrap(), r#"{"t":"unread","n":2}"#);
    }
}
