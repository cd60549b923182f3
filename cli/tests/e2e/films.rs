//! Films that are right: counted, timed and looked at by another program.

use expect_test::expect;

use crate::media::{self, HALF, clip, frames, near, peak, pixel, plain, probe, samples};
use crate::stage::Stage;

/// The stream says its length exactly; FFmpeg's tool decodes the last AAC frame to its end all the
/// same.
fn assert_length(samples: &[i16], seconds: usize) {
    let surplus = samples.len() / 2 - seconds * 48_000;
    assert!(surplus < 1024, "{surplus} samples too many");
}

/// Without loss the frames that nothing covers are those of the clip, bit for bit.
#[test]
fn a_clip_with_a_title_is_the_clip_and_a_title() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 4);
    stage.render(
        r#"composition hello 320x180 30fps {
  video clip "clip.mp4"
  text title "Hello" for 2s { font_size: 48  font_weight: 700 }
  output mp4 { crf: 0 }
}
"#,
        &[],
    );
    let (made, source) = (frames(&stage, "film.mp4"), frames(&stage, "clip.mp4"));
    assert_eq!((made.len(), source.len()), (120, 120));
    let same: Vec<bool> = made.iter().zip(&source).map(|(a, b)| a == b).collect();
    assert_eq!(same, [[false; 60], [true; 60]].concat());
    expect![[r#"
        codec_name=h264
        width=320
        height=180
        pix_fmt=yuv420p
        r_frame_rate=30/1
        start_time=0.000000
        duration=4.000000
        nb_read_packets=120
    "#]]
    .assert_eq(&probe(
        &stage,
        "film.mp4",
        "v",
        "codec_name,width,height,pix_fmt,r_frame_rate,start_time,duration,nb_read_packets",
    ));
    expect![[r#"
        codec_name=aac
        sample_rate=48000
        channels=2
        start_time=0.000000
        duration=4.000000
    "#]]
    .assert_eq(&probe(&stage, "film.mp4", "a", "codec_name,sample_rate,channels,start_time,duration"));
    assert_length(&samples(&stage, "film.mp4"), 4);
    // White letters near the middle of the picture.
    let middle = (100..220).map(|x| pixel(&stage, "film.mp4", 30, x, 90));
    assert!(middle.into_iter().any(|color| near(color, [255, 255, 255])));
}

#[test]
fn stills_dissolve_into_one_another() {
    let stage = Stage::new();
    plain(&stage, "red.png", "red", "320x180", &["-frames:v", "1"]);
    plain(&stage, "blue.png", "blue", "320x180", &["-frames:v", "1"]);
    media::ffmpeg(&stage, &["-f", "lavfi", "-i", "sine=frequency=220:duration=6", "tone.wav"]);
    stage.render(
        r#"composition slides 320x180 30fps {
  sequence {
    image one "red.png" for 2s
    transition cross_dissolve for 1s
    image two "blue.png" for 2s
  }
  audio music "tone.wav" until end { fade_out_duration: 1s }
}
"#,
        &[],
    );
    assert_eq!(frames(&stage, "film.mp4").len(), 90);
    let at = |frame| pixel(&stage, "film.mp4", frame, 160, 90);
    let colors = [at(0), at(29), at(45), at(61), at(89)];
    let expected = [[254, 0, 0], [254, 0, 0], [127, 0, 127], [0, 0, 254], [0, 0, 254]];
    assert!(colors.iter().zip(expected).all(|(color, expected)| near(*color, expected)), "{colors:?}");
    let sound = samples(&stage, "film.mp4");
    assert_length(&sound, 3);
    let [loud, half, quiet] =
        [(1000, 1500), (2450, 2550), (2980, 3000)].map(|(from, to)| peak(&sound, from, to));
    assert!(half < loud * 2 / 3 && half > loud / 3, "{loud} {half} {quiet}");
    assert!(quiet < loud / 10, "{loud} {half} {quiet}");
}

#[test]
fn layers_lie_where_they_are_put() {
    let stage = Stage::new();
    let film = ["-t", "2", "-pix_fmt", "yuv420p"];
    plain(&stage, "ground.mp4", "green", "320x180", &film);
    plain(&stage, "inset.mp4", "blue", "160x90", &film);
    plain(&stage, "logo.png", "red", "40x40", &["-vf", HALF, "-frames:v", "1"]);
    media::ffmpeg(&stage, &["-f", "lavfi", "-i", "sine=frequency=220:duration=1", "voice.wav"]);
    stage.render(
        r#"composition layers 320x180 30fps {
  video ground "ground.mp4"
  video inset "inset.mp4" at 1s for 1s { x: 75%  y: 25%  width: 50%  height: 50% }
  image logo "logo.png" { x: 20  y: 160  width: 40px  height: 40px }
  text name "Ada" at 1s for 1s {
    x: 50%  y: 90%  width: 60%  height: 20%  font_size: 20
    background: true  background_color: #ffffff  text_color: #000000  x_padding: 20px
    enter fade for 500ms
  }
  audio voice "voice.wav" at 1s
}
"#,
        &[],
    );
    assert_eq!(frames(&stage, "film.mp4").len(), 60);
    let at = |frame, x, y| pixel(&stage, "film.mp4", frame, x, y);
    let (green, blue) = (at(0, 160, 90), [0, 0, 254]);
    assert!(near(green, [0, 128, 0]), "{green:?}");
    // The inset has the upper right quarter from its first frame on, and not a pixel more.
    assert_eq!(at(29, 240, 45), green);
    assert!(near(at(30, 240, 45), blue));
    assert!(near(at(45, 164, 4), blue) && near(at(45, 316, 86), blue));
    assert!(near(at(45, 154, 45), green) && near(at(45, 240, 96), green));
    // Half of red over green.
    let logo = at(10, 20, 160);
    assert!(near(logo, [127, 64, 0]), "{logo:?}");
    // The plate comes in.
    let plate: Vec<u8> = [30, 37, 59].map(|frame| at(frame, 135, 162)[0]).to_vec();
    assert!(plate[0] < 20 && (60..200).contains(&plate[1]) && plate[2] > 240, "{plate:?}");
    let sound = samples(&stage, "film.mp4");
    assert_length(&sound, 2);
    assert!(peak(&sound, 0, 980) < 50 && peak(&sound, 1050, 1950) > 1000);
}

#[test]
fn a_cut_starts_at_the_frame_that_is_named() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 4);
    stage.render(
        r#"composition cut 320x180 30fps {
  sequence {
    video late "clip.mp4" [3s..4s]
    video early "clip.mp4" [0.5s..1s]
  }
  output mp4 { crf: 0 }
}
"#,
        &[],
    );
    let (made, source) = (frames(&stage, "film.mp4"), frames(&stage, "clip.mp4"));
    assert_eq!(made, [&source[90..120], &source[15..30]].concat());
}

