// Effects that move pixels or look at more than one.

// A worn tape: smeared and shifted colour, soft lines that tremble, noise, a torn edge at the foot.
@compute @workgroup_size(8, 8)
fn vhs(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let own = line();
    let strength = intensity();
    let smear = 9.0 * own * strength;
    let row = floor(p.y / (2.0 * own));
    let tremble = (unit(u32(i32(row)), frame() * 3u) - 0.5) * 3.0 * own;
    let wave = p.y / high() - 1.0 + f32(frame() % 150u) / 120.0;
    let bend = 14.0 * own * max(-(wave * 16.0) * (wave * 16.0), -1.0) + 14.0 * own;
    let torn = clamp((p.y / high() - 0.955) / 0.045, 0.0, 1.0);
    let tear = torn * torn * 160.0 * own * (hills(p.y / (6.0 * own), f32(frame()), 120u) - 0.2);
    let x = p.x + (tremble + max(bend, 0.0) + tear) * strength;
    let here = held_first(x, p.y);
    let soft = mix_pixels(here, held_first(x + 1.5 * own, p.y), 0.5);
    let smeared = held_first(x + smear * -1.0, p.y) + held_first(x + smear * -1.6, p.y)
        + held_first(x + smear * -2.2, p.y) + held_first(x + smear * -2.8, p.y);
    let color = smeared.xyz / 1020.0;
    let noise = cell(i32(x / (2.2 * own)), i32(row), frame() * 7u) - 0.5;
    let streak = cell(i32(x / (90.0 * own)), i32(row), frame() * 5u);
    let dropout = select(0.0, 0.5, streak > 0.997 - 0.25 * torn);
    let sharp = color_of(soft);
    let grey = luma(sharp) + (0.11 * noise + dropout) * strength;
    let chroma = saturated(color, 1.25);
    let taped = 0.035 + 0.94 * (grey + chroma - luma(chroma));
    put(id, colored(soft, sharp + (taped - sharp) * strength));
}

// The picture seen through bulging glass, and the light that the edge of the tube leaves of it.
struct Glass {
    pixel: vec4<f32>,
    edge: f32,
}

fn bulged(x: f32, y: f32, depth: f32) -> Glass {
    let half_x = wide() / 2.0;
    let half_y = high() / 2.0;
    let u0 = (x - half_x) / half_x;
    let v0 = (y - half_y) / half_y;
    let u = u0 * (1.0 + depth * v0 * v0) * (1.0 + 0.1 * depth);
    let v = v0 * (1.0 + depth * u0 * u0) * (1.0 + 0.1 * depth);
    if abs(u) > 1.02 || abs(v) > 1.02 {
        return Glass(vec4<f32>(0.0, 0.0, 0.0, held_first(x, y).w), 0.0);
    }
    let a = max(abs(u) - 1.0 + 0.12, 0.0);
    let b = max(abs(v) - 1.0 + 0.12, 0.0);
    let inside = clamp((0.12 - sqrt(a * a + b * b)) / 0.02 + 0.5, 0.0, 1.0);
    return Glass(held_first(half_x + u * half_x, half_y + v * half_y), inside);
}

// A colour tube: bulging glass, stripes of phosphor, dark lines, a round-cornered edge.
@compute @workgroup_size(8, 8)
fn crt(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let pitch = max(3.0 * line(), 3.0);
    let seen = bulged(p.x, p.y, 0.1 * intensity());
    let stripe = i32(floor(p.x / (pitch / 3.0))) % 3;
    let phase = p.y / (4.0 * line()) - floor(p.y / (4.0 * line()));
    let beam = 0.62 + 0.38 * (1.0 - abs(2.0 * phase - 1.0));
    let light = vignette(p, 0.45) * beam * 1.35;
    var color = color_of(seen.pixel);
    for (var c = 0; c < 3; c++) {
        color[c] = color[c] * select(0.8, 1.25, stripe == c) * light;
    }
    put(id, lit(mix_pixels(seen.pixel, colored(seen.pixel, color), intensity()), seen.edge));
}

