// Transitions that move, bend or recolour: the first picture, the second, of one size. Numbers 0, 1: that
// size; 2: progress; from 3 on what the CPU computes once for the frame.

fn first_size() -> vec2<u32> {
    return vec2<u32>(numbers[0], numbers[1]);
}

fn second_size() -> vec2<u32> {
    return first_size();
}

fn wide() -> f32 {
    return f32(numbers[0]);
}

fn high() -> f32 {
    return f32(numbers[1]);
}

fn is_pixel(id: vec3<u32>) -> bool {
    return id.x < numbers[0] && id.y < numbers[1];
}

fn put(id: vec3<u32>, pixel: vec4<f32>) {
    target_[id.y * numbers[0] + id.x] = limited(rounded(pixel));
}

fn smooth_step(value: f32) -> f32 {
    let t = clamp(value, 0.0, 1.0);
    return t * t * (3.0 - 2.0 * t);
}

// Numbers 3: 1 for the second picture; 4: share of the colour; 5-7: the colour.
@compute @workgroup_size(8, 8)
fn dip(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let a = pixel_first(i32(id.x), i32(id.y));
    let b = pixel_second(i32(id.x), i32(id.y));
    let alpha = max(a.w, b.w);
    let color = vec3<f32>(float(5u), float(6u), float(7u)) * alpha / 255.0;
    var shown = a;
    if numbers[3] == 1u {
        shown = b;
    }
    put(id, mix_pixels(shown, vec4<f32>(color, alpha), float(4u)));
}

// Numbers 3-6: shares of red, green, blue and opacity.
@compute @workgroup_size(8, 8)
fn color_phase(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let a = pixel_first(i32(id.x), i32(id.y));
    let b = pixel_second(i32(id.x), i32(id.y));
    let shares = vec4<f32>(float(3u), float(4u), float(5u), float(6u));
    put(id, lit(a + (b - a) * shares, 1.0));
}

// When the fire arrives at a point of the coarse grid.
fn arrival(column: u32, row: u32) -> f32 {
    let x = f32(4u * column);
    let y = f32(4u * row);
    let reach = sqrt(wide() * wide() + high() * high()) / 2.0;
    let dx = x - wide() / 2.0;
    let dy = y - high() / 2.0;
    let away = min(sqrt(dx * dx + dy * dy) / reach, 1.0);
    let uneven = clamp((clouds(7.0 * x / high(), 7.0 * y / high(), 3u) - 0.2) / 0.6, 0.0, 1.0);
    return 0.62 * away + 0.38 * uneven;
}

@compute @workgroup_size(8, 8)
fn burn(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let char_width = 0.09;
    let ember_width = 0.035;
    let light_width = 0.09;
    let gx = (f32(id.x) + 0.5) / 4.0;
    let gy = (f32(id.y) + 0.5) / 4.0;
    let column = u32(gx);
    let row = u32(gy);
    let u = gx - f32(column);
    let v = gy - f32(row);
    let a = arrival(column, row);
    let b = arrival(column, row + 1u);
    let upper = a + (arrival(column + 1u, row) - a) * u;
    let lower = b + (arrival(column + 1u, row + 1u) - b) * u;
    let now = float(2u) * (1.0 + char_width + ember_width + light_width) - char_width;
    let since = now - (upper + (lower - upper) * v);
    let leaves = pixel_first(i32(id.x), i32(id.y));
    if since <= 0.0 {
        let charred = max(1.0 + since / char_width, 0.0);
        put(id, tinted(leaves, vec3<f32>(24.0, 10.0, 4.0), 0.94 * sqrt(charred)));
        return;
    }
    let comes = pixel_second(i32(id.x), i32(id.y));
    if since < ember_width {
        let heat = since / ember_width;
        let glow = vec3<f32>(160.0 + 95.0 * heat, 40.0 + 170.0 * heat * heat, 8.0 + 90.0 * heat * heat * heat);
        put(id, over(tinted(leaves, glow, 1.0), tinted(comes, glow, 1.0)));
        return;
    }
    let light = max(1.0 - (since - ember_width) / light_width, 0.0);
    let added = light * light * comes.w / 255.0;
    put(id, lit(comes + vec4<f32>(130.0 * added, 45.0 * added, -30.0 * added, 0.0), 1.0));
}

