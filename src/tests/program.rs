//! The program as people run it: its command line, its end, its files.

use crate::support::{self, Kind, Program, command};
use damso::{api::ApiError, domain::ids::ClientId, protocol::Thread};
use nix::sys::signal::Signal;
use serde_json::json;
use std::{
    io::{Read as _, Write as _},
    process::{Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use uuid::Uuid;

fn run(words: &[&str], folder: &TempDir, environment: &[(&str, &str)], input: &str) -> Output {
    let mut child =
        command(words, folder, environment).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn ok(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn failed(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_under_load_is_quick_and_keeps_its_word() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let folder = tempfile::tempdir().unwrap();
        let url = support::database(kind, &folder).await;
        let environment = [("DATABASE_URL", url.as_str())];
        let mut program = Program::demo(&folder, &environment);
        let mut work = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let customer = program.visitor().await;
            customer.begin().await.unwrap();
            work.spawn(async move {
                let mut kept = Vec::new();
                loop {
                    let (id, body) = (ClientId(Uuid::now_v7()), kept.len().to_string());
                    let request = json!({ "request": { "widget": "demo", "client_id": id, "text": body } });
                    match customer.request(reqwest::Method::POST, "/api/visitor/send").json(&request).send().await {
                        Ok(answer) if answer.status().is_success() => kept.push(id),
                        Ok(_) => {}
                        Err(_) => return (customer, kept),
                    }
                }
            });
        }
        tokio::time::sleep(Duration::from_millis(700)).await;
        let start = Instant::now();
        program.signal(Signal::SIGTERM);
        assert!(program.ended().success());
        assert!(start.elapsed() < Duration::from_secs(10));
        let again = Program::demo(&folder, &environment);
        let mut all = 0;
        while let Some(done) = work.join_next().await {
            let (customer, kept) = done.unwrap();
            let customer = customer.at(again.address);
            all += kept.len();
            // Every acknowledged message answers its first place again.
            for (n, id) in kept.iter().enumerate().step_by(7) {
                assert!(matches!(customer.say_as(*id, &n.to_string()).await, Ok(_) | Err(ApiError::TooMany(_))));
                assert!(matches!(customer.say_as(*id, "other").await, Err(ApiError::Conflict | ApiError::TooMany(_))));
            }
        }
        assert!(all > 20, "{all}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_failpoint_nothing_acknowledged_is_lost_or_doubled() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let folder = tempfile::tempdir().unwrap();
        let url = support::database(kind, &folder).await;
        let quiet = [("DATABASE_URL", url.as_str())];
        let mut program = Program::demo(&folder, &quiet);
        let (mut customer, mut agent) = (program.visitor().await, program.signed_in("agent1").await);
        let chat = customer.say("0").await.unwrap().chat;
        agent.reply(chat, "0").await.unwrap();
        drop(program);
        let mut sent = vec!["0".to_owned(), "0".to_owned()];
        for point in ["log-before-commit", "log-after-commit", "log-after-wake"] {
            let failing = format!("{point}=4*off->return");
            program = Program::demo(&folder, &[("DATABASE_URL", url.as_str()), ("FAILPOINTS", &failing)]);
            (customer, agent) = (customer.at(program.address), agent.at(program.address));
            for n in 0..12 {
                let (id, text) = (ClientId(Uuid::now_v7()), format!("{point} {n}"));
                // As the outbox does: again, with the same id, until it is answered.
                let mut tries = 0;
                loop {
                    tries += 1;
                    assert!(tries < 5);
                    let request = if n % 2 == 0 {
                        json!({ "request": { "widget": "demo", "client_id": id, "text": text } })
                    } else {
                        json!({ "chat": chat, "client_id": id, "text": text })
                    };
                    let (who, path) = if n % 2 == 0 { (&customer, "/api/visitor/send") } else { (&agent, "/api/chats/send") };
                    match who.request(reqwest::Method::POST, path).json(&request).send().await {
                        Ok(answer) if answer.status().is_success() => break,
                        _ => {
                            program.ended();
                            program = Program::demo(&folder, &quiet);
                            (customer, agent) = (customer.at(program.address), agent.at(program.address));
                        }
                    }
                }
                sent.push(text);
            }
            drop(program);
        }
        program = Program::demo(&folder, &quiet);
        let agent = agent.at(program.address);
        let thread: Thread = agent.ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
        let stored: Vec<String> = thread
            .events
            .iter()
            .filter_map(|e| if let damso::domain::chat::Event::Message { text, .. } = &e.event { Some(text.clone()) } else { None })
            .collect();
        assert_eq!(stored, sent, "{kind:?}");
        assert!(thread.events.iter().zip(1..).all(|(e, n)| e.seq == n));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backup_and_restore_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::demo(&folder, &[]);
    let (customer, agent) = (program.visitor().await, program.signed_in("agent1").await);
    let chat = customer.say("백업 전").await.unwrap().chat;
    let data = [("DATA_DIR", folder.path().to_str().unwrap())];
    assert!(ok(&run(&["backup", "copy.db"], &folder, &data, "")).contains("copy.db"));
    customer.say("백업 뒤").await.unwrap();
    program.signal(Signal::SIGTERM);
    assert!(program.ended().success());
    assert!(failed(&run(&["restore", "copy.db"], &folder, &data, "")).contains("--replace"));
    std::fs::write(folder.path().join("broken.db"), "not a database").unwrap();
    assert!(failed(&run(&["restore", "broken.db", "--replace"], &folder, &data, "")).contains("no sound backup"));
    ok(&run(&["restore", "copy.db", "--replace"], &folder, &data, ""));
    let again = Program::demo(&folder, &[]);
    let thread: Thread = agent.at(again.address).ask("chats/thread", &json!({ "chat": chat, "before": null })).await.unwrap();
    assert_eq!(thread.events.len(), 3, "what was written after the backup is not there");
}

#[test]
fn the_owner_can_be_made_from_the_command_line_once() {
    let folder = tempfile::tempdir().unwrap();
    let words =
        ["admin", "create-owner", "--email", "kim@shop.example", "--name", "김담소", "--service-name", "상점", "--service-id", "shop"];
    assert!(failed(&run(&words, &folder, &[], "short\n")).contains("password"));
    assert!(ok(&run(&words, &folder, &[], "오늘도 좋은 하루입니다\n")).contains("made"));
    assert!(failed(&run(&words, &folder, &[], "오늘도 좋은 하루입니다\n")).contains("already"));
    ok(&run(&["admin", "allow-origin", "shop", "https://shop.example"], &folder, &[], ""));
    assert!(failed(&run(&["admin", "allow-origin", "shop", "shop.example/x"], &folder, &[], "")).contains("origin"));
    ok(&run(&["admin", "reset-password", "--email", "kim@shop.example"], &folder, &[], "내일도 좋은 하루입니다\n"));
    ok(&run(&["migrate"], &folder, &[], ""));
}

#[test]
fn a_wrong_configuration_is_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(ok(&run(&["check-config"], &folder, &[], "")).ends_with("ok\n"));
    for (variable, value) in [
        ("LISTEN", "0.0.0.0:3000"),
        ("PUBLIC_URL", "chat.example"),
        ("TRUSTED_PROXIES", "everybody"),
        ("TLS_CERT", "missing.pem"),
        ("DATABASE_URL", "mysql://x"),
        ("DAMSO_SITE", "/nowhere"),
    ] {
        let said = failed(&run(&["check-config"], &folder, &[(variable, value)], ""));
        let expected = match variable {
            "LISTEN" => "PUBLIC_URL",
            "TLS_CERT" => "TLS_KEY",
            other => other,
        };
        assert!(said.contains(expected), "{variable}: {said}");
    }
    let key = |key: &str| run(&["check-config"], &folder, &[("SECRET_KEY", key)], "");
    assert!(failed(&key("short")).contains("32 random bytes"));
    assert!(failed(&key(&"ab".repeat(32))).contains("another SECRET_KEY"), "the data folder's own key made this database");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn https_by_certificate_files() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let program = Program::demo(&folder, &[("TLS_CERT", cert.to_str().unwrap()), ("TLS_KEY", key.to_str().unwrap())]);
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut tls = rustls::ClientConnection::new(Arc::new(config), "127.0.0.1".try_into().unwrap()).unwrap();
    let mut tcp = std::net::TcpStream::connect(program.address).unwrap();
    let mut stream = rustls::Stream::new(&mut tls, &mut tcp);
    stream.write_all(b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200"), "{}", &answer[..200.min(answer.len())]);
    assert!(answer.contains("strict-transport-security"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_plain_http_beyond_this_machine_the_page_says_why_it_cannot_work() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::demo(&folder, &[]);
    let page = |host: &'static str| {
        let request = program.anyone().request(reqwest::Method::GET, "/login?lang=ko").header("host", host);
        // The catalogue in the head has every text; what counts is what is drawn.
        async move { request.send().await.unwrap().text().await.unwrap().split_once("<body").unwrap().1.to_owned() }
    };
    assert!(page("chat.example").await.contains("이 주소에서는 로그인할 수 없습니다"));
    assert!(!page("localhost").await.contains("이 주소에서는 로그인할 수 없습니다"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_has_the_files_and_a_missing_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::demo(&folder, &[]);
    let customer = program.visitor().await;
    let consent = customer.consent("ask").await.unwrap();
    let token = "b".repeat(43);
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| b'a' + u8::try_from(n % 26).unwrap()).collect();
    let file = || reqwest::multipart::Part::bytes(bytes.clone()).file_name("기록.txt");
    let form = [("lang", "ko"), ("token", token.as_str()), ("consent", consent.as_str()), ("text", "파일을 보냅니다")]
        .into_iter()
        .fold(reqwest::multipart::Form::new(), |form, (name, value)| form.text(name, value.to_owned()))
        .part("files", file())
        .part("files", file());
    let answer = customer.request(reqwest::Method::POST, "/w/demo/inquiry").multipart(form).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    let data = folder.path();
    let backup = folder.path().join("backup.db");
    let to = backup.to_str().unwrap();
    let environment = [("DATA_DIR", data.to_str().unwrap())];
    let said = ok(&run(&["backup", to], &folder, &environment, ""));
    assert!(said.contains("2 file(s)"), "{said}");
    program.signal(Signal::SIGTERM);
    assert!(program.ended().success());

    std::fs::remove_dir_all(data.join("files")).unwrap();
    let again = folder.path().join("again.db");
    assert!(failed(&run(&["backup", again.to_str().unwrap()], &folder, &environment, "")).contains("missing"));
    assert!(ok(&run(&["restore", to, "--replace"], &folder, &environment, "")).contains("2 file(s)"));
    let program = Program::demo(&folder, &[]);
    let customer = customer.at(program.address);
    let page = customer.get(&format!("/help/demo/inquiries/{token}")).await.text().await.unwrap();
    let link = page.split("href=\"").find(|rest| rest.contains("/files/")).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let signed = customer.get(&link).await.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(customer.get(&signed).await.bytes().await.unwrap(), bytes);

    // A backup that lost one of its files is refused before anything is replaced.
    std::fs::remove_dir_all(folder.path().join("backup.db.files")).unwrap();
    std::fs::remove_dir_all(data.join("files")).unwrap();
    assert!(failed(&run(&["restore", to, "--replace"], &folder, &environment, "")).contains("missing"));
}
