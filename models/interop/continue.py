"""Trains on where the page stopped, with PyTorch; the page imports what comes out.

  python continue.py --updates 200                            one process: a GPU if there is one, else the CPU
  torchrun --nproc_per_node 2 continue.py --updates 200       two: NCCL on GPUs, gloo on CPUs

The run is the same whatever the number of processes, up to rounding: the batch is divided among them. It saves to
--out (which --run takes up again) and notes the metrics of each update in --out with .jsonl.
"""
import argparse
import json
import sys
import time
from pathlib import Path

# In the repository the twin's modules lie in a folder of their own, in an exported one beside this file.
sys.path.append(str(Path(__file__).resolve().parents[1] / "reference"))

import torch  # noqa: E402
from exported import Exported  # noqa: E402
from group import Group  # noqa: E402
from networks import HERE, Networks  # noqa: E402
from training import Diverged, Training  # noqa: E402


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=HERE, help="folder to go on from (default: this one)")
    parser.add_argument("--out", type=Path, default=Path("continued"))
    parser.add_argument("--updates", type=int, default=100)
    parser.add_argument("--save-every", type=int, default=20, metavar="UPDATES")
    parser.add_argument("--lm", help="another name or folder of the language model, for transformers")
    parser.add_argument("--clip", help="the same of CLIP")
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    return parser.parse_args()


def main():
    arguments = parsed()
    group = Group()
    dtype = getattr(torch, arguments.dtype)
    exported = Exported.load(arguments.run)
    pair = exported.state["lm"], exported.state["clip"]
    networks = Networks.load(*pair, group.device, dtype, (arguments.lm, arguments.clip))
    training = Training(exported, networks, group, dtype)
    if group.leads:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        print(f"update {training.update}, {group.size} process(es) on {group.device.type}", flush=True)
    curve = arguments.out.with_name(arguments.out.name + ".jsonl")
    for done in range(1, arguments.updates + 1):
        started = time.time()
        try:
            metrics = training.iterate()
        except Diverged as problem:
            sys.exit(f"{problem}: lower learningRate in config.json and go on from {arguments.out}")
        if not group.leads:
            continue
        metrics["seconds"] = round(time.time() - started, 3)
        with curve.open("a") as file:
            file.write(json.dumps(metrics) + "\n")
        print(
            f"update {metrics['update']}  cosine {metrics['objective/clip_cos_sim']:.4f}  "
            f"reward {metrics['objective/reward_total']:.3f}  KL {metrics['objective/kl']:.2f}  "
            f"loss {metrics['loss/total']:.5f}  {metrics['seconds']} s  {metrics['text']}",
            flush=True,
        )
        if done % arguments.save_every == 0 or done == arguments.updates:
            training.state().save(arguments.out)
    group.close()


if __name__ == "__main__":
    main()
