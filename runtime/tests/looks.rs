//! How layers look on the canvas: kept pictures of small films, each made to be looked at, and numbers
//! where a picture would not tell.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod film;

use std::path::PathBuf;

use film::{Film, still, title};
use vid_runtime::raster::Pixmap;
use vid_runtime::{StillRequest, frame_at};
use vid_timeline::{
    Angle, Animated, BlendMode, Color, Content, Easing, Element, Fit, Geometry, GradientStop, Group,
    Keyframe, Layer, Length, Mask, MaskMode, MaskPlace, MaskSource, Paint, Rational, Shape, Size, Stroke,
    Time,
};

fn n(value: i64) -> Rational {
    Rational::integer(value)
}

fn percent(value: i64) -> Length {
    Length::Percent(n(value))
}

fn pixels(value: i64) -> Length {
    Length::Pixels(n(value))
}

/// The film's picture at `ms`.
fn shown(film: &Film, ms: i64) -> Pixmap {
    let assets = film.assets();
    let request = StillRequest { timeline: &film.timeline, assets: &assets, time: Time::from_millis(ms) };
    frame_at(&request).unwrap()
}

/// Red, green and blue of a pixel.
fn pixel(picture: &Pixmap, x: u32, y: u32) -> [u8; 3] {
    picture.row(y)[x as usize * 4..][..3].try_into().unwrap()
}

fn is_near(found: [u8; 3], wanted: [u8; 3], tolerance: u8) -> bool {
    found.iter().zip(wanted).all(|(found, wanted)| found.abs_diff(wanted) <= tolerance)
}

/// Compares with `tests/goldens/NAME.png`; with `UPDATE_EXPECT=1` in the environment, writes it.
#[track_caller]
fn assert_golden(name: &str, picture: &Pixmap) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(format!("{name}.png"));
    let rgb = picture.pixels().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    let image = image::RgbImage::from_raw(picture.width(), picture.height(), rgb).unwrap();
    if std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1") {
        let file = std::fs::File::create(&path).unwrap();
        let (kind, filter) =
            (image::codecs::png::CompressionType::Best, image::codecs::png::FilterType::Adaptive);
        let encoder = image::codecs::png::PngEncoder::new_with_quality(file, kind, filter);
        image.write_with_encoder(encoder).unwrap();
    }
    let bytes = std::fs::metadata(&path).map(|file| file.len()).unwrap_or(0);
    assert!(bytes <= 20 << 10, "{} has {bytes} bytes, more than 20 KiB", path.display());
    let kept = image::open(&path).map(image::DynamicImage::into_rgb8);
    if kept.as_ref().ok() != Some(&image) {
        let actual = std::env::temp_dir().join(format!("{name}.actual.png"));
        image.save(&actual).unwrap();
        panic!("the picture differs from {}; it is kept as {}", path.display(), actual.display());
    }
}

/// A film of one second on light grey.
fn film() -> Film {
    let mut film = Film::new(1);
    film.timeline.size = Size { width: 240, height: 136 };
    film.timeline.background.color = Color::rgb(200, 205, 210);
    film
}

/// Adds an element in the middle of cell `cell` of a grid of `columns` × `rows`, its box `width` percent of
/// the canvas.
fn add(
    film: &mut Film,
    mut element: Element,
    (columns, rows): (i64, i64),
    width: i64,
    work: impl FnOnce(&mut Layer),
) {
    let cell = i64::try_from(film.timeline.elements.len()).unwrap();
    element.id = format!("element{cell}");
    let layer = element.layer.as_mut().unwrap();
    layer.x = Length::Percent(Rational::ratio(100 * (2 * (cell % columns) + 1), 2 * columns)).into();
    layer.y = Length::Percent(Rational::ratio(100 * (2 * (cell / columns) + 1), 2 * rows)).into();
    layer.width = percent(width).into();
    layer.height = percent(width).into();
    layer.z_index = cell;
    work(layer);
    film.timeline.elements.push(element);
}

fn card() -> Element {
    still("card", "card.png", 0, 1000)
}

fn drawn(shape: Shape) -> Element {
    Element { content: Content::Shape(Box::new(shape)), ..card() }
}

