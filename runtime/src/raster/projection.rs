//! Projective maps of the plane: moving, scaling, turning and tilting pictures.

/// A map of points by a 3 × 3 matrix, row by row: `(x, y, 1)` becomes `(X, Y, W)`, which stands for
/// the point `(X / W, Y / W)`. Points with `W ≤ 0` lie behind the viewer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Projection(pub [[f64; 3]; 3]);

/// Smallest `W` that counts as in front of the viewer: what is nearer would be drawn more than ten
/// thousand times its size.
const NEAREST: f64 = 1e-4;

impl Projection {
    /// Leaves every point where it is.
    pub const IDENTITY: Self = Self([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);

    /// Moves by `x` to the right and `y` down.
    pub const fn moved(x: f64, y: f64) -> Self {
        Self([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])
    }

    /// Stretches from the origin.
    pub const fn scaled(x: f64, y: f64) -> Self {
        Self([[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, 1.0]])
    }

    /// Turns about the origin by `z` radians, clockwise as seen with y downwards, after tilting about
    /// the horizontal axis by `x` (the upper edge goes away from the viewer) and about the vertical
    /// axis by `y` (the right edge goes away), seen in perspective from `distance` away.
    pub fn turned(x: f64, y: f64, z: f64, distance: f64) -> Self {
        let (sin_x, cos_x) = sine_and_cosine(x);
        let (sin_y, cos_y) = sine_and_cosine(y);
        let (sin_z, cos_z) = sine_and_cosine(z);
        // Columns: where the unit vectors across and down go; depth counts towards the viewer.
        let across = [cos_y * cos_z, cos_y * sin_z, -sin_y];
        let down =
            [sin_x * sin_y * cos_z - cos_x * sin_z, sin_x * sin_y * sin_z + cos_x * cos_z, sin_x * cos_y];
        Self([
            [across[0], down[0], 0.0],
            [across[1], down[1], 0.0],
            [-across[2] / distance, -down[2] / distance, 1.0],
        ])
    }

    /// First `self`, then `next`.
    pub fn then(self, next: Self) -> Self {
        let (a, b) = (next.0, self.0);
        let cell = |row: usize, column: usize| (0..3).map(|i| a[row][i] * b[i][column]).sum();
        let row = |row| [cell(row, 0), cell(row, 1), cell(row, 2)];
        Self([row(0), row(1), row(2)])
    }

    /// The map back; `None` when the plane is seen edge-on or nothing is left of it.
    pub fn inverse(self) -> Option<Self> {
        let m = self.0;
        let minor = |a: usize, b: usize, c: usize, d: usize| m[a][c] * m[b][d] - m[a][d] * m[b][c];
        let determinant =
            m[0][0] * minor(1, 2, 1, 2) - m[0][1] * minor(1, 2, 0, 2) + m[0][2] * minor(1, 2, 0, 1);
        if !determinant.is_finite() || determinant.abs() < 1e-12 {
            return None;
        }
        let cell = |value: f64| value / determinant;
        Some(Self([
            [cell(minor(1, 2, 1, 2)), cell(-minor(0, 2, 1, 2)), cell(minor(0, 1, 1, 2))],
            [cell(-minor(1, 2, 0, 2)), cell(minor(0, 2, 0, 2)), cell(-minor(0, 1, 0, 2))],
            [cell(minor(1, 2, 0, 1)), cell(-minor(0, 2, 0, 1)), cell(minor(0, 1, 0, 1))],
        ]))
    }

    /// `(X, Y, W)` of a point.
    pub fn homogeneous(self, x: f64, y: f64) -> [f64; 3] {
        self.0.map(|row| row[0] * x + row[1] * y + row[2])
    }

    /// Where a point goes; `None` when that is behind the viewer.
    pub fn point(self, x: f64, y: f64) -> Option<(f64, f64)> {
        let [x, y, w] = self.homogeneous(x, y);
        (w > NEAREST).then(|| (x / w, y / w))
    }

    /// How it moves, when moving is all it does.
    pub fn as_move(self) -> Option<(f64, f64)> {
        let [[a, b, x], [c, d, y], last] = self.0;
        ([a, b, c, d] == [1.0, 0.0, 0.0, 1.0] && last == [0.0, 0.0, 1.0]).then_some((x, y))
    }

    /// Whether it keeps upright rectangles upright, and how: factor and move across, factor and move
    /// down.
    pub fn as_upright(self) -> Option<[f64; 4]> {
        let [[a, b, x], [c, d, y], last] = self.0;
        (b == 0.0 && c == 0.0 && last == [0.0, 0.0, 1.0]).then_some([a, x, d, y])
    }

    /// Smallest and largest factor by which lengths near the corners of a rectangle (left, top, right,
    /// bottom) grow; `None` when a corner lies behind the viewer.
    pub fn factors(self, rect: [f64; 4]) -> Option<(f64, f64)> {
        let [left, top, right, bottom] = rect;
        let mut found = (f64::INFINITY, 0.0_f64);
        for (x, y) in [(left, top), (right, top), (left, bottom), (right, bottom)] {
            let [hx, hy, w] = self.homogeneous(x, y);
            if w <= NEAREST {
                return None;
            }
            // Columns of the map's derivative at the corner.
            let m = self.0;
            let along = |i: usize| {
                let (dx, dy) = ((m[0][i] - hx / w * m[2][i]) / w, (m[1][i] - hy / w * m[2][i]) / w);
                (dx * dx + dy * dy).sqrt()
            };
            let (across, down) = (along(0), along(1));
            found = (found.0.min(across).min(down), found.1.max(across).max(down));
        }
        Some(found)
    }
}

/// Right angles come out exactly, so that what is turned by them stays on the pixels.
fn sine_and_cosine(angle: f64) -> (f64, f64) {
    let (sin, cos) = (libm::sin(angle), libm::cos(angle));
    let exact = |value: f64| match value {
        v if v.abs() < 1e-15 => 0.0,
        v if (v - 1.0).abs() < 1e-15 => 1.0,
        v if (v + 1.0).abs() < 1e-15 => -1.0,
        v => v,
    };
    (exact(sin), exact(cos))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: (f64, f64), b: (f64, f64)) -> bool {
        (a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9
    }

    #[test]
    fn a_quarter_turn_is_clockwise() {
        let turn = Projection::turned(0.0, 0.0, std::f64::consts::FRAC_PI_2, 1000.0);
        assert!(close(turn.point(10.0, 0.0).unwrap(), (0.0, 10.0)));
        assert!(close(turn.point(0.0, 10.0).unwrap(), (-10.0, 0.0)));
    }

    #[test]
    fn tilts_lead_away_from_the_viewer() {
        let upper = Projection::turned(0.5, 0.0, 0.0, 1000.0);
        let (near, far) = (upper.point(100.0, 100.0).unwrap(), upper.point(100.0, -100.0).unwrap());
        assert!(near.0 > 100.0 && far.0 < 100.0, "{near:?} {far:?}");
        let right = Projection::turned(0.0, 0.5, 0.0, 1000.0);
        let (near, far) = (right.point(-100.0, 100.0).unwrap(), right.point(100.0, 100.0).unwrap());
        assert!(near.1 > 100.0 && far.1 < 100.0, "{near:?} {far:?}");
    }

    #[test]
    fn the_inverse_leads_back() {
        let map = Projection::moved(-3.0, 7.0)
            .then(Projection::scaled(2.0, 0.5))
            .then(Projection::turned(0.3, -0.4, 1.1, 800.0))
            .then(Projection::moved(100.0, 50.0));
        let back = map.inverse().unwrap();
        for (x, y) in [(0.0, 0.0), (31.0, -8.0), (-90.0, 120.0)] {
            let there = map.point(x, y).unwrap();
            assert!(close(back.point(there.0, there.1).unwrap(), (x, y)));
        }
        assert_eq!(Projection::scaled(0.0, 1.0).inverse(), None);
    }

    #[test]
    fn factors_are_those_of_the_corners() {
        let map = Projection::scaled(2.0, 3.0).then(Projection::turned(0.0, 0.0, 0.7, 1000.0));
        let (least, most) = map.factors([0.0, 0.0, 5.0, 5.0]).unwrap();
        assert!((least - 2.0).abs() < 1e-9 && (most - 3.0).abs() < 1e-9);
        assert_eq!(Projection::turned(0.0, 1.5, 0.0, 50.0).factors([-90.0, 0.0, 90.0, 9.0]), None);
    }
}
