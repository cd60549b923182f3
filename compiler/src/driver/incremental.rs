//! Which queries run after an edit: what an edit does not concern does not run again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use expect_test::{Expect, expect};
use salsa::EventKind;
use vid_grammar::SharedParse;

use crate::driver::api::{CompileRequest, Compiler, MediaTrouble, SourceId};
use crate::files::{MediaProblem, MediaProblemKind, MemorySystem};

type Log = Arc<Mutex<Vec<String>>>;

/// A project of several files, with a log of each query that runs.
struct Project {
    compiler: Compiler,
    system: Arc<MemorySystem>,
    log: Log,
    film: SourceId,
}

/// The film of the tests, and what it imports.
const FILM: &str = r#"
import "brand.vid" as brand
import "colors.vid" { accent }

composition first 640x360 30fps {
  text title "one" with brand.headline for 2s { text_color: accent }
  brand.bug at 1s for 1s
}

composition second 640x360 30fps {
  text title "two" for brand.hold { text_color: accent }
}

composition third 640x360 30fps {
  sequence { for row in csv("rows.csv") { text "{row.name}" for 1s } }
}
"#;

const BRAND: &str = r#"
style headline for text { font_size: 48 }
let hold = 3s
composition bug { text "bug" { font_size: 20 } }
"#;

const COLORS: &str = "let accent = #ff5a36\n";

const ROWS: &str = "name\nAda\n";

impl Project {
    /// The project, checked once.
    fn new() -> Self {
        Self::of(&[("film.vid", FILM), ("brand.vid", BRAND), ("colors.vid", COLORS), ("rows.csv", ROWS)])
    }

    /// A project of these files, the first of them its film, checked once.
    fn of(files: &[(&str, &str)]) -> Self {
        let log: Log = Arc::default();
        let events = log.clone();
        let hook = move |event: salsa::Event| {
            if let EventKind::WillExecute { database_key } = event.kind {
                let name = format!("{database_key:?}");
                let name = name.split('(').next().unwrap_or_default().to_owned();
                events.lock().unwrap().push(name);
            }
        };
        let system = Arc::new(MemorySystem::new());
        for (name, text) in files {
            system.write(name, *text);
        }
        let mut compiler = Compiler::with_events(system.clone(), Some(Box::new(hook)));
        let film = compiler.open(files[0].0);
        let mut project = Self { compiler, system, log, film };
        let found = project.compiler.check(film, MediaTrouble::Warns);
        assert!(found.is_empty(), "{found:?}");
        project.ran();
        project
    }

    /// What has run since the last time, each name with how often.
    fn ran(&mut self) -> String {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for name in self.log.lock().unwrap().drain(..) {
            *counts.entry(name).or_default() += 1;
        }
        counts.iter().map(|(name, count)| format!("{name} ×{count}\n")).collect()
    }

    /// What runs when the film is checked again, which finds nothing wrong.
    fn check(&mut self, expected: Expect) {
        let found = self.compiler.check(self.film, MediaTrouble::Warns);
        assert!(found.is_empty(), "{found:?}");
        expected.assert_eq(&self.ran());
    }

    fn set(&mut self, path: &str, text: &str) {
        self.compiler.set_text(path, text);
    }
}

#[test]
fn asking_again_runs_nothing() {
    let mut project = Project::new();
    project.set("film.vid", FILM);
    project.check(expect![""]);
}

