# Everything here works on a bare Debian 12 with Rust and git: system packages are installed by
# scripts/setup.sh, which says so first.

CARGO ?= cargo
VID := target/debug/vid
FILMS := hello slideshow layers trailer

.PHONY: all demo setup build assets test checked lint bench bench-gpu bench-lsp fuzz hostile docs gallery vscode editors status-page contract kills clean

all: build

## Install what is missing, build, make the media, render the examples.
demo: setup build assets
	@mkdir -p out
	@set -e; for film in $(FILMS); do \
		echo "rendering examples/$$film.vid"; \
		$(VID) render examples/$$film.vid -o out/$$film.mp4; \
	done
	@echo
	@echo "Look at"
	@echo "  out/hello.mp4      a clip, with a title over its first five seconds"
	@echo "  out/slideshow.mp4  four stills that dissolve, music that fades out"
	@echo "  out/layers.mp4     picture in picture, a logo, a lower third, a voice over music"
	@echo "  out/trailer.mp4    titles and layouts of the bundled library, shades, passages"
	@echo "and at the sources in examples/. Change a word, run 'make demo' again: only what shows it is rendered."

## System packages; does nothing when they are there.
setup:
	@scripts/setup.sh

build:
	$(CARGO) build --package vid

assets:
	@examples/assets.sh

## Every test, documentation included.
test: setup assets
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
		set -x; $(CARGO) nextest run --workspace && $(CARGO) test --workspace --doc; \
	else \
		set -x; $(CARGO) test --workspace; \
	fi

## The tests again, with the standard library's checks of what the runtime's unsafe code passes to it.
checked: setup assets
	$(CARGO) nextest run --workspace --config 'profile.dev.package.vid-runtime.debug-assertions=true'

lint: setup
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- --deny warnings

## Speed against the ffmpeg command line; SCENARIO=layers TURNS=3.
bench: setup build assets
	@scripts/bench.sh $(SCENARIO) $(TURNS)

## How long the language server's answers take, beside what they may; ROUNDS=40.
bench-lsp: setup build
	$(CARGO) run --quiet -p vid-lsp --example latency -- --rounds $(or $(ROUNDS),40) --json out/latency.json

## How fast the GPU executor composes on this machine's device.
bench-gpu: setup
	@$(CARGO) run --quiet -p vid-runtime --example gpu_speed

## Random damage to real sources; SECONDS=60 SEED=1.
fuzz: setup
	$(CARGO) run --quiet --package vid-tests --bin fuzz -- $(or $(SECONDS),60) $(or $(SEED),1) $(TARGET)

## Broken media, each read in a confined process; FILES=2000 SEED=1.
hostile: setup
	$(CARGO) run --quiet --package vid-tests --bin hostile -- $(or $(FILES),2000) $(or $(SEED),1)

## The API of the crates, and the pages that are made from code.
docs:
	UPDATE_EXPECT=1 $(CARGO) test --quiet --package vid-timeline --test schema the_published_schema
	UPDATE_EXPECT=1 $(CARGO) test --quiet --package vid-compiler --test verdicts the_manual_prints
	UPDATE_EXPECT=1 $(CARGO) test --quiet --package vid-grammar --test editors up_to_date
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --workspace --no-deps

## A picture of every effect, motion, transition and blend mode: docs/gallery.md.
gallery:
	$(CARGO) run --quiet --package vid-runtime --example contact_sheet -- gallery docs

## The extension for VS Code: editors/vscode/vid.vsix. Needs node and npm.
vscode:
	cd editors/vscode && npm ci --no-audit --no-fund && npm run check && npm run build && npm run package
	@echo "Install it with: code --install-extension editors/vscode/vid.vsix"

## Drives the language server from every editor that is installed.
editors: build
	editors/test.sh

## Drives the server's status page in Chromium; pictures of it in out/.
status-page: setup
	$(CARGO) build --quiet --package vid-server --bin render-server
	server/tests/page/test.sh

## The server against its OpenAPI document, by schemathesis; EXAMPLES=20.
contract: setup build
	@scripts/contract.sh $(EXAMPLES)

## Servers and workers that are killed at random moments; KILLS=150, and VID_TEST_POSTGRES for PostgreSQL, too.
kills: setup
	VID_KILLS=$(or $(KILLS),150) $(CARGO) test --package vid-server --test serve -- --nocapture kill

clean:
	rm -rf out editors/vscode/dist editors/vscode/out
	$(CARGO) clean