// Numbers 3: step; 4: strength; 5: how much has arrived; 6: how far colours part.
@compute @workgroup_size(8, 8)
fn glitch_memories(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let x = f32(id.x) + 0.5;
    let y = f32(id.y) + 0.5;
    let step = int(3u);
    let strength = float(4u);
    let band = i32(min(u32(y / high() * 26.0), 25u));
    var shift = 0.0;
    if cell(band, step, 2u) < 0.55 * strength {
        shift = (cell(band, step, 3u) - 0.5) * 0.35 * wide() * strength;
    }
    var is_second = cell(band / 3, step, 4u) < float(5u);
    var down = 0.0;
    let block = i32(x / wide() * 14.0) + 14 * i32(y / high() * 9.0);
    if cell(block, step, 5u) < 0.22 * strength {
        shift += (cell(block, step, 6u) - 0.5) * 0.3 * wide();
        down = (cell(block, step, 7u) - 0.5) * 0.3 * high();
        is_second = !is_second;
    }
    let part = float(6u);
    if is_second {
        let left = held_second(x + shift - part, y + down);
        let here = held_second(x + shift + 0.0, y + down);
        let right = held_second(x + shift + part, y + down);
        put(id, lit(vec4<f32>(left.x, here.y, right.z, here.w), 1.0));
    } else {
        let left = held_first(x + shift - part, y + down);
        let here = held_first(x + shift + 0.0, y + down);
        let right = held_first(x + shift + part, y + down);
        put(id, lit(vec4<f32>(left.x, here.y, right.z, here.w), 1.0));
    }
}

// How far to the right of a face's middle the ray through a column meets it, its distance in focuses, and
// whether it does.
fn hit(x: f32, normal: vec2<f32>, right: vec2<f32>, focus: f32, middle: f32) -> vec3<f32> {
    let facing = x * normal.x + focus * normal.y;
    if facing >= -1e-3 * focus {
        return vec3<f32>(0.0);
    }
    let depth = (wide() / 2.0 + middle * normal.y) / facing;
    let at_x = x * depth;
    let at_z = focus * depth - middle;
    return vec3<f32>(at_x * right.x + at_z * right.y, depth, select(0.0, 1.0, depth > 0.0));
}

// Numbers 3, 4: sine and cosine of the turn; 5: focus; 6: distance of the cube's middle.
@compute @workgroup_size(8, 8)
fn cube(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let sine = float(3u);
    let cosine = float(4u);
    let x = f32(id.x) + 0.5 - wide() / 2.0;
    let y = f32(id.y) + 0.5 - high() / 2.0;
    let a = hit(x, vec2<f32>(-sine, -cosine), vec2<f32>(cosine, -sine), float(5u), float(6u));
    let b = hit(x, vec2<f32>(cosine, -sine), vec2<f32>(sine, cosine), float(5u), float(6u));
    var leaves = vec4<f32>(0.0);
    if a.z > 0.0 {
        let pixel = sample_first(a.x + wide() / 2.0, y * a.y + high() / 2.0);
        leaves = lit(pixel, 1.0 - 0.45 * (1.0 - cosine));
    }
    var comes = vec4<f32>(0.0);
    if b.z > 0.0 {
        let pixel = sample_second(b.x + wide() / 2.0, y * b.y + high() / 2.0);
        comes = lit(pixel, 1.0 - 0.45 * (1.0 - sine));
    }
    put(id, over(leaves, comes));
}

// Where a column meets the left door, how deep, and whether it does.
fn door(x: f32, sine: f32, cosine: f32, focus: f32, hinge: f32) -> vec3<f32> {
    let slope = cosine - x * sine / focus;
    let along = (wide() / 2.0 + x * hinge / focus) / slope;
    let depth = (hinge + along * sine) / focus;
    let is_there = slope > 1e-3 && depth > 1e-3 && along <= wide() / 2.0 + 0.5;
    return vec3<f32>(along, depth, select(0.0, 1.0, is_there));
}

