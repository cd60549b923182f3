//! Where a layer covers what.

/// How a stretch of samples covers what is below it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cover {
    /// Wholly: the sample below need not be read.
    Solid,
    /// Partly, or here wholly and there not at all.
    Mixed,
}

/// A stretch of one row; what lies in no span is not covered at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
    pub cover: Cover,
}

/// Samples per decision: short enough that the gaps between letters are found, long enough for
/// whole vector registers.
const BLOCK: usize = 16;

/// Opacity of every sample of a layer, and the spans of every row.
#[derive(Clone)]
pub(super) struct Coverage {
    width: usize,
    alpha: Vec<u8>,
    spans: Vec<Span>,
    /// For each row, one past its last span.
    ends: Vec<usize>,
}

impl Coverage {
    /// From rows of `width` opacities.
    pub(super) fn new(width: usize, alpha: Vec<u8>) -> Self {
        let mut coverage = Self { width, alpha, spans: Vec::new(), ends: Vec::new() };
        for row in coverage.alpha.chunks_exact(width.max(1)) {
            push_spans(row, &mut coverage.spans);
            coverage.ends.push(coverage.spans.len());
        }
        coverage
    }

    /// Opacities of row `y`.
    pub(super) fn alpha(&self, y: usize) -> &[u8] {
        &self.alpha[y * self.width..][..self.width]
    }

    /// The spans of row `y`, left to right.
    pub(super) fn spans(&self, y: usize) -> &[Span] {
        let start = y.checked_sub(1).map_or(0, |above| self.ends[above]);
        &self.spans[start..self.ends[y]]
    }

    /// Whether nothing is covered anywhere.
    pub(super) fn is_clear(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether every sample is wholly covered.
    pub(super) fn is_solid(&self) -> bool {
        self.spans.len() == self.ends.len()
            && self
                .spans
                .iter()
                .all(|span| span.cover == Cover::Solid && span.start == 0 && span.end as usize == self.width)
    }
}

fn push_spans(row: &[u8], spans: &mut Vec<Span>) {
    let first = spans.len();
    for (index, block) in row.chunks(BLOCK).enumerate() {
        let any = block.iter().fold(0, |any, alpha| any | alpha);
        let all = block.iter().fold(255, |all, alpha| all & alpha);
        let cover = match (any, all) {
            (0, _) => continue,
            (_, 255) => Cover::Solid,
            _ => Cover::Mixed,
        };
        // A row has at most 2³² samples.
        let start = (index * BLOCK) as u32;
        let end = start + block.len() as u32;
        match spans[first..].last_mut() {
            Some(last) if last.end == start && last.cover == cover => last.end = end,
            _ => spans.push(Span { start, end, cover }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fall_into_clear_mixed_and_solid() {
        let mut alpha = vec![0; 100];
        alpha[20] = 1;
        alpha[32..96].fill(255);
        alpha.extend([255; 100]);
        alpha.extend([0; 100]);
        let coverage = Coverage::new(100, alpha);
        let span = |start, end, cover| Span { start, end, cover };
        assert_eq!(coverage.spans(0), [span(16, 32, Cover::Mixed), span(32, 96, Cover::Solid)]);
        assert_eq!(coverage.spans(1), [span(0, 100, Cover::Solid)]);
        assert_eq!(coverage.spans(2), []);
        assert!(!coverage.is_solid() && !coverage.is_clear());
        assert!(Coverage::new(3, vec![255; 9]).is_solid() && Coverage::new(3, vec![0; 9]).is_clear());
    }
}
