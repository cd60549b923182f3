//! The bundled texts.

use crate::files::Bundled;

/// Path and text of each file of the prelude. Units come first: values of the others use them.
pub(crate) const PRELUDE: &[Bundled] = &[
    ("std/prelude/units.vid", include_str!("../../../stdlib/prelude/units.vid")),
    ("std/prelude/enums.vid", include_str!("../../../stdlib/prelude/enums.vid")),
    ("std/prelude/colors.vid", include_str!("../../../stdlib/prelude/colors.vid")),
    ("std/prelude/functions.vid", include_str!("../../../stdlib/prelude/functions.vid")),
    ("std/prelude/groups.vid", include_str!("../../../stdlib/prelude/groups.vid")),
    ("std/prelude/elements.vid", include_str!("../../../stdlib/prelude/elements.vid")),
    ("std/prelude/structure.vid", include_str!("../../../stdlib/prelude/structure.vid")),
];

/// Path and text of each file that authors may import, by the path without `.vid`.
pub(super) const LIBRARY: &[Bundled] = &[
    ("std/captions.vid", include_str!("../../../stdlib/captions.vid")),
    ("std/colors.vid", include_str!("../../../stdlib/colors.vid")),
    ("std/easings.vid", include_str!("../../../stdlib/easings.vid")),
    ("std/formats.vid", include_str!("../../../stdlib/formats.vid")),
    ("std/layouts.vid", include_str!("../../../stdlib/layouts.vid")),
    ("std/lower_thirds.vid", include_str!("../../../stdlib/lower_thirds.vid")),
    ("std/titles.vid", include_str!("../../../stdlib/titles.vid")),
    ("std/transitions.vid", include_str!("../../../stdlib/transitions.vid")),
    ("std/typography.vid", include_str!("../../../stdlib/typography.vid")),
];
