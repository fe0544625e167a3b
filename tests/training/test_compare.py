"""Few-shot heads, the comparison of sources, and the second measurement of committed models."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from .needs import missing, needs_python_packages, needs_sprites
from .test_errors import make_photos

if not missing:
    import numpy as np
    import torch

    from training import evaluate
    from training.compare import list_targets, load_xrays
    from training.resnet.model import RESNET
    from training.shared.errors import RecipeError
    from training.shared.vision.architecture import build_random
    from training.shared.vision.evaluate import compute, estimate_statistics
    from training.shared.vision.linear_head import Target, accuracies, apply_head, draw_examples, fit_head, unseen_concepts
    from training.shared.vision.pictures import Pictures, load_splits
    from training.shared.vision.saved import SavedNetwork


@needs_python_packages
class LinearHeadTest(unittest.TestCase):
    def test_it_is_the_plain_logistic_regression(self):
        """At the optimum the gradient vanishes: Xᵀ(p − y) + w = 0 for C = 1, and no penalty on the bias."""
        generator = torch.Generator().manual_seed(6)
        features, labels = torch.randn(30, 5, generator=generator), torch.arange(30) % 3
        weights = fit_head(features, labels)
        misses = apply_head(weights, features).softmax(1) - torch.nn.functional.one_hot(labels, 3)
        torch.testing.assert_close(features.double().T @ misses + weights[:-1], torch.zeros(5, 3, dtype=torch.float64), atol=1e-3, rtol=0)
        torch.testing.assert_close(misses.sum(0), torch.zeros(3, dtype=torch.float64), atol=1e-3, rtol=0)

    def test_examples_are_drawn_from_each_class_and_differ_by_seed(self):
        labels = torch.tensor([0] * 10 + [1] * 2 + [2] * 10)
        chosen = draw_examples(labels, 3, 0)
        self.assertEqual(labels[chosen].bincount().tolist(), [3, 2, 3])
        self.assertTrue(torch.equal(chosen, draw_examples(labels, 3, 0)))
        self.assertFalse(torch.equal(chosen, draw_examples(labels, 3, 1)))

    def test_examples_are_never_their_own_test(self):
        """Features that name the picture alone: a head that saw its test would always be right."""
        pictures = Pictures(torch.zeros(12, 3, 64, 64, dtype=torch.uint8), torch.arange(12) % 2, ["a", "b"])
        results = accuracies(lambda shown: torch.eye(len(shown)) * 9, Target("own", "", 3, pictures, None), 4)
        self.assertTrue(all(value <= 0.5 for value in results), results)

    def test_concepts_were_never_trained(self):
        concepts = unseen_concepts()
        self.assertEqual(len(set(concepts)), 40)
        self.assertFalse(set(concepts) & set(load_splits()["trainingConcepts"]))


@needs_python_packages
class StatisticsTest(unittest.TestCase):
    def test_estimated_statistics_are_those_of_the_pictures(self):
        tiles = torch.randint(0, 256, (16, 3, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
        network = build_random(RESNET, 2)
        weights = network.stem.conv.weight.clone()
        estimate_statistics(network, tiles, torch.device("cpu"), batch=16)
        self.assertTrue(torch.equal(weights, network.stem.conv.weight))
        pictures = Pictures(tiles, torch.zeros(16, dtype=torch.int64), [])
        stem = torch.nn.Sequential(network.stem.conv, network.stem.bn).eval()
        values = compute(lambda x: stem(x), pictures, torch.device("cpu"))
        self.assertLess(values.mean((0, 2, 3)).abs().max().item(), 1e-3)
        self.assertLess((values.std((0, 2, 3)) - 1).abs().max().item(), 1e-2)


@needs_sprites
class CompareTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.shared = Path(folder.name)
        make_photos(self.shared, ("n1", "n2", "n3", "n4"), rows=2)

    def targets_of(self, *known):
        network = SavedNetwork("one", RESNET, build_random(RESNET, 2), set(known), False)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            return {target.name: target for target in list_targets([network], self.shared)}, out.getvalue()

    def test_photo_targets_are_told_apart_by_what_was_trained(self):
        targets, out = self.targets_of("n1", "n3")
        self.assertIn("skipped: X-rays", out)
        self.assertEqual(targets["photos of unseen classes, 3 examples"].teach.names, ["two", "n4"])
        self.assertEqual(targets["photos of trained classes (flattering), 10 examples"].teach.names, ["one", "n3"])

    def test_without_unseen_classes_there_is_no_such_row(self):
        targets, _ = self.targets_of("n1", "n2", "n3", "n4")
        self.assertFalse([name for name in targets if "unseen classes" in name])

    def test_xrays_are_balanced(self):
        path = self.shared / "xrays.npz"
        np.savez(path, test_images=np.zeros((7, 28, 28), np.uint8), test_labels=np.array([[0], [1], [1], [1], [0], [1], [1]]))
        xrays = load_xrays(path, "test")
        self.assertEqual((xrays.tiles.shape, xrays.labels.bincount().tolist()), ((4, 3, 64, 64), [2, 2]))
        with self.assertRaisesRegex(RecipeError, "has no train part"):
            load_xrays(path, "train")


@needs_python_packages
class EvaluateTest(unittest.TestCase):
    def test_numbers_that_differ_are_counted(self):
        written = [{"name": name, "value": 50.0, "unit": unit} for name, unit in (("same", "%"), ("near", "%"), ("far", "%"), ("gone", "points"))]
        again = [{"name": name, "value": value} for name, value in (("same", 50.0), ("near", 50.2), ("far", 51.0))]
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(evaluate.compare_rows(written, again), 1)
        self.assertIn("DIFFERS: far is 51.0 %, the manifest says 50.0", out.getvalue())
        self.assertIn("skipped: gone", out.getvalue())

    def test_unknown_models_and_recipes_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "some"
            model.mkdir()
            (model / "manifest.json").write_text(json.dumps({"id": "some", "recipe": "training/shared", "measured": []}))
            with self.assertRaisesRegex(RecipeError, "no model other; there are some"):
                evaluate.find_models(Path(folder), ["other"])
            with contextlib.redirect_stdout(io.StringIO()), self.assertRaisesRegex(RecipeError, "cannot measure"):
                evaluate.measure_all(evaluate.find_models(Path(folder), []), Path(folder), 1)

    def test_every_recipe_of_a_committed_model_can_measure_it(self):
        import importlib

        for folder in evaluate.find_models(evaluate.ROOT / "public" / "models", []):
            recipe = json.loads((folder / "manifest.json").read_text())["recipe"]
            self.assertTrue(hasattr(importlib.import_module(recipe.replace("/", ".")), "measure_again"), recipe)
