//! What every page knows before it asks for anything. The server writes it into the page
//! as JSON, the browser reads it there: both sides draw from the same facts.

use crate::domain::{
    ids::ServiceId,
    preferences::Preferences,
    service::{Language, Localized},
};
use serde::{Deserialize, Serialize};

/// The id of the page's element that holds the [`Facts`] as JSON.
pub const FACTS_ID: &str = "damso-page";

/// The facts of a page of the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub language: Language,
    /// How this account's pages look, sound and answer to keys.
    pub preferences: Preferences,
    /// The build the page came from; another one on the socket means a deploy.
    pub build: String,
    /// The address that other people reach this server by ("https://chat.example").
    pub public_url: String,
    /// The accounts of the demo, shown on its sign-in page; empty everywhere else.
    pub demo_accounts: Vec<DemoAccount>,
    /// Plain http beyond loopback: browsers drop the session cookie, so the sign-in
    /// page says why it cannot work.
    pub insecure: bool,
    /// 관리자 of the service that the session is connected to.
    pub admin: bool,
    /// Mail is set up; without it links are passed on by hand.
    pub mail: bool,
    /// May read and answer 1:1 문의.
    pub inquiries: bool,
    /// 조직관리자
    pub owner: bool,
    /// The services one works in, the connected one marked; more than one can be chosen from.
    pub services: Vec<MyService>,
}

/// A service that one works in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyService {
    pub id: ServiceId,
    pub name: Localized,
    pub connected: bool,
}

/// An account that the demo made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    pub email: String,
    pub password: String,
}

/// Addresses of a document's files, by their content hashes.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    pub css: String,
    pub js: String,
    pub wasm: String,
}

/// Text that may stand inside a `<script>` element: JSON whose `<` are escaped, so that
/// nothing in it can end the element.
#[must_use]
pub fn script_json(value: &impl Serialize) -> String {
    escape_script(&serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()))
}

/// Escapes finished JSON for a `<script>` element.
#[must_use]
pub fn escape_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_json_ends_the_script() {
        assert_eq!(script_json(&"</script><!--"), "\"\\u003c/script>\\u003c!--\"");
    }
}
