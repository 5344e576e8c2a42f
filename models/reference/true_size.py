"""Writes golden/gpt2-124m.json: GPT-2 124M at its true shape, random weights, as PyTorch computes it.

The weights are not stored: every element is a hash of its tensor's number and its place, which
src/frozen/gpt2/testing/true-size.ts computes too. float64 from weights that are exact in float32.
Run: /usr/bin/python3 models/reference/true_size.py (about 5 GB of memory, two minutes)
"""
import numpy as np
import torch

from golden import write
from gpt2 import Gpt2

CONFIG = {
    "model_type": "gpt2",
    "vocab_size": 50257,
    "n_positions": 1024,
    "n_embd": 768,
    "n_layer": 12,
    "n_head": 12,
    "layer_norm_epsilon": 1e-5,
    "eos_token_id": 50256,
}
PREFIX, TOKENS = 10, [50256, 464, 4590, 8477, 257, 2266, 9197]
SHOWN = [0, 1, 17, 257, 9197, 31_415, 50_000, 50_256]  # of the last position's logits
UNIT = 2.0**-32


def hashed(tensor, size):
    """`size` uniform numbers of mean 0 and variance 1, as float64. murmur3's finalizer: public domain."""
    x = np.arange(size, dtype=np.uint32) * np.uint32(2654435761) + np.uint32((tensor * 0x9E3779B9) & 0xFFFFFFFF)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return (x * UNIT - 0.5) * np.sqrt(12)


def shapes(config=CONFIG):
    """Names and shapes in the order of src/frozen/gpt2/parameters.ts."""
    d = config["n_embd"]
    block = {
        "ln_1.weight": [d], "ln_1.bias": [d],
        "attn.c_attn.weight": [d, 3 * d], "attn.c_attn.bias": [3 * d],
        "attn.c_proj.weight": [d, d], "attn.c_proj.bias": [d],
        "ln_2.weight": [d], "ln_2.bias": [d],
        "mlp.c_fc.weight": [d, 4 * d], "mlp.c_fc.bias": [4 * d],
        "mlp.c_proj.weight": [4 * d, d], "mlp.c_proj.bias": [d],
    }
    yield "wte.weight", [config["vocab_size"], d]
    yield "wpe.weight", [config["n_positions"], d]
    for layer in range(config["n_layer"]):
        for name, shape in block.items():
            yield f"h.{layer}.{name}", shape
    yield "ln_f.weight", [d]
    yield "ln_f.bias", [d]


def weights():
    """As GPT-2 is initialised: 0.02, but for layer norms near 1 and biases near 0, so that each one tells."""
    tensors = {}
    for number, (name, shape) in enumerate(shapes()):
        values = hashed(number, int(np.prod(shape)))
        values = 1 + 0.1 * values if ".weight" in name and "ln_" in name else 0.02 * values
        tensors[name] = torch.from_numpy(values.astype(np.float32)).view(shape)
    return tensors


def main():
    torch.set_grad_enabled(True)
    model = Gpt2(CONFIG, weights()).to(torch.float64)
    prefix = torch.from_numpy((0.1 * hashed(9999, PREFIX * CONFIG["n_embd"])).astype(np.float32)).double()
    prefix = prefix.view(1, PREFIX, -1).requires_grad_()
    tokens = torch.tensor([TOKENS])
    hidden, _ = model.forward(torch.cat([prefix, model.wte[tokens]], 1))
    # Position P + t predicts token t + 1.
    log_probs = model.logits(hidden[:, PREFIX:-1]).log_softmax(-1)
    chosen_log_probs = log_probs.gather(2, tokens[:, 1:, None])[0, :, 0]
    chosen_log_probs.sum().backward()
    write(
        "gpt2-124m.json",
        {
            "config": CONFIG,
            "prefix": PREFIX,
            "tokens": TOKENS,
            "shown": SHOWN,
            "logits": model.logits(hidden[0, -1])[SHOWN],
            "logProbs": chosen_log_probs,
            "prefixGradient": prefix.grad[0],
        },
    )


if __name__ == "__main__":
    main()
