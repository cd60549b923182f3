//! What the chosen outputs cannot hold.

use vid_timeline::output::ProblemKind;
use vid_timeline::{Output, OutputFormat, Time, VideoCodec};

use crate::diagnostics::{Code, Report};
use crate::lower::output::output;
use crate::schedule::Scheduled;

/// Odd sizes, settings that the format or codec does not have, stills of instants outside the film.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    let outputs: Vec<Output> = match scheduled.outputs.as_slice() {
        [] => vec![Output::new(OutputFormat::Mp4)],
        outputs => outputs.iter().map(|(properties, _)| output(properties)).collect(),
    };
    odd_size(scheduled, &outputs, reports);
    for (properties, place) in &scheduled.outputs {
        let output = output(properties);
        for problem in output.problems() {
            let at = properties.place(problem.property).unwrap_or(place);
            let code = match problem.kind {
                ProblemKind::NotTaken => Code::OutputSetting,
                ProblemKind::OutOfRange => Code::OutOfRange,
                ProblemKind::NoAlpha => Code::ExclusiveProperties,
            };
            reports.push(Report::error(code, at, problem.message).help(problem.help));
        }
        if let (Some(time), Some(duration)) = (output.encoder.time, scheduled.duration)
            && (time < Time::ZERO || time >= duration)
        {
            let at = properties.place("time").unwrap_or(place);
            let message = format!("the film has no picture at {time}: it lasts {duration}");
            reports.push(Report::error(Code::OutOfRange, at, message));
        }
    }
}

/// A side that is odd, in a format that stores colour for two by two pixels.
fn odd_size(scheduled: &Scheduled, outputs: &[Output], reports: &mut Vec<Report>) {
    let size = scheduled.size;
    let odd = size.width % 2 == 1 || size.height % 2 == 1;
    if let (true, Some(output), Some(place)) = (
        odd,
        outputs.iter().find(|output| output.video_codec().is_some_and(VideoCodec::halves_color)),
        scheduled.size_place.as_ref().or(scheduled.place.as_ref()),
    ) {
        let even = format!("{}x{}", size.width / 2 * 2, size.height / 2 * 2);
        let format = output.format;
        let message = format!("{format} cannot hold {size}: it stores colour for two by two pixels");
        reports.push(
            Report::error(Code::OddSize, place, message).help(format!("use even numbers, such as {even}")),
        );
    }
}
