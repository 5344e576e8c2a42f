"""The sounds world as the PyTorch twin (models/reference/world.py) sees it."""
import re

import torch

from clap_data import BPE, encode_texts, load_features, prepare, trim
from clap_model import Clap
from kernel import VALUES


class Encoder:
    """The bundled CLAP by its weights in PyTorch, sounds by the features that the page would extract."""

    def __init__(self):
        self.clap = Clap.trained(len(BPE.vocab))

    @torch.no_grad()
    def features(self, split, count):
        """Raw audio features [count, E]."""
        sounds = load_features(split)[:count]
        return torch.cat([self.clap.audio(prepare(sounds[i : i + 128])) for i in range(0, count, 128)])

    @torch.no_grad()
    def texts(self, texts):
        """Raw text features [B, E]."""
        return self.clap.text(torch.from_numpy(trim(encode_texts(texts))))


def attributes_named(scene, text):
    """[(attribute, right)]: src/worlds/sounds/attributes.ts in Python."""
    words = re.findall("[a-z]+", text.lower())
    named = {name: [word for word in words if word in values] for name, values in VALUES.items()}
    return [(name, named[name] != [] and all(value == scene[name] for value in named[name])) for name in VALUES]
