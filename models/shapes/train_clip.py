"""Trains the bundled CLIP on pictures and texts of the shapes world; writes .cache/clip.pt.

Contrastive (InfoNCE) in both directions at a fixed, capped temperature, with soft targets: the softmax
of the cosines that kernel.py asks for, and their squared error, so that cosine stays graded by the
number of attributes named right. An auxiliary head (dropped afterwards) names the attributes from the
class token, which shortens training a great deal.
"""
import argparse
import math
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from clip_data import BPE, load_split, trim
from clip_model import Clip, normalise_pixels
from files import CACHE
from kernel import HEADS

LOGIT_SCALE = 10.0
TEXTS = 2  # a picture


def soft_cross_entropy(cosines, targets):
    """Both [N, M]; rows are distributions over M at the capped temperature."""
    wanted = (LOGIT_SCALE * targets).softmax(-1)
    return -(wanted * (LOGIT_SCALE * cosines).log_softmax(-1)).sum(-1).mean()


def jitter(pixels):
    """Brightness, contrast of each channel, and a little noise: [B, 3, H, W], normalised."""
    b = pixels.shape[0]
    gain = 1 + 0.06 * torch.randn(b, 3, 1, 1)
    return pixels * gain + 0.08 * torch.randn(b, 3, 1, 1) + 0.04 * torch.randn_like(pixels)


def losses(clip, head, batch):
    pooled = clip.vision.pooled(jitter(normalise_pixels(batch["pictures"])))
    images = F.normalize(clip.vision.visual_projection(pooled), dim=-1)
    texts = clip.text_unit(batch["texts"])
    cosines = images @ texts.T
    targets = batch["phi"] @ batch["text_phi"].T
    contrast = soft_cross_entropy(cosines, targets) + soft_cross_entropy(cosines.T, targets.T)
    # What a pair shares is rare in a batch: matched pairs (k-th text of picture i) count once more.
    rows = torch.arange(len(images)).repeat_interleave(TEXTS)
    own = (cosines - targets)[rows, torch.arange(len(texts))]
    error = (cosines - targets).square().mean() + 0.3 * own.square().mean()
    parts = head(pooled).split([n for _, n in HEADS], -1)
    known = [(part, batch["classes"][:, i]) for i, part in enumerate(parts)]
    named = sum(F.cross_entropy(part, y, ignore_index=-100) for part, y in known if (y >= 0).any())
    return contrast / 2, error, named / len(HEADS)


def batch_of(data, rows, rng):
    pick = rng.integers(0, data["texts"].shape[1], (len(rows), TEXTS))
    return {
        "pictures": torch.from_numpy(data["pictures"][rows]),
        "texts": torch.from_numpy(trim(data["texts"][rows[:, None], pick].reshape(len(rows) * TEXTS, -1))),
        "text_phi": torch.from_numpy(data["text_phi"][rows[:, None], pick].reshape(len(rows) * TEXTS, -1)),
        "phi": torch.from_numpy(data["phi"][rows]),
        "classes": torch.from_numpy(data["classes"][rows]),
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--steps", type=int, default=6000)
    arguments.add_argument("--batch", type=int, default=128)
    arguments.add_argument("--width", type=int, default=96)
    arguments.add_argument("--layers", type=int, default=3)
    arguments.add_argument("--rate", type=float, default=1.5e-3)
    arguments.add_argument("--out", default="clip.pt")
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(41)
    rng = np.random.default_rng(41)
    started = time.time()
    data = load_split("clip")
    count = len(data["phi"])
    print(f"{count} pictures, read in {time.time() - started:.0f} s", flush=True)
    shape = {"vision": (options.width, options.layers), "text": (64, 2)}
    clip = Clip(len(BPE.vocab), **shape)
    head = nn.Linear(options.width, sum(n for _, n in HEADS))
    weights = [*clip.parameters(), *head.parameters()]
    optimizer = torch.optim.AdamW(weights, betas=(0.9, 0.98), weight_decay=0.02)
    for step in range(options.steps):
        warm = min(1, (step + 1) / 200)
        rate = options.rate * warm * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * step / options.steps)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        rows = np.sort(rng.choice(count, options.batch, replace=False))
        contrast, error, named = losses(clip, head, batch_of(data, rows, rng))
        loss = contrast + 10 * error + named
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        if step % 100 == 0 or step == options.steps - 1:
            took = time.time() - started
            print(f"step {step} contrast {contrast:.3f} error {error:.4f} named {named:.3f} {took:.0f} s", flush=True)
        if step % 500 == 499 or step == options.steps - 1:
            torch.save({"shape": shape, "state": clip.state_dict()}, CACHE / options.out)


if __name__ == "__main__":
    main()
