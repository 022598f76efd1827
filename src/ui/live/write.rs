//! Frames as JSON, written by hand for the widget's sake (see `ui::widget::read`); the
//! tests hold them against what the server reads.

use super::host::Out;
use crate::protocol::{BEAT, ClientFrame, Hello};

/// The first frame on a socket.
#[must_use]
pub fn hello(hello: &Hello) -> String {
    match hello {
        Hello::Agent { version, service, seq } => Out::new()
            .text("hello", "agent")
            .number("version", (*version).into())
            .text("service", &service.to_string())
            .number("seq", signed(*seq))
            .write(),
        Hello::Door { version, widget } => {
            Out::new().text("hello", "door").number("version", (*version).into()).text("widget", widget).write()
        }
        Hello::Visitor { version, widget, token, resume } => {
            let resume = resume.map(|resume| Out::new().text("chat", &resume.chat.to_string()).number("seq", signed(resume.seq)));
            let out = Out::new().text("hello", "visitor").number("version", (*version).into()).text("widget", widget);
            out.maybe("token", token.as_deref()).object("resume", resume.as_ref()).write()
        }
    }
}

/// A later frame.
#[must_use]
pub fn client_frame(frame: &ClientFrame) -> String {
    let out = |t| Out::new().text("t", t);
    let out = match frame {
        ClientFrame::Typing { chat, on } => out("typing").text("chat", &chat.to_string()).flag("on", *on),
        ClientFrame::Marks { chat, delivered, seen } => {
            out("marks").text("chat", &chat.to_string()).number("delivered", signed(*delivered)).number("seen", signed(*seen))
        }
        #[cfg(any(feature = "ssr", feature = "hydrate"))]
        ClientFrame::ManyMarks { .. } => return serde_json::to_string(frame).unwrap_or_default(),
        ClientFrame::Page { url, title } => out("page").text("url", url).text("title", title),
        #[cfg(feature = "ssr")]
        ClientFrame::Sight { on } => out("sight").flag("on", *on),
        #[cfg(any(feature = "ssr", feature = "hydrate"))]
        ClientFrame::Watch { chat } => out("watch").text("chat", &chat.to_string()),
        ClientFrame::Beat => return BEAT.to_owned(),
    };
    out.write()
}

/// Numbers of the protocol are far below 2^53, where JSON's end for scripts.
#[must_use]
pub fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::ids::{ChatId, ServiceId},
        protocol::{CLIENT_FRAME_MAX, MARKS_AT_ONCE, Marks, Resume, VERSION},
    };
    use uuid::Uuid;

    const ID: Uuid = Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_099a_8f2c);

    #[test]
    fn the_server_reads_every_hello() {
        let resume = Some(Resume { chat: ChatId(ID), seq: 7 });
        for sent in [
            Hello::Agent { version: VERSION, service: ServiceId(ID), seq: 1 << 52 },
            Hello::Visitor { version: VERSION, widget: "d\"emo".into(), token: Some("t".into()), resume },
            Hello::Visitor { version: VERSION, widget: String::new(), token: None, resume: None },
        ] {
            assert_eq!(serde_json::from_str::<Hello>(&hello(&sent)).unwrap(), sent);
        }
    }

    #[test]
    fn the_server_reads_every_frame() {
        for sent in [
            ClientFrame::Typing { chat: ChatId(ID), on: true },
            ClientFrame::Marks { chat: ChatId(ID), delivered: 3, seen: 2 },
            ClientFrame::ManyMarks { marks: vec![(ChatId(ID), Marks { delivered: 3, seen: 2 })] },
            ClientFrame::Page { url: "https://a/?\u{2028}".into(), title: "제목\n".into() },
            ClientFrame::Sight { on: true },
            ClientFrame::Watch { chat: ChatId(ID) },
            ClientFrame::Beat,
        ] {
            assert_eq!(serde_json::from_str::<ClientFrame>(&client_frame(&sent)).unwrap(), sent);
        }
    }

    #[test]
    fn as_many_marks_as_may_come_at_once_fit_a_frame() {
        let one = (ChatId(ID), Marks { delivered: 9_999_999, seen: 9_999_999 });
        assert!(client_frame(&ClientFrame::ManyMarks { marks: vec![one; MARKS_AT_ONCE] }).len() <= CLIENT_FRAME_MAX);
    }
}
