//! Files that people send with a 1:1 문의: what is taken, who reads it, and what is left.

use crate::{
    both,
    support::{Client, TestApp},
};
use damso::{
    api::{
        ApiError, Problem,
        inquiries::{InquiryDetail, InquiryRow},
    },
    domain::{
        attachment::{Attachment, FILE_MAX, VISITOR_DAY_MAX},
        ids::{FileId, InquiryId},
        time::DAY,
    },
    server::{db, error::Error, files::Stored, keys::Purpose},
};
use futures_util::{StreamExt as _, stream};
use image::{ImageFormat, RgbImage};
use reqwest::{
    Method, StatusCode, header,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use std::{
    io::Cursor,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};
use uuid::Uuid;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n";

/// A photograph that names where it was taken.
fn photo() -> Vec<u8> {
    let mut jpeg = Vec::new();
    RgbImage::from_pixel(40, 20, image::Rgb([200, 30, 30])).write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg).unwrap();
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 37.5665N";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, exif, &jpeg[2..]].concat()
}

fn part(name: &str, bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name(name.to_owned())
}

fn form(fields: &[(&str, &str)], files: Vec<Part>) -> Form {
    let form = fields.iter().fold(Form::new(), |form, (name, value)| form.text((*name).to_owned(), (*value).to_owned()));
    files.into_iter().fold(form, |form, file| form.part("files", file))
}

async fn post(client: &Client, path: &str, form: Form) -> (StatusCode, String) {
    let answer = client.request(Method::POST, path).header(header::ACCEPT, "application/json").multipart(form).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// Leaves an inquiry with files.
async fn leave(customer: &Client, token: &str, text: &str, files: Vec<Part>) -> (StatusCode, String) {
    let consent = customer.consent("ask").await.unwrap();
    let fields = [("lang", "ko"), ("token", token), ("consent", consent.as_str()), ("text", text)];
    post(customer, "/w/demo/inquiry", form(&fields, files)).await
}

async fn only_inquiry(agent: &Client) -> InquiryDetail {
    let rows: Vec<InquiryRow> = agent.ask("inquiries", &json!({})).await.unwrap();
    assert_eq!(rows.len(), 1);
    agent.ask("inquiries/open", &json!({ "inquiry": rows[0].id })).await.unwrap()
}

/// All files of the store, unfinished ones too.
fn stored(test: &TestApp) -> Vec<PathBuf> {
    fn below(folder: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { below(&path, out) } else { out.push(path) }
        }
    }
    let mut out = Vec::new();
    below(&test.folder.path().join("files"), &mut out);
    out
}

/// Follows a link to where the file is.
async fn follow(client: &Client, path: &str) -> reqwest::Response {
    let answer = client.get(path).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
    let to = answer.headers()[header::LOCATION].to_str().unwrap().to_owned();
    assert!(to.starts_with("/files/"), "{to}");
    client.get(&to).await
}

