//! The bundled texts.

/// Path and text of each file of the prelude. Units come first: values of the others use them.
pub(super) const PRELUDE: &[(&str, &str)] = &[
    ("std/prelude/units.vid", include_str!("../../../stdlib/prelude/units.vid")),
    ("std/prelude/enums.vid", include_str!("../../../stdlib/prelude/enums.vid")),
    ("std/prelude/colors.vid", include_str!("../../../stdlib/prelude/colors.vid")),
    ("std/prelude/functions.vid", include_str!("../../../stdlib/prelude/functions.vid")),
    ("std/prelude/groups.vid", include_str!("../../../stdlib/prelude/groups.vid")),
    ("std/prelude/elements.vid", include_str!("../../../stdlib/prelude/elements.vid")),
    ("std/prelude/structure.vid", include_str!("../../../stdlib/prelude/structure.vid")),
];
