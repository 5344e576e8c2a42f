#!/bin/sh
# Makes public/models/shapes anew, from the scene generator to the checked files.
# Needs Chromium, and Python with torch and numpy (PYTHON, default /usr/bin/python3).
set -eu
cd "$(dirname "$0")/../.."
python="${PYTHON:-/usr/bin/python3}"
run() { nice -n 5 "$python" "models/shapes/$1.py"; }
npx tsx models/shapes/corpus.ts
npx tsx models/shapes/render.ts clip train eval
run bpe
run train_lm
run train_clip
run export
run golden
npx tsx models/shapes/check.ts
run features
run evaluate