both!(files_come_with_an_inquiry_and_are_read_by_its_two_sides, async |test: TestApp| {
    let (customer, agent, anyone) = (test.visitor().await, test.signed_in("agent1").await, test.anyone());
    let token = "f".repeat(43);
    let files = || vec![part("../영수증 \"1\".pdf", PDF), part("사진.jpeg", &photo()), part("", b"")];
    for _ in 0..2 {
        let (status, html) = leave(&customer, &token, "사진을 보냅니다", files()).await;
        assert!(status == StatusCode::OK && html.contains("data-done"), "{html}");
    }
    assert_eq!(stored(&test).len(), 2, "a repeated post stores no second copy");
    let detail = only_inquiry(&agent).await;
    let names: Vec<&str> = detail.messages[0].files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["영수증 1.pdf", "사진.jpeg"]);
    let [pdf, picture] = &detail.messages[0].files[..] else { panic!() };
    assert_eq!((pdf.size, pdf.picture), (PDF.len() as u64, None));
    assert_eq!(picture.picture.map(|p| (p.width, p.height)), Some((20, 40)), "turned upright");

    // The customer's side, and the desk's.
    let page = format!("/help/demo/inquiries/{token}");
    let html = anyone.get(&format!("{page}?lang=ko")).await.text().await.unwrap();
    assert!(html.contains("영수증 1.pdf") && html.contains(&format!("{page}/files/{}?lang=ko", pdf.id)) && html.contains("30 B"), "{html}");
    for (who, path) in [(&anyone, format!("{page}/files/{}", pdf.id)), (&agent, format!("/inquiries/{}/files/{}", detail.row.id, pdf.id))] {
        let answer = follow(who, &path).await;
        let h = answer.headers().clone();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(h[header::CONTENT_TYPE], "application/pdf");
        assert_eq!(h[header::CONTENT_LENGTH], PDF.len().to_string().as_str());
        assert_eq!(h[header::CONTENT_DISPOSITION], "attachment; filename*=UTF-8''%EC%98%81%EC%88%98%EC%A6%9D%201.pdf");
        assert_eq!(h["x-content-type-options"], "nosniff");
        assert_eq!(h[header::CACHE_CONTROL], "private, max-age=600");
        assert!(h[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("sandbox; default-src 'none'"));
        assert_eq!(answer.bytes().await.unwrap(), PDF);
    }
    let jpeg = follow(&agent, &format!("/inquiries/{}/files/{}", detail.row.id, picture.id)).await.bytes().await.unwrap();
    assert!(jpeg.starts_with(b"\xff\xd8") && !jpeg.windows(4).any(|w| w == b"Exif" || w == b"GPS "), "no place in it");
    assert_eq!(jpeg.len() as u64, picture.size);
    // Not squeezed on the way, where a browser would not learn the length.
    let link = agent.get(&format!("/inquiries/{}/files/{}", detail.row.id, pdf.id)).await.headers()[header::LOCATION].clone();
    let squeezed = anyone.request(Method::GET, link.to_str().unwrap()).header(header::ACCEPT_ENCODING, "br").send().await.unwrap();
    assert!(!squeezed.headers().contains_key(header::CONTENT_ENCODING) && squeezed.headers().contains_key(header::CONTENT_LENGTH));

    // The customer writes again, and the desk answers, each once.
    let again = Uuid::now_v7().to_string();
    for _ in 0..2 {
        let form =
            form(&[("client_id", &again), ("lang", "ko"), ("text", "표도 보냅니다")], vec![part("표.csv", "이름,수\n배,3\n".as_bytes())]);
        assert_eq!(post(&anyone, &page, form).await.0, StatusCode::SEE_OTHER);
    }
    let id = Uuid::now_v7().to_string();
    for _ in 0..2 {
        let form = form(&[("client_id", &id), ("text", "안내문입니다")], vec![part("안내.pdf", PDF)]);
        let (status, json) = post(&agent, &format!("/inquiries/{}/answer", detail.row.id), form).await;
        assert_eq!(status, StatusCode::OK, "{json}");
        let detail: InquiryDetail = serde_json::from_str(&json).unwrap();
        let files: Vec<Vec<&str>> = detail.messages.iter().map(|m| m.files.iter().map(|f| f.name.as_str()).collect()).collect();
        assert_eq!(files, [vec!["영수증 1.pdf", "사진.jpeg"], vec!["표.csv"], vec!["안내.pdf"]]);
    }
    assert_eq!(stored(&test).len(), 4);
});

