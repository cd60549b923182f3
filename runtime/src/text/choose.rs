//! Picking a face the way CSS does, and a name that may have been meant.

use swash::FontRef;

/// Slant of a face.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slant {
    Upright,
    Oblique,
    Italic,
}

/// What a face is, as far as picking goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Candidate {
    /// 1–1000.
    pub weight: u16,
    pub slant: Slant,
    /// Steps away from normal width.
    pub narrowness: u16,
}

/// The weights of a variable face.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Axis {
    pub least: u16,
    pub most: u16,
}

impl Axis {
    pub(super) fn of(font: FontRef<'_>) -> Option<Self> {
        let axis = font.variations().find_by_tag(swash::tag_from_bytes(b"wght"))?;
        // Out-of-range and senseless numbers of a font file saturate.
        let (least, most) = (axis.min_value() as u16, axis.max_value() as u16);
        (least < most).then_some(Self { least, most })
    }

    /// The weight the face takes when `weight` is asked for.
    pub(super) fn nearest(self, weight: u16) -> u16 {
        weight.clamp(self.least, self.most)
    }
}

/// Lower is better: width first, then slant, then weight, in the order of the CSS Fonts module.
pub(super) fn rank(face: Candidate, axis: Option<Axis>, weight: u16, slant: Slant) -> (u16, u8, u8, u16) {
    let slant_rank = match (slant, face.slant) {
        (Slant::Upright, Slant::Upright) | (_, Slant::Italic)
            if slant != Slant::Upright || face.slant == slant =>
        {
            0
        }
        (_, Slant::Oblique) => 1,
        _ => 2,
    };
    let has = axis.map_or(face.weight, |axis| axis.nearest(weight));
    let distance = has.abs_diff(weight);
    let heavier = has > weight;
    let group = match weight {
        _ if distance == 0 => 0,
        // From 400 to 500: first what is up to 500, then lighter, then heavier.
        400..=500 if heavier && has <= 500 => 0,
        400..=500 => 1 + u8::from(heavier),
        // Light asks for lighter first, bold for heavier.
        0..400 => 1 + u8::from(heavier),
        _ => 1 + u8::from(!heavier),
    };
    (face.narrowness, slant_rank, group, distance)
}

/// The name with the fewest edits to `wanted`, if they are few for its length.
pub(super) fn nearest_name<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().take(64).collect();
    let allowed = (wanted.len() / 3).clamp(1, 4);
    names
        .map(|name| (edits(&wanted, &name.to_lowercase()), name))
        .min()
        .filter(|(edits, _)| *edits <= allowed)
        .map(|(_, name)| name)
}

/// Insertions, deletions and replacements between two names.
fn edits(a: &[char], b: &str) -> usize {
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (index, b) in b.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (x, a) in a.iter().enumerate() {
            let replaced = diagonal + usize::from(*a != b);
            diagonal = row[x + 1];
            row[x + 1] = replaced.min(row[x] + 1).min(diagonal + 1);
        }
    }
    row[a.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(weights: &[u16], wanted: u16) -> u16 {
        let rank_of = |weight: &&u16| {
            rank(
                Candidate { weight: **weight, slant: Slant::Upright, narrowness: 0 },
                None,
                wanted,
                Slant::Upright,
            )
        };
        *weights.iter().min_by_key(rank_of).unwrap()
    }

    #[test]
    fn weights_are_matched_as_in_css() {
        assert_eq!(picked(&[100, 400, 500, 700], 450), 500);
        assert_eq!(picked(&[100, 300, 600], 400), 300);
        assert_eq!(picked(&[100, 600, 900], 300), 100);
        assert_eq!(picked(&[400, 900], 600), 900);
        assert_eq!(picked(&[300, 400], 700), 400);
        assert_eq!(picked(&[400, 700], 700), 700);
    }

    #[test]
    fn slant_goes_before_weight_and_width_before_slant() {
        let face = |weight, slant, narrowness| Candidate { weight, slant, narrowness };
        let best = |faces: &[Candidate], slant| {
            faces
                .iter()
                .position(|f| faces.iter().all(|g| rank(*f, None, 700, slant) <= rank(*g, None, 700, slant)))
        };
        let (upright, italic, oblique) = (Slant::Upright, Slant::Italic, Slant::Oblique);
        let faces =
            [face(700, upright, 0), face(400, italic, 0), face(700, oblique, 0), face(700, italic, 2)];
        assert_eq!(best(&faces, italic), Some(1));
        assert_eq!(best(&faces, upright), Some(0));
        assert_eq!(best(&faces[..1], italic), Some(0));
        let axis = Some(Axis { least: 100, most: 900 });
        assert_eq!(rank(faces[1], axis, 650, italic), (0, 0, 0, 0));
    }

    #[test]
    fn near_names_are_offered_and_far_ones_are_not() {
        let names = ["DejaVu Sans", "Inter", "Poppins"];
        let nearest = |wanted| nearest_name(wanted, names.into_iter());
        assert_eq!(nearest("Intre"), None);
        assert_eq!(nearest("Intr"), Some("Inter"));
        assert_eq!(nearest("dejavu sns"), Some("DejaVu Sans"));
        assert_eq!(nearest("Comic Sans MS"), None);
        assert_eq!(nearest(""), None);
    }
}
