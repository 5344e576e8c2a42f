"""The shapes world as the PyTorch twin (models/reference/world.py) sees it."""
import torch

from files import OUT
from attributes import attributes_named  # noqa: F401
from byte_pairs import ClipTokenizer
from clip_data import load_pictures, prepare
from clip_model import CONTEXT, Clip


class Encoder:
    """The bundled CLIP by its weights in PyTorch, pictures as its training script reads them."""

    def __init__(self):
        self.clip = Clip.load()
        self.tokenizer = ClipTokenizer(OUT / "clip", CONTEXT)

    @torch.no_grad()
    def features(self, split, count):
        """Raw image features [count, E]."""
        pictures = load_pictures(split)[:count]
        return torch.cat([self.clip.vision(prepare(pictures[i : i + 128])) for i in range(0, count, 128)])

    @torch.no_grad()
    def texts(self, texts):
        """Raw text features [B, E]."""
        rows = [self.tokenizer.encode(text) for text in texts]
        length = max(map(len, rows))
        return self.clip.text(torch.tensor([row + [self.tokenizer.end] * (length - len(row)) for row in rows]))
