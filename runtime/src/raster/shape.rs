//! Shapes as pixels.

use tiny_skia::{
    Color as SkiaColor, FillRule as SkiaFillRule, GradientStop as SkiaStop, LineCap, LineJoin,
    LinearGradient, Paint as SkiaPaint, Path, PathBuilder, PathStroker, Point, RadialGradient, Rect, Shader,
    SpreadMode, Stroke as SkiaStroke, StrokeDash, Transform,
};
use vid_timeline::path::{PathStep, parse};
use vid_timeline::{
    Angle, Color, FillRule, Fit, Geometry, GradientStop, Length, Paint, Rational, Scalar as _, Shape, Stroke,
    StrokeCap, StrokeJoin, ViewBox,
};

use super::pixmap::Pixmap;

/// Furthest that a shape is drawn beyond its box, in pixels of the canvas: a frame's longest side.
const MAX_BEYOND: f64 = 8192.0;
/// Largest side of the result, in pixels.
const MAX_SIDE: f64 = 16_384.0;
/// Most pixels of the result: a frame of 7680 × 4320.
const MAX_PIXELS: f64 = 7680.0 * 4320.0;

/// A drawn shape.
pub struct DrawnShape {
    /// Premultiplied.
    pub pixmap: Pixmap,
    /// Left, top, right and bottom edge of the pixels, counted from the box's corner in pixels of the
    /// canvas.
    pub edges: [f64; 4],
}

/// Draws `shape` in a box of `size` pixels of the canvas, with `density` pixels for each of them; `None`
/// when nothing is to be seen. `fit` places a path with a view box.
pub fn draw_shape(shape: &Shape, size: (f64, f64), fit: Fit, density: f64) -> Option<DrawnShape> {
    let drawing = Drawing { size: (size.0 as f32, size.1 as f32) };
    let path = drawing.outline(&shape.geometry, fit)?;
    let has_inside = match shape.geometry {
        Geometry::Line { .. } => false,
        Geometry::Path { .. } => true,
        Geometry::Rect { .. } | Geometry::Ellipse => size.0 > 0.0 && size.1 > 0.0,
    };
    let fill = shape.fill.as_ref().filter(|paint| has_inside && !paint.is_invisible());
    let stroke = shape.stroke.as_ref().filter(|stroke| !stroke.paint.is_invisible());
    let stroked = stroke.and_then(|stroke| Some((drawing.stroked(&path, stroke, density)?, &stroke.paint)));

    let mut bounds: Option<[f64; 4]> = None;
    let drawn =
        fill.map(|_| path.bounds()).into_iter().chain(stroked.as_ref().map(|(path, _)| path.bounds()));
    for b in drawn {
        let [x0, y0, x1, y1] = bounds.unwrap_or([f64::MAX, f64::MAX, f64::MIN, f64::MIN]);
        bounds = Some([
            x0.min(b.left().into()),
            y0.min(b.top().into()),
            x1.max(b.right().into()),
            y1.max(b.bottom().into()),
        ]);
    }
    let [left, top, right, bottom] = bounds?;
    let (left, top) = (left.max(-MAX_BEYOND), top.max(-MAX_BEYOND));
    let (right, bottom) = (right.min(size.0 + MAX_BEYOND), bottom.min(size.1 + MAX_BEYOND));
    if !(left <= right && top <= bottom) {
        return None;
    }
    let (width, height) = ((right - left + 2.0) * density, (bottom - top + 2.0) * density);
    let too_large = (width.max(height) / MAX_SIDE).max((width * height / MAX_PIXELS).sqrt()).max(1.0);
    let density = density / too_large;
    // Outwards to whole pixels.
    let (x0, y0) = ((left * density).floor(), (top * density).floor());
    let columns = ((right * density).ceil() - x0).max(1.0) as u32;
    let rows = ((bottom * density).ceil() - y0).max(1.0) as u32;
    let mut pixmap = tiny_skia::Pixmap::new(columns, rows)?;
    let place = Transform::from_scale(density as f32, density as f32).post_translate(-x0 as f32, -y0 as f32);
    if let Some(paint) = fill {
        let rule = match &shape.geometry {
            Geometry::Path { fill_rule: FillRule::Evenodd, .. } => SkiaFillRule::EvenOdd,
            _ => SkiaFillRule::Winding,
        };
        pixmap.fill_path(&path, &drawing.paint(paint), rule, place, None);
    }
    if let Some((path, paint)) = &stroked {
        pixmap.fill_path(path, &drawing.paint(paint), SkiaFillRule::Winding, place, None);
    }
    let pixmap = Pixmap::from_premultiplied(columns, rows, pixmap.take())?;
    let far = |first: f64, count: u32| (first + f64::from(count)) / density;
    Some(DrawnShape { pixmap, edges: [x0 / density, y0 / density, far(x0, columns), far(y0, rows)] })
}

