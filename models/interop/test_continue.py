"""continue.py against the page and against itself on another number of processes. Run by check.py.

golden/run-* is what the page exported in mid-run, and how it went on itself: see record_run.ts.
"""
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
UPDATES = 3
# Debian's torchrun of 1.13 does not start on Python 3.11; the environment that it would set does as well.
HAS_TORCHRUN = int(torch.__version__.split(".")[0]) >= 2

sys.path.append(str(HERE.parent / "reference"))
from draws import gumbel, minibatch_orders, picture_rows, threefry  # noqa: E402
from mapper import mapper  # noqa: E402
from safetensors_io import load_safetensors, read_safetensors, save_safetensors  # noqa: E402


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])


class Continue(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def unpack(self, advantage):
        """The folder that the page's zip holds."""
        for scripts in (HERE, HERE.parent / "reference"):
            for script in scripts.glob("*.py"):
                shutil.copy(script, self.folder)
        for name, source in (("lm", "gpt2"), ("clip", "clip")):
            target = self.folder / name
            if not target.exists():
                shutil.copytree(ROOT / "public/models/shapes" / source, target)
        for file in (HERE / f"golden/run-{advantage}/start").iterdir():
            shutil.copy(file, self.folder)

    def start(self, *arguments, **environment):
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def succeed(self, processes):
        try:
            outputs = [process.communicate(timeout=300)[0] for process in processes]
        finally:
            for process in processes:  # one that hangs must not go on after the test
                process.kill()
        for process, output in zip(processes, outputs):
            self.assertEqual(process.returncode, 0, output)
        return outputs

    def curve(self, out, processes=1, updates=UPDATES, arguments=()):
        """Metrics of each update of a run of so many processes."""
        command = ["continue.py", "--updates", str(updates), "--out", out, *arguments]
        world = {"WORLD_SIZE": str(processes), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port()}
        self.succeed([self.start(*command, RANK=str(rank), **world) for rank in range(processes)])
        return self.rows(out)

    def rows(self, out):
        return [json.loads(line) for line in (self.folder / f"{out}.jsonl").read_text().splitlines()]

    def assert_same_run(self, found, expected, tolerance):
        self.assertEqual([row["text"] for row in found], [row["text"] for row in expected])
        for name in ("loss/total", "loss/policy", "loss/value", "objective/clip_cos_sim", "objective/reward_total"):
            error = max(abs(a[name] - b[name]) for a, b in zip(found, expected))
            self.assertLess(error, tolerance, name)

    def test_goes_on_as_the_page_itself_did(self):
        for advantage in ("rloo", "gae"):
            with self.subTest(advantage):
                self.unpack(advantage)
                golden = HERE / f"golden/run-{advantage}"
                rows = self.curve(f"of-{advantage}")
                for row, shown in zip(rows, json.loads((golden / "metrics.json").read_text())):
                    for name in shown.keys() & row.keys():
                        # The page shows four figures.
                        self.assertAlmostEqual(row[name], shown[name], delta=2e-4 + 1e-3 * abs(shown[name]), msg=name)
                for file in (golden / "end").iterdir():
                    end = load_safetensors(file)
                    found = load_safetensors(self.folder / f"of-{advantage}" / file.name)
                    start = load_safetensors(golden / "start" / file.name)
                    self.assertEqual(found.keys(), end.keys())
                    for name, tensor in end.items():
                        moved = (tensor - start[name]).abs().max().item()
                        error = (tensor - found[name]).abs().max().item()
                        self.assertGreater(moved, 0, name)
                        self.assertLess(error, 1e-3 * moved, f"{name}: moved by {moved}, {error} apart")

    def test_does_not_depend_on_the_number_of_processes(self):
        for advantage in ("rloo", "gae"):
            self.unpack(advantage)
            for dtype, tolerance in (("float64", 1e-12), ("float32", 1e-6)):
                arguments = ("--dtype", dtype)
                alone = self.curve(f"{advantage}-{dtype}-1", arguments=arguments)
                # A minibatch of 8 falls into equal shares on two, into unequal ones on three.
                for processes in (2, 3):
                    with self.subTest(advantage=advantage, dtype=dtype, processes=processes):
                        out = f"{advantage}-{dtype}-{processes}"
                        rows = self.curve(out, processes, arguments=arguments)
                        self.assert_same_run(rows, alone, tolerance)

    @unittest.skipUnless(HAS_TORCHRUN, "this torchrun does not start on this Python")
    def test_torchrun_starts_it(self):
        self.unpack("rloo")
        alone = self.curve("alone")
        command = ["-m", "torch.distributed.run", "--nproc_per_node", "2", "--master_port", free_port()]
        command += ["continue.py", "--updates", str(UPDATES), "--out", "two"]
        outputs = self.succeed([self.start(*command)])
        self.assertIn("2 process(es) on", outputs[0])
        self.assert_same_run(self.rows("two"), alone, 1e-6)

    def test_goes_on_from_what_it_saved(self):
        self.unpack("gae")
        whole = self.curve("whole", updates=3)
        self.curve("first", updates=2)
        rest = self.curve("second", updates=1, arguments=("--run", "first"))
        self.assert_same_run(rest, whole[2:], 1e-6)
        self.assertEqual(json.loads((self.folder / "second/run.json").read_text())["update"], 5)
        _, saved = read_safetensors(self.folder / "second/projector.safetensors")
        _, exported = read_safetensors(self.folder / "projector.safetensors")
        self.assertEqual(saved, {**exported, "step": "5"})

    def test_trains_every_kind_of_projector_and_a_value_of_its_own(self):
        self.unpack("gae")
        config = json.loads((self.folder / "config.json").read_text())
        _, metadata = read_safetensors(self.folder / "projector.safetensors")
        features = load_safetensors(self.folder / "features.safetensors")["features"].shape[1]
        for kind, layers in (("linear", 1), ("mlp", 2), ("transformer", 2), ("deep", 1)):
            with self.subTest(kind):
                given = {**config, "projector": kind, "projectorLayers": layers, "valueProjector": "own"}
                (self.folder / "config.json").write_text(json.dumps(given))
                width, lm_layers = 64, 2  # of the bundled language model
                modules = [mapper(kind, layers, features, config["prefixLength"], width, lm_layers) for _ in range(2)]
                policy, value = ({f"clip_project.{n}": p.detach() for n, p in m.named_parameters()} for m in modules)
                # A head of zeros would hide the value's projector from the first gradient.
                head = {"value_head.weight": torch.full((width,), 0.01), "value_head.bias": torch.zeros(1)}
                own = {**head, **{f"value.model.{name}": tensor for name, tensor in value.items()}}
                given_metadata = {**metadata, "divider": str(modules[0].divider)}
                save_safetensors(self.folder / "projector.safetensors", policy, given_metadata)
                save_safetensors(self.folder / "value_head.safetensors", own)
                trained = {**policy, **own}
                zeros = {f"{n}.{m}": torch.zeros_like(t) for n, t in trained.items() for m in ("exp_avg", "exp_avg_sq")}
                save_safetensors(self.folder / "optimizer.safetensors", zeros)
                (row,) = self.curve(f"of-{kind}", updates=1)
                self.assertGreater(row["grad_norm"], 0)
                saved = load_safetensors(self.folder / f"of-{kind}/projector.safetensors")
                saved.update(load_safetensors(self.folder / f"of-{kind}/value_head.safetensors"))
                self.assertEqual(saved.keys(), trained.keys())
                for name, tensor in trained.items():
                    self.assertGreater((saved[name] - tensor).abs().max().item(), 0, name)

    @unittest.skipUnless(importlib.util.find_spec("transformers"), "transformers is not installed")
    def test_is_the_same_on_transformers_models(self):
        self.unpack("rloo")
        arguments = ("--lm", "./lm", "--clip", "./clip")
        self.assert_same_run(self.curve("theirs", arguments=arguments), self.curve("ours"), 1e-5)

    def test_more_processes_than_episodes_are_refused_in_words(self):
        self.unpack("rloo")
        config = json.loads((self.folder / "config.json").read_text())
        (self.folder / "config.json").write_text(json.dumps({**config, "minibatches": 16}))
        world = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port()}
        for process in [self.start("continue.py", RANK=str(rank), **world) for rank in range(2)]:
            output = process.communicate(timeout=300)[0]
            self.assertNotEqual(process.returncode, 0)
            self.assertIn("too few for 2 processes", output)


class Draws(unittest.TestCase):
    def test_threefry_has_the_published_bits(self):
        # Random123, kat_vectors: threefry2x32 with 20 rounds.
        for counter0, counter1, key0, key1, expected in (
            (0, 0, 0, 0, 0x6B200159),
            (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0x1CB996FC),
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xC4923A9C),
        ):
            found = threefry(key0, key1, torch.tensor([counter0]), torch.tensor([counter1]))
            self.assertEqual(found.tolist(), [expected])

    def test_pictures_and_orders_are_permutations(self):
        self.assertEqual(sorted(picture_rows(1, 7, 24, 24)), list(range(24)))
        for order in minibatch_orders(1, 7, 16, 3):
            self.assertEqual(sorted(order), list(range(16)))

    def test_noise_is_finite_at_both_ends(self):
        self.assertTrue(torch.isfinite(gumbel(torch.tensor([0, 1, 0xFFFFFFFF]))).all())


if __name__ == "__main__":
    unittest.main()