// An old black-and-white set: snow, a rolling band, lines, a round tube.
@compute @workgroup_size(8, 8)
fn television(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let roll = f32(frame() % 100u) / 80.0;
    let row = i32(floor(p.y / (3.0 * line())));
    let tremble = (cell(row / 3, 0, frame()) - 0.5) * 4.0 * line() * intensity();
    let seen = bulged(p.x + tremble, p.y, 0.16 * intensity());
    let snow = cell(i32(p.x / (2.5 * line())), row, frame() * 13u) - 0.5;
    let band = max(1.0 - abs((p.y / high() - roll) / 0.12), 0.0);
    let dark = select(0.78, 1.0, row % 2 == 0);
    let grey = (luma(color_of(seen.pixel)) * 1.1 + 0.3 * snow + 0.16 * band) * dark * vignette(p, 0.6);
    let shown = colored(seen.pixel, vec3<f32>(grey * 0.96, grey, grey * 1.03));
    put(id, lit(mix_pixels(seen.pixel, shown, intensity()), seen.edge));
}

// Rows torn to the side, colours apart, in bursts of a few frames.
@compute @workgroup_size(8, 8)
fn glitch(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let burst = frame() / 3u;
    let power = intensity() * (0.35 + 0.65 * unit(burst, 130u));
    let band = i32(min(u32(p.y / high() * 34.0), 33u));
    var shift = 0.0;
    if cell(band, i32(burst), 131u) < 0.4 * power {
        shift = (cell(band, i32(burst), 132u) - 0.5) * 220.0 * line() * power;
    }
    let part = 14.0 * line() * power;
    let apart = part * select(1.6, 0.4, shift == 0.0);
    let red = held_first(p.x + shift - apart, p.y);
    let here = held_first(p.x + shift, p.y);
    let blue = held_first(p.x + shift + apart, p.y);
    let flash = select(1.0, 1.6, cell(band, i32(burst), 133u) < 0.04 * power);
    put(id, lit(vec4<f32>(red.x, here.y, blue.z, here.w), flash));
}

// A damaged stream: blocks that stay behind, move with the wrong vector, or lose their detail.
@compute @workgroup_size(8, 8)
fn compression_glitch(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let side = max(40.0 * line(), 4.0);
    let burst = frame() / 4u;
    let column = floor(p.x / side);
    let row = floor(p.y / side);
    let damage = hills(column / 5.0, row / 3.0, 140u + burst);
    let hit = cell(i32(column), i32(row), 141u + burst);
    if damage < 0.85 - 0.5 * intensity() || hit > 0.35 + 0.6 * intensity() {
        put(id, here);
        return;
    }
    let own = cell(i32(column), i32(row), 142u + burst);
    if own < 0.4 {
        let across = (hills(column / 4.0, row / 4.0, 143u + burst) - 0.5) * 7.0 * side * intensity();
        let down = (hills(column / 4.0, row / 4.0, 144u + burst) - 0.5) * 7.0 * side * intensity();
        put(id, held_first(p.x + across, p.y + down));
        return;
    }
    let left = column * side;
    let top = row * side;
    let u = floor((p.x - left) / side * 4.0) / 4.0;
    let v = floor((p.y - top) / side * 4.0) / 4.0;
    let upper = mix_pixels(
        held_first(left + 0.1 * side, top + 0.1 * side), held_first(left + 0.9 * side, top + 0.1 * side), u);
    let lower = mix_pixels(
        held_first(left + 0.1 * side, top + 0.9 * side), held_first(left + 0.9 * side, top + 0.9 * side), u);
    let flat_ = mix_pixels(upper, lower, v);
    if own < 0.8 {
        put(id, flat_);
        return;
    }
    let tone = vec3<f32>(own * 2.0 - 1.6, 0.1, 1.9 - own * 2.0);
    put(id, colored(flat_, color_of(flat_) + 0.5 * tone));
}

// Red to the left, blue to the right.
@compute @workgroup_size(8, 8)
fn rgb_split(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let part = 16.0 * line() * intensity();
    put(id, lit(vec4<f32>(held_first(p.x - part, p.y).x, here.y, held_first(p.x + part, p.y).z, here.w), 1.0));
}

// Each colour at its own size: sharp in the middle, fringes towards the edges.
@compute @workgroup_size(8, 8)
fn chromatic_aberration(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let cx = wide() / 2.0;
    let cy = high() / 2.0;
    let q = offset(p);
    let size = 0.022 * intensity() * (0.25 + q.x * q.x + q.y * q.y);
    let small = 1.0 - size;
    let large = 1.0 + size;
    let red = held_first(cx + (p.x - cx) * small, cy + (p.y - cy) * small).x;
    let blue = held_first(cx + (p.x - cx) * large, cy + (p.y - cy) * large).z;
    put(id, lit(vec4<f32>(red, here.y, blue, here.w), 1.0));
}

