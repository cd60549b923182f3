//! Where the outputs of a film go, and in which format one is written that the film does not name.

use std::path::{Path, PathBuf};

use vid_timeline::{Output, OutputFormat, Timeline};

use crate::failure::Failure;

/// One output of a film and its file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Destination {
    /// Index of the output.
    pub output: usize,
    /// The file to write.
    pub path: PathBuf,
}

/// Where the outputs of the film go that are rendered; names that come from the film get `suffix`.
///
/// A film that names no output of its own is written as the file's name says; one with several, where a
/// file is named, as the one that is of its format.
///
/// # Errors
/// When the file's name speaks of a format that the film is not written in, or two outputs would have
/// one name.
pub fn destinations(
    named: Option<&Path>,
    timeline: &mut Timeline,
    suffix: &str,
) -> Result<Vec<Destination>, Failure> {
    let Some(path) = named else { return names_of(timeline, suffix) };
    let wanted = format_of(path);
    if let ([output], Some(format)) = (&mut timeline.outputs[..], wanted)
        && is_unsaid(output)
    {
        output.format = format;
    }
    let formats = timeline.outputs.iter().map(|output| output.format);
    let matching: Vec<usize> =
        formats.enumerate().filter(|(_, format)| Some(*format) == wanted).map(|(index, _)| index).collect();
    match (&timeline.outputs[..], &matching[..], wanted) {
        ([_], _, None) => Ok(vec![Destination { output: 0, path: path.to_owned() }]),
        (_, [output], _) => Ok(vec![Destination { output: *output, path: path.to_owned() }]),
        ([output], [], Some(wanted)) => Err(Failure::usage(format!(
            "the film is written as {}, and `{}` is named like {wanted}; name it so, or write `output {wanted}` in the source",
            output.format,
            path.display()
        ))),
        (outputs, _, _) => Err(Failure::usage(format!(
            "the film has {} outputs, and `--output` names one file; leave it away to give them the names in the source",
            outputs.len()
        ))),
    }
}

/// Whether nothing in the film says what it is written as.
fn is_unsaid(output: &Output) -> bool {
    *output == Output::new(OutputFormat::Mp4)
}

/// The format that a file's name speaks of, if it is one of ours.
fn format_of(path: &Path) -> Option<OutputFormat> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "m4v" => Some(OutputFormat::Mp4),
        "qt" => Some(OutputFormat::Mov),
        "jpeg" => Some(OutputFormat::Jpg),
        "wave" => Some(OutputFormat::Wav),
        name => OutputFormat::from_name(name),
    }
}

fn names_of(timeline: &Timeline, suffix: &str) -> Result<Vec<Destination>, Failure> {
    let names: Vec<_> = timeline.outputs.iter().map(|output| name_of(output, timeline, suffix)).collect();
    match names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
        Some((_, twice)) => Err(Failure::usage(format!(
            "two outputs of the film would be `{}`; give one of them another name in the source",
            twice.display()
        ))),
        None => {
            let places = names.into_iter().enumerate();
            Ok(places.map(|(output, path)| Destination { output, path }).collect())
        }
    }
}

/// The name in the source, or that of the composition, as a file in the current folder.
fn name_of(output: &Output, timeline: &Timeline, suffix: &str) -> PathBuf {
    let name = output.filename.as_deref().unwrap_or(&timeline.name);
    // A name is not a path: what would lead to another folder becomes part of the name.
    let name: String =
        name.chars().map(|c| if c == '/' || c == '\\' || c.is_control() { '_' } else { c }).collect();
    let name = match name.trim_start_matches('.') {
        "" => "film",
        name => name,
    };
    PathBuf::from(format!("{name}{suffix}.{}", output.format))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(formats: &[OutputFormat]) -> Timeline {
        let body = r#"{"width":16,"height":16,"duration":1,"elements":[]}"#;
        let read = vid_timeline::api::from_json(body, &vid_timeline::api::NoMedia);
        let mut timeline = read.timeline.unwrap();
        timeline.outputs = formats.iter().map(|format| Output::new(*format)).collect();
        timeline
    }

    fn written(named: &str, formats: &[OutputFormat]) -> Result<(usize, OutputFormat), String> {
        let mut timeline = timeline(formats);
        let found = destinations(Some(Path::new(named)), &mut timeline, "");
        let found = found.map_err(|failure| failure.to_string())?.remove(0);
        Ok((found.output, timeline.outputs[found.output].format))
    }

    #[test]
    fn a_name_from_the_source_stays_in_the_folder() {
        let name = |filename: &str| {
            let mut timeline = timeline(&[OutputFormat::Mp4]);
            timeline.outputs[0].filename = Some(filename.to_owned());
            destinations(None, &mut timeline, "").unwrap()[0].path.display().to_string()
        };
        assert_eq!(name("promo"), "promo.mp4");
        assert_eq!(name("../../etc/passwd"), "_.._etc_passwd.mp4");
        assert_eq!(name(""), "film.mp4");
    }

    #[test]
    fn the_name_of_the_file_decides_where_nothing_else_does() {
        use OutputFormat::{Gif, Jpg, Mp4, Webm};
        assert_eq!(written("a.webm", &[Mp4]), Ok((0, Webm)));
        assert_eq!(written("a.JPEG", &[Mp4]), Ok((0, Jpg)));
        assert_eq!(written("a.dat", &[Mp4]), Ok((0, Mp4)));
        assert_eq!(written("a.dat", &[Gif]), Ok((0, Gif)));
        assert_eq!(written("a.gif", &[Mp4, Gif]), Ok((1, Gif)));
        assert!(written("a.mp4", &[Gif]).unwrap_err().contains("written as gif"));
        assert!(written("a.mov", &[Mp4, Gif]).unwrap_err().contains("2 outputs"));
    }
}
