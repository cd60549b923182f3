//! Media of all kinds of colour, shape and age look as they should.

use std::path::Path;
use std::process::Command;

use vid_timeline::{Element, FrameRate, Output, OutputFormat};

use crate::film::{Film, clip};
use crate::stage::{decoded, rendered};

/// Red, green, blue, white, grey and black bars of 160 by 90, as R'G'B'.
const BARS: [[u8; 3]; 6] =
    [[200, 30, 30], [30, 180, 40], [40, 50, 210], [235, 235, 235], [128, 128, 128], [20, 20, 20]];

fn bars() -> String {
    let boxes = BARS.iter().enumerate().map(|(index, [r, g, b])| {
        format!("drawbox=x={}:w=27:h=90:c=0x{r:02x}{g:02x}{b:02x}:t=fill", index * 27)
    });
    format!("color=black:s=162x90:r=25:d=1,format=gbrp,{}", boxes.collect::<Vec<_>>().join(","))
}

/// Encodes the bars with filter and codec arguments.
fn make(film: &Film, name: &str, filter: &str, arguments: &str) {
    let graph = format!("{},{filter}", bars());
    ffmpeg(&film.folder().join(name), &["-f", "lavfi", "-i", &graph], arguments);
}

fn ffmpeg(file: &Path, input: &[&str], arguments: &str) {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y"]).args(input).args(arguments.split_whitespace()).arg(file);
    assert!(command.status().unwrap().success(), "{command:?}");
}

fn film_of(element: Element, size: (u32, u32)) -> Film {
    let mut film = Film::new(1);
    film.timeline.size = vid_timeline::Size { width: size.0, height: size.1 };
    film.timeline.elements = vec![element];
    film
}

/// The first frame of the film as R'G'B'.
fn first_frame(film: &mut Film, format: OutputFormat) -> Vec<u8> {
    decoded(&rendered(film, &Output::new(format), format.name()), &[], "rgb24")
}

#[test]
fn bars_of_every_matrix_range_and_depth_come_out_as_they_went_in() {
    let scale = |matrix: &str, range: &str, format: &str| {
        let exact = "accurate_rnd+full_chroma_int+full_chroma_inp";
        format!("scale=out_color_matrix={matrix}:out_range={range}:flags={exact},format={format}")
    };
    let tags = |space: &str, range: &str| {
        format!("-colorspace {space} -color_range {range} -color_primaries bt709 -color_trc bt709")
    };
    let x264 = "-c:v libx264 -qp 0 -preset ultrafast";
    let cases = [
        ("bt709", "tv", "yuv444p", "bt709", "tv", x264),
        ("smpte170m", "tv", "yuv444p", "smpte170m", "tv", x264),
        ("bt470", "tv", "yuv444p", "bt470bg", "tv", x264),
        ("bt2020", "tv", "yuv444p10le", "bt2020nc", "tv", x264),
        ("bt709", "pc", "yuv444p", "bt709", "pc", x264),
        ("bt709", "tv", "yuv420p10le", "bt709", "tv", x264),
        ("bt709", "tv", "yuv422p10le", "bt709", "tv", "-c:v ffv1"),
    ];
    for (matrix, range, format, space, tag, codec) in cases {
        let mut film = film_of(clip("a", "bars.mkv", 0, 1000), (162, 90));
        make(&film, "bars.mkv", &scale(matrix, range, format), &format!("{codec} {}", tags(space, tag)));
        for written in [OutputFormat::Png, OutputFormat::Mp4] {
            let frame = first_frame(&mut film, written);
            for (index, bar) in BARS.iter().enumerate() {
                let at = (45 * 162 + index * 27 + 13) * 3;
                let found = &frame[at..at + 3];
                // Through 8-bit Y'CbCr in limited range, a step of a code value is up to two of R'G'B'.
                let most = bar.iter().zip(found).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
                assert!(most <= 3, "{matrix} {range} {format} to {written}: {bar:?} became {found:?}");
            }
        }
    }
}

#[test]
fn interlaced_movement_has_no_combs() {
    // A bar that travels eight pixels a field; two fields make a frame.
    let graph = "color=0x202020:s=320x180:r=50:d=1[b];color=0xe0e0e0:s=40x180:r=50:d=1[f];[b][f]overlay=x=n*4:y=0,interlace=lowpass=off";
    let mut film = film_of(clip("a", "fields.mkv", 0, 1000), (320, 180));
    let input = ["-f", "lavfi", "-i", graph];
    let tags = "-c:v libx264 -qp 0 -pix_fmt yuv420p -flags +ilme+ildct -top 1";
    ffmpeg(&film.folder().join("fields.mkv"), &input, tags);
    let frame = decoded(&rendered(&mut film, &Output::new(OutputFormat::Mov), "whole"), &[], "gray");
    let frame = &frame[10 * 320 * 180..11 * 320 * 180];
    // In every column the rows are alike, but for what an encoder loses.
    for x in 0..320 {
        let column: Vec<u8> = (0..180).map(|y| frame[y * 320 + x]).collect();
        let (least, most) = (column.iter().min().unwrap(), column.iter().max().unwrap());
        assert!(most - least < 24, "column {x}: {least} to {most}");
    }
}