fn filled(geometry: Geometry, paint: Paint) -> Shape {
    Shape { geometry, fill: Some(paint), stroke: None }
}

fn rect() -> Geometry {
    Geometry::Rect { radius: Length::ZERO }
}

fn rainbow(angle: i64) -> Paint {
    let stop = |offset, color| GradientStop { offset: n(offset), color };
    let stops = vec![
        stop(0, Color::rgb(230, 30, 30)),
        stop(50, Color::rgb(240, 220, 40)),
        stop(100, Color::rgb(30, 60, 220)),
    ];
    Paint::Linear { angle: Angle::Degrees(n(angle)), stops }
}

fn degrees(value: i64) -> Angle {
    Angle::Degrees(n(value))
}

#[test]
fn transforms() {
    let mut film = film();
    let turns: [fn(&mut Layer); 6] = [
        |layer| layer.z_rotation = degrees(20).into(),
        |layer| layer.x_rotation = degrees(50),
        |layer| layer.y_rotation = degrees(50),
        |layer| {
            layer.x_scale = n(60).into();
            layer.y_scale = n(120).into();
        },
        |layer| {
            layer.flip_horizontal = true;
            layer.flip_vertical = true;
        },
        |layer| {
            (layer.x_rotation, layer.y_rotation) = (degrees(-30), degrees(40));
            layer.z_rotation = degrees(-15).into();
        },
    ];
    for turn in turns {
        add(&mut film, card(), (3, 2), 28, turn);
    }
    assert_golden("looks_transforms", &shown(&film, 0));
}

#[test]
fn a_quarter_turn_is_exact() {
    let mut film = film();
    film.timeline.size = Size { width: 320, height: 180 };
    add(&mut film, card(), (1, 1), 50, |layer| layer.z_rotation = degrees(90).into());
    let turned = shown(&film, 0);
    film.timeline.elements[0].layer.as_mut().unwrap().z_rotation = Angle::ZERO.into();
    let upright = shown(&film, 0);
    // The picture is 160x90 about (160, 90): what is at (dx, dy) goes to (−dy, dx).
    for (dx, dy) in [(-70_i32, -40_i32), (-33, 11), (5, -20), (60, 30)] {
        let from = pixel(&upright, (160 + dx) as u32, (90 + dy) as u32);
        let to = pixel(&turned, (159 - dy) as u32, (90 + dx) as u32);
        assert!(is_near(from, to, 3), "{dx},{dy}: {from:?} {to:?}");
    }
}

#[test]
fn styles() {
    let mut film = film();
    let styles: [fn(&mut Layer); 6] = [
        |layer| layer.style.border_radius = pixels(14),
        |layer| {
            layer.style.border_color = Some(Color::rgb(20, 20, 60));
            layer.style.border_width = pixels(3);
        },
        |layer| {
            layer.style.border_radius = percent(50);
            layer.style.border_color = Some(Color::WHITE);
            layer.style.border_width = pixels(3);
        },
        |layer| {
            layer.style.shadow_color = Some(Color { r: 0, g: 0, b: 0, a: 160 });
            (layer.style.shadow_x, layer.style.shadow_y) = (pixels(5), pixels(5));
        },
        |layer| {
            layer.style.border_radius = pixels(10);
            layer.style.shadow_color = Some(Color { r: 0, g: 0, b: 0, a: 200 });
            layer.style.shadow_blur = pixels(12);
        },
        |layer| {
            layer.z_rotation = degrees(-12).into();
            layer.style.border_radius = pixels(10);
            layer.style.border_color = Some(Color { r: 255, g: 200, b: 0, a: 255 });
            layer.style.border_width = pixels(2);
            layer.style.shadow_color = Some(Color { r: 60, g: 0, b: 0, a: 200 });
            layer.style.shadow_blur = pixels(8);
            layer.style.shadow_y = pixels(6);
        },
    ];
    for style in styles {
        add(&mut film, card(), (3, 2), 26, style);
    }
    assert_golden("looks_styles", &shown(&film, 0));
}

