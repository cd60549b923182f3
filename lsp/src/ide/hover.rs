//! What a word means, what it comes to, and when it happens.

mod usage;

use std::fmt::Write as _;
use std::ops::Range;

use vid_compiler::{
    Amount, Compiler, Definition, FieldInfo, FilmFacts, FunctionInfo, KnownValue, Meaning, ParamInfo,
    PieceKind, Symbol, SymbolKind, Vocabulary,
};
use vid_grammar::SyntaxKind;
use vid_grammar::ast::{self, AstNode};
use vid_timeline::{MediaFacts, timecode};

use crate::ide::moment::{FilmMoment, is_name_of, moment, pieces_named_at};
use crate::ide::{Source, decimal, span, timespan};

/// What is shown for a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// Bytes it is about.
    pub range: Range<usize>,
    /// Markdown.
    pub text: String,
    /// The moment it is about, of which a picture can be shown.
    pub moment: Option<FilmMoment>,
}

/// What is known of the place at a byte.
pub fn hover(source: &Source<'_>, offset: usize) -> Option<Hover> {
    let token = source.token_at(offset)?;
    let range = usize::from(token.text_range().start())..usize::from(token.text_range().end());
    let films = source.films();
    let film = source.film_at(films, offset);
    let mut text = String::new();
    if let Some(used) = source.names.use_at(offset).filter(|used| used.range.contains(&range.start)) {
        describe(source, &used.meaning, &mut text);
    } else if let Some((index, _)) =
        source.names.definition_at(offset).filter(|(_, symbol)| symbol.name_range == range)
    {
        describe(source, &Meaning::Symbol(index), &mut text);
    } else if matches!(token.kind(), SyntaxKind::StringText | SyntaxKind::Quote) {
        path(source, film, offset, &mut text);
    } else if token.kind() >= SyntaxKind::Number && token.kind() <= SyntaxKind::Color {
        literal(film, &token, &mut text);
    } else if token.kind().is_keyword() {
        statement(token.text(), &mut text);
    }
    if let Some(film) = film {
        value(source, film, offset, &mut text);
        times(source, film, offset, &mut text);
    }
    let text = text.trim_end().to_owned();
    let moment = film.and_then(|film| moment(source, film, offset));
    (!text.is_empty()).then_some(Hover { range, text, moment })
}

/// Pictures of effects, motions and transitions, where they are published.
const GALLERY: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/gallery.md");

/// Lines of the language as they would be written.
fn example(lines: &str, into: &mut String) {
    let _ = writeln!(into, "\nfor example\n\n```vid\n{lines}\n```");
}

/// A fenced line of the language, then what is said about it.
fn entry(into: &mut String, line: &str, doc: &str) {
    let _ = writeln!(into, "```vid\n{line}\n```");
    if !doc.is_empty() {
        let _ = writeln!(into, "\n{doc}");
    }
}

fn describe(source: &Source<'_>, meaning: &Meaning, into: &mut String) {
    let vocabulary = Vocabulary::bundled();
    match meaning {
        Meaning::Symbol(index) => {
            let Some(symbol) = source.names.symbols.get(*index) else { return };
            match &symbol.kind {
                SymbolKind::Imported(path, name) => imported(source, path, name, into),
                _ => self::symbol(symbol, into),
            }
        }
        Meaning::Member(path, name) => imported(source, path, name, into),
        Meaning::Kind(name) => statement(name, into),
        Meaning::Property(kind, name) => {
            if let Some(field) = vocabulary.kind(kind).and_then(|kind| kind.field(name)) {
                entry(into, &property_line(field), &field.doc);
                property_notes(field, into);
            }
        }
        Meaning::Word(set, word) => {
            let Some(set) = vocabulary.set(set) else { return };
            let Some(word) = set.word(word) else { return };
            entry(into, &format!("{}: {}", word.name, set.name), &word.doc);
            if let Some((line, gallery)) = usage::of_word(set, word) {
                example(&line, into);
                if let Some(chapter) = gallery {
                    let _ = writeln!(into, "\n[what it looks like]({GALLERY}#{chapter})");
                }
            }
        }
        Meaning::Function(name) => {
            if let Some(function) = vocabulary.function(name) {
                entry(into, &function_line(function), &function.doc);
            }
        }
        Meaning::Constant(name) => {
            if let Some(constant) = vocabulary.constant(name) {
                entry(into, &format!("{name}: {} = {}", constant.ty, constant.value), &constant.doc);
            }
        }
        Meaning::Type(name) => match (vocabulary.set(name), vocabulary.kind(name)) {
            (Some(set), _) => {
                let words: Vec<&str> = set.words.iter().map(|word| &*word.name).collect();
                entry(into, &format!("enum {name}"), &format!("{}\n\n`{}`", set.doc, words.join("` `")));
            }
            (None, Some(kind)) => entry(into, &format!("record {name}"), &kind.doc),
            (None, None) => entry(into, &format!("type {name}"), ""),
        },
        Meaning::Argument(callee, name) => argument(source, callee, name, into),
        Meaning::Place(word) => entry(into, word, place_doc(word)),
        Meaning::Fact(fact) => entry(into, fact, fact_doc(fact)),
        Meaning::Field | Meaning::Unknown => {}
    }
}

