"""Writes .cache/golden.json: token ids and embeddings as PyTorch computes them, for check.ts."""
import base64
import json

import torch

from files import CACHE, OUT
from bpe import Bpe
from clip_data import BPE, encode_texts, load_pictures
from clip_model import MEAN, STD, Clip, normalise_pixels

TEXTS = [
    "a small red circle at the top left .",
    "caption: there is an orange star .",
    "A Large PINK heart, left of a zebra!!",
    "red red red",
    "once there was a small green ring below a large black cross .",
    "it's 12 cats",
    "a",
]


def main():
    clip = Clip.load()
    pixels = torch.from_numpy(load_pictures("eval")[:4].copy())
    gpt2 = Bpe(OUT / "gpt2")
    with torch.no_grad():
        text = clip.text(torch.from_numpy(encode_texts(TEXTS)))
        image = clip.vision(normalise_pixels(pixels))
    golden = {
        "texts": TEXTS,
        "pixels": base64.b64encode(pixels.numpy().tobytes()).decode(),
        "mean": MEAN,
        "std": STD,
        "gpt2": [gpt2.encode(t) for t in TEXTS],
        "clip": [BPE.encode(t) for t in TEXTS],
        "text": text.tolist(),
        "image": image.tolist(),
    }
    (CACHE / "golden.json").write_text(json.dumps(golden))


if __name__ == "__main__":
    main()
