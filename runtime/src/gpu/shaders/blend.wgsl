// Blend modes: the separable ones of the W3C's compositing specification, on gamma-encoded R'G'B'; and
// laying pictures on pictures.

// B(b, s) of one channel, 0-1. Modes count as the language lists them; 10 is the distance of the two.
fn mode_of(mode: u32, b: f32, s: f32) -> f32 {
    switch mode {
        case 1u: {
            return b * s;
        }
        case 2u: {
            return b + s - b * s;
        }
        case 3u: {
            return hard_light(s, b);
        }
        case 4u: {
            return min(b, s);
        }
        case 5u: {
            return max(b, s);
        }
        case 6u: {
            if b <= 0.0 {
                return 0.0;
            }
            if s >= 1.0 {
                return 1.0;
            }
            return min(b / (1.0 - s), 1.0);
        }
        case 7u: {
            if b >= 1.0 {
                return 1.0;
            }
            if s <= 0.0 {
                return 0.0;
            }
            return 1.0 - min((1.0 - b) / s, 1.0);
        }
        case 8u: {
            return hard_light(b, s);
        }
        case 9u: {
            if s <= 0.5 {
                return b - (1.0 - 2.0 * s) * b * (1.0 - b);
            }
            var d = sqrt(b);
            if b <= 0.25 {
                d = ((16.0 * b - 12.0) * b + 4.0) * b;
            }
            return b + (2.0 * s - 1.0) * (d - b);
        }
        case 10u: {
            return abs(b - s);
        }
        default: {
            return s;
        }
    }
}

fn hard_light(b: f32, s: f32) -> f32 {
    if s <= 0.5 {
        return b * 2.0 * s;
    }
    let t = 2.0 * s - 1.0;
    return b + t - b * t;
}

fn near(value: f32) -> u32 {
    return u32(clamp(value + 0.5, 0.0, 255.0));
}

// A picture (first) blended with the canvas. Numbers 4-7: the picture's rectangle; 8: mode; 9: opacity
// over 255; 10-14: Kr, Kb, black, extents of luma and chroma.
@compute @workgroup_size(8, 8)
fn blend_canvas(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_tile(id.xy) {
        return;
    }
    let at = id.xy;
    let x0 = int(4u);
    let y0 = int(5u);
    let x1 = int(6u);
    let y1 = int(7u);
    if i32(8u * at.x) + 8 <= x0 || i32(8u * at.x) >= x1 || i32(2u * at.y) + 2 <= y0 || i32(2u * at.y) >= y1 {
        return;
    }
    let kr = float(10u);
    let kb = float(11u);
    let kg = 1.0 - kr - kb;
    let black = float(12u);
    let luma_extent = float(13u);
    let chroma_extent = float(14u);
    let opacity = float(9u);
    var tile = target_tile(at);
    for (var block = 0u; block < 4u; block++) {
        let cb = byte(tile.chroma[0], block);
        let cr = byte(tile.chroma[1], block);
        let u = (f32(cb) - 128.0) / chroma_extent;
        let v = (f32(cr) - 128.0) / chroma_extent;
        var added = vec3<f32>(0.0);
        for (var k = 0u; k < 4u; k++) {
            let column = 2u * block + (k & 1u);
            let row = k >> 1u;
            let x = i32(8u * at.x + column);
            let y = i32(2u * at.y + row);
            if x < x0 || x >= x1 || y < y0 || y >= y1 || x >= i32(width()) || y >= i32(height()) {
                continue;
            }
            let source = bytes(first[u32((y - y0) * (x1 - x0) + x - x0)]);
            if source.w == 0u {
                continue;
            }
            let alpha = f32(source.w);
            let code = luma_of(tile, row, column);
            let luma = (f32(code) - black) / luma_extent;
            let red = luma + 2.0 * (1.0 - kr) * v;
            let blue = luma + 2.0 * (1.0 - kb) * u;
            let green = (luma - kr * red - kb * blue) / kg;
            let below = clamp(vec3<f32>(red, green, blue), vec3<f32>(0.0), vec3<f32>(1.0));
            let whole = 1.0 / alpha;
            let amount = alpha * opacity;
            var change: vec3<f32>;
            for (var c = 0u; c < 3u; c++) {
                let color = min(f32(source[c]) * whole, 1.0);
                change[c] = amount * (mode_of(numbers[8], below[c], color) - below[c]);
            }
            let part = kr * change.x + kg * change.y + kb * change.z;
            let lit = near(f32(code) + luma_extent * part);
            let word = column / 4u;
            let shift = 8u * (column & 3u);
            tile.luma[row][word] = (tile.luma[row][word] & ~(0xffu << shift)) | (lit << shift);
            added += change * 0.25;
        }
        if any(added != vec3<f32>(0.0)) {
            let part = kr * added.x + kg * added.y + kb * added.z;
            let blue = near(f32(cb) + chroma_extent * (added.z - part) / (2.0 * (1.0 - kb)));
            let red = near(f32(cr) + chroma_extent * (added.x - part) / (2.0 * (1.0 - kr)));
            let shift = 8u * block;
            tile.chroma[0] = (tile.chroma[0] & ~(0xffu << shift)) | (blue << shift);
            tile.chroma[1] = (tile.chroma[1] & ~(0xffu << shift)) | (red << shift);
        }
    }
    put_tile(at, tile);
}

