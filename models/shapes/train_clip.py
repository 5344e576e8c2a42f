"""Trains the bundled CLIP on pictures and texts of the shapes world (models/worlds/towers.py); writes .cache/clip.pt.

`train_clip.py text` first, then `train_clip.py vision`; `--resume` goes on from the saved tower.
"""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from files import CACHE
from clip_data import BPE, load_split, prepare, trim
from clip_model import EMBED, IMAGE, Clip
from kernel import HEADS
from towers import SenseTask, TextTask, fit, parse_options

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


def main():
    options = parse_options(__doc__, ["text", "vision"])
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
    held_out = load_split("eval", 1)
    if options.tower == "text":
        task = TextTask(clip.text, trim, load_split("clip", TEXTS), held_out, EMBED)
    else:
        task = SenseTask(clip.vision, head, HEADS, prepare, jitter, load_split("clip", 1), held_out, EMBED)
    print(f"{task.count} examples", flush=True)

    def save():
        state = {name: module.state_dict() for name, module in (("text", clip.text), ("vision", clip.vision))}
        torch.save(state | {"shape": clip.shape, "head": head.state_dict()}, SAVED)

    fit(task, nn.ModuleList([clip, head]), options, rng, save)


if __name__ == "__main__":
    main()