#[test]
fn adjustments() {
    let mut film = film();
    film.timeline.size = Size { width: 200, height: 112 };
    let adjusted: [fn(&mut Layer); 12] = [
        |_| {},
        |layer| layer.adjust.brightness = n(40),
        |layer| layer.adjust.contrast = n(60),
        |layer| layer.adjust.contrast = n(-60),
        |layer| layer.adjust.saturation = n(-100),
        |layer| layer.adjust.saturation = n(80),
        |layer| layer.adjust.exposure = n(50),
        |layer| layer.adjust.hue_rotate = n(120),
        |layer| layer.adjust.blur = n(30),
        |layer| layer.adjust.sharpness = n(100),
        |layer| layer.adjust.vignette = n(100),
        |layer| layer.color_overlay = Some(Color { r: 255, g: 0, b: 128, a: 128 }),
    ];
    for adjust in adjusted {
        add(&mut film, card(), (4, 3), 23, adjust);
    }
    assert_golden("looks_adjustments", &shown(&film, 0));
}

#[test]
fn blend_modes() {
    let mut film = film();
    film.timeline.size = Size { width: 160, height: 60 };
    add(&mut film, drawn(filled(rect(), rainbow(90))), (1, 1), 100, |_| {});
    for (index, mode) in (0..).zip(BlendMode::ALL) {
        let grey = Paint::Linear {
            angle: degrees(180),
            stops: vec![
                GradientStop { offset: n(0), color: Color::WHITE },
                GradientStop { offset: n(100), color: Color::BLACK },
            ],
        };
        add(&mut film, drawn(filled(rect(), grey)), (1, 1), 9, |layer| {
            layer.x = percent(5 + 10 * index).into();
            layer.y = Length::HALF.into();
            layer.height = percent(80).into();
            layer.blend_mode = *mode;
        });
    }
    assert_golden("looks_blend_modes", &shown(&film, 0));
}

#[test]
fn shapes() {
    let mut film = film();
    let red = Paint::Solid(Color::rgb(200, 40, 40));
    let stroke = |width| Stroke::plain(Paint::Solid(Color::rgb(20, 30, 60)), n(width));
    let star = "M50 0 L61 35 98 35 68 57 79 91 50 70 21 91 32 57 2 35 39 35Z";
    let view_box = vid_timeline::ViewBox { x: n(0), y: n(0), width: n(100), height: n(91) };
    let path = |data: &str| Geometry::Path {
        data: data.to_owned(),
        view_box: Some(view_box),
        fill_rule: vid_timeline::FillRule::Nonzero,
    };
    let line = Geometry::Line { from: [Length::ZERO, Length::FULL], to: [Length::FULL, Length::ZERO] };
    let radial = Paint::Radial {
        center: [Length::HALF; 2],
        stops: vec![
            GradientStop { offset: n(0), color: Color::WHITE },
            GradientStop { offset: n(100), color: Color { r: 0, g: 80, b: 160, a: 0 } },
        ],
    };
    let shapes = [
        Shape { stroke: Some(stroke(3)), ..filled(Geometry::Rect { radius: pixels(12) }, rainbow(45)) },
        Shape { stroke: Some(stroke(2)), ..filled(Geometry::Ellipse, red.clone()) },
        Shape { geometry: line, fill: None, stroke: Some(Stroke { dash: vec![n(8), n(4)], ..stroke(4) }) },
        Shape { stroke: Some(stroke(2)), ..filled(path(star), Paint::Solid(Color::rgb(240, 190, 20))) },
        filled(rect(), radial),
        Shape { geometry: path("M0 45 C25 -40 75 130 100 45"), fill: None, stroke: Some(stroke(5)) },
    ];
    for shape in shapes {
        add(&mut film, drawn(shape), (3, 2), 26, |_| {});
    }
    assert_golden("looks_shapes", &shown(&film, 0));
}

fn masked(source: MaskSource, mode: MaskMode) -> Option<Mask> {
    Some(Mask { source, mode, inverted: false, feather: Rational::ZERO })
}

fn shape_mask(geometry: Geometry) -> MaskSource {
    MaskSource::Shape { shape: Box::new(filled(geometry, Paint::Solid(Color::WHITE))), place: Box::default() }
}

