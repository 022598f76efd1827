//! Leaving a page for another document, where the router must not decide.

use super::live::host;
use crate::{
    api::ApiError,
    domain::time::{SECOND, Timestamp},
};
use leptos::prelude::*;
use std::cell::Cell;

/// How long a sign-in page is given to load before the way to it may be taken again.
const PATIENCE: i64 = 10 * SECOND;

thread_local! {
    /// Until when this document counts as being left for the sign-in page.
    static LEAVING: Cell<Timestamp> = const { Cell::new(Timestamp(0)) };
}

/// Where a sign-in leads: an address of this site, or the console.
#[must_use]
pub fn safe_next(next: Option<&str>) -> String {
    match next {
        Some(path) if is_local(path) => path.to_owned(),
        _ => "/console".to_owned(),
    }
}

/// Whether `path` stays on this site: one slash, and nothing that browsers read as a
/// host (`//x`, `/\x`) or drop while reading (control characters).
fn is_local(path: &str) -> bool {
    let mut chars = path.chars();
    chars.next() == Some('/') && !matches!(chars.next(), Some('/' | '\\')) && !path.chars().any(char::is_control)
}

/// Loads `path` as a new document.
pub fn go(path: &str) {
    // Only a broken address is refused, and ours are not.
    drop(location().set_href(path));
}

/// Loads this page anew.
pub fn reload() {
    drop(location().reload());
}

/// Leads to the sign-in page and back here. The socket and each request learn by themselves
/// that the session is over; a second way there would break off the loading of the first.
pub fn sign_in_again() {
    let now = host::now();
    if LEAVING.get() > now {
        return;
    }
    LEAVING.set(now.plus(PATIENCE));
    let here = location_path();
    go(&format!("/login?next={}", escape(&here)));
}

/// Leads to the sign-in page if `error` says that the session is over.
pub fn left_by(error: &ApiError) -> bool {
    let over = *error == ApiError::Unauthenticated;
    if over {
        sign_in_again();
    }
    over
}

fn location_path() -> String {
    let location = location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// Percent-encodes what would mean something else within a query.
#[must_use]
pub fn escape(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_site_are_followed() {
        assert_eq!(safe_next(Some("/account?x=1")), "/account?x=1");
        for bad in
            ["", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/a\nb", "console"]
        {
            assert_eq!(safe_next(Some(bad)), "/console", "{bad}");
        }
        assert_eq!(safe_next(None), "/console");
    }

    #[test]
    fn a_query_inside_a_query_is_escaped() {
        assert_eq!(escape("/console/a?x=1&y=가"), "/console/a%3Fx%3D1%26y%3D%EA%B0%80");
    }
}
