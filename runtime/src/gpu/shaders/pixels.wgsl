// What changes each pixel by itself, and what moves pixels by whole places. Numbers 0, 1: size of the
// result, a picture like the first unless a kernel says otherwise.

fn is_pixel(id: vec3<u32>) -> bool {
    return id.x < numbers[0] && id.y < numbers[1];
}

// A colour without its opacity, rounded to the nearest.
fn straightened(pixel: vec4<u32>) -> vec3<u32> {
    if pixel.w == 255u {
        return pixel.xyz;
    }
    return min((pixel.xyz * 255u + pixel.w / 2u) / pixel.w, vec3<u32>(255u));
}

fn with_opacity(color: vec3<f32>, alpha: u32) -> u32 {
    let value = clamp(color * f32(alpha) + 0.5, vec3<f32>(0.0), vec3<f32>(255.0));
    return limited(vec4<u32>(vec3<u32>(value), alpha));
}

// Colour adjustments. Numbers 2-258: the curve; 258: 1 when the matrix of 259-267 follows it.
@compute @workgroup_size(8, 8)
fn adjust(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]);
    if pixel.w == 0u {
        target_[place] = first[place];
        return;
    }
    let code = straightened(pixel);
    var color = vec3<f32>(float(2u + code.x), float(2u + code.y), float(2u + code.z));
    if numbers[258] == 1u {
        let own = color;
        for (var row = 0u; row < 3u; row++) {
            let at = 259u + 3u * row;
            color[row] = clamp(
                float(at) * own.x + float(at + 1u) * own.y + float(at + 2u) * own.z, 0.0, 1.0);
        }
    }
    target_[place] = with_opacity(color, pixel.w);
}

fn row_of(at: u32) -> vec3<f32> {
    return vec3<f32>(
        bitcast<f32>(second[3u * at]), bitcast<f32>(second[3u * at + 1u]), bitcast<f32>(second[3u * at + 2u]));
}

// A colour table (second: rows of three). Numbers 2: share; 3: 1 for a cube; 4: its side, or rows of the
// curves; 5-7 and 8-10: the domain.
@compute @workgroup_size(8, 8)
fn lut(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]);
    if pixel.w == 0u {
        target_[place] = first[place];
        return;
    }
    let own = vec3<f32>(straightened(pixel)) / 255.0;
    let side = numbers[4];
    var step: vec3<u32>;
    var part: vec3<f32>;
    for (var i = 0u; i < 3u; i++) {
        let at = clamp((own[i] - float(5u + i)) / (float(8u + i) - float(5u + i)), 0.0, 1.0) * f32(side - 1u);
        step[i] = min(u32(at), side - 2u);
        part[i] = at - f32(step[i]);
    }
    var found: vec3<f32>;
    if numbers[3] == 1u {
        var strides = vec3<u32>(1u, side, side * side);
        var order = vec3<u32>(0u, 1u, 2u);
        // Three exchanges sort three parts, greatest first; equal ones keep their order.
        if part[order.y] > part[order.x] {
            order = order.yxz;
        }
        if part[order.z] > part[order.y] {
            order = order.xzy;
        }
        if part[order.y] > part[order.x] {
            order = order.yxz;
        }
        var at = dot(step, strides);
        found = row_of(at);
        for (var k = 0u; k < 3u; k++) {
            let axis = order[k];
            let next = at + strides[axis];
            found += (row_of(next) - row_of(at)) * part[axis];
            at = next;
        }
    } else {
        for (var i = 0u; i < 3u; i++) {
            let low = row_of(step[i])[i];
            found[i] = low + (row_of(step[i] + 1u)[i] - low) * part[i];
        }
    }
    found = clamp(found, vec3<f32>(0.0), vec3<f32>(1.0));
    target_[place] = with_opacity(own + (found - own) * float(2u), pixel.w);
}

// Twice the picture less its blurred one (second). Number 2: amount.
@compute @workgroup_size(8, 8)
fn sharpen(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]);
    let value = vec4<f32>(pixel);
    let sharp = rounded(value + float(2u) * (value - vec4<f32>(bytes(second[place]))));
    target_[place] = limited(vec4<u32>(sharp.xyz, pixel.w));
}

// The lower 64 bits of a product, as low and high words.
fn product(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    let low_x = x.x & 0xffffu;
    let high_x = x.x >> 16u;
    let low_y = y.x & 0xffffu;
    let high_y = y.x >> 16u;
    let low = low_x * low_y;
    let middle = high_x * low_y + (low >> 16u);
    let other = low_x * high_y + (middle & 0xffffu);
    let high = high_x * high_y + (middle >> 16u) + (other >> 16u);
    return vec2<u32>((other << 16u) | (low & 0xffffu), high + x.x * y.y + x.y * y.x);
}

fn sum(x: vec2<u32>, y: vec2<u32>) -> vec2<u32> {
    let low = x.x + y.x;
    return vec2<u32>(low, x.y + y.y + select(0u, 1u, low < x.x));
}

fn shaken(z: vec2<u32>, by: u32) -> vec2<u32> {
    return z ^ vec2<u32>((z.x >> by) | (z.y << (32u - by)), z.y >> by);
}

