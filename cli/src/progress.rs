//! Ways of showing progress on standard error, whatever it is that comes along.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use crate::failure::Failure;

/// How progress is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ProgressMode {
    /// A bar on a terminal, plain lines elsewhere
    Auto,
    /// A line of text for each tenth of the work
    Plain,
    /// One JSON object a line
    Json,
    /// Nothing
    None,
}

/// The way that was taken, and what it needs.
pub enum Shown {
    /// A bar that moves.
    Bar(ProgressBar),
    /// Lines of text.
    Plain,
    /// Lines of JSON.
    Json,
    /// Nothing at all.
    None,
}

impl Shown {
    /// The way of a mode. `template` is how its bar looks.
    pub fn new(mode: ProgressMode, template: &str) -> Self {
        match mode {
            ProgressMode::Auto if std::io::stderr().is_terminal() => Self::Bar(bar(template)),
            ProgressMode::Auto | ProgressMode::Plain => Self::Plain,
            ProgressMode::Json => Self::Json,
            ProgressMode::None => Self::None,
        }
    }

    /// Says that the work ended without a result. People are told in a message of its own, behind the bar.
    pub fn failed(&self, failure: &Failure) {
        match self {
            Self::Bar(bar) => bar.finish_and_clear(),
            Self::Json => line(&json!({
                "phase": "failed",
                "exit": failure.exit().code(),
                "message": failure.to_string(),
            })),
            Self::Plain | Self::None => {}
        }
    }
}

fn bar(template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template(template);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// A line that another program reads; if it has stopped reading, that is its decision.
pub fn line(value: &Value) {
    let _ = writeln!(std::io::stderr().lock(), "{value}");
}
