//! Borrowed eight-bit 4:2:0 planes, without saying whose they are.

/// One plane to read.
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    /// Samples, row by row.
    pub data: &'a [u8],
    /// Bytes from one row to the next; at least the width.
    pub stride: usize,
}

/// One plane to write.
pub struct PlaneMut<'a> {
    /// Samples, row by row.
    pub data: &'a mut [u8],
    /// Bytes from one row to the next; at least the width.
    pub stride: usize,
}

/// A 4:2:0 picture to read: luma, blue and red difference, which have half its width and height,
/// rounded up.
#[derive(Clone, Copy)]
pub struct Planes<'a> {
    width: u32,
    height: u32,
    planes: [Plane<'a>; 3],
}

/// A 4:2:0 picture to write, or a band of its rows.
pub struct PlanesMut<'a> {
    width: u32,
    height: u32,
    /// Row of the whole picture that the first row here is; even.
    top: u32,
    planes: [PlaneMut<'a>; 3],
}

/// Columns and rows of plane `index` of a picture.
fn plane_size(index: usize, width: u32, height: u32) -> (usize, usize) {
    match index {
        0 => (width as usize, height as usize),
        _ => (width.div_ceil(2) as usize, height.div_ceil(2) as usize),
    }
}

/// Whether `length` bytes hold the rows of plane `index`.
fn holds(index: usize, width: u32, height: u32, length: usize, stride: usize) -> bool {
    let (columns, rows) = plane_size(index, width, height);
    let needed = match rows.checked_sub(1) {
        Some(full_rows) => full_rows.checked_mul(stride).and_then(|bytes| bytes.checked_add(columns)),
        None => Some(0),
    };
    stride >= columns && needed.is_some_and(|needed| length >= needed)
}

impl<'a> Planes<'a> {
    /// A picture over the planes Y', Cb, Cr; `None` when one of them is too short.
    pub fn new(width: u32, height: u32, planes: [Plane<'a>; 3]) -> Option<Self> {
        let fits =
            |(index, plane): (usize, &Plane<'_>)| holds(index, width, height, plane.data.len(), plane.stride);
        planes.iter().enumerate().all(fits).then_some(Self { width, height, planes })
    }

    /// Luma columns.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Luma rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The samples of row `y` of plane `index` (0 Y', 1 Cb, 2 Cr).
    pub fn samples(&self, index: usize, y: usize) -> &'a [u8] {
        self.row(index, y)
    }

    pub(super) fn row(&self, index: usize, y: usize) -> &'a [u8] {
        let Plane { data, stride } = self.planes[index];
        &data[y * stride..][..plane_size(index, self.width, self.height).0]
    }
}

impl<'a> PlanesMut<'a> {
    /// A picture over the planes Y', Cb, Cr; `None` when one of them is too short.
    pub fn new(width: u32, height: u32, planes: [PlaneMut<'a>; 3]) -> Option<Self> {
        let fits = |(index, plane): (usize, &PlaneMut<'_>)| {
            holds(index, width, height, plane.data.len(), plane.stride)
        };
        planes.iter().enumerate().all(fits).then_some(Self { width, height, top: 0, planes })
    }

    /// Luma columns.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Luma rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The same picture, lent on.
    pub fn reborrow(&mut self) -> PlanesMut<'_> {
        let planes =
            self.planes.each_mut().map(|plane| PlaneMut { data: &mut *plane.data, stride: plane.stride });
        PlanesMut { width: self.width, height: self.height, top: self.top, planes }
    }

    /// First row of the whole picture in this band, counted in rows of plane `index`.
    pub(super) fn first_row(&self, index: usize) -> usize {
        if index == 0 { self.top as usize } else { self.top as usize / 2 }
    }

    /// Columns and rows of plane `index` here.
    pub(super) fn size(&self, index: usize) -> (usize, usize) {
        plane_size(index, self.width, self.height)
    }

    /// The samples of row `y` of plane `index`, counted from the first row here.
    pub(super) fn row(&mut self, index: usize, y: usize) -> &mut [u8] {
        let columns = self.size(index).0;
        let PlaneMut { data, stride } = &mut self.planes[index];
        &mut data[y * *stride..][..columns]
    }

    /// What belongs to row `line` of chroma, counted from the first here: two luma rows, of which the second
    /// is empty where the picture ends between them, and the rows of Cb and Cr.
    pub(super) fn line(&mut self, line: usize) -> ([&mut [u8]; 2], [&mut [u8]; 2]) {
        let (columns, rows) = self.size(0);
        let halves = self.size(1).0;
        let [luma, cb, cr] = &mut self.planes;
        let below = luma.data.get_mut(2 * line * luma.stride..).unwrap_or_default();
        let (upper, lower) = below.split_at_mut(luma.stride.min(below.len()));
        let lower = if 2 * line + 1 < rows { &mut lower[..columns] } else { &mut [] };
        let [cb, cr] = [cb, cr].map(|plane| &mut plane.data[line * plane.stride..][..halves]);
        ([&mut upper[..columns], lower], [cb, cr])
    }

    /// The bands above and below luma row `row` (counted from the first row here), which is rounded
    /// down to an even one.
    pub(super) fn split(self, row: u32) -> (Self, Self) {
        let row = row.min(self.height) & !1;
        let (width, height, top) = (self.width, self.height, self.top);
        let mut index = 0;
        let halves = self.planes.map(|PlaneMut { data, stride }| {
            let rows = plane_size(index, width, row).1;
            index += 1;
            // The last row may be shorter than the stride.
            let (above, below) = data.split_at_mut((rows * stride).min(data.len()));
            (PlaneMut { data: above, stride }, PlaneMut { data: below, stride })
        });
        let [y, cb, cr] = halves;
        (
            Self { width, height: row, top, planes: [y.0, cb.0, cr.0] },
            Self { width, height: height - row, top: top + row, planes: [y.1, cb.1, cr.1] },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_planes_are_refused() {
        let bytes = [0; 64];
        let plane = |length, stride| Plane { data: &bytes[..length], stride };
        assert!(Planes::new(5, 3, [plane(15, 5), plane(6, 3), plane(6, 3)]).is_some());
        assert!(Planes::new(5, 3, [plane(14, 5), plane(6, 3), plane(6, 3)]).is_none());
        assert!(Planes::new(5, 3, [plane(15, 5), plane(5, 3), plane(6, 3)]).is_none());
        assert!(Planes::new(5, 3, [plane(15, 4), plane(6, 3), plane(6, 3)]).is_none());
        assert!(Planes::new(u32::MAX, u32::MAX, [plane(64, usize::MAX); 3]).is_none());
        assert!(Planes::new(0, 0, [plane(0, 0); 3]).is_some());
    }

    #[test]
    fn bands_keep_their_place() {
        let (mut y, mut cb, mut cr) = (vec![0; 35], vec![0; 12], vec![0; 12]);
        let planes = [(&mut y, 5), (&mut cb, 3), (&mut cr, 3)]
            .map(|(data, stride)| PlaneMut { data: data.as_mut_slice(), stride });
        let (above, mut below) = PlanesMut::new(5, 7, planes).unwrap().split(5);
        assert_eq!((above.height(), below.height(), below.first_row(0), below.first_row(1)), (4, 3, 4, 2));
        below.row(2, 1)[2] = 9;
        assert_eq!(cr[11], 9);
    }
}
