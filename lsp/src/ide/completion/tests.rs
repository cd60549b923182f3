use super::*;
use crate::ide::fixture::Fixture;

/// The labels of rank up to `rank` that begin with what is typed.
fn check(text: &str, rank: u8) -> String {
    let fixture = Fixture::with(
        text,
        &[(
            "brand.vid",
            "/// Orange.\nlet accent = #f80\nprivate let own = 1\ncomposition bug { text \"b\" }\n",
        )],
    );
    let assets = [PathBuf::from("clip.mp4"), PathBuf::from("media/a.mp3"), PathBuf::from("brand.vid")];
    let Some(found) = completions(&fixture.source(), fixture.offset, &assets) else { return "-".to_owned() };
    let typed = &fixture.text[found.range.start..fixture.offset];
    let items = found.items.iter().filter(|item| item.rank <= rank && item.label.starts_with(typed));
    items.map(|item| &*item.label).collect::<Vec<_>>().join(" ")
}

#[test]
fn properties_of_the_block() {
    assert_eq!(check("composition c { text \"x\" { font_s$0 } }", 1), "font_size font_style");
    assert_eq!(check("composition c { text \"x\" { font_size: 1 font_s$0", 9), "font_style font_size");
    assert_eq!(check("composition c { backg$0 }", 1), "background_color background_image_url");
    assert_eq!(check("style s for text { text_al$0 }", 1), "text_align");
}

#[test]
fn words_where_they_are_expected() {
    assert_eq!(check("composition c { text \"x\" { text_align: l$0 } }", 0), "left");
    assert_eq!(check("composition c { text \"x\" { text_align: $0 } }", 0), "center left right");
    assert_eq!(check("composition c { text \"x\" { enter zoom_$0 } }", 0), "zoom_in");
    assert_eq!(check("composition c { sequence { transition wipe_l$0", 0), "wipe_left");
    assert_eq!(check("composition c { text \"x\" { opacity: [0s: 0%, 1s: 1% ease_o$0] } }", 0), "ease_out");
    assert_eq!(check("composition c { output m$0 }", 0), "mov mp4");
}

#[test]
fn names_and_members() {
    let film = "let hold = 2s\ncomposition c(p: time = 1s) { text one \"x\" for 1s\n";
    assert_eq!(check(&format!("{film}text \"y\" at o$0 }}"), 3), "one.end one.end + 500ms one");
    assert_eq!(check(&format!("{film}text \"y\" at one.$0 }}"), 3), "duration end start");
    assert_eq!(check(&format!("{film}text \"y\" for h$0"), 3), "hold");
    assert_eq!(check(&format!("{film}marker m at 1s\ntext \"y\" at markers.$0 }}"), 3), "m");
    assert_eq!(check("import \"brand.vid\" as brand\nlet a = brand.$0\n", 3), "accent bug");
    assert_eq!(check("import \"brand.vid\" { $0 }\n", 3), "accent bug");
}

#[test]
fn statements_and_clauses() {
    assert_eq!(check("composition c {\n  vi$0\n}", 3), "video visible".replace(" visible", ""));
    assert_eq!(check("composition c {\n  sequence {\n    ga$0\n  }\n}", 3), "gap");
    assert_eq!(check("composition c {\n  text \"x\" f$0\n}", 3), "for");
    assert_eq!(check("comp$0", 3), "composition");
    assert_eq!(check("import \"brand.vid\" as brand\ncomposition c {\n  brand.b$0\n}", 3), "bug");
}

#[test]
fn files_of_the_project() {
    assert_eq!(check("composition c { video \"$0\" }", 3), "clip.mp4");
    assert_eq!(check("composition c { audio \"me$0\" }", 3), "media/a.mp3");
    assert_eq!(check("import \"br$0\"", 3), "brand.vid");
    assert_eq!(check("import \"std/ti$0\"", 3), "std/titles");
}

#[test]
fn units_and_arguments() {
    assert_eq!(check("composition c { text \"x\" for 20m$0 }", 3), "m ms");
    assert_eq!(check("let a = clamp(1, hi$0)", 0), "high");
    assert_eq!(
        check("composition bug(size: length) { text \"x\" }\ncomposition c { bug(si$0: 2px) }", 0),
        "size"
    );
    assert_eq!(check("// no$0", 9), "-");
}
