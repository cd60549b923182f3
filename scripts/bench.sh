#!/usr/bin/env bash
# Times our renders against the ffmpeg command line on the same work. Arguments: one scenario (hello,
# captions, layers, chain, slideshow, uhd, check, project; all otherwise) and the number of turns (5).
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --package vid --package vid-tests --bins
exec target/debug/bench "$@"
