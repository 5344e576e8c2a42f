"""The kinds of projector as modules, with the names and sizes of the released trainer's clip_project.

Sources: JiwanChung/esper train/code/clipcap.py, rmokady/CLIP_prefix_caption train.py. Both read a feature [n, E] and
give [n, P·D], `deep` [n, P·N·2·D]: keys and values of every layer of the language model.
Letters: E CLIP width, P prefix length, D LM width, N LM layers.
"""
import math

import torch
from torch import nn


class Mlp(nn.Module):
    """Linear layers with tanh between them, of a feature that is divided by √(out/in)."""

    def __init__(self, widths, divider=None):
        super().__init__()
        self.divider = divider or math.sqrt(widths[-1] / widths[0])
        layers = []
        for fan_in, out in zip(widths, widths[1:]):
            layers += [nn.Linear(fan_in, out), nn.Tanh()]
        self.model = nn.Sequential(*layers[:-1])

    def forward(self, features):
        return self.model(features / self.divider)


class Attention(nn.Module):
    """Self-attention without a mask; queries, keys and values have no bias."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.to_queries = nn.Linear(width, width, bias=False)
        self.to_keys_values = nn.Linear(width, 2 * width, bias=False)
        self.project = nn.Linear(width, width)

    def forward(self, x):
        batch, length, width = x.shape

        def in_heads(part):
            return part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        keys, values = (in_heads(part) for part in self.to_keys_values(x).split(width, 2))
        scores = in_heads(self.to_queries(x)) @ keys.transpose(2, 3) / math.sqrt(width // self.heads)
        return self.project((scores.softmax(-1) @ values).transpose(1, 2).reshape(x.shape))


class Feed(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x):
        return self.fc2(self.fc1(x).relu())


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width), Attention(width, heads)
        self.norm2, self.mlp = nn.LayerNorm(width), Feed(width, 2 * width)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Transformer(nn.Module):
    """P vectors of the feature, then P learned constants; what blocks make of the constants is the prefix."""

    divider = 1.0

    def __init__(self, feature_width, prefix_length, width, layers):
        super().__init__()
        heads = next(h for h in range(8, 0, -1) if width % h == 0)
        self.linear = nn.Linear(feature_width, prefix_length * width)
        self.prefix_const = nn.Parameter(torch.randn(prefix_length, width))
        self.transformer = nn.Module()
        self.transformer.layers = nn.ModuleList(Block(width, heads) for _ in range(layers))

    def forward(self, features):
        length = len(self.prefix_const)
        seen = self.linear(features).view(len(features), length, -1)
        x = torch.cat([seen, self.prefix_const.expand(len(features), -1, -1)], 1)
        for block in self.transformer.layers:
            x = block(x)
        return x[:, length:].flatten(1)


def mapper(kind, layers, feature_width, prefix_length, width, lm_layers):
    """The module of the settings `projector` and `projectorLayers`, initialised as PyTorch does."""
    if kind == "transformer":
        return Transformer(feature_width, prefix_length, width, layers)
    out = prefix_length * width * (2 * lm_layers if kind == "deep" else 1)
    hidden = {"linear": [], "mlp": [prefix_length * width // 2] * layers, "deep": [feature_width] * layers}[kind]
    return Mlp([feature_width, *hidden, out])