// A picture (first) on a picture. Numbers 2 and 3: size of what is below; 4-7: rectangle of the picture;
// 8: mode; 9: opacity in 65536ths; 10: 1 for mixing in light.
@compute @workgroup_size(8, 8)
fn blend_pixels(@builtin(global_invocation_id) id: vec3<u32>) {
    let x0 = int(4u);
    let y0 = int(5u);
    let x = i32(id.x) + max(x0, 0);
    let y = i32(id.y) + max(y0, 0);
    if x >= min(int(6u), i32(width())) || y >= min(int(7u), i32(height())) {
        return;
    }
    let above = bytes(first[u32((y - y0) * (int(6u) - x0) + x - x0)]);
    if above.w == 0u {
        return;
    }
    let place = u32(y) * width() + u32(x);
    let below = bytes(target_[place]);
    let mode = numbers[8];
    let opacity = numbers[9];
    if numbers[10] == 1u {
        target_[place] = in_light(below, above, mode, opacity);
    } else if mode == 0u {
        target_[place] = over(below, above, opacity);
    } else {
        target_[place] = by_mode(below, above, mode, opacity);
    }
}

fn over(below: vec4<u32>, above: vec4<u32>, opacity: u32) -> u32 {
    if opacity == 65536u && above.w == 255u {
        return packed(above);
    }
    let rest = (255u << 16u) - above.w * opacity;
    let sum = below * rest + 255u * above * opacity + (255u << 15u);
    return limited(sum / (255u << 16u));
}

fn by_mode(below: vec4<u32>, above: vec4<u32>, mode: u32, opacity: u32) -> u32 {
    let share = f32(opacity) / 65536.0;
    let source_alpha = f32(above.w) * share / 255.0;
    let below_alpha = f32(below.w) / 255.0;
    var made: vec4<u32>;
    for (var c = 0u; c < 3u; c++) {
        let source = f32(above[c]) * share / 255.0;
        let under = f32(below[c]) / 255.0;
        var both = 0.0;
        if below.w != 0u {
            let b = under / below_alpha;
            let s = f32(above[c]) / f32(above.w);
            both = source_alpha * below_alpha * mode_of(mode, min(b, 1.0), min(s, 1.0));
        }
        let value = source * (1.0 - below_alpha) + under * (1.0 - source_alpha) + both;
        made[c] = near(value * 255.0);
    }
    made.w = near((source_alpha + below_alpha - source_alpha * below_alpha) * 255.0);
    return limited(made);
}

// Second: 256 floats, the light of each code, then 65537 codes of light, four to a word.
fn light_of(channel: u32, alpha: u32) -> f32 {
    if alpha == 0u {
        return 0.0;
    }
    let straight = min((channel * 255u + alpha / 2u) / alpha, 255u);
    return bitcast<f32>(second[straight]);
}

fn in_light(below: vec4<u32>, above: vec4<u32>, mode: u32, opacity: u32) -> u32 {
    let share = f32(opacity) / (65536.0 * 255.0);
    let above_alpha = f32(above.w) * share;
    let below_alpha = f32(below.w) / 255.0;
    let alpha = above_alpha + below_alpha - above_alpha * below_alpha;
    if alpha <= 0.0 {
        return packed(below);
    }
    var made: vec4<u32>;
    for (var c = 0u; c < 3u; c++) {
        let s = light_of(above[c], above.w);
        let b = light_of(below[c], below.w);
        var both = 0.0;
        if below.w != 0u {
            both = mode_of(mode, b, s);
        }
        let light = above_alpha * (1.0 - below_alpha) * s + below_alpha * (1.0 - above_alpha) * b
            + above_alpha * below_alpha * both;
        let step = u32(clamp(light / alpha, 0.0, 1.0) * 65536.0 + 0.5);
        let code = byte(second[256u + step / 4u], step & 3u);
        made[c] = u32(clamp(f32(code) * alpha + 0.5, 0.0, 255.0));
    }
    made.w = u32(clamp(alpha * 255.0 + 0.5, 0.0, 255.0));
    return limited(made);
}