// A fish-eye.
@compute @workgroup_size(8, 8)
fn optics_compensation(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let cx = wide() / 2.0;
    let cy = high() / 2.0;
    let bulge = 1.1 * intensity();
    let q = offset(p);
    let zoom = (1.0 + bulge * (q.x * q.x + q.y * q.y)) / (1.0 + bulge);
    put(id, held_first(cx + (p.x - cx) * zoom, cy + (p.y - cy) * zoom));
}

// Cut glass: three views of the picture, each in colours of its own, turned about the middle.
@compute @workgroup_size(8, 8)
fn prism(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let reach = 70.0 * line() * intensity();
    let q = offset(p);
    let far = min(0.25 + sqrt(q.x * q.x + q.y * q.y), 1.0);
    var ways = array<vec2<f32>, 3>(vec2<f32>(0.0, -1.0), vec2<f32>(0.866, 0.5), vec2<f32>(-0.866, 0.5));
    var tints = array<vec3<f32>, 3>(vec3<f32>(0.75, 0.1, 0.15), vec3<f32>(0.1, 0.75, 0.15), vec3<f32>(0.15, 0.15, 0.7));
    var total = vec3<f32>(0.0);
    for (var n = 0u; n < 3u; n++) {
        total += held_first(p.x + ways[n].x * reach * far, p.y + ways[n].y * reach * far).xyz * tints[n];
    }
    let parted = lit(vec4<f32>(total, here.w), 1.05);
    put(id, mix_pixels(here, parted, (0.35 + 0.65 * far) * min(intensity(), 1.0)));
}

// Pale doubles of the picture that wander from side to side. Number 5: how far.
@compute @workgroup_size(8, 8)
fn ghosting(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let way = float(5u);
    var ways = array<f32, 4>(-2.0, -1.0, 1.0, 2.0);
    var shares = array<f32, 4>(0.18, 0.34, 0.34, 0.18);
    var total = here_of(id);
    for (var n = 0u; n < 4u; n++) {
        let double_ = held_first(p.x + ways[n] * way, p.y + 0.2 * ways[n] * way);
        total = mix_pixels(total, double_, shares[n] * intensity());
    }
    put(id, total);
}

// The picture in ever smaller, ever paler frames of itself, towards the middle.
@compute @workgroup_size(8, 8)
fn echo(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let cx = wide() / 2.0;
    let cy = high() / 2.0;
    var total = here_of(id);
    for (var n = 1; n < 6; n++) {
        let zoom = 1.0 / (1.0 - 0.13 * f32(n));
        let smaller = sample_first(cx + (p.x - cx) * zoom, cy + (p.y - cy) * zoom);
        let share = (0.62 - 0.06 * f32(n)) * intensity();
        total = over(smaller * share, total);
    }
    put(id, total);
}

// Pushed about by moving hills and by its own brightness, like a picture under running water.
@compute @workgroup_size(8, 8)
fn displacement_map(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let size = 120.0 * line();
    let push = 46.0 * line() * intensity();
    let time = f32(frame()) / 40.0;
    let bright = luma(here.xyz) / 255.0 - 0.5;
    let across = hills(p.x / size + time, p.y / size, 150u) - 0.5 + 0.3 * bright;
    let down = hills(p.x / size, p.y / size + time, 151u) - 0.5 + 0.3 * bright;
    put(id, held_first(p.x + 2.0 * push * across, p.y + 2.0 * push * down));
}

// Which tile of a side a place is in: the quotient, rounded down whatever the division's last bit.
fn tile_at(at: f32, side: f32) -> u32 {
    let guess = floor(at / side);
    let more = select(guess, guess + 1.0, (guess + 1.0) * side <= at);
    return u32(max(select(more, more - 1.0, more * side > at), 0.0));
}

// The means of tiles of a side (number 5), as four floats each. Numbers 6, 7: tiles across and down.
@compute @workgroup_size(8, 8)
fn tile_means(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= numbers[6] || id.y >= numbers[7] {
        return;
    }
    let side = float(5u);
    let x0 = u32(max(floor(f32(id.x) * side) - 1.0, 0.0));
    let y0 = u32(max(floor(f32(id.y) * side) - 1.0, 0.0));
    let x1 = min(u32(ceil(f32(id.x + 1u) * side)) + 1u, numbers[0]);
    let y1 = min(u32(ceil(f32(id.y + 1u) * side)) + 1u, numbers[1]);
    var total = vec4<u32>(0u);
    var count = 0u;
    for (var y = y0; y < y1; y++) {
        if tile_at(f32(y) + 0.5, side) != id.y {
            continue;
        }
        for (var x = x0; x < x1; x++) {
            if tile_at(f32(x) + 0.5, side) == id.x {
                total += bytes(first[y * numbers[0] + x]);
                count++;
            }
        }
    }
    let mean = vec4<f32>(total) / f32(max(count, 1u));
    let at = 4u * (id.y * numbers[6] + id.x);
    for (var c = 0u; c < 4u; c++) {
        target_[at + c] = bitcast<u32>(mean[c]);
    }
}

