//! The conversation: files both ways, drafts, words among colleagues, and the question
//! before one goes out beside them.

use crate::{
    both,
    support::{Client, Socket, TestApp},
};
use damso::{
    api::{
        ApiError, Problem,
        inquiries::{InquiryDetail, InquiryRow},
    },
    domain::{
        attachment::{Attachment, FILE_MAX},
        chat::{Event, Logged, PublicEvent, Refused},
        ids::{ChatId, ClientId},
        presence::Status,
        text::{DRAFT_MAX, MESSAGE_MAX},
        time::{DAY, HOUR},
    },
    protocol::{AgentFrame, Draft, Sent, Thread, VisitorChat, VisitorFrame},
    server::keys::Purpose,
};
use image::{ImageFormat, RgbImage};
use reqwest::{
    Method, StatusCode, header,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use std::{io::Cursor, path::Path, sync::atomic::Ordering};
use uuid::Uuid;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n";

/// A photograph that names where it was taken.
fn photo() -> Vec<u8> {
    let mut jpeg = Vec::new();
    RgbImage::from_pixel(40, 20, image::Rgb([30, 30, 200])).write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg).unwrap();
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 37.5665N";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, exif, &jpeg[2..]].concat()
}

fn new_id() -> String {
    Uuid::now_v7().to_string()
}

fn form(id: &str, text: &str, files: &[(&str, &[u8])]) -> Form {
    let form = Form::new().text("client_id", id.to_owned()).text("text", text.to_owned());
    files.iter().fold(form, |form, (name, bytes)| form.part("files", Part::bytes(bytes.to_vec()).file_name((*name).to_owned())))
}

