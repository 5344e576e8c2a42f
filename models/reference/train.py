"""A run of the twin on a bundled world: the curve and held-out evaluations, as JSON in runs/.

/usr/bin/python3 models/reference/train.py --name default --episodes 40000 --set learningRate=0.002
/usr/bin/python3 models/reference/train.py --name sounds --world sounds
"""
import argparse
import json
import time
from dataclasses import fields
from pathlib import Path

import torch

from config import Config
from ppo import Trainer
from projector import Projector
from reward import calibrate
from rollout import drawn, greedy, sample
from world import World

CALIBRATION = 256
EVALUATE_EVERY = 20


class Run:
    """A trainer on a world: rolls out, scores, updates, evaluates."""

    def __init__(self, config, world):
        self.config, self.world = config, world
        self.generator = torch.Generator().manual_seed(config.seed)
        feature_width = world.train_features.shape[1]
        projector = Projector.create(config, feature_width, world.lm, self.generator)
        self.trainer = Trainer(config, world.lm, world.query, projector)
        self.features = world.train_features[: config.trainingPictures]
        self.gain, self.bias = self._calibrate()

    def _rollout(self, images):
        """Captions of the images `images` [B]: tokens, lengths, cosines."""
        features = self.features[images]
        config = self.config
        pick = drawn(config.temperature, self.generator, config.topK, config.topP)
        tokens, lengths = self._generate(features, pick)
        return features, tokens, lengths, self.world.cosines(features, tokens)

    @torch.no_grad()
    def _generate(self, features, pick):
        config = self.config
        prefix = self.trainer.projector.forward(features)
        return sample(
            self.world.lm, prefix, self.world.query, config.responseLength, config.minResponse, pick
        )

    def _calibrate(self):
        images = torch.randint(len(self.features), (CALIBRATION,), generator=self.generator)
        return calibrate(self._rollout(images)[3])

    def _order(self):
        size, epochs = self.config.batch_size, self.config.epochs
        return [torch.randperm(size, generator=self.generator).tolist() for _ in range(epochs)]

    def update(self):
        """One PPO update; the row of the curve."""
        config = self.config
        images = torch.randperm(len(self.features), generator=self.generator)[: config.imagesPerBatch]
        images = images.repeat_interleave(config.samplesPerImage)
        features, tokens, lengths, cos = self._rollout(images)
        batch = self.trainer.prepare(features, tokens, lengths, cos, self.gain, self.bias)
        steps = self.trainer.update(batch, self._order())
        return {
            "episodes": self.trainer.updates * config.batch_size,
            "cos": cos.mean().item(),
            "kl": ((batch.logp - batch.ref_logp) * batch.mask).sum(1).mean().item(),
            "entropy": steps[0]["entropy"],
            "reward": batch.reward.sum(1).mean().item(),
            "clipFraction": steps[-1]["clipFraction"],
            "gradNorm": steps[0]["gradNorm"],
            "length": lengths.float().mean().item(),
        }

    def evaluate(self):
        """Greedy captions of held-out scenes: see World.score."""
        tokens, _ = self._generate(self.world.eval_features, greedy)
        return self.world.score(tokens)


def parse_settings(pairs):
    types = {field.name: field.type for field in fields(Config)}
    return {name: types[name](value) for name, value in (pair.split("=") for pair in pairs)}


def rounded(values):
    if isinstance(values, dict):
        return {k: rounded(v) for k, v in values.items() if k != "texts"}
    return round(values, 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--world", default="shapes", choices=["shapes", "sounds"])
    parser.add_argument("--episodes", type=int, default=40_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--set", nargs="*", default=[], metavar="SETTING=VALUE")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    config = Config(**parse_settings(arguments.set))
    run = Run(config, World.load(arguments.world))
    curve, evaluations, start = [], [], time.time()
    for update in range(arguments.episodes // config.batch_size):
        curve.append(run.update())
        if (update + 1) % EVALUATE_EVERY == 0:
            evaluations.append({"episodes": curve[-1]["episodes"], **run.evaluate()})
            print(f"{time.time() - start:.0f}s", json.dumps(rounded({**curve[-1], **evaluations[-1]})), flush=True)
    result = {
        "config": config.as_json(),
        "gain": run.gain,
        "bias": run.bias,
        "seconds": round(time.time() - start),
        "curve": curve,
        "evaluations": evaluations,
    }
    path = Path(__file__).parent / "runs" / f"{arguments.name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result))


if __name__ == "__main__":
    main()
