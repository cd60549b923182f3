//! The colour profile of sRGB, as ICC.1:2010 (version 4) lays a display profile out.
//!
//! Primaries are those of IEC 61966-2-1, adapted from D65 to the profile's D50 by Bradford's method; the
//! curve is that of the standard, as parameters.

/// The profile's bytes.
pub fn srgb() -> Vec<u8> {
    let mut profile = Profile::default();
    profile.tag(b"desc", &text("sRGB"));
    profile.tag(b"cprt", &text("public domain"));
    profile.tag(b"wtpt", &xyz([0.9642, 1.0, 0.8249]));
    profile.tag(b"rXYZ", &xyz([0.43607, 0.22249, 0.01392]));
    profile.tag(b"gXYZ", &xyz([0.38515, 0.71687, 0.09708]));
    profile.tag(b"bXYZ", &xyz([0.14307, 0.06061, 0.71410]));
    let adaptation =
        [1.047_88, 0.022_92, -0.050_20, 0.029_59, 0.990_48, -0.017_06, -0.009_23, 0.015_08, 0.751_68];
    profile.tag(b"chad", &numbers(b"sf32", &adaptation));
    // Type 3: (a·x + b)^g above d, c·x below.
    let curve = curve(&[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45]);
    for name in [b"rTRC", b"gTRC", b"bTRC"] {
        profile.tag(name, &curve);
    }
    profile.bytes()
}

/// Tags with their data, in order.
#[derive(Default)]
struct Profile {
    tags: Vec<([u8; 4], Vec<u8>)>,
}

const HEADER: usize = 128;

impl Profile {
    fn tag(&mut self, name: &[u8; 4], data: &[u8]) {
        self.tags.push((*name, data.to_vec()));
    }

    fn bytes(self) -> Vec<u8> {
        let mut table = Vec::new();
        let mut data = Vec::new();
        let first = HEADER + 4 + 12 * self.tags.len();
        table.extend(number(self.tags.len()));
        let mut places: Vec<(Vec<u8>, usize)> = Vec::new();
        for (name, content) in self.tags {
            // Equal data are stored once.
            let at = match places.iter().find(|(known, _)| *known == content) {
                Some((_, at)) => *at,
                None => {
                    let at = first + data.len();
                    data.extend(&content);
                    data.resize(data.len().next_multiple_of(4), 0);
                    places.push((content.clone(), at));
                    at
                }
            };
            table.extend(name);
            table.extend(number(at));
            table.extend(number(content.len()));
        }
        let mut bytes = header(first + data.len());
        bytes.extend(table);
        bytes.extend(data);
        bytes
    }
}

fn header(size: usize) -> Vec<u8> {
    let mut header = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &number(size));
    put(8, &[4, 0x30, 0, 0]);
    put(12, b"mntrRGB XYZ ");
    // A fixed date: the first of January 2000.
    put(24, &[7, 208, 0, 1, 0, 1]);
    put(36, b"acsp");
    // The profile's own white, D50.
    put(68, &xyz([0.9642, 1.0, 0.8249])[8..]);
    header
}

fn number(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes()
}

/// Numbers of 16 bits before the point and 16 after it.
fn numbers(kind: &[u8; 4], values: &[f64]) -> Vec<u8> {
    let mut bytes = kind.to_vec();
    bytes.extend([0; 4]);
    bytes.extend(values.iter().flat_map(|value| ((value * 65536.0).round() as i32).to_be_bytes()));
    bytes
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    numbers(b"XYZ ", &values)
}

fn curve(parameters: &[f64; 5]) -> Vec<u8> {
    let mut bytes = b"para\0\0\0\0\0\x03\0\0".to_vec();
    bytes.extend(&numbers(b"para", parameters)[8..]);
    bytes
}

/// A text in one language.
fn text(words: &str) -> Vec<u8> {
    let utf16: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut bytes = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS".to_vec();
    bytes.extend(number(utf16.len()));
    bytes.extend(number(28));
    bytes.extend(utf16);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_says_its_own_size_and_where_its_tags_are() {
        let profile = srgb();
        let at = |place: usize| u32::from_be_bytes(profile[place..place + 4].try_into().unwrap()) as usize;
        assert_eq!(at(0), profile.len());
        assert_eq!(&profile[36..40], b"acsp");
        for tag in 0..at(128) {
            let (place, size) = (at(132 + 12 * tag + 4), at(132 + 12 * tag + 8));
            assert!(place + size <= profile.len() && place % 4 == 0);
        }
        // White is the sum of the primaries.
        let fixed = |place: usize| at(place) as f64 / 65536.0;
        let of = |tag: usize| at(132 + 12 * tag + 4) + 8;
        for axis in 0..3 {
            let sum: f64 = (3..6).map(|tag| fixed(of(tag) + 4 * axis)).sum();
            assert!((sum - fixed(of(2) + 4 * axis)).abs() < 2e-4);
        }
    }
}
