//! Letters of five by seven dots, as on the display of a camera or a recorder.

/// Columns and rows of a letter; a letter takes one column more, as the gap to the next.
const SIZE: (i32, i32) = (5, 7);

/// Rows of a letter, top first, its five columns in the lower bits, leftmost highest.
const fn rows(letter: u8) -> [u8; 7] {
    match letter {
        b'0' => [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        b'1' => [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        b'2' => [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
        b'3' => [0b01110, 0b10001, 0b00001, 0b00110, 0b00001, 0b10001, 0b01110],
        b'4' => [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        b'5' => [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        b'6' => [0b01110, 0b10000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        b'7' => [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        b'8' => [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        b'9' => [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00001, 0b01110],
        b'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        b'C' => [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110],
        b'E' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
        b'L' => [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
        b'P' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        b'R' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        b'S' => [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        b'Y' => [0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100],
        b':' => [0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000],
        // A triangle that points to the right.
        b'>' => [0b10000, 0b11000, 0b11100, 0b11110, 0b11100, 0b11000, 0b10000],
        _ => [0; 7],
    }
}

/// Whether the text has ink at `(x, y)`, counted in dots from its upper left corner.
pub(super) fn ink(text: &[u8], x: f32, y: f32) -> bool {
    let (column, row) = (x.floor() as i32, y.floor() as i32);
    if column < 0 || !(0..SIZE.1).contains(&row) {
        return false;
    }
    let (letter, column) = (column / (SIZE.0 + 1), column % (SIZE.0 + 1));
    let Some(letter) = text.get(letter as usize) else { return false };
    column < SIZE.0 && rows(*letter)[row as usize] >> (SIZE.0 - 1 - column) & 1 == 1
}

/// Number of letters, then the rows of each, as [`rows`] has them.
pub(crate) fn dots(text: &[u8]) -> Vec<u32> {
    let letters = text.iter().flat_map(|letter| rows(*letter)).map(u32::from);
    std::iter::once(text.len() as u32).chain(letters).collect()
}

/// Width of a text in dots.
pub(super) fn width(text: &[u8]) -> f32 {
    (text.len() as i32 * (SIZE.0 + 1) - 1) as f32
}

/// Minutes, seconds and frames at 30 frames a second, as `00:00:00`.
pub(crate) fn counter(frame: u32) -> [u8; 8] {
    let digits = |n: u32| [b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8];
    let (minutes, seconds, frames) =
        (digits(frame / 1800 % 100), digits(frame / 30 % 60), digits(frame % 30));
    [minutes[0], minutes[1], b':', seconds[0], seconds[1], b':', frames[0], frames[1]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_from_their_dots() {
        let line =
            |y: f32| (0..17).map(|x| if ink(b"PL1", x as f32, y) { '#' } else { '.' }).collect::<String>();
        assert_eq!(line(0.5), "####..#.......#..");
        assert_eq!(line(6.9), "#.....#####..###.");
        assert_eq!(line(7.0), ".................");
        assert_eq!((width(b"PL1"), &counter(1800 + 61)), (17.0, b"01:02:01"));
    }
}
