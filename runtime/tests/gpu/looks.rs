//! Looks, poses, blend modes, masks and groups.

use vid_timeline::{
    Angle, BlendMode, Blending, Color, Content, Element, Geometry, GradientStop, Group, Layer, Length, Mask,
    MaskMode, MaskPlace, MaskSource, Paint, Rational, Shape, Size,
};

use crate::film::{clip, still, title};
use crate::nodes::{film, film_of, percent, with};
use crate::parity::{USUAL, check, parity};

fn n(value: i64) -> Rational {
    Rational::integer(value)
}

fn pixels(value: i64) -> Length {
    Length::Pixels(n(value))
}

fn degrees(value: i64) -> Angle {
    Angle::Degrees(n(value))
}

/// A clip with a look, in the middle of the canvas.
fn clipped(work: impl FnOnce(&mut Layer)) -> Element {
    with(clip("clip", "moving.mp4", 0, 1000), |layer| {
        (layer.width, layer.height) = (percent(80).into(), percent(80).into());
        work(layer);
    })
}

fn card(work: impl FnOnce(&mut Layer)) -> Element {
    with(still("card", "card.png", 0, 1000), |layer| {
        (layer.width, layer.height) = (percent(60).into(), percent(60).into());
        work(layer);
    })
}

/// A change of a layer and its name.
type Named = (&'static str, fn(&mut Layer));

#[test]
fn adjustments() {
    let adjusted: [Named; 12] = [
        ("brightness", |layer| layer.adjust.brightness = n(40)),
        ("contrast", |layer| layer.adjust.contrast = n(-60)),
        ("saturation", |layer| layer.adjust.saturation = n(80)),
        ("exposure", |layer| layer.adjust.exposure = n(50)),
        ("hue_rotate", |layer| layer.adjust.hue_rotate = n(120)),
        ("blur", |layer| layer.adjust.blur = n(30)),
        ("sharpness", |layer| layer.adjust.sharpness = n(100)),
        ("noise", |layer| layer.adjust.noise = n(40)),
        ("vignette", |layer| layer.adjust.vignette = n(100)),
        ("color_overlay", |layer| layer.color_overlay = Some(Color { r: 255, g: 0, b: 128, a: 128 })),
        ("brightness_filling", |layer| {
            (layer.width, layer.height) = (percent(100).into(), percent(100).into());
            layer.adjust.brightness = n(-20);
        }),
        ("all", |layer| {
            layer.adjust.contrast = n(30);
            layer.adjust.saturation = n(-40);
            layer.adjust.blur = n(4);
            layer.adjust.vignette = n(50);
        }),
    ];
    for (name, adjust) in adjusted {
        check(name, USUAL, &film_of(vec![clipped(adjust)]), &[0, 9]);
        check(name, USUAL, &film_of(vec![with(title("words", "Words", 0, 1000), adjust)]), &[0, 9]);
    }
}

#[test]
fn colour_tables() {
    let cube = "LUT_3D_SIZE 2\n0 0 0\n1 0.2 0\n0 0.9 0\n0.8 1 0.1\n0.1 0 1\n1 0 0.7\n0 1 0.8\n1 0.9 1\n";
    let curves = "LUT_1D_SIZE 3\n1 0 0\n0.6 0.2 0.5\n0 1 1\n";
    for (name, text) in [("cube.cube", cube), ("curves.cube", curves)] {
        let film = film_of(vec![clipped(|layer| {
            layer.lut = Some(vid_timeline::Lut { location: name.to_owned(), intensity: n(80) });
        })]);
        std::fs::write(film.folder().join(name), text).unwrap();
        check(name, USUAL, &film, &[0, 9]);
    }
}

parity!(
    turned_scaled_and_mirrored,
    USUAL,
    film_of(vec![
        card(|layer| layer.z_rotation = degrees(20).into()),
        card(|layer| {
            (layer.x_scale, layer.y_scale) = (n(43).into(), n(112).into());
            layer.x = percent(22).into();
            layer.flip_horizontal = true;
        }),
        with(clip("clip", "moving.mp4", 0, 1000), |layer| {
            (layer.width, layer.height) = (percent(40).into(), percent(40).into());
            layer.x = percent(75).into();
            layer.z_rotation = degrees(-35).into();
            layer.flip_vertical = true;
        }),
    ])
);

parity!(
    tilted,
    USUAL,
    film_of(vec![
        card(|layer| (layer.x_rotation, layer.x) = (degrees(50), percent(30).into())),
        card(|layer| {
            (layer.x_rotation, layer.y_rotation) = (degrees(-30), degrees(40));
            layer.z_rotation = degrees(-15).into();
            layer.x = percent(70).into();
        }),
    ])
);

parity!(
    corners_borders_and_shadows,
    USUAL,
    film_of(vec![
        card(|layer| {
            layer.z_rotation = degrees(-12).into();
            layer.x = percent(30).into();
            layer.style.border_radius = pixels(10);
            layer.style.border_color = Some(Color { r: 255, g: 200, b: 0, a: 255 });
            layer.style.border_width = pixels(2);
            layer.style.shadow_color = Some(Color { r: 60, g: 0, b: 0, a: 200 });
            layer.style.shadow_blur = pixels(8);
            layer.style.shadow_y = pixels(6);
        }),
        clipped(|layer| {
            layer.x = percent(75).into();
            (layer.width, layer.height) = (percent(40).into(), percent(40).into());
            layer.z_rotation = degrees(5).into();
            layer.style.border_radius = percent(50);
            layer.style.shadow_color = Some(Color::BLACK);
            layer.style.shadow_blur = pixels(12);
            layer.style.shadow_x = pixels(-7);
        }),
    ])
);

parity!(
    cut_at_the_box,
    USUAL,
    film_of(vec![with(title("words", "wide words", 0, 1000), |layer| {
        layer.width = percent(50).into();
        layer.clip = true;
        layer.z_rotation = degrees(10).into();
    })])
);

fn ramp() -> Paint {
    Paint::Linear {
        angle: degrees(65),
        stops: vec![
            GradientStop { offset: n(0), color: Color::rgb(250, 240, 20) },
            GradientStop { offset: n(50), color: Color { r: 200, g: 30, b: 90, a: 160 } },
            GradientStop { offset: n(100), color: Color::rgb(10, 20, 240) },
        ],
    }
}

fn drawn(geometry: Geometry, paint: Paint) -> Element {
    let shape = Shape { geometry, fill: Some(paint), stroke: None };
    Element { content: Content::Shape(Box::new(shape)), ..still("shape", "card.png", 0, 1000) }
}

#[test]
fn blend_modes() {
    for mode in BlendMode::ALL {
        let rect = Geometry::Rect { radius: Length::ZERO };
        let film = film_of(vec![
            clip("clip", "moving.mp4", 0, 1000),
            with(drawn(rect, ramp()), |layer| {
                (layer.width, layer.height) = (percent(81).into(), percent(77).into());
                layer.blend_mode = *mode;
                layer.opacity = n(85).into();
            }),
        ]);
        check(&format!("blend_{mode}"), USUAL, &film, &[0, 9]);
    }
}

fn masked(source: MaskSource, mode: MaskMode, feather: i64, inverted: bool) -> Option<Mask> {
    Some(Mask { source, mode, inverted, feather: n(feather) })
}

fn shape_mask(geometry: Geometry, paint: Paint, turn: i64) -> MaskSource {
    let shape = Shape { geometry, fill: Some(paint), stroke: None };
    let place = MaskPlace { rotation: degrees(turn).into(), ..MaskPlace::default() };
    MaskSource::Shape { shape: Box::new(shape), place: Box::new(place) }
}

#[test]
fn masks() {
    let white = || Paint::Solid(Color::WHITE);
    let words = || {
        let mut words = title("matte", "AB", 0, 1000);
        if let Content::Text(text) = &mut words.content {
            text.font_size = n(90);
        }
        MaskSource::Element(Box::new(words))
    };
    let cases = [
        ("ellipse", masked(shape_mask(Geometry::Ellipse, white(), 0), MaskMode::Alpha, 0, false)),
        ("feathered", masked(shape_mask(Geometry::Ellipse, white(), 0), MaskMode::Alpha, 4, true)),
        (
            "luma",
            masked(shape_mask(Geometry::Rect { radius: pixels(9) }, ramp(), 30), MaskMode::Luma, 0, false),
        ),
        ("words", masked(words(), MaskMode::Alpha, 0, false)),
        ("words_inverted", masked(words(), MaskMode::Alpha, 2, true)),
    ];
    for (name, mask) in cases {
        let film = film_of(vec![clipped(|layer| {
            layer.mask = mask.clone();
            layer.z_rotation = degrees(8).into();
        })]);
        check(name, USUAL, &film, &[0, 9]);
    }
}

/// A group of 100x60 with a card, a clip and a disc.
fn group(blending: Blending) -> Element {
    let elements = vec![
        card(|_| {}),
        clipped(|layer| {
            (layer.width, layer.height) = (percent(40).into(), percent(50).into());
            layer.blend_mode = BlendMode::Screen;
        }),
        with(drawn(Geometry::Ellipse, ramp()), |layer| {
            (layer.width, layer.height) = (percent(50).into(), percent(50).into());
            layer.opacity = n(70).into();
            layer.blend_mode = BlendMode::SoftLight;
        }),
    ];
    let elements = (0..)
        .zip(elements)
        .map(|(z, element)| with(Element { id: format!("inner{z}"), ..element }, |layer| layer.z_index = z));
    let group = Group {
        size: Size { width: 100, height: 60 },
        frame_rate: None,
        background: None,
        blending,
        elements: elements.collect(),
        transitions: Vec::new(),
    };
    Element { content: Content::Group(Box::new(group)), ..still("group", "card.png", 0, 1000) }
}

parity!(
    groups,
    USUAL,
    film_of(vec![
        with(group(Blending::Gamma), |layer| layer.opacity = n(60).into()),
        with(group(Blending::Gamma), |layer| {
            (layer.width, layer.height) = (percent(40).into(), percent(40).into());
            layer.z_rotation = degrees(15).into();
            layer.flip_horizontal = true;
        }),
        with(group(Blending::Linear), |layer| {
            (layer.width, layer.height) = (percent(30).into(), percent(30).into());
            layer.x = percent(80).into();
        }),
    ])
);

#[test]
fn films_in_light() {
    let mut film = film();
    film.timeline.blending = Blending::Linear;
    film.timeline.elements = vec![
        clip("clip", "moving.mp4", 0, 1000),
        with(title("words", "Words", 0, 1000), |layer| layer.opacity = n(50).into()),
    ];
    film.z_by_order();
    check("films_in_light", USUAL, &film, &[0, 9]);
}
