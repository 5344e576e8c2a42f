"""PyTorch on the CPU as a peer of `npm run bench -- peers`: one question a line, one answer a line, in JSON.

The work is e2e/bench/in-page/peers/work.ts: weights and inputs are the same hashes. `torch.set_num_threads` is
left as PyTorch chooses.
"""
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]

try:
    import numpy as np
    import torch
except ImportError:
    sys.exit(0)  # the bench then goes on without this peer

from gpt2 import Gpt2
from true_size import hashed, shapes

PREFIX, TOKENS, TARGETS, FACTORS, FEATURES, FIRST_OF_PROJECTOR = range(10_000, 10_006)
FEATURE_WIDTH = 64


def random(number, shape, mean, deviation):
    """float32, as `random` in work.ts."""
    values = mean + deviation * hashed(number, int(np.prod(shape)))
    return torch.from_numpy(values.astype(np.float32)).reshape(shape)


def random_tokens(number, shape, vocabulary):
    uniform = random(number, shape, 0.5, 1 / np.sqrt(12)).double()
    return (uniform * vocabulary).floor().long().clamp(max=vocabulary - 1)


def random_gpt2(config):
    tensors = {}
    for number, (name, shape) in enumerate(shapes(config)):
        is_gain = "ln_" in name and name.endswith(".weight")
        deviation = 1 / np.sqrt(config["n_embd"]) if len(shape) > 1 else 0.1
        tensors[name] = random(number, shape, 1.0 if is_gain else 0.0, deviation)
    return Gpt2(config, tensors)


class Case:
    """The network and the batch of one case."""

    def __init__(self, work):
        config = work["config"]
        self.lm = Gpt2.load(ROOT / "public" / work["repository"]) if "repository" in work else random_gpt2(config)
        batch, prefix, length = work["B"], work["P"], work["T"]
        width, vocabulary = config["n_embd"], config["vocab_size"]
        self.prefix = random(PREFIX, [batch, prefix, width], 0, 0.5)
        self.words = self.lm.wte[random_tokens(TOKENS, [batch, work["S"]], vocabulary)]
        self.targets = random_tokens(TARGETS, [batch, length], vocabulary)
        self.factors = random(FACTORS, [batch, length], 0, 1)
        self.states = slice(work["offset"], work["offset"] + length)
        self.features = random(FEATURES, [batch, FEATURE_WIDTH], 0, 1)
        hidden, out = width * prefix // 2, width * prefix
        sizes = [[hidden, FEATURE_WIDTH], [hidden], [out, hidden], [out]]
        fan_in = [FEATURE_WIDTH, FEATURE_WIDTH, hidden, hidden]
        self.projector = [
            random(FIRST_OF_PROJECTOR + i, size, 0, 1 / np.sqrt(fan_in[i])).requires_grad_()
            for i, size in enumerate(sizes)
        ]
        self.optimiser = torch.optim.AdamW(self.projector, lr=1e-3, weight_decay=0.01)

    def likelihood(self, prefix):
        hidden, _ = self.lm.forward(torch.cat([prefix, self.words], 1))
        logp = self.lm.logits(hidden[:, self.states]).log_softmax(-1)
        return logp.gather(-1, self.targets[..., None])[..., 0]

    @torch.no_grad()
    def forward(self):
        return self.likelihood(self.prefix)

    def gradient(self):
        prefix = self.prefix.clone().requires_grad_()
        (self.likelihood(prefix) * self.factors).sum().backward()
        return prefix.grad

    def update(self):
        """One step of AdamW; the first moment of the hidden layer's bias."""
        w1, b1, w2, b2 = self.projector
        prefix = torch.tanh(self.features @ w1.T + b1) @ w2.T + b2
        self.optimiser.zero_grad()
        (self.likelihood(prefix.view(self.prefix.shape)) * self.factors).sum().backward()
        self.optimiser.step()
        return self.optimiser.state[b1]["exp_avg"]


def main():
    cases = {}
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        work = question["work"]
        if work["name"] not in cases:
            cases = {work["name"]: Case(work)}
        start = time.perf_counter()
        values = getattr(cases[work["name"]], question["operation"])()
        answer = {"milliseconds": 1000 * (time.perf_counter() - start)}
        if question["values"]:
            answer["values"] = values.flatten().tolist()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