/// The box that a shape is drawn in.
struct Drawing {
    size: (f32, f32),
}

impl Drawing {
    fn outline(&self, geometry: &Geometry, fit: Fit) -> Option<Path> {
        let (width, height) = self.size;
        let point = |[x, y]: [Length; 2]| (x.scalar(width.into()) as f32, y.scalar(height.into()) as f32);
        match geometry {
            Geometry::Rect { radius } => {
                let rect = Rect::from_xywh(0.0, 0.0, width, height)?;
                let shorter = width.min(height);
                let radius = (radius.scalar(shorter.into()) as f32).clamp(0.0, shorter / 2.0);
                Some(if radius > 0.0 {
                    rounded(width, height, radius)?
                } else {
                    PathBuilder::from_rect(rect)
                })
            }
            Geometry::Ellipse => PathBuilder::from_oval(Rect::from_xywh(0.0, 0.0, width, height)?),
            Geometry::Line { from, to } => {
                let mut path = PathBuilder::new();
                let ((x0, y0), (x1, y1)) = (point(*from), point(*to));
                path.move_to(x0, y0);
                path.line_to(x1, y1);
                path.finish()
            }
            Geometry::Path { data, view_box, .. } => {
                let place = self.view(view_box.as_ref(), fit);
                built(&parse(data).ok()?)?.transform(place)
            }
        }
    }

    /// From the plane of a path to the box.
    fn view(&self, view_box: Option<&ViewBox>, fit: Fit) -> Transform {
        let Some(view) = view_box else { return Transform::identity() };
        let [x, y, width, height] =
            [view.x, view.y, view.width, view.height].map(|value| value.to_f64() as f32);
        let (across, down) = (self.size.0 / width, self.size.1 / height);
        let (across, down) = match fit {
            Fit::Stretch => (across, down),
            Fit::Contain => (across.min(down), across.min(down)),
            Fit::Cover => (across.max(down), across.max(down)),
            Fit::None => (1.0, 1.0),
        };
        let (left, top) = ((self.size.0 - width * across) / 2.0, (self.size.1 - height * down) / 2.0);
        Transform::from_row(across, 0.0, 0.0, down, left - x * across, top - y * down)
    }

    /// The outline of a stroke.
    fn stroked(&self, path: &Path, stroke: &Stroke, density: f64) -> Option<Path> {
        let dashes: Vec<f32> = stroke.dash.iter().map(|length| length.to_f64() as f32).collect();
        let dashed = match dashes.len() {
            0 => None,
            n => {
                let turns = if n % 2 == 1 { 2 } else { 1 };
                let dash = StrokeDash::new(dashes.repeat(turns), stroke.dash_offset.to_f64() as f32)?;
                Some(path.dash(&dash, density as f32)?)
            }
        };
        let style = SkiaStroke {
            width: stroke.width.to_f64() as f32,
            miter_limit: 4.0,
            line_cap: match stroke.cap {
                StrokeCap::Butt => LineCap::Butt,
                StrokeCap::Round => LineCap::Round,
                StrokeCap::Square => LineCap::Square,
            },
            line_join: match stroke.join {
                StrokeJoin::Miter => LineJoin::Miter,
                StrokeJoin::Round => LineJoin::Round,
                StrokeJoin::Bevel => LineJoin::Bevel,
            },
            dash: None,
        };
        PathStroker::new().stroke(dashed.as_ref().unwrap_or(path), &style, density as f32)
    }

    fn paint(&self, paint: &Paint) -> SkiaPaint<'static> {
        let shader = match paint {
            Paint::Solid(color) => Shader::SolidColor(skia(*color)),
            Paint::Linear { angle, stops } => self.linear(*angle, stops),
            Paint::Radial { center, stops } => self.radial(*center, stops),
        };
        SkiaPaint { shader, anti_alias: true, ..SkiaPaint::default() }
    }

    fn linear(&self, angle: Angle, stops: &[GradientStop]) -> Shader<'static> {
        let (sin, cos) = (libm::sin(angle.to_radians()) as f32, libm::cos(angle.to_radians()) as f32);
        let (width, height) = self.size;
        // Half of the line on which the corners get the first and the last colour.
        let half = ((width * sin).abs() + (height * cos).abs()) / 2.0;
        let middle = (width / 2.0, height / 2.0);
        let from = Point::from_xy(middle.0 - half * sin, middle.1 + half * cos);
        let to = Point::from_xy(middle.0 + half * sin, middle.1 - half * cos);
        LinearGradient::new(from, to, skia_stops(stops), SpreadMode::Pad, Transform::identity())
            .unwrap_or_else(|| last_color(stops))
    }

    fn radial(&self, center: [Length; 2], stops: &[GradientStop]) -> Shader<'static> {
        let (width, height) = self.size;
        let x = center[0].scalar(width.into()) as f32;
        let y = center[1].scalar(height.into()) as f32;
        // A circle of radius one, made the ellipse of the box's half sides.
        let place = Transform::from_row(width / 2.0, 0.0, 0.0, height / 2.0, x, y);
        let zero = Point::from_xy(0.0, 0.0);
        RadialGradient::new(zero, 0.0, zero, 1.0, skia_stops(stops), SpreadMode::Pad, place)
            .unwrap_or_else(|| last_color(stops))
    }
}

