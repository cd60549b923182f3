// Effects that grade and overlay: functions of a pixel and of its place.

// Grain -0.5 to 0.5 at a place: hills of `size` lines, other ones on every frame.
fn grain_at(p: vec2<f32>, size: f32, seed: u32) -> f32 {
    let length_ = max(size * line(), 0.75);
    return hills(p.x / length_, p.y / length_, frame() * 31u + seed) - 0.5;
}

// How much of the light dust and hairs take at a place.
fn dust(p: vec2<f32>, amount: f32) -> f32 {
    let side = 110.0 * line();
    let column = i32(floor(p.x / side));
    let row = i32(floor(p.y / side));
    let seed = frame() * 17u;
    if cell(column, row, seed) > 0.06 * amount {
        let at = wide() * unit(frame() / 3u, 111u) + 2.0 * line() * (hills(p.y / (90.0 * line()), 0.0, 112u) - 0.5);
        let near = 1.0 - abs(p.x - at) / max(line(), 0.6);
        return select(0.0, 0.45 * max(near, 0.0), unit(frame() / 3u, 110u) < 0.35 * amount);
    }
    let dx = p.x / side - f32(column) - (0.2 + 0.6 * cell(column, row, seed + 1u));
    let dy = p.y / side - f32(row) - (0.2 + 0.6 * cell(column, row, seed + 2u));
    let size = 0.015 + 0.05 * cell(column, row, seed + 3u);
    let shape = size * (0.6 + 0.8 * hills(p.x / (5.0 * line()), p.y / (5.0 * line()), seed));
    return 0.8 * clamp((shape - sqrt(dx * dx + dy * dy)) / 0.012 + 0.5, 0.0, 1.0);
}

// Aged stock: faded blacks, yellowed lights, less colour.
@compute @workgroup_size(8, 8)
fn vintage(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let aged = 0.12 + 0.78 * saturated(color_of(here_of(id)), 0.65);
    let light = vignette(p, 0.4);
    let grain = 0.05 * grain_at(p, 1.6, 0u);
    put_graded(id, vec3<f32>(aged.x * 1.08 + 0.03 + grain, aged.y * 1.0 + 0.01 + grain, aged.z * 0.78 + 0.03 + grain) * light);
}

// An instant picture: soft, cool shadows, creamy lights, in its white frame.
@compute @workgroup_size(8, 8)
fn polaroid(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let shorter = min(wide(), high());
    let edge = 0.045 * shorter;
    let foot = 0.16 * shorter;
    let inside = min(min(min(p.x, wide() - p.x), p.y), high() - p.y - (foot - edge)) - edge;
    var soft = saturated(color_of(here), 0.85);
    soft = 0.1 + 0.86 * vec3<f32>(s_curve(soft.x, 0.35), s_curve(soft.y, 0.35), s_curve(soft.z, 0.35));
    let shadow = 1.0 - luma(soft);
    let shown = colored(here, vec3<f32>(soft.x * 1.05, soft.y * 1.02 + 0.01, soft.z * 0.9 + 0.1 * shadow));
    let paper = vec4<f32>(vec3<f32>(246.0, 243.0, 235.0) * here.w / 255.0, here.w);
    let shaded = lit(shown, 1.0 - 0.25 * clamp(1.0 - inside / (0.2 * edge), 0.0, 1.0));
    put_mixed(id, mix_pixels(paper, shaded, clamp(inside + 0.5, 0.0, 1.0)));
}

// A portrait stock: open shadows, warm skin, soft greens.
@compute @workgroup_size(8, 8)
fn portra(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let color = color_of(here_of(id));
    let lift = 0.06 * (1.0 - luma(color));
    let own = saturated(color, 0.88);
    let grain = 0.018 * grain_at(p, 1.2, 1u);
    put_graded(id, vec3<f32>(
        own.x * 1.05 + lift + grain, own.y * 0.99 + lift + 0.012 + grain, own.z * 0.9 + lift + 0.02 + grain));
}

