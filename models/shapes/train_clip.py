"""Trains the bundled CLIP on pictures and texts of the shapes world; writes .cache/clip.pt.

Each tower learns the embedding that kernel.py asks for (squared error), instead of being told by
contrast alone: a text's and a scene's cosine is then what their shared attributes deserve, graded, and
either tower is trained in a fraction of the time. An auxiliary head (dropped afterwards) names the
attributes from the class token, which lets the vision tower see shapes much sooner.

`train_clip.py text` first, then `train_clip.py vision`; `--resume` goes on from the saved tower.
"""
import argparse
import math
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from clip_data import BPE, load_split, trim
from clip_model import EMBED, IMAGE, Clip, normalise_pixels
from files import CACHE
from kernel import HEADS, embedding_of

# Raw embeddings are this long, so that the features' elements are of the order of 1.
LENGTH = math.sqrt(EMBED)
SHIFT = 3
TEXTS = 6  # a scene
SAVED = CACHE / "clip.pt"


def jitter(pixels, rng):
    """Brightness, contrast of each channel, a little noise, a shift of up to 3 pixels: [B, 3, H, W]."""
    b = pixels.shape[0]
    padded = F.pad(pixels, [SHIFT] * 4, mode="replicate")
    pixels = torch.stack([
        picture[:, y : y + IMAGE, x : x + IMAGE]
        for picture, (x, y) in zip(padded, rng.integers(0, 2 * SHIFT + 1, (b, 2)))
    ])
    gain = 1 + 0.06 * torch.randn(b, 3, 1, 1)
    return pixels * gain + 0.08 * torch.randn(b, 3, 1, 1) + 0.04 * torch.randn_like(pixels)


def squared_error(raw, wanted):
    """Mean over the elements, which are of the order of 1."""
    return (raw - LENGTH * wanted).square().mean()


class TextTask:
    def __init__(self, clip, head, data):
        ids = data["texts"].reshape(-1, data["texts"].shape[-1])
        phi = data["text_phi"].reshape(len(ids), -1)
        self.clip, self.ids, self.wanted = clip, ids, embedding_of(phi, EMBED)
        self.weights = list(clip.text.parameters())
        self.count = len(ids)

    def losses(self, rows, rng):
        raw = self.clip.text(torch.from_numpy(trim(self.ids[rows])))
        return {"error": squared_error(raw, torch.from_numpy(self.wanted[rows]))}

    def score(self, held_out):
        ids = held_out["texts"][:, 0]
        wanted = torch.from_numpy(embedding_of(held_out["text_phi"][:, 0], EMBED))
        cosine = (self.clip.text_unit(torch.from_numpy(trim(ids))) * wanted).sum(-1)
        return {"cosine": cosine.mean().item(), "worst 1 %": cosine.quantile(0.01).item()}


class VisionTask:
    def __init__(self, clip, head, data):
        self.clip, self.head, self.data = clip, head, data
        self.wanted = embedding_of(data["phi"], EMBED)
        self.weights = [*clip.vision.parameters(), *head.parameters()]
        self.count = len(self.wanted)

    def losses(self, rows, rng):
        pixels = jitter(normalise_pixels(torch.from_numpy(self.data["pictures"][rows])), rng)
        pooled = self.clip.vision.pooled(pixels)
        raw = self.clip.vision.visual_projection(pooled)
        known = zip(self.head(pooled).split([n for _, n in HEADS], -1), torch.from_numpy(self.data["classes"][rows]).T)
        named = sum(F.cross_entropy(part, y, ignore_index=-100) for part, y in known if (y >= 0).any())
        return {"error": squared_error(raw, torch.from_numpy(self.wanted[rows])), "named": named / len(HEADS)}

    def score(self, held_out):
        """Share of the head's classes that are right, by name, and the cosine with what was asked for."""
        pictures, classes = held_out["pictures"][:1000].copy(), held_out["classes"][:1000]
        pooled = self.clip.vision.pooled(normalise_pixels(torch.from_numpy(pictures)))
        parts = self.head(pooled).split([n for _, n in HEADS], -1)
        unit = F.normalize(self.clip.vision.visual_projection(pooled), dim=-1)
        wanted = torch.from_numpy(embedding_of(held_out["phi"][:1000], EMBED))
        right = {"cosine": (unit * wanted).sum(-1).mean().item()}
        for i, (name, _) in enumerate(HEADS):
            known = classes[:, i] >= 0
            right[name] = float(np.mean(parts[i].argmax(-1).numpy()[known] == classes[known, i]))
        return right


TASKS = {"text": TextTask, "vision": VisionTask}


def rate_at(step, options):
    """Linear warm-up, then a cosine down to a hundredth."""
    warm = min(1, (step + 1) / 200)
    return options.rate * warm * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * step / options.steps)))


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("tower", choices=TASKS)
    arguments.add_argument("--steps", type=int, default=4000)
    arguments.add_argument("--batch", type=int, default=128)
    arguments.add_argument("--rate", type=float, default=1.5e-3)
    arguments.add_argument("--resume", action="store_true")
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(41)
    rng = np.random.default_rng(41)
    clip = Clip(len(BPE.vocab))
    head = nn.Linear(clip.shape["vision"][0], sum(n for _, n in HEADS))
    if options.resume or options.tower == "vision":
        saved = torch.load(SAVED)
        clip.text.load_state_dict(saved["text"])
    if options.resume and options.tower == "vision":
        clip.vision.load_state_dict(saved["vision"])
        head.load_state_dict(saved["head"])
    started = time.time()
    task = TASKS[options.tower](clip, head, load_split("clip", TEXTS if options.tower == "text" else 1))
    print(f"{task.count} examples, read in {time.time() - started:.0f} s", flush=True)
    held_out = load_split("eval", 1)
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
            with torch.no_grad():
                print({name: round(value, 3) for name, value in task.score(held_out).items()}, flush=True)
            state = {name: module.state_dict() for name, module in (("text", clip.text), ("vision", clip.vision))}
            torch.save(state | {"shape": clip.shape, "head": head.state_dict()}, SAVED)


if __name__ == "__main__":
    main()
