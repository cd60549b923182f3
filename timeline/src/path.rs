//! Path data as SVG writes it, read into absolute lines and curves.
//!
//! All commands of SVG 1.1, section 8.3: `M L H V C S Q T A Z`, absolute and relative. Quadratic
//! curves stay quadratic; arcs become cubic curves that are off by less than three parts in ten
//! thousand of their radius.

use crate::validate::{MAX_LENGTH, MAX_PATH_BYTES};

/// A step of a path, in absolute coordinates of its plane: across, down.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum PathStep {
    /// Begins a part there.
    Move([f64; 2]),
    /// A straight line to there.
    Line([f64; 2]),
    /// A quadratic curve: handle, end.
    Quadratic([f64; 2], [f64; 2]),
    /// A cubic curve: two handles, end.
    Cubic([f64; 2], [f64; 2], [f64; 2]),
    /// A straight line back to where the part began.
    Close,
}

/// What is wrong with path data, and where.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{problem}")]
pub struct PathError {
    /// First byte of what is wrong; the length of the data when something is missing at its end.
    pub at: usize,
    /// What is wrong.
    pub problem: PathProblem,
}

/// What is wrong with path data.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each variant says what its fields are")]
pub enum PathProblem {
    #[error("the path is empty")]
    Empty,
    #[error("a path begins with `M` and a point")]
    NoMove,
    #[error("`{0}` is no command of a path; the commands are M L H V C S Q T A Z")]
    UnknownCommand(char),
    #[error("`{command}` needs {needed} numbers, and {found} are there")]
    MissingNumbers { command: char, needed: usize, found: usize },
    #[error("a command is missing before this number")]
    NoCommand,
    #[error("this is no number")]
    NotANumber,
    #[error("the number is outside ±{limit}", limit = MAX_LENGTH)]
    TooLarge,
    #[error("a flag of an arc is 0 or 1")]
    NotAFlag,
    #[error("the path has {0} bytes, more than {limit}", limit = MAX_PATH_BYTES)]
    TooLong(usize),
}

/// Reads path data.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse(data: &str) -> Result<Vec<PathStep>, PathError> {
    if data.len() > MAX_PATH_BYTES {
        return Err(PathError { at: 0, problem: PathProblem::TooLong(data.len()) });
    }
    Reader { data, at: 0, steps: Vec::new(), here: [0.0; 2], began: [0.0; 2], handle: Handle::None }.path()
}

/// The smallest rectangle around all points and handles, as left, top, right, bottom; `None` without
/// a point. The path itself never leaves it.
pub fn bounds(steps: &[PathStep]) -> Option<[f64; 4]> {
    let mut all: Option<[f64; 4]> = None;
    let mut add = |[x, y]: [f64; 2]| {
        let [left, top, right, bottom] = all.unwrap_or([x, y, x, y]);
        all = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
    };
    for step in steps {
        match *step {
            PathStep::Move(to) | PathStep::Line(to) => add(to),
            PathStep::Quadratic(handle, to) => [handle, to].into_iter().for_each(&mut add),
            PathStep::Cubic(first, second, to) => [first, second, to].into_iter().for_each(&mut add),
            PathStep::Close => {}
        }
    }
    all
}

/// The handle that a smooth curve mirrors.
#[derive(Clone, Copy)]
enum Handle {
    None,
    Quadratic([f64; 2]),
    Cubic([f64; 2]),
}

struct Reader<'a> {
    data: &'a str,
    at: usize,
    steps: Vec<PathStep>,
    here: [f64; 2],
    began: [f64; 2],
    handle: Handle,
}

