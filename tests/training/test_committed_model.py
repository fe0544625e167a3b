"""The committed files are what their manifests say, made from the sheets that the cards name, and PyTorch still computes the golden answers."""

import hashlib
import json
import unittest
from pathlib import Path

from .needs import missing, needs_photos, needs_python_packages, needs_sprites

ROOT = Path(__file__).resolve().parents[2]

if not missing:
    import torch

    from training.shared.files import shared_folder
    from training.shared.vision.augment import normalise
    from training.shared.vision.card import compose_card
    from training.shared.vision.golden import make_noise, make_ramp
    from training.shared.vision.graph import load_network
    from training.shared.vision.pictures import describe_sheets

    from .architectures import ARCHITECTURES


def read(path):
    """Parsed JSON."""
    return json.loads(path.read_text())


def committed_models():
    """(recipe, folder, manifest) of every picture network in public/models."""
    for path in sorted((ROOT / "public" / "models").glob("*/manifest.json")):
        manifest = read(path)
        if manifest["task"] == "image-classification":
            yield manifest["recipe"].removeprefix("training/"), path.parent, manifest


class FilesTest(unittest.TestCase):
    def for_each(self):
        models = list(committed_models())
        self.assertIn("resnet-mixed", [manifest["id"] for _, _, manifest in models])
        for recipe, folder, manifest in models:
            with self.subTest(manifest["id"]):
                yield recipe, folder, manifest

    def test_checksums(self):
        for _, folder, manifest in self.for_each():
            for file in manifest["files"].values():
                data = (folder / file["path"]).read_bytes()
                self.assertEqual((len(data), hashlib.sha256(data).hexdigest()), (file["sizeBytes"], file["sha256"]), file["path"])

    def test_labels_follow_the_split(self):
        concepts = read(ROOT / "src" / "data" / "emoji-splits.json")["trainingConcepts"]
        for recipe, folder, manifest in self.for_each():
            emoji = [row["id"] for row in read(folder / "labels.json") if row["source"] == "emoji"]
            source = read(ROOT / "training" / recipe / "runs" / f"{manifest['id']}.json")["source"]
            self.assertEqual(emoji, [] if source == "photos" else concepts)

    @needs_python_packages
    def test_card_is_what_the_recipe_writes(self):
        by_id = {architecture.id: architecture for architecture in ARCHITECTURES}
        for recipe, _, manifest in self.for_each():
            card = (ROOT / "content" / "reference" / "models" / f"{manifest['id']}.mdx").read_text()
            log = read(ROOT / "training" / recipe / "runs" / f"{manifest['id']}.json")
            self.assertTrue(manifest["measured"])
            self.assertEqual(card, compose_card(by_id[recipe], manifest, log))

    @needs_sprites
    def test_emoji_sheets_are_those_that_were_trained_on(self):
        built = describe_sheets("emoji", ROOT)["emoji"]
        for recipe, _, manifest in self.for_each():
            log = read(ROOT / "training" / recipe / "runs" / f"{manifest['id']}.json")
            if log["source"] != "photos":
                self.assertEqual(log["data"]["emoji"], built, "the sheets changed: accuracy must be measured again")

    @needs_photos
    def test_photo_sheets_are_those_that_were_trained_on(self):
        found = describe_sheets("photos", shared_folder())["photos"]
        for recipe, _, manifest in self.for_each():
            log = read(ROOT / "training" / recipe / "runs" / f"{manifest['id']}.json")
            if log["source"] != "emoji":
                self.assertEqual(log["data"]["photos"], found)

    @needs_python_packages
    def test_pytorch_computes_the_golden_answers(self):
        made = {"lcg": lambda case: make_noise(case["seed"]), "ramp": lambda case: make_ramp()}
        by_id = {architecture.id: architecture for architecture in ARCHITECTURES}
        for recipe, folder, manifest in self.for_each():
            golden = read(ROOT / "tests" / "golden" / f"{manifest['id']}.json")
            self.assertEqual(golden["made"]["model"]["sha256"], manifest["files"]["weights"]["sha256"])
            network = load_network(by_id[recipe], folder / "model.onnx")
            for case in golden["cases"]:
                if case["input"]["kind"] not in made:
                    continue
                pixels = made[case["input"]["kind"]](case["input"])
                with torch.inference_mode():
                    logits = network(normalise(pixels[None]))[0]
                for index, value in case["topk"]:
                    self.assertAlmostEqual(logits[index].item(), value, delta=golden["made"]["tolerance"])