#[test]
fn masks() {
    let mut film = film();
    film.timeline.size = Size { width: 200, height: 112 };
    add(&mut film, card(), (3, 2), 30, |layer| {
        layer.mask = masked(shape_mask(Geometry::Ellipse), MaskMode::Alpha);
    });
    add(&mut film, card(), (3, 2), 30, |layer| {
        layer.mask = masked(shape_mask(Geometry::Ellipse), MaskMode::Alpha);
        let mask = layer.mask.as_mut().unwrap();
        (mask.inverted, mask.feather) = (true, n(3));
    });
    add(&mut film, card(), (3, 2), 30, |layer| {
        layer.z_rotation = degrees(25).into();
        layer.mask = masked(shape_mask(Geometry::Rect { radius: pixels(20) }), MaskMode::Alpha);
    });
    add(&mut film, card(), (3, 2), 30, |layer| {
        let source = MaskSource::Shape {
            shape: Box::new(filled(rect(), rainbow(90))),
            place: Box::new(MaskPlace { rotation: degrees(30).into(), ..MaskPlace::default() }),
        };
        layer.mask = masked(source, MaskMode::Luma);
    });
    add(&mut film, card(), (3, 2), 30, |layer| {
        let mut words = title("words", "AB", 0, 1000);
        if let Content::Text(text) = &mut words.content {
            text.font_size = n(70);
        }
        let own = words.layer.as_mut().unwrap();
        (own.x, own.y) = (layer.x.clone(), layer.y.clone());
        layer.mask = masked(MaskSource::Element(Box::new(words)), MaskMode::Alpha);
    });
    add(&mut film, card(), (3, 2), 30, |layer| {
        let source = vid_timeline::MediaSource { location: "card.png".to_owned(), natural: None };
        layer.color_overlay = Some(Color::BLACK);
        layer.mask = masked(MaskSource::Image { source, place: Box::default() }, MaskMode::Luma);
    });
    assert_golden("looks_masks", &shown(&film, 0));
}

/// A group of 100x100 with a card and a disc over its middle.
fn group() -> Element {
    let mut inner = film();
    inner.timeline.size = Size { width: 100, height: 100 };
    add(&mut inner, card(), (1, 1), 100, |_| {});
    let disc = filled(Geometry::Ellipse, Paint::Solid(Color::rgb(20, 160, 60)));
    add(&mut inner, drawn(disc), (1, 2), 50, |layer| layer.y = Length::HALF.into());
    let group = Group {
        size: inner.timeline.size,
        frame_rate: None,
        background: None,
        blending: vid_timeline::Blending::Gamma,
        elements: inner.timeline.elements,
        transitions: Vec::new(),
    };
    Element { content: Content::Group(Box::new(group)), ..card() }
}

#[test]
fn groups() {
    let mut film = film();
    add(&mut film, group(), (3, 1), 30, |_| {});
    add(&mut film, group(), (3, 1), 30, |layer| layer.opacity = n(50).into());
    add(&mut film, group(), (3, 1), 30, |layer| {
        layer.z_rotation = degrees(20).into();
        layer.style.border_radius = pixels(10);
        layer.style.shadow_color = Some(Color::BLACK);
        layer.style.shadow_blur = pixels(10);
    });
    assert_golden("looks_groups", &shown(&film, 0));
}

#[test]
fn a_group_fades_as_one() {
    let mut film = film();
    film.timeline.size = Size { width: 320, height: 180 };
    film.timeline.background.color = Color::BLACK;
    add(&mut film, group(), (1, 1), 100, |layer| layer.opacity = n(50).into());
    // Where the disc lies on the card, half of the disc alone is seen and nothing of the card.
    assert!(is_near(pixel(&shown(&film, 0), 160, 90), [10, 80, 30], 3));
}

#[test]
fn slow_travel_is_smooth() {
    let mut film = film();
    film.timeline.size = Size { width: 320, height: 180 };
    film.timeline.background.color = Color::BLACK;
    let white = filled(rect(), Paint::Solid(Color::WHITE));
    add(&mut film, drawn(white), (1, 1), 10, |layer| {
        let key = |ms, x| Keyframe { time: Time::from_millis(ms), value: pixels(x), easing: Easing::Linear };
        // Four pixels in a second: less than a sixth of a pixel a frame.
        layer.x = Animated::Keyframes(vec![key(0, 100), key(1000, 104)]);
    });
    let middle = |frame: i64| {
        let picture = shown(&film, frame * 40);
        let (mut sum, mut weight) = (0.0, 0.0);
        for x in 60..150 {
            let value = f64::from(pixel(&picture, x, 90)[1]);
            sum += value * (f64::from(x) + 0.5);
            weight += value;
        }
        sum / weight
    };
    for frame in 0..24 {
        let wanted = 100.0 + 4.0 * 0.04 * frame as f64;
        assert!((middle(frame) - wanted).abs() < 0.02, "frame {frame}: {} for {wanted}", middle(frame));
    }
}