impl Reader<'_> {
    fn path(mut self) -> Result<Vec<PathStep>, PathError> {
        self.skip_space();
        let Some(first) = self.peek() else { return Err(self.error(PathProblem::Empty)) };
        if !matches!(first, 'M' | 'm') {
            return Err(self.error(PathProblem::NoMove));
        }
        while let Some(found) = self.peek() {
            if !found.is_ascii_alphabetic() {
                let starts_number = found.is_ascii_digit() || matches!(found, '+' | '-' | '.');
                return Err(self.error(if starts_number {
                    PathProblem::NoCommand
                } else {
                    PathProblem::UnknownCommand(found)
                }));
            }
            self.command(found)?;
            self.skip_space();
        }
        Ok(self.steps)
    }

    /// One command with all its repetitions.
    fn command(&mut self, letter: char) -> Result<(), PathError> {
        let needed = match letter.to_ascii_uppercase() {
            'Z' => 0,
            'H' | 'V' => 1,
            'M' | 'L' | 'T' => 2,
            'S' | 'Q' => 4,
            'C' => 6,
            'A' => 7,
            _ => return Err(self.error(PathProblem::UnknownCommand(letter))),
        };
        self.at += 1;
        if needed == 0 {
            self.steps.push(PathStep::Close);
            self.here = self.began;
            self.handle = Handle::None;
            return Ok(());
        }
        let mut letter = letter;
        loop {
            let numbers = self.numbers(letter, needed)?;
            self.step(letter, &numbers);
            // Further points after a move are lines.
            letter = match letter {
                'M' => 'L',
                'm' => 'l',
                other => other,
            };
            self.skip_separator();
            match self.peek() {
                Some(found) if found.is_ascii_digit() || matches!(found, '+' | '-' | '.') => {}
                _ => return Ok(()),
            }
        }
    }

    fn numbers(&mut self, command: char, needed: usize) -> Result<[f64; 7], PathError> {
        let mut numbers = [0.0; 7];
        let is_arc = command.eq_ignore_ascii_case(&'A');
        for (index, number) in numbers.iter_mut().take(needed).enumerate() {
            if index == 0 {
                self.skip_space()
            } else {
                self.skip_separator()
            }
            match self.peek() {
                Some(found) if found.is_ascii_digit() || matches!(found, '+' | '-' | '.') => {}
                _ => {
                    return Err(self.error(PathProblem::MissingNumbers { command, needed, found: index }));
                }
            }
            *number = if is_arc && matches!(index, 3 | 4) { self.flag()? } else { self.number()? };
        }
        Ok(numbers)
    }

    fn step(&mut self, letter: char, n: &[f64; 7]) {
        let base = if letter.is_ascii_lowercase() { self.here } else { [0.0; 2] };
        let point = |at: usize| [base[0] + n[at], base[1] + n[at + 1]];
        let mirrored = |handle: [f64; 2]| [2.0 * self.here[0] - handle[0], 2.0 * self.here[1] - handle[1]];
        let mut handle = Handle::None;
        let to = match letter.to_ascii_uppercase() {
            'M' => {
                self.began = point(0);
                self.steps.push(PathStep::Move(point(0)));
                point(0)
            }
            'H' => self.line([base[0] + n[0], self.here[1]]),
            'V' => self.line([self.here[0], base[1] + n[0]]),
            'C' => {
                handle = Handle::Cubic(point(2));
                self.steps.push(PathStep::Cubic(point(0), point(2), point(4)));
                point(4)
            }
            'S' => {
                let first = if let Handle::Cubic(last) = self.handle { mirrored(last) } else { self.here };
                handle = Handle::Cubic(point(0));
                self.steps.push(PathStep::Cubic(first, point(0), point(2)));
                point(2)
            }
            'Q' => {
                handle = Handle::Quadratic(point(0));
                self.steps.push(PathStep::Quadratic(point(0), point(2)));
                point(2)
            }
            'T' => {
                let first =
                    if let Handle::Quadratic(last) = self.handle { mirrored(last) } else { self.here };
                handle = Handle::Quadratic(first);
                self.steps.push(PathStep::Quadratic(first, point(0)));
                point(0)
            }
            'A' => {
                let arc =
                    Arc { radii: [n[0].abs(), n[1].abs()], turn: n[2], large: n[3] > 0.5, sweep: n[4] > 0.5 };
                arc.draw(self.here, point(5), &mut self.steps);
                point(5)
            }
            _ => self.line(point(0)),
        };
        self.here = to;
        self.handle = handle;
    }

    fn line(&mut self, to: [f64; 2]) -> [f64; 2] {
        self.steps.push(PathStep::Line(to));
        to
    }

    /// A flag of an arc, which may stand right before the next number.
    fn flag(&mut self) -> Result<f64, PathError> {
        let value = match self.peek() {
            Some('0') => 0.0,
            Some('1') => 1.0,
            _ => return Err(self.error(PathProblem::NotAFlag)),
        };
        self.at += 1;
        Ok(value)
    }

    fn number(&mut self) -> Result<f64, PathError> {
        let bytes = self.data.as_bytes();
        let start = self.at;
        let mut end = start;
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        if matches!(bytes.get(end), Some(b'+' | b'-')) {
            end += 1;
        }
        end = digits(end);
        if bytes.get(end) == Some(&b'.') {
            end = digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
                end = digits(end + 1 + sign);
            }
        }
        let text = self.data.get(start..end).unwrap_or_default();
        let Ok(value) = text.parse::<f64>() else { return Err(self.error(PathProblem::NotANumber)) };
        if value.abs() > MAX_LENGTH as f64 {
            return Err(self.error(PathProblem::TooLarge));
        }
        self.at = end;
        Ok(value)
    }

    fn peek(&self) -> Option<char> {
        self.data.get(self.at..)?.chars().next()
    }

    fn skip_space(&mut self) {
        let bytes = self.data.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// White space with at most one comma.
    fn skip_separator(&mut self) {
        self.skip_space();
        if self.peek() == Some(',') {
            self.at += 1;
            self.skip_space();
        }
    }

    const fn error(&self, problem: PathProblem) -> PathError {
        PathError { at: self.at, problem }
    }
}

