// What every kernel is given: numbers (floats by their bits), two buffers to read, one to write, a flag.
@group(0) @binding(0) var<storage, read> numbers: array<u32>;
@group(0) @binding(1) var<storage, read> first: array<u32>;
@group(0) @binding(2) var<storage, read> second: array<u32>;
@group(0) @binding(3) var<storage, read_write> target_: array<u32>;
@group(0) @binding(4) var<storage, read_write> flag: array<atomic<u32>>;

fn int(at: u32) -> i32 {
    return bitcast<i32>(numbers[at]);
}

fn float(at: u32) -> f32 {
    return bitcast<f32>(numbers[at]);
}

// Byte `lane` (0-3) of a word.
fn byte(word: u32, lane: u32) -> u32 {
    return (word >> (8u * lane)) & 0xffu;
}

// The four bytes of a word: red, green, blue, opacity.
fn bytes(word: u32) -> vec4<u32> {
    return vec4<u32>(word & 0xffu, (word >> 8u) & 0xffu, (word >> 16u) & 0xffu, word >> 24u);
}

fn packed(pixel: vec4<u32>) -> u32 {
    return pixel.x | (pixel.y << 8u) | (pixel.z << 16u) | (pixel.w << 24u);
}

// A pixel of which no colour is above its opacity.
fn limited(pixel: vec4<u32>) -> u32 {
    return packed(vec4<u32>(min(pixel.xyz, vec3<u32>(pixel.w)), pixel.w));
}

// To bytes: rounded to the nearest, cut to the range.
fn rounded(value: vec4<f32>) -> vec4<u32> {
    return vec4<u32>(clamp(value + 0.5, vec4<f32>(0.0), vec4<f32>(255.0)));
}

// `a * b / 255` rounded to the nearest, for bytes.
fn mul_255(x: u32, y: u32) -> u32 {
    let product = x * y + 128u;
    return (product + (product >> 8u)) >> 8u;
}

// `value / 255` rounded to the nearest, up to 65025.
fn over_255(value: u32) -> u32 {
    let half = value + 128u;
    return (half + (half >> 8u)) >> 8u;
}