#[test]
fn pixels_that_are_not_square_are_shown_in_their_shape() {
    // 162 by 90 stored pixels twice as wide as high fill 324 by 90, and so half of a square canvas.
    let mut film = film_of(clip("a", "wide.mkv", 0, 1000), (180, 180));
    make(&film, "wide.mkv", "format=yuv444p,setsar=2/1", "-c:v libx264 -qp 0");
    let frame = first_frame(&mut film, OutputFormat::Png);
    let pixel = |x: usize, y: usize| frame[(y * 180 + x) * 3];
    // 180 by 50 in the middle.
    assert!((0..62).all(|y| pixel(10, y) == 0) && (118..180).all(|y| pixel(10, y) == 0));
    assert!((68..112).all(|y| pixel(10, y) > 150));
}

#[test]
fn a_sideways_phone_video_stands_upright() {
    let mut film = film_of(clip("a", "phone.mp4", 0, 1000), (90, 162));
    make(&film, "flat.mp4", "format=yuv420p", "-c:v libx264 -qp 0");
    let flat = film.folder().join("flat.mp4");
    let input = ["-i", flat.to_str().unwrap()];
    ffmpeg(&film.folder().join("phone.mp4"), &input, "-c copy -metadata:s:v:0 rotate=90");
    let frame = first_frame(&mut film, OutputFormat::Png);
    // Another player turns it the same way: the bars lie one over another.
    let wanted = decoded(&film.folder().join("phone.mp4"), &[], "rgb24");
    for y in [13, 40, 67, 94, 121, 148] {
        let at = (y * 90 + 45) * 3;
        let most = (at..at + 3).map(|at| frame[at].abs_diff(wanted[at])).max().unwrap();
        assert!(most <= 4, "row {y}: {:?} for {:?}", &frame[at..at + 3], &wanted[at..at + 3]);
    }
    assert!(frame[(13 * 90 + 45) * 3].abs_diff(frame[(148 * 90 + 45) * 3]) > 100);
}

/// Writes the display matrix of an MP4's only track: where a point's x and y go, in whole units.
fn place(film: &Film, from: &str, to: &str, [a, b, c, d]: [i32; 4]) {
    let mut bytes = std::fs::read(film.folder().join(from)).unwrap();
    let header = bytes.windows(4).position(|name| name == b"tkhd").unwrap();
    for (number, value) in [(0, a), (1, b), (3, c), (4, d)] {
        let at = header + 44 + 4 * number;
        bytes[at..at + 4].copy_from_slice(&(value << 16).to_be_bytes());
    }
    std::fs::write(film.folder().join(to), bytes).unwrap();
}

#[test]
fn all_eight_ways_to_hold_a_camera_are_upright() {
    // Numbers that read as themselves in no mirror and no turn.
    let mut film = film_of(clip("a", "turned.mp4", 0, 1000), (160, 90));
    let input = ["-f", "lavfi", "-i", "testsrc=size=160x90:rate=25:duration=1"];
    let tags = "-c:v libx264 -qp 0 -pix_fmt yuv444p -colorspace bt709 -color_range tv";
    ffmpeg(&film.folder().join("flat.mp4"), &input, tags);
    let matrices = [
        [1, 0, 0, 1],
        [0, 1, -1, 0],
        [-1, 0, 0, -1],
        [0, -1, 1, 0],
        [-1, 0, 0, 1],
        [1, 0, 0, -1],
        [0, 1, 1, 0],
        [0, -1, -1, 0],
    ];
    let mut seen = Vec::new();
    for matrix in matrices {
        let is_sideways = matrix[0] == 0;
        film.timeline.size = if is_sideways { upright(90, 160) } else { upright(160, 90) };
        place(&film, "flat.mp4", "turned.mp4", matrix);
        let frame = first_frame(&mut film, OutputFormat::Png);
        let wanted = &decoded(&film.folder().join("turned.mp4"), &[], "rgb24")[..frame.len()];
        let far = frame.iter().zip(wanted).filter(|(a, b)| a.abs_diff(**b) > 6).count();
        assert!(far < frame.len() / 500, "{matrix:?}: {far} of {} samples differ", frame.len());
        assert!(!seen.contains(&frame), "{matrix:?}");
        seen.push(frame);
    }
}

fn upright(width: u32, height: u32) -> vid_timeline::Size {
    vid_timeline::Size { width, height }
}