// Numbers 3, 4: sine and cosine of the doors' turn; 5: focus; 6: distance of the hinges; 7: depth of the
// second picture; 8: its light.
@compute @workgroup_size(8, 8)
fn doorway(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let sine = float(3u);
    let x = f32(id.x) + 0.5 - wide() / 2.0;
    let y = f32(id.y) + 0.5 - high() / 2.0;
    let comes = sample_second(x * float(7u) + wide() / 2.0, y * float(7u) + high() / 2.0);
    let behind = lit(comes, float(8u));
    var found: vec3<f32>;
    if x <= 0.0 {
        found = door(x, sine, float(4u), float(5u), float(6u));
    } else {
        found = door(-x, sine, float(4u), float(5u), float(6u));
        found.x = wide() - found.x;
    }
    if found.z == 0.0 {
        put(id, behind);
        return;
    }
    let leaf = sample_first(found.x, y * found.y + high() / 2.0);
    put(id, over(lit(leaf, 1.0 - 0.5 * sine), behind));
}

fn paper(front: vec4<f32>, light: f32) -> vec4<f32> {
    return lit(tinted(front, vec3<f32>(244.0, 242.0, 236.0), 0.82), light);
}

fn shadowed(pixel: vec4<f32>, distance_: f32, depth: f32) -> vec4<f32> {
    let near = clamp(1.0 - distance_, 0.0, 1.0);
    return lit(pixel, 1.0 - depth * near * near);
}

// The angle of a sine 0-1: a rational function, since the built-in may be rough.
fn angle_of(sine: f32) -> f32 {
    var z = sine * sine;
    if sine >= 0.5 {
        z = (1.0 - sine) * 0.5;
    }
    let ratio = z * (0.16666586697 + z * (-0.042743422091 + z * -0.008656363003)) / (1.0 - 0.7066296339 * z);
    if sine < 0.5 {
        return sine + sine * ratio;
    }
    let s = sqrt(z);
    return 1.5707963705 - 2.0 * (s + s * ratio);
}

// Numbers 3: radius of the curl; 4: where the page leaves the table; 5, 6: the way it turns.
@compute @workgroup_size(8, 8)
fn page_turn(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let radius = float(3u);
    let way = vec2<f32>(float(5u), float(6u));
    let x = f32(id.x) + 0.5;
    let y = f32(id.y) + 0.5;
    let beyond = x * way.x + y * way.y - float(4u);
    if beyond > radius {
        put(id, shadowed(sample_second(x, y), (beyond - radius) / radius, 0.5));
        return;
    }
    if beyond > 0.0 {
        let angle = angle_of(min(beyond / radius, 1.0));
        let far = radius * (3.14159265 - angle) - beyond;
        let close = radius * angle - beyond;
        let back = sample_first(x + far * way.x, y + far * way.y);
        let front = lit(sample_first(x + close * way.x, y + close * way.y), 1.0 - 0.3 * angle / 1.57079633);
        let below = over(front, shadowed(sample_second(x, y), 0.0, 0.5));
        put(id, over(paper(back, 1.0 - 0.35 * angle / 1.57079633), below));
        return;
    }
    let ahead = 3.14159265 * radius - 2.0 * beyond;
    let back = sample_first(x + ahead * way.x, y + ahead * way.y);
    if back.w >= 255.0 {
        put(id, paper(back, 1.0));
    } else {
        put(id, over(paper(back, 1.0), sample_first(x, y)));
    }
}

fn mixed_at(share: f32, a: vec2<f32>, b: vec2<f32>) -> vec4<f32> {
    if share <= 0.0 {
        return held_first(a.x, a.y);
    }
    if share >= 1.0 {
        return held_second(b.x, b.y);
    }
    return mix_pixels(held_first(a.x, a.y), held_second(b.x, b.y), share);
}

