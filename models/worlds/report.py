"""Measures a world's CLIP or CLAP on held-out scenes and prints the tables of its model card (Markdown).

Accuracy is zero-shot, as Radford et al. 2021 do it: the best of the full captions that differ from the
true one in one attribute only. The cosine tables replace attributes by random wrong values.
"""
import numpy as np
import torch
import torch.nn.functional as F

CHUNK = 256


@torch.no_grad()
def unit_rows(tower, rows):
    """`tower`: a slice of `rows` -> [B, E]; -> unit [N, E]."""
    parts = [tower(rows[i : i + CHUNK]) for i in range(0, len(rows), CHUNK)]
    return F.normalize(torch.cat(parts), dim=-1)


class Report:
    """`embed`: texts -> raw [B, E]. `domain`: attribute -> its values. `full_caption`: values -> text."""

    def __init__(self, embed, domain, full_caption, seed=51):
        self.embed, self.domain, self.full_caption = embed, domain, full_caption
        self.rng = np.random.default_rng(seed)

    def texts(self, texts):
        """-> unit [N, E]; each text once."""
        unique = sorted(set(texts))
        row = {text: i for i, text in enumerate(unique)}
        return unit_rows(self.embed, unique)[[row[text] for text in texts]]

    def accuracy(self, units, values, name):
        choices = self.domain(name)
        options = [[self.full_caption(v | {name: value}) for value in choices] for v in values]
        texts = self.texts([text for row in options for text in row]).view(len(values), len(choices), -1)
        best = (texts * units[:, None]).sum(-1).argmax(1).tolist()
        return np.mean([choices[i] == v[name] for i, v in zip(best, values)])

    def with_wrong(self, v, count):
        names = self.rng.permutation(list(v))[:count]
        return v | {name: self.rng.choice([x for x in self.domain(name) if x != v[name]]) for name in names}

    def shuffled(self, text):
        return " ".join(self.rng.permutation(text.split()))

    def stuttering(self, text):
        return " ".join(word for word in text.split() for _ in range(self.rng.integers(1, 3)))

    def print_row(self, name, units, texts):
        cosines = (self.texts(texts) * units).sum(-1)
        print(f"| {name} | {cosines.mean():.3f} | {cosines.std():.3f} |")

    def print(self, units, values, lines):
        """`units` [N, E] of the pictures or sounds, `values` their scenes' attributes, `lines` of the split's file.

        Scenes that have different attributes are reported apart.
        """
        kinds = {}
        for i, v in enumerate(values):
            kinds.setdefault(tuple(v), []).append(i)
        print("| scenes | attribute | accuracy |\n|---|---|---|")
        for names, rows in kinds.items():
            for name in names:
                share = self.accuracy(units[rows], [values[i] for i in rows], name)
                print(f"| {len(rows)} | {name} | {share:.3f} |")
        print("\n| attributes named right | cosine | deviation |\n|---|---|---|")
        for names, rows in kinds.items():
            for right in range(len(names) + 1):
                wrong = [self.with_wrong(values[i], len(names) - right) for i in rows]
                self.print_row(f"{right} of {len(names)}", units[rows], [self.full_caption(v) for v in wrong])
        captions = [line["caption"] for line in lines]
        sets = {
            "true captions": captions,
            "true, full": [line["full"] for line in lines],
            "another scene's caption": captions[1:] + captions[:1],
            "true, words shuffled": [self.shuffled(text) for text in captions],
            "true, words doubled": [self.stuttering(text) for text in captions],
            "true, said twice": [f"{text} {text}" for text in captions],
            "keywords": [" ".join(line["keywords"]) for line in lines],
        }
        print("\n| text | cosine | deviation |\n|---|---|---|")
        for name, texts in sets.items():
            self.print_row(name, units, texts)
