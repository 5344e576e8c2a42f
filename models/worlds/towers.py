"""Trains the towers of a world's CLIP or CLAP, one at a time, to embeddings that kernel.py gives.

Each tower learns its embedding (squared error), instead of being told by contrast alone: a text's and a
scene's cosine is then what their shared attributes deserve, graded, and either tower is trained in a
fraction of the time. An auxiliary head (dropped afterwards) names the attributes from the pooled
features, which lets a tower see shapes, or hear instruments, much sooner.
"""
import argparse
import math
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from embedding import embedding_of


def squared_error(raw, wanted):
    """Mean over the elements; raw embeddings [B, E] are sqrt(E) long, so that elements are of the order of 1."""
    return (raw - math.sqrt(raw.shape[1]) * wanted).square().mean()


class TextTask:
    """`tower`: ids [B, L] -> [B, E]. `data`: texts [N, each, L], text_phi [N, each, ·]. `trim`: cuts common padding."""

    def __init__(self, tower, trim, data, held_out, width):
        self.tower, self.trim, self.held_out, self.width = tower, trim, held_out, width
        self.ids = data["texts"].reshape(-1, data["texts"].shape[-1])
        self.wanted = embedding_of(data["text_phi"].reshape(len(self.ids), -1), width)
        self.weights = list(tower.parameters())
        self.count = len(self.ids)

    def losses(self, rows, rng):
        raw = self.tower(torch.from_numpy(self.trim(self.ids[rows])))
        return {"error": squared_error(raw, torch.from_numpy(self.wanted[rows]))}

    def score(self):
        wanted = torch.from_numpy(embedding_of(self.held_out["text_phi"][:, 0], self.width))
        raw = self.tower(torch.from_numpy(self.trim(self.held_out["texts"][:, 0])))
        cosine = (F.normalize(raw, dim=-1) * wanted).sum(-1)
        return {"cosine": cosine.mean().item(), "worst 1 %": cosine.quantile(0.01).item()}


class SenseTask:
    """Pictures or sounds. `tower`: `pooled` [B, W] and `project` [B, E]; `head`: from pooled to all classes.

    `data`: inputs [N, ..], phi [N, ·], classes [N, len(heads)], -100 where a class is not defined.
    `prepare`: rows of the inputs -> what the tower takes; `jitter`: varies that, with a generator.
    """

    def __init__(self, tower, head, heads, prepare, jitter, data, held_out, width):
        self.tower, self.head, self.heads = tower, head, heads
        self.prepare, self.jitter, self.data, self.held_out = prepare, jitter, data, held_out
        self.wanted, self.width = embedding_of(data["phi"], width), width
        self.weights = [*tower.parameters(), *head.parameters()]
        self.count = len(self.wanted)

    def _named(self, pooled):
        return self.head(pooled).split([n for _, n in self.heads], -1)

    def losses(self, rows, rng):
        pooled = self.tower.pooled(self.jitter(self.prepare(self.data["inputs"][rows]), rng))
        raw = self.tower.project(pooled)
        known = zip(self._named(pooled), torch.from_numpy(self.data["classes"][rows]).T)
        named = sum(F.cross_entropy(part, y, ignore_index=-100) for part, y in known if (y >= 0).any())
        return {"error": squared_error(raw, torch.from_numpy(self.wanted[rows])), "named": named / len(self.heads)}

    def score(self, count=1000):
        """Share of the head's classes that are right, by name, and the cosine with what was asked for."""
        classes = self.held_out["classes"][:count]
        pooled = self.tower.pooled(self.prepare(self.held_out["inputs"][:count]))
        unit = F.normalize(self.tower.project(pooled), dim=-1)
        wanted = torch.from_numpy(embedding_of(self.held_out["phi"][:count], self.width))
        right = {"cosine": (unit * wanted).sum(-1).mean().item()}
        for i, ((name, _), part) in enumerate(zip(self.heads, self._named(pooled))):
            known = classes[:, i] >= 0
            right[name] = float(np.mean(part.argmax(-1).numpy()[known] == classes[known, i]))
        return right


def parse_options(description, towers):
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("tower", choices=towers)
    arguments.add_argument("--steps", type=int, default=4000)
    arguments.add_argument("--batch", type=int, default=128)
    arguments.add_argument("--rate", type=float, default=1.5e-3)
    arguments.add_argument("--resume", action="store_true")
    arguments.add_argument("--threads", type=int, default=2)
    return arguments.parse_args()


def rate_at(step, options):
    """Linear warm-up, then a cosine down to a hundredth."""
    warm = min(1, (step + 1) / 200)
    return options.rate * warm * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * step / options.steps)))


def fit(task, modules, options, rng, save):
    """`modules` are set to learn or to judge together; `save` is called now and then, and at the end."""
    started = time.time()
    optimizer = torch.optim.AdamW(task.weights, betas=(0.9, 0.98), weight_decay=0.02)
    for step in range(options.steps):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, options)
        losses = task.losses(np.sort(rng.choice(task.count, options.batch, replace=False)), rng)
        optimizer.zero_grad()
        sum(losses.values()).backward()
        nn.utils.clip_grad_norm_(task.weights, 1.0)
        optimizer.step()
        last = step == options.steps - 1
        if step % 100 == 0 or last:
            shown = " ".join(f"{name} {value:.4f}" for name, value in losses.items())
            print(f"step {step} {shown} {time.time() - started:.0f} s", flush=True)
        if step % 500 == 499 or last:
            modules.eval()
            with torch.no_grad():
                print({name: round(value, 3) for name, value in task.score().items()}, flush=True)
            modules.train()
            save()
