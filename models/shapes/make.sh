#!/bin/sh
# Makes public/models/shapes anew, from the scene generator to the checked files.
# Needs Chromium, and Python with torch and numpy (PYTHON, default /usr/bin/python3).
set -eu
cd "$(dirname "$0")/../.."
python="${PYTHON:-/usr/bin/python3}"
# Threads of PyTorch's that spin while they wait take half the time of a machine of two cores.
export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0
run() { script="$1" && shift && nice -n 5 "$python" "models/$script.py" "$@"; }
npx tsx models/shapes/corpus.ts
npx tsx models/openings/count.ts public/models/shapes/gpt2/opening-words.json models/shapes/.cache/documents.txt --after caption:
npx tsx models/shapes/render.ts clip train eval
run shapes/vocabularies
run worlds/train_lm shapes
run shapes/train_clip text
run shapes/train_clip vision
run shapes/export
run shapes/golden
npx tsx models/shapes/check.ts
run shapes/evaluate