/// A statement, by its first word.
fn statement(word: &str, into: &mut String) {
    let name = if matches!(word, "enter" | "exit" | "loop") { "motion" } else { word };
    let Some(kind) = Vocabulary::bundled().kind(name) else { return };
    let what = if kind.is_element() { "element" } else { "statement" };
    entry(into, &format!("{what} {word}"), &kind.doc);
    if let Some(example) = usage::of_kind(word) {
        self::example(example, into);
    }
}

fn imported(source: &Source<'_>, path: &str, name: &str, into: &mut String) {
    let Some(target) = source.compiler.imported_file(source.id, path) else { return };
    let names = source.compiler.names(target);
    if let Some((_, symbol)) = names.item(name) {
        self::symbol(symbol, into);
        let _ = writeln!(into, "\nfrom `{path}`");
    }
}

fn symbol(symbol: &Symbol, into: &mut String) {
    let name = &symbol.name;
    let line = match &symbol.kind {
        SymbolKind::Composition(params) => format!("composition {name}{}", params_line(params)),
        SymbolKind::Value(written) => match written.strip_prefix('=') {
            Some(_) => format!("let {name} {written}"),
            None => format!("let {name}: {written}"),
        },
        SymbolKind::Function(params, result) => format!("fn {name}{} -> {result}", params_line(params)),
        SymbolKind::Style(kind) => format!("style {name} for {kind}"),
        SymbolKind::Parameter(ty) => format!("{name}: {ty}"),
        SymbolKind::Element(kind) => format!("{kind} {name}"),
        SymbolKind::Sequence => format!("sequence {name}"),
        SymbolKind::Stack => format!("stack {name}"),
        SymbolKind::Marker => format!("marker {name}"),
        SymbolKind::Variable => format!("for {name}"),
        SymbolKind::Imported(path, there) => format!("import \"{path}\" {{ {there} }}"),
        SymbolKind::Module(path) => format!("import \"{path}\" as {name}"),
    };
    entry(into, &line, &symbol.doc);
}

/// `(a: time, b: number = 1)`; nothing where there are no parameters.
pub(crate) fn params_line(params: &[ParamInfo]) -> String {
    let each: Vec<String> = params.iter().map(param_line).collect();
    if each.is_empty() { String::new() } else { format!("({})", each.join(", ")) }
}

/// `b: number in 0..2 = 1`
pub(crate) fn param_line(param: &ParamInfo) -> String {
    let ty = if param.ty.is_empty() { String::new() } else { format!(": {}", param.ty) };
    let bounds = param.bounds.as_ref().map(|bounds| format!(" in {bounds}")).unwrap_or_default();
    let default = param.default.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
    format!("{}{ty}{bounds}{default}", param.name)
}

fn function_line(function: &FunctionInfo) -> String {
    format!("fn {}{} -> {}", function.name, params_line(&function.params), function.result)
}

/// `opacity: percent in 0%..100% = 100%`
pub(crate) fn property_line(field: &FieldInfo) -> String {
    let bounds = field.bounds.as_ref().map(|bounds| format!(" in {bounds}")).unwrap_or_default();
    let default = field.default.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
    format!("{}: {}{bounds}{default}", field.name, field.ty)
}

