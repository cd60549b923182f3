//! Films of several files: imports, data, and what is said about them.

use expect_test::expect;

use crate::stage::Stage;

const BRAND: &str = "let accent = #ff5a36\n\
                     composition bug { text label \"bug\" { text_color: accent } }\n";

const FILM: &str = "import \"kit/brand.vid\" as brand\n\
                    composition film 160x90 25fps {\n\
                    \x20 sequence {\n\
                    \x20   for row in csv(\"rows.csv\") { text \"{row.name}\" for 1s { text_color: brand.accent } }\n\
                    \x20 }\n\
                    \x20 brand.bug\n\
                    }\n";

fn stage() -> Stage {
    let stage = Stage::new();
    std::fs::create_dir(stage.path("kit")).unwrap();
    stage.write("kit/brand.vid", BRAND);
    stage.write("rows.csv", "name\nAda\nGrace\n");
    stage.write("film.vid", FILM);
    stage
}

#[test]
fn a_film_of_several_files_is_made() {
    let stage = stage();
    let made = stage.vid(&["json", "film.vid", "-o", "film.json", "--depfile", "film.d"]);
    assert_eq!(made.code, 0, "{}", made.all());
    let body = std::fs::read_to_string(stage.path("film.json")).unwrap();
    assert!(body.contains("\"Grace\"") && body.contains("\"bug\""), "{body}");
    expect![[r#"
        film.json: \
          film.vid \
          kit/brand.vid \
          rows.csv

        film.vid:

        kit/brand.vid:

        rows.csv:
    "#]]
    .assert_eq(&std::fs::read_to_string(stage.path("film.d")).unwrap());
}

#[test]
fn files_that_are_not_there_are_in_the_rule() {
    let stage = Stage::new();
    stage.write("film.vid", FILM);
    let failed = stage.vid(&["json", "film.vid", "-o", "film.json", "--depfile", "film.d"]);
    assert_eq!(failed.code, 1);
    expect![[r#"
        error[import-not-found]: `kit/brand.vid` is not there
          ┌─ film.vid:1:8
          │
        1 │ import "kit/brand.vid" as brand
          │        ^^^^^^^^^^^^^^^ looked for at `kit/brand.vid`
          │
          = help: paths start at the folder of the file that imports

        error[data-missing]: `rows.csv` is not there
          ┌─ film.vid:4:16
          │
        4 │     for row in csv("rows.csv") { text "{row.name}" for 1s { text_color: brand.accent } }
          │                ^^^^^^^^^^^^^^^ looked for at `rows.csv`

        vid: 2 errors found
        exit 1
    "#]]
    .assert_eq(&failed.all());
    let rule = std::fs::read_to_string(stage.path("film.d")).unwrap();
    assert!(rule.starts_with("film.json: \\\n  film.vid \\\n  kit/brand.vid \\\n  rows.csv\n"), "{rule}");
}

#[test]
fn a_mistake_in_another_file_is_shown_there() {
    let stage = stage();
    stage.write("kit/brand.vid", BRAND.replace("accent }", "acent }"));
    let checked = stage.vid(&["check", "film.vid"]);
    expect![[r#"
        error[unknown-name]: nothing is called `acent`
          ┌─ kit/brand.vid:2:50
          │
        2 │ composition bug { text label "bug" { text_color: acent } }
          │                                                  ^^^^^
          │
          = help: did you mean `accent`?

        vid: 1 error found
        exit 1
    "#]]
    .assert_eq(&checked.all());
}

#[test]
fn a_mistake_in_a_file_that_is_checked_too_is_told_once() {
    let stage = stage();
    stage.write("kit/brand.vid", "let accent = 1s + 2px\n");
    stage.write("film.vid", FILM.replace("  brand.bug\n", ""));
    let checked = stage.vid(&["check", "film.vid", "kit/brand.vid"]);
    assert!(checked.all().ends_with("vid: 1 error found\nexit 1\n"), "{}", checked.all());
}

#[test]
fn what_a_body_says_less_well_is_told_in_the_file_that_says_it() {
    let stage = stage();
    stage.write(
        "kit/brand.vid",
        BRAND.replace(
            "text_color",
            "leading: 1.2  opacity: [0s: 0%, 1s: 100% cubic(0.2, 0, 0, 1)]  text_color",
        ),
    );
    let made = stage.vid(&["json", "film.vid", "-o", "film.json"]);
    let shown = made.all();
    assert!(shown.contains("kit/brand.vid:2:"), "{shown}");
}