// Narrow home-movie film: warm, grainy, shaking in its gate, with dust and rounded corners.
@compute @workgroup_size(8, 8)
fn super8(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let dx = (unit(frame(), 80u) - 0.5) * 5.0 * line() * intensity();
    let dy = (unit(frame(), 81u) - 0.5) * 5.0 * line() * intensity();
    let flicker = 0.94 + 0.12 * unit(frame(), 82u);
    let radius = 0.09 * high();
    let here = held_first(p.x + dx, p.y + dy);
    let own = saturated(color_of(here), 1.1);
    let grain = 0.16 * grain_at(p, 2.4, 2u);
    let light = vignette(p, 0.65) * flicker;
    let shown = colored(here, (vec3<f32>(own.x * 1.12 + 0.06, own.y * 0.97 + 0.03, own.z * 0.7 + 0.02) + grain) * light);
    let u = max(abs(p.x - wide() / 2.0) - wide() / 2.0 + radius + 0.02 * wide(), 0.0);
    let v = max(abs(p.y - high() / 2.0) - high() / 2.0 + radius + 0.02 * high(), 0.0);
    let open = clamp((radius - sqrt(u * u + v * v)) / (3.0 * line()) + 0.5, 0.0, 1.0);
    put_mixed(id, lit(shown, open * (1.0 - dust(p, 0.8))));
}

// Cinema: soft shoulders, cool shadows, warm lights.
@compute @workgroup_size(8, 8)
fn filmic(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let less = saturated(color_of(here_of(id)), 0.92);
    let color = vec3<f32>(s_curve(less.x, 0.75), s_curve(less.y, 0.75), s_curve(less.z, 0.75)) * 0.97 + 0.012;
    let grey = luma(color);
    let cool = (1.0 - grey) * (1.0 - grey);
    let warm = grey * grey;
    let light = vignette(p, 0.25);
    put_graded(id, vec3<f32>(
        color.x + 0.06 * warm - 0.045 * cool,
        color.y + 0.012 * warm + 0.012 * cool,
        color.z - 0.05 * warm + 0.05 * cool) * light);
}

// Grain, dust and hairs, different on every frame.
@compute @workgroup_size(8, 8)
fn add_grain(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let color = color_of(here_of(id));
    let grey = luma(color);
    let grain = 0.3 * grain_at(p, 1.7, 3u) * (0.5 + 2.0 * grey * (1.0 - grey));
    let dirt = dust(p, 1.0);
    put_graded(id, (color + grain) * (1.0 - dirt) + 0.04 * dirt);
}

// The end of a reel: orange and white light eats in from the sides.
@compute @workgroup_size(8, 8)
fn film_burn(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let color = color_of(here_of(id));
    let time = f32(frame()) / 12.0;
    let pulse = 0.75 + 0.35 * hills(time, 0.0, 90u);
    let side = hills(time * 0.4, 3.0, 91u);
    let u = p.x / wide();
    let v = p.y / high();
    let cloud = clouds(2.2 * u + 0.6 * time, 1.6 * v - 0.35 * time, 92u);
    let from_left = max(1.0 - u / (0.35 + 0.3 * side), 0.0);
    let from_right = max(1.0 - (1.0 - u) / (0.65 - 0.3 * side), 0.0);
    let heat = clamp((max(from_left, from_right) * 1.15 + 0.75 * cloud - 0.45) * pulse, 0.0, 1.3);
    put_graded(id, screened(color, vec3<f32>(1.25 * heat, 0.75 * heat * heat, 0.5 * heat * heat * heat)));
}

// Soft coloured light through a seam of the camera.
@compute @workgroup_size(8, 8)
fn light_leaks(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    var color = color_of(here_of(id));
    let time = f32(frame()) / 90.0;
    var places = array<vec2<f32>, 3>(vec2<f32>(0.02, 0.25), vec2<f32>(0.95, 0.75), vec2<f32>(0.75, 0.02));
    var lights = array<vec3<f32>, 3>(
        vec3<f32>(1.0, 0.45, 0.12), vec3<f32>(1.0, 0.2, 0.42), vec3<f32>(1.0, 0.75, 0.3));
    let u = p.x / wide();
    let v = p.y / high();
    for (var n = 0u; n < 3u; n++) {
        let along = time + f32(n) * 7.3;
        let at_x = places[n].x + 0.5 * (hills(along, f32(n), 100u) - 0.5);
        let at_y = places[n].y + 0.4 * (hills(along, f32(n), 101u) - 0.5);
        let strength = 0.75 + 0.5 * (hills(along, f32(n), 102u) - 0.5);
        let dx = (u - at_x) / 0.55;
        let dy = (v - at_y) / 0.75;
        let near = max(1.0 - (dx * dx + dy * dy), 0.0);
        color = screened(color, lights[n] * strength * near * near);
    }
    put_graded(id, color);
}

