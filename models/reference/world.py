"""A bundled world as the twin sees it: frozen networks, features of its pictures or sounds, held-out scenes.

Read from public/models/<world> (GPT-2, vocabularies) and, through models/<world>/twin.py, from
models/<world>/.cache (CLIP's or CLAP's weights as trained, what it is to see or hear, scenes; written by
the scripts there).
"""
import json
import sys
from collections import defaultdict
from pathlib import Path

import torch
import torch.nn.functional as F

from byte_pairs import Gpt2Tokenizer
from gpt2 import Gpt2

ROOT = Path(__file__).parents[2]
QUERY = "<|endoftext|>caption:"
HELD_OUT = 400


class World:
    """`embed_texts`: list of texts -> raw text features [B, E]. `attributes_named`: scene, text -> [(attribute, right)]."""

    def __init__(self, lm, tokenizer, train_features, eval_features, eval_scenes, embed_texts, attributes_named):
        self.lm, self.tokenizer, self.query = lm, tokenizer, tokenizer.encode(QUERY)
        self.train_features, self.eval_features = train_features, eval_features
        self.scenes, self._embed_texts, self._known = eval_scenes, embed_texts, {}
        self._attributes_named = attributes_named
        true = self.text_units([scene["full"] for scene in eval_scenes])
        self.true_cosines = (F.normalize(eval_features, dim=1) * true).sum(1)

    @classmethod
    def load(cls, name="shapes", examples=2048):
        models, scripts = ROOT / "public/models" / name, ROOT / "models" / name
        sys.path.append(str(scripts))
        import twin

        encoder = twin.Encoder()
        with (scripts / ".cache/eval.jsonl").open() as file:
            scenes = [json.loads(line) for line, _ in zip(file, range(HELD_OUT))]
        return cls(
            Gpt2.load(models / "gpt2"),
            Gpt2Tokenizer(models / "gpt2"),
            encoder.features("train", examples),
            encoder.features("eval", HELD_OUT),
            scenes,
            encoder.texts,
            twin.attributes_named,
        )

    def text_units(self, texts):
        """Unit features [B, E]; each distinct text is embedded once."""
        new = sorted(set(texts) - self._known.keys())
        if new:
            self._known.update(zip(new, F.normalize(self._embed_texts(new), dim=1)))
        return torch.stack([self._known[text] for text in texts])

    def texts(self, tokens):
        return [self.tokenizer.decode(row).strip() for row in tokens.tolist()]

    def cosines(self, features, tokens):
        """Cosine of each picture or sound and its response, decoded without end-of-text: [B]."""
        return (F.normalize(features, dim=1) * self.text_units(self.texts(tokens))).sum(1)

    def score(self, tokens):
        """Captions of the held-out scenes; those of two objects, where a world has them, under "two".

        Shares of attributes named right, mean cosine, the true captions' cosine, some captions.
        """
        texts = self.texts(tokens)
        cosines = self.cosines(self.eval_features, tokens)
        kinds = {"one": [], "two": []}
        for row, scene in enumerate(self.scenes):
            kinds[scene["scene"].get("kind", "one")].append(row)
        one = self._score(kinds["one"], texts, cosines)
        return {**one, "two": self._score(kinds["two"], texts, cosines)} if kinds["two"] else one

    def _score(self, rows, texts, cosines):
        named = defaultdict(list)
        for row in rows:
            for attribute, right in self._attributes_named(self.scenes[row]["scene"], texts[row]):
                named[attribute].append(right)
        return {
            **{attribute: sum(right) / len(right) for attribute, right in named.items()},
            "cosine": cosines[rows].mean().item(),
            "trueCosine": self.true_cosines[rows].mean().item(),
            "texts": [texts[row] for row in rows[:4]],
        }
