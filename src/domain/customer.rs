//! Who a customer is (G20): what he and the host page say of him, which nobody vouches for,
//! and what the shop has signed. The two stand beside each other and never mix.

use super::{
    contact::{Contact, NAME_MAX, PHONE_MAX, is_email, is_phone},
    text,
    time::{DAY, MINUTE, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How far ahead a token may end, in milliseconds.
pub const TOKEN_LIFE_MAX: i64 = DAY;
/// How far two clocks may differ, in milliseconds.
pub const LEEWAY: i64 = MINUTE;
/// The longest member number, in characters.
pub const MEMBER_MAX: usize = 200;
/// Values that are kept of one customer, of each kind.
pub const DATA_MAX: usize = 50;
/// The longest name of a value, in characters.
pub const DATA_NAME_MAX: usize = 64;
/// The longest value, in bytes.
pub const DATA_VALUE_MAX: usize = 1_024;

/// Values by name, as the shop has named them.
pub type Data = BTreeMap<String, Scalar>;

/// One value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    Is(bool),
    Number(serde_json::Number),
    Text(String),
}

/// What one knows of a customer; `member` is there where a shop has vouched for him.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The shop's own number of him.
    pub member: Option<String>,
    /// His own words.
    pub said: Contact,
    /// The shop's signed word.
    pub verified: Contact,
    /// What the host page told unsigned.
    pub data: Data,
    pub verified_data: Data,
}

impl Customer {
    /// How to reach him: the shop's word where there is one, else his own.
    #[must_use]
    pub fn contact(&self) -> Contact {
        let known = |verified: &String, said: &String| if verified.is_empty() { said.clone() } else { verified.clone() };
        Contact {
            name: known(&self.verified.name, &self.said.name),
            email: known(&self.verified.email, &self.said.email),
            phone: known(&self.verified.phone, &self.said.phone),
        }
    }
}

/// What is wrong with a token's claims or with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerProblem {
    Missing,
    TooLong,
    OutOfRange,
    Expired,
    NotFlat,
    TooMany,
}

/// What is wrong, and with which field.
pub type Wrong = (String, CustomerProblem);

/// `before` with these changes: null takes a value away.
///
/// # Errors
/// The first value that cannot be kept; nothing is changed then.
pub fn merged(mut before: Data, changes: &Map<String, Value>) -> Result<Data, Wrong> {
    for (raw, value) in changes {
        let name = text::name(raw, DATA_NAME_MAX).map_err(|_| ("data".to_owned(), CustomerProblem::TooLong))?;
        let wrong = |problem| (format!("data.{name}"), problem);
        if name.is_empty() {
            return Err(("data".to_owned(), CustomerProblem::Missing));
        }
        let value = match value {
            Value::Null => {
                before.remove(&name);
                continue;
            }
            Value::Bool(is) => Scalar::Is(*is),
            Value::Number(number) => Scalar::Number(number.clone()),
            Value::String(raw) => {
                let clean = text::block(raw, DATA_VALUE_MAX).ok().filter(|text| text.len() <= DATA_VALUE_MAX);
                Scalar::Text(clean.ok_or_else(|| wrong(CustomerProblem::TooLong))?)
            }
            Value::Array(_) | Value::Object(_) => return Err(wrong(CustomerProblem::NotFlat)),
        };
        before.insert(name, value);
    }
    if before.len() > DATA_MAX { Err(("data".to_owned(), CustomerProblem::TooMany)) } else { Ok(before) }
}

/// A member as his shop's token tells of him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    pub member: String,
    pub contact: Contact,
    pub data: Data,
}

/// Reads the claims of a token whose signature is good. Contact that is none is dropped: a
/// customer does not stay outside for a wrong phone number in the shop's books.
///
/// # Errors
/// The first claim that cannot stand.
pub fn vouched(claims: &Map<String, Value>, now: Timestamp) -> Result<Vouched, Wrong> {
    let wrong = |claim: &str, problem| (claim.to_owned(), problem);
    let exp = claims.get("exp").and_then(instant).ok_or_else(|| wrong("exp", CustomerProblem::Missing))?;
    if now.since(exp) >= LEEWAY {
        return Err(wrong("exp", CustomerProblem::Expired));
    }
    if exp.since(now) > TOKEN_LIFE_MAX + LEEWAY {
        return Err(wrong("exp", CustomerProblem::OutOfRange));
    }
    if let Some(begin) = claims.get("nbf")
        && instant(begin).is_none_or(|begin| begin.since(now) > LEEWAY)
    {
        return Err(wrong("nbf", CustomerProblem::Expired));
    }
    let member = claims.get("sub").and_then(Value::as_str).ok_or_else(|| wrong("sub", CustomerProblem::Missing))?;
    let clean = text::name(member, MEMBER_MAX).map_err(|_| wrong("sub", CustomerProblem::TooLong))?;
    if clean.is_empty() {
        return Err(wrong("sub", CustomerProblem::Missing));
    }
    // Two members must never become one by cleaning.
    if clean != member {
        return Err(wrong("sub", CustomerProblem::OutOfRange));
    }
    let said = |claim: &str, max, fits: fn(&str) -> bool| {
        let clean = claims.get(claim).and_then(Value::as_str).and_then(|raw| text::name(raw, max).ok());
        clean.filter(|text| fits(text)).unwrap_or_default()
    };
    let contact =
        Contact { name: said("name", NAME_MAX, |_| true), email: said("email", 254, is_email), phone: said("phone", PHONE_MAX, is_phone) };
    let data = match claims.get("data") {
        None | Some(Value::Null) => Data::new(),
        Some(Value::Object(data)) => merged(Data::new(), data)?,
        Some(_) => return Err(wrong("data", CustomerProblem::NotFlat)),
    };
    Ok(Vouched { member: clean, contact, data })
}

