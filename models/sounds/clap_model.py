"""CLAP's two towers, small: module names and arithmetic of Hugging Face's ClapModel, without fusion.

Wu et al. 2023 (arXiv 2211.06687). Audio: HTSAT (Chen et al. 2022, arXiv 2202.00874), which is a Swin
transformer over the log-mel spectrogram: windows, every second layer shifted, patches merged between
stages, the mean over what is left. Here a spectrogram is as long as it is high, so that HTSAT's folding
of long ones (`freq_ratio`) has nothing to do. Text: RoBERTa, read at its first token.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from files import CACHE
from clap_swin import AudioEncoder

FRAMES = MELS = 64
EMBED, CONTEXT, EPSILON = 64, 32, 1e-5
PAD = 1
AUDIO = {"width": 48, "depths": (2, 2), "heads": (4, 8), "patch": 8, "window": 4}
TEXT = {"width": 64, "layers": 2, "heads": 4}


class Projection(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear1, self.linear2 = nn.Linear(width, EMBED), nn.Linear(EMBED, EMBED)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(x)))


class AudioTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.audio_model = nn.ModuleDict({"audio_encoder": AudioEncoder(MELS, **AUDIO)})
        self.audio_projection = Projection(AUDIO["width"] * 2 ** (len(AUDIO["depths"]) - 1))

    def pooled(self, input_features):
        return self.audio_model["audio_encoder"](input_features)

    def project(self, pooled):
        return self.audio_projection(pooled)

    def forward(self, input_features):
        """[B, 1, frames, mels] -> audio_embeds [B, EMBED], not of unit length"""
        return self.project(self.pooled(input_features))


class TextSelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))

    def forward(self, x, mask):
        b, length, width = x.shape
        q, k, v = (
            p(x).view(b, length, self.heads, width // self.heads).transpose(1, 2) for p in (self.query, self.key, self.value)
        )
        scores = q @ k.transpose(2, 3) * (width // self.heads) ** -0.5 + mask
        return (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, length, width)


class Output(nn.Module):
    """Linear, residual, then LayerNorm: RoBERTa's post-LN."""

    def __init__(self, n_in, width):
        super().__init__()
        self.dense, self.LayerNorm = nn.Linear(n_in, width), nn.LayerNorm(width, eps=EPSILON)

    def forward(self, x, residual):
        return self.LayerNorm(self.dense(x) + residual)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.self, self.output = TextSelfAttention(width, heads), Output(width, width)

    def forward(self, x, mask):
        return self.output(self.self(x, mask), x)


class TextLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = Attention(width, heads)
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, 4 * width)})
        self.output = Output(4 * width, width)

    def forward(self, x, mask):
        x = self.attention(x, mask)
        return self.output(F.gelu(self.intermediate["dense"](x)), x)


class TextEmbeddings(nn.Module):
    def __init__(self, vocab, width):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab, width)
        # RoBERTa counts positions from the padding token's id + 1.
        self.position_embeddings = nn.Embedding(CONTEXT + PAD + 1, width)
        self.token_type_embeddings = nn.Embedding(1, width)
        self.LayerNorm = nn.LayerNorm(width, eps=EPSILON)
        for table in (self.word_embeddings, self.position_embeddings, self.token_type_embeddings):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, input_ids):
        known = (input_ids != PAD).long()
        positions = known.cumsum(1) * known + PAD
        x = self.word_embeddings(input_ids) + self.position_embeddings(positions)
        return self.LayerNorm(x + self.token_type_embeddings.weight[0])


class TextTower(nn.Module):
    def __init__(self, vocab):
        super().__init__()
        width = TEXT["width"]
        layers = nn.ModuleList(TextLayer(width, TEXT["heads"]) for _ in range(TEXT["layers"]))
        self.text_model = nn.ModuleDict({
            "embeddings": TextEmbeddings(vocab, width),
            "encoder": nn.ModuleDict({"layer": layers}),
            "pooler": nn.ModuleDict({"dense": nn.Linear(width, width)}),
        })
        self.text_projection = Projection(width)

    def forward(self, input_ids, attention_mask=None):
        """[B, L] each -> text_embeds [B, EMBED], not of unit length"""
        if attention_mask is None:
            attention_mask = (input_ids != PAD).long()
        mask = (1 - attention_mask[:, None, None, :].float()) * -1e9
        x = self.text_model["embeddings"](input_ids)
        for layer in self.text_model["encoder"]["layer"]:
            x = layer(x, mask)
        return self.text_projection(torch.tanh(self.text_model["pooler"]["dense"](x[:, 0])))


class Clap(nn.Module):
    """Its state's names, without the tower's first word, are those of Hugging Face's ClapModel."""

    def __init__(self, vocab):
        super().__init__()
        self.audio, self.text = AudioTower(), TextTower(vocab)

    def audio_unit(self, input_features):
        return F.normalize(self.audio(input_features), dim=-1)

    def text_unit(self, input_ids):
        return F.normalize(self.text(input_ids), dim=-1)

    @classmethod
    def trained(cls, vocab):
        """As train_clap.py left its towers."""
        clap = cls(vocab)
        for name in ("audio", "text"):
            saved = torch.load(CACHE / f"{name}.pt")
            tower = {key[len("tower.") :]: value for key, value in saved.items() if key.startswith("tower.")}
            getattr(clap, name).load_state_dict(tower)
        return clap.eval()

    def hub_names(self):
        """Our parameter names -> those of Hugging Face's ClapModel."""
        return {name: name.split(".", 1)[1] for name in self.state_dict()}
