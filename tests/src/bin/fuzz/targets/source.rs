//! Sources: their form, their film, and what is said of them.

use std::sync::Arc;

use vid_compiler::{CompileRequest, Compiler, Diagnostic, MediaTrouble, Sharing, SourceId, dump};
use vid_grammar::SharedParse;
use vid_timeline::Timeline;
use vid_timeline::validate::validate;

use super::{Reach, hold};
use crate::support::{SOURCE, Stage, facts};

/// What is known of any file: ten seconds of picture and sound.
const FACTS: &str = "video 10s 640x360 25fps sound";

/// Parsing keeps every byte, and every error lies inside of the text.
pub fn parse(text: &str) -> Result<Reach, String> {
    let parsed = vid_grammar::parse(text);
    hold(parsed.syntax().to_string() == text, "the tree has other text than the source")?;
    let is_inside = |range: vid_grammar::TextRange| {
        text.get(usize::from(range.start())..usize::from(range.end())).is_some()
    };
    let places = parsed.errors().iter().flat_map(|error| {
        let related = error.related.iter().map(|(range, _)| *range);
        std::iter::once(error.range).chain(related).chain(error.fix.iter().map(|fix| fix.range))
    });
    hold(places.into_iter().all(is_inside), "an error points outside of the text")?;
    Ok(Reach::Tried)
}

/// Formatting twice is formatting once, and a sound source stays sound.
pub fn format(text: &str) -> Result<Reach, String> {
    let once = vid_grammar::fmt::format(text).text;
    let twice = vid_grammar::fmt::format(&once).text;
    hold(once == twice, "formatting again changes the text")?;
    let is_sound = |text: &str| vid_grammar::parse(text).errors().is_empty();
    hold(!is_sound(text) || is_sound(&once), "formatting broke a sound source")?;
    Ok(if is_sound(text) { Reach::Tried } else { Reach::Short })
}

/// What is known about the media of a film.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// Every file is ten seconds of picture and sound.
    Probed,
    /// Nothing: they are somewhere else.
    Remote,
}

/// The film of a source; `None` when it has errors. What stands in `files` can be read by it.
pub fn film(text: &str, media: Media, files: &[(&str, &str)]) -> Option<Timeline> {
    let (mut compiler, file) = open(text, files, Sharing::Shared);
    answer(&mut compiler, file, media).1
}

fn open(text: &str, files: &[(&str, &str)], sharing: Sharing) -> (Compiler, SourceId) {
    let mut stage = Stage::of(text);
    stage.files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    stage.open(sharing)
}

/// What is said of a source, and its film where it has no errors.
fn answer(compiler: &mut Compiler, file: SourceId, media: Media) -> (Vec<Diagnostic>, Option<Timeline>) {
    let request = CompileRequest::default();
    let probed = if media == Media::Probed { compiler.media_references(file, &request) } else { Vec::new() };
    for reference in probed {
        compiler.set_media_facts(&reference.location, facts(FACTS));
    }
    let mut said = compiler.check(file, MediaTrouble::Warns);
    let compiled = compiler.compile(file, &request);
    said.extend(compiled.diagnostics);
    (said, compiled.timeline.map(|timeline| Timeline::clone(&timeline)))
}

/// Whether the validator accepts a film.
pub fn valid(timeline: &Timeline) -> Result<(), String> {
    validate(timeline).map_err(|errors| {
        let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
        format!("the timeline is not valid: {}", words.join("; "))
    })
}

/// A source ends in a timeline that the validator accepts, or in a diagnostic that says why there is none.
pub fn compile(text: &str) -> Result<Reach, String> {
    let (mut compiler, file) = open(text, &[], Sharing::Shared);
    let (said, film) = answer(&mut compiler, file, Media::Probed);
    for label in said.iter().flat_map(|said| std::iter::once(&said.primary).chain(&said.secondary)) {
        let is_own = label.path == std::path::Path::new(SOURCE);
        hold(!is_own || text.get(label.range.clone()).is_some(), "a message points outside of the text")?;
    }
    let Some(film) = film else {
        hold(said.iter().any(|said| said.severity == vid_compiler::Severity::Error), "no film and no error")?;
        return Ok(Reach::Short);
    };
    valid(&film)?;
    Ok(Reach::Tried)
}

/// A source and what the formatter makes of it are the same film.
pub fn meaning(text: &str) -> Result<Reach, String> {
    let Some(before) = film(text, Media::Probed, &[]) else { return Ok(Reach::Short) };
    let formatted = vid_grammar::fmt::format(text).text;
    let Some(after) = film(&formatted, Media::Probed, &[]) else {
        return Err("the formatted source has errors".to_owned());
    };
    // Only where something stands may differ: the dump leaves places out.
    hold(dump::dump(&before) == dump::dump(&after), "formatting changes the film")?;
    Ok(Reach::Tried)
}

/// A source is the same film, and the same is said of it, whether placed compositions are computed once or
/// wherever they are placed.
pub fn sharing(text: &str) -> Result<Reach, String> {
    let answers = |sharing| {
        let (mut compiler, file) = open(text, &[], sharing);
        answer(&mut compiler, file, Media::Probed)
    };
    let (shared, in_place) = (answers(Sharing::Shared), answers(Sharing::InPlace));
    hold(shared.0 == in_place.0, "sharing changes what is said")?;
    hold(shared.1 == in_place.1, "sharing changes the film")?;
    Ok(if shared.1.is_some() { Reach::Tried } else { Reach::Short })
}

/// A compiler that has seen other texts of a file answers like one that has not: half of it, all of it, and
/// all but a line.
pub fn edits(text: &str) -> Result<Reach, String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let middle = lines.len() / 2;
    let without: String =
        lines.iter().enumerate().filter(|(at, _)| *at != middle).map(|(_, line)| *line).collect();
    let (mut compiler, file) = open(&lines[..middle].concat(), &[], Sharing::Shared);
    let mut found = answer(&mut compiler, file, Media::Probed);
    // Facts are put in from outside and stay, so the other compiler is told all of them.
    let mut known = compiler.media_references(file, &CompileRequest::default());
    let mut shared = Arc::new(SharedParse::new(lines[..middle].concat()));
    for step in [text, &without, text] {
        shared = Arc::new(shared.edited(step));
        hold(*shared.tree() == vid_grammar::parse(step), "an edited tree is not that of its text")?;
        compiler.set_tree(SOURCE, shared.clone());
        found = answer(&mut compiler, file, Media::Probed);
        known.extend(compiler.media_references(file, &CompileRequest::default()));
    }
    let (mut fresh, file) = open(text, &[], Sharing::Shared);
    known.iter().for_each(|media| fresh.set_media_facts(&media.location, facts(FACTS)));
    let expected = answer(&mut fresh, file, Media::Probed);
    hold(found.0 == expected.0, "edits change what is said")?;
    hold(found.1 == expected.1, "edits change the film")?;
    Ok(if found.1.is_some() { Reach::Tried } else { Reach::Short })
}
