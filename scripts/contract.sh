#!/usr/bin/env bash
# The server against its own description: schemathesis makes requests from the OpenAPI document, right ones and
# wrong ones, and judges every answer by it. The seed is fixed, so two runs send the same.
#
#   scripts/contract.sh [EXAMPLES]    cases of each endpoint and phase, 20
set -euo pipefail
cd "$(dirname "$0")/.."

EXAMPLES=${1:-20}
VID=$(realpath "${VID:-target/debug/vid}")
TOOL=${SCHEMATHESIS:-schemathesis}
KEY=contract-0123456789abcdef
rules=$(realpath scripts/contract.toml)

if ! command -v "$TOOL" >/dev/null; then
  echo "contract: schemathesis is not here; install it, for example:" >&2
  echo "contract:   python3 -m venv out/venv && out/venv/bin/pip install 'schemathesis>=4.32,<5'" >&2
  echo "contract:   SCHEMATHESIS=\$PWD/out/venv/bin/schemathesis make contract" >&2
  exit 1
fi
TOOL=$(realpath "$(command -v "$TOOL")")

folder=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
  rm -rf "$folder"
}
trap finish EXIT

# No worker: what is accepted stays in the queue, and the run takes no longer for large films. What the document
# says of too many requests is tested elsewhere.
cat >"$folder/server.toml" <<SETTINGS
listen = "127.0.0.1:0"
data_dir = "$folder/data"
api_keys = ["$KEY"]
workers = 0
render_memory_mib = 1024
requests_per_second = 1000000
requests_per_second_per_address = 1000000
SETTINGS
"$VID" serve --config "$folder/server.toml" 2>"$folder/log" &
server=$!
for _ in $(seq 200); do
  address=$(sed -n 's/^listening on //p' "$folder/log")
  [ -z "$address" ] || break
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.05
done

ask() {
  curl --silent --show-error --fail --output /dev/null --header "Authorization: Bearer $KEY" --data "$2" "http://$address$1"
}
ask /v1/vidsheet '{"agent_id":1}'
ask '/v1/vidsheet/1/cells/1000004/layers' '{"agent_id":1,"type":"text","additional_attributes":{"text":"a"}}'

# The contract knows no 405: a method that an endpoint does not have is not found. The tool leaves notes where it
# is started.
cd "$folder"
failed=0
"$TOOL" --config-file "$rules" run "http://$address/openapi.json" \
  --header "Authorization: Bearer $KEY" --header "X-API-Key: $KEY" --exclude-checks unsupported_method \
  --seed 1 --max-examples "$EXAMPLES" --continue-on-failure || failed=$?
if grep -q ' ERROR \| panicked at ' "$folder/log"; then
  echo "contract: the server's log has errors:" >&2
  grep ' ERROR \| panicked at ' "$folder/log" | head -20 >&2
  failed=1
fi
kill -0 "$server" 2>/dev/null || { echo "contract: the server has ended" >&2; failed=1; }
exit "$failed"
