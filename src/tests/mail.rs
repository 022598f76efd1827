//! Mail, as a mail server gets it: a small one of the tests' own, over real sockets.

use crate::{both, support::TestApp};
use damso::{
    api::{inquiries::InquiryRow, organization::Link},
    server::mail::Smtp,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use uuid::Uuid;

/// What a server was given: the recipient, and the mail as it came.
pub struct Got {
    pub recipient: String,
    pub mail: String,
}

/// Takes mail; the first `refuse` of it not now (451).
async fn server(mut refuse: usize) -> (std::net::SocketAddr, mpsc::UnboundedReceiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (out, got) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let refused = refuse > 0;
            refuse = refuse.saturating_sub(1);
            if let Some(mail) = receive(stream, refused).await {
                out.send(mail).unwrap();
            }
        }
    });
    (address, got)
}

async fn receive(stream: TcpStream, refused: bool) -> Option<Got> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut recipient = String::new();
    write.write_all(b"220 test\r\n").await.ok()?;
    loop {
        let line = lines.next_line().await.ok()??;
        let answer: &[u8] = match line.split([' ', ':']).next()?.to_ascii_uppercase().as_str() {
            "EHLO" => b"250-test\r\n250 8BITMIME\r\n",
            "RCPT" if refused => b"451 not now\r\n",
            "RCPT" => {
                recipient.clone_from(&line);
                b"250 ok\r\n"
            }
            "DATA" => b"354 go on\r\n",
            "QUIT" => return None,
            _ => b"250 ok\r\n",
        };
        write.write_all(answer).await.ok()?;
        if line.eq_ignore_ascii_case("DATA") {
            let mut mail = String::new();
            loop {
                let line = lines.next_line().await.ok()??;
                if line == "." {
                    break;
                }
                mail.push_str(&line);
                mail.push('\n');
            }
            write.write_all(b"250 taken\r\n").await.ok()?;
            return Some(Got { recipient, mail });
        }
    }
}

/// The text of a mail, out of base64 or quoted-printable.
pub fn text(mail: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let (head, body) = mail.split_once("\n\n").unwrap();
    if head.to_lowercase().contains("base64") {
        String::from_utf8(STANDARD.decode(body.replace('\n', "")).unwrap()).unwrap()
    } else {
        let soft = body.replace("=\n", "");
        let mut bytes = Vec::new();
        let mut rest = soft.as_bytes();
        while let Some((first, tail)) = rest.split_first() {
            match (first, tail) {
                (b'=', [a, b, more @ ..]) => {
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&[*a, *b]).unwrap(), 16).unwrap());
                    rest = more;
                }
                _ => {
                    bytes.push(*first);
                    rest = tail;
                }
            }
        }
        String::from_utf8(bytes).unwrap()
    }
}

pub async fn with_mail(kind: crate::support::Kind, refuse: usize) -> (TestApp, mpsc::UnboundedReceiver<Got>) {
    let (address, got) = server(refuse).await;
    let test = TestApp::bare(kind, |config| {
        config.smtp = Some(Smtp::new(format!("smtp://{address}"), "데모 상점 <help@shop.example>").unwrap());
    })
    .await;
    test.seed().await;
    (test, got)
}

both!(links_and_answers_go_by_mail, async |plain: TestApp| {
    let kind = plain.kind();
    // The server says "not now" first: it is tried again.
    let (test, mut got) = with_mail(kind, 1).await;
    let owner = test.signed_in("owner").await;
    let service = owner.desk().await.service.id;
    let links: Vec<Link> =
        owner.ask("organization/people/invite", &json!({ "emails": "new@a.example", "service": service, "role": "agent" })).await.unwrap();
    let first = got.recv().await.unwrap();
    assert!(first.recipient.contains("<new@a.example>"), "{}", first.recipient);
    assert!(text(&first.mail).contains(&links[0].url), "{}", first.mail);
    assert!(first.mail.contains("From: ") && first.mail.contains("help@shop.example") && first.mail.contains("Message-ID: <"));

    let customer = test.visitor().await;
    let consent = customer.consent("ask").await.unwrap();
    let token = "m".repeat(43);
    let form =
        [("lang", "ko"), ("token", token.as_str()), ("consent", consent.as_str()), ("text", "언제 오나요"), ("email", "a@b.example")];
    for _ in 0..2 {
        assert!(customer.form("/w/demo/inquiry", &form).await.1.contains("data-done"));
    }
    let confirmation = got.recv().await.unwrap();
    assert!(confirmation.recipient.contains("<a@b.example>") && text(&confirmation.mail).contains(&token));
    let rows: Vec<InquiryRow> = owner.ask("inquiries", &json!({})).await.unwrap();
    let answer = json!({ "inquiry": rows[0].id, "client_id": Uuid::now_v7(), "text": "내일요.\r\nBcc: evil@x.example" });
    for _ in 0..2 {
        owner.ask::<Value>("inquiries/answer", &answer).await.unwrap();
    }
    let answered = got.recv().await.unwrap();
    assert!(text(&answered.mail).contains("내일요.") && !answered.mail.lines().any(|line| line.starts_with("Bcc:")));
    // Each left once, and none waits.
    assert!(got.try_recv().is_err());
    let due = async || test.app.db.look(async |tx| damso::server::db::mail::next_due(tx).await).await.unwrap();
    while due().await.is_some() {
        tokio::task::yield_now().await;
    }
    // Without a mail server nothing is kept for later.
    plain
        .signed_in("owner")
        .await
        .ask::<Vec<Link>>(
            "organization/people/invite",
            &json!({ "emails": "x@a.example", "service": plain.signed_in("owner").await.desk().await.service.id, "role": "agent" }),
        )
        .await
        .unwrap();
    assert_eq!(plain.app.db.look(async |tx| damso::server::db::mail::next_due(tx).await).await.unwrap(), None);
});
