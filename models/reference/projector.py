"""The trained projector: CLIP image feature -> prefix of the language model (esper.md, Networks).

Tensor names are those of the released checkpoints. A prefix is P vectors [B, P, D], or of `deep` the keys and values
of every layer [B, P, N, 2, D].
"""
import math

import torch

from mapper import mapper


def layer_caches(prefix, heads):
    """A deep prefix [B, P, N, 2, D] as the LM's past: (k, v) [B, H, P, D/H] of each layer."""
    batch, length, layers, _, width = prefix.shape
    parts = prefix.view(batch, length, layers, 2, heads, width // heads).permute(2, 3, 0, 4, 1, 5)
    return [(k, v) for k, v in parts]


class Projector:
    def __init__(self, module, prefix_extents, stem=""):
        """@param stem: before the released names, where this is not the policy's"""
        self.module, self.extents = module, prefix_extents
        self.tensors = {f"{stem}clip_project.{name}": p for name, p in module.named_parameters()}

    @classmethod
    def create(cls, config, feature_width, lm, generator, stem=""):
        """PyTorch's initialisation with draws of `generator`: U(±1/√fan_in) for weights and biases of Linear."""
        width, layers = lm.wte.shape[1], lm.config["n_layer"]
        length = config.prefixLength
        module = mapper(config.projector, config.projectorLayers, feature_width, length, width, layers)
        with torch.no_grad():
            for part in module.modules():
                if isinstance(part, torch.nn.Linear):
                    for tensor in part.parameters():
                        draws = torch.rand(*tensor.shape, generator=generator) * 2 - 1
                        tensor.copy_(draws / math.sqrt(part.in_features))
            if config.projector == "transformer":
                module.prefix_const.copy_(torch.randn(module.prefix_const.shape, generator=generator))
        deep = config.projector == "deep"
        return cls(module, (length, layers, 2, width) if deep else (length, width), stem)

    def double(self):
        self.module.double()
        return self

    def parameters(self):
        return list(self.tensors.values())

    def forward(self, features):
        """features [B, E], raw -> prefix [B, P, D] or [B, P, N, 2, D]."""
        return self.module(features).view(-1, *self.extents)
