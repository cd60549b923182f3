// Between canvases and pixels, as FFmpeg's scaler converts them with exact rounding: chroma is read and
// made by its bicubic filter (B = 0, C = 0.6) centred on its block, weights with 14 bits across and 12
// down, values between the two with 15 bits. Other
// edges than the first are held.
// Chroma of a canvas, held beyond its edges. `cell` is a place in the halved plane.
fn chroma_at(plane: u32, x: i32, y: i32) -> i32 {
    let column = u32(clamp(x, 0, i32((width() + 1u) / 2u) - 1));
    let row = u32(clamp(y, 0, i32((height() + 1u) / 2u) - 1));
    let word = (4u + plane) * tiles_across() * tiles_down() + row * tiles_across() + column / 4u;
    return i32(byte(first[word], column & 3u));
}

fn across(plane: u32, x: i32, y: i32) -> i32 {
    let k = x >> 1u;
    var sum: i32;
    // At the first edge the scaler leaves out what lies beyond it and shares out its weight.
    if x == 0 {
        sum = 17729 * chroma_at(plane, 0, y) - 1345 * chroma_at(plane, 1, y);
    } else if x == 2 {
        sum = 3835 * chroma_at(plane, 0, y) + 13894 * chroma_at(plane, 1, y) - 1345 * chroma_at(plane, 2, y);
    } else if (x & 1) == 0 {
        sum = -461 * chroma_at(plane, k - 2, y) + 3943 * chroma_at(plane, k - 1, y)
            + 14284 * chroma_at(plane, k, y) - 1382 * chroma_at(plane, k + 1, y);
    } else {
        sum = -1382 * chroma_at(plane, k - 1, y) + 14284 * chroma_at(plane, k, y)
            + 3943 * chroma_at(plane, k + 1, y) - 461 * chroma_at(plane, k + 2, y);
    }
    return min(sum >> 7u, 32767);
}

fn chroma_of(plane: u32, x: i32, y: i32) -> i32 {
    let k = y >> 1u;
    var sum = 512 - (128 << 19u);
    if y == 0 {
        sum += 4432 * across(plane, x, 0) - 336 * across(plane, x, 1);
    } else if y == 2 {
        sum += 959 * across(plane, x, 0) + 3473 * across(plane, x, 1) - 336 * across(plane, x, 2);
    } else if (y & 1) == 0 {
        sum += -115 * across(plane, x, k - 2) + 985 * across(plane, x, k - 1)
            + 3572 * across(plane, x, k) - 346 * across(plane, x, k + 1);
    } else {
        sum += -346 * across(plane, x, k - 1) + 3572 * across(plane, x, k)
            + 985 * across(plane, x, k + 1) - 115 * across(plane, x, k + 2);
    }
    return sum >> 10u;
}

fn cut_30(value: i32) -> u32 {
    if (bitcast<u32>(value) & 0xc0000000u) != 0u {
        return select(255u, 0u, value < 0);
    }
    return bitcast<u32>(value) >> 22u;
}

// The pixel of a canvas. Numbers 4-9: offset and factor of luma, factors of Cr in red and green, of Cb
// in green and blue.
fn pixel_of(x: u32, y: u32) -> vec3<u32> {
    let place = y * 8u * tiles_across() + x;
    let luma = i32(byte(first[place / 4u], place & 3u));
    let u = chroma_of(0u, i32(x), i32(y));
    let v = chroma_of(1u, i32(x), i32(y));
    let lit = ((luma << 9u) - int(4u)) * int(5u) + (1 << 21u);
    return vec3<u32>(
        cut_30(lit + v * int(6u)),
        cut_30(lit + v * int(7u) + u * int(8u)),
        cut_30(lit + u * int(9u)),
    );
}

@compute @workgroup_size(8, 8)
fn pixels_of_canvas(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= width() || id.y >= height() {
        return;
    }
    target_[id.y * width() + id.x] = packed(vec4<u32>(pixel_of(id.x, id.y), 255u));
}

// The layer that was painted on black (first) and on white (second), both as pixels: its opacity is what
// it takes from the difference of the two greens.
@compute @workgroup_size(8, 8)
fn matted(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= width() || id.y >= height() {
        return;
    }
    let place = id.y * width() + id.x;
    let black = bytes(first[place]);
    let white = bytes(second[place]);
    let alpha = 255u - (max(white.y, black.y) - black.y);
    target_[place] = limited(vec4<u32>(black.xyz, alpha));
}

// Pixels `first`, held beyond their edges, times a row of the matrix, as 14-bit values.
fn weighed(x: i32, y: i32, row: u32, offset: i32) -> i32 {
    let column = u32(clamp(x, 0, i32(width()) - 1));
    let line = u32(clamp(y, 0, i32(height()) - 1));
    let pixel = vec3<i32>(bytes(first[line * width() + column]).xyz);
    return (int(row) * pixel.x + int(row + 1u) * pixel.y + int(row + 2u) * pixel.z + offset) >> 9u;
}

