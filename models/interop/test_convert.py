"""Projector files: to PyTorch, from PyTorch, and what is refused. Run by check.py."""
import json
import tempfile
import unittest
from pathlib import Path

import golden
import torch
from convert import Mlp, Unusable, from_torch, to_page, to_torch
from mapper import mapper
from prefix import prefixes

FOLDER = Path(__file__).parent / "golden"


class Convert(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = Path(scratch.name)
        self.golden = json.loads((FOLDER / "prefixes.json").read_text())

    def assert_prefixes(self, module, features, name):
        expected = torch.tensor(self.golden["prefixes"][name])
        with torch.no_grad():
            self.assertLess((module(features) - expected).abs().max().item(), 1e-5)

    def module_as_released(self, state, stem, divider):
        """As the official loaders do: keys with the stem, stripped of it, into the module, none left out."""
        stem += "clip_project."
        weights = {key[len(stem) :]: value for key, value in state.items() if key.startswith(stem)}
        module = Mlp([golden.E, golden.OUT // 2, golden.OUT], divider)
        module.load_state_dict(weights, strict=True)
        return module

    def test_an_export_loads_as_the_released_trainer_loads_it(self):
        path = self.scratch / "p.ckpt"
        to_torch(FOLDER / "page.safetensors", path)
        state = torch.load(path, weights_only=True)
        self.assertEqual(state["global_step"], 12)
        module = self.module_as_released(state["state_dict"], "policy.model.", (golden.OUT / golden.E) ** 0.5)
        self.assert_prefixes(module, golden.features(), "page")

    def test_an_export_loads_as_clipcap_loads_it(self):
        path = self.scratch / "p.pt"
        to_torch(FOLDER / "page.safetensors", path)
        module = self.module_as_released(torch.load(path, weights_only=True), "", 1.0)
        self.assert_prefixes(module, golden.features(), "page")

    def test_the_golden_files_are_what_the_script_writes(self):
        golden.write(self.scratch, self.scratch)
        for name in golden.FILES:
            with self.subTest(name):
                file = f"{name}.safetensors"
                self.assertEqual((self.scratch / file).read_bytes(), (FOLDER / file).read_bytes())
        self.assertEqual(prefixes(FOLDER / "clipcap.safetensors", golden.features()).shape, (golden.ROWS, golden.OUT))

    def test_a_way_there_and_back_keeps_the_prefixes(self):
        for name in golden.FILES:
            for suffix in (".pt", ".ckpt"):
                with self.subTest(name + suffix):
                    there, features = self.scratch / f"{name}{suffix}", golden.features()
                    to_torch(FOLDER / f"{name}.safetensors", there)
                    back = prefixes(there, features, golden.FILES[name][3])
                    expected = torch.tensor(self.golden["prefixes"][name])
                    self.assertLess((back - expected).abs().max().item(), 1e-5)

    def test_a_file_that_would_run_code_is_refused(self):
        path = self.scratch / "code.ckpt"
        torch.save({"state_dict": {}, "hyper_parameters": Path("x")}, path)
        with self.assertRaisesRegex(Unusable, "weights alone"):
            from_torch(path)

    def test_other_kinds_go_there_and_back_too(self):
        for kind, layers in (("linear", 0), ("mlp", 3), ("transformer", 2), ("deep", 1)):
            with self.subTest(kind):
                module = mapper(kind, layers, golden.E, 2, 8, 3)
                module.divider = 1.0  # as ClipCap has it
                saved, page, again = (self.scratch / name for name in ("k.pt", "k.safetensors", "k.ckpt"))
                torch.save(golden.named(module), saved)
                to_page(saved, page, "raw", {})
                to_torch(page, again)
                with torch.no_grad():
                    expected = module(golden.features())
                for path in (page, again):
                    self.assertLess((prefixes(path, golden.features()) - expected).abs().max().item(), 1e-4)

    def test_other_mappers_are_refused_by_name(self):
        path = self.scratch / "transformer.pt"
        torch.save({"clip_project.prefix_const": torch.zeros(2, 8), "clip_project.linear.weight": torch.zeros(2, 2)}, path)
        with self.assertRaisesRegex(Unusable, "prefix_const"):
            from_torch(path)
        torch.save({"model.weight": torch.zeros(2)}, path)
        with self.assertRaisesRegex(Unusable, "no clip_project"):
            from_torch(path)
