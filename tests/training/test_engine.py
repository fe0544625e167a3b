"""The site's engine reads what the recipes export, and computes from it what PyTorch computes, in float32 and in int8."""

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from .architectures import build_lively
from .needs import missing, needs_python_packages
from .test_devices import ROOT

if not missing:
    import numpy as np
    import onnxruntime
    import torch

    from training.shared.files import describe_file, write_json
    from training.shared.vision.export import describe_input
    from training.shared.vision.graph import build_graph, count_macs, load_network, trace_values
    from training.shared.vision.int8_session import to_int8

    from .architectures import ARCHITECTURES

CLASSES = 11


def find_node():
    """Node 24, which strips types: the one that npm installed, else the one in the path."""
    own = ROOT / "node_modules" / ".bin" / "node"
    return str(own) if own.exists() else shutil.which("node")


def needs_engine(test):
    """Skips a test where Node's packages are not installed."""
    if missing:
        return needs_python_packages(test)
    there = find_node() and (ROOT / "node_modules" / "onnxruntime-node").exists()
    return unittest.skipUnless(there, "the site's packages are not installed: npm ci")(test)


@needs_engine
class EngineTest(unittest.TestCase):
    def test_it_reads_and_runs_every_architecture(self):
        pixels = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(4))
        for architecture in ARCHITECTURES:
            with self.subTest(architecture.id), tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                values, answers = self.ask(architecture, folder, pixels)
                exact = values["logits"].numpy()
                spread = np.abs(exact).max()
                self.assertEqual((answers["problems"], answers["unknownOperators"], answers["unknownCosts"]), ([], [], []))
                inferred = {value: [2 if dim == "N" else dim for dim in answers["dims"][value]] for value in values}
                self.assertEqual(inferred, {value: list(tensor.shape) for value, tensor in values.items()})
                np.testing.assert_allclose(np.array(answers["fp32"]).reshape(exact.shape), exact, atol=1e-3 * spread)
                int8 = np.array(answers["int8"]).reshape(exact.shape)
                self.assertLess(np.abs(int8 - exact).max(), 0.15 * spread)
                self.assertGreater(np.abs(int8 - exact).max(), 0)
                # The measured form is the one that runs: same folding, same grids.
                session = onnxruntime.InferenceSession((folder / "int8.onnx").read_bytes())
                [measured] = session.run(None, {"input": pixels.numpy()})
                np.testing.assert_allclose(int8, measured, atol=0.03 * spread)

    def ask(self, architecture, folder, pixels):
        model = build_graph(build_lively(architecture, CLASSES), architecture.id)
        (folder / "model.onnx").write_bytes(model.SerializeToString())
        (folder / "labels.json").write_text("[]")
        network = load_network(architecture, folder / "model.onnx")
        values = trace_values(network, pixels)
        ranges = {name: [float(value.min()), float(value.max())] for name, value in values.items()}
        (folder / "int8.onnx").write_bytes(to_int8(model, ranges).SerializeToString())
        (folder / "input.bin").write_bytes(pixels.numpy().tobytes())
        manifest = {
            "id": architecture.id,
            "title": architecture.name,
            "version": "0.0.0-test",
            "task": "image-classification",
            "files": {"weights": describe_file(folder / "model.onnx"), "labels": describe_file(folder / "labels.json")},
            "input": describe_input(),
            "output": {"name": "logits", "classes": CLASSES},
            "activationRanges": ranges,
            "parameters": sum(p.numel() for p in network.parameters()),
            "macs": count_macs(model),
            "licence": "none",
            "trainedOn": "nothing",
            "measured": [],
            "recipe": f"training/{architecture.id}",
        }
        write_json(folder / "manifest.json", manifest)
        done = subprocess.run([find_node(), "tests/training/engine-answers.ts", str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=240)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        answers = json.loads(done.stdout)
        self.assertEqual((answers["parameters"], answers["macs"]), (manifest["parameters"], manifest["macs"]))
        return values, answers
