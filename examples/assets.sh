#!/usr/bin/env bash
# Makes the media the examples use, with FFmpeg's generators and a synthetic voice.
# Files that are there already are kept.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p media

# Runs ffmpeg into a temporary file first, so that a broken run leaves nothing that looks finished.
make() {
  local file="media/$1"
  shift
  [ -f "$file" ] && return
  echo "assets: $file" >&2
  ffmpeg -v error -nostdin -y "$@" -map_metadata -1 "media/.new.${file##*.}"
  mv "media/.new.${file##*.}" "$file"
}

x264=(-c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv)

# A clip for hello: moving colours with a counter, and a tone every second.
make clip.mp4 -f lavfi -i "testsrc2=size=1920x1080:rate=30:duration=12" \
  -f lavfi -i "sine=frequency=330:beep_factor=2:sample_rate=48000:duration=12" \
  "${x264[@]}" -c:a aac -b:a 128k -shortest

# Stills for the slideshow: places in the Mandelbrot set.
still() {
  make "$1" -f lavfi -i "mandelbrot=size=2400x1600:rate=1:start_x=$2:start_y=$3:start_scale=$4:end_scale=$4:maxiter=1500" \
    -frames:v 1 -q:v 2
}
still still1.jpg -0.743643887037151 -0.131825904205330 0.02
still still2.jpg -0.1011 0.9563 0.012
still still3.jpg -1.25066 0.02012 0.01
still still4.jpg 0.275 0.0061 0.008

# Music: a slow sequence of chords, plucked.
chord() { # three frequencies, gated to begin every four seconds at offset $4
  echo "(sin(2*PI*$1*t)+sin(2*PI*$2*t)+0.7*sin(2*PI*$3*t))*exp(-1.1*mod(t-$4\,8))*between(mod(t-$4\,8)\,0\,4)"
}
make music.mp3 -f lavfi -i "aevalsrc='0.14*($(chord 220 277.18 329.63 0)+$(chord 196 246.94 293.66 4))+0.05*sin(2*PI*55*t)':s=48000:d=24" \
  -af "aecho=0.8:0.6:60|140:0.35|0.2,afade=t=in:d=0.02,pan=stereo|c0=c0|c1=c0" -c:a libmp3lame -b:a 160k

# Layers: a background with slow motion, a busy clip for the picture in picture, a logo, a voice.
make background.mp4 -f lavfi -i "gradients=size=1920x1080:rate=30:duration=10:c0=#0b1d3a:c1=#1e66f5:c2=#0aa39a:c3=#3b1d60:n=4:speed=0.012:seed=7" \
  "${x264[@]}"
make inset.mp4 -f lavfi -i "life=size=320x180:mold=12:rate=30:ratio=0.16:death_color=#7a1020:life_color=#ffd400:mold_color=#401030:seed=3,scale=1280:720:flags=neighbor" \
  -t 8 "${x264[@]}"
make logo.png -f lavfi -i "color=c=black:size=360x360:rate=1,format=rgba,geq=r='255':g='if(lt(hypot(X-180\,Y-180)\,95)\,212\,255)':b='if(lt(hypot(X-180\,Y-180)\,95)\,0\,255)':a='255*max(clip(170-hypot(X-180\,Y-180)\,0\,1)*clip(hypot(X-180\,Y-180)-140\,0\,1)\,clip(95-hypot(X-180\,Y-180)\,0\,1))'" \
  -frames:v 1
if [ ! -f media/voice.wav ]; then
  echo "assets: media/voice.wav" >&2
  espeak-ng -v en-gb -s 150 -w media/.new.wav "Pictures in layers: a background, a picture in picture, a logo, and a name."
  mv media/.new.wav media/voice.wav
fi
