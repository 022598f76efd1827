//! What the widget reads, picked out of JSON by hand: derived `Deserialize` would make
//! the module half as large again. The tests hold it against what the server writes.

use crate::{
    domain::{
        chat::{EndedBy, PublicEvent, PublicState},
        ids::{ChatId, ClientId},
        service::Language,
        time::Timestamp,
    },
    protocol::{EarlierEvents, Goodbye, Marks, PublicLogged, Sent, VisitorChat, VisitorFrame, WidgetPage},
    ui::live::{host::Json, ids, socket::Frame},
};
use uuid::Uuid;

impl Frame for VisitorFrame {
    fn read(text: &str) -> Option<Self> {
        frame(&Json::parse(text)?)
    }

    fn goodbye(&self) -> Option<Goodbye> {
        if let Self::Bye { why } = self { Some(*why) } else { None }
    }
}

fn number(json: &Json, name: &str) -> Option<u64> {
    u64::try_from(json.at(name).number()?).ok()
}

fn id(json: &Json, name: &str) -> Option<Uuid> {
    ids::read(&json.at(name).text()?)
}

fn time(json: &Json, name: &str) -> Option<Timestamp> {
    json.at(name).number().map(Timestamp)
}

fn marks(json: &Json) -> Option<Marks> {
    Some(Marks { delivered: number(json, "delivered")?, seen: number(json, "seen")? })
}

fn events(json: &Json) -> Option<Vec<PublicLogged>> {
    json.at("events").items()?.iter().map(logged).collect()
}

fn logged(json: &Json) -> Option<PublicLogged> {
    let event = match json.at("kind").text()?.as_str() {
        "intake" => PublicEvent::Intake,
        "message" => {
            PublicEvent::Message { mine: json.at("mine").truth()?, text: json.at("text").text()?, nickname: json.at("nickname").text() }
        }
        "started" => PublicEvent::Started,
        "customer_ended" => PublicEvent::CustomerEnded,
        "customer_returned" => PublicEvent::CustomerReturned,
        "ended" => PublicEvent::Ended {
            by: match json.at("by").text()?.as_str() {
                "customer" => EndedBy::Customer,
                "agent" => EndedBy::Agent,
                "system" => EndedBy::System,
                _ => return None,
            },
        },
        _ => return None,
    };
    Some(PublicLogged {
        seq: number(json, "seq")?,
        at: time(json, "at")?,
        client_id: id(json, "client_id").map(ClientId),
        event,
        html: json.at("html").text(),
    })
}

fn chat(json: &Json) -> Option<VisitorChat> {
    Some(VisitorChat {
        id: id(json, "id").map(ChatId)?,
        state: match json.at("state").text()?.as_str() {
            "intake" => PublicState::Intake,
            "waiting" => PublicState::Waiting,
            "active" => PublicState::Active,
            "ended" => PublicState::Ended,
            _ => return None,
        },
        events: events(json)?,
        earlier: json.at("earlier").truth()?,
        seq: number(json, "seq")?,
        desk: marks(&json.at("desk"))?,
        mine: marks(&json.at("mine"))?,
    })
}

/// A chat, or that there is none; `None` when it is neither.
fn maybe_chat(json: &Json) -> Option<Option<VisitorChat>> {
    if json.is_null() { Some(None) } else { chat(json).map(Some) }
}

fn frame(json: &Json) -> Option<VisitorFrame> {
    Some(match json.at("t").text()?.as_str() {
        "welcome" => VisitorFrame::Welcome { build: json.at("build").text()?, now: time(json, "now")? },
        "reset" => VisitorFrame::Reset { chat: maybe_chat(&json.at("chat"))?.map(Box::new) },
        "events" => VisitorFrame::Events { prev: number(json, "prev")?, seq: number(json, "seq")?, events: events(json)? },
        "typing" => VisitorFrame::Typing { on: json.at("on").truth()? },
        "desk_marks" => VisitorFrame::DeskMarks { marks: marks(&json.at("marks"))? },
        "my_marks" => VisitorFrame::MyMarks { marks: marks(&json.at("marks"))? },
        "tray" => VisitorFrame::Tray { is: json.at("is").text()? },
        "bye" => VisitorFrame::Bye {
            why: match json.at("why").text()?.as_str() {
                "signed_out" => Goodbye::SignedOut,
                "slow" => Goodbye::Slow,
                "restart" => Goodbye::Restart,
                "version" => Goodbye::Version,
                "bad_frame" => Goodbye::BadFrame,
                _ => return None,
            },
        },
        _ => return None,
    })
}

/// What the page carries.
#[cfg_attr(not(any(feature = "browser", test)), expect(dead_code, reason = "the server writes it and only tests read it there"))]
pub fn page(json: &Json) -> Option<WidgetPage> {
    Some(WidgetPage {
        widget: json.at("widget").text()?,
        language: Language::parse(&json.at("language").text()?)?,
        service_name: json.at("service_name").text()?,
        banner: json.at("banner").text(),
        build: json.at("build").text()?,
        alone: json.at("alone").truth()?,
        chat: maybe_chat(&json.at("chat"))?,
    })
}