#[test]
fn a_comment_runs_nothing_that_knows_meaning() {
    let mut project = Project::new();
    project.set("film.vid", &FILM.replace("for 2s", "/* short */ for 2s"));
    project.check(expect![[r#"
        file_items ×1
        is_well_formed ×1
        parse ×1
    "#]]);
}

#[test]
fn a_tree_that_is_shared_is_made_once() {
    let mut project = Project::new();
    let edited = FILM.replace("for 2s", "/* short */ for 2s");
    let tree = Arc::new(SharedParse::new(FILM).edited(&*edited));
    let made = tree.tree().clone();
    project.compiler.set_tree("film.vid", tree);
    project.check(expect![[r#"
        file_items ×1
        is_well_formed ×1
        parse ×1
    "#]]);
    let known = project.compiler.tree(project.film);
    assert!(known.is_some_and(|known| std::ptr::eq(&**known.green(), &**made.green())));
    assert_eq!(project.compiler.text(project.film).as_deref(), Some(&*edited));
    // A text that comes without a tree has its own.
    project.set("film.vid", FILM);
    assert_eq!(project.compiler.tree(project.film), Some(vid_grammar::parse(FILM)));
}

#[test]
fn an_edit_in_one_film_leaves_the_others_alone() {
    let mut project = Project::new();
    project.set("film.vid", &FILM.replace("\"one\"", "\"1\""));
    project.check(expect![[r#"
        composition_reports ×1
        file_items ×1
        file_reports ×1
        file_scope ×1
        import_reports ×1
        import_targets ×1
        is_well_formed ×1
        parse ×1
        placed_compositions ×1
        schedule ×1
    "#]]);
}

#[test]
fn a_new_film_leaves_the_others_alone() {
    let mut project = Project::new();
    project.set("film.vid", &format!("{FILM}\ncomposition zero 640x360 30fps {{ text \"0\" for 1s }}\n"));
    project.check(expect![[r#"
        composition_reports ×1
        file_items ×1
        file_reports ×1
        file_scope ×1
        find ×3
        import_reports ×1
        import_targets ×1
        is_well_formed ×1
        parse ×1
        placed_compositions ×1
        schedule ×1
        standalone_lets ×1
    "#]]);
}

#[test]
fn a_file_that_is_not_imported_is_not_looked_at() {
    let mut project = Project::new();
    project.set("other.vid", FILM);
    project.check(expect![""]);
    project.set("other.vid", BRAND);
    project.check(expect![""]);
}

#[test]
fn a_comment_in_an_imported_file_runs_nothing_that_knows_meaning() {
    let mut project = Project::new();
    project.set("brand.vid", &format!("// The brand.\n{BRAND}"));
    project.check(expect![[r#"
        file_items ×1
        is_readable ×1
        is_well_formed ×1
        parse ×1
    "#]]);
}

#[test]
fn the_body_of_an_imported_composition_concerns_those_who_place_it() {
    let mut project = Project::new();
    project.set("brand.vid", &BRAND.replace("font_size: 20", "font_size: 24"));
    project.check(expect![[r#"
        composition_reports ×1
        file_items ×1
        file_reports ×1
        file_scope ×1
        import_reports ×1
        import_targets ×1
        is_readable ×1
        is_well_formed ×1
        member_of ×1
        parse ×1
        part ×1
        schedule ×1
    "#]]);
}

#[test]
fn an_imported_value_concerns_those_who_use_it() {
    let mut project = Project::new();
    project.set("brand.vid", &BRAND.replace("3s", "4s"));
    project.check(expect![[r#"
        composition_reports ×1
        file_items ×1
        file_reports ×1
        file_scope ×1
        import_reports ×1
        import_targets ×1
        is_readable ×1
        is_well_formed ×1
        member_of ×1
        parse ×1
        schedule ×1
        standalone_lets ×1
    "#]]);
}

#[test]
fn a_new_item_of_an_imported_file_concerns_nobody() {
    let mut project = Project::new();
    project.set("brand.vid", &format!("{BRAND}\nlet pause = 1s\n"));
    project.check(expect![[r#"
        file_items ×1
        file_reports ×1
        file_scope ×1
        find ×1
        import_reports ×1
        import_targets ×1
        is_readable ×1
        is_well_formed ×1
        member_of ×3
        parse ×1
        standalone_lets ×1
    "#]]);
}

#[test]
fn data_concern_those_who_read_them() {
    let mut project = Project::new();
    project.system.write("rows.csv", "name\nAda\nGrace\n");
    project.compiler.reload("rows.csv");
    project.check(expect![[r#"
        composition_reports ×1
        data_value ×1
        schedule ×1
    "#]]);
    // Nothing has changed since.
    project.compiler.reload("rows.csv");
    project.compiler.reload("brand.vid");
    project.check(expect![""]);
}

#[test]
fn facts_of_media_concern_those_who_use_them() {
    let mut project = Project::new();
    let problem = MediaProblem { kind: MediaProblemKind::Missing, message: String::new() };
    project.compiler.set_media_facts("nobody.mp4", Err(problem));
    project.check(expect![""]);
}

#[test]
fn a_new_import_leaves_bodies_alone() {
    let mut project = Project::new();
    let edited =
        FILM.replace("{ accent }", "{ accent, paper }").replace("\"two\" for", "\"two {paper}\" for");
    project.set("colors.vid", &format!("{COLORS}let paper = 1\n"));
    project.set("film.vid", &edited);
    project.check(expect![[r#"
        composition_reports ×1
        file_items ×2
        file_reports ×2
        file_scope ×2
        find ×4
        import_reports ×2
        import_targets ×2
        is_readable ×1
        is_well_formed ×2
        member_of ×2
        parse ×2
        placed_compositions ×1
        schedule ×1
        standalone_lets ×2
    "#]]);
}

/// A film of scenes, two of them alike.
const REEL: &str = r#"
import "scenes.vid" { opening, scene, closing }

composition reel 640x360 30fps {
  sequence {
    opening
    scene(words: "one")
    scene(words: "two")
    scene(words: "one")
    closing
  }
}
"#;

const SCENES: &str = r#"
composition opening { text "Opening" for 1s { font_size: 20 } }
composition scene(words: string) { text "{words}" for 2s { font_size: 20 } }
composition closing { text "Closing" for 1s { font_size: 20 } }
"#;

#[test]
fn a_scene_is_computed_alone_and_once_for_what_it_is_given() {
    let mut project = Project::of(&[("reel.vid", REEL), ("scenes.vid", SCENES)]);
    project.set("scenes.vid", &SCENES.replace("\"Closing\"", "\"The end\""));
    project.check(expect![[r#"
        composition_reports ×1
        file_items ×1
        file_reports ×1
        file_scope ×1
        import_reports ×1
        import_targets ×1
        is_readable ×1
        is_well_formed ×1
        member_of ×1
        parse ×1
        part ×1
        schedule ×1
    "#]]);
    project.set(
        "scenes.vid",
        &SCENES.replace("font_size: 20 } }\ncomposition closing", "font_size: 24 } }\ncomposition closing"),
    );
    project.check(expect![[r#"
        composition_reports ×1
        file_items ×1
        file_reports ×1
        file_scope ×1
        import_reports ×1
        import_targets ×1
        is_readable ×1
        is_well_formed ×1
        member_of ×2
        parse ×1
        part ×3
        schedule ×1
    "#]]);
}

#[test]
fn another_scene_leaves_those_alone_that_stand_beside_it() {
    let mut project = Project::of(&[("reel.vid", REEL), ("scenes.vid", SCENES)]);
    project.set("reel.vid", &REEL.replace("words: \"two\"", "words: \"three\""));
    project.check(expect![[r#"
        composition_reports ×1
        file_items ×1
        file_reports ×1
        file_scope ×1
        import_reports ×1
        import_targets ×1
        is_well_formed ×1
        parse ×1
        part ×1
        placed_compositions ×1
        schedule ×1
    "#]]);
    // When it starts and what it is called makes no difference to what is in it.
    project.set("reel.vid", &REEL.replace("scene(words: \"two\")", "gap 1s scene named(words: \"three\")"));
    project.check(expect![[r#"
        composition_reports ×1
        file_items ×1
        file_reports ×1
        file_scope ×1
        import_reports ×1
        import_targets ×1
        is_well_formed ×1
        parse ×1
        placed_compositions ×1
        schedule ×1
    "#]]);
}

#[test]
fn making_the_film_computes_no_scene_again() {
    let mut project = Project::of(&[("reel.vid", REEL), ("scenes.vid", SCENES)]);
    let compiled = project.compiler.compile(project.film, &CompileRequest::default());
    assert!(compiled.timeline.is_some(), "{:?}", compiled.diagnostics);
    expect![[r#"
        composition_reports ×1
        lower ×1
        schedule ×1
    "#]]
    .assert_eq(&project.ran());
}
