// Blurring by box passes, as `raster::blur` defines it. Between passes a pixel is two words: red and
// green, blue and opacity, each with eight more bits.
//
// Numbers 0, 1: width and height; 2: half a box's whole samples; 3: the share of the next; 4: one over the
// box's weight; 5: 1 when nothing is beyond the edges, 0 when the samples on them go on.

@compute @workgroup_size(8, 8)
fn widen(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= numbers[0] || id.y >= numbers[1] {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]) << vec4<u32>(8u);
    target_[2u * place] = pixel.x | (pixel.y << 16u);
    target_[2u * place + 1u] = pixel.z | (pixel.w << 16u);
}

@compute @workgroup_size(8, 8)
fn narrow(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= numbers[0] || id.y >= numbers[1] {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let words = vec2<u32>(first[2u * place], first[2u * place + 1u]);
    let wide = vec4<u32>(words.x & 0xffffu, words.x >> 16u, words.y & 0xffffu, words.y >> 16u);
    target_[place] = limited(min((wide + 128u) >> vec4<u32>(8u), vec4<u32>(255u)));
}

// Two samples of a line: `at` counts along it, lines begin `start` words in and step by `step` words.
fn pair(at: i32, length: i32, start: u32, step: u32) -> vec2<u32> {
    if numbers[5] == 1u && (at < 0 || at >= length) {
        return vec2<u32>(0u);
    }
    let word = first[start + u32(clamp(at, 0, length - 1)) * step];
    return vec2<u32>(word & 0xffffu, word >> 16u);
}

// One box over a line, by a sum that moves along it.
fn box_line(length: i32, start: u32, step: u32) {
    let whole = int(2u);
    let share = float(3u);
    let scale = float(4u);
    var sums = vec2<u32>(0u);
    for (var at = -whole; at <= whole; at++) {
        sums += pair(at, length, start, step);
    }
    for (var at = 0; at < length; at++) {
        let come = pair(at + whole + 1, length, start, step);
        let ends = pair(at - whole - 1, length, start, step) + come;
        let mean = (vec2<f32>(sums) + share * vec2<f32>(ends)) * scale;
        let value = vec2<u32>(clamp(mean + 0.5, vec2<f32>(0.0), vec2<f32>(65535.0)));
        target_[start + u32(at) * step] = value.x | (value.y << 16u);
        sums = sums + come - pair(at - whole, length, start, step);
    }
}

// A run for each of two words of each row.
@compute @workgroup_size(8, 8)
fn box_across(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < 2u && id.y < numbers[1] {
        box_line(int(0u), 2u * id.y * numbers[0] + id.x, 2u);
    }
}

// A run for each of two words of each column.
@compute @workgroup_size(8, 8)
fn box_down(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < 2u * numbers[0] && id.y == 0u {
        box_line(int(1u), id.x, 2u * numbers[0]);
    }
}
