//! What a mask leaves of a composed layer.

use vid_timeline::MaskMode;

use super::compose::{Composed, compose};
use crate::cpu::executor::{Context, CpuExecutor};
use crate::cpu::sheet::{Sheet, density, pixel_size};
use crate::error::RenderError;
use crate::raster::pixmap::mul_255;
use crate::raster::{PixelRect, Region, Rows, Weight, blur_coverage, blur_reach, draw_shape, project, scale};
use crate::scene::{MattePlace, Placement, SceneLayer, SceneMask, SceneMatte, fitted_in, placement};

/// Multiplies the layer's pixels by what the mask shows there.
pub fn apply(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    mask: &SceneMask,
    at: &Placement,
    composed: &mut Composed,
) -> Result<(), RenderError> {
    let (width, height) = (composed.pixmap.width(), composed.pixmap.height());
    let own = PixelRect::at(composed.x, composed.y, width, height);
    let sigma = mask.feather.to_f64();
    // What a blur brings in from beside the layer counts too.
    let reach = blur_reach(sigma) as i32;
    let wide = PixelRect { x0: own.x0 - reach, y0: own.y0 - reach, x1: own.x1 + reach, y1: own.y1 + reach };
    let matte = matte(executor, context, layer, mask, at, wide)?;
    let mut shares = vec![0; wide.area() as usize];
    let columns = wide.width() as usize;
    if let Some((matte, opacity)) = &matte {
        let area = PixelRect::at(matte.x, matte.y, matte.pixmap.width(), matte.pixmap.height());
        let seen = area.intersection(wide);
        for y in seen.y0..seen.y1 {
            let row = &matte.pixmap.row((y - area.y0) as u32)[(seen.x0 - area.x0) as usize * 4..];
            let start = (y - wide.y0) as usize * columns + (seen.x0 - wide.x0) as usize;
            let to = &mut shares[start..start + seen.width() as usize];
            for (share, pixel) in to.iter_mut().zip(row.chunks_exact(4)) {
                *share = faded(read(pixel, mask.mode), *opacity);
            }
        }
    }
    blur_coverage(&mut shares, (wide.width(), wide.height()), sigma);
    let first = reach as usize * (columns + 1);
    composed.pixmap.edit(|pixels| {
        let rows = pixels.chunks_exact_mut((width as usize * 4).max(4));
        for (row, shares) in rows.zip(shares[first..].chunks(columns.max(1))) {
            for (pixel, share) in row.chunks_exact_mut(4).zip(shares) {
                let share = if mask.inverted { 255 - *share } else { *share };
                for channel in pixel {
                    *channel = mul_255(*channel, share);
                }
            }
        }
    });
    Ok(())
}

/// What a pixel of the matte says: its opacity, or its luma (BT.709 weights) as it is premultiplied.
fn read(pixel: &[u8], mode: MaskMode) -> u8 {
    match mode {
        MaskMode::Alpha => pixel[3],
        MaskMode::Luma => {
            let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
            ((2126 * r + 7152 * g + 722 * b + 5000) / 10_000) as u8
        }
    }
}

fn faded(share: u8, opacity: Weight) -> u8 {
    ((u32::from(share) * opacity.parts() + 32_768) >> 16) as u8
}

/// The matte's pixels in `wide`, and its opacity; `None` where there are none.
pub fn matte(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    mask: &SceneMask,
    at: &Placement,
    wide: PixelRect,
) -> Result<Option<(Composed, Weight)>, RenderError> {
    let time = layer.local_start + context.scene.time_of(context.frame);
    let seen_at = |place: &MattePlace| {
        let (area, turn) = place.at(at.area, time);
        let (left, top, width, height) = area;
        let pose = turn.then(at.pose);
        let edges = [left, top, left + width, top + height];
        (edges, Placement { area, edges, pose, ..*at })
    };
    let drawn = |sheet: &Sheet, pose| {
        let drawn = project(&sheet.pixmap, sheet.placed().then(pose), wide, Rows::Serial);
        drawn.map(|(pixmap, x, y)| (Composed { pixmap, x, y }, Weight::ONE))
    };
    match &mask.matte {
        SceneMatte::Absent => Ok(None),
        SceneMatte::Shape { shape, place } => {
            let (edges, own) = seen_at(place);
            let [left, top, right, bottom] = edges;
            let size = (right - left, bottom - top);
            let Some(shape) = draw_shape(shape, size, place.fit, density(&own)) else { return Ok(None) };
            let [x0, y0, x1, y1] = shape.edges;
            let sheet = Sheet {
                pixmap: shape.pixmap,
                left: left + x0,
                top: top + y0,
                width: x1 - x0,
                height: y1 - y0,
            };
            Ok(drawn(&sheet, own.pose))
        }
        SceneMatte::Still { media, natural, place } => {
            let (edges, own) = seen_at(place);
            let [left, top, right, bottom] = edges;
            let (source, (width, height)) = fitted_in(place.fit, *natural, (right - left, bottom - top));
            if !(width > 0.0 && height > 0.0) {
                return Ok(None);
            }
            let still = executor.rasters.decoded(executor.assets, *media)?;
            let size = pixel_size(width, height, density(&own));
            let region = Region { left: source.0, top: source.1, right: source.2, bottom: source.3 };
            let sheet = Sheet {
                pixmap: scale(&still, region, size.0, size.1)?,
                left: left + (right - left - width) / 2.0,
                top: top + (bottom - top - height) / 2.0,
                width,
                height,
            };
            Ok(drawn(&sheet, own.pose))
        }
        SceneMatte::Layer(matte) => {
            if !matte.frames.contains(&context.frame) {
                return Ok(None);
            }
            let opacity = Weight::from_unit(matte.opacity_at(context.scene, context.frame));
            let place = placement(context.scene, matte, matte.picture.natural(), context.frame);
            Ok(compose(executor, context, matte, &place)?.map(|composed| (composed, opacity)))
        }
    }
}
