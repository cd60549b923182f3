//! Checking the store: some of what would be reused is made again and compared, byte for byte.
//!
//! The same scene gives the same bytes on the same machine, so a difference means a damaged store, or a
//! mistake in this program: a key that does not name everything that its segment depends on.

use std::fs;

use vid_timeline::Output;

use super::{RenderRequest, make_pieces};
use crate::error::RenderError;
use crate::plan::{Disposition, Plan};
use crate::store::{Piece, SegmentStore};

/// Most segments that are made again.
const MAX_SAMPLES: usize = 8;

/// What came of comparing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Verified {
    /// Segments that were made again.
    pub(super) compared: usize,
    /// Of those, how many differed.
    pub(super) differing: usize,
}

/// Makes samples of the reused segments of a plan again, in a store of their own that is gone
/// afterwards, spread evenly over the film with its first and last one among them.
pub(super) fn verify(
    request: &RenderRequest<'_>,
    output: &Output,
    plan: &Plan,
) -> Result<Verified, RenderError> {
    let reused: Vec<usize> = plan
        .segments
        .iter()
        .enumerate()
        .filter(|(_, segment)| segment.disposition == Disposition::Reuse)
        .map(|(index, _)| index)
        .collect();
    let samples = spread(&reused, MAX_SAMPLES);
    if samples.is_empty() {
        return Ok(Verified::default());
    }
    let folder =
        tempfile::tempdir().map_err(|error| RenderError::io("create", &std::env::temp_dir(), error))?;
    let store = SegmentStore::open(folder.path())?;
    let mut again = Plan::new(
        request.timeline,
        output,
        request.assets,
        request.window.as_ref(),
        &store,
        request.executor,
    )?;
    again.sound = None;
    for (index, segment) in again.segments.iter_mut().enumerate() {
        segment.disposition = if samples.contains(&index) { Disposition::Render } else { Disposition::Reuse };
    }
    make_pieces(request, &again, &store)?;
    let mut verified = Verified::default();
    for index in samples {
        let Some(segment) = plan.segments.get(index) else { continue };
        let read =
            |store: &SegmentStore| store.find(Piece::Video, segment.key).and_then(|path| fs::read(path).ok());
        verified.compared += 1;
        if read(request.store) != read(&store) {
            verified.differing += 1;
        }
    }
    Ok(verified)
}

/// At most `count` of `all`, evenly spread.
fn spread(all: &[usize], count: usize) -> Vec<usize> {
    if all.len() <= count {
        return all.to_vec();
    }
    (0..count).filter_map(|step| all.get(step * (all.len() - 1) / (count - 1)).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_reach_from_the_first_to_the_last() {
        let all: Vec<usize> = (0..100).collect();
        assert_eq!(spread(&all, 4), [0, 33, 66, 99]);
        assert_eq!(spread(&all[..3], 4), [0, 1, 2]);
        assert_eq!(spread(&[], 4), Vec::<usize>::new());
    }
}
