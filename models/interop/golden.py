"""Writes golden/: projector files as ClipCap and the released ESPER save them, converted for the page, and the
prefixes that the official modules make of them. src/esper/interop.test.ts holds the page to them.

  golden.py DIRECTORY   (the repository's is models/interop/golden; page.safetensors there is the page's:
                         npx tsx models/interop/page_export.ts)
"""
import json
import sys
from pathlib import Path

import torch
from convert import Mlp, to_page
from prefix import prefixes

FOLDER = Path(__file__).parent / "golden"
E, OUT, ROWS = 6, 16, 5


def official(seed, divider):
    torch.manual_seed(seed)
    return Mlp([E, OUT // 2, OUT], divider)


def named(module, stem=""):
    return {f"{stem}clip_project.{name}": tensor for name, tensor in module.state_dict().items()}


def clipcap_file(path, module):
    """ClipCap saves the whole model's state dict: GPT-2's tensors lie beside the mapper's."""
    torch.save({"gpt.transformer.wte.weight": torch.randn(4, 8), **named(module)}, path)


def esper_file(path, module):
    """A Lightning checkpoint; the value network has a mapper of its own, which is not the policy's."""
    other = official(99, module.divider)
    state = {**named(other, "value.model."), **named(module, "policy.model."), "policy.model.gpt.lm_head.weight": torch.randn(2, 8)}
    torch.save({"epoch": 1, "global_step": 700, "state_dict": state, "optimizer_states": [{"state": {}}]}, path)


# What the page imports: its name, how the official code saves it, its divider and the features it was trained on.
FILES = {
    "clipcap": (clipcap_file, ".pt", 1.0, "raw"),
    "clipcap-unit": (clipcap_file, ".pt", 1.0, "unit"),
    "esper": (esper_file, ".ckpt", (OUT / E) ** 0.5, "raw"),
    "esper-unit": (esper_file, ".ckpt", (OUT / E) ** 0.5, "unit"),
}


def features():
    """[ROWS, E], of the length that CLIP ViT-B/32's have."""
    generator = torch.Generator().manual_seed(7)
    return torch.nn.functional.normalize(torch.randn(ROWS, E, generator=generator), dim=1) * torch.linspace(9, 11, ROWS)[:, None]


@torch.no_grad()
def write(folder, scratch):
    """@param scratch: a folder for the .pt and .ckpt files"""
    golden = {"features": features().tolist(), "prefixes": {}}
    for seed, (name, (save, suffix, divider, convention)) in enumerate(FILES.items()):
        module = official(seed, divider)
        save(scratch / (name + suffix), module)
        to_page(scratch / (name + suffix), folder / f"{name}.safetensors", convention, {})
        given = features() if convention == "raw" else torch.nn.functional.normalize(features(), dim=1)
        golden["prefixes"][name] = module(given).tolist()
    golden["prefixes"]["page"] = prefixes(FOLDER / "page.safetensors", features()).tolist()
    (folder / "prefixes.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        write(Path(sys.argv[1]), Path(scratch))
