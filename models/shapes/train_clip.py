"""Trains the bundled CLIP on pictures and texts of the shapes world; writes .cache/clip.pt.

Contrastive (InfoNCE) in both directions at a fixed, capped temperature, with soft targets: the softmax
of the cosines that kernel.py asks for, and their squared error, so that cosine stays graded by the
number of attributes named right. An auxiliary head (dropped afterwards) names the attributes from the
class token, which shortens training a great deal. The text tower is soon good: `--lock-text` goes on
with the vision tower alone against its embeddings (cf. LiT, arXiv 2111.07991), in half the time.
"""
import argparse
import math
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from clip_data import BPE, load_split, trim
from clip_model import IMAGE, Clip, normalise_pixels
from files import CACHE
from kernel import HEADS

LOGIT_SCALE = 10.0
TEXTS = 2  # a picture
SHIFT = 3
ALL_TEXTS, LOCKED_TEXTS = 6, 3  # a scene, to choose from


def soft_cross_entropy(cosines, targets):
    """Both [N, M]; rows are distributions over M at the capped temperature."""
    wanted = (LOGIT_SCALE * targets).softmax(-1)
    return -(wanted * (LOGIT_SCALE * cosines).log_softmax(-1)).sum(-1).mean()


def jitter(pixels, rng):
    """Brightness, contrast of each channel, a little noise, a shift of up to 3 pixels: [B, 3, H, W]."""
    b = pixels.shape[0]
    x, y = rng.integers(0, 2 * SHIFT + 1, 2)
    pixels = F.pad(pixels, [SHIFT] * 4, mode="replicate")[:, :, y : y + IMAGE, x : x + IMAGE]
    gain = 1 + 0.06 * torch.randn(b, 3, 1, 1)
    return pixels * gain + 0.08 * torch.randn(b, 3, 1, 1) + 0.04 * torch.randn_like(pixels)


def losses(clip, head, batch):
    """Soft contrast, squared error of the cosines, cross-entropy of the attributes."""
    pooled = clip.vision.pooled(batch["pixels"])
    images = F.normalize(clip.vision.visual_projection(pooled), dim=-1)
    texts = batch["texts"] if batch["texts"].is_floating_point() else clip.text_unit(batch["texts"])
    cosines = images @ texts.T
    targets = batch["phi"] @ batch["text_phi"].T
    contrast = soft_cross_entropy(cosines, targets) + soft_cross_entropy(cosines.T, targets.T)
    # Pairs that share much are rare in a batch: a picture's own texts count once more.
    rows = torch.arange(len(images)).repeat_interleave(TEXTS)
    own = (cosines - targets)[rows, torch.arange(len(texts))]
    error = (cosines - targets).square().mean() + 0.3 * own.square().mean()
    parts = head(pooled).split([n for _, n in HEADS], -1)
    known = [(part, batch["classes"][:, i]) for i, part in enumerate(parts)]
    named = sum(F.cross_entropy(part, y, ignore_index=-100) for part, y in known if (y >= 0).any())
    return contrast / 2, error, named / len(HEADS)


@torch.no_grad()
def lock_text(clip, data):
    """Puts embeddings in place of the texts' token ids."""
    clip.text.requires_grad_(False)
    ids = data["texts"].reshape(-1, data["texts"].shape[-1])
    chunks = [clip.text_unit(torch.from_numpy(trim(ids[i : i + 512]))) for i in range(0, len(ids), 512)]
    data["texts"] = torch.cat(chunks).view(*data["text_phi"].shape[:2], -1).numpy()


def batch_of(data, rows, rng):
    pick = rng.integers(0, data["texts"].shape[1], (len(rows), TEXTS))
    texts, text_phi = (data[key][rows[:, None], pick].reshape(pick.size, -1) for key in ("texts", "text_phi"))
    return {
        "pixels": jitter(normalise_pixels(torch.from_numpy(data["pictures"][rows])), rng),
        "texts": torch.from_numpy(trim(texts) if texts.dtype == np.int64 else texts),
        "text_phi": torch.from_numpy(text_phi),
        "phi": torch.from_numpy(data["phi"][rows]),
        "classes": torch.from_numpy(data["classes"][rows]),
    }


def named_classes(clip, head, data):
    """Share of the head's classes that are right on the first pictures of the held-out scenes, by name."""
    pictures, classes = data["pictures"][:1000], data["classes"][:1000]
    with torch.no_grad():
        parts = head(clip.vision.pooled(normalise_pixels(torch.from_numpy(pictures)))).split([n for _, n in HEADS], -1)
    right = {}
    for i, (name, _) in enumerate(HEADS):
        known = classes[:, i] >= 0
        right[name] = round(float(np.mean(parts[i].argmax(-1).numpy()[known] == classes[known, i])), 3)
    return right


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--steps", type=int, default=6000)
    arguments.add_argument("--batch", type=int, default=128)
    arguments.add_argument("--rate", type=float, default=1.5e-3)
    arguments.add_argument("--lock-text", action="store_true")
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(41)
    rng = np.random.default_rng(41)
    started = time.time()
    data = load_split("clip", LOCKED_TEXTS if options.lock_text else ALL_TEXTS)
    count = len(data["phi"])
    print(f"{count} pictures, read in {time.time() - started:.0f} s", flush=True)
    held_out = load_split("eval", 1)
    if options.lock_text:
        saved = torch.load(CACHE / "clip.pt")
        clip = Clip(len(BPE.vocab), **saved["shape"])
        clip.load_state_dict(saved["state"])
        lock_text(clip, data)
    else:
        clip = Clip(len(BPE.vocab))
    head = nn.Linear(clip.shape["vision"][0], sum(n for _, n in HEADS))
    if options.lock_text:
        head.load_state_dict(saved["head"])
    weights = [p for p in (*clip.parameters(), *head.parameters()) if p.requires_grad]
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
            print(named_classes(clip, head, held_out), flush=True)
            saved = {"shape": clip.shape, "state": clip.state_dict(), "head": head.state_dict()}
            torch.save(saved, CACHE / "clip.pt")


if __name__ == "__main__":
    main()
