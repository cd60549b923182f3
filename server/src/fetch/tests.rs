//! The client against listeners that misbehave, on this machine, which the rules have to allow first.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// What a listener does with a connection once it has read the head of a request.
type Deed = fn(TcpStream, String) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

struct Listener {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Listener {
    async fn start(deed: Deed) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = connections.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    deed(stream, String::from_utf8_lossy(&head).into_owned()).await;
                });
            }
        });
        Self { address, connections }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Rules that let this listener be reached, and files be no longer than 1,000 bytes.
    fn rules(&self) -> Rules {
        Rules {
            networks: vec!["127.0.0.1".parse().unwrap()],
            plain_http: true,
            ports: vec![self.address.port()],
            max_bytes: Some(1000),
        }
    }
}

const SHORT: Patience = Patience {
    connect: Duration::from_secs(5),
    answer: Duration::from_millis(300),
    piece: Duration::from_millis(300),
    whole: Duration::from_millis(1500),
};

async fn fetched(deed: Deed, path: &str, patience: Patience) -> (Result<Fetched, FetchError>, bool) {
    let listener = Listener::start(deed).await;
    let folder = TempDir::new().unwrap();
    let into = folder.path().join("file");
    let client = Client::new(listener.rules()).unwrap();
    let done = client.get(&listener.url(path), &into, patience).await;
    (done, into.exists())
}

fn said(result: Result<Fetched, FetchError>) -> String {
    let told = match result.unwrap_err() {
        FetchError::Refused(failure) => format!("{}: {}", failure.code.name(), failure.message),
        FetchError::Later(reason) => format!("later: {reason}"),
    };
    // The port is another one each time.
    let mut words = Vec::new();
    for word in told.split(' ') {
        let place = word.find("127.0.0.1:").map(|start| start + "127.0.0.1".len());
        words.push(match place {
            Some(start) => {
                let digits = word[start + 1..].chars().take_while(char::is_ascii_digit).count();
                format!("{}{}", &word[..start], &word[start + 1 + digits..])
            }
            None => word.to_owned(),
        });
    }
    words.join(" ")
}

fn answer(mut stream: TcpStream, text: String) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        // Whoever asked may have gone.
        let _ = stream.write_all(text.as_bytes()).await;
    })
}

#[tokio::test]
async fn a_file_is_fetched() {
    let deed: Deed = |stream, _| {
        answer(stream, "HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: 4\r\n\r\nabcd".into())
    };
    let (done, there) = fetched(deed, "/a?secret=1", SHORT).await;
    assert_eq!(done, Ok(Fetched { bytes: 4, content_type: Some("video/mp4".to_owned()) }));
    assert!(there);
}

#[tokio::test]
async fn what_is_too_large_is_not_read_to_its_end() {
    let declared: Deed = |stream, _| answer(stream, "HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n".into());
    let endless: Deed = |mut stream, _| {
        Box::pin(async move {
            let mut text = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_owned();
            while stream.write_all(text.as_bytes()).await.is_ok() {
                text = "x".repeat(100);
            }
        })
    };
    for deed in [declared, endless] {
        let (done, there) = fetched(deed, "/a", SHORT).await;
        assert_eq!(
            said(done),
            "source_too_large: `http://127.0.0.1/a` has more than 1000 bytes, the most that is taken"
        );
        assert!(!there);
    }
}

