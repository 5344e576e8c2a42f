"""Draws the browser's learning curves and the twin's: docs/learning.svg and docs/released.svg.

The first reads e2e/bench/results/learning.json (`npm run bench -- learning`) and runs/default.json (train.py); the
second results/released.json (`-- released`) and runs/released-1.json to -5 (train.py --like that file), and prints how
much of the browser's curve lies inside the spread of those five seeds.
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


def load(path):
    return json.loads((ROOT / path).read_text())


def canvas():
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for panel in panels:
        panel.set(xlabel="captions sampled")
    return figure, panels


def save(figure, name):
    figure.savefig(ROOT / f"docs/{name}.svg", metadata={"Date": None})


def episodes(points):
    return [point["episodes"] for point in points]


def learning(browser, twin):
    figure, (left, right) = canvas()
    for run, key, color, label in ((browser, "cosine", BROWSER, "browser (WGSL)"), (twin, "cos", TWIN, "PyTorch twin")):
        curve = run["curve"]
        left.plot(episodes(curve), smooth([p[key] for p in curve]), color=color, label=label)
    true = browser["evaluations"][-1]["trueCosine"]
    left.axhline(true, color="#888888", linewidth=1)
    left.annotate("true captions", (40_000, true), xytext=(0, 4), textcoords="offset points", ha="right", color="#666666")
    left.set(title="CLIP cosine of sampled captions", ylim=(-0.1, 1.1))
    left.legend(loc="lower right", frameon=False)

    for name, style in ATTRIBUTES.items():
        for run, color, who in ((browser, BROWSER, "browser"), (twin, TWIN, "twin")):
            points = run["evaluations"]
            right.plot(episodes(points), [p[name] for p in points], style, color=color, label=f"{name}, {who}")
    right.axhline(0.9, color="#888888", linewidth=1)
    right.set(title="Held-out scenes, greedy: share named right", ylim=(0, 1.02))
    right.legend(loc="lower right", ncols=3, frameon=False, fontsize=8)
    save(figure, "learning")


def released(browser, twins):
    figure, panels = canvas()
    for panel, (mine, its), title in zip(
        panels,
        (("cosine", "cos"), ("reward", "reward")),
        ("CLIP cosine of sampled captions", "Reward of a caption, KL included"),
    ):
        curve = smooth([point[mine] for point in browser["curve"]])
        seeds = [smooth([point[its] for point in twin["curve"]]) for twin in twins]
        low, high = ([bound(values) for values in zip(*seeds)] for bound in (min, max))
        at = episodes(browser["curve"])
        panel.fill_between(at, low, high, color=TWIN, alpha=0.2, linewidth=0, label="PyTorch twin, five seeds")
        for seed in seeds:
            panel.plot(at, seed, color=TWIN, linewidth=0.6, alpha=0.7)
        panel.plot(at, curve, color=BROWSER, label="browser (WGSL)")
        panel.set(title=title)
        inside = sum(a <= value <= b for a, value, b in zip(low, curve, high))
        outside = max(max(a - value, value - b) for a, value, b in zip(low, curve, high))
        widest = max(b - a for a, b in zip(low, high))
        print(f"{title}: {inside} of {len(curve)} updates inside, at most {max(0, outside):.3f} outside a spread of up to {widest:.3f}")
    panels[0].legend(loc="lower right", frameon=False)
    save(figure, "released")


def main():
    plt.rcParams.update({"font.size": 10, "svg.hashsalt": "esper", "axes.spines.top": False, "axes.spines.right": False})
    learning(load("e2e/bench/results/learning.json"), load("models/reference/runs/default.json"))
    released(
        load("e2e/bench/results/released.json"),
        [load(f"models/reference/runs/released-{seed}.json") for seed in range(1, 6)],
    )


if __name__ == "__main__":
    main()
