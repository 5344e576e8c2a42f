"""CLIP's two towers, small: module names and arithmetic of Hugging Face's CLIPModel.

Radford et al. 2021 (arXiv 2103.00020). Vision: pre-LN ViT with class embedding, pre_layrnorm (so
spelt), post_layernorm on the class token. Text: causal, read at the first end-of-text token.
"""
import json

import torch
import torch.nn as nn
import torch.nn.functional as F

from files import CLIP_WEIGHTS, OUT
from world_files import load_safetensors

IMAGE, PATCH, CONTEXT, EMBED, HEADS, EPSILON = 64, 8, 32, 64, 4, 1e-5
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


def quick_gelu(x):
    return x * torch.sigmoid(1.702 * x)


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.q_proj, self.k_proj = nn.Linear(width, width), nn.Linear(width, width)
        self.v_proj, self.out_proj = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x, mask, queries):
        """`queries`: how many of the positions, from the first on, are asked for."""
        b, _, width = x.shape
        q, k, v = (
            p(y).view(b, -1, HEADS, width // HEADS).transpose(1, 2)
            for p, y in ((self.q_proj, x[:, :queries]), (self.k_proj, x), (self.v_proj, x))
        )
        scores = q @ k.transpose(2, 3) * (width // HEADS) ** -0.5
        if mask is not None:
            scores = scores + mask
        out = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, -1, width)
        return self.out_proj(out)


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(quick_gelu(self.fc1(x)))


class Layer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer_norm1, self.self_attn = nn.LayerNorm(width, eps=EPSILON), Attention(width)
        self.layer_norm2, self.mlp = nn.LayerNorm(width, eps=EPSILON), Mlp(width)

    def forward(self, x, mask=None, queries=None):
        x = x[:, :queries] + self.self_attn(self.layer_norm1(x), mask, queries)
        return x + self.mlp(self.layer_norm2(x))


class VisionTower(nn.Module):
    def __init__(self, width, layers):
        super().__init__()
        self.class_embedding = nn.Parameter(torch.randn(width) * width**-0.5)
        self.patch_embedding = nn.Conv2d(3, width, PATCH, PATCH, bias=False)
        self.position_embedding = nn.Embedding((IMAGE // PATCH) ** 2 + 1, width)
        nn.init.normal_(self.position_embedding.weight, std=0.1)
        self.pre_layrnorm = nn.LayerNorm(width, eps=EPSILON)
        self.layers = nn.ModuleList(Layer(width) for _ in range(layers))
        self.post_layernorm = nn.LayerNorm(width, eps=EPSILON)
        self.visual_projection = nn.Linear(width, EMBED, bias=False)

    def pooled(self, pixel_values):
        """[B, 3, 64, 64] -> class token after the last norm [B, width]"""
        patches = self.patch_embedding(pixel_values).flatten(2).transpose(1, 2)
        first = self.class_embedding.expand(patches.shape[0], 1, -1)
        x = torch.cat([first, patches], 1) + self.position_embedding.weight
        x = self.pre_layrnorm(x)
        for layer in self.layers[:-1]:
            x = layer(x)
        # Of the last layer only the class token is read, so only it is computed.
        return self.post_layernorm(self.layers[-1](x, queries=1)[:, 0])

    def project(self, pooled):
        return self.visual_projection(pooled)

    def forward(self, pixel_values):
        """-> image_embeds [B, EMBED], not of unit length"""
        return self.project(self.pooled(pixel_values))


class TextTower(nn.Module):
    def __init__(self, vocab, width, layers):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab, width)
        self.position_embedding = nn.Embedding(CONTEXT, width)
        nn.init.normal_(self.token_embedding.weight, std=0.1)
        nn.init.normal_(self.position_embedding.weight, std=0.05)
        self.layers = nn.ModuleList(Layer(width) for _ in range(layers))
        self.final_layer_norm = nn.LayerNorm(width, eps=EPSILON)
        self.text_projection = nn.Linear(width, EMBED, bias=False)

    def forward(self, input_ids):
        """[B, L], the end of text being the largest id -> text_embeds [B, EMBED], not of unit length"""
        # A cumulative sum, not arange(L), keeps the length dynamic in the exported graph.
        position = torch.ones_like(input_ids[:1]).cumsum(1) - 1
        x = self.token_embedding(input_ids) + self.position_embedding(position)
        mask = (position.transpose(0, 1) < position).float() * -1e9
        for layer in self.layers:
            x = layer(x, mask)
        x = self.final_layer_norm(x)
        end = input_ids.argmax(-1)
        here = (position == end.unsqueeze(1)).float()
        return self.text_projection((x * here.unsqueeze(2)).sum(1))


def normalise_pixels(rgb):
    """uint8 [B, 64, 64, 3] -> [B, 3, 64, 64] by CLIP's means and deviations."""
    x = rgb.float().permute(0, 3, 1, 2) / 255
    return (x - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


class Clip(nn.Module):
    def __init__(self, vocab, vision=(96, 3), text=(64, 2)):
        """vision, text: (width, layers)"""
        super().__init__()
        self.shape = {"vision": vision, "text": text}
        self.vision, self.text = VisionTower(*vision), TextTower(vocab, *text)

    def image_unit(self, pixel_values):
        return F.normalize(self.vision(pixel_values), dim=-1)

    def text_unit(self, input_ids):
        return F.normalize(self.text(input_ids), dim=-1)

    @classmethod
    def load(cls):
        """The bundled one, by its config.json and the weights kept beside these scripts."""
        folder = OUT / "clip"
        config = json.loads((folder / "config.json").read_text())
        shapes = {
            name: (config[f"{name}_config"]["hidden_size"], config[f"{name}_config"]["num_hidden_layers"])
            for name in ("vision", "text")
        }
        clip = cls(config["text_config"]["vocab_size"], **shapes)
        tensors = load_safetensors(CLIP_WEIGHTS)
        clip.load_state_dict({ours: tensors[hub] for ours, hub in hub_names(clip.state_dict()).items()})
        return clip.eval()


def hub_names(names):
    """Our parameter names -> those of Hugging Face's CLIPModel."""
    out = {}
    for name in names:
        tower, rest = name.split(".", 1)
        if rest.endswith("_projection.weight"):
            out[name] = rest
            continue
        place = "encoder." if rest.startswith("layers.") else "embeddings." if "embedding" in rest else ""
        out[name] = f"{tower}_model.{place}{rest}"
    return out


def to_hub_names(state):
    return {hub: state[ours] for ours, hub in hub_names(state).items()}