/// An elliptical arc as SVG 1.1, appendix F.6, defines it.
struct Arc {
    radii: [f64; 2],
    /// Degrees between the plane's first axis and the ellipse's.
    turn: f64,
    large: bool,
    sweep: bool,
}

impl Arc {
    fn draw(&self, from: [f64; 2], to: [f64; 2], steps: &mut Vec<PathStep>) {
        let [mut rx, mut ry] = self.radii;
        if from == to {
            return;
        }
        if rx == 0.0 || ry == 0.0 {
            steps.push(PathStep::Line(to));
            return;
        }
        let turn = (self.turn % 360.0).to_radians();
        let (sin, cos) = (libm::sin(turn), libm::cos(turn));
        let half = [(from[0] - to[0]) / 2.0, (from[1] - to[1]) / 2.0];
        let (x, y) = (cos * half[0] + sin * half[1], cos * half[1] - sin * half[0]);
        // Radii too small to reach are made just large enough.
        let reach = (x / rx) * (x / rx) + (y / ry) * (y / ry);
        if reach > 1.0 {
            let grown = libm::sqrt(reach);
            rx *= grown;
            ry *= grown;
        }
        let (px, py) = (x / rx, y / ry);
        let distance = px * px + py * py;
        let side = if self.large == self.sweep { -1.0 } else { 1.0 };
        let off = side * libm::sqrt(((1.0 - distance) / distance).max(0.0));
        // The centre and both ends on the unit circle that the ellipse is made from.
        let (cx, cy) = (off * py, -off * px);
        let first = libm::atan2(py - cy, px - cx);
        let mut sweep = libm::atan2(-py - cy, -px - cx) - first;
        let full = 2.0 * std::f64::consts::PI;
        if self.sweep && sweep < 0.0 {
            sweep += full;
        } else if !self.sweep && sweep > 0.0 {
            sweep -= full;
        }
        let middle = [f64::midpoint(from[0], to[0]), f64::midpoint(from[1], to[1])];
        let placed = |u: f64, v: f64| {
            let (x, y) = ((u + cx) * rx, (v + cy) * ry);
            [middle[0] + cos * x - sin * y, middle[1] + sin * x + cos * y]
        };
        let parts = (sweep.abs() / std::f64::consts::FRAC_PI_2).ceil().max(1.0);
        let step = sweep / parts;
        let reach = 4.0 / 3.0 * libm::tan(step / 4.0);
        let mut angle = first;
        let mut left = parts;
        while left > 0.0 {
            let end = angle + step;
            let (s0, c0, s1, c1) = (libm::sin(angle), libm::cos(angle), libm::sin(end), libm::cos(end));
            left -= 1.0;
            steps.push(PathStep::Cubic(
                placed(c0 - reach * s0, s0 + reach * c0),
                placed(c1 + reach * s1, s1 - reach * c1),
                if left > 0.0 { placed(c1, s1) } else { to },
            ));
            angle = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(data: &str) -> (usize, String) {
        let error = parse(data).unwrap_err();
        (error.at, error.to_string())
    }

    #[test]
    fn commands_become_absolute_steps() {
        use PathStep::{Close, Cubic, Line, Move, Quadratic};
        assert_eq!(
            parse("m10 20 5,5h-5V0z l1 1").unwrap(),
            [
                Move([10.0, 20.0]),
                Line([15.0, 25.0]),
                Line([10.0, 25.0]),
                Line([10.0, 0.0]),
                Close,
                Line([11.0, 21.0])
            ]
        );
        assert_eq!(
            parse("M0 0C0 1 1 1 1 0s1-1 1 0q1 1 2 0t2 0").unwrap(),
            [
                Move([0.0, 0.0]),
                Cubic([0.0, 1.0], [1.0, 1.0], [1.0, 0.0]),
                Cubic([1.0, -1.0], [2.0, -1.0], [2.0, 0.0]),
                Quadratic([3.0, 1.0], [4.0, 0.0]),
                Quadratic([5.0, -1.0], [6.0, 0.0])
            ]
        );
        assert_eq!(parse("M.5.5-1e1+2").unwrap(), [Move([0.5, 0.5]), Line([-10.0, 2.0])]);
    }

    #[test]
    fn an_arc_runs_along_its_circle() {
        let steps = parse("M1 0A1 1 0 01-1 0").unwrap();
        assert_eq!(steps.len(), 3);
        let PathStep::Cubic(_, _, quarter) = steps[1] else { panic!("no curve") };
        assert!((quarter[0]).abs() < 1e-9 && (quarter[1] - 1.0).abs() < 1e-9, "{quarter:?}");
        assert!(matches!(steps[2], PathStep::Cubic(_, _, [-1.0, 0.0])));
        assert_eq!(parse("M0 0A0 5 0 0 1 9 9").unwrap()[1], PathStep::Line([9.0, 9.0]));
        let grown = parse("M0 0A1 1 0 0 0 10 0").unwrap();
        let PathStep::Cubic(_, _, middle) = grown[1] else { panic!("no curve") };
        assert!((middle[0] - 5.0).abs() < 1e-9 && (middle[1].abs() - 5.0).abs() < 1e-9, "{middle:?}");
    }

    #[test]
    fn what_is_wrong_is_named_where_it_is() {
        assert_eq!(fails("  "), (2, "the path is empty".into()));
        assert_eq!(fails("L1 1"), (0, "a path begins with `M` and a point".into()));
        assert_eq!(
            fails("M1 1 X"),
            (5, "`X` is no command of a path; the commands are M L H V C S Q T A Z".into())
        );
        assert_eq!(fails("M1 1 L2"), (7, "`L` needs 2 numbers, and 1 are there".into()));
        assert_eq!(fails("M1 1 Z 3"), (7, "a command is missing before this number".into()));
        assert_eq!(fails("M1 ."), (3, "this is no number".into()));
        assert_eq!(fails("M1 1e99"), (3, "the number is outside ±1000000000".into()));
        assert_eq!(fails("M0 0A1 1 0 2 0 1 1"), (11, "a flag of an arc is 0 or 1".into()));
        assert_eq!(fails("M0 0 é").0, 5);
    }

    #[test]
    fn bounds_hold_all_points_and_handles() {
        let steps = parse("M0 0Q5 9 10 0").unwrap();
        assert_eq!(bounds(&steps), Some([0.0, 0.0, 10.0, 9.0]));
        assert_eq!(bounds(&[]), None);
    }
}
