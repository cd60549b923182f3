// A canvas: three planes of bytes, four to a word. Columns and rows are padded so that one run of a
// kernel owns eight luma columns of two rows, and the four chroma samples of each kind below them.
// Numbers 0-3: columns of tiles, rows of tiles, width, height.

struct Tile {
    luma: array<vec2<u32>, 2>,
    chroma: array<u32, 2>,
}

fn tiles_across() -> u32 {
    return numbers[0];
}

fn tiles_down() -> u32 {
    return numbers[1];
}

fn width() -> u32 {
    return numbers[2];
}

fn height() -> u32 {
    return numbers[3];
}

fn is_tile(at: vec2<u32>) -> bool {
    return at.x < tiles_across() && at.y < tiles_down();
}

fn luma_word(at: vec2<u32>, row: u32) -> u32 {
    return (2u * at.y + row) * 2u * tiles_across() + 2u * at.x;
}

fn chroma_word(at: vec2<u32>, plane: u32) -> u32 {
    return (4u + plane) * tiles_across() * tiles_down() + at.y * tiles_across() + at.x;
}

fn target_tile(at: vec2<u32>) -> Tile {
    var tile: Tile;
    for (var row = 0u; row < 2u; row++) {
        let word = luma_word(at, row);
        tile.luma[row] = vec2<u32>(target_[word], target_[word + 1u]);
        tile.chroma[row] = target_[chroma_word(at, row)];
    }
    return tile;
}

fn first_tile(at: vec2<u32>) -> Tile {
    var tile: Tile;
    for (var row = 0u; row < 2u; row++) {
        let word = luma_word(at, row);
        tile.luma[row] = vec2<u32>(first[word], first[word + 1u]);
        tile.chroma[row] = first[chroma_word(at, row)];
    }
    return tile;
}

fn second_tile(at: vec2<u32>) -> Tile {
    var tile: Tile;
    for (var row = 0u; row < 2u; row++) {
        let word = luma_word(at, row);
        tile.luma[row] = vec2<u32>(second[word], second[word + 1u]);
        tile.chroma[row] = second[chroma_word(at, row)];
    }
    return tile;
}

fn put_tile(at: vec2<u32>, tile: Tile) {
    for (var row = 0u; row < 2u; row++) {
        let word = luma_word(at, row);
        target_[word] = tile.luma[row].x;
        target_[word + 1u] = tile.luma[row].y;
        target_[chroma_word(at, row)] = tile.chroma[row];
    }
}

// Luma sample `column` (0-7) of a row of a tile.
fn luma_of(tile: Tile, row: u32, column: u32) -> u32 {
    let words = tile.luma[row];
    return byte(select(words.y, words.x, column < 4u), column & 3u);
}

// Four samples as a word.
fn word_of(samples: vec4<u32>) -> u32 {
    return packed(samples);
}
