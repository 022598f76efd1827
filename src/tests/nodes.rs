//! Two nodes on one PostgreSQL, with NATS between them and without.

use crate::support::{self, Kind, Program};
use damso::{
    domain::{chat::PublicEvent, watching::Watching},
    protocol::{AgentFrame, ClientFrame, Resume, VisitorFrame},
};
use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

struct Nats(Child, String);

impl Nats {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new("nats-server")
            .args(["-a", "127.0.0.1", "-p", &port.to_string()])
            .stderr(Stdio::null())
            .spawn()
            .expect("nats-server (`cargo xtask test` installs it)");
        let start = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(10), "NATS does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self(child, format!("nats://127.0.0.1:{port}"))
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Reads on until the console is told this of the chat's customer.
async fn told(console: &mut support::Socket, is: Watching) {
    console.until(|frame| if let AgentFrame::Watching { is: now, .. } = frame { (now == Some(is)).then_some(()) } else { None }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_node_knows_whether_the_customer_is_there() {
    let (folder_a, folder_b, folder_c) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let url = support::database(Kind::Postgres, &folder_a).await;
    let nats = Nats::start();
    let key = "5e".repeat(32);
    let environment = [("DATABASE_URL", url.as_str()), ("BUS_URL", nats.1.as_str()), ("SECRET_KEY", &key)];
    let a = Program::demo(&folder_a, &environment);
    let b = Program::demo(&folder_b, &environment);
    let (customer, agent) = (a.visitor().await, b.signed_in("agent1").await);
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let desk = agent.desk().await;
    let mut console = agent.agent_socket(desk.service.id, desk.seq).await;
    console.say(&ClientFrame::Watch { chat }).await;
    let mut page = customer.visitor_socket(None).await;
    page.say(&ClientFrame::Sight { on: true }).await;
    told(&mut console, Watching::Viewing).await;
    // A tab of his on the other node, hidden: the best counts.
    let mut hidden = customer.at(b.address).visitor_socket(None).await;
    hidden.say(&ClientFrame::Sight { on: false }).await;
    page.say(&ClientFrame::Sight { on: false }).await;
    told(&mut console, Watching::Elsewhere).await;
    page.say(&ClientFrame::Sight { on: true }).await;
    told(&mut console, Watching::Viewing).await;
    // A node that comes later asks the others who is there.
    let c = Program::demo(&folder_c, &environment);
    let start = Instant::now();
    let mut late = agent.at(c.address).agent_socket(desk.service.id, desk.seq).await;
    late.say(&ClientFrame::Watch { chat }).await;
    told(&mut late, Watching::Viewing).await;
    assert!(start.elapsed() < Duration::from_secs(10), "told by the roll, not by the next sign of life: {:?}", start.elapsed());
    // A tab after the other goes; what is left is what each node says.
    hidden.stream.close(None).await.unwrap();
    page.stream.close(None).await.unwrap();
    for console in [&mut console, &mut late] {
        let is_left = |frame| if let AgentFrame::Watching { is: Some(Watching::Left { .. }), .. } = frame { Some(()) } else { None };
        console.until(is_left).await;
    }
}

/// The texts of the messages in a stretch of frames, until `n` are there.
async fn messages(socket: &mut support::Socket, n: usize, cursor: &mut u64) -> Vec<String> {
    let mut texts = Vec::new();
    while texts.len() < n {
        if let VisitorFrame::Events { prev, seq, events } = socket.frame().await {
            assert_eq!(prev, *cursor);
            *cursor = seq;
            texts
                .extend(events.into_iter().filter_map(|e| if let PublicEvent::Message { text, .. } = e.event { Some(text) } else { None }));
        }
    }
    texts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_on_one_node_and_his_agent_on_the_other() {
    let (folder_a, folder_b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let url = support::database(Kind::Postgres, &folder_a).await;
    let mut nats = Nats::start();
    let bus = nats.1.clone();
    let key = "5e".repeat(32);
    let environment = [("DATABASE_URL", url.as_str()), ("BUS_URL", bus.as_str()), ("SECRET_KEY", &key)];
    let mut a = Program::demo(&folder_a, &environment);
    let b = Program::demo(&folder_b, &environment);
    let customer = a.visitor().await;
    let agent = b.signed_in("agent1").await;
    let chat = customer.say("안녕하세요").await.unwrap().chat;
    let mut widget = customer.visitor_socket(None).await;
    let VisitorFrame::Reset { chat: Some(shown) } = widget.frame().await else { panic!() };
    let mut cursor = shown.seq;
    let start = Instant::now();
    for n in 0..20 {
        agent.reply(chat, &n.to_string()).await.unwrap();
        assert_eq!(messages(&mut widget, 1, &mut cursor).await, [n.to_string()]);
    }
    assert!(start.elapsed() < Duration::from_secs(4), "woken by the bus, not by the five-second look: {:?}", start.elapsed());

    // The customer's node dies; he comes back on the other one, where he was.
    a.signal(nix::sys::signal::Signal::SIGKILL);
    a.ended();
    agent.reply(chat, "아직 있어요").await.unwrap();
    let customer = customer.at(b.address);
    let mut widget = customer.visitor_socket(Some(Resume { chat, seq: cursor })).await;
    assert_eq!(messages(&mut widget, 1, &mut cursor).await, ["아직 있어요"]);

    // The bus dies; another node writes; the look at the database heals it.
    let c = Program::demo(&folder_a, &environment);
    let _ = nats.0.kill();
    let _ = nats.0.wait();
    let agent = agent.at(c.address);
    agent.reply(chat, "버스 없이").await.unwrap();
    assert_eq!(messages(&mut widget, 1, &mut cursor).await, ["버스 없이"]);
    let ready = b.anyone().get("/readyz").await;
    assert!(ready.status().is_success());
    assert!(ready.text().await.unwrap().contains("bus is lost"));
}