// Brown and white, darker towards the corners.
@compute @workgroup_size(8, 8)
fn sepia(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let grey = luma(color_of(here_of(id)));
    let light = vignette(p, 0.55);
    put_graded(id, vec3<f32>(grey * 1.08 + 0.07, grey * 0.9 + 0.03, grey * 0.66) * light);
}

// Dark and light as two colours.
@compute @workgroup_size(8, 8)
fn duotone(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let t = s_curve(luma(color_of(here_of(id))), 0.5);
    let dark = vec3<f32>(0.13, 0.06, 0.38);
    put_graded(id, dark + (vec3<f32>(1.0, 0.78, 0.42) - dark) * t);
}

// Slide film in the wrong bath: hard, yellow-green lights, blue shadows.
@compute @workgroup_size(8, 8)
fn cross_process(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let own = saturated(color_of(here_of(id)), 1.25);
    put_graded(id, vec3<f32>(s_curve(own.x, 0.9) * 1.04, s_curve(own.y, 0.7) * 1.05 + 0.02, 0.16 + 0.66 * own.z));
}

// Silver left in the film: hard, with little colour.
@compute @workgroup_size(8, 8)
fn bleach_bypass(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let color = color_of(here_of(id));
    let grey = luma(color);
    let dark = 2.0 * color * grey;
    let light = 1.0 - 2.0 * (1.0 - color) * (1.0 - grey);
    put_graded(id, saturated(select(light, dark, grey < 0.5), 0.45));
}

// Every channel turned over.
@compute @workgroup_size(8, 8)
fn invert(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    put_graded(id, 1.0 - color_of(here_of(id)));
}

// An image intensifier: green, grainy, in a round tube.
@compute @workgroup_size(8, 8)
fn night_vision(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let color = color_of(here_of(id));
    let grain = max(2.0 * line(), 1.0);
    let tube = high() * 0.56;
    let noise = cell(i32(p.x / grain), i32(p.y / grain), frame() * 2u) - 0.5;
    let dark = select(0.86, 1.0, i32(p.y / (3.0 * line())) % 2 == 0);
    let grey = clamp(sqrt(luma(color)) * 0.95 + 0.22 * noise, 0.0, 1.0) * dark;
    let dx = p.x - wide() / 2.0;
    let dy = (p.y - high() / 2.0) * 1.08;
    let inside = clamp((tube * 1.45 - sqrt(dx * dx + dy * dy)) / (0.5 * tube), 0.0, 1.0);
    let light = inside * inside * (3.0 - 2.0 * inside);
    put_graded(id, vec3<f32>(
        0.12 * grey + 0.35 * grey * grey * grey, grey, 0.16 * grey + 0.2 * grey * grey * grey) * light);
}

// Brightness as heat: blue, purple, red, orange, yellow, white.
@compute @workgroup_size(8, 8)
fn thermal(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    var heat = array<vec3<f32>, 7>(
        vec3<f32>(0.0, 0.0, 0.12), vec3<f32>(0.16, 0.0, 0.5), vec3<f32>(0.6, 0.0, 0.6),
        vec3<f32>(0.93, 0.2, 0.25), vec3<f32>(1.0, 0.58, 0.0), vec3<f32>(1.0, 0.92, 0.2),
        vec3<f32>(1.0, 1.0, 0.95));
    let at = s_curve(luma(color_of(here_of(id))), 0.4) * 6.0;
    let step = min(u32(at), 5u);
    put_graded(id, heat[step] + (heat[step + 1u] - heat[step]) * (at - f32(step)));
}

// Every other pair of lines darker.
@compute @workgroup_size(8, 8)
fn scanlines(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let color = color_of(here_of(id));
    let period = max(5.0 * line(), 2.0);
    let at = p.y / period - floor(p.y / period);
    put_graded(id, color * select(0.45, 1.04, at < 0.5));
}

