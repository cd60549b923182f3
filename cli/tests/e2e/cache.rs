//! The cache: what is reused, what is not, and that nobody can tell from the film.

use std::os::unix::fs::MetadataExt;

use crate::media::clip;
use crate::stage::Stage;

/// Ten seconds, so that there are enough pieces to tell one from another.
fn film(title: &str) -> String {
    format!(
        r#"composition film 320x180 30fps {{
  video clip "clip.mp4"
  text title "{title}" at 4s for 2s {{ font_size: 32 }}
}}
"#
    )
}

fn stage() -> Stage {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 10);
    stage
}

#[test]
fn a_second_render_makes_nothing_and_leaves_the_file_alone() {
    let stage = stage();
    let first = stage.render(&film("One"), &[]);
    assert_eq!((&first["written"], &first["segments_reused"]), (&true.into(), &0.into()));
    let before = std::fs::metadata(stage.path("film.mp4")).unwrap();
    let second = stage.render(&film("One"), &[]);
    assert_eq!(second["segments_reused"], first["segments"]);
    assert_eq!(second["frames_reused"], 300);
    assert_eq!(second["written"], false);
    let after = std::fs::metadata(stage.path("film.mp4")).unwrap();
    assert_eq!(
        (before.ino(), before.mtime(), before.mtime_nsec()),
        (after.ino(), after.mtime(), after.mtime_nsec())
    );
}

#[test]
fn an_edit_renders_only_what_it_touches() {
    let stage = stage();
    stage.render(&film("One"), &[]);
    let edited = stage.render(&film("Two"), &[]);
    assert_eq!(edited["written"], true);
    // The title is on screen for 60 of 300 frames, in one of the two halves.
    let made = 300 - edited["frames_reused"].as_i64().unwrap();
    assert!((60..=180).contains(&made), "{edited}");
}

#[test]
fn the_film_depends_on_neither_workers_nor_cache() {
    let stage = stage();
    stage.render(&film("One"), &["--workers", "1"]);
    let one = std::fs::read(stage.path("film.mp4")).unwrap();
    for workers in ["2", "3", "8"] {
        std::fs::remove_file(stage.path("film.mp4")).unwrap();
        let report = stage.render(&film("One"), &["--workers", workers, "--no-cache"]);
        assert_eq!(report["segments_reused"], 0);
        assert!(one == std::fs::read(stage.path("film.mp4")).unwrap(), "{workers} workers");
    }
}

#[test]
fn without_a_cache_nothing_is_kept() {
    let stage = stage();
    stage.render(&film("One"), &["--no-cache"]);
    assert!(stage.pieces().is_empty());
    assert!(!stage.path("cache").exists());
}

/// A piece is named by what it shows, so another film with the same stretch shares it.
#[test]
fn names_do_not_matter() {
    let stage = stage();
    let first = stage.render(&film("One"), &[]);
    let renamed =
        film("One").replace("video clip", "video other").replace("composition film", "composition renamed");
    let second = stage.render(&renamed, &[]);
    assert_eq!(second["segments_reused"], first["segments"]);
}

#[test]
fn changed_media_are_noticed() {
    let stage = stage();
    stage.render(&film("One"), &[]);
    crate::media::plain(&stage, "clip.mp4", "navy", "320x180", &["-t", "10", "-pix_fmt", "yuv420p"]);
    let second = stage.render(&film("One"), &[]);
    assert_eq!(second["segments_reused"], 0);
}
