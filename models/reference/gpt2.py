"""GPT-2 as in the Hugging Face checkpoint (Conv1D weights [in, out], tied head), read from safetensors.

Radford et al. 2019; tensor names of openai-community/gpt2. The network is frozen: plain functions of
its tensors. Letters: B batch, L positions, D width, H heads, V vocabulary.
"""
import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

from safetensors_io import load_safetensors


def gelu_tanh(x):
    """GPT-2's GELU: ½x(1 + tanh(√(2/π)(x + 0.044715x³)))."""
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


class Gpt2:
    """The frozen language model: `forward` maps input embeddings to the hidden state after ln_f."""

    def __init__(self, config, tensors):
        self.config = config
        self.tensors = {name.removeprefix("transformer."): t for name, t in tensors.items()}
        self.wte = self.tensors["wte.weight"]
        self.eos = config["eos_token_id"]

    @classmethod
    def load(cls, folder):
        """A folder laid out as a Hugging Face repository."""
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text())
        return cls(config, load_safetensors(folder / "model.safetensors"))

    def to(self, *where):
        """With its tensors of another dtype, on another device, or both."""
        return Gpt2(self.config, {name: t.to(*where) for name, t in self.tensors.items()})

    def _linear(self, x, name):
        return x @ self.tensors[name + ".weight"] + self.tensors[name + ".bias"]

    def _norm(self, x, name):
        weight, bias = self.tensors[name + ".weight"], self.tensors[name + ".bias"]
        return F.layer_norm(x, weight.shape, weight, bias, self.config["layer_norm_epsilon"])

    def _attention(self, x, block, past):
        batch, length, width = x.shape
        heads = self.config["n_head"]
        q, k, v = (
            part.view(batch, length, heads, width // heads).transpose(1, 2)
            for part in self._linear(x, block + "attn.c_attn").split(width, 2)
        )
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        total = k.shape[2]
        scores = q @ k.transpose(2, 3) / math.sqrt(width // heads)
        # Position i of the new ones sees everything up to itself.
        hidden = torch.ones(length, total, dtype=torch.bool, device=x.device).triu(total - length + 1)
        out = scores.masked_fill(hidden, -1e9).softmax(-1) @ v
        out = out.transpose(1, 2).reshape(batch, length, width)
        return self._linear(out, block + "attn.c_proj"), (k, v)

    def forward(self, embeds, past=None):
        """embeds [B, L, D] without positions -> hidden [B, L, D] after ln_f, and the KV cache."""
        start = 0 if past is None else past[0][0].shape[2]
        x = embeds + self.tensors["wpe.weight"][start : start + embeds.shape[1]]
        cache = []
        for layer in range(self.config["n_layer"]):
            block = f"h.{layer}."
            attended, kv = self._attention(
                self._norm(x, block + "ln_1"), block, None if past is None else past[layer]
            )
            cache.append(kv)
            x = x + attended
            inner = gelu_tanh(self._linear(self._norm(x, block + "ln_2"), block + "mlp.c_fc"))
            x = x + self._linear(inner, block + "mlp.c_proj")
        return self._norm(x, "ln_f"), cache

    def logits(self, hidden):
        """[.., D] -> [.., V]; the head is the token embedding."""
        return hidden @ self.wte.T