both!(what_is_not_taken_is_said_beside_the_field_and_nothing_is_stored, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    let (token, text) = ("g".repeat(43), "적어 둔 글 </textarea><b>굵게</b>");
    let large = vec![b'a'; usize::try_from(FILE_MAX).unwrap() + 1];
    let html = b"<!doctype html><script>alert(document.domain)</script>";
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let ways: Vec<(&str, Vec<Part>)> = vec![
        ("첨부할 수 없는 형식", vec![part("ok.pdf", PDF), part("picture.png", html)]),
        ("첨부할 수 없는 형식", vec![part("picture.svg", svg).mime_str("image/png").unwrap(), part("ok.pdf", PDF)]),
        ("첨부할 수 없는 형식", vec![part("setup.txt", b"MZ\x90\0\x03\0\0\0")]),
        ("이미지를 열 수 없습니다", vec![part("broken.png", b"\x89PNG\r\n\x1a\nnot a picture")]),
        ("빈 파일", vec![part("empty.txt", b"")]),
        ("파일이 너무 큽니다", vec![part("large.txt", &large), part("ok.pdf", PDF)]),
        ("5개까지", (0..6).map(|n| part(&format!("{n}.pdf"), PDF)).collect()),
    ];
    for (words, files) in ways {
        let (status, html) = leave(&customer, &token, text, files).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(html.contains("front-files-wrong") && html.contains(words), "{words}: {html}");
        assert!(html.contains("적어 둔 글 &lt;/textarea>") && !html.contains("<b>굵게"), "what was typed stays, as text: {html}");
        assert!(stored(&test).is_empty(), "{words}");
    }
    // Beside what else is wrong.
    let (_, html) = leave(&customer, &token, " ", vec![part("a.html", html)]).await;
    assert!(html.contains("front-files-wrong") && html.contains("front-text-wrong"), "{html}");
    // With nothing wrong but another field, the files are not kept either.
    let (_, html) = leave(&customer, &token, " ", vec![part("ok.pdf", PDF)]).await;
    assert!(html.contains("front-text-wrong") && stored(&test).is_empty(), "{html}");
    assert!(agent.ask::<Vec<InquiryRow>>("inquiries", &json!({})).await.unwrap().is_empty());
    // The form of the customer's own page, and the desk's.
    leave(&customer, &token, "문의", Vec::new()).await;
    let id = only_inquiry(&agent).await.row.id;
    let fields = |client_id: &Uuid| vec![("client_id", client_id.to_string()), ("text", text.to_owned()), ("lang", "ko".to_owned())];
    let made = |fields: Vec<(&str, String)>, file: Part| {
        fields.into_iter().fold(Form::new(), |f, (k, v)| f.text(k.to_owned(), v)).part("files", file)
    };
    let (status, page) =
        post(&test.anyone(), &format!("/help/demo/inquiries/{token}"), made(fields(&Uuid::now_v7()), part("a.png", html.as_bytes()))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("front-files-wrong") && page.contains("적어 둔 글 &lt;/textarea>"), "{page}");
    let (status, answer) =
        post(&agent, &format!("/inquiries/{id}/answer"), made(fields(&Uuid::now_v7()), part("a.png", html.as_bytes()))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let error: ApiError = serde_json::from_str(&answer).unwrap();
    assert_eq!(error.problem_of("files"), Some(Problem::FileType));
    assert!(stored(&test).is_empty());
    assert_eq!(only_inquiry(&agent).await.messages.len(), 1);
});

both!(a_stream_beyond_the_limit_is_left_at_once, async |test: TestApp| {
    let read = AtomicU64::new(0);
    let chunk = bytes::Bytes::from(vec![b'a'; 64 * 1024]);
    let endless = stream::repeat_with(|| {
        read.fetch_add(chunk.len() as u64, Ordering::SeqCst);
        Ok(chunk.clone())
    });
    let error = test.app.files.take("a.txt", 1_000_000, endless).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(fields) if fields[0].problem == Problem::FileTooLarge));
    assert!(read.load(Ordering::SeqCst) <= 1_000_000 + 64 * 1024, "{read:?}");
    // Of a kind that is not taken: with its beginning.
    read.store(0, Ordering::SeqCst);
    let binary = bytes::Bytes::from(vec![1; 64 * 1024]);
    let endless = stream::repeat_with(|| {
        read.fetch_add(binary.len() as u64, Ordering::SeqCst);
        Ok(binary.clone())
    });
    assert!(test.app.files.take("a.txt", FILE_MAX, endless).await.is_err());
    assert!(read.load(Ordering::SeqCst) <= 2 * 64 * 1024, "{read:?}");
    // A sender who goes, and one whose line is cut after a while.
    let parts = stream::repeat_with(|| Ok(chunk.clone())).take(100).chain(stream::once(async { Err(Error::Unavailable) }));
    assert!(matches!(test.app.files.take("a.txt", FILE_MAX, parts).await, Err(Error::Unavailable)));
    let hanging = stream::repeat_with(|| Ok(chunk.clone())).take(100).chain(stream::pending());
    assert!(tokio::time::timeout(Duration::from_millis(500), test.app.files.take("a.txt", FILE_MAX, hanging)).await.is_err());
    for _ in 0..50 {
        if stored(&test).is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{:?}", stored(&test));
});

async fn run_sql(test: &TestApp, sql: &'static str) {
    match &test.app.db {
        db::Db::Sqlite { write, .. } => sqlx::raw_sql(sql).execute(write).await.map(drop),
        db::Db::Postgres(pool) => sqlx::raw_sql(sql).execute(pool).await.map(drop),
    }
    .unwrap();
}