fn property_notes(field: &FieldInfo, into: &mut String) {
    let mut notes = Vec::new();
    let flags = [
        ("required", "must be said"),
        ("positive", "above zero"),
        ("animatable", "takes keyframes"),
        ("local", "local render only"),
    ];
    notes.extend(flags.iter().filter(|(flag, _)| field.has(flag)).map(|(_, note)| (*note).to_owned()));
    let listed = |words: &mut dyn Iterator<Item = &str>| {
        words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
    };
    let units = usage::units(field);
    if !units.is_empty() {
        notes.push(format!("in {}", listed(&mut units.into_iter())));
    }
    for set in field.sets().filter(|set| set.words.len() <= 16) {
        notes.push(format!("one of {}", listed(&mut set.words.iter().map(|word| &*word.name))));
    }
    if !notes.is_empty() {
        let _ = writeln!(into, "\n*{}*", notes.join(" · "));
    }
    if let Some(lines) = usage::of_field(field) {
        example(&lines, into);
    }
}

fn argument(source: &Source<'_>, callee: &Meaning, name: &str, into: &mut String) {
    let vocabulary = Vocabulary::bundled();
    if let Meaning::Function(function) = callee {
        let param = vocabulary.function(function).and_then(|f| f.params.iter().find(|p| p.name == name));
        if let Some(param) = param {
            entry(into, &param_line(param), "");
        }
        return;
    }
    let argument = Meaning::Argument(Box::new(callee.clone()), name.to_owned());
    let found = source.compiler.definition_of(source.id, &source.names, &argument);
    if let Some(line) = found.and_then(|found| definition_text(source.compiler, &found)) {
        entry(into, &line, "");
    }
}

/// The text of a definition, for showing it.
fn definition_text(compiler: &Compiler, definition: &Definition) -> Option<String> {
    let text = compiler.text_of(&definition.path)?;
    text.get(definition.whole.clone()).map(str::to_owned)
}

const fn place_doc(word: &str) -> &str {
    match word.as_bytes() {
        b"start" => "Where the element begins.",
        b"end" => "Where the element ends; in keyframes, the end of the element.",
        b"parent" => "What is around the element.",
        b"prev" => "The element before this one.",
        b"next" => "The element after this one.",
        b"markers" => "The named instants of the composition.",
        _ => "",
    }
}

const fn fact_doc(fact: &str) -> &str {
    match fact.as_bytes() {
        b"start" => "When the element begins.",
        b"end" => "When the element ends.",
        b"duration" => "How long the element lasts.",
        b"media" => "What is known of the element's file.",
        b"media.duration" => "How long the file is.",
        b"media.width" => "Width of the file's picture in pixels.",
        b"media.height" => "Height of the file's picture in pixels.",
        _ => "",
    }
}

/// The file that a string names.
fn path(source: &Source<'_>, film: Option<&FilmFacts>, offset: usize, into: &mut String) {
    let Some(string) = source.around::<ast::StringLit>(offset) else { return };
    let written = string.syntax().text().to_string().trim_matches('"').to_owned();
    let location = source.compiler.media_location(source.id, &written);
    let is_used = film
        .is_some_and(|film| film.pieces.iter().any(|piece| piece.location.as_deref() == Some(&*location)));
    match source.compiler.media_facts(&location) {
        Some(Ok(facts)) => {
            let _ = writeln!(into, "**{written}**\n\n{}", media_line(&facts));
        }
        Some(Err(problem)) => {
            let _ = writeln!(into, "**{written}**\n\n{}", problem.message);
        }
        None if is_used => {
            let _ = writeln!(into, "**{written}**\n\n*not examined yet*");
        }
        None => {}
    }
}

/// Facts about a file in a line: `1920×1080 · 25 fps · 10 s · h264`.
pub(crate) fn media_line(facts: &MediaFacts) -> String {
    let mut parts = Vec::new();
    if let Some(video) = &facts.video {
        let (width, height) = facts.display_size();
        parts.push(format!("{width}×{height}"));
        if let Some(rate) = video.frame_rate {
            let varies = if video.variable_frame_rate { "~" } else { "" };
            parts.push(format!("{varies}{rate}"));
        }
    }
    if let Some(duration) = facts.duration {
        parts.push(format!("{} s", decimal(duration.seconds())));
    }
    parts.extend(facts.video.as_ref().map(|video| video.codec.clone()));
    if let Some(audio) = &facts.audio {
        parts.push(format!("{} {} Hz {}", audio.codec, audio.sample_rate, audio.layout));
    }
    parts.push(bytes(facts.size_bytes));
    parts.join(" · ")
}

