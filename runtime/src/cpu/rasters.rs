//! Stills and text that are rasterised already, shared by the executors of a render.

use std::any::Any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vid_timeline::{Size, Style, Text};

use super::nodes::{Frame, Plates};
use super::sheet::Sheet;
use crate::assets::{Assets, ContentHash};
use crate::error::RenderError;
use crate::raster::{
    ColorSpec, PixelRect, Pixmap, PlanarLayer, PlaneMut, PlanesMut, Region, planes_from_rgba, scale,
};
use crate::scene::Placement;
use crate::text::{TextBox, TextPart, rasterize};

/// Least bytes of rasterised pictures that are kept, of all kinds together, and how many canvases of pixels
/// are. A film rarely shows more than a few at once; a full-screen still at 1080p takes 8 MiB as pixels and
/// 9 MiB as a layer, and the photo it comes from 23 MiB.
const KEPT_BYTES: usize = 48 << 20;
const KEPT_CANVASES: usize = 6;

/// Rasterised pictures. Two executors that need the same one wait for one rasterisation.
#[derive(Default)]
pub struct SharedRasters {
    kept: Kept,
}

/// What is kept, and of what kind its value is.
#[derive(Clone, PartialEq, Eq)]
enum Key {
    /// Pixels at their final size: [`Raster`].
    Pixmap(PixmapKey),
    /// The same in the canvas's planes, at a place: [`PlanarLayer`].
    Layer(LayerKey),
    /// A picture file, decoded: [`Pixmap`].
    Decoded(ContentHash),
    /// A picture file in the canvas's planes, by width and height: [`Plates`].
    Plates(ContentHash, u32, u32),
    /// A picture with its look: [`KeptSheet`], or `None` when nothing of it is seen.
    Sheet(ContentHash),
    /// A text in pieces: a list of [`TextPart`].
    Parts(ContentHash),
    /// Border and shadow of a clip: [`Frame`].
    Frame(ContentHash),
    /// A layer that stands still, as it lies on the canvas: [`PlanarLayer`], or `None`.
    Composed(ContentHash),
}

/// Pixels, and where their first one lies relative to the corner of the box they belong to.
struct Raster {
    pixmap: Pixmap,
    offset: (i32, i32),
}

/// A sheet, and where the corner of its picture was when it was made.
type KeptSheet = (Arc<Sheet>, (f64, f64));

#[derive(Clone, PartialEq, Eq)]
enum PixmapKey {
    Still { media: ContentHash, region: [u64; 4], width: u32, height: u32 },
    Text { text: ContentHash, width: u64, height: u64 },
}

#[derive(Clone, PartialEq, Eq)]
struct LayerKey {
    pixmap: PixmapKey,
    x: i32,
    y: i32,
}

impl SharedRasters {
    /// Keeps as much as a film of that size wants.
    pub(crate) fn suit(&self, width: u32, height: u32) {
        let canvas = 4 * (width as usize).saturating_mul(height as usize);
        self.kept
            .more_than_least
            .fetch_max(KEPT_CANVASES.saturating_mul(canvas).saturating_sub(KEPT_BYTES), Ordering::Relaxed);
    }

    /// A picture file placed on a canvas; `None` when nothing of it is to be seen.
    ///
    /// # Errors
    /// When the file is no picture.
    pub fn still(
        &self,
        assets: &Assets,
        media: ContentHash,
        at: &Placement,
        canvas: Size,
        color: ColorSpec,
    ) -> Result<Option<Arc<PlanarLayer>>, RenderError> {
        let rect = at.rect.intersection(PixelRect::of(canvas));
        if rect.is_empty() {
            return Ok(None);
        }
        let region = visible_region(at, rect);
        let edges = [region.left, region.top, region.right, region.bottom].map(f64::to_bits);
        let key = PixmapKey::Still { media, region: edges, width: rect.width(), height: rect.height() };
        self.layer(key, (rect.x0, rect.y0), color, || {
            let still = self.decoded(assets, media)?;
            let pixmap = scale(&still, region, rect.width(), rect.height())?;
            Ok(Raster { pixmap, offset: (0, 0) })
        })
    }

    /// Words set in a box of the canvas; `None` when nothing of them is to be seen.
    ///
    /// # Errors
    /// When the words cannot be set.
    pub fn text(
        &self,
        assets: &Assets,
        text: &Text,
        style: &Style,
        (left, top, width, height): (f64, f64, f64, f64),
        canvas: Size,
        color: ColorSpec,
    ) -> Result<Option<Arc<PlanarLayer>>, RenderError> {
        // Text serialises: plain data without maps.
        let name = serde_json::to_vec(&(text, style, canvas)).map(|bytes| ContentHash::of(&bytes));
        let name = name.expect("text serialises");
        let key = PixmapKey::Text { text: name, width: width.to_bits(), height: height.to_bits() };
        let whole = |value: f64| (value + 0.5).floor().clamp(-1e6, 1e6) as i32;
        self.layer(key, (whole(left), whole(top)), color, || {
            // Drawn at the origin and moved by whole pixels, so that a text that travels is drawn once.
            let area = TextBox { left: 0.0, top: 0.0, width, height, canvas };
            let raster = rasterize(assets.fonts(), text, style, &area)?;
            Ok(Raster { offset: (raster.rect.x0, raster.rect.y0), pixmap: raster.pixmap })
        })
    }

