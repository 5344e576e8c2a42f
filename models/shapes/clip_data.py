"""Pictures, texts and the cosines to ask for, as arrays, from what render.ts and corpus.ts wrote."""
import numpy as np
import torch

from files import CACHE, OUT
from bpe import Bpe
from clip_model import CONTEXT, IMAGE, normalise_pixels
from kernel import classes, phi_of_scene, phi_of_text
from world_files import read_lines

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
    """inputs [N..], texts [N, each, CONTEXT], text_phi [N, each, ·], phi [N, ·], classes [N, 9]"""
    pictures = load_pictures(split)
    lines = read_lines(CACHE / f"{split}.jsonl", len(pictures))
    texts = [text for line in lines for text in line["texts"][:each]]
    ids = encode_texts([text["text"] for text in texts])
    phi = np.stack([phi_of_text(text["reading"], text["fluency"]) for text in texts])
    return {
        "inputs": pictures,
        "texts": ids.reshape(len(lines), each, CONTEXT),
        "text_phi": phi.reshape(len(lines), each, phi.shape[1]),
        "phi": np.stack([phi_of_scene(line["scene"]) for line in lines]),
        "classes": np.array([classes(line["scene"]) for line in lines]),
    }
