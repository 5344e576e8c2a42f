"""Sets CLIP's features of the projector's scenes aside for the PyTorch twin (models/reference).

.cache/{train,eval}.npz: features f32 [N, 64] (raw image embeddings), embeds of the true captions
[N, 64] (raw), and `scenes`, `captions`, `full`: JSON lists of length N.
"""
import json

import numpy as np
import torch

from clip_data import encode_texts, load_lines, load_pictures
from clip_model import Clip
from evaluate import embed_pictures
from files import CACHE


def main():
    clip = Clip.load()
    for split in ("train", "eval"):
        lines = load_lines(split)
        captions = [line["caption"] for line in lines]
        with torch.no_grad():
            texts = clip.text(torch.from_numpy(encode_texts(captions)))
        np.savez(
            CACHE / f"{split}.npz",
            features=embed_pictures(clip, load_pictures(split), raw=True).numpy(),
            texts=texts.numpy(),
            scenes=json.dumps([line["scene"] for line in lines]),
            captions=json.dumps(captions),
            full=json.dumps([line["full"] for line in lines]),
        )
        print(f"{split}: {len(lines)} scenes")


if __name__ == "__main__":
    main()