fn built(steps: &[PathStep]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let near = |[x, y]: [f64; 2]| (x as f32, y as f32);
    for step in steps {
        match *step {
            PathStep::Move(to) => {
                let (x, y) = near(to);
                path.move_to(x, y);
            }
            PathStep::Line(to) => {
                let (x, y) = near(to);
                path.line_to(x, y);
            }
            PathStep::Quadratic(handle, to) => {
                let ((hx, hy), (x, y)) = (near(handle), near(to));
                path.quad_to(hx, hy, x, y);
            }
            PathStep::Cubic(first, second, to) => {
                let ((ax, ay), (bx, by), (x, y)) = (near(first), near(second), near(to));
                path.cubic_to(ax, ay, bx, by, x, y);
            }
            PathStep::Close => path.close(),
        }
    }
    path.finish()
}

/// A rectangle with corners that are quarter circles, each as one cubic curve (off by less than three
/// ten-thousandths of the radius).
fn rounded(width: f32, height: f32, radius: f32) -> Option<Path> {
    const HANDLE: f32 = 0.447_715_25;
    let (r, h) = (radius, radius * HANDLE);
    let mut path = PathBuilder::new();
    path.move_to(r, 0.0);
    path.line_to(width - r, 0.0);
    path.cubic_to(width - h, 0.0, width, h, width, r);
    path.line_to(width, height - r);
    path.cubic_to(width, height - h, width - h, height, width - r, height);
    path.line_to(r, height);
    path.cubic_to(h, height, 0.0, height - h, 0.0, height - r);
    path.line_to(0.0, r);
    path.cubic_to(0.0, h, h, 0.0, r, 0.0);
    path.close();
    path.finish()
}

fn skia(color: Color) -> SkiaColor {
    SkiaColor::from_rgba8(color.r, color.g, color.b, color.a)
}

fn skia_stops(stops: &[GradientStop]) -> Vec<SkiaStop> {
    let share = |offset: Rational| (offset.to_f64() / 100.0).clamp(0.0, 1.0) as f32;
    stops.iter().map(|stop| SkiaStop::new(share(stop.offset), skia(stop.color))).collect()
}