// Whether a text of dots has ink at a place. Numbers from `base`: letters, seven rows of each.
fn ink(base: u32, x: f32, y: f32) -> bool {
    let column = i32(floor(x));
    let row = i32(floor(y));
    if column < 0 || row < 0 || row >= 7 || column / 6 >= int(base) || column % 6 >= 5 {
        return false;
    }
    let rows = numbers[base + 1u + u32(column / 6) * 7u + u32(row)];
    return ((rows >> u32(4 - column % 6)) & 1u) == 1u;
}

fn text_width(base: u32) -> f32 {
    return f32(int(base) * 6 - 1);
}

// What a recorder lays over a picture: its display, lines and a band of noise. Numbers 5: where the counter begins; 6: the word.
@compute @workgroup_size(8, 8)
fn vhs_overlay(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let color = color_of(here_of(id));
    let dot_ = 6.0 * line();
    let counter = numbers[5];
    let place_x = 60.0 * line();
    let place_y = 56.0 * line();
    let band = f32(frame() % 130u) / 110.0;
    let play = ink(6u, (p.x - place_x) / dot_, (p.y - place_y) / dot_);
    let left = wide() - place_x - text_width(counter) * dot_;
    let count = ink(counter, (p.x - left) / dot_, (p.y - (high() - place_y - 7.0 * dot_)) / dot_);
    if play || count {
        put_graded(id, vec3<f32>(0.95, 0.98, 1.0));
        return;
    }
    let dark = select(0.8, 1.0, i32(floor(p.y / (2.0 * line()))) % 2 == 0);
    let near = 1.0 - abs((p.y / high() - band) / 0.05);
    let speck = cell(i32(p.x / (5.0 * line())), i32(p.y / (2.0 * line())), frame() * 9u);
    let noise = select(0.0, 0.75, near > 0.0 && speck > 1.0 - 0.45 * near);
    put_graded(id, screened(color * dark * vec3<f32>(0.98, 1.0, 1.04), vec3<f32>(noise)));
}

// What a camera shows in its finder. Numbers 5: where the counter begins; 6: the word.
@compute @workgroup_size(8, 8)
fn viewfinder(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let color = color_of(here_of(id));
    let dot_ = 5.0 * line();
    let stroke = 4.0 * line();
    let margin = 60.0 * line();
    let arm = 110.0 * line();
    let u = min(p.x, wide() - p.x) - margin;
    let v = min(p.y, high() - p.y) - margin;
    let corner = (u >= 0.0 && u < stroke && v >= 0.0 && v < arm) || (v >= 0.0 && v < stroke && u >= 0.0 && u < arm);
    let mx = abs(p.x - wide() / 2.0);
    let my = abs(p.y - high() / 2.0);
    let cross_ = (mx < stroke / 2.0 && my < 36.0 * line()) || (my < stroke / 2.0 && mx < 36.0 * line());
    let text_top = margin + 32.0 * line();
    let rec_left = margin + 80.0 * line();
    let rec = ink(6u, (p.x - rec_left) / dot_, (p.y - text_top) / dot_);
    let counter = numbers[5];
    let count_left = (wide() - text_width(counter) * dot_) / 2.0;
    let count = ink(counter, (p.x - count_left) / dot_, (p.y - (high() - margin - 32.0 * line() - 7.0 * dot_)) / dot_);
    let bx = p.x - (wide() - margin - 150.0 * line());
    let by = p.y - text_top;
    let long = 100.0 * line();
    let tall = 36.0 * line();
    let in_battery = bx >= 0.0 && bx < long && by >= 0.0 && by < tall;
    let shell = in_battery && min(min(min(bx, long - bx), by), tall - by) < 0.75 * stroke;
    let charge = in_battery && min(min(bx, by), tall - by) > 1.6 * stroke && bx < 0.7 * long;
    let pole = bx >= long && bx < long + 2.0 * stroke && by >= 0.3 * tall && by < 0.7 * tall;
    if corner || cross_ || rec || count || shell || charge || pole {
        put_graded(id, vec3<f32>(0.96, 0.97, 0.96));
        return;
    }
    let dx = p.x - (rec_left - 30.0 * line());
    let dy = p.y - (text_top + 3.5 * dot_);
    let is_lit = (frame() / 15u) % 2u == 0u;
    put_graded(id, select(color, vec3<f32>(0.92, 0.1, 0.1), is_lit && sqrt(dx * dx + dy * dy) < 16.0 * line()));
}

