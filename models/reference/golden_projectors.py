"""Writes golden/projectors.json: each kind of projector, its prefixes and the gradient of each of its tensors;
and golden/gpt2-deep.json: GPT-2 (golden/gpt2.safetensors) with a deep prefix, and that prefix's gradient.

float64 from weights that are exact in float32. Run: /usr/bin/python3 models/reference/golden_projectors.py
"""
import torch
from golden import FOLDER, GPT2_CONFIG, rounded, write
from gpt2 import Gpt2
from mapper import mapper
from projector import layer_caches
from safetensors_io import load_safetensors

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


def deep_prefix():
    """Hidden states of the tokens behind keys and values [B, P, N, 2, D], and the gradient of these."""
    lm = Gpt2(GPT2_CONFIG, load_safetensors(FOLDER / "gpt2.safetensors")).to(torch.float64)
    width, layers = GPT2_CONFIG["n_embd"], GPT2_CONFIG["n_layer"]
    prefix = torch.randn(3, PREFIX, layers, 2, width).double().requires_grad_()
    tokens = torch.randint(0, GPT2_CONFIG["vocab_size"], (3, 6))
    hidden, _ = lm.forward(lm.wte[tokens], layer_caches(prefix, GPT2_CONFIG["n_head"]))
    coefficients = torch.randn(hidden.shape).double()
    (hidden * coefficients).sum().backward()
    return {
        "gpt2": GPT2_CONFIG,
        "prefix": prefix,
        "tokens": tokens,
        "hidden": hidden,
        "dHidden": coefficients,
        "dPrefix": prefix.grad,
        "logits": lm.logits(hidden),
    }


if __name__ == "__main__":
    torch.manual_seed(20231218)
    write("projectors.json", rounded([case(*sizes) for sizes in CASES]))
    write("gpt2-deep.json", deep_prefix())
