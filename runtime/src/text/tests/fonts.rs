use expect_test::expect;
use vid_timeline::FontStyle;

use super::*;

#[test]
fn families_are_found_without_regard_to_case_and_listed_sorted() {
    let library = dejavu();
    assert_eq!(library.families().collect::<Vec<_>>(), ["DejaVu Sans", "DejaVu Serif"]);
    assert!(library.has_family("dejavu SANS") && !library.has_family("DejaVu"));
}

#[test]
fn a_missing_family_names_the_nearest() {
    let error = |family: &str| {
        let text = Text { font_family: family.to_owned(), ..words("x", 20) };
        dejavu().faces(&text).err().unwrap().to_string()
    };
    expect!["font family `Dejavu San` is not installed; did you mean `DejaVu Sans`?"]
        .assert_eq(&error("Dejavu San"));
    expect!["font family `Poppins` is not installed"].assert_eq(&error("Poppins"));
}

#[test]
fn weight_and_style_pick_the_face() {
    let library = dejavu();
    let hash = |text: &Text| library.faces(text).unwrap().hashes()[0];
    let plain = words("x", 20);
    let styled = |font_style, font_weight| hash(&Text { font_style, font_weight, ..plain.clone() });
    let (regular, bold) = (styled(FontStyle::Normal, 400), styled(FontStyle::Normal, 700));
    assert_ne!(regular, bold);
    assert_eq!(styled(FontStyle::Bold, 400), bold);
    assert_eq!(styled(FontStyle::Normal, 300), regular);
    let oblique = styled(FontStyle::Italic, 400);
    assert!(oblique != regular && oblique != bold);
    // There is no bold oblique face: slant goes first, and the face is made bold.
    assert_eq!(styled(FontStyle::BoldItalic, 400), oblique);
    assert!(library.faces(&Text { font_style: FontStyle::BoldItalic, ..plain }).unwrap().faces[0].emboldened);
}

#[test]
fn other_faces_lend_glyphs_in_a_fixed_order() {
    // DejaVu Serif has no Arabic; DejaVu Sans has, and nobody has the last one.
    let text = Text { font_family: "DejaVu Serif".to_owned(), ..words("a\u{633}\u{200d}\n\u{12000}", 20) };
    let faces = dejavu().faces(&text).unwrap();
    assert_eq!(faces.hashes().len(), 2);
    assert_eq!(faces.missing_glyphs(), ['\u{12000}']);
    assert_eq!(dejavu().missing_glyphs(&text).unwrap(), ['\u{12000}']);
    let sans = dejavu().faces(&words("a", 20)).unwrap().hashes();
    assert_eq!(faces.hashes()[1], sans[0]);
}

#[test]
fn directories_are_read_in_the_order_of_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    let deeper = folder.path().join("a");
    std::fs::create_dir(&deeper).unwrap();
    std::fs::write(deeper.join("mono.TTF"), dejavu::sans_mono::regular()).unwrap();
    std::fs::write(folder.path().join("b.ttf"), dejavu::sans::regular()).unwrap();
    std::fs::write(folder.path().join("c.ttf"), b"this is no font").unwrap();
    std::fs::write(folder.path().join("d.txt"), dejavu::serif::regular()).unwrap();
    let sources = || [FontSource::Directory(folder.path().to_owned())];
    let library = FontLibrary::new(sources());
    assert_eq!(library.families().collect::<Vec<_>>(), ["DejaVu Sans", "DejaVu Sans Mono"]);

    let from_file = library.faces(&words("x", 9)).unwrap().hashes();
    assert_eq!(from_file, dejavu().faces(&words("x", 9)).unwrap().hashes());
    let late = FontLibrary::new(sources());
    std::fs::remove_file(folder.path().join("b.ttf")).unwrap();
    let error = late.faces(&words("x", 9)).err().unwrap();
    assert!(matches!(error, TextError::FontUnreadable { .. }), "{error}");
}

#[test]
fn an_empty_library_says_so() {
    let library = FontLibrary::with_data([b"no font at all".to_vec(), Vec::new()]);
    assert_eq!(library.families().count(), 0);
    assert!(matches!(library.faces(&words("x", 9)), Err(TextError::FontNotFound { nearest: None, .. })));
}