// Flashes of white, with darkness between.
@compute @workgroup_size(8, 8)
fn strobe_light(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let color = color_of(here_of(id));
    put_graded(id, select(color * 0.22, screened(color, vec3<f32>(0.55)), (frame() / 3u) % 2u == 0u));
}

fn stepped(value: vec3<f32>) -> vec3<f32> {
    return floor(value * 3.0 + 0.5) / 3.0;
}

// Few steps in each channel.
@compute @workgroup_size(8, 8)
fn posterize(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let color = color_of(here_of(id));
    put_graded(id, stepped(color));
}

// What blooms in a glow.
@compute @workgroup_size(8, 8)
fn bright_parts(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let here = here_of(id);
    let color = color_of(here);
    put(id, colored(here, color * clamp((luma(color) - 0.45) / 0.4, 0.0, 1.0)));
}

// Lights that bloom. Second: the blurred bright parts.
@compute @workgroup_size(8, 8)
fn glow(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let here = here_of(id);
    let light = vec4<f32>(bytes(second[id.y * numbers[0] + id.x]));
    let bloom = 1.5 * intensity() * light.xyz / max(here.w, 1.0);
    put(id, colored(here, screened(color_of(here), bloom)));
}

// A light at the upper right, its rays, and reflections across the middle. Number 5: where the light is, across.
@compute @workgroup_size(8, 8)
fn lens_flare(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let tall = high();
    let light_x = float(5u);
    let light_y = 0.2 * tall;
    let cx = wide() / 2.0;
    let cy = tall / 2.0;
    let dx = (p.x - light_x) / tall;
    let dy = (p.y - light_y) / tall;
    let away_ = max(sqrt(dx * dx + dy * dy), 1e-4);
    var core = min(0.05 / away_, 4.0);
    core = core * core * 0.25;
    let halo = max(1.0 - away_ / 0.75, 0.0);
    let cosine = dx / away_;
    let square_ = cosine * cosine;
    let six = ((32.0 * square_ - 48.0) * square_ + 18.0) * square_ - 1.0;
    let rays = six * six * six * six * 0.3 * max(1.0 - away_ / 0.45, 0.0);
    let streak = max(1.0 - abs(dy) / 0.012, 0.0) * max(1.0 - abs(dx) / 0.9, 0.0) * 0.45;
    let glow_ = core + 0.4 * halo * halo + rays;
    var added = vec3<f32>(glow_ + 0.5 * streak, glow_ * 0.86 + 0.65 * streak, glow_ * 0.6 + streak);
    var ghosts = array<vec2<f32>, 6>(
        vec2<f32>(0.45, 0.05), vec2<f32>(-0.25, 0.1), vec2<f32>(-0.5, 0.04),
        vec2<f32>(-0.75, 0.16), vec2<f32>(-1.05, 0.08), vec2<f32>(-1.3, 0.22));
    var colors = array<vec3<f32>, 6>(
        vec3<f32>(0.4, 0.25, 0.1), vec3<f32>(0.1, 0.32, 0.2), vec3<f32>(0.45, 0.3, 0.12),
        vec3<f32>(0.12, 0.16, 0.34), vec3<f32>(0.3, 0.12, 0.24), vec3<f32>(0.12, 0.2, 0.2));
    for (var n = 0u; n < 6u; n++) {
        let gx = (p.x - (cx + (light_x - cx) * ghosts[n].x)) / tall;
        let gy = (p.y - (cy + (light_y - cy) * ghosts[n].x)) / tall;
        let far = sqrt(gx * gx + gy * gy) / ghosts[n].y;
        if far < 1.0 {
            added += colors[n] * ((0.45 + 0.55 * far * far) * min((1.0 - far) * 12.0, 1.0));
        }
    }
    put(id, colored(here, screened(color_of(here), added * intensity())));
}

