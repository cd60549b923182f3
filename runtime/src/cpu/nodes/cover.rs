//! `Cover`: an opaque picture that fills the canvas.

use super::over;
use super::source::{self, Line};
use crate::cpu::executor::{Context, CpuExecutor};
use crate::error::RenderError;
use crate::graph::NodeKind;
use crate::media::VideoFrame;
use crate::scene::SceneLayer;

/// The canvas that the picture fills.
pub fn run(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    picture: &NodeKind,
) -> Result<VideoFrame, RenderError> {
    match picture {
        NodeKind::Source { media, course } => {
            let line = Line { media: *media, course: *course };
            source::cover(executor, context, layer, line)
        }
        _ => {
            let blank = executor.canvas.blank()?;
            over::run(executor, context, layer, picture, blank)
        }
    }
}