/// An instant as tokens tell it: seconds, possibly with a fraction.
fn instant(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_f64().filter(|s| s.is_finite() && (0.0..=1e12).contains(s))?;
    #[expect(clippy::cast_possible_truncation, reason = "within the range checked above")]
    Some(Timestamp((seconds * 1_000.0) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn object(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    fn read(claims: Value) -> Result<Vouched, Wrong> {
        vouched(&object(claims), NOW)
    }

    fn problem(claims: Value) -> Wrong {
        read(claims).unwrap_err()
    }

    #[test]
    fn a_token_ends_within_a_day_and_clocks_may_differ_by_a_minute() {
        let ending = |seconds: f64| read(json!({ "sub": "1", "exp": 1_800_000_000.0 + seconds }));
        for good in [-59.0, 0.0, 0.5, 86_400.0, 86_460.0] {
            assert!(ending(good).is_ok(), "{good}");
        }
        assert_eq!(ending(-60.0), Err(("exp".into(), CustomerProblem::Expired)));
        assert_eq!(ending(86_461.0), Err(("exp".into(), CustomerProblem::OutOfRange)));
        for none in [json!(null), json!("1800000000"), json!(-1), json!(1e300), json!([])] {
            assert_eq!(problem(json!({ "sub": "1", "exp": none })), ("exp".into(), CustomerProblem::Missing));
        }
        assert_eq!(problem(json!({ "sub": "1" })), ("exp".into(), CustomerProblem::Missing));
        assert_eq!(problem(json!({ "sub": "1", "exp": 1_800_000_600, "nbf": 1_800_000_300 })), ("nbf".into(), CustomerProblem::Expired));
        assert!(read(json!({ "sub": "1", "exp": 1_800_000_600, "nbf": 1_800_000_030 })).is_ok());
    }

    #[test]
    fn a_member_has_a_number_that_cleaning_does_not_change() {
        let of = |sub: Value| read(json!({ "sub": sub, "exp": 1_800_000_600 }));
        assert_eq!(of(json!("회원-1")).unwrap().member, "회원-1");
        assert!(of(json!("x".repeat(200))).is_ok());
        for (bad, why) in [
            (json!("x".repeat(201)), CustomerProblem::TooLong),
            (json!(""), CustomerProblem::Missing),
            (json!("  "), CustomerProblem::Missing),
            (json!(12345), CustomerProblem::Missing),
            (json!(" 1"), CustomerProblem::OutOfRange),
            (json!("1\u{202e}2"), CustomerProblem::OutOfRange),
        ] {
            assert_eq!(of(bad.clone()), Err(("sub".into(), why)), "{bad}");
        }
    }

    #[test]
    fn contact_that_is_none_is_dropped() {
        let claims = json!({ "sub": "1", "exp": 1_800_000_600, "name": " 김민수 ", "email": "no", "phone": 1, "admin": true });
        assert_eq!(read(claims).unwrap().contact, Contact { name: "김민수".into(), ..Contact::default() });
    }

    #[test]
    fn data_are_flat_and_few() {
        let before = merged(Data::new(), &object(json!({ "등급": "VIP", "orders": 3, "new": false }))).unwrap();
        let after = merged(before, &object(json!({ "등급": null, "orders": 4, "cart": "a\u{0}b" }))).unwrap();
        assert_eq!(serde_json::to_value(&after).unwrap(), json!({ "cart": "ab", "new": false, "orders": 4 }));
        for (bad, why) in [
            (json!({ "a": { "b": 1 } }), ("data.a", CustomerProblem::NotFlat)),
            (json!({ "a": [] }), ("data.a", CustomerProblem::NotFlat)),
            (json!({ "a": "가".repeat(342) }), ("data.a", CustomerProblem::TooLong)),
            (json!({ "x".repeat(65): 1 }), ("data", CustomerProblem::TooLong)),
            (json!({ " ": 1 }), ("data", CustomerProblem::Missing)),
        ] {
            assert_eq!(merged(Data::new(), &object(bad)), Err((why.0.to_owned(), why.1)));
        }
        let many = |n: usize| Value::Object((0..n).map(|i| (i.to_string(), json!(i))).collect());
        let full = merged(Data::new(), &object(many(DATA_MAX))).unwrap();
        assert_eq!(merged(full.clone(), &object(json!({ "one more": 1 }))), Err(("data".into(), CustomerProblem::TooMany)));
        assert!(merged(full, &object(json!({ "0": null, "another": 1 }))).is_ok());
        assert!(merged(Data::new(), &object(json!({ "a": "x".repeat(DATA_VALUE_MAX) }))).is_ok());
    }
}