// Flakes that fall at three distances. Numbers 5-7: how far each drifts.
@compute @workgroup_size(8, 8)
fn snow(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let p = middle_of(id);
    let here = here_of(id);
    let own = color_of(here);
    let cold = colored(here, vec3<f32>(0.92 * own.x + 0.04, 0.95 * own.y + 0.05, own.z + 0.07));
    let time = f32(frame());
    var layers = array<vec3<f32>, 3>(vec3<f32>(36.0, 3.2, 2.2), vec3<f32>(62.0, 5.5, 4.0), vec3<f32>(120.0, 10.0, 7.5));
    var white = 0.0;
    for (var n = 0u; n < 3u; n++) {
        let side = layers[n].x * line();
        let u = (p.x + float(5u + n)) / side;
        let v = (p.y - time * layers[n].z * line()) / side;
        let column = floor(u);
        let row = floor(v);
        let seed = 160u + 10u * n;
        if cell(i32(column), i32(row), seed) > 0.55 {
            continue;
        }
        let fx = 0.13 + 0.74 * cell(i32(column), i32(row), seed + 1u);
        let fy = 0.13 + 0.74 * cell(i32(column), i32(row), seed + 2u);
        let dx = (u - column - fx) * side;
        let dy = (v - row - fy) * side;
        let radius = layers[n].y * line() * (0.6 + 0.8 * cell(i32(column), i32(row), seed + 3u));
        let near = 1.0 - sqrt(dx * dx + dy * dy) / max(radius, 0.7);
        white = max(white, clamp(near * 1.8, 0.0, 1.0) * (0.65 + 0.35 * cell(i32(column), i32(row), seed + 4u)));
    }
    let flakes = colored(cold, screened(color_of(cold), vec3<f32>(white)));
    put(id, lit(mix_pixels(here, flakes, intensity()), 1.0));
}

fn around_circle(value: f32) -> f32 {
    return value - floor(value / 360.0) * 360.0;
}

fn within(value: f32, low: f32, high_: f32, soft: f32) -> f32 {
    let outside = max(max(low - value, value - high_), 0.0);
    return max(1.0 - outside / soft, 0.0);
}

// Colours that become clear. Numbers 5-10: least and greatest hue, saturation, lightness.
@compute @workgroup_size(8, 8)
fn chroma_key(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let here = here_of(id);
    if here.w <= 0.0 {
        put(id, here);
        return;
    }
    var color = color_of(here);
    let most = max(max(color.x, color.y), color.z);
    let least = min(min(color.x, color.y), color.z);
    let lightness = (most + least) / 2.0;
    let spread = most - least;
    var hue = 0.0;
    var saturation = 0.0;
    if spread > 1e-6 {
        saturation = min(spread / max(1.0 - abs(2.0 * lightness - 1.0), 1e-6), 1.0);
        if most == color.x {
            let sixth = (color.y - color.z) / spread;
            hue = 60.0 * select(sixth, sixth + 6.0, sixth < 0.0);
        } else if most == color.y {
            hue = 60.0 * ((color.z - color.x) / spread + 2.0);
        } else {
            hue = 60.0 * ((color.x - color.y) / spread + 4.0);
        }
    }
    let low = float(5u);
    let extent = float(6u) - low;
    let is_part = extent < 360.0;
    var near_hue = 1.0;
    if is_part {
        let ahead = around_circle(hue - low);
        let reach = around_circle(extent);
        let outside = select(min(ahead - reach, 360.0 - ahead), 0.0, ahead <= reach);
        near_hue = max(1.0 - outside / 12.0, 0.0);
    }
    let inside = near_hue * within(saturation, float(7u), float(8u), 0.12) * within(lightness, float(9u), float(10u), 0.1);
    let kept = 1.0 - inside * intensity();
    if is_part {
        let keyed = around_circle(low + around_circle(extent) / 2.0);
        let away_ = around_circle(hue - keyed + 180.0) - 180.0;
        let share = clamp(1.0 - (abs(away_) - 30.0) / 30.0, 0.0, 1.0) * intensity();
        let channel = u32(keyed / 120.0 + 0.5) % 3u;
        let others = max(color[(channel + 1u) % 3u], color[(channel + 2u) % 3u]);
        color[channel] = color[channel] + (min(color[channel], others) - color[channel]) * share;
    }
    put(id, vec4<f32>(color, 1.0) * here.w * kept);
}