#[test]
fn characters_that_no_font_has_are_told_of() {
    let stage = Stage::new();
    // Unicode has not given this place to any character.
    stage.write(
        "a.vid",
        "composition a 64x36 30fps {\n  text t \"a\\u{1fffd}b\" for 1s { font_size: 9 }\n}\n",
    );
    let found = stage.vid(&["frame", "a.vid", "--at", "0s", "-o", "a.png"]);
    assert_eq!(found.code, 0, "{}", found.all());
    assert!(found.stderr.contains("warning[missing-glyph]: no font of this machine has"), "{}", found.all());
    assert!(found.stderr.contains("(U+1FFFD)"), "{}", found.all());
}

#[test]
fn sounds_of_units_cross_fade_like_those_that_stand_alone() {
    let stage = Stage::new();
    std::fs::create_dir(stage.path("media")).unwrap();
    clip(&stage, "media/clip.mp4", 4);
    let film = |first: &str, second: &str| {
        format!(
            "composition film 320x180 30fps {{\n  sequence {{\n    {first}\n    transition cross_dissolve for 1s\n    {second}\n  }}\n}}\n"
        )
    };
    let alone = film("video a \"media/clip.mp4\" [0s..2s]", "video b \"media/clip.mp4\" [2s..4s]");
    let inside = film(
        "stack one { video a \"media/clip.mp4\" [0s..2s] }",
        "stack two { stack inner { video b \"media/clip.mp4\" [2s..4s]  text \"b\" } }",
    );
    stage.render(&alone, &[]);
    let expected = samples(&stage, "film.mp4");
    stage.render(&inside, &[]);
    assert_eq!(samples(&stage, "film.mp4"), expected);
}