/// What a gradient without length shows.
fn last_color(stops: &[GradientStop]) -> Shader<'static> {
    Shader::SolidColor(stops.last().map_or(SkiaColor::TRANSPARENT, |stop| skia(stop.color)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Color = Color::rgb(255, 0, 0);
    const BLUE: Color = Color::rgb(0, 0, 255);

    fn filled(geometry: Geometry, paint: Paint) -> Shape {
        Shape { geometry, fill: Some(paint), stroke: None }
    }

    fn pixel(drawn: &DrawnShape, x: u32, y: u32) -> [u8; 4] {
        drawn.pixmap.row(y)[x as usize * 4..][..4].try_into().unwrap()
    }

    fn n(value: i64) -> Rational {
        Rational::integer(value)
    }

    fn stops() -> Vec<GradientStop> {
        vec![GradientStop { offset: n(0), color: RED }, GradientStop { offset: n(100), color: BLUE }]
    }

    #[test]
    fn a_rectangle_is_its_box() {
        let shape = filled(Geometry::Rect { radius: Length::ZERO }, Paint::Solid(RED));
        let drawn = draw_shape(&shape, (6.0, 4.0), Fit::Contain, 2.0).unwrap();
        assert_eq!((drawn.edges, drawn.pixmap.width(), drawn.pixmap.height()), ([0.0, 0.0, 6.0, 4.0], 12, 8));
        assert!(drawn.pixmap.is_opaque());
    }

    #[test]
    fn an_ellipse_touches_the_sides() {
        let drawn =
            draw_shape(&filled(Geometry::Ellipse, Paint::Solid(RED)), (20.0, 10.0), Fit::Contain, 1.0);
        let drawn = drawn.unwrap();
        assert_eq!((pixel(&drawn, 10, 5), pixel(&drawn, 0, 0)), ([255, 0, 0, 255], [0; 4]));
        let covered: f64 = drawn.pixmap.pixels().chunks_exact(4).map(|p| f64::from(p[3]) / 255.0).sum();
        assert!((covered - std::f64::consts::PI * 50.0).abs() < 5.0, "{covered}");
    }

    #[test]
    fn gradients_lie_as_css_lays_them() {
        let across = Paint::Linear { angle: Angle::Degrees(n(90)), stops: stops() };
        let drawn = draw_shape(
            &filled(Geometry::Rect { radius: Length::ZERO }, across),
            (256.0, 4.0),
            Fit::Contain,
            1.0,
        );
        let drawn = drawn.unwrap();
        for x in [0, 64, 128, 255] {
            let [r, g, b, a] = pixel(&drawn, x, 1);
            let share = (f64::from(x) + 0.5) / 256.0;
            let exact = [255.0 * (1.0 - share), 255.0 * share];
            assert!((f64::from(r) - exact[0]).abs() <= 1.0 && (f64::from(b) - exact[1]).abs() <= 1.0);
            assert_eq!((g, a), (0, 255));
        }
        let upwards = Paint::Linear { angle: Angle::ZERO, stops: stops() };
        let drawn = draw_shape(
            &filled(Geometry::Rect { radius: Length::ZERO }, upwards),
            (4.0, 64.0),
            Fit::Contain,
            1.0,
        );
        let drawn = drawn.unwrap();
        assert!(pixel(&drawn, 1, 63)[0] > 250 && pixel(&drawn, 1, 0)[2] > 250);
        let round = Paint::Radial { center: [Length::HALF; 2], stops: stops() };
        let drawn = draw_shape(
            &filled(Geometry::Rect { radius: Length::ZERO }, round),
            (64.0, 32.0),
            Fit::Contain,
            1.0,
        );
        let drawn = drawn.unwrap();
        assert!(
            pixel(&drawn, 32, 16)[0] > 245 && pixel(&drawn, 0, 16)[2] > 245 && pixel(&drawn, 0, 0)[2] == 255
        );
    }

    #[test]
    fn a_stroke_reaches_beyond_the_box() {
        let stroke = Stroke::plain(Paint::Solid(BLUE), n(4));
        let shape =
            Shape { geometry: Geometry::Rect { radius: Length::ZERO }, fill: None, stroke: Some(stroke) };
        let drawn = draw_shape(&shape, (10.0, 10.0), Fit::Contain, 1.0).unwrap();
        assert_eq!(drawn.edges, [-2.0, -2.0, 12.0, 12.0]);
        assert_eq!((pixel(&drawn, 0, 0), pixel(&drawn, 7, 7)), ([0, 0, 255, 255], [0; 4]));
    }

    #[test]
    fn dashes_leave_gaps() {
        let stroke = Stroke { dash: vec![n(4)], ..Stroke::plain(Paint::Solid(RED), n(2)) };
        let line = Geometry::Line { from: [Length::ZERO, Length::HALF], to: [Length::FULL, Length::HALF] };
        let shape = Shape { geometry: line, fill: None, stroke: Some(stroke) };
        let drawn = draw_shape(&shape, (20.0, 0.0), Fit::Contain, 1.0).unwrap();
        let row: Vec<bool> = (0..20).map(|x| pixel(&drawn, x, 0)[3] > 0).collect();
        let expected: Vec<bool> = (0..20).map(|x| x / 4 % 2 == 0).collect();
        assert_eq!(row[..12], expected[..12]);
    }

    #[test]
    fn a_view_box_is_fitted() {
        let view_box = Some(ViewBox { x: n(10), y: n(10), width: n(10), height: n(10) });
        let data = "M10 10H20V20H10Z".to_owned();
        let path = Geometry::Path { data, view_box, fill_rule: FillRule::Nonzero };
        let edges =
            |fit| draw_shape(&filled(path.clone(), Paint::Solid(RED)), (40.0, 20.0), fit, 1.0).unwrap().edges;
        assert_eq!(edges(Fit::Contain), [10.0, 0.0, 30.0, 20.0]);
        assert_eq!(edges(Fit::Stretch), [0.0, 0.0, 40.0, 20.0]);
        assert_eq!(edges(Fit::Cover), [0.0, -10.0, 40.0, 30.0]);
        assert_eq!(edges(Fit::None), [15.0, 5.0, 25.0, 15.0]);
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        let shape = filled(Geometry::Rect { radius: Length::ZERO }, Paint::Solid(Color::TRANSPARENT));
        assert!(draw_shape(&shape, (10.0, 10.0), Fit::Contain, 1.0).is_none());
        let shape = filled(Geometry::Ellipse, Paint::Solid(RED));
        assert!(draw_shape(&shape, (0.0, 10.0), Fit::Contain, 1.0).is_none());
    }
}
