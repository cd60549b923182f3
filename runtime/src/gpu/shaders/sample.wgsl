// Pictures read between their pixels: the first, of `first_size`, and the second, of `second_size`, which
// the family that uses them says. Channels are 0-255.

fn mix_pixels(x: vec4<f32>, y: vec4<f32>, t: f32) -> vec4<f32> {
    return x + (y - x) * t;
}

fn over(upper: vec4<f32>, lower: vec4<f32>) -> vec4<f32> {
    return upper + lower * (1.0 - upper.w / 255.0);
}

fn lit(pixel: vec4<f32>, factor: f32) -> vec4<f32> {
    return vec4<f32>(min(pixel.xyz * factor, vec3<f32>(pixel.w)), pixel.w);
}

fn tinted(pixel: vec4<f32>, color: vec3<f32>, t: f32) -> vec4<f32> {
    let share = pixel.w / 255.0;
    return vec4<f32>(pixel.xyz + (color * share - pixel.xyz) * t, pixel.w);
}

fn lanes(x: vec4<u32>, y: vec4<u32>, t: u32) -> vec4<u32> {
    return (x * (256u - t) + y * t + 128u) >> vec4<u32>(8u);
}

// Between four pixels: across first, then down, each rounded to the nearest, places to 1/256 pixel.
fn square(a: u32, b: u32, c: u32, d: u32, u: f32, v: f32) -> vec4<f32> {
    let across = u32(u * 256.0 + 0.5);
    let above = lanes(bytes(a), bytes(b), across);
    let below = lanes(bytes(c), bytes(d), across);
    return vec4<f32>(lanes(above, below, u32(v * 256.0 + 0.5)));
}

fn pixel_first(x: i32, y: i32) -> vec4<f32> {
    return vec4<f32>(bytes(first[u32(y) * first_size().x + u32(x)]));
}

fn pixel_second(x: i32, y: i32) -> vec4<f32> {
    return vec4<f32>(bytes(second[u32(y) * second_size().x + u32(x)]));
}

fn inside_first(x: i32, y: i32) -> vec4<f32> {
    let size = vec2<i32>(first_size());
    if x < 0 || y < 0 || x >= size.x || y >= size.y {
        return vec4<f32>(0.0);
    }
    return pixel_first(x, y);
}

fn inside_second(x: i32, y: i32) -> vec4<f32> {
    let size = vec2<i32>(second_size());
    if x < 0 || y < 0 || x >= size.x || y >= size.y {
        return vec4<f32>(0.0);
    }
    return pixel_second(x, y);
}

// Clear beyond the edges, which are soft over a pixel.
fn sample_first(px: f32, py: f32) -> vec4<f32> {
    let x = px - 0.5;
    let y = py - 0.5;
    let size = first_size();
    if !(x > -1.0 && y > -1.0 && x < f32(size.x) && y < f32(size.y)) {
        return vec4<f32>(0.0);
    }
    let left = i32(x + 1.0) - 1;
    let top = i32(y + 1.0) - 1;
    let u = max(x - f32(left), 0.0);
    let v = max(y - f32(top), 0.0);
    if left >= 0 && top >= 0 && left + 1 < i32(size.x) && top + 1 < i32(size.y) {
        let at = u32(top) * size.x + u32(left);
        return square(first[at], first[at + 1u], first[at + size.x], first[at + size.x + 1u], u, v);
    }
    let upper = mix_pixels(inside_first(left, top), inside_first(left + 1, top), u);
    let lower = mix_pixels(inside_first(left, top + 1), inside_first(left + 1, top + 1), u);
    return mix_pixels(upper, lower, v);
}

fn sample_second(px: f32, py: f32) -> vec4<f32> {
    let x = px - 0.5;
    let y = py - 0.5;
    let size = second_size();
    if !(x > -1.0 && y > -1.0 && x < f32(size.x) && y < f32(size.y)) {
        return vec4<f32>(0.0);
    }
    let left = i32(x + 1.0) - 1;
    let top = i32(y + 1.0) - 1;
    let u = max(x - f32(left), 0.0);
    let v = max(y - f32(top), 0.0);
    if left >= 0 && top >= 0 && left + 1 < i32(size.x) && top + 1 < i32(size.y) {
        let at = u32(top) * size.x + u32(left);
        return square(second[at], second[at + 1u], second[at + size.x], second[at + size.x + 1u], u, v);
    }
    let upper = mix_pixels(inside_second(left, top), inside_second(left + 1, top), u);
    let lower = mix_pixels(inside_second(left, top + 1), inside_second(left + 1, top + 1), u);
    return mix_pixels(upper, lower, v);
}

// Beyond the edges the edge's pixels go on.
fn held_first(px: f32, py: f32) -> vec4<f32> {
    let size = first_size();
    let x = clamp(px - 0.5, 0.0, f32(size.x) - 1.0);
    let y = clamp(py - 0.5, 0.0, f32(size.y) - 1.0);
    if size.x >= 2u && size.y >= 2u {
        // On the last pixel it is the right one of two that counts.
        let left = min(u32(x), size.x - 2u);
        let top = min(u32(y), size.y - 2u);
        let at = top * size.x + left;
        let u = x - f32(left);
        let v = y - f32(top);
        return square(first[at], first[at + 1u], first[at + size.x], first[at + size.x + 1u], u, v);
    }
    let left = u32(x);
    let top = u32(y);
    let u = x - f32(left);
    let v = y - f32(top);
    let right = i32(min(left + 1u, size.x - 1u));
    let below = i32(min(top + 1u, size.y - 1u));
    let upper = mix_pixels(pixel_first(i32(left), i32(top)), pixel_first(right, i32(top)), u);
    let lower = mix_pixels(pixel_first(i32(left), below), pixel_first(right, below), u);
    return mix_pixels(upper, lower, v);
}

fn held_second(px: f32, py: f32) -> vec4<f32> {
    let size = second_size();
    let x = clamp(px - 0.5, 0.0, f32(size.x) - 1.0);
    let y = clamp(py - 0.5, 0.0, f32(size.y) - 1.0);
    if size.x >= 2u && size.y >= 2u {
        // On the last pixel it is the right one of two that counts.
        let left = min(u32(x), size.x - 2u);
        let top = min(u32(y), size.y - 2u);
        let at = top * size.x + left;
        let u = x - f32(left);
        let v = y - f32(top);
        return square(second[at], second[at + 1u], second[at + size.x], second[at + size.x + 1u], u, v);
    }
    let left = u32(x);
    let top = u32(y);
    let u = x - f32(left);
    let v = y - f32(top);
    let right = i32(min(left + 1u, size.x - 1u));
    let below = i32(min(top + 1u, size.y - 1u));
    let upper = mix_pixels(pixel_second(i32(left), i32(top)), pixel_second(right, i32(top)), u);
    let lower = mix_pixels(pixel_second(i32(left), below), pixel_second(right, below), u);
    return mix_pixels(upper, lower, v);
}