    /// The pixels of a picture file.
    ///
    /// # Errors
    /// When the file is no picture.
    pub fn decoded(&self, assets: &Assets, media: ContentHash) -> Result<Arc<Pixmap>, RenderError> {
        self.kept.get(Key::Decoded(media), || {
            self.kept.drop_spent();
            let pixmap = assets.intake().still(&assets.by_hash(media)?.path)?;
            let bytes = pixmap.pixels().len();
            Ok((pixmap, bytes))
        })
    }

    /// The planes (BT.709, limited range, as canvases are) of a picture file without transparent pixels, at
    /// `size` pixels, both sides even.
    ///
    /// # Errors
    /// When the file is no picture.
    pub fn plates(
        &self,
        assets: &Assets,
        media: ContentHash,
        size: (u32, u32),
    ) -> Result<Arc<Plates>, RenderError> {
        self.kept.get(Key::Plates(media, size.0, size.1), || {
            let still = self.decoded(assets, media)?;
            let pixmap = scale(&still, Region::WHOLE, size.0, size.1)?;
            drop(still);
            // Planes of this size last until the picture is seen a fifth larger.
            self.kept.spend(&Key::Decoded(media));
            let (width, height) = (pixmap.width(), pixmap.height());
            let (columns, rows) = ((width / 2) as usize, (height / 2) as usize);
            let mut planes =
                [vec![0; width as usize * height as usize], vec![0; columns * rows], vec![0; columns * rows]];
            let [y, cb, cr] = planes.each_mut();
            let plane = |data, stride| PlaneMut { data, stride };
            let target = PlanesMut::new(
                width,
                height,
                [plane(y, width as usize), plane(cb, columns), plane(cr, columns)],
            );
            let made = target
                .is_some_and(|mut target| planes_from_rgba(&mut target, pixmap.pixels(), width as usize * 4));
            if !made {
                return Err(RenderError::broken_timeline("a picture of drawable size"));
            }
            let plates = Plates::new(planes, width, height);
            let bytes = plates.bytes();
            Ok((plates, bytes))
        })
    }

    /// The sheet of that name with its picture's corner at `corner`, made by `make` when it is not kept.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn sheet(
        &self,
        key: ContentHash,
        corner: (f64, f64),
        make: impl FnOnce() -> Result<Option<Sheet>, RenderError>,
    ) -> Result<Option<Arc<Sheet>>, RenderError> {
        let kept = self.kept.get::<Option<KeptSheet>>(Key::Sheet(key), || {
            let made = make()?;
            let bytes = made.as_ref().map_or(0, |sheet| sheet.pixmap.pixels().len());
            Ok((made.map(|sheet| (Arc::new(sheet), corner)), bytes))
        })?;
        Ok(kept.as_ref().as_ref().map(|(sheet, made_at)| {
            if *made_at == corner {
                return Arc::clone(sheet);
            }
            let (dx, dy) = (corner.0 - made_at.0, corner.1 - made_at.1);
            Arc::new(Sheet { left: sheet.left + dx, top: sheet.top + dy, ..(**sheet).clone() })
        }))
    }

    /// The pieces of the text of that name, made by `make` when they are not kept.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn parts(
        &self,
        key: ContentHash,
        make: impl FnOnce() -> Result<Vec<TextPart>, RenderError>,
    ) -> Result<Arc<Vec<TextPart>>, RenderError> {
        self.kept.get(Key::Parts(key), || {
            let made = make()?;
            let bytes = made.iter().map(|part| part.raster.pixmap.pixels().len()).sum();
            Ok((made, bytes))
        })
    }

    /// The frame of that name around a clip, made by `make` when it is not kept.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn frame(
        &self,
        key: ContentHash,
        make: impl FnOnce() -> Result<Frame, RenderError>,
    ) -> Result<Arc<Frame>, RenderError> {
        self.kept.get(Key::Frame(key), || {
            let made = make()?;
            let bytes = made.bytes();
            Ok((made, bytes))
        })
    }

    /// The layer of that name on the canvas, made by `make` when it is not kept; `None` when nothing of
    /// it is seen.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn composed(
        &self,
        key: ContentHash,
        make: impl FnOnce() -> Result<Option<PlanarLayer>, RenderError>,
    ) -> Result<Option<Arc<PlanarLayer>>, RenderError> {
        let kept = self.kept.get(Key::Composed(key), || {
            let made = make()?;
            let bytes = made.as_ref().map_or(0, |layer| layer.rect().area().saturating_mul(9) / 2);
            Ok((made.map(Arc::new), usize::try_from(bytes).unwrap_or(usize::MAX)))
        })?;
        Ok(Option::clone(&kept))
    }

    fn layer(
        &self,
        pixmap: PixmapKey,
        (x, y): (i32, i32),
        color: ColorSpec,
        make: impl FnOnce() -> Result<Raster, RenderError>,
    ) -> Result<Option<Arc<PlanarLayer>>, RenderError> {
        let key = LayerKey { pixmap: pixmap.clone(), x, y };
        let layer = self.kept.get(Key::Layer(key), || {
            let raster = self.kept.get(Key::Pixmap(pixmap), || {
                let raster = make()?;
                let bytes = raster.pixmap.pixels().len();
                Ok((raster, bytes))
            })?;
            let (x, y) = (x.saturating_add(raster.offset.0), y.saturating_add(raster.offset.1));
            let layer = PlanarLayer::from_pixmap(&raster.pixmap, x, y, color)
                .ok_or_else(|| RenderError::broken_timeline("a picture of drawable size"))?;
            let bytes = usize::try_from(layer.rect().area()).unwrap_or(usize::MAX).saturating_mul(9) / 2;
            Ok((layer, bytes))
        })?;
        Ok((!layer.is_clear()).then_some(layer))
    }
}