#[test]
fn clip_cuts_at_the_box() {
    let mut film = film();
    film.timeline.size = Size { width: 320, height: 180 };
    let mut words = title("words", "wide words", 0, 1000);
    if let Content::Text(text) = &mut words.content {
        text.text_wrap = vid_timeline::TextWrap::Nowrap;
    }
    add(&mut film, words, (1, 1), 30, |layer| layer.clip = true);
    let picture = shown(&film, 0);
    let background = pixel(&picture, 0, 0);
    let column_is_plain = |x: u32| (0..180).all(|y| pixel(&picture, x, y) == background);
    // The box is 96 wide in the middle of 320.
    // The conversion to R'G'B' for this look reaches a few pixels beyond what was drawn.
    assert!((0..107).all(column_is_plain) && (214..320).all(column_is_plain));
    assert!((113..207).any(|x| !column_is_plain(x)));
}

#[test]
fn fits() {
    let mut film = film();
    for fit in [Fit::Contain, Fit::Cover, Fit::Stretch, Fit::None] {
        add(&mut film, card(), (4, 1), 22, |layer| {
            layer.fit = fit;
            layer.height = percent(70).into();
            layer.z_rotation = Angle::Degrees(Rational::ratio(1, 1000)).into();
        });
    }
    assert_golden("looks_fits", &shown(&film, 0));
}

/// A still, left half dark and right half light grey, whose left edge stays at the canvas's while it grows.
fn growing(film: &mut Film) {
    add(film, still("half", "half.png", 0, 1000), (1, 1), 100, |layer| {
        let key =
            |ms, scale| Keyframe { time: Time::from_millis(ms), value: n(scale), easing: Easing::Linear };
        layer.x_scale = Animated::Keyframes(vec![key(0, 100), key(1000, 105)]);
        layer.y_scale = layer.x_scale.clone();
        (layer.x, layer.x_anchor) = (Length::ZERO.into(), Length::ZERO);
    });
}

#[test]
fn slow_growth_is_smooth() {
    let mut film = film();
    film.timeline.size = Size { width: 320, height: 180 };
    growing(&mut film);
    for frame in 0..25 {
        let picture = shown(&film, frame * 40);
        let level = |x| f64::from(pixel(&picture, x, 90)[1]);
        // Between the two greys around the step, as they came through the frame's planes.
        let share = |x| (level(185) - level(x)) / (level(185) - level(140));
        let dark = 150.0 + (150..176).map(share).sum::<f64>();
        let wanted = 160.0 * (1.0 + 0.05 * 0.04 * frame as f64);
        assert!((dark - wanted).abs() < 0.06, "frame {frame}: {dark} for {wanted}");
    }
}

#[test]
fn planes_and_colours_grow_alike() {
    let mut film = film();
    film.timeline.size = Size { width: 320, height: 180 };
    growing(&mut film);
    let planar = shown(&film, 520);
    // The least of a tint sends the same picture through R'G'B'.
    film.timeline.elements[0].layer.as_mut().unwrap().color_overlay = Some(Color { r: 0, g: 0, b: 0, a: 1 });
    let composed = shown(&film, 520);
    // The step in the middle comes through different filters.
    for x in (0..158).chain(170..320) {
        let (a, b) = (pixel(&planar, x, 60), pixel(&composed, x, 60));
        assert!(is_near(a, b, 12), "{x}: {a:?} {b:?}");
    }
}

