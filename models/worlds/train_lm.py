"""Trains a world's language model: GPT-2's architecture, small, on documents about one scene each.

Half of the documents are moved to later positions, so that every position is trained and a prefix in
front changes nothing else. Writes config.json, generation_config.json and model.safetensors.
"""
import argparse
import math
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from bpe import EOT, Bpe
from world_files import folders, read_lines, save_safetensors, write_json

D, LAYERS, HEADS, POSITIONS, EPSILON = 64, 2, 4, 64, 1e-5


class Conv1D(nn.Module):
    """x W + b with W [in, out], as GPT-2's checkpoint has it."""

    def __init__(self, n_in, n_out, std):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_in, n_out) * std)
        self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ self.weight + self.bias


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_attn = Conv1D(D, 3 * D, 0.05)
        self.c_proj = Conv1D(D, D, 0.05 / math.sqrt(2 * LAYERS))

    def forward(self, x):
        b, length, _ = x.shape
        q, k, v = (t.view(b, length, HEADS, -1).transpose(1, 2) for t in self.c_attn(x).split(D, 2))
        scores = q @ k.transpose(2, 3) / math.sqrt(D // HEADS)
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        out = scores.masked_fill(future, -1e9).softmax(-1) @ v
        return self.c_proj(out.transpose(1, 2).reshape(b, length, D))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_fc = Conv1D(D, 4 * D, 0.05)
        self.c_proj = Conv1D(4 * D, D, 0.05 / math.sqrt(2 * LAYERS))

    def forward(self, x):
        x = self.c_fc(x)  # gelu_new, GPT-2's tanh form
        x = 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x.pow(3))))
        return self.c_proj(x)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1, self.attn = nn.LayerNorm(D, eps=EPSILON), Attention()
        self.ln_2, self.mlp = nn.LayerNorm(D, eps=EPSILON), Mlp()

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt2(nn.Module):
    """Parameter names are those of openai-community/gpt2."""

    def __init__(self, vocab):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocab, D), nn.Embedding(POSITIONS, D)
        nn.init.normal_(self.wte.weight, std=0.05)
        nn.init.normal_(self.wpe.weight, std=0.02)
        self.h = nn.ModuleList(Block() for _ in range(LAYERS))
        self.ln_f = nn.LayerNorm(D, eps=EPSILON)

    def forward(self, ids, positions):
        """ids, positions [B, L] -> logits [B, L, V]"""
        x = self.wte(ids) + self.wpe(positions)
        for block in self.h:
            x = block(x)
        return self.ln_f(x) @ self.wte.weight.T


def batches(documents, size, steps, rng):
    """ids [B, L] padded with -100, positions [B, L]; a batch is of about one length, to pad little."""
    documents = sorted(documents, key=len)
    for _ in range(steps):
        start = rng.integers(0, len(documents) - 4 * size)
        chosen = [documents[start + i] for i in rng.choice(4 * size, size, replace=False)]
        length = max(map(len, chosen))
        ids = np.full((size, length), -100, dtype=np.int64)
        positions = np.tile(np.arange(length), (size, 1))
        for row, document in enumerate(chosen):
            ids[row, : len(document)] = document
            if rng.random() < 0.5:
                positions[row] += rng.integers(0, POSITIONS - len(document) + 1)
        yield torch.from_numpy(ids), torch.from_numpy(positions).clamp(max=POSITIONS - 1)


def loss_of(model, ids, positions):
    logits = model(ids[:, :-1].clamp(min=0), positions[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=-100)


@torch.no_grad()
def continue_greedily(model, contexts, tokens):
    """contexts: token ids, all of one length [B, L] -> the next `tokens` ids [B, tokens]"""
    ids = contexts
    for _ in range(tokens):
        positions = torch.arange(ids.shape[1]).expand_as(ids)
        ids = torch.cat([ids, model(ids, positions)[:, -1:].argmax(-1)], 1)
    return ids[:, contexts.shape[1] :]


def words_taken_up(model, bpe, lines):
    """Share of a scene's keywords that come back in the caption that follows them, by the kind of scene."""
    taken = {}
    for line in lines:
        words = line["keywords"]
        context = bpe.encode(f"{EOT} {' '.join(words)}{EOT}caption:")
        out = bpe.decode(continue_greedily(model, torch.tensor([context]), 12)[0]).split()
        taken.setdefault(line["scene"].get("kind", "one"), []).append(np.mean([word in out for word in words]))
    return {kind: round(float(np.mean(shares)), 3) for kind, shares in taken.items()}


def write(model, bpe, folder):
    config = {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "attn_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "resid_pdrop": 0.0,
        "bos_token_id": bpe.eot,
        "eos_token_id": bpe.eot,
        "initializer_range": 0.02,
        "layer_norm_epsilon": EPSILON,
        "n_ctx": POSITIONS,
        "n_embd": D,
        "n_head": HEADS,
        "n_layer": LAYERS,
        "n_positions": POSITIONS,
        "tie_word_embeddings": True,
        "vocab_size": len(bpe.vocab),
    }
    write_json(folder / "config.json", config)
    write_json(folder / "generation_config.json", {"bos_token_id": bpe.eot, "eos_token_id": bpe.eot})
    save_safetensors(folder / "model.safetensors", model.state_dict(), {"format": "pt"})


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("world")
    arguments.add_argument("--steps", type=int, default=3000)
    arguments.add_argument("--batch", type=int, default=64)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(31)
    rng = np.random.default_rng(31)
    started = time.time()
    cache, out = folders(options.world)
    bpe = Bpe(out / "gpt2")
    documents = [bpe.encode(line)[:POSITIONS] for line in (cache / "documents.txt").read_text().splitlines()]
    held_back, documents = documents[:1000], documents[1000:]
    model = Gpt2(len(bpe.vocab))
    long = np.mean([len(document) == POSITIONS for document in documents])
    print(f"{np.mean([*map(len, documents)]):.1f} tokens a document, {long:.2%} cut at {POSITIONS}", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    for step, (ids, positions) in enumerate(batches(documents, options.batch, options.steps, rng)):
        rate = 3e-3 * min(1, (step + 1) / 100) * max(1e-3, 0.5 + 0.5 * math.cos(math.pi * step / options.steps))
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = loss_of(model, ids, positions)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0 or step == options.steps - 1:
            print(f"step {step} loss {loss.item():.3f} {time.time() - started:.0f} s", flush=True)
    write(model, bpe, out / "gpt2")
    with torch.no_grad():
        fresh = batches(held_back, options.batch, 20, np.random.default_rng(0))
        losses = [loss_of(model, *batch).item() for batch in fresh]
    print(f"held-back documents: {np.mean(losses):.3f} nats a token")
    print("words of a keyword list taken up by the caption after it:", words_taken_up(model, bpe, read_lines(cache / "eval.jsonl", 400)))
    print(f"took {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
