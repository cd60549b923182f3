// A picture (first) seen through a projection, as `raster::project` defines it: Catmull-Rom over 4 x 4
// pixels, places in 1/256 of a pixel.
//
// Numbers 0-3: first column and row, columns and rows of the result; 4, 5: size of the picture; 6: places
// looked up across and down a pixel; 7: 1 where places are products of tables, 0 where they are divided.
// 8-16: the map back for the middle of a pixel counted from the result's first, row by row.
// Second: four weights for each of 256 phases; then, for tables, what each column adds to u and to v, and
// what each row does: whole 1/256 of a pixel, and 2^-32 of one.

fn weight(phase: u32, k: u32) -> i32 {
    return bitcast<i32>(second[4u * phase + k]);
}

fn tap(x: i32, y: i32) -> vec4<i32> {
    let column = clamp(x, 0, int(4u) - 1);
    let row = clamp(y, 0, int(5u) - 1);
    return vec4<i32>(bytes(first[u32(row) * numbers[4] + u32(column)]));
}

fn inside(at: i32, length: i32) -> i32 {
    return clamp(min(at + 128, length * 256 - at + 128), 0, 256);
}

// The picture at a place in 1/256 of a pixel.
fn look(u0: i32, v0: i32) -> vec4<u32> {
    let cover = inside(u0, int(4u)) * inside(v0, int(5u));
    if cover == 0 {
        return vec4<u32>(0u);
    }
    let u = u0 - 128;
    let v = v0 - 128;
    let x = u >> 8u;
    let y = v >> 8u;
    let across = u32(u & 255);
    let down = u32(v & 255);
    var sums = vec4<i32>(0);
    for (var i = 0; i < 4; i++) {
        var column = vec4<i32>(0);
        for (var j = 0; j < 4; j++) {
            column += tap(x - 1 + i, y - 1 + j) * weight(down, u32(j));
        }
        sums += (column >> vec4<u32>(4u)) * weight(across, u32(i));
    }
    let found = vec4<u32>(clamp((sums + (1 << 19u)) >> vec4<u32>(20u), vec4<i32>(0), vec4<i32>(255)));
    if cover == 65536 {
        return found;
    }
    return (found * u32(cover) + 32768u) >> vec4<u32>(16u);
}

// Entry `at` of the tables added to entry `also`: whole 1/256 of a pixel.
fn added(at: u32, also: u32) -> i32 {
    let x = second[1024u + 2u * at + 1u];
    let y = second[1024u + 2u * also + 1u];
    let sum = x + y;
    let carry = select(0, 1, sum < x);
    return bitcast<i32>(second[1024u + 2u * at]) + bitcast<i32>(second[1024u + 2u * also]) + carry;
}

fn place(value: f32) -> i32 {
    return i32(floor(clamp(value, -4e6, 4e6) * 256.0 + 0.5));
}

@compute @workgroup_size(8, 8)
fn project(@builtin(global_invocation_id) id: vec3<u32>) {
    let columns = numbers[2];
    let rows = numbers[3];
    if id.x >= columns || id.y >= rows {
        return;
    }
    let n = numbers[6];
    var sums = vec4<u32>(0u);
    for (var down = 0u; down < n; down++) {
        for (var across = 0u; across < n; across++) {
            if numbers[7] == 1u {
                let column = 2u * (n * id.x + across);
                let row = 2u * (n * columns + n * id.y + down);
                sums += look(added(column, row), added(column + 1u, row + 1u));
            } else {
                let x = f32(id.x) + (f32(across) + 0.5) / f32(n) - 0.5;
                let y = f32(id.y) + (f32(down) + 0.5) / f32(n) - 0.5;
                let w = float(14u) * x + float(15u) * y + float(16u);
                if w > 0.0 {
                    let u = (float(8u) * x + float(9u) * y + float(10u)) / w;
                    let v = (float(11u) * x + float(12u) * y + float(13u)) / w;
                    sums += look(place(u), place(v));
                }
            }
        }
    }
    let count = n * n;
    target_[id.y * columns + id.x] = limited((sums + count / 2u) / count);
}
