// Kernels on canvases, in the canvas's own eight-bit planes.

// Numbers 4-6: a sample of each plane, four times over.
@compute @workgroup_size(8, 8)
fn fill(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_tile(id.xy) {
        return;
    }
    var tile: Tile;
    tile.luma[0] = vec2<u32>(numbers[4]);
    tile.luma[1] = vec2<u32>(numbers[4]);
    tile.chroma[0] = numbers[5];
    tile.chroma[1] = numbers[6];
    put_tile(id.xy, tile);
}

// `below * (255 - alpha) + weighted`, or that at an opacity in 65536ths.
fn painted(below: u32, weighted: u32, alpha: u32, opacity: u32) -> u32 {
    if opacity == 65536u {
        return over_255(below * (255u - alpha) + weighted);
    }
    let rest = (255u << 16u) - alpha * opacity;
    let sum = below * rest + weighted * opacity + (255u << 15u);
    return ((sum >> 16u) * 0x8081u) >> 23u;
}

// A planar layer on the canvas. First: for each luma sample of the layer its weighted value and, in the
// upper half, its opacity; then for each chroma sample weighted Cb and Cr; then the chroma's opacities.
// Numbers 4-7: the layer's rectangle; 8: opacity; 9: 1 when it is painted only if the flag is set.
@compute @workgroup_size(8, 8)
fn blend(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_tile(id.xy) {
        return;
    }
    if numbers[9] == 1u && atomicLoad(&flag[0]) == 0u {
        return;
    }
    let at = id.xy;
    let x0 = int(4u);
    let y0 = int(5u);
    let x1 = int(6u);
    let y1 = int(7u);
    let opacity = numbers[8];
    let left = i32(8u * at.x);
    let top = i32(2u * at.y);
    if left + 8 <= x0 || left >= x1 || top + 2 <= y0 || top >= y1 {
        return;
    }
    var tile = target_tile(at);
    let columns = x1 - x0;
    for (var row = 0u; row < 2u; row++) {
        let y = top + i32(row);
        if y < y0 || y >= y1 {
            continue;
        }
        var words = tile.luma[row];
        for (var half = 0u; half < 2u; half++) {
            var samples = bytes(words[half]);
            for (var lane = 0u; lane < 4u; lane++) {
                let x = left + i32(4u * half + lane);
                if x >= x0 && x < x1 {
                    let layer = first[u32((y - y0) * columns + x - x0)];
                    samples[lane] = painted(samples[lane], layer & 0xffffu, layer >> 16u, opacity);
                }
            }
            words[half] = word_of(samples);
        }
        tile.luma[row] = words;
    }
    // Halves rounded down and up: arithmetic shifts.
    let cx0 = x0 >> 1u;
    let cy0 = y0 >> 1u;
    let cx1 = (x1 + 1) >> 1u;
    let cy1 = (y1 + 1) >> 1u;
    let cy = i32(at.y);
    if cy >= cy0 && cy < cy1 {
        let luma_count = u32(columns * (y1 - y0));
        let chroma_columns = cx1 - cx0;
        let chroma_count = u32(chroma_columns * (cy1 - cy0));
        var blue = bytes(tile.chroma[0]);
        var red = bytes(tile.chroma[1]);
        for (var lane = 0u; lane < 4u; lane++) {
            let cx = i32(4u * at.x + lane);
            if cx >= cx0 && cx < cx1 {
                let place = u32((cy - cy0) * chroma_columns + cx - cx0);
                let layer = first[luma_count + place];
                let alpha = first[luma_count + chroma_count + place];
                blue[lane] = painted(blue[lane], layer & 0xffffu, alpha, opacity);
                red[lane] = painted(red[lane], layer >> 16u, alpha, opacity);
            }
        }
        tile.chroma[0] = word_of(blue);
        tile.chroma[1] = word_of(red);
    }
    put_tile(at, tile);
}

// Another canvas copied to an even place. First: that canvas. Numbers 4-7: its columns of tiles, rows of
// tiles, width and height; 8 and 9: the place.
@compute @workgroup_size(8, 8)
fn patch_in(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_tile(id.xy) {
        return;
    }
    let at = id.xy;
    let across = numbers[4];
    let down = numbers[5];
    let own_width = i32(numbers[6]);
    let own_height = i32(numbers[7]);
    let x0 = int(8u);
    let y0 = int(9u);
    var tile = target_tile(at);
    for (var row = 0u; row < 2u; row++) {
        let y = i32(2u * at.y + row) - y0;
        if y < 0 || y >= own_height {
            continue;
        }
        var words = tile.luma[row];
        for (var half = 0u; half < 2u; half++) {
            var samples = bytes(words[half]);
            for (var lane = 0u; lane < 4u; lane++) {
                let x = i32(8u * at.x + 4u * half + lane) - x0;
                if x >= 0 && x < own_width {
                    let place = u32(y) * 8u * across + u32(x);
                    samples[lane] = byte(first[place / 4u], place & 3u);
                }
            }
            words[half] = word_of(samples);
        }
        tile.luma[row] = words;
    }
    let cy = i32(at.y) - y0 / 2;
    if cy >= 0 && cy < (own_height + 1) / 2 {
        for (var plane = 0u; plane < 2u; plane++) {
            var samples = bytes(tile.chroma[plane]);
            for (var lane = 0u; lane < 4u; lane++) {
                let cx = i32(4u * at.x + lane) - x0 / 2;
                if cx >= 0 && cx < (own_width + 1) / 2 {
                    let word = (4u + plane) * across * down + u32(cy) * across + u32(cx) / 4u;
                    samples[lane] = byte(first[word], u32(cx) & 3u);
                }
            }
            tile.chroma[plane] = word_of(samples);
        }
    }
    put_tile(at, tile);
}

fn mixed_word(x: u32, y: u32, weight: u32) -> u32 {
    let sum = bytes(x) * (65536u - weight) + bytes(y) * weight + 32768u;
    return word_of(sum >> vec4<u32>(16u));
}

// A dissolve: the first canvas, the second canvas, number 4 the weight in 65536ths.
@compute @workgroup_size(8, 8)
fn mix_canvases(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_tile(id.xy) {
        return;
    }
    let a = first_tile(id.xy);
    let b = second_tile(id.xy);
    let weight = numbers[4];
    var tile: Tile;
    for (var row = 0u; row < 2u; row++) {
        tile.luma[row] = vec2<u32>(
            mixed_word(a.luma[row].x, b.luma[row].x, weight),
            mixed_word(a.luma[row].y, b.luma[row].y, weight),
        );
        tile.chroma[row] = mixed_word(a.chroma[row], b.chroma[row], weight);
    }
    put_tile(id.xy, tile);
}

// Towards one colour: numbers 4-6 a sample of each plane four times over, 7 the weight in 65536ths.
@compute @workgroup_size(8, 8)
fn tint(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_tile(id.xy) {
        return;
    }
    var tile = target_tile(id.xy);
    let weight = numbers[7];
    for (var row = 0u; row < 2u; row++) {
        tile.luma[row] = vec2<u32>(
            mixed_word(tile.luma[row].x, numbers[4], weight),
            mixed_word(tile.luma[row].y, numbers[4], weight),
        );
        tile.chroma[row] = mixed_word(tile.chroma[row], numbers[5u + row], weight);
    }
    put_tile(id.xy, tile);
}
