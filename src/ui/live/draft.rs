//! Text that was typed and not sent, kept in this browser over reloads.

use super::host;

const PREFIX: &str = "damso-draft:";

/// The kept text of `place` (a chat, the widget); empty when there is none.
#[must_use]
pub fn load(place: &str) -> String {
    host::stored(&format!("{PREFIX}{place}")).unwrap_or_default()
}

/// Keeps `text`, or forgets the place when it is empty.
pub fn save(place: &str, text: &str) {
    let key = format!("{PREFIX}{place}");
    if text.is_empty() {
        host::unstore(&key);
    } else {
        host::store(&key, text);
    }
}
