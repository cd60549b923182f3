// Effects: a picture (first) on which one works, and perhaps another of the same size (second). Numbers
// 0, 1: width and height; 2: pixels to a line of the canvas; 3: intensity; 4: frames since the layer's
// start; from 5 on what the effect is told.

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

fn line() -> f32 {
    return float(2u);
}

fn intensity() -> f32 {
    return float(3u);
}

fn frame() -> u32 {
    return numbers[4];
}

fn is_pixel(id: vec3<u32>) -> bool {
    return id.x < numbers[0] && id.y < numbers[1];
}

fn middle_of(id: vec3<u32>) -> vec2<f32> {
    return vec2<f32>(f32(id.x) + 0.5, f32(id.y) + 0.5);
}

fn here_of(id: vec3<u32>) -> vec4<f32> {
    return vec4<f32>(bytes(first[id.y * numbers[0] + id.x]));
}

fn put(id: vec3<u32>, pixel: vec4<f32>) {
    target_[id.y * numbers[0] + id.x] = limited(rounded(pixel));
}

// Mixed with what was there by the intensity.
fn put_mixed(id: vec3<u32>, pixel: vec4<f32>) {
    put(id, mix_pixels(here_of(id), pixel, intensity()));
}

// A colour in the place of the pixel's own, mixed by the intensity.
fn put_graded(id: vec3<u32>, color: vec3<f32>) {
    put_mixed(id, colored(here_of(id), color));
}

// The colour of a pixel without its opacity, 0-1.
fn color_of(pixel: vec4<f32>) -> vec3<f32> {
    return pixel.xyz / pixel.w;
}

// The pixel with another colour, cut to the range; a clear one stays as it is.
fn colored(pixel: vec4<f32>, color: vec3<f32>) -> vec4<f32> {
    if pixel.w <= 0.0 {
        return pixel;
    }
    return vec4<f32>(clamp(color, vec3<f32>(0.0), vec3<f32>(1.0)) * pixel.w, pixel.w);
}

// From the middle, in half diagonals.
fn offset(p: vec2<f32>) -> vec2<f32> {
    let half_x = wide() / 2.0;
    let half_y = high() / 2.0;
    let reach = sqrt(half_x * half_x + half_y * half_y);
    return vec2<f32>((p.x - half_x) / reach, (p.y - half_y) / reach);
}

fn vignette(p: vec2<f32>, depth: f32) -> f32 {
    let q = offset(p);
    let far = clamp((sqrt(q.x * q.x + q.y * q.y) - 0.35) / 0.65, 0.0, 1.0);
    return 1.0 - depth * far * far * (3.0 - 2.0 * far);
}

fn luma(color: vec3<f32>) -> f32 {
    return 0.2126 * color.x + 0.7152 * color.y + 0.0722 * color.z;
}

fn saturated(color: vec3<f32>, factor: f32) -> vec3<f32> {
    let grey = luma(color);
    return grey + (color - grey) * factor;
}

fn s_curve(given: f32, t: f32) -> f32 {
    let value = clamp(given, 0.0, 1.0);
    return value + (value * value * (3.0 - 2.0 * value) - value) * t;
}

fn screened(color: vec3<f32>, light: vec3<f32>) -> vec3<f32> {
    return 1.0 - (1.0 - color) * (1.0 - clamp(light, vec3<f32>(0.0), vec3<f32>(1.0)));
}
