//! The widget's requests as JSON, by hand like what it reads.

use crate::{
    protocol::{Register, VisitorEarlier, VisitorEnd, VisitorSend},
    ui::live::{host::Out, write::signed},
};

fn of(widget: &str) -> Out {
    Out::new().text("widget", widget)
}

pub fn register(request: &Register) -> Out {
    of(&request.widget)
}

pub fn send(request: &VisitorSend) -> Out {
    of(&request.widget).text("client_id", &request.client_id.to_string()).text("text", &request.text)
}

pub fn end(request: &VisitorEnd) -> Out {
    of(&request.widget).text("chat", &request.chat.to_string())
}

pub fn earlier(request: &VisitorEarlier) -> Out {
    of(&request.widget).text("chat", &request.chat.to_string()).number("before", signed(request.before))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{ChatId, ClientId};
    use serde::de::DeserializeOwned;
    use uuid::Uuid;

    fn read<T: DeserializeOwned>(out: &Out) -> T {
        serde_json::from_str(&out.write()).unwrap()
    }

    #[test]
    fn the_server_reads_every_request() {
        let (widget, id) = ("demo".to_owned(), Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_099a_8f2c));
        let request = Register { widget: widget.clone() };
        assert_eq!(read::<Register>(&register(&request)), request);
        let request = VisitorSend { widget: widget.clone(), client_id: ClientId(id), text: "안녕\n\"\u{1F600}".into() };
        assert_eq!(read::<VisitorSend>(&send(&request)), request);
        let request = VisitorEnd { widget: widget.clone(), chat: ChatId(id) };
        assert_eq!(read::<VisitorEnd>(&end(&request)), request);
        let request = VisitorEarlier { widget, chat: ChatId(id), before: 51 };
        assert_eq!(read::<VisitorEarlier>(&earlier(&request)), request);
    }
}