fn halved_across(x: i32, y: i32, row: u32) -> i32 {
    let k = 2 * x;
    let offset = (256 << 14u) + 256;
    let sum = -230 * (weighed(k - 3, y, row, offset) + weighed(k + 4, y, row, offset))
        - 692 * (weighed(k - 2, y, row, offset) + weighed(k + 3, y, row, offset))
        + 1972 * (weighed(k - 1, y, row, offset) + weighed(k + 2, y, row, offset))
        + 7142 * (weighed(k, y, row, offset) + weighed(k + 1, y, row, offset));
    return min(sum >> 13u, 32767);
}

fn halved(x: i32, y: i32, row: u32) -> u32 {
    let k = 2 * y;
    let sum = (64 << 12u)
        - 58 * (halved_across(x, k - 3, row) + halved_across(x, k + 4, row))
        - 172 * (halved_across(x, k - 2, row) + halved_across(x, k + 3, row))
        + 492 * (halved_across(x, k - 1, row) + halved_across(x, k + 2, row))
        + 1786 * (halved_across(x, k, row) + halved_across(x, k + 1, row));
    return u32(clamp(sum >> 19u, 0, 255));
}

// A canvas of pixels (first) of its size, all of them solid: nothing when the flag is set. Numbers 4-12:
// the rows of the matrix for Y', Cb, Cr.
@compute @workgroup_size(8, 8)
fn canvas_of_pixels(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_tile(id.xy) || atomicLoad(&flag[0]) != 0u {
        return;
    }
    let at = id.xy;
    var tile: Tile;
    let offset = (32 << 14u) + 256;
    for (var row = 0u; row < 2u; row++) {
        for (var part = 0u; part < 2u; part++) {
            var samples: vec4<u32>;
            for (var lane = 0u; lane < 4u; lane++) {
                let x = i32(8u * at.x + 4u * part + lane);
                let value = 2 * weighed(x, i32(2u * at.y + row), 4u, offset);
                samples[lane] = u32(clamp((value + 64) >> 7u, 0, 255));
            }
            tile.luma[row][part] = word_of(samples);
        }
        var samples: vec4<u32>;
        for (var lane = 0u; lane < 4u; lane++) {
            samples[lane] = halved(i32(4u * at.x + lane), i32(at.y), 7u + 3u * row);
        }
        tile.chroma[row] = word_of(samples);
    }
    put_tile(at, tile);
}

// A planar layer of pixels (first) with the first of them at an odd or even place. Numbers 4-7: their
// rectangle; 8-10: the row for luma, 11: black; 12-14 and 15-17: the rows for chroma.
@compute @workgroup_size(8, 8)
fn layer_of_pixels(@builtin(global_invocation_id) id: vec3<u32>) {
    let x0 = int(4u);
    let y0 = int(5u);
    let x1 = int(6u);
    let y1 = int(7u);
    let bx = i32(id.x) + (x0 >> 1u);
    let by = i32(id.y) + (y0 >> 1u);
    if bx >= (x1 + 1) >> 1u || by >= (y1 + 1) >> 1u {
        return;
    }
    let columns = x1 - x0;
    let luma_count = u32(columns * (y1 - y0));
    let block_columns = u32(((x1 + 1) >> 1u) - (x0 >> 1u));
    let block_rows = u32(((y1 + 1) >> 1u) - (y0 >> 1u));
    var sums = vec4<i32>(0);
    for (var k = 0; k < 4; k++) {
        let x = 2 * bx + (k & 1);
        let y = 2 * by + (k >> 1u);
        if x < x0 || x >= x1 || y < y0 || y >= y1 {
            continue;
        }
        let place = u32((y - y0) * columns + x - x0);
        let pixel = vec4<i32>(bytes(first[place]));
        sums += pixel;
        let sum = int(8u) * pixel.x + int(9u) * pixel.y + int(10u) * pixel.z + ((int(11u) * pixel.w) << 14u);
        let weighted = clamp((sum + 8192) >> 14u, 0, 255 * pixel.w);
        target_[place] = u32(weighted) | (u32(pixel.w) << 16u);
    }
    let total = sums.w;
    let opacity = (total + 2) / 4;
    var values: array<u32, 2>;
    for (var plane = 0u; plane < 2u; plane++) {
        let row = 12u + 3u * plane;
        let sum = int(row) * sums.x + int(row + 1u) * sums.y + int(row + 2u) * sums.z + ((128 * total) << 12u);
        let value = (sum + 2048) >> 12u;
        var weighted = 0;
        if total == 1020 {
            weighted = (value + 2) >> 2u;
        } else if total != 0 {
            weighted = (value * opacity + total / 2) / total;
        }
        values[plane] = u32(clamp(weighted, 0, 255 * opacity));
    }
    let place = luma_count + id.y * block_columns + id.x;
    target_[place] = values[0] | (values[1] << 16u);
    target_[place + block_columns * block_rows] = u32(opacity);
}
