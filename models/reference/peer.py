"""PyTorch as a peer of `npm run bench -- peers`: one question a line, one answer a line, in JSON.

The work is e2e/bench/in-page/peers/work.ts: weights and inputs are the same hashes. `torch.set_num_threads` is
left as PyTorch chooses. On the CPU, or with --gpu on CUDA where there is one; eager, f32.
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

from config import Config
from gpt2 import Gpt2
from ppo import Trainer
from projector import Projector
from rollout import drawn, greedy, sample
from true_size import hashed, shapes

PREFIX, TOKENS, TARGETS, FACTORS, FEATURES, FIRST_OF_PROJECTOR = range(10_000, 10_006)
FEATURE_WIDTH = 64
TEMPERATURE = 0.8
IS_ON_GPU = "--gpu" in sys.argv and torch.cuda.is_available()
DEVICE = "cuda" if IS_ON_GPU else "cpu"
if IS_ON_GPU:
    torch.set_default_device(DEVICE)  # of PyTorch 2


def random(number, shape, mean, deviation):
    """float32, as `random` in work.ts."""
    values = mean + deviation * hashed(number, int(np.prod(shape)))
    return torch.from_numpy(values.astype(np.float32)).reshape(shape).to(DEVICE)


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
        lm = Gpt2.load(ROOT / "public" / work["repository"]) if "repository" in work else random_gpt2(config)
        self.lm = lm.to(DEVICE)
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
        self.decoding = work["rollout"]
        self.generator = torch.Generator(DEVICE).manual_seed(1)
        self.run = Config.from_json(work["settings"])
        mapper = Projector.create(self.run, FEATURE_WIDTH, self.lm, self.generator)
        self.trainer = Trainer(self.run, self.lm, self.decoding["query"], mapper)
        self.pictures = torch.randn(self.run.trainingPictures, FEATURE_WIDTH, generator=self.generator)

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

    def rollout(self, pick):
        batch, query, length = (self.decoding[name] for name in ("B", "query", "T"))
        return sample(self.lm, None, torch.tensor(query).expand(batch, -1), length, length, pick)[0]

    def greedy_rollout(self):
        return self.rollout(greedy)

    def sampled_rollout(self):
        return self.rollout(drawn(TEMPERATURE, self.generator))

    def iteration(self):
        """A whole one of PPO but for CLIP, whose cosines are random; the gradient's length of each step."""
        run, trainer = self.run, self.trainer
        images = torch.randperm(run.trainingPictures, generator=self.generator)[: run.imagesPerBatch]
        features = self.pictures[images].repeat_interleave(run.samplesPerImage, 0)
        with torch.no_grad():
            prefix = trainer.projector.forward(features)
        query = torch.tensor(trainer.query).expand(len(features), -1)
        pick = drawn(run.temperature, self.generator, run.topK, run.topP)
        tokens, lengths = sample(self.lm, prefix, query, run.responseLength, run.minResponse, pick)
        cosines = torch.rand(len(features), generator=self.generator)
        batch = trainer.prepare(features, tokens, lengths, cosines, run.clipGain, run.clipBias)
        order = [torch.randperm(len(features), generator=self.generator).tolist() for _ in range(run.epochs)]
        return torch.tensor([step["gradNorm"] for step in trainer.update(batch, order)])

    def answer(self, operation):
        """The operation's numbers, when they are there."""
        values = getattr(self, operation.replace(" ", "_"))()
        if IS_ON_GPU:
            torch.cuda.synchronize()
        return values


def main():
    cases = {}
    device = torch.cuda.get_device_name() if IS_ON_GPU else "CPU"
    print(json.dumps({"torch": torch.__version__, "device": device}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        work = question["work"]
        if work["name"] not in cases:
            cases = {work["name"]: Case(work)}
        start = time.perf_counter()
        values = cases[work["name"]].answer(question["operation"])
        answer = {"milliseconds": 1000 * (time.perf_counter() - start)}
        if question["values"]:
            answer["values"] = values.flatten().tolist()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
