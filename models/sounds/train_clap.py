"""Trains the bundled CLAP on sounds and texts of the sounds world (models/worlds/towers.py); writes .cache/clap.pt.

`train_clap.py text` and `train_clap.py audio`, in either order or at once: each saves a file of its own.
"""
import numpy as np
import torch
import torch.nn as nn

from files import CACHE
from clap_data import BPE, load_split, prepare, trim
from clap_model import EMBED, Clap
from kernel import HEADS
from towers import SenseTask, TextTask, fit, parse_options

TEXTS = 6  # a scene


def jitter(features, rng):
    """Louder or softer by up to 6 dB, a little noise, up to 3 frames sooner or later: [B, 1, frames, mels]."""
    b = features.shape[0]
    moved = torch.stack([torch.roll(x, int(n), 1) for x, n in zip(features, rng.integers(-1, 4, b))])
    return moved + 3 * torch.randn(b, 1, 1, 1) + torch.randn_like(moved)


def main():
    options = parse_options(__doc__, ["text", "audio"])
    torch.set_num_threads(options.threads)
    torch.manual_seed(41)
    rng = np.random.default_rng(41)
    clap = Clap(len(BPE.vocab))
    head = nn.Linear(clap.audio.audio_projection.linear1.in_features, sum(n for _, n in HEADS))
    saved = CACHE / f"{options.tower}.pt"
    tower = getattr(clap, options.tower)
    modules = nn.ModuleDict({"tower": tower, "head": head})
    if options.resume:
        modules.load_state_dict(torch.load(saved))
    held_out = load_split("eval", 1)
    if options.tower == "text":
        task = TextTask(tower, trim, load_split("clap", TEXTS), held_out, EMBED)
    else:
        task = SenseTask(tower, head, HEADS, prepare, jitter, load_split("clap", 1), held_out, EMBED)
    print(f"{task.count} examples", flush=True)
    fit(task, modules, options, rng, lambda: torch.save(modules.state_dict(), saved))


if __name__ == "__main__":
    main()
