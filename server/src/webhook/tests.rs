//! The dispatcher and receivers of every kind.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::*;
use crate::app::App;
use crate::config::Settings;
use crate::fetch::Patience;
use crate::id::{EventId, WebhookId};
use crate::moment::Moment;
use crate::store::{EventKind, EventRow, PageRequest, Webhook};
use crate::worker::Launcher;

/// A receiver that gives these statuses one after the other, then 200; zero is silence.
struct Receiver {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    async fn start(script: Vec<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?token=secret", listener.local_addr().unwrap());
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = heard.clone();
        tokio::spawn(async move {
            let mut script = script.into_iter();
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                log.lock().unwrap().push(request);
                let status = script.next().unwrap_or(200);
                tokio::spawn(async move {
                    if status == 0 {
                        std::future::pending::<()>().await;
                    }
                    let head = "content-length: 4\r\nconnection: close\r\nretry-after: 0\r\nlocation: http://10.0.0.1/";
                    // Whoever asked may have gone.
                    let _ = stream
                        .write_all(format!("HTTP/1.1 {status} Word\r\n{head}\r\n\r\nsaid").as_bytes())
                        .await;
                });
            }
        });
        Self { url, heard }
    }

    fn count(&self) -> usize {
        self.heard.lock().unwrap().len()
    }
}

async fn read(stream: &mut tokio::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => bytes.push(byte),
            Err(_) => break,
        }
    }
    let head = String::from_utf8(bytes).unwrap();
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.unwrap();
    format!("{head}{}", String::from_utf8(body).unwrap())
}

struct World {
    app: Arc<App>,
    _folder: TempDir,
    stop: watch::Sender<bool>,
}