fn mean_at(p: vec2<f32>) -> vec4<f32> {
    let side = float(5u);
    let at = 4u * (tile_at(p.y, side) * numbers[6] + tile_at(p.x, side));
    return vec4<f32>(
        bitcast<f32>(second[at]), bitcast<f32>(second[at + 1u]),
        bitcast<f32>(second[at + 2u]), bitcast<f32>(second[at + 3u]));
}

// Tiles of one colour. Second: the means.
@compute @workgroup_size(8, 8)
fn mosaic(@builtin(global_invocation_id) id: vec3<u32>) {
    if is_pixel(id) {
        put(id, mean_at(middle_of(id)));
    }
}

// Tiles of few colours, with a thin dark joint. Second: the means.
@compute @workgroup_size(8, 8)
fn mosaic_posterize(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let side = float(5u);
    let mean = mean_at(p);
    let few = colored(mean, floor(color_of(mean) * 3.0 + 0.5) / 3.0);
    let flat_ = vec4<f32>(rounded(few));
    let u = p.x - f32(tile_at(p.x, side)) * side;
    let v = p.y - f32(tile_at(p.y, side)) * side;
    let dark = select(1.0, 0.72, min(u, v) < max(0.05 * side, 0.5));
    put(id, vec4<f32>(flat_.xyz * dark, flat_.w));
}

// The distance to the middle of the nearest dot of a turned screen, and the picture there.
struct Dot {
    away: f32,
    pixel: vec4<f32>,
}

fn dot_at(p: vec2<f32>, pitch: f32, sine: f32, cosine: f32) -> Dot {
    let u = (p.x * cosine + p.y * sine) / pitch;
    let v = (p.y * cosine - p.x * sine) / pitch;
    let cu = floor(u) + 0.5;
    let cv = floor(v) + 0.5;
    let away = sqrt((u - cu) * (u - cu) + (v - cv) * (v - cv)) * pitch;
    return Dot(away, held_first((cu * cosine - cv * sine) * pitch, (cv * cosine + cu * sine) * pitch));
}

fn inked(amount: f32, away: f32, pitch: f32) -> f32 {
    let radius = sqrt(clamp(amount, 0.0, 1.0)) * pitch * 0.70710678;
    return clamp(radius - away + 0.5, 0.0, 1.0);
}

// Four inks in dots on white paper.
@compute @workgroup_size(8, 8)
fn cc_halftone(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let pitch = max(11.0 * line(), 3.0);
    var screens = array<vec2<f32>, 4>(
        vec2<f32>(0.258819, 0.965926), vec2<f32>(0.965926, 0.258819), vec2<f32>(0.0, 1.0),
        vec2<f32>(0.70710678, 0.70710678));
    var paper = vec3<f32>(1.0);
    for (var ink = 0u; ink < 4u; ink++) {
        let spot = dot_at(p, pitch, screens[ink].x, screens[ink].y);
        let color = spot.pixel.xyz / max(spot.pixel.w, 1.0);
        let black = 1.0 - max(max(color.x, color.y), color.z);
        if ink == 3u {
            paper = paper * (1.0 - 0.92 * inked(black * black, spot.away, pitch));
        } else {
            let amount = 1.0 - color[ink] - black * black * 0.7;
            paper[ink] = paper[ink] * (1.0 - 0.94 * inked(amount, spot.away, pitch));
        }
    }
    put_mixed(id, vec4<f32>(paper * here.w, here.w));
}

// One ink (number 5: which channel) in dots on white paper.
@compute @workgroup_size(8, 8)
fn halftone_ink(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let pitch = max(11.0 * line(), 3.0);
    var color = vec3<f32>(0.1, 0.08, 0.1);
    color[numbers[5]] = 0.82;
    let spot = dot_at(p, pitch, 0.70710678, 0.70710678);
    let covered = inked(1.0 - luma(spot.pixel.xyz / max(spot.pixel.w, 1.0)), spot.away, pitch);
    put_mixed(id, vec4<f32>((1.0 + (color - 1.0) * covered) * here.w, here.w));
}