// Entry of a table by distance from the middle; four to a pixel.
fn entry(x: f32, y: f32, count: u32) -> u32 {
    return min(u32(sqrt(x * x + y * y) * 4.0 + 0.5), count - 1u);
}

// Numbers 3: share; 4: entries; from 5: sine and cosine of each.
@compute @workgroup_size(8, 8)
fn swirl(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let cx = wide() / 2.0;
    let cy = high() / 2.0;
    let x = f32(id.x) + 0.5 - cx;
    let y = f32(id.y) + 0.5 - cy;
    let at = 5u + 2u * entry(x, y, numbers[4]);
    let sine = float(at);
    let cosine = float(at + 1u);
    let back = vec2<f32>(cx + x * cosine + y * sine, cy + y * cosine - x * sine);
    let on = vec2<f32>(cx + x * cosine - y * sine, cy + y * cosine + x * sine);
    put(id, mixed_at(float(3u), back, on));
}

// Numbers 4: entries; from 5: scale, share and light of each.
@compute @workgroup_size(8, 8)
fn water_drop(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let cx = wide() / 2.0;
    let cy = high() / 2.0;
    let x = f32(id.x) + 0.5 - cx;
    let y = f32(id.y) + 0.5 - cy;
    let at = 5u + 3u * entry(x, y, numbers[4]);
    let place = vec2<f32>(cx + x * float(at), cy + y * float(at));
    put(id, lit(mixed_at(float(at + 1u), place, place), float(at + 2u)));
}

// Numbers 3, 4: how far each picture waves; 5: glow; from 6: the waves of rows, then of columns.
@compute @workgroup_size(8, 8)
fn dreamy(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let x = f32(id.x) + 0.5;
    let y = f32(id.y) + 0.5;
    let wave = vec2<f32>(float(6u + id.y), float(6u + numbers[1] + id.x));
    let place = vec2<f32>(x, y);
    let pixel = mixed_at(float(2u), place + wave * float(3u), place + wave * float(4u));
    let alpha = max(pixel.w, 1.0);
    let bloom = pixel.xyz + float(5u) * pixel.xyz * (1.0 - pixel.xyz / alpha);
    put(id, vec4<f32>(bloom, pixel.w));
}

// Both pictures come nearer, perhaps at half the size. Numbers 3, 4: size of the result; 5: share; 6, 7:
// zoom of each.
@compute @workgroup_size(8, 8)
fn zoom_in(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= numbers[3] || id.y >= numbers[4] {
        return;
    }
    let x = (f32(id.x) + 0.5) * (wide() / f32(numbers[3]));
    let y = (f32(id.y) + 0.5) * (high() / f32(numbers[4]));
    let cx = wide() / 2.0;
    let cy = high() / 2.0;
    let a = vec2<f32>(cx + (x - cx) / float(6u), cy + (y - cy) / float(6u));
    let b = vec2<f32>(cx + (x - cx) / float(7u), cy + (y - cy) / float(7u));
    target_[id.y * numbers[3] + id.x] = packed(rounded(mixed_at(float(5u), a, b)));
}

// The mean of a picture and of itself drawn nearer. Numbers 3, 4: the middle; 5: how near.
@compute @workgroup_size(8, 8)
fn zoom_blur(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let x = f32(id.x) + 0.5;
    let y = f32(id.y) + 0.5;
    let nearer = held_first(float(3u) + (x - float(3u)) * float(5u), float(4u) + (y - float(4u)) * float(5u));
    let mean = mix_pixels(pixel_first(i32(id.x), i32(id.y)), nearer, 0.5);
    target_[id.y * numbers[0] + id.x] = packed(rounded(mean));
}

// A picture drawn larger. Numbers 3, 4: size of the result; 5, 6: its pixels to one of the picture's.
@compute @workgroup_size(8, 8)
fn zoom_out(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= numbers[3] || id.y >= numbers[4] {
        return;
    }
    let pixel = held_first((f32(id.x) + 0.5) / float(5u), (f32(id.y) + 0.5) / float(6u));
    target_[id.y * numbers[3] + id.x] = limited(rounded(pixel));
}
