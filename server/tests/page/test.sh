#!/usr/bin/env bash
# Drives the server's status page in Chromium where that and the packages of the extension for VS Code are
# (`make vscode`). Says what is not here. Pictures of the page go to out/.
set -euo pipefail
cd "$(dirname "$0")/../../.."

SERVER=$(realpath "${RENDER_SERVER:-target/debug/render-server}")
CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}
export CHROMIUM
if [ -z "$CHROMIUM" ]; then
  echo "== Chromium is not here"
elif [ ! -d editors/vscode/node_modules/playwright-core ]; then
  echo "== the packages of the extension for VS Code are not here"
else
  mkdir -p out
  echo "== the status page in $("$CHROMIUM" --version)"
  node server/tests/page/browser.mjs "$SERVER" "${1:-out}"
fi
