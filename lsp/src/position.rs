//! Lines and columns of a text, in the unit the client counts in.

use std::ops::Range;

use tower_lsp::ls_types::{Position, Range as LineRange};

/// The unit of columns, agreed with the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Pairs of bytes, as in JavaScript. What clients count in unless another unit is agreed.
    #[default]
    Utf16,
}

/// Where the lines of a text begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// The lines of a text; they end with `\n`, `\r\n` or `\r`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = |at: &usize| match bytes[*at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let starts = std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect();
        Self { starts }
    }

    /// The position of a byte; one inside of a character counts as its begin.
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let before = &text[self.starts[line]..offset];
        let column = match encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.encode_utf16().count(),
        };
        let small = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Position::new(small(line), small(column))
    }

    /// The byte of a position. Beyond the end of a line it is the end of the line, beyond the last line the
    /// end of the text; inside of a character it is the begin of the character.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else { return text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let content = text[start..end].trim_end_matches(['\n', '\r']);
        let wanted = position.character as usize;
        let mut column = 0;
        for (at, character) in content.char_indices() {
            column += match encoding {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
            };
            if column > wanted {
                return start + at;
            }
        }
        start + content.len()
    }

    /// The lines and columns of bytes.
    pub fn range(&self, text: &str, range: &Range<usize>, encoding: Encoding) -> LineRange {
        let position = |offset| self.position(text, offset, encoding);
        LineRange::new(position(range.start), position(range.end))
    }

    /// The bytes of lines and columns; never backwards.
    pub fn bytes(&self, text: &str, range: LineRange, encoding: Encoding) -> Range<usize> {
        let start = self.offset(text, range.start, encoding);
        start..self.offset(text, range.end, encoding).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_in_the_agreed_unit() {
        let text = "a😀b\r\né\rz";
        let lines = LineIndex::new(text);
        let at = |offset, encoding| {
            let position = lines.position(text, offset, encoding);
            (position.line, position.character)
        };
        assert_eq!(at(5, Encoding::Utf16), (0, 3));
        assert_eq!(at(5, Encoding::Utf8), (0, 5));
        assert_eq!(at(3, Encoding::Utf16), (0, 1), "inside of a character");
        assert_eq!(at(text.len(), Encoding::Utf16), (2, 1));
    }

    #[test]
    fn positions_and_bytes_agree() {
        let text = "a😀b\r\né\rz\n";
        let lines = LineIndex::new(text);
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (offset, character) in text.char_indices().filter(|(_, c)| *c != '\n') {
                if character == '\r' && text[offset..].starts_with("\r\n") {
                    continue;
                }
                let position = lines.position(text, offset, encoding);
                assert_eq!(lines.offset(text, position, encoding), offset);
            }
        }
        let beyond = |line, character| lines.offset(text, Position::new(line, character), Encoding::Utf16);
        assert_eq!((beyond(0, 2), beyond(0, 99), beyond(9, 0)), (1, 6, text.len()));
    }
}