// Grey noise. Number 2: strength; 3: the frame.
@compute @workgroup_size(8, 8)
fn noise(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]);
    var z = product(vec2<u32>(numbers[3], numbers[4]), vec2<u32>(0x7f4a7c15u, 0x9e3779b9u));
    z = sum(z, product(vec2<u32>(id.y, 0u), vec2<u32>(0xd192ed03u, 0xd1b54a32u)));
    z = sum(z, product(vec2<u32>(id.x, 0u), vec2<u32>(0x2f3d8dd7u, 0x8cb92ba7u)));
    z = product(shaken(z, 30u), vec2<u32>(0x1ce4e5b9u, 0xbf58476du));
    z = product(shaken(z, 27u), vec2<u32>(0x133111ebu, 0x94d049bbu));
    z = shaken(z, 31u);
    let spread = bytes(z.x);
    let total = spread.x + spread.y + spread.z + spread.w;
    let added = (f32(total) - 510.0) / 147.8 * float(2u) * f32(pixel.w);
    let value = rounded(vec4<f32>(pixel) + added);
    target_[place] = limited(vec4<u32>(value.xyz, pixel.w));
}

// Number 2: strength.
@compute @workgroup_size(8, 8)
fn vignette(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]);
    let half_size = vec2<f32>(f32(numbers[0]), f32(numbers[1])) / 2.0;
    let across = (f32(id.x) + 0.5 - half_size.x) / half_size.x;
    let down = (f32(id.y) + 0.5 - half_size.y) / half_size.y;
    let distance_ = sqrt((across * across + down * down) / 2.0);
    let s = clamp((distance_ - 0.3) / 0.7, 0.0, 1.0);
    let kept = 1.0 - float(2u) * s * s * (3.0 - 2.0 * s);
    let value = rounded(vec4<f32>(pixel) * kept);
    target_[place] = limited(vec4<u32>(value.xyz, pixel.w));
}

// Towards a colour. Numbers 2-4: the colour; 5: share.
@compute @workgroup_size(8, 8)
fn overlay_color(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]);
    if pixel.w == 0u {
        target_[place] = first[place];
        return;
    }
    let value = vec3<f32>(straightened(pixel)) / 255.0;
    let wanted = vec3<f32>(float(2u), float(3u), float(4u));
    target_[place] = with_opacity(value + (wanted - value) * float(5u), pixel.w);
}

// Corners and border. Second: for each pixel its share, and the border's pixel above it.
@compute @workgroup_size(8, 8)
fn framed(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]);
    let whole = second[2u * place];
    let ring = bytes(second[2u * place + 1u]);
    var made: vec4<u32>;
    for (var c = 0u; c < 4u; c++) {
        made[c] = min(ring[c] + mul_255(mul_255(pixel[c], whole), 255u - ring.w), 255u);
    }
    target_[place] = limited(made);
}

// The first picture with its pixel (0, 0) at numbers 4, 5, clear around it; its size is 2, 3. With number
// 6 at 1, its opacity in all four channels; at 2, a colour (7-10) at its opacity.
@compute @workgroup_size(8, 8)
fn placed(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let x = i32(id.x) - int(4u);
    let y = i32(id.y) - int(5u);
    var pixel = 0u;
    if x >= 0 && y >= 0 && x < int(2u) && y < int(3u) {
        pixel = first[u32(y) * numbers[2] + u32(x)];
    }
    if numbers[6] == 1u {
        pixel = (pixel >> 24u) * 0x01010101u;
    } else if numbers[6] == 2u {
        let alpha = mul_255(pixel >> 24u, numbers[10]);
        pixel = packed(vec4<u32>(
            mul_255(numbers[7], alpha), mul_255(numbers[8], alpha), mul_255(numbers[9], alpha), alpha));
    }
    target_[id.y * numbers[0] + id.x] = pixel;
}

// A picture mirrored: number 2 left to right, 3 top to bottom.
@compute @workgroup_size(8, 8)
fn flipped(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let x = select(id.x, numbers[0] - 1u - id.x, numbers[2] == 1u);
    let y = select(id.y, numbers[1] - 1u - id.y, numbers[3] == 1u);
    target_[id.y * numbers[0] + id.x] = first[y * numbers[0] + x];
}

// One pixel (number 2) everywhere.
@compute @workgroup_size(8, 8)
fn flood(@builtin(global_invocation_id) id: vec3<u32>) {
    if is_pixel(id) {
        target_[id.y * numbers[0] + id.x] = numbers[2];
    }
}

// Cut to columns and rows. Second: a share for each column, then for each row.
@compute @workgroup_size(8, 8)
fn cut(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let share = bitcast<f32>(second[numbers[0] + id.y]) * bitcast<f32>(second[id.x]);
    if share < 1.0 {
        target_[place] = limited(rounded(vec4<f32>(bytes(first[place])) * share));
    } else {
        target_[place] = first[place];
    }
}

