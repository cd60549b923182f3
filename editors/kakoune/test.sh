#!/usr/bin/env bash
# Drives a real Kakoune:
#
#   VID=target/debug/vid editors/kakoune/test.sh
#
# Prints what it has tried and ends with 0, or prints what went wrong and ends with 1. The language server is
# tried where kakoune-lsp is installed (`kak-lsp`, or what KAK_LSP names).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
vid=$(realpath "$(command -v "${VID:-vid}")")
kak_lsp=$(command -v "${KAK_LSP:-kak-lsp}" || true)
folder=$(mktemp -d)
session=vid-test-$$
trap 'kill "${pid:-}" 2>/dev/null || true; [ -z "$kak_lsp" ] || "$kak_lsp" --session "$session" --exit >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT

mkdir -p "$folder/config/autoload" "$folder/runtime"
chmod 700 "$folder/runtime"
cp "$here/vid.kak" "$here/vid-syntax.kak" "$folder/config/autoload/"
ln -s "$(dirname "$(dirname "$(find /usr/share/kak /usr/local/share/kak -name kakrc 2>/dev/null | head -1)")")/kak/rc" "$folder/config/autoload/std"
export KAKOUNE_CONFIG_DIR=$folder/config XDG_RUNTIME_DIR=$folder/runtime

fail() {
  echo "failed: $1"
  [ ! -f "$folder/debug" ] || cat "$folder/debug"
  exit 1
}

# Says something to the session.
tell() { printf '%s\n' "evaluate-commands -client client0 %§ $1 §" | kak -p "$session"; }

# Waits until a file is there and holds a text.
wait_for() {
  for _ in $(seq 400); do
    if [ -f "$2" ] && grep -qF -- "$3" "$2"; then
      echo "ok: $1"
      return
    fi
    read -rt 0.05 <> <(:) || true
  done
  tell "buffer *debug*; write! $folder/debug" || true
  read -rt 1 <> <(:) || true
  [ ! -f "$2" ] || cat -A "$2"
  fail "waited in vain for $1"
}

echo 'let accent = #ff5a36' > "$folder/brand.vid"
cat > "$folder/film.vid" <<'FILM'
import "brand.vid" { accent }
composition film 1280x720 30fps {
  text title   "Hello" for 2s { text_color: accent  width: 50% colour: #fff }
}
FILM

(cd "$folder" && exec kak -ui dummy -s "$session" -e "set-option global vid_program $vid" "$folder/new.vid") 2> "$folder/stderr" &
pid=$!
for _ in $(seq 200); do
  kak -l | grep -qx "$session" && break
  read -rt 0.05 <> <(:) || true
done
read -rt 0.5 <> <(:) || true

tell "echo -to-file $folder/filetype %opt{filetype}"
wait_for "the file type" "$folder/filetype" vid
tell "echo -to-file $folder/comment %opt{comment_line}"
wait_for "comments" "$folder/comment" //

# A new line behind an open brace goes deeper, and a closing one comes back.
tell "execute-keys -with-hooks 'istack {<ret>x: 1<ret>}<esc>'; write! $folder/indented"
wait_for "indentation" "$folder/indented" '  x: 1'
[ "$(sed -n 3p "$folder/indented")" = "}" ] || fail "a closing brace stands at: $(sed -n 3p "$folder/indented")"

tell "edit $folder/film.vid; format; write! $folder/formatted"
wait_for "formatting" "$folder/formatted" '  text title "Hello" for 2s'
tell "execute-keys u"

tell "buffer *debug*; write! $folder/debug"
wait_for "the messages of Kakoune" "$folder/debug" "debug"
if grep -E "vid[a-z-]*\.kak|vid-|Autoload: could not" "$folder/debug" | grep -v "$session"; then fail "Kakoune reports errors"; fi
tell "buffer $folder/film.vid"

if [ -z "$kak_lsp" ]; then
  echo "kak-lsp is not here: the language server is not tried"
  exit 0
fi

"$kak_lsp" > "$folder/lsp.kak" 2>/dev/null || "$kak_lsp" --kakoune -s "$session" > "$folder/lsp.kak"
tell "source $folder/lsp.kak; set-option global lsp_cmd '$(realpath "$kak_lsp") -s $session'"
tell "source $here/vid-lsp.kak"
tell "delete-buffer!; edit $folder/film.vid"
for _ in $(seq 200); do
  tell "echo -to-file $folder/errors %opt{lsp_diagnostic_error_count}"
  read -rt 0.1 <> <(:) || true
  [ "$(cat "$folder/errors" 2>/dev/null)" != 1 ] || break
done
wait_for "a diagnostic" "$folder/errors" 1

tell "execute-keys gg/title<ret>; lsp-hover-buffer"
for _ in $(seq 100); do
  tell "evaluate-commands -buffer *hover* %{ write! $folder/hover }"
  read -rt 0.1 <> <(:) || true
  ! grep -qF "frame 60" "$folder/hover" 2>/dev/null || break
done
wait_for "hover" "$folder/hover" "frame 60"

tell "buffer $folder/film.vid; lsp-formatting-sync; write! $folder/formatted-by-server"
wait_for "formatting by the server" "$folder/formatted-by-server" '  text title "Hello" for 2s'

tell "execute-keys gg/accent<ret>; lsp-rename orange"
for _ in $(seq 100); do
  tell "evaluate-commands -buffer $folder/film.vid %{ write! $folder/renamed }"
  read -rt 0.1 <> <(:) || true
  ! grep -qF "orange" "$folder/renamed" || break
done
wait_for "a rename" "$folder/renamed" "{ orange }"
tell "evaluate-commands -buffer * %{ try %{ write } }"
wait_for "a rename in the other file" "$folder/brand.vid" "let orange"
