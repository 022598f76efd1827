//! Hosts of links that look like others: `аpple.com` with a Cyrillic а. Browsers would show
//! the punycode form of such a name; so do we, beside the link, before anybody clicks.

/// The host of an address in the form of the wire, if it is one that may deceive: a label of
/// mixed scripts, or one in letters that look Latin. Plain Korean and other names are read
/// as they are written.
#[must_use]
pub fn deceptive(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let labels = || host.split(['.', '。', '．', '｡']);
    if !labels().any(is_odd) {
        return None;
    }
    labels().map(to_wire).collect::<Option<Vec<_>>>().map(|labels| labels.join("."))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    /// Hangul, Han and kana stand beside each other in names that are meant well.
    East,
    /// Letters that are taken for Latin ones.
    Alike,
    Other,
}

fn script(c: char) -> Option<Script> {
    match c {
        '0'..='9' | '-' => None,
        'a'..='z' | 'A'..='Z' | '\u{00C0}'..='\u{024F}' => Some(Script::Latin),
        '\u{1100}'..='\u{11FF}'
        | '\u{2E80}'..='\u{2FDF}'
        | '\u{3005}'..='\u{30FF}'
        | '\u{3130}'..='\u{318F}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7FF}' => Some(Script::East),
        // Greek, Cyrillic, Armenian; Cherokee; letters of full width and of mathematics.
        '\u{0370}'..='\u{058F}'
        | '\u{13A0}'..='\u{13FF}'
        | '\u{1C80}'..='\u{1C8F}'
        | '\u{FF00}'..='\u{FFEF}'
        | '\u{1D400}'..='\u{1D7FF}' => Some(Script::Alike),
        _ => Some(Script::Other),
    }
}

fn is_odd(label: &str) -> bool {
    let mut scripts = label.chars().filter_map(script);
    let Some(first) = scripts.next() else { return false };
    first == Script::Alike || scripts.any(|other| other != first)
}

/// A label as it is looked up (RFC 3492); `None` where it is too long to be one.
fn to_wire(label: &str) -> Option<String> {
    let label = label.to_lowercase();
    if label.is_ascii() {
        return Some(label);
    }
    const BASE: u32 = 36;
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias, mut handled) = (128_u32, 0_u32, 72_u32, basic);
    let length = u32::try_from(label.chars().count()).ok()?;
    while handled < length {
        let next = label.chars().map(u32::from).filter(|c| *c >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for c in label.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            }
            if c != n {
                continue;
            }
            let (mut left, mut at) = (delta, BASE);
            loop {
                let threshold = at.saturating_sub(bias).clamp(1, 26);
                if left < threshold {
                    break;
                }
                out.push(digit(threshold + (left - threshold) % (BASE - threshold))?);
                left = (left - threshold) / (BASE - threshold);
                at += BASE;
            }
            out.push(digit(left)?);
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            handled += 1;
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(format!("xn--{out}"))
}

fn digit(value: u32) -> Option<char> {
    char::from_digit(value.checked_sub(26).unwrap_or(value + 10), 36)
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut at = 0;
    while delta > 35 * 26 / 2 {
        delta /= 35;
        at += 36;
    }
    at + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_written_as_the_wire_has_them() {
        for (label, wire) in [
            ("example", "example"),
            ("bücher", "xn--bcher-kva"),
            ("한국", "xn--3e0b707e"),
            ("почта", "xn--80a1acny"),
            ("도메인", "xn--hq1bm8jm9l"),
        ] {
            assert_eq!(to_wire(label).as_deref(), Some(wire));
        }
    }

    #[test]
    fn only_hosts_that_may_deceive_are_told() {
        assert_eq!(deceptive("https://аpple.com/login").as_deref(), Some("xn--pple-43d.com"));
        assert_eq!(deceptive("https://user@аррӏе.com:443?x").as_deref(), Some("xn--80ak6aa92e.com"));
        for plain in [
            "https://apple.com",
            "https://한국.kr/가",
            "https://bücher.example",
            "mailto:a@аpple.com",
            "https://日本語テスト.jp",
            "https://1-2.example",
        ] {
            assert_eq!(deceptive(plain), None, "{plain}");
        }
    }
}