// A band of light. Number 2: its half width; 3: its strength. Second: for each column and each row how far
// it is from the band's middle.
@compute @workgroup_size(8, 8)
fn shimmer(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let away = bitcast<f32>(second[id.x]) + bitcast<f32>(second[numbers[0] + id.y]);
    let near = max(1.0 - abs(away) / float(2u), 0.0);
    let light = float(3u) * near * near * (3.0 - 2.0 * near);
    let pixel = bytes(first[place]);
    let value = vec4<f32>(pixel);
    let lit = rounded(value + (value.w - value) * light);
    target_[place] = limited(vec4<u32>(lit.xyz, pixel.w));
}

// Red to the left and blue to the right by number 2; the result is wider by twice that.
@compute @workgroup_size(8, 8)
fn split(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let shift = numbers[2];
    let own = numbers[0] - 2u * shift;
    var made = vec4<u32>(0u);
    for (var c = 0u; c < 3u; c++) {
        let x = i32(id.x) - i32(c * shift);
        if x >= 0 && x < i32(own) {
            let pixel = bytes(first[id.y * own + u32(x)]);
            made[c] = pixel[c];
            made.w = max(made.w, pixel.w);
        }
    }
    target_[id.y * numbers[0] + id.x] = limited(made);
}

// What is inside a box, seen through a pose. Numbers 2, 3: place of the first pixel; 4-12: the map back;
// 13-16: left, top, right, bottom.
fn back(x: f32, y: f32) -> vec3<f32> {
    let w = float(10u) * x + float(11u) * y + float(12u);
    if w <= 1e-4 {
        return vec3<f32>(0.0);
    }
    return vec3<f32>(
        (float(4u) * x + float(5u) * y + float(6u)) / w,
        (float(7u) * x + float(8u) * y + float(9u)) / w,
        1.0,
    );
}

@compute @workgroup_size(8, 8)
fn boxed(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let x = f32(int(2u) + i32(id.x)) + 0.5;
    let y = f32(int(3u) + i32(id.y)) + 0.5;
    let here = back(x, y);
    let across = back(x + 1.0, y);
    let down = back(x, y + 1.0);
    var share = 0.0;
    if here.z * across.z * down.z > 0.0 {
        let du = vec2<f32>(across.x - here.x, down.x - here.x);
        let dv = vec2<f32>(across.y - here.y, down.y - here.y);
        let over_u = max(sqrt(du.x * du.x + du.y * du.y), 1e-9);
        let over_v = max(sqrt(dv.x * dv.x + dv.y * dv.y), 1e-9);
        let in_u = min(here.x - float(13u), float(15u) - here.x) / over_u;
        let in_v = min(here.y - float(14u), float(16u) - here.y) / over_v;
        share = clamp(in_u + 0.5, 0.0, 1.0) * clamp(in_v + 0.5, 0.0, 1.0);
    }
    let part = u32(share * 255.0 + 0.5);
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]);
    target_[place] = packed(vec4<u32>(
        mul_255(pixel.x, part), mul_255(pixel.y, part), mul_255(pixel.z, part), mul_255(pixel.w, part)));
}

// What a matte (first) says, in all four channels. Numbers 2, 3: its size; 4, 5: its place; 6: 1 for its
// luma; 7: its opacity in 65536ths.
@compute @workgroup_size(8, 8)
fn matte(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let x = i32(id.x) - int(4u);
    let y = i32(id.y) - int(5u);
    var share = 0u;
    if x >= 0 && y >= 0 && x < int(2u) && y < int(3u) {
        let pixel = bytes(first[u32(y) * numbers[2] + u32(x)]);
        var says = pixel.w;
        if numbers[6] == 1u {
            says = (2126u * pixel.x + 7152u * pixel.y + 722u * pixel.z + 5000u) / 10000u;
        }
        share = (says * numbers[7] + 32768u) >> 16u;
    }
    target_[id.y * numbers[0] + id.x] = share * 0x01010101u;
}

// The first picture times the opacity of the second. Numbers 2: columns of the second; 3, 4: where the
// first lies in it; 5: 1 when the mask is inverted.
@compute @workgroup_size(8, 8)
fn masked(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let pixel = bytes(first[place]);
    var share = second[(id.y + numbers[4]) * numbers[2] + id.x + numbers[3]] >> 24u;
    if numbers[5] == 1u {
        share = 255u - share;
    }
    target_[place] = packed(vec4<u32>(
        mul_255(pixel.x, share), mul_255(pixel.y, share), mul_255(pixel.z, share), mul_255(pixel.w, share)));
}

// Between two pictures: numbers 2 a share in 32768ths.
@compute @workgroup_size(8, 8)
fn between(@builtin(global_invocation_id) id: vec3<u32>) {
    if !is_pixel(id) {
        return;
    }
    let place = id.y * numbers[0] + id.x;
    let share = numbers[2];
    let both = bytes(first[place]) * (32768u - share) + bytes(second[place]) * share + 16384u;
    target_[place] = limited(both / 32768u);
}

// Sets the flag when a pixel of the first is not solid.
@compute @workgroup_size(8, 8)
fn find_clear(@builtin(global_invocation_id) id: vec3<u32>) {
    if is_pixel(id) && (first[id.y * numbers[0] + id.x] >> 24u) != 255u {
        atomicOr(&flag[0], 1u);
    }
}
