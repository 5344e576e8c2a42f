"""Writes golden/zerocap.json: a few tokens of CLIP-guided decoding, step by step, with GPT-2 (golden/gpt2.safetensors).

ZeroCap (Tewel et al. 2022, arXiv 2111.14447): keys and values of all positions but the last are shifted by steps of
gradient descent on CLIP's loss and the divergence from the unshifted distribution, each layer's keys, and its values,
by their gradient over a power of its norm. CLIP is played by one cosine for each token. float64.
Run: /usr/bin/python3 models/reference/golden_zerocap.py
"""
import torch
from golden import FOLDER, GPT2_CONFIG, write
from gpt2 import Gpt2
from projector import layer_caches
from safetensors_io import load_safetensors

CONTEXT = [96, 5, 11]
TOKENS, STEPS, CANDIDATES = 4, 3, 12
SETTINGS = {
    "stepSize": 1.5,
    "normPower": 0.9,
    "clipTemperature": 0.05,
    "clipWeight": 1.0,
    "fluencyWeight": 0.2,
}
FUSION = 0.99


def keys_and_values(cache):
    """The LM's past of one row as [1, T, N, 2, D]."""
    parts = torch.stack([torch.stack(pair) for pair in cache])  # [N, 2, 1, H, T, E]
    return parts.permute(2, 4, 0, 1, 3, 5).flatten(4)


def loss_of(log_q, log_q0, cosines):
    """CLIP's cross-entropy over the likeliest candidates, and KL(q ‖ q0); the end of text is not among them."""
    candidates = log_q[:-1].topk(CANDIDATES).indices
    share = (cosines[candidates] / SETTINGS["clipTemperature"]).softmax(0)
    clip = -(share * log_q[candidates]).sum()
    fluency = (log_q.exp() * (log_q - log_q0)).sum()
    return SETTINGS["clipWeight"] * clip + SETTINGS["fluencyWeight"] * fluency


def guided_token(lm, tokens, cosines):
    with torch.no_grad():
        _, cache = lm.forward(lm.wte[torch.tensor([tokens[:-1]])])
        log_q0 = lm.logits(lm.forward(lm.wte[torch.tensor([tokens])])[0])[0, -1].log_softmax(0)
    past = keys_and_values(cache)
    last = lm.wte[torch.tensor([tokens[-1:]])]

    def log_q_of(past):
        hidden, _ = lm.forward(last, layer_caches(past, GPT2_CONFIG["n_head"]))
        return lm.logits(hidden)[0, -1].log_softmax(0)

    shifted, losses, gradients = past, [], []
    for _ in range(STEPS):
        shifted = shifted.detach().requires_grad_()
        loss = loss_of(log_q_of(shifted), log_q0, cosines)
        loss.backward()
        norms = shifted.grad.square().sum((1, 4), keepdim=True).sqrt()
        losses.append(loss)
        gradients.append(shifted.grad)
        shifted = shifted - SETTINGS["stepSize"] * shifted.grad / norms ** SETTINGS["normPower"]
    log_q = log_q_of(shifted.detach())
    token = (FUSION * log_q + (1 - FUSION) * log_q0)[:-1].argmax().item()
    return {
        "past": past,
        "losses": torch.stack(losses),
        "gradient": gradients[0],
        "logQ": log_q,
        "logQ0": log_q0,
        "token": token,
    }


if __name__ == "__main__":
    generator = torch.Generator().manual_seed(21111444)
    lm = Gpt2(GPT2_CONFIG, load_safetensors(FOLDER / "gpt2.safetensors")).to(torch.float64)
    cosines = (torch.rand(GPT2_CONFIG["vocab_size"], generator=generator) * 0.4 + 0.1).double()
    places = []
    for _ in range(TOKENS):
        tokens = CONTEXT + [place["token"] for place in places]
        places.append(guided_token(lm, tokens, cosines))
    write(
        "zerocap.json",
        {
            "context": CONTEXT,
            "settings": {**SETTINGS, "steps": STEPS, "candidates": CANDIDATES},
            "cosines": cosines,
            "places": places,
        },
    )
