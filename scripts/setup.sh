#!/usr/bin/env bash
# Installs the system packages the project needs on Debian or Ubuntu, saying so first.
# Does nothing when they are there already.
set -euo pipefail

packages=(
  # Building: FFmpeg's libraries with their headers, and clang, which reads the headers.
  libavcodec-dev libavformat-dev libavutil-dev libswresample-dev libswscale-dev
  clang libclang-dev pkg-config gcc libc6-dev make
  # Rendering: the default font family and the one that fills its gaps; Vulkan without a GPU.
  fonts-inter fonts-dejavu-core mesa-vulkan-drivers
  # Examples and tests: FFmpeg's command line as generator and as second opinion, and a voice.
  ffmpeg espeak-ng
)

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "setup: this system has no apt-get; please install the equivalents of: ${missing[*]}" >&2
  exit 1
fi
sudo=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup: run as root, or install sudo; needed: ${missing[*]}" >&2; exit 1; }
  sudo=(sudo)
fi
echo "setup: installing system packages: ${missing[*]}" >&2
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
