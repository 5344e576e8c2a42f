"""Features, texts and the cosines to ask for, as arrays, from what listen.ts and corpus.ts wrote."""
import numpy as np
import torch

from files import CACHE, OUT
from bpe import Bpe
from clap_model import CONTEXT, FRAMES, MELS, PAD
from kernel import classes, phi_of_scene, phi_of_text
from world_files import read_lines

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
    """inputs [N..], texts [N, each, CONTEXT], text_phi [N, each, ·], phi [N, ·], classes [N, 4]"""
    inputs = load_features(split)
    lines = read_lines(CACHE / f"{split}.jsonl", len(inputs))
    texts = [text for line in lines for text in line["texts"][:each]]
    ids = encode_texts([text["text"] for text in texts])
    phi = np.stack([phi_of_text(text["reading"], text["fluency"]) for text in texts])
    return {
        "inputs": inputs,
        "texts": ids.reshape(len(lines), each, CONTEXT),
        "text_phi": phi.reshape(len(lines), each, phi.shape[1]),
        "phi": np.stack([phi_of_scene(line["scene"]) for line in lines]),
        "classes": np.array([classes(line["scene"]) for line in lines]),
    }