fn bytes(size: u64) -> String {
    match size {
        0..=9_999 => format!("{size} bytes"),
        10_000..=9_999_999 => format!("{} kB", size / 1_000),
        _ => format!("{} MB", size / 1_000_000),
    }
}

/// A literal in other words: a time as clock and frame.
fn literal(film: Option<&FilmFacts>, token: &vid_grammar::SyntaxToken, into: &mut String) {
    use vid_grammar::literal::LiteralValue;
    let Some(literal) = token.parent().and_then(ast::Literal::cast) else { return };
    let rate = film.map_or(vid_timeline::FrameRate::DEFAULT, |film| film.frame_rate);
    if let Some(time) = crate::ide::actions::time_of(&literal, rate) {
        return entry(into, token.text(), &span(time, rate));
    }
    if let Ok(LiteralValue::Quantity { unit, .. }) = literal.decode()
        && let Some(unit) = Vocabulary::bundled().unit(&unit)
    {
        entry(into, &format!("{}: {}", token.text(), unit.ty), &unit.doc);
    }
}

/// What the value at a place comes to, where that is not what is written.
fn value(source: &Source<'_>, film: &FilmFacts, offset: usize, into: &mut String) {
    let Some(property) = source.around::<ast::Property>(offset) else { return };
    let range = property.value().map(|value| value.range());
    let Some(range) = range.map(|r| usize::from(r.start())..usize::from(r.end())) else { return };
    let known = all_values(film).filter(|value| value.path == source.path && value.range == range);
    let mut shown: Vec<String> = known.map(|value| resolved(value, film)).collect();
    shown.dedup();
    let written = source.text.get(range).unwrap_or_default();
    match shown.as_slice() {
        [one] if *one == written => {}
        [] => {}
        [one] => {
            let _ = writeln!(into, "\n= `{one}`");
        }
        [first, .., last] => {
            let _ = writeln!(into, "\n= `{first}` … `{last}` ({} times)", shown.len());
        }
    }
}

/// A value with what it comes to in pixels or on the clock.
fn resolved(value: &KnownValue, film: &FilmFacts) -> String {
    match value.amount {
        Amount::Pixels(pixels) if !value.shown.ends_with("px") => {
            format!("{} = {}px", value.shown, decimal(pixels))
        }
        Amount::Time(time) => format!("{} s = {}", decimal(time.seconds()), timecode(time, film.frame_rate)),
        _ => value.shown.clone(),
    }
}

/// Every value of a film.
pub(crate) fn all_values(film: &FilmFacts) -> impl Iterator<Item = &KnownValue> {
    film.values.iter().chain(film.pieces.iter().flat_map(|piece| &piece.values))
}

