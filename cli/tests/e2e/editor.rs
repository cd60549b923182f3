//! `vid lsp` as an editor starts it: facts about media and pictures of frames come from the program itself.

#[path = "../../../lsp/examples/latency/wire.rs"]
#[expect(dead_code, reason = "it is a part of a bench, which uses more of it")]
mod wire;

use std::io::Cursor;
use std::path::Path;

use serde_json::{Value, json};

use crate::media;
use crate::stage::Stage;
use wire::Wire;

const FILM: &str = "composition c 640x360 25fps {\n  shape rect card for 1s { width: 100%  height: 100%  fill: #ff5a36 }\n  shape rect late at 1s for 1s { width: 50%  height: 100%  x: 25%  fill: #0000ff }\n}\n";

/// A server with a film open.
fn open(stage: &Stage, text: &str) -> (Wire, String) {
    let mut wire = Wire::start(Path::new(env!("CARGO_BIN_EXE_vid"))).unwrap();
    let capabilities = json!({
        "general": { "markdown": { "parser": "marked" } },
        "textDocument": { "hover": { "contentFormat": ["markdown"] }, "diagnostic": {} },
    });
    let root = format!("file://{}", stage.folder().display());
    let hello = json!({ "processId": null, "rootUri": root, "capabilities": capabilities });
    wire.ask("initialize", &hello).unwrap();
    wire.tell("initialized", &json!({})).unwrap();
    let uri = format!("{root}/film.vid");
    let document = json!({ "uri": uri, "languageId": "vid", "version": 1, "text": text });
    wire.tell("textDocument/didOpen", &json!({ "textDocument": document })).unwrap();
    (wire, uri)
}

fn hover(wire: &mut Wire, uri: &str, line: u32, character: u32) -> Value {
    let position = json!({ "line": line, "character": character });
    let params = json!({ "textDocument": { "uri": uri }, "position": position });
    wire.ask("textDocument/hover", &params).unwrap()
}

/// Looks again and again until the hover has what is wanted.
fn until(wire: &mut Wire, uri: &str, place: (u32, u32), wanted: &str) -> String {
    loop {
        let text = hover(wire, uri, place.0, place.1)["contents"]["value"].as_str().unwrap().to_owned();
        if let Some((_, rest)) = text.split_once(wanted) {
            return rest.to_owned();
        }
    }
}

fn bytes_of(base64: &str) -> Vec<u8> {
    let digit = |character: char| match character {
        'A'..='Z' => u32::from(character) - u32::from('A'),
        'a'..='z' => u32::from(character) - u32::from('a') + 26,
        '0'..='9' => u32::from(character) - u32::from('0') + 52,
        '+' => 62,
        _ => 63,
    };
    let digits: Vec<u32> = base64.trim_end_matches('=').chars().map(digit).collect();
    let group = |four: &[u32]| {
        let bits = four.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}

/// Width, height and the colour in the middle of the picture of a hover.
fn picture(rest: &str) -> (u32, u32, [u8; 3]) {
    let (base64, _) = rest.split_once(')').unwrap();
    let bytes = bytes_of(base64);
    assert!(bytes.len() <= 30 * 1024);
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let at = ((info.height / 2 * info.width + info.width / 2) * 3) as usize;
    (info.width, info.height, [pixels[at], pixels[at + 1], pixels[at + 2]])
}

#[test]
fn a_hover_shows_the_frame() {
    let stage = Stage::new();
    let (mut wire, uri) = open(&stage, FILM);
    let data = "](data:image/png;base64,";
    let (width, height, color) = picture(&until(&mut wire, &uri, (1, 14), data));
    assert_eq!((width, height), (320, 180));
    let is_near = |color: [u8; 3], wanted: [u8; 3]| color.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 8);
    assert!(is_near(color, [255, 90, 54]), "{color:?}");
    let (.., color) = picture(&until(&mut wire, &uri, (2, 14), data));
    assert!(!is_near(color, [255, 90, 54]), "{color:?}");
    wire.stop().unwrap();
}

#[test]
fn a_hover_knows_the_media() {
    let stage = Stage::new();
    media::plain(&stage, "photo.png", "blue", "64x48", &["-frames:v", "1"]);
    let text = "composition c 640x360 25fps {\n  image one \"photo.png\" for 1s\n}\n";
    let (mut wire, uri) = open(&stage, text);
    until(&mut wire, &uri, (1, 16), "64×48");
    until(&mut wire, &uri, (1, 9), "](data:image/png;base64,");
    wire.stop().unwrap();
}
