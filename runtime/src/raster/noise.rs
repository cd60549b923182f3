//! Numbers that look random and are a function of their seed alone.

/// A number 0–1 (below 1) of two integers: the finaliser of MurmurHash3 over their mix.
#[inline(always)]
pub fn unit(n: u32, seed: u32) -> f32 {
    let mut bits = n.wrapping_mul(0x9e37_79b1).wrapping_add(seed.wrapping_mul(0x85eb_ca77)).wrapping_add(1);
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
    bits ^= bits >> 16;
    // The upper 24 bits: a float holds them exactly.
    (bits >> 8) as f32 / 16_777_216.0
}

/// A number 0–1 of a place on a grid.
#[inline(always)]
pub fn cell(x: i32, y: i32, seed: u32) -> f32 {
    unit((x as u32).wrapping_add((y as u32).wrapping_mul(0x0001_93d5)), seed)
}

/// How far, 0–1, on a way between two places of the grid that begins and ends level.
#[inline(always)]
pub(super) fn eased(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// Smooth noise 0–1, one hill to a unit.
#[inline(always)]
pub fn hills(x: f32, y: f32, seed: u32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (u, v) = (eased(x - left), eased(y - top));
    let (column, row) = (left as i32, top as i32);
    let at = |dx, dy| cell(column + dx, row + dy, seed);
    let upper = at(0, 0) + (at(1, 0) - at(0, 0)) * u;
    let lower = at(0, 1) + (at(1, 1) - at(0, 1)) * u;
    upper + (lower - upper) * v
}

/// Noise 0–1 with detail: four layers of hills, each half as wide and half as high.
#[inline(always)]
pub fn clouds(x: f32, y: f32, seed: u32) -> f32 {
    let layer = |n: u32, scale: f32| hills(x * scale, y * scale, seed.wrapping_add(n));
    (8.0 * layer(0, 1.0) + 4.0 * layer(1, 2.0) + 2.0 * layer(2, 4.0) + layer(3, 8.0)) / 15.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fill_the_unit_evenly() {
        let mut counts = [0; 10];
        for n in 0..10_000 {
            counts[(unit(n, 5) * 10.0) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
        assert_ne!(cell(0, 1, 0), cell(1, 0, 0));
    }

    #[test]
    fn hills_meet_their_grid_and_stay_inside() {
        assert_eq!(hills(3.0, -2.0, 9), cell(3, -2, 9));
        assert!(
            (0..500).map(|n| clouds(n as f32 * 0.37, n as f32 * 0.11, 1)).all(|v| (0.0..1.0).contains(&v))
        );
    }
}
