//! What is to be printed, and the printer that decides where lines break.

/// Longest line that is aimed at, in characters.
const LINE_WIDTH: usize = 100;
/// Spaces per level.
const INDENT: usize = 2;
/// Most spaces before a line. Deeper text is not more readable for being pushed further, and the
/// bound keeps the result within a constant factor of the source.
const MAX_INDENT: usize = 40 * INDENT;

/// A piece of output.
#[derive(Debug)]
pub(super) enum Doc {
    /// Text, printed as it is; it may have line breaks of its own.
    Text(String),
    /// A line break in a group that does not fit on its line, otherwise this text.
    Line(&'static str),
    /// A line break.
    Break,
    /// An empty line, then the start of another.
    BlankLine,
    /// Pieces whose line breaks are one level deeper.
    Indent(Vec<Doc>, Option<usize>),
    /// Pieces that stand on one line if they fit.
    Group(Vec<Doc>, Option<usize>),
}

impl Doc {
    pub(super) fn text(text: impl Into<String>) -> Doc {
        Doc::Text(text.into())
    }

    pub(super) fn space() -> Doc {
        Doc::text(" ")
    }

    pub(super) fn indent(docs: Vec<Doc>) -> Doc {
        let width = width_of_all(&docs);
        Doc::Indent(docs, width)
    }

    pub(super) fn group(docs: Vec<Doc>) -> Doc {
        let width = width_of_all(&docs);
        Doc::Group(docs, width)
    }

    /// The width on one line; `None` if it needs several.
    fn width(&self) -> Option<usize> {
        match self {
            Doc::Text(text) if text.contains(['\n', '\r']) => None,
            Doc::Text(text) => Some(text.chars().count()),
            Doc::Line(flat) => Some(flat.len()),
            Doc::Break | Doc::BlankLine => None,
            Doc::Indent(_, width) | Doc::Group(_, width) => *width,
        }
    }
}

fn width_of_all(docs: &[Doc]) -> Option<usize> {
    docs.iter().try_fold(0_usize, |sum, doc| Some(sum + doc.width()?))
}

/// Prints pieces. Uses a stack of its own, so nesting costs no native stack.
pub(super) fn print(docs: &[Doc]) -> String {
    let mut out = String::new();
    let mut column = 0;
    // What is still to be printed, last first: level, whether on one line, piece.
    let mut stack: Vec<(usize, bool, &Doc)> = docs.iter().rev().map(|doc| (0, false, doc)).collect();
    while let Some((level, is_flat, doc)) = stack.pop() {
        match doc {
            Doc::Text(text) => {
                out.push_str(text);
                column = match text.rfind(['\n', '\r']) {
                    Some(at) => text[at + 1..].chars().count(),
                    None => column + text.chars().count(),
                };
            }
            Doc::Line(flat) if is_flat => {
                out.push_str(flat);
                column += flat.len();
            }
            Doc::Line(_) | Doc::Break => column = new_line(&mut out, level),
            Doc::BlankLine => {
                out.push('\n');
                column = new_line(&mut out, level);
            }
            Doc::Indent(inner, _) => stack.extend(inner.iter().rev().map(|doc| (level + 1, is_flat, doc))),
            Doc::Group(inner, width) => {
                let fits = is_flat || width.is_some_and(|width| column + width <= LINE_WIDTH);
                stack.extend(inner.iter().rev().map(|doc| (level, fits, doc)));
            }
        }
    }
    out
}

/// Begins a line and says in which column.
fn new_line(out: &mut String, level: usize) -> usize {
    let spaces = (level * INDENT).min(MAX_INDENT);
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', spaces));
    spaces
}