impl World {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let settings = format!(
            "data_dir = {:?}\nisolation = \"off\"\n[outside]\nnetworks = [\"127.0.0.1\"]\nplain_http = true\n\
             ports = [{}]",
            folder.path(),
            // Whatever port the system gives.
            (1024..=65535_u32).map(|port| port.to_string()).collect::<Vec<_>>().join(",")
        );
        let config = toml::from_str::<Settings>(&settings).unwrap().finish().unwrap();
        let launcher = Launcher::this_program(&[]).unwrap();
        let app = Arc::new(App::open(config, launcher).await.unwrap());
        Self { app, _folder: folder, stop: watch::Sender::new(false) }
    }

    fn dispatch(&self) {
        self.dispatch_with(Duration::from_millis(300));
    }

    /// A dispatcher that waits so long for everything.
    fn dispatch_with(&self, time: Duration) {
        let patience = Patience { connect: time, answer: time, piece: time, whole: time };
        let backoff = Backoff { waits: vec![Duration::from_millis(1); 3], patience };
        tokio::spawn(dispatch(self.app.clone(), self.app.client.clone(), backoff, self.stop.subscribe()));
    }

    async fn register(&self, url: &str, events: &[&str]) -> Webhook {
        let webhook = Webhook {
            id: WebhookId::generate(),
            workspace: self.app.workspace.clone(),
            url: url.to_owned(),
            events: events.iter().map(|name| (*name).to_owned()).collect(),
            enabled: true,
            created_at: Moment::now(),
            last_delivery_at: None,
        };
        self.app.store.add_webhook(&webhook).await.unwrap();
        webhook
    }

    async fn happen(&self, kind: EventKind) {
        let event = EventRow {
            seq: 0,
            id: EventId::generate(),
            workspace: self.app.workspace.clone(),
            render: None,
            kind,
            data: r#"{"asset_id":"a"}"#.to_owned(),
            created_at: Moment::now(),
        };
        self.app.store.record(event).await.unwrap();
    }

    /// What became of each attempt, oldest first, once `ended` of them are no longer pending.
    async fn attempts(&self, webhook: &Webhook, ended: usize) -> Vec<String> {
        loop {
            let page = self.app.store.deliveries(&webhook.id, &PageRequest::first()).await.unwrap();
            let mut rows = page.rows;
            rows.reverse();
            if rows.iter().filter(|row| row.attempted_at.is_some()).count() >= ended {
                return rows
                    .iter()
                    .map(|row| {
                        format!("{} {} {:?} {:?}", row.number, row.status, row.status_code, row.response_body)
                    })
                    .collect();
            }
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_delivery_carries_the_event_and_its_signature() {
    let (world, receiver) = (World::new().await, Receiver::start(vec![]).await);
    let webhook = world.register(&receiver.url, &[]).await;
    world.happen(EventKind::AssetReady).await;
    world.dispatch();
    assert_eq!(world.attempts(&webhook, 1).await, [r#"1 succeeded Some(200) Some("said")"#]);
    let heard = receiver.heard.lock().unwrap()[0].clone();
    let (head, body) = heard.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook?token=secret HTTP/1.1"), "{head}");
    let given = head.lines().find_map(|line| line.strip_prefix("framelane-signature: ")).unwrap();
    let time: i64 = given.split(['=', ',']).nth(1).unwrap().parse().unwrap();
    let workspace = world.app.store.workspace_of(&world.app.workspace).await.unwrap().unwrap();
    let secret = workspace.webhook_secret.unwrap();
    assert_eq!(given, signature(&secret, Moment::from_millis(time * 1000), body));
    let told: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!((&told["type"], &told["data"]["asset_id"]), (&"asset.ready".into(), &"a".into()));
    assert_eq!(told["workspace_id"], workspace.id.as_str());
    assert!(head.contains(&format!("webhook-id: {}", told["id"].as_str().unwrap())), "{head}");
    let known = world.app.store.webhook(&workspace.id, &webhook.id).await.unwrap().unwrap();
    assert!(known.last_delivery_at.is_some());
}

#[tokio::test]
async fn what_fails_is_tried_again_and_given_up_in_the_end() {
    let world = World::new().await;
    let (ill, silent, gone, moved) = (
        Receiver::start(vec![500, 503]).await,
        Receiver::start(vec![0, 0]).await,
        Receiver::start(vec![410]).await,
        Receiver::start(vec![302; 9]).await,
    );
    // Nobody listens on the port of a listener that is gone.
    let down = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut webhooks = Vec::new();
    for url in [&ill.url, &silent.url, &gone.url, &moved.url, &format!("http://{down}/"), "http://10.0.0.1/"]
    {
        webhooks.push(world.register(url, &[]).await);
    }
    world.happen(EventKind::AssetReady).await;
    world.dispatch();
    let mut told = Vec::new();
    for (webhook, ended) in webhooks.iter().zip([3, 3, 1, 4, 4, 1]) {
        told.push(world.attempts(webhook, ended).await.join("\n"));
    }
    let told = told.join("\n\n").replace(&down.to_string(), "address");
    expect_test::expect![[r#"
        1 failed Some(500) Some("said")
        2 failed Some(503) Some("said")
        3 succeeded Some(200) Some("said")

        1 failed None Some("no answer in time")
        2 failed None Some("no answer in time")
        3 succeeded Some(200) Some("said")

        1 dead Some(410) Some("said")

        1 failed Some(302) Some("said")
        2 failed Some(302) Some("said")
        3 failed Some(302) Some("said")
        4 dead Some(302) Some("said")

        1 failed None Some("`http://address/` cannot be reached")
        2 failed None Some("`http://address/` cannot be reached")
        3 failed None Some("`http://address/` cannot be reached")
        4 dead None Some("`http://address/` cannot be reached")

        1 dead None Some("`http://10.0.0.1/` leads to a private network, and this server goes only to the open internet")"#]]
    .assert_eq(&told);
    // The same event every time, and whoever is gone is not told again.
    let heard = ill.heard.lock().unwrap().clone();
    let id = |text: &String| text.lines().find(|line| line.starts_with("webhook-id")).unwrap().to_owned();
    assert!(heard.iter().all(|text| id(text) == id(&heard[0])));
    world.happen(EventKind::AssetReady).await;
    world.attempts(&webhooks[0], 4).await;
    assert_eq!(gone.count(), 1);
    let known = world.app.store.webhook(&world.app.workspace, &webhooks[2].id).await.unwrap().unwrap();
    assert!(!known.enabled);
}

#[tokio::test]
async fn only_who_wants_an_event_is_told_of_it() {
    let world = World::new().await;
    let (one, all, off) =
        (Receiver::start(vec![]).await, Receiver::start(vec![]).await, Receiver::start(vec![]).await);
    world.register(&one.url, &["asset.failed"]).await;
    let every = world.register(&all.url, &[]).await;
    let disabled = world.register(&off.url, &[]).await;
    world.app.store.change_webhook(&Webhook { enabled: false, ..disabled }).await.unwrap();
    world.happen(EventKind::AssetReady).await;
    world.happen(EventKind::RenderProgress).await;
    world.dispatch();
    world.happen(EventKind::AssetReady).await;
    world.attempts(&every, 2).await;
    assert_eq!((one.count(), all.count(), off.count()), (0, 2, 0));
}

#[tokio::test]
async fn a_silent_receiver_keeps_nobody_else_waiting() {
    let (world, good) = (World::new().await, Receiver::start(vec![]).await);
    // One host with two names for what it never answers, and more to tell it than there are places.
    let silent = Receiver::start(vec![0; 999]).await;
    for path in ["a", "b"] {
        world.register(&silent.url.replace("hook", path), &["asset.ready"]).await;
    }
    for _ in 0..100 {
        world.happen(EventKind::AssetReady).await;
    }
    let webhook = world.register(&good.url, &["asset.failed"]).await;
    world.happen(EventKind::AssetFailed).await;
    world.dispatch_with(Duration::from_secs(3600));
    assert_eq!(world.attempts(&webhook, 1).await, [r#"1 succeeded Some(200) Some("said")"#]);
    assert!(silent.count() <= 4, "{}", silent.count());
}

#[tokio::test]
async fn a_dispatcher_that_dies_leaves_its_work_to_the_next() {
    let (world, receiver) = (World::new().await, Receiver::start(vec![]).await);
    let webhook = world.register(&receiver.url, &[]).await;
    world.happen(EventKind::AssetReady).await;
    // One that plans, takes everything, and is never heard of again.
    let event = world.app.store.untold(1).await.unwrap().remove(0);
    let attempt = crate::store::NewAttempt {
        delivery: crate::id::DeliveryId::generate(),
        webhook: Some(webhook.id.clone()),
        url: webhook.url.clone(),
        number: 1,
        due_at: Moment::from_millis(0),
    };
    world.app.store.plan(&event, vec![attempt], Moment::now()).await.unwrap();
    let lost =
        world.app.store.due(&crate::store::Share::of_all(9), Moment::now(), Moment::now()).await.unwrap();
    assert_eq!(lost.len(), 1);
    world.dispatch();
    assert_eq!(world.attempts(&webhook, 1).await.len(), 1);
    assert_eq!(receiver.count(), 1);
}
