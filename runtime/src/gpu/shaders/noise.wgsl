// Numbers that look random and are a function of their seed alone.

fn unit(n: u32, seed: u32) -> f32 {
    var bits = n * 0x9e3779b1u + seed * 0x85ebca77u + 1u;
    bits = (bits ^ (bits >> 16u)) * 0x85ebca6bu;
    bits = (bits ^ (bits >> 13u)) * 0xc2b2ae35u;
    bits = bits ^ (bits >> 16u);
    return f32(bits >> 8u) / 16777216.0;
}

fn cell(x: i32, y: i32, seed: u32) -> f32 {
    return unit(u32(x) + u32(y) * 0x193d5u, seed);
}

fn hills(x: f32, y: f32, seed: u32) -> f32 {
    let left = floor(x);
    let top = floor(y);
    let u0 = x - left;
    let v0 = y - top;
    let u = u0 * u0 * (3.0 - 2.0 * u0);
    let v = v0 * v0 * (3.0 - 2.0 * v0);
    let column = i32(left);
    let row = i32(top);
    let a = cell(column, row, seed);
    let b = cell(column, row + 1, seed);
    let upper = a + (cell(column + 1, row, seed) - a) * u;
    let lower = b + (cell(column + 1, row + 1, seed) - b) * u;
    return upper + (lower - upper) * v;
}

fn clouds(x: f32, y: f32, seed: u32) -> f32 {
    return (8.0 * hills(x, y, seed) + 4.0 * hills(x * 2.0, y * 2.0, seed + 1u)
        + 2.0 * hills(x * 4.0, y * 4.0, seed + 2u) + hills(x * 8.0, y * 8.0, seed + 3u)) / 15.0;
}
