//! The scenarios.
//!
//! FFmpeg's graphs are the best we found for the work, measured in CPU seconds:
//! - dissolves of clips: an overlay whose alpha fades works in 4:2:0; `xfade` takes 4:4:4 alone and
//!   converts both ways, for the whole clips (plainly written) or for split parts;
//! - a zoom: `zoompan` moves by whole pixels of its input, so its input is four times as large as its
//!   output; at twice the size it still trembles (SSIM 0.92 to ours, 0.96 at four times), and
//!   `perspective` takes longer;
//! - captions: libass, which keeps what it has drawn.

use crate::scenario::{Aims, Scenario};

/// Bytes of a frame of 1920x1080 in 4:2:0.
const FRAME: f64 = 1920.0 * 1080.0 * 1.5;
/// Seconds that a still is looped for in FFmpeg's slideshow, and frames.
const PHOTOS: usize = 10;

/// A minute with twenty captions.
pub fn captions() -> Scenario {
    let style = "Fontname=Inter,Fontsize=14.4,Bold=1,Outline=1,Shadow=0,MarginV=24";
    Scenario {
        name: "captions",
        film: include_str!("films/captions.vid"),
        inputs: vec!["minute.mp4", "music.mp3"],
        graph: format!("[0]subtitles=captions.srt:force_style='{style}'[v];[1]atrim=0:60[a]"),
        seconds: 60,
        decoded: vec![("minute.mp4", "")],
        mix: "[1]atrim=0:60[a]",
        // A frame with a caption is copied: the decoder keeps its own. The caption itself is about
        // 1,000 x 70 pixels: read, and its place read and written.
        moved: 20.0 * 75.0 * (2.0 * FRAME + 3.0 * 1000.0 * 70.0 * 1.5),
        aims: Aims { cpu: 1.05, wall: 0.97 },
    }
}

/// A clip and everything that lies over it.
pub fn layers() -> Scenario {
    let round = "[1]trim=0:10,setpts=PTS-STARTPTS,scale=640:360[s];[s][4]overlay[b];[3]format=gray[m];\
                 [b][m]alphamerge,fade=t=in:d=1:alpha=1,fade=t=out:st=9:d=1:alpha=1,setpts=PTS+1/TB[p]";
    let slide = "drawtext=fontfile=/usr/share/fonts/opentype/inter/Inter-SemiBold.otf:text='Ada Lovelace':\
                 fontsize=56:fontcolor=white:box=1:boxcolor=0xe8590c@0.9:boxborderw=24:y=878:\
                 x='if(lt(t,3),116-596*pow(3-t,2),if(lt(t,9),116,116-596*pow(t-9,2)))':enable='between(t,2,9.99)'";
    let mix = "[5]volume=-12dB,atrim=0:12,afade=t=out:st=10:d=2[s1];[6]adelay=2000:all=1[s2];\
               [7]adelay=1000:all=1[s3];[s1][s2][s3]amix=inputs=3:normalize=0:duration=first[a]";
    Scenario {
        name: "layers",
        film: include_str!("films/layers.vid"),
        inputs: vec![
            "ground.mp4",
            "inset.mp4",
            "logo.png",
            "mask.png",
            "border.png",
            "music.mp3",
            "voice.wav",
            "bell.m4a",
        ],
        graph: format!(
            "{round};[0][p]overlay=x=1160:y=120:eof_action=pass[o];[o][2]overlay=x=96:y=96,{slide}[v];{mix}"
        ),
        seconds: 12,
        decoded: vec![("ground.mp4", ""), ("inset.mp4", "-t 10")],
        mix,
        // Every frame is copied for its logo; the inset is read at 1280x720, written and read once at its
        // size, and blended; the lower third is blended.
        moved: 360.0 * (2.0 * FRAME + 3.0 * 160.0 * 160.0 * 1.5)
            + 300.0 * 1.5 * (1280.0 * 720.0 + 4.0 * 640.0 * 360.0)
            + 240.0 * 3.0 * 400.0 * 108.0 * 1.5,
        aims: Aims { cpu: 1.08, wall: 0.92 },
    }
}

/// Five clips that dissolve into one another.
pub fn chain() -> Scenario {
    let mut graph = String::new();
    for clip in 1..5 {
        graph +=
            &format!("[{clip}]format=yuva420p,fade=t=in:d=1:alpha=1,setpts=PTS+{}/TB[c{clip}];", 5 * clip);
    }
    graph += "[0]tpad=stop=-1[o0];";
    for clip in 1..5 {
        let end = if clip == 4 { "v".to_owned() } else { format!("o{clip}") };
        graph += &format!("[o{}][c{clip}]overlay=eof_action=pass[{end}];", clip - 1);
    }
    Scenario {
        name: "chain",
        film: include_str!("films/chain.vid"),
        inputs: vec!["clip0.mp4", "clip1.mp4", "clip2.mp4", "clip3.mp4", "clip4.mp4", "music.mp3"],
        graph: graph + "[5]atrim=0:26[a]",
        seconds: 26,
        decoded: ["clip0.mp4", "clip1.mp4", "clip2.mp4", "clip3.mp4", "clip4.mp4"]
            .map(|name| (name, ""))
            .to_vec(),
        mix: "[5]atrim=0:26[a]",
        moved: 120.0 * 3.0 * FRAME,
        aims: Aims { cpu: 1.05, wall: 0.91 },
    }
}

/// Ten photos that grow and dissolve.
pub fn slideshow() -> Scenario {
    let photos = [
        "photo0.jpg",
        "photo1.jpg",
        "photo2.jpg",
        "photo3.jpg",
        "photo4.jpg",
        "photo5.jpg",
        "photo6.jpg",
        "photo7.jpg",
        "photo8.jpg",
        "photo9.jpg",
    ];
    let mut graph = String::new();
    for photo in 0..PHOTOS {
        graph += &format!(
            "[{photo}]crop=3000:1688,scale=in_range=pc:out_range=tv:out_color_matrix=bt709:w=7680:h=4320:\
             flags=bicubic,format=yuv420p,zoompan=z='1+0.1*on/90':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':\
             d=90:s=1920x1080:fps=30[p{photo}];"
        );
    }
    let mut before = "p0".to_owned();
    for photo in 1..PHOTOS {
        graph += &format!("[{before}][p{photo}]xfade=duration=1:offset={}[x{photo}];", 2 * photo);
        before = format!("x{photo}");
    }
    let mix = "[10]atrim=0:21,afade=t=out:st=18:d=3[a]";
    Scenario {
        name: "slideshow",
        film: include_str!("films/slideshow.vid"),
        inputs: photos.into_iter().chain(["music.mp3"]).collect(),
        graph: format!("{graph}[{before}]format=yuv420p[v];{mix}"),
        seconds: 21,
        decoded: photos.map(|name| (name, "")).to_vec(),
        mix,
        // Each photo is read and written at the size of the canvas on each of its frames; 270 frames mix two.
        moved: 900.0 * 2.0 * FRAME + 270.0 * 3.0 * FRAME,
        aims: Aims { cpu: 1.15, wall: 0.70 },
    }
}
