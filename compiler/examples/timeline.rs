//! Prints the timeline of a file: `cargo run -p vid-compiler --example timeline FILE [NAME=VALUE…]`.
//!
//! Media are not probed, so clips need their trims.

use vid_compiler::{CompileRequest, Compiler, DiskSystem, TerminalColor, dump, human};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("usage: timeline FILE [NAME=VALUE…]");
        return;
    };
    let params = arguments
        .filter_map(|argument| {
            argument.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
        })
        .collect();
    let mut compiler = Compiler::new(DiskSystem);
    let file = compiler.open(path);
    let compiled = compiler.compile(file, &CompileRequest { composition: None, params });
    eprint!("{}", human(&compiled.diagnostics, &|path| compiler.text_of(path), TerminalColor::Never));
    if let Some(timeline) = compiled.timeline {
        print!("{}", dump::dump(&timeline));
    }
}
