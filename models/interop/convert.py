"""A projector from this page to PyTorch and back; needs torch alone.

  convert.py export.safetensors projector.ckpt   as the released ESPER trainer loads it
  convert.py export.safetensors projector.pt     as ClipCap loads it
  convert.py any.ckpt|any.pt for-the-page.safetensors [--features unit]

Both know clip_project as Linear, Tanh, Linear with the names below. They differ in the feature it reads:
- ESPER (JiwanChung/esper, train/code/clipcap.py) divides it by sqrt(out / in) and looks for the weights under
  "policy.model." or "model.model." of `state_dict`, or in `policy_model` (train/code/infers/common.py).
- ClipCap (rmokady/CLIP_prefix_caption) has no divider; its MLP is trained on raw features unless its
  --normalize_prefix was given: then say --features unit.
"""
import argparse
import math
import sys
from pathlib import Path

import torch

# In the repository the reader lies with the PyTorch twin, in an exported folder beside this file.
sys.path.append(str(Path(__file__).resolve().parents[1] / "reference"))
from safetensors_io import read_safetensors, save_safetensors  # noqa: E402

NAMES = (
    "clip_project.model.0.weight",  # [hidden, E]
    "clip_project.model.0.bias",  # [hidden]
    "clip_project.model.2.weight",  # [D·P, hidden]
    "clip_project.model.2.bias",  # [D·P]
)
STEMS = ("policy.model.", "model.model.", "")


class Unusable(Exception):
    """What is wrong with a file, in words."""


def esper_divider(tensors):
    """sqrt(D·P / E)."""
    return math.sqrt(tensors[NAMES[2]].shape[0] / tensors[NAMES[0]].shape[1])


def with_divider(tensors, theirs, ours):
    """The same projector for features divided by `ours`: W1·(f / theirs) = (W1·ours / theirs)·(f / ours)."""
    if ours == theirs:
        return dict(tensors)
    return {**tensors, NAMES[0]: tensors[NAMES[0]] * (ours / theirs)}


def from_page(path):
    """The four tensors, and what their features are: divider, "raw" or "unit", and the updates done."""
    tensors, metadata = read_safetensors(path)
    tensors = chosen(tensors, path)
    divider = float(metadata.get("divider", esper_divider(tensors)))
    return tensors, divider, metadata.get("feature_convention", "raw"), int(metadata.get("step", 0))


def from_torch(path):
    """The four tensors of a .pt or .ckpt, loaded without running any code in it, and their divider."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise Unusable(
            f"{path} does not load as weights alone ({error}). Load it with the program that wrote it and save "
            'torch.save({"state_dict": model.state_dict()}, ...) of it.'
        ) from error
    is_esper = isinstance(state, dict) and ("state_dict" in state or "policy_model" in state)
    if is_esper:
        state = state.get("policy_model", state.get("state_dict"))
    tensors = chosen(state, path)
    return tensors, esper_divider(tensors) if is_esper else 1.0


def chosen(state, path):
    """The projector's tensors of a state dict that may hold much else, as float32."""
    for stem in STEMS:
        found = {k[len(stem) :]: v for k, v in state.items() if k.startswith(stem + "clip_project.")}
        if not found:
            continue
        if sorted(found) != sorted(NAMES):
            raise Unusable(
                f"{path}: clip_project is not Linear, Tanh, Linear but has {', '.join(sorted(found)[:6])}"
            )
        tensors = {name: found[name].detach().float() for name in NAMES}
        hidden, out = tensors[NAMES[0]].shape[0], tensors[NAMES[2]].shape[0]
        if out != 2 * hidden:
            raise Unusable(f"{path}: the hidden layer is {hidden} wide, the page's has half of {out}")
        return tensors
    raise Unusable(f"{path}: no clip_project among its {len(state)} entries")


def to_torch(source, target):
    """Writes .ckpt or .pt; what it says is what the file wants."""
    tensors, divider, convention, step = from_page(source)
    if target.suffix == ".ckpt":
        official = with_divider(tensors, divider, esper_divider(tensors))
        names = {"policy.model." + name: tensor for name, tensor in official.items()}
        torch.save({"state_dict": names, "global_step": step}, target)
    else:
        torch.save(with_divider(tensors, divider, 1.0), target)
    return f"{target}: feed it {'unit-length' if convention == 'unit' else 'raw'} CLIP features"


def to_page(source, target, features, names):
    """Writes .safetensors for the page's Import; what it says is what the file holds."""
    tensors, divider = from_torch(source)
    metadata = {"format": "pt", "divider": repr(divider), "feature_convention": features, **names}
    save_safetensors(target, tensors, metadata)
    hidden, width = tensors[NAMES[0]].shape
    return f"{target}: {2 * hidden} prefix values of CLIP features of {width}, {features}, divider {divider:.4g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--features", choices=("raw", "unit"), default="raw", help="what the .pt or .ckpt was trained on")
    parser.add_argument("--lm", help="name of its language model; the page then refuses to load it into another")
    parser.add_argument("--clip", help="name of its CLIP, likewise")
    arguments = parser.parse_args()
    names = {key: getattr(arguments, key) for key in ("lm", "clip") if getattr(arguments, key)}
    try:
        if arguments.source.suffix == ".safetensors":
            print(to_torch(arguments.source, arguments.target))
        else:
            print(to_page(arguments.source, arguments.target, arguments.features, names))
    except Unusable as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