both!(a_visitor_has_so_much_a_day, async |test: TestApp| {
    let (customer, agent) = (test.visitor().await, test.signed_in("agent1").await);
    leave(&customer, &"h".repeat(43), "하나", vec![part("1.pdf", PDF)]).await;
    assert_eq!(only_inquiry(&agent).await.messages[0].files.len(), 1);
    // All but 40 bytes are used up: one more of 30 bytes, and then none.
    let used = VISITOR_DAY_MAX - 40;
    let sql: &'static str = Box::leak(format!("UPDATE attachment SET size = {used}").into_boxed_str());
    run_sql(&test, sql).await;
    let (status, _) = leave(&customer, &"i".repeat(43), "둘", vec![part("2.pdf", PDF)]).await;
    assert_eq!(status, StatusCode::OK);
    let (status, html) = leave(&customer, &"j".repeat(43), "셋", vec![part("3.pdf", PDF)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("용량을 넘었습니다") && stored(&test).len() == 2, "{html}");
    // Somebody else, and a day later he too.
    assert_eq!(leave(&test.visitor().await, &"k".repeat(43), "남", vec![part("4.pdf", PDF)]).await.0, StatusCode::OK);
    let sql: &'static str = Box::leak(format!("UPDATE attachment SET made_at = made_at - {DAY}").into_boxed_str());
    run_sql(&test, sql).await;
    assert_eq!(leave(&customer, &"j".repeat(43), "셋", vec![part("3.pdf", PDF)]).await.0, StatusCode::OK);
});

/// An inquiry with one file, and where both are.
async fn with_file(test: &TestApp, token: &str) -> (InquiryId, Attachment) {
    let agent = test.signed_in("agent1").await;
    leave(&test.visitor().await, token, "문의", vec![part("a.pdf", PDF)]).await;
    let rows: Vec<InquiryRow> = agent.ask("inquiries", &json!({})).await.unwrap();
    let id = rows.iter().max_by_key(|row| row.number).unwrap().id;
    let detail: InquiryDetail = agent.ask("inquiries/open", &json!({ "inquiry": id })).await.unwrap();
    (id, detail.messages[0].files[0].clone())
}

both!(nobody_reads_another_ones_file, async |test: TestApp| {
    let (first, second) = ("m".repeat(43), "n".repeat(43));
    let (id, file) = with_file(&test, &first).await;
    let (other_id, other) = with_file(&test, &second).await;
    let (agent, anyone) = (test.signed_in("agent1").await, test.anyone());
    for path in [
        format!("/help/demo/inquiries/{first}/files/{}", other.id),
        format!("/help/demo/inquiries/{first}/files/nonsense"),
        format!("/help/demo/inquiries/{}/files/{}", "x".repeat(43), file.id),
        format!("/help/nowhere/inquiries/{first}/files/{}", file.id),
    ] {
        assert_eq!(anyone.get(&path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    for path in [
        format!("/inquiries/{id}/files/{}", other.id),
        format!("/inquiries/{}/files/{}", Uuid::now_v7(), file.id),
        format!("/inquiries/{id}/files/{}", Uuid::now_v7()),
        "/inquiries/nonsense/files/nonsense".to_owned(),
    ] {
        assert_eq!(agent.get(&path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let path = format!("/inquiries/{other_id}/files/{}", other.id);
    let asked = anyone.get(&path).await;
    assert!(asked.status() == StatusCode::SEE_OTHER && asked.headers()[header::LOCATION].to_str().unwrap().starts_with("/login?next="));
    let post_to = |id: InquiryId| {
        (format!("/inquiries/{id}/answer"), form(&[("client_id", &Uuid::now_v7().to_string()), ("text", "?")], vec![part("a.pdf", PDF)]))
    };
    let (answer, body) = post_to(id);
    assert_eq!(post(&anyone, &answer, body).await.0, StatusCode::UNAUTHORIZED);

    // Somebody of another service, and a colleague without the right.
    let owner = test.signed_in("owner").await;
    let made = json!({ "form": {
        "key": "other", "name": { "ko": "다른 서비스", "en": "" }, "zone": "Asia/Seoul", "languages": ["ko"],
        "contract": { "chat": true, "security": false }, "join": true,
    } });
    let services: Value = owner.ask("organization/services/create", &made).await.unwrap();
    let elsewhere = services.as_array().unwrap().iter().find(|s| s["service"]["key"] == "other").unwrap()["service"]["id"].clone();
    assert_eq!(follow(&owner, &path).await.status(), StatusCode::OK);
    owner.ask::<Value>("accounts/connect", &json!({ "service": elsewhere })).await.unwrap();
    assert_eq!(owner.get(&path).await.status(), StatusCode::NOT_FOUND);
    let (answer, body) = post_to(id);
    assert_eq!(post(&owner, &answer, body).await.0, StatusCode::NOT_FOUND);
    run_sql(&test, "DELETE FROM member_right").await;
    assert_eq!(agent.get(&path).await.status(), StatusCode::FORBIDDEN);
    let (answer, body) = post_to(id);
    assert_eq!(post(&agent, &answer, body).await.0, StatusCode::FORBIDDEN);
    assert_eq!(stored(&test).len(), 2);
});

both!(links_to_files_end_and_cannot_be_made_up, async |test: TestApp| {
    let (_, file) = with_file(&test, &"o".repeat(43)).await;
    let anyone = test.anyone();
    let now = test.app.clock.now();
    let link = |purpose, end| test.app.keys.sign(purpose, &file.id.to_string(), now.plus(end));
    assert_eq!(anyone.get(&format!("/files/{}", link(Purpose::File, 1_000))).await.status(), StatusCode::OK);
    let good = link(Purpose::File, 60_000);
    let other = good.replace(&file.id.to_string(), &FileId(Uuid::now_v7()).to_string());
    for bad in
        [link(Purpose::File, -1), link(Purpose::Check, 60_000), other, file.id.to_string(), "nonsense".to_owned(), format!("{good}A")]
    {
        for (lang, words) in [("ko", "기간이 지났거나"), ("en", "expired")] {
            let answer = anyone.get(&format!("/files/{bad}?lang={lang}")).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{bad}");
            assert!(!answer.headers().contains_key(header::CONTENT_DISPOSITION));
            assert!(answer.text().await.unwrap().contains(words));
        }
    }
    let gone = test.app.keys.sign(Purpose::File, &Uuid::now_v7().to_string(), now.plus(1_000));
    assert_eq!(anyone.get(&format!("/files/{gone}")).await.status(), StatusCode::NOT_FOUND);
});

both!(what_has_no_row_is_swept_and_nothing_else, async |test: TestApp| {
    let (_, kept) = with_file(&test, &"p".repeat(43)).await;
    let body = || stream::once(async { Ok(bytes::Bytes::from_static(PDF)) });
    let orphan: Stored = test.app.files.take("orphan.pdf", FILE_MAX, body()).await.unwrap();
    let fresh: Stored = test.app.files.take("fresh.pdf", FILE_MAX, body()).await.unwrap();
    let of = |id: FileId| stored(&test).into_iter().find(|path| path.ends_with(id.0.simple().to_string()));
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for id in [kept.id, orphan.id] {
        std::fs::File::options().write(true).open(of(id).unwrap()).unwrap().set_modified(long_ago).unwrap();
    }
    assert_eq!(test.app.files.sweep(&test.app.db, test.app.clock.now().plus(-DAY)).await.unwrap(), 1);
    assert!(of(kept.id).is_some() && of(fresh.id).is_some() && of(orphan.id).is_none());
    // A transaction that failed leaves nothing.
    test.app.files.discard(&test.app.db, &[fresh]).await;
    assert_eq!(stored(&test).len(), 1);
});

both!(only_the_routes_of_files_take_large_bodies, async |test: TestApp| {
    // More than lines hold on their way: the answer comes only to who is read to his end.
    let (customer, large) = (test.visitor().await, vec![b'a'; 6_000_000]);
    for path in ["/w/demo/start", "/w/demo/messages", "/login"] {
        let answer = customer.request(Method::POST, path).form(&[("text", String::from_utf8_lossy(&large))]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    // Not for text either, whichever way it comes.
    let (status, _) = customer.form("/w/demo/inquiry", &[("text", &String::from_utf8_lossy(&large))]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, _) = post(&customer, "/w/demo/inquiry", form(&[("text", &String::from_utf8_lossy(&large))], Vec::new())).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    // Five of 20 MB go in where they belong.
    let whole = vec![b'a'; usize::try_from(FILE_MAX).unwrap()];
    let (status, html) = leave(&customer, &"q".repeat(43), "큰 파일", (0..5).map(|n| part(&format!("{n}.txt"), &whole)).collect()).await;
    assert_eq!((status, stored(&test).len()), (StatusCode::OK, 5), "{html}");
});
