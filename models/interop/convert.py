"""A projector from this page to PyTorch and back; needs torch alone.

  convert.py export.safetensors projector.ckpt   as the released ESPER trainer loads it
  convert.py export.safetensors projector.pt     as ClipCap loads it
  convert.py any.ckpt|any.pt for-the-page.safetensors [--features unit]

Both know clip_project as an MLP (also of one layer, or of more) or as a transformer mapper, by the names of
mapper.py. They differ in the feature that an MLP reads:
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

# In the repository the twin's modules lie in a folder of their own, in an exported one beside this file.
sys.path.append(str(Path(__file__).resolve().parents[1] / "reference"))
from mapper import Mlp, Transformer  # noqa: E402
from safetensors_io import read_safetensors, save_safetensors  # noqa: E402

STEM = "clip_project."
# What reads the feature, [.., E], in an MLP and in a transformer mapper.
FIRST = (STEM + "model.0.weight", STEM + "linear.weight")
STEMS = ("policy.model.", "model.model.", "")


class Unusable(Exception):
    """What is wrong with a file, in words."""


def is_transformer(tensors):
    return STEM + "prefix_const" in tensors


def widths(tensors):
    """Of an MLP: [E, hidden .., out]."""
    weights = [tensors[name] for name in sorted(tensors, key=lambda n: int(n.split(".")[2])) if name.endswith("weight")]
    return [weights[0].shape[1], *(weight.shape[0] for weight in weights)]


def module_of(tensors, divider):
    """The module that the tensors are of. @throws KeyError, RuntimeError, ValueError: of none"""
    if is_transformer(tensors):
        length, width = tensors[STEM + "prefix_const"].shape
        layers = sum(name.endswith("norm1.weight") for name in tensors)
        module = Transformer(tensors[FIRST[1]].shape[1], length, width, layers)
    else:
        module = Mlp(widths(tensors), divider)
    module.load_state_dict({name[len(STEM) :]: tensor for name, tensor in tensors.items()})
    return module


def esper_divider(tensors):
    """sqrt(D·P / E) of an MLP; a transformer mapper has none."""
    if is_transformer(tensors):
        return 1.0
    sizes = widths(tensors)
    return math.sqrt(sizes[-1] / sizes[0])


def with_divider(tensors, theirs, ours):
    """The same projector for features divided by `ours`: W·(f / theirs) = (W·ours / theirs)·(f / ours)."""
    if ours == theirs:
        return dict(tensors)
    first = FIRST[is_transformer(tensors)]
    return {**tensors, first: tensors[first] * (ours / theirs)}


def from_page(path):
    """Its tensors, and what their features are: divider, "raw" or "unit", and the updates done."""
    tensors, metadata = read_safetensors(path)
    tensors = chosen(tensors, path)
    divider = float(metadata.get("divider", esper_divider(tensors)))
    return tensors, divider, metadata.get("feature_convention", "raw"), int(metadata.get("step", 0))


def from_torch(path):
    """The tensors of a .pt or .ckpt, loaded without running any code in it, and their divider."""
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
        tensors = {k[len(stem) :]: v.detach().float() for k, v in state.items() if k.startswith(stem + STEM)}
        if not tensors:
            continue
        try:
            module_of(tensors, 1.0)
        except (KeyError, IndexError, RuntimeError, ValueError) as error:
            some = ", ".join(sorted(tensors)[:6])
            raise Unusable(f"{path}: clip_project is neither an MLP nor a transformer mapper but has {some}") from error
        if not is_transformer(tensors):
            feature_width, *hidden, out = widths(tensors)
            if any(width not in (out // 2, feature_width) for width in hidden):
                raise Unusable(f"{path}: a hidden layer is {hidden[0]} wide, the page's have half of {out}")
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
    width = tensors[FIRST[is_transformer(tensors)]].shape[1]
    return f"{target}: of CLIP features of {width}, {features}, divider {divider:.4g}"


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
