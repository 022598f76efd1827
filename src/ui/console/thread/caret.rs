//! Places in a text, which browsers count in units of UTF-16.

/// A length as browsers count it.
pub(super) fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// Where a place that a browser has counted is in the text.
pub(super) fn byte_at(text: &str, units: u32) -> Option<usize> {
    let mut left = usize::try_from(units).ok()?;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(c.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_browsers_do() {
        let text = "a배👋b";
        for at in [0, 1, 4, 8, 9] {
            assert_eq!(byte_at(text, units(&text[..at])), Some(at));
        }
        assert_eq!(byte_at(text, 3), None, "amid a pair");
        assert_eq!(byte_at(text, 99), None);
    }
}
