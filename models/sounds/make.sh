#!/bin/sh
# Makes public/models/sounds anew, from the scene generator to the checked files.
# Needs Chromium, and Python with torch and numpy (PYTHON, default /usr/bin/python3).
set -eu
cd "$(dirname "$0")/../.."
python="${PYTHON:-/usr/bin/python3}"
# Threads of PyTorch's that spin while they wait take half the time of a machine of two cores.
export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0
run() { script="$1" && shift && nice -n 5 "$python" "models/$script.py" "$@"; }
npx tsx models/sounds/corpus.ts
npx tsx models/openings/count.ts public/models/sounds/gpt2/opening-words.json models/sounds/.cache/documents.txt --after caption:
npx tsx models/sounds/listen.ts clap train eval
run sounds/vocabularies
run worlds/train_lm sounds --steps 2500
run sounds/train_clap text --steps 1200 --batch 192
run sounds/train_clap audio --steps 3000 --batch 64 --rate 0.002
run sounds/export
run sounds/golden
npx tsx models/sounds/check.ts
run sounds/evaluate
