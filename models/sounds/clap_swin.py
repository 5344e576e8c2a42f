"""HTSAT's encoder as Hugging Face's ClapAudioEncoder computes it, for spectrograms that fill it exactly.

Liu et al. 2021 (Swin, arXiv 2103.14030): attention within windows of w × w patches; every second layer
shifts the windows by w/2, and what comes together from both ends of an axis is kept apart by a mask.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

EPSILON = 1e-5


def windows_of(x, w):
    """[B, H, W, C] -> [B·(H/w)·(W/w), w·w, C]"""
    b, height, width, c = x.shape
    x = x.view(b, height // w, w, width // w, w, c)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, w * w, c)


def from_windows(x, w, side):
    """The way back: -> [B, side, side, C]"""
    n, c = side // w, x.shape[-1]
    x = x.view(-1, n, n, w, w, c)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, side, side, c)


def offsets(w):
    """Index [w·w, w·w] into the table of biases, by how far two patches of a window lie apart."""
    at = torch.stack(torch.meshgrid(torch.arange(w), torch.arange(w), indexing="ij")).flatten(1)
    apart = at[:, :, None] - at[:, None, :] + w - 1
    return apart[0] * (2 * w - 1) + apart[1]


def shift_mask(side, w, shift):
    """[windows, w·w, w·w]: −100 between patches that only the shift brought together."""
    region = torch.zeros(side)
    region[side - w : side - shift] = 1
    region[side - shift :] = 2
    regions = windows_of((3 * region[:, None] + region[None, :]).view(1, side, side, 1), w)[..., 0]
    return (regions[:, None, :] != regions[:, :, None]).float() * -100


class SelfAttention(nn.Module):
    def __init__(self, width, heads, w):
        super().__init__()
        self.heads = heads
        self.relative_position_bias_table = nn.Parameter(0.02 * torch.randn((2 * w - 1) ** 2, heads))
        self.register_buffer("relative_position_index", offsets(w))
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))

    def forward(self, x, mask):
        n, length, width = x.shape
        q, k, v = (p(x).view(n, length, self.heads, -1).transpose(1, 2) for p in (self.query, self.key, self.value))
        bias = self.relative_position_bias_table[self.relative_position_index.view(-1)]
        scores = q @ k.transpose(2, 3) * (width // self.heads) ** -0.5
        scores = scores + bias.view(length, length, self.heads).permute(2, 0, 1)
        if mask is not None:
            scores = scores.view(-1, mask.shape[0], self.heads, length, length) + mask[:, None]
            scores = scores.view(n, self.heads, length, length)
        return (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, length, width)


class Layer(nn.Module):
    def __init__(self, side, width, heads, w, shift):
        super().__init__()
        self.side, self.w, self.shift = side, w, shift
        self.layernorm_before = nn.LayerNorm(width, eps=EPSILON)
        self.attention = nn.ModuleDict({
            "self": SelfAttention(width, heads, w),
            "output": nn.ModuleDict({"dense": nn.Linear(width, width)}),
        })
        self.layernorm_after = nn.LayerNorm(width, eps=EPSILON)
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, 4 * width)})
        self.output = nn.ModuleDict({"dense": nn.Linear(4 * width, width)})
        self.mask = shift_mask(side, w, shift) if shift > 0 else None

    def forward(self, x):
        """[B, side·side, C] -> the same"""
        b, _, c = x.shape
        grid = self.layernorm_before(x).view(b, self.side, self.side, c)
        if self.shift > 0:
            grid = torch.roll(grid, (-self.shift, -self.shift), (1, 2))
        mixed = self.attention["output"]["dense"](self.attention["self"](windows_of(grid, self.w), self.mask))
        grid = from_windows(mixed, self.w, self.side)
        if self.shift > 0:
            grid = torch.roll(grid, (self.shift, self.shift), (1, 2))
        x = x + grid.view(b, -1, c)
        return x + self.output["dense"](F.gelu(self.intermediate["dense"](self.layernorm_after(x))))


class Merging(nn.Module):
    """Four patches into one of twice the width."""

    def __init__(self, side, width):
        super().__init__()
        self.side = side
        self.reduction = nn.Linear(4 * width, 2 * width, bias=False)
        self.norm = nn.LayerNorm(4 * width, eps=EPSILON)

    def forward(self, x):
        b, _, c = x.shape
        grid = x.view(b, self.side, self.side, c)
        four = torch.cat([grid[:, i::2, j::2] for j in (0, 1) for i in (0, 1)], -1)
        return self.reduction(self.norm(four.view(b, -1, 4 * c)))


class Stage(nn.Module):
    def __init__(self, side, width, depth, heads, w, merges):
        super().__init__()
        # A window that holds the whole grid is not shifted.
        shifts = [w // 2 if i % 2 == 1 and side > w else 0 for i in range(depth)]
        self.blocks = nn.ModuleList(Layer(side, width, heads, w, shift) for shift in shifts)
        self.downsample = Merging(side, width) if merges else None

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x if self.downsample is None else self.downsample(x)


class AudioEncoder(nn.Module):
    def __init__(self, mels, width, depths, heads, patch, window):
        super().__init__()
        self.batch_norm = nn.BatchNorm2d(mels)
        # Nothing else tells a Swin how high in the spectrogram a patch lies; uneven from the start, it is used sooner.
        nn.init.normal_(self.batch_norm.bias, std=0.5)
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(1, width, patch, patch), "norm": nn.LayerNorm(width, eps=EPSILON)})
        last = len(depths) - 1
        self.layers = nn.ModuleList(
            Stage(mels // patch >> i, width << i, depth, heads[i], window, i < last) for i, depth in enumerate(depths)
        )
        self.norm = nn.LayerNorm(width << last, eps=EPSILON)

    def forward(self, input_features):
        """[B, 1, frames, mels], frames = mels -> pooled [B, width · 2^(stages − 1)]"""
        normal = self.batch_norm(input_features.transpose(1, 3)).transpose(1, 3)
        # Frequency is the picture's height, time its width.
        x = self.patch_embed["proj"](normal.transpose(2, 3)).flatten(2).transpose(1, 2)
        x = self.patch_embed["norm"](x)
        for stage in self.layers:
            x = stage(x)
        return self.norm(x).mean(1)
