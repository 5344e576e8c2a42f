"""The bundled shapes world as the twin sees it: frozen networks, pictures' features, held-out scenes.

Read from public/models/shapes (GPT-2, vocabularies) and models/shapes/.cache (CLIP's weights as
trained, pictures and scenes; written by the scripts of models/shapes).
"""
import json
import sys
from collections import defaultdict
from pathlib import Path

import torch
import torch.nn.functional as F

from attributes import attributes_named
from byte_pairs import ClipTokenizer, Gpt2Tokenizer
from gpt2 import Gpt2

ROOT = Path(__file__).parents[2]
MODELS, SCRIPTS = ROOT / "public/models/shapes", ROOT / "models/shapes"
QUERY = "<|endoftext|>caption:"
HELD_OUT = 400


class World:
    """`texts_embedded`: list of texts -> raw CLIP text features [B, E]."""

    def __init__(self, lm, tokenizer, train_features, eval_features, eval_scenes, embed_texts):
        self.lm, self.tokenizer, self.query = lm, tokenizer, tokenizer.encode(QUERY)
        self.train_features, self.eval_features = train_features, eval_features
        self.scenes, self._embed_texts, self._known = eval_scenes, embed_texts, {}
        true = self.text_units([scene["full"] for scene in eval_scenes])
        self.true_cosines = (F.normalize(eval_features, dim=1) * true).sum(1)

    @classmethod
    def load(cls, pictures=2048):
        sys.path.append(str(SCRIPTS))
        clip = ClipCheckpoint()
        tokenizer = Gpt2Tokenizer(MODELS / "gpt2")
        scenes = [json.loads(line) for line in (SCRIPTS / ".cache/eval.jsonl").open()][:HELD_OUT]
        return cls(
            Gpt2.load(MODELS / "gpt2"),
            tokenizer,
            clip.pictures("train", pictures),
            clip.pictures("eval", HELD_OUT),
            scenes,
            clip.texts,
        )

    def text_units(self, texts):
        """Unit CLIP features [B, E]; each distinct text is embedded once."""
        new = sorted(set(texts) - self._known.keys())
        if new:
            self._known.update(zip(new, F.normalize(self._embed_texts(new), dim=1)))
        return torch.stack([self._known[text] for text in texts])

    def texts(self, tokens):
        return [self.tokenizer.decode(row).strip() for row in tokens.tolist()]

    def cosines(self, features, tokens):
        """Cosine of each picture and its response, decoded without end-of-text: [B]."""
        return (F.normalize(features, dim=1) * self.text_units(self.texts(tokens))).sum(1)

    def score(self, tokens):
        """Captions of the held-out scenes of one object and, under "two", of two.

        Shares of attributes named right, mean cosine, the true captions' cosine, some captions.
        """
        texts = self.texts(tokens)
        cosines = self.cosines(self.eval_features, tokens)
        rows = {kind: [i for i, scene in enumerate(self.scenes) if scene["scene"]["kind"] == kind] for kind in ("one", "two")}
        one, two = (self._score(rows[kind], texts, cosines) for kind in ("one", "two"))
        return {**one, "two": two}

    def _score(self, rows, texts, cosines):
        named = defaultdict(list)
        for row in rows:
            for attribute, right in attributes_named(self.scenes[row]["scene"], texts[row]):
                named[attribute].append(right)
        return {
            **{attribute: sum(right) / len(right) for attribute, right in named.items()},
            "cosine": cosines[rows].mean().item(),
            "trueCosine": self.true_cosines[rows].mean().item(),
            "texts": [texts[row] for row in rows[:4]],
        }


class ClipCheckpoint:
    """The bundled CLIP by its weights in PyTorch, pictures as its training script reads them."""

    def __init__(self):
        from clip_data import load_pictures
        from clip_model import CONTEXT, Clip, normalise_pixels

        self.clip = Clip.load()
        self.tokenizer = ClipTokenizer(MODELS / "clip", CONTEXT)
        self._load_pictures, self._normalise = load_pictures, normalise_pixels

    @torch.no_grad()
    def pictures(self, split, count):
        """Raw image features [count, E]."""
        pixels = torch.from_numpy(self._load_pictures(split)[:count].copy())
        return torch.cat([self.clip.vision(self._normalise(part)) for part in pixels.split(128)])

    @torch.no_grad()
    def texts(self, texts):
        """Raw text features [B, E]."""
        rows = [self.tokenizer.encode(text) for text in texts]
        length = max(map(len, rows))
        ids = torch.tensor([row + [self.tokenizer.end] * (length - len(row)) for row in rows])
        return self.clip.text(ids)
