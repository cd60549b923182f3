//! Pictures of frames in hovers: never waited for, and none drawn twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use vid_compiler::{MediaProblem, MediaProblemKind, MemorySystem};
use vid_lsp::{Frame, Host, Room};
use vid_timeline::{MediaFacts, Time, Timeline};

use crate::client::{Client, uri};

const FILM: &str =
    "composition c 640x360 25fps {\n  text one \"1\" for 1s\n  text two \"2\" at 1s for 1s\n}\n";

/// Draws the number of elements of a film, and counts.
#[derive(Clone, Default)]
struct Painter {
    drawn: Arc<AtomicUsize>,
}

struct Numbered {
    painter: Painter,
    key: String,
}

impl Host for Painter {
    fn probe(&self, location: &str) -> Result<MediaFacts, MediaProblem> {
        Err(MediaProblem { kind: MediaProblemKind::Missing, message: location.to_owned() })
    }

    fn frame<'h>(&'h self, film: &'h Timeline, at: Time) -> Option<Box<dyn Frame + 'h>> {
        assert!(film.size.width != 13, "a host that fails");
        let key = format!("{} elements at {at}", film.elements.len());
        Some(Box::new(Numbered { painter: self.clone(), key }))
    }
}

impl Frame for Numbered {
    fn key(&self) -> String {
        self.key.clone()
    }

    fn png(&self, room: Room) -> Option<Vec<u8>> {
        assert_eq!((room.width, room.height, room.bytes), (320, 180, 30 * 1024));
        self.painter.drawn.fetch_add(1, Ordering::SeqCst);
        Some(self.key.clone().into_bytes())
    }
}

async fn with(capabilities: Value, settings: Value, text: &str) -> (Client, String, Painter) {
    let painter = Painter::default();
    let hello = json!({
        "capabilities": capabilities,
        "processId": null,
        "rootUri": null,
        "initializationOptions": settings,
    });
    let system = Arc::new(MemorySystem::new());
    let (mut client, _) = Client::greet(system, painter.clone(), hello).await;
    let film = uri("film.vid");
    client.open(&film, text).await;
    (client, film, painter)
}

async fn hover(client: &mut Client, film: &str, line: u32) -> String {
    let place = json!({ "line": line, "character": 8 });
    let params = json!({ "textDocument": { "uri": film }, "position": place });
    client.result("textDocument/hover", params).await["contents"]["value"].as_str().unwrap().to_owned()
}

/// Looks again and again until there is a picture.
async fn picture(client: &mut Client, film: &str, line: u32) -> String {
    loop {
        let text = hover(client, film, line).await;
        if let Some((_, picture)) = text.split_once("![") {
            return picture.to_owned();
        }
    }
}

fn sees_pictures() -> Value {
    json!({
        "general": { "markdown": { "parser": "marked" } },
        "textDocument": { "hover": { "contentFormat": ["markdown", "plaintext"] } },
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_look_shows_the_frame() {
    let (mut client, film, painter) = with(sees_pictures(), Value::Null, FILM).await;
    let first = hover(&mut client, &film, 1).await;
    assert!(first.contains("| start |") && !first.contains("!["), "{first}");
    let shown = picture(&mut client, &film, 1).await;
    // "2 elements at 0s"
    assert_eq!(shown, "c at 0s](data:image/png;base64,MiBlbGVtZW50cyBhdCAwcw==)");
    assert_eq!(picture(&mut client, &film, 1).await, shown);
    assert_eq!(painter.drawn.load(Ordering::SeqCst), 1);
    // Another text with the same frame: nothing is drawn.
    client.change(&film, 2, &format!("// moved\n{FILM}")).await;
    assert_eq!(picture(&mut client, &film, 2).await, shown);
    assert_eq!(painter.drawn.load(Ordering::SeqCst), 1);
    // Another frame.
    let more = FILM.replace("  text two", "  text three \"3\" for 2s\n  text two");
    client.change(&film, 3, &more).await;
    assert_ne!(picture(&mut client, &film, 1).await, shown);
    assert_eq!(painter.drawn.load(Ordering::SeqCst), 2);
    // And back again.
    client.change(&film, 4, FILM).await;
    assert_eq!(picture(&mut client, &film, 1).await, shown);
    assert_eq!(painter.drawn.load(Ordering::SeqCst), 2);
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_see_pictures_who_can_and_want_to() {
    let terminal = json!({ "textDocument": { "hover": { "contentFormat": ["markdown", "plaintext"] } } });
    let no = json!({ "hoverPictures": false });
    for (capabilities, settings) in [(terminal.clone(), Value::Null), (sees_pictures(), no)] {
        let (mut client, film, painter) = with(capabilities, settings, FILM).await;
        for _ in 0..20 {
            assert!(!hover(&mut client, &film, 1).await.contains("!["));
        }
        assert_eq!(painter.drawn.load(Ordering::SeqCst), 0);
        client.stop().await;
    }
    let (mut client, film, _) = with(terminal, json!({ "hoverPictures": true }), FILM).await;
    picture(&mut client, &film, 2).await;
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plain_text_is_plain() {
    let plain = json!({ "textDocument": { "hover": { "contentFormat": ["plaintext"] } } });
    let (mut client, film, _) = with(plain, json!({ "hoverPictures": true }), FILM).await;
    let shown = hover(&mut client, &film, 2).await;
    assert_eq!(
        shown,
        "text two\n\nstart: 00:00:01:00 · frame 25 · 1 s\nend: 00:00:02:00 · frame 50 · 2 s\nlength: 00:00:01:00 · frame 25 · 1 s"
    );
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_film_with_errors_or_a_host_that_panics_shows_no_picture_and_goes_on() {
    let broken = FILM.replace("for 1s", "for 1px");
    let (mut client, film, painter) = with(sees_pictures(), Value::Null, &broken).await;
    assert!(!hover(&mut client, &film, 1).await.contains("!["));
    client.change(&film, 2, &FILM.replace("640x360", "13x13")).await;
    assert!(!hover(&mut client, &film, 1).await.contains("!["));
    client.change(&film, 3, FILM).await;
    picture(&mut client, &film, 1).await;
    assert_eq!(painter.drawn.load(Ordering::SeqCst), 1);
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drawing_is_shown_as_progress() {
    let mut capabilities = sees_pictures();
    capabilities["window"] = json!({ "workDoneProgress": true });
    let (mut client, film, _) = with(capabilities, Value::Null, FILM).await;
    picture(&mut client, &film, 1).await;
    let begun = client.heard("$/progress").await;
    assert_eq!(
        (&begun["value"]["kind"], &begun["value"]["title"]),
        (&json!("begin"), &json!("drawing a frame"))
    );
    assert_eq!(client.heard("$/progress").await["value"]["kind"], "end");
    client.stop().await;
}
