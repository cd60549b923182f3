//! Clips with corners, border or shadow and nothing else, upright on whole pixels: the usual picture in
//! picture.
//!
//! Border and shadow are drawn once, as a layer with a hole; the clip's frames come into the hole through
//! their own planes. The two share no place but the pixels on the edge, so painting one after the other
//! is painting both at once.

use std::sync::Arc;

use super::content;
use super::finish::edges_of;
use super::source::{self, Line};
use crate::cpu::executor::{Context, CpuExecutor};
use crate::error::RenderError;
use crate::raster::{PixelRect, PlanarLayer};
use crate::scene::{Picture, Placement, SceneLayer};

/// Everything around a clip's frames, and how much of each of their pixels is seen.
pub struct Frame {
    surround: Arc<PlanarLayer>,
    shares: Vec<u8>,
}

impl Frame {
    /// Border and shadow.
    pub fn surround(&self) -> &Arc<PlanarLayer> {
        &self.surround
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let area = usize::try_from(self.surround.rect().area()).unwrap_or(usize::MAX);
        area.saturating_mul(9) / 2 + self.shares.len()
    }
}

/// Whether this is the way for the layer, which is placed on whole pixels.
pub fn is_framed(executor: &CpuExecutor<'_>, layer: &SceneLayer, at: &Placement) -> bool {
    let Picture::Video { media, .. } = &layer.picture else { return false };
    let facts = executor.assets.by_hash(*media).ok().and_then(|asset| asset.facts.video.as_ref());
    let place = &layer.place;
    facts.is_some_and(|facts| !facts.has_alpha)
        && layer.look.is_edges_alone()
        // Under a border that can be seen through the clip goes on.
        && layer.look.style.border_color.is_none_or(|color| color.a == 255)
        && layer.mask.is_none()
        && !place.flip_horizontal
        && !place.flip_vertical
        && at.motion.leaves_pixels()
        && !at.rect.is_empty()
        && PixelRect::of(executor.size()).contains(at.rect)
}

/// The clip's frame and the clip at its place.
pub fn draw(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
) -> Result<(Arc<Frame>, PlanarLayer), RenderError> {
    let Picture::Video { media, course, .. } = &layer.picture else {
        return Err(RenderError::broken_timeline("a clip"));
    };
    let line = Line { media: *media, course: *course };
    let frame = frame(executor, context, layer, at)?;
    let clip = source::planar(executor, context, at, line, &frame.shares)?;
    Ok((frame, clip))
}

/// The clip's frame, drawn once for each place it has.
fn frame(
    executor: &CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
) -> Result<Arc<Frame>, RenderError> {
    let (rect, canvas) = (at.rect, context.scene.size);
    let style = &layer.look.style;
    let key = content::key(&("frame", style, [rect.x0, rect.y0, rect.x1, rect.y1], canvas));
    executor.rasters.frame(key, || {
        let (width, height) = (rect.width(), rect.height());
        let edges = edges_of(style, (width.into(), height.into()), (1.0, 1.0), canvas);
        let (surround, before, shares) = edges.around(width, height);
        // Offsets are those of a layer's pixels: far below the range.
        let (x, y) = (rect.x0 - before.0 as i32, rect.y0 - before.1 as i32);
        let surround = PlanarLayer::from_pixmap(&surround, x, y, executor.canvas.color());
        let surround = surround.ok_or_else(|| RenderError::broken_timeline("a picture of drawable size"))?;
        Ok(Frame { surround: Arc::new(surround), shares })
    })
}