/// Ten-bit Y', Cb and Cr of the bars as displays of four kinds make their light, white being 203 cd/m²:
/// computed from the chromaticities and curves of BT.2100, BT.2020 and SMPTE EG 432-1 by another program.
const RECAST: [(&str, [[u16; 3]; 6]); 4] = [
    (
        "-color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc",
        [
            [343, 422, 688],
            [519, 368, 425],
            [263, 751, 513],
            [693, 512, 512],
            [456, 512, 512],
            [125, 512, 512],
        ],
    ),
    (
        "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc",
        [
            [357, 455, 597],
            [459, 440, 476],
            [307, 628, 517],
            [555, 512, 512],
            [429, 512, 512],
            [163, 512, 512],
        ],
    ),
    (
        "-color_primaries bt2020 -color_trc bt2020-10 -colorspace bt2020nc",
        [
            [384, 421, 684],
            [587, 363, 422],
            [296, 761, 512],
            [871, 512, 512],
            [504, 512, 512],
            [133, 512, 512],
        ],
    ),
    (
        "-color_primaries smpte432 -color_trc bt709 -colorspace bt709",
        [
            [343, 443, 743],
            [583, 355, 376],
            [267, 783, 474],
            [871, 512, 512],
            [504, 512, 512],
            [133, 512, 512],
        ],
    ),
];

#[test]
fn pictures_for_brighter_and_more_colourful_displays_look_like_films() {
    for (tags, codes) in RECAST {
        let mut film = film_of(clip("a", "bars.mkv", 0, 1000), (162, 90));
        let raw = film.folder().join("bars.raw");
        let plane = |channel: usize| {
            (0..162 * 90).flat_map(move |at| codes[at % 162 / 27][channel].to_le_bytes()).collect::<Vec<u8>>()
        };
        std::fs::write(&raw, [plane(0), plane(1), plane(2)].concat()).unwrap();
        let input = ["-f", "rawvideo", "-s", "162x90", "-pix_fmt", "yuv444p10le", "-r", "1", "-i"];
        let input = [&input[..], &[raw.to_str().unwrap()]].concat();
        let tags = format!("-c:v ffv1 {tags} -color_range tv");
        ffmpeg(&film.folder().join("bars.mkv"), &input, &tags);
        // Of a higher range, what is near white makes room for what is above it.
        let is_pressed = tags.contains("2084") || tags.contains("b67");
        for written in [OutputFormat::Png, OutputFormat::Mp4] {
            let frame = first_frame(&mut film, written);
            for (index, bar) in BARS.iter().enumerate() {
                let at = (45 * 162 + index * 27 + 13) * 3;
                let found = &frame[at..at + 3];
                let wanted = match (is_pressed, bar) {
                    (true, [235, ..]) => [221; 3],
                    (true, [40, ..]) => [40, 49, 208],
                    _ => *bar,
                };
                let far = wanted.iter().zip(found).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
                // Near the edge of what BT.709 can make, a channel is next to black, where gamma is steep.
                assert!(far <= 10, "{tags} to {written}: {wanted:?} became {found:?}");
            }
        }
    }
}

#[test]
fn the_brightest_light_that_a_file_notes_becomes_white() {
    // What a display of PQ shows as standard white.
    let raw: Vec<u8> =
        [555_u16, 512].map(u16::to_le_bytes).iter().flat_map(|code| code.repeat(32 * 32)).collect();
    let grey = |notes: &str| {
        let mut film = film_of(clip("a", "grey.mkv", 0, 1000), (32, 32));
        let file = film.folder().join("grey.raw");
        std::fs::write(&file, &raw[..32 * 32 * 3]).unwrap();
        let input = ["-f", "rawvideo", "-s", "32x32", "-pix_fmt", "yuv420p10le", "-r", "1", "-i"];
        let input = [&input[..], &[file.to_str().unwrap()]].concat();
        let tags = "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -color_range tv";
        let codec = format!("-c:v libx265 -x265-params log-level=error:lossless=1{notes} {tags}");
        ffmpeg(&film.folder().join("grey.mkv"), &input, &codec);
        first_frame(&mut film, OutputFormat::Png)[0]
    };
    let display = "master-display=G(8500,39850)B(6550,2300)R(35400,14600)WP(15635,16450)L(40000000,50)";
    let [unknown, dim, bright, graded] =
        ["", ":max-cll=250,100", ":max-cll=4000,400", &format!(":{display}")].map(grey);
    assert!(unknown.abs_diff(221) <= 3, "{unknown}");
    assert!(dim.abs_diff(235) <= 4 && bright < unknown, "{dim} {bright}");
    assert_eq!(graded, bright);
}

#[test]
fn odd_sizes_are_read_and_written() {
    let mut film = film_of(clip("a", "odd.mkv", 0, 1000), (161, 91));
    make(&film, "odd.mkv", "scale=161:91,format=yuv420p", "-c:v ffv1");
    film.timeline.frame_rate = FrameRate::whole(25).unwrap();
    for format in [OutputFormat::Png, OutputFormat::Gif, OutputFormat::Mov] {
        let frame = first_frame(&mut film, format);
        assert!(frame.len() >= 161 * 91 * 3, "{format}");
        let at = (45 * 161 + 13) * 3;
        assert!(frame[at] > 150 && frame[at + 1] < 90, "{format}: {:?}", &frame[at..at + 3]);
    }
}
