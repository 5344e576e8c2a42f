"""Writes .cache/golden.json: token ids and embeddings as PyTorch computes them, for check.ts."""
import json

import torch

from files import CACHE, OUT
from bpe import Bpe
from clap_data import BPE, encode_texts, load_features, prepare, trim
from clap_model import Clap

SOUNDS = 8  # the first of the held-out ones
TEXTS = [
    "a rising high flute played slowly .",
    "caption: there is a steady low drum played once .",
    "A Loud PIANO, somewhere behind a zebra!!",
    "bell bell bell",
    "long ago there was a falling medium violin played unevenly .",
    "it's 12 cats",
    "a",
]


def main():
    clap = Clap.trained(len(BPE.vocab))
    gpt2 = Bpe(OUT / "gpt2")
    with torch.no_grad():
        text = clap.text(torch.from_numpy(trim(encode_texts(TEXTS))))
        audio = clap.audio(prepare(load_features("eval")[:SOUNDS]))
    golden = {
        "texts": TEXTS,
        "sounds": SOUNDS,
        "gpt2": [gpt2.encode(t) for t in TEXTS],
        "clap": [BPE.encode(t) for t in TEXTS],
        "text": text.tolist(),
        "audio": audio.tolist(),
    }
    (CACHE / "golden.json").write_text(json.dumps(golden))


if __name__ == "__main__":
    main()
