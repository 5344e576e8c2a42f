"""The folder that the page exports to go on in PyTorch, read and written.

  config.json              the page's settings
  run.json                 models, what captions follow and how likely each is, updates and optimiser steps done, calibration,
                           ids of the pictures
  projector.safetensors    as the page's Export; the page imports it again
  value_head.safetensors   where the advantage is gae; with the value's own projector, where it has one
  optimizer.safetensors    AdamW's moments: NAME.exp_avg and NAME.exp_avg_sq of every trained tensor
  features.safetensors     `features` [n, E]: raw CLIP features of the training pictures, in the order of the ids
"""
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from config import Config
from safetensors_io import read_safetensors, save_safetensors

MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass
class Exported:
    config: Config
    state: dict  # run.json
    trained: dict  # name -> tensor: the projector's, then the value head's
    moments: dict  # name -> {"exp_avg": tensor, "exp_avg_sq": tensor}
    features: torch.Tensor  # [n, E]
    metadata: dict  # of projector.safetensors

    @classmethod
    def load(cls, folder):
        folder = Path(folder)
        config = Config.from_json(json.loads((folder / "config.json").read_text()))
        state = json.loads((folder / "run.json").read_text())
        trained, metadata = read_safetensors(folder / "projector.safetensors")
        if config.advantage == "gae":
            trained.update(read_safetensors(folder / "value_head.safetensors")[0])
        stored = read_safetensors(folder / "optimizer.safetensors")[0]
        moments = {name: {kind: stored[f"{name}.{kind}"] for kind in MOMENTS} for name in trained}
        features = read_safetensors(folder / "features.safetensors")[0]["features"]
        return cls(config, state, trained, moments, features, metadata)

    def table(self):
        """[trainingPictures, E]: fewer pictures than rows come round again, as on the page (picture-table.ts)."""
        return self.features[torch.arange(self.config.trainingPictures) % len(self.features)]

    def save(self, folder):
        """Replaces `folder`: the one before goes when the new one is whole."""
        folder = Path(folder)
        partial, before = (folder.with_name(folder.name + suffix) for suffix in (".partial", ".before"))
        for left_over in (partial, before):
            shutil.rmtree(left_over, ignore_errors=True)
        partial.mkdir(parents=True)
        (partial / "config.json").write_text(json.dumps(self.config.as_json(), indent=1) + "\n")
        (partial / "run.json").write_text(json.dumps(self.state, indent=1) + "\n")
        parts = {"projector": {}, "value_head": {}}
        for name, tensor in self.trained.items():
            parts["value_head" if name.startswith("value") else "projector"][name] = tensor
        metadata = {**self.metadata, "step": str(self.state["update"])}
        save_safetensors(partial / "projector.safetensors", parts["projector"], metadata)
        if parts["value_head"]:
            save_safetensors(partial / "value_head.safetensors", parts["value_head"])
        moments = {f"{name}.{kind}": self.moments[name][kind] for name in self.trained for kind in MOMENTS}
        save_safetensors(partial / "optimizer.safetensors", moments)
        save_safetensors(partial / "features.safetensors", {"features": self.features})
        if folder.exists():
            os.replace(folder, before)
        os.replace(partial, folder)
        shutil.rmtree(before, ignore_errors=True)
