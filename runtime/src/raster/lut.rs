//! Colour look-up tables: `.cube` files, read and applied.
//!
//! The format is Adobe's Cube LUT specification 1.0: keywords `TITLE`, `DOMAIN_MIN`, `DOMAIN_MAX` and
//! `LUT_1D_SIZE` or `LUT_3D_SIZE`, then that many rows of red, green and blue, red running fastest;
//! `#` begins a comment. Unknown keywords are passed over, as the specification asks.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Largest side of a three-dimensional table.
pub const MAX_LUT_SIDE: usize = 129;
/// Longest one-dimensional table.
pub const MAX_LUT_LENGTH: usize = 65_536;
/// Largest file that is read: a row of the largest table may take 60 bytes.
pub const MAX_LUT_BYTES: u64 = 60 * (MAX_LUT_SIDE * MAX_LUT_SIDE * MAX_LUT_SIDE) as u64;

/// A table that maps colours to colours.
#[derive(Clone, PartialEq, Debug)]
pub struct Lut {
    /// Colours 0–1 of the first and last row on each axis.
    domain: [[f32; 3]; 2],
    table: Table,
}

#[derive(Clone, PartialEq, Debug)]
enum Table {
    /// One curve a channel.
    Curves(Vec<[f32; 3]>),
    /// `side`³ colours, red fastest.
    Cube { side: usize, colors: Vec<[f32; 3]> },
}

/// A look-up table that could not be had from a file.
#[derive(Debug, thiserror::Error)]
#[error("`{}` {problem}", path.display())]
pub struct LutError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it; reads on from the file's name.
    pub problem: LutProblem,
}

/// Why bytes are no look-up table.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each variant says what its fields are")]
pub enum LutProblem {
    #[error("cannot be read: {0}")]
    Unreadable(#[source] std::io::Error),
    #[error("is larger than the limit of {MAX_LUT_BYTES} bytes for a colour table")]
    FileTooLarge,
    #[error("is no colour table: it has neither `LUT_1D_SIZE` nor `LUT_3D_SIZE`")]
    NoSize,
    #[error("has no valid number in line {line}")]
    NotANumber { line: usize },
    #[error("has a table of size {size}; {low} to {high} are read")]
    Size { size: String, low: usize, high: usize },
    #[error("has {found} rows of colours where {wanted} belong")]
    Rows { found: usize, wanted: usize },
    #[error("has a domain that does not ascend")]
    Domain,
}

/// Reads a `.cube` file.
///
/// # Errors
/// A [`LutProblem`] with the path.
pub fn load_lut(path: &Path) -> Result<Lut, LutError> {
    read(path)
        .and_then(|bytes| Lut::parse(&String::from_utf8_lossy(&bytes)))
        .map_err(|problem| LutError { path: path.to_owned(), problem })
}

fn read(path: &Path) -> Result<Vec<u8>, LutProblem> {
    let file = File::open(path).map_err(LutProblem::Unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_LUT_BYTES + 1).read_to_end(&mut bytes).map_err(LutProblem::Unreadable)?;
    if bytes.len() as u64 > MAX_LUT_BYTES { Err(LutProblem::FileTooLarge) } else { Ok(bytes) }
}

impl Lut {
    /// Reads the text of a `.cube` file.
    ///
    /// # Errors
    /// Whatever is wrong with it.
    pub fn parse(text: &str) -> Result<Self, LutProblem> {
        let mut domain = [[0.0; 3], [1.0; 3]];
        let mut size: Option<(bool, usize)> = None;
        let mut colors: Vec<[f32; 3]> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default().trim();
            let mut words = line.split_whitespace();
            let Some(first) = words.next() else { continue };
            match first {
                "LUT_1D_SIZE" | "LUT_3D_SIZE" => {
                    let is_cube = first == "LUT_3D_SIZE";
                    let high = if is_cube { MAX_LUT_SIDE } else { MAX_LUT_LENGTH };
                    let written = words.next().unwrap_or_default();
                    let given = written.parse().ok().filter(|size| (2..=high).contains(size));
                    let wrong = || LutProblem::Size { size: written.to_owned(), low: 2, high };
                    size = Some((is_cube, given.ok_or_else(wrong)?));
                }
                "DOMAIN_MIN" => domain[0] = triple(words, number)?,
                "DOMAIN_MAX" => domain[1] = triple(words, number)?,
                _ if first.starts_with(|c: char| c.is_ascii_alphabetic()) => {}
                _ => {
                    let wanted = rows_of(size.ok_or(LutProblem::NoSize)?);
                    if colors.len() == wanted {
                        return Err(LutProblem::Rows { found: wanted + 1, wanted });
                    }
                    colors.push(triple(line.split_whitespace(), number)?);
                }
            }
        }
        let size = size.ok_or(LutProblem::NoSize)?;
        let wanted = rows_of(size);
        if colors.len() != wanted {
            return Err(LutProblem::Rows { found: colors.len(), wanted });
        }
        if domain[0].iter().zip(domain[1]).any(|(low, high)| *low >= high) {
            return Err(LutProblem::Domain);
        }
        let table = match size {
            (true, side) => Table::Cube { side, colors },
            (false, _) => Table::Curves(colors),
        };
        Ok(Self { domain, table })
    }

    /// The colours of the first and last row, whether it is a cube, its side or number of rows, and its rows.
    pub(crate) fn parts(&self) -> ([[f32; 3]; 2], bool, usize, &[[f32; 3]]) {
        match &self.table {
            Table::Curves(rows) => (self.domain, false, rows.len(), rows),
            Table::Cube { side, colors } => (self.domain, true, *side, colors),
        }
    }

