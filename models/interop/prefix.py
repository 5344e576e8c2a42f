"""The prefixes that a projector makes of CLIP features, by the official module: to be compared.

  prefix.py projector.safetensors|.ckpt|.pt features.safetensors prefixes.safetensors [--features unit]

Reads `features` [n, E], raw, as "Continue in PyTorch" exports them; writes `prefix` [n, D·P].
--features says what a .ckpt or .pt was trained on; a .safetensors says it itself.
"""
import argparse
from pathlib import Path

import torch
from convert import from_page, from_torch, module_of, read_safetensors, save_safetensors


def load(path, convention="raw"):
    """The module of any of the three kinds of file, and its feature convention."""
    if path.suffix == ".safetensors":
        tensors, divider, convention, _ = from_page(path)
    else:
        tensors, divider = from_torch(path)
    return module_of(tensors, divider), convention


@torch.no_grad()
def prefixes(path, features, convention="raw"):
    """features [n, E], raw -> [n, D·P]"""
    module, convention = load(path, convention)
    return module(torch.nn.functional.normalize(features, dim=1) if convention == "unit" else features)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("projector", "feature_file", "target"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--features", choices=("raw", "unit"), default="raw")
    arguments = parser.parse_args()
    features = read_safetensors(arguments.feature_file)[0]["features"]
    result = prefixes(arguments.projector, features, arguments.features)
    save_safetensors(arguments.target, {"prefix": result})
    print(f"{arguments.target}: {list(result.shape)}, norms {[round(n, 4) for n in result.norm(dim=1).tolist()[:4]]} ...")


if __name__ == "__main__":
    main()
