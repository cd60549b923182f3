use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use vid_timeline::{TextAlign, TextWrap};

use super::*;

/// One line each: left edge, width, baseline, and the glyphs' number, faces and first position.
fn check(text: &Text, width: f64, expected: &Expect) {
    let faces = dejavu().faces(text).unwrap();
    let layout = super::layout(&faces, text, width).unwrap();
    let mut out = format!("pitch {:.2}, height {:.2}\n", layout.pitch, layout.height());
    for line in &layout.lines {
        let Line { left, width, baseline, glyphs } = line;
        let ids: Vec<_> = glyphs.iter().map(|glyph| format!("{}@{:.1}", glyph.id, glyph.x)).collect();
        writeln!(out, "left {left:.2} width {width:.2} baseline {baseline:.2}: {}", ids.join(" ")).unwrap();
    }
    expected.assert_eq(&out);
}

#[test]
fn lines_break_at_newlines_and_between_words() {
    let text = Text { text_align: TextAlign::Left, ..words("one two\n\nthree", 20) };
    check(
        &text,
        60.0,
        &expect![[r#"
        pitch 24.00, height 96.00
        left 0.00 width 37.22 baseline 18.92: 82@0.0 81@12.2 72@24.9
        left 0.00 width 36.44 baseline 42.92: 87@0.0 90@7.8 82@24.2
        left 0.00 width 0.00 baseline 66.92: 
        left 0.00 width 52.91 baseline 90.92: 87@0.0 75@7.8 85@20.5 72@28.3 72@40.6
    "#]],
    );
    check(
        &Text { text_wrap: TextWrap::Nowrap, ..text },
        60.0,
        &expect![[r#"
        pitch 24.00, height 72.00
        left 0.00 width 80.01 baseline 18.92: 82@0.0 81@12.2 72@24.9 3@37.2 87@43.6 90@51.4 82@67.8
        left 0.00 width 0.00 baseline 42.92: 
        left 0.00 width 52.91 baseline 66.92: 87@0.0 75@7.8 85@20.5 72@28.3 72@40.6
    "#]],
    );
}

#[test]
fn a_word_wider_than_the_box_is_broken() {
    check(
        &words("incredible", 20),
        60.0,
        &expect![[r#"
        pitch 24.00, height 48.00
        left 5.34 width 49.32 baseline 18.92: 76@5.3 81@10.9 70@23.6 85@34.6 72@42.4
        left 5.60 width 48.81 baseline 42.92: 71@5.6 76@18.3 69@23.8 79@36.5 72@42.1
    "#]],
    );
}

#[test]
fn lines_are_aligned_by_their_letters_alone() {
    let text = words("ab \ncd", 20);
    check(
        &text,
        100.0,
        &expect![[r#"
        pitch 24.00, height 48.00
        left 37.52 width 24.95 baseline 18.92: 68@37.5 69@49.8 3@62.5
        left 38.15 width 23.69 baseline 42.92: 70@38.2 71@49.2
    "#]],
    );
    check(
        &Text { text_align: TextAlign::Right, ..text },
        100.0,
        &expect![[r#"
        pitch 24.00, height 48.00
        left 75.05 width 24.95 baseline 18.92: 68@75.0 69@87.3 3@100.0
        left 76.31 width 23.69 baseline 42.92: 70@76.3 71@87.3
    "#]],
    );
}

#[test]
fn leading_and_tracking() {
    let text = Text {
        leading: Rational::integer(2),
        tracking: Rational::integer(10),
        text_align: TextAlign::Right,
        ..words("fi\nfi", 20)
    };
    check(
        &text,
        100.0,
        &expect![[r#"
        pitch 40.00, height 80.00
        left 77.40 width 22.60 baseline 26.92: 73@77.4 76@94.4
        left 77.40 width 22.60 baseline 66.92: 73@77.4 76@94.4
    "#]],
    );
    check(
        &words("fi", 20),
        100.0,
        &expect![[r#"
        pitch 24.00, height 24.00
        left 43.70 width 12.60 baseline 18.92: 5042@43.7
    "#]],
    );
}

#[test]
fn right_to_left_runs_are_reordered_and_joined() {
    check(
        &words("ab \u{5d0}\u{5d1} cd", 20),
        200.0,
        &expect![[r#"
        pitch 24.00, height 24.00
        left 56.86 width 86.29 baseline 18.92: 68@56.9 69@69.1 3@81.8 1320@88.2 1319@99.7 3@113.1 70@119.5 71@130.4
    "#]],
    );
    check(
        &words("\u{633}\u{644}\u{627}\u{645}", 20),
        200.0,
        &expect![[r#"
        pitch 24.00, height 24.00
        left 79.46 width 41.07 baseline 18.92: 5293@103.8 5366@91.8 1390@79.5
    "#]],
    );
}

#[test]
fn limits_are_named() {
    let faces = dejavu().faces(&words("x", 20)).unwrap();
    let error = |text: &Text| super::layout(&faces, text, 100.0).unwrap_err().to_string();
    expect!["a text has 20000 bytes, more than the limit of 16384"]
        .assert_eq(&error(&words(&"x".repeat(20_000), 20)));
    expect!["font size 0 is outside 0..8192 pixels"].assert_eq(&error(&words("x", 0)));
    expect!["font size 9000 is outside 0..8192 pixels"].assert_eq(&error(&words("x", 9000)));
}

#[test]
fn long_text_without_glyphs_is_set_in_time() {
    // A shaper that looks for each missing glyph in each face must not do so forever.
    let text = words(&"\u{12000}".repeat(MAX_TEXT_BYTES / 4), 10);
    let faces = dejavu().faces(&text).unwrap();
    assert!(super::layout(&faces, &text, 500.0).unwrap().lines.len() > 10);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_set(text in "\\PC{0,30}|[\u{0}-\u{ff}\u{590}-\u{6ff}\u{200b}-\u{206f}\u{900}-\u{97f}a \n]{0,40}",
                       width in 0.0..300.0_f64, wraps in any::<bool>()) {
        thread_local!(static LIBRARY: FontLibrary = dejavu());
        let text_wrap = if wraps { TextWrap::Wrap } else { TextWrap::Nowrap };
        let text = Text { text_wrap, ..words(&text, 20) };
        LIBRARY.with(|library| {
            let faces = library.faces(&text).unwrap();
            super::layout(&faces, &text, width).unwrap();
            rasterize(library, &text, &Style::default(), &whole(100, 100)).unwrap();
        });
    }
}
