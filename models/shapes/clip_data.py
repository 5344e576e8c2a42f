"""Pictures, texts and the cosines to ask for, as arrays, from what render.ts and corpus.ts wrote."""
import numpy as np
import torch

import kernel
from files import CACHE, OUT
from bpe import Bpe
from clip_model import CONTEXT, IMAGE, normalise_pixels
from training_data import training_data

BPE = Bpe(OUT / "clip")


def encode_texts(texts):
    """-> int64 [N, CONTEXT], cut as the tokenizer cuts and padded with the end of text."""
    ids = np.full((len(texts), CONTEXT), BPE.eot, dtype=np.int64)
    for row, text in enumerate(texts):
        tokens = BPE.encode(text)[:CONTEXT]
        ids[row, : len(tokens)] = tokens
        ids[row, -1] = BPE.eot
    return ids


def trim(ids):
    """Drops the columns that are padding in every row."""
    longest = int((ids == BPE.eot).argmax(1).max()) + 1
    return ids[:, :longest]


def load_pictures(split):
    """uint8 [N, 64, 64, 3], mapped from the file; N as far as it is written."""
    flat = np.memmap(CACHE / f"{split}.rgb", dtype=np.uint8, mode="r")
    each = IMAGE * IMAGE * 3
    return flat[: len(flat) // each * each].reshape(-1, IMAGE, IMAGE, 3)


def prepare(pictures):
    """uint8 [B, 64, 64, 3] -> pixel_values [B, 3, 64, 64]"""
    return normalise_pixels(torch.from_numpy(np.array(pictures)))


def load_split(split, each):
    return training_data(load_pictures(split), CACHE / f"{split}.jsonl", each, encode_texts, kernel)