/// The part of the source that is shown in `rect`, a part of the placement's rectangle.
fn visible_region(at: &Placement, rect: PixelRect) -> Region {
    let (left, top, right, bottom) = at.source;
    let across = (right - left) / f64::from(at.rect.width());
    let down = (bottom - top) / f64::from(at.rect.height());
    Region {
        left: left + across * f64::from(rect.x0 - at.rect.x0),
        top: top + down * f64::from(rect.y0 - at.rect.y0),
        right: right - across * f64::from(at.rect.x1 - rect.x1),
        bottom: bottom - down * f64::from(at.rect.y1 - rect.y1),
    }
}

/// Values of several kinds by key, least recently used first, bounded in bytes.
#[derive(Default)]
struct Kept {
    entries: Mutex<Vec<Entry>>,
    /// Bytes beyond [`KEPT_BYTES`] that are kept.
    more_than_least: AtomicUsize,
}

/// A value that is made, or being made.
type Slot<V> = Mutex<Option<Arc<V>>>;

struct Entry {
    key: Key,
    /// A [`Slot`] of the key's kind.
    slot: Arc<dyn Any + Send + Sync>,
    bytes: usize,
    /// Whether what was wanted of it has been made.
    is_spent: bool,
}

impl Kept {
    /// The value of `key`, made by `make` (with its size in bytes) when it is not there. Who asks
    /// for a value that is being made waits for it.
    fn get<V: Send + Sync + 'static>(
        &self,
        key: Key,
        make: impl FnOnce() -> Result<(V, usize), RenderError>,
    ) -> Result<Arc<V>, RenderError> {
        let slot = self.slot::<V>(&key);
        let mut value = lock(&slot);
        if let Some(known) = &*value {
            return Ok(Arc::clone(known));
        }
        let (made, bytes) = make()?;
        let made = Arc::new(made);
        *value = Some(Arc::clone(&made));
        self.weigh(&key, bytes);
        Ok(made)
    }

    /// The slot of `key`, now the most recently used.
    fn slot<V: Send + Sync + 'static>(&self, key: &Key) -> Arc<Slot<V>> {
        let mut entries = lock(&self.entries);
        let mut entry = match entries.iter().position(|entry| entry.key == *key) {
            Some(at) => entries.remove(at),
            None => Entry { key: key.clone(), slot: Arc::<Slot<V>>::default(), bytes: 0, is_spent: false },
        };
        entry.is_spent = false;
        let slot = Arc::clone(&entry.slot);
        entries.push(entry);
        slot.downcast().expect("each kind of key is used with one kind of value")
    }

    /// Marks a value of which nothing more is wanted for now.
    fn spend(&self, key: &Key) {
        if let Some(entry) = lock(&self.entries).iter_mut().find(|entry| entry.key == *key) {
            entry.is_spent = true;
        }
    }

    /// Lets go of what is spent, to make room for its like.
    fn drop_spent(&self) {
        lock(&self.entries).retain(|entry| !entry.is_spent);
    }

    fn weigh(&self, key: &Key, bytes: usize) {
        let mut entries = lock(&self.entries);
        if let Some(entry) = entries.iter_mut().find(|entry| entry.key == *key) {
            entry.bytes = bytes;
        }
        let mut total: usize = entries.iter().map(|entry| entry.bytes).sum();
        // The last entry is in use.
        let most = KEPT_BYTES + self.more_than_least.load(Ordering::Relaxed);
        while total > most && entries.len() > 1 {
            total -= entries.remove(0).bytes;
        }
    }
}

/// A thread that panicked while it held the lock left a list that is whole: every change to it is a
/// single call.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