    /// What becomes of a colour, channels 0–1; what leaves 0–1 is cut off. Between the rows of a curve
    /// the value is on the straight line, between the colours of a cube in the tetrahedron around it.
    pub fn apply(&self, color: [f32; 3]) -> [f32; 3] {
        let last = match &self.table {
            Table::Curves(rows) => rows.len() - 1,
            Table::Cube { side, .. } => side - 1,
        };
        let place: [(usize, f32); 3] = std::array::from_fn(|i| {
            let [low, high] = [self.domain[0][i], self.domain[1][i]];
            let at = ((color[i] - low) / (high - low)).clamp(0.0, 1.0) * last as f32;
            // The last row belongs to the step before it.
            let first = (at as usize).min(last - 1);
            (first, at - first as f32)
        });
        let found = match &self.table {
            Table::Curves(rows) => std::array::from_fn(|i| {
                let (first, part) = place[i];
                rows[first][i] + (rows[first + 1][i] - rows[first][i]) * part
            }),
            Table::Cube { side, colors } => tetrahedron(*side, colors, place),
        };
        found.map(|channel| channel.clamp(0.0, 1.0))
    }
}

/// The four corners of a cell's tetrahedron around a place, mixed: from the cell's first corner along the
/// axes in the order of their parts, greatest first.
fn tetrahedron(side: usize, colors: &[[f32; 3]], place: [(usize, f32); 3]) -> [f32; 3] {
    let steps = [1, side, side * side];
    let mut order = [0, 1, 2];
    order.sort_by(|a, b| place[*b].1.total_cmp(&place[*a].1));
    let mut at = (0..3).map(|axis| place[axis].0 * steps[axis]).sum::<usize>();
    let mut found = colors[at];
    for axis in order {
        let next = at + steps[axis];
        for (channel, value) in found.iter_mut().enumerate() {
            *value += (colors[next][channel] - colors[at][channel]) * place[axis].1;
        }
        at = next;
    }
    found
}

fn rows_of((is_cube, size): (bool, usize)) -> usize {
    if is_cube { size * size * size } else { size }
}

fn triple<'a>(words: impl Iterator<Item = &'a str>, line: usize) -> Result<[f32; 3], LutProblem> {
    let mut numbers = words.map(|word| word.parse::<f32>().ok().filter(|number| number.is_finite()));
    let mut next = || numbers.next().flatten().ok_or(LutProblem::NotANumber { line });
    Ok([next()?, next()?, next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cube of `side` whose colours are a linear map of their place.
    fn linear(side: usize, map: impl Fn([f32; 3]) -> [f32; 3]) -> String {
        let mut text = format!("TITLE \"test\"\n# a comment\nLUT_3D_SIZE {side}\n\n");
        let at = |i: usize| i as f32 / (side - 1) as f32;
        for b in 0..side {
            for g in 0..side {
                for r in 0..side {
                    let [r, g, b] = map([at(r), at(g), at(b)]);
                    text.push_str(&format!("{r} {g} {b}\n"));
                }
            }
        }
        text
    }

    #[test]
    fn linear_maps_are_met_everywhere() {
        let map = |[r, g, b]: [f32; 3]| [0.5 * r + 0.25 * b, 1.0 - g, 0.2 * r + 0.3 * g + 0.4 * b];
        let lut = Lut::parse(&linear(5, map)).unwrap();
        for n in 0..1000_u32 {
            let color = [n % 10, n / 10 % 10, n / 100].map(|v| v as f32 / 9.0);
            let (found, exact) = (lut.apply(color), map(color));
            assert!(found.iter().zip(exact).all(|(a, b)| (a - b).abs() < 1e-5), "{color:?}");
        }
    }

    #[test]
    fn the_tetrahedron_is_the_one_of_the_place() {
        // The corner (1, 1, 0) alone is white: at (0.75, 0.5, 0.25) its share is 0.5 − 0.25.
        let text = linear(2, |color| if color == [1.0, 1.0, 0.0] { [1.0; 3] } else { [0.0; 3] });
        let found = Lut::parse(&text).unwrap().apply([0.75, 0.5, 0.25]);
        assert_eq!(found, [0.25; 3]);
    }

    #[test]
    fn curves_and_domains() {
        let text = "LUT_1D_SIZE 3\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 0.5 1 2\n0 0 0\n0.5 0.1 1\n1 1 1";
        let lut = Lut::parse(text).unwrap();
        let found = lut.apply([0.25, 0.25, 0.5]);
        assert!(found.iter().zip([0.5, 0.05, 0.5]).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?}");
        assert_eq!(lut.apply([0.9, 1.0, 1.0])[0], 1.0);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let problem = |text: &str| Lut::parse(text).unwrap_err().to_string();
        assert_eq!(problem("0 0 0"), "is no colour table: it has neither `LUT_1D_SIZE` nor `LUT_3D_SIZE`");
        assert_eq!(problem("LUT_3D_SIZE 999"), "has a table of size 999; 2 to 129 are read");
        assert_eq!(problem("LUT_1D_SIZE 2\n0 0 0"), "has 1 rows of colours where 2 belong");
        assert_eq!(problem("LUT_1D_SIZE 2\n0 0 0\n1 1 1\n1 1 1"), "has 3 rows of colours where 2 belong");
        assert_eq!(problem("LUT_1D_SIZE 2\n0 0\n1 1 1"), "has no valid number in line 2");
        assert_eq!(
            problem("LUT_1D_SIZE 2\nDOMAIN_MAX 0 1 1\n0 0 0\n1 1 1"),
            "has a domain that does not ascend"
        );
    }
}
