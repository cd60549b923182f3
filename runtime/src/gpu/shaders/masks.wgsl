// Masked transitions: the first canvas, the second canvas, and at each place a share of the second.
// Numbers 4: the kind; 5: progress.
//
// Kind 0 is a product of a column's and a row's share. Numbers from 6: rows of a band, and for even bands
// the columns' shares, then for odd bands, then the rows' shares.

const FULL: u32 = 32768u;

fn share(value: f32) -> u32 {
    return u32(clamp(value, 0.0, 1.0) * 32768.0 + 0.5);
}

fn smooth_step(value: f32) -> f32 {
    let t = clamp(value, 0.0, 1.0);
    return t * t * (3.0 - 2.0 * t);
}

fn bars(x: u32, y: u32) -> u32 {
    let band = (y / numbers[6]) % 2u;
    let column = numbers[7u + band * width() + x];
    let row = numbers[7u + 2u * width() + y];
    return (column * row + 16384u) >> 15u;
}

fn first_octant(p: vec2<f32>) -> vec2<f32> {
    var q = p;
    if p.x >= 0.0 {
        if p.y >= 0.0 {
            q = vec2<f32>(p.y, -p.x);
        }
    } else if p.y >= 0.0 {
        q = vec2<f32>(-p.x, -p.y);
    } else {
        q = vec2<f32>(-p.y, p.x);
    }
    if q.x <= -q.y {
        return q;
    }
    return vec2<f32>((q.x + q.y) * 0.70710678, (q.y - q.x) * 0.70710678);
}

fn length_of(x: f32, y: f32) -> f32 {
    return sqrt(x * x + y * y);
}

fn heart(x: f32, y0: f32) -> f32 {
    let y = y0 + 0.12;
    let xx = x * x;
    let yy = y * y;
    if xx + yy > 4.0 {
        return 1.5 - length_of(x, y);
    }
    let q = xx + yy - 1.0;
    let value = q * q * q - xx * yy * y;
    let dx = 6.0 * x * q * q - 2.0 * x * yy * y;
    let dy = 6.0 * y * q * q - 3.0 * xx * yy;
    return -value / max(length_of(dx, dy), 1e-3);
}

fn stroke(across: f32, away: f32, p: f32, seed: u32) -> f32 {
    let line = floor(across);
    let begin = 0.58 * away + 0.28 * unit(u32(i32(line)), seed);
    let pressed = clamp((p - begin) / 0.14, 0.0, 1.0);
    if pressed <= 0.0 {
        return -1.0;
    }
    if pressed >= 1.0 {
        return 1.0;
    }
    return 0.55 * pressed - abs(across - line - 0.5);
}

// What the CPU computes once for the frame is given as numbers from 6 on; 6 and 7 are the middle.
fn field(px: u32, py: u32) -> u32 {
    let x = f32(px) + 0.5;
    let y = f32(py) + 0.5;
    let p = float(5u);
    let mx = x - float(6u);
    let my = y - float(7u);
    switch numbers[4] {
        // diagonal_wipe: normal, edge
        case 1u: {
            return share(float(10u) - (x * float(8u) + y * float(9u)) + 0.5);
        }
        // iris: radius
        case 2u: {
            return share(float(8u) - length_of(mx, my) + 0.5);
        }
        // circle_open: edge, softness
        case 3u: {
            return share(smooth_step((float(8u) - length_of(mx, my)) / float(9u)));
        }
        // gradient_wipe: edge, softness
        case 4u: {
            return share(smooth_step((float(8u) - x) / float(9u)));
        }
        // angular: where the hand points
        case 5u: {
            let behind = mx * float(9u) - my * float(8u);
            return share(select(max(mx, behind), min(mx, behind), p <= 0.5) + 0.5);
        }
        // pinwheel: where the blade's edge points
        case 6u: {
            let q = first_octant(vec2<f32>(mx, my));
            return share(min(q.x, q.x * float(9u) - q.y * float(8u)) + 0.5);
        }
        // heart: size
        case 7u: {
            let scale = float(8u);
            return share(heart(mx / scale, -my / scale) * scale + 0.5);
        }
        // crosshatch: gap, reach
        case 8u: {
            let gap = float(8u);
            let away = length_of(mx, my) / float(9u);
            let falling = stroke((mx * 0.643 + my * 0.766) / gap, away, p, 17u) * gap;
            let rising = stroke((mx * 0.643 - my * 0.766) / gap, away, p, 71u) * gap;
            return share(max(falling, rising) + 0.5);
        }
        // squares_wire: side of a cell
        default: {
            let side = float(8u);
            let column = floor(x / side);
            let row = floor(y / side);
            let at = (column * side / f32(width()) + row * side / f32(height())) / 2.0;
            let size = clamp((p * 1.6 - at) / 0.6, 0.0, 1.0);
            let off = max(abs(x - (column + 0.5) * side), abs(y - (row + 0.5) * side));
            let margin = select(0.5, 1.0, size >= 1.0);
            return share(size * side / 2.0 - off + margin);
        }
    }
}

fn share_at(x: u32, y: u32) -> u32 {
    if numbers[4] == 0u {
        return bars(x, y);
    }
    return field(x, y);
}

fn mixed(x: vec4<u32>, y: vec4<u32>, shares: vec4<u32>) -> u32 {
    let sum = x * (FULL - shares) + y * shares + 16384u;
    return word_of(sum >> vec4<u32>(15u));
}

@compute @workgroup_size(8, 8)
fn mix_masked(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_tile(id.xy) {
        return;
    }
    let at = id.xy;
    let a = first_tile(at);
    let b = second_tile(at);
    var shares: array<array<u32, 8>, 2>;
    for (var row = 0u; row < 2u; row++) {
        let y = min(2u * at.y + row, height() - 1u);
        for (var column = 0u; column < 8u; column++) {
            // Columns beyond the last one repeat it, as the mean of a half block does.
            shares[row][column] = share_at(min(8u * at.x + column, width() - 1u), y);
        }
    }
    var tile: Tile;
    for (var row = 0u; row < 2u; row++) {
        for (var half = 0u; half < 2u; half++) {
            let s = shares[row];
            let k = 4u * half;
            let own = vec4<u32>(s[k], s[k + 1u], s[k + 2u], s[k + 3u]);
            tile.luma[row][half] = mixed(bytes(a.luma[row][half]), bytes(b.luma[row][half]), own);
        }
    }
    var means: vec4<u32>;
    for (var lane = 0u; lane < 4u; lane++) {
        let k = 2u * lane;
        means[lane] = (shares[0][k] + shares[0][k + 1u] + shares[1][k] + shares[1][k + 1u] + 2u) / 4u;
    }
    for (var plane = 0u; plane < 2u; plane++) {
        tile.chroma[plane] = mixed(bytes(a.chroma[plane]), bytes(b.chroma[plane]), means);
    }
    put_tile(at, tile);
}

// The same of two pictures.
@compute @workgroup_size(8, 8)
fn mix_pictures(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= width() || id.y >= height() {
        return;
    }
    let place = id.y * width() + id.x;
    let share = share_at(id.x, id.y);
    let both = bytes(first[place]) * (FULL - share) + bytes(second[place]) * share + 16384u;
    target_[place] = limited(both >> vec4<u32>(15u));
}