#[test]
fn a_clip_in_a_frame_is_the_clip_composed() {
    let mut film = film();
    film.timeline.size = Size { width: 320, height: 180 };
    add(&mut film, film::clip("clip", "moving.mp4", 0, 1000), (1, 1), 50, |layer| {
        layer.style.border_radius = pixels(20);
        layer.style.border_color = Some(Color::rgb(255, 220, 0));
        layer.style.border_width = pixels(4);
        layer.style.shadow_color = Some(Color { r: 0, g: 0, b: 0, a: 180 });
        layer.style.shadow_blur = pixels(10);
        layer.opacity = n(70).into();
    });
    let framed = shown(&film, 0);
    // A turn that cannot be seen sends the same picture the general way.
    film.timeline.elements[0].layer.as_mut().unwrap().z_rotation =
        Angle::Degrees(Rational::ratio(1, 100_000)).into();
    let composed = shown(&film, 0);
    let differing = (0..180)
        .flat_map(|y| (0..320).map(move |x| (x, y)))
        .filter(|&(x, y)| !is_near(pixel(&framed, x, y), pixel(&composed, x, y), 24));
    // Fine detail of the clip comes through different filters.
    assert!(differing.count() < 320 * 180 / 100);
}

#[test]
fn in_linear_light_half_is_half_the_light() {
    let mut film = film();
    film.timeline.background.color = Color::BLACK;
    let white = filled(rect(), Paint::Solid(Color::WHITE));
    add(&mut film, drawn(white), (1, 1), 50, |layer| layer.opacity = n(50).into());
    assert!(is_near(pixel(&shown(&film, 0), 120, 68), [128, 128, 128], 1));
    film.timeline.blending = vid_timeline::Blending::Linear;
    assert!(is_near(pixel(&shown(&film, 0), 120, 68), [188, 188, 188], 1));
}

#[test]
fn captions() {
    use vid_timeline::{TimeRange, Word, WordAnimation, WordStyle};
    let mut film = film();
    for style in WordStyle::ALL {
        let mut words = title("words", "now you see", 0, 1000);
        if let Content::Text(text) = &mut words.content {
            text.font_size = n(17);
            text.text_color = Color::rgb(20, 20, 30);
            text.background_color = Some(Color::rgb(255, 190, 0));
            let word = |text: &str, start, end| {
                let record_range = TimeRange::new(Time::from_millis(start), Time::from_millis(end));
                Word { text: text.to_owned(), record_range }
            };
            let words = vec![word("now", 0, 300), word("you", 440, 700), word("see", 700, 1000)];
            text.word_animation = Some(WordAnimation { style: *style, words });
        }
        add(&mut film, words, (2, 3), 50, |_| {});
    }
    assert_golden("looks_captions", &shown(&film, 520));
}

#[test]
fn what_grows_has_its_colour_up_to_its_edge() {
    let mut film = film();
    film.timeline.size = Size { width: 60, height: 60 };
    film.timeline.background.color = Color::BLACK;
    add(&mut film, still("red", "red.png", 0, 1000), (1, 1), 100, |layer| {
        let key =
            |ms, scale| Keyframe { time: Time::from_millis(ms), value: n(scale), easing: Easing::Linear };
        layer.x_scale = Animated::Keyframes(vec![key(0, 40), key(1000, 60)]);
        layer.y_scale = layer.x_scale.clone();
        layer.fit = Fit::Stretch;
    });
    for ms in [200, 480, 760] {
        let picture = shown(&film, ms);
        let all = (0..60).flat_map(|y| (0..60).map(move |x| (x, y)));
        let greenest = all.map(|(x, y)| pixel(&picture, x, y)[1]).max();
        assert!(greenest < Some(40), "{ms}: {greenest:?}");
    }
}

#[test]
fn an_odd_canvas_is_covered_to_its_edge() {
    let mut film = film();
    film.timeline.size = Size { width: 31, height: 17 };
    film.timeline.background.color = Color::BLACK;
    add(&mut film, still("red", "red.png", 0, 1000), (1, 1), 100, |layer| layer.fit = Fit::Stretch);
    let picture = shown(&film, 0);
    for (x, y) in [(4, 4), (30, 4), (4, 16), (30, 16)] {
        let [red, green, blue] = pixel(&picture, x, y);
        // On the edge a chroma sample is half picture, half ground; in the corner a quarter.
        assert!(red > 90 && green < 80 && blue < 80, "{x},{y}: {red} {green} {blue}");
    }
}
