//! What a customer's socket and answers may carry: looked at in every test that has a
//! customer, so that no new feature tells him of delegation, notes, drafts or reasons by
//! mistake, nor by a gap in the numbers that he sees.

use serde_json::Value;

/// Every name that may stand in a frame for a customer. A new one is added here when
/// somebody has thought about it.
const NAMES: [&str; 29] = [
    "t",
    "build",
    "now",
    "chat",
    "id",
    "state",
    "events",
    "earlier",
    "seq",
    "prev",
    "desk",
    "mine",
    "delivered",
    "seen",
    "at",
    "client_id",
    "type",
    "text",
    "by",
    "on",
    "marks",
    "why",
    "kind",
    "service",
    "queue_open",
    "code",
    "language",
    "html",
    "is",
];
/// The only things that happen in a customer's chat.
const EVENTS: [&str; 6] = ["intake", "message", "started", "customer_ended", "customer_returned", "ended"];
/// Who works in the sample service: a customer never reads their names.
const PEOPLE: [&str; 7] = ["상담원1", "상담원2", "상담원3", "agent1@", "agent2@", "agent3@", "owner@"];

/// Their nicknames: they are read only by a customer of a service that shows them (A45).
pub const NICKNAMES: [&str; 3] = ["담당자 하나", "담당자 두리", "담당자 세나"];

/// Checks one frame; `last` is the public number the socket has come to, and `named` says
/// that the service shows nicknames.
pub fn frame(text: &str, last: &mut Option<u64>, named: bool) {
    answer(text, named);
    let Ok(frame) = serde_json::from_str::<Value>(text) else { return };
    names(&frame, text, named);
    let seq = |value: &Value| value["seq"].as_u64();
    let (events, first) = match frame["t"].as_str() {
        Some("reset") => (&frame["chat"]["events"], None),
        Some("events") => (&frame["events"], frame["prev"].as_u64()),
        _ => return,
    };
    let events = events.as_array().cloned().unwrap_or_default();
    for event in &events {
        let kind = event["kind"].as_str().unwrap_or_default();
        assert!(EVENTS.contains(&kind), "a customer hears of {kind}: {text}");
    }
    let mut before = first.or_else(|| events.first().and_then(seq).map(|seq| seq - 1));
    for event in &events {
        let this = seq(event);
        assert_eq!(this, before.map(|before| before + 1), "a gap in a customer's numbers: {text}");
        before = this;
    }
    if let (Some(first), Some(last)) = (first, *last) {
        assert!(first <= last, "a customer at {last} is told what follows {first}: {text}");
    }
    *last = before.or(*last);
}

/// Checks any text that goes to a customer.
pub fn answer(text: &str, named: bool) {
    let nicknames = NICKNAMES.into_iter().chain(["\"nickname\""]).filter(|_| !named);
    for name in PEOPLE.into_iter().chain(nicknames) {
        assert!(!text.contains(name), "a customer reads {name}: {text}");
    }
}

fn names(value: &Value, text: &str, named: bool) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                assert!(NAMES.contains(&name.as_str()) || named && name == "nickname", "a customer's frame has {name}: {text}");
                names(value, text, named);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, text, named)),
        _ => {}
    }
}

mod tests {
    use super::frame;
    use std::panic::catch_unwind;

    #[test]
    fn what_a_customer_must_not_learn_is_noticed() {
        let heard = |text: &str, named| catch_unwind(|| frame(text, &mut Some(3), named)).is_ok();
        let told = |text: &str| heard(text, false);
        assert!(told(r#"{"t":"events","prev":3,"seq":4,"events":[{"seq":4,"at":1,"kind":"message","mine":false,"text":"네"}]}"#));
        for leak in [
            r#"{"t":"events","prev":3,"seq":4,"events":[{"seq":4,"at":1,"kind":"delegated"}]}"#,
            r#"{"t":"events","prev":3,"seq":5,"events":[{"seq":5,"at":1,"kind":"started"}]}"#,
            r#"{"t":"events","prev":5,"seq":6,"events":[{"seq":6,"at":1,"kind":"started"}]}"#,
            r#"{"t":"events","prev":3,"seq":4,"events":[{"seq":4,"at":1,"kind":"started","agent":"x"}]}"#,
            r#"{"t":"events","prev":3,"seq":4,"events":[{"seq":4,"at":1,"kind":"message","mine":false,"text":"상담원1입니다"}]}"#,
        ] {
            assert!(!told(leak), "{leak}");
        }
        let nickname = r#"{"t":"events","prev":3,"seq":4,"events":[{"seq":4,"at":1,"kind":"message","mine":false,"text":"네","nickname":"담당자 하나"}]}"#;
        let of_another_test = nickname.replace("담당자 하나", "다정이");
        let account = nickname.replace("담당자 하나", "상담원1");
        assert!(!told(nickname) && !told(&of_another_test) && heard(nickname, true) && !heard(&account, true));
    }
}
