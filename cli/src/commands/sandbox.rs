//! `vid doctor --sandbox`: whether a confined process stays where it is.

use vid_runtime::isolate::{Layer, MissingLayers, self_test};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::{intake, output};

/// Starts confined processes that try to get out, and says how each attempt went.
///
/// # Errors
/// When none can be started.
pub fn run() -> Result<Exit, Failure> {
    // With whatever there is: what is missing is what the reader wants to know.
    let confinement = intake::confinement(MissingLayers::Accept)?;
    let (layers, outcomes) = self_test(&confinement)?;
    let mut text = String::new();
    for layer in Layer::ALL {
        let state = if layers.contains(&layer) { "ok" } else { "MISSING" };
        text.push_str(&format!("{state:8} {layer}\n"));
    }
    for outcome in &outcomes {
        let (state, words) = match &outcome.refused {
            Some(reason) => ("refused", reason.as_str()),
            None => ("ESCAPED", "it worked"),
        };
        text.push_str(&format!("{state:8} {:32} {words}\n", outcome.escape.name()));
    }
    let escaped = outcomes.iter().filter(|outcome| outcome.refused.is_none()).count();
    text.push_str(&format!("{} of {} escapes refused\n", outcomes.len() - escaped, outcomes.len()));
    output::print(text)?;
    let whole = escaped == 0 && Layer::missing(&layers).is_empty();
    Ok(if whole { Exit::Success } else { Exit::Media })
}

/// The layers of a confined process on this machine, in words, and whether they are all there.
pub fn layers() -> (bool, String) {
    let checked = intake::confinement(MissingLayers::Accept)
        .and_then(|confinement| confinement.check().map_err(Failure::Probe));
    match checked {
        Ok(layers) => {
            let missing = Layer::missing(&layers);
            let found: Vec<&str> = layers.iter().map(|layer| layer.name()).collect();
            match missing.is_empty() {
                true => (true, format!("{} confine media with `--isolate`", found.join(", "))),
                false => (false, format!("`--isolate` lacks {} here", missing.join(", "))),
            }
        }
        Err(failure) => (false, failure.to_string()),
    }
}