pub fn sent(json: &Json) -> Option<Sent> {
    Some(Sent { chat: id(json, "chat").map(ChatId)?, seq: number(json, "seq")?, at: time(json, "at")? })
}

pub fn earlier(json: &Json) -> Option<EarlierEvents> {
    Some(EarlierEvents { events: events(json)?, earlier: json.at("earlier").truth()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Serialize;

    fn json(value: &impl Serialize) -> Json {
        Json::parse(&serde_json::to_string(value).unwrap()).unwrap()
    }

    fn any_number() -> impl Strategy<Value = u64> {
        0u64..1 << 53
    }

    fn any_marks() -> impl Strategy<Value = Marks> {
        (any_number(), any_number()).prop_map(|(delivered, seen)| Marks { delivered, seen })
    }

    fn any_event() -> impl Strategy<Value = PublicEvent> {
        prop_oneof![
            Just(PublicEvent::Intake),
            (any::<bool>(), any::<String>(), any::<Option<String>>()).prop_map(|(mine, text, nickname)| PublicEvent::Message {
                mine,
                text,
                nickname
            }),
            Just(PublicEvent::Started),
            Just(PublicEvent::CustomerEnded),
            Just(PublicEvent::CustomerReturned),
            prop_oneof![Just(EndedBy::Customer), Just(EndedBy::Agent), Just(EndedBy::System)].prop_map(|by| PublicEvent::Ended { by }),
        ]
    }

    fn any_logged() -> impl Strategy<Value = PublicLogged> {
        (any_number(), 0i64..1 << 53, any::<Option<u128>>(), any_event(), any::<Option<String>>()).prop_map(|(seq, at, id, event, html)| {
            PublicLogged { seq, at: Timestamp(at), client_id: id.map(|id| ClientId(Uuid::from_u128(id))), event, html }
        })
    }

    fn any_chat() -> impl Strategy<Value = VisitorChat> {
        let state = prop_oneof![Just(PublicState::Intake), Just(PublicState::Waiting), Just(PublicState::Active), Just(PublicState::Ended)];
        let events = prop::collection::vec(any_logged(), 0..4);
        (any::<u128>(), state, events, any::<bool>(), any_number(), any_marks(), any_marks()).prop_map(
            |(id, state, events, earlier, seq, desk, mine)| VisitorChat {
                id: ChatId(Uuid::from_u128(id)),
                state,
                events,
                earlier,
                seq,
                desk,
                mine,
            },
        )
    }

    fn any_frame() -> impl Strategy<Value = VisitorFrame> {
        let why = prop_oneof![
            Just(Goodbye::SignedOut),
            Just(Goodbye::Slow),
            Just(Goodbye::Restart),
            Just(Goodbye::Version),
            Just(Goodbye::BadFrame)
        ];
        prop_oneof![
            (any::<String>(), 0i64..1 << 53).prop_map(|(build, now)| VisitorFrame::Welcome { build, now: Timestamp(now) }),
            prop::option::of(any_chat()).prop_map(|chat| VisitorFrame::Reset { chat: chat.map(Box::new) }),
            (any_number(), any_number(), prop::collection::vec(any_logged(), 0..4)).prop_map(|(prev, seq, events)| VisitorFrame::Events {
                prev,
                seq,
                events
            }),
            any::<bool>().prop_map(|on| VisitorFrame::Typing { on }),
            any_marks().prop_map(|marks| VisitorFrame::DeskMarks { marks }),
            any_marks().prop_map(|marks| VisitorFrame::MyMarks { marks }),
            any::<String>().prop_map(|is| VisitorFrame::Tray { is }),
            why.prop_map(|why| VisitorFrame::Bye { why }),
        ]
    }

    proptest! {
        #[test]
        fn every_frame_is_read_as_the_server_wrote_it(sent in any_frame()) {
            prop_assert_eq!(VisitorFrame::read(&serde_json::to_string(&sent).unwrap()), Some(sent));
        }

        #[test]
        fn so_is_the_page(chat in prop::option::of(any_chat()), name in any::<String>(), banner in prop::option::of(any::<String>()), alone in any::<bool>()) {
            let sent = WidgetPage { widget: "demo".into(), language: Language::En, service_name: name, banner, build: "b".into(), alone, chat };
            prop_assert_eq!(page(&json(&sent)), Some(sent));
        }
    }

    #[test]
    fn so_are_answers() {
        let stored = Sent { chat: ChatId(Uuid::from_u128(1)), seq: 7, at: Timestamp(8) };
        assert_eq!(sent(&json(&stored)), Some(stored));
        let older = EarlierEvents { events: Vec::new(), earlier: true };
        assert_eq!(earlier(&json(&older)), Some(older));
    }

    #[test]
    fn what_is_not_of_this_protocol_is_refused() {
        for text in
            ["", "{}", "[]", "null", r#"{"t":"beat"}"#, r#"{"t":"events","prev":1,"seq":2,"events":[{"seq":2,"at":1,"kind":"new"}]}"#]
        {
            assert_eq!(VisitorFrame::read(text), None, "{text}");
        }
    }
}
