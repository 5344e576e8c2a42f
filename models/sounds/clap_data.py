"""Features, texts and the cosines to ask for, as arrays, from what listen.ts and corpus.ts wrote."""
import numpy as np
import torch

import kernel
from files import CACHE, OUT
from bpe import Bpe
from clap_model import CONTEXT, FRAMES, MELS, PAD
from training_data import training_data

BPE = Bpe(OUT / "clap")


def encode_texts(texts):
    """-> int64 [N, CONTEXT], cut as transformers.js cuts (a long text loses its end token), and padded."""
    ids = np.full((len(texts), CONTEXT), PAD, dtype=np.int64)
    for row, text in enumerate(texts):
        tokens = BPE.encode(text)[:CONTEXT]
        ids[row, : len(tokens)] = tokens
    return ids


def trim(ids):
    """Drops the columns that are padding in every row."""
    return ids[:, : int((ids != PAD).sum(1).max())]


def load_features(split):
    """float32 [N, 64, 64] (frames, mels) in dB, mapped from the file; N as far as it is written."""
    flat = np.memmap(CACHE / f"{split}.mel", dtype=np.float32, mode="r")
    each = FRAMES * MELS
    return flat[: len(flat) // each * each].reshape(-1, FRAMES, MELS)


def prepare(features):
    """[B, frames, mels] -> input_features [B, 1, frames, mels]"""
    return torch.from_numpy(np.array(features)).unsqueeze(1)


def load_split(split, each):
    return training_data(load_features(split), CACHE / f"{split}.jsonl", each, encode_texts, kernel)
