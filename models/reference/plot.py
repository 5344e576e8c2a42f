"""Draws the browser's learning curve and the twin's in one picture: docs/learning.svg.

Reads e2e/bench/results/learning.json (`npm run bench -- learning`) and runs/default.json (train.py).
Needs matplotlib (Debian: python3-matplotlib).
"""
import json
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SMOOTHING = 9  # updates; the mean of a batch of 64 is noisy
BROWSER, TWIN = "#0072b2", "#d55e00"
ATTRIBUTES = {"colour": "-", "shape": "--", "size": ":"}


def smooth(values):
    """Centred moving average, narrower at the ends."""
    half = SMOOTHING // 2
    windows = [values[max(0, i - half) : i + half + 1] for i in range(len(values))]
    return [sum(window) / len(window) for window in windows]


def main():
    browser = json.loads((ROOT / "e2e/bench/results/learning.json").read_text())
    twin = json.loads((HERE / "runs/default.json").read_text())
    plt.rcParams.update({"font.size": 10, "svg.hashsalt": "esper", "axes.spines.top": False, "axes.spines.right": False})
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")

    def cosine(points, key, color, label):
        left.plot([p["episodes"] for p in points], smooth([p[key] for p in points]), color=color, label=label)

    cosine(browser["curve"], "cosine", BROWSER, "browser (WGSL)")
    cosine(twin["curve"], "cos", TWIN, "PyTorch twin")
    true = browser["evaluations"][-1]["trueCosine"]
    left.axhline(true, color="#888888", linewidth=1)
    left.annotate("true captions", (40_000, true), xytext=(0, 4), textcoords="offset points", ha="right", color="#666666")
    left.set(title="CLIP cosine of sampled captions", xlabel="episodes", ylim=(-0.1, 1.1))
    left.legend(loc="lower right", frameon=False)

    for name, style in ATTRIBUTES.items():
        for run, color, who in ((browser, BROWSER, "browser"), (twin, TWIN, "twin")):
            points = run["evaluations"]
            right.plot([p["episodes"] for p in points], [p[name] for p in points], style, color=color, label=f"{name}, {who}")
    right.axhline(0.9, color="#888888", linewidth=1)
    right.set(title="Held-out scenes, greedy: share named right", xlabel="episodes", ylim=(0, 1.02))
    right.legend(loc="lower right", ncols=3, frameon=False, fontsize=8)
    figure.savefig(ROOT / "docs/learning.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
