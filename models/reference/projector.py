"""The trained projector: CLIP image feature -> P prefix vectors of the language model.

p = W2·tanh(W1·(f/divider) + b1) + b2, divider = √(D·P/E), hidden width D·P/2 (esper.md, Networks).
Tensor names are those of the released checkpoints.
"""
import math

import torch

NAMES = (
    "clip_project.model.0.weight",  # [hidden, E]
    "clip_project.model.0.bias",  # [hidden]
    "clip_project.model.2.weight",  # [D·P, hidden]
    "clip_project.model.2.bias",  # [D·P]
)


class Projector:
    def __init__(self, tensors, width, prefix_length):
        self.tensors = dict(zip(NAMES, tensors))
        self.width, self.prefix_length = width, prefix_length
        self.divider = math.sqrt(width * prefix_length / tensors[0].shape[1])

    @classmethod
    def create(cls, feature_width, width, prefix_length, generator):
        """PyTorch's Linear initialisation: U(±1/√fan_in) for weights and biases."""
        hidden, out = width * prefix_length // 2, width * prefix_length

        def uniform(fan_in, *shape):
            return (torch.rand(*shape, generator=generator) * 2 - 1) / math.sqrt(fan_in)

        tensors = [
            uniform(feature_width, hidden, feature_width),
            uniform(feature_width, hidden),
            uniform(hidden, out, hidden),
            uniform(hidden, out),
        ]
        return cls([t.requires_grad_() for t in tensors], width, prefix_length)

    def parameters(self):
        return list(self.tensors.values())

    def forward(self, features):
        """features [B, E], raw -> prefix [B, P, D]."""
        w1, b1, w2, b2 = self.parameters()
        hidden = torch.tanh(features / self.divider @ w1.T + b1)
        return (hidden @ w2.T + b2).view(-1, self.prefix_length, self.width)
