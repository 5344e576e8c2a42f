"""Writes golden/projectors.json: each kind of projector, its prefixes and the gradient of each of its tensors.

float64 from weights that are exact in float32. Run: /usr/bin/python3 models/reference/golden_projectors.py
"""
import torch
from golden import rounded, write
from mapper import mapper

PICTURES, FEATURE_WIDTH, PREFIX, LM_LAYERS = 5, 6, 3, 2
# kind, layers, LM width: heads of 2 in the first transformer, 6 heads of 2 in the second
CASES = [
    ("linear", 0, 16),
    ("mlp", 1, 16),
    ("mlp", 3, 10),
    ("transformer", 1, 16),
    ("transformer", 2, 12),
    ("deep", 2, 8),
]


def case(kind, layers, width):
    module = mapper(kind, layers, FEATURE_WIDTH, PREFIX, width, LM_LAYERS)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if "norm" in name:  # away from 1 and 0, where an error could hide
                parameter.add_(torch.randn_like(parameter) * 0.3)
    module.double()
    features = (torch.randn(PICTURES, FEATURE_WIDTH) * 2.5).double()
    prefix = module(features)
    coefficients = torch.randn(prefix.shape).double()
    (prefix * coefficients).sum().backward()
    named = {"clip_project." + name: parameter for name, parameter in module.named_parameters()}
    return {
        "shape": {"kind": kind, "layers": layers, "E": FEATURE_WIDTH, "P": PREFIX, "D": width, "N": LM_LAYERS},
        "features": features,
        "tensors": named,
        "prefix": prefix,
        "dPrefix": coefficients,
        "gradients": {name: parameter.grad for name, parameter in named.items()},
    }


if __name__ == "__main__":
    torch.manual_seed(20231218)
    write("projectors.json", rounded([case(*sizes) for sizes in CASES]))
