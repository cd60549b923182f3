//! A program that is a confined decoder and nothing else: what tests and other hosts start where the
//! command line starts itself.

fn main() -> std::process::ExitCode {
    vid_runtime::isolate::worker()
}
