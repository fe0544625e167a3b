"""Gradients of whole networks, as the site's engine writes them into a graph, are those of PyTorch in double precision."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from .architectures import build_lively
from .needs import missing, needs_python_packages
from .test_devices import ROOT
from .test_engine import find_node, needs_engine

if not missing:
    import numpy as np
    import onnx
    import onnxruntime
    import torch
    import torch.nn.functional as F

    from training.bert.graph import build_graph as build_bert_graph
    from training.bert.model import Bert
    from training.gpt.graph import build_graph as build_gpt_graph
    from training.gpt.model import Gpt
    from training.gradients.cases import CASES
    from training.gradients.golden import FOLDER, SEED
    from training.gradients.steps import losses, optimizers
    from training.gradients.whole import exact_gradients
    from training.shared.language.transformer import Size
    from training.shared.onnx_graph import read_weights
    from training.shared.vision.graph import build_graph

    from .architectures import ARCHITECTURES

CLASSES = 7
IGNORED = -100


@needs_engine
class WholeNetworkTest(unittest.TestCase):
    """Per tensor ‖g − g64‖ / ‖g64‖: at most 1e-5, and 1e-4 through the statistics of the batch."""

    def test_picture_networks(self):
        pixels = torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(1))
        labels = torch.tensor([1, 4, 6])
        for architecture in ARCHITECTURES:
            for by_batch in (False, True):
                with self.subTest(architecture.id, batch_statistics=by_batch):
                    network = build_lively(architecture, CLASSES)
                    model = build_graph(network, "test")
                    self.take_weights(network, model)
                    exact = network.double().train(by_batch)
                    loss = F.cross_entropy(exact(pixels.double()), labels)
                    feeds = {"input": pixels.numpy()}
                    self.compare(model, exact, loss, feeds, labels, {"N": 3}, by_batch)

    def test_language_networks(self):
        torch.manual_seed(5)
        size = Size(pieces=60, width=32, layers=2, heads=2, inner=48, positions=16)
        ids = torch.randint(0, 60, (3, 9), generator=torch.Generator().manual_seed(2))
        labels = torch.where(torch.rand(3, 9, generator=torch.Generator().manual_seed(3)) < 0.4, ids.flip(1), IGNORED)
        mask = torch.ones(3, 9, dtype=torch.int64)
        mask[1, 5:] = 0
        for name, build, write in (("bert", Bert, build_bert_graph), ("gpt", Gpt, build_gpt_graph)):
            with self.subTest(name):
                network = build(size).eval()
                for parameter in network.parameters():
                    torch.nn.init.normal_(parameter, 0.2 if parameter.ndim == 1 else 0, 0.2)
                model = write(network.state_dict(), size)
                self.take_weights(network, model)
                exact = network.double()
                logits = exact(ids, mask) if name == "bert" else exact(ids)
                loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)
                feeds = {"input_ids": ids.numpy()} | ({"attention_mask": mask.numpy()} if name == "bert" else {})
                self.compare(model, exact, loss, feeds, labels, {"N": 3, "T": 9}, False)

    def take_weights(self, network, model):
        """Gives the network the weights of the file, which int8 has rounded."""
        weights = {name: torch.from_numpy(np.array(value)) for name, value in read_weights(model).items()}
        network.load_state_dict({name: value for name, value in weights.items() if name in network.state_dict()}, strict=False)

    def compare(self, model, network, loss, feeds, labels, sizes, by_batch):
        expected = exact_gradients(network, loss)
        request = {"weights": list(expected), "sizes": sizes, "usesBatchStatistics": by_batch}
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in ("model.onnx", "step.onnx", "request.json")]
            onnx.save(model, str(paths[0]))
            paths[2].write_text(json.dumps(request))
            script = ROOT / "tests" / "training" / "gradient-graph.ts"
            run = subprocess.run([find_node(), str(script), *map(str, paths)], capture_output=True, text=True, cwd=ROOT)
            self.assertEqual(run.returncode, 0, run.stderr)
            answer = json.loads(run.stdout)
            step = onnx.load(str(paths[1]))
            onnx.checker.check_model(step, full_check=True)
            self.assertEqual({node.domain for node in step.graph.node}, {""})
            session = onnxruntime.InferenceSession(step.SerializeToString())
        running = read_weights(model)
        feeds = feeds | {
            "training/targets": labels.numpy().astype(np.int32),
            "training/weights": np.ones(tuple(labels.shape), np.float32),
            "training/labelSmoothing": np.array(0, np.float32),
            **{one["input"]: np.array(one["values"], np.float32) for one in answer["bundles"]},
            **{name: running[name] for name in answer["running"]},
        }
        names = [answer["loss"], *answer["gradients"].values()]
        results = dict(zip(names, session.run(names, feeds)))
        self.assertAlmostEqual(float(results[answer["loss"]]), float(loss.detach()), places=4)
        self.assertEqual(set(answer["gradients"]), set(expected))
        errors = {}
        for name, exact in expected.items():
            size = float(exact.norm())
            difference = torch.from_numpy(results[answer["gradients"][name]]).double() - exact
            errors[name] = float(difference.norm()) / size if size > 1e-12 else float(difference.norm())
        worst = max(errors, key=errors.get)
        self.assertLessEqual(errors[worst], 1e-4 if by_batch else 1e-5, f"{worst} of {len(errors)}")


@needs_python_packages
class GoldenTest(unittest.TestCase):
    """What is committed is what the script computes; PyTorch's last digits may differ from one processor to the next."""

    def test_files_come_out_as_committed(self):
        computed = {"rules": [case.answer(SEED + place) for place, case in enumerate(CASES)], "losses": losses(), "optimizers": optimizers()}
        for name, cases in computed.items():
            committed = json.loads((FOLDER / f"autodiff-{name}.json").read_text())["cases"]
            self.assertEqual(len(cases), len(committed))
            for ours, theirs in zip(cases, committed):
                with self.subTest(name, case=theirs.get("name", theirs.get("kind"))):
                    self.assert_close(json.loads(json.dumps(ours)), theirs)

    def assert_close(self, ours, theirs):
        if isinstance(theirs, dict):
            self.assertEqual(set(ours), set(theirs))
            for key in theirs:
                self.assert_close(ours[key], theirs[key])
        elif isinstance(theirs, str) and theirs and all(part.lstrip("-")[:1].isdigit() for part in theirs.split(" ")):
            np.testing.assert_allclose(*(np.array(text.split(" "), float) for text in (ours, theirs)), rtol=1e-7, atol=1e-9)
        elif isinstance(theirs, list):
            self.assertEqual(len(ours), len(theirs))
            for pair in zip(ours, theirs):
                self.assert_close(*pair)
        elif isinstance(theirs, float):
            self.assertAlmostEqual(ours, theirs, places=7)
        else:
            self.assertEqual(ours, theirs)


if __name__ == "__main__":
    unittest.main()
