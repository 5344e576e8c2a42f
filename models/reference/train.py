"""A run of the twin on a bundled world: the curve and held-out evaluations, as JSON in runs/.

/usr/bin/python3 models/reference/train.py --name default --episodes 40000 --set learningRate=0.002
/usr/bin/python3 models/reference/train.py --name sounds --world sounds

With --like, settings are those of a run in the browser (a JSON file of e2e/bench/results) where not --set.
"""
import argparse
import json
import time
from dataclasses import fields, replace
from pathlib import Path

import torch

from config import Config
from ppo import Trainer
from projector import Projector
from reward import calibrate
from rollout import drawn, greedy, sample, without_repeats
from world import World

CALIBRATION = 256
EVALUATE_EVERY = 20
# What this run does not follow yet, with what it does instead.
FOLLOWED = {
    "query": "pair",
    "clipText": "whole",
    "rewardExpression": "",
    "klController": "fixed",
    "warmStartUpdates": 0,
    "valueProjector": "shared",
}


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

    def _rollout(self, images, blind=False):
        """Captions of the images `images` [B]: tokens, lengths, cosines; of the text-only model where `blind`."""
        features = self.features[images]
        config = self.config
        pick = drawn(config.temperature, self.generator, config.topK, config.topP)
        tokens, lengths = self._generate(features, pick, blind)
        return features, tokens, lengths, self.world.cosines(features, tokens)

    @torch.no_grad()
    def _generate(self, features, pick, blind=False):
        config = self.config
        query = torch.tensor(self.world.query).expand(len(features), -1)
        prefix = None if blind else self.trainer.projector.forward(features)
        pick = without_repeats(pick, query, config.noRepeatNgram)
        return sample(self.world.lm, prefix, query, config.responseLength, config.minResponse, pick)

    def _calibrate(self):
        if self.config.clipCalibration == "given":
            return self.config.clipGain, self.config.clipBias
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
        done = self.trainer.updates
        features, tokens, lengths, cos = self._rollout(images, done < config.referenceUntil)
        gain = self.gain if done >= config.goalFrom else 0.0
        batch = self.trainer.prepare(features, tokens, lengths, cos, gain, self.bias)
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
    parser.add_argument("--like", type=Path)
    parser.add_argument("--set", nargs="*", default=[], metavar="SETTING=VALUE")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    like = json.loads(arguments.like.read_text())["config"] if arguments.like else {}
    config = replace(Config.from_json(like), **parse_settings(arguments.set))
    apart = [name for name, value in FOLLOWED.items() if getattr(config, name) != value]
    if apart:
        raise SystemExit(f"this run does not follow {', '.join(apart)}: see FOLLOWED")
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
