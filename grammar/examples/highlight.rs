//! Prints the class of every piece of text of the files it is given, for the tests of editors:
//!
//! ```sh
//! cargo run -p vid-grammar --example highlight -- examples/hello.vid
//! ```
//!
//! A line per piece: file, first byte, byte after the last, class, with tabs between them. Files with syntax
//! errors are left out, since nothing promises how an editor colours those.

use std::process::ExitCode;

use vid_grammar::highlight::highlight;

fn main() -> ExitCode {
    for path in std::env::args().skip(1) {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::FAILURE;
            }
        };
        let parse = vid_grammar::parse(&text);
        if !parse.errors().is_empty() {
            continue;
        }
        for piece in highlight(&parse.syntax()) {
            let (start, end) = (usize::from(piece.range.start()), usize::from(piece.range.end()));
            println!("{path}\t{start}\t{end}\t{:?}", piece.class);
        }
    }
    ExitCode::SUCCESS
}