async fn post(who: &Client, path: &str, form: Form) -> Result<Sent, ApiError> {
    let answer = who.request(Method::POST, path).header(header::ACCEPT, "application/json").multipart(form).send().await.unwrap();
    let ok = answer.status().is_success();
    let text = answer.text().await.unwrap();
    if ok { Ok(serde_json::from_str(&text).unwrap()) } else { Err(serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"))) }
}

/// How many files lie in the store, unfinished ones too.
fn stored(test: &TestApp) -> usize {
    fn below(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| if path.is_dir() { below(&path) } else { 1 }).sum()
    }
    below(&test.folder.path().join("files"))
}

async fn thread(agent: &Client, chat: ChatId) -> Vec<Logged> {
    agent.ask::<Thread>("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap().events
}

/// What the widget's page carries of the chat.
async fn window(customer: &Client) -> VisitorChat {
    let mut socket = customer.visitor_socket(None).await;
    socket.until(|frame| if let VisitorFrame::Reset { chat } = frame { chat.map(|chat| *chat) } else { None }).await
}

fn files_of(event: &Event) -> &[Attachment] {
    if let Event::Message { files, .. } = event { files } else { &[] }
}

/// Follows a stable link to the file behind it.
async fn follow(who: &Client, path: &str) -> reqwest::Response {
    let answer = who.get(path).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
    let to = answer.headers()[header::LOCATION].to_str().unwrap().to_owned();
    assert!(to.starts_with("/files/"), "{to}");
    who.get(&to).await
}

/// The addresses in HTML that the server has drawn.
fn links(html: &str) -> Vec<String> {
    html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

both!(files_go_both_ways_and_are_read_by_their_two_sides_alone, async |test: TestApp| {
    let (customer, agent, anyone) = (test.visitor().await, test.signed_in("agent1").await, test.anyone());
    let chat = customer.say("깨진 채로 왔어요").await.unwrap().chat;
    let id = new_id();
    let photo = photo();
    for _ in 0..2 {
        let sent = post(&customer, "/w/demo/files", form(&id, "", &[("../<b>사진.jpeg", &photo), ("영수증.pdf", PDF)])).await.unwrap();
        assert_eq!((sent.chat, sent.seq), (chat, 4), "a repeated send is stored once");
    }
    assert_eq!(stored(&test), 2);
    // The same id with other files is another message.
    assert_eq!(post(&customer, "/w/demo/files", form(&id, "", &[("영수증.pdf", PDF)])).await, Err(ApiError::Conflict));
    assert_eq!(stored(&test), 2);

    let events = thread(&agent, chat).await;
    let [picture, pdf] = files_of(&events.last().unwrap().event) else { panic!("{events:?}") };
    assert_eq!((picture.name.as_str(), pdf.name.as_str(), pdf.size), ("b사진.jpeg", "영수증.pdf", PDF.len() as u64));
    assert_eq!(picture.picture.map(|p| (p.width, p.height)), Some((20, 40)), "turned upright");
    let path = |file: &Attachment| format!("/console/{chat}/files/{}", file.id);
    let jpeg = follow(&agent, &path(picture)).await.bytes().await.unwrap();
    assert!(jpeg.starts_with(b"\xff\xd8") && !jpeg.windows(4).any(|w| w == b"Exif" || w == b"GPS "), "no place in it");

    // The desk answers with a file and words.
    let answer = new_id();
    for _ in 0..2 {
        post(&agent, &format!("/console/{chat}/files"), form(&answer, "안내드립니다", &[("안내 \"1\".pdf", PDF)])).await.unwrap();
    }
    assert_eq!(stored(&test), 3);
    let window = window(&customer).await;
    let shown: Vec<(&PublicEvent, &str)> = window.events.iter().filter_map(|e| Some((&e.event, e.html.as_deref()?))).collect();
    let [(PublicEvent::Message { mine: true, text: no_text, .. }, own), (PublicEvent::Message { mine: false, text, .. }, theirs)] =
        &shown[..]
    else {
        panic!("{shown:?}")
    };
    assert_eq!((no_text.as_str(), text.as_str()), ("", "안내드립니다"));
    assert!(own.contains("<img") && own.contains("영수증.pdf") && own.contains("30 B") && !own.contains("<b>"), "{own}");
    assert!(theirs.contains("안내 1.pdf"), "{theirs}");
    // His window has no cookie: the link itself says for whom and what it was signed.
    for link in links(own).iter().chain(&links(theirs)) {
        let file = follow(&anyone, link).await;
        assert_eq!(file.status(), StatusCode::OK);
        assert!(file.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    }

    // Nobody else: another agent while it is agent1's, another chat, another signature.
    let other = test.signed_in("agent2").await;
    assert_eq!(other.get(&path(pdf)).await.status(), StatusCode::NOT_FOUND);
    let elsewhere = test.visitor().await.say("다른 상담").await.unwrap().chat;
    assert_eq!(agent.get(&format!("/console/{elsewhere}/files/{}", pdf.id)).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(anyone.get(&path(pdf)).await.status(), StatusCode::SEE_OTHER, "asked to sign in");
    assert!(anyone.get(&path(pdf)).await.headers()[header::LOCATION].to_str().unwrap().starts_with("/login"));
    let until = test.app.clock.now().plus(HOUR);
    let stranger = format!("{}.{}", Uuid::now_v7(), pdf.id);
    for (signed, status) in [
        (test.app.keys.sign(Purpose::Shown, &stranger, until), StatusCode::NOT_FOUND),
        (test.app.keys.sign(Purpose::File, &stranger, until), StatusCode::FORBIDDEN),
        ("x.1.y".to_owned(), StatusCode::FORBIDDEN),
    ] {
        assert_eq!(anyone.get(&format!("/shown/{signed}")).await.status(), status, "{signed}");
    }
});

both!(a_link_of_the_window_ends_after_a_day, async |test: TestApp| {
    let kind = test.kind();
    drop(test);
    let (test, clock) = TestApp::driven(kind).await;
    let customer = test.visitor().await;
    customer.say("사진이에요").await.unwrap();
    let mut socket = customer.visitor_socket(None).await;
    post(&customer, "/w/demo/files", form(&new_id(), "", &[("a.pdf", PDF)])).await.unwrap();
    let html = socket
        .until(|frame| match frame {
            VisitorFrame::Events { events, .. } => events.into_iter().find_map(|e| e.html),
            _ => None,
        })
        .await;
    let link = links(&html).remove(0);
    assert_eq!(follow(&customer, &link).await.status(), StatusCode::OK);
    clock.fetch_add(DAY, Ordering::SeqCst);
    assert_eq!(customer.get(&link).await.status(), StatusCode::FORBIDDEN);
    // The page that is loaded again has another.
    let fresh = window(&customer).await.events.into_iter().find_map(|e| e.html).unwrap();
    assert_eq!(follow(&customer, &links(&fresh)[0]).await.status(), StatusCode::OK);
});

both!(files_are_refused_by_name_and_leave_nothing_behind, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let at = |field: &str, problem| Err(ApiError::field(field, problem));
    // Into an open chat of one's own alone.
    assert_eq!(post(&customer, "/w/demo/files", form(&new_id(), "", &[("a.pdf", PDF)])).await, Err(ApiError::Refused(Refused::NoChat)));
    assert_eq!(post(&test.anyone(), "/w/demo/files", form(&new_id(), "", &[("a.pdf", PDF)])).await, Err(ApiError::Unauthenticated));
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let desk = format!("/console/{chat}/files");
    assert_eq!(post(&test.anyone(), &desk, form(&new_id(), "", &[("a.pdf", PDF)])).await, Err(ApiError::Unauthenticated));
    assert_eq!(
        post(&agent, &format!("/console/{}/files", new_id()), form(&new_id(), "", &[("a.pdf", PDF)])).await,
        Err(ApiError::NotFound)
    );

    let large = vec![b'a'; usize::try_from(FILE_MAX).unwrap() + 1];
    for (who, path) in [(&customer, "/w/demo/files"), (&agent, desk.as_str())] {
        let send = async |text: &str, files: &[(&str, &[u8])]| post(who, path, form(&new_id(), text, files)).await;
        assert_eq!(send("", &[("a.pdf", PDF), ("b.png", b"MZ\x90\0\x03")]).await, at("files.1", Problem::FileType));
        assert_eq!(send("", &[("empty.txt", b"")]).await, at("files.0", Problem::FileEmpty));
        assert_eq!(send("", &[("a.pdf", PDF), ("b.pdf", PDF), ("large.txt", &large)]).await, at("files.2", Problem::FileTooLarge));
        assert_eq!(send("", &[("1.pdf", PDF); 6]).await, at("files.5", Problem::TooManyFiles));
        assert_eq!(send("", &[]).await, at("text", Problem::Required));
        assert_eq!(send(&"가".repeat(MESSAGE_MAX + 1), &[("a.pdf", PDF)]).await, at("text", Problem::TooLong));
    }
    assert_eq!(stored(&test), 0);
    assert!(thread(&agent, chat).await.iter().all(|e| files_of(&e.event).is_empty()));
    // A text alone may come this way too.
    post(&customer, "/w/demo/files", form(&new_id(), "글만", &[])).await.unwrap();
    // What is over takes none.
    agent.reply(chat, "네").await.unwrap();
    agent.ask::<()>("chats/end", &json!({ "chat": chat })).await.unwrap();
    assert_eq!(post(&customer, "/w/demo/files", form(&new_id(), "", &[("a.pdf", PDF)])).await, Err(ApiError::Refused(Refused::NoChat)));
    assert_eq!(post(&agent, &desk, form(&new_id(), "", &[("a.pdf", PDF)])).await, Err(ApiError::Refused(Refused::Ended)));
    assert_eq!(stored(&test), 0);
});

both!(a_form_without_script_sends_files_too, async |test: TestApp| {
    let mut customer = test.visitor().await;
    let chat = customer.say("스크립트가 없어요").await.unwrap().chat;
    customer.cookie = Some(format!("__Host-damso-visitor-demo={}", customer.token.take().unwrap()));
    let page = customer.get("/w/demo?lang=ko").await.text().await.unwrap();
    let attach = page.split("<form").find(|form| form.contains("class=\"attach\"")).expect("the form");
    assert!(
        attach.contains("action=\"/w/demo/files\"") && attach.contains("multipart/form-data") && attach.contains("capture="),
        "{attach}"
    );
    let id = attach.split_once("name=\"client_id\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let send = async |bytes: &[u8]| {
        let form = form(&id, "", &[("사진.jpg", bytes)]).text("lang", "ko").part("files", Part::bytes(Vec::new()).file_name(""));
        customer.request(Method::POST, "/w/demo/files").multipart(form).send().await.unwrap()
    };
    let refused = send(b"<html>").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("20MB"));
    let done = send(&photo()).await;
    assert_eq!((done.status(), done.headers()[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/w/demo?lang=ko"));
    let page = customer.get("/w/demo?lang=ko").await.text().await.unwrap();
    assert!(page.contains("<img src=\"/shown/"), "drawn in the page: {page}");
    assert_eq!(thread(&test.signed_in("agent1").await, chat).await.iter().map(|e| files_of(&e.event).len()).sum::<usize>(), 1);
});

both!(files_of_a_chat_go_along_when_it_becomes_an_inquiry, async |test: TestApp| {
    let (customer, owner, agent) = (test.visitor().await, test.signed_in("owner").await, test.signed_in("agent3").await);
    customer.say("아무도 없나요").await.unwrap();
    post(&customer, "/w/demo/files", form(&new_id(), "", &[("사진.pdf", PDF)])).await.unwrap();
    agent.ask::<Status>("presence/set", &json!({ "status": Status::Offline })).await.unwrap();
    damso::server::actions::absence::look(&test.app).await.unwrap();
    assert_eq!(customer.form("/w/demo/turn", &[("lang", "ko")]).await.0, StatusCode::OK);
    let rows: Vec<InquiryRow> = owner.ask("inquiries", &json!({})).await.unwrap();
    let detail: InquiryDetail = owner.ask("inquiries/open", &json!({ "inquiry": rows[0].id })).await.unwrap();
    let files: Vec<Vec<&str>> = detail.messages.iter().map(|m| m.files.iter().map(|f| f.name.as_str()).collect()).collect();
    assert_eq!(files, [vec![], vec!["사진.pdf"]]);
    assert_eq!(
        follow(&owner, &format!("/inquiries/{}/files/{}", detail.row.id, detail.messages[1].files[0].id)).await.status(),
        StatusCode::OK
    );
});

async fn save(agent: &Client, chat: ChatId, note: bool, text: &str, page: ClientId) -> Result<(), ApiError> {
    agent.ask("drafts/save", &json!({ "chat": chat, "note": note, "text": text, "page": page })).await
}

async fn drafts(agent: &Client) -> Vec<(bool, String)> {
    let all: Vec<Draft> = agent.ask("drafts", &json!({})).await.unwrap();
    all.into_iter().map(|draft| (draft.note, draft.text)).collect()
}

/// The page that the next news of drafts is from.
async fn news(socket: &mut Socket) -> ClientId {
    socket.until(|frame| if let AgentFrame::Drafts { page } = frame { Some(page) } else { None }).await
}

both!(a_draft_is_kept_on_the_server_for_its_agent_alone, async |test: TestApp| {
    let (customer, agent, other) = (test.visitor().await, test.signed_in("agent1").await, test.signed_in("owner").await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    agent.ask::<Value>("chats/start", &json!({ "chat": chat })).await.unwrap();
    let second = test.signed_in("agent1").await;
    let (desk, theirs) = (second.desk().await, other.desk().await);
    let mut tab = second.agent_socket(desk.service.id, desk.seq).await;
    let mut colleague = other.agent_socket(theirs.service.id, theirs.seq).await;
    let mut widget = customer.visitor_socket(None).await;

    let page = ClientId(Uuid::now_v7());
    save(&agent, chat, false, "확인해 ", page).await.unwrap();
    assert_eq!(news(&mut tab).await, page, "another browser is told, and by whom");
    save(&agent, chat, false, "확인해 보겠", page).await.unwrap();
    save(&agent, chat, true, "까다로운 고객", page).await.unwrap();
    assert_eq!(drafts(&second).await, [(false, "확인해 보겠".to_owned()), (true, "까다로운 고객".to_owned())]);
    assert_eq!(second.desk().await.drafts.len(), 2, "the page begins with them");
    assert!(drafts(&other).await.is_empty() && other.desk().await.drafts.is_empty());

    // Sending empties it; what was typed since stays.
    agent.reply(chat, "  확인해 보겠 ").await.unwrap();
    assert_eq!(drafts(&agent).await, [(true, "까다로운 고객".to_owned())]);
    save(&agent, chat, false, "다음 말", page).await.unwrap();
    agent.reply(chat, "다른 말").await.unwrap();
    assert_eq!(drafts(&agent).await.len(), 2);
    agent.ask::<Sent>("chats/note", &json!({ "chat": chat, "client_id": new_id(), "text": "까다로운 고객" })).await.unwrap();
    assert_eq!(drafts(&agent).await, [(false, "다음 말".to_owned())]);
    save(&agent, chat, false, " \n", page).await.unwrap();
    assert!(drafts(&agent).await.is_empty());

    assert_eq!(save(&agent, chat, false, &"가".repeat(DRAFT_MAX + 1), page).await, Err(ApiError::field("text", Problem::TooLong)));
    assert_eq!(save(&agent, ChatId(Uuid::now_v7()), false, "a", page).await, Err(ApiError::NotFound));

    // It ends with the chat.
    save(&agent, chat, false, "늦은 말", page).await.unwrap();
    agent.ask::<()>("chats/end", &json!({ "chat": chat })).await.unwrap();
    assert!(drafts(&agent).await.is_empty());
    assert_eq!(save(&agent, chat, false, "더 늦은 말", page).await, Err(ApiError::Refused(Refused::Ended)));

    // Neither the customer nor a colleague heard a word of it.
    let told = widget.raw_until("\"ended\"").await;
    assert!(!told.contains("draft") && !told.contains("까다로운") && !told.contains("다음 말"), "{told}");
    let told = colleague.raw_until("\"kind\":\"ended\"").await;
    assert!(!told.contains("drafts") && !told.contains("다음 말"), "{told}");
});

both!(notes_are_seen_by_colleagues_at_once_and_by_the_customer_never, async |test: TestApp| {
    let (customer, agent, other) = (test.visitor().await, test.signed_in("agent1").await, test.signed_in("owner").await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let desk = agent.desk().await;
    let mut console = agent.agent_socket(desk.service.id, desk.seq).await;
    let mut widget = customer.visitor_socket(None).await;
    let before = window(&customer).await;
    let note = async |who: &Client, id: &str, text: &str| {
        who.ask::<Sent>("chats/note", &json!({ "chat": chat, "client_id": id, "text": text })).await
    };
    // Before the start, in a chat of somebody else's, by who only looks.
    let id = new_id();
    for _ in 0..2 {
        note(&other, &id, "SECRET 환불 대상").await.unwrap();
    }
    assert_eq!(note(&other, &id, "SECRET 다른 말").await, Err(ApiError::Conflict));
    let seen = console
        .until(|frame| match frame {
            AgentFrame::Events { events, .. } => events.into_iter().find(|e| matches!(e.event, Event::Note { .. })),
            _ => None,
        })
        .await;
    assert_eq!((seen.public, seen.event), (None, Event::Note { agent: other.desk().await.me.account, text: "SECRET 환불 대상".into() }));
    agent.reply(chat, "네, 말씀하세요").await.unwrap();
    note(&agent, &new_id(), "SECRET 확인함").await.unwrap();
    let asked = customer.say("언제 오나요").await.unwrap();
    assert_eq!(asked.seq, before.seq + 3, "started, answered, asked: no gap tells of the notes");
    // Also after the customer's own end, and for who sees it only.
    customer.ask::<()>("visitor/end", &json!({ "request": { "widget": "demo", "chat": chat } })).await.unwrap();
    note(&agent, &new_id(), "SECRET 마무리").await.unwrap();
    assert_eq!(note(&test.signed_in("agent2").await, &new_id(), "SECRET").await, Err(ApiError::NotFound));
    assert_eq!(note(&agent, &new_id(), " ").await, Err(ApiError::field("text", Problem::Required)));
    agent.ask::<()>("chats/end", &json!({ "chat": chat })).await.unwrap();
    assert_eq!(note(&agent, &new_id(), "SECRET").await, Err(ApiError::Refused(Refused::Ended)));

    let notes = thread(&agent, chat).await.iter().filter(|e| matches!(e.event, Event::Note { .. })).count();
    assert_eq!(notes, 3);
    // Over everything that the customer was sent.
    let told = widget.raw_until("\"ended\"").await;
    let shown = serde_json::to_string(&window(&customer).await).unwrap();
    let mut alone = customer.clone();
    alone.cookie = Some(format!("__Host-damso-visitor-demo={}", alone.token.take().unwrap()));
    let page = alone.get("/w/demo?lang=ko").await.text().await.unwrap();
    assert!(page.contains("언제 오나요"));
    for text in [&told, &shown, &page] {
        assert!(!text.contains("SECRET") && !text.contains("note\""), "{text}");
    }
    let numbers: Vec<u64> = window(&customer).await.events.iter().map(|e| e.seq).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
});

both!(a_reply_is_held_up_only_by_a_colleagues_words_that_were_not_seen, async |test: TestApp| {
    let (customer, agent, other) = (test.visitor().await, test.signed_in("agent1").await, test.signed_in("owner").await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    agent.reply(chat, "네").await.unwrap();
    let by = other.desk().await.me.account;
    let seen = async || thread(&agent, chat).await.last().unwrap().seq;
    let reply = async |id: &str, text: &str, seen: Option<u64>| {
        agent.ask::<Sent>("chats/send", &json!({ "chat": chat, "client_id": id, "text": text, "seen": seen })).await
    };
    // What the customer or oneself wrote holds up nothing.
    let early = seen().await;
    customer.say("하나 더요").await.unwrap();
    let own = new_id();
    let first = reply(&own, "첫째", Some(early)).await.unwrap();
    reply(&new_id(), "둘째", Some(early)).await.unwrap();
    other.ask::<Sent>("chats/note", &json!({ "chat": chat, "client_id": new_id(), "text": "환불은 안 됩니다" })).await.unwrap();
    let held = new_id();
    assert_eq!(reply(&held, "환불해 드릴게요", Some(early)).await, Err(ApiError::Refused(Refused::Unseen { by })));
    let files = form(&new_id(), "환불 서류", &[("a.pdf", PDF)]).text("seen", early.to_string());
    assert_eq!(post(&agent, &format!("/console/{chat}/files"), files).await, Err(ApiError::Refused(Refused::Unseen { by })));
    assert_eq!(stored(&test), 0);
    // What is stored already is answered, whatever came since.
    assert_eq!(reply(&own, "첫째", Some(early)).await, Ok(first));
    // Who was asked, or has looked, is not held up again.
    reply(&held, "환불해 드릴게요", None).await.unwrap();
    reply(&new_id(), "확인했습니다", Some(seen().await)).await.unwrap();
    let texts: Vec<String> = window(&customer)
        .await
        .events
        .into_iter()
        .filter_map(|e| if let PublicEvent::Message { mine: false, text, .. } = e.event { Some(text) } else { None })
        .collect();
    assert_eq!(texts[1..], ["네", "첫째", "둘째", "환불해 드릴게요", "확인했습니다"]);
});