/// When the statement happens whose header a byte is in.
fn times(source: &Source<'_>, film: &FilmFacts, offset: usize, into: &mut String) {
    if is_name_of(source, film, offset) {
        if let Some(duration) = film.duration {
            let (size, rate) = (film.size, film.frame_rate);
            let _ = writeln!(into, "\n{size} · {rate} · {}", span(duration, rate));
        }
        return;
    }
    let pieces = pieces_named_at(source, film, offset);
    let Some(piece) = pieces.first() else { return };
    let rate = film.frame_rate;
    if piece.kind == PieceKind::Marker {
        let _ = writeln!(into, "\n{}", span(piece.range.start, rate));
        return;
    }
    let _ = writeln!(into, "\n| | |\n|---|---|");
    let _ = writeln!(into, "| start | {} |", span(piece.range.start, rate));
    let _ = writeln!(into, "| end | {} |", span(piece.range.end, rate));
    let _ = writeln!(into, "| length | {} |", span(piece.range.duration(), rate));
    if let Some(played) = piece.source_range {
        let (from, to) = (decimal(played.start.seconds()), decimal(played.end.seconds()));
        let _ = writeln!(into, "| plays | {from} s → {to} s of the media |");
    }
    if let Some(Some(Ok(facts))) = piece.location.as_ref().map(|l| source.compiler.media_facts(l)) {
        let _ = writeln!(into, "| media | {} |", media_line(&facts));
    }
    if let [_, .., last] = pieces.as_slice() {
        let _ = writeln!(into, "| runs | {} times, the last {} |", pieces.len(), timespan(last.range, rate));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::ide::fixture::Fixture;

    fn check(text: &str, expected: Expect) {
        let fixture = Fixture::new(text);
        let hover = super::hover(&fixture.source(), fixture.offset);
        let shown = hover.map(|hover| format!("[{}]\n{}\n", &fixture.text[hover.range], hover.text));
        expected.assert_eq(&shown.unwrap_or_default());
    }

    #[test]
    fn an_element_says_when_it_happens() {
        check(
            "composition c 1280x720 25fps { video $0a \"clip.mp4\" [2s..6s] at 1s }",
            expect![[r#"
            [a]
            ```vid
            video a
            ```

            | | |
            |---|---|
            | start | 00:00:01:00 · frame 25 · 1 s |
            | end | 00:00:05:00 · frame 125 · 5 s |
            | length | 00:00:04:00 · frame 100 · 4 s |
            | plays | 2 s → 6 s of the media |
            | media | 1920×1080 · 25fps · 10 s · h264 · 1000 kB |
        "#]],
        );
    }

    #[test]
    fn a_property_says_what_it_takes_and_comes_to() {
        check(
            "composition c 1280x720 25fps { let half = 50% text t \"x\" for 2s { $0width: half } }",
            expect![[r#"
                [width]
                ```vid
                width: length | percent in 0%..1000000000% = 100%
                ```

                Width of the box; percent of the canvas width. On text: where lines break.

                *takes keyframes · in `px`, `vw`, `vh`, `em`, `%`*

                for example

                ```vid
                width: 120px
                width: [0s: 0px, 1s: 120px ease_out]
                ```

                = `50% = 640px`
            "#]],
        );
    }

    #[test]
    fn names_lead_to_what_they_stand_for() {
        check(
            "/// How long.\nlet hold = 2s\ncomposition c { text \"x\" for $0hold }",
            expect![[r#"
                [hold]
                ```vid
                let hold = 2s
                ```

                How long.
            "#]],
        );
        check(
            "composition c { text a \"x\" for 1s\n text b \"y\" at $0a.end for 12f }",
            expect![[r#"
                [a]
                ```vid
                text a
                ```

                | | |
                |---|---|
                | start | 00:00:00:00 · frame 0 · 0 s |
                | end | 00:00:01:00 · frame 30 · 1 s |
                | length | 00:00:01:00 · frame 30 · 1 s |
            "#]],
        );
        check(
            "composition c { text \"x\" for 1s { enter $0fade for 200ms } }",
            expect![[r#"
                [fade]
                ```vid
                fade: motion
                ```

                Fades in or out.

                for example

                ```vid
                enter fade for 400ms
                exit fade for 400ms
                ```

                [what it looks like](https://github.com/vid-lang/vid/blob/main/docs/gallery.md#motions)
            "#]],
        );
        check(
            "composition c { text \"x\" for 1s { e$0xit fade for 200ms } }",
            expect![[r#"
                [exit]
                ```vid
                statement exit
                ```

                A motion preset: `enter`, `exit`, `motion` or `loop`.

                for example

                ```vid
                exit fade for 400ms
                ```
            "#]],
        );
        check(
            "composition c { text \"x\" for 90$0f }",
            expect![[r#"
                [90f]
                ```vid
                90f
                ```

                00:00:03:00 · frame 90 · 3 s

                | | |
                |---|---|
                | start | 00:00:00:00 · frame 0 · 0 s |
                | end | 00:00:03:00 · frame 90 · 3 s |
                | length | 00:00:03:00 · frame 90 · 3 s |
            "#]],
        );
        check(
            "composition $0c 1280x720 25fps { text \"x\" for 90f }",
            expect![[r#"
                [c]
                ```vid
                composition c
                ```

                1280x720 · 25fps · 00:00:03:15 · frame 90 · 3.6 s
            "#]],
        );
    }

    #[test]
    fn a_path_says_what_is_known_of_its_file() {
        let fixture = Fixture::new("composition c { video \"clip$0.mp4\" }");
        let hover = super::hover(&fixture.source(), fixture.offset).unwrap();
        let facts = "**clip.mp4**\n\n1920×1080 · 25fps · 10 s · h264 · 1000 kB\n";
        assert!(hover.text.starts_with(facts), "{}", hover.text);
    }
}