#[tokio::test]
async fn nobody_is_waited_for_without_end() {
    let silent: Deed = |stream, _| {
        Box::pin(async move {
            std::future::pending::<()>().await;
            drop(stream);
        })
    };
    let stalling: Deed = |mut stream, _| {
        Box::pin(async move {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab").await;
            std::future::pending::<()>().await;
        })
    };
    let dripping: Deed = |mut stream, _| {
        Box::pin(async move {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n").await;
            while stream.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
    };
    let breaking: Deed = |stream, _| answer(stream, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab".into());
    let talking: Deed = |stream, _| answer(stream, "SSH-2.0-OpenSSH\r\n".into());
    let mut told = Vec::new();
    // The second is patient with everything but the whole.
    let quick = Patience { connect: Duration::ZERO, ..SHORT };
    for (deed, patience) in
        [(silent, quick), (stalling, SHORT), (dripping, SHORT), (breaking, SHORT), (talking, SHORT)]
    {
        let (done, there) = fetched(deed, "/a", patience).await;
        told.push(said(done));
        assert!(!there);
    }
    expect_test::expect![[r#"
        later: `http://127.0.0.1/a` does not answer
        later: `http://127.0.0.1/a` stopped in the middle
        later: `http://127.0.0.1/a` takes too long
        later: `http://127.0.0.1/a` broke off in the middle
        later: `http://127.0.0.1/a` answers with something that is not HTTP"#]]
    .assert_eq(&told.join("\n"));
}

#[tokio::test]
async fn forwards_are_followed_three_times_and_judged_each_time() {
    // `/n` leads to `/n-1`; `/x…` to whatever comes after it.
    let deed: Deed = |stream, head| {
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let text = match path.trim_start_matches('/').parse::<u32>() {
            Ok(0) => "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_owned(),
            Ok(n) => format!("HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", n - 1),
            Err(_) => {
                format!("HTTP/1.1 301 Moved\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", &path[2..])
            }
        };
        answer(stream, text)
    };
    assert!(fetched(deed, "/3", SHORT).await.0.is_ok());
    let mut told = Vec::new();
    for path in [
        "/4",
        "/xhttp://169.254.169.254/latest",
        "/xfile:///etc/passwd",
        "/xhttp://127.0.0.2/",
        "/xhttp://127.0.0.1:1/",
    ] {
        told.push(said(fetched(deed, path, SHORT).await.0));
    }
    expect_test::expect![[r#"
        invalid_source: `http://127.0.0.1/4` is forwarded more than 3 times
        invalid_source: `http://127.0.0.1/xhttp://169.254.169.254/latest` leads to a link-local network, and this server goes only to the open internet
        invalid_source: `http://127.0.0.1/xfile:///etc/passwd` begins with `file:`; only https is fetched from here
        invalid_source: `http://127.0.0.1/xhttp://127.0.0.2/` leads to this machine, and this server goes only to the open internet
        invalid_source: `http://127.0.0.1/xhttp://127.0.0.1:1/` names port 1, to which nothing is sent from here"#]]
    .assert_eq(&told.join("\n"));
}

#[tokio::test]
async fn a_name_is_judged_by_where_it_leads() {
    let listener = Listener::start(|stream, _| answer(stream, "HTTP/1.1 200 OK\r\n\r\n".into())).await;
    let folder = TempDir::new().unwrap();
    // The name may be written, since some network is open; where it leads is not.
    let rules = Rules { networks: vec!["10.0.0.0/8".parse().unwrap()], ..listener.rules() };
    let client = Client::new(rules).unwrap();
    let url = format!("http://localhost:{}/", listener.address.port());
    let done = client.get(&url, &folder.path().join("a"), SHORT).await;
    assert!(said(done).contains("leads to this machine"));
    let sent = client.post(&url, reqwest::header::HeaderMap::new(), String::new(), 100, SHORT).await;
    assert!(matches!(sent, Err(FetchError::Refused(_))));
    assert_eq!(listener.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn statuses_say_whether_to_come_back() {
    let deed: Deed = |stream, head| {
        let status = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
        answer(stream, format!("HTTP/1.1 {status} Word\r\ncontent-length: 0\r\n\r\n"))
    };
    let mut told = Vec::new();
    for path in ["/403", "/404", "/410", "/429", "/500", "/503", "/204"] {
        told.push(said(fetched(deed, path, SHORT).await.0));
    }
    expect_test::expect![[r#"
        invalid_source: `http://127.0.0.1/403` answers 403
        source_not_found: `http://127.0.0.1/404` answers 404
        source_not_found: `http://127.0.0.1/410` answers 410
        later: `http://127.0.0.1/429` answers 429
        later: `http://127.0.0.1/500` answers 500
        later: `http://127.0.0.1/503` answers 503
        invalid_source: `http://127.0.0.1/204` answers 204"#]]
    .assert_eq(&told.join("\n"));
}
