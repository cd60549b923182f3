//! Media in confined processes, and damaged media: what the command line makes of them.

use crate::media::clip;
use crate::stage::Stage;

const FILM: &str = r#"composition film 320x180 30fps {
  video clip "clip.mp4"
  text title "Confined" for 1s { font_size: 32 }
}
"#;

/// The machine these tests run on has to offer every layer.
#[test]
fn nothing_gets_out() {
    let stage = Stage::new();
    let outcome = stage.vid(&["doctor", "--sandbox"]);
    assert_eq!(outcome.code, 0, "{}", outcome.all());
    for layer in ["namespaces", "landlock", "seccomp", "limits"] {
        assert!(outcome.stdout.contains(&format!("ok       {layer}\n")), "{}", outcome.all());
    }
    assert!(outcome.stdout.ends_with("10 of 10 escapes refused\n"), "{}", outcome.all());
}

#[test]
fn the_film_is_the_same_in_confinement() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 2);
    stage.render(FILM, &["--no-cache"]);
    let here = std::fs::read(stage.path("film.mp4")).unwrap();
    std::fs::remove_file(stage.path("film.mp4")).unwrap();
    stage.render(FILM, &["--no-cache", "--isolate"]);
    assert!(here == std::fs::read(stage.path("film.mp4")).unwrap());
    let probed = |more: &[&str]| stage.vid(&[&["probe", "clip.mp4"], more].concat()).stdout;
    assert_eq!(probed(&["--isolate"]), probed(&[]));
}

#[test]
fn what_is_wrong_is_said_in_the_same_words() {
    let stage = Stage::new();
    stage.write("clip.mp4", "no film\n");
    stage.write("film.vid", FILM);
    let said = |more: &[&str]| stage.vid(&[&["render", "film.vid"], more].concat()).all();
    assert_eq!(said(&["--isolate"]), said(&[]));
    assert!(said(&[]).contains("it holds text"), "{}", said(&[]));
}

#[test]
fn damage_is_said_and_put_up_with() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 2);
    let mut whole = std::fs::read(stage.path("clip.mp4")).unwrap();
    let middle = whole.len() / 2;
    // Longer than any packet, so that lengths of packets are among what is lost.
    whole[middle..middle + 6000].fill(0xff);
    stage.write("clip.mp4", whole);
    stage.write("film.vid", FILM);
    let strict = stage.vid(&["render", "film.vid", "--progress", "none"]);
    assert_eq!(strict.code, 3, "{}", strict.all());
    assert!(strict.stderr.contains("`clip.mp4` is damaged at "), "{}", strict.all());
    assert!(!stage.path("film.mp4").exists());
    for _ in 0..2 {
        let lenient = stage.vid(&["render", "film.vid", "--lenient", "--progress", "json"]);
        assert_eq!(lenient.code, 0, "{}", lenient.all());
        let mended = lenient.stderr.lines().find(|line| line.contains("\"mended\"")).unwrap();
        let mended: serde_json::Value = serde_json::from_str(mended).unwrap();
        assert_eq!(mended["file"], "clip.mp4");
        let lost = ["pictures_replaced", "sounds_silenced"].map(|name| mended[name].as_u64().unwrap());
        assert!(lost.iter().sum::<u64>() > 0, "{mended}");
    }
    let frame = stage.vid(&["frame", "film.vid", "--at", "1s", "-o", "frame.png", "--lenient"]);
    assert_eq!(frame.code, 0, "{}", frame.all());
    assert!(frame.stderr.contains("`clip.mp4` is damaged: "), "{}", frame.all());
}
