#!/usr/bin/env bash
# Drives the language server from every editor that is installed: Neovim, Emacs, Kakoune; and tests the
# extension for VS Code where its packages are (`make vscode`). Says which are not here.
set -uo pipefail
cd "$(dirname "$0")/.."

VID=$(realpath "${VID:-target/debug/vid}")
export VID
failed=()

# Runs a test under a name.
try() {
  local name=$1
  shift
  echo "== $name"
  "$@" || failed+=("$name")
}

if command -v nvim >/dev/null; then
  try "$(nvim --version | head -1)" nvim --headless --clean -S editors/neovim/test.lua
else
  echo "== Neovim is not here"
fi
if command -v emacs >/dev/null; then
  try "$(emacs --version | head -1)" \
    emacs --batch -q -l package -f package-initialize -l editors/emacs/test.el
else
  echo "== Emacs is not here"
fi
if command -v kak >/dev/null; then
  try "$(kak -version)" editors/kakoune/test.sh
else
  echo "== Kakoune is not here"
fi
if [ -d editors/vscode/node_modules ]; then
  try "the extension for VS Code" npm --prefix editors/vscode test
else
  echo "== the packages of the extension for VS Code are not here"
fi

if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
