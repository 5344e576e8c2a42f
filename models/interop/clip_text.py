"""CLIP's text tower from a Hugging Face checkpoint, read by hand: for where transformers is not installed.

Radford et al. 2021 (arXiv 2103.00020): causal, pre-LN, quick GELU, read at the first end-of-text token.
Texts are split by the bundled world's tokenizer, which knows plain ASCII only.
"""
import json
from pathlib import Path

import torch
import torch.nn.functional as F
from byte_pairs import ClipTokenizer
from safetensors_io import load_safetensors


class ClipText:
    def __init__(self, folder, *where):
        """A folder laid out as a Hugging Face repository; `where`: a device, a dtype, or both."""
        self.config = json.loads((Path(folder) / "config.json").read_text())["text_config"]
        if self.config["hidden_act"] != "quick_gelu":
            raise ValueError(f"{folder}: hidden_act is {self.config['hidden_act']}, only quick_gelu is known here")
        self.tensors = {k: t.to(*where) for k, t in load_safetensors(Path(folder) / "model.safetensors").items()}
        self.tokenizer = ClipTokenizer(folder, self.config["max_position_embeddings"])

    def _linear(self, x, name):
        return F.linear(x, self.tensors[name + ".weight"], self.tensors[name + ".bias"])

    def _norm(self, x, name):
        weight, bias = self.tensors[name + ".weight"], self.tensors[name + ".bias"]
        return F.layer_norm(x, weight.shape, weight, bias, self.config["layer_norm_eps"])

    def _attention(self, x, name):
        batch, length, width = x.shape
        heads = self.config["num_attention_heads"]
        q, k, v = (
            self._linear(x, f"{name}.{part}_proj").view(batch, length, heads, -1).transpose(1, 2) for part in "qkv"
        )
        later = torch.ones(length, length, dtype=torch.bool, device=x.device).triu(1)
        scores = (q @ k.transpose(2, 3) * (width // heads) ** -0.5).masked_fill(later, -1e9)
        return self._linear((scores.softmax(-1) @ v).transpose(1, 2).reshape(x.shape), f"{name}.out_proj")

    @torch.no_grad()
    def features(self, texts):
        """Raw text features [n, E] of n texts."""
        rows = [self.tokenizer.encode(text) for text in texts]
        length = max(map(len, rows))
        device = self.tensors["text_projection.weight"].device
        ids = torch.tensor([row + [self.tokenizer.end] * (length - len(row)) for row in rows], device=device)
        stem = "text_model.embeddings."
        x = self.tensors[stem + "token_embedding.weight"][ids]
        x = x + self.tensors[stem + "position_embedding.weight"][:length]
        for layer in range(self.config["num_hidden_layers"]):
            block = f"text_model.encoder.layers.{layer}."
            x = x + self._attention(self._norm(x, block + "layer_norm1"), block + "self_attn")
            inner = self._linear(self._norm(x, block + "layer_norm2"), block + "mlp.fc1")
            x = x + self._linear(inner * torch.sigmoid(1.702 * inner), block + "mlp.fc2")
        ends = torch.tensor([len(row) - 1 for row in rows], device=device)
        last = self._norm(x, "text_model.final_layer_norm")[torch.arange(len(rows), device=device), ends]
        return last @ self.tensors["text_projection.weight"].T
